// An owner's name as bytes, wherever they lie: in a command, in a page, in its own buffer. Owns: comparing, hashing.
// Never touches: what the name stands for.

import { OWNER_LENGTH_MAX } from '../limits.js';
import { ownerHashBytes } from './hash.js';

/** Flat, where joining character by character would leave a tree to be flattened by whoever looks at it. */
const { latin1Slice } = Buffer.prototype;
const NOTHING: Uint8Array = new Uint8Array(0);
const SYSTEM_MARK = 64; // @
const SCARCE_MARK = 35; // #

/** A name in ASCII. It points at bytes that belong to others, who must leave them as they are while it is used. */
export class Name {
  bytes = NOTHING;
  start = 0;
  length = 0;
  /** The owner hash: unsigned. */
  hash = 0;
  #own = NOTHING;

  /** The name that a text spells. */
  static of(text: string): Name {
    const name = new Name();
    name.setText(text);
    return name;
  }

  /** Points at `length` bytes from `start` on. */
  setAt(bytes: Uint8Array, start: number, length: number): void {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.hash = ownerHashBytes(bytes, start, length);
  }

  /** Points where another one points. */
  setLike(other: Name): void {
    this.bytes = other.bytes;
    this.start = other.start;
    this.length = other.length;
    this.hash = other.hash;
  }

  /** Spells a text, in bytes of its own. */
  setText(text: string): void {
    const { length } = text;
    if (this.#own.length < length) this.#own = new Uint8Array(Math.max(length, OWNER_LENGTH_MAX));
    for (let i = 0; i < length; i++) this.#own[i] = text.charCodeAt(i);
    this.setAt(this.#own, 0, length);
  }

  equals(other: Name): boolean {
    return this.hash === other.hash && this.isAt(other.bytes, other.start, other.length);
  }

  /** Do these bytes spell it? */
  isAt(bytes: Uint8Array, start: number, length: number): boolean {
    if (length !== this.length) return false;
    const mine = this.bytes;
    const from = this.start;
    for (let i = 0; i < length; i++) if (mine[from + i] !== bytes[start + i]) return false;
    return true;
  }

  get isSystem(): boolean {
    return this.length > 0 && this.bytes[this.start] === SYSTEM_MARK;
  }

  get isScarce(): boolean {
    return this.length > 0 && this.bytes[this.start] === SCARCE_MARK;
  }

  /** The name as a text, made anew each time. */
  get text(): string {
    return asciiText(this.bytes, this.start, this.length);
  }
}

/** `length` bytes of ASCII as a text. */
export function asciiText(bytes: Uint8Array, start: number, length: number): string {
  return latin1Slice.call(bytes as Buffer, start, start + length);
}
