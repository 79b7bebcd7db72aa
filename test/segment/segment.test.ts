// Segments as files: every block as it was, every changed byte found or harmless, nothing written that does not follow.

import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { DAY_MS } from '../../engine/limits.js';
import { BlockView } from '../../engine/protocol/block.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { sealNext } from '../../engine/sealing/seal.js';
import { shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { checkSegment, readFacts } from '../../engine/store/segment/check.js';
import { SegmentFile } from '../../engine/store/segment/file.js';
import {
  manifestPath,
  readManifest,
  type SegmentEntry,
  segmentName,
  writeManifest,
} from '../../engine/store/segment/manifest.js';
import { hasOwner, OwnerHashes } from '../../engine/store/segment/owners.js';
import { enterSegment, prepareSegment } from '../../engine/store/segment/sealing.js';
import { SegmentWriter } from '../../engine/store/segment/writer.js';
import { hashOf, verifiedBlock } from '../../engine/store/verified-block.js';
import { makeFolder } from '../audit/maker.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { cutLog, sealFolder } from './sealed.js';

const home = temporaryFolder(t);
const base = join(home, 'base');
await makeFolder(base, new Random(25), {
  ...{ batches: 60, commandsPerBatch: 8, checkpoints: [20, 50] },
});
const blocks: Uint8Array[] = [];
{
  const log = Log.open(shardLogPath(base, 0), { readOnly: true });
  for (let seq = 1; seq <= log.headSeq(); seq++) blocks.push(log.read(seq) as Uint8Array);
  await log.close();
}
const views = blocks.map((bytes) => new BlockView(bytes));
const sum = blocks.reduce((all, { length }) => all + length, 0);
let copies = 0;
const copied = (): string => {
  const to = join(home, `copy-${++copies}`);
  cpSync(base, to, { recursive: true });
  return to;
};
const isSame = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;

t.test('a log is the same log, whatever part of it is in segments', async (t) => {
  await campaign({ name: 'sealed logs', long: 200, sample: 4 }).run(async (seed) => {
    const random = new Random(seed);
    const folder = copied();
    const through = 1 + random.int(blocks.length - 1);
    const bytes = 1 + random.int(sum);
    const writer = Log.open(shardLogPath(folder, 0));
    const reader = Log.open(shardLogPath(folder, 0), { readOnly: true });
    const entries = await sealFolder(folder, 0, through, bytes, false);
    t.equal(entries.at(-1)?.last, through);
    for (const cut of [false, true]) {
      if (cut) await cutLog(writer);
      // One that was open all the time, and a new one.
      const fresh = Log.open(shardLogPath(folder, 0), { readOnly: true });
      for (const log of [writer, reader, fresh]) {
        t.equal(log.firstSeq(), 1);
        t.equal(log.headSeq(), blocks.length);
        t.equal(log.tailSeq(), cut ? through + 1 : 1);
        const wrong = Array.from({ length: 300 }, () => random.int(blocks.length) + 1).filter(
          (seq) => !isSame(log.read(seq), blocks[seq - 1]),
        );
        t.same(wrong, []);
        t.same([log.read(0), log.read(blocks.length + 1)], [undefined, undefined]);
      }
      await fresh.close();
    }
    await reader.close();
    await writer.close();
  });
});

t.test('an entry says what is in its segment', async (t) => {
  const folder = copied();
  const entries = await sealFolder(folder, 0, blocks.length - 1, Math.ceil(sum / 4));
  t.ok(entries.length >= 3);
  const inside = dirname(shardLogPath(folder, 0));
  let commands = 0;
  for (const entry of entries) {
    const { first, last } = entry;
    const part = views.slice(first - 1, last);
    const path = join(inside, 'segments', segmentName(first));
    t.match(entry, {
      rawBytes: part.reduce((all, { bytes }) => all + bytes.length, 0),
      commands: part.reduce((all, { header }) => all + header.count, 0),
      fromTime: part[0]?.header.time,
      toTime: part.at(-1)?.header.time,
      previousHash: Buffer.from(part[0]!.previousHash).toString('hex'),
      lastHash: Buffer.from(part.at(-1)!.hash).toString('hex'),
      digest: hashOf(readFileSync(path)).toString('hex'),
      bytes: readFileSync(path).length,
    });
    t.ok(entry.bytes < entry.rawBytes, `${entry.bytes} of ${entry.rawBytes}`);
    t.same(await readFacts(path, 0, first), entry, 'the file says the same of itself');
    const file = new SegmentFile(path, 0, first);
    const owners = new Set(
      part.flatMap(({ effects }) => {
        const found: string[] = [];
        for (let at = 0; at < effects.u8.length; at += effects.recordLength(at))
          found.push(...effects.entries(at).map(({ owner }) => owner));
        return found;
      }),
    );
    t.ok([...owners].every((owner) => hasOwner(file.owners(), ownerHash(owner))));
    t.notOk(hasOwner(file.owners(), ownerHash('nobody')));
    file.close();
    commands += entry.commands;
  }
  t.equal(
    commands,
    views.slice(0, -1).reduce((all, { header }) => all + header.count, 0),
  );
});

t.test('a changed byte is found, or what is read is as it was', async (t) => {
  const folder = copied();
  const [entry] = (await sealFolder(folder, 0, 30, sum, false)) as [SegmentEntry];
  const path = join(dirname(shardLogPath(folder, 0)), 'segments', segmentName(1));
  const whole = readFileSync(path);
  let isFound = 0;
  await campaign({ name: 'flips in a segment', long: 10_000, sample: 400 }).run(async (seed) => {
    const random = new Random(seed);
    const changed = Buffer.from(whole);
    const at = random.int(whole.length);
    changed[at]! ^= 1 << random.int(8);
    writeFileSync(path, changed);
    await checkSegment(path, entry).then(
      () => t.fail(`byte ${at} was not found`),
      () => isFound++,
    );
    try {
      const file = new SegmentFile(path, 0, 1);
      const seq = 1 + random.int(30);
      const read = file.block(seq, (place) => file.expand(place));
      if (!isSame(read, blocks[seq - 1])) verifiedBlock(read, seq);
      file.close();
    } catch (error) {
      if ((error as Error).name !== 'CorruptionError') throw error;
    }
  });
  t.comment(`${isFound} found`);
  for (const length of [0, 1, 63, 319, 320, whole.length - 1]) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    await t.rejects(checkSegment(path, entry), { name: 'CorruptionError' }, `${length} bytes`);
    t.throws(() => new SegmentFile(path, 0, 1), { name: 'CorruptionError' });
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
  await t.rejects(checkSegment(path, entry), { name: 'CorruptionError' });
  writeFileSync(path, whole);
  await checkSegment(path, entry);
  const lies: readonly Partial<SegmentEntry>[] = [
    ...[{ last: 29 }, { commands: 1 }, { rawBytes: 1 }, { fromTime: 1 }, { toTime: 1 }],
    ...[{ digest: '00'.repeat(32) }, { lastHash: '00'.repeat(32) }, { bytes: 1 }],
    ...[{ previousHash: '11'.repeat(32) }, { shard: 1 }, { first: 2 }],
  ];
  for (const lie of lies)
    await t.rejects(
      checkSegment(path, { ...entry, ...lie }),
      `${JSON.stringify(lie)} is no entry of it`,
    );
});

t.test('a flipped manifest is no manifest', async (t) => {
  const folder = copied();
  await sealFolder(folder, 0, 40, Math.ceil(sum / 6), false);
  const segments = join(dirname(shardLogPath(folder, 0)), 'segments');
  const file = manifestPath(segments);
  const whole = readFileSync(file);
  const random = new Random(7);
  for (let n = 0; n < 300; n++) {
    const changed = Buffer.from(whole);
    changed[random.int(whole.length - 1)]! ^= 1 << random.int(8);
    writeFileSync(file, changed);
    let read: readonly SegmentEntry[] | undefined;
    try {
      read = readManifest(segments);
    } catch (error) {
      t.match(error, { name: 'CorruptionError' });
    }
    if (read !== undefined) t.equal(changed.toString(), whole.toString());
  }
  writeFileSync(file, whole);
  const entries = readManifest(segments);
  t.throws(() => writeManifest(segments, entries.toSpliced(1, 1)), /does not follow/);
  writeFileSync(file, JSON.stringify({ format: 2, segments: [], crc: 0 }));
  t.throws(() => readManifest(segments), /format 2, and this program knows format 1/);
});

t.test('what does not follow is not written; what an ended sealing left goes', async (t) => {
  const folder = join(home, 'segments');
  const made = (): SegmentWriter =>
    new SegmentWriter(prepareSegment(folder, 1), 0, 1, views[0]!.previousHash);
  const rows: readonly (readonly [string, readonly number[], RegExp])[] = [
    ['a gap', [0, 2], /block 3: does not follow block 1/],
    ['twice', [0, 0], /block 1: does not follow block 1/],
    ['not the first', [1], /block 2: does not follow block 0/],
  ];
  for (const [what, places, expected] of rows) {
    const writer = made();
    t.throws(
      () => {
        for (const place of places) writer.add(views[place]!);
      },
      expected,
      what,
    );
    writer.abandon();
  }
  const other = new SegmentWriter(prepareSegment(folder, 1), 1, 1, views[0]!.previousHash);
  t.throws(() => other.add(views[0]!), /belongs to shard 0/);
  other.abandon();
  const chain = new SegmentWriter(prepareSegment(folder, 1), 0, 1, new Uint8Array(32).fill(1));
  t.throws(() => chain.add(views[0]!), /the hash chain is broken/);
  chain.abandon();
  writeFileSync(join(folder, segmentName(1)), 'left');
  writeFileSync(join(folder, `${segmentName(5)}.new`), 'left');
  const writer = made();
  t.same(readdirSync(folder), [`${segmentName(1)}.new`]);
  for (const view of views.slice(0, 5)) writer.add(view);
  const places: string[] = [];
  const entry = await enterSegment(
    folder,
    writer,
    async () => {},
    (place) => void places.push(place),
  );
  t.same(places, ['seal-written', 'seal-checked', 'seal-renamed', 'seal-entered']);
  t.same(readManifest(folder), [entry]);
  t.ok(existsSync(join(folder, segmentName(1))));
  writeFileSync(join(folder, segmentName(9)), 'of a manifest that was lost');
  t.throws(() => prepareSegment(folder, 6), /is not in the manifest: run jifen fsck/);
  t.ok(existsSync(join(folder, segmentName(9))), 'nothing is removed that is not its own');
});

t.test(
  'a sealing that is stopped leaves nothing, and no lost manifest is taken for none',
  async (t) => {
    const folder = copied();
    const task = { folder, shard: 0, through: 20, bytes: sum, ms: DAY_MS * 10_000 };
    const stop = new SharedArrayBuffer(4);
    Atomics.store(new Int32Array(stop), 0, 1);
    t.equal(await sealNext({ ...task, stop }), undefined);
    const segments = join(dirname(shardLogPath(folder, 0)), 'segments');
    t.same(readdirSync(segments), []);
    await sealFolder(folder, 0, 20, sum);
    rmSync(manifestPath(segments));
    const again = { ...task, through: 40, stop: new SharedArrayBuffer(4) };
    await t.rejects(sealNext(again), /block 1: is in no segment, and not in the database/);
    t.same(readdirSync(segments), [segmentName(1)]);
  },
);

t.test('owners in any number', async (t) => {
  const random = new Random(3);
  const owners = new OwnerHashes();
  const all = new Set<number>();
  for (let n = 0; n < 40_000; n++) {
    const hash = n % 3 === 0 ? random.int(1_000) : random.next();
    owners.add(hash);
    all.add(hash);
  }
  const bytes = owners.bytes();
  t.equal(bytes.length, all.size * 4);
  t.ok([...all].every((hash) => hasOwner(bytes, hash)));
  const absent = Array.from({ length: 1_000 }, () => random.next()).filter((one) => !all.has(one));
  t.notOk(absent.some((hash) => hasOwner(bytes, hash)));
  t.notOk(hasOwner(new Uint8Array(0), 1));
});
