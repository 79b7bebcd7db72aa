// The tables of reports. Owns: their columns, in the order in which rows are appended, and the views over them. Never touches: rows.
//   reports.T1. Rows are only ever added: what a row says was so when its block was written, and stays so. What is now is a view over all of them.
//   reports.T2. Every row names where it is from: shard, seq (the block), item (the index of its command in the block, as the feed has it).
//
// Amounts are minor units, times milliseconds since 1970. A column that says nothing of a row is NULL.

/** What a column holds: `big` a whole number of 64 bits, `int` of 32, `text`, `flag` true or false. */
export type ColumnType = 'big' | 'int' | 'text' | 'flag';

/** The columns of a table, by name, in their order. */
export type Columns = Readonly<Record<string, ColumnType>>;

const PLACE = { shard: 'int', seq: 'big', item: 'int' } as const;

export const TABLES = {
  /**
   * What a command did to an account of a member. `effective`: when it took effect (an expiry: when the last lot expired; a backdated transfer: when
   * it occurred), `time`: when it was booked. `earned`, `spent`, `expired`, `held`: what was added to each (below 0: taken back); their total changes by
   * earned - spent - expired. `balance`: available and held, after it. `other`: whom the points came from or went to; `type`: as in histories
   * (transfer, hold, capture, release, reverse, expire, reserve, free, extend, act); `kind`: of the transfer or hold; `act`: its name; `platform`: whose
   * id it is (`_me`: the member's own); `version`: the how manieth entry of the account it is.
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
    other: 'text',
    platform: 'text',
    id: 'text',
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
  /** Every other effect of an act (`type`: tierChanged, referred, couponIssued, draw, ...): `data` is all of it, as JSON. */
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
   * of the order, of orderShipped and orderCancelled those that were sent, or given back, by it. What the order says (from `programme` to `discount`) stands
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
    state: 'text',
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
} as const satisfies Readonly<Record<string, Columns>>;

export type TableName = keyof typeof TABLES;

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  big: 'BIGINT',
  int: 'INTEGER',
  text: 'VARCHAR',
  flag: 'BOOLEAN',
};

/** Views: what is now, out of what was said. */
const VIEWS: readonly string[] = [
  // Each member's tier, from when to when; `until` NULL: still.
  `CREATE VIEW tiers AS
     SELECT owner, programme, tier, happened AS since,
            lead(happened) OVER (PARTITION BY owner, programme ORDER BY happened, seq, item, n) AS until
     FROM tier_changes`,
  // What each reversal has given back of each leg.
  `CREATE VIEW returns AS
     SELECT shard, seq, item, time, owner, id, reversal, leg,
            undone - coalesce(lag(undone) OVER (PARTITION BY owner, id, leg ORDER BY seq, item), 0) AS amount
     FROM undone`,
  // What rules and tasks paid, and, below 0 and at the time of the return, what was given back of it.
  `CREATE VIEW earned_by AS
     SELECT shard, seq, item, leg, time, happened, owner, asset, id, platform, programme, event, source, key, version, amount
     FROM earnings
     UNION ALL
     SELECT r.shard, r.seq, r.item, r.leg, r.time, e.happened, e.owner, e.asset, e.id, e.platform, e.programme,
            e.event, e.source, e.key, e.version, -r.amount
     FROM returns r JOIN earnings e ON e.owner = r.owner AND e.id = r.id AND e.leg = r.leg
     WHERE r.amount <> 0`,
  // Orders as they are now.
  `CREATE VIEW orders AS
     SELECT c.number, c.owner, c.programme, c.goods, c.version, c.category, c.platform, c.quantity, c.price, c.total,
            coalesce(c.discount, 0) AS discount, coalesce(c.cards, 0) AS cards, c.time AS created, c.until,
            coalesce(x.state, c.state) AS state,
            CASE WHEN x.state = 'completed' OR c.state = 'completed' THEN c.quantity - coalesce(x.cancelled, 0)
                 ELSE coalesce(x.shipped, 0) END AS shipped,
            coalesce(x.cancelled, 0) AS cancelled, x.last
     FROM order_changes c
     LEFT JOIN (
       SELECT number, arg_max(state, (seq, item, n)) AS state, max(time) AS last,
              coalesce(sum(quantity) FILTER (type = 'orderShipped'), 0) AS shipped,
              coalesce(sum(quantity) FILTER (type = 'orderCancelled'), 0) AS cancelled
       FROM order_changes WHERE type <> 'orderCreated' GROUP BY number
     ) x USING (number)
     WHERE c.type = 'orderCreated'`,
  // The newest version of each definition.
  `CREATE VIEW current_definitions AS
     SELECT kind, key, max(version) AS version, arg_max(state, version) AS state,
            arg_max(document, version) AS document, min(time) AS since
     FROM definitions GROUP BY kind, key`,
];

/** Up to where what is stored is exact: stored in the same transaction as the rows. */
const POSITIONS =
  'CREATE TABLE positions (shard INTEGER PRIMARY KEY, seq BIGINT, hash VARCHAR, time BIGINT)';
const META = 'CREATE TABLE meta (format INTEGER, folder VARCHAR)';

/** Forgets what an older release has stored in another way. */
export const FORMAT = 1;

/** What makes all of them in an empty database. */
export const DDL: readonly string[] = [
  POSITIONS,
  META,
  ...Object.entries<Columns>(TABLES).map(
    ([table, columns]) =>
      `CREATE TABLE ${table} (${Object.entries(columns)
        .map(([name, type]) => `"${name}" ${SQL_TYPES[type]}`)
        .join(', ')})`,
  ),
  ...VIEWS,
];
