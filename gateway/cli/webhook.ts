// `jifen webhooks ...`: webhooks of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: webhooks.

import { OVERLAP_SECONDS_MAX } from '../limits.js';
import { type CliCommand, type Given, listOption, numberOption, textOption } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

const ENDING = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, not delivered, or no server; 2 wrong arguments.
`;
const EXIT_FAILED = 1;

const pathOf = ({ operands }: Given, verb = ''): string =>
  `/v1/webhooks/${encodeURIComponent(operands[0] ?? '')}${verb}`;
const letterOf = (given: Given, verb = ''): string =>
  pathOf(given, `/dead-letters/${encodeURIComponent(given.operands[1] ?? '')}${verb}`);

function showSecret({ secret, ...webhook }: Readonly<Record<string, unknown>>): void {
  show(webhook);
  process.stdout.write(`\nIts secret, shown this once:\n\n  ${String(secret)}\n`);
}

/** What an attempt came to. */
function showAttempt(body: Readonly<Record<string, unknown>>): number {
  show(body);
  return body['isDelivered'] === true ? 0 : EXIT_FAILED;
}

const TYPES_HELP = `  --types <a,b>          types of events: points.earned, exchange.*, ...; the
                         API's document lists them. Default: all`;

export const add: CliCommand = {
  help: `Usage: jifen webhooks add <url> [options]

Has a URL told what happens from now on, and shows its secret, once.

  <url>                  https, or a host that start --webhook-hosts names
${TYPES_HELP}
  --name <text>          for people
  --platform <id>        for this platform: it is told what that may read
${ENDING}`,
  options: { ...ASKING, types: 'text', name: 'text', platform: 'text' },
  operands: ['url'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', '/v1/webhooks', {
      url: given.operands[0],
      types: listOption(given, 'types'),
      name: textOption(given, 'name'),
      platform: textOption(given, 'platform'),
    });
    showSecret(body);
    return 0;
  },
};

export const list: CliCommand = {
  help: `Usage: jifen webhooks list [options]

Shows all webhooks as JSON.

${ENDING}`,
  options: ASKING,
  operands: [],
  run: async (given) => {
    show((await ask(given, 'GET', '/v1/webhooks')).body.webhooks);
    return 0;
  },
};

export const change: CliCommand = {
  help: `Usage: jifen webhooks change <id> [options]

Changes what is named.

  --url <url>
${TYPES_HELP}
  --name <text>          for people
${ENDING}`,
  options: { ...ASKING, url: 'text', types: 'text', name: 'text' },
  operands: ['id'],
  run: async (given) => {
    const { body } = await ask(given, 'PUT', pathOf(given), {
      url: textOption(given, 'url'),
      types: listOption(given, 'types'),
      name: textOption(given, 'name'),
    });
    show(body);
    return 0;
  },
};

export const rotate: CliCommand = {
  help: `Usage: jifen webhooks rotate <id> [options]

Makes a new secret for a webhook and shows it, once.

  --overlap-seconds <n>  how long the last secret signs, too, 0 to
                         ${OVERLAP_SECONDS_MAX}. Default: one day
${ENDING}`,
  options: { ...ASKING, 'overlap-seconds': 'text' },
  operands: ['id'],
  run: async (given) => {
    const overlapSeconds = numberOption(given, 'overlap-seconds', 0, OVERLAP_SECONDS_MAX);
    showSecret((await ask(given, 'POST', pathOf(given, '/rotate'), { overlapSeconds })).body);
    return 0;
  },
};

/** Asks for one thing about one webhook. */
const asking = (usage: string, what: string, method: string, verb: string): CliCommand => ({
  help: `Usage: jifen webhooks ${usage} <id> [options]

${what}

${ENDING}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    show((await ask(given, method, pathOf(given, verb))).body);
    return 0;
  },
});

export const showOne = asking('show', 'Shows a webhook, and how far it is, as JSON.', 'GET', '');
export const remove = asking('remove', 'Ends a webhook, and forgets how far it was.', 'DELETE', '');
export const pause = asking('pause', 'Sends nothing for now.', 'POST', '/pause');
export const resume = asking('resume', 'Goes on from where it was.', 'POST', '/resume');

export const test: CliCommand = {
  help: `Usage: jifen webhooks test <id> [options]

Sends an event of type webhook.test now, and shows what came of it.

${ENDING}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => showAttempt((await ask(given, 'POST', pathOf(given, '/test'))).body),
};

export const replay: CliCommand = {
  help: `Usage: jifen webhooks replay <id> --from <place> [options]

Tells again what happened.

  --from <place>         milliseconds since 1970, or positions: 0:41,1:7 are the
                         first blocks of shards 0 and 1
${ENDING}`,
  options: { ...ASKING, from: 'text' },
  operands: ['id'],
  run: async (given) => {
    const said = textOption(given, 'from') ?? '';
    const from = /^\d+$/.test(said) ? Number(said) : said;
    show((await ask(given, 'POST', pathOf(given, '/replay'), { from })).body);
    return 0;
  },
};

export const letters: CliCommand = {
  help: `Usage: jifen webhooks letters <id> [options]

Shows events that were given up, as JSON; of the node that is asked.

  --limit <n>            how many, 1 to 100. Default: 100
  --after <letter>       only those behind this one
${ENDING}`,
  options: { ...ASKING, limit: 'text', after: 'text' },
  operands: ['id'],
  run: async (given) => {
    const query = new URLSearchParams();
    const limit = numberOption(given, 'limit', 1, 100);
    const after = textOption(given, 'after');
    if (limit !== undefined) query.set('limit', String(limit));
    if (after !== undefined) query.set('after', after);
    const more = query.size === 0 ? '' : `?${query}`;
    show((await ask(given, 'GET', pathOf(given, `/dead-letters${more}`))).body.deadLetters);
    return 0;
  },
};

export const retry: CliCommand = {
  help: `Usage: jifen webhooks retry <id> <letter> [options]

Tries an event again that was given up, once, and shows what came of it.

${ENDING}`,
  options: ASKING,
  operands: ['id', 'letter'],
  run: async (given) => showAttempt((await ask(given, 'POST', letterOf(given, '/retry'))).body),
};

export const drop: CliCommand = {
  help: `Usage: jifen webhooks drop <id> <letter> [options]

Forgets an event that was given up.

${ENDING}`,
  options: ASKING,
  operands: ['id', 'letter'],
  run: async (given) => {
    show((await ask(given, 'DELETE', letterOf(given))).body);
    return 0;
  },
};
