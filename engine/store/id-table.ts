// The ids since the last checkpoint, in memory. Owns: the slots. Never touches: runs, files.
//   store.T1. A key's entries lie in insertion order between its home slot and the next empty slot.
//   store.T2. The home slot is the top bits of the key, and probing never wraps: clusters (slots between two
//       empty ones) are in key order among themselves, so sorting a cluster at a time sorts the table.
//   store.T3. The table grows by segments, each at a load of its own: no add pays for more than one segment,
//       and they do not all grow at once.
// A slot is 32 bits: a tag from the key, and which of the segment's entries it is. The entries themselves are
// written one after the other. So a look-up that finds nothing (nearly all do) and an add both touch one place
// of a small array and no other memory that is not in the processor's cache already.

import type { Found, IdColumns } from './id-columns.js';

const SEGMENT_BITS = 8;
const SEGMENTS = 1 << SEGMENT_BITS;
const SEGMENT_SHIFT = 32 - SEGMENT_BITS;
/** An entry is four 32-bit words: key, distance of seq, offset. */
const WORDS = 4;
const ENTRIES_MIN = 8;
const CAPACITY_BITS_MIN = 4;
/** A slot: the key's top bits of lo, then the entry's number from 1. 0: empty. */
const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
/** Slots after the last home slot, for the last cluster: this many and this share of the segment. */
const MARGIN_SLOTS = 32;
const MARGIN_SHARE = 16;
/** What all segments have that hold nothing yet. */
const NO_SLOTS = new Int32Array((1 << CAPACITY_BITS_MIN) + MARGIN_SLOTS);
const NO_ENTRIES = new Int32Array(0);
/** A segment grows when its load is between these, each segment at another point. */
const LOAD_MIN = 0.5;
const LOAD_MAX = 0.7;
const UINT32 = 2 ** 32;
/** Slots looked at for one batch of a scan. */
const SCAN_SLOTS = 4_096;

/** A map from 64-bit keys to log positions; several positions may share a key. */
export class IdTable {
  readonly #slots: Int32Array[] = [];
  readonly #entries: Int32Array[] = [];
  /** Of a key's bits after the segment's, this many are shifted out to get the home slot. */
  readonly #shifts = new Uint8Array(SEGMENTS);
  readonly #counts = new Int32Array(SEGMENTS);
  readonly #limits = new Int32Array(SEGMENTS);
  /** How large a segment becomes at its first entry, by the table before. */
  readonly #firstBits = new Uint8Array(SEGMENTS).fill(CAPACITY_BITS_MIN);
  readonly #firstEntries = new Int32Array(SEGMENTS).fill(ENTRIES_MIN);
  /** Seqs are kept as the distance to this one, plus 1. */
  #base = 0;
  #count = 0;
  #bytes = 0;

  /** `former`: the table this one follows; its segments begin at half its size, when they are needed. */
  constructor(former?: IdTable) {
    for (let segment = 0; segment < SEGMENTS; segment += 1) {
      this.#slots.push(NO_SLOTS);
      this.#entries.push(NO_ENTRIES);
      this.#shifts[segment] = 32 - CAPACITY_BITS_MIN;
      if (former === undefined) continue;
      const bits = 31 - (former.#shifts[segment] as number);
      this.#firstBits[segment] = Math.max(CAPACITY_BITS_MIN, bits);
      const entries = Math.floor((former.#counts[segment] as number) / 2);
      this.#firstEntries[segment] = Math.max(ENTRIES_MIN, entries);
    }
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Add a position. Seqs must not go down, nor rise by 2^32 within one table. */
  add(hi: number, lo: number, seq: number, offset: number): void {
    if (this.#count === 0) this.#base = seq;
    const distance = seq - this.#base + 1;
    if (!(distance >= 1 && distance < UINT32)) {
      throw new RangeError(`id table: seq ${seq} does not follow ${this.#base}`);
    }
    hi |= 0;
    const segment = hi >>> SEGMENT_SHIFT;
    const index = this.#counts[segment] as number;
    if (index >= (this.#limits[segment] as number)) this.#grow(segment);
    let entries = this.#entries[segment] as Int32Array;
    let at = index * WORDS;
    if (at === entries.length) entries = this.#lengthen(segment);
    entries[at] = hi;
    entries[(at += 1)] = lo;
    entries[(at += 1)] = distance;
    entries[at + 1] = offset;
    while (!this.#place(segment, hi, lo, index)) this.#grow(segment);
    this.#counts[segment] = index + 1;
    this.#count += 1;
  }

  /**
   * 0: no entry lies under the key, for the slots from its home on have other tags, and one of them is empty. Looks at
   * four and has no branch: whether the first is empty is a toss, and a wrong guess costs more than three slots.
   */
  glance(hi: number, lo: number): number {
    const segment = hi >>> SEGMENT_SHIFT;
    const at = (hi << SEGMENT_BITS) >>> (this.#shifts[segment] as number);
    const slots = this.#slots[segment] as Int32Array;
    const one = slots[at] as number;
    const two = slots[at + 1] as number;
    const three = slots[at + 2] as number;
    const four = slots[at + 3] as number;
    const tag = lo >>> INDEX_BITS;
    // The top bit is set where a value is 0, in the first sum, and where none is, in the second.
    const isEqual =
      (((one >>> INDEX_BITS) ^ tag) - 1) |
      (((two >>> INDEX_BITS) ^ tag) - 1) |
      (((three >>> INDEX_BITS) ^ tag) - 1) |
      (((four >>> INDEX_BITS) ^ tag) - 1);
    const isFull =
      (one | (0 - one)) & (two | (0 - two)) & (three | (0 - three)) & (four | (0 - four));
    return (isEqual | isFull) >>> 31;
  }

  /** Push every position under a key, newest first. */
  find(hi: number, lo: number, found: Found): void {
    hi |= 0;
    lo |= 0;
    const segment = hi >>> SEGMENT_SHIFT;
    const slots = this.#slots[segment] as Int32Array;
    let at = (hi << SEGMENT_BITS) >>> (this.#shifts[segment] as number);
    const tag = lo >>> INDEX_BITS;
    const before = found.count;
    for (let slot = slots[at] as number; slot !== 0; slot = slots[at] as number) {
      if (slot >>> INDEX_BITS === tag) this.#match(segment, slot & INDEX_MASK, hi, lo, found);
      at += 1;
    }
    if (found.count > before + 1) found.reverse(before);
  }

  /**
   * Fill `into` with the next entries in key order (entries of one key in insertion order), from the
   * place `scan` is at, and move it on. Leaves `into` empty at the end. The table must not change.
   */
  nextSorted(scan: TableScan, into: IdColumns): void {
    into.length = 0;
    while (scan.segment < SEGMENTS) {
      if ((this.#counts[scan.segment] as number) > 0) {
        this.#collect(scan, into);
        if (into.length > 0) {
          sortNearly(into);
          return;
        }
      }
      scan.segment += 1;
      scan.slot = 0;
    }
  }

  #match(segment: number, number: number, hi: number, lo: number, found: Found): void {
    const entries = this.#entries[segment] as Int32Array;
    const at = (number - 1) * WORDS;
    if (entries[at] !== hi || entries[at + 1] !== lo) return;
    const distance = (entries[at + 2] as number) >>> 0;
    found.push(this.#base - 1 + distance, (entries[at + 3] as number) >>> 0);
  }

  #allocate(segment: number, bits: number): void {
    const capacity = 1 << bits;
    const load = LOAD_MIN + ((LOAD_MAX - LOAD_MIN) * segment) / SEGMENTS;
    const slots = capacity + MARGIN_SLOTS + Math.floor(capacity / MARGIN_SHARE);
    const old = this.#slots[segment] as Int32Array;
    this.#bytes += (slots - (old === NO_SLOTS ? 0 : old.length)) * 4;
    this.#shifts[segment] = 32 - bits;
    this.#limits[segment] = Math.min(INDEX_MASK, Math.floor(capacity * load));
    this.#slots[segment] = new Int32Array(slots);
  }

  /** False: the last cluster would reach the end, which must stay empty. */
  #place(segment: number, hi: number, lo: number, index: number): boolean {
    const slots = this.#slots[segment] as Int32Array;
    let at = (hi << SEGMENT_BITS) >>> (this.#shifts[segment] as number);
    while (slots[at] !== 0) at += 1;
    if (at + 1 >= slots.length) return false;
    slots[at] = ((lo >>> INDEX_BITS) << INDEX_BITS) | (index + 1);
    return true;
  }

  /** More slots for a segment, and every entry in its place again, in the same order. */
  #grow(segment: number): void {
    const entries = this.#entries[segment] as Int32Array;
    const count = this.#counts[segment] as number;
    if (count >= INDEX_MASK) throw new RangeError('id table: full; a checkpoint is overdue');
    let bits = 32 - (this.#shifts[segment] as number);
    if (count === 0) bits = (this.#firstBits[segment] as number) - 1;
    for (let whole = false; !whole; ) {
      bits += 1;
      this.#allocate(segment, bits);
      whole = true;
      for (let index = 0; index < count && whole; index += 1) {
        const at = index * WORDS;
        whole = this.#place(segment, entries[at] as number, entries[at + 1] as number, index);
      }
    }
  }

  #lengthen(segment: number): Int32Array {
    const old = this.#entries[segment] as Int32Array;
    const longer = Math.ceil((old.length / WORDS) * 1.5);
    const size = Math.max(longer, this.#firstEntries[segment] as number);
    const entries = new Int32Array(size * WORDS);
    entries.set(old);
    this.#entries[segment] = entries;
    this.#bytes += (entries.length - old.length) * 4;
    return entries;
  }

  /** Whole clusters from the scan's slot on: at least SCAN_SLOTS, then up to an empty slot. */
  #collect(scan: TableScan, into: IdColumns): void {
    const slots = this.#slots[scan.segment] as Int32Array;
    const entries = this.#entries[scan.segment] as Int32Array;
    const enough = scan.slot + SCAN_SLOTS;
    let slot = scan.slot;
    for (; slot < slots.length; slot += 1) {
      const number = (slots[slot] as number) & INDEX_MASK;
      if (number === 0) {
        if (slot >= enough) break;
        continue;
      }
      const at = (number - 1) * WORDS;
      const row = into.length;
      into.reserve(row + 1);
      const seq = this.#base - 1 + ((entries[at + 2] as number) >>> 0);
      into.hi[row] = entries[at] as number;
      into.lo[row] = entries[at + 1] as number;
      into.seqLow[row] = seq >>> 0;
      into.seqHigh[row] = Math.floor(seq / UINT32);
      into.offset[row] = entries[at + 3] as number;
      into.length = row + 1;
    }
    scan.slot = slot;
  }
}

/** Where a walk through a table in key order is. */
export class TableScan {
  segment = 0;
  slot = 0;
}

/** Insertion sort by key, keeping the order of equal keys: entries are at most a cluster away. */
function sortNearly(columns: IdColumns): void {
  const { hi, lo, seqLow, seqHigh, offset, length } = columns;
  for (let row = 1; row < length; row += 1) {
    const keyHi = hi[row] as number;
    const keyLo = lo[row] as number;
    let to = row;
    while (
      to > 0 &&
      ((hi[to - 1] as number) > keyHi ||
        ((hi[to - 1] as number) === keyHi && (lo[to - 1] as number) > keyLo))
    ) {
      to -= 1;
    }
    if (to === row) continue;
    moveRow(hi, row, to);
    moveRow(lo, row, to);
    moveRow(seqLow, row, to);
    moveRow(seqHigh, row, to);
    moveRow(offset, row, to);
  }
}

function moveRow(column: Uint32Array, from: number, to: number): void {
  const value = column[from] as number;
  for (let row = from; row > to; row -= 1) column[row] = column[row - 1] as number;
  column[to] = value;
}
