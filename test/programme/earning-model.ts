// What events of a programme come to, in plain code, from its README: nothing is counted, everything is looked for in the list of what has
// happened. Owns: that reading of the rules. Never touches: the engine.

import {
  dateOf,
  dayOf,
  SHANGHAI_MS,
  weekdayOf,
  windowEnd,
  windowOf,
  yearOfMembership,
} from './earning-calendar.js';
import {
  type Asked,
  type Badge,
  badgesIn,
  CONDITIONS,
  type Counted,
  daysLeft,
  goneOf,
  type Happened,
  isForgotten,
  isGone,
  isPending,
  type Leg,
  leftOf,
  type Owner,
  type Pay,
  type Refuse,
  type Reward,
  rounded,
  type SaidEvent,
  sumOf,
  type Terms,
  unitsOf,
} from './earning-past.js';
import { DAY_MS } from './earning-world.js';

const LATE_MS = 7 * DAY_MS;
const EARLY_MS = 300_000;
const RETURN_MS = 366 * DAY_MS;

type Documents = Map<string, Record<string, unknown>>;
/** The documents that decide now, by kind and key. */
export type Defined = Readonly<
  Record<'programme' | 'rule' | 'tier' | 'campaign' | 'task' | 'event', Documents>
>;

const NO_CHANGE: readonly string[] = [];
export class Model {
  readonly defined: Defined;
  readonly budgets = new Map<string, number>();
  readonly #happened: Happened[] = [];
  readonly #owners = new Map<string, Owner>();
  /** By owner, task and window. */
  readonly #rewards = new Map<string, Reward>();

  constructor(defined: Defined) {
    this.defined = defined;
  }

  #owner(name: string): Owner {
    const known = this.#owners.get(name) ?? {
      ...{ since: undefined, spent: 0, history: [], granted: undefined },
    };
    this.#owners.set(name, known);
    return known;
  }

  #of(owner: string): readonly Happened[] {
    return this.#happened.filter((one) => one.owner === owner);
  }

  #left(owner: string, isOf: (leg: Leg) => boolean): number {
    const legs = this.#of(owner).flatMap((one) => one.legs);
    return legs.filter(isOf).reduce((sum, leg) => sum + leg.amount - leg.back, 0);
  }

  available(owner: string, time: number): number {
    return this.#left(owner, (leg) => !isPending(leg, time)) - this.#owner(owner).spent;
  }

  pending(owner: string, time: number): number {
    return this.#left(owner, (leg) => isPending(leg, time));
  }

  #leftOf(budget: string): number {
    const legs = this.#happened.flatMap((one) => one.legs).filter((leg) => leg.budget === budget);
    return legs.reduce((sum, leg) => sum - leg.amount + leg.back, this.budgets.get(budget) ?? 0);
  }

  spend(owner: string, amount: number, time: number): boolean {
    if (amount > this.available(owner, time)) return false;
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

  /** Months since year 0 of a time's month, or its year, or the year of membership. */
  #periodOf(owner: string, time: number, now = time): number {
    const [year, month] = dateOf(time).split('-').map(Number) as [number, number];
    const { tierPeriod } = this.#programme;
    if (tierPeriod === 'year') return year;
    if (tierPeriod === 'anniversary')
      return yearOfMembership(this.#owner(owner).since ?? now, time);
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

  #placeAt(owner: string, time: number, at: number): number {
    const { tierPeriod = 'lifetime', downgrade = 'one' } = this.#programme;
    const now = this.#periodOf(owner, time, at);
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

  #tierAt(owner: string, time: number, now: number): string {
    const { history } = this.#owner(owner);
    const last = history.at(-1);
    if (last === undefined || time >= last[0]) return this.#keyAt(owner, time, now);
    return history.findLast(([from]) => from <= time)?.[1] ?? 't0';
  }

  #keyAt(owner: string, time: number, now = time): string {
    return this.#tiers()[this.#placeAt(owner, time, now)]![0];
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
      if (this.#periodOf(owner, at, time) !== this.#periodOf(owner, at - 1, time)) begins.push(at);
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
    const paid: string[] = [];
    const not: string[] = [];
    const refuse: Refuse = (by, reason) => void not.push(`${by} ${reason}`);
    const pay: Pay = (by, { base, most }, window, terms, limits) => {
      const budget = terms['budget'] as string | undefined;
      const drawn = legs.reduce((sum, leg) => sum + (leg.budget === budget ? leg.amount : 0), 0);
      const left = budget === undefined ? 1e9 : Math.max(0, this.#leftOf(budget) - drawn);
      const amount = left >= most ? most : terms['exhausted'] === 'less' ? left : 0;
      if (amount === 0) {
        refuse(by, `budget ${left}`);
        return 0;
      }
      const days = terms['pendingDays'] as number | undefined;
      const until = days === undefined ? undefined : at + days * DAY_MS;
      const pending = terms['pendingToConfirm'] === true ? null : until;
      const leg = { by, amount, budget, window, pending, back: 0, isOfTask: limits === undefined };
      const hasBadge = limits === undefined && terms['badge'] === true;
      legs.push({ ...leg, hasBadge, limits: limits ?? [false, false] });
      told.push(`${by} ${amount}${isPending(legs.at(-1)!, time) ? ' pending' : ''}`);
      const cut =
        amount === base
          ? ''
          : amount === most
            ? ` ${base}`
            : ` ${base} ${most === base ? '-' : most}`;
      paid.push(`${by} ${amount}${cut}`);
      return amount;
    };
    const times = this.#multipliers(owner, type, at, time);
    this.#rules(said, at, time, times, pay, refuse);
    const alone = (task: string): void => {
      told.push('badge');
      paid.push(`${task} 0`);
    };
    const { counted, days, badges, completed } = this.#tasks(said, at, told, pay, alone, refuse);
    const counts = this.defined.event.get(`shop.${type}`)!['countsForTiers'] !== false;
    const isCounted = counts && legs.length > 0;
    const period = isCounted
      ? `${this.#programme['tierPeriod'] ?? 'lifetime'} ${this.#periodOf(owner, at, time)}`
      : undefined;
    const units = Math.max(1, amount ?? 1);
    const named = lines !== undefined && lines.length > 0 ? lines : [{ line: '*', amount: units }];
    const free = named.every((one) => one.amount === 0);
    const happened: Happened = {
      ...{ id, owner, at, legs, counted, days, badges, period },
      ...{ isUndone: false, isLate: false, isKnown: false },
      ...{ isByLine: lines !== undefined, hasUnits: amount !== undefined },
      lines: free ? named.map((one) => ({ ...one, amount: 1 })) : named,
      given: named.map(() => 0),
    };
    for (const [key, need] of completed) this.#rewards.set(key, { one: happened, need });
    const changes = this.#changing(owner, time, () => {
      this.#happened.push(happened);
      this.#owner(owner).since ??= time;
    });
    return `${[...told, ...changes].join(', ')} | ${paid.join(', ')} | ${not.join(', ')}`;
  }

  #multipliers(owner: string, type: string, at: number, time: number): number[] {
    const tier = this.defined.tier.get(this.#tierAt(owner, at, time))!;
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
    time: number,
    percents: readonly number[],
    pay: Pay,
    refuse: Refuse,
  ): void {
    const asked: Asked = {
      ...{ amount, weekday: weekdayOf(at), tier: this.#tierAt(owner, at, time) },
      available: this.available(owner, time),
      progress: this.#progress(owner, this.#periodOf(owner, at, time)),
    };
    const order = (rule: Terms): number => (rule['order'] as number | undefined) ?? 0;
    const rules = [...this.defined.rule]
      .filter(([, { event }]) => event === type)
      .sort(([a, one], [b, other]) => order(one) - order(other) || (a < b ? -1 : 1));
    for (const [key, rule] of rules) {
      const base = this.#base(rule, at, asked, percents);
      if (typeof base === 'string') {
        refuse(key, base);
        continue;
      }
      const window = windowOf((rule['span'] as string | undefined) ?? 'day', at);
      const { limitTimes, limitPoints } = rule;
      const before = this.#of(owner)
        .flatMap((one) => one.legs)
        .filter((leg) => leg.by === key && leg.window === window);
      const times = before.filter((leg) => leg.limits[0] && leftOf(leg) > 0).length;
      const had = before.reduce((sum, leg) => sum + (leg.limits[1] ? leftOf(leg) : 0), 0);
      const most = Math.min(base, ((limitPoints as number | undefined) ?? 1e9) - had);
      const limits = [limitTimes !== undefined, limitPoints !== undefined] as const;
      if (times >= ((limitTimes as number | undefined) ?? 1e9)) refuse(key, 'times');
      else if (most <= 0) refuse(key, 'points');
      else if (pay(key, { base, most }, window, rule, limits) > 0 && rule['stops'] === true) return;
    }
  }

  /** What a rule comes to before its limits, or why to nothing. */
  #base(rule: Terms, at: number, asked: Asked, percents: readonly number[]): number | string {
    const { from = 0, to = Number.POSITIVE_INFINITY, when, points, per, of, multiplied } = rule;
    if (at < (from as number) || at >= (to as number)) return 'time';
    const holds = when === undefined || CONDITIONS[when as string]!(asked);
    if (holds !== true) return holds === undefined ? 'value' : 'when';
    let [over, under] = [BigInt(points as number), BigInt((per as number | undefined) ?? 1)];
    if (of !== undefined) {
      if (asked.amount === undefined) return 'value';
      if (asked.amount <= 0) return 'none';
      over *= BigInt(asked.amount);
    }
    if (multiplied !== false)
      for (const percent of percents) [over, under] = [over * BigInt(percent), under * 100n];
    return rounded(over, under, rule['rounding']) || 'none';
  }

  /** How much of a task is done in a window. `after`: with so much of an event given back. */
  #done(owner: string, task: string, window: string, of?: Happened, after?: number[]): number {
    let sum = 0;
    for (const one of this.#of(owner)) {
      const [gone, all] = unitsOf(one, one === of ? after : undefined);
      for (const { add, ...counted } of one.counted)
        if (counted.task === task && counted.window === window && !isForgotten(one))
          sum += add - Math.floor((add * gone) / all);
    }
    return sum;
  }

  #tasks(
    { owner, type, amount }: SaidEvent,
    at: number,
    told: string[],
    pay: Pay,
    alone: (task: string) => void,
    refuse: Refuse,
  ): Pick<Happened, 'counted' | 'days' | 'badges'> & { readonly completed: [string, number][] } {
    const counted: Counted[] = [];
    const days: { task: string; day: number }[] = [];
    const completed: [string, number][] = [];
    const badges: Badge[] = [];
    const before = this.#of(owner);
    for (const [key, task] of [...this.defined.task].sort()) {
      if (task['event'] !== type) continue;
      const all = (points: number) => ({ base: points, most: points });
      if (task['steps'] !== undefined) {
        const had = new Set(daysLeft(before, key));
        const day = dayOf(at);
        if (had.has(day)) {
          refuse(key, 'done');
          continue;
        }
        let row = 1;
        while (had.has(day - row)) row++;
        days.push({ task: key, day });
        told.push(`day ${row}`);
        const step = (task['steps'] as [number, number][]).findLast(([from]) => from <= row)!;
        pay(key, all(step[1]), `day ${day}`, task);
        continue;
      }
      const [span, need] = [(task['span'] as string) ?? 'day', (task['need'] as number) ?? 1];
      const window = windowOf(span, at);
      const own = `${owner} ${key} ${window}`;
      const legs = before.flatMap((one) => one.legs);
      const isPaid = (leg: Leg) => leg.by === key && leg.window === window && leftOf(leg) > 0;
      const add = task['of'] === undefined ? 1 : amount;
      const isOnce = need === 1;
      const had = before.flatMap((one) => one.badges.filter((badge) => badge.isOnce));
      const hasBadge = had.some((one) => one.task === key && one.window === window && !one.isGone);
      const isThere = legs.some((leg) => isPaid(leg) && this.#isAlone(leg));
      if (this.#rewards.has(own) || isThere || hasBadge) refuse(key, 'done');
      else if (add === undefined || add <= 0) refuse(key, 'value');
      else {
        const until = windowEnd(span, at) + LATE_MS;
        if (!isOnce) counted.push({ task: key, window, until, add });
        if (this.#done(owner, key, window) + add < need) refuse(key, 'more');
        else if (task['reward'] === undefined) {
          alone(key);
          badges.push({ task: key, window, isOnce, isGone: false });
          if (!isOnce) completed.push([own, need]);
        } else if (pay(key, all(task['reward'] as number), window, task) > 0 && !isOnce)
          completed.push([own, need]);
      }
    }
    return { counted, days, badges, completed };
  }

  /** Was a task's leg the reward of what one event does alone? */
  #isAlone(leg: Leg): boolean {
    const one = this.#happened.find(({ legs }) => legs.includes(leg))!;
    return !one.counted.some(({ task, window }) => task === leg.by && window === leg.window);
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
    const { returns = 'within-balance', returnMs = RETURN_MS } = this.#programme;
    if (time >= one.at + (returnMs as number)) return 'RETURN_TOO_LATE';
    if (part?.line !== undefined && !one.isByLine) return 'RETURN_INVALID';
    if (part !== undefined && part.line === undefined && (one.isByLine || !one.hasUnits))
      return 'RETURN_INVALID';
    const isAll = (units: readonly number[]): boolean =>
      units.every((had, i) => had === lines[i]!.amount);
    const isUndone = legs.length > 0 ? isGone(one) : one.isUndone;
    if (one.isKnown ? isAll(given) : isUndone) return 'ALREADY_REVERSED';
    const asked = lines.map(({ line, amount }, i) => {
      const left = amount - given[i]!;
      if (part === undefined) return left;
      return line === (part.line ?? '*') ? (part.amount ?? left) : 0;
    });
    const units = sumOf(asked);
    if (units === 0 || asked.some((now, i) => now > lines[i]!.amount - given[i]!))
      return 'RETURN_INVALID';
    const after = given.map((had, i) => had + asked[i]!);
    const { stays, falls, others } = this.#rewardsOf(one, time, after);
    const [gone, all] = unitsOf(one, after);
    const backs = legs.map((leg) => {
      const isLost = falls.has(leg.by) || (gone === all && !stays.has(leg.by));
      const should = leg.isOfTask ? (isLost ? leg.amount : 0) : goneOf(leg, lines, after);
      const most = returns === 'only-pending' && !isPending(leg, time) ? 0 : leg.amount;
      return Math.max(0, Math.min(should - leg.back, most));
    });
    const back = sumOf(backs);
    const owes = sumOf(backs.filter((_, i) => !isPending(legs[i]!, time)));
    const more = sumOf(
      others.map(({ leg }) => (leg === undefined || isPending(leg, time) ? 0 : leftOf(leg))),
    );
    const isShort = owes + more > this.available(owner, time) && owes + more > 0;
    if (returns === 'within-balance' && isShort) return 'POINTS_SHORT';
    const isMoved = back > 0 || (legs.length === 0 && isAll(after) && !one.isUndone);
    const take = (): void => {
      for (const [i, leg] of legs.entries()) leg.back += backs[i]!;
      one.isUndone ||= legs.length === 0 && isAll(after);
    };
    const changes = this.#takingBack(one, back, time, take);
    this.#badgesGo(one, falls, isAll(after));
    for (const [i, had] of after.entries()) given[i] = had;
    one.isKnown = !(isAll(after) && isGone(one));
    this.#forget(one);
    const told = [...(isMoved ? [`back ${back}`] : []), ...changes];
    return [...told, ...this.#reopen(others, time, returns), `returned ${units}`].join(', ');
  }

  /** Of the tasks that an event counted for, when so much of it is given back: what happens to their rewards. */
  #rewardsOf(one: Happened, time: number, after: number[] | undefined) {
    const [stays, falls] = [new Set<string>(), new Set<string>()];
    const others: { key: string; task: string; one: Happened; leg: Leg | undefined }[] = [];
    for (const { task, window, until } of one.counted) {
      const key = `${one.owner} ${task} ${window}`;
      const reward = this.#rewards.get(key);
      if (reward === undefined || time >= until) continue;
      const isEnough = this.#done(one.owner, task, window, one, after) >= reward.need;
      if (reward.one === one) {
        (isEnough ? stays : falls).add(task);
      } else if (!isEnough && this.#isTaken(reward.one, task, time))
        others.push({
          key,
          task,
          one: reward.one,
          leg: reward.one.legs.find(({ by }) => by === task),
        });
    }
    return { stays, falls, others };
  }

  /** Of an event, those of tasks that need more; with all of it, those that it had brought alone. */
  #badgesGo({ owner, badges }: Happened, falls: ReadonlySet<string>, isAll: boolean): void {
    for (const badge of badges) {
      if (badge.isOnce ? !isAll : !falls.has(badge.task)) continue;
      badge.isGone = true;
      if (!badge.isOnce) this.#rewards.delete(`${owner} ${badge.task} ${badge.window}`);
    }
  }

  /** That it has completed tasks whose rewards have gone. */
  #forget(one: Happened): void {
    for (const [key, reward] of this.#rewards) {
      const own = reward.one === one && one.legs.find(({ by }) => by === key.split(' ')[1]);
      if (own && leftOf(own) === 0) this.#rewards.delete(key);
    }
  }

  /** What is left to the member cannot be earned again. */
  #isTaken({ legs }: Happened, task: string, time: number): boolean {
    const leg = legs.find(({ by }) => by === task);
    return (
      leg === undefined || this.#programme['returns'] !== 'only-pending' || isPending(leg, time)
    );
  }

  #reopen(
    others: readonly { key: string; task: string; one: Happened; leg: Leg | undefined }[],
    time: number,
    returns: unknown,
  ): string[] {
    for (const { key, task, one, leg } of others) {
      this.#rewards.delete(key);
      if (leg === undefined) {
        const had = one.badges.find((badge) => badge.task === task);
        if (had !== undefined) had.isGone = true;
        continue;
      }
      leg.hasBadge = false;
      let amount = leftOf(leg);
      if (!isPending(leg, time) && returns === 'within-balance')
        amount = Math.min(amount, Math.max(0, this.available(one.owner, time)));
      this.#takingBack(one, amount, time, () => (leg.back += amount));
      one.isKnown ||= amount > 0 && isGone(one);
    }
    return others.map(() => 'reopenTask');
  }

  /** Where it counted for tiers, they change with it. */
  #takingBack(one: Happened, back: number, time: number, take: () => void): readonly string[] {
    if (back > 0 && one.period !== undefined) return this.#changing(one.owner, time, take);
    take();
    return NO_CHANGE;
  }

  reverse(owner: string, id: string, time: number): string {
    const one = this.#of(owner).find((happened) => happened.id === id);
    if (one === undefined) return 'TRANSFER_NOT_FOUND';
    const { legs } = one;
    const back = sumOf(legs.map(leftOf));
    if (one.isUndone || (legs.length > 0 && back === 0)) return 'ALREADY_REVERSED';
    const owes = sumOf(legs.map((leg) => (isPending(leg, time) ? 0 : leftOf(leg))));
    if (owes > 0 && owes > this.available(owner, time)) return 'POINTS_SHORT';
    const all = one.lines.map(({ amount }) => amount);
    const { returns = 'within-balance', returnMs = RETURN_MS } = this.#programme;
    one.isLate = time >= one.at + (returnMs as number);
    const { others, falls } = one.isLate
      ? { others: [], falls: new Set<string>() }
      : this.#rewardsOf(one, time, all);
    const isNew = !one.isLate && sumOf(one.given) < sumOf(all);
    this.#badgesGo(one, falls, isNew);
    const take = (): void => {
      for (const leg of legs) leg.back = leg.amount;
      one.isUndone = true;
    };
    const changes = this.#takingBack(one, back, time, take);
    one.isKnown = false;
    this.#forget(one);
    return [`back ${back}`, ...changes, ...this.#reopen(others, time, returns)].join(', ');
  }

  badges = (owner: string): string => badgesIn(this.#of(owner));

  confirm(owner: string, id: string, time: number): string {
    const one = this.#of(owner).find((happened) => happened.id === id);
    if (one === undefined) return 'TRANSFER_NOT_FOUND';
    const open = one.legs.filter((leg) => isPending(leg, time) && leftOf(leg) > 0);
    for (const leg of open) leg.pending = undefined;
    return open.length > 0 ? 'ok' : 'NOT_PENDING';
  }
}
