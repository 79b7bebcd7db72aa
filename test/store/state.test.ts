import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CorruptionError } from '../../engine/store/errors.js';
import { StateStore } from '../../engine/store/state.js';
import { Random } from '../random.js';

function bytes(seed: number, length: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.int(256));
}

const same = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && Buffer.compare(one, other) === 0;

const path = (t: { testdir(): string }): string => join(t.testdir(), 'shard-000', 'state.mdb');

t.test('pages, chunks and the root come back as they were', async (t) => {
  const file = path(t);
  const store = StateStore.open(file);
  t.equal(store.readRoot(), undefined);
  t.equal(store.readPage(0), undefined);
  t.equal(store.readChunk('ids-1-0'), undefined);
  const page = bytes(1, 16_384);
  const chunk = bytes(2, 100_001);
  await store.write({
    pages: [
      [0, page],
      [2 ** 32 - 1, bytes(3, 1)],
      [7, new Uint8Array(0)],
    ],
    chunks: [
      ['ids-1-0', chunk],
      ['directory-0-1', bytes(4, 3)],
    ],
  });
  await store.writeRoot(bytes(5, 200));
  await store.write({});
  for (const opened of [store, StateStore.open(file, { readOnly: true })]) {
    const read = opened.readPage(0) as Uint8Array;
    t.ok(same(read, page));
    t.equal(read.byteOffset, 0);
    t.equal(read.buffer.byteLength, page.length);
    t.ok(same(opened.readPage(2 ** 32 - 1), bytes(3, 1)));
    t.ok(same(opened.readPage(7), new Uint8Array(0)));
    t.ok(same(opened.readChunk('ids-1-0'), chunk));
    t.ok(same(opened.readRoot(), bytes(5, 200)));
    t.same([...opened.chunkKeys()], ['directory-0-1', 'ids-1-0']);
    t.same([...opened.pageKeys()], [0, 7, 2 ** 32 - 1]);
    if (opened !== store) {
      t.throws(() => opened.write({}), /not open for writing/);
      await opened.close();
    }
  }
  t.ok(store.bytes() > 100_000);
  await store.write({
    pages: [[0, bytes(6, 9)]],
    removeChunks: ['ids-1-0', 'never-there'],
  });
  t.equal(store.readChunk('ids-1-0'), undefined);
  t.ok(same(store.readPage(0), bytes(6, 9)));
  await store.close();
  t.throws(() => store.writeRoot(page), /not open for writing/);
});

t.test('writes may overlap: each is made of its own bytes', async (t) => {
  const store = StateStore.open(path(t));
  const writes: Promise<void>[] = [];
  for (let write = 0; write < 20; write += 1) {
    const pages = [0, 1, 2].map((n) => [write * 3 + n, bytes(write * 3 + n, 5_000)] as const);
    writes.push(store.write({ pages }));
    writes.push(store.writeRoot(bytes(1_000 + write, 50)));
  }
  await Promise.all(writes);
  for (let key = 0; key < 60; key += 1) t.ok(same(store.readPage(key), bytes(key, 5_000)));
  t.ok(same(store.readRoot(), bytes(1_019, 50)));
  await store.close();
});

t.test('a copy while it runs', async (t) => {
  const file = path(t);
  const store = StateStore.open(file);
  await store.write({ pages: [[1, bytes(1, 3_000)]] });
  await store.writeRoot(bytes(2, 30));
  const to = join(t.testdirName, 'to', 'state.mdb');
  await Promise.all([store.backup(to), store.write({ pages: [[2, bytes(3, 3_000)]] })]);
  await t.rejects(store.backup(to), /exists already/);
  const copy = StateStore.open(to);
  t.ok(same(copy.readRoot(), bytes(2, 30)));
  t.ok(same(copy.readPage(1), bytes(1, 3_000)));
  await Promise.all([copy.close(), store.close()]);
});

t.test('E3: changed bytes are never returned', async (t) => {
  const file = path(t);
  const values: readonly (readonly [string, Uint8Array, (s: StateStore) => unknown])[] = [
    ['page 3', bytes(11, 16_384), (store) => store.readPage(3)],
    ['chunk ids-1-0', bytes(12, 70_000), (store) => store.readChunk('ids-1-0')],
    ['root', bytes(13, 120), (store) => store.readRoot()],
  ];
  const store = StateStore.open(file);
  const [page, chunk, root] = values.map(([, value]) => value) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  await store.write({ pages: [[3, page]], chunks: [['ids-1-0', chunk]] });
  await store.writeRoot(root);
  await store.close();
  const whole = readFileSync(file);
  for (const [name, value, read] of values) {
    const at = whole.indexOf(value.subarray(0, 64));
    t.ok(at > 0, `${name} is in the file`);
    // A byte of it, and a byte of the CRC after it.
    for (const place of [at, at + value.length - 1, at + value.length, at + value.length + 3]) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] as number) ^ 0x10;
      writeFileSync(file, damaged);
      const opened = StateStore.open(file, { readOnly: true });
      t.throws(() => read(opened), { name: 'CorruptionError', environment: file, key: name });
      await opened.close();
    }
  }
});

t.test('E3: a value under another key is not taken for that one', async (t) => {
  const file = path(t);
  let store = StateStore.open(file);
  await store.write({
    pages: [
      [0x41424344, bytes(1, 900)],
      [0x41424345, bytes(2, 900)],
    ],
  });
  await store.close();
  // Exchange the values where they lie: same lengths, both with their own CRCs.
  const whole = readFileSync(file);
  const [one, other] = [1, 2].map((seed) => whole.indexOf(bytes(seed, 900))) as [number, number];
  const kept = Buffer.from(whole.subarray(one, one + 904));
  whole.copy(whole, one, other, other + 904);
  kept.copy(whole, other);
  writeFileSync(file, whole);
  store = StateStore.open(file, { readOnly: true });
  t.throws(() => store.readPage(0x41424344), CorruptionError);
  t.throws(() => store.readPage(0x41424345), CorruptionError);
  await store.close();
});
