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
  /** null: what the log has. */
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

/** `value`: null: there is none; undefined: it is as the log has it again. */
export function setRecordIn(
  of: ShadowOwner,
  type: string,
  key: string,
  value: Json | undefined,
): void {
  const name = nameOf(type, key);
  if (value !== undefined) of.records[name] = value;
  else if (of.records[name] !== undefined) delete of.records[name];
}

export function addMoreIn(of: ShadowOwner, asset: string, amount: number): void {
  if (amount === 0) return;
  const { available, earned } = moreIn(of, asset);
  of.more[asset] = { available: available + amount, earned: earned + amount };
}

export class Shadow {
  readonly #owners: ScratchTable<ShadowOwner>;
  /** As JSON: a text is cheap to keep, and few acts are ever asked for. */
  readonly #acts: ScratchTable<string>;

  constructor(path: (name: string) => string, kept?: number) {
    this.#owners = new ScratchTable(path('owners'), kept);
    this.#acts = new ScratchTable(path('acts'), kept);
  }

  /** What of an owner is otherwise; undefined: nothing. */
  of(owner: string): ShadowOwner | undefined {
    return this.#owners.isEmpty ? undefined : this.#owners.get(owner);
  }

  /** The same, to be changed at once. */
  touched(owner: string): ShadowOwner {
    const known = this.of(owner);
    if (known !== undefined) return known;
    const of = { records: {}, more: {}, hasActs: false };
    this.#owners.set(owner, of);
    return of;
  }

  act(owner: string, id: string): ShadowAct | undefined {
    if (this.of(owner)?.hasActs !== true) return undefined;
    const text = this.#acts.get(`${owner} ${id}`);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** `of`: the owner, `touched`. */
  setAct(of: ShadowOwner, owner: string, id: string, act: ShadowAct): void {
    of.hasActs = true;
    this.#acts.set(`${owner} ${id}`, JSON.stringify(act));
  }

  async close(): Promise<void> {
    await this.#owners.close();
    await this.#acts.close();
  }
}
