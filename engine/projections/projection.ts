// What a projection is: something that is worked out of the log, beside the shards. Owns: the shapes. Never touches: logs, threads.

import type { BlockView } from '../protocol/block.js';

/** How far a projection has looked at a shard's log. */
export interface Position {
  /** The last block; 0: none. */
  readonly seq: number;
  /** Its hash, hex: a log that was put back to an earlier copy has another one there. */
  readonly hash: string;
  /** Its time, milliseconds since 1970. */
  readonly time: number;
}

/** Before the first block. */
export const NOWHERE: Position = { seq: 0, hash: '', time: 0 };

/** Gives a block of a shard's log that was looked at before. */
export type ReadBlock = (shard: number, seq: number) => BlockView;

/**
 * Something that follows the log and answers questions.
 *   projections.J1. What it has stored is exact as of the positions that are stored with it, in one commit: after whatever end of the
 *       process it goes on from there.
 *   projections.J2. It follows from the logs alone: thrown away and made anew, it is the same.
 */
export interface Projection {
  /** Of its file. */
  readonly name: string;
  /** Up to where it is exact. */
  position(shard: number): Position;
  /** Takes what a block says, the next one of its shard; nothing is stored yet. */
  take(block: BlockView): void;
  /** How much was taken that is not stored: in changes. */
  readonly pending: number;
  /** Stores what was taken, and up to where, in one commit. Returns whether there is more to be tidied. */
  commit(positions: ReadonlyMap<number, Position>): boolean;
  /** What is asked of it, between two commits. */
  answer(question: unknown): unknown;
  /** Throws away all that it has stored. */
  clear(): void;
  close(): Promise<void>;
}
