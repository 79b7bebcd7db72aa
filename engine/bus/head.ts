// What goes between shards of different processes, as bytes. Owns: the head. Never touches: connections.

import type { Standing } from './seen.js';

const MAGIC = 0x6a62;
/** Magic (2), kind (1), nothing (1), sender (2), receiver (2), commands (4), durable and first block (8 each), session (8), incarnation (16). */
const HEAD_BYTES = 52;
const INCARNATION_AT = 36;
const INCARNATION_BYTES = 16;
const VERDICT_BYTES = 16;

export const KIND = {
  /** Prepares and decisions. */
  parcel: 0,
  /** Here I am: what do you say of me? */
  hello: 1,
  /** That. */
  verdict: 2,
} as const;

/** A message of another shard. */
export interface Foreign {
  readonly kind: number;
  readonly from: number;
  readonly to: number;
  /** Commands in it. */
  readonly count: number;
  readonly standing: Standing;
  readonly bytes: Uint8Array;
}

/** A message with its head. */
export function packForeign({ kind, from, to, count, standing, bytes }: Foreign): Uint8Array {
  const message = new Uint8Array(HEAD_BYTES + bytes.length);
  const view = new DataView(message.buffer);
  view.setUint16(0, MAGIC);
  view.setUint8(2, kind);
  view.setUint16(4, from);
  view.setUint16(6, to);
  view.setUint32(8, count);
  view.setFloat64(12, standing.durableSeq);
  view.setFloat64(20, standing.openedSeq);
  view.setFloat64(28, standing.session);
  message.set(Buffer.from(standing.incarnation, 'hex'), INCARNATION_AT);
  message.set(bytes, HEAD_BYTES);
  return message;
}

/** A message without its head; undefined: it is none for this shard of so many. */
export function unpackForeign(
  message: Uint8Array,
  to: number,
  shards: number,
): Foreign | undefined {
  if (message.length < HEAD_BYTES) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const kind = view.getUint8(2);
  const from = view.getUint16(4);
  const count = view.getUint32(8);
  const [durableSeq, openedSeq, session] = [12, 20, 28].map((at) => view.getFloat64(at)) as [
    number,
    number,
    number,
  ];
  const isForeign =
    view.getUint16(0) === MAGIC &&
    kind <= KIND.verdict &&
    view.getUint16(6) === to &&
    from < shards &&
    from !== to &&
    (kind === KIND.parcel) === count > 0 &&
    [durableSeq, openedSeq, session].every((n) => Number.isSafeInteger(n) && n >= 0) &&
    openedSeq <= durableSeq;
  if (!isForeign) return undefined;
  const incarnation = Buffer.from(
    message.subarray(INCARNATION_AT, INCARNATION_AT + INCARNATION_BYTES),
  ).toString('hex');
  const standing = { incarnation, session, openedSeq, durableSeq };
  return { kind, from, to, count, standing, bytes: message.slice(HEAD_BYTES) };
}

/** What a shard says of the life of another: -1: believed, else the block up to which it was seen. */
export function packVerdict(session: number, seenSeq: number): Uint8Array {
  const bytes = new Uint8Array(VERDICT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, session);
  view.setFloat64(8, seenSeq);
  return bytes;
}

/** Undefined: it is none. */
export function unpackVerdict(
  bytes: Uint8Array,
): { readonly session: number; readonly seenSeq: number } | undefined {
  if (bytes.length !== VERDICT_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [session, seenSeq] = [view.getFloat64(0), view.getFloat64(8)];
  return Number.isSafeInteger(session) && Number.isSafeInteger(seenSeq) && seenSeq >= -1
    ? { session, seenSeq }
    : undefined;
}
