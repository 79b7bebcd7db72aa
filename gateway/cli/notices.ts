// `jifen channels ...` and `jifen notices ...`: what members are told, of a ledger that is being served. Owns: what is asked of the server, what is
// shown. Never touches: channels, notices.

import { readFileSync } from 'node:fs';
import { type CliCommand, textOption, UsageError } from './arguments.js';
import { ASKING, ask, show } from './ask.js';
import { ENDING, receiverCommands, receiverPath, showAttempt } from './receivers.js';

const CHANNELS = { group: 'channels', one: 'channel', sent: 'notice' } as const;
const pathOf = receiverPath(CHANNELS);

export const { list, showOne, remove, pause, resume, letters, retry, drop } =
  receiverCommands(CHANNELS);

/** What stands in a file, or behind a dash on stdin, as JSON: a secret does not get into a shell's history. */
function channelIn(file: string): unknown {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file === '-' ? 'stdin' : file} is no JSON`);
  }
}

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
