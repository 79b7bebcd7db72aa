// The key of a command's id in the index. Owns: how it is made. Never touches: state.

import type { CommandView } from '../protocol/command-view.js';
import { murmur3, murmur3Bytes, ownerHash } from '../protocol/hash.js';
import { PLACES } from '../protocol/layout.js';
import type { Name } from '../protocol/name.js';

const SECOND_LANE = 0x5bd1e995;
const { id: ID } = PLACES.transfer;

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
