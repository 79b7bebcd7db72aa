// What does not agree between this ledger and a partner. Owns: what is kept of it, the list of what is open. Never touches: how it is found.
//   outside.I1. The same finding is the same record, however often it is found; what is resolved and found again is open again.
//   outside.I2. What is open stands in the list of its partner, in the commits that open and resolve it; what was resolved, in a list of the day.

import { DAY_MS, OPERATION_KEPT_MS } from '../../limits.js';
import { chained } from '../../protocol/digest.js';
import type { InconsistencyKind } from '../../protocol/outside.js';
import type { ConditionalPut, Effect, Json, Reads, RecordDelta } from '../act.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** Types of records: an inconsistency; one that is open, in the list of its partner; one that was resolved, in a list of the day. */
export const INCONSISTENCY = recordType('inconsistency', NOT_OF_MEMBERS);
export const OPEN_INCONSISTENCY = recordType('inconsistency-open', NOT_OF_MEMBERS);
export const RESOLVED_INCONSISTENCY = recordType('inconsistency-resolved', NOT_OF_MEMBERS);

/** An inconsistency as it is kept. Times in milliseconds since 1970, amounts in minor units. */
export interface KeptInconsistency {
  readonly [name: string]: Json;
  readonly kind: InconsistencyKind;
  readonly state: 'open' | 'resolved';
  readonly partner: string;
  readonly finding: string;
  readonly exchange: string | null;
  readonly operation: string | null;
  readonly asset: string | null;
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly reason: string | null;
  readonly by: string | null;
}

const LETTERS = 32;

/** By what it is known: the same for the same partner, finding and subject. */
export const inconsistencyId = (partner: string, finding: string, subject: string): string =>
  `in_${chained(subject, `${partner}\n${finding}`)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, LETTERS)}`;

/** Who has an inconsistency. */
export const inconsistencyOwner = (id: string): string => `#inconsistency:${id}`;
/** Who keeps which ones of a partner are open, by the list that its id is in. */
export const OPEN_LISTS = 16;
export const openInconsistencies = (partner: string, list: number): string =>
  `#inconsistencies:${partner}:${list.toString(OPEN_LISTS)}`;
const listOf = (id: string): number =>
  (Buffer.from(chained(id, ''), 'base64url')[0] as number) % OPEN_LISTS;

/** An inconsistency as a record. */
export const inconsistencyRecord = (id: string, value: KeptInconsistency): RecordDelta => ({
  type: INCONSISTENCY,
  key: id,
  value,
});

/** Who keeps which ones of a partner were resolved on a day, by its number since 1970. */
export const resolvedInconsistencies = (partner: string, day: number, list: number): string =>
  `#resolved:${partner}:${day}:${list.toString(OPEN_LISTS)}`;

/** Onto the list of its partner; or off it, and onto that of the day. */
export function listedInconsistency(
  id: string,
  { kind, state, partner, finding, openedAt, resolvedAt }: KeptInconsistency,
): readonly ConditionalPut[] {
  const entry: Json = { kind, finding, openedAt };
  const isOpen = state === 'open';
  const list = listOf(id);
  const listed: ConditionalPut = {
    ...{ owner: openInconsistencies(partner, list), type: OPEN_INCONSISTENCY, key: id },
    ...(isOpen ? { expected: null, value: entry } : { expected: entry, value: null }),
    otherwise: 'CHANGED_MEANWHILE',
  };
  if (isOpen || resolvedAt === null) return [listed];
  const owner = resolvedInconsistencies(partner, Math.floor(resolvedAt / DAY_MS), list);
  return [
    listed,
    {
      ...{ owner, type: RESOLVED_INCONSISTENCY, key: `${resolvedAt}-${id}`, expected: null },
      ...{ value: { kind, resolvedAt }, expiresAt: resolvedAt + OPERATION_KEPT_MS },
      otherwise: 'CHANGED_MEANWHILE',
    },
  ];
}

/** What is written where one is opened (`before`: null), or resolved, by the act of another owner. */
export const inconsistencyPuts = (
  id: string,
  before: KeptInconsistency | null,
  after: KeptInconsistency,
): readonly ConditionalPut[] => [
  {
    ...inconsistencyRecord(id, after),
    ...{ owner: inconsistencyOwner(id), expected: before, otherwise: 'CHANGED_MEANWHILE' },
  },
  ...listedInconsistency(id, after),
];

export const inconsistencyIn = (see: Reads, id: string): KeptInconsistency | undefined =>
  see.record<KeptInconsistency>(INCONSISTENCY, id);

/** What is found where an exchange with a partner goes on: that resolves it, by itself or by a verdict. */
export const FOUND_ON_THE_WAY: readonly string[] = [
  ...['differs', 'not_known'],
  ...['undone_in_source', 'spent_in_target', 'stands_in_target', 'stands_in_source'],
];

/** What is told of one that is open, or resolved, now. */
export function inconsistencyEffect(id: string, kept: KeptInconsistency): Effect {
  const { state, kind, finding, partner, exchange, operation } = kept;
  return {
    type: state === 'open' ? 'inconsistencyOpened' : 'inconsistencyResolved',
    ...{ inconsistency: id, kind, finding, platforms: [partner] },
    ...(exchange === null ? {} : { exchange }),
    ...(operation === null ? {} : { operation }),
  };
}
