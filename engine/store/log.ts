// The log environment of one shard. Owns: blocks by seq, in one LMDB database; when a block is durable.
// Never touches: what a block contains.
//   store.G1. append() resolves, or has returned nothing to wait for, only after the block's pages and then the meta page were synced
//       (store.E2).
//   store.G2. A block is handed to LMDB when the one before it is durable; after a failure none is (store.M1, store.M2).
//   store.G3. Seqs have no gaps: a block is head + 1, or the head again (recovery rewrites it), or the first.
//
// How append() uses lmdb-js 3.5.6 (read in its source, watched with strace; more in README.md):
// - put() keeps a pointer to the bytes, whatever their size; LMDB copies them on the write thread.
//   A reference to the buffer is kept until then, so only changing it is dangerous, not dropping it.
// - A put alone starts its transaction from setImmediate, so a thread that goes on applying would
//   delay its own commit. With eventTurnBatching off, an instruction beyond txnStartThreshold starts
//   it at once: hence the removal of a key that never exists (a look-up on the write thread).
// - The option `append` places blocks without searching and fills pages wholly; a key not after the
//   last one makes the promise resolve false.

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { Commits, type Watched } from './commit.js';
import { type EnvironmentOptions, type KeyEncoder, openEnvironment } from './environment.js';
import { syncDirectory, syncFile } from './sync.js';

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
  /** First and last durable block; 0: none. */
  #first = 0;
  #head = 0;
  /** Last block handed to append. */
  #last = 0;
  #closed = false;

  private constructor(
    path: string,
    readOnly: boolean,
    blocks: Blocks,
    { limitMs, progress }: Watched,
  ) {
    this.#path = path;
    this.#readOnly = readOnly;
    this.#blocks = blocks;
    this.#commits = new Commits(path, limitMs, undefined, progress);
    this.#look();
  }

  /** Open the log, making an empty one where there is none (not with `readOnly`). */
  static open(path: string, options: EnvironmentOptions = {}, watched: Watched = {}): Log {
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
    return new Log(path, options.readOnly === true, root as unknown as Blocks, watched);
  }

  /** Last durable block; 0: the log is empty. With `readOnly`: at the moment of the call. */
  headSeq(): number {
    if (this.#readOnly) this.#look();
    return this.#head;
  }

  /** First block; 0: the log is empty. */
  firstSeq(): number {
    if (this.#readOnly) this.#look();
    return this.#first;
  }

  /** Size of the file, in bytes. */
  bytes(): number {
    return statSync(this.#path).size;
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
      if (bytes === undefined) return undefined;
    }
    const size = this.#blocks.lastSize;
    const copy = new Uint8Array(size);
    copy.set(bytes.subarray(0, size));
    return copy;
  }

  /**
   * A consistent, synced copy of the whole log into a new file, while running. Blocks appended meanwhile
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
