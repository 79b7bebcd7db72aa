// What `verify` says of a log that was written in memory. Owns: the log as it would be on a disk, hashed and chained. Never touches: the audit.

import { IdSet } from '../../engine/audit/id-set.js';
import { LogCheck } from '../../engine/audit/log-check.js';
import { type Waiting, waitingFault } from '../../engine/audit/state-check.js';
import { SLOTS } from '../../engine/limits.js';
import { BlockView, blockBytes, HASH_BYTES, writeBlock } from '../../engine/protocol/block.js';
import { hashOf } from '../../engine/store/verified-block.js';

/** Never more ids than fit memory: nothing is put there. */
const NOWHERE = '/nonexistent/ids';

/**
 * The first thing that is wrong with the blocks of one of so many shards; undefined: nothing is. `waiting`: what the shard says that waits for
 * others.
 */
export function auditFault(
  blocks: readonly Uint8Array[],
  shard: number,
  slotMap: readonly number[],
  waiting?: Waiting,
): string | undefined {
  const check = new LogCheck({ shard, slotMap: Uint16Array.from(slotMap) }, new IdSet(NOWHERE));
  for (const [i, block] of chained(blocks, shard).entries()) {
    try {
      check.add(block);
    } catch (error) {
      return `shard ${shard}, block ${i + 1}: ${(error as Error).message}`;
    }
  }
  return waiting && waitingFault(waiting, check.books);
}

/** Blocks as they would be on a disk. */
export function chained(blocks: readonly Uint8Array[], shard: number): Uint8Array[] {
  let previous: Uint8Array = new Uint8Array(HASH_BYTES);
  return blocks.map((bytes) => {
    const { header, commands, effects } = new BlockView(bytes);
    const block = new Uint8Array(blockBytes(commands.length, effects.u8.length));
    const hashed = writeBlock(block, { ...header, shard }, previous, commands, effects.u8);
    previous = hashOf(block.subarray(0, hashed));
    block.set(previous, hashed);
    return block;
  });
}

/** The slot map of so many shards in memory. */
export const slotMapOf = (shards: number): number[] =>
  Array.from({ length: SLOTS }, (_, slot) => slot % shards);
