// A member of a programme: what counts for tiers, which tier that is. Owns: the record, and what follows from it.
//   earning.M1. The tier follows from what was earned by period, and a grant: whenever it is worked out, it is the same one.
//   earning.M2. Of a time in the past, the tier is the one that was had then; what is told later does not change it.
//   earning.M3. What was earned in a period is kept as long as a late event or a return within a year may change it; a tier that an older
//   period gave is kept as `base`.

import type { TypeOf } from '../../protocol/fields.js';
import { isSealed } from '../../protocol/personal-fields.js';
import type { Carried, Effect, Joining, Json, Reads, RecordDelta } from '../act.js';
import {
  programme as programmeKind,
  tier as tierKind,
  type Versioned,
} from '../definitions/index.js';
import { isSameRecord, recordType } from '../record-type.js';
import { apart, type Referred, referred, referredIn } from './referral.js';
import { sortedOnce } from './sorted.js';
import { anniversaryAt, monthAt, startOfAnniversary, startOfMonth } from './windows.js';

/** The types of the records, whose keys are the programme's. */
export const MEMBER = recordType('member', {
  of: 'member',
  blocks: (value) => isOfPlatform(value),
  carry: { add: joinMember, back: partMember },
});
const PROFILE = recordType('profile', {
  of: 'member',
  carry: { add: joinProfile, back: partProfile },
});
/** Changes of tier that are kept: late events are multiplied by the tier of their time. */
const HISTORY_MAX = 8;
const MONTHS = 12;
/** Months are counted from year 0 on, years as they are called, years of membership from here on: a period above the first of these is a month. */
const [YEAR_MAX, ANNIVERSARY] = [9_999, 1_000_000] as const;
/** Beginnings of periods at which a tier may have ended by itself, and late events still come: 92 days touch four months. */
const BEGINNINGS_MAX = 4;

export type Programme = Versioned<TypeOf<typeof programmeKind.decides>>;
/** How a programme lets members down. */
type Stepping = { readonly document: Pick<Programme['document'], 'downgrade'> };
export type Tier = Versioned<TypeOf<typeof tierKind.decides>>;
export type Profile = Readonly<Record<string, Json>>;

/** As it is stored. */
export interface Member {
  readonly [name: string]: Json | undefined;
  /** When the first event was reported, or the first code asked for. */
  readonly since?: number;
  /** (period, minor units): 0 for ever; a year; a month counted from year 0 on; a year of membership. The newest last. */
  readonly earned: readonly (readonly [period: number, amount: number])[];
  /** (from when on, tier): the newest last. */
  readonly tiers: readonly (readonly [from: number, tier: string])[];
  /** The tier that was kept from earlier periods when this one began. */
  readonly base?: readonly [period: number, tier: string];
  /** A tier by hand, and until when; null: for ever. */
  readonly granted?: { readonly tier: string; readonly until: number | null };
}

const NOBODY: Member = { earned: [], tiers: [] };

/** Earlier releases kept under the same type of which platform an owner is a user (coalition/members.ts). */
export const isOfPlatform = (kept: Json | undefined): kept is readonly string[] =>
  Array.isArray(kept);

export function memberIn(see: Reads, programme: string): Member {
  const kept = see.record<Member & Json>(MEMBER, programme);
  return kept === undefined || isOfPlatform(kept) ? NOBODY : kept;
}

export const memberRecord = (programme: string, member: Member): RecordDelta => ({
  type: MEMBER,
  key: programme,
  value: member as Json,
});

/**
 * A member with other figures, its fields in the order that they have. Nearly all have no others than these: what is spread gets a hidden class of
 * its own each time, which every look at it pays for.
 */
function memberOf(
  member: Member,
  earned: Member['earned'],
  tiers: Member['tiers'],
  since: number | undefined,
): Member {
  if (member.base === undefined && member.granted === undefined)
    return since === undefined ? { earned, tiers } : { earned, tiers, since };
  const more = since === undefined ? undefined : { since };
  return { ...member, earned, tiers, ...more };
}

/** The same, or with this time as when it became a member. */
export const joined = (member: Member, time: number): Member =>
  member.since === undefined ? memberOf(member, member.earned, member.tiers, time) : member;

/** What is known of a member: a record of its own, so that an event does not write it again. */
export const profileIn = (see: Reads, programme: string): Profile =>
  see.record<Profile & Json>(PROFILE, programme) ?? {};

export const profileRecord = (programme: string, profile: Profile): RecordDelta => ({
  type: PROFILE,
  key: programme,
  value: Object.keys(profile).length === 0 ? null : profile,
});

/** The tiers of a programme, lowest first. */
export const tiersIn = (see: Reads, programme: string): readonly Tier[] =>
  lowestFirst(see.definitions(tierKind, programme));

const lowestFirst = sortedOnce<Tier>((one) => one.document.from);

/** The period that a time is in. Who is no member yet becomes one `now`. */
export function periodAt(
  { since }: Pick<Member, 'since'>,
  { document, zoneOffsets = [0, 0] }: Programme,
  time: number,
  now = time,
): number {
  const { tierPeriod = 'lifetime' } = document;
  if (tierPeriod === 'lifetime') return 0;
  if (tierPeriod === 'anniversary')
    return ANNIVERSARY + anniversaryAt(since ?? now, time, zoneOffsets);
  const month = monthAt(time, zoneOffsets);
  return tierPeriod === 'year' ? Math.floor(month / MONTHS) : month;
}

/** When a period begins. */
function startOf(
  since: number,
  { zoneOffsets = [0, 0] }: Pick<Programme, 'zoneOffsets'>,
  period: number,
): number {
  if (period >= ANNIVERSARY) return startOfAnniversary(since, period - ANNIVERSARY, zoneOffsets);
  return startOfMonth(period > YEAR_MAX ? period : period * MONTHS, zoneOffsets);
}

/** Of these periods: for ever, years, months, or years of membership? */
const unitOf = (period: number): 'ever' | 'year' | 'month' | 'anniversary' => {
  if (period === 0) return 'ever';
  if (period >= ANNIVERSARY) return 'anniversary';
  return period > YEAR_MAX ? 'month' : 'year';
};
/** How many periods what was earned in one counts for, and how many are kept. */
const REACH = { ever: 1, year: 1, month: MONTHS, anniversary: 1 } as const;
const KEPT = { ever: 1, year: 3, month: 2 * MONTHS + 1, anniversary: 3 } as const;

/** What counts for tiers in a period. */
export function progressIn({ earned }: Member, period: number): number {
  const first = period - REACH[unitOf(period)];
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

/** The tier that earlier periods leave a member when this one begins, as its place: one step down a period, or to what was earned. */
function keptAt(
  member: Member,
  { document: { downgrade = 'one' } }: Stepping,
  tiers: readonly Tier[],
  period: number,
): number {
  const unit = unitOf(period);
  if (unit === 'ever') return -1;
  const { base } = member;
  const isBased = base !== undefined && unitOf(base[0]) === unit;
  let kept = isBased ? placeOf(tiers, base[1]) : -1;
  const first = isBased ? base[0] : member.earned.find(([of]) => unitOf(of) === unit)?.[0];
  for (let of = first ?? period; of < period; of++) {
    const earned = placeFor(tiers, progressIn(member, of));
    kept = downgrade === 'one' ? Math.max(earned, kept - 1) : earned;
  }
  return kept;
}

/** The tier at a time, as its place among them; -1: none. */
export function tierPlace(
  member: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): number {
  const period = periodAt(member, programme, time);
  const { granted } = member;
  const isGranted = granted !== undefined && (granted.until === null || time < granted.until);
  return Math.max(
    placeFor(tiers, progressIn(member, period)),
    keptAt(member, programme, tiers, period),
    isGranted ? placeOf(tiers, granted.tier) : -1,
  );
}

/** The tier that is, or was, had at a time. */
export function tierAt(
  member: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): Tier | undefined {
  const last = member.tiers.at(-1);
  if (last === undefined || time >= last[0])
    return tiers[tierPlace(member, programme, tiers, time)];
  const place = placeOf(tiers, member.tiers.findLast(([from]) => from <= time)?.[1]);
  return tiers[place < 0 ? placeFor(tiers, 0) : place];
}

/** With so much more, or less, of a period. What is too old to be changed is not. */
export function earning(
  member: Member,
  programme: Stepping,
  tiers: readonly Tier[],
  period: number,
  add: number,
): Member {
  if (add === 0) return member;
  // The usual case: nothing was earned but in this period.
  const [first] = member.earned;
  if (member.earned.length < 2 && (first === undefined || first[0] === period))
    return memberOf(member, [[period, (first?.[1] ?? 0) + add]], member.tiers, member.since);
  const unit = unitOf(period);
  const own = member.earned.filter(([of]) => unitOf(of) === unit);
  const newest = Math.max(period, own.at(-1)?.[0] ?? period);
  const oldest = newest - KEPT[unit] + 1;
  if (period < oldest) return member;
  const had = own.find(([of]) => of === period)?.[1] ?? 0;
  const kept = member.earned.filter(
    ([of]) => of !== period && (unitOf(of) !== unit || of >= oldest),
  );
  const earned = [...kept, [period, had + add] as const].sort(([a], [b]) => a - b);
  if (own.length === 0 || (own[0]?.[0] as number) >= oldest)
    return memberOf(member, earned, member.tiers, member.since);
  const begin = oldest + REACH[unit] - 1;
  const tier = tiers[keptAt(member, programme, tiers, begin)]?.key ?? '';
  return { ...member, earned, base: [begin, tier] };
}

/** When since then a tier may have ended by itself: a grant has, or a period has begun. */
function endingsOf(
  member: Member,
  programme: Programme,
  from: number,
  time: number,
): readonly number[] {
  const found: number[] = [];
  const { granted, since = time } = member;
  const until = granted?.until ?? null;
  if (until !== null && until > from && until < time) found.push(until);
  const now = periodAt({ since }, programme, time);
  const first = Math.max(periodAt({ since }, programme, from) + 1, now - BEGINNINGS_MAX + 1);
  for (let period = first; period <= now; period++) found.push(startOf(since, programme, period));
  return found.sort((a, b) => a - b);
}

/** Of a programme that is retired: nothing decides which tier that is, until it decides again. */
export const RETIRED: Stepping = { document: {} };

/** The member with each change of tier up to this time written down, and what is told of them. `before`: what it was until now. */
export function settled(
  before: Member,
  after: Member,
  programme: Programme,
  tiers: readonly Tier[],
  time: number,
): { readonly member: Member; readonly effects: readonly Effect[] } {
  const keyAt = (member: Member, at: number): string =>
    tiers[tierPlace(member, programme, tiers, at)]?.key ?? '';
  const last = before.tiers.at(-1);
  let tier = last?.[1] ?? tiers[placeFor(tiers, 0)]?.key ?? '';
  const changes: (readonly [number, string])[] = [];
  const effects: Effect[] = [];
  const change = (at: number, to: string): void => {
    if (to === tier) return;
    changes.push([at, to]);
    effects.push({ type: 'tierChanged', from: tier, to, at });
    tier = to;
  };
  if (last !== undefined)
    for (const at of endingsOf(before, programme, last[0], time)) change(at, keyAt(before, at));
  change(time, keyAt(after, time));
  if (changes.length === 0) return { member: after, effects };
  const all = [...before.tiers, ...changes].slice(-HISTORY_MAX);
  return { member: memberOf(after, after.earned, all, after.since), effects };
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
  const progress = progressIn(member, periodAt(member, programme, time));
  const place = tierPlace(member, programme, tiers, time);
  const next = tiers[place + 1];
  const tier = tiers[place]?.key ?? null;
  if (next === undefined) return { tier, progress, next: null, needed: 0, percent: 100 };
  const { from } = next.document;
  const needed = Math.max(0, from - progress);
  const percent = from === 0 ? 100 : Math.min(100, Math.floor((progress * 100) / from));
  return { tier, progress, next: next.key, needed, percent };
}

/** What a merge has added to a member. */
interface Joined {
  readonly [name: string]: Json | undefined;
  /** Of which periods how much. */
  readonly earned: Member['earned'];
  /** When it became a member by it. */
  readonly since?: number;
  /** What was kept of earlier periods, and the tier by hand: before and since. */
  readonly base?: Changed;
  readonly granted?: Changed;
  /** By whom it was referred, before and since, where that is the same person now. */
  readonly referred?: Changed;
}
type Changed = readonly [before: Json, since: Json];

/** Of a year of membership: the one of the other member in which it began; any other period is the same for all. */
function sameTime(
  period: number,
  { since: theirs }: Member,
  { since: own }: Member,
  programme: Programme | undefined,
): number {
  if (period < ANNIVERSARY || programme === undefined) return period;
  if (theirs === undefined || own === undefined) return period;
  const at = startOf(theirs, programme, period);
  return ANNIVERSARY + Math.max(0, anniversaryAt(own, at, programme.zoneOffsets ?? [0, 0]));
}

/** What another member has earned counts for this one's tiers, from then on and of the periods that it was earned in. */
function joinMember(
  see: Reads,
  key: string,
  value: Json,
  { from, time }: Joining,
): Carried | undefined {
  const of = see.definition(programmeKind, key);
  const tiers = tiersIn(see, key);
  const [before, them] = [memberIn(see, key), value as unknown as Member];
  const earned = them.earned.map(
    ([period, add]) => [sameTime(period, them, before, of), add] as const,
  );
  let after = earned.reduce(
    (member, [period, add]) => earning(member, of ?? RETIRED, tiers, period, add),
    before,
  );
  let delta: Joined = { earned };
  if (before.since === undefined && them.since !== undefined) {
    after = { ...after, since: them.since };
    delta = { ...delta, since: them.since };
  }
  const place = (tier: string | undefined): number => placeOf(tiers, tier);
  if (them.base !== undefined && place(them.base[1]) > place(after.base?.[1])) {
    const base = [Math.max(them.base[0], after.base?.[0] ?? 0), them.base[1]] as const;
    delta = { ...delta, base: [after.base ?? null, base] };
    after = { ...after, base };
  }
  const isOn = them.granted !== undefined && (them.granted.until ?? time + 1) > time;
  if (isOn && place(them.granted?.tier) > place(before.granted?.tier)) {
    const granted = { tier: them.granted?.tier ?? '', until: them.granted?.until ?? null };
    delta = { ...delta, granted: [before.granted ?? null, granted] };
    after = { ...after, granted };
  }
  const records: RecordDelta[] = [];
  const by = referredIn(see, key);
  const ended = by && apart(by, from, time);
  if (by !== undefined && ended !== undefined) {
    records.push(referred(key, ended));
    delta = { ...delta, referred: [by as unknown as Json, ended as unknown as Json] };
  }
  const now =
    of === undefined ? { member: after, effects: [] } : settled(before, after, of, tiers, time);
  records.push(memberRecord(key, now.member));
  return { records, effects: now.effects, delta: delta as Json };
}

/** What came from another member does not count any more. */
function partMember(
  see: Reads,
  key: string,
  delta: Json,
  { time }: Joining,
): Omit<Carried, 'delta'> {
  const of = see.definition(programmeKind, key);
  const tiers = tiersIn(see, key);
  const added = delta as unknown as Joined;
  const before = memberIn(see, key);
  let after = added.earned.reduce(
    (member, [period, add]) => earning(member, of ?? RETIRED, tiers, period, -add),
    before,
  );
  after = { ...after, earned: after.earned.filter(([, amount]) => amount !== 0) };
  const { base, granted, since, ...rest } = after;
  const had = (is: Json | undefined, changed: Changed | undefined): Json | undefined =>
    changed === undefined || !isSameRecord(is, changed[1]) ? is : (changed[0] ?? undefined);
  const isNobody = since === added.since && after.earned.length === 0;
  const kept = {
    base: had(base as Json | undefined, added.base),
    granted: had(granted, added.granted),
    since: isNobody ? undefined : since,
  };
  const left = Object.entries(kept).filter(([, value]) => value !== undefined);
  const member = { ...rest, ...Object.fromEntries(left) } as Member;
  const now = of === undefined ? { member, effects: [] } : settled(before, member, of, tiers, time);
  const records = [memberRecord(key, now.member)];
  const { referred: changed } = added;
  const isApart =
    changed !== undefined && isSameRecord(referredIn(see, key) as unknown as Json, changed[1]);
  if (isApart) records.push(referred(key, changed[0] as unknown as Referred));
  return { records, effects: now.effects };
}

/** What is known of another member, and not of this one; what is sealed to that one would open for nobody here. */
function joinProfile(see: Reads, key: string, value: Json): Carried | undefined {
  const own = profileIn(see, key);
  const more = Object.entries(value as Profile).filter(
    ([name, known]) => !Object.hasOwn(own, name) && !isSealed(known),
  );
  if (more.length === 0) return undefined;
  const delta = Object.fromEntries(more);
  return { records: [profileRecord(key, { ...own, ...delta })], delta };
}

function partProfile(see: Reads, key: string, delta: Json): Omit<Carried, 'delta'> {
  const added = delta as Profile;
  const left = Object.entries(profileIn(see, key)).filter(
    ([name, value]) => !Object.hasOwn(added, name) || !isSameRecord(value, added[name]),
  );
  return { records: [profileRecord(key, Object.fromEntries(left))] };
}
