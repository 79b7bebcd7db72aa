// What came out of which lots, leg by leg, on its way from payers to payees. Owns: how that is written.
// Never touches: lots themselves.
// Numbers: for each leg a count, then so many (expiry, amount), soonest first. No numbers at all: no leg has any.

import type { Flow } from '../ledger/working.js';

/** Bytes of the numbers; undefined where there are none. */
export function packLots(lots: readonly number[]): Uint8Array | undefined {
  if (lots.every((number) => number === 0)) return undefined;
  const bytes = new Uint8Array(lots.length * 8);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < lots.length; i++) view.setFloat64(i * 8, lots[i] as number, true);
  return bytes;
}

/** The numbers in so many bytes. */
export function unpackLots(bytes: Uint8Array, start: number, length: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, length);
  const lots: number[] = [];
  for (let at = 0; at < length; at += 8) lots.push(view.getFloat64(at, true));
  return lots;
}

/** Lots by leg. */
export class LegLots {
  readonly #legs: number[][];

  constructor(legs: number, numbers: readonly number[]) {
    this.#legs = Array.from({ length: legs }, () => []);
    let at = 0;
    for (let leg = 0; leg < legs && at < numbers.length; leg++) {
      const end = at + 1 + 2 * (numbers[at] as number);
      this.#legs[leg] = numbers.slice(at + 1, end);
      at = end;
    }
  }

  /** Notes what a leg's payer gave. */
  set(leg: number, flow: Flow): void {
    const pairs: number[] = [];
    for (let i = 0; i < flow.count; i++)
      pairs.push(flow.expiries[i] as number, flow.amounts[i] as number);
    this.#legs[leg] = pairs;
  }

  /** Puts `amount` into the flow: the leg's lots, and the rest loose. */
  fill(leg: number, amount: number, flow: Flow): void {
    flow.clear();
    const pairs = this.#legs[leg] as number[];
    let rest = amount;
    for (let i = 0; i < pairs.length; i += 2) {
      flow.add(pairs[i] as number, pairs[i + 1] as number);
      rest -= pairs[i + 1] as number;
    }
    flow.loose = rest;
  }

  numbers(): number[] {
    if (this.#legs.every((pairs) => pairs.length === 0)) return [];
    return this.#legs.flatMap((pairs) => [pairs.length / 2, ...pairs]);
  }
}
