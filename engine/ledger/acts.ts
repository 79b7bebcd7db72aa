// Acts on their home shard: what they see, what is logged of their decision, the records that they write. Owns: that an act is decided
// once, and logged with its plan (programme.A1). Never touches: what an act decides; its legs, which are posted as a transfer's are.

import { LEGS_MAX, NEVER } from '../limits.js';
import type {
  AccountView,
  Act,
  ActRefusal,
  ConditionalPut,
  HoldView,
  Json,
  PlannedLeg,
  Reads,
  Undo,
  Window,
} from '../programme/act.js';
import { POOL_ACTS } from '../programme/allotments.js';
import { bodyProblem } from '../programme/body.js';
import { definitionAt, type Kind, type Versioned } from '../programme/definitions/kind.js';
import { loggedFollowUps, loggedUndoing } from '../programme/follow-ups.js';
import {
  COUNTER,
  type Counts,
  countIn,
  HOLD,
  isRefused,
  type LoggedFollowUps,
  type LoggedPlan,
  loggedPlan,
  type Moves,
  placeOfPlan,
  planOf,
  type RecordName,
  recordTypeOf,
  recordValueIn,
  type Seen,
} from '../programme/plan.js';
import { packTuple, saidIn } from '../protocol/codec.js';
import type { Said } from '../protocol/commands.js';
import { type FieldSet, NEVER_MARK, type TypeOf } from '../protocol/fields.js';
import { assetForbidden } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { type Layout, layoutOfOp, OP, PLACES } from '../protocol/layout.js';
import { REFUSALS, refusalCode } from '../protocol/refusals.js';
import { busyHold, busyRecord, isPoolAct, planIn, reversalBy } from '../transfer/carried.js';
import { expectSound } from '../transfer/caused.js';
import { isFollowUp, waitingRefusal } from '../transfer/follow-ups.js';
import { compiled, homewardOf, payableHere } from './allotting.js';
import { mayDecide } from './definitions.js';
import { F, type Page } from './page.js';
import { holdKey, recordKey } from './page-items.js';
import { movesOf } from './plan-moves.js';
import { findAccount } from './reads.js';
import { APPLIED } from './result.js';
import { type ToUndo, toUndo } from './reversal-parts.js';
import type { Work } from './work.js';

const { plan: PLAN } = PLACES.act;
const UNDO_VERSION = (layoutOfOp(OP.reverse) as Layout).definition.version;

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

  hold(holdId: string): HoldView | undefined {
    this.names.push([HOLD, holdId]);
    if (this.#work.state.transits.isBusy(busyHold(this.#owner, holdId))) this.isBusy = true;
    const found = this.#page.holds?.get(holdKey(this.#owner, holdId));
    if (found === undefined || found.isPending) return undefined;
    const { asset } = this.#work.state.assets.at(found.asset);
    const { remaining, deadline } = found;
    return deadline === NEVER ? { asset, remaining } : { asset, remaining, deadline };
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

/** What is decided of the act under way, or the refusal's number. */
export function decidedOf(work: Work, said: Said<'act'>): LoggedPlan | number {
  const { command } = work;
  if (command.isNil(PLAN)) {
    const refusal = decideAct(work, said);
    if (refusal !== APPLIED) return refusal;
  }
  const plan = work.plan ?? (planIn(command) as LoggedPlan);
  return plan.refusal === undefined ? plan : REFUSALS[plan.refusal].number;
}

/** Decides the act under way, as `conclude` tells. */
function decideAct(work: Work, { owner, act: name, body }: Said<'act'>): number {
  const one = (isPoolAct(work.command) ? POOL_ACTS : work.acts).get(name);
  const isKnown = one !== undefined && (one.isCausedOnly !== true || isFollowUp(work.command));
  if (!isKnown) return REFUSALS.ACT_UNKNOWN.number;
  if (bodyProblem(one, body) !== null) return REFUSALS.ACT_BODY_INVALID.number;
  work.settleOwner(owner, ownerHash(owner));
  const see = new OwnerReads(work, owner);
  const decided = one.decide(see, body as never, { time: work.time, owner });
  if (isRefused(decided)) return conclude(work, one, see, decided, undefined);
  const moves = movesOf(work, owner, decided);
  if (typeof moves === 'number') return conclude(work, one, see, refusedWith(moves), undefined);
  for (const { holdId } of moves.takes ?? []) see.hold(holdId);
  const caused = loggedFollowUps(work.acts, one, decided);
  if (moves.reversal === undefined)
    return conclude(work, one, see, decided, caused, compiled(work, decided.legs), moves);
  const found = toUndo(work, { owner, ...moves.reversal }, UNDO_VERSION);
  if (typeof found === 'number') return conclude(work, one, see, refusedWith(found), undefined);
  const assets = found.legs.map(({ asset }) => work.state.assets.at(asset).asset);
  const more = { ...moves, assets, homeward: homewardOf(work, found) };
  if (found.past.tuple[1] !== OP.act) return conclude(work, one, see, decided, caused, [], more);
  const undone = undoBy(work, see, found);
  if (undone === undefined) return REFUSALS.ACT_UNKNOWN.number;
  if (isRefused(undone.decided)) return conclude(work, one, see, undone.decided, undefined);
  const all = caused ? { ...undone.caused, ...caused } : undone.caused;
  return conclude(work, one, see, together(undone.decided, decided), all, [], more);
}

const refusedWith = (number: number): ActRefusal => ({ refusal: refusalCode(number) });

/** What an act does together with the undo of another: what it writes itself is said last, so that it stays. */
const together = ({ puts, ...undone }: Undo, { records, counters, effects, why }: Undo): Undo => ({
  records: [...(undone.records ?? []), ...(records ?? [])],
  counters: [...(undone.counters ?? []), ...(counters ?? [])],
  ...(puts === undefined ? {} : { puts }),
  effects: [...undone.effects, ...effects],
  why,
});

/**
 * Completes the command under way with what was decided of it. Returns a refusal's number or 0; a transient refusal leaves the command as
 * it was.
 */
function conclude(
  work: Work,
  one: Act,
  see: OwnerReads,
  decided: ActRefusal | Undo,
  followUps: LoggedFollowUps | undefined,
  legs: readonly PlannedLeg[] = [],
  moves: Moves = {},
): number {
  if (!isRefused(decided)) see.touch(decided);
  const passing = see.refusal;
  if (passing !== APPLIED) return passing;
  const refusal = isRefused(decided) ? REFUSALS[decided.refusal].number : APPLIED;
  if (refusal >= 128) return refusal;
  const { assets } = work.granted;
  const moved = [...legs.map(({ asset }) => asset), ...(moves.assets ?? [])];
  if (moved.some((asset) => assets?.has(asset) === false)) return assetForbidden('act');
  if (legs.length > LEGS_MAX) throw new RangeError(`a plan of ${legs.length} legs`);
  complete(work, { ...loggedPlan(one.version, decided, see, work.time, moves), followUps }, legs);
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
  if (plan.followUps !== undefined) expectSound(reversalBy(tuple) ?? tuple, plan);
}

/**
 * Of a reversal of an act, on its home shard: lets the act decide what is changed back beside the points, and completes the command
 * under way with that. Returns a refusal's number or 0.
 */
export function decideUndo(work: Work, toBeUndone: ToUndo): number {
  const { past } = toBeUndone;
  if (past.tuple[1] !== OP.act) return APPLIED;
  const known = planIn(work.command);
  if (known !== undefined)
    return known.refusal === undefined ? APPLIED : REFUSALS[known.refusal].number;
  const see = new OwnerReads(work, saidIn<'act'>(past.tuple).owner);
  const found = undoBy(work, see, toBeUndone);
  if (found === undefined) return REFUSALS.ACT_UNKNOWN.number;
  const { one, decided, caused } = found;
  const homeward = homewardOf(work, toBeUndone);
  const refusal = conclude(work, one, see, decided, caused, [], { homeward });
  if (refusal !== APPLIED || caused === undefined) return refusal;
  return waitingRefusal(work.state, work.command);
}

/** What an act's own `undo` decides, and what follow-ups are undone with it; undefined: there is no such act any more. */
function undoBy(
  work: Work,
  see: OwnerReads,
  { past: { tuple }, parts: { amounts, now, before } }: Pick<ToUndo, 'past' | 'parts'>,
): { one: Act; decided: ActRefusal | Undo; caused: LoggedFollowUps | undefined } | undefined {
  const { owner, act: name, body } = saidIn<'act'>(tuple);
  const one = work.acts.get(name);
  if (one === undefined) return undefined;
  const plan = planOf(tuple[PLAN] as Uint8Array);
  const { effects = [], counters = [], puts = [] } = plan;
  const followUps = plan.followUps?.acts ?? [];
  const undone = { body, effects, counters, puts, followUps, amounts, now, before };
  const decided = one.undo(see, undone, { time: work.time, owner });
  if (isRefused(decided)) return { one, decided, caused: undefined };
  const isKnown = (put: ConditionalPut): boolean => puts.some((had) => had.owner === put.owner);
  if (decided.puts?.every(isKnown) === false)
    throw new RangeError(`the undo of ${name} writes records of others than the act`);
  return { one, decided, caused: loggedUndoing(one, undone, decided) };
}
