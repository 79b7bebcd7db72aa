// The tables of reports in DuckDB. Owns: how they are made, and the views over them. Never touches: rows, what is in which column (the engine's
// rows/tables.ts says it of each).

import { ROW_TABLES, type RowColumns, type RowColumnType } from '../../engine/index.js';

const SQL_TYPES: Readonly<Record<RowColumnType, string>> = {
  big: 'BIGINT',
  int: 'INTEGER',
  text: 'VARCHAR',
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

/** The names of the views. */
export const VIEW_NAMES: readonly string[] = VIEWS.map(
  (view) => /^CREATE VIEW (\w+)/.exec(view)?.[1] ?? '',
);

/** Up to where what is stored is exact: stored in the same transaction as the rows. */
const POSITIONS =
  'CREATE TABLE positions (shard INTEGER PRIMARY KEY, seq BIGINT, hash VARCHAR, time BIGINT)';
const META = 'CREATE TABLE meta (format INTEGER)';

/** Forgets what an older release has stored in another way. */
export const FORMAT = 1;

/** What makes all of them in an empty database. */
export const DDL: readonly string[] = [
  POSITIONS,
  META,
  ...Object.entries<RowColumns>(ROW_TABLES).map(
    ([table, columns]) =>
      `CREATE TABLE ${table} (${Object.entries(columns)
        .map(([name, type]) => `"${name}" ${SQL_TYPES[type]}`)
        .join(', ')})`,
  ),
  ...VIEWS,
];
