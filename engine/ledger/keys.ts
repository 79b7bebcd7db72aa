// What a command is known by. Owns: which owner is its home owner, the key of its id. Never touches: state.

import type { Tuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import { murmur3, murmur3Bytes, ownerHash } from '../protocol/hash.js';
import { OP } from '../protocol/layout.js';
import type { Name } from '../protocol/name.js';
import { isSystemOwner } from '../protocol/syntax.js';

const SECOND_LANE = 0x5bd1e995;
/** Place of the id in every command's tuple. */
const ID = 2;
/** First place of the legs in a transfer's tuple, and places per leg. */
export const LEGS = 11;
export const LEG = 5;
/** Place of the owner whom a transfer's condition is about. */
export const CONDITION = 7;
/** Place of a transfer's follow-ups. */
export const FOLLOW_UPS = 10;

/** Place of the owner in the tuples of commands that have one home owner by name. */
const OWNER_PLACE: number[] = new Array(64).fill(3);
for (const type of ['hold', 'capture', 'release', 'reverse'] as const) OWNER_PLACE[OP[type]] = 7;

/** The home owner of a logged command. */
export function homeOwnerOfTuple(tuple: Tuple): string {
  if (tuple[1] !== OP.transfer) return tuple[OWNER_PLACE[tuple[1] as number] as number] as string;
  for (let i = LEGS; i < tuple.length; i += LEG) {
    if (!isSystemOwner(tuple[i] as string)) return tuple[i] as string;
    if (!isSystemOwner(tuple[i + 1] as string)) return tuple[i + 1] as string;
  }
  return tuple[LEGS] as string;
}

const SYSTEM_MARK = 64; // @

/** The place that names the home owner of a command. */
export function homePlace(command: CommandView): number {
  if (command.op !== OP.transfer) return OWNER_PLACE[command.op] as number;
  const { bytes, count } = command;
  for (let i = LEGS; i < count; i += LEG) {
    if (bytes[command.textStart(i)] !== SYSTEM_MARK) return i;
    if (bytes[command.textStart(i + 1)] !== SYSTEM_MARK) return i + 1;
  }
  return LEGS;
}

/** The 64-bit key of an owner's id. */
export class Key {
  hi = 0;
  lo = 0;

  set(owner: string, id: string): void {
    this.hi = murmur3(id, ownerHash(owner) ^ SECOND_LANE) | 0;
    this.lo = murmur3(id, murmur3(owner, SECOND_LANE)) | 0;
  }

  /** The id of a command of this home owner. */
  setCommand(home: Name, command: CommandView): void {
    const { bytes } = command;
    const start = command.textStart(ID);
    const length = command.textLength(ID);
    const second = murmur3Bytes(home.bytes, home.start, home.length, SECOND_LANE);
    this.hi = murmur3Bytes(bytes, start, length, home.hash ^ SECOND_LANE) | 0;
    this.lo = murmur3Bytes(bytes, start, length, second) | 0;
  }
}
