// Packed batches of the client. Owns: what it needs of the platform for them, where they go. Never touches: Node.js, the bytes.

import type { BatchSize, BatchWriter } from '../../engine/protocol/batch-writer.js';
import type { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import type { MessageLimits } from '../message-limits.js';
import { newId } from './ids.js';

/** Content types of a packed batch, and of its outcomes. */
export const COMMANDS_TYPE = 'application/vnd.jifen.commands';
export const OUTCOMES_TYPE = 'application/vnd.jifen.outcomes';

/** Packing, which takes what only Node.js has. */
export interface Packing {
  readonly BatchWriter: typeof BatchWriter;
  /** How many commands a batch has; undefined: it is none. */
  readonly countIn: (batch: Uint8Array) => number | undefined;
  /** The ids of its commands, by place. */
  readonly idsIn: (batch: Uint8Array) => (place: number) => string | undefined;
}

/** A writer whose batches the server takes. `submit`: sends one. */
export function writerOf<Options>(
  packing: Packing | undefined,
  { batchItemsMax, batchBytesMax }: MessageLimits,
  submit: (bytes: Uint8Array, options: Options | undefined) => Promise<OutcomesInBytes>,
  { commandsMax = batchItemsMax, bytesMax = batchBytesMax }: BatchSize = {},
): BatchWriter<OutcomesInBytes, Options> {
  const { BatchWriter: Writer } = packingOf(packing);
  const send = (bytes: Uint8Array, _count: number, options: Options | undefined) =>
    submit(bytes, options);
  return new Writer(newId, send, { commandsMax, bytesMax });
}

export function packingOf(packing: Packing | undefined): Packing {
  if (packing === undefined) throw new TypeError('packed batches are for Node.js');
  return packing;
}
