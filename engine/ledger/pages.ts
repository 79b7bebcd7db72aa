// All pages of a shard: a hash table on disk by linear hashing, of which memory holds a part.
// Owns: which bucket an owner is in, what has changed since the last checkpoint. Never touches: files (see PageSource).
//   ledger.G3. The number of buckets follows from the number of accounts alone, so it is the same after a replay.
//   ledger.G4. A page that waits for a checkpoint is handed to the watcher before its first change.

import { NEVER } from '../limits.js';
import { ownerHash } from '../protocol/hash.js';
import { Page } from './page.js';
import { recordsOf } from './record-table.js';
import { Slabs } from './slabs.js';

/** Accounts per bucket, on average, at which a bucket is split. */
export const BUCKET_TARGET = 48;
/** Low bits of the owner hash that choose the slot; the bucket is chosen by the rest. */
const SLOT_BITS = 10;

/** Where pages that are not in memory come from. */
export interface PageSource {
  /** The bytes of a bucket's page, or the page itself, made in these slabs; undefined: it has never been written. */
  load(bucket: number, slabs: Slabs): Uint8Array | Page | undefined;
}

/** A source for a ledger that lives in memory alone. */
export const NO_SOURCE: PageSource = { load: () => undefined };

/** What a checkpoint must know of the table. */
export interface PagesShape {
  readonly buckets: number;
  readonly accounts: number;
}

export class Pages {
  /** What the pages in memory are kept in. */
  readonly slabs = new Slabs();
  /** Rises with every checkpoint. */
  epoch = 1;
  /** Pages changed in this epoch. */
  dirty: Page[] = [];
  /** Called with a page that waits for a checkpoint, before it changes. */
  beforeChange: (page: Page) => void = () => {};
  /** Nothing in a bucket is due before this. */
  minDue: Float64Array;
  accounts: number;
  #buckets: number;
  /** The largest power of two not above the number of buckets. */
  #base: number;
  readonly #pages: (Page | null)[];
  readonly #source: PageSource;

  constructor(source: PageSource, shape?: PagesShape, minDue?: Float64Array) {
    this.#source = source;
    this.accounts = shape?.accounts ?? 0;
    this.#buckets = shape?.buckets ?? 1;
    this.#base = 2 ** Math.floor(Math.log2(this.#buckets));
    this.#pages = new Array(this.#buckets).fill(null);
    this.minDue = minDue ?? new Float64Array(Math.max(64, this.#buckets)).fill(NEVER);
  }

  get shape(): PagesShape {
    return { buckets: this.#buckets, accounts: this.accounts };
  }

  /** The bucket of an owner hash. */
  bucketOf(hash: number): number {
    const h = hash >>> SLOT_BITS;
    const wide = h & (this.#base * 2 - 1);
    return wide < this.#buckets ? wide : wide & (this.#base - 1);
  }

  /** A bucket as the low bits of the hashes in it (the hash without its slot bits): what a tick names. */
  scopeOf(bucket: number): { readonly bits: number; readonly value: number } {
    const isSplit = bucket >= this.#base || bucket + this.#base < this.#buckets;
    return { bits: Math.log2(isSplit ? this.#base * 2 : this.#base), value: bucket };
  }

  /** The bucket that scopeOf described. Throws where the table no longer has such a bucket. */
  bucketOfScope(bits: number, value: number): number {
    if (this.scopeOf(value).bits !== bits)
      throw new RangeError(`there is no bucket ${value} of ${bits} bits`);
    return value;
  }

  /** The page an owner with this hash is in, read in where it is not in memory. */
  pageOf(hash: number): Page {
    const bucket = this.bucketOf(hash);
    const page = this.#pages[bucket];
    if (page !== null && page !== undefined) {
      page.used = true;
      return page;
    }
    return this.#read(bucket);
  }

  /** The page of a bucket, read in where it is not in memory. */
  page(bucket: number): Page {
    return this.#pages[bucket] ?? this.#read(bucket);
  }

  #read(bucket: number): Page {
    const found = this.#source.load(bucket, this.slabs) ?? new Page(bucket, this.slabs);
    const page = found instanceof Page ? found : Page.decode(found, this.slabs);
    if (page.bucket !== bucket)
      throw new RangeError(`page of bucket ${bucket} says that it is ${page.bucket}`);
    this.#pages[bucket] = page;
    return page;
  }

  /** Must be called before a page is changed. */
  touch(page: Page): void {
    if (page.epoch !== this.epoch) this.#firstTouch(page);
  }

  #firstTouch(page: Page): void {
    if (page.waiting) this.beforeChange(page);
    page.epoch = this.epoch;
    this.dirty.push(page);
  }

  /** Something in the page is due at `due`. */
  lowerDue(page: Page, due: number): void {
    if (due < page.nextDue) page.nextDue = due;
    if (due < (this.minDue[page.bucket] as number)) this.minDue[page.bucket] = due;
  }

  /** A tick of the bucket has something to tell at `due`; what owners' commands apply before them knows nothing of it. */
  lowerTelling({ bucket }: Page, due: number): void {
    if (due < (this.minDue[bucket] as number)) this.minDue[bucket] = due;
  }

  /** Works out anew when something in the page is due. `telling`: when a tick has something to tell. */
  refreshDue(page: Page, telling: number): void {
    page.findNextDue();
    this.minDue[page.bucket] = Math.min(page.nextDue, telling);
  }

  /** From `time` on, ticks look what is due in each bucket. */
  lookAtAll(time: number): void {
    for (let bucket = 0; bucket < this.#buckets; bucket++)
      this.minDue[bucket] = Math.min(this.minDue[bucket] as number, time);
  }

  /**
   * Between commands: wins back memory, and splits buckets while there are more accounts than they should hold. Returns
   * whether places of accounts have changed.
   */
  maintain(): boolean {
    if (this.slabs.isWasteful) this.tidy();
    if (this.accounts <= this.#buckets * BUCKET_TARGET) return false;
    while (this.accounts > this.#buckets * BUCKET_TARGET) this.#splitOne();
    return true;
  }

  #splitOne(): void {
    const from = this.#buckets - this.#base;
    const to = this.#buckets;
    const page = this.page(from);
    this.touch(page);
    const bit = this.#base;
    const goes = (hash: number): boolean => ((hash >>> SLOT_BITS) & bit) !== 0;
    const [stay, gone] = page.split(to, goes, ownerHash);
    page.epoch = -1;
    stay.epoch = this.epoch;
    gone.epoch = this.epoch;
    this.dirty.push(stay, gone);
    this.#pages[from] = stay;
    this.#pages.push(gone);
    this.#buckets++;
    if (this.#buckets === this.#base * 2) this.#base = this.#buckets;
    if (this.minDue.length < this.#buckets) {
      const grown = new Float64Array(this.minDue.length * 2).fill(NEVER);
      grown.set(this.minDue);
      this.minDue = grown;
    }
    // What there is to tell is looked for at the next tick of each.
    this.minDue[to] = this.minDue[from] as number;
  }

  /** Begins the next epoch: returns the pages changed in this one, each now waiting to be written. */
  cut(): Page[] {
    const cut = this.dirty.filter((page) => page.epoch === this.epoch);
    for (const page of cut) page.waiting = true;
    this.dirty = [];
    this.epoch++;
    return cut;
  }

  /** Forgets a page that is stored as it is. */
  evict(bucket: number): void {
    this.#pages[bucket]?.forget();
    this.#pages[bucket] = null;
  }

  /** Forgets all pages that are in memory and all changes, and takes another shape: the next copy of another table. */
  reset({ buckets, accounts }: PagesShape, inMemory: Iterable<number>): void {
    for (const bucket of inMemory) this.evict(bucket);
    for (let added = buckets; added < this.#pages.length; added++) this.evict(added);
    this.#pages.length = Math.min(this.#pages.length, buckets);
    while (this.#pages.length < buckets) this.#pages.push(null);
    if (this.minDue.length < buckets) this.minDue = new Float64Array(buckets * 2).fill(NEVER);
    this.#buckets = buckets;
    this.#base = 2 ** Math.floor(Math.log2(buckets));
    this.accounts = accounts;
    this.dirty = [];
  }

  /** Wins back a portion of the memory that was freed, where that is much. */
  tidy(): void {
    this.slabs.tidy((bucket) => {
      if (bucket >= 0) return this.resident(bucket);
      return this.resident(recordsOf(bucket))?.records ?? null;
    });
  }

  /** The page of a bucket where it is in memory. */
  resident(bucket: number): Page | null {
    return this.#pages[bucket] ?? null;
  }
}
