import t from 'tap';
import { CorruptionError } from '../../engine/store/errors.js';
import { Found, IdColumns } from '../../engine/store/id-columns.js';
import { filterHash, IdFilter } from '../../engine/store/id-filter.js';
import { IdIndex } from '../../engine/store/id-index.js';
import { IdTable, TableScan } from '../../engine/store/id-table.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

type Key = readonly [hi: number, lo: number];
type Position = readonly [seq: number, offset: number];

/** The state environment's chunks, in memory. */
class Disk {
  readonly chunks = new Map<string, Uint8Array>();

  readChunk(key: string): Uint8Array | undefined {
    const bytes = this.chunks.get(key);
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  chunkKeys(): Iterable<string> {
    return [...this.chunks.keys(), 'directory-0-1'];
  }

  write(chunks: readonly (readonly [string, Uint8Array])[]): void {
    for (const [key, bytes] of chunks) {
      if (this.chunks.has(key)) throw new Error(`I2: ${key} is written twice`);
      this.chunks.set(key, bytes);
    }
  }
}

/** What the index should hold: positions by key, oldest first. */
class Model {
  readonly #positions: Map<string, Position[]>;
  count = 0;

  constructor(other?: Model) {
    this.#positions = new Map(other === undefined ? [] : other.#positions);
    this.count = other?.count ?? 0;
  }

  add([hi, lo]: Key, position: Position): void {
    const at = `${hi},${lo}`;
    this.#positions.set(at, [...(this.#positions.get(at) ?? []), position]);
    this.count += 1;
  }

  find([hi, lo]: Key): Position[] {
    return (this.#positions.get(`${hi},${lo}`) ?? []).toReversed();
  }
}

/** One index with its model, through checkpoints, restarts and crashes. */
class Trial {
  readonly #random: Random;
  readonly #disk = new Disk();
  readonly #cacheBytes: number;
  readonly #keys: Key[] = [];
  #index: IdIndex;
  #model = new Model();
  #frozenModel = new Model();
  #root: Uint8Array | undefined;
  #rootModel = new Model();
  #phase: 'idle' | 'frozen' | 'done' = 'idle';
  #seq = 1;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#cacheBytes = this.#random.pick([10_000, 1_000_000, 100_000_000]);
    this.#index = this.#load();
  }

  run(steps: number): void {
    const random = this.#random;
    for (let step = 0; step < steps; step += 1) {
      const what = random.int(1_000);
      if (what < 12) this.#freeze();
      else if (what < 80) this.#step();
      else if (what < 100) this.#publish();
      else if (what < 104) this.#crash();
      else if (what < 125) this.#addMany(random.int(1_200));
      else this.#one();
    }
    if (this.#index.count() !== this.#model.count) throw new Error('count differs');
    for (const key of this.#keys) this.#check(key);
  }

  #load(): IdIndex {
    return IdIndex.load(this.#root, this.#disk, { cacheBytes: this.#cacheBytes });
  }

  #freeze(): void {
    if (this.#phase !== 'idle') return;
    this.#index.freeze(this.#random.chance(0.9));
    this.#frozenModel = new Model(this.#model);
    this.#phase = 'frozen';
    // Log positions far beyond 32 bits.
    if (this.#random.chance(0.2)) this.#seq += 2 ** 33;
  }

  #step(): void {
    if (this.#phase !== 'frozen') return;
    const { chunks, done } = this.#index.step(this.#random.pick([0, 0, 0.3, 100]));
    this.#disk.write(chunks);
    if (done) this.#phase = 'done';
  }

  #publish(): void {
    if (this.#phase !== 'done') return;
    this.#root = this.#index.describe();
    this.#rootModel = this.#frozenModel;
    if (this.#random.chance(0.1)) {
      // The root is durable, what follows is not.
      this.#crash();
      return;
    }
    const removed = this.#index.publish();
    this.#phase = 'idle';
    // A crash may come before all are removed: the next start finds them.
    for (const key of removed) if (this.#random.chance(0.99)) this.#disk.chunks.delete(key);
  }

  #crash(): void {
    this.#index = this.#load();
    this.#model = new Model(this.#rootModel);
    this.#phase = 'idle';
  }

  #addMany(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const key: Key = [this.#random.next(), this.#random.next()];
      this.#add(key);
      if (n % 100 === 0) this.#keys.push(key);
    }
  }

  #one(): void {
    const key = this.#key();
    this.#check(key);
    if (this.#random.chance(0.5)) {
      this.#add(key);
      this.#keys.push(key);
      this.#check(key);
    }
  }

  /** Often one that exists, and often neighbours: equal hi, equal lo, the ends of the range. */
  #key(): Key {
    const random = this.#random;
    const kind = random.int(10);
    if (kind < 3 && this.#keys.length > 0) return random.pick(this.#keys);
    if (kind < 5) return [random.int(4) * 0x40000000, random.int(3)];
    if (kind < 7) return [0xffffffff, 0xffffffff - random.int(50)];
    return [random.next(), random.next()];
  }

  #add(key: Key): void {
    if (this.#random.chance(0.2)) this.#seq += 1;
    const position = [this.#seq, this.#random.next()] as const;
    this.#index.add(key[0], key[1], ...position);
    this.#model.add(key, position);
  }

  #check(key: Key): void {
    const index = this.#index;
    // Signed or not makes no difference.
    const signed = this.#random.chance(0.5);
    const found = signed ? index.find(key[0] | 0, key[1] | 0) : index.find(key[0], key[1]);
    const want = this.#model.find(key);
    const got = want.map((_, at) => [index.foundSeq[at], index.foundOffset[at]]);
    if (found !== want.length || JSON.stringify(got) !== JSON.stringify(want)) {
      throw new Error(`I1: ${key}: ${found} found ${got}, not ${want.length} ${want}`);
    }
  }
}

t.test('I1, I2: as a map, through checkpoints, restarts and crashes', async (t) => {
  const cases = campaign({ name: 'ids agree with a map', long: 500, sample: 13 });
  await cases.run((seed) => new Trial(seed).run(1_200));
  t.pass(`${cases.count} cases`);
});

t.test('many checkpoints: few runs, and nothing left over', async (t) => {
  const disk = new Disk();
  const random = new Random(1);
  const index = IdIndex.load(undefined, disk, { cacheBytes: 10_000_000 });
  let most = 0;
  for (let round = 1; round <= 60; round += 1) {
    for (let n = 0; n < 500; n += 1) index.add(random.next(), random.next(), round, n);
    index.freeze();
    for (let done = false; !done; ) {
      const step = index.step(0);
      disk.write(step.chunks);
      done = step.done;
    }
    const root = index.describe();
    for (const key of index.publish()) disk.chunks.delete(key);
    most = Math.max(most, index.runCount());
    if (round % 20 === 0) {
      const loaded = IdIndex.load(root, disk, { cacheBytes: 10_000_000 });
      t.equal(loaded.count(), round * 500);
      t.equal(loaded.runCount(), index.runCount());
    }
  }
  t.ok(most <= 8, `at most ${most} runs`);
  const runs = new Set([...disk.chunks.keys()].map((key) => key.split('-')[1]));
  t.equal(runs.size, index.runCount(), 'chunks of no other run');
  t.equal(index.count(), 30_000);
  t.ok(index.memoryBytes() > index.unsavedBytes());
});

t.test('the steps of a checkpoint, in order only', async (t) => {
  const index = new IdIndex(new Disk(), { cacheBytes: 1_000_000 });
  t.throws(() => index.step(1), /no checkpoint is under way/);
  t.throws(() => index.publish(), /no checkpoint is under way/);
  index.freeze();
  t.throws(() => index.freeze(), /under way/);
  t.same(index.step(1), { chunks: [], done: true }, 'nothing was added');
  t.same(index.publish(), []);
  index.add(1, 2, 3, 4);
  t.throws(() => index.add(1, 2, 2, 4), /does not follow/);
  index.freeze();
  t.throws(() => index.publish(), /not done/);
  t.equal(index.find(1, 2), 1);
});

t.test('memory: when a checkpoint is due, and what a small cache does', async (t) => {
  const random = new Random(2);
  const disk = new Disk();
  const index = new IdIndex(disk, { cacheBytes: 1_000_000 });
  t.notOk(index.isFull());
  const keys: Key[] = [];
  for (let n = 0; n < 12_000; n += 1) {
    const key: Key = [random.next(), random.next()];
    keys.push(key);
    index.add(key[0], key[1], 1, n);
  }
  t.ok(index.isFull());
  for (let n = 0; n < 20_000; n += 1) index.add(random.next(), random.next(), 1, n);
  t.ok(index.isOverfull());
  index.freeze();
  t.notOk(index.isFull());
  for (let done = false; !done; ) {
    const step = index.step(5);
    disk.write(step.chunks);
    done = step.done;
  }
  const root = index.describe();
  index.publish();
  t.ok(index.unsavedBytes() < 400_000);
  // Too small for the filter: look-ups read the chunk instead.
  const small = IdIndex.load(root, disk, { cacheBytes: 100_000 });
  const large = IdIndex.load(root, disk, { cacheBytes: 10_000_000 });
  t.ok(small.memoryBytes() < large.memoryBytes());
  for (const [n, [hi, lo]] of keys.entries()) {
    if (small.find(hi, lo) !== 1 || small.foundOffset[0] !== n) t.fail(`small cache: ${n}`);
    if (large.find(hi, lo) !== 1 || large.foundOffset[0] !== n) t.fail(`large cache: ${n}`);
  }
  t.equal(small.find(1, 1), 0);
  t.ok(small.memoryBytes() < 700_000, 'chunks are let go');
});

t.test('damaged or missing chunks are named', async (t) => {
  const disk = new Disk();
  const index = new IdIndex(disk, { cacheBytes: 1_000_000 });
  index.add(5, 6, 1, 0);
  index.freeze();
  for (let done = false; !done; ) {
    const step = index.step(5);
    disk.write(step.chunks);
    done = step.done;
  }
  const root = index.describe();
  index.publish();
  const load = () => IdIndex.load(root, disk, { cacheBytes: 1_000_000 });
  t.throws(() => IdIndex.load(root.subarray(1), disk, { cacheBytes: 1 }), CorruptionError);
  t.throws(() => IdIndex.load(new Uint8Array(0), disk, { cacheBytes: 1 }), CorruptionError);
  t.same([...disk.chunks.keys()].sort(), ['ids-1-0', 'ids-1-d', 'ids-1-f0']);
  for (const key of [...disk.chunks.keys()]) {
    const bytes = disk.chunks.get(key) as Uint8Array;
    for (const damaged of [undefined, new Uint8Array(0), new Uint8Array(12)]) {
      if (damaged === undefined) disk.chunks.delete(key);
      else disk.chunks.set(key, damaged);
      if (key.endsWith('f0') && damaged?.length === 12) continue;
      t.throws(() => load().find(5, 6), { name: 'CorruptionError', key: `chunk ${key}` });
    }
    disk.chunks.set(key, bytes);
  }
  t.equal(load().find(5, 6), 1);
});

t.test('T1-T3: the table sorts, grows and keeps many positions of one key', async (t) => {
  const random = new Random(4);
  const table = new IdTable();
  for (let n = 0; n < 300; n += 1) table.add(-1, -1, 7, n);
  for (let n = 0; n < 30_000; n += 1) table.add(random.next(), random.next(), 8, n);
  t.equal(table.count, 30_300);
  const found = new Found();
  table.find(0xffffffff, 0xffffffff, found);
  t.equal(found.count, 300);
  t.same(found.offsets.slice(0, 3), [299, 298, 297]);
  const columns = new IdColumns(16);
  const scan = new TableScan();
  let before = -1;
  let rows = 0;
  for (table.nextSorted(scan, columns); columns.length > 0; table.nextSorted(scan, columns)) {
    for (let row = 0; row < columns.length; row += 1) {
      const key = (columns.hi[row] as number) * 2 ** 21 + ((columns.lo[row] as number) >>> 11);
      if (key < before) t.fail(`not sorted at ${rows}`);
      before = key;
      rows += 1;
    }
  }
  t.equal(rows, 30_300);
  const following = new IdTable(table);
  t.equal(following.count, 0);
  t.ok(following.bytes < table.bytes);
});

t.test('B1: a filter never says no of what it holds, and seldom yes of what not', async (t) => {
  const random = new Random(5);
  const filter = IdFilter.sized(50_000);
  const keys = Array.from({ length: 50_000 }, () => [random.next(), random.next()] as const);
  for (const [hi, lo] of keys) filter.add(hi, lo);
  const read = IdFilter.from(filter.words.slice());
  let missed = 0;
  for (const [hi, lo] of keys) {
    const hash = filterHash(hi, lo);
    if (!read.mayHold(hi, hash) || read.glance(hi, hash) !== 1) missed += 1;
    if (!read.mayHold(hi | 0, filterHash(hi | 0, lo | 0))) missed += 1;
  }
  t.equal(missed, 0);
  let wrong = 0;
  for (let n = 0; n < 200_000; n += 1) {
    const [hi, lo] = [random.next(), random.next()];
    if (read.mayHold(hi, filterHash(hi, lo))) wrong += 1;
  }
  t.ok(wrong < 200, `${wrong} of 200,000`);
  t.throws(() => IdFilter.from(new Int32Array(7)), RangeError);
});
