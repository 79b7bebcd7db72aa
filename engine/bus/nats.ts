// The bus between processes. Owns: one connection of a shard's thread, the subject of each shard, the head of what is sent.
// Never touches: the main thread; prepares and decisions themselves.
//   Q3. What comes is untrusted: it reaches the shard only where head and commands are what they should be.

import type { Bus } from './bus.js';
import { type BusFigures, Connection } from './connection.js';

const MAGIC = 0x6a62;
/** Magic (2), sender (2), receiver (2), nothing (2), commands (4), sender's durable block (8), incarnation (16). */
const HEAD_BYTES = 36;
const INCARNATION_BYTES = 16;

/** How a shard's thread gets to the others' through NATS. */
export interface NatsWay {
  readonly url: string;
  /** What all subjects begin with. */
  readonly prefix: string;
  /** The node that this shard is on. */
  readonly node: string;
}

/** A shard's standing, which goes along with everything that it sends. */
export interface Standing {
  readonly durableSeq: number;
  /** Hex, of 16 bytes: made with the shard. */
  readonly incarnation: string;
}

/** A message of another shard. */
export interface Foreign extends Standing {
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** The subject of a shard. */
export const shardSubject = (prefix: string, shard: number): string => `${prefix}.shard.${shard}`;

/** A message with its head. */
export function packForeign(
  from: number,
  to: number,
  standing: Standing,
  bytes: Uint8Array,
  count: number,
): Uint8Array {
  const message = new Uint8Array(HEAD_BYTES + bytes.length);
  const view = new DataView(message.buffer);
  view.setUint16(0, MAGIC);
  view.setUint16(2, from);
  view.setUint16(4, to);
  view.setUint32(8, count);
  view.setFloat64(12, standing.durableSeq);
  message.set(Buffer.from(standing.incarnation, 'hex'), 20);
  message.set(bytes, HEAD_BYTES);
  return message;
}

/** A message without its head; undefined: it is none for this shard of so many. */
export function unpackForeign(
  message: Uint8Array,
  to: number,
  shards: number,
): Foreign | undefined {
  if (message.length <= HEAD_BYTES) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const from = view.getUint16(2);
  const count = view.getUint32(8);
  const durableSeq = view.getFloat64(12);
  const isForeign =
    view.getUint16(0) === MAGIC &&
    view.getUint16(4) === to &&
    from < shards &&
    from !== to &&
    count > 0 &&
    Number.isSafeInteger(durableSeq) &&
    durableSeq >= 0;
  if (!isForeign) return undefined;
  const incarnation = Buffer.from(message.subarray(20, 20 + INCARNATION_BYTES)).toString('hex');
  return { from, count, durableSeq, incarnation, bytes: message.slice(HEAD_BYTES) };
}

interface Settings extends NatsWay {
  readonly shard: number;
  readonly shards: number;
  /** Asked for every message that leaves. */
  readonly standing: () => Standing;
  /** Is this what shards say to each other, and from one that may? */
  readonly isSound: (foreign: Foreign) => boolean;
}

export class NatsBus implements Bus {
  readonly #settings: Settings;
  readonly #connection: Connection;

  constructor(settings: Settings) {
    this.#settings = settings;
    const name = `${settings.prefix} ${settings.node} shard ${settings.shard}`;
    this.#connection = new Connection({ url: settings.url, name });
    this.#connection.seek();
  }

  get figures(): BusFigures {
    return this.#connection.figures;
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    const { prefix, shard, standing } = this.#settings;
    this.#connection.publish(
      shardSubject(prefix, to),
      packForeign(shard, to, standing(), bytes, count),
    );
  }

  receive(take: (bytes: Uint8Array, count: number) => void): void {
    const { prefix, shard, shards, isSound } = this.#settings;
    this.#connection.subscribe(shardSubject(prefix, shard), ({ bytes }) => {
      const foreign = unpackForeign(bytes, shard, shards);
      if (foreign === undefined || !isSound(foreign)) this.#connection.rejected();
      else take(foreign.bytes, foreign.count);
    });
  }

  close(): void {
    this.#connection.close();
  }
}
