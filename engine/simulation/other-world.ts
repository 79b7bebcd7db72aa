// The other world: events of a period decided again, by other documents, beside a replay of the log. Owns: what follows the log, and what
// does not. Never touches: the replayed state.
//   simulation.W1. What the log has posted is posted in the other world, at the same block time: an event by what is decided of it there; a return
//       by what the event has earned there; every other act as logged, but that records which are otherwise stay so.
//   simulation.W2. An event that the log has refused and the other world does not is posted there at once.
//   simulation.W3. With the documents, counters and budgets as logged, nothing is otherwise.

import type { Beside, GivenBack } from '../ledger/beside.js';
import { dayAt } from '../ledger/calendar.js';
import { OwnerReads } from '../ledger/owner-reads.js';
import type { PastRecord } from '../ledger/state.js';
import type { Work } from '../ledger/work.js';
import type {
  Act,
  ActRefusal,
  Effect,
  Json,
  PastAct,
  Plan,
  RecordDelta,
  Undo,
} from '../programme/act.js';
import { programme as programmeKind } from '../programme/definitions/index.js';
import { memberIn, tierAt, tiersIn } from '../programme/earning/member.js';
import { EVENT, type EventBody, RETURN_EVENT as RETURN } from '../programme/earning/order.js';
import { rewardedTask, TAKE_REWARD } from '../programme/earning/rewards.js';
import {
  isRefused,
  type LoggedFollowUps,
  type LoggedPlan,
  loggedPlan,
  planOf,
} from '../programme/plan.js';
import { isWhole } from '../programme/undone.js';
import { poolOf } from '../protocol/allotment.js';
import { saidIn } from '../protocol/codec.js';
import { LEG, PLACES } from '../protocol/layout.js';
import { ISSUER } from '../protocol/syntax.js';
import { isPoolAct, legPlace, legsIn } from '../transfer/carried.js';
import type { Drafts } from './drafts.js';
import type { SimulatedEvent } from './result.js';
import { isSame } from './same.js';
import {
  addMoreIn,
  recordIn,
  type Shadow,
  type ShadowAct,
  type ShadowOwner,
  setRecordIn,
} from './shadow.js';
import { actOf, NONE, nowOf, shadowOf, withUndone } from './shadow-acts.js';
import { ShadowReads } from './shadow-reads.js';
import type { EventPlace, Side, Sums } from './sums.js';

const { act: ACT, body: BODY, id: ID, plan: PLAN } = PLACES.act;
/** What is decided and not done: so many are looked through for what is not open any more. */
const PENDING_MAX = 1_024;
const NOTHING: readonly never[] = [];

/** An event that comes to something else. */
export interface Difference {
  readonly owner: string;
  readonly id: string;
  readonly programme: string;
  /** null: it is refused. */
  readonly before: LoggedPlan | null;
  readonly after: Plan | null;
  /** Who had paid each leg. */
  readonly payers: readonly string[];
}

export interface OtherWorldParts {
  readonly shadow: Shadow;
  readonly sums: Sums;
  /** null: documents are those that counted. */
  readonly drafts: Drafts | null;
  readonly isUnlimited: boolean;
  /** Block times: from, and up to before. */
  readonly from: number;
  readonly to: number;
  readonly onDifference?: ((difference: Difference) => void) | undefined;
  /** The only event that is decided again, and who is told of it; undefined: all are. */
  readonly only?:
    | {
        readonly owner: string;
        readonly id: string;
        readonly onDecided: (event: SimulatedEvent) => void;
      }
    | undefined;
}

/** What is told of a decision. */
const decisionOf = (decided: LoggedPlan | Plan | ActRefusal): SimulatedEvent['before'] => {
  const { refusal, effects = NOTHING, why = {} } = decided as LoggedPlan;
  return refusal === undefined ? { effects, why } : { refusal, effects: NOTHING, why: {} };
};

/** What pays for an event. */
interface PaidLeg {
  readonly from: string;
  readonly amount: number;
}

/** What is done when an act is posted. */
interface Pending {
  readonly owner: string;
  readonly id: string;
  readonly apply: () => void;
}

const nameOf = (owner: string, id: string): string => `${owner} ${id}`;

/** A record that is otherwise from now on; undefined: it is as the log has it. */
type Write = readonly [type: string, key: string, value: Json | undefined];

const recordsOf = ({ records }: LoggedPlan): readonly RecordDelta[] => records ?? NOTHING;

const sumOf = (effects: readonly Effect[] = NOTHING, wanted: string): number => {
  let sum = 0;
  for (const { type, amount } of effects) if (type === wanted) sum += amount as number;
  return sum;
};

export class OtherWorld implements Beside {
  /** Events by rules that this release has not. */
  asLogged = 0;
  readonly #work: Work;
  readonly #parts: OtherWorldParts;
  /** What is done once the log says so: of the act that was decided last, which most often is posted at once. */
  #latest: Pending | undefined;
  /** And of others, by owner and id. */
  readonly #pending = new Map<string, Pending>();

  constructor(work: Work, parts: OtherWorldParts) {
    this.#work = work;
    this.#parts = parts;
  }

  get #isWithin(): boolean {
    const { time } = this.#work;
    return time >= this.#parts.from && time < this.#parts.to;
  }

  decided(owner: string, plan: LoggedPlan): void {
    if (!this.#isWithin) return;
    const { command } = this.#work;
    if (isPoolAct(command)) return;
    const name = command.text(ACT);
    if (name === EVENT) {
      if (this.#isAsked(owner, command.text(ID))) this.#event(owner, plan);
      return;
    }
    if (plan.refusal !== undefined) return;
    const isTouched = this.#parts.shadow.of(owner) !== undefined;
    if (name === RETURN || name === TAKE_REWARD) {
      if (isTouched) this.#return(owner, plan, name);
      else if (plan.reversal !== undefined) this.#takenBack(owner, this.#own(owner), plan);
    } else if (isTouched) this.#other(owner, name, plan);
  }

  /** Is this event decided again? */
  #isAsked(owner: string, id: string): boolean {
    const { only } = this.#parts;
    return only === undefined || (only.owner === owner && only.id === id);
  }

  undone(owner: string, past: PastRecord, parts: GivenBack, plan: LoggedPlan): void {
    if (!this.#isWithin || plan.refusal !== undefined) return;
    const { act, body: said } = saidIn<'act'>(past.tuple);
    const body = said as object as EventBody;
    const id = past.tuple[ID] as string;
    const isEvent = act === EVENT;
    const { shadow } = this.#parts;
    if (shadow.of(owner) === undefined) {
      if (isEvent) this.#giveBack(owner, body, sum(parts.now), sum(parts.now), []);
      return;
    }
    if (!isEvent) {
      this.#otherUndone(owner, act, body, past, parts, plan);
      return;
    }
    const see = this.#see(owner, plan);
    const kept = shadow.act(owner, id);
    if (kept?.isNone) {
      this.#giveBack(owner, body, sum(parts.now), 0, this.#pins(see, plan));
      return;
    }
    const logged = planOf(past.tuple[PLAN] as Uint8Array);
    const event = { ...(kept ?? actOf(EVENT, null, logged, past.time, parts)), body };
    const left = event.amounts.map((all, leg) => all - (event.undone[leg] ?? 0));
    const now = isWhole(parts)
      ? left
      : left.map((most, leg) => Math.min(most, parts.now[leg] ?? 0));
    const undo = this.#undo(see, owner, event, now, id);
    const writes = this.#writes(see, plan, undo);
    const after = (of: ShadowOwner) =>
      shadow.setAct(of, owner, id, withUndone({ ...event, body: kept?.body ?? null }, now));
    this.#giveBack(owner, body, sum(parts.now), sum(now), writes, after);
  }

  posted(owner: string, id: string): void {
    const latest = this.#latest;
    if (latest?.id === id && latest.owner === owner) {
      this.#latest = undefined;
      latest.apply();
      return;
    }
    if (this.#pending.size === 0) return;
    const name = nameOf(owner, id);
    const found = this.#pending.get(name);
    if (found === undefined) return;
    this.#pending.delete(name);
    found.apply();
  }

  #whenPosted(owner: string, apply: () => void): void {
    const [before, pending] = [this.#latest, this.#pending];
    this.#latest = { owner, id: this.#work.command.text(ID), apply };
    if (before === undefined) return;
    pending.set(nameOf(before.owner, before.id), before);
    if (pending.size <= PENDING_MAX) return;
    // What was refused when it was to be posted never is.
    const { transits } = this.#work.state;
    for (const [name, { owner, id }] of pending)
      if (transits.get(owner, id) === undefined) pending.delete(name);
  }

  /** What the log has of an owner. */
  #own(owner: string): OwnerReads {
    return new OwnerReads(this.#work, owner, this.#work.home);
  }

  #see(owner: string, plan: LoggedPlan): ShadowReads {
    const { command, time } = this.#work;
    const { shadow, drafts, isUnlimited } = this.#parts;
    const drawn = isUnlimited ? null : (pool: string) => this.#drawn(plan, pool);
    const sight = { owner, id: command.text(ID), time, drawn };
    return new ShadowReads(this.#own(owner), shadow, drafts, sight);
  }

  /** What the log says that the act has drawn from a pool; undefined: it had as much as it asked for. */
  #drawn({ why }: LoggedPlan, pool: string): number | undefined {
    if (why === undefined || !isCutByBudget(why)) return undefined;
    let drawn = 0;
    this.#paid((of, amount) => {
      if (of === pool) drawn += amount;
    });
    return drawn;
  }

  /** Who pays the act under way, leg by leg; a pool, whichever of its allotments. */
  #paid(tell: (payer: string, amount: number) => void): void {
    const { command } = this.#work;
    for (let leg = 0; leg < legsIn(command); leg++) {
      const amount = command.number(legPlace(command, leg, LEG.amount));
      tell(poolOf(command.text(legPlace(command, leg, LEG.from))), amount);
    }
  }

  // --- events ------------------------------------------------------------------------------------------------

  #event(owner: string, plan: LoggedPlan): void {
    const work = this.#work;
    const { shadow, sums, drafts } = this.#parts;
    const { command, time } = work;
    const body = command.json(BODY, work.bodies) as object as EventBody;
    const one = work.acts.get(EVENT) as Act;
    const see = this.#see(owner, plan);
    const place = this.#place(see.own, owner, body);
    const before = plan.refusal === undefined ? plan : null;
    const isKnown = one.version === plan.version;
    const tell = (again: LoggedPlan | Plan | ActRefusal): void => {
      const [{ programme }, { type }, event] = [place, body, command.text(ID)] as const;
      const [was, is] = [decisionOf(plan), decisionOf(again)];
      this.#parts.only?.onDecided({ owner, event, programme, type, time, before: was, after: is });
    };
    if (!isKnown && drafts === null) {
      this.asLogged++;
      tell(plan);
      const effects = before?.effects ?? null;
      this.#whenDone(owner, before, () => sums.event(place, effects, effects, false));
      return;
    }
    const isTouched = see.isOtherwise;
    const legs = this.#legs(before);
    if (isKnown && !isTouched && this.#isOutOfReach(place.programme, body.type)) {
      tell(plan);
      this.#whenDone(owner, before, () => this.#sum(place, legs, before, legs, before, false));
      return;
    }
    const decided = one.decide(see, body as never, { time, owner, principal: undefined });
    tell(decided);
    const after = isRefused(decided) ? null : decided;
    const next = after && loggedPlan(one.version, after, see, time, {}, undefined, true);
    const isDifferent =
      !isSameOutcome(before, next, drafts !== null) ||
      !isSame(before?.followUps?.acts ?? NOTHING, after?.followUps ?? NOTHING);
    const writes = isTouched || isDifferent ? this.#writesOf(see, plan, next) : NOTHING;
    const id = command.text(ID);
    this.#whenDone(owner, before, () => {
      const { programme, asset } = place;
      this.#sum(place, legs, before, after?.legs ?? NOTHING, after, isDifferent);
      if (!isTouched && !isDifferent) return;
      const of = shadow.touched(owner);
      for (const [type, key, value] of writes) setRecordIn(of, type, key, value);
      if (!isDifferent) return;
      addMoreIn(of, asset, sumOf(after?.effects, 'earn') - sumOf(before?.effects, 'earn'));
      // What the event says is in the log, where that has not refused it.
      const said = before === null ? body : null;
      shadow.setAct(of, owner, id, after === null ? NONE : actOf(EVENT, said, after, time));
      const payers = legs.map(({ from }) => from);
      this.#parts.onDifference?.({ owner, id, programme, before, after, payers });
    });
  }

  /** Nothing of the drafts counts for such an event: of whom nothing is otherwise, it is as logged. */
  #isOutOfReach(programme: string, type: string): boolean {
    const { drafts, isUnlimited } = this.#parts;
    return drafts?.reaches(programme, type, this.#work.time) === false && !isUnlimited;
  }

  /** What has paid, and how much, as the log has it. */
  #legs(before: LoggedPlan | null): PaidLeg[] {
    const legs: PaidLeg[] = [];
    if (before !== null) this.#paid((from, amount) => legs.push({ from, amount }));
    return legs;
  }

  /** Adds up an event, on both sides. */
  #sum(
    place: EventPlace,
    legs: readonly PaidLeg[],
    before: LoggedPlan | null,
    pays: readonly PaidLeg[],
    after: LoggedPlan | Plan | null,
    isDifferent: boolean,
  ): void {
    const { sums } = this.#parts;
    const told = (plan: LoggedPlan | Plan | null) => plan && (plan.effects ?? NOTHING);
    sums.event(place, told(before), told(after), isDifferent);
    for (const [side, paid] of [legs, pays].entries())
      for (const { from, amount } of paid)
        if (from !== ISSUER) sums.budget(place.programme, place.asset, from, side as Side, amount);
    this.#shares(place, before?.followUps, 0);
    this.#shares(place, after?.followUps, 1);
  }

  /** At once, where the log has refused it: nothing will be posted. */
  #whenDone(owner: string, before: LoggedPlan | null, apply: () => void): void {
    if (before === null) apply();
    else this.#whenPosted(owner, apply);
  }

  #place(own: OwnerReads, owner: string, { programme, time: said }: EventBody): EventPlace {
    const { time } = this.#work;
    const of = own.definition(programmeKind, programme);
    if (of === undefined) {
      const draft = this.#parts.drafts?.definition(programmeKind, programme, time);
      const day = dayAt(time, draft?.zoneOffsets ?? [0, 0]);
      return { programme, asset: draft?.document.asset ?? '', owner, tier: '', day };
    }
    const at = Math.min(said ?? time, time);
    const tier = tierAt(memberIn(own, programme), of, tiersIn(own, programme), at)?.key ?? '';
    const day = dayAt(time, of.zoneOffsets ?? [0, 0]);
    return { programme, asset: of.document.asset, owner, tier, day };
  }

  #shares(
    { programme, asset }: EventPlace,
    caused: Plan['followUps'] | LoggedFollowUps,
    side: Side,
  ): void {
    const acts = caused !== undefined && 'by' in caused ? caused.acts : caused;
    for (const { owner, body } of acts ?? NOTHING)
      for (const { amount } of body['legs'] as unknown as readonly { readonly amount: number }[])
        this.#parts.sums.share(programme, asset, owner, side, amount);
  }

  // --- what is given back ------------------------------------------------------------------------------------

  /** A return of a member of whom nothing is otherwise. */
  #takenBack(owner: string, own: OwnerReads, plan: LoggedPlan): void {
    const { command, bodies } = this.#work;
    const { event } = command.json(BODY, bodies) as { readonly event: string };
    const past = own.past(event);
    const back = sumOf(plan.effects, 'takeBack');
    if (past !== undefined) this.#giveBack(owner, past.body as EventBody, back, back, []);
  }

  /** A return, or what it causes, of a member of whom something is otherwise: it takes back what the event has earned in the other world. */
  #return(owner: string, plan: LoggedPlan, by: string): void {
    const work = this.#work;
    const { shadow } = this.#parts;
    const body = work.command.json(BODY, work.bodies) as { readonly event: string };
    const one = work.acts.get(by) as Act;
    const see = this.#see(owner, plan);
    const logged = see.own.past(body.event);
    const past = see.past(body.event);
    const said = (past?.body ?? logged?.body) as EventBody | undefined;
    if (said === undefined) return;
    const before = sumOf(plan.effects, 'takeBack');
    const decided = one.decide(see, body as never, { time: work.time, owner });
    if (past === undefined || isRefused(decided)) {
      this.#giveBack(owner, said, before, 0, this.#pins(see, plan));
      return;
    }
    if (decided.reversal === undefined) {
      this.#giveBack(owner, said, before, 0, this.#writes(see, plan, decided));
      return;
    }
    const now = nowOf(past, decided.reversal.legs);
    const undo = this.#undo(see, owner, past, now, past.id, by);
    const writes = this.#writes(see, plan, {
      ...decided,
      records: [...(undo.records ?? []), ...(decided.records ?? [])],
      counters: [...(undo.counters ?? []), ...(decided.counters ?? [])],
    });
    this.#giveBack(owner, said, before, sum(now), writes, (of) => {
      const kept = shadow.act(owner, past.id);
      if (kept !== undefined || before !== sum(now))
        shadow.setAct(of, owner, past.id, withUndone(kept ?? shadowOf(past), now));
    });
  }

  #undo(
    see: ShadowReads,
    owner: string,
    { time: decidedAt, body, effects, counters, why, amounts, undone: before }: ShadowAct | PastAct,
    now: readonly number[],
    id: string,
    by?: string,
  ): Undo {
    const { acts, time } = this.#work;
    const told = { id, by, time: decidedAt, body, effects, counters, why };
    const undone = { ...told, amounts, now, before };
    const undo = (acts.get(EVENT) as Act).undo(
      see,
      { ...undone, puts: NOTHING, followUps: NOTHING },
      { time, owner },
    );
    return isRefused(undo) ? { effects: [], why: {} } : undo;
  }

  #giveBack(
    owner: string,
    { programme }: EventBody,
    before: number,
    after: number,
    writes: readonly Write[],
    more?: (of: ShadowOwner) => void,
  ): void {
    const { sums, shadow } = this.#parts;
    const asset = this.#own(owner).definition(programmeKind, programme)?.document.asset ?? '';
    this.#whenPosted(owner, () => {
      sums.back(programme, asset, owner, before, after);
      if (before !== after) addMoreIn(shadow.touched(owner), asset, before - after);
      this.#write(owner, writes);
      more?.(shadow.touched(owner));
    });
  }

  // --- everything else ---------------------------------------------------------------------------------------

  /** An act that is as logged, unless it writes a record that is otherwise: then that is decided again. */
  #other(owner: string, name: string, plan: LoggedPlan): void {
    const one = this.#work.acts.get(name);
    if (one === undefined || !this.#isOverlapping(owner, plan)) return;
    const { command, bodies, time } = this.#work;
    const see = this.#see(owner, plan);
    const body = command.json(BODY, bodies);
    this.#writeWhenPosted(owner, see, plan, one.decide(see, body as never, { time, owner }));
  }

  #otherUndone(
    owner: string,
    name: string,
    body: unknown,
    past: PastRecord,
    parts: GivenBack,
    plan: LoggedPlan,
  ): void {
    const one = this.#work.acts.get(name);
    if (one === undefined || !this.#isOverlapping(owner, plan)) return;
    const see = this.#see(owner, plan);
    const had = planOf(past.tuple[PLAN] as Uint8Array);
    const { effects = NOTHING, counters = NOTHING, puts = NOTHING, why = {} } = had;
    const followUps = had.followUps?.acts ?? NOTHING;
    const { amounts, now, before } = parts;
    const id = past.tuple[ID] as string;
    const told = {
      id,
      by: undefined,
      time: past.time,
      body,
      effects,
      counters,
      puts,
      followUps,
      why,
    };
    const undone = { ...told, amounts, now, before };
    const { time } = this.#work;
    this.#writeWhenPosted(owner, see, plan, one.undo(see, undone, { time, owner }));
  }

  #writeWhenPosted(
    owner: string,
    see: ShadowReads,
    plan: LoggedPlan,
    decided: ActRefusal | Plan | Undo,
  ): void {
    const writes = isRefused(decided) ? this.#pins(see, plan) : this.#writes(see, plan, decided);
    this.#whenPosted(owner, () => this.#write(owner, writes));
  }

  #isOverlapping(owner: string, plan: LoggedPlan): boolean {
    const of = this.#parts.shadow.of(owner);
    if (of === undefined) return false;
    return recordsOf(plan).some(({ type, key }) => recordIn(of, type, key) !== undefined);
  }

  // --- records -----------------------------------------------------------------------------------------------

  #writes(see: ShadowReads, plan: LoggedPlan, decided: Plan | Undo): Write[] {
    const { time } = this.#work;
    const next = loggedPlan(
      plan.version,
      { ...decided, legs: NOTHING },
      see,
      time,
      {},
      undefined,
      true,
    );
    return this.#writesOf(see, plan, next);
  }

  /** Nothing is written where the log writes. */
  #pins(see: ShadowReads, plan: LoggedPlan): Write[] {
    return this.#writesOf(see, plan, null);
  }

  /** What of the records is otherwise once the log has done `plan`, and the other world `next`. */
  #writesOf(see: ShadowReads, plan: LoggedPlan, next: LoggedPlan | null): Write[] {
    const after = next === null ? NOTHING : recordsOf(next);
    const writes: Write[] = [];
    for (const { type, key, value } of after) {
      const logged = recordsOf(plan).find((one) => one.type === type && one.key === key);
      const isLogged = logged !== undefined && isSame(logged.value, value);
      writes.push([type, key, isLogged ? undefined : value]);
    }
    for (const { type, key, value } of recordsOf(plan)) {
      if (after.some((one) => one.type === type && one.key === key)) continue;
      const stays = see.record(type, key) ?? null;
      writes.push([type, key, isSame(stays, value) ? undefined : stays]);
    }
    return writes;
  }

  #write(owner: string, writes: readonly Write[]): void {
    if (writes.length === 0) return;
    const of = this.#parts.shadow.touched(owner);
    for (const [type, key, value] of writes) setRecordIn(of, type, key, value);
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

/** Did a budget pay less than was asked for, or nothing? */
function isCutByBudget(why: { readonly [name: string]: Json }): boolean {
  const [not, paid] = [why['not'] ?? NOTHING, why['paid'] ?? NOTHING] as [Json[][], Json[][]];
  return not.some(([, , reason]) => reason === 'budget') || paid.some(({ length }) => length > 4);
}

/** Which tasks it has completed, and what that needed. */
const rewardsIn = (plan: LoggedPlan): readonly RecordDelta[] =>
  recordsOf(plan).filter(({ type, key }) => rewardedTask(type, key) !== undefined);

/** Does an event come to the same? Where documents differ, so do the versions in its reasons, and records hold what was before, too. */
function isSameOutcome(
  before: LoggedPlan | null,
  after: LoggedPlan | null,
  isDrafted: boolean,
): boolean {
  if (before === null || after === null) return before === after;
  if (!isSame(before.effects, after.effects) || !isSame(before.counters, after.counters))
    return false;
  // What was left of a budget is told, and known to its shard alone.
  return isDrafted || (before.why !== undefined && isCutByBudget(before.why))
    ? isSame(before.why?.['units'], after.why?.['units']) &&
        isSame(rewardsIn(before), rewardsIn(after))
    : isSame(before.why, after.why) && isSame(before.records, after.records);
}
