// What one request or message may hold: judged by the gateway, and looked at by the client before it sends. Owns: figures.
// Never touches: Node.js, for browsers load it.

import { BATCH_MAX } from '../engine/limits.js';

/** How large what a client sends may be. */
export interface MessageLimits {
  /** Bytes of a body that holds one command. */
  readonly bodyBytesMax: number;
  /** Bytes of a body that holds a batch. */
  readonly batchBytesMax: number;
  /** Commands of one batch. */
  readonly batchItemsMax: number;
  /**
   * How deep a body above `nestingCheckBytes`, or a message in MessagePack, may nest. Smaller bodies cannot do harm: their fields
   * are checked.
   */
  readonly nestingMax: number;
  /** Bytes of one message over a WebSocket: a batch. */
  readonly streamMessageBytesMax: number;
}

/** The limits where no others are set. */
export const MESSAGE_LIMITS: MessageLimits = {
  bodyBytesMax: 1024 * 1024,
  batchBytesMax: 8 * 1024 * 1024,
  batchItemsMax: BATCH_MAX,
  nestingMax: 32,
  streamMessageBytesMax: 8 * 1024 * 1024,
};
