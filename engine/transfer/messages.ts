// What shards say to each other. Owns: the shapes. Never touches: how it gets there.

import type {
  ActCommand,
  DecisionCommand,
  DeliveredCommand,
  PrepareCommand,
} from '../protocol/commands.js';

/**
 * What is for another shard: said of a command, an act of a pool that is asked for; or packed: a follow-up, or that a pool has got points. The bytes
 * in it may be views of what is being read.
 */
export type Outgoing =
  | {
      readonly to: number;
      readonly command: PrepareCommand | DecisionCommand | DeliveredCommand | ActCommand;
    }
  | { readonly to: number; readonly packed: Uint8Array };

/** Commands for one shard (it may be the sender), one after the other: what it will log. */
export interface Message {
  readonly to: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}
