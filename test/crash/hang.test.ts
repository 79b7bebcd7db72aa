// A disk that does not answer any more, and a thread that is gone: nothing waits for ever, and nothing that was told is lost.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import t, { type Test } from 'tap';
import { type Balance, type Engine, type Outcome, open } from '../../engine/index.js';
import { temporaryFolder } from '../temporary.js';
import { readCounts, type ShimSettings, shimEnv } from './shim.js';

const ENGINE = new URL('../../engine/index.js', import.meta.url).href;
/** After opening, and some blocks. */
const HANGS_AT = 60;
const LIMIT_MS = 700;

/** Gives until something ends it; says what was given. `size`: commands of a batch. */
const program = (folder: string, size: number): string => `
  const { open } = await import(${JSON.stringify(ENGINE)});
  const ledger = await open({ folder: ${JSON.stringify(folder)}, shards: 1, syncTimeoutMs: ${LIMIT_MS} });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  for (let n = 0; ; n++) {
    const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
    const commands = Array.from({ length: ${size} }, (_, i) => ({ type: 'transfer', id: 't' + n + '-' + i, legs }));
    const outcomes = await ledger.submitBatch(commands);
    if (outcomes.some(({ ok }) => !ok)) throw new Error(JSON.stringify(outcomes[0]));
    require('node:fs').writeSync(1, ${size} + '\\n');
  }`;

/** Blocks of so many commands, of which one is never written. */
async function hangs(t: Test, size: number): Promise<void> {
  const root = temporaryFolder(t);
  const folder = join(root, 'data');
  const countFile = join(temporaryFolder(t), 'counts');
  mkdirSync(root, { recursive: true });
  const match = 'log.mdb';
  const env = shimEnv({ root, countFile, match, failAt: HANGS_AT, how: 'hang' });
  const prologue =
    "import { createRequire } from 'node:module'; const require = createRequire('/');";
  const args = ['--input-type=module', '-e', `${prologue}${program(folder, size)}`];
  const child = spawnSync(process.execPath, args, { env, timeout: 60_000 });
  t.equal(child.signal, 'SIGKILL', 'a thread that waits for a disk cannot be ended otherwise');
  t.match(child.stderr.toString(), /jifen: fatal: .*was not durable after 700 ms/);
  t.equal(readCounts(countFile).failures, 1);
  const told = child.stdout.toString().trim().split('\n').map(Number);
  const given = told.reduce((sum, count) => sum + count, 0);
  t.ok(given > 0, `${given} were told`);
  const ledger = await open({ folder });
  t.teardown(() => ledger.close());
  const [balance] = (await ledger.balance('ann', 'gold')) as Balance[];
  const available = balance?.available ?? 0;
  t.ok([given, given + size].includes(available), `${available} of ${given} told`);
}

t.test('a small block that the disk does not take', (t) => hangs(t, 1));
t.test('a large block that the disk does not take', (t) => hangs(t, 1000));

/** Gives a little, and closes. */
const closing = (folder: string): string => `
  const { open } = await import(${JSON.stringify(ENGINE)});
  const ledger = await open({ folder: ${JSON.stringify(folder)}, shards: 1, syncTimeoutMs: ${LIMIT_MS} });
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  await ledger.submit({ type: 'transfer', id: 't', legs });
  await ledger.close();
  console.log('closed');`;

/** The last call on the file is one that closing makes. */
async function hangsClosing(t: Test, match: string): Promise<void> {
  const run = (more: Pick<ShimSettings, 'failAt' | 'how'>) => {
    const root = temporaryFolder(t);
    mkdirSync(root, { recursive: true });
    const countFile = join(temporaryFolder(t), 'counts');
    const env = shimEnv({ root, countFile, match, ...more });
    const args = ['--input-type=module', '-e', closing(join(root, 'data'))];
    const child = spawnSync(process.execPath, args, { env, timeout: 60_000 });
    return { child, counts: readCounts(countFile), folder: join(root, 'data') };
  };
  const whole = run({});
  t.equal(whole.child.stdout.toString(), 'closed\n');
  const { child, folder } = run({ failAt: whole.counts.calls, how: 'hang' });
  t.equal(child.stdout.toString(), '');
  t.equal(child.signal, 'SIGKILL');
  t.match(child.stderr.toString(), /was not durable after 700 ms/);
  const ledger = await open({ folder });
  t.teardown(() => ledger.close());
  t.match(await ledger.balance('ann', 'gold'), [{ available: 1 }]);
}

for (const file of ['state.mdb', 'clean-stop'])
  t.test(`a disk that does not take ${file} while the ledger closes`, (t) => hangsClosing(t, file));

/** The threads of this process that are sent something meanwhile. */
async function threadsOf(run: () => Promise<Engine>): Promise<[Engine, Set<Worker>]> {
  const threads = new Set<Worker>();
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...given) {
    threads.add(this);
    return postMessage.apply(this, given);
  };
  try {
    return [await run(), threads];
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

t.test('O3: a thread that is gone: who waits is told, and everything ends', async (t) => {
  const folder = temporaryFolder(t);
  const fatal: string[] = [];
  const [ledger, threads] = await threadsOf(() =>
    open({ folder, shards: 2, onFatal: (error) => fatal.push(error.message) }),
  );
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const give = (n: number): Promise<Outcome> => {
    const legs = [{ from: '@issue', to: `user${n}`, asset: 'gold', amount: 1 }];
    return ledger.submit({ type: 'transfer', id: `t${n}`, legs });
  };
  const before = await Promise.all(Array.from({ length: 100 }, (_, n) => give(n)));
  t.ok(before.every(({ ok }) => ok));
  const waiting = Array.from({ length: 2000 }, (_, n) => give(100 + n));
  for (const thread of threads) void thread.terminate();
  const told = await Promise.all(waiting);
  const codes = new Set(told.map((one) => (one.ok ? 'posted' : one.code)));
  codes.delete('posted');
  t.strictSame([...codes], ['SHARD_FAILED'], 'told so, and not left waiting');
  t.match(fatal, [/its thread has ended/]);
  t.match(await give(3000), { ok: false, code: 'SHARD_FAILED' });
  await ledger.close();
  const again = await open({ folder });
  t.teardown(() => again.close());
  for (const [n, one] of told.entries())
    if (one.ok) t.match(await again.balance(`user${100 + n}`, 'gold'), [{ available: 1 }]);
});

t.test('a program that waits for nothing ends, and one that waits does not', (t) => {
  const folder = temporaryFolder(t);
  const script = `
    const { open } = await import(${JSON.stringify(ENGINE)});
    const ledger = await open({ folder: ${JSON.stringify(folder)}, shards: 2 });
    await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
    const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
    ledger.submit({ type: 'transfer', id: 't', legs }).then(({ ok }) => console.log(ok));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 60_000,
  });
  t.equal(child.stdout.toString(), 'true\n', child.stderr.toString());
  t.equal(child.status, 0, 'by itself');
  t.end();
});
