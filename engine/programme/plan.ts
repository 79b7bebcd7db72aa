// What is logged of an act's decision: its plan. Owns: the bounds of a plan, counters as records. Never touches: state; the legs, which
// the command itself has.

import { ACT_PLAN_BYTES_MAX, ACT_RECORDS_MAX, AMOUNT_MAX, LEGS_MAX } from '../limits.js';
import { ACT_MARK, jsonInPlace, placeOfJson } from '../protocol/fields.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type {
  ActRefusal,
  CounterAdd,
  Effect,
  Json,
  Plan,
  RecordDelta,
  Undo,
  Window,
} from './act.js';

/** The type of the records that counters are kept in. */
export const COUNTER = 'counter';
/** Type of an act's record, as the owner has it. */
export const recordTypeOf = (type: string): string => ACT_MARK + type;

/** What of an owner's records an act has read or written: (type, key). */
export type RecordName = readonly [type: string, key: string];

/** The decision as it is logged. */
export interface LoggedPlan {
  /** The version of the act that decided. */
  readonly version: number;
  /** The act has refused; nothing else is there. */
  readonly refusal?: RefusalCode;
  /** What was read or written: busy until it is decided. */
  readonly names?: readonly RecordName[];
  /** What is written, counters too. */
  readonly records?: readonly RecordDelta[];
  /** What was added to counters, for an undo. */
  readonly counters?: readonly CounterAdd[];
  readonly effects?: readonly Effect[];
  readonly why?: { readonly [name: string]: Json };
  /** Of a reversal: what goes home to pools instead of to the allotments that had paid it. */
  readonly homeward?: Homeward;
}

/** What a reversal gives back to pools on other shards. */
export interface Homeward {
  /** All that the reversal goes over, in order. */
  readonly shards: readonly number[];
  readonly legs: readonly {
    readonly pool: string;
    readonly asset: string;
    readonly amount: number;
  }[];
}

/** The plan in its place in a command (actPlan() of engine/protocol/fields.ts). */
export const planOf = (place: Uint8Array): LoggedPlan =>
  jsonInPlace(place) as unknown as LoggedPlan;

/** A plan for its place. Throws where it is too large, which is its act's defect. */
export function placeOfPlan(plan: LoggedPlan): Uint8Array {
  const place = placeOfJson(plan);
  if (place.length <= ACT_PLAN_BYTES_MAX) return place;
  throw new RangeError(`a plan of ${place.length} bytes`);
}

/** A counter as it is stored: (from, until, count) of each window. */
export type Counts = readonly (readonly [from: number, until: number, count: number])[];

/** What has been counted in a window. */
export const countIn = (counts: Counts, { from }: Window): number =>
  counts.find(([one]) => one === from)?.[2] ?? 0;

/** The counter after something is added; windows that are over at `time` are forgotten. Throws below 0. */
export function counted(counts: Counts, { window, add, name }: CounterAdd, time: number): Counts {
  const count = countIn(counts, window) + add;
  if (!Number.isSafeInteger(count) || count < 0 || count > AMOUNT_MAX)
    throw new RangeError(`counter ${name} would be ${count}`);
  const others = counts.filter(([from, until]) => from !== window.from && until > time);
  const changed = count === 0 ? [] : [[window.from, window.until, count] as const];
  return [...others, ...changed].sort(([a], [b]) => a - b);
}

/** What an act has seen of its owner. */
export interface Seen {
  /** Records that it has read. */
  readonly names: readonly RecordName[];
  /** A counter as it is before. */
  counts(name: string): Counts;
  /** Is there such a record? */
  has(type: string, key: string): boolean;
}

/** Is it a refusal? */
export const isRefused = (decided: ActRefusal | Undo): decided is ActRefusal =>
  'refusal' in decided;

/**
 * What is logged of a decision: what changes nothing is left out. Throws where a plan is beyond its bounds, which is the act's defect.
 */
export function loggedPlan(
  version: number,
  decided: ActRefusal | Plan | Undo,
  seen: Seen,
  time: number,
  homeward?: Homeward,
): LoggedPlan {
  if (isRefused(decided)) return { version, refusal: decided.refusal };
  const { records = [], counters = [], effects, why } = decided;
  const changed = new Map<string, Counts>();
  for (const one of counters)
    changed.set(one.name, counted(changed.get(one.name) ?? seen.counts(one.name), one, time));
  const planned: readonly RecordDelta[] = [
    ...records,
    ...[...changed].map(([key, left]) => ({
      type: COUNTER,
      key,
      value: left.length === 0 ? null : (left as unknown as Json),
    })),
  ];
  const all = planned.filter(({ type, key, value }) => value !== null || seen.has(type, key));
  const own = all.filter(({ owner }) => owner === undefined);
  const touched = [
    ...seen.names,
    ...own.map(({ type, key }): RecordName => [recordTypeOf(type), key]),
  ];
  const unique = [...new Map(touched.map((name) => [name.join('\0'), name])).values()];
  const back = homeward && { homeward };
  const plan = { version, names: unique, records: all, counters, effects, why, ...back };
  const legs = 'legs' in decided ? decided.legs.length : 0;
  if (all.length > ACT_RECORDS_MAX || legs > LEGS_MAX)
    throw new RangeError(`a plan of ${all.length} records and ${legs} legs`);
  return plan;
}

/** A record's value as it is stored; null: the record goes away. */
export function recordBytes({ value }: RecordDelta): Uint8Array | null {
  if (value === null) return null;
  return new TextEncoder().encode(JSON.stringify({ value }));
}

/** The value in a stored record. */
export const recordValueIn = (bytes: Uint8Array): Json =>
  (JSON.parse(new TextDecoder().decode(bytes)) as { readonly value: Json }).value;
