// The peers: the same work for all, what is found when one does not do it, nothing left behind.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { measure } from '../../bench/harness.js';
import {
  checkHistory,
  checkRepeats,
  checkShort,
  expectAllPosted,
} from '../../bench/peers/checks.js';
import { jifenEngine } from '../../bench/peers/jifen-engine.js';
import { compareBalances, digestOf, Movements, summed } from '../../bench/peers/movements.js';
import type { Accounts, Connections, Movement, Result } from '../../bench/peers/peer.js';
import { PEERS } from '../../bench/peers/registry.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.js');
const ACCOUNTS: Accounts = { users: 50, funds: 1000, stripes: 4 };

t.test('M1, M2: the same movements every time, and nobody runs short', async (t) => {
  for (const kind of ['programme', 'pairs'] as const) {
    const [one, same] = [new Movements(kind, ACCOUNTS), new Movements(kind, ACCOUNTS)];
    const balances = new Float64Array(ACCOUNTS.users + 2 * ACCOUNTS.stripes);
    balances.fill(ACCOUNTS.funds, 0, ACCOUNTS.users);
    const ids = new Set<string>();
    for (const movement of one.batch(5000)) {
      t.strictSame(same.next(), movement);
      const { id, from, to, amount } = movement;
      t.notOk(from === to || ids.has(id) || id.length > 32 || amount < 1);
      ids.add(id);
      balances[from]! -= amount;
      balances[to]! += amount;
      if (from < ACCOUNTS.users && balances[from]! < 0) t.fail(`${from} runs short`);
    }
    const found = summed(balances, ACCOUNTS);
    compareBalances(found, one);
    const digest = digestOf(found);
    t.equal(digestOf({ ...found, users: found.users.slice() }), digest);
    for (const wrong of [
      { ...found, issuer: found.issuer + 1 },
      { ...found, redeemer: found.redeemer - 1 },
      { ...found, users: found.users.with(7, 1) },
      { ...found, users: found.users.slice(1) },
    ]) {
      t.throws(() => compareBalances(wrong, one));
      t.not(digestOf(wrong), digest);
    }
  }
});

t.test('a peer that does not keep what it promises is found', async (t) => {
  const movement = (id: string): Movement => ({ id, from: 1, to: 2, amount: 1 });
  const answering = (single: Result, batch: readonly Result[]): Connections => ({
    transfer: async () => single,
    batch: async () => batch,
    balance: async () => 0,
    close: async () => {},
  });
  const two = [movement('a'), movement('b')] as const;
  await checkRepeats(answering('replayed', ['replayed', 'replayed']), two, true);
  await t.rejects(checkRepeats(answering('posted', []), two, false), /a came again and was posted/);
  const twice = answering('replayed', ['replayed', 'posted']);
  await t.rejects(checkRepeats(twice, two, true), /b came again in a batch/);

  const right = answering('short', ['posted', 'short', 'posted']);
  await checkShort(right, two, movement('s'), true);
  await t.rejects(
    checkShort(answering('posted', []), two, movement('s'), true),
    /more than there is/,
  );
  const allOrNone = answering('short', ['short', 'short', 'short']);
  await t.rejects(checkShort(allOrNone, two, movement('s'), true), /short,short,short/);

  const rows = [
    { delta: 5, balance: 105 },
    { delta: -3, balance: 102 },
  ];
  const peer = { history: async () => rows } as never;
  await checkHistory(peer, [0], 100, Float64Array.of(102));
  await t.rejects(checkHistory(peer, [0], 100, Float64Array.of(103)), /make 102, not 103/);
  await t.rejects(checkHistory(peer, [0], 99, Float64Array.of(102)), /says 105, not 104/);
  t.throws(() => expectAllPosted(['posted'], 2), /2 movements had 1/);
  t.throws(() => expectAllPosted(['posted', 'replayed'], 2), /replayed/);
});

t.test('jifen keeps it, also between users', async (t) => {
  const running = await jifenEngine.start({ folder: temporaryFolder(t, 'disk'), ...ACCOUNTS });
  t.teardown(() => running.stop());
  const connections = await running.open(1);
  const movements = new Movements('pairs', ACCOUNTS);
  const some = movements.batch(200);
  expectAllPosted(await connections.batch(0, some), 200);
  await checkRepeats(connections, some.slice(0, 20), true);
  const short = { id: 'S', from: 0, to: 1, amount: 1_000_000 };
  await checkShort(connections, [movements.next(), movements.next()], short, true);
  compareBalances(await running.balances(), movements);
  await checkHistory(running, [0, 1, 2], ACCOUNTS.funds, movements.expected);
  t.equal(await connections.balance(0, 3), movements.expected[3]);
});

t.test('a figure is compared with another one round by round', async (t) => {
  const folder = temporaryFolder(t, 'disk');
  const values: Record<string, number[]> = { a: [100, 400, 300], b: [200, 200, 900] };
  const plan = (name: string, compareTo?: Record<string, string>) => ({
    name,
    unit: '1/s',
    headline: true,
    compareTo,
    run: async ({ round }: { round: number }) => ({ value: values[name]![round]! }),
  });
  const plans = [plan('b', { b: 'a', unknown: 'a' }), plan('a', { a: 'nothing' })];
  const options = { runs: 3, smoke: true, folder } as never;
  const figures = await measure({ name: 'x', figures: () => plans }, plans, options, () => {});
  t.match(figures[0], { name: 'b', value: 200, ratioTo: 'a', ratio: 2 });
  t.notOk('ratio' in figures[1]!);
});

t.test('npm run bench -- peers gateway mixed --smoke', (t) => {
  const folder = temporaryFolder(t, 'disk');
  const json = join(folder, 'figures.json');
  // What needs a large server is left to the smoke size as a whole, which runs beside the tests.
  const chosen = ['--only', 'redis-always,jifen/http,jifen/in-process,gateway,mixed'];
  const args = [
    MAIN,
    'peers',
    'gateway',
    'mixed',
    '--smoke',
    ...chosen,
    '--json',
    json,
    '--folder',
    folder,
  ];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.equal(run.status, 0, run.stderr);
  const { figures, leftOut } = JSON.parse(readFileSync(json, 'utf8'));
  const out = leftOut.map(({ name, why }: Record<string, string>) => {
    t.match(why, /not installed: redis-server \(Debian: redis-server\)/);
    t.ok(run.stdout.includes(`LEFT OUT: ${name}: ${why}`));
    return name;
  });
  const names = figures.map(({ name }: { name: string }) => name);
  const redis = ['single', 'batch', 'half-load'].map((name) => `peers/redis-always/${name}`);
  if (out.length === 0)
    t.same(
      redis.filter((name) => !names.includes(name)),
      [],
    );
  for (const name of [
    'peers/jifen/http-single',
    'peers/jifen/http-batch-1000',
    'peers/jifen/http-half-load',
    'peers/jifen/in-process-batch',
    'gateway/constant',
    'gateway/in-process',
    'gateway/http-single',
    'gateway/http-batch-100-json',
    'gateway/http-batch-1000-json',
    'gateway/balance',
    'gateway/ws-single',
    'gateway/ws-batch-1000',
    'gateway/ws-batch-1000-packed',
    'gateway/http-batch-1000-packed',
    'gateway/client-1-caller',
    'gateway/client-64-callers',
    'gateway/client-1000-callers',
    'gateway/fan-out',
    'mixed/http',
    'mixed/ws',
  ]) {
    t.ok(names.includes(name), name);
  }
  const digests = new Map<string, Set<string>>();
  for (const { name, digest, durability, at50Rate, p50Ms, p99Ms, maxMs } of figures) {
    const [bench] = name.split('/');
    if (!/constant|fan-out/.test(name)) t.match(digest, /^[0-9a-f]{64}$/, `${name}: a digest`);
    if (digest !== undefined) digests.set(bench, (digests.get(bench) ?? new Set()).add(digest));
    t.ok(0 < p50Ms && p50Ms <= p99Ms && p99Ms <= maxMs, `${name}: latencies in order`);
    if (bench === 'peers') t.type(durability, 'string', `${name}: durability`);
    if (/single$/.test(name)) t.ok(at50Rate > 0, `${name}: half of the load`);
  }
  for (const [bench, found] of digests) t.equal(found.size, 1, `${bench}: one digest`);
  t.match(
    figures.find(({ name }: { name: string }) => name === 'gateway/http-single'),
    { ratioTo: 'gateway/constant' },
  );
  t.same(readdirSync(folder), ['figures.json'], 'data folders are removed');
  t.end();
});

t.test('an end in between leaves neither servers nor folders', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const folder = temporaryFolder(t, 'disk');
    const args = [MAIN, 'peers', '--only', 'jifen/http', '--seconds', '60', '--folder', folder];
    const bench = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    bench.stderr.on('data', (text) => {
      said += text;
    });
    await until('it starts', () => said.includes('starting') && serversOf(folder).length > 0);
    bench.kill(signal);
    const [code] = await once(bench, 'exit');
    t.equal(code, 130);
    await until(`${signal}: no process`, () => serversOf(folder).length === 0);
    await until(`${signal}: no folder`, () => readdirSync(folder).length === 0);
  }
});

// Processes whose command line names the folder, but for the bench itself.
function serversOf(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder) && line.includes('jifen.cjs'));
}

t.test('every peer says what it is', async (t) => {
  for (const peer of PEERS) {
    t.match(peer.name, /^[a-z-]+$/);
    t.ok(peer.durability.length > 20 && peer.singles.length > 0);
    for (const { size, connections } of peer.batches) t.ok(size > 1 && connections > 0);
  }
  const lossy = PEERS.filter(({ durability }) => durability.includes('NOT synced'));
  t.same(
    lossy.map(({ name }) => name),
    ['redis-everysec'],
  );
});
