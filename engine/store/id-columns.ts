// Ids on their way: entries in columns, positions found. Owns: the two shapes that table, runs and merges
// share, so that no object is made per id. Never touches: where they come from.

const UINT32 = 2 ** 32;

/** Entries in columns: what is sorted, merged and written. */
export class IdColumns {
  hi: Uint32Array;
  lo: Uint32Array;
  seqLow: Uint32Array;
  seqHigh: Uint32Array;
  offset: Uint32Array;
  length = 0;

  constructor(capacity: number) {
    this.hi = new Uint32Array(capacity);
    this.lo = new Uint32Array(capacity);
    this.seqLow = new Uint32Array(capacity);
    this.seqHigh = new Uint32Array(capacity);
    this.offset = new Uint32Array(capacity);
  }

  /** Room for as many entries, keeping those there are. */
  reserve(capacity: number): void {
    if (capacity <= this.hi.length) return;
    const size = Math.max(capacity, this.hi.length * 2);
    this.hi = enlarged(this.hi, size);
    this.lo = enlarged(this.lo, size);
    this.seqLow = enlarged(this.seqLow, size);
    this.seqHigh = enlarged(this.seqHigh, size);
    this.offset = enlarged(this.offset, size);
  }
}

/** Positions found under one key. */
export class Found {
  readonly seqs: number[] = [0.5];
  readonly offsets: number[] = [0.5];
  count = 0;

  push(seq: number, offset: number): void {
    this.seqs[this.count] = seq;
    this.offsets[this.count] = offset;
    this.count += 1;
  }

  /** Turn round what was pushed since `from`: oldest first becomes newest first. */
  reverse(from: number): void {
    for (let low = from, high = this.count - 1; low < high; low += 1, high -= 1) {
      swap(this.seqs, low, high);
      swap(this.offsets, low, high);
    }
  }
}

function enlarged(column: Uint32Array, size: number): Uint32Array {
  const larger = new Uint32Array(size);
  larger.set(column);
  return larger;
}

function swap(values: number[], one: number, other: number): void {
  const kept = values[one] as number;
  values[one] = values[other] as number;
  values[other] = kept;
}

/** A seq from its two halves. */
export function joinSeq(low: number, high: number): number {
  return high * UINT32 + low;
}
