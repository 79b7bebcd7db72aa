// Which types of entries a record may have. Owns: that table, by rules of each version. Never touches: the entries.

import { RESERVE_ENTRIES_VERSION } from '../protocol/block.js';
import { ENTRY } from '../protocol/effects.js';
import { OP } from '../protocol/layout.js';

type Types = readonly number[];

const NONE: Types = [];
/** Types of entries that a command may have, by op; of a prepare or decision, by that of the command that it carries. */
const TYPES: Partial<Record<number, Types>> = {
  [OP.transfer]: [ENTRY.transfer],
  [OP.hold]: [ENTRY.hold],
  [OP.capture]: [ENTRY.capture],
  [OP.release]: [ENTRY.release],
  [OP.reverse]: [ENTRY.reverse, ENTRY.expire],
  [OP['extend-lots']]: [ENTRY.extend],
  [OP['confirm-pending']]: [ENTRY.release],
  [OP.tick]: [ENTRY.release, ENTRY.expire],
};
/** The same of what may open something between shards. */
const OPENING: Partial<Record<number, Types>> = {
  [OP.transfer]: [ENTRY.transfer, ENTRY.reserve],
  [OP.capture]: [ENTRY.capture, ENTRY.reserve],
  [OP.reverse]: [ENTRY.reverse, ENTRY.expire, ENTRY.reserve],
};
/** Of a decision that is a refusal; what a reversal had brought back expires again. */
const FREED: Types = [ENTRY.free, ENTRY.expire];

/** Types of entries of a record of this op, in a block by rules of this version. `carried`: the op of the command that it is about. */
export function typesOf(
  op: number,
  carried: number | undefined,
  refusal: number,
  rules: number,
): Types {
  const types = TYPES[carried ?? 0] ?? NONE;
  if (rules < RESERVE_ENTRIES_VERSION) return types;
  if (op === OP.decision) return refusal === 0 ? types : FREED;
  return OPENING[carried ?? 0] ?? types;
}

/** Is it of a reserve, or of what is freed of one? */
export const isOfReserve = (type: number): boolean => type === ENTRY.reserve || type === ENTRY.free;
