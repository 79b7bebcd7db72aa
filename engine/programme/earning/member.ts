// A member of a programme: what counts for tiers, which tier that is. Owns: the record, and what follows from it.
//   earning.M1. The tier follows from what was earned by period, and a grant: whenever it is worked out, it is the same one.
//   earning.M2. Of a time in the past, the tier is the one that was had then; what is told later does not change it.

import type { TypeOf } from '../../protocol/fields.js';
import type { Json, Reads, RecordDelta } from '../act.js';
import {
  type programme as programmeKind,
  tier as tierKind,
  type Versioned,
} from '../definitions/index.js';
import { monthAt } from './windows.js';

/** The type of the record, whose key is the programme's. */
const MEMBER = 'member';
/** Changes of tier that are kept: late events are multiplied by the tier of their time. */
const HISTORY_MAX = 16;
const MONTHS = 12;

export type Programme = Versioned<TypeOf<typeof programmeKind.decides>>;
export type Tier = Versioned<TypeOf<typeof tierKind.decides>>;

/** As it is stored. */
export interface Member {
  readonly [name: string]: Json | undefined;
  /** When the first event was reported, or the first code asked for. */
  readonly since?: number;
  /** (period, minor units): 0 for ever; a year; a month counted from year 0 on. The newest last. */
  readonly earned: readonly (readonly [period: number, amount: number])[];
  /** (from when on, tier): the newest last. */
  readonly tiers: readonly (readonly [from: number, tier: string])[];
  /** A tier by hand, and until when; null: for ever. */
  readonly granted?: { readonly tier: string; readonly until: number | null };
  readonly profile?: { readonly [name: string]: Json };
}

const NOBODY: Member = { earned: [], tiers: [] };

export const memberIn = (see: Reads, programme: string): Member =>
  see.record<Member & Json>(MEMBER, programme) ?? NOBODY;

export const memberRecord = (programme: string, member: Member): RecordDelta => ({
  type: MEMBER,
  key: programme,
  value: member as Json,
});

/** The tiers of a programme, lowest first. */
export const tiersIn = (see: Reads, programme: string): readonly Tier[] =>
  [...see.definitions(tierKind, programme)].sort((a, b) => a.document.from - b.document.from);

/** The period that a time is in. */
export function periodAt({ document, zoneOffsets = [0, 0] }: Programme, time: number): number {
  const { tierPeriod = 'lifetime' } = document;
  if (tierPeriod === 'lifetime') return 0;
  const month = monthAt(time, zoneOffsets);
  return tierPeriod === 'year' ? Math.floor(month / MONTHS) : month;
}

/** How many periods what was earned in one counts for. */
const reachOf = ({ document: { tierPeriod } }: Programme): number =>
  tierPeriod === 'rolling' ? MONTHS : 1;

/** What counts for tiers in a period. */
export function progressIn({ earned }: Member, programme: Programme, period: number): number {
  const first = period - reachOf(programme);
  let sum = 0;
  for (const [of, amount] of earned) if (of > first && of <= period) sum += amount;
  return Math.max(0, sum);
}

/** The highest tier that so much is enough for, as its place; -1: none. */
function placeFor(tiers: readonly Tier[], progress: number): number {
  let place = -1;
  for (let i = 0; i < tiers.length; i++)
    if ((tiers[i] as Tier).document.from <= progress) place = i;
  return place;
}

const placeOf = (tiers: readonly Tier[], key: string | undefined): number =>
  key === undefined ? -1 : tiers.findIndex((one) => one.key === key);

/** The tier at a time, as its place among them; -1: none. */
export function tierPlace(
  member: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): number {
  const now = periodAt(programme, time);
  const { downgrade = 'one', tierPeriod = 'lifetime' } = programme.document;
  let place = placeFor(tiers, progressIn(member, programme, now));
  if (tierPeriod !== 'lifetime') {
    // From the last period in which a tier was had: one step down in each one that has begun since, at most.
    const last = member.tiers.at(-1);
    if (last !== undefined) {
      let kept = placeOf(tiers, last[1]);
      let period = periodAt(programme, last[0]);
      for (; period < now && kept >= 0; period++) {
        const earned = placeFor(tiers, progressIn(member, programme, period));
        kept = downgrade === 'one' ? Math.max(earned, kept - 1) : earned;
        if (earned < 0 && kept < 0) break;
      }
      place = Math.max(place, kept);
    }
  }
  const { granted } = member;
  if (granted !== undefined && (granted.until === null || time < granted.until))
    place = Math.max(place, placeOf(tiers, granted.tier));
  return place;
}

/** The tier that was had at a time in the past; undefined: none. */
export function tierBefore(member: Member, tiers: readonly Tier[], time: number): Tier | undefined {
  const had = member.tiers.findLast(([from]) => from <= time);
  const place = placeOf(tiers, had?.[1]);
  return tiers[place < 0 ? placeFor(tiers, 0) : place];
}

/** With so much more, or less, of a period. */
export function earning(member: Member, programme: Programme, period: number, add: number): Member {
  if (add === 0) return member;
  const had = member.earned.find(([of]) => of === period)?.[1] ?? 0;
  const others = member.earned.filter(([of]) => of !== period);
  const keep = reachOf(programme) + 1;
  const earned = [...others, [period, had + add] as const].sort(([a], [b]) => a - b).slice(-keep);
  return { ...member, earned };
}

/** The member with the tier of this time written down where it has changed, and which it is. */
export function settled(
  member: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): { readonly member: Member; readonly tier: string; readonly before: string } {
  const before = member.tiers.at(-1)?.[1] ?? tiers[placeFor(tiers, 0)]?.key ?? '';
  const tier = tiers[tierPlace(member, programme, tiers, time)]?.key ?? '';
  const isKnown = member.tiers.at(-1)?.[1] === tier;
  const wasKnown = member.tiers.length > 0 || tier === before;
  if (isKnown || (wasKnown && tier === before)) return { member, tier, before };
  const changes = [...member.tiers, [time, tier] as const].slice(-HISTORY_MAX);
  return { member: { ...member, tiers: changes }, tier, before };
}

/** What of the next tier is there. */
export interface Standing {
  readonly tier: string | null;
  readonly progress: number;
  readonly next: string | null;
  /** What is lacking for the next tier; 0: there is none. */
  readonly needed: number;
  /** Of what the next tier takes, rounded down, at most 100. */
  readonly percent: number;
}

export function standingOf(
  member: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): Standing {
  const progress = progressIn(member, programme, periodAt(programme, time));
  const place = tierPlace(member, programme, tiers, time);
  const next = tiers[place + 1];
  const tier = tiers[place]?.key ?? null;
  if (next === undefined) return { tier, progress, next: null, needed: 0, percent: 100 };
  const { from } = next.document;
  const needed = Math.max(0, from - progress);
  const percent = from === 0 ? 100 : Math.min(100, Math.floor((progress * 100) / from));
  return { tier, progress, next: next.key, needed, percent };
}
