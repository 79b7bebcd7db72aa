// What an act sees in the other world. Owns: that the difference goes before what the log has. Never touches: what it decides.
//   simulation.R1. Where nothing is otherwise and documents are as logged, an act sees what it saw when it was decided.
//   simulation.R2. A budget is exhausted for an event where the log says that it was, for as much as was not paid out of it then.

import type { OwnerReads } from '../ledger/owner-reads.js';
import { AMOUNT_MAX } from '../limits.js';
import type {
  AccountView,
  HoldView,
  Json,
  PastAct,
  Reads,
  RecordType,
  WholeOwner,
  Window,
} from '../programme/act.js';
import type { Deciding, Kind, Versioned } from '../programme/definitions/kind.js';
import { COUNTER, type Counts, countIn, type RecordName, type Seen } from '../programme/plan.js';
import type { FieldSet, TypeOf } from '../protocol/fields.js';
import type { RefusalCode } from '../protocol/refusals.js';
import { scopeOf, storedId } from '../protocol/scope.js';
import type { Drafts } from './drafts.js';
import { moreIn, recordIn, type Shadow, type ShadowAct, type ShadowOwner } from './shadow.js';

/** Of whom, by which act. */
export interface Sight {
  readonly owner: string;
  /** Of the act under way, as it is logged. */
  readonly id: string;
  /** Block time. */
  readonly time: number;
  /** What the log says that this act has drawn from a pool, and whether something was refused for want of it; null: it is not asked. */
  readonly drawn: ((pool: string) => number | undefined) | null;
}

const NO_NAMES: readonly RecordName[] = [];

const isUndone = ({ amounts, undone, isGone }: ShadowAct): boolean =>
  amounts.length === 0 ? isGone : amounts.every((amount, leg) => amount === undone[leg]);

export class ShadowReads implements Reads, Seen {
  /** What the log has. */
  readonly own: OwnerReads;
  readonly #shadow: Shadow;
  readonly #drafts: Drafts | null;
  readonly #sight: Sight;
  readonly #otherwise: ShadowOwner | undefined;
  readonly names = NO_NAMES;

  constructor(own: OwnerReads, shadow: Shadow, drafts: Drafts | null, sight: Sight) {
    this.own = own;
    this.#shadow = shadow;
    this.#drafts = drafts;
    this.#sight = sight;
    this.#otherwise = shadow.of(sight.owner);
  }

  /** Is something of the owner otherwise? */
  get isOtherwise(): boolean {
    return this.#otherwise !== undefined;
  }

  get id(): string {
    return this.#sight.id;
  }

  account(asset: string): AccountView | undefined {
    const account = this.own.account(asset);
    if (account === undefined || this.#otherwise === undefined) return account;
    const { available, earned } = moreIn(this.#otherwise, asset);
    return {
      ...account,
      available: account.available + available,
      earned: account.earned + earned,
    };
  }

  scale(asset: string): number | undefined {
    return this.own.scale(asset);
  }

  hold(holdId: string): HoldView | undefined {
    return this.own.hold(holdId);
  }

  record<T extends Json>(type: RecordType, key: string): T | undefined {
    const kept = this.#otherwise && recordIn(this.#otherwise, type, key);
    if (kept !== undefined) return (kept ?? undefined) as T | undefined;
    return this.own.record<T>(type, key);
  }

  /** Members are not merged in another world: what the log has. */
  whole(): WholeOwner {
    return this.own.whole();
  }

  get recordCount(): number {
    return this.own.recordCount;
  }

  definition<D extends FieldSet>(kind: Kind<D>, key: string): Versioned<TypeOf<D>> | undefined {
    return this.#drafts === null
      ? this.own.definition(kind, key)
      : this.#drafts.definition(kind, key, this.#sight.time);
  }

  definitions<D extends FieldSet>(kind: Kind<D>, group: string): readonly Versioned<TypeOf<D>>[] {
    return this.#drafts === null
      ? this.own.definitions(kind, group)
      : this.#drafts.definitions(kind, group, this.#sight.time);
  }

  get deciding(): Deciding {
    return this.#drafts === null ? this.own.deciding : this.#drafts.deciding(this.#sight.time);
  }

  past(id: string): PastAct | undefined {
    const stored = storedId(id, scopeOf(this.#sight.id));
    const kept = this.#shadow.act(this.#sight.owner, stored);
    if (kept === undefined) return this.own.past(id);
    if (kept.isNone) return undefined;
    const own = this.own.past(id);
    const body = kept.body ?? own?.body;
    if (body === undefined) return undefined;
    const { amounts, undone, pendingUntil } = kept;
    const pending = amounts.map((all, leg) => {
      const until = pendingUntil[leg] ?? null;
      return until === null || until > this.#sight.time ? all - (undone[leg] ?? 0) : 0;
    });
    const followUps = own?.followUps ?? [];
    return { ...kept, body, followUps, id: stored, pending, isUndone: isUndone(kept) };
  }

  counter(name: string, window: Window): number {
    return countIn(this.counts(name), window);
  }

  counts(name: string): Counts {
    return (this.record<Json>(COUNTER, name) as Counts | undefined) ?? [];
  }

  has(type: string, key: string): boolean {
    const kept = this.#otherwise && recordIn(this.#otherwise, type, key);
    return kept === undefined ? this.own.has(type, key) : kept !== null;
  }

  allotment(owner: string, asset: string): number {
    return this.own.allotment(owner, asset);
  }

  isExhausted(owner: string, _asset: string, amount = 1): boolean {
    const drawn = this.#sight.drawn?.(owner);
    return drawn !== undefined && amount > drawn;
  }

  supply(owner: string, asset: string, amount: number): 'here' | 'elsewhere' | 'none' {
    return this.own.supply(owner, asset, amount);
  }

  room(asset: string, amount: number): RefusalCode | undefined {
    return this.own.room(asset, amount);
  }

  proof(text: string): Uint8Array | undefined {
    return this.own.proof(text);
  }

  /** What chance has decided stays as it is logged. */
  chance(): undefined {
    return undefined;
  }

  get tried(): undefined {
    return undefined;
  }

  /** What the log has drawn from it was all that there was. */
  left(owner: string): number {
    return this.#sight.drawn?.(owner) ?? AMOUNT_MAX;
  }
}
