// What shards say to each other. Owns: the shapes. Never touches: how it gets there.

import type { DecisionCommand, PrepareCommand } from '../protocol/commands.js';

/** A prepare or decision for another shard. The bytes in it may be views of what is being read. */
export interface Outgoing {
  readonly to: number;
  readonly command: PrepareCommand | DecisionCommand;
}

/** Prepares and decisions for one shard, one after the other: what it will log. */
export interface Message {
  readonly to: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}
