// Checkpoints: the exact state at one durable block, written in the background.
// Owns: the state environment of a shard, which page is stored where, what may leave memory. Never touches: the log.
//   shard.C1. A checkpoint is the state after one block, which its root names with its hash.
//   shard.C2. It writes pages under the key of two that the last root does not use; the root flip makes it valid at once.
//   shard.C3. A page that changes before it was written is copied first.
//   shard.C4. A page leaves memory only when it is stored as it is.

import type { Page } from '../ledger/page.js';
import { Pages, type PagesShape } from '../ledger/pages.js';
import { decodeParts, encodeParts } from '../ledger/parts.js';
import { WASTE_SHARE } from '../ledger/slabs.js';
import type { State, StoredParts } from '../ledger/state.js';
import { NEVER } from '../limits.js';
import { packValue, unpackValue } from '../protocol/packed-value.js';
import { CorruptionError } from '../store/errors.js';
import { IdIndex } from '../store/id-index.js';
import type { Places } from '../transfer/open/places.js';
import type { Blocks } from './blocks.js';
import { crashPoint } from './crash-points.js';
import { type CheckpointStore, type Machine, STEADY } from './machine.js';
import { PageRoom } from './page-room.js';

const ROOT_FORMAT = 1;
/** Buckets per chunk of the directory. */
export const DIRECTORY_BUCKETS = 4096;
/** How long one transaction of it should take: so long a block waits for this thread, and its commit for the disk. */
const STEP_MS = 4;
/** The same where the next checkpoint is due already: what a restart replays must not grow. */
const LATE_STEP_MS = 80;
/** What is written in that time is found out, within these bounds. */
const STEP_BYTES_MIN = 512 * 1024;
const STEP_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of ids per transaction, and how long they are worked at without a pause. */
const IDS_STEP_BYTES = 1024 * 1024;
const IDS_STEP_MS = 1;
/** Chunks that one transaction removes. */
const REMOVED_CHUNKS = 500;
/** What of the memory is for pages; the rest is for ids. */
const PAGE_SHARE = 0.75;
/** Pages that take more than this of their memory are about to leave it. */
const SHORT_SHARE = 0.6;
/** What of the pages' memory may then be changed and not yet written before a checkpoint begins, and before nothing more is applied. */
const DIRTY_SHARE = 0.25;
const DIRTY_STOP_SHARE = 0.6;

/** The same of the ids' memory. */
const IDS_SHARE = 0.4;
const IDS_STOP_SHARE = 0.9;
/** Pages that one look for room in memory goes through at most. */
const EVICT_LOOKS = 16_384;

/** The root: what a checkpoint is, beside pages and ids. */
export interface Root extends StoredParts {
  readonly format: number;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly time: number;
  readonly shape: PagesShape;
  readonly ids: Uint8Array;
  /** Which of its two keys each chunk of the directory is under. */
  readonly directory: Uint8Array;
}

/** A durable block. */
export interface Head {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly time: number;
}

/** Key of a bucket's page on one of its two sides. */
export const pageKey = (bucket: number, side: number): number => bucket * 2 + side;
/** Key of a chunk of the directory on one of its two sides. */
export const directoryKey = (chunk: number, side: number): string => `directory-${chunk}-${side}`;

/** The root that a state environment holds. */
export function decodeRoot(bytes: Uint8Array): Root {
  const root = unpackValue(bytes) as Root;
  if (root.format !== ROOT_FORMAT)
    throw new CorruptionError('state', 'root', `unknown format ${root.format}`);
  return root;
}

/** What tells a checkpoint how long it takes, and when to go on. */
export type Turns = Pick<Machine, 'steadyMs' | 'pause' | 'rest'>;

export class Checkpoint {
  readonly state: State;
  readonly ids: IdIndex;
  /** The block that the last checkpoint is the state after; seq 0: there is none. */
  head: Head;
  readonly #store: CheckpointStore;
  readonly #turns: Turns;
  readonly #pages: Pages;
  readonly #pageBytes: number;
  /** Where a bucket's page is stored: 0 nowhere, 1 or 2: under that one of its keys. */
  #stored: Uint8Array;
  #directory: Uint8Array;
  #copies: [number, Uint8Array][] = [];
  #copiedBytes = 0;
  readonly #room = new PageRoom();
  readonly #take = (bytes: number): Uint8Array => this.#room.take(bytes);
  /** What one transaction takes. */
  #stepBytes = STEP_BYTES_MIN;
  #hand = 0;
  /** The next checkpoint is due: this one should come to its end. */
  isLate = false;
  #running: Promise<void> | null = null;
  /** Pages handed to a write that is not durable yet. */
  readonly #underWay = new Set<number>();
  readonly #idBytes: number;

  private constructor(
    store: CheckpointStore,
    blocks: Blocks,
    root: Root | undefined,
    ids: IdIndex,
    stored: Uint8Array,
    minDue: Float64Array,
    cacheBytes: number,
    places: Places,
    turns: Turns,
  ) {
    this.#store = store;
    this.#turns = turns;
    this.#stored = stored;
    this.#directory = root?.directory ?? new Uint8Array(0);
    this.ids = ids;
    this.head = {
      seq: root?.seq ?? 0,
      hash: root?.hash ?? new Uint8Array(32),
      time: root?.time ?? 0,
    };
    this.#pages = new Pages({ load: (bucket) => this.#load(bucket) }, root?.shape, minDue);
    this.#pages.beforeChange = (page) => this.#copy(page);
    this.#pageBytes = cacheBytes * PAGE_SHARE;
    this.#idBytes = cacheBytes * (1 - PAGE_SHARE);
    this.state = {
      ...decodeParts(root ?? {}),
      pages: this.#pages,
      ids,
      past: blocks,
      places,
    };
  }

  /** The state of the last checkpoint, of which pages are read in as they are needed. */
  static open(
    store: CheckpointStore,
    blocks: Blocks,
    cacheBytes: number,
    places: Places,
    turns: Turns = STEADY,
  ): Checkpoint {
    const rootBytes = store.readRoot();
    const root = rootBytes === undefined ? undefined : decodeRoot(rootBytes);
    const ids = IdIndex.load(root?.ids, store, { cacheBytes: cacheBytes * (1 - PAGE_SHARE) });
    const buckets = root?.shape.buckets ?? 0;
    const stored = new Uint8Array(Math.max(64, buckets));
    const minDue = new Float64Array(Math.max(64, buckets)).fill(NEVER);
    for (let chunk = 0; chunk * DIRECTORY_BUCKETS < buckets; chunk++) {
      const bytes = store.readChunk(directoryKey(chunk, root?.directory[chunk] as number));
      if (bytes === undefined)
        throw new CorruptionError('state', `directory ${chunk}`, 'is missing');
      const count = Math.min(DIRECTORY_BUCKETS, buckets - chunk * DIRECTORY_BUCKETS);
      minDue.set(
        new Float64Array(bytes.buffer, bytes.byteOffset, count),
        chunk * DIRECTORY_BUCKETS,
      );
      stored.set(bytes.subarray(count * 8, count * 9), chunk * DIRECTORY_BUCKETS);
    }
    return new Checkpoint(store, blocks, root, ids, stored, minDue, cacheBytes, places, turns);
  }

  #load(bucket: number): Uint8Array | undefined {
    const side = this.#stored[bucket] ?? 0;
    if (side === 0) return undefined;
    const bytes = this.#store.readPage(pageKey(bucket, side - 1));
    if (bytes === undefined) throw new CorruptionError('state', `page ${bucket}`, 'is missing');
    return bytes;
  }

  /** Bytes in memory. */
  get memoryBytes(): number {
    return (
      this.#pages.slabs.bytes + this.#pages.slabs.waste + this.ids.memoryBytes() + this.#copiedBytes
    );
  }

  /** About how many bytes of pages have changed and are not written. */
  get dirtyBytes(): number {
    let bytes = this.#copiedBytes;
    for (const page of this.#pages.dirty) bytes += page.bytes;
    return bytes;
  }

  #dirtyCount = -1;
  #dirtyKnown = 0;

  /** As dirtyBytes, worked out anew only when the number of changed pages has. */
  #dirty(): number {
    const count = this.#pages.dirty.length;
    if (count !== this.#dirtyCount) {
      this.#dirtyCount = count;
      const shape = this.#pages.shape;
      this.#dirtyKnown = count * Math.max(1024, (shape.accounts / shape.buckets) * 190 + 300);
    }
    return this.#dirtyKnown + this.#copiedBytes;
  }

  /** Is there so much that cannot leave memory, where memory is short, that a checkpoint should begin? */
  get isWanted(): boolean {
    if (this.#running !== null) return false;
    const isShort = this.#pages.slabs.bytes > this.#pageBytes * SHORT_SHARE;
    return (
      (isShort && this.#dirty() > this.#pageBytes * DIRTY_SHARE) ||
      this.ids.unsavedBytes() > this.#idBytes * IDS_SHARE
    );
  }

  /** Has so much changed that nothing more should be applied before it is written? */
  get mustWait(): boolean {
    return (
      this.#running !== null &&
      (this.#dirty() > this.#pageBytes * DIRTY_STOP_SHARE ||
        this.ids.unsavedBytes() > this.#idBytes * IDS_STOP_SHARE)
    );
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Resolves when no checkpoint is being written; somebody waits for one that is. */
  async idle(): Promise<void> {
    this.isLate = true;
    await this.#running;
  }

  #copy(page: Page): void {
    const bytes = page.encode(this.#take);
    page.waiting = false;
    this.#copies.push([page.bucket, bytes]);
    this.#copiedBytes += bytes.length;
  }

  /**
   * Writes the state as it is now, which is the state after `head`. Resolves when it is valid; `whenDurable` resolves when
   * the block itself is, before which the root is not written. `isLate`: nothing else is to be done meanwhile.
   */
  write(head: Head, whenDurable: Promise<void>, isLate = false): Promise<void> {
    if (this.#running !== null) return this.#running;
    this.isLate = isLate;
    const cut = this.#pages.cut();
    this.ids.freeze();
    const { shape } = this.#pages;
    const minDue = this.#pages.minDue.slice(0, shape.buckets);
    const at = { head, shape, minDue, parts: encodeParts(this.state) };
    const running = this.#write(cut, at, whenDurable).finally(() => {
      this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #write(
    cut: Page[],
    at: { head: Head; shape: PagesShape; minDue: Float64Array; parts: StoredParts },
    whenDurable: Promise<void>,
  ): Promise<void> {
    crashPoint('checkpoint-cut');
    const changed = new Set<number>();
    await this.#writePages(cut, changed);
    crashPoint('checkpoint-chunks');
    await this.#writeIds();
    const directory = await this.#writeDirectory(at.shape, at.minDue, changed);
    await whenDurable;
    const { seq, hash, time } = at.head;
    const root: Root = {
      format: ROOT_FORMAT,
      seq,
      hash,
      time,
      shape: at.shape,
      ids: this.ids.describe(),
      directory,
      ...at.parts,
    };
    crashPoint('before-root');
    await this.#store.writeRoot(packValue(root));
    crashPoint('after-root');
    this.head = at.head;
    this.#directory = directory;
    const unused = this.ids.publish();
    for (let i = 0; i < unused.length; i += REMOVED_CHUNKS) {
      await this.#store.write({ removeChunks: unused.slice(i, i + REMOVED_CHUNKS) });
    }
  }

  async #writePages(cut: Page[], changed: Set<number>): Promise<void> {
    let next = 0;
    while (next < cut.length || this.#copies.length > 0) {
      const begun = this.#turns.steadyMs();
      const puts: [number, Uint8Array][] = [];
      let bytes = 0;
      for (; bytes < this.#stepBytes && this.#copies.length > 0; ) {
        const [bucket, copy] = this.#copies.pop() as [number, Uint8Array];
        this.#copiedBytes -= copy.length;
        bytes += this.#place(bucket, copy, changed, puts);
      }
      for (; bytes < this.#stepBytes && next < cut.length; next++) {
        const page = cut[next] as Page;
        if (!page.waiting) continue;
        page.waiting = false;
        bytes += this.#place(page.bucket, page.encode(this.#take), changed, puts);
      }
      for (const [key] of puts) this.#underWay.add(key >> 1);
      if (puts.length > 0) await this.#store.write({ pages: puts });
      for (const [key, page] of puts) {
        this.#stored[key >> 1] = (key & 1) + 1;
        this.#room.release(page);
      }
      this.#underWay.clear();
      crashPoint('checkpoint-pages');
      await this.#pace(this.#turns.steadyMs() - begun);
    }
  }

  /** A transaction has taken so long: how much the next one should take, and as long a rest where there is time for it. */
  async #pace(tookMs: number): Promise<void> {
    const isLate = this.isLate || this.mustWait;
    const aim = isLate ? LATE_STEP_MS : STEP_MS;
    const ratio = Math.min(2, Math.max(0.5, aim / Math.max(tookMs, aim / 2)));
    const bytes = Math.round(this.#stepBytes * ratio);
    this.#stepBytes = Math.min(STEP_BYTES_MAX, Math.max(STEP_BYTES_MIN, bytes));
    if (!isLate) await this.#turns.rest(Math.min(tookMs, 2 * STEP_MS));
  }

  #place(
    bucket: number,
    bytes: Uint8Array,
    changed: Set<number>,
    puts: [number, Uint8Array][],
  ): number {
    if (bucket >= this.#stored.length) {
      const grown = new Uint8Array(Math.max(bucket + 1, this.#stored.length * 2));
      grown.set(this.#stored);
      this.#stored = grown;
    }
    changed.add(bucket);
    puts.push([pageKey(bucket, this.#stored[bucket] === 1 ? 1 : 0), bytes]);
    return bytes.length;
  }

  async #writeIds(): Promise<void> {
    let chunks: [string, Uint8Array][] = [];
    let bytes = 0;
    for (let done = false; !done; ) {
      const step = this.ids.step(IDS_STEP_MS);
      done = step.done;
      for (const chunk of step.chunks) {
        chunks.push(chunk);
        bytes += chunk[1].length;
      }
      if (bytes >= IDS_STEP_BYTES || (done && bytes > 0)) {
        await this.#store.write({ chunks });
        chunks = [];
        bytes = 0;
      } else await this.#turns.pause();
    }
  }

  /** Writes the directory's chunks that have changed pages, under the key of two that is not in use. */
  async #writeDirectory(
    shape: PagesShape,
    minDue: Float64Array,
    changed: Set<number>,
  ): Promise<Uint8Array> {
    const chunkCount = Math.ceil(shape.buckets / DIRECTORY_BUCKETS);
    const directory = new Uint8Array(chunkCount);
    directory.set(this.#directory.subarray(0, chunkCount));
    const touched = new Set<number>();
    for (const bucket of changed) touched.add(Math.floor(bucket / DIRECTORY_BUCKETS));
    const last = chunkCount - 1;
    touched.add(last);
    for (const chunk of touched) {
      const first = chunk * DIRECTORY_BUCKETS;
      const count = Math.min(DIRECTORY_BUCKETS, shape.buckets - first);
      const bytes = new Uint8Array(count * 9);
      new Float64Array(bytes.buffer, 0, count).set(minDue.subarray(first, first + count));
      bytes.set(this.#stored.subarray(first, first + count), count * 8);
      directory[chunk] =
        chunk < this.#directory.length ? 1 - (this.#directory[chunk] as number) : 0;
      await this.#store.write({
        chunks: [[directoryKey(chunk, directory[chunk] as number), bytes]],
      });
    }
    return directory;
  }

  /** Lets go of pages until memory is within its bound; called between commands only. */
  evict(): void {
    const pages = this.#pages;
    pages.tidy();
    let excess = pages.slabs.bytes - this.#pageBytes * (1 - WASTE_SHARE);
    if (excess <= 0) return;
    const { buckets } = pages.shape;
    for (let looked = 0; excess > 0 && looked < Math.min(buckets * 2, EVICT_LOOKS); looked++) {
      this.#hand = this.#hand + 1 < buckets ? this.#hand + 1 : 0;
      const page = pages.resident(this.#hand);
      if (page === null || page.waiting || page.epoch === pages.epoch) continue;
      if (this.#stored[this.#hand] === 0 || this.#underWay.has(this.#hand)) continue;
      if (page.used) {
        page.used = false;
        continue;
      }
      excess -= page.bytes;
      pages.evict(this.#hand);
    }
  }
}
