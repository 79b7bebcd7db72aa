// Acts on their home shard: what they see, what is logged of their decision, the records that they write. Owns: that an act is decided
// once, and logged with its plan (programme.A1). Never touches: what an act decides; its legs, which are posted as a transfer's are.

import type {
  AccountView,
  Act,
  ActRefusal,
  Json,
  PlannedLeg,
  Reads,
  Undo,
  Window,
} from '../programme/act.js';
import { POOL_ACTS } from '../programme/allotments.js';
import { bodyProblem } from '../programme/body.js';
import { definitionAt, type Kind, type Versioned } from '../programme/definitions/kind.js';
import {
  COUNTER,
  type Counts,
  countIn,
  type Homeward,
  isRefused,
  type LoggedPlan,
  loggedPlan,
  placeOfPlan,
  planOf,
  type RecordName,
  recordTypeOf,
  recordValueIn,
  type Seen,
} from '../programme/plan.js';
import { packTuple, saidIn } from '../protocol/codec.js';
import { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { type FieldSet, NEVER_MARK, type TypeOf } from '../protocol/fields.js';
import { assetForbidden } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
import { type Layout, layoutOfOp, OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { busyRecord, isPoolAct, planIn } from '../transfer/carried.js';
import { isLocal } from '../transfer/chain.js';
import { beginCross, postAll } from '../transfer/cross.js';
import { compiled, homewardOf, payableHere } from './allotting.js';
import { mayDecide } from './definitions.js';
import { F, type Page } from './page.js';
import { recordKey } from './page-items.js';
import { newRecords } from './plan-records.js';
import { findAccount } from './reads.js';
import { isFull } from './records.js';
import { APPLIED } from './result.js';
import type { MovedLeg, Parts } from './reversal-parts.js';
import type { PastRecord } from './state.js';
import type { Work } from './work.js';

const { plan: PLAN } = PLACES.act;

const NOTHING: AccountView = { available: 0, held: 0, earned: 0, spent: 0, expired: 0 };

/** What an act sees of its home owner, with what was due applied. Notes which records it has looked at. */
export class OwnerReads implements Reads, Seen {
  readonly #work: Work;
  readonly #owner: string;
  readonly #page: Page;
  readonly names: RecordName[] = [];
  /** Is something of what it looked at under way elsewhere? */
  isBusy = false;
  /** Could there be newer definitions than it has looked at? */
  isUnconfirmed = false;

  constructor(work: Work, owner: string) {
    this.#work = work;
    this.#owner = owner;
    this.#page = work.state.pages.pageOf(ownerHash(owner));
  }

  account(asset: string): AccountView | undefined {
    const index = this.#work.state.assets.indexOf(asset);
    if (index < 0) return undefined;
    // Not loaded for the command: its accounts are those of its legs, in their order, whatever was looked at.
    const found = findAccount(this.#work.state, this.#owner, index);
    if (found === null) return NOTHING;
    const { f64 } = found.page;
    const f = found.page.f(found.index);
    const figure = (place: number): number => f64[f + place] as number;
    return {
      available: figure(F.available),
      held: figure(F.held),
      earned: figure(F.earned),
      spent: figure(F.spent),
      expired: figure(F.expired),
    };
  }

  record<T extends Json>(type: string, key: string): T | undefined {
    const kept = recordTypeOf(type);
    this.names.push([kept, key]);
    if (this.#work.state.transits.isBusy(busyRecord(this.#owner, kept, key))) this.isBusy = true;
    const found = this.#page.records?.get(recordKey(this.#owner, kept, key));
    return found && (recordValueIn(found.value) as T);
  }

  definition<D extends FieldSet>(kind: Kind<D>, key: string): Versioned<TypeOf<D>> | undefined {
    const { state, time } = this.#work;
    if (!mayDecide(this.#work)) this.isUnconfirmed = true;
    return definitionAt(state.definitions, kind, key, time);
  }

  allotment(owner: string, asset: string): number {
    return payableHere(this.#work.state, owner, asset);
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
  touch({ records = [], counters = [] }: Undo): void {
    for (const { type, key } of records) this.record(type, key);
    for (const { name } of counters) this.counts(name);
  }

  has(type: string, key: string): boolean {
    return this.#page.records?.has(recordKey(this.#owner, recordTypeOf(type), key)) === true;
  }

  counts(name: string): Counts {
    return (this.record<Json>(COUNTER, name) as Counts | undefined) ?? [];
  }
}

export function act(work: Work, said: Said<'act'>): number {
  const { command } = work;
  if (command.isNil(PLAN)) {
    const refusal = decideAct(work, said);
    if (refusal !== APPLIED) return refusal;
  }
  const plan = work.plan ?? (planIn(command) as LoggedPlan);
  if (plan.refusal !== undefined) return REFUSALS[plan.refusal].number;
  const page = work.state.pages.pageOf(ownerHash(said.owner));
  if (isFull(page, said.owner, newRecords(page, said.owner, plan)))
    return REFUSALS.RECORD_LIMIT.number;
  const { places } = work.state;
  return isLocal(command, homePlace(command), places, work.scratchName)
    ? postAll(work, command)
    : beginCross(work, command);
}

/** Decides the act under way, as `conclude` tells. */
function decideAct(work: Work, { owner, act: name, body }: Said<'act'>): number {
  const one = (isPoolAct(work.command) ? POOL_ACTS : work.acts).get(name);
  if (one === undefined) return REFUSALS.ACT_UNKNOWN.number;
  if (bodyProblem(one, body) !== null) return REFUSALS.ACT_BODY_INVALID.number;
  work.settleOwner(owner, ownerHash(owner));
  const see = new OwnerReads(work, owner);
  const decided = one.decide(see, body as never, { time: work.time, owner });
  return conclude(work, one, see, decided, isRefused(decided) ? [] : compiled(work, decided.legs));
}

/**
 * Completes the command under way with what was decided of it. Returns a refusal's number or 0; a transient refusal leaves the command as
 * it was.
 */
function conclude(
  work: Work,
  one: Act,
  see: OwnerReads,
  decided: ActRefusal | Undo,
  legs: readonly PlannedLeg[],
  homeward?: Homeward,
): number {
  if (!isRefused(decided)) see.touch(decided);
  const passing = see.refusal;
  if (passing !== APPLIED) return passing;
  const refusal = isRefused(decided) ? REFUSALS[decided.refusal].number : APPLIED;
  if (refusal >= 128) return refusal;
  if (legs.some((leg) => work.granted.assets?.has(leg.asset) === false))
    return assetForbidden('act');
  complete(work, loggedPlan(one.version, decided, see, work.time, homeward), legs);
  return refusal;
}

/** What is under way goes on as the command completed with what was decided. */
function complete(work: Work, plan: LoggedPlan, legs: readonly PlannedLeg[]): void {
  const { command } = work;
  const { op } = command;
  const tuple = command.tuple();
  // Older versions of a reversal have no place for it.
  tuple[0] = (layoutOfOp(op) as Layout).definition.version;
  tuple[op === OP.act ? PLAN : PLACES.reverse.plan] = placeOfPlan(plan);
  for (const { from, to, asset, amount, expiresAt } of legs)
    tuple.push(from, to, asset, amount, expiresAt === null ? NEVER_MARK : (expiresAt ?? null));
  command.read(packTuple(tuple), 0);
  work.plan = plan;
}

/**
 * Of a reversal of an act, on its home shard: lets the act decide what is changed back beside the points, and completes the command
 * under way with that. Returns a refusal's number or 0.
 */
export function decideUndo(
  work: Work,
  past: PastRecord,
  moved: readonly MovedLeg[],
  parts: Parts,
): number {
  const { tuple } = past;
  if (tuple[1] !== OP.act) return APPLIED;
  const known = planIn(work.command);
  if (known !== undefined)
    return known.refusal === undefined ? APPLIED : REFUSALS[known.refusal].number;
  const { owner, act: name, body } = saidIn<'act'>(tuple);
  const plan = planOf(tuple[PLAN] as Uint8Array);
  const one = work.acts.get(name);
  if (one === undefined) return REFUSALS.ACT_UNKNOWN.number;
  const original = new CommandView();
  original.read(past.command, 0);
  const see = new OwnerReads(work, owner);
  const { effects = [], counters = [] } = plan;
  const undone = {
    body,
    effects,
    counters,
    amounts: parts.amounts,
    now: parts.now,
    before: parts.before,
  };
  const decided = one.undo(see, undone, { time: work.time, owner });
  return conclude(work, one, see, decided, [], homewardOf(work, original, moved, parts.now));
}
