// `jifen exchange`, `jifen rate ...`, `jifen reserve ...`: the coalition of a ledger that is being served. Owns: what is asked of the server, what is shown. Never
// touches: what an exchange comes to.

import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askPages, show, shows } from './ask.js';

const operand = ({ operands }: Given, place: number): string =>
  encodeURIComponent(operands[place] ?? '');
const ratePath = (given: Given): string =>
  `/v1/exchange-rates/${operand(given, 0)}/${operand(given, 1)}`;
const reservePath = (given: Given): string =>
  `/v1/reserves/${operand(given, 0)}/assets/${operand(given, 1)}`;

/** A whole number from 1 on. */
function amountIn({ operands }: Given, place: number): number {
  const amount = Number(operands[place]);
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new UsageError('amount is a whole number of minor units, from 1 on');
  return amount;
}

export const exchange: CliCommand = {
  help: `Usage: jifen exchange <member> <from> <to> <amount> [options]

Gives points of an asset for points of another one, at its rate, less the fee.

  --receiver <member>    who gets them. Default: the member
  --expected <n>         only where it comes to so much, in minor units
  --wait                 where the reserve has too little, it waits: the points are
                         held until there are some, or its time is over
  --quote                only what it comes to: nothing is exchanged
  --id <id>              the same again is done once
${ASKING_END}`,
  options: {
    ...ASKING,
    receiver: 'text',
    expected: 'text',
    wait: 'flag',
    quote: 'flag',
    id: 'text',
  },
  operands: ['member', 'from', 'to', 'amount'],
  run: async (given) => {
    const [owner, from, to] = given.operands;
    const said = { owner, from, to, amount: amountIn(given, 3) };
    const [receiver, id] = [textOption(given, 'receiver'), textOption(given, 'id')];
    const least = textOption(given, 'expected');
    const expected = least === undefined ? undefined : Number(least);
    const body = { ...said, receiver, expected, id };
    const isQuote = given.options['quote'] === true;
    const waits = given.options['wait'] === true;
    if (isQuote && waits) throw new UsageError('--quote and --wait exclude each other');
    const asked = waits ? '/v1/exchange-submissions' : '/v1/exchanges';
    const path = isQuote ? '/v1/exchange-quotes' : asked;
    show((await ask(given, 'POST', path, isQuote ? said : body)).body);
    return 0;
  },
};

export const listPending: CliCommand = {
  help: `Usage: jifen pending list [options]

Shows for points of which assets exchanges wait, how many, since when; or, of an
asset, which, the first one first. As JSON.

  --asset <asset>        those that wait for points of this one
${ASKING_END}`,
  options: { ...ASKING, asset: 'text' },
  operands: [],
  run: async (given) => {
    const asset = textOption(given, 'asset');
    const path = '/v1/pending-exchanges';
    if (asset === undefined) {
      show((await ask(given, 'GET', path)).body);
      return 0;
    }
    const of = `${path}/${encodeURIComponent(asset)}`;
    show({ exchanges: await askPages(given, of, 'exchanges') });
    return 0;
  },
};

export const showPending: CliCommand = {
  help: `Usage: jifen pending show <member> <id> [options]

Shows what became of an exchange that was made with --wait, as JSON.

${ASKING_END}`,
  options: ASKING,
  operands: ['member', 'id'],
  run: async (given) => {
    const path = `/v1/accounts/${operand(given, 0)}/exchange-submissions/${operand(given, 1)}`;
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};

export const withdrawPending: CliCommand = {
  help: `Usage: jifen pending withdraw <member> <id> [options]

Withdraws an exchange that waits: the points are available again.

${ASKING_END}`,
  options: ASKING,
  operands: ['member', 'id'],
  run: async (given) => {
    const path = `/v1/exchange-submissions/${operand(given, 1)}/withdraw`;
    show((await ask(given, 'POST', path, { owner: given.operands[0] })).body);
    return 0;
  },
};

export const showRate = shows(
  'rate show <from> <to>',
  `Shows the rate from one asset to another that counts now, what was said of it,
and what waits for a second person, as JSON.`,
  async (given) => (await ask(given, 'GET', ratePath(given))).body,
);

export const waitingRates = shows(
  'rate waiting',
  `Shows all changes of rates, and of what values follow from, that wait for a second
person, as JSON.`,
  async (given) => (await ask(given, 'GET', '/v1/waiting-rates')).body,
);

export const setRate: CliCommand = {
  help: `Usage: jifen rate set <from> <to> <rate> [options]

Says how many whole points of one asset a whole point of another gives: an exact
decimal. A large change waits until somebody else says the same, with another key.

  --coalition <key>      of this coalition. Default: that of <from>
${ASKING_END}`,
  options: { ...ASKING, coalition: 'text' },
  operands: ['from', 'to', 'rate'],
  run: async (given) => {
    const coalition = textOption(given, 'coalition');
    const body = { rate: given.operands[2], coalition };
    show((await ask(given, 'PUT', ratePath(given), body)).body);
    return 0;
  },
};

export const showReserve = shows(
  'reserve show <platform> <asset>',
  'Shows what a platform has left of its points for exchanges, as JSON.',
  async (given) => (await ask(given, 'GET', reservePath(given))).body,
);

export const fundReserve: CliCommand = {
  help: `Usage: jifen reserve fund <platform> <asset> <amount> [options]

Puts points into the reserve of a platform, in minor units, out of @issue.

  --id <id>              the same again is done once
${ASKING_END}`,
  options: { ...ASKING, id: 'text' },
  operands: ['platform', 'asset', 'amount'],
  run: async (given) => {
    const body = { amount: amountIn(given, 2), id: textOption(given, 'id') };
    show((await ask(given, 'POST', `${reservePath(given)}/fund`, body)).body);
    return 0;
  },
};
