// Orders and stock of the mall outside. Owns: what is sent and answered about them. Never touches: what goods cost, what becomes of an order.

import { limits, ORDER_NUMBER_PATTERN, ORDER_STATES } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct, strict } from './commands.js';
import { command, type Description, OWNERS, SHARDS } from './description.js';
import { CardCode, CardId } from './digital.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer, Posted } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Change,
  Count,
  DefinitionKey,
  KnownId,
  line,
  NAME,
  NewId,
  oneOf,
  Reason,
  refusedAs,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
export const ORDER = callerAct('order');
export const QUOTE = callerAct('order-quote');
export const CHANGES = {
  ship: callerAct('order-ship'),
  complete: callerAct('order-complete'),
  cancel: callerAct('order-cancel'),
  confirm: callerAct('order-confirm'),
} as const;

/** Characters of one text of a receiver. */
const RECEIVER_TEXT_MAX = 300;
/** Which texts a receiver has. */
const RECEIVER_FIELDS = ['name', 'phone', 'address', 'postcode', 'note'] as const;

const OrderNumber = text(ORDER_NUMBER_PATTERN, {
  [NAME]: 'OrderNumber',
  description: 'Of an order.',
});
const NumberInPath = refusedAs('ORDER_NOT_FOUND', OrderNumber, 'The number of the order.');
const Goods = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The goods.');
const Receiver = Type.Object(
  Object.fromEntries(
    RECEIVER_FIELDS.map((name) => [name, Optional(line(RECEIVER_TEXT_MAX))] as const),
  ),
  {
    [NAME]: 'Receiver',
    additionalProperties: false,
    description:
      'Where an order goes to. It is sealed before it is kept; who may not `adjust` sees it masked.',
  },
);
export const ReceiverBody = Receiver;
const Cards = Type.Array(
  Type.Union([
    strict({ code: CardCode, amount: Amount }),
    strict({ card: CardId, amount: Amount }),
  ]),
  {
    minItems: 1,
    maxItems: limits.CARDS_PER_ORDER_MAX,
    description:
      'Gift cards that pay a part of it, each by its code, or by what a look-up tells it is known by, and how much: the rest the member pays.',
  },
);
const Factors = Type.Object(
  { tier: Count, sale: Count, stock: Count },
  { [NAME]: 'PriceFactors', description: 'What the price was multiplied by, in percent.' },
);
const Order = answer('OrderRecord', {
  number: OrderNumber,
  owner: User,
  programme: DefinitionKey,
  asset: AssetCode,
  goods: DefinitionKey,
  version: Count,
  name: Optional(Type.String({ description: 'As the goods were called then.' })),
  quantity: Count,
  price: Amount,
  factors: Factors,
  discount: Count,
  total: Count,
  state: oneOf([...ORDER_STATES]),
  stateNumber: whole(0, ORDER_STATES.length - 1, {
    description: '0 held, 1 pending, 2 completed, 3 cancelled.',
  }),
  shipped: Count,
  cancelled: Count,
  shipments: Type.Array(
    Type.Object({ quantity: Count, at: Time, tracking: Type.Union([Type.String(), Type.Null()]) }),
  ),
  id: KnownId,
  at: Time,
  until: Type.Union([Time, Type.Null()]),
  paidBy: Type.Union([KnownId, Type.Null()]),
  coupon: Type.Union([Type.String(), Type.Null()]),
  cards: whole(0, limits.AMOUNT_MAX, { description: 'What of the total gift cards have paid.' }),
  codes: Optional(
    Type.Array(Type.String(), {
      description:
        'Codes, or codes of gift cards, that it was delivered as: for its member and who may `redeem`; else stars.',
    }),
  ),
  receiver: Optional(Receiver),
});
const Quote = answer('PriceQuote', {
  owner: User,
  goods: DefinitionKey,
  quantity: Count,
  price: whole(1, limits.AMOUNT_MAX, { description: 'Of a piece, in minor units.' }),
  total: whole(1, limits.AMOUNT_MAX),
  factors: Factors,
  until: whole(0, limits.TIME_MAX_MS, { description: 'It counts before this time.' }),
  quote: Type.String({ description: 'To be sent with the order.' }),
});

export const LISTED_ORDER = {
  number: OrderNumber,
  owner: User,
  programme: DefinitionKey,
  goods: DefinitionKey,
  name: Optional(Type.String({ description: 'As the goods are called now.' })),
  version: Count,
  quantity: Count,
  price: Amount,
  total: Count,
  state: oneOf([...ORDER_STATES]),
  shipped: Count,
  cancelled: Count,
  at: Time,
  until: Type.Union([Time, Type.Null()]),
};
const ListedOrder = answer('ListedOrder', LISTED_ORDER);

export const listDescription: Description = {
  tag: 'mall',
  summary: 'Orders of a programme by time: by number, member, state or goods.',
  details:
    'What is committed is seen a moment later: `asOf` says up to which block of each shard. A page may be short of `limit`, and have a cursor.',
  query: Type.Object({
    programme: Optional(
      refusedAs(
        'DEFINITION_KEY_INVALID',
        DefinitionKey,
        'The programme. Left out: of all, for who may `view` the whole ledger.',
      ),
    ),
    order: Optional(
      oneOf(['newest', 'oldest'], { description: 'Which come first; default the newest.' }),
    ),
    number: Optional(OrderNumber),
    owner: Optional(User),
    state: Optional(oneOf([...ORDER_STATES])),
    goods: Optional(Goods),
    from: Optional(Time),
    to: Optional(Time),
    limit: Optional(
      whole(1, limits.ORDER_PAGE_MAX, {
        description: `1 to ${limits.ORDER_PAGE_MAX}; default ${limits.ORDER_PAGE_DEFAULT}.`,
      }),
    ),
    cursor: Optional(Type.String({ description: 'From the page before.' })),
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('OrderPage', {
        orders: Type.Array(ListedOrder),
        asOf: Type.String(),
        cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
      }),
    },
  },
  refusals: [
    ...SHARDS,
    ...OWNERS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'CURSOR_INVALID',
    'QUERY_INVALID',
  ],
};

const {
  receiver: _,
  codes: ___,
  cards: ____,
  ...ORDERED
} = flatAct(ORDER, 'OrderRequest').properties;
const { 201: __, ...CHANGED } = DECIDED;

export const orderDescription = (of: GatewayLimits): Description => ({
  tag: 'mall',
  summary: 'A member orders goods: points and pieces move together, or neither.',
  details:
    'The number of the order is in `act.effects`. A dry run says what it would come to. With `until` the points are held until `confirm`.',
  query: waiting(of),
  body: strict(
    { ...ORDERED, receiver: Optional(Receiver), cards: Optional(Cards) },
    { [NAME]: 'OrderRequest', description: ORDER.about },
  ),
  takesKey: true,
  answers: DECIDED,
  refusals: [...actRefusals(ORDER), 'CARD_NOT_FOUND'],
});

export const quoteDescription: Description = {
  tag: 'mall',
  summary: 'What goods cost a member now, as a quote: it is charged exactly, or has expired.',
  details: 'Nothing is kept of it. The credentials must permit `read` and `redeem`.',
  body: strict(
    {
      owner: User,
      goods: refusedAs('ACT_BODY_INVALID', DefinitionKey, 'The goods.'),
      quantity: Optional(
        whole(1, limits.ORDER_PIECES_MAX, { description: 'How many pieces. Left out: 1.' }),
      ),
    },
    { [NAME]: 'QuoteRequest' },
  ),
  answers: { 200: { summary: 'The quote.', schema: Quote } },
  refusals: actRefusals(QUOTE),
};

export const changeDescription = (what: keyof typeof CHANGES, of: GatewayLimits): Description => ({
  tag: 'mall',
  summary: CHANGES[what].about,
  path: { number: NumberInPath },
  query: waiting(of),
  body: flatAct(CHANGES[what], `Order${what}`, 'number'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(CHANGES[what]),
});

export const readDescription: Description = {
  tag: 'mall',
  summary: 'An order of a member, by its number.',
  details: 'What has ended is kept for 400 days; its act can be read for ever, by its id.',
  path: { number: NumberInPath },
  query: Type.Object({ owner: User }),
  answers: { 200: { summary: 'The order.', schema: Order } },
  refusals: [...SHARDS, ...OWNERS, 'ORDER_NOT_FOUND'],
};

export const StockBody = strict(
  {
    id: Optional(NewId),
    pieces: Change,
    reason: Reason,
  },
  { [NAME]: 'StockChange' },
);
const OF_GOODS = { goods: Goods };
const NO_STOCK = ['DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'DEFINITION_INVALID'] as const;
const Stock = answer('Stock', {
  goods: DefinitionKey,
  asset: AssetCode,
  available: Count,
  held: Count,
  lent: Count,
  funded: Count,
  paid: Count,
  low: Type.Boolean({ description: 'Are fewer left than `lowStock`?' }),
  lowStock: Type.Integer({ minimum: 0, description: 'Of the goods; 0: that is never said.' }),
  recalled: Optional(answer('StockRecall', { pieces: Count, since: Time })),
});

export const STOCK_DESCRIPTIONS: Readonly<Record<'read' | 'change', Description>> = {
  read: {
    tag: 'mall',
    summary:
      'How many pieces of goods are left on all shards, how many of them are reserved or lent to other shards than their own, and how many ever came and went. `recalled`: so many are to be taken out, and what is lent is called back for it.',
    path: OF_GOODS,
    answers: { 200: { summary: 'The stock.', schema: Stock } },
    refusals: [...SHARDS, ...NO_STOCK, 'ASSET_UNKNOWN'],
  },
  change: {
    tag: 'mall',
    summary: 'Put pieces into the stock of goods, or take some out (below 0), with a reason.',
    details:
      'All of it is taken out, or nothing, and never more than there is: what is lent to other shards is called back first. Where orders hold it up for longer, the answer is `BUDGET_BUSY`: ask again, with the same id.',
    path: OF_GOODS,
    body: StockBody,
    takesKey: true,
    answers: {
      200: { summary: 'It had been done before.', schema: Posted },
      201: { summary: 'It is done.', schema: Posted },
    },
    refusals: [
      ...new Set([...command('transfer'), ...command('act')]),
      ...NO_STOCK,
      'STOCK_OF_CODES',
      'BUDGET_BUSY',
    ],
  },
};
