// How many different ones there were in a window that slides: HyperLogLog, once for each pane. Owns: the registers. Never touches: what is counted.
//   engine-risk.D1. 1,024 registers: the standard error is 3.3% (1.04 / sqrt(1024)). Few are counted by linear counting, which is nearer.
//   engine-risk.D2. 9 KiB each, however many it has seen.

import { PANES, RING } from './panes.js';

const REGISTERS = 1_024;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
const HALF = 2 ** 32;
export const DISTINCT_BYTES = REGISTERS * RING;

export class Distinct {
  readonly #registers = new Uint8Array(DISTINCT_BYTES);
  #pane = 0;

  /** One was seen, by its digest of 53 bits. */
  add(digest: number, pane: number): void {
    if (pane > this.#pane) {
      const first = Math.max(this.#pane + 1, pane - PANES);
      for (let gone = first; gone <= pane; gone++)
        this.#registers.fill(0, (gone % RING) * REGISTERS, ((gone % RING) + 1) * REGISTERS);
      this.#pane = pane;
    } else if (pane < this.#pane - PANES) return;
    const low = digest % HALF;
    const high = Math.floor(digest / HALF);
    const at = (pane % RING) * REGISTERS + (high % REGISTERS);
    const rank = Math.clz32(low) + 1;
    if (rank > (this.#registers[at] as number)) this.#registers[at] = rank;
  }

  /** About how many, in the window that ends with this pane. */
  count(pane: number): number {
    let sum = 0;
    let empty = 0;
    for (let register = 0; register < REGISTERS; register++) {
      let rank = 0;
      for (let one = Math.max(pane, this.#pane) - PANES; one <= this.#pane; one++)
        rank = Math.max(rank, this.#registers[(one % RING) * REGISTERS + register] as number);
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const estimate = (ALPHA * REGISTERS ** 2) / sum;
    if (estimate > 2.5 * REGISTERS || empty === 0) return Math.round(estimate);
    return Math.round(REGISTERS * Math.log(REGISTERS / empty));
  }
}
