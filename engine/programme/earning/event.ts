// What an event comes to: which rules and tasks pay how much, and why the others do not. Owns: that decision. Never touches: the log.
//   earning.E1. Each rule is judged by the event's own time: its windows, its campaigns, the tier that was had then.
//   earning.E2. What is paid by each rule is one leg, in the order of the effects: so a return finds what it takes back.
//   earning.E3. A rule that does not pay costs nothing else: neither its limits, nor a streak, nor a tier.
//   earning.E4. However much is defined, an event is decided in bounded time, and what is decided fits its plan (room.ts).

import { dayAt } from '../../ledger/calendar.js';
import { AMOUNT_MAX, CAMPAIGNS_MAX, DAY_MS, LEGS_MAX, RULES_MAX, TASKS_MAX } from '../../limits.js';
import { ISSUER } from '../../protocol/syntax.js';
import type {
  AccountView,
  ConditionalPut,
  CounterAdd,
  Effect,
  FollowUp,
  Json,
  PlannedLeg,
  Reads,
  RecordDelta,
  Window,
} from '../act.js';
import { expressionIn, type Figures } from '../cel.js';
import { issuedTo } from '../coupons/issue.js';
import type { AttributeTypes } from '../definitions/attributes.js';
import type { Span } from '../definitions/rule.js';
import { scopeOf } from '../definitions/scope.js';
import { recordType } from '../record-type.js';
import { BADGE, badgeOf, counterOf } from './counts.js';
import { figuresOf } from './figures.js';
import {
  earning,
  joined,
  type Member,
  memberIn,
  memberRecord,
  type Programme,
  periodAt,
  settled,
  type Tier,
  tierAt,
} from './member.js';
import { pointsOf } from './points.js';
import { rewardedRecord } from './rewards.js';
import {
  counterBytes,
  couponBytes,
  earnBytes,
  PENDING_BYTES,
  Room,
  rewardBytes,
  streakBytes,
} from './room.js';
import { sharesOfReferrers } from './shares.js';
import { daysInARow, hasDay, joinedRuns, type Runs, withDay, withoutRuns } from './streak.js';
import type { Campaign, Rule, RuleTerms, Task, TaskTerms, Terms } from './terms.js';
import { windowOf } from './windows.js';

const STREAK = recordType('streak', {
  of: 'member',
  carry: {
    add(see, task, value) {
      const own = runsIn(see, task);
      const { runs } = value as unknown as { readonly runs: Runs };
      const more = withoutRuns(runs, own);
      if (more.length === 0) return undefined;
      const delta = more as unknown as Json;
      return { records: [runsRecord(task, joinedRuns(own, runs))], delta };
    },
    back: (see, task, delta) => ({
      records: [runsRecord(task, withoutRuns(runsIn(see, task), delta as unknown as Runs))],
    }),
  },
});
const PERCENT = 100;
/** What is said of an event. */
export interface Said {
  readonly owner: string;
  readonly type: string;
  /** When it happened, and when it is decided. */
  readonly at: number;
  readonly time: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What is counted of it as it is reported by the member; undefined: it is not. */
  readonly once?: CounterAdd | undefined;
}

/** What it comes to. */
export interface Earned {
  readonly legs: readonly PlannedLeg[];
  readonly effects: readonly Effect[];
  readonly records: readonly RecordDelta[];
  readonly counters: readonly CounterAdd[];
  readonly puts: readonly ConditionalPut[];
  readonly followUps: readonly FollowUp[];
  readonly assets: readonly string[];
  readonly why: { readonly [name: string]: Json };
}

/** By what a rule or a task pays. */
type Paying = Pick<Rule['document'], 'budget' | 'exhausted' | 'pendingDays' | 'pendingToConfirm'>;

/** A multiplier, in percent. */
interface Multiplier {
  readonly key: string;
  readonly version: number;
  readonly percent: number;
}

/** Runs of days of a task. */
export const runsIn = (see: Reads, task: string): Runs =>
  see.record<{ readonly runs: Runs & Json }>(STREAK, task)?.runs ?? [];
export const runsRecord = (task: string, runs: Runs): RecordDelta => ({
  type: STREAK,
  key: task,
  value: runs.length === 0 ? null : { runs: runs as unknown as Json },
});

class Decision {
  readonly #see: Reads;
  readonly #terms: Terms;
  readonly #programme: Programme;
  readonly #said: Said;
  readonly #room = new Room();
  readonly #member: Member;
  readonly #account: AccountView;
  /** The tier that was had then. */
  readonly #tier: Tier | undefined;
  readonly #period: number;
  readonly #day: number;
  #figures: Figures | undefined;
  readonly #legs: PlannedLeg[] = [];
  readonly #effects: Effect[] = [];
  readonly #records: RecordDelta[] = [];
  readonly #counters: CounterAdd[] = [];
  readonly #puts: ConditionalPut[] = [];
  readonly #paid: Json[] = [];
  readonly #not: Json[] = [];
  readonly #issued: Json[] = [];
  /** Campaigns that were taken part in, and what this event has drawn from budgets. */
  readonly #taken: string[] = [];
  #drawn: Map<string, number> | undefined;
  /** How much there is no room to tell of. */
  #beyond = 0;

  constructor(see: Reads, terms: Terms, account: AccountView, said: Said) {
    const { programme } = terms;
    this.#see = see;
    this.#terms = terms;
    this.#programme = programme;
    this.#said = said;
    this.#account = account;
    this.#member = memberIn(see, programme.key);
    this.#tier = tierAt(this.#member, programme, terms.tiers, said.at);
    this.#period = periodAt(this.#member, programme, said.at, said.time);
    this.#day = dayAt(said.at, terms.offsets);
    const { once } = said;
    if (once === undefined) return;
    this.#room.take(1, counterBytes(once.name, 'day', 0));
    this.#counters.push(once);
  }

  /** What expressions are told, worked out when the first one asks. */
  #asked(): Figures {
    if (this.#figures !== undefined) return this.#figures;
    const { at, attributes } = this.#said;
    this.#figures = figuresOf(this.#see, {
      programme: this.#programme,
      account: this.#account,
      member: this.#member,
      tier: this.#tier,
      period: this.#period,
      at,
      attributes,
    });
    return this.#figures;
  }

  #value(expression: string, wanted: 'bool' | 'int'): boolean | number | null {
    const { attributes } = this.#terms.type.document;
    const { profile } = this.#programme.document;
    const scope = scopeOf(attributes, profile as AttributeTypes | undefined);
    return expressionIn(scope, expression, wanted)?.of(this.#asked()) ?? null;
  }

  #windowOf(span: Span): Window {
    const { offsets, lateMs } = this.#terms;
    return windowOf(span, this.#day, offsets, lateMs);
  }

  /** The first so many: more are not looked at. */
  some<T>(all: readonly T[], most: number): readonly T[] {
    this.#beyond += Math.max(0, all.length - most);
    return all.length > most ? all.slice(0, most) : all;
  }

  /** The tier's and the campaigns' multipliers: the highest of those that do not stack, and all that do. */
  multipliers(): Multiplier[] {
    const { at } = this.#said;
    const found: Multiplier[] = [];
    const tier = this.#tier;
    if (tier?.document.multiplier !== undefined)
      found.push({ key: tier.key, version: tier.version, percent: tier.document.multiplier });
    let highest: Multiplier | undefined;
    const isOf = ({ document: { from, to } }: Campaign): boolean => at >= from && at < to;
    const all = this.#terms.campaigns.filter(isOf);
    for (const { key, version, document } of this.some(all, CAMPAIGNS_MAX)) {
      const { audience, stacks = false, multiplier: percent } = document;
      if (audience !== undefined && this.#value(audience, 'bool') !== true) continue;
      const one = { key, version, percent };
      this.#taken.push(key);
      if (stacks) found.push(one);
      else if (highest === undefined || percent > highest.percent) highest = one;
    }
    if (highest !== undefined) found.push(highest);
    return found;
  }

  /** Why a rule does not count for this event; undefined: it does. */
  #closed({ document: { from, to, when } }: Rule): string | undefined {
    const { at } = this.#said;
    if ((from !== undefined && at < from) || (to !== undefined && at >= to)) return 'time';
    if (when !== undefined) {
      const holds = this.#value(when, 'bool');
      if (holds !== true) return holds === null ? 'value' : 'when';
    }
    return undefined;
  }

  /** Why a rule pays nothing, or how much before limits. */
  #base(rule: Rule, multipliers: readonly Multiplier[]): number | string {
    const closed = this.#closed(rule);
    if (closed !== undefined) return closed;
    const { document } = rule;
    const { attributes } = this.#said;
    const { coupon, points, per, of, formula, rounding = 'down' } = document;
    if (coupon !== undefined) return 0;
    const over: number[] = [];
    const under: number[] = [];
    if (formula !== undefined) over.push(this.#value(formula, 'int') as number);
    else over.push(points as number);
    if (of !== undefined) {
      over.push(attributes[of] as number);
      under.push(per as number);
    }
    if (over.some((one) => !Number.isSafeInteger(one))) return 'value';
    if (over.some((one) => one <= 0)) return 'none';
    if (document.multiplied !== false)
      for (const { percent } of multipliers) {
        over.push(percent);
        under.push(PERCENT);
      }
    const earned = pointsOf(over, under, rounding);
    if (earned === null || earned > AMOUNT_MAX) return 'value';
    return earned === 0 ? 'none' : earned;
  }

  /** Whether a rule has paid. */
  rule(terms: RuleTerms, multipliers: readonly Multiplier[]): boolean {
    const { rule, span, times: ofTimes, points: ofPoints, counters } = terms;
    const { key, version, document } = rule;
    if (!this.#hasRoomFor(terms.noteBytes)) return false;
    const base = this.#base(rule, multipliers);
    if (typeof base === 'string') return this.#no(key, version, base);
    const { coupon, limitTimes, limitPoints, expiresAfterDays } = document;
    const window = this.#windowOf(span);
    if (limitTimes !== undefined && this.#see.counter(ofTimes, window) >= limitTimes)
      return this.#no(key, version, 'times');
    let most = base;
    if (limitPoints !== undefined)
      most = Math.min(most, limitPoints - this.#see.counter(ofPoints, window));
    if (most <= 0 && coupon === undefined) return this.#no(key, version, 'points');
    const expiresAt =
      expiresAfterDays === undefined ? undefined : this.#said.at + expiresAfterDays * DAY_MS;
    const bytes = counters * terms.counterBytes;
    const effect = { type: 'earn', rule: key, amount: most };
    const points =
      coupon === undefined
        ? this.#pay(document, key, effect, expiresAt, counters, bytes)
        : this.#issue(coupon, { rule: key }, counters, bytes);
    if (typeof points === 'string') return this.#no(key, version, points, document.budget);
    if (limitTimes !== undefined) this.#counters.push({ name: ofTimes, window, add: 1 });
    if (limitPoints !== undefined) this.#counters.push({ name: ofPoints, window, add: points });
    if (coupon !== undefined) this.#issued.push([key, version, coupon]);
    else this.#told(key, version, points, base, most);
    return true;
  }

  /** How much is paid, and what was left of what limited it. `most`: what its limit has left. */
  #told(key: string, version: number, points: number, base: number, most = base): void {
    if (points === base) this.#paid.push([key, version, points]);
    else if (points === most) this.#paid.push([key, version, points, base]);
    else this.#paid.push([key, version, points, base, most === base ? null : most]);
  }

  task({ task, span, done: ofDone, rewarded, counterBytes: bytes, noteBytes }: TaskTerms): void {
    const { key, version, document } = task;
    const { need = 1, of, reward, coupon, steps, budget } = document;
    const { attributes } = this.#said;
    if (!this.#hasRoomFor(noteBytes)) return;
    if (steps !== undefined) {
      const runs = runsIn(this.#see, key);
      if (hasDay(runs, this.#day)) return void this.#no(key, version, 'done');
      if (!this.#room.take(1, streakBytes(key))) return void this.#no(key, version, 'legs');
      const days = daysInARow(runs, this.#day);
      this.#records.push(runsRecord(key, withDay(runs, this.#day)));
      this.#effects.push({ type: 'streak', task: key, day: this.#day, days });
      const step = steps.findLast(([from]) => from <= days)?.[1] as number;
      const points = this.#pay(document, key, { type: 'earn', task: key, days, amount: step });
      if (typeof points === 'string') return void this.#no(key, version, points, budget);
      return void this.#told(key, version, points, step);
    }
    const window = this.#windowOf(span);
    if (this.#see.counter(rewarded, window) > 0) return void this.#no(key, version, 'done');
    const add = of === undefined ? 1 : (attributes[of] as number);
    if (!Number.isSafeInteger(add) || add <= 0) return void this.#no(key, version, 'value');
    const done = this.#see.counter(ofDone, window) + add;
    if (done > AMOUNT_MAX) return void this.#no(key, version, 'value');
    if (need > 1) {
      if (!this.#room.take(1, bytes)) return void this.#no(key, version, 'legs');
      this.#counters.push({ name: ofDone, window, add });
    }
    if (done < need) return void this.#no(key, version, 'more');
    // Who else counts for it may be given back, and finds by this which event has brought the reward.
    const known = need > 1 ? rewardBytes(key) : 0;
    const badge = document.badge === true ? badgeOf(this.#programme.key, key) : undefined;
    const badges = badge === undefined ? 0 : counterBytes(badge.name, 'ever', 0);
    const records = 1 + (need > 1 ? 1 : 0) + (badge === undefined ? 0 : 1);
    const more = bytes + known + badges;
    const points =
      coupon === undefined
        ? this.#reward(document, key, reward, records, more)
        : this.#issue(coupon, { task: key }, records, more);
    if (typeof points === 'string') return void this.#no(key, version, points, budget);
    this.#counters.push({ name: rewarded, window, add: 1 });
    if (badge !== undefined) this.#counters.push(badge);
    if (need > 1 && coupon === undefined)
      this.#records.push(rewardedRecord(key, window, [this.#see.id, need]));
    if (coupon !== undefined) this.#issued.push([key, version, coupon]);
    else this.#told(key, version, points, reward ?? 0);
  }

  /** What a task pays, with a badge or without; a badge alone: no points. Else why there is nothing. */
  #reward(
    document: Task['document'],
    task: string,
    amount: number | undefined,
    records: number,
    bytes: number,
  ): number | string {
    if (amount !== undefined) {
      const earned = { type: 'earn', task, amount };
      const effect = document.badge === true ? { ...earned, badge: true } : earned;
      return this.#pay(document, task, effect, undefined, records, bytes);
    }
    if (!this.#room.take(records, bytes + earnBytes(task))) return 'legs';
    this.#effects.push({ type: BADGE, task });
    return 0;
  }

  /** Is there room to say why it does not pay, and what was looked at? */
  #hasRoomFor(noteBytes: number): boolean {
    const has = this.#room.take(0, noteBytes);
    if (!has) this.#beyond++;
    return has;
  }

  /** `budget`: what of it is left is told, where it is why. */
  #no(key: string, version: number, reason: string, budget?: string): false {
    if (reason !== 'budget') this.#not.push([key, version, reason]);
    else this.#not.push([key, version, reason, this.#leftOf(budget as string)]);
    return false;
  }

  /** What this event may still draw from a budget that has not enough. */
  #leftOf(budget: string): number {
    const left = this.#see.left(budget, this.#programme.document.asset);
    return Math.max(0, left - (this.#drawn?.get(budget) ?? 0));
  }

  /** One leg and its effect: how much it pays. Else why there is none. */
  #pay(
    { budget, exhausted, pendingDays, pendingToConfirm }: Paying,
    key: string,
    effect: Effect & { readonly amount: number },
    expiresAt?: number,
    records = 0,
    bytes = 0,
  ): number | string {
    const { asset } = this.#programme.document;
    let { amount } = effect;
    if (this.#legs.length === LEGS_MAX) return 'legs';
    if (expiresAt !== undefined && expiresAt <= this.#said.time) return 'expired';
    const before = this.#drawn?.get(budget ?? ISSUER) ?? 0;
    if (before + amount > AMOUNT_MAX) return 'value';
    if (budget !== undefined && this.#see.isExhausted(budget, asset, before + amount)) {
      amount = exhausted === 'less' ? Math.min(amount, this.#leftOf(budget)) : 0;
      if (amount === 0) return 'budget';
    }
    const { at, time } = this.#said;
    const until = pendingDays === undefined ? undefined : at + pendingDays * DAY_MS;
    const pendingUntil = pendingToConfirm === true ? null : until;
    // An event so late that its points are not pending any more pays them at once.
    const isPending = pendingUntil === null || (pendingUntil ?? 0) > time;
    if (!this.#room.take(records, bytes + earnBytes(key) + (isPending ? PENDING_BYTES : 0)))
      return 'legs';
    this.#drawn ??= new Map();
    this.#drawn.set(budget ?? ISSUER, before + amount);
    const leg = { from: budget ?? ISSUER, to: this.#said.owner, asset, amount, expiresAt };
    const paid = isPending ? { ...leg, pendingUntil } : leg;
    this.#legs.push(budget === undefined ? paid : { ...paid, isOptional: true });
    const told = amount === effect.amount ? effect : { ...effect, amount };
    this.#effects.push(isPending ? { ...told, pendingUntil: pendingUntil as number } : told);
    return amount;
  }

  /** A coupon in place of points: no points. Else why there is none. */
  #issue(
    coupon: string,
    by: { readonly rule: string } | { readonly task: string },
    records: number,
    bytes: number,
  ): number | string {
    const { owner, time } = this.#said;
    const { id } = this.#see;
    const issued = issuedTo(this.#see, coupon, { owner, id, n: JSON.stringify(by) }, time);
    if (issued === undefined) return 'coupon';
    const size = couponBytes(coupon + issued.programme);
    if (!this.#room.take(records + 2, bytes + size)) return 'legs';
    this.#records.push(issued.record);
    this.#puts.push(issued.put);
    this.#effects.push({ ...issued.effect, ...by });
    return 0;
  }

  /** That campaigns were taken part in. */
  #participate(): void {
    const window = this.#windowOf('ever');
    for (const key of this.#taken)
      if (this.#room.take(1, counterBytes(key, 'ever', 0)))
        this.#counters.push({ name: counterOf('taken', key), window, add: 1 });
      else this.#beyond++;
  }

  /** Put together field by field: what is spread, most often of nothing, is slow. */
  #why(multipliers: readonly Multiplier[]): Earned['why'] {
    const { type } = this.#terms;
    const { amount } = type.document;
    const units = amount === undefined ? undefined : this.#said.attributes[amount];
    const why: Record<string, Json> = {
      programme: this.#programme.version,
      type: type.version,
      paid: this.#paid,
    };
    if (this.#issued.length > 0) why['issued'] = this.#issued;
    if (multipliers.length > 0)
      why['times'] = multipliers.map(({ key, version, percent }) => [key, version, percent]);
    if (this.#not.length > 0) why['not'] = this.#not;
    if (this.#beyond > 0) why['beyond'] = this.#beyond;
    // By these a return goes, whatever the type of events says by then.
    if (Number.isSafeInteger(units)) why['units'] = units as number;
    return why;
  }

  conclude(multipliers: readonly Multiplier[]): Earned {
    const programme = this.#programme;
    const { type, tiers } = this.#terms;
    const { time } = this.#said;
    this.#participate();
    const sum = this.#legs.reduce((all, { amount }) => all + amount, 0);
    const counts = type.document.countsForTiers !== false && sum > 0;
    const member = counts
      ? earning(this.#member, programme, tiers, this.#period, sum)
      : this.#member;
    if (counts) this.#effects.push({ type: 'progress', period: this.#period, amount: sum });
    const after = joined(member, time);
    const { member: now, effects } = settled(this.#member, after, programme, tiers, time);
    if (now !== this.#member) this.#records.push(memberRecord(programme.key, now));
    this.#effects.push(...effects);
    return {
      legs: this.#legs,
      effects: this.#effects,
      records: this.#records,
      counters: this.#counters,
      puts: this.#puts,
      assets: [programme.document.asset],
      followUps: sharesOfReferrers(this.#see, this.#terms, this.#said),
      why: this.#why(multipliers),
    };
  }
}

/** What an event comes to by these terms. */
export function earnedBy(see: Reads, terms: Terms, account: AccountView, said: Said): Earned {
  const decision = new Decision(see, terms, account, said);
  const multipliers = decision.multipliers();
  for (const one of decision.some(terms.rules, RULES_MAX))
    if (decision.rule(one, multipliers) && one.rule.document.stops === true) break;
  for (const one of decision.some(terms.tasks, TASKS_MAX)) decision.task(one);
  return decision.conclude(multipliers);
}
