// The log of record of a shard that is kept elsewhere. Owns: what is asked of one, what it answers. Never touches: how it keeps blocks.
//   record.R1. Fence and append are one transaction: what the holder of an older epoch appends is refused, whatever it believed.
//   record.R2. Taking over is a higher epoch. No lease, no clock, no connection is believed.
//   record.R3. What append() and confirm() answer is durable in two places, unless the operator goes without the second.
//   record.R4. A shard has one append or confirm under way.

/** A block as it is known where the next one is appended to it. */
export interface Position {
  /** 0: before the first block. */
  readonly seq: number;
  /** The block's hash; of seq 0: 32 zeros. */
  readonly hash: Uint8Array;
  /** Its block time, ms since 1970. */
  readonly time: number;
}

/** Before the first block. */
export const BEFORE_FIRST: Position = { seq: 0, hash: new Uint8Array(32), time: 0 };

/** Who may append to a shard. */
export interface Holding {
  /** Rises with every taking over, and after every outcome that was not known. 0: nobody has ever held it. */
  readonly epoch: number;
  /** The opening that holds it: a UUID, made anew for each. Empty: nobody. */
  readonly holder: string;
  /** What the holder calls itself. */
  readonly node: string;
}

/** A seat that is judged where a shard is taken over (../failover): only its own life, in its term, may. */
export interface SeatOf {
  readonly node: string;
  readonly life: string;
  readonly term: number;
}

/** The log of record of one shard. Every call may throw RecordError. */
export interface LogOfRecord {
  /** Who holds the shard. */
  holding(): Promise<Holding>;
  /** The last block. */
  head(): Promise<Position>;
  /**
   * Becomes the holder in the place of the one that was `seen`, with an epoch of `least` or more, and answers the epoch. Throws FencedError where
   * somebody else has come first. With a seat that decides: where that is another's; and answers undefined where the holder changed since, though
   * the seat did not.
   */
  takeOver(seen: Holding, least: number): Promise<number | undefined>;
  /**
   * Appends blocks behind `before`. Resolves when they are durable where R3 says. Throws FencedError when another one has taken over,
   * RolledBackError when the log of record does not end with `before` any more and cannot be brought there.
   */
  append(before: Position, blocks: readonly Uint8Array[]): Promise<void>;
  /** Resolves when it is certain that at the time of this call the log ended with `at`, and nobody else had taken over. Throws as append. */
  confirm(at: Position): Promise<void>;
  /** The hash and time of a block; undefined: there is none. */
  position(seq: number): Promise<Position | undefined>;
  /** Blocks from `seq` on, in order, some of them, not verified; empty: there is none. */
  read(seq: number): Promise<Uint8Array[]>;
  close(): Promise<void>;
}

/** The log of record cannot be used as it is: its server, its schema, its rights, what is in it. */
export class RecordError extends Error {
  constructor(what: string, cause?: unknown) {
    super(`log of record: ${what}`, cause === undefined ? undefined : { cause });
    this.name = 'RecordError';
  }
}

/** Another opening of the shard has taken over: this one may neither append nor answer any more. */
export class FencedError extends RecordError {
  constructor(shard: number, by: string) {
    super(`shard ${shard} was taken over by ${by}; this process holds it no more`);
    this.name = 'FencedError';
  }
}

/** The log of record lacks blocks that were acknowledged, or has others in their place. */
export class RolledBackError extends RecordError {
  constructor(shard: number, what: string) {
    super(`SHARD_ROLLED_BACK: shard ${shard}: ${what}`);
    this.name = 'RolledBackError';
  }
}
