// Proves the disk shim and the power-cut images on a small LMDB log, and pins down what lmdb-js does when the
// disk refuses: the engine's handling of a failed write or sync rests on those rows.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import t, { type Test } from 'tap';
import { Random } from '../random.js';
import { type DiskImage, type DiskOp, DiskTrace, readFolder } from './disk-trace.js';
import { readCounts, type ShimSettings, shimEnv } from './shim.js';

const IMAGES = process.env['JIFEN_LONG'] === '1' ? 2000 : 200;
const SEED = Number(process.env['JIFEN_SEED'] ?? 20240607);
const LOGS = ['one.mdb', 'two.mdb'];

interface Folders {
  /** What the shim watches. */
  readonly disk: string;
  /** Where an image is put back. */
  readonly image: string;
  readonly trace: string;
  readonly countFile: string;
}

function folders(t: Test): Folders {
  const top = t.testdir({ disk: {}, image: {} });
  return {
    disk: join(top, 'disk'),
    image: join(top, 'image'),
    trace: join(top, 'trace'),
    countFile: join(top, 'counts'),
  };
}

function run(code: string, settings: ShimSettings): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: settings.root,
    env: shimEnv(settings),
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function valueFor(key: number): Buffer {
  return Buffer.alloc(200 + ((key * 7919) % 20000), key);
}

/** A program that puts keys 1.. into each log, one at a time, and appends (log, key) to `acks` when told so. */
function program(logs: readonly string[], puts: number): string {
  return `
    import { open } from ${JSON.stringify(import.meta.resolve('lmdb'))};
    import { openSync, writeSync } from 'node:fs';
    ${valueFor.toString()}
    process.on('unhandledRejection', (error) => console.log('unhandled ' + (error.code ?? error.message.slice(0, 13))));
    const acks = openSync('acks', 'a');
    const limit = (promise) => Promise.race([
      promise.then(() => 'done', (error) => 'rejected'),
      new Promise((resolve) => setTimeout(resolve, 1000, 'pending')),
    ]);
    await Promise.all(${JSON.stringify(logs)}.map(async (path, number) => {
      let db;
      try {
        db = open({ path, encoding: 'binary', keyEncoding: 'uint32', overlappingSync: false, noSubdir: true });
      } catch (error) {
        return console.log('open threw ' + error.code);
      }
      for (let key = 1; key <= ${puts}; key++) {
        const outcome = await limit(db.put(key, valueFor(key)));
        if (outcome === 'done') writeSync(acks, Buffer.from([number, key]));
        else console.log('put ' + key + ' ' + outcome);
        if (outcome === 'pending') break;
      }
    }));
    setTimeout(() => process.exit(0), 20);
  `;
}

// lmdb's types lack safeRestore.
const AS_RECOVERY = {
  encoding: 'binary',
  keyEncoding: 'uint32',
  overlappingSync: false,
  noSubdir: true,
  safeRestore: true,
} as const;

/** What a log has when it is opened as recovery does. */
async function contents(path: string): Promise<Map<number, Buffer>> {
  const found = new Map<number, Buffer>();
  if (!existsSync(path)) return found;
  const db = open<Buffer, number>({ path, ...AS_RECOVERY });
  for (const { key, value } of db.getRange()) found.set(key, Buffer.from(value));
  // lmdb-js shares environments of the same file: an image must be gone before the next one comes.
  await db.close();
  return found;
}

/** The acknowledged puts that a folder does not have, as "log:key". */
async function lost(
  folder: string,
  logs: readonly string[],
  acks: readonly Buffer[],
): Promise<string[]> {
  const found: Map<number, Buffer>[] = [];
  for (const name of logs) found.push(await contents(join(folder, name)));
  const missing: string[] = [];
  for (const [number = 0, key = 0] of acks) {
    if (found[number]?.get(key)?.equals(valueFor(key)) !== true)
      missing.push(`${logs[number]}:${key}`);
  }
  return missing;
}

/** An image in which everything survived. */
function wholeImage(trace: DiskTrace, at: number): DiskImage {
  for (let seed = 1; ; seed++) {
    const image = trace.build(at, new Random(seed));
    if (image.strategy === 'all') return image;
  }
}

t.test(
  'the trace has writes, syncs and acknowledgements in the order in which they happened',
  async (t) => {
    const { disk, trace } = folders(t);
    const child = run(program(['one.mdb'], 5), { root: disk, trace });
    t.equal(child.stdout + child.stderr, '');
    const recorded = DiskTrace.read(trace);
    t.strictSame(
      recorded.acks.map(({ bytes }) => [...bytes]),
      [1, 2, 3, 4, 5].map((key) => [0, key]),
    );
    const shape = (op: DiskOp): string =>
      op.kind === 'write' && op.synchronous ? 'write meta' : op.kind;
    const commit = recorded.ops
      .slice((recorded.acks[3]?.index ?? 0) + 1)
      .map(shape)
      .filter((kind, at, all) => kind !== 'write' || all[at - 1] !== 'write');
    t.strictSame(commit, ['write', 'sync', 'sync-end', 'write meta', 'write-end', 'ack']);
    t.strictSame(
      wholeImage(recorded, recorded.ops.length).files,
      readFolder(disk),
      'the folder, byte for byte',
    );
  },
);

t.test('no image of a power cut lacks an acknowledged put', async (t) => {
  const { disk, image, trace } = folders(t);
  const child = run(program(LOGS, 40), { root: disk, trace });
  t.equal(child.stdout + child.stderr, '');
  const recorded = DiskTrace.read(trace);
  t.equal(recorded.acks.length, 80);
  const random = new Random(SEED);
  // Not while a log is being made: lmdb-js dies of a torn header (below). Each open ends with one synchronous write.
  const opened =
    recorded.ops.flatMap(({ kind }, index) => (kind === 'write-end' ? [index] : []))[
      LOGS.length - 1
    ] ?? 0;
  const wrong: string[] = [];
  for (const [n, at] of recorded.crashPoints(IMAGES, random, opened + 1).entries()) {
    const cut = recorded.build(at, random);
    const folder = join(image, String(n));
    cut.writeTo(folder);
    const missing = await lost(folder, LOGS, cut.acksBefore);
    if (missing.length > 0)
      wrong.push(`seed ${SEED}, cut at ${at}, ${cut.strategy}: ${missing.join(' ')}`);
    rmSync(folder, { recursive: true });
  }
  t.strictSame(wrong, []);
});

t.test('a program that acknowledges before it syncs is caught', async (t) => {
  const { disk, trace } = folders(t);
  const code = `
    import * as fs from 'node:fs';
    const file = fs.openSync('data', 'w');
    for (let n = 1; n <= 20; n++) {
      fs.writeSync(file, Buffer.alloc(100, n));
      fs.appendFileSync('acks', 'x');
      fs.fdatasyncSync(file);
    }
  `;
  t.equal(run(code, { root: disk, trace }).stderr, '');
  const recorded = DiskTrace.read(trace);
  const random = new Random(SEED);
  let caught = 0;
  for (const at of recorded.crashPoints(100, random)) {
    const { files, acksBefore } = recorded.build(at, random);
    const data = files.get('data') ?? Buffer.alloc(0);
    if (acksBefore.some((_, n) => data[n * 100 + 99] !== n + 1)) caught++;
  }
  t.ok(caught > 20, `${caught} of 100 images lack something acknowledged`);
});

t.test('images repeat: the same crash point and seed, forwards and backwards', async (t) => {
  const { disk, trace } = folders(t);
  run(program(LOGS, 15), { root: disk, trace });
  const forwards = DiskTrace.read(trace);
  const backwards = DiskTrace.read(trace);
  const points = forwards.crashPoints(60, new Random(1));
  const build = (from: DiskTrace, at: number) => from.build(at, new Random(at)).files;
  const first = new Map(points.map((at) => [at, build(forwards, at)]));
  for (const at of points.reverse())
    t.strictSame(build(backwards, at), first.get(at), `cut at ${at}`);
});

t.test('a rename without a sync of its folder may be lost, with it never', async (t) => {
  const { disk, trace } = folders(t);
  const code = `
    import * as fs from 'node:fs';
    const save = (text, syncFolder) => {
      const file = fs.openSync('new', 'w');
      fs.writeSync(file, text);
      fs.fsyncSync(file);
      fs.closeSync(file);
      fs.renameSync('new', 'kept');
      if (!syncFolder) return;
      const folder = fs.openSync('.', 'r');
      fs.fsyncSync(folder);
      fs.closeSync(folder);
    };
    save('first', true);
    fs.appendFileSync('acks', '1');
    save('second', false);
    fs.unlinkSync('kept');
  `;
  t.equal(run(code, { root: disk, trace }).stderr, '');
  const recorded = DiskTrace.read(trace);
  const after = recorded.acks[0]?.index ?? 0;
  const random = new Random(SEED);
  const seen = new Set<string>();
  for (let at = after; at <= recorded.ops.length; at++) {
    for (let n = 0; n < 40; n++)
      seen.add(recorded.build(at, random).files.get('kept')?.toString() ?? 'gone');
  }
  t.strictSame([...seen].sort(), ['first', 'gone', 'second']);
  const synced = new Set<string | undefined>();
  for (let n = 0; n < 100; n++)
    synced.add(recorded.build(after, random).files.get('kept')?.toString());
  t.strictSame([...synced], ['first']);
});

t.test('every synced byte is in every image; unsynced ones come and go by sectors', async (t) => {
  const { disk, trace } = folders(t);
  const code = `
    import * as fs from 'node:fs';
    const file = fs.openSync('data', 'w');
    fs.writeSync(file, Buffer.alloc(2048, 1));
    fs.fdatasyncSync(file);
    fs.writeSync(file, Buffer.alloc(2048, 2));
    fs.writeSync(file, Buffer.alloc(1024, 3), 0, 1024, 0);
    fs.ftruncateSync(file, 3000);
  `;
  t.equal(run(code, { root: disk, trace }).stderr, '');
  const recorded = DiskTrace.read(trace);
  const random = new Random(SEED);
  const lengths = new Set<number>();
  const mixes = new Set<string>();
  for (let n = 0; n < 500; n++) {
    const data = recorded.build(recorded.ops.length, random).files.get('data') ?? Buffer.alloc(0);
    const sectors: string[] = [];
    for (let at = 0; at < data.length; at += 512)
      sectors.push([...new Set(data.subarray(at, at + 512))].join('+'));
    lengths.add(data.length);
    mixes.add(sectors.slice(0, 4).join(' '));
  }
  // The third write covers two synced sectors; the other two are never touched, and none is torn.
  t.strictSame([...mixes].sort(), ['1 1 1 1', '1 3 1 1', '3 1 1 1', '3 3 1 1']);
  t.ok(
    lengths.has(2048) &&
      lengths.has(3000) &&
      lengths.has(4096) &&
      [...lengths].every((n) => n >= 2048 && n <= 4096),
  );
});

// ---- the disk refuses ----

/** [counted call, what it is, what the program then says]; calls 1-3 are those of open, 4-6 the first commit. */
const REFUSALS: readonly (readonly [number, string, string])[] = [
  [2, 'sync', 'open threw CODE'],
  [3, 'synchronous write', 'open threw CODE'],
  // The transaction is aborted and the next one may succeed: only the engine's latch stops it. Two rejections that
  // nobody can handle follow the put's own: lmdb-js's inner promise, and the cause (error.commitError).
  [4, 'write', 'put 1 rejected, unhandled Commit failed, unhandled CODE'],
  [5, 'sync', 'put 1 rejected, unhandled Commit failed, unhandled CODE'],
  // MDB_PANIC from here on: puts neither resolve nor reject.
  [
    6,
    'synchronous write',
    'put 1 rejected, unhandled Commit failed, unhandled CODE, put 2 pending',
  ],
];

for (const [errno, code] of [
  ['EIO', '5'],
  ['ENOSPC', '28'],
] as const) {
  for (const [failAt, kind, says] of REFUSALS) {
    t.test(`${errno} at call ${failAt}, a ${kind}: ${says}`, async (t) => {
      const { disk, countFile } = folders(t);
      const child = run(program(['one.mdb'], 4), { root: disk, failAt, errno, countFile });
      const counts = readCounts(countFile);
      t.equal(counts.failures > 0 && counts.firstFailure?.kind, kind);
      t.equal(child.stdout.trim().split('\n').join(', '), says.replace('CODE', code));
      t.strictSame(
        await lost(disk, ['one.mdb'], toldIn(disk)),
        [],
        'opens on the good disk with everything acknowledged',
      );
    });
  }
}

t.test('lmdb-js dies when the first header of a new file cannot be written', async (t) => {
  const { disk } = folders(t);
  t.equal(run(program(['one.mdb'], 1), { root: disk, failAt: 1 }).signal, 'SIGSEGV');
});

t.test('lmdb-js dies of a file whose making a power cut interrupted', async (t) => {
  const { disk } = folders(t);
  writeFileSync(join(disk, 'one.mdb'), Buffer.alloc(8192)); // the length survived, the first header did not
  t.equal(run(program(['one.mdb'], 1), { root: disk }).signal, 'SIGSEGV');
});

t.test(
  'a full disk stays full, a write may be short, a failure may come late: nothing told is lost',
  async (t) => {
    for (const how of ['refuse', 'short', 'late'] as const) {
      for (const failAt of [7, 8, 9]) {
        const { disk, countFile } = folders(t);
        const child = run(program(['one.mdb'], 5), {
          root: disk,
          failAt,
          errno: 'ENOSPC',
          how,
          sticky: true,
          countFile,
        });
        t.match(child.stdout, /put \d rejected/, `${how} at call ${failAt}`);
        const acks = toldIn(disk);
        t.ok(acks.length >= 1 && acks.length < 5);
        t.strictSame(await lost(disk, ['one.mdb'], acks), []);
        t.ok(readCounts(countFile).failures >= 1);
      }
    }
  },
);

t.test('only matching files are counted, and counting alone changes nothing', async (t) => {
  const { disk, countFile } = folders(t);
  const child = run(program(LOGS, 3), {
    root: disk,
    failAt: 1,
    sticky: true,
    match: 'elsewhere',
    countFile,
  });
  t.equal(child.stdout + child.stderr, '');
  t.strictSame(readCounts(countFile), { calls: 0, failures: 0, firstFailure: undefined });
  run(program(LOGS, 3), { root: disk, match: 'two.mdb', countFile });
  t.ok(readCounts(countFile).calls >= 9);
});

/** What the program under test was told, from its own file. */
function toldIn(folder: string): Buffer[] {
  const path = join(folder, 'acks');
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const acks: Buffer[] = [];
  for (let at = 0; at + 2 <= bytes.length; at += 2) acks.push(bytes.subarray(at, at + 2));
  return acks;
}
