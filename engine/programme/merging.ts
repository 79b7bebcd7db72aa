// Members who are merged into others: what is kept of it, and what goes over. Owns: those records. Never touches: points, which are legs of the acts.
//   merging.M1. Who was merged has a record that says into whom; a command of its own is refused by it, and what acts have caused for it goes to that
//       one (ledger/merged.ts).
//   merging.M2. Beside it, `#merging:<digest>` says so for others: nobody is merged into who was merged, is merged while something of another merge
//       has yet to arrive, or is merged twice at once. It is judged in the commit of the merge.
//   merging.M3. What is kept of a member goes over by acts that the merge causes, in parts that fit them. What was merged stays as it was; what the
//       other one gets is added, and taken back by what was added.

import { ACT_BODY_BYTES_MAX, ACT_PLAN_BYTES_MAX, FOLLOW_UPS_MAX } from '../limits.js';
import { chained } from '../protocol/digest.js';
import type {
  Carried,
  ConditionalPut,
  Joining,
  Json,
  Reads,
  RecordDelta,
  RecordType,
  WholeOwner,
} from './act.js';
import { isErased, isPersonal } from './erasure.js';
import { NOT_OF_MEMBERS, onMergeOf, recordType, STAYS } from './record-type.js';

/** The acts. */
export const [MERGE, UNMERGE, MERGE_TAKE, MERGE_FORWARD] = [
  'merge',
  'unmerge',
  'merge-take',
  'merge-forward',
] as const;

/** What is told of a merge, and of its end. */
export const [MEMBER_MERGED, MEMBER_UNMERGED] = ['memberMerged', 'memberUnmerged'] as const;

/** Of who was merged: into whom. */
export const MERGED = recordType('merged', STAYS);
export const MERGED_KEY = 'into';
/** Of whom others were merged into, by their names; goes over with the next merge, and those others follow. */
export const MERGED_FROM = recordType('merged-from', (type) => ({
  of: 'member',
  carry: {
    add: (_, from, value, { from: was, into }) => ({
      records: [{ type, key: from, value: { ...(value as object), through: was } as Json }],
      followUps: [{ owner: from, act: MERGE_FORWARD, body: { into, was } }],
      delta: null,
    }),
    back: (_, from) => ({ records: [{ type, key: from, value: null }] }),
  },
}));
const MERGING = recordType('merging', NOT_OF_MEMBERS);

/** As it is kept. */
export interface Merged {
  readonly [name: string]: Json;
  /** Into whom it was merged, and who has the points now. */
  readonly into: string;
  readonly now: string;
  /** The act, as it is logged. */
  readonly id: string;
  /** Milliseconds since 1970: when, and until when it can be undone. */
  readonly at: number;
  readonly until: number;
  readonly reason: string;
}

/** What is kept of who was merged into an owner. */
export interface MergedFrom {
  readonly [name: string]: Json | undefined;
  readonly id: string;
  readonly at: number;
  readonly until: number;
  /** Whom it was merged into first; left out: this owner. */
  readonly through?: string;
}

export const mergedIn = (see: Reads): Merged | undefined => see.record<Merged>(MERGED, MERGED_KEY);

export const mergedRecord = (value: Merged | null): RecordDelta => ({
  type: MERGED,
  key: MERGED_KEY,
  value,
});

/** One record that goes over: its value as JSON, for what a message holds is nested only so deep. */
export type Parcel = readonly [type: string, key: string, value: string];

const besideOf = (owner: string): string => `#merging:${chained(owner, '')}`;
const arriving = (n: number): string => `arriving-${n}`;

const put = (
  owner: string,
  key: string,
  expected: Json,
  value: Json,
  otherwise: ConditionalPut['otherwise'],
): ConditionalPut => ({
  ...{ owner: besideOf(owner), type: MERGING, key },
  ...{ expected, value, otherwise },
});

/** What others look at: conditions, and what is written. */
export const beside = {
  /** From now on one was merged into the other, to whom so many parts are on their way. */
  merged: (from: string, into: string, parts: number): readonly ConditionalPut[] => [
    put(from, MERGED_KEY, null, { into }, 'MEMBER_MERGED'),
    ...range(FOLLOW_UPS_MAX).map((n) => put(from, arriving(n), null, null, 'MEMBER_UNSETTLED')),
    put(into, MERGED_KEY, null, null, 'MEMBER_MERGED'),
    ...range(parts).map((n) => put(into, arriving(n), null, { from }, 'MEMBER_UNSETTLED')),
  ],
  /** It is undone: all has arrived, and goes back. */
  parted: (from: string, into: string, parts: number): readonly ConditionalPut[] => [
    put(from, MERGED_KEY, { into }, null, 'MERGE_NOT_FOUND'),
    put(into, MERGED_KEY, null, null, 'MEMBER_MERGED'),
    ...range(parts).map((n) => put(into, arriving(n), null, { from }, 'MEMBER_UNSETTLED')),
  ],
  /** A part has arrived, or has gone back. */
  arrived: (from: string, into: string, n: number): ConditionalPut =>
    put(into, arriving(n), { from }, null, 'ACCOUNT_BUSY'),
} as const;

/** From 1 on. */
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Is something of it open that must end before its member is merged? What no act has declared is not left behind (merging.T1). */
export function isUnsettled({ records, holds }: WholeOwner, time: number): boolean {
  return (
    holds > 0 ||
    records.some(({ type, value }) => {
      const onMerge = onMergeOf(type);
      return onMerge?.of !== 'member' || onMerge.blocks?.(value, time) === true;
    })
  );
}

/** Records of one part; each writes at most two, beside what the part itself writes. */
const PART_RECORDS_MAX = 10;
/** Bytes of a part's records as JSON, beside the names in its body. */
const PART_BYTES = ACT_BODY_BYTES_MAX - 256;

/** Bytes of a value as JSON. */
const jsonBytes = (value: unknown): number =>
  new TextEncoder().encode(JSON.stringify(value)).length;

/** Has a plan room where it is logged? As JSON it is larger than it lies there. */
export const fitsPlan = (plan: object): boolean => jsonBytes(plan) <= ACT_PLAN_BYTES_MAX;

/** What goes over, in parts that fit a body each: one at least. undefined: it is too much. */
export function partsOf(
  { records }: WholeOwner,
  time: number,
): readonly (readonly Parcel[])[] | undefined {
  const parts: Parcel[][] = [[]];
  let bytes = 0;
  for (const { type, key, value } of records) {
    const carry = onMergeOf(type)?.carry;
    if (carry === undefined) continue;
    const taken = carry.take === undefined ? value : carry.take(value, time);
    if (taken === undefined) continue;
    const parcel: Parcel = [type, key, JSON.stringify(taken)];
    const size = jsonBytes(parcel) + 1;
    if (size > PART_BYTES) return undefined;
    let part = parts.at(-1) as Parcel[];
    // Of each that had been merged into this one, another is told.
    const others = part.filter(([of]) => of === MERGED_FROM).length;
    const isFull = type === MERGED_FROM && others === FOLLOW_UPS_MAX;
    if (bytes + size > PART_BYTES || part.length === PART_RECORDS_MAX || isFull) {
      parts.push((part = []));
      bytes = 0;
    }
    part.push(parcel);
    bytes += size;
  }
  return parts.length > FOLLOW_UPS_MAX ? undefined : parts;
}

/** All that changes where records come to another member, and what was added by which. */
export function carriedOver(see: Reads, parcels: readonly Parcel[], joining: Joining) {
  // Nothing personal comes to who is erased (erasure.R1).
  const some = isErased(see) ? parcels.filter(([type]) => !isPersonal(type)) : parcels;
  const all = some.flatMap(([type, key, value]) => {
    const carried = onMergeOf(type)?.carry?.add(see, key, JSON.parse(value), joining);
    return carried === undefined ? [] : [{ type, key, carried }];
  });
  const deltas = all.flatMap(({ type, key, carried: { delta } }): readonly Parcel[] =>
    delta === undefined ? [] : [[type, key, JSON.stringify(delta)]],
  );
  return { ...together(all.map(({ carried }) => carried)), deltas };
}

/** The same where it goes back. */
export function carriedBack(see: Reads, deltas: readonly Parcel[], joining: Joining) {
  return together(
    deltas.flatMap(([type, key, delta]) => {
      const back = onMergeOf(type)?.carry?.back?.(see, key, JSON.parse(delta), joining);
      return back === undefined ? [] : [back];
    }),
  );
}

const together = (all: readonly Omit<Carried, 'delta'>[]) => ({
  records: all.flatMap(({ records = [] }) => records),
  counters: all.flatMap(({ counters = [] }) => counters),
  puts: all.flatMap(({ puts = [] }) => puts),
  followUps: all.flatMap(({ followUps = [] }) => followUps),
  effects: all.flatMap(({ effects = [] }) => effects),
});

/** Records of types that go over. */
export const areParcels = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (one) =>
      Array.isArray(one) &&
      one.length === 3 &&
      one.every((text) => typeof text === 'string') &&
      onMergeOf(one[0] as RecordType)?.carry !== undefined,
  );
