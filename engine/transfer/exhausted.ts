// What a shard has been told of pools on other shards: what they cannot pay. Owns: for how long that counts here. Never touches: points, the log.
//   transfer.P4. It is a hint by which acts plan less, and is in no log: an act is refused, or pays, by what its pool's shard says.
//   transfer.P5. Before what it was told is over, few members ask anew; so of a pool that stays exhausted it is known on, and not all ask at once.

import {
  EXHAUSTED_ASKERS,
  EXHAUSTED_ASKING_MS,
  EXHAUSTED_MS,
  EXHAUSTED_POOLS_MAX,
} from '../limits.js';

interface Note {
  /** Minor units that it cannot pay, nor more. */
  readonly amount: number;
  /** What it has left, and can pay. */
  readonly left: number;
  /** Block time from which on nothing is known any more: it may have been funded meanwhile. */
  readonly until: number;
}

/** Bits of a hash that do not say on which shard its owner is. */
const ASKER_SHIFT = 16;

/** Is it one of those who ask anew? */
const isAsker = (hash: number): boolean => (hash >>> ASKER_SHIFT) % EXHAUSTED_ASKERS === 0;

const keyOf = (pool: string, asset: string): string => `${pool} ${asset}`;

/** Pools elsewhere that are exhausted, as far as it is known here. */
export class ExhaustedPools {
  readonly #notes = new Map<string, Note>();

  get isEmpty(): boolean {
    return this.#notes.size === 0;
  }

  /** Its shard has said so at this time. */
  note(pool: string, asset: string, amount: number, left: number, time: number): void {
    const key = keyOf(pool, asset);
    const before = this.#notes.get(key);
    const isLive = before !== undefined && before.until > time;
    const least = isLive ? Math.min(before.amount, amount) : amount;
    this.#notes.delete(key);
    this.#notes.set(key, { amount: least, left, until: time + EXHAUSTED_MS });
    for (const oldest of this.#notes.keys()) {
      if (this.#notes.size <= EXHAUSTED_POOLS_MAX) return;
      this.#notes.delete(oldest);
    }
  }

  /** Is it known that it cannot pay so much? `asker`: the hash of who would ask (P5). */
  has(pool: string, asset: string, amount: number, time: number, asker: number): boolean {
    const note = this.#notes.get(keyOf(pool, asset));
    if (note === undefined || note.until <= time || note.amount > amount) return false;
    return note.until - time > EXHAUSTED_ASKING_MS || !isAsker(asker);
  }

  /** What it has left, where it is known that it cannot pay all. */
  left(pool: string, asset: string, time: number): number {
    const note = this.#notes.get(keyOf(pool, asset));
    return note !== undefined && note.until > time ? note.left : 0;
  }

  /** It has got points. */
  forget(pool: string, asset: string): void {
    this.#notes.delete(keyOf(pool, asset));
  }

  /** It has paid so much. */
  paid(pool: string, asset: string, amount: number, time: number): void {
    const key = keyOf(pool, asset);
    const note = this.#notes.get(key);
    if (note === undefined) return;
    if (note.until > time && note.amount <= amount) this.forget(pool, asset);
    else this.#notes.set(key, { ...note, left: Math.max(0, note.left - amount) });
  }

  /** Pools have got points, and nobody says which. */
  clear(): void {
    this.#notes.clear();
  }

  /** From here on it knows what another one does. */
  copyFrom(other: ExhaustedPools): void {
    this.#notes.clear();
    for (const [key, note] of other.#notes) this.#notes.set(key, note);
  }
}
