// The log of one shard. Owns: blocks by seq, the newest in one LMDB database; when a block is durable; when blocks that a sealed segment has
// (segment/) leave the database. Never touches: what a block contains.
//   store.G1. append() resolves, or has returned nothing to wait for, only after the block's pages and then the meta page were synced
//       (store.E2).
//   store.G2. A block is handed to LMDB when the one before it is durable; after a failure none is (store.M1, store.M2).
//   store.G3. Seqs have no gaps: a block is head + 1, or the head again (recovery rewrites it), or the first.
//   store.G4. A block leaves the database once a segment that was read back has it, and the manifest names the segment: seen once more by
//       the thread that removes it. The head stays always. Until then both have the same bytes.
//   store.G5. A log whose tail does not go on from its segments, by seq and by hash, is not opened for writing.
//
// How append() uses lmdb-js 3.5.6 (read in its source, watched with strace; more in README.md):
// - put() keeps a pointer to the bytes, whatever their size; LMDB copies them on the write thread.
//   A reference to the buffer is kept until then, so only changing it is dangerous, not dropping it.
// - A put alone starts its transaction from setImmediate, so a thread that goes on applying would
//   delay its own commit. With eventTurnBatching off, an instruction beyond txnStartThreshold starts
//   it at once: hence the removal of a key that never exists (a look-up on the write thread).
// - The option `append` places blocks without searching and fills pages wholly; a key not after the
//   last one makes the promise resolve false.

import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { CUT_BLOCKS_MAX, CUT_BYTES, CUT_SLICES_MAX } from '../limits.js';
import { Commits, type Watched } from './commit.js';
import { type EnvironmentOptions, type KeyEncoder, openEnvironment } from './environment.js';
import { CorruptionError } from './errors.js';
import { type SegmentEntry, segmentsPath } from './segment/manifest.js';
import { Segments } from './segment/segments.js';
import { syncDirectory, syncFile } from './sync.js';
import { verifiedBlock } from './verified-block.js';

/** Address space of the map. Growth beyond works, by mapping anew; the old maps stay. */
const MAP_BYTES = 256 * 2 ** 30;

const UINT32 = 2 ** 32;

/** Seqs as 8 bytes, big-endian: LMDB's own order is theirs. */
const SEQ_KEY: KeyEncoder<number> = {
  writeKey(seq, target, start) {
    const high = Math.floor(seq / UINT32);
    target[start] = high >>> 24;
    target[start + 1] = high >>> 16;
    target[start + 2] = high >>> 8;
    target[start + 3] = high;
    target[start + 4] = seq >>> 24;
    target[start + 5] = seq >>> 16;
    target[start + 6] = seq >>> 8;
    target[start + 7] = seq;
    return start + 8;
  },
  readKey(source, start) {
    const view = new DataView(source.buffer, source.byteOffset + start, 8);
    return view.getUint32(0) * UINT32 + view.getUint32(4);
  },
};

/** What is used of lmdb-js, with the options its declarations leave out. */
interface Blocks {
  put(seq: number, block: Uint8Array, options?: { append: true }): Promise<boolean>;
  putSync(seq: number, block: Uint8Array, options?: { append: true }): boolean;
  remove(seq: number, callback: () => void): void;
  batch(puts: () => void): Promise<boolean>;
  getBinaryFast(seq: number): Uint8Array | undefined;
  getKeys(edge: { limit: number; start?: number; end?: number; reverse?: true }): Iterable<number>;
  resetReadTxn(): void;
  getStats(): {
    entryCount: number;
    treeLeafPageCount: number;
    overflowPages: number;
    pageSize: number;
  };
  backup(path: string, compact: boolean): Promise<void>;
  close(): Promise<void>;
  lastSize: number;
}

const APPEND = { append: true } as const;
/** Blocks of at most so many bytes are written by the thread that hands them over: it costs less than to hand them on. */
const WRITTEN_HERE_BYTES_MAX = 64 * 1024;
/** A seq that no block has. */
const NO_SEQ = 0;
const ignore = (): void => {};

/** The blocks of one shard, on disk. */
export class Log {
  readonly #path: string;
  readonly #readOnly: boolean;
  readonly #blocks: Blocks;
  readonly #commits: Commits;
  /** Blocks that have left the database. */
  readonly segments: Segments;
  /** First block in the database and last durable one; 0: none. */
  #first = 0;
  #head = 0;
  /** Last block handed to append. */
  #last = 0;
  #closed = false;

  private constructor(
    path: string,
    readOnly: boolean,
    blocks: Blocks,
    segments: Segments,
    { limitMs, progress }: Watched,
  ) {
    this.#path = path;
    this.#readOnly = readOnly;
    this.#blocks = blocks;
    this.#commits = new Commits(path, limitMs, undefined, progress);
    this.segments = segments;
    this.#look();
  }

  /** Open the log, making an empty one where there is none (not with `readOnly`). */
  static open(path: string, options: EnvironmentOptions = {}, watched: Watched = {}): Log {
    // Beside the file itself, whatever name leads to it.
    const beside = dirname(existsSync(path) ? realpathSync(path) : path);
    const segments = new Segments(segmentsPath(beside));
    const root: RootDatabase<Uint8Array, never> = openEnvironment<number>(
      path,
      MAP_BYTES,
      options,
      {
        keyEncoder: SEQ_KEY,
        eventTurnBatching: false,
        // The first instruction of a transaction waits, any further one starts it.
        txnStartThreshold: 0.5,
      },
    );
    const isReadOnly = options.readOnly === true;
    const log = new Log(path, isReadOnly, root as unknown as Blocks, segments, watched);
    if (!isReadOnly) log.#checkTail();
    return log;
  }

  /** G5. */
  #checkTail(): void {
    const sealed = this.segments.entries.at(-1);
    if (sealed === undefined) return;
    const what = this.#tailFault(sealed);
    if (what === undefined) return;
    void this.#blocks.close();
    throw new CorruptionError(this.#path, 'tail', `${what}: restore both from one copy`);
  }

  /** Why the database does not go on from the last segment; undefined: it does. */
  #tailFault({ last, lastHash }: SegmentEntry): string | undefined {
    const ends = `the segments beside it end with block ${last}`;
    if (this.#first === 0) return `is empty, and ${ends}`;
    if (this.#first > last + 1) return `begins with block ${this.#first}, and ${ends}`;
    // Of an older copy: it would be written once more, beside segments that have it already.
    if (this.#head <= last) return `ends with block ${this.#head}, and ${ends}`;
    const bytes = this.read(last + 1);
    const before = bytes && Buffer.from(verifiedBlock(bytes, last + 1).previousHash);
    return before?.toString('hex') === lastHash ? undefined : `is of another log: ${ends}`;
  }

  /** Last durable block; 0: the log is empty. With `readOnly`: at the moment of the call. */
  headSeq(): number {
    if (this.#readOnly) this.#look();
    return this.#head;
  }

  /** First block, in a segment or in the database; 0: the log is empty. */
  firstSeq(): number {
    if (this.#readOnly) this.#look();
    this.segments.refresh();
    return this.segments.first === 0 ? this.#first : this.segments.first;
  }

  /** First block in the database; 0: it is empty. */
  tailSeq(): number {
    if (this.#readOnly) this.#look();
    return this.#first;
  }

  /** Size of the database's file, in bytes; what has left it is used again. */
  bytes(): number {
    return statSync(this.#path).size;
  }

  /** About how many bytes of blocks the database has. */
  tailBytes(): number {
    const { treeLeafPageCount, overflowPages, pageSize } = this.#blocks.getStats();
    return (treeLeafPageCount + overflowPages) * pageSize;
  }

  /**
   * Write a block: head + 1, or the head again, or any seq into an empty log. undefined: it is durable; else resolves when it is.
   * The bytes must not change until then. Throws or rejects with WriteError when the write or its sync failed or
   * took longer than limits.SYNC_TIMEOUT_MS; every append after that does with the same error.
   */
  append(seq: number, block: Uint8Array): Promise<void> | undefined {
    const commits = this.#commits;
    if (commits.failure === undefined) this.#check(seq, block);
    this.#last = seq;
    const durable = (): void => {
      this.#head = seq;
      if (this.#first === 0) this.#first = seq;
    };
    if (block.byteLength > WRITTEN_HERE_BYTES_MAX || !commits.isIdle)
      return commits.run(`block ${seq}`, () => this.#put(seq, block), durable);
    commits.runNow(`block ${seq}`, () => this.#putNow(seq, block), durable);
    return undefined;
  }

  /** Write blocks that follow the head, one after the other, in one transaction: as append. */
  appendAll(seq: number, blocks: readonly Uint8Array[]): Promise<void> {
    let last = seq;
    for (const block of blocks) {
      if (this.#commits.failure === undefined) this.#check(last, block);
      this.#last = last;
      last += 1;
    }
    return this.#commits.run(
      `blocks ${seq} to ${last - 1}`,
      () => this.#putAll(seq, blocks),
      () => {
        this.#head = last - 1;
        if (this.#first === 0) this.#first = seq;
      },
    );
  }

  /**
   * A copy of a block's bytes, in a buffer of its own; undefined: there is no such block (yet).
   * Throws the failure after a failed write: what LMDB shows then is not what the disk keeps.
   */
  read(seq: number): Uint8Array | undefined {
    if (this.#commits.failure !== undefined) throw this.#commits.failure;
    let bytes = this.#blocks.getBinaryFast(seq);
    if (bytes === undefined) {
      // This thread's view may be older than the block: lmdb-js renews it once per event turn.
      this.#blocks.resetReadTxn();
      bytes = this.#blocks.getBinaryFast(seq);
      if (bytes === undefined) return this.#sealed(seq);
    }
    const size = this.#blocks.lastSize;
    const copy = new Uint8Array(size);
    copy.set(bytes.subarray(0, size));
    return copy;
  }

  /** A block before those in the database, as they are at this moment: what this thread knows of a cut may be older. */
  #sealed(seq: number): Uint8Array | undefined {
    const tail = this.#edge(false);
    return seq > 0 && (tail === 0 || seq < tail) ? this.segments.read(seq) : undefined;
  }

  /**
   * Lets blocks go up to this one, with which a segment ends, in small transactions between those of appends; `rest` is waited for after each.
   * After CUT_SLICES_MAX of them it resolves, whatever is left: tailSeq() tells. Rejects with CorruptionError where that segment is not there
   * or is not of this log, with WriteError as append().
   */
  async cut(through: number, rest: (ms: number) => Promise<void>): Promise<void> {
    this.#checkCut(through);
    for (let slice = 0; slice < CUT_SLICES_MAX && this.#first <= through; slice++) {
      if (this.#closed) return;
      const begun = performance.now();
      const first = this.#first;
      const last = Math.min(through, first + this.#cutBlocks() - 1);
      await this.#commits.run(
        `the cut up to block ${last}`,
        () => this.#removeAll(first, last),
        () => {
          this.#first = last + 1;
        },
      );
      await rest(performance.now() - begun);
    }
  }

  /** G4. */
  #checkCut(through: number): void {
    if (this.#closed || this.#readOnly) throw new Error(`${this.#path} is not open for writing`);
    if (this.#commits.failure !== undefined) throw this.#commits.failure;
    const { segments } = this;
    segments.refresh();
    const entry = segments.entryOf(through);
    const fail = (what: string): never => {
      throw new CorruptionError(this.#path, `block ${through}`, what);
    };
    if (entry?.last !== through) fail('no segment ends with it');
    if (through < this.#first) return;
    if (through >= this.#head) fail('is the last one: it stays');
    if (segments.first > this.#first) fail('there is no segment of the first block');
    for (const one of segments.entries) if (one.last >= this.#first) segments.expectFile(one);
    const bytes = this.read(through);
    const hash = bytes && Buffer.from(verifiedBlock(bytes, through).hash).toString('hex');
    if (hash !== entry?.lastHash) fail('is another block than the segment ends with');
  }

  /** How many blocks leave in one transaction: as many as have about CUT_BYTES. */
  #cutBlocks(): number {
    const bytes = this.tailBytes() / Math.max(1, this.#blocks.getStats().entryCount);
    return Math.max(1, Math.min(CUT_BLOCKS_MAX, Math.floor(CUT_BYTES / bytes)));
  }

  #removeAll(first: number, last: number): Promise<boolean> {
    return this.#blocks.batch(() => {
      for (let seq = first; seq <= last; seq++) this.#blocks.remove(seq, ignore);
    });
  }

  /**
   * A consistent, synced copy of the database into a new file, while running; not of segments. Blocks appended meanwhile
   * may or may not be in it: ask the copy for its head.
   */
  async copyTo(path: string): Promise<void> {
    if (existsSync(path)) throw new Error(`${path} exists already`);
    await this.#blocks.backup(path, false);
    syncFile(path);
    syncDirectory(dirname(path));
  }

  /** Wait for what was appended and close. After a failed write it only lets go: LMDB may hang. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#commits.idle();
    this.segments.close();
    if (this.#commits.failure === undefined) await this.#blocks.close();
  }

  #check(seq: number, block: Uint8Array): void {
    if (this.#closed || this.#readOnly) throw new Error(`${this.#path} is not open for writing`);
    const follows =
      this.#last === 0
        ? Number.isSafeInteger(seq) && seq > 0
        : seq === this.#last + 1 || seq === this.#last;
    if (!follows) {
      throw new Error(`${this.#path}: block ${seq} does not follow block ${this.#last}`);
    }
    if (block.byteLength === 0 || !(block.buffer instanceof ArrayBuffer)) {
      throw new Error(`${this.#path}: block ${seq} is empty or in shared memory`);
    }
  }

  #put(seq: number, block: Uint8Array): Promise<boolean> {
    const blocks = this.#blocks;
    const written = seq > this.#head ? blocks.put(seq, block, APPEND) : blocks.put(seq, block);
    blocks.remove(NO_SEQ, ignore);
    return written;
  }

  #putNow(seq: number, block: Uint8Array): boolean {
    const blocks = this.#blocks;
    return seq > this.#head ? blocks.putSync(seq, block, APPEND) : blocks.putSync(seq, block);
  }

  async #putAll(seq: number, blocks: readonly Uint8Array[]): Promise<boolean> {
    const placed: Promise<boolean>[] = [];
    const written = this.#blocks.batch(() => {
      blocks.forEach((block, index) => {
        placed.push(this.#blocks.put(seq + index, block, APPEND));
      });
    });
    const all = await Promise.all([written, ...placed]);
    return all.every((done) => done !== false);
  }

  #look(): void {
    this.#blocks.resetReadTxn();
    this.#first = this.#edge(false);
    this.#head = this.#edge(true);
    this.#last = this.#head;
  }

  #edge(reverse: boolean): number {
    const edge = reverse
      ? { reverse: true as const, end: NO_SEQ, limit: 1 }
      : { start: NO_SEQ, limit: 1 };
    for (const seq of this.#blocks.getKeys(edge)) return seq;
    return 0;
  }
}
