// The work: whose points move, in which order, and what every balance must be afterwards.
// Owns: the choice of users, commands, expected sums. Never touches: the engine, the clock.
//   W1. The n-th command depends on the seed and n alone, whatever the speed of the engine.
//   W2. Every command must succeed: nobody runs short, no hold is finished before it can be there.

import type { Command, Leg } from '../engine/index.js';

const DAY_MS = 86_400_000;
/** Enough that nobody runs short, few enough that no sum leaves 2^53 - 1. */
const FUNDS = 1_000_000;
/** Commands between a hold and its capture or release: more than are ever in flight. */
export const HOLD_LAG = 8_192;

/** Numbers 0 <= x < 1, the same sequence for the same seed: mulberry32. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Every user equally often. */
export function uniform(users: number, seed: number): () => number {
  const next = random(seed);
  return () => (next() * users) | 0;
}

/**
 * The k-th most active of n users with a probability proportional to 1 / k^skew, by Vose's alias method. Who is
 * active is spread over the users at random, so that they do not lie beside each other.
 */
export function zipf(users: number, skew: number, seed: number): () => number {
  const weights = new Float64Array(users);
  let sum = 0;
  for (let k = 0; k < users; k++) sum += weights[k] = 1 / (k + 1) ** skew;
  const keep = new Float64Array(users);
  const alias = new Int32Array(users);
  const small: number[] = [];
  const large: number[] = [];
  for (let k = 0; k < users; k++) {
    keep[k] = ((weights[k] ?? 0) * users) / sum;
    ((keep[k] ?? 0) < 1 ? small : large).push(k);
  }
  while (small.length > 0 && large.length > 0) {
    const low = small.pop() ?? 0;
    const high = large.pop() ?? 0;
    alias[low] = high;
    keep[high] = (keep[high] ?? 0) + (keep[low] ?? 0) - 1;
    ((keep[high] ?? 0) < 1 ? small : large).push(high);
  }
  for (const k of [...small, ...large]) keep[k] = 1;

  const next = random(seed);
  const who = Int32Array.from(weights, (_, k) => k);
  for (let k = users - 1; k > 0; k--) {
    const other = (next() * (k + 1)) | 0;
    const mine = who[k] ?? 0;
    who[k] = who[other] ?? 0;
    who[other] = mine;
  }
  return () => {
    const column = (next() * users) | 0;
    const rank = next() < (keep[column] ?? 1) ? column : (alias[column] ?? 0);
    return who[rank] ?? 0;
  };
}

/** What kind of work. */
export interface WorkOptions {
  readonly users: number;
  /** Chooses the user of the next command. */
  readonly pick: () => number;
  readonly asset: string;
  /** Part of every id. */
  readonly run: string;
  /** Points earned expire after 1 to 30 days, counted from here (ms since 1970); undefined: no lots. */
  readonly lotsFrom?: number | undefined;
  /** Share of the commands that are holds; each is later captured or released. */
  readonly holdShare?: number | undefined;
}

/** A sequence of commands, and what they add up to. */
export class Work {
  readonly users: number;
  readonly asset: string;
  /** Expected points of each user, available and held. */
  readonly available: Float64Array;
  readonly held: Float64Array;
  /** Expected points that came from `@issue`, and went to `@redeem`. */
  issued = 0;
  redeemed = 0;
  /** Commands made, without the funding. */
  made = 0;
  readonly #pick: () => number;
  readonly #idPrefix: string;
  readonly #names: readonly string[] | undefined;
  readonly #lotsFrom: number | undefined;
  readonly #holdEvery: number;
  // Holds in the order they were made: user, amount, the command that made it.
  readonly #holds: { user: number; amount: number; made: number }[] = [];
  #firstHold = 0;

  constructor(options: WorkOptions) {
    this.users = options.users;
    this.asset = options.asset;
    this.available = new Float64Array(options.users);
    this.held = new Float64Array(options.users);
    this.#pick = options.pick;
    this.#idPrefix = `t${options.run}-`;
    // Millions of names are made anew each time: they would count as the engine's memory.
    const names = options.users <= 1_000_000;
    this.#names = names ? Array.from({ length: options.users }, (_, n) => `u${n}`) : undefined;
    this.#lotsFrom = options.lotsFrom;
    const share = options.holdShare ?? 0;
    this.#holdEvery = share === 0 ? 0 : Math.round(10 * share);
  }

  /** Are the points kept in lots? */
  get lots(): boolean {
    return this.#lotsFrom !== undefined;
  }

  /** The owner's name of the n-th user. */
  owner(user: number): string {
    return this.#names?.[user] ?? `u${user}`;
  }

  /** The n-th of the commands that give every user something to spend. */
  funding(user: number): Command {
    const legs = this.#lotsFrom === undefined ? 1 : 4;
    const each: Leg[] = [];
    for (let leg = 0; leg < legs; leg++) {
      // In lots: over months after those that the measured earnings make.
      const days = 60 + 30 * leg;
      each.push(this.#leg('@issue', this.owner(user), FUNDS / legs, days));
    }
    this.issued += FUNDS;
    this.available[user] = (this.available[user] ?? 0) + FUNDS;
    return { type: 'transfer', id: `${this.#idPrefix}f${user}`, kind: 'FUND', legs: each };
  }

  /** The next command. */
  next(): Command {
    const n = this.made++;
    if (this.#holdEvery > 0) {
      const turn = n % 10;
      if (turn < this.#holdEvery) return this.#hold(n);
      if (turn < 2 * this.#holdEvery) {
        const oldest = this.#holds[this.#firstHold];
        if (oldest !== undefined && oldest.made + HOLD_LAG <= n) return this.#finish(oldest, n);
      }
    }
    const user = this.#pick();
    const amount = 1 + (n & 7);
    const id = this.#idPrefix + n;
    // Every second command earns, every second spends; runs of three bits keep amounts even on both sides.
    if (((n >> 3) & 1) === 0) {
      this.issued += amount;
      this.available[user] = (this.available[user] ?? 0) + amount;
      const leg = this.#leg('@issue', this.owner(user), amount, 1 + (n % 30));
      return { type: 'transfer', id, kind: 'EARN', legs: [leg] };
    }
    this.redeemed += amount;
    this.available[user] = (this.available[user] ?? 0) - amount;
    const leg: Leg = { from: this.owner(user), to: '@redeem', asset: this.asset, amount };
    return { type: 'transfer', id, kind: 'SPEND', legs: [leg] };
  }

  /** The next commands. */
  batch(size: number): Command[] {
    const commands: Command[] = [];
    for (let i = 0; i < size; i++) commands.push(this.next());
    return commands;
  }

  #leg(from: string, to: string, amount: number, days: number): Leg {
    if (this.#lotsFrom === undefined) return { from, to, asset: this.asset, amount };
    return { from, to, asset: this.asset, amount, expiresAt: this.#lotsFrom + days * DAY_MS };
  }

  #hold(n: number): Command {
    const user = this.#pick();
    const amount = 1 + (n & 7);
    this.available[user] = (this.available[user] ?? 0) - amount;
    this.held[user] = (this.held[user] ?? 0) + amount;
    this.#holds.push({ user, amount, made: n });
    const owner = this.owner(user);
    const id = this.#idPrefix + n;
    return { type: 'hold', id, kind: 'ORDER', owner, asset: this.asset, amount };
  }

  #finish(hold: { user: number; amount: number; made: number }, n: number): Command {
    // The list is cut now and then, as shifting it each time would move all of it.
    if (++this.#firstHold === 65_536) {
      this.#holds.splice(0, this.#firstHold);
      this.#firstHold = 0;
    }
    const { user, amount } = hold;
    const owner = this.owner(user);
    const holdId = this.#idPrefix + hold.made;
    const id = this.#idPrefix + n;
    this.held[user] = (this.held[user] ?? 0) - amount;
    if ((((n / 10) | 0) & 1) === 0) {
      this.available[user] = (this.available[user] ?? 0) + amount;
      return { type: 'release', id, kind: 'ORDER', owner, holdId };
    }
    this.redeemed += amount;
    return { type: 'capture', id, kind: 'ORDER', owner, holdId, to: '@redeem' };
  }
}
