// What the period cost by the log and in the other world, on one shard. Owns: the sums, by member in bounded memory. Never touches: decisions.
//   simulation.U1. Sums are of what was posted in the period. What returns take back is told by itself, and taken off what members got.
//   simulation.U2. A member's sums are on the member's own shard, whoever's event has paid.

import { dateOf } from '../ledger/calendar.js';
import type { Effect } from '../programme/act.js';
import { ISSUED } from '../programme/coupons/issue.js';
import { ScratchTable } from '../store/scratch-table.js';
import type {
  BeforeAfter,
  SimulatedGift,
  SimulatedMember,
  SimulatedProgramme,
  SimulatedSide,
} from './result.js';

/** Members that are named of winners and of losers. */
export const LARGEST_MAX = 20;
/** Members of whom memory holds the sums, twice so many: they come again in whatever order. */
const MEMBERS_KEPT = 131_072;

type Pair = [before: number, after: number];
/** What a member got, and the tier of the last event; '': none. */
type MemberSums = [before: number, after: number, tier: string];
const SOURCES = ['rule', 'task', 'referral'] as const;
type Source = (typeof SOURCES)[number];

/** A member's sums on their way to the member's shard. */
export type Elsewhere = readonly [programme: string, owner: string, before: number, after: number];

const told = ([before, after]: readonly number[]): BeforeAfter => ({
  before: before as number,
  after: after as number,
});

function pairOf<K>(map: Map<K, Pair>, key: K): Pair {
  let pair = map.get(key);
  if (pair === undefined) map.set(key, (pair = [0, 0]));
  return pair;
}

/** The least difference that is in the same place of the distribution: 0, 1, 10, 100 ..; below 0: -9, -99 .. */
export function overOf(difference: number): number {
  if (difference === 0) return 0;
  const digits = String(Math.abs(difference)).length;
  return difference > 0 ? 10 ** (digits - 1) : 1 - 10 ** digits;
}

/** Where 0 is before, 1 after. */
export type Side = 0 | 1;

class ProgrammeSums {
  events = 0;
  different = 0;
  readonly asset: string;
  readonly refused: Pair = [0, 0];
  readonly all: Pair = [0, 0];
  readonly back: Pair = [0, 0];
  /** By kind and key: a text of both would be put together for each event. */
  readonly sources: Readonly<Record<Source, Map<string, Pair>>> = {
    rule: new Map(),
    task: new Map(),
    referral: new Map(),
  };
  readonly gifts = new Map<string, Pair>();
  readonly tiers = new Map<string, Pair>();
  readonly days = new Map<number, Pair>();
  readonly budgets = new Map<string, Pair>();

  constructor(asset: string) {
    this.asset = asset;
  }
}

/** Of whom an event was, and when. */
export interface EventPlace {
  readonly programme: string;
  readonly asset: string;
  readonly owner: string;
  /** Key of a tier; '': none. */
  readonly tier: string;
  readonly day: number;
}

export class Sums {
  readonly #programmes = new Map<string, ProgrammeSums>();
  readonly #members: ScratchTable<MemberSums>;
  /** Of members who are perhaps of other shards: those of each are added up there. */
  readonly #elsewhere: ScratchTable<Pair>;
  #events = 0;

  constructor(path: (name: string) => string, kept?: number) {
    this.#members = new ScratchTable(path('members'), kept ?? MEMBERS_KEPT);
    this.#elsewhere = new ScratchTable(path('elsewhere'), kept);
  }

  get events(): number {
    return this.#events;
  }

  /** An event, and what it earns on each side; null: it is refused. */
  event(
    place: EventPlace,
    before: readonly Effect[] | null,
    after: readonly Effect[] | null,
    isDifferent: boolean,
  ): void {
    const sums = this.#of(place.programme, place.asset);
    this.#events++;
    sums.events++;
    if (isDifferent) sums.different++;
    if (before === null) sums.refused[0]++;
    if (after === null) sums.refused[1]++;
    const paid = this.#paid(sums, before, 0);
    const pays = this.#paid(sums, after, 1);
    add(sums.all, paid, pays);
    add(pairOf(sums.tiers, place.tier), paid, pays);
    add(pairOf(sums.days, place.day), paid, pays);
    this.#member(place.programme, place.owner, paid, pays, place.tier);
  }

  #paid(sums: ProgrammeSums, effects: readonly Effect[] | null, side: Side): number {
    let sum = 0;
    for (const { type, rule, task, amount, badge, coupon } of effects ?? []) {
      if (type === ISSUED) pairOf(sums.gifts, `coupon ${coupon as string}`)[side]++;
      if (type !== 'earn') continue;
      if (badge === true) pairOf(sums.gifts, `badge ${task as string}`)[side]++;
      sum += amount as number;
      const of = rule === undefined ? sums.sources.task : sums.sources.rule;
      pairOf(of, (rule ?? task) as string)[side] += amount as number;
    }
    return sum;
  }

  /** Out of a budget. */
  budget(programme: string, asset: string, pool: string, side: Side, amount: number): void {
    pairOf(this.#of(programme, asset).budgets, pool)[side] += amount;
  }

  /** What an event causes for somebody who has referred the member. */
  share(programme: string, asset: string, owner: string, side: Side, amount: number): void {
    const sums = this.#of(programme, asset);
    sums.all[side] += amount;
    pairOf(sums.sources.referral, programme)[side] += amount;
    const key = `${programme} ${owner}`;
    const pair = this.#elsewhere.get(key) ?? [0, 0];
    pair[side] += amount;
    this.#elsewhere.set(key, pair);
  }

  /** What is taken back of an event. */
  back(programme: string, asset: string, owner: string, before: number, after: number): void {
    add(this.#of(programme, asset).back, before, after);
    this.#member(programme, owner, -before, -after);
  }

  #of(programme: string, asset: string): ProgrammeSums {
    let sums = this.#programmes.get(programme);
    if (sums === undefined) this.#programmes.set(programme, (sums = new ProgrammeSums(asset)));
    return sums;
  }

  #member(programme: string, owner: string, before: number, after: number, tier?: string): void {
    const key = `${programme} ${owner}`;
    const sums = this.#members.get(key);
    if (sums === undefined) {
      this.#members.set(key, [before, after, tier ?? '']);
      return;
    }
    sums[0] += before;
    sums[1] += after;
    if (tier !== undefined) sums[2] = tier;
  }

  /** All that is to be added up on the members' own shards. */
  *elsewhere(): Generator<Elsewhere> {
    for (const [key, [before, after]] of this.#elsewhere.entries()) {
      const [programme = '', owner = ''] = key.split(' ');
      yield [programme, owner, before, after];
    }
  }

  add([programme, owner, before, after]: Elsewhere): void {
    this.#member(programme, owner, before, after);
  }

  /** All of it. */
  programmes(): SimulatedProgramme[] {
    const sides = new Map([...this.#programmes.keys()].map((key) => [key, new Sides()]));
    for (const [key, [before, after, tier]] of this.#members.entries()) {
      const [programme = '', owner = ''] = key.split(' ');
      sides.get(programme)?.add({ owner, before, after }, tier);
    }
    return [...this.#programmes].map(([programme, sums]) => {
      const side = sides.get(programme) as Sides;
      const tiers = new Set([...sums.tiers.keys(), ...side.tiers.keys()]);
      return {
        programme,
        asset: sums.asset,
        ...told(sums.all),
        events: sums.events,
        different: sums.different,
        refused: told(sums.refused),
        takenBack: told(sums.back),
        sources: SOURCES.flatMap((kind) =>
          [...sums.sources[kind]].map(([key, pair]) => ({ kind, key, ...told(pair) })),
        ),
        gifts: [...sums.gifts].map(([name, pair]) => {
          const [kind, key] = name.split(' ') as [SimulatedGift['kind'], string];
          return { kind, key, ...told(pair) };
        }),
        tiers: [...tiers].map((tier) => ({
          tier: tier === '' ? null : tier,
          ...told(sums.tiers.get(tier) ?? [0, 0]),
          ...(side.tiers.get(tier) ?? { winners: NOBODY, losers: NOBODY }),
        })),
        days: [...sums.days].map(([day, pair]) => ({ day: dayText(day), ...told(pair) })),
        budgets: [...sums.budgets].map(([owner, pair]) => ({ owner, ...told(pair) })),
        members: side.members,
        winners: { ...side.all.winners, largest: side.largest[0] },
        losers: { ...side.all.losers, largest: side.largest[1] },
        distribution: [...side.overs].map(([over, members]) => ({ over, members })),
      };
    });
  }

  async close(): Promise<void> {
    await this.#members.close();
    await this.#elsewhere.close();
  }
}

function add(pair: Pair, before: number, after: number): void {
  pair[0] += before;
  pair[1] += after;
}

const NOBODY: SimulatedSide = { members: 0, sum: 0 };
type BothSides = { winners: SimulatedSide; losers: SimulatedSide };

const plus = ({ members, sum }: SimulatedSide, difference: number): SimulatedSide => ({
  members: members + 1,
  sum: sum + difference,
});

/** Who comes off better and worse. */
class Sides {
  members = 0;
  readonly all: BothSides = { winners: NOBODY, losers: NOBODY };
  readonly tiers = new Map<string, BothSides>();
  readonly largest: [SimulatedMember[], SimulatedMember[]] = [[], []];
  readonly overs = new Map<number, number>();

  add(member: SimulatedMember, tier: string): void {
    this.members++;
    const difference = member.after - member.before;
    const over = overOf(difference);
    this.overs.set(over, (this.overs.get(over) ?? 0) + 1);
    if (difference === 0) return;
    let ofTier = this.tiers.get(tier);
    if (ofTier === undefined) this.tiers.set(tier, (ofTier = { winners: NOBODY, losers: NOBODY }));
    const side = difference > 0 ? 'winners' : 'losers';
    this.all[side] = plus(this.all[side], difference);
    ofTier[side] = plus(ofTier[side], difference);
    keepLargest(this.largest[difference > 0 ? 0 : 1], member);
  }
}

const sizeOf = ({ before, after }: SimulatedMember): number => Math.abs(after - before);

/** The largest first; those that are alike by owner. */
const byLargest = (a: SimulatedMember, b: SimulatedMember): number =>
  sizeOf(b) - sizeOf(a) || (a.owner < b.owner ? -1 : 1);

function keepLargest(largest: SimulatedMember[], member: SimulatedMember): void {
  const last = largest[LARGEST_MAX - 1];
  if (last !== undefined && byLargest(last, member) < 0) return;
  largest.push(member);
  largest.sort(byLargest).splice(LARGEST_MAX);
}

function dayText(day: number): string {
  const { year, month, day: ofMonth } = dateOf(day);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(ofMonth)}`;
}

const both = (a: BeforeAfter, b: BeforeAfter): BeforeAfter => ({
  before: a.before + b.before,
  after: a.after + b.after,
});
const bothSides = (a: SimulatedSide, b: SimulatedSide): SimulatedSide => ({
  members: a.members + b.members,
  sum: a.sum + b.sum,
});

/** Lists of two shards, with those of the same name put together; sorted by name. */
function merged<T>(
  lists: readonly (readonly T[])[],
  name: (one: T) => string | number,
  together: (a: T, b: T) => T,
): T[] {
  const all = new Map<string | number, T>();
  for (const one of lists.flat()) {
    const known = all.get(name(one));
    all.set(name(one), known === undefined ? one : together(known, one));
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const sideOf = (
  a: SimulatedProgramme['winners'],
  b: SimulatedProgramme['winners'],
): SimulatedProgramme['winners'] => ({
  ...bothSides(a, b),
  largest: [...a.largest, ...b.largest].sort(byLargest).slice(0, LARGEST_MAX),
});

/** What shards tell, put together. */
export const togetherOf = (
  shards: readonly (readonly SimulatedProgramme[])[],
): SimulatedProgramme[] =>
  merged(
    shards.map((programmes) => programmes.map(sorted)),
    ({ programme }) => programme,
    (a, b) =>
      sorted({
        ...a,
        ...both(a, b),
        events: a.events + b.events,
        different: a.different + b.different,
        refused: both(a.refused, b.refused),
        takenBack: both(a.takenBack, b.takenBack),
        sources: [...a.sources, ...b.sources],
        gifts: [...a.gifts, ...b.gifts],
        tiers: [...a.tiers, ...b.tiers],
        days: [...a.days, ...b.days],
        budgets: [...a.budgets, ...b.budgets],
        members: a.members + b.members,
        winners: sideOf(a.winners, b.winners),
        losers: sideOf(a.losers, b.losers),
        distribution: [...a.distribution, ...b.distribution],
      }),
  );

/** Each of its lists sorted, with what has the same name put together. */
const sorted = (one: SimulatedProgramme): SimulatedProgramme => ({
  ...one,
  sources: merged(
    [one.sources],
    ({ kind, key }) => `${kind} ${key}`,
    (a, b) => ({ ...a, ...both(a, b) }),
  ),
  gifts: merged(
    [one.gifts],
    ({ kind, key }) => `${kind} ${key}`,
    (a, b) => ({ ...a, ...both(a, b) }),
  ),
  tiers: merged(
    [one.tiers],
    ({ tier }) => tier ?? '',
    (a, b) => ({
      tier: a.tier,
      ...both(a, b),
      winners: bothSides(a.winners, b.winners),
      losers: bothSides(a.losers, b.losers),
    }),
  ),
  days: merged(
    [one.days],
    ({ day }) => day,
    (a, b) => ({ ...a, ...both(a, b) }),
  ),
  budgets: merged(
    [one.budgets],
    ({ owner }) => owner,
    (a, b) => ({ ...a, ...both(a, b) }),
  ),
  distribution: merged(
    [one.distribution],
    ({ over }) => over,
    (a, b) => ({ over: a.over, members: a.members + b.members }),
  ),
});
