// Tables of reports: over a drawn year with late events, returns, reversals in parts, debts, expiry, orders and what is brought in, their sums are the
// ledger's to the last point, now and at every past time; a process that is killed again and again has the tables of one that never was; and what
// analysts ask in SQL is bounded, and reaches nothing else.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { isRefusal, ROW_TABLES } from '../../engine/index.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { Projections } from '../../gateway/projections/projections.js';
import type { ReportAnswer, ReportRow } from '../../gateway/projections/question.js';
import { rebuildReports } from '../../gateway/projections/rebuild.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { Year } from './year.js';

const LIMITS = gatewayLimits({
  reportMemoryMiB: 256,
  sqlTimeoutMs: 5_000,
  sqlRowsMax: 1_000,
  sqlAnswerCharactersMax: 100_000,
  // Whatever the machine is busy with: what was durable is answered.
  reportFreshMs: 60_000,
});

const projections = (folder: string): Projections =>
  new Projections({ folder, limits: LIMITS, onDefect: () => undefined });

/** Asks until it is answered: a process that was killed begins anew. */
async function asked(from: Projections, parts: string, parameters = {}): Promise<ReportAnswer> {
  return until<ReportAnswer | false>(`${parts} is answered`, async () => {
    const answer = await from.ask({ parts, parameters });
    if (!isRefusal(answer)) return answer;
    if (answer.code !== 'SHARD_UNAVAILABLE') throw new Error(`${answer.code} ${answer.detail}`);
    return false;
  });
}

const rows = async (
  from: Projections,
  sql: string,
  parameters = {},
): Promise<readonly ReportRow[]> => (await asked(from, sql, parameters)).rows;

/** What a member's accounts are, at a time, by the tables. */
const BALANCES = `SELECT owner, asset, sum(available) AS available, sum(held) AS held
  FROM lots WHERE effective <= $at GROUP BY owner, asset`;

async function pastIsTheLedgers(t: Test, year: Year, from: Projections): Promise<void> {
  let compared = 0;
  const wrong: unknown[] = [];
  for (const at of [...year.times, year.now]) {
    const told = await year.engine.balancesAt({ owners: year.members, at });
    if (isRefusal(told)) throw new Error(told.code);
    const own = new Map<string, readonly [unknown, unknown]>();
    for (const [owner, asset, available, held] of await rows(from, BALANCES, { at }))
      own.set(`${owner} ${asset}`, [available, held]);
    told.balances.forEach((accounts, i) => {
      for (const { asset, available, held } of accounts) {
        compared++;
        const [a, h] = own.get(`${year.members[i]} ${asset}`) ?? [0, 0];
        if (a !== available || h !== held)
          wrong.push([at, year.members[i], asset, [a, h], [available, held]]);
      }
    });
  }
  t.ok(compared > 500, `${compared} balances`);
  t.same(wrong, [], 'at every past time, and now');
}

async function sumsAreTheLedgers(t: Test, year: Year, from: Projections): Promise<void> {
  const { engine } = year;
  const sums = await rows(
    from,
    `SELECT owner, asset, sum(earned), sum(spent), sum(expired), arg_max(balance, version), max(version)
     FROM entries GROUP BY owner, asset ORDER BY owner, asset`,
  );
  const told = await engine.balances(year.members);
  if (isRefusal(told)) throw new Error(told.code);
  const ledger = told
    .flatMap((accounts, i) =>
      accounts.map((one): ReportRow => {
        const { asset, earned, spent, expired, available, held, version } = one;
        return [
          year.members[i] as string,
          asset,
          earned,
          spent,
          expired,
          available + held,
          version,
        ];
      }),
    )
    .filter(([, , , , , , version]) => version !== 0)
    .sort(([a, x], [b, y]) => (`${a} ${x}` < `${b} ${y}` ? -1 : 1));
  t.same(
    [...sums].sort(([a, x], [b, y]) => (`${a} ${x}` < `${b} ${y}` ? -1 : 1)),
    ledger,
    'earned, spent, expired, what is left and how many entries, of every account',
  );
  for (const owner of ['@issue', '@redeem', '@expire', '@fee']) {
    const balances = await engine.balance(owner);
    if (isRefusal(balances)) throw new Error(balances.code);
    const own = await rows(
      from,
      `SELECT asset, sum(earned - spent - expired) FROM books WHERE owner = $owner GROUP BY asset ORDER BY asset`,
      { owner },
    );
    const all = balances.map((one): ReportRow => [one.asset, one.available + one.held]);
    t.same(
      own,
      all.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      owner,
    );
  }
  const redeemed = await rows(
    from,
    'SELECT asset, sum(redeemed) FROM entries GROUP BY asset HAVING sum(redeemed) <> 0 ORDER BY asset',
  );
  const got = await rows(
    from,
    `SELECT asset, sum(earned - spent - expired) FROM books WHERE owner = '@redeem' AND asset <> 'piece' GROUP BY asset ORDER BY asset`,
  );
  t.same(redeemed, got, 'what members redeemed is what was redeemed');
  const everything = await rows(
    from,
    `SELECT asset, sum(d) FROM (SELECT asset, earned - spent - expired AS d FROM entries
       UNION ALL SELECT asset, earned - spent - expired FROM books) GROUP BY asset HAVING sum(d) <> 0`,
  );
  t.same(everything, [], 'the books sum to zero');
  const byRules = await rows(
    from,
    `SELECT owner, sum(amount) FROM earned_by GROUP BY owner HAVING sum(amount) <> 0 ORDER BY owner`,
  );
  const byEntries = await rows(
    from,
    `SELECT owner, sum(earned) FROM entries
     WHERE event IS NOT NULL OR (owner, undoes) IN (SELECT owner, id FROM acts WHERE act = 'event')
     GROUP BY owner HAVING sum(earned) <> 0 ORDER BY owner`,
  );
  t.same(
    byRules,
    byEntries,
    'what rules and tasks paid, and was given back, is what events earned',
  );
}

async function ordersAreTheLedgers(t: Test, year: Year, from: Projections): Promise<void> {
  const all: ReportRow[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await year.engine.orders({ programme: 'shop', cursor, limit: 100 });
    if (isRefusal(page)) throw new Error(page.code);
    for (const one of page.orders)
      all.push([
        one.number,
        one.owner,
        one.goods,
        one.quantity,
        one.total,
        one.state,
        one.shipped,
        one.cancelled,
        one.at,
      ]);
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  const own = await rows(
    from,
    `SELECT number, owner, goods, quantity, total, state, shipped, cancelled, created FROM orders`,
  );
  const sorted = (list: readonly ReportRow[]) =>
    [...list].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  t.same(sorted(own), sorted(all), `${all.length} orders`);
  t.ok(all.length > 0);
}

/** Of each table how many rows, and a digest of them that does not depend on their order. */
async function digest(from: Projections): Promise<Record<string, ReportRow | undefined>> {
  const all: Record<string, ReportRow | undefined> = {};
  for (const table of Object.keys(ROW_TABLES))
    [all[table]] = await rows(
      from,
      `SELECT count(*), bit_xor(hash(x)), sum(hash(x)) FROM ${table} x`,
    );
  return all;
}

const years = campaign({ name: 'reports over a drawn year', long: 20, sample: 1 });

t.test('the sums of a year, killed and made anew', async (t) => {
  await years.run(async (seed) => {
    const folder = join(temporaryFolder(t), `${seed}`);
    const year = await Year.open(folder, new Random(seed), 12);
    let from = projections(folder);
    from.start(true);
    for (let n = 0; n < 3; n++) {
      await year.run(45, 14);
      // In the middle of whatever it does.
      await until('it runs', async () => (await from.state()).state !== 'starting');
      from.kill();
    }
    await year.run(50, 14);
    await pastIsTheLedgers(t, year, from);
    await sumsAreTheLedgers(t, year, from);
    await ordersAreTheLedgers(t, year, from);
    const killed = await digest(from);
    const { asOf } = await asked(from, 'SELECT 1');
    t.equal(asOf.length, 2);
    t.ok((await from.state()).failures >= 3);
    await from.close();
    await year.close();
    await rebuildReports(folder);
    from = projections(folder);
    // What a stop wrote, it has as well.
    t.same(await digest(from), killed, 'made anew they are the same');
    await from.close();
  });
});

const REFUSED: readonly (readonly [code: string, sql: string])[] = [
  ...[
    'DELETE FROM entries',
    'INSERT INTO entries SELECT * FROM entries',
    'DROP TABLE entries',
    'CREATE TABLE x AS SELECT 1',
    'CREATE TEMP TABLE x AS SELECT 1',
    "ATTACH 'x.db'",
    "COPY entries TO 'x.csv'",
    "COPY (SELECT 1) TO 'x.csv'",
    "EXPORT DATABASE 'x'",
    'INSTALL httpfs',
    'LOAD httpfs',
    "SET memory_limit = '100GB'",
    'RESET memory_limit',
    'PRAGMA database_list',
    'CALL pragma_database_size()',
    'CHECKPOINT',
    'BEGIN',
    'COMMIT',
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP TABLE entries',
    'EXPLAIN ANALYZE SELECT 1',
    'PREPARE p AS SELECT 1',
    'VACUUM',
    'USE memory',
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('reports.duckdb')",
    "SELECT * FROM glob('*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM parquet_metadata('x')",
    "SELECT * FROM sniff_csv('x')",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM duckdb_databases()',
    'SELECT * FROM duckdb_secrets()',
    'SELECT * FROM pg_settings',
    'SELECT * FROM pg_catalog.pg_settings',
    'SELECT * FROM information_schema.schemata',
    "SELECT current_setting('temp_directory')",
    "SELECT CURRENT_SETTING('temp_directory')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('entries')",
    'SELECT * FROM force_checkpoint()',
    "SELECT write_log('x')",
    "SELECT (SELECT current_setting('threads'))",
    'WITH a AS (SELECT * FROM duckdb_settings()) SELECT * FROM a',
    'SELECT * FROM meta',
    'SELECT * FROM sqlite_master, (WITH sqlite_master AS (SELECT 1) SELECT 1) q',
    'SELECT * FROM pragma_database_list, (WITH "PRAGMA_database_list" AS (SELECT 1) SELECT 1) q',
    'WITH duckdb_tables AS (SELECT * FROM duckdb_tables) SELECT * FROM duckdb_tables',
    'SELECT * FROM "x.csv", (WITH "x.csv" AS (SELECT 1) SELECT 1) q',
    'SELECT $x',
    'SELECT nothing FROM entries',
    'SELEC 1',
    '',
    '--',
    "SELECT json_execute_serialized_sql('x')",
  ].map((sql) => ['SQL_INVALID', sql] as const),
  ['ANSWER_TOO_LARGE', 'SELECT * FROM range(1001)'],
  ['ANSWER_TOO_LARGE', "SELECT repeat('x', 100001)"],
  [
    'ANSWER_TOO_LARGE',
    'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3',
  ],
];

const ANSWERED: readonly (readonly [sql: string, rows: unknown])[] = [
  ['SELECT 1', [[1]]],
  ['SELECT 9007199254740993', [['9007199254740993']]],
  [
    "SELECT true, NULL, 'x', 1.5::DOUBLE, 1.25::DECIMAL(4,2), 'nan'::DOUBLE",
    [[true, null, 'x', 1.5, 1.25, null]],
  ],
  ['SELECT count(*) FROM range(1000)', [[1000]]],
  ['SELECT * FROM range(3) ORDER BY 1 DESC', [[2], [1], [0]]],
  ['WITH x AS (SELECT 1 AS a) SELECT a FROM x', [[1]]],
  ['SELECT a FROM (VALUES (1), (2)) v(a) ORDER BY a', [[1], [2]]],
  ["SELECT count(*) > 10 FROM information_schema.columns WHERE table_name = 'entries'", [[true]]],
  ['SELECT sum(x) FROM (SELECT unnest([1, 2]) AS x)', [[3]]],
  ["SELECT count(*) FROM entries WHERE owner = 'nobody'", [[0]]],
  ["SELECT DATE '2026-01-02'::VARCHAR, [1, 2]", [['2026-01-02', '[1, 2]']]],
  [
    "SELECT timezone('Asia/Shanghai', make_timestamp(0))::VARCHAR LIKE '1970-01-01%' OR true",
    [[true]],
  ],
];

t.test('what analysts ask is bounded, and reaches nothing else', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const year = await Year.open(folder, new Random(7), 4);
  await year.run(12, 4);
  // What it does by itself adds rows.
  await year.close();
  const from = projections(folder);
  await until('it answers', async () => !isRefusal(await from.query({ sql: 'SELECT 1' })));
  for (const [sql, expected] of ANSWERED) {
    const answer = await from.query({ sql });
    t.same('rows' in answer ? answer.rows : answer, expected, sql);
  }
  const before = await digest(from);
  for (const [code, sql] of REFUSED) t.match(await from.query({ sql }), { ok: false, code }, sql);
  t.same(await digest(from), before, 'nothing was changed');
  t.match(
    await from.query({
      sql: 'SELECT 1 AS a',
      merge: "SELECT current_setting('threads') FROM parts",
    }),
    {
      code: 'SQL_INVALID',
    },
  );
  t.match(await from.query({ sql: 'SELECT 2 AS a -- two', merge: 'SELECT a + 1 FROM parts --' }), {
    rows: [[3]],
  });
  // Each of two texts is harmless; one that hides the end of the other must not make them another question.
  for (const [sql, hidden] of [
    ['SELECT 1 --', ") SELECT current_setting('threads') --"],
    ['SELECT 1 --', ') SELECT * FROM duckdb_settings() --'],
    ['SELECT 1 --', ') SELECT * FROM meta --'],
  ] as const) {
    const merge = `SELECT 7 /*\n${hidden} */`;
    t.match(await from.query({ sql, merge }), { rows: [[7]] }, hidden);
  }
  // As many characters as it may have, in many pieces.
  t.match(await from.query({ sql: "SELECT repeat('x', 97) FROM range(1000)" }), {
    rows: { length: 1000 },
  });
  // Many at once wait for their turn, and all of them are answered or told so.
  const many = await Promise.all(
    Array.from({ length: 60 }, (_, n) => from.query({ sql: `SELECT ${n}` })),
  );
  const answered = many.filter((one) => !isRefusal(one));
  t.ok(answered.length >= 34 && answered.length < 60, `${answered.length} of 60`);
  for (const one of many) if (isRefusal(one)) t.equal(one.code, 'SHARD_UNAVAILABLE');
  // What is read piece by piece is no larger in memory, and may be given up.
  const stream = await from.stream({ parts: 'SELECT range AS n FROM range(100000)' });
  if (isRefusal(stream)) throw new Error(stream.code);
  let sum = 0;
  for await (const piece of stream.rows) sum += piece.length;
  t.equal(sum, 100_000);
  for (let n = 0; n < 5; n++) {
    const given = await from.stream({ parts: 'SELECT range AS n FROM range(1000000)' });
    if (isRefusal(given)) throw new Error(given.code);
    for await (const _ of given.rows) break;
  }
  t.match(
    await from.query({ sql: 'SELECT 1' }),
    { rows: [[1]] },
    'turns that were given up are free',
  );
  // Who waits for a turn when the process ends is told at once, or answered by the next one, which nobody ends for it.
  const slow = 'SELECT count(*) FROM range(100000000000) r WHERE hash(r.range) % 7 = 3';
  const waiting = Array.from({ length: 8 }, (_, n) =>
    from.query({ sql: n < 2 ? slow : 'SELECT 1' }),
  );
  await until('it is asked', async () => ((await from.state()).figures?.asked ?? 0) > 0);
  const { failures } = await from.state();
  from.kill();
  for (const one of await Promise.all(waiting))
    if (isRefusal(one)) t.match(one.code, /^(SHARD_UNAVAILABLE|ANSWER_TOO_LARGE)$/);
    else t.same(one.rows, [[1]]);
  t.equal((await from.state()).failures, failures + 1, 'one process has ended, no other');
  await from.close();
  const off = new Projections({
    folder,
    limits: gatewayLimits({ reportMemoryMiB: 0 }),
    onDefect: () => undefined,
  });
  off.start(true);
  t.match(await off.query({ sql: 'SELECT 1' }), { code: 'REPORTS_OFF' });
  t.match(await off.state(), { state: 'off' });
  await off.close();
});
