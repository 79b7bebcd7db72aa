// An event whose rule, task or shares were repaired: what it should have earned, by a correction; and what of that goes back when it is returned.
// Owns: the record of it, and how an event and its correction go together. Never touches: which rule was wrong, who has referred the member.
//   earning.O1. What an event and its correction have come to together is what the event should have earned, less what of that is given back.
//   earning.O2. A return takes back of both so much that O1 holds on; with all of the event, all of both.

import type { CounterAdd, Effect, FollowUp, Json, PastAct, Reads, RecordDelta } from '../act.js';
import { recordType, STAYS } from '../record-type.js';
import { countedBack } from '../undone.js';
import { COUNTS, counterOf } from './counts.js';
import { shareOf } from './points.js';

export const [CORRECT, CORRECT_BACK] = ['correct-event', 'return-correction'] as const;
/** The record of a correction of an event, by the event's id as it is logged. */
const CORRECTED = recordType('corrected', STAYS);

/** What should have paid, how much, and who pays it. */
export type PayingKind = 'rule' | 'task';
export type RightPaid = readonly [
  kind: PayingKind,
  key: string,
  amount: number,
  payer: string,
  expiresAt: number | null,
];
/** What should have been counted. */
export type RightCounted = readonly [name: string, from: number, until: number, add: number];

/** Who has referred the member, or that one, and how much that should have got of the event. */
export type RightShare = readonly [owner: string, amount: number];

/** What an event should have come to. All that has paid is named, with 0 where it should not have. */
export interface Right {
  readonly paid: readonly RightPaid[];
  readonly counted: readonly RightCounted[];
  /** The period that it counts in for tiers; null: in none. */
  readonly period: number | null;
  /** Left out: nobody has one. */
  readonly shares?: readonly RightShare[];
}

/** What gives and what takes are two acts: so that each can be given back in parts. */
export const SIDES = ['up', 'down'] as const;
export type CorrectedSide = (typeof SIDES)[number];

/** As it is stored. */
interface Corrected {
  readonly [name: string]: Json;
  readonly correction: string;
  /** The ids of the acts that have corrected it, as they are logged; '': there is none. */
  readonly up: string;
  readonly down: string;
  /** (kind, key, what it should have paid). */
  readonly paid: readonly (readonly [kind: string, key: string, amount: number])[];
  /** Counters of limits, in which windows. */
  readonly counted: readonly (readonly [name: string, from: number, until: number])[];
  /** What shares should have been, and how much was asked for beside what the event has; below 0: to be taken. Left out: there are none. */
  readonly shares?: readonly CorrectedShare[];
}

/** A share that is corrected. */
export type CorrectedShare = readonly [owner: string, right: number, asked: number];

/** Counters that go with what a rule has paid. */
export const countersOf = (key: string): readonly string[] => [
  counterOf('points', key),
  counterOf('times', key),
];

/** What one of them has of so many points. */
export const countOf = (name: string, points: number): number =>
  name.startsWith(COUNTS.points) ? points : Math.min(1, points);

export const correctedIn = (see: Reads, event: string): Corrected | undefined =>
  see.record<Corrected>(CORRECTED, event);

/** The same, with other shares. */
export const withShares = (
  event: string,
  corrected: Corrected,
  shares: readonly CorrectedShare[],
): RecordDelta => recordOf(event, { ...corrected, shares });

const recordOf = (event: string, value: Corrected | null): RecordDelta => ({
  type: CORRECTED,
  key: event,
  value,
});

/** With one act more that has corrected the event. */
export function correctedRecord(
  see: Reads,
  event: string,
  correction: string,
  side: CorrectedSide,
  id: string,
  { paid, counted }: Right,
  shares: readonly CorrectedShare[],
): RecordDelta {
  const { up, down } = correctedIn(see, event) ?? { up: '', down: '' };
  const right = paid.map(([kind, key, amount]) => [kind, key, amount] as const);
  const names = new Set(paid.flatMap(([, key]) => countersOf(key)));
  const windows = counted.flatMap(([name, from, until]) =>
    names.has(name) ? [[name, from, until] as const] : [],
  );
  const acts = { up, down, [side]: id };
  const all = { correction, ...acts, paid: right, counted: windows };
  return recordOf(event, shares.length === 0 ? all : { ...all, shares });
}

/** Without the act of this side. */
export function notCorrected(see: Reads, event: string, side: CorrectedSide): RecordDelta[] {
  const corrected = correctedIn(see, event);
  if (corrected === undefined) return [];
  const left = { ...corrected, [side]: '' };
  return [recordOf(event, isNone(left) ? null : left)];
}

const isNone = ({ up, down }: Pick<Corrected, 'up' | 'down'>): boolean => up === '' && down === '';

/** Shares that are wrong again without the act of this side: those of the last one. */
export function sharesWithout(
  see: Reads,
  event: string,
  side: CorrectedSide,
): readonly CorrectedShare[] {
  const corrected = correctedIn(see, event);
  const isLast = corrected !== undefined && isNone({ ...corrected, [side]: '' });
  return isLast ? (corrected.shares ?? []) : [];
}

/** What has paid so much, in the order of the legs. */
export const payersIn = (effects: readonly Effect[], type: string): readonly Effect[] =>
  effects.filter((one) => one.type === type);

export const isOf = (effect: Effect, kind: string, key: string): boolean => effect[kind] === key;

/** A leg of an act: all of it, and what of it is given back. */
export interface LegOf {
  readonly leg: number;
  readonly all: number;
  readonly undone: number;
  /** 1: it gives to the member, -1: it takes. */
  readonly sign: number;
}

export const NO_LEG: LegOf = { leg: -1, all: 0, undone: 0, sign: 1 };

/** The leg of an act by which a rule has paid. */
export function legOf(past: PastAct, type: string, kind: string, key: string): LegOf {
  const paid = payersIn(past.effects, type);
  const leg = paid.findIndex((one) => isOf(one, kind, key));
  if (leg < 0) return NO_LEG;
  const sign = (paid[leg]?.['amount'] as number) < 0 ? -1 : 1;
  return { leg, all: past.amounts[leg] ?? 0, undone: past.undone[leg] ?? 0, sign };
}

/** By which act an event's rule or task was corrected, and what of that is left; undefined: it was not. */
export function correctionOf(see: Reads, event: string, kind: PayingKind, key: string) {
  const corrected = correctedIn(see, event);
  if (corrected === undefined) return undefined;
  for (const side of SIDES) {
    const past = actOf(see, corrected[side]);
    const of = past === undefined ? NO_LEG : legOf(past, 'correct', kind, key);
    if (past !== undefined && of.leg >= 0) return { ...of, by: past.id, left: of.all - of.undone };
  }
  return undefined;
}

/** Of a reward whose leg is given back so far, as much of what it should have been. */
export const rewardGone = (whole: number, { all, undone }: LegOf): number =>
  all === 0 ? 0 : shareOf(whole, undone, all);

type Legs = readonly { readonly leg: number; readonly amount: number }[];

/** What goes back of an event and of its correction. */
export interface CorrectedBack {
  /** Of the event. */
  readonly legs: Legs;
  readonly followUps: readonly FollowUp[];
  /** What limits have counted of it. */
  readonly counters: readonly CounterAdd[];
  /** Minor units that the member must have for all of it. */
  readonly needed: number;
}

/** What is given back: of a whole, with this and before; is it all? */
export interface GivenBack {
  gone(whole: number): number;
  goneBefore(whole: number): number;
  /** Does the reward of a task go, or is it gone? */
  isLost(task: string): boolean;
  readonly isAll: boolean;
}

/** What goes back of a corrected event; undefined: it was not corrected. */
export function correctedBack(
  see: Reads,
  owner: string,
  past: PastAct,
  { gone, goneBefore, isLost, isAll }: GivenBack,
  time: number,
): CorrectedBack | undefined {
  const corrected = correctedIn(see, past.id);
  if (corrected === undefined) return undefined;
  const acts = SIDES.flatMap((side) => actOf(see, corrected[side]) ?? []);
  const legs: { leg: number; amount: number }[] = [];
  const others = acts.map((): { leg: number; amount: number }[] => []);
  const counters: CounterAdd[] = [];
  let needed = 0;
  for (const [kind, key, right] of corrected.paid) {
    if (kind === 'task') {
      const at = acts.findIndex((one) => legOf(one, 'correct', kind, key).leg >= 0);
      const more = at < 0 ? NO_LEG : legOf(acts[at] as PastAct, 'correct', kind, key);
      const left = isLost(key) ? more.all - more.undone : 0;
      needed += more.sign * left;
      if (left > 0) others[at]?.push({ leg: more.leg, amount: left });
      continue;
    }
    for (const name of countersOf(key)) {
      const [, from, until] = corrected.counted.find(([of]) => of === name) ?? [name, 0, 0];
      const back = countOf(name, right - goneBefore(right)) - countOf(name, right - gone(right));
      const one = { name, window: { from, until }, add: back };
      if (back > 0) counters.push(...countedBack(see, one, back, time));
    }
    const own = legOf(past, 'earn', kind, key);
    const at = acts.findIndex((one) => legOf(one, 'correct', kind, key).leg >= 0);
    const more = at < 0 ? NO_LEG : legOf(acts[at] as PastAct, 'correct', kind, key);
    const [ownLeft, moreLeft] = [own.all - own.undone, more.all - more.undone];
    const back = Math.max(0, ownLeft + more.sign * moreLeft - (right - gone(right)));
    needed += back;
    // What was added goes first: so the last point of the event goes with all of it.
    const added = more.sign > 0 ? Math.min(back, moreLeft) : 0;
    const ofMore = isAll ? moreLeft : added;
    const ofOwn = isAll ? ownLeft : Math.min(back - added, ownLeft);
    if (ofOwn > 0) legs.push({ leg: own.leg, amount: ofOwn });
    if (ofMore > 0) others[at]?.push({ leg: more.leg, amount: ofMore });
  }
  legs.sort((a, b) => a.leg - b.leg);
  const followUps = others.flatMap((some, at): FollowUp[] => {
    if (some.length === 0) return [];
    const body = { by: (acts[at] as PastAct).id, legs: some as unknown as Json };
    return [{ owner, act: CORRECT_BACK, body }];
  });
  return { legs, followUps, counters, needed };
}

/** An act that has corrected something. A platform's caller names what is nobody's with a comma before it. */
function actOf(see: Reads, id: string): PastAct | undefined {
  if (id === '') return undefined;
  const found = see.past(id) ?? see.past(`,${id}`);
  return found?.act === CORRECT ? found : undefined;
}
