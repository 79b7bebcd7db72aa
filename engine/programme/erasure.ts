// Records of members who were erased. Owns: their types, shapes and places; which of a member's own records are about the person. Never touches: keys, what
// is kept outside members' own records.
//   erasure.R1. Of who is erased none of these records is written any more: not by its own acts, and not by a merge.

import { ACT_RECORDS_MAX } from '../limits.js';
import type { Json, Reads, RecordDelta } from './act.js';
import { NOT_OF_MEMBERS, recordType, STAYS } from './record-type.js';

/** That a member is erased, at its own. */
export const ERASURE = recordType('erasure', STAYS);
export const ERASURE_KEY = 'erasure';
/** Of which members something is left to be erased: what their own record said then. */
export const ERASING = recordType('erasing', NOT_OF_MEMBERS);
export const erasingOwner = '#erasing';

/** That a member is erased, as it is kept. */
export type Erased = {
  /** Block time, milliseconds since 1970. */
  readonly at: number;
  /** Who asked for it, by the credentials shown; null: the ledger itself. */
  readonly by: string | null;
  readonly reason: string | null;
  /** When nothing was left of it; left out: something is. */
  readonly doneAt?: number;
} & { readonly [name: string]: Json };

/** Types of a member's records that are about the person: what a programme knows of it, which devices it acts from. */
export const PERSONAL_TYPES = ['profile', 'risk-devices'] as const;
const ARE_PERSONAL: ReadonlySet<string> = new Set(PERSONAL_TYPES);

export const isPersonal = (type: string): boolean => ARE_PERSONAL.has(type);

/** Is the owner erased? */
export const isErased = (see: Reads): boolean =>
  see.record<Erased>(ERASURE, ERASURE_KEY) !== undefined;

/** Its personal records are gone: as many as one act may write beside what it says itself. */
export const personalGone = (see: Reads): readonly RecordDelta[] =>
  see
    .whole()
    .records.filter(({ type }) => isPersonal(type))
    .slice(0, ACT_RECORDS_MAX - 1)
    .map(({ type, key }) => ({ type, key, value: null }));
