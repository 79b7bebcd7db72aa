// `jifen goods ...`, `jifen stock ...`, `jifen order ...`: the mall of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: what
// becomes of an order.

import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';

const operand = ({ operands }: Given, place = 0): string =>
  encodeURIComponent(operands[place] ?? '');
const stockPath = (given: Given): string => `/v1/goods/${operand(given)}/stock`;

/** What is asked of the goods of a programme, and what it means. */
const FINDS = {
  programme: 'of this programme',
  q: 'only those that have this in their name, category or key',
  category: 'only those of this category',
  owner: 'as this member sees them, at his prices',
  sort: 'relevance, newest, price, -price or goods',
  limit: 'at most so many, up to 100. Default: 20',
} as const;

export const findGoods: CliCommand = {
  help: `Usage: jifen goods find --programme <key> [options]

Shows goods of a programme that can be had now, as JSON.

${Object.entries(FINDS)
  .map(([name, said]) => `  --${name} <${name}>`.padEnd(25) + said)
  .join('\n')}
${ASKING_END}`,
  options: {
    ...ASKING,
    ...(Object.fromEntries(Object.keys(FINDS).map((name) => [name, 'text'])) as Record<
      keyof typeof FINDS,
      'text'
    >),
  },
  operands: [],
  run: async (given) => {
    if (textOption(given, 'programme') === undefined)
      throw new UsageError('--programme is missing');
    const query = new URLSearchParams();
    for (const name of Object.keys(FINDS)) {
      const said = textOption(given, name);
      if (said !== undefined) query.set(name, said);
    }
    show((await ask(given, 'GET', `/v1/goods?${query}`)).body);
    return 0;
  },
};

export const showGoods = shows(
  'goods show <goods>',
  'Shows goods as JSON, with their price and how many pieces are left.',
  async (given) => (await ask(given, 'GET', `/v1/goods/${operand(given)}`)).body,
);

export const stock = shows(
  'stock show <goods>',
  'Shows how many pieces of goods are left, and how many came and went, as JSON.',
  async (given) => (await ask(given, 'GET', stockPath(given))).body,
);

export const restock: CliCommand = {
  help: `Usage: jifen stock add <goods> <pieces> --reason <text> [options]

Puts pieces into the stock of goods; below 0 (after --): takes some out. Never more
than there are.

  --reason <text>        why: kept with it
  --id <id>              the same again is done once
${ASKING_END}`,
  options: { ...ASKING, reason: 'text', id: 'text' },
  operands: ['goods', 'pieces'],
  run: async (given) => {
    const pieces = Number(given.operands[1]);
    if (!Number.isSafeInteger(pieces) || pieces === 0)
      throw new UsageError('pieces is a whole number, not 0');
    const reason = textOption(given, 'reason');
    if (reason === undefined) throw new UsageError('--reason is missing');
    const id = textOption(given, 'id');
    show((await ask(given, 'POST', stockPath(given), { id, pieces, reason })).body);
    return 0;
  },
};

export const order: CliCommand = {
  help: `Usage: jifen order show <number> <member> [options]

Shows an order of a member as JSON, with where it goes to.

${ASKING_END}`,
  options: ASKING,
  operands: ['number', 'member'],
  run: async (given) => {
    const path = `/v1/orders/${operand(given)}?owner=${operand(given, 1)}`;
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};

export const orders: CliCommand = {
  help: `Usage: jifen order list --programme <key> [options]

Shows orders of a programme as JSON, the newest first.

  --programme <key>      of this programme
  --owner <member>       only those of this member
  --goods <goods>        only those for these goods
  --state <s>            only those that are held, pending, completed or cancelled
  --limit <n>            at most so many, up to 200. Default: 50
${ASKING_END}`,
  options: {
    ...ASKING,
    ...{ programme: 'text', owner: 'text', goods: 'text', state: 'text', limit: 'text' },
  },
  operands: [],
  run: async (given) => {
    if (textOption(given, 'programme') === undefined)
      throw new UsageError('--programme is missing');
    const query = new URLSearchParams();
    for (const name of ['programme', 'owner', 'goods', 'state', 'limit'] as const) {
      const said = textOption(given, name);
      if (said !== undefined) query.set(name, said);
    }
    show((await ask(given, 'GET', `/v1/orders?${query}`)).body);
    return 0;
  },
};

/** What is said of a change, and which options say more of it. */
const change = (
  what: string,
  about: string,
  more: Readonly<Record<string, string>> = {},
): CliCommand => {
  const names = Object.keys(more);
  const lines = Object.entries({ ...more, id: 'the same again is done once' });
  const usage = lines.map(([name, said]) => `  --${name} <${name}>`.padEnd(25) + said).join('\n');
  return {
    help: `Usage: jifen order ${what} <number> <member> [options]

${about}

${usage}
${ASKING_END}`,
    options: { ...ASKING, ...Object.fromEntries(names.map((name) => [name, 'text'])), id: 'text' },
    operands: ['number', 'member'],
    run: async (given) => {
      const said = Object.fromEntries(names.map((name) => [name, textOption(given, name)]));
      const quantity = said['quantity'] === undefined ? undefined : Number(said['quantity']);
      const body = {
        owner: given.operands[1],
        id: textOption(given, 'id'),
        ...said,
        ...(names.includes('quantity') ? { quantity } : {}),
      };
      show((await ask(given, 'POST', `/v1/orders/${operand(given)}/${what}`, body)).body);
      return 0;
    },
  };
};

export const ship = change('ship', 'Pieces of an order are sent: all that are left, or some.', {
  quantity: 'how many pieces. Default: all that are left',
  tracking: 'by what the parcel is followed',
});
export const complete = change('complete', 'The member has all of an order.');
export const cancel = change('cancel', 'What is not shipped of an order is given back.', {
  reason: 'why, for people',
});
export const confirm = change('confirm', 'An order that was held has been paid elsewhere.');
