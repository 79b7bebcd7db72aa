// What a log says, as rows of tables. Owns: which tables there are, their columns, in the order in which rows have them. Never touches: rows, where they
// are stored.
//   rows.T1. Rows are only ever added: what a row says was so when its block was written, and stays so. What is now follows from all of them.
//   rows.T2. Every row names where it is from: shard, seq (the block), item (the index of its command in the block, as the feed has it).
//
// Amounts are minor units, times milliseconds since 1970. A column that says nothing of a row is null.

/** What a column holds: `big` a whole number of 64 bits, `int` of 32, or `text`. */
export type RowColumnType = 'big' | 'int' | 'text';

/** The columns of a table, by name, in their order. */
export type RowColumns = Readonly<Record<string, RowColumnType>>;

const PLACE = { shard: 'int', seq: 'big', item: 'int' } as const;

export const ROW_TABLES = {
  /**
   * What a command did to an account of a member. `effective`: when it took effect (an expiry: when the last lot expired; a backdated transfer: when
   * it occurred), `time`: when it was booked. `earned`, `spent`, `expired`, `held`: what was added to each (below 0: taken back); their total changes by
   * earned - spent - expired. `balance`: available and held, after it. `other`: whom the points came from or went to; `type`: as in histories
   * (transfer, hold, capture, release, reverse, expire, reserve, free, extend, act); `kind`: of the transfer or hold; `act`: its name; `platform`: whose
   * id it is (`_me`: the member's own); `event`: the type of the event whose act it is of; `undoes`: the id of what the reversal, or the return of an
   * event, gives back; `redeemed`: minor units that went to `@redeem` (below 0: came back); `version`: the how manieth entry of the account it is.
   */
  entries: {
    ...PLACE,
    n: 'int',
    time: 'big',
    effective: 'big',
    owner: 'text',
    asset: 'text',
    version: 'big',
    type: 'text',
    earned: 'big',
    spent: 'big',
    expired: 'big',
    held: 'big',
    balance: 'big',
    kind: 'text',
    act: 'text',
    event: 'text',
    other: 'text',
    redeemed: 'big',
    platform: 'text',
    id: 'text',
    undoes: 'text',
  },
  /**
   * What each entry of a member changed of lots: `expiry` NULL: never. An account without lots has one row of each entry, without expiry. So what a
   * member has at a time is the sum of `available` + `held` of all rows that took `effective` by then.
   */
  lots: {
    ...PLACE,
    time: 'big',
    effective: 'big',
    owner: 'text',
    asset: 'text',
    type: 'text',
    expiry: 'big',
    available: 'big',
    held: 'big',
  },
  /** The same of owners that are no members: system owners (`@issue`, `@redeem`, `@expire` ...) and stocks and budgets (`#item:...`, `#budget:...`). */
  books: {
    ...PLACE,
    n: 'int',
    time: 'big',
    owner: 'text',
    asset: 'text',
    type: 'text',
    earned: 'big',
    spent: 'big',
    expired: 'big',
    held: 'big',
    balance: 'big',
    kind: 'text',
    act: 'text',
  },
  /** An account of a member: when it had its first entry. */
  accounts: { ...PLACE, time: 'big', owner: 'text', asset: 'text' },
  /**
   * An act that was posted, where its home owner lives. `happened`: when what it reports happened (of an event), else `time`. `programme` and `type`: as its
   * body says them (of an event: its type); `earned`: the sum of its effects `earn`.
   */
  acts: {
    ...PLACE,
    time: 'big',
    happened: 'big',
    owner: 'text',
    act: 'text',
    id: 'text',
    platform: 'text',
    programme: 'text',
    type: 'text',
    earned: 'big',
  },
  /**
   * What a rule or a task paid of an event: `source` is `rule` or `task`, `key` and `version` its own; `leg`: which leg of the event's act, `amount` what it
   * paid, `base` what it would have paid without limit and budget. What of it was given back since: `undone`, or the view `earned_by`.
   */
  earnings: {
    ...PLACE,
    leg: 'int',
    time: 'big',
    happened: 'big',
    owner: 'text',
    asset: 'text',
    id: 'text',
    platform: 'text',
    programme: 'text',
    event: 'text',
    source: 'text',
    key: 'text',
    version: 'int',
    amount: 'big',
    base: 'big',
  },
  /** What an event's points were multiplied by: `source` is `tier` or `campaign`; `percent` NULL: the campaign was taken part in, another one multiplied. */
  multipliers: {
    ...PLACE,
    time: 'big',
    happened: 'big',
    owner: 'text',
    id: 'text',
    programme: 'text',
    source: 'text',
    key: 'text',
    version: 'int',
    percent: 'int',
  },
  /**
   * A reversal has given something back of the command `id` of `owner`: `undone` is what all its reversals so far have given back of leg `leg`,
   * `remaining` what is left. `reversal`: its own id.
   */
  undone: {
    ...PLACE,
    time: 'big',
    owner: 'text',
    id: 'text',
    reversal: 'text',
    leg: 'int',
    undone: 'big',
    remaining: 'big',
  },
  /** Every other effect of an act (`type`: tierChanged, referred, couponIssued, draw, ...): `data` is all of it but codes, as JSON. */
  effects: {
    ...PLACE,
    n: 'int',
    time: 'big',
    owner: 'text',
    act: 'text',
    id: 'text',
    platform: 'text',
    type: 'text',
    data: 'text',
  },
  /** A change of tier: from `happened` on (`before` NULL: none before). */
  tier_changes: {
    ...PLACE,
    n: 'int',
    time: 'big',
    happened: 'big',
    owner: 'text',
    programme: 'text',
    before: 'text',
    tier: 'text',
  },
  /**
   * What became of an order: `type` orderCreated, orderConfirmed, orderShipped, orderCompleted or orderCancelled; `quantity`: of orderCreated the pieces
   * of the order, of orderShipped and orderCancelled those that were sent, or given back, by it; `points`: minor units that
   * it cost the member, or (orderCancelled) came back. What the order says (from `programme` to `discount`) stands
   * at orderCreated only. Orders as they are now: the view `orders`.
   */
  order_changes: {
    ...PLACE,
    n: 'int',
    time: 'big',
    number: 'text',
    owner: 'text',
    type: 'text',
    quantity: 'big',
    points: 'big',
    state: 'text',
    id: 'text',
    platform: 'text',
    programme: 'text',
    goods: 'text',
    version: 'int',
    category: 'text',
    price: 'big',
    total: 'big',
    discount: 'big',
    cards: 'big',
    until: 'big',
  },
  /** A command that was refused for good, where its home owner lives: `command` its type, `code` the refusal. */
  refusals: {
    ...PLACE,
    time: 'big',
    owner: 'text',
    command: 'text',
    act: 'text',
    id: 'text',
    platform: 'text',
    code: 'text',
  },
  /** A version of a definition (of each shard that logged it: take one, see the view `current_definitions`). `document`: JSON. */
  definitions: {
    ...PLACE,
    time: 'big',
    kind: 'text',
    key: 'text',
    version: 'int',
    state: 'text',
    active_from: 'big',
    document: 'text',
  },
  /** An asset, of each shard that logged it (`scale`: decimals). */
  assets: { ...PLACE, time: 'big', number: 'int', asset: 'text', scale: 'int' },
  /** A campaign began (`version` above 0) or ended (0) by a shard's block. */
  campaigns: { ...PLACE, time: 'big', key: 'text', version: 'int', was: 'int', members: 'big' },
} as const satisfies Readonly<Record<string, RowColumns>>;

export type RowTable = keyof typeof ROW_TABLES;

/** A value of a row, by its column. */
export type RowValue = string | number | null;

/** The rows of some blocks, by table. */
export type Rows = Readonly<Record<RowTable, (readonly RowValue[])[]>>;

/** No rows yet. */
export const noRows = (): Rows =>
  Object.fromEntries(Object.keys(ROW_TABLES).map((table) => [table, []])) as unknown as Rows;
