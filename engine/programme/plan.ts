// What is logged of an act's decision: its plan. Owns: the bounds of a plan, counters as records. Never touches: state; the legs, which
// the command itself has.

import {
  ACT_PLAN_BYTES_MAX,
  ACT_RECORDS_MAX,
  AMOUNT_MAX,
  LEGS_MAX,
  RECORD_BYTES_MAX,
} from '../limits.js';
import { PLAN, wholePlanInPlace } from '../protocol/act-fields.js';
import { ACT_MARK } from '../protocol/fields.js';
import { valueEnd, valuesEnd } from '../protocol/packed-reader.js';
import { unpackValue } from '../protocol/packed-value.js';
import { type PackedWriter, type Packs, packJson, packOne } from '../protocol/packed-writer.js';
import type { RefusalCode } from '../protocol/refusals.js';
import { isScarceOwner, ownerProblem } from '../protocol/syntax.js';
import type {
  ActRefusal,
  ConditionalPut,
  CounterAdd,
  Effect,
  FollowUp,
  Json,
  Plan,
  PlannedHold,
  PlannedReversal,
  RecordDelta,
  RecordType,
  Undo,
  UndoneFollowUp,
  Window,
} from './act.js';
import { recordType, STAYS } from './record-type.js';

/** The type of the records that counters are kept in: what is counted in windows that are not over goes over, and is taken back as counters are. */
export const COUNTER = recordType('counter', {
  of: 'member',
  carry: {
    take(value, time) {
      const left = (value as unknown as Counts).filter(([, until]) => until > time);
      return left.length === 0 ? undefined : (left as unknown as Json);
    },
    add: (see, name, value) => ({
      counters: (value as unknown as Counts).map(([from, until, count]) => {
        const window = { from, until };
        return { name, window, add: Math.min(count, AMOUNT_MAX - see.counter(name, window)) };
      }),
    }),
  },
});

const NOTHING: readonly never[] = [];

/** Type of an act's record, as the owner has it. */
export function recordTypeOf(type: string): string {
  let kept = keptTypes.get(type);
  if (kept === undefined) {
    kept = ACT_MARK + type;
    keptTypes.set(type, kept);
  }
  return kept;
}
/** Of the few types that acts have: a text that is put together anew each time is slow to compare. */
const keptTypes = new Map<string, string>();

/** In place of a record's type: a hold. No record of an act has such a type. */
export const HOLD = 'hold';

/** Type of the record beside a hold, by its id, that acts alone end: no capture or release of a caller does. */
export const KEPT_HOLD = recordType('kept-hold', STAYS);

/** What of an owner's records and holds an act has read or written: (type, key). */
export type RecordName = readonly [type: string, key: string];

/** What is taken of one hold. */
export interface Take {
  readonly holdId: string;
  /** Which legs are paid out of it. */
  readonly legs: readonly number[];
  /** Nothing is left of it. */
  readonly isReleased: boolean;
  /** When it ends by itself; null: never. */
  readonly deadline: number | null;
}

/** What is given back to pools on other shards, instead of to the allotments that had paid it. */
export interface Homeward {
  /** All that the reversal goes over, in order. */
  readonly shards: readonly number[];
  readonly legs: readonly {
    readonly pool: string;
    readonly asset: string;
    readonly amount: number;
  }[];
}

/** A leg whose points are pending, until when; null: until they are confirmed. */
export type PendingLeg = readonly [leg: number, until: number | null];

/** Moves beside the legs. */
export interface Moves {
  readonly homeward?: Homeward | undefined;
  readonly hold?: PlannedHold | undefined;
  readonly takes?: readonly Take[] | undefined;
  readonly reversal?: PlannedReversal | undefined;
  /** Which legs the act can do without (`PlannedLeg.isOptional`). */
  readonly optional?: readonly number[] | undefined;
  /** Which legs earn points that are pending (`PlannedLeg.pendingUntil`). */
  readonly pending?: readonly PendingLeg[] | undefined;
  /** Their assets. */
  readonly assets?: readonly string[] | undefined;
}

/** What is caused: acts, or of an undoing the reversals of what the act has caused. */
export interface LoggedFollowUps {
  /** The act by whose rules: `name@version`. */
  readonly by: string;
  readonly acts?: readonly FollowUp[];
  readonly undone?: readonly (UndoneFollowUp & { readonly owner: string })[];
}

/** The decision as it is logged. */
export interface LoggedPlan extends Moves {
  /** The version of the act that decided. */
  readonly version: number;
  /** The act has refused; nothing else is there. */
  readonly refusal?: RefusalCode;
  /** What was read and is not written: busy until it is decided, as what is written. Left out where it is done at once. */
  readonly names?: readonly RecordName[] | undefined;
  /** What is written, counters too. */
  readonly records?: readonly RecordDelta[] | undefined;
  /** What was added to counters, for an undo. */
  readonly counters?: readonly CounterAdd[] | undefined;
  readonly puts?: readonly ConditionalPut[] | undefined;
  /** What it causes. */
  readonly followUps?: LoggedFollowUps | undefined;
  readonly effects?: readonly Effect[];
  readonly why?: { readonly [name: string]: Json };
}

/** Records and counters as they lie in a plan: by place, and not by name. */
type RecordTuple = readonly [type: RecordType, key: string, value: Json, expiresAt?: number];
type CounterTuple = readonly [name: string, from: number, until: number, add: number];
type Stored = Omit<LoggedPlan, 'records' | 'counters'> & {
  readonly records?: readonly RecordTuple[] | undefined;
  readonly counters?: readonly CounterTuple[] | undefined;
};

/** Where the records are among a plan's places; MessagePack: a list that has a longer head, the list of a record that may expire. */
const RECORDS_AT = PLAN.indexOf('records');
const [LONG_LIST, WITH_EXPIRY] = [0xdc, 0x94];

/** Where the first value of the list at `at` begins. */
const afterHead = (bytes: Uint8Array, at: number): number => at + (bytes[at] === LONG_LIST ? 3 : 1);

/** A plan on its way into its place in a command, packed place by place. */
export class PlanPacker implements Packs {
  plan: LoggedPlan = { version: 0 };
  /** Where the value of each of its records has come to lie: (start, end) one after the other, from where the plan begins. */
  readonly values: number[] = [];

  pack(out: PackedWriter, at: number): number {
    const { plan } = this;
    const places = placesOf(plan);
    let next = out.number(plan.version, out.list(places, at));
    if (places > 1) next = out.json(plan.effects, next);
    if (places > 2) next = out.json(plan.why, next);
    if (places > 3) next = this.#records(out, plan.records, next, at);
    if (places > 4) next = packCounters(out, plan.counters, next);
    if (places > 5) next = out.json(plan.assets, next);
    for (let i = SELDOM_FROM; i < places; i++)
      next = out.json(plan[PLAN[i] as keyof LoggedPlan], next);
    return next;
  }

  /** As pack() leaves it, of a plan that was read out of these bytes, where it begins at `begin`: what its records say lies there, too. */
  found(plan: LoggedPlan, bytes: Uint8Array, begin: number): void {
    const { values } = this;
    const count = plan.records?.length ?? 0;
    if (count === 0) return;
    let next = afterHead(bytes, valuesEnd(bytes, afterHead(bytes, begin), RECORDS_AT));
    for (let i = 0; i < count; i++) {
      const hasExpiry = bytes[next] === WITH_EXPIRY;
      const start = valuesEnd(bytes, next + 1, 2);
      const end = start < 0 ? start : valueEnd(bytes, start);
      // It is packed as nobody packs here: whoever needs what it says, packs that.
      if (end < 0) return;
      values[2 * i] = start - begin;
      values[2 * i + 1] = end - begin;
      next = hasExpiry ? valueEnd(bytes, end) : end;
    }
    this.plan = plan;
  }

  #records(
    out: PackedWriter,
    records: readonly RecordDelta[] | undefined,
    at: number,
    begin: number,
  ): number {
    const { values } = this;
    if (records === undefined) return out.nil(at);
    let next = out.list(records.length, at);
    for (let i = 0; i < records.length; i++) {
      const { type, key, value, expiresAt } = records[i] as RecordDelta;
      next = out.list(expiresAt === undefined ? 3 : 4, next);
      const start = out.anyText(key, out.anyText(type, next));
      next = out.json(value, start);
      values[2 * i] = start - begin;
      values[2 * i + 1] = next - begin;
      if (expiresAt !== undefined) next = out.number(expiresAt, next);
    }
    return next;
  }
}

function packCounters(
  out: PackedWriter,
  counters: readonly CounterAdd[] | undefined,
  at: number,
): number {
  if (counters === undefined) return out.nil(at);
  let next = out.list(counters.length, at);
  for (let i = 0; i < counters.length; i++) {
    const { name, window, add } = counters[i] as CounterAdd;
    next = out.number(window.from, out.anyText(name, out.list(4, next)));
    next = out.number(add, out.number(window.until, next));
  }
  return next;
}

/** The first of the places that hardly any plan has. */
const SELDOM_FROM = 6;
const IN_ORDER =
  'version,effects,why,records,counters,assets,names,followUps,optional,hold,takes,reversal,puts,homeward,refusal,pending';
if (PLAN.join() !== IN_ORDER)
  throw new Error('PlanPacker writes the places of a plan in their order');

/**
 * How many places a plan has: those after the last one that says something are left out. Asked one by one: every act asks it, and a look by a name
 * that is not written down is slow.
 */
function placesOf(plan: LoggedPlan): number {
  if (plan.pending !== undefined) return 16;
  if (plan.refusal !== undefined) return 15;
  if (plan.homeward !== undefined) return 14;
  if (plan.puts !== undefined) return 13;
  if (plan.reversal !== undefined) return 12;
  if (plan.takes !== undefined) return 11;
  if (plan.hold !== undefined) return 10;
  if (plan.optional !== undefined) return 9;
  if (plan.followUps !== undefined) return 8;
  if (plan.names !== undefined) return 7;
  if (plan.assets !== undefined) return 6;
  if (plan.counters !== undefined) return 5;
  if (plan.records !== undefined) return 4;
  return plan.why !== undefined ? 3 : plan.effects !== undefined ? 2 : 1;
}

const single = new PlanPacker();

/** The plan as it lies in its place. */
export function packedPlan(plan: LoggedPlan): Uint8Array {
  single.plan = plan;
  return packOne(single, ACT_PLAN_BYTES_MAX);
}

/** The plan in its place in a command. */
export function planOf(place: Uint8Array): LoggedPlan {
  const plan = wholePlanInPlace(place) as { -readonly [K in keyof Stored]: Stored[K] };
  const { records, counters } = plan;
  const read = plan as { -readonly [K in keyof LoggedPlan]: LoggedPlan[K] };
  if (records !== undefined) read.records = records.map(recordOf);
  if (counters !== undefined) read.counters = counters.map(counterOf);
  return read;
}

const recordOf = ([type, key, value, expiresAt]: RecordTuple): RecordDelta =>
  expiresAt === undefined ? { type, key, value } : { type, key, value, expiresAt };
const counterOf = ([name, from, until, add]: CounterTuple): CounterAdd => ({
  name,
  window: { from, until },
  add,
});

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
  const after: (readonly [number, number, number])[] = [];
  let isPlaced = count === 0;
  for (const one of counts) {
    const [from, until] = one;
    if (!isPlaced && from >= window.from) {
      after.push([window.from, window.until, count]);
      isPlaced = true;
    }
    if (from !== window.from && until > time) after.push(one);
  }
  if (!isPlaced) after.push([window.from, window.until, count]);
  return after;
}

/** What an act has seen of its owner. */
export interface Seen {
  /** Records that it has read, each once. */
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
 * What is logged of a decision: what changes nothing is left out. `isHere`: all of it is done at once, so that nothing it has read is ever busy. Throws where a plan is beyond its bounds, which is the act's defect.
 */
export function loggedPlan(
  version: number,
  decided: ActRefusal | Plan | Undo,
  seen: Seen,
  time: number,
  moves: Moves,
  followUps: LoggedFollowUps | undefined,
  isHere: boolean,
): LoggedPlan {
  if (isRefused(decided)) return { version, refusal: decided.refusal };
  const { counters, puts = NOTHING, effects, why } = decided;
  const records = written(decided, seen, time);
  const names = isHere
    ? undefined
    : seen.names.filter(([type, key]) => !records.some((one) => isNamed(one, type, key)));
  const legs = 'legs' in decided ? decided.legs.length : 0;
  const count = records.length + puts.length;
  if (count > ACT_RECORDS_MAX || legs > LEGS_MAX)
    throw new RangeError(`a plan of ${count} records and ${legs} legs`);
  const { hold, takes, reversal, optional, pending, assets, homeward } = moves;
  // All at once: what is spread has a hidden class of its own, each time, and every look at it is slow.
  const plan: { [K in keyof Required<LoggedPlan>]: LoggedPlan[K] } = {
    version,
    refusal: undefined,
    hold,
    takes,
    reversal,
    optional,
    pending,
    assets,
    homeward,
    names: someOf(names),
    records: someOf(records),
    counters: someOf(counters),
    puts: puts.length === 0 ? undefined : checkedPuts(puts),
    followUps,
    effects,
    why,
  };
  return plan as LoggedPlan;
}

/** What is empty is left out. */
const someOf = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

const isNamed = (one: RecordDelta, type: string, key: string): boolean =>
  one.key === key && recordTypeOf(one.type) === type;

/** The records that a decision changes, with its counters: what is said of one last, counts. */
function written(
  { records = NOTHING, counters = NOTHING }: Undo,
  seen: Seen,
  time: number,
): readonly RecordDelta[] {
  const planned: RecordDelta[] = [];
  for (const one of records) planLast(planned, one);
  for (let i = 0; i < counters.length; i++) {
    const { name: key } = counters[i] as CounterAdd;
    if (isNamedBefore(counters, i)) continue;
    let counts = seen.counts(key);
    for (let at = i; at < counters.length; at++) {
      const one = counters[at] as CounterAdd;
      if (one.name === key) counts = counted(counts, one, time);
    }
    const value = counts.length === 0 ? null : (counts as unknown as Json);
    planLast(planned, { type: COUNTER, key, value });
  }
  return planned.every(({ value }) => value !== null)
    ? planned
    : planned.filter(({ type, key, value }) => value !== null || seen.has(type, key));
}

/** Is one of those before it of the same counter? */
function isNamedBefore(counters: readonly CounterAdd[], i: number): boolean {
  for (let at = 0; at < i; at++) if (counters[at]?.name === counters[i]?.name) return true;
  return false;
}

/** Adds a record, in place of what was said of it before. */
function planLast(planned: RecordDelta[], one: RecordDelta): void {
  const { type, key } = one;
  let at = 0;
  for (; at < planned.length; at++)
    if (planned[at]?.key === key && planned[at]?.type === type) break;
  planned[at] = one;
}

/** Each writes another record, of a scarce owner. Throws otherwise, which is the act's defect. */
function checkedPuts(puts: readonly ConditionalPut[]): readonly ConditionalPut[] {
  const names = new Set(puts.map(({ owner, type, key }) => [owner, type, key].join('\0')));
  const isOwner = ({ owner }: ConditionalPut): boolean =>
    isScarceOwner(owner) && ownerProblem(owner, true) === null;
  if (names.size === puts.length && puts.every(isOwner)) return puts;
  throw new RangeError(`puts of ${puts.map(({ owner, key }) => `${owner} ${key}`).join(', ')}`);
}

/** A record's value as it is stored; null: the record goes away. */
export const recordBytes = ({ value }: RecordDelta): Uint8Array | null =>
  value === null ? null : packJson(value, RECORD_BYTES_MAX);

/** The value in a stored record. */
export const recordValueIn = (bytes: Uint8Array): Json => unpackValue(bytes) as Json;
