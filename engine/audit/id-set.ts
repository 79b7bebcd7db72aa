// Ids with their places in the log, many of them, sorted when all are there. Owns: a plain way to do that, on purpose
// another one than the index's (engine/store/id-*.ts), which is checked by it. Never touches: the data folder.
//   audit.J1. Memory is bounded: what exceeds it lies in one scratch file, which close() removes.

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { murmur3, ownerHash } from '../protocol/hash.js';
import { IdColumns } from '../store/id-columns.js';

/** Ids in memory before they are written out. */
const SPILL_IDS = 1 << 22;
/** Ids that are sorted at once, about. */
const SORT_IDS = 1 << 20;
/** Index of an id among those sorted at once; with 32 bits of the key it fits a double. */
const INDEX_BITS = 21;
const SPILL_BITS = 8;
const ROW_WORDS = 5;
/** Seed of the second lane of keys, as stored indexes have them. */
const SECOND_LANE = 0x5bd1e995;

/**
 * Set in the offset of what is no use of an id: a decision, which is the end of one (transit-check.ts), and what is noted of lots and
 * reversals, once for each time. Offsets are multiples of 8.
 */
export const NO_USE = 1;
/** Likewise, of a refusal for now: what comes after it may use the id anew. */
export const FREES = 2;
/** An offset as it is in the log. */
export const withoutMarks = (offset: number): number => offset & ~(NO_USE | FREES);

/** The two halves of the key of an owner's id, as stored indexes have them. */
export function idKey(owner: string, id: string): { readonly hi: number; readonly lo: number } {
  return {
    hi: murmur3(id, ownerHash(owner) ^ SECOND_LANE),
    lo: murmur3(id, murmur3(owner, SECOND_LANE)),
  };
}

/** The id under which an index notes that a transfer was reversed. */
export const reversedId = (transferId: string): string => `${transferId}\0reversed`;

/** The id under which an index notes that points out of a lot expired. */
export const lotId = (asset: number, expiry: number): string => `\0${asset}\0${expiry}`;

/** Rows of one spill whose keys begin alike: where they are in the file, and how many. */
interface Extent {
  readonly at: number;
  readonly count: number;
}

export class IdSet {
  count = 0;
  readonly #path: string;
  readonly #spillIds: number;
  readonly #rows = new IdColumns(1 << 10);
  readonly #extents: Extent[][] = [];
  #file: number | undefined;
  #end = 0;

  /** `spillIds`: for tests. */
  constructor(path: string, spillIds = SPILL_IDS) {
    this.#path = path;
    this.#spillIds = spillIds;
  }

  add(hi: number, lo: number, seq: number, offset: number): void {
    if (this.#rows.length >= this.#spillIds) this.#spill();
    const rows = this.#rows;
    const row = rows.length;
    rows.reserve(row + 1);
    rows.hi[row] = hi;
    rows.lo[row] = lo;
    rows.seqLow[row] = seq;
    rows.seqHigh[row] = Math.floor(seq / 2 ** 32);
    rows.offset[row] = offset;
    rows.length = row + 1;
    this.count += 1;
  }

  /** By how many first bits of their keys ids are told apart before they are sorted. */
  bits(): number {
    const needed = Math.max(0, Math.ceil(Math.log2(this.count / SORT_IDS)));
    return this.#file === undefined ? needed : Math.max(needed, SPILL_BITS);
  }

  /** The ids in order of key, then place, in parts: the keys that begin with the same bits. */
  *sorted(bits: number): IterableIterator<IdColumns> {
    if (this.#file !== undefined) this.#spill();
    for (let part = 0; part < 2 ** bits; part++) yield sort(this.#part(part, bits));
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }

  #part(part: number, bits: number): IdColumns {
    if (bits === 0) return this.#rows;
    const found = new IdColumns(1 << 10);
    const shift = 32 - bits;
    const take = (rows: IdColumns): void => {
      for (let row = 0; row < rows.length; row++) {
        if ((rows.hi[row] as number) >>> shift === part) copyRow(rows, row, found);
      }
    };
    if (this.#file === undefined) take(this.#rows);
    else
      for (const extent of this.#extents[bits > SPILL_BITS ? part >>> (bits - SPILL_BITS) : part] ??
        [])
        take(this.#read(extent));
    return found;
  }

  #spill(): void {
    const rows = this.#rows;
    this.#file ??= openSync(this.#path, 'w+', 0o600);
    const counts = new Uint32Array(1 << SPILL_BITS);
    const top = (row: number): number => (rows.hi[row] as number) >>> (32 - SPILL_BITS);
    for (let row = 0; row < rows.length; row++) counts[top(row)] = (counts[top(row)] as number) + 1;
    const words = new Uint32Array(rows.length * ROW_WORDS);
    const next = new Uint32Array(counts.length);
    let at = 0;
    counts.forEach((count, part) => {
      next[part] = at;
      if (count > 0)
        (this.#extents[part] ??= []).push({ at: this.#end + at * ROW_WORDS * 4, count });
      at += count;
    });
    for (let row = 0; row < rows.length; row++) {
      const part = top(row);
      const to = next[part] as number;
      next[part] = to + 1;
      columnsOf(rows).forEach((column, i) => {
        words[to * ROW_WORDS + i] = column[row] as number;
      });
    }
    const bytes = new Uint8Array(words.buffer);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#end += bytes.length;
    rows.length = 0;
  }

  #read({ at, count }: Extent): IdColumns {
    const words = new Uint32Array(count * ROW_WORDS);
    const bytes = new Uint8Array(words.buffer);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.#file as number, bytes, done, bytes.length - done, at + done);
      if (read === 0) throw new Error(`${this.#path} has been cut short`);
      done += read;
    }
    const rows = new IdColumns(count);
    columnsOf(rows).forEach((column, i) => {
      for (let row = 0; row < count; row++) column[row] = words[row * ROW_WORDS + i] as number;
    });
    rows.length = count;
    return rows;
  }
}

const columnsOf = (rows: IdColumns): Uint32Array[] => [
  rows.hi,
  rows.lo,
  rows.seqLow,
  rows.seqHigh,
  rows.offset,
];

function copyRow(from: IdColumns, row: number, to: IdColumns): void {
  const place = to.length;
  to.reserve(place + 1);
  to.hi[place] = from.hi[row] as number;
  to.lo[place] = from.lo[row] as number;
  to.seqLow[place] = from.seqLow[row] as number;
  to.seqHigh[place] = from.seqHigh[row] as number;
  to.offset[place] = from.offset[row] as number;
  to.length = place + 1;
}

/** Negative: row a comes first. The first half of the key is equal. */
function compareRows(rows: IdColumns, a: number, b: number): number {
  for (const column of [rows.lo, rows.seqHigh, rows.seqLow, rows.offset]) {
    if (column[a] !== column[b]) return (column[a] as number) - (column[b] as number);
  }
  return 0;
}

/** A sorted copy. */
function sort(rows: IdColumns): IdColumns {
  const { length } = rows;
  if (length > 2 ** INDEX_BITS) throw new RangeError(`${length} ids with keys that begin alike`);
  const order = new Float64Array(length);
  for (let row = 0; row < length; row++)
    order[row] = (rows.hi[row] as number) * 2 ** INDEX_BITS + row;
  order.sort();
  const sorted = new IdColumns(Math.max(1, length));
  for (let from = 0; from < length; ) {
    const first = (order[from] as number) % 2 ** INDEX_BITS;
    const equal = [first];
    let to = from + 1;
    for (; to < length; to++) {
      const row = (order[to] as number) % 2 ** INDEX_BITS;
      if (rows.hi[row] !== rows.hi[first]) break;
      equal.push(row);
    }
    if (equal.length > 1) equal.sort((a, b) => compareRows(rows, a, b));
    for (const row of equal) copyRow(rows, row, sorted);
    from = to;
  }
  return sorted;
}
