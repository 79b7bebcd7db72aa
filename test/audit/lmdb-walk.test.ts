// The walk through LMDB's pages: whole files have no fault, whatever is done to one is an answer.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { walkFile } from '../../engine/audit/lmdb-walk.js';
import { Log } from '../../engine/store/log.js';
import { StateStore } from '../../engine/store/state.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';

const PAGE = 4096;
const META = { lastPage: 144, transaction: 152 };

/** The number of the page whose meta counts. */
function latest(bytes: Buffer): number {
  const [a, b] = [0, 1].map((page) => bytes.readBigUInt64LE(page * PAGE + META.transaction));
  return a! > b! ? 0 : 1;
}

t.test('whole files, small and large, with values beside the tree and much freed', async (t) => {
  const home = temporaryFolder(t);
  const random = new Random(5);
  const logPath = join(home, 'log.mdb');
  const log = Log.open(logPath);
  for (let seq = 1; seq <= 150; seq++) {
    await log.append(seq, new Uint8Array(8 + random.int(seq % 20 === 0 ? 60_000 : 3_000)));
  }
  await log.close();
  t.match(walkFile(logPath), { faults: [], entries: 150 });

  const statePath = join(home, 'state.mdb');
  const store = StateStore.open(statePath);
  for (let round = 0; round < 12; round++) {
    const pages = Array.from(
      { length: 60 },
      () => [random.int(500), new Uint8Array(random.int(9_000))] as const,
    );
    const chunks = Array.from(
      { length: 5 },
      () => [`ids-${random.int(40)}-0`, new Uint8Array(random.int(40_000))] as const,
    );
    const removeChunks = Array.from({ length: 5 }, () => `ids-${random.int(40)}-0`);
    await store.write({ pages, chunks, removeChunks });
    const walked = walkFile(statePath);
    t.same(walked.faults, [], `round ${round}`);
    t.ok(walked.used + walked.free <= walked.pages);
  }
  await store.close();
  t.ok(walkFile(statePath).free > 0);
});

t.test('faults that LMDB would not notice', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(6));
  const path = join(folder, 'shard-000', 'state.mdb');
  const whole = readFileSync(path);
  const walk = (change: (bytes: Buffer, meta: number) => void): readonly string[] => {
    const bytes = Buffer.from(whole);
    change(bytes, latest(bytes) * PAGE);
    writeFileSync(path, bytes);
    return walkFile(path).faults;
  };
  const u64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));
  t.same(
    walk(() => {}),
    [],
  );

  // The free list is a leaf of one or a few records, each a count and page numbers.
  const used = walkFile(path);
  const inList = walk((bytes, meta) => {
    const root = u64(bytes, meta + 48 + 40) * PAGE;
    const main = u64(bytes, meta + 96 + 40);
    const node = root + 24 + bytes.readUInt16LE(root + 24);
    const ids = node + 8 + bytes.readUInt16LE(node + 6);
    for (let i = 1; i <= u64(bytes, ids); i++) {
      if (bytes.readBigInt64LE(ids + i * 8) <= 0n) continue;
      bytes.writeBigInt64LE(BigInt(main), ids + i * 8);
      return;
    }
    throw new Error('an empty free list');
  });
  t.ok(used.free > 0);
  t.match(inList[0], /page \d+ is also in the free list|page \d+: twice in the free list/);
  t.match(
    walk((bytes, meta) => bytes.writeBigUInt64LE(3n, meta + META.lastPage)),
    [/page|names/],
  );
  t.match(
    walk((bytes, meta) => bytes.writeBigUInt64LE(2n ** 50n, meta + META.lastPage)),
    [/names 1125899906842625 pages, and the file has \d+/],
  );
  t.match(
    walk((bytes, meta) => bytes.writeBigUInt64LE(9n, u64(bytes, meta + 96 + 40) * PAGE)),
    [/says that it is 9/],
  );
  t.match(
    walk((bytes, meta) => bytes.writeBigUInt64LE(7n, meta + 96 + 32)),
    [/main: has 3 entries, and its record says 7/],
  );
  t.match(
    walk((bytes) => bytes.writeUInt32LE(7, 24)),
    [/page 0: is not that of an LMDB file/],
  );
  writeFileSync(path, whole.subarray(0, whole.length - 3 * PAGE));
  t.not(walkFile(path).faults.length, 0, 'cut short');
  writeFileSync(path, whole.subarray(0, 100));
  t.match(walkFile(path).faults, [/too short/]);
  writeFileSync(path, '');
  t.match(walkFile(path).faults, [/too short/]);
  t.match(walkFile(join(home, 'none')).faults, [/ENOENT/]);
});

t.test('it ends, without an exception, whatever the bytes are', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(7));
  const path = join(home, 'changed');
  const whole = ['log.mdb', 'state.mdb'].map((name) =>
    readFileSync(join(folder, 'shard-000', name)),
  );
  const cases = campaign({ name: 'changed LMDB files', long: 20_000, sample: 50 });
  let faulty = 0;
  await cases.run((seed) => {
    const random = new Random(seed);
    const bytes = Buffer.from(random.pick(whole));
    for (let n = 1 + random.int(4); n > 0; n--) {
      // Heads of pages and nodes are where it matters.
      const at = random.chance(0.7)
        ? random.int(bytes.length / PAGE) * PAGE + random.int(200)
        : random.int(bytes.length);
      const wide = random.chance(0.3) && at + 8 <= bytes.length;
      if (wide) bytes.writeBigUInt64LE(BigInt(random.int(2 ** random.int(53))), at);
      else bytes[at] = random.int(256);
    }
    writeFileSync(path, bytes);
    const began = performance.now();
    if (walkFile(path).faults.length > 0) faulty++;
    if (performance.now() - began > 5_000) throw new Error('it took too long');
  });
  t.ok(faulty > 0);
});
