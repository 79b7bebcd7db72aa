// Types of records that acts write. Owns: their names, each declared once, with what becomes of a record when its member is merged into another one.
// Never touches: what records say.
//   merging.T1. A type says it where it is declared, and cannot be left out: what is not carried over, and does not stay by its declaration, keeps its
//       member from being merged.
//   merging.T2. What is added is taken back by what was added, never by what there was before: what came since stays.

import { canonicalJson } from '../protocol/syntax.js';
import type { Json, OnMerge, RecordType } from './act.js';

const types = new Map<string, OnMerge>();

/** A type of records. Throws where there is one of this name. */
export function recordType(
  name: string,
  onMerge: OnMerge | ((type: RecordType) => OnMerge),
): RecordType {
  if (types.has(name)) throw new Error(`two types of records are called ${name}`);
  const type = name as RecordType;
  types.set(name, typeof onMerge === 'function' ? onMerge(type) : onMerge);
  return type;
}

/** A type whose records members have, and keep under their own name: history, or what has ended. */
export const STAYS: OnMerge = { of: 'member' };
/** A type whose records `#` owners alone have. */
export const NOT_OF_MEMBERS: OnMerge = { of: 'engine' };
/** A type that says while its record keeps a member from being merged, and which stays with that one. */
export const staysUnless = (blocks: (value: Json, time: number) => boolean): OnMerge => ({
  of: 'member',
  blocks,
});

/** Do two records say the same? In whichever order their names stand. */
export const isSameRecord = (one: Json | undefined, other: Json | undefined): boolean =>
  canonicalJson({ of: one }) === canonicalJson({ of: other });

/** It goes over where the other member has none under its key, and goes back while it says what it said then. */
export const broughtWhereNone = (type: RecordType): OnMerge => ({
  of: 'member',
  carry: {
    add: (see, key, value) =>
      see.record(type, key) === undefined
        ? { records: [{ type, key, value }], delta: value }
        : undefined,
    back: (see, key, delta) =>
      isSameRecord(see.record(type, key), delta) ? { records: [{ type, key, value: null }] } : {},
  },
});

/** What becomes of records of a type; undefined: no act writes such. */
export const onMergeOf = (type: string): OnMerge | undefined => types.get(type);

/** All types, by name. */
export const recordTypes = (): ReadonlyMap<string, OnMerge> => types;
