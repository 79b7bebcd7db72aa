// Which shard is this, and where do owners live? Owns: the slot map as the ledger sees it. Never touches: files.

import { SLOTS } from '../../limits.js';

/** What the names of the stripes begin with on which points stand that went to or came from another shard. */
export const TRANSIT_STRIPES = '@transit:';

/** The stripe of another shard. */
export const transitOwner = (shard: number): string => `${TRANSIT_STRIPES}${shard}`;

export interface Places {
  /** This shard. */
  readonly shard: number;
  readonly shards: number;
  /** The shard of an owner hash. */
  shardOf(hash: number): number;
}

/** A ledger that is all there is. */
export const ALONE: Places = { shard: 0, shards: 1, shardOf: () => 0 };

/** One shard of several. */
export function placesOf(shard: number, shards: number, slotMap: ArrayLike<number>): Places {
  return { shard, shards, shardOf: (hash) => slotMap[hash & (SLOTS - 1)] as number };
}
