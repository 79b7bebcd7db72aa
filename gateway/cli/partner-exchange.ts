// `jifen partner-exchange ...`: exchanges with partners outside, of a ledger that is being served. Owns: what is asked of the server, what is shown. Never
// touches: how an exchange goes on.

import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, show, shows } from './ask.js';

const EXCHANGES = '/v1/partner-exchanges';
const SECONDS = 'seconds';

const pathOf = ({ operands }: Given, more = ''): string =>
  `${EXCHANGES}/${encodeURIComponent(operands[0] ?? '')}${more}`;

function wholeIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const found = Number(text);
  if (!Number.isSafeInteger(found) || found < 1)
    throw new UsageError(`${name} is a whole number, from 1 on`);
  return found;
}

export const submit: CliCommand = {
  help: `Usage: jifen partner-exchange submit <member> <from> <to> <amount> [options]

Gives points for points of which one side or both are kept by a partner outside. It
goes on by itself: "exchange" of the answer's effects is what "show" takes.

  --from-user <user>     who gives, as the partner names him whose points are given
  --to-user <user>       who gets, as the partner names him. Default: the one who is
                         registered, or is made there
  --receiver <member>    who gets them. Default: the member
  --expected <n>         only where it comes to so much, in minor units
  --seconds <n>          after so many it goes back. Default: 86400
  --id <id>              the same again is done once
${ASKING_END}`,
  options: {
    ...ASKING,
    'from-user': 'text',
    'to-user': 'text',
    receiver: 'text',
    expected: 'text',
    [SECONDS]: 'text',
    id: 'text',
  },
  operands: ['member', 'from', 'to', 'amount'],
  run: async (given) => {
    const [owner, from, to, given4] = given.operands;
    const body = {
      ...{ owner, from, to, amount: wholeIn('amount', given4 ?? '') },
      fromUser: textOption(given, 'from-user'),
      toUser: textOption(given, 'to-user'),
      receiver: textOption(given, 'receiver'),
      expected: wholeIn('expected', textOption(given, 'expected')),
      seconds: wholeIn(SECONDS, textOption(given, SECONDS)),
      id: textOption(given, 'id'),
    };
    show((await ask(given, 'POST', EXCHANGES, body)).body);
    return 0;
  },
};

export const list: CliCommand = {
  help: `Usage: jifen partner-exchange list [options]

Shows the exchanges with partners outside that have not ended, as JSON.

  --state <state>        those that stand so, the newest first: ended, completed,
                         failed, open, pending_approval, started, in_progress,
                         retrying, any
  --partner <platform>   with --state: of this partner
${ASKING_END}`,
  options: { ...ASKING, state: 'text', partner: 'text' },
  operands: [],
  run: async (given) => {
    const asked = ['state', 'partner'].flatMap((name) => {
      const value = textOption(given, name);
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    const path = asked.length === 0 ? EXCHANGES : `${EXCHANGES}?${asked.join('&')}`;
    show({ exchanges: await askPages(given, path, 'exchanges') });
    return 0;
  },
};

export const showOne = shows(
  'partner-exchange show <exchange>',
  'Shows how far an exchange is, and what each of its steps came to, as JSON.',
  async (given) => (await ask(given, 'GET', pathOf(given))).body,
);

/** The member whose exchange it is: the server says it. */
async function ownerOf(given: Given): Promise<unknown> {
  return (await ask(given, 'GET', pathOf(given))).body['owner'];
}

export const cancel: CliCommand = {
  help: `Usage: jifen partner-exchange cancel <exchange> [options]

Has an exchange go back, where it still can.

${ASKING_END}`,
  options: ASKING,
  operands: ['exchange'],
  run: async (given) => {
    const owner = await ownerOf(given);
    show((await ask(given, 'POST', pathOf(given, '/cancel'), { owner })).body);
    return 0;
  },
};

export const approve: CliCommand = {
  help: `Usage: jifen partner-exchange approve <exchange> [options]

Agrees to an exchange that waits for a second person, or rejects it.

  --reject               it is rejected
  --reason <text>        why
${ASKING_END}`,
  options: { ...ASKING, reject: 'flag', reason: 'text' },
  operands: ['exchange'],
  run: async (given) => {
    const owner = await ownerOf(given);
    const rejects = given.options['reject'] === true ? true : undefined;
    const body = { owner, rejects, reason: textOption(given, 'reason') };
    show((await ask(given, 'POST', pathOf(given, '/approve'), body)).body);
    return 0;
  },
};

export const verdict: CliCommand = {
  help: `Usage: jifen partner-exchange verdict <exchange> <step> <done|not_done|retry> --reason <text>

Says what became of a step that nobody knows, or of which two systems say different
things: the exchange goes on by that. Look at the partner first.

  --reason <text>        why (needed)
${ASKING_END}`,
  options: { ...ASKING, reason: 'text' },
  operands: ['exchange', 'step', 'verdict'],
  run: async (given) => {
    const [, step, said] = given.operands;
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is needed');
    show(
      (await ask(given, 'POST', pathOf(given, '/verdict'), { step, verdict: said, reason })).body,
    );
    return 0;
  },
};
