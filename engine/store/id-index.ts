// From the key of an id to its places in the log. Owns: which tables and runs there are, what a checkpoint changes.
// Never touches: the log; whether a candidate really is the id (keys may collide).
//   I1. find() gives every position that was added under the key, in whatever step a checkpoint is.
//   I2. Until publish(), everything that the last root describes is as it was; run numbers are not used again.
//   I3. add() never pauses for more than a small part of the table; step() keeps to its budget but for one small step.
// Life of an id: the table of the time since the last checkpoint; from freeze() to publish() the frozen table, which
// step() writes out in key order; then a run. Runs lie by age. Where four neighbours are of one size or smaller they are
// merged, a share of that in every checkpoint, so that a key is looked for in a few places only.

import { CorruptionError } from './errors.js';
import { Found } from './id-columns.js';
import { filterHash } from './id-filter.js';
import { MergeBuild, type RunBuild, TableBuild } from './id-merge.js';
import { type ChunkSource, type Chunks, type IdChunk, IdRun, runOfChunk } from './id-run.js';
import { IdTable } from './id-table.js';

/** Settings of an index. */
export interface IdIndexOptions {
  /** Memory for filters, tables and chunks read; a bound to keep near, not a limit. */
  readonly cacheBytes: number;
}

const DESCRIPTION_MAGIC = 0x31584449;
const DESCRIPTION_HEAD = 16;
const DESCRIPTION_RUN = 32;
/** As many neighbours of one tier are merged; a tier's runs are this many times larger than the one's below. */
const MERGE_RUNS = 4;
/** Runs up to this are the lowest tier. */
const TIER_IDS = 65_536;
/** A checkpoint merges so many times the ids it writes: more than comes due on average, less than a long pause. */
const MERGE_SHARE = 6;
const MERGE_SHARE_MIN = 131_072;
/** What one step returns at most, or a little more. */
const STEP_BYTES = 1024 * 1024;
const FILTER_SHARE = 1 / 2;
const FULL_SHARE = 1 / 4;
const OVERFULL_SHARE = 5 / 8;
/** However small the cache: a checkpoint for fewer ids is not worth it. */
const FULL_IDS_MIN = 4_096;
const CHUNK_CACHE_MIN_BYTES = 256 * 1024;
/** Chunk numbers in a key of the chunk cache. */
const CHUNKS_PER_RUN = 2 ** 24;

/** The ids of one shard. */
export class IdIndex {
  readonly #source: ChunkSource;
  readonly #cacheBytes: number;
  readonly #found = new Found();
  #active = new IdTable();
  #frozen: IdTable | undefined;
  #isFrozen = false;
  /** Newest first. */
  #runs: IdRun[] = [];
  #nextRun = 1;
  #build: TableBuild | undefined;
  readonly #merges: MergeBuild[] = [];
  /** How many ids this checkpoint may still merge. */
  #share = 0;
  /** Chunks of an unfinished checkpoint. */
  #leftovers: string[] = [];
  #runBytes = 0;
  #runIds = 0;
  /** Read chunks, longest unused first. */
  readonly #chunks = new Map<number, IdChunk>();
  #chunkBytes = 0;

  constructor(source: ChunkSource, options: IdIndexOptions) {
    this.#source = source;
    this.#cacheBytes = options.cacheBytes;
  }

  /** The index that a root describes; undefined: an empty one. */
  static load(
    description: Uint8Array | undefined,
    source: ChunkSource,
    options: IdIndexOptions,
  ): IdIndex {
    const index = new IdIndex(source, options);
    if (description !== undefined) index.#read(description);
    index.#findLeftovers();
    return index;
  }

  /** Seqs of the candidates of the last find(), newest first. */
  get foundSeq(): number[] {
    return this.#found.seqs;
  }

  /** Offsets of the candidates of the last find(). */
  get foundOffset(): number[] {
    return this.#found.offsets;
  }

  /**
   * Look up a key: every position added under it, newest first, is in foundSeq and foundOffset until the next
   * call. Returns how many. hi and lo: 32 bits, signed or not (signed never costs an allocation).
   */
  find(hi: number, lo: number): number {
    const found = this.#found;
    found.count = 0;
    hi |= 0;
    lo |= 0;
    // First every place in memory is asked for, then anything is decided: the waits overlap.
    const isActive = this.#active.glance(hi, lo);
    const isFrozen = this.#frozen === undefined ? 0 : this.#frozen.glance(hi, lo);
    const runs = this.#runs;
    const hash = filterHash(hi, lo);
    let maybe = 0;
    for (let index = 0; index < runs.length; index += 1) {
      const { filter } = runs[index] as IdRun;
      maybe |= (filter === undefined ? 1 : filter.glance(hi, hash)) << index;
    }
    if (isActive !== 0) this.#active.find(hi, lo, found);
    if (isFrozen !== 0) this.#frozen?.find(hi, lo, found);
    if (maybe !== 0) this.#findInRuns(maybe, hi, lo, hash);
    return found.count;
  }

  /** Add a position under a key. Seqs must not go down, nor rise by 2^32 between two checkpoints. */
  add(hi: number, lo: number, seq: number, offset: number): void {
    this.#active.add(hi, lo, seq, offset);
  }

  /** Positions in all. */
  count(): number {
    return this.#active.count + (this.#frozen?.count ?? 0) + this.#runIds;
  }

  memoryBytes(): number {
    let bytes = this.unsavedBytes() + this.#runBytes + this.#chunkBytes + (this.#build?.bytes ?? 0);
    for (let index = 0; index < this.#merges.length; index += 1) {
      bytes += (this.#merges[index] as MergeBuild).bytes;
    }
    return bytes;
  }

  /** Memory of ids that no root describes yet. */
  unsavedBytes(): number {
    return this.#active.bytes + (this.#frozen?.bytes ?? 0);
  }

  /** Is it time for a checkpoint, for the sake of memory? */
  isFull(): boolean {
    const { count, bytes } = this.#active;
    return count >= FULL_IDS_MIN && bytes > this.#cacheBytes * FULL_SHARE;
  }

  /** Should adding wait for the checkpoint under way? */
  isOverfull(): boolean {
    const enough = this.#active.count >= 2 * FULL_IDS_MIN;
    return enough && this.unsavedBytes() > this.#cacheBytes * OVERFULL_SHARE;
  }

  /** How many runs a look-up may have to ask. */
  runCount(): number {
    return this.#runs.length;
  }

  /** Begin a checkpoint: what was added so far is in it. Without `merge` it only writes that, for a quick stop. */
  freeze(merge = true): void {
    if (this.#isFrozen) throw new Error('id index: a checkpoint is under way');
    this.#isFrozen = true;
    const added = this.#active.count;
    if (added > 0) {
      this.#frozen = this.#active;
      this.#active = new IdTable(this.#frozen);
      this.#build = new TableBuild(this.#takeNumber(), this.#frozen);
    }
    this.#share = merge ? Math.max(MERGE_SHARE_MIN, added * MERGE_SHARE) : 0;
    if (merge) this.#planMerges();
  }

  /**
   * Work for up to `budgetMs` (one small step at least). Returns chunks to write now; done: all that this checkpoint
   * needs has been returned. A merge may go on in the next one.
   */
  step(budgetMs: number): { chunks: Chunks; done: boolean } {
    if (!this.#isFrozen) throw new Error('id index: no checkpoint is under way');
    const end = performance.now() + budgetMs;
    const chunks: Chunks = [];
    let counted = 0;
    let bytes = 0;
    for (;;) {
      const build = this.#nextBuild();
      if (build === undefined) return { chunks, done: true };
      const ids = build.advance(chunks);
      if (build !== this.#build) this.#share -= ids;
      for (; counted < chunks.length; counted += 1) bytes += chunks[counted]?.[1].length ?? 0;
      if (bytes >= STEP_BYTES || performance.now() >= end) break;
    }
    return { chunks, done: this.#nextBuild() === undefined };
  }

  /** The runs as they are when the checkpoint under way is valid, for its root. */
  describe(): Uint8Array {
    const runs = this.#runsAfter();
    const bytes = new Uint8Array(DESCRIPTION_HEAD + runs.length * DESCRIPTION_RUN);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, DESCRIPTION_MAGIC, true);
    view.setUint32(4, runs.length, true);
    view.setFloat64(8, this.#nextRun, true);
    runs.forEach((run, index) => {
      const at = DESCRIPTION_HEAD + index * DESCRIPTION_RUN;
      view.setFloat64(at, run.number, true);
      view.setFloat64(at + 8, run.count, true);
      view.setFloat64(at + 16, run.chunks, true);
      view.setFloat64(at + 24, run.filterBytes, true);
    });
    return bytes;
  }

  /**
   * The root with describe() is durable: its runs are the ones to read from now on. Returns the keys of chunks that
   * nothing needs any more, to be removed, many at a time but not all at once.
   */
  publish(): string[] {
    if (!this.#isFrozen) throw new Error('id index: no checkpoint is under way');
    if (this.#nextBuild() !== undefined) throw new Error('id index: the checkpoint is not done');
    const removed = this.#leftovers;
    this.#leftovers = [];
    this.#runs = this.#runsAfter();
    for (const merge of this.#merges) {
      if (merge.run === undefined) continue;
      for (const input of merge.inputs) {
        for (const key of input.keys()) removed.push(key);
        for (let chunk = 0; chunk < input.chunks; chunk += 1) this.#forget(input, chunk);
      }
    }
    const unfinished = this.#merges.filter((merge) => merge.run === undefined);
    this.#merges.splice(0, this.#merges.length, ...unfinished);
    this.#frozen = undefined;
    this.#build = undefined;
    this.#isFrozen = false;
    this.#account();
    return removed;
  }

  #takeNumber(): number {
    const number = this.#nextRun;
    this.#nextRun += 1;
    return number;
  }

  /** What to work on: first what must be written, then the smallest merge, as far as the share goes. */
  #nextBuild(): RunBuild | undefined {
    if (this.#build !== undefined && this.#build.run === undefined) return this.#build;
    for (const merge of this.#merges) {
      if (merge.run === undefined && (merge.isFinishing || this.#share > 0)) return merge;
    }
    return undefined;
  }

  #runsAfter(): IdRun[] {
    const runs: IdRun[] = [];
    if (this.#build?.run !== undefined) runs.push(this.#build.run);
    for (const run of this.#runs) {
      const merge = this.#merges.find((m) => m.run !== undefined && m.inputs.includes(run));
      if (merge?.run === undefined) runs.push(run);
      else if (merge.inputs[0] === run) runs.push(merge.run);
    }
    return runs;
  }

  /** Begin every merge that is due. Neighbours up to a tier count for it, whatever smaller ones lie between. */
  #planMerges(): void {
    const busy = new Set(this.#merges.flatMap((merge) => merge.inputs));
    const highest = Math.max(0, ...this.#runs.map(tierOf));
    for (let tier = 0; tier <= highest; tier += 1) {
      let neighbours: IdRun[] = [];
      for (const run of [...this.#runs, undefined]) {
        if (run !== undefined && !busy.has(run) && tierOf(run) <= tier) {
          neighbours.push(run);
          continue;
        }
        if (neighbours.length >= MERGE_RUNS) {
          for (const input of neighbours) busy.add(input);
          this.#merges.push(new MergeBuild(this.#takeNumber(), neighbours, this.#source));
        }
        neighbours = [];
      }
    }
    this.#merges.sort((one, other) => one.count - other.count);
  }

  /** `maybe`: a bit for each run (modulo 32) at which a glance was not enough. */
  #findInRuns(maybe: number, hi: number, lo: number, hash: number): void {
    const runs = this.#runs;
    for (let index = 0; index < runs.length; index += 1) {
      if (((maybe >>> (index & 31)) & 1) === 0) continue;
      const run = runs[index] as IdRun;
      if (run.filter === undefined || run.filter.mayHold(hi, hash)) {
        this.#findInRun(run, hi >>> 0, lo >>> 0);
      }
    }
  }

  #findInRun(run: IdRun, hi: number, lo: number): void {
    const chunk = run.chunkOf(hi, lo);
    if (chunk < 0) return;
    const key = run.number * CHUNKS_PER_RUN + chunk;
    let entries = this.#chunks.get(key);
    if (entries === undefined) {
      entries = run.readEntries(this.#source, chunk);
      this.#chunkBytes += entries.bytes;
      this.#trim();
    } else this.#chunks.delete(key);
    this.#chunks.set(key, entries);
    entries.find(hi, lo, this.#found);
  }

  /** Let go of chunks until they fit what filters and tables leave of the memory. */
  #trim(): void {
    const left = this.#cacheBytes - this.#runBytes - this.unsavedBytes();
    const bound = Math.max(CHUNK_CACHE_MIN_BYTES, left);
    for (const [key, entries] of this.#chunks) {
      if (this.#chunkBytes <= bound) return;
      this.#chunks.delete(key);
      this.#chunkBytes -= entries.bytes;
    }
  }

  #forget(run: IdRun, chunk: number): void {
    const key = run.number * CHUNKS_PER_RUN + chunk;
    const entries = this.#chunks.get(key);
    if (entries === undefined) return;
    this.#chunks.delete(key);
    this.#chunkBytes -= entries.bytes;
  }

  /** After the runs have changed: sums, and the oldest filters dropped where all are too large together. */
  #account(): void {
    let filters = 0;
    this.#runIds = 0;
    this.#runBytes = 0;
    for (const run of this.#runs) {
      filters += run.filterBytes;
      if (filters > this.#cacheBytes * FILTER_SHARE) run.filter = undefined;
      this.#runIds += run.count;
      this.#runBytes += run.bytes;
    }
    this.#trim();
  }

  #read(description: Uint8Array): void {
    const { length } = description;
    const view = new DataView(description.buffer, description.byteOffset, length);
    const count = length < DESCRIPTION_HEAD ? 0 : view.getUint32(4, true);
    const isWhole = length === DESCRIPTION_HEAD + count * DESCRIPTION_RUN;
    if (!isWhole || view.getUint32(0, true) !== DESCRIPTION_MAGIC) {
      throw new CorruptionError('state', 'ids of the root', 'not a description of runs');
    }
    this.#nextRun = view.getFloat64(8, true);
    let filters = 0;
    for (let index = 0; index < count; index += 1) {
      const at = DESCRIPTION_HEAD + index * DESCRIPTION_RUN;
      const run = IdRun.load(
        this.#source,
        view.getFloat64(at, true),
        view.getFloat64(at + 8, true),
        view.getFloat64(at + 16, true),
        view.getFloat64(at + 24, true),
      );
      filters += run.filterBytes;
      if (filters <= this.#cacheBytes * FILTER_SHARE) run.loadFilter(this.#source);
      this.#runs.push(run);
    }
    this.#account();
  }

  #findLeftovers(): void {
    const known = new Set(this.#runs.map((run) => run.number));
    for (const key of this.#source.chunkKeys?.() ?? []) {
      const number = runOfChunk(key);
      if (number === undefined || known.has(number)) continue;
      this.#leftovers.push(key);
      this.#nextRun = Math.max(this.#nextRun, number + 1);
    }
  }
}

/** 0 for the smallest runs, then one more for each MERGE_RUNS-fold. */
function tierOf(run: IdRun): number {
  return Math.max(0, Math.ceil(Math.log(run.count / TIER_IDS) / Math.log(MERGE_RUNS)));
}
