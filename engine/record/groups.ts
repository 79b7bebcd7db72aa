// Blocks of a local log in the groups in which they are appended. Owns: how many go together. Never touches: where they go.

import { RECORD_GROUP_BYTES } from '../limits.js';
import { CorruptionError } from '../store/errors.js';
import { verifiedBlock } from '../store/verified-block.js';

/** Blocks from `first` to `last`, in order, each verified. Throws CorruptionError where one is missing or damaged. */
export function* blockGroups(
  read: (seq: number) => Uint8Array | undefined,
  first: number,
  last: number,
): Generator<readonly Uint8Array[]> {
  for (let seq = first; seq <= last; ) {
    const group: Uint8Array[] = [];
    for (let bytes = 0; seq <= last && bytes < RECORD_GROUP_BYTES; seq++) {
      const block = read(seq);
      if (block === undefined) throw new CorruptionError('log', `block ${seq}`, 'is missing');
      verifiedBlock(block, seq);
      bytes += block.length;
      group.push(block);
    }
    yield group;
  }
}
