// What is asked of any receiver of the outbox, be it a webhook or a channel of notices. Owns: the commands that both have. Never touches: what only
// one of them has.

import { type CliCommand, type Given, numberOption, textOption } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

const EXIT_FAILED = 1;

export const ENDING = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, not delivered, or no server; 2 wrong arguments.
`;

/** How a kind of receivers is spoken of. */
export interface ReceiverWords {
  /** What the commands and the paths begin with, e.g. webhooks. */
  readonly group: string;
  /** e.g. webhook. */
  readonly one: string;
  /** What one is sent, e.g. event. */
  readonly sent: 'event' | 'notice';
}

/** What an attempt came to. */
export function showAttempt(body: Readonly<Record<string, unknown>>): number {
  show(body);
  return body['isDelivered'] === true ? 0 : EXIT_FAILED;
}

/** The path of the receiver that the first operand names. */
export const receiverPath =
  ({ group }: ReceiverWords) =>
  ({ operands }: Given, verb = ''): string =>
    `/v1/${group}/${encodeURIComponent(operands[0] ?? '')}${verb}`;

/** The commands that all kinds of receivers have. */
export function receiverCommands(words: ReceiverWords) {
  const { group, one, sent } = words;
  const an = sent === 'event' ? 'an event' : 'a notice';
  const pathOf = receiverPath(words);
  const letterOf = (given: Given, verb = ''): string =>
    pathOf(given, `/dead-letters/${encodeURIComponent(given.operands[1] ?? '')}${verb}`);
  const asking = (usage: string, what: string, method: string, verb: string): CliCommand => ({
    help: `Usage: jifen ${group} ${usage} <id> [options]

${what}

${ENDING}`,
    options: ASKING,
    operands: ['id'],
    run: async (given) => {
      show((await ask(given, method, pathOf(given, verb))).body);
      return 0;
    },
  });
  const list: CliCommand = {
    help: `Usage: jifen ${group} list [options]

Shows all ${group} as JSON.

${ENDING}`,
    options: ASKING,
    operands: [],
    run: async (given) => {
      show((await ask(given, 'GET', `/v1/${group}`)).body[group]);
      return 0;
    },
  };
  const letters: CliCommand = {
    help: `Usage: jifen ${group} letters <id> [options]

Shows ${sent}s that were given up, as JSON; of the node that is asked.

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
  const retry: CliCommand = {
    help: `Usage: jifen ${group} retry <id> <letter> [options]

Tries ${an} again that was given up, once, and shows what came of it.

${ENDING}`,
    options: ASKING,
    operands: ['id', 'letter'],
    run: async (given) => showAttempt((await ask(given, 'POST', letterOf(given, '/retry'))).body),
  };
  const drop: CliCommand = {
    help: `Usage: jifen ${group} drop <id> <letter> [options]

Forgets ${an} that was given up.

${ENDING}`,
    options: ASKING,
    operands: ['id', 'letter'],
    run: async (given) => {
      show((await ask(given, 'DELETE', letterOf(given))).body);
      return 0;
    },
  };
  return {
    list,
    showOne: asking('show', `Shows a ${one}, and how far it is, as JSON.`, 'GET', ''),
    remove: asking('remove', `Ends a ${one}, and forgets how far it was.`, 'DELETE', ''),
    pause: asking('pause', 'Sends nothing for now.', 'POST', '/pause'),
    resume: asking('resume', 'Goes on from where it was.', 'POST', '/resume'),
    ...{ letters, retry, drop },
  };
}
