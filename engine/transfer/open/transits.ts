// Cross-shard transfers that are open on one shard: prepared here, not decided. Owns: which there are, what payees expect,
// which holds and transfers they keep busy. Never touches: accounts. Part of the state: stored with the checkpoint, the same
// after a replay.

import {
  busyBy,
  busyHold,
  busyMerge,
  heldBack,
  isOfMerge,
  type Slots,
  slotsBy,
} from '../carried.js';

/** One open transfer. */
export interface Transit {
  readonly owner: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  /** The shard to ask: the next one of the chain. */
  readonly next: number;
  /** The block that opened it. */
  readonly seq: number;
  /** The transfer, capture or reversal, as prepares carry it. */
  readonly transfer: Uint8Array;
  /** Lots that payers so far gave (lots.ts); of a reversal, those of its accounts here. */
  readonly lots: readonly number[];
  /**
   * What accounts here expect, and (below 0) what is reserved of them, system owners and stripes too: owner hash, asset,
   * amount, three numbers each.
   */
  readonly expected: readonly number[];
}

/** What identifies a transfer. */
export const transitKey = (owner: string, id: string): string => `${owner}\0${id}`;

/** A small integer: accounts that share one share what they expect. */
const accountKey = (hash: number, asset: number): number =>
  (hash ^ Math.imul(asset + 1, 0x9e3779b1)) | 0;

export class Transits {
  #open = new Map<string, Transit>();
  /** By account. */
  #expected = new Map<number, number>();
  #reserved = new Map<number, number>();
  /** How many are open towards each shard. */
  #towards = new Map<number, number>();
  #busy = new Set<string>();
  /** How many of them are merges of members, or undo one. */
  #merges = 0;
  #heldBack = new Set<string>();
  /** By owner: those that open commands keep. */
  #slots = new Map<string, Slots>();
  /** All of these are another's, and are copied before the first change. */
  #isBorrowed = false;

  get size(): number {
    return this.#open.size;
  }

  get(owner: string, id: string): Transit | undefined {
    return this.#open.get(transitKey(owner, id));
  }

  /** All, in the order in which they were opened. */
  all(): IterableIterator<Transit> {
    return this.#open.values();
  }

  towards(shard: number): number {
    return this.#towards.get(shard) ?? 0;
  }

  /** What is on its way to an account. */
  expectedBy(hash: number, asset: number): number {
    return this.#open.size === 0 ? 0 : (this.#expected.get(accountKey(hash, asset)) ?? 0);
  }

  /** What an account has reserved. */
  reservedBy(hash: number, asset: number): number {
    return this.#open.size === 0 ? 0 : (this.#reserved.get(accountKey(hash, asset)) ?? 0);
  }

  /** Is anything part of an open one? */
  get hasBusy(): boolean {
    return this.#busy.size > 0;
  }

  /** Is this hold, transfer or record (carried.ts) part of an open one? */
  isBusy(name: string): boolean {
    return this.#busy.size > 0 && this.#busy.has(name);
  }

  /** Are members being merged? */
  get hasMerges(): boolean {
    return this.#merges > 0;
  }

  /** Is a member being merged, or parted again? */
  isMerging(owner: string): boolean {
    return this.#merges > 0 && this.#busy.has(busyMerge(owner));
  }

  /** Does a hold that is due wait for an act to be decided? */
  holdsBack(owner: string, holdId: string): boolean {
    return this.#heldBack.size > 0 && this.#heldBack.has(busyHold(owner, holdId));
  }

  /** Room that open commands keep for an owner; undefined: none. */
  slotsOf(owner: string): Slots | undefined {
    return this.#slots.size === 0 ? undefined : this.#slots.get(owner);
  }

  open(transit: Transit): void {
    if (this.#isBorrowed) this.#own();
    this.#open.set(transitKey(transit.owner, transit.id), transit);
    this.#count(transit, 1);
    for (const name of busyBy(transit.transfer)) {
      this.#busy.add(name);
      if (isOfMerge(name)) this.#merges++;
    }
    for (const name of heldBack(transit.transfer)) this.#heldBack.add(name);
    this.#keep(transit, 1);
  }

  close(transit: Transit): void {
    if (this.#isBorrowed) this.#own();
    this.#open.delete(transitKey(transit.owner, transit.id));
    this.#count(transit, -1);
    for (const name of busyBy(transit.transfer)) {
      this.#busy.delete(name);
      if (isOfMerge(name)) this.#merges--;
    }
    for (const name of heldBack(transit.transfer)) this.#heldBack.delete(name);
    this.#keep(transit, -1);
  }

  #keep({ transfer }: Transit, sign: 1 | -1): void {
    for (const { owner, ...more } of slotsBy(transfer)) {
      const kept = this.#slots.get(owner);
      const records = (kept?.records ?? 0) + sign * more.records;
      const holds = (kept?.holds ?? 0) + sign * more.holds;
      if (records === 0 && holds === 0) this.#slots.delete(owner);
      else this.#slots.set(owner, { owner, records, holds });
    }
  }

  /** The same transfers, to be opened and closed apart. While it is used, these here must stay as they are. */
  copy(): Transits {
    const copy = new Transits();
    copy.#open = this.#open;
    copy.#expected = this.#expected;
    copy.#reserved = this.#reserved;
    copy.#towards = this.#towards;
    copy.#busy = this.#busy;
    copy.#merges = this.#merges;
    copy.#heldBack = this.#heldBack;
    copy.#slots = this.#slots;
    copy.#isBorrowed = true;
    return copy;
  }

  /** Thousands may be open: most of what is tried changes none of them. */
  #own(): void {
    this.#open = new Map(this.#open);
    this.#expected = new Map(this.#expected);
    this.#reserved = new Map(this.#reserved);
    this.#towards = new Map(this.#towards);
    this.#busy = new Set(this.#busy);
    this.#heldBack = new Set(this.#heldBack);
    this.#slots = new Map(this.#slots);
    this.#isBorrowed = false;
  }

  #count({ next, expected }: Transit, sign: 1 | -1): void {
    this.#towards.set(next, this.towards(next) + sign);
    for (let i = 0; i < expected.length; i += 3) {
      const key = accountKey(expected[i] as number, expected[i + 1] as number);
      const amount = expected[i + 2] as number;
      const sums = amount < 0 ? this.#reserved : this.#expected;
      const sum = (sums.get(key) ?? 0) + sign * Math.abs(amount);
      if (sum === 0) sums.delete(key);
      else sums.set(key, sum);
    }
  }
}

/** An open transfer as it is stored. */
export const transitTuple = (t: Transit): unknown[] => [
  t.owner,
  t.id,
  t.deadline,
  t.next,
  t.seq,
  t.transfer,
  t.lots,
  t.expected,
];

/** A stored one. */
export function transitOfTuple(t: readonly unknown[]): Transit {
  return {
    owner: t[0] as string,
    id: t[1] as string,
    deadline: t[2] as number,
    next: t[3] as number,
    seq: t[4] as number,
    transfer: new Uint8Array(t[5] as Uint8Array),
    lots: t[6] as number[],
    expected: t[7] as number[],
  };
}
