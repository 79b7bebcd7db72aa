// `jifen webhooks ...`: webhooks of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: webhooks.

import { OVERLAP_SECONDS_MAX } from '../limits.js';
import { type CliCommand, listOption, numberOption, textOption } from './arguments.js';
import { ASKING, ask, show, showSecret } from './ask.js';
import { ENDING, receiverCommands, receiverPath, showAttempt } from './receivers.js';

const WEBHOOKS = { group: 'webhooks', one: 'webhook', sent: 'event' } as const;
const pathOf = receiverPath(WEBHOOKS);

export const { list, showOne, remove, pause, resume, letters, retry, drop } =
  receiverCommands(WEBHOOKS);

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
