// What shards say to each other. Owns: the shapes. Never touches: how it gets there.

/** A packed prepare or decision for another shard. */
export interface Outgoing {
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Prepares and decisions for one shard, one after the other: what it will log. */
export interface Message {
  readonly to: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}
