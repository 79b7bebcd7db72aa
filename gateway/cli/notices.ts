// `jifen channels ...` and `jifen notices ...`: what members are told, of a ledger that is being served. Owns: what is asked of the server, what is
// shown. Never touches: channels, notices.

import { readFileSync } from 'node:fs';
import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

const ENDING = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, not sent, or no server; 2 wrong arguments.
`;
const EXIT_FAILED = 1;

const pathOf = ({ operands }: Given, verb = ''): string =>
  `/v1/channels/${encodeURIComponent(operands[0] ?? '')}${verb}`;
const letterOf = (given: Given, verb = ''): string =>
  pathOf(given, `/dead-letters/${encodeURIComponent(given.operands[1] ?? '')}${verb}`);

/** What an attempt came to. */
function showAttempt(body: Readonly<Record<string, unknown>>): number {
  show(body);
  return body['isDelivered'] === true ? 0 : EXIT_FAILED;
}

/** What stands in a file, or behind a dash on stdin, as JSON: a secret does not get into a shell's history. */
function channelIn(file: string): unknown {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file === '-' ? 'stdin' : file} is no JSON`);
  }
}

/** Asks for one thing about one channel. */
const asking = (usage: string, what: string, method: string, verb: string): CliCommand => ({
  help: `Usage: jifen channels ${usage} <id> [options]

${what}

${ENDING}`,
  options: ASKING,
  operands: ['id'],
  run: async (given) => {
    show((await ask(given, method, pathOf(given, verb))).body);
    return 0;
  },
});

export const add: CliCommand = {
  help: `Usage: jifen channels add <file> [options]

Has members told what happens from now on.

  <file>                 the channel as JSON; - reads stdin
${ENDING}`,
  options: ASKING,
  operands: ['file'],
  run: async (given) => {
    const channel = channelIn(given.operands[0] ?? '-');
    show((await ask(given, 'POST', '/v1/channels', channel)).body);
    return 0;
  },
};

export const change: CliCommand = {
  help: `Usage: jifen channels change <id> <file> [options]

Says a channel anew. A secret that is left out stays.

  <file>                 the channel as JSON; - reads stdin
${ENDING}`,
  options: ASKING,
  operands: ['id', 'file'],
  run: async (given) => {
    show((await ask(given, 'PUT', pathOf(given), channelIn(given.operands[1] ?? '-'))).body);
    return 0;
  },
};

export const list: CliCommand = {
  help: `Usage: jifen channels list [options]

Shows all channels as JSON.

${ENDING}`,
  options: ASKING,
  operands: [],
  run: async (given) => {
    show((await ask(given, 'GET', '/v1/channels')).body.channels);
    return 0;
  },
};

export const showOne = asking('show', 'Shows a channel, and how far it is, as JSON.', 'GET', '');
export const remove = asking('remove', 'Ends a channel, and forgets how far it was.', 'DELETE', '');
export const pause = asking('pause', 'Sends nothing for now.', 'POST', '/pause');
export const resume = asking('resume', 'Goes on from where it was.', 'POST', '/resume');

const WORDS = { ...ASKING, language: 'text' } as const;
const WORDS_HELP = `  <notice>               points.expiring, order.shipped, ...; the API's document
                         lists them
  --language <l>         zh or en. Default: the channel's`;

export const preview: CliCommand = {
  help: `Usage: jifen channels preview <id> <notice> [options]

Shows a notice as it would be written now.

${WORDS_HELP}
${ENDING}`,
  options: WORDS,
  operands: ['id', 'notice'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', pathOf(given, '/preview'), {
      notice: given.operands[1],
      language: textOption(given, 'language'),
    });
    show(body);
    return 0;
  },
};

export const test: CliCommand = {
  help: `Usage: jifen channels test <id> <notice> [options]

Sends a notice now, and shows what came of it.

${WORDS_HELP}
  --to <address>         a mail address, or the number of a phone
${ENDING}`,
  options: { ...WORDS, to: 'text' },
  operands: ['id', 'notice'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', pathOf(given, '/test'), {
      notice: given.operands[1],
      language: textOption(given, 'language'),
      to: textOption(given, 'to'),
    });
    return showAttempt(body);
  },
};

export const letters: CliCommand = {
  help: `Usage: jifen channels letters <id> [options]

Shows notices that were given up, as JSON; of the node that is asked.

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
  help: `Usage: jifen channels retry <id> <letter> [options]

Tries a notice again that was given up, once, and shows what came of it.

${ENDING}`,
  options: ASKING,
  operands: ['id', 'letter'],
  run: async (given) => showAttempt((await ask(given, 'POST', letterOf(given, '/retry'))).body),
};

export const drop: CliCommand = {
  help: `Usage: jifen channels drop <id> <letter> [options]

Forgets a notice that was given up.

${ENDING}`,
  options: ASKING,
  operands: ['id', 'letter'],
  run: async (given) => {
    show((await ask(given, 'DELETE', letterOf(given))).body);
    return 0;
  },
};

export const ofMember: CliCommand = {
  help: `Usage: jifen notices <member> [options]

Shows which notices a member was sent, the newest first, as JSON.

  --platform <id>        by this platform's channels
${ENDING}`,
  options: { ...ASKING, platform: 'text' },
  operands: ['member'],
  run: async (given) => {
    const platform = textOption(given, 'platform');
    const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platform)}`;
    const path = `/v1/members/${encodeURIComponent(given.operands[0] ?? '')}/notices${query}`;
    show((await ask(given, 'GET', path)).body.notices);
    return 0;
  },
};
