// What is otherwise in the other world: records, points and events of members. Owns: that difference, in bounded memory. Never touches: the
// replayed state, on which it lies.
//   simulation.S1. Whoever is not touched is as the log has it, to the last record.

import type { CounterAdd, Effect, Json } from '../programme/act.js';
import { ScratchTable } from '../store/scratch-table.js';

/** How much more a member has, in minor units; below 0: less. */
export interface More {
  readonly available: number;
  readonly earned: number;
}

/** An act as it is in the other world. */
export interface ShadowAct {
  /** In the other world it was refused: there is no such act. */
  readonly isNone?: true;
  readonly act: string;
  readonly body: unknown;
  readonly effects: readonly Effect[];
  readonly counters: readonly CounterAdd[];
  readonly why: { readonly [name: string]: Json };
  readonly amounts: readonly number[];
  readonly undone: readonly number[];
  /** Until when what each leg has paid is pending, null: until it is confirmed; 0: it is not. */
  readonly pendingUntil: readonly (number | null)[];
  /** Block time. */
  readonly time: number;
  /** Of one that moves no points: it is undone. */
  readonly isGone: boolean;
}

/** What of a member is otherwise. */
export interface ShadowOwner {
  /** By type and key; null: there is none. */
  readonly records: { [name: string]: Json };
  /** By asset. */
  readonly more: { [asset: string]: More };
  /** Is an act otherwise? */
  hasActs: boolean;
}

const NOTHING_MORE: More = { available: 0, earned: 0 };

const nameOf = (type: string, key: string): string => `${type} ${key}`;

export const recordIn = (of: ShadowOwner, type: string, key: string): Json | undefined =>
  of.records[nameOf(type, key)];

export const moreIn = (of: ShadowOwner, asset: string): More => of.more[asset] ?? NOTHING_MORE;

export class Shadow {
  readonly #owners: ScratchTable<ShadowOwner>;
  readonly #acts: ScratchTable<ShadowAct>;

  constructor(path: (name: string) => string, kept?: number) {
    this.#owners = new ScratchTable(path('owners'), kept);
    this.#acts = new ScratchTable(path('acts'), kept);
  }

  /** What of an owner is otherwise; undefined: nothing. */
  of(owner: string): ShadowOwner | undefined {
    return this.#owners.isEmpty ? undefined : this.#owners.get(owner);
  }

  #touched(owner: string): ShadowOwner {
    const of = this.of(owner) ?? { records: {}, more: {}, hasActs: false };
    this.#owners.set(owner, of);
    return of;
  }

  /** `value`: null: there is none; undefined: it is as the log has it again. */
  setRecord(owner: string, type: string, key: string, value: Json | undefined): void {
    const name = nameOf(type, key);
    if (value !== undefined) this.#touched(owner).records[name] = value;
    else if (this.of(owner)?.records[name] !== undefined) delete this.#touched(owner).records[name];
  }

  act(owner: string, id: string): ShadowAct | undefined {
    return this.of(owner)?.hasActs ? this.#acts.get(`${owner} ${id}`) : undefined;
  }

  setAct(owner: string, id: string, act: ShadowAct): void {
    this.#touched(owner).hasActs = true;
    this.#acts.set(`${owner} ${id}`, act);
  }

  addMore(owner: string, asset: string, amount: number): void {
    if (amount === 0) return;
    const of = this.#touched(owner);
    const { available, earned } = moreIn(of, asset);
    of.more[asset] = { available: available + amount, earned: earned + amount };
  }

  async close(): Promise<void> {
    await this.#owners.close();
    await this.#acts.close();
  }
}
