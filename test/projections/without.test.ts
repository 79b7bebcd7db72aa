// What the ledger does without its reports: the package is not installed, the file cannot be opened, there is no room on the disk.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { type Engine, isRefusal, open } from '../../engine/index.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { Projections } from '../../gateway/projections/projections.js';
import { duckDb, reportsPath } from '../../gateway/projections/store.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const LIMITS = gatewayLimits({ reportMemoryMiB: 256, reportFreshMs: 60_000 });
const COUNT = { sql: 'SELECT count(*), sum(earned) FROM entries' };

async function ledger(folder: string, transfers: number): Promise<Engine> {
  const engine = await open({ folder, shards: 2, cacheMb: 64 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await earned(engine, 'A', transfers);
  return engine;
}

async function earned(engine: Engine, name: string, transfers: number): Promise<void> {
  const commands = Array.from({ length: transfers }, (_, n) => ({
    ...{ type: 'transfer' as const, id: `${name}${n}`, memo: `${name} ${n}`.padEnd(64, '.') },
    legs: [{ from: '@issue', to: `m${n % 100}`, asset: 'gold', amount: 1 }],
  }));
  for (let from = 0; from < transfers; from += 500) {
    const outcomes = await engine.submitBatch(commands.slice(from, from + 500));
    if (!outcomes.every(({ ok }) => ok)) throw new Error('not all were earned');
  }
}

const counted = (from: Projections, wanted: number) =>
  until('all is counted', async () => {
    const answer = await from.query(COUNT);
    if (isRefusal(answer)) return false;
    return Number(answer.rows[0]?.[0]) === wanted && Number(answer.rows[0]?.[1]) === wanted;
  });

t.test('a file that cannot be opened: each pause is longer, and it ends', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder, 10);
  t.teardown(() => engine.close());
  mkdirSync(join(folder, 'projections'), { recursive: true });
  const { DuckDBInstance } = await duckDb();
  // Another process has it open: this one.
  const other = await DuckDBInstance.create(reportsPath(folder));
  const told: string[] = [];
  const from = new Projections({
    folder,
    limits: LIMITS,
    onDefect: (error) => told.push((error as Error).message),
  });
  t.teardown(() => from.close());
  from.start(true);
  const pauses = new Map<number, number>();
  // Who asks meanwhile shortens none of them.
  const asking = setInterval(() => void from.query(COUNT), 100);
  await until('it was tried three times', async () => {
    const { failures, pauseMs } = await from.state();
    if (pauseMs !== undefined) pauses.set(failures, pauseMs);
    return failures >= 3;
  });
  clearInterval(asking);
  t.same(
    [...pauses],
    [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
    ],
  );
  t.match(await from.query(COUNT), { code: 'SHARD_UNAVAILABLE' });
  t.ok(told.length >= 1 && told.every((one) => /lock/i.test(one)), told[0] ?? '');
  t.match(
    await engine.submit({
      type: 'transfer',
      id: 'B',
      legs: [{ from: '@issue', to: 'x', asset: 'gold', amount: 1 }],
    }),
    { ok: true },
  );
  other.closeSync();
  await counted(from, 11);
  t.match(await from.state(), { state: 'following', pauseMs: undefined });
});

/** Follows a folder whose files may be no longer than so much; how it is, a line each time. */
const FOLLOWING = `
  const [, folder, url, limits] = process.argv;
  const { Projections } = await import(url + 'gateway/projections/projections.js');
  const { gatewayLimits } = await import(url + 'gateway/limits.js');
  const from = new Projections({ folder, limits: gatewayLimits(JSON.parse(limits)), onDefect: () => undefined });
  from.start(true);
  setInterval(async () => console.log(JSON.stringify(await from.state())), 100);
`;

t.test('there is no room on the disk: what is stored stays whole, and goes on', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder, 200);
  t.teardown(() => engine.close());
  const url = `${pathToFileURL(join(import.meta.dirname, '..', '..')).href}/`;
  const script = [FOLLOWING, folder, url, JSON.stringify({ reportMemoryMiB: 256 })];
  const node = [process.execPath, '--input-type=module', '-e'];
  // 512 KiB: some of it fits. What is written beyond is refused, as by a full disk.
  const few = spawn('bash', ['-c', 'ulimit -f 512; exec "$@"', 'bash', ...node, ...script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => few.kill('SIGKILL'));
  let state: any = { failures: 0 };
  createInterface({ input: few.stdout }).on('line', (line) => {
    state = JSON.parse(line);
  });
  await until('it follows', () => state.state === 'following');
  await earned(engine, 'B', 20_000);
  await until('it has failed twice', () => state.failures >= 2);
  t.not(state.state, 'off', JSON.stringify(state));
  t.ok(state.pauseMs === undefined || state.pauseMs >= 1_000);
  t.match(await engine.balance('m1'), [{ available: 202 }], 'the ledger runs');
  const over = new Promise((resolve) => few.once('exit', resolve));
  few.kill('SIGTERM');
  await over;
  // There is room again: it goes on from what is stored.
  const from = new Projections({ folder, limits: LIMITS, onDefect: () => undefined });
  t.teardown(() => from.close());
  await counted(from, 20_200);
});

t.test(
  'the package is not installed: the ledger runs, and says that reports are off',
  async (t) => {
    const path = temporaryFolder(t);
    for (const part of ['engine', 'gateway'])
      cpSync(join(import.meta.dirname, '..', '..', part), join(path, 'dist', part), {
        recursive: true,
      });
    cpSync(join(ROOT, 'package.json'), join(path, 'package.json'));
    const modules = join(ROOT, 'node_modules');
    mkdirSync(join(path, 'node_modules'));
    for (const name of readdirSync(modules))
      if (name !== '@duckdb') symlinkSync(join(modules, name), join(path, 'node_modules', name));
    const module = pathToFileURL(join(path, 'dist', 'gateway', 'serve.js')).href;
    const { startServer } = (await import(module)) as typeof import('../../gateway/serve.js');
    const server = await startServer({
      ...{ port: 0, reports: true },
      engine: { folder: join(path, 'data'), shards: 1, cacheMb: 64 },
    });
    t.teardown(() => server.close());
    const ask = async (request: string, body?: unknown) => {
      const [method = '', target = ''] = request.split(' ');
      const headers = {
        Authorization: `Bearer ${server.adminKey.key}`,
        'Content-Type': 'application/json',
      };
      const sent =
        body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const answer = await fetch(server.address + target, sent);
      return { status: answer.status, body: (await answer.json()) as any };
    };
    await ask('PUT /v1/assets/gold', { scale: 0 });
    const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
    t.equal((await ask('POST /v1/transfers', { legs })).status, 201);
    const off = { body: { code: 'REPORTS_OFF', detail: /@duckdb\/node-api cannot be loaded/ } };
    t.match(await ask('GET /v1/reports/daily'), off);
    t.match(await ask('POST /v1/sql', { sql: 'SELECT 1' }), off);
    t.match(await ask('GET /v1/reports'), {
      status: 200,
      body: { state: 'off', reason: /@duckdb/ },
    });
    t.match(await ask('GET /health'), { status: 200, body: { status: 'ok' } });
    t.match(await ask('GET /v1/accounts/ann'), { body: { accounts: [{ available: 1 }] } });
  },
);
