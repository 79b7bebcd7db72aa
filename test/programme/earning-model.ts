// What events of a programme come to, in plain code, from its README: nothing is counted, everything is looked for in the list of what has
// happened. Owns: that reading of the rules. Never touches: the engine.

import { DAY_MS, HOUR_MS } from './earning-world.js';

const LATE_MS = 7 * DAY_MS;
const EARLY_MS = 300_000;
const SHANGHAI_MS = 8 * HOUR_MS;

type Documents = Map<string, Record<string, unknown>>;
/** The documents that decide now, by kind and key. */
export type Defined = Readonly<
  Record<'programme' | 'rule' | 'tier' | 'campaign' | 'task' | 'event', Documents>
>;

/** What a condition may ask, by its text. */
export interface Asked {
  readonly amount: number | undefined;
  readonly weekday: number;
  readonly tier: string;
  readonly available: number;
  readonly progress: number;
}
/** undefined: it has no value. */
export const CONDITIONS: Readonly<Record<string, (asked: Asked) => boolean | undefined>> = {
  'event.amount >= 5': ({ amount }) => (amount === undefined ? undefined : amount >= 5),
  'day.weekday >= 6': ({ weekday }) => weekday >= 6,
  'member.tier == "t1"': ({ tier }) => tier === 't1',
  'member.available < 50': ({ available }) => available < 50,
  'member.progress >= 10': ({ progress }) => progress >= 10,
  'event.amount / 0 == 1': () => undefined,
};

interface Leg {
  readonly by: string;
  readonly amount: number;
  readonly budget: string | undefined;
  readonly window: string;
  /** Does it count for a limit in times, in points? */
  readonly limits: readonly [times: boolean, points: boolean];
  back: number;
}
interface Happened {
  readonly id: string;
  readonly owner: string;
  readonly at: number;
  readonly legs: Leg[];
  readonly lines: readonly { readonly line: string; readonly amount: number }[];
  readonly isByLine: boolean;
  readonly hasUnits: boolean;
  readonly given: number[];
  /** What tasks counted: in which window how much; a day of a streak. */
  readonly counted: readonly {
    readonly task: string;
    readonly window: string;
    readonly add: number;
  }[];
  readonly days: readonly { readonly task: string; readonly day: number }[];
  readonly period: string | undefined;
  isUndone: boolean;
}
interface Owner {
  spent: number;
  /** (from when on, tier). */
  readonly history: (readonly [number, string])[];
  granted: { readonly tier: string; readonly until: number } | undefined;
}

export interface SaidEvent {
  readonly id: string;
  readonly owner: string;
  readonly type: string;
  readonly time?: number | undefined;
  readonly amount?: number | undefined;
  readonly lines?: readonly { readonly line: string; readonly amount: number }[] | undefined;
}

type Pay = (
  by: string,
  points: number,
  window: string,
  budget: string | undefined,
  limits?: Leg['limits'],
) => boolean;

const NO_CHANGE: readonly string[] = [];

const dayOf = (time: number): number => Math.floor((time + SHANGHAI_MS) / DAY_MS);
const dateOf = (time: number): string => new Date(time + SHANGHAI_MS).toISOString();
/** Monday: 1. */
const weekdayOf = (time: number): number => ((dayOf(time) + 3) % 7) + 1;

/** A window is known by the day on which it begins. */
function windowOf(span: string, time: number): string {
  const day = dayOf(time);
  if (span === 'day') return `${day}`;
  if (span === 'week') return `${day - weekdayOf(time) + 1}`;
  const { length } = { month: 'YYYY-MM', year: 'YYYY' }[span] ?? '';
  if (length === 0) return 'ever';
  return `${Date.parse(`${dateOf(time).slice(0, length)}${'-01-01'.slice(length === 4 ? 0 : 3)}`) / DAY_MS}`;
}

function rounded(over: bigint, under: bigint, rounding: unknown): number {
  const [whole, rest] = [over / under, over % under];
  const isUp = rounding === 'up' ? rest > 0n : rounding === 'half-up' && 2n * rest >= under;
  return Number(whole) + (isUp ? 1 : 0);
}

export class Model {
  readonly defined: Defined;
  readonly budgets = new Map<string, number>();
  readonly #happened: Happened[] = [];
  readonly #owners = new Map<string, Owner>();

  constructor(defined: Defined) {
    this.defined = defined;
  }

  #owner(name: string): Owner {
    const known = this.#owners.get(name) ?? { spent: 0, history: [], granted: undefined };
    this.#owners.set(name, known);
    return known;
  }

  #of(owner: string): readonly Happened[] {
    return this.#happened.filter((one) => one.owner === owner);
  }

  available(owner: string): number {
    const legs = this.#of(owner).flatMap((one) => one.legs);
    return legs.reduce((sum, leg) => sum + leg.amount - leg.back, 0) - this.#owner(owner).spent;
  }

  #left(budget: string): number {
    const legs = this.#happened.flatMap((one) => one.legs).filter((leg) => leg.budget === budget);
    return legs.reduce((sum, leg) => sum - leg.amount + leg.back, this.budgets.get(budget) ?? 0);
  }

  spend(owner: string, amount: number): boolean {
    if (amount > this.available(owner)) return false;
    this.#owner(owner).spent += amount;
    return true;
  }

  // Tiers.

  get #programme(): Record<string, unknown> {
    return this.defined.programme.get('shop')!;
  }

  #tiers(): readonly (readonly [string, Record<string, unknown>])[] {
    return [...this.defined.tier].sort(
      ([, a], [, b]) => (a['from'] as number) - (b['from'] as number),
    );
  }

  /** Months since year 0 of a time's month, or its year. */
  #periodOf(time: number): number {
    const [year, month] = dateOf(time).split('-').map(Number) as [number, number];
    const { tierPeriod } = this.#programme;
    if (tierPeriod === 'year') return year;
    return tierPeriod === 'rolling' ? year * 12 + month - 1 : 0;
  }

  #progress(owner: string, period: number): number {
    const unit = this.#programme['tierPeriod'] ?? 'lifetime';
    const reach = unit === 'rolling' ? 12 : 1;
    let sum = 0;
    for (const one of this.#of(owner)) {
      const [of, number] = one.period?.split(' ') ?? [];
      if (of !== unit || Number(number) > period || Number(number) <= period - reach) continue;
      for (const leg of one.legs) sum += leg.amount - leg.back;
    }
    return sum;
  }

  #placeFor(progress: number): number {
    return this.#tiers().filter(([, { from }]) => (from as number) <= progress).length - 1;
  }

  #placeAt(owner: string, time: number): number {
    const { tierPeriod = 'lifetime', downgrade = 'one' } = this.#programme;
    const now = this.#periodOf(time);
    let place = this.#placeFor(this.#progress(owner, now));
    const first = Math.min(
      ...this.#of(owner).flatMap(({ period }) =>
        period?.startsWith(`${tierPeriod} `) ? [Number(period.split(' ')[1])] : [],
      ),
    );
    let kept = -1;
    if (tierPeriod !== 'lifetime')
      for (let period = first; period < now; period++) {
        const earned = this.#placeFor(this.#progress(owner, period));
        kept = downgrade === 'one' ? Math.max(earned, kept - 1) : earned;
      }
    place = Math.max(place, kept);
    const { granted } = this.#owner(owner);
    if (granted === undefined || time >= granted.until) return place;
    return Math.max(
      place,
      this.#tiers().findIndex(([key]) => key === granted.tier),
    );
  }

  #tierAt(owner: string, time: number): string {
    const { history } = this.#owner(owner);
    const last = history.at(-1);
    if (last === undefined || time >= last[0]) return this.#keyAt(owner, time);
    return history.findLast(([from]) => from <= time)?.[1] ?? 't0';
  }

  #keyAt(owner: string, time: number): string {
    return this.#tiers()[this.#placeAt(owner, time)]![0];
  }

  /** The moments since the last change at which a tier ends by itself. */
  #endings(owner: string, time: number): number[] {
    const { history, granted } = this.#owner(owner);
    const last = history.at(-1)?.[0];
    if (last === undefined) return [];
    const found =
      granted !== undefined && granted.until > last && granted.until < time ? [granted.until] : [];
    const begins: number[] = [];
    for (let day = dayOf(last) + 1; day <= dayOf(time); day++) {
      const at = day * DAY_MS - SHANGHAI_MS;
      if (this.#periodOf(at) !== this.#periodOf(at - 1)) begins.push(at);
    }
    return [...found, ...begins.slice(-4)].sort((a, b) => a - b);
  }

  /** Does something, and tells the changes of tier until then and by it. */
  #changing(owner: string, time: number, what: () => void): string[] {
    const { history } = this.#owner(owner);
    const told: string[] = [];
    const note = (at: number, tier: string): void => {
      if (tier === (history.at(-1)?.[1] ?? 't0')) return;
      history.push([at, tier]);
      told.push(`-> ${tier}`);
    };
    const ends = this.#endings(owner, time).map((at) => [at, this.#keyAt(owner, at)] as const);
    for (const [at, tier] of ends) note(at, tier);
    what();
    note(time, this.#keyAt(owner, time));
    return told;
  }

  grant(owner: string, tier: string | undefined, until: number, time: number): string {
    const change = (): void => {
      this.#owner(owner).granted = tier !== undefined && until > time ? { tier, until } : undefined;
    };
    return this.#changing(owner, time, change).join(', ');
  }

  // Events.

  /** What an event comes to, as `told` of the world says it. */
  event(said: SaidEvent, time: number): string {
    const { id, owner, type, amount, lines } = said;
    const { time: given = time } = said;
    if (given > time + EARLY_MS) return 'EVENT_TIME_INVALID';
    const at = Math.min(given, time);
    if (at < time - LATE_MS) return 'EVENT_TOO_LATE';
    if (lines !== undefined && lines.reduce((sum, one) => sum + one.amount, 0) !== amount)
      return 'EVENT_LINES_INVALID';
    const legs: Leg[] = [];
    const told: string[] = [];
    const pay: Pay = (by, points, window, budget, limits = [false, false]) => {
      const drawn = legs.reduce((sum, leg) => sum + (leg.budget === budget ? leg.amount : 0), 0);
      if (budget !== undefined && this.#left(budget) < drawn + points) return false;
      legs.push({ by, amount: points, budget, window, limits, back: 0 });
      told.push(`${by} ${points}`);
      return true;
    };
    const times = this.#multipliers(owner, type, at);
    this.#rules(said, at, times, pay);
    const { counted, days } = this.#tasks(said, at, told, pay);
    const counts = this.defined.event.get(`shop.${type}`)!['countsForTiers'] !== false;
    const isCounted = counts && legs.length > 0;
    const period = isCounted
      ? `${this.#programme['tierPeriod'] ?? 'lifetime'} ${this.#periodOf(at)}`
      : undefined;
    const units = Math.max(1, amount ?? 1);
    const named = lines !== undefined && lines.length > 0 ? lines : [{ line: '*', amount: units }];
    const free = named.every((one) => one.amount === 0);
    const happened = {
      ...{ id, owner, at, legs, counted, days, period, isUndone: false },
      ...{ isByLine: lines !== undefined, hasUnits: amount !== undefined },
      lines: free ? named.map((one) => ({ ...one, amount: 1 })) : named,
      given: named.map(() => 0),
    };
    const changes = this.#changing(owner, time, () => this.#happened.push(happened));
    return [...told, ...changes].join(', ');
  }

  #multipliers(owner: string, type: string, at: number): number[] {
    const tier = this.defined.tier.get(this.#tierAt(owner, at))!;
    const running = [...this.defined.campaign.values()].filter(
      ({ event, from, to }) =>
        (event === undefined || event === type) && at >= (from as number) && at < (to as number),
    );
    const percents = (stacks: boolean) =>
      running.flatMap((one) =>
        (one['stacks'] === true) === stacks ? [one['multiplier'] as number] : [],
      );
    const highest = Math.max(...percents(false));
    return [
      (tier['multiplier'] as number | undefined) ?? 100,
      ...percents(true),
      ...(highest > 0 ? [highest] : []),
    ];
  }

  #rules(
    { owner, type, amount }: SaidEvent,
    at: number,
    percents: readonly number[],
    pay: Pay,
  ): void {
    const asked: Asked = {
      ...{ amount, weekday: weekdayOf(at), tier: this.#tierAt(owner, at) },
      ...{ available: this.available(owner), progress: this.#progress(owner, this.#periodOf(at)) },
    };
    const order = (rule: Record<string, unknown>): number =>
      (rule['order'] as number | undefined) ?? 0;
    const rules = [...this.defined.rule]
      .filter(([, { event }]) => event === type)
      .sort(([a, one], [b, other]) => order(one) - order(other) || (a < b ? -1 : 1));
    for (const [key, rule] of rules) {
      const {
        from = 0,
        to = Number.POSITIVE_INFINITY,
        when,
        points,
        per,
        of,
        multiplied,
        rounding,
      } = rule;
      if (at < (from as number) || at >= (to as number)) continue;
      if (when !== undefined && CONDITIONS[when as string]!(asked) !== true) continue;
      let [over, under] = [BigInt(points as number), BigInt((per as number | undefined) ?? 1)];
      if (of !== undefined) {
        if (amount === undefined || amount <= 0) continue;
        over *= BigInt(amount);
      }
      if (multiplied !== false)
        for (const percent of percents) [over, under] = [over * BigInt(percent), under * 100n];
      let earned = rounded(over, under, rounding);
      const window = windowOf((rule['span'] as string | undefined) ?? 'day', at);
      const { limitTimes, limitPoints, budget } = rule;
      const before = this.#of(owner)
        .flatMap((one) => one.legs)
        .filter((leg) => leg.by === key && leg.window === window);
      const times = before.filter((leg) => leg.limits[0] && leg.back < leg.amount).length;
      if (times >= ((limitTimes as number | undefined) ?? 1e9)) continue;
      const had = before.reduce((sum, leg) => sum + (leg.limits[1] ? leg.amount - leg.back : 0), 0);
      earned = Math.min(earned, ((limitPoints as number | undefined) ?? 1e9) - had);
      const limits = [limitTimes !== undefined, limitPoints !== undefined] as const;
      if (earned <= 0 || !pay(key, earned, window, budget as string | undefined, limits)) continue;
      if (rule['stops'] === true) return;
    }
  }

  #tasks(
    { owner, type, amount }: SaidEvent,
    at: number,
    told: string[],
    pay: Pay,
  ): Pick<Happened, 'counted' | 'days'> {
    const counted: { task: string; window: string; add: number }[] = [];
    const days: { task: string; day: number }[] = [];
    const before = this.#of(owner);
    for (const [key, task] of [...this.defined.task].sort()) {
      if (task['event'] !== type) continue;
      const budget = task['budget'] as string | undefined;
      if (task['steps'] !== undefined) {
        const had = new Set(
          before
            .flatMap((one) => (one.isUndone ? [] : one.days))
            .flatMap((one) => (one.task === key ? [one.day] : [])),
        );
        const day = dayOf(at);
        if (had.has(day)) continue;
        let row = 1;
        while (had.has(day - row)) row++;
        days.push({ task: key, day });
        told.push(`day ${row}`);
        const step = (task['steps'] as [number, number][]).findLast(([from]) => from <= row)!;
        pay(key, step[1], `day ${day}`, budget);
        continue;
      }
      const window = windowOf((task['span'] as string | undefined) ?? 'day', at);
      const legs = before.flatMap((one) => one.legs);
      if (legs.some((leg) => leg.by === key && leg.window === window && leg.back < leg.amount))
        continue;
      const add = task['of'] === undefined ? 1 : amount;
      if (add === undefined || add <= 0) continue;
      const had = before
        .flatMap((one) => (one.isUndone ? [] : one.counted))
        .reduce((sum, one) => sum + (one.task === key && one.window === window ? one.add : 0), 0);
      counted.push({ task: key, window, add });
      if (had + add >= ((task['need'] as number | undefined) ?? 1))
        pay(key, task['reward'] as number, window, budget);
    }
    return { counted, days };
  }

  // Returns.

  /** Gives back so much of a line, or all that is left (no part). */
  return(
    owner: string,
    id: string,
    time: number,
    part?: { line?: string; amount?: number },
  ): string {
    const one = this.#of(owner).find((happened) => happened.id === id);
    if (one === undefined) return 'EVENT_NOT_FOUND';
    const { legs, lines, given } = one;
    if (part?.line !== undefined && !one.isByLine) return 'RETURN_INVALID';
    if (part !== undefined && part.line === undefined && (one.isByLine || !one.hasUnits))
      return 'RETURN_INVALID';
    const isStarted = given.some((units) => units > 0);
    const isWhole = (): boolean => given.every((units, i) => units === lines[i]!.amount);
    const isGone = legs.length > 0 ? legs.every((leg) => leg.back === leg.amount) : one.isUndone;
    if ((isGone && !isStarted) || (isWhole() && (isStarted || one.isUndone)))
      return 'ALREADY_REVERSED';
    const asked = lines.map(({ line, amount }, i) => {
      const left = amount - given[i]!;
      if (part === undefined) return left;
      return line === (part.line ?? '*') ? (part.amount ?? left) : 0;
    });
    const units = asked.reduce((sum, now) => sum + now, 0);
    if (units === 0 || asked.some((now, i) => now > lines[i]!.amount - given[i]!))
      return 'RETURN_INVALID';
    const after = given.map((had, i) => had + asked[i]!);
    const backs = legs.map((leg) => Math.max(0, this.#gone(leg, lines, after) - leg.back));
    const back = backs.reduce((sum, now) => sum + now, 0);
    const isShort = back > 0 && back > this.available(owner);
    if (this.#programme['returns'] !== 'unlimited' && isShort) return 'POINTS_SHORT';
    const isDone = after.every((had, i) => had === lines[i]!.amount);
    const take = (): void => {
      for (const [i, leg] of legs.entries()) leg.back += backs[i]!;
      one.isUndone ||= legs.every((leg) => leg.back === leg.amount) && (legs.length > 0 || isDone);
    };
    for (const [i, had] of after.entries()) given[i] = had;
    const isMoved = back > 0 || (legs.length === 0 && isDone && !one.isUndone);
    const changes = this.#takingBack(one, back, time, take);
    return [...(isMoved ? [`back ${back}`] : []), ...changes, `returned ${units}`].join(', ');
  }

  /** Where it counted for tiers, they change with it. */
  #takingBack(one: Happened, back: number, time: number, take: () => void): readonly string[] {
    if (back > 0 && one.period !== undefined) return this.#changing(one.owner, time, take);
    take();
    return NO_CHANGE;
  }

  /** What of a leg has gone with so much of its lines: the last line that costs anything has what rounding leaves. */
  #gone(leg: Leg, lines: Happened['lines'], after: readonly number[]): number {
    const all = lines.reduce((sum, { amount }) => sum + amount, 0);
    const last = lines.findLastIndex(({ amount }) => amount > 0);
    let [gone, rest] = [0, leg.amount];
    for (const [i, { amount }] of lines.entries()) {
      if (amount === 0) continue;
      const share = i === last ? rest : Math.floor((leg.amount * amount) / all);
      rest -= share;
      gone += Math.floor((share * after[i]!) / amount);
    }
    return gone;
  }

  reverse(owner: string, id: string, time: number): string {
    const one = this.#of(owner).find((happened) => happened.id === id);
    if (one === undefined) return 'TRANSFER_NOT_FOUND';
    const { legs } = one;
    const back = legs.reduce((sum, leg) => sum + leg.amount - leg.back, 0);
    if (one.isUndone || (legs.length > 0 && back === 0)) return 'ALREADY_REVERSED';
    if (back > 0 && back > this.available(owner)) return 'POINTS_SHORT';
    const take = (): void => {
      for (const leg of legs) leg.back = leg.amount;
      one.isUndone = true;
    };
    const changes = this.#takingBack(one, back, time, take);
    return [`back ${back}`, ...changes].join(', ');
  }
}
