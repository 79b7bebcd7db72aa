// Allotments: points of a scarce owner, its pool, that lie on other shards. Owns: their names. Never touches: state.
//   protocol.AL1. `#budget:spring@3` is what `#budget:spring` has lent to slot 3, and lies in that slot, wherever the slot is.

import { OWNER_LENGTH_MAX, SLOTS } from '../limits.js';
import { allottedSlot } from './hash.js';

const MARK = '@';
/** Characters of the name of a pool that may be spread. */
export const POOL_LENGTH_MAX = OWNER_LENGTH_MAX - `${MARK}${SLOTS - 1}`.length;

/** Is this the name of an allotment? */
export const isAllotment = (owner: string): boolean => allottedSlot(owner) >= 0;

/** Whose allotment it is; of anybody else, the same owner. */
export const poolOf = (owner: string): string =>
  isAllotment(owner) ? owner.slice(0, owner.lastIndexOf(MARK)) : owner;

/** The allotment of a pool in a slot; undefined: its name is too long to be spread. */
export const allotmentOf = (pool: string, slot: number): string | undefined =>
  pool.length > POOL_LENGTH_MAX ? undefined : `${pool}${MARK}${slot}`;

/** The id of an act of a pool or an allotment: no caller can give it (syntax.ts). */
export const poolActId = (act: string, key: string, epoch: number): string =>
  `#${act}:${key}:${epoch}`;

/** Is it one, by its first character? */
export const isPoolActId = (id: string): boolean => id.charCodeAt(0) === 35;
