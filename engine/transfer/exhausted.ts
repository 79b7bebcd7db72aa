// What shards tell each other of pools: what they cannot pay, and that they have got points. Owns: for how long that counts. Never touches: points, the
// log.
//   transfer.P4. It is a hint by which acts plan less, and is in no log: an act is refused, or pays, by what its pool's shard says.
//   transfer.P5. Before what it was told is over, few members ask anew; so of a pool that stays exhausted it is known on, and not all ask at once.
//   transfer.P6. A pool that has got points says so to those who were told that it is exhausted, with the block that brought them. That may be lost,
//       or overtaken: then what they were told is over by its time.

import {
  EXHAUSTED_ASKERS,
  EXHAUSTED_ASKING_MS,
  EXHAUSTED_MS,
  EXHAUSTED_POOLS_MAX,
  PREPARE_LIMIT_MS,
} from '../limits.js';
import { packCommand } from '../protocol/command-buffer.js';

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

/** What one shard is told of a pool of another one. */
interface Supplied {
  readonly to: number;
  readonly packed: Uint8Array;
}

const NOBODY: readonly Supplied[] = [];

/** Shards that were told of pools here that they are exhausted, and may believe it. */
export class ToldShards {
  /** By pool and asset: the shards, and until when, by block time, they believe it at the latest. */
  readonly #told = new Map<string, Map<number, number>>();

  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  /** A shard is told so at this time. */
  note(pool: string, asset: string, shard: number, time: number): void {
    const key = keyOf(pool, asset);
    const shards = this.#told.get(key) ?? new Map<number, number>();
    // It counts there from when it arrives.
    shards.set(shard, time + EXHAUSTED_MS + PREPARE_LIMIT_MS);
    this.#told.delete(key);
    this.#told.set(key, shards);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= EXHAUSTED_POOLS_MAX) return;
      this.#told.delete(oldest);
    }
  }

  /** A pool here has got points: what is said to whom (P6). */
  supplied(pool: string, asset: string, time: number): readonly Supplied[] {
    const key = keyOf(pool, asset);
    const shards = this.#told.get(key);
    if (shards === undefined) return NOBODY;
    this.#told.delete(key);
    const packed = packCommand({ type: 'supplied', owner: pool, asset }, undefined);
    return [...shards].flatMap(([to, until]) => (until > time ? [{ to, packed }] : []));
  }
}
