// The members of one period of a board in order, with their ranks. Owns: how many there are before a key. Never touches: what a score is of.
//   boards.R1. A rank is found in O(log n) and one stretch of keys, whatever n: marks in memory say how many members there are between them, and
//       LMDB has the members. A mark stands for STRETCH_MAX / 4 members at least, but where many have left, so a million takes some
//       thousand marks.

import type { Ordered } from '../store.js';
import { after, orderKey, type Ranked, rankedIn, scoreStart, tableStart } from './keys.js';

/** Members between two marks, at most: so many keys are counted for one rank. */
const STRETCH_MAX = 512;

export class Standings {
  readonly #order: Ordered;
  readonly #table: number;
  /** Where each stretch begins; the first one at the beginning of the table. */
  #marks: Buffer[] = [];
  /** How many members are in each. */
  #counts: number[] = [];
  /** How many are before each, as far as it was added up. */
  #before: number[] = [];
  #added = 0;

  constructor(order: Ordered, table: number) {
    this.#order = order;
    this.#table = table;
    this.#marks.push(tableStart(table));
    this.#counts.push(0);
    for (const key of order.getKeys({ start: tableStart(table), end: tableStart(table + 1) })) {
      const last = this.#counts.length - 1;
      if ((this.#counts[last] as number) < STRETCH_MAX / 2) (this.#counts[last] as number)++;
      else {
        this.#marks.push(key);
        this.#counts.push(1);
      }
    }
  }

  get members(): number {
    const last = this.#counts.length - 1;
    return this.#sumBefore(last) + (this.#counts[last] as number);
  }

  /** The stretch that a key is in. */
  #stretchOf(key: Buffer): number {
    let [low, high] = [0, this.#marks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (Buffer.compare(this.#marks[middle] as Buffer, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How many members are before a stretch. */
  #sumBefore(stretch: number): number {
    for (; this.#added <= stretch; this.#added++)
      this.#before[this.#added] =
        this.#added === 0
          ? 0
          : (this.#before[this.#added - 1] as number) + (this.#counts[this.#added - 1] as number);
    return this.#before[stretch] as number;
  }

  /** Members leave their places and get others: what was just stored. */
  moved(gone: readonly Buffer[], come: readonly Buffer[]): void {
    const full = new Set<Buffer>();
    for (const key of gone) this.#count(key, -1);
    for (const key of come) {
      const stretch = this.#count(key, 1);
      if ((this.#counts[stretch] as number) > STRETCH_MAX) full.add(this.#marks[stretch] as Buffer);
    }
    for (const mark of full) this.#divide(this.#marks.indexOf(mark));
    this.#tidy();
  }

  #count(key: Buffer, add: 1 | -1): number {
    const stretch = this.#stretchOf(key);
    (this.#counts[stretch] as number) += add;
    this.#added = Math.min(this.#added, stretch + 1);
    return stretch;
  }

  #divide(stretch: number): void {
    const marks: Buffer[] = [];
    const counts: number[] = [];
    for (const key of this.#order.getKeys(this.#rangeOf(stretch))) {
      const last = counts.length - 1;
      if (last >= 0 && (counts[last] as number) < STRETCH_MAX / 2) (counts[last] as number)++;
      else {
        marks.push(key);
        counts.push(1);
      }
    }
    marks[0] = this.#marks[stretch] as Buffer;
    this.#marks.splice(stretch, 1, ...marks);
    this.#counts.splice(stretch, 1, ...counts);
    this.#added = Math.min(this.#added, stretch);
  }

  /** Stretches that nobody is left in go. */
  #tidy(): void {
    const isKept = (_: unknown, i: number): boolean => i === 0 || this.#counts[i] !== 0;
    if (this.#counts.every((count, i) => count !== 0 || i === 0)) return;
    this.#marks = this.#marks.filter(isKept);
    this.#counts = this.#counts.filter(isKept);
    this.#added = 0;
  }

  #rangeOf(stretch: number): { readonly start: Buffer; readonly end: Buffer } {
    const start = this.#marks[stretch] as Buffer;
    return { start, end: this.#marks[stretch + 1] ?? tableStart(this.#table + 1) };
  }

  /** How many members are before a key. */
  #keysBefore(key: Buffer): number {
    const stretch = this.#stretchOf(key);
    const start = this.#marks[stretch] as Buffer;
    return this.#sumBefore(stretch) + this.#order.getKeysCount({ start, end: key });
  }

  /** How many have a higher score; and how many are before this member in the order. */
  before(ranked: Ranked): { readonly higher: number; readonly before: number } {
    return {
      higher: this.#keysBefore(scoreStart(this.#table, ranked.score)),
      before: this.#keysBefore(orderKey(this.#table, ranked)),
    };
  }

  /** The members after this one, in order; undefined: from the first one on. */
  following(ranked: Ranked | undefined, limit: number): Ranked[] {
    const start =
      ranked === undefined ? tableStart(this.#table) : after(orderKey(this.#table, ranked));
    const end = tableStart(this.#table + 1);
    return Array.from(this.#order.getKeys({ start, end, limit }), rankedIn);
  }

  /** The members before this one, the nearest first. */
  preceding(ranked: Ranked, limit: number): Ranked[] {
    const key = orderKey(this.#table, ranked);
    const start = tableStart(this.#table);
    const found: Ranked[] = [];
    // Backwards a range begins with its start.
    for (const one of this.#order.getKeys({
      start: key,
      end: start,
      reverse: true,
      limit: limit + 1,
    }))
      if (Buffer.compare(one, key) < 0 && found.length < limit) found.push(rankedIn(one));
    return found;
  }
}
