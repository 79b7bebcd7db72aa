// What the thread of a shard's simulation is asked, and what it answers. Owns: the types of its tasks. Never touches: anything else.

import type { CompleteDraft } from './drafts.js';
import type { SimulatedEvent, SimulatedProgramme, SimulationOptions } from './result.js';
import type { Elsewhere } from './sums.js';

/** How far a shard is, in memory that its thread shares: blocks read, and events. */
export const PROGRESS = { blocks: 0, events: 1 } as const;

/** A shard's part of a simulation. */
export interface ShardPart {
  readonly folder: string;
  readonly shard: number;
  readonly shards: number;
  readonly slotMap: Uint16Array;
  /** A folder of its own, for what memory does not hold. */
  readonly scratch: string;
  readonly cacheBytes: number;
  /** Up to this block of the log; undefined: up to its end. */
  readonly upTo: number | undefined;
  /** Block times. */
  readonly from: number;
  readonly to: number;
  /** null: as logged. */
  readonly drafts: readonly CompleteDraft[] | null;
  readonly isUnlimited: boolean;
  /** The only event that is decided again; undefined: all are. */
  readonly event: SimulationOptions['event'];
  /** Where differences are written down, a line each; undefined: nowhere. */
  readonly differences: string | undefined;
  /** Float64, PROGRESS. */
  readonly progress: SharedArrayBuffer;
  /** Int32: not 0: it should end. */
  readonly stop: SharedArrayBuffer;
}

export type ShardTask =
  | { readonly type: 'read'; readonly part: ShardPart }
  /** Sums of members who may be other shards', some of them. */
  | { readonly type: 'elsewhere' }
  | { readonly type: 'add'; readonly sums: readonly Elsewhere[] }
  | { readonly type: 'result' }
  | { readonly type: 'close' };

/** Where a shard's log was read up to, and how many blocks that took. */
export interface ReadUp {
  readonly seq: number;
  readonly asLogged: number;
  /** The one that was asked for. */
  readonly event?: SimulatedEvent | undefined;
  /** What is wrong with the drafts, as of when the period begins; undefined: nothing. */
  readonly problem?: { readonly draft: number; readonly field: string; readonly detail: string };
}

export interface ShardAnswers {
  readonly read: ReadUp;
  /** The next ones; none: that was all. */
  readonly elsewhere: readonly Elsewhere[];
  readonly add: undefined;
  readonly result: readonly SimulatedProgramme[];
  readonly close: undefined;
}
