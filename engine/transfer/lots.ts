// The lots that payers gave, leg by leg, on their way to payees. Owns: how they are written.
// Never touches: lots themselves.
// Numbers: for each leg a count, then so many (expiry, amount), soonest first. No numbers at all: no leg has any. Of the refusal BUDGET_SHORT two
// numbers, in their place: which leg its pool cannot pay, and what the pool has left for it.

import type { Flow } from '../ledger/flow.js';
import { LEGS_MAX } from '../limits.js';
import { OP } from '../protocol/layout.js';
import { packNumbers, unpackNumbers } from '../protocol/numbers.js';
import { opOf } from './carried.js';

export const NO_LOTS: readonly number[] = [];

/** Bytes of the numbers; undefined where there are none. */
export const packLots = (lots: readonly number[]): Uint8Array | undefined =>
  lots.length === 0 ? undefined : packNumbers(lots);

/** What of a carried command's lots other shards are told: of a reversal nothing, for each account's lots stay where they are. */
export const lotsToSend = (carried: Uint8Array, lots: readonly number[]): Uint8Array | undefined =>
  opOf(carried) === OP.reverse ? undefined : packLots(lots);

/** The numbers in so many bytes. */
export const unpackLots = (bytes: Uint8Array, start: number, length: number): readonly number[] =>
  length === 0 ? NO_LOTS : unpackNumbers(bytes, start, length);

/** Lots by leg (of a reversal: by entry); used again for the next transfer. */
export class LegLots {
  readonly #legs: (readonly number[])[] = new Array(LEGS_MAX).fill(NO_LOTS);
  #count = 0;
  #isEmpty = true;
  #short: readonly number[] | undefined;

  /** Of a transfer of so many legs, what is known so far. */
  begin(legs: number, numbers: readonly number[]): void {
    this.#count = legs;
    this.#isEmpty = true;
    this.#short = undefined;
    let at = 0;
    for (let leg = 0; leg < legs; leg++) {
      const pairs = at < numbers.length ? 2 * (numbers[at] as number) : 0;
      this.#put(leg, pairs === 0 ? NO_LOTS : numbers.slice(at + 1, at + 1 + pairs));
      at += 1 + pairs;
    }
  }

  #put(leg: number, pairs: readonly number[]): void {
    this.#legs[leg] = pairs;
    if (pairs.length > 0) this.#isEmpty = false;
  }

  /** Notes what a leg's payer gave. */
  set(leg: number, flow: Flow): void {
    if (flow.count > 0) this.#put(leg, flow.pairs());
  }

  /** Puts `amount` into the flow: the leg's lots, and the rest loose. */
  fill(leg: number, amount: number, flow: Flow): void {
    flow.clear();
    const pairs = this.#legs[leg] as readonly number[];
    let rest = amount;
    for (let i = 0; i < pairs.length; i += 2) {
      flow.add(pairs[i] as number, pairs[i + 1] as number);
      rest -= pairs[i + 1] as number;
    }
    flow.loose = rest;
  }

  /** It is refused because the pool that pays a leg has not enough: (leg, what it has left for it). */
  short(told: readonly number[]): void {
    this.#short = told;
  }

  numbers(): readonly number[] {
    if (this.#short !== undefined) return this.#short;
    if (this.#isEmpty) return NO_LOTS;
    const numbers: number[] = [];
    for (let leg = 0; leg < this.#count; leg++) {
      const pairs = this.#legs[leg] as readonly number[];
      numbers.push(pairs.length / 2, ...pairs);
    }
    return numbers;
  }
}
