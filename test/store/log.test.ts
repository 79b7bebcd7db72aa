import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Log } from '../../engine/store/log.js';
import { Random } from '../random.js';

const LOG = new URL('../../engine/store/log.js', import.meta.url).href;

function block(seed: number, bytes: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: bytes }, () => random.int(256));
}

const path = (t: { testdir(): string }): string => join(t.testdir(), 'shard-000', 'log.mdb');

t.test('blocks come back as they were, from an aligned buffer of their own', async (t) => {
  const log = Log.open(path(t));
  t.equal(log.headSeq(), 0);
  t.equal(log.firstSeq(), 0);
  t.equal(log.read(1), undefined);
  const sizes = [1, 100, 4_000, 4_096, 16_384, 300_000];
  for (const [index, size] of sizes.entries()) await log.append(index + 1, block(index, size));
  t.equal(log.headSeq(), sizes.length);
  t.equal(log.firstSeq(), 1);
  for (const [index, size] of sizes.entries()) {
    const read = log.read(index + 1) as Uint8Array;
    t.equal(Buffer.compare(read, block(index, size)), 0, `${size} bytes`);
    t.equal(read.byteOffset, 0);
    t.equal(read.buffer.byteLength, size);
  }
  const copy = log.read(2) as Uint8Array;
  copy.fill(0);
  t.same(log.read(2), block(1, 100), 'a copy');
  t.ok(log.bytes() > 300_000);
  await log.close();
});

t.test('a block larger than lmdb-js copies at once', async (t) => {
  const log = Log.open(path(t));
  const large = new Uint8Array(20 * 2 ** 20).fill(3);
  await log.append(1, large);
  large[12_345_678] = 9;
  await log.append(1, large);
  t.equal(Buffer.compare(log.read(1) as Uint8Array, large), 0);
  await log.close();
});

t.test('G3: no gaps; the head may be rewritten; an empty log begins anywhere', async (t) => {
  const file = path(t);
  let log = Log.open(file);
  t.throws(() => log.append(0, block(0, 8)), /block 0 does not follow block 0/);
  t.throws(() => log.append(1.5, block(0, 8)), /block 1.5 does not follow/);
  t.throws(() => log.append(1, new Uint8Array(0)), /block 1 is empty/);
  t.throws(() => log.append(1, new Uint8Array(new SharedArrayBuffer(8))), /shared memory/);
  const first = 2 ** 32 - 2;
  for (let seq = first; seq < first + 5; seq += 1) await log.append(seq, block(seq, 64));
  t.throws(() => log.append(first + 6, block(0, 8)), /does not follow/);
  t.throws(() => log.append(first + 3, block(0, 8)), /does not follow/);
  await log.append(first + 4, block(77, 64));
  t.same(log.read(first + 4), block(77, 64));
  await log.close();
  await log.close();
  t.throws(() => log.append(first + 5, block(0, 8)), /not open for writing/);
  log = Log.open(file);
  t.equal(log.firstSeq(), first);
  t.equal(log.headSeq(), first + 4, 'in order beyond 2^32');
  await log.append(first + 4, block(78, 64));
  await log.append(first + 5, block(79, 64));
  t.same(log.read(first + 4), block(78, 64), 'rewritten after opening');
  t.equal(log.headSeq(), first + 5);
  await log.close();
});

t.test('appends may overlap; close waits for them', async (t) => {
  const file = path(t);
  const log = Log.open(file);
  const order: number[] = [];
  const all = [1, 2, 3, 4, 5].map((seq) =>
    log.append(seq, block(seq, 5_000 * seq ** 3))?.then(() => {
      order.push(seq);
      const read = log.read(seq) ?? new Uint8Array(0);
      t.equal(Buffer.compare(read, block(seq, 5_000 * seq ** 3)), 0);
      t.ok(log.headSeq() >= seq);
    }),
  );
  await Promise.all(all);
  t.same(order, [3, 4, 5], 'small ones were durable at once');
  const last = log.append(6, block(6, 10));
  await log.close();
  await last;
  const again = Log.open(file);
  t.equal(again.headSeq(), 6);
  await again.close();
});

t.test('a reader beside the writer, and a copy while it runs', async (t) => {
  const file = path(t);
  t.throws(() => Log.open(file, { readOnly: true }), /does not exist/);
  t.notOk(existsSync(file));
  const log = Log.open(file);
  await log.append(1, block(1, 500));
  const reader = Log.open(file, { readOnly: true });
  t.equal(reader.headSeq(), 1);
  t.equal(reader.read(2), undefined);
  await log.append(2, block(2, 500));
  t.same(reader.read(2), block(2, 500), 'without another turn of the event loop');
  t.equal(reader.headSeq(), 2);
  t.throws(() => reader.append(3, block(3, 8)), /not open for writing/);
  const to = join(t.testdirName, 'copy', 'log.mdb');
  const copied = log.copyTo(to);
  await Promise.all([copied, log.append(3, block(3, 500)), log.append(4, block(4, 500))]);
  const copy = Log.open(to);
  t.ok(copy.headSeq() >= 2 && copy.headSeq() <= 4);
  t.same(copy.read(2), block(2, 500));
  await copy.append(copy.headSeq() + 1, block(9, 100));
  await t.rejects(log.copyTo(to), /exists already/);
  await Promise.all([copy.close(), reader.close(), log.close()]);
});

t.test('E1: an opening that was cut off leaves nothing that hinders the next', async (t) => {
  const dir = t.testdir({ 'shard-000': { 'log.mdb.new': 'half', 'log.mdb.new-lock': 'x' } });
  const log = Log.open(join(dir, 'shard-000', 'log.mdb'), { safeRestore: true });
  await log.append(1, block(1, 8));
  await log.close();
  t.same(readdirSync(join(dir, 'shard-000')).sort(), ['log.mdb', 'log.mdb-lock']);
});

t.test('what was durable survives SIGKILL, whoever wrote it', async (t) => {
  const file = path(t);
  // Small ones are written by the thread itself, large ones by another; they take turns.
  const bytes = (seq: number): number => (seq % 3 === 0 ? 100_000 : 3000);
  const script = `
    const { Log } = await import(${JSON.stringify(LOG)});
    const log = Log.open(${JSON.stringify(file)});
    for (let seq = 1; ; seq += 1) {
      await log.append(seq, new Uint8Array(seq % 3 === 0 ? 100_000 : 3000).fill(seq));
      process.stdout.write(seq + '\\n');
      if (seq === 25) process.kill(process.pid, 'SIGKILL');
    }`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  t.equal(child.signal, 'SIGKILL');
  const told = child.stdout.toString().trim().split('\n').length;
  const log = Log.open(file);
  t.ok(told >= 15 && log.headSeq() >= told, `${told} told, ${log.headSeq()} there`);
  for (let seq = 1; seq <= told; seq += 1) {
    const read = log.read(seq);
    t.ok(read?.length === bytes(seq) && read.every((byte) => byte === seq), `block ${seq}`);
  }
  await log.close();
});

for (const bytes of [8000, 100_000])
  t.test(`M2: a failed write of ${bytes} bytes latches the log`, (t) => latches(t, bytes));

async function latches(t: Test, bytes: number): Promise<void> {
  // A limit on the size of files, its signal ignored, makes writes beyond it fail with EFBIG.
  const file = path(t);
  const script = `
    const { Log } = await import(${JSON.stringify(LOG)});
    const log = Log.open(${JSON.stringify(file)});
    process.on('unhandledRejection', (error) => { console.log('unhandled', error); });
    let seq = 0;
    const say = (error) => console.log(seq + ' ' + error.name + ' ' + error.timedOut + ' ' + error.message);
    try { for (;;) await log.append(++seq, new Uint8Array(${bytes})); } catch (error) { say(error); }
    try { await log.append(++seq, new Uint8Array(1)); } catch (error) { say(error); }
    try { log.read(1); } catch (error) { say(error); }
    await log.close();
    console.log('head ' + log.headSeq());`;
  // Without tap's loader, which writes files of its own.
  const shell = 'unset NODE_OPTIONS; trap "" XFSZ; ulimit -f 600; exec "$0" "$@"';
  const args = ['-c', shell, process.execPath, '--input-type=module', '-e', script];
  const child = spawnSync('bash', args);
  const lines = child.stdout.toString().trim().split('\n');
  const failed = Number(/^(\d+) /.exec(lines[0] ?? '')?.[1]);
  t.match(
    lines[0],
    /^\d+ WriteError false .*block \d+ could not be written: (File too large|Input.output error)/,
  );
  t.match(lines[1], new RegExp(`^${failed + 1} WriteError false .*block ${failed} could not`));
  t.match(lines[2], new RegExp(`WriteError false .*block ${failed} could not`));
  t.equal(lines[3], `head ${failed - 1}`);
  t.equal(lines.length, 4);
  const log = Log.open(file);
  t.equal(log.headSeq(), failed - 1);
  await log.append(failed, block(1, 8_000));
  await log.close();
}
