// What an event comes to: which rules and tasks pay how much, and why the others do not. Owns: that decision. Never touches: the log.
//   earning.E1. Each rule is judged by the event's own time: its windows, its campaigns, the tier that was had then.
//   earning.E2. What is paid by each rule is one leg, in the order of the effects: so a return finds what it takes back.
//   earning.E3. A rule that does not pay costs nothing else: neither its limits, nor a streak, nor a tier.

import { dateOf, dayAt } from '../../ledger/calendar.js';
import { AMOUNT_MAX, DAY_MS, LEGS_MAX, RETURN_MS } from '../../limits.js';
import type { TypeOf } from '../../protocol/fields.js';
import type {
  AccountView,
  CounterAdd,
  Effect,
  Json,
  PlannedLeg,
  Reads,
  RecordDelta,
} from '../act.js';
import { expressionIn, type Figures, type Scope } from '../cel.js';
import { momentAt } from '../day.js';
import type { AttributeTypes } from '../definitions/attributes.js';
import {
  campaign as campaignKind,
  type eventType as eventTypeKind,
  rule as ruleKind,
  task as taskKind,
  type Versioned,
} from '../definitions/index.js';
import { lateOf } from '../definitions/programme.js';
import { scopeOf } from '../definitions/scope.js';
import {
  earning,
  type Member,
  memberIn,
  memberRecord,
  type Programme,
  periodAt,
  progressIn,
  settled,
  type Tier,
  tierBefore,
  tierPlace,
  tiersIn,
} from './member.js';
import { pointsOf } from './points.js';
import { daysInARow, hasDay, type Runs, withDay } from './streak.js';
import { windowAt } from './windows.js';

type EventType = Versioned<TypeOf<typeof eventTypeKind.decides>>;
type Rule = Versioned<TypeOf<typeof ruleKind.decides>>;
type Task = Versioned<TypeOf<typeof taskKind.decides>>;

/** Who issues what no budget pays. */
const ISSUER = '@issue';
const STREAK = 'streak';
const PERCENT = 100;
/** What counters are of: how often a rule has paid, how much; of a task how much is done, whether it was rewarded; of a campaign. */
export const COUNTS = {
  times: 't.',
  points: 'p.',
  done: 'n.',
  rewarded: 'd.',
  taken: 'c.',
} as const;

/** What is said of an event. */
export interface Said {
  readonly owner: string;
  readonly type: string;
  /** When it happened, and when it is decided. */
  readonly at: number;
  readonly time: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What it comes to. */
export interface Earned {
  readonly legs: readonly PlannedLeg[];
  readonly effects: readonly Effect[];
  readonly records: readonly RecordDelta[];
  readonly counters: readonly CounterAdd[];
  readonly why: { readonly [name: string]: Json };
}

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
  readonly #programme: Programme;
  readonly #said: Said;
  readonly #offsets: readonly number[];
  readonly #keepMs: number;
  readonly #scope: Scope;
  readonly #member: Member;
  readonly #account: AccountView;
  readonly #tiers: readonly Tier[];
  readonly #period: number;
  readonly #day: number;
  #figures: Figures | undefined;
  readonly #legs: PlannedLeg[] = [];
  readonly #effects: Effect[] = [];
  readonly #records: RecordDelta[] = [];
  readonly #counters: CounterAdd[] = [];
  readonly #paid: Json[] = [];
  readonly #not: Json[] = [];

  constructor(see: Reads, programme: Programme, type: EventType, account: AccountView, said: Said) {
    this.#see = see;
    this.#programme = programme;
    this.#said = said;
    this.#account = account;
    this.#offsets = programme.zoneOffsets ?? [0, 0];
    this.#keepMs = lateOf(programme.document) + RETURN_MS;
    this.#scope = scopeOf(
      type.document.attributes,
      programme.document.profile as AttributeTypes | undefined,
    );
    this.#member = memberIn(see, programme.key);
    this.#tiers = tiersIn(see, programme.key);
    this.#period = periodAt(programme, said.at);
    this.#day = dayAt(said.at, this.#offsets);
  }

  /** What expressions are told, worked out when the first one asks. */
  #told(): Figures {
    if (this.#figures !== undefined) return this.#figures;
    const { at, attributes } = this.#said;
    const { available, earned, held } = this.#account;
    const { weekday, hour } = momentAt(at, this.#offsets);
    const { year, month, day } = dateOf(this.#day);
    const progress = progressIn(this.#member, this.#programme, this.#period);
    this.#figures = {
      event: attributes,
      member: { available, earned, held, tier: this.#tier?.key ?? '', progress },
      profile: this.#member.profile ?? {},
      day: { weekday, hour, day, month, year },
    };
    return this.#figures;
  }

  #value(expression: string, wanted: 'bool' | 'int'): boolean | number | null {
    return expressionIn(this.#scope, expression, wanted)?.of(this.#told()) ?? null;
  }

  get #tier(): Tier | undefined {
    const { at } = this.#said;
    const last = this.#member.tiers.at(-1);
    if (last !== undefined && at < last[0]) return tierBefore(this.#member, this.#tiers, at);
    return this.#tiers[tierPlace(this.#member, this.#programme, this.#tiers, at)];
  }

  /** The tier's and the campaigns' multipliers: the highest of those that do not stack, and all that do. */
  multipliers(): Multiplier[] {
    const { at, type } = this.#said;
    const found: Multiplier[] = [];
    const tier = this.#tier;
    if (tier?.document.multiplier !== undefined)
      found.push({ key: tier.key, version: tier.version, percent: tier.document.multiplier });
    let highest: Multiplier | undefined;
    for (const { key, version, document } of this.#see.definitions(
      campaignKind,
      this.#programme.key,
    )) {
      const { event, from, to, audience, stacks = false, multiplier: percent } = document;
      if ((event !== undefined && event !== type) || at < from || at >= to) continue;
      if (audience !== undefined && this.#value(audience, 'bool') !== true) continue;
      const one = { key, version, percent };
      const window = windowAt('ever', at, this.#offsets, 0);
      this.#counters.push({ name: COUNTS.taken + key, window, add: 1 });
      if (stacks) found.push(one);
      else if (highest === undefined || percent > highest.percent) highest = one;
    }
    return highest === undefined ? found : [...found, highest];
  }

  /** Why a rule pays nothing, or how much before limits. */
  #base({ document }: Rule, multipliers: readonly Multiplier[]): number | string {
    const { at, attributes } = this.#said;
    const { from, to, when, points, per, of, formula, rounding = 'down' } = document;
    if ((from !== undefined && at < from) || (to !== undefined && at >= to)) return 'time';
    if (when !== undefined) {
      const holds = this.#value(when, 'bool');
      if (holds !== true) return holds === null ? 'value' : 'when';
    }
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
  rule(rule: Rule, multipliers: readonly Multiplier[]): boolean {
    const { key, version, document } = rule;
    const base = this.#base(rule, multipliers);
    if (typeof base === 'string') return this.#no(key, version, base);
    const { limitTimes, limitPoints, span = 'day', expiresAfterDays, budget } = document;
    const window = windowAt(span, this.#said.at, this.#offsets, this.#keepMs);
    if (limitTimes !== undefined && this.#see.counter(COUNTS.times + key, window) >= limitTimes)
      return this.#no(key, version, 'times');
    let points = base;
    if (limitPoints !== undefined)
      points = Math.min(points, limitPoints - this.#see.counter(COUNTS.points + key, window));
    if (points <= 0) return this.#no(key, version, 'points');
    const expiresAt =
      expiresAfterDays === undefined ? undefined : this.#said.at + expiresAfterDays * DAY_MS;
    const problem = this.#pay(budget, points, expiresAt, { rule: key });
    if (problem !== undefined) return this.#no(key, version, problem);
    if (limitTimes !== undefined) this.#counters.push({ name: COUNTS.times + key, window, add: 1 });
    if (limitPoints !== undefined)
      this.#counters.push({ name: COUNTS.points + key, window, add: points });
    this.#paid.push(points === base ? [key, version, points] : [key, version, points, base]);
    return true;
  }

  task({ key, version, document }: Task): void {
    const { need = 1, of, span = 'day', reward, steps, budget } = document;
    const { at, attributes } = this.#said;
    if (steps !== undefined) {
      const runs = runsIn(this.#see, key);
      if (hasDay(runs, this.#day)) return void this.#no(key, version, 'done');
      const days = daysInARow(runs, this.#day);
      this.#records.push(runsRecord(key, withDay(runs, this.#day)));
      this.#effects.push({ type: 'streak', task: key, day: this.#day, days });
      const points = steps.findLast(([from]) => from <= days)?.[1] as number;
      const problem = this.#pay(budget, points, undefined, { task: key, days });
      if (problem !== undefined) return void this.#no(key, version, problem);
      return void this.#paid.push([key, version, points]);
    }
    const window = windowAt(span, at, this.#offsets, this.#keepMs);
    if (this.#see.counter(COUNTS.rewarded + key, window) > 0)
      return void this.#no(key, version, 'done');
    const add = of === undefined ? 1 : (attributes[of] as number);
    if (!Number.isSafeInteger(add) || add <= 0) return void this.#no(key, version, 'value');
    const done = this.#see.counter(COUNTS.done + key, window) + add;
    if (done > AMOUNT_MAX) return void this.#no(key, version, 'value');
    if (need > 1) this.#counters.push({ name: COUNTS.done + key, window, add });
    if (done < need) return void this.#no(key, version, 'more');
    const problem = this.#pay(budget, reward as number, undefined, { task: key });
    if (problem !== undefined) return void this.#no(key, version, problem);
    this.#counters.push({ name: COUNTS.rewarded + key, window, add: 1 });
    this.#paid.push([key, version, reward as number]);
  }

  #no(key: string, version: number, reason: string): false {
    this.#not.push([key, version, reason]);
    return false;
  }

  /** One leg and its effect; else why there is none. */
  #pay(
    budget: string | undefined,
    amount: number,
    expiresAt: number | undefined,
    by: { readonly [name: string]: Json },
  ): string | undefined {
    const { asset } = this.#programme.document;
    if (this.#legs.length === LEGS_MAX) return 'legs';
    if (expiresAt !== undefined && expiresAt <= this.#said.time) return 'expired';
    if (budget !== undefined && this.#see.isExhausted(budget, asset, amount)) return 'budget';
    const leg = { from: budget ?? ISSUER, to: this.#said.owner, asset, amount, expiresAt };
    this.#legs.push(budget === undefined ? leg : { ...leg, isOptional: true });
    this.#effects.push({ type: 'earn', ...by, amount });
    return undefined;
  }

  conclude(type: EventType, multipliers: readonly Multiplier[]): Earned {
    const programme = this.#programme;
    const { time } = this.#said;
    const sum = this.#legs.reduce((all, { amount }) => all + amount, 0);
    const counts = type.document.countsForTiers !== false && sum > 0;
    const member = counts ? earning(this.#member, programme, this.#period, sum) : this.#member;
    if (counts) this.#effects.push({ type: 'progress', period: this.#period, amount: sum });
    const { member: now, tier, before } = settled(member, programme, this.#tiers, time);
    if (now !== this.#member) this.#records.push(memberRecord(programme.key, now));
    if (tier !== before) this.#effects.push({ type: 'tierChanged', from: before, to: tier });
    return {
      legs: this.#legs,
      effects: this.#effects,
      records: this.#records,
      counters: this.#counters,
      why: {
        programme: programme.version,
        type: type.version,
        paid: this.#paid,
        ...(multipliers.length === 0
          ? {}
          : { times: multipliers.map(({ key, version, percent }) => [key, version, percent]) }),
        ...(this.#not.length === 0 ? {} : { not: this.#not }),
      },
    };
  }
}

/** What an event of this type comes to. */
export function earnedBy(
  see: Reads,
  programme: Programme,
  type: EventType,
  account: AccountView,
  said: Said,
): Earned {
  const decision = new Decision(see, programme, type, account, said);
  const multipliers = decision.multipliers();
  const rules = see.definitions(ruleKind, type.key);
  const inOrder = [...rules].sort((a, b) => (a.document.order ?? 0) - (b.document.order ?? 0));
  for (const rule of inOrder)
    if (decision.rule(rule, multipliers) && rule.document.stops === true) break;
  for (const task of see.definitions(taskKind, type.key)) decision.task(task);
  return decision.conclude(type, multipliers);
}
