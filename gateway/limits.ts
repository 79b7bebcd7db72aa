// Every limit of the gateway, with its unit in its name. Owns: figures. Never touches: anything
// else. What the ledger itself limits (legs, ids, amounts, metadata) is in the engine's `limits`.

import { limits as engineLimits } from '../engine/index.js';

/** What one request, and all of them together, may ask of the gateway. */
export interface GatewayLimits {
  /** Bytes of a body that holds one command. */
  readonly bodyBytesMax: number;
  /** Bytes of a body that holds a batch. */
  readonly batchBytesMax: number;
  /** Commands of one batch. */
  readonly batchItemsMax: number;
  /**
   * How deep a body above `nestingCheckBytes` may nest. Smaller ones cannot do harm: their fields
   * are checked.
   */
  readonly nestingMax: number;
  /** Bytes from which a body's nesting is checked before it is parsed. */
  readonly nestingCheckBytes: number;
  /**
   * Bytes of unfinished bodies, over all connections, beyond which a request is refused
   * `SHARD_BUSY`.
   */
  readonly unfinishedBytesMax: number;
  /** The longest that `?timeoutMs` may ask for. */
  readonly timeoutMsMax: number;
  /** How long a stop waits for requests in flight before it closes their connections. */
  readonly drainMs: number;
  /** `Retry-After` of a 503. */
  readonly retryAfterSeconds: number;
  /** WebSockets and event streams that may be open. */
  readonly streamsMax: number;
  /** Those of them that have not shown a key yet. */
  readonly streamsUnknownMax: number;
  /** How long a WebSocket may be open without having shown a key. */
  readonly streamAuthMs: number;
  /** Bytes of one message from a client: a batch. */
  readonly streamMessageBytesMax: number;
  /** A WebSocket over which nothing comes for so long is closed; it is pinged before. 8..960. */
  readonly streamIdleSeconds: number;
  /** Subscriptions of one connection. */
  readonly streamSubscriptionsMax: number;
  /** Batches of one connection that wait for their outcomes. */
  readonly streamBatchesMax: number;
  /** Bytes that wait for one reader, beyond which it is disconnected as too slow. */
  readonly streamBacklogBytesMax: number;
  /** Bytes that wait for all readers together, beyond which each one is disconnected for whom more than `streamPaceBytes` wait. */
  readonly streamsBacklogBytesMax: number;
  /** Bytes that wait for one reader, beyond which the feed that it follows waits. */
  readonly streamPaceBytes: number;
  /** Items of the feed in one message. */
  readonly streamItemsMax: number;
  /** How often an event stream says that it is there. Less than IDLE_TIMEOUT_SECONDS. */
  readonly eventsBeatMs: number;
  /** The longest life of a ticket for a web page. */
  readonly ticketMsMax: number;
}

/** The limits where no others are set. */
export const GATEWAY_LIMITS: GatewayLimits = {
  bodyBytesMax: 1024 * 1024,
  batchBytesMax: 8 * 1024 * 1024,
  batchItemsMax: engineLimits.BATCH_MAX,
  nestingMax: 32,
  nestingCheckBytes: 64 * 1024,
  unfinishedBytesMax: 256 * 1024 * 1024,
  timeoutMsMax: 60_000,
  drainMs: 10_000,
  retryAfterSeconds: 1,
  streamsMax: 20_000,
  streamsUnknownMax: 2_000,
  streamAuthMs: 5_000,
  streamMessageBytesMax: 8 * 1024 * 1024,
  streamIdleSeconds: 60,
  streamSubscriptionsMax: 10_000,
  streamBatchesMax: 64,
  streamBacklogBytesMax: 8 * 1024 * 1024,
  streamsBacklogBytesMax: 512 * 1024 * 1024,
  streamPaceBytes: 256 * 1024,
  streamItemsMax: 256,
  eventsBeatMs: 5_000,
  ticketMsMax: 86_400_000,
};

/**
 * Fixed by the web server, here for the record: a connection that is idle, or whose request arrives
 * slower than 16 KiB/s, is closed after 10 to 14 s; one whose request waits for its answer is not.
 */
export const IDLE_TIMEOUT_SECONDS = 10;

/** The defaults with some replaced; throws where they contradict each other. */
export function gatewayLimits(some: Partial<GatewayLimits> = {}): GatewayLimits {
  const all = { ...GATEWAY_LIMITS, ...some };
  const related: readonly (readonly [boolean, string])[] = [
    [all.bodyBytesMax >= engineLimits.COMMAND_BYTES_MAX, 'a command fits a body'],
    [all.batchBytesMax >= all.bodyBytesMax, 'a batch of one fits a batch'],
    [all.unfinishedBytesMax >= all.batchBytesMax, 'a batch fits the unfinished bodies'],
    [all.batchItemsMax <= engineLimits.MAILBOX_MAX, 'a batch fits the mailbox'],
    [all.streamMessageBytesMax >= all.bodyBytesMax, 'a command fits a message'],
    [all.streamPaceBytes < all.streamBacklogBytesMax, 'a feed waits before it is too slow'],
    [all.streamsBacklogBytesMax > all.streamPaceBytes, 'one reader may be behind'],
    [all.streamIdleSeconds >= 8 && all.streamIdleSeconds <= 960, 'the web server can time it'],
    [all.eventsBeatMs < IDLE_TIMEOUT_SECONDS * 1_000, 'an event stream is not taken for idle'],
    [all.nestingMax > engineLimits.METADATA_DEPTH_MAX + 4, 'metadata fits the nesting'],
  ];
  for (const [holds, what] of related) {
    if (!holds) throw new Error(`the gateway's limits contradict each other: ${what}`);
  }
  return all;
}
