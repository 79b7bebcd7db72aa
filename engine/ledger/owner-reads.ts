// What an act sees of its home owner. Owns: reading it, in the order in which it was asked for, with what was due applied. Never touches: what an act decides.

import { NEVER, RECORDS_MAX } from '../limits.js';
import type {
  AccountView,
  Chance,
  HoldView,
  Json,
  PastAct,
  Reads,
  RecordType,
  Undo,
  WholeOwner,
  Why,
  Window,
} from '../programme/act.js';
import {
  type Deciding,
  definitionAt,
  definitionsOf,
  type Kind,
  type Versioned,
} from '../programme/definitions/kind.js';
import {
  COUNTER,
  type Counts,
  countIn,
  HOLD,
  type LoggedPlan,
  planOf,
  type RecordName,
  recordTypeOf,
  recordValueIn,
  type Seen,
} from '../programme/plan.js';
import { saidIn } from '../protocol/codec.js';
import type { FieldSet, TypeOf } from '../protocol/fields.js';
import { keyedDigest } from '../protocol/keyed-digest.js';
import { OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { REFUSALS, type RefusalCode } from '../protocol/refusals.js';
import { ENGINE_SCOPE, scopeOf, storedId } from '../protocol/scope.js';
import { busyHold, busyRecord } from '../transfer/carried.js';
import { isExhaustedHere, isHere, leftHere, payableHere, supplyOf } from './allotting.js';
import { mayDecide } from './definitions.js';
import { pendingId } from './hold-parts.js';
import { earningRefusal } from './leg-accounts.js';
import { F, type Page } from './page.js';
import { holdKey } from './page-items.js';
import { recordsOf } from './reads.js';
import { APPLIED } from './result.js';
import { remainingOf } from './reversal-parts.js';
import { isUnderWay, wholeOwner } from './whole-owner.js';
import type { Work } from './work.js';

const NOTHING: readonly never[] = [];
const COUNTERS = recordTypeOf(COUNTER);
const UNREAD = Symbol('not read');
const NO_ACCOUNT: AccountView = { available: 0, held: 0, earned: 0, spent: 0, expired: 0 };
const { id: ID, plan: PLAN } = PLACES.act;

/** What an act sees of its home owner, with what was due applied. Notes which records it has looked at. */
export class OwnerReads implements Reads, Seen {
  readonly #work: Work;
  readonly #owner: string;
  readonly #name: Name;
  readonly #page: Page;
  readonly names: RecordName[] = [];
  #id: string | undefined;
  /** What was read, by the places of the names. */
  readonly #values: (Json | undefined | typeof UNREAD)[] = [];
  /** Is something of what it looked at under way elsewhere? */
  isBusy = false;
  /** Could there be newer definitions than it has looked at? */
  isUnconfirmed = false;

  /** `name`: the owner's. */
  constructor(work: Work, owner: string, name = Name.of(owner)) {
    this.#work = work;
    this.#owner = owner;
    this.#name = name;
    this.#page = work.state.pages.pageOf(name.hash);
  }

  get id(): string {
    this.#id ??= this.#work.command.text(ID);
    return this.#id;
  }

  account(asset: string): AccountView | undefined {
    const index = this.#work.state.assets.indexOf(asset);
    if (index < 0) return undefined;
    // Not loaded for the command: its accounts are those of its legs, in their order, whatever was looked at.
    const seen = this.#work.seenHome(this.#page, index);
    const place = seen < 0 ? this.#page.find(this.#name, index) : seen;
    if (place < 0) return NO_ACCOUNT;
    const { f64 } = this.#page;
    const f = this.#page.f(place);
    return {
      available: f64[f + F.available] as number,
      held: f64[f + F.held] as number,
      earned: f64[f + F.earned] as number,
      spent: f64[f + F.spent] as number,
      expired: f64[f + F.expired] as number,
    };
  }

  scale(asset: string): number | undefined {
    const { assets } = this.#work.state;
    const index = assets.indexOf(asset);
    return index < 0 ? undefined : assets.at(index).scale;
  }

  hold(holdId: string): HoldView | undefined {
    this.#note(HOLD, holdId);
    const found = this.#page.holds?.get(holdKey(this.#owner, holdId));
    if (found === undefined || found.isPending) return undefined;
    const { asset } = this.#work.state.assets.at(found.asset);
    const { remaining, deadline } = found;
    return deadline === NEVER ? { asset, remaining } : { asset, remaining, deadline };
  }

  record<T extends Json>(type: RecordType, key: string): T | undefined {
    return this.#said<T>(recordTypeOf(type), key);
  }

  whole(): WholeOwner {
    this.isBusy ||= isUnderWay(this.#work.state, this.#owner, this.#name);
    return wholeOwner(this.#work.state, this.#owner, this.#name);
  }

  get recordCount(): number {
    return this.#page.records?.countOf(this.#owner) ?? 0;
  }

  #said<T extends Json>(kept: string, key: string): T | undefined {
    const known = this.#note(kept, key);
    if (this.#values[known] !== UNREAD) return this.#values[known] as T | undefined;
    const value = this.#page.records?.said(this.#owner, kept, key) as T | undefined;
    this.#values[known] = value;
    return value;
  }

  /** What pools have elsewhere is not in the log. */
  #askOutside(): void {
    if (this.#work.again !== null) this.#work.again.hasAskedOutside = true;
  }

  /** Its place among all that was looked at. */
  #note(type: string, key: string): number {
    const { names } = this;
    for (let i = 0; i < names.length; i++) {
      const [ofType, ofKey] = names[i] as RecordName;
      if (ofType === type && ofKey === key) return i;
    }
    const { transits } = this.#work.state;
    if (transits.hasBusy) {
      const name = type === HOLD ? busyHold(this.#owner, key) : busyRecord(this.#owner, type, key);
      if (transits.isBusy(name)) this.isBusy = true;
    }
    this.#values.push(UNREAD);
    return names.push([type, key]) - 1;
  }

  definition<D extends FieldSet>(kind: Kind<D>, key: string): Versioned<TypeOf<D>> | undefined {
    const { state, time } = this.#work;
    if (!mayDecide(this.#work)) this.isUnconfirmed = true;
    return definitionAt(state.definitions, kind, key, time);
  }

  definitions<D extends FieldSet>(kind: Kind<D>, group: string): readonly Versioned<TypeOf<D>>[] {
    const { state, time } = this.#work;
    if (!mayDecide(this.#work)) this.isUnconfirmed = true;
    return definitionsOf(state.definitions, kind, group, time);
  }

  get deciding(): Deciding {
    const { state, time } = this.#work;
    if (!mayDecide(this.#work)) this.isUnconfirmed = true;
    return state.definitions.decidingAt(time);
  }

  past(id: string): PastAct | undefined {
    const scope = scopeOf(this.#work.command.text(ID));
    // The engine has its ids from the log.
    const stored = scope === ENGINE_SCOPE ? id : storedId(id, scope);
    const past = this.#work.known.lookUp(this.#owner, stored);
    if (past?.tuple[1] !== OP.act || past.effects.refusalNumber(past.offset) !== 0)
      return undefined;
    const legs = remainingOf(this.#work, this.#owner, stored, past);
    if (legs === undefined) {
      this.isBusy = true;
      return undefined;
    }
    const { act, body } = saidIn<'act'>(past.tuple);
    const plan = planOf(past.tuple[PLAN] as Uint8Array);
    const { effects = NOTHING, counters = NOTHING, why = {} } = plan;
    const amounts = legs.map(({ amount }) => amount);
    const pending = this.#pendingBy(stored, plan, amounts.length);
    const undone = legs.map(({ amount, left }) => amount - left);
    // What moves no points is undone once, and then all of it is.
    const isUndone =
      legs.length > 0
        ? legs.every(({ left }) => left === 0)
        : this.#work.known.undoneOf(this.#owner, stored) !== null;
    const { time } = past;
    return {
      id: stored,
      act,
      body,
      effects,
      counters,
      followUps: plan.followUps?.acts ?? NOTHING,
      why,
      amounts,
      undone,
      pending,
      time,
      isUndone,
    };
  }

  /** What is pending still of an act's legs; it is looked at, so that it stays while what comes of that is open. */
  #pendingBy(id: string, { pending = NOTHING }: LoggedPlan, legs: number): number[] {
    const left: number[] = new Array(legs).fill(0);
    for (const [leg] of pending) {
      const own = pendingId(id, leg);
      this.#note(HOLD, own);
      left[leg] = this.#page.holds?.get(holdKey(this.#owner, own))?.remaining ?? 0;
    }
    return left;
  }

  allotment(owner: string, asset: string): number {
    this.#askOutside();
    return payableHere(this.#work.state, owner, asset);
  }

  isExhausted(owner: string, asset: string, amount = 1): boolean {
    if (!isHere(owner, this.#work.state.places)) this.#askOutside();
    return isExhaustedHere(this.#work, owner, asset, amount);
  }

  left(owner: string, asset: string): number {
    if (!isHere(owner, this.#work.state.places)) this.#askOutside();
    return leftHere(this.#work, owner, asset);
  }

  supply(owner: string, asset: string, amount: number): 'here' | 'elsewhere' | 'none' {
    this.#askOutside();
    return supplyOf(this.#work, owner, asset, amount);
  }

  room(asset: string, amount: number): RefusalCode | undefined {
    const { state } = this.#work;
    const index = state.assets.indexOf(asset);
    return index < 0 ? undefined : earningRefusal(state, this.#name, index, amount);
  }

  chance(time: number): Chance | undefined {
    return this.#work.chance?.at(time);
  }

  get tried(): Why | undefined {
    return this.#work.tried;
  }

  proof(text: string): Uint8Array | undefined {
    this.#askOutside();
    const key = this.#work.secret();
    return key && keyedDigest(key, text);
  }

  counter(name: string, window: Window): number {
    return countIn(this.counts(name), window);
  }

  /** Why nothing may be decided by what was seen: a refusal's number or 0. */
  get refusal(): number {
    if (this.isBusy) return REFUSALS.ACCOUNT_BUSY.number;
    return this.isUnconfirmed ? REFUSALS.DEFINITIONS_UNCONFIRMED.number : APPLIED;
  }

  /** What is written is looked at, too, whether or not the act has. */
  touch({ records, counters }: Undo): void {
    for (const { type, key } of records ?? NOTHING) this.#note(recordTypeOf(type), key);
    for (const { name } of counters ?? NOTHING) this.#note(COUNTERS, name);
  }

  has(type: string, key: string): boolean {
    return this.#page.records?.has(this.#owner, recordTypeOf(type), key) === true;
  }

  counters(begin: string): { name: string; counts: Counts }[] {
    const all = recordsOf(this.#work.state, this.#owner, COUNTERS, begin, RECORDS_MAX);
    return all.flatMap(({ key: name, value }) =>
      name.startsWith(begin) ? [{ name, counts: recordValueIn(value) as unknown as Counts }] : [],
    );
  }

  counts(name: string): Counts {
    return (this.#said<Json>(COUNTERS, name) as Counts | undefined) ?? NOTHING;
  }
}
