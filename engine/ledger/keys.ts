// What a command is known by. Owns: which owner is its home owner, the key of its id. Never touches: state.

import { OP, type Tuple } from '../protocol/codec.js';
import { murmur3, ownerHash } from '../protocol/hash.js';
import { isSystemOwner } from '../protocol/validate.js';

const SECOND_LANE = 0x5bd1e995;

/** Place of the owner in the tuples of commands that have one home owner by name. */
const OWNER_PLACE: number[] = new Array(64).fill(3);
for (const type of ['hold', 'capture', 'release', 'reverse'] as const) OWNER_PLACE[OP[type]] = 7;

/** The home owner of a logged command. */
export function homeOwnerOfTuple(tuple: Tuple): string {
  if (tuple[1] !== OP.transfer) return tuple[OWNER_PLACE[tuple[1] as number] as number] as string;
  for (let i = 10; i < tuple.length; i += 5) {
    if (!isSystemOwner(tuple[i] as string)) return tuple[i] as string;
    if (!isSystemOwner(tuple[i + 1] as string)) return tuple[i + 1] as string;
  }
  return tuple[10] as string;
}

/** An owner, and the 64-bit key of an id of theirs. */
export class Key {
  owner = '';
  hash = 0;
  hi = 0;
  lo = 0;

  /** The home owner and the id of a command. */
  setCommand(tuple: Tuple): void {
    this.set(homeOwnerOfTuple(tuple), tuple[2] as string);
  }

  set(owner: string, id: string): void {
    const hash = ownerHash(owner);
    this.owner = owner;
    this.hash = hash;
    this.hi = murmur3(id, hash ^ SECOND_LANE) | 0;
    this.lo = murmur3(id, murmur3(owner, SECOND_LANE)) | 0;
  }
}
