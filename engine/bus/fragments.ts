// Messages between nodes in parts that a NATS server takes. Owns: how a message is cut, and put together again from parts that
// come late, twice, in any order or not at all. Never touches: connections, what is in a message.
//   bus.F1. What join() returns is what split() was given, whole: its length and CRC are checked.
//   bus.F2. Memory for messages of which parts are missing is bounded; a message that is given up is lost, and what needs it
//       asks again.
//   bus.F3. Bytes that are no part are counted and dropped; nothing throws.

import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  MESSAGE_BYTES_MAX,
  UNJOINED_BYTES_MAX,
  UNJOINED_MESSAGES_MAX,
  UNJOINED_MS_MAX,
} from '../limits.js';

const MAGIC = 0x6a66;
/** Version of what nodes say to each other, this head included. */
export const WIRE_VERSION = 2;
/** Magic (2), version (1), nothing (1), sender (8), number (4), index (2), parts (2), bytes (4), CRC (4). */
export const HEAD_BYTES = 28;
const PARTS_MAX = 0xffff;
/** What a part that waits for the others takes beside its bytes, about. */
const PART_BYTES = 256;

/** Cuts messages. One per connection. */
export class Splitter {
  /** Tells this sender's messages from those of others, and of its own earlier life. */
  readonly #sender = randomBytes(8);
  #number = 0;

  /** Is this a part of a message that was cut here? */
  isOwn(part: Uint8Array): boolean {
    return part.length >= HEAD_BYTES && this.#sender.equals(part.subarray(4, 12));
  }

  /** The parts of a message, each of at most `partBytes`. None where it is too large to be sent at all. */
  split(message: Uint8Array, partBytes: number): Uint8Array[] {
    const room = partBytes - HEAD_BYTES;
    const count = Math.max(1, Math.ceil(message.length / room));
    if (message.length > MESSAGE_BYTES_MAX || room < 1 || count > PARTS_MAX) return [];
    const number = this.#number;
    this.#number = (number + 1) >>> 0;
    const crc = crc32(message);
    const parts: Uint8Array[] = [];
    for (let index = 0; index < count; index++) {
      const body = message.subarray(index * room, (index + 1) * room);
      const part = new Uint8Array(HEAD_BYTES + body.length);
      const view = new DataView(part.buffer);
      view.setUint16(0, MAGIC);
      view.setUint8(2, WIRE_VERSION);
      part.set(this.#sender, 4);
      view.setUint32(12, number);
      view.setUint16(16, index);
      view.setUint16(18, count);
      view.setUint32(20, message.length);
      view.setUint32(24, crc);
      part.set(body, HEAD_BYTES);
      parts.push(part);
    }
    return parts;
  }
}

/** A message of which parts are missing. */
interface Unjoined {
  /** By index. */
  readonly parts: Map<number, Uint8Array>;
  readonly count: number;
  readonly total: number;
  readonly crc: number;
  readonly since: number;
  bytes: number;
}

/** Puts messages together. */
export class Joiner {
  /** Oldest first. */
  readonly #unjoined = new Map<string, Unjoined>();
  #bytes = 0;
  /** Parts that were none, and messages that were given up. */
  dropped = 0;
  /** A part of another version of what nodes say, the last one, and when it came. */
  stranger: { readonly version: number; readonly at: number } | undefined;

  /** Takes a part at time `now` (of any clock that only rises). The message, in bytes of its own, where this completes it. */
  join(part: Uint8Array, now: number): Uint8Array | undefined {
    this.#forgetOld(now);
    if (part.length < HEAD_BYTES) return this.#drop();
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    const index = view.getUint16(16);
    const count = view.getUint16(18);
    const total = view.getUint32(20);
    const crc = view.getUint32(24);
    const body = part.slice(HEAD_BYTES);
    const version = view.getUint8(2);
    if (view.getUint16(0) === MAGIC && version !== WIRE_VERSION)
      this.stranger = { version, at: now };
    const isPart =
      view.getUint16(0) === MAGIC &&
      version === WIRE_VERSION &&
      index < count &&
      total <= MESSAGE_BYTES_MAX &&
      body.length <= total;
    if (!isPart) return this.#drop();
    if (count === 1) return body.length === total && crc32(body) === crc ? body : this.#drop();
    const key = `${view.getBigUint64(4)}.${view.getUint32(12)}`;
    const message = this.#unjoined.get(key) ?? this.#begin(key, count, total, crc, now);
    if (message.count !== count || message.total !== total || message.crc !== crc)
      return this.#drop();
    if (message.parts.has(index)) return undefined;
    message.parts.set(index, body);
    message.bytes += body.length;
    this.#bytes += body.length + PART_BYTES;
    if (message.bytes > total) return this.#giveUp(key, message);
    if (message.parts.size === count) return this.#whole(key, message);
    this.#makeRoom();
    return undefined;
  }

  #begin(key: string, count: number, total: number, crc: number, now: number): Unjoined {
    const message = { parts: new Map(), count, total, crc, since: now, bytes: 0 };
    this.#unjoined.set(key, message);
    return message;
  }

  #whole(key: string, message: Unjoined): Uint8Array | undefined {
    this.#forget(key, message);
    const whole = new Uint8Array(message.bytes);
    let at = 0;
    for (let index = 0; index < message.count; index++) {
      const part = message.parts.get(index) as Uint8Array;
      whole.set(part, at);
      at += part.length;
    }
    return at === message.total && crc32(whole) === message.crc ? whole : this.#drop();
  }

  #drop(): undefined {
    this.dropped++;
  }

  #forget(key: string, message: Unjoined): void {
    this.#unjoined.delete(key);
    this.#bytes -= message.bytes + message.parts.size * PART_BYTES;
  }

  #giveUp(key: string, message: Unjoined): undefined {
    this.#forget(key, message);
    return this.#drop();
  }

  #makeRoom(): void {
    for (const [key, message] of this.#unjoined) {
      if (this.#bytes <= UNJOINED_BYTES_MAX && this.#unjoined.size <= UNJOINED_MESSAGES_MAX) return;
      this.#giveUp(key, message);
    }
  }

  #forgetOld(now: number): void {
    for (const [key, message] of this.#unjoined) {
      if (now - message.since < UNJOINED_MS_MAX) return;
      this.#giveUp(key, message);
    }
  }
}
