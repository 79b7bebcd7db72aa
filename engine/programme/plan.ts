// What is logged of an act's decision: its plan. Owns: the bounds of a plan, counters as records. Never touches: state; the legs, which
// the command itself has.

import { ACT_RECORDS_MAX, AMOUNT_MAX, LEGS_MAX, RECORD_BYTES_MAX } from '../limits.js';
import { ACT_MARK } from '../protocol/fields.js';
import { unpackValue } from '../protocol/packed-value.js';
import { packJson } from '../protocol/packed-writer.js';
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
  Undo,
  UndoneFollowUp,
  Window,
} from './act.js';

/** The type of the records that counters are kept in. */
export const COUNTER = 'counter';

const NOTHING: readonly never[] = [];

/** Type of an act's record, as the owner has it. */
export const recordTypeOf = (type: string): string => ACT_MARK + type;

/** In place of a record's type: a hold. No record of an act has such a type. */
export const HOLD = 'hold';

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

/** Moves beside the legs. */
export interface Moves {
  readonly homeward?: Homeward | undefined;
  readonly hold?: PlannedHold | undefined;
  readonly takes?: readonly Take[] | undefined;
  readonly reversal?: PlannedReversal | undefined;
  /** Which legs the act can do without (`PlannedLeg.isOptional`). */
  readonly optional?: readonly number[] | undefined;
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
  /** What was read and is not written: busy until it is decided, as what is written. */
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
type RecordTuple = readonly [type: string, key: string, value: Json];
type CounterTuple = readonly [name: string, from: number, until: number, add: number];
type Stored = Omit<LoggedPlan, 'records' | 'counters'> & {
  readonly records?: readonly (RecordTuple | RecordDelta)[] | undefined;
  readonly counters?: readonly (CounterTuple | CounterAdd)[] | undefined;
};

/** The plan as it is packed into its place in a command. */
export function storedPlan(plan: LoggedPlan): Stored {
  const { records, counters } = plan;
  if (records === undefined && counters === undefined) return plan;
  const stored: { [K in keyof Required<Stored>]: Stored[K] } = {
    version: plan.version,
    refusal: plan.refusal,
    hold: plan.hold,
    takes: plan.takes,
    reversal: plan.reversal,
    optional: plan.optional,
    assets: plan.assets,
    homeward: plan.homeward,
    names: plan.names,
    records: records?.map(({ type, key, value }) => [type, key, value]),
    counters: counters?.map(({ name, window: { from, until }, add }) => [name, from, until, add]),
    puts: plan.puts,
    followUps: plan.followUps,
    effects: plan.effects,
    why: plan.why,
  };
  return stored as Stored;
}

const isTuple = (one: object): one is readonly unknown[] => Array.isArray(one);

/** The plan in its place in a command (actPlan() of engine/protocol/act-fields.ts); before 0.2 all of it was by name. */
export function planOf(place: Uint8Array): LoggedPlan {
  const { records, counters, ...plan } = unpackValue(place) as Stored;
  const recordOf = (one: RecordTuple | RecordDelta): RecordDelta =>
    isTuple(one) ? { type: one[0], key: one[1], value: one[2] } : one;
  const counterOf = (one: CounterTuple | CounterAdd): CounterAdd =>
    isTuple(one) ? { name: one[0], window: { from: one[1], until: one[2] }, add: one[3] } : one;
  return {
    ...plan,
    ...(records === undefined ? {} : { records: records.map(recordOf) }),
    ...(counters === undefined ? {} : { counters: counters.map(counterOf) }),
  };
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
 * What is logged of a decision: what changes nothing is left out. Throws where a plan is beyond its bounds, which is the act's defect.
 */
export function loggedPlan(
  version: number,
  decided: ActRefusal | Plan | Undo,
  seen: Seen,
  time: number,
  moves: Moves,
  followUps: LoggedFollowUps | undefined,
): LoggedPlan {
  if (isRefused(decided)) return { version, refusal: decided.refusal };
  const { counters, puts = NOTHING, effects, why } = decided;
  const records = written(decided, seen, time);
  const names = seen.names.filter(([type, key]) => !records.some((one) => isNamed(one, type, key)));
  const legs = 'legs' in decided ? decided.legs.length : 0;
  const count = records.length + puts.length;
  if (count > ACT_RECORDS_MAX || legs > LEGS_MAX)
    throw new RangeError(`a plan of ${count} records and ${legs} legs`);
  const { hold, takes, reversal, optional, assets, homeward } = moves;
  // All at once: what is spread has a hidden class of its own, each time, and every look at it is slow.
  const plan: { [K in keyof Required<LoggedPlan>]: LoggedPlan[K] } = {
    version,
    refusal: undefined,
    hold,
    takes,
    reversal,
    optional,
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
  const [first] = records;
  if (first === undefined && counters.length === 0) return NOTHING;
  if (records.length === 1 && counters.length === 0 && first?.value !== null) return records;
  const planned: RecordDelta[] = [];
  for (const one of records) planLast(planned, one);
  const names: string[] = [];
  const changed: Counts[] = [];
  for (const one of counters) {
    let at = names.indexOf(one.name);
    if (at < 0) at = names.push(one.name) - 1;
    changed[at] = counted(changed[at] ?? seen.counts(one.name), one, time);
  }
  for (const [i, key] of names.entries()) {
    const left = changed[i] as Counts;
    const value = left.length === 0 ? null : (left as unknown as Json);
    planLast(planned, { type: COUNTER, key, value });
  }
  return planned.filter(({ type, key, value }) => value !== null || seen.has(type, key));
}

/** Adds a record, in place of what was said of it before. */
function planLast(planned: RecordDelta[], one: RecordDelta): void {
  const { type, key } = one;
  const at = planned.findIndex((other) => other.key === key && other.type === type);
  if (at < 0) planned.push(one);
  else planned[at] = one;
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
