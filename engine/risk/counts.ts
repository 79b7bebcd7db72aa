// Sums of members in a window that slides, in bounded room. Owns: the table. Never touches: what is summed, what follows from it.
//   engine-risk.C1. While there is room nothing is lost: a sum is what came within the window (engine-risk.W1), exact for whole numbers to 2^24, beyond
//       that to a part in 10^6.
//   engine-risk.C2. Where there is no room, it forgets and never invents: a sum is too small at most. Of the eight that share a bucket, the one goes that
//       is over, else the smallest, of those the one that came first. So who does much is kept, and who did something once is forgotten.
//   engine-risk.C3. It grows with how many there are, up to `slotsMax`: 48 bytes each.

import { PANES, paneMsOf, paneOf, RING } from './panes.js';

const WAYS = 8;
const SLOTS_FIRST = 1_024;
/** Bytes of a slot. */
export const COUNT_SLOT_BYTES = 8 + 4 + RING * 4;

export class Counts {
  readonly #paneMs: number;
  readonly #slotsMax: number;
  /** 0: nobody. */
  #keys = new Float64Array(SLOTS_FIRST);
  /** The newest pane of each. */
  #panes = new Uint32Array(SLOTS_FIRST);
  #sums = new Float32Array(SLOTS_FIRST * RING);
  /** How often one was forgotten whose window was not over. */
  forgotten = 0;

  /** `slotsMax`: a power of two. */
  constructor(windowMs: number, slotsMax: number) {
    this.#paneMs = paneMsOf(windowMs);
    this.#slotsMax = slotsMax;
  }

  get bytes(): number {
    return this.#keys.length * COUNT_SLOT_BYTES;
  }

  /** Adds to what this key has at a time; returns its sum then. */
  add(key: number, amount: number, time: number): number {
    const pane = paneOf(time, this.#paneMs);
    let slot = this.#find(key);
    if (slot < 0) slot = this.#room(key, pane);
    else this.#advance(slot, pane);
    // Shards are not at the same time: what is a little older counts in its own pane.
    if (pane + RING > (this.#panes[slot] as number)) {
      const at = slot * RING + (pane % RING);
      this.#sums[at] = (this.#sums[at] as number) + amount;
    }
    return this.#sumOf(slot, pane);
  }

  /** What a key has at a time. */
  of(key: number, time: number): number {
    const slot = this.#find(key);
    return slot < 0 ? 0 : this.#sumOf(slot, paneOf(time, this.#paneMs));
  }

  #bucketOf(key: number): number {
    return (key % (this.#keys.length / WAYS)) * WAYS;
  }

  #find(key: number): number {
    const first = this.#bucketOf(key);
    for (let slot = first; slot < first + WAYS; slot++) if (this.#keys[slot] === key) return slot;
    return -1;
  }

  /** What is older than the window goes. */
  #advance(slot: number, pane: number): void {
    const last = this.#panes[slot] as number;
    if (pane <= last) return;
    const from = slot * RING;
    if (pane - last >= RING) this.#sums.fill(0, from, from + RING);
    else for (let gone = last + 1; gone <= pane; gone++) this.#sums[from + (gone % RING)] = 0;
    this.#panes[slot] = pane;
  }

  #sumOf(slot: number, pane: number): number {
    const last = this.#panes[slot] as number;
    let sum = 0;
    for (let one = Math.max(pane - PANES, last - PANES, 0); one <= last; one++)
      sum += this.#sums[slot * RING + (one % RING)] as number;
    return sum;
  }

  /** A slot for a new key. */
  #room(key: number, pane: number): number {
    const first = this.#bucketOf(key);
    let worst = first;
    let least = Number.POSITIVE_INFINITY;
    for (let slot = first; slot < first + WAYS; slot++) {
      const isOver = this.#keys[slot] === 0 || pane - (this.#panes[slot] as number) > PANES;
      const sum = isOver ? -1 : this.#sumOf(slot, pane);
      const isOlder = (this.#panes[slot] as number) < (this.#panes[worst] as number);
      if (sum < least || (sum === least && isOlder)) {
        worst = slot;
        least = sum;
      }
    }
    if (least >= 0 && this.#keys.length < this.#slotsMax) {
      this.#grow(pane);
      return this.#room(key, pane);
    }
    if (least >= 0) this.forgotten++;
    this.#keys[worst] = key;
    this.#panes[worst] = pane;
    this.#sums.fill(0, worst * RING, (worst + 1) * RING);
    return worst;
  }

  /** Twice as many slots; whose window is over stays behind. */
  #grow(pane: number): void {
    const [keys, panes, sums] = [this.#keys, this.#panes, this.#sums];
    const size = keys.length * 2;
    this.#keys = new Float64Array(size);
    this.#panes = new Uint32Array(size);
    this.#sums = new Float32Array(size * RING);
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old] as number;
      if (key === 0 || pane - (panes[old] as number) > PANES) continue;
      // Keys of one bucket go to two: there is room for all.
      let slot = this.#bucketOf(key);
      while (this.#keys[slot] !== 0) slot++;
      this.#keys[slot] = key;
      this.#panes[slot] = panes[old] as number;
      this.#sums.set(sums.subarray(old * RING, (old + 1) * RING), slot * RING);
    }
  }
}
