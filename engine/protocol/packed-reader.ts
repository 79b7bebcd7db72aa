// JSON values out of MessagePack, as a PackedWriter has written them. Owns: how they are read where they lie. Never touches: what they mean.
//   protocol.P30. What is read is what a library reads from the same bytes; what no PackedWriter writes is left to that.

import { asciiText } from './name.js';

/** Texts that are read again and again: names of fields, keys, reasons. By length, first and last characters. */
export const KNOWN = 1024;
export const KNOWN_LENGTH_MAX = 24;

type Named = Record<string, unknown>;

const utf8Slice = Buffer.prototype.utf8Slice as (start: number, end: number) => string;

/** In place of a value: it is, or has in it, what no PackedWriter writes. */
export const OTHER = Symbol('another value');

/** Eight bytes, and the number that they are: a view of all that is read would be made anew for each buffer. */
const float = new Uint8Array(8);
const floatView = new DataView(float.buffer);

export class PackedReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #known: (string | undefined)[] = new Array(KNOWN);

  /** The value at `start`, which ends at `end`; or OTHER. */
  read(bytes: Uint8Array, start: number, end: number): unknown {
    this.#bytes = bytes;
    this.#at = start;
    const value = this.#value();
    return this.#at === end ? value : OTHER;
  }

  #value(): unknown {
    const head = this.#bytes[this.#at++] as number;
    if (head < 0x80) return head;
    if (head < 0x90) return this.#object(head & 15);
    if (head < 0xa0) return this.#list(head & 15);
    if (head < 0xc0) return this.#text(head & 31);
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xff:
        return -1;
      default:
        return this.#wide(head);
    }
  }

  #wide(head: number): unknown {
    switch (head) {
      case 0xcb:
        return this.#float();
      case 0xcc:
        return this.#whole(1);
      case 0xcd:
        return this.#whole(2);
      case 0xce:
        return this.#whole(4);
      case 0xd9:
        return this.#text(this.#whole(1));
      case 0xda:
        return this.#text(this.#whole(2));
      case 0xdc:
        return this.#list(this.#whole(2));
      case 0xde:
        return this.#object(this.#whole(2));
      default:
        return OTHER;
    }
  }

  /** A whole number of so many bytes. Bytes that are not there are no number, which nothing takes for the value that ends here. */
  #whole(length: number): number {
    const bytes = this.#bytes;
    const end = this.#at + length;
    let value = 0;
    for (let at = this.#at; at < end; at++) value = value * 0x100 + (bytes[at] as number);
    this.#at = end;
    return value;
  }

  #float(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < 8; i++) float[i] = bytes[at + i] as number;
    this.#at = at + 8;
    return floatView.getFloat64(0);
  }

  #list(length: number): unknown {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) {
      const value = this.#value();
      if (value === OTHER) return OTHER;
      list.push(value);
    }
    return list;
  }

  #object(count: number): unknown {
    const object: Named = {};
    for (let i = 0; i < count; i++) {
      const name = this.#value();
      if (typeof name !== 'string' || name === '__proto__') return OTHER;
      const value = this.#value();
      if (value === OTHER) return OTHER;
      object[name] = value;
    }
    return object;
  }

  #text(length: number): string {
    const bytes = this.#bytes;
    const start = this.#at;
    const end = start + length;
    this.#at = end;
    if (length > KNOWN_LENGTH_MAX || length === 0) return textIn(bytes, start, end);
    const place = knownPlace(bytes, start, length);
    const known = this.#known[place];
    if (known !== undefined && isAt(bytes, start, length, known)) return known;
    const text = textIn(bytes, start, end);
    if (text.length === length) this.#known[place] = text;
    return text;
  }
}

/** Where a text of these bytes is remembered. */
export function knownPlace(bytes: Uint8Array, start: number, length: number): number {
  const [first, last] = [bytes[start] as number, bytes[start + length - 1] as number];
  const middle = bytes[start + (length >> 1)] as number;
  return (length * 31 + first * 7 + middle * 131 + last * 17) & (KNOWN - 1);
}

/** The text of bytes in UTF-8. */
export function textIn(bytes: Uint8Array, start: number, end: number): string {
  for (let i = start; i < end; i++)
    if ((bytes[i] as number) > 0x7f) return utf8Slice.call(bytes as Buffer, start, end);
  return asciiText(bytes, start, end - start);
}

/** Do these bytes say that text? */
export function isAt(bytes: Uint8Array, start: number, length: number, text: string): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Where the value at `at` ends, which is not read; -1: it is, or has in it, what no PackedWriter writes. */
export function valueEnd(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number;
  const next = at + 1;
  if (head < 0x80) return next;
  if (head < 0x90) return valuesEnd(bytes, next, 2 * (head & 15));
  if (head < 0xa0) return valuesEnd(bytes, next, head & 15);
  if (head < 0xc0) return next + (head & 31);
  const two = (): number => ((bytes[next] as number) << 8) | (bytes[next + 1] as number);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
    case 0xff:
      return next;
    case 0xcb:
      return next + 8;
    case 0xcc:
      return next + 1;
    case 0xcd:
      return next + 2;
    case 0xce:
      return next + 4;
    case 0xd9:
      return next + 1 + (bytes[next] as number);
    case 0xda:
      return next + 2 + two();
    case 0xdc:
      return valuesEnd(bytes, next + 2, two());
    case 0xde:
      return valuesEnd(bytes, next + 2, 2 * two());
    default:
      return -1;
  }
}

/** Where so many values end, the first of which is at `at`. */
export function valuesEnd(bytes: Uint8Array, at: number, count: number): number {
  let end = at;
  for (let i = 0; i < count && end >= 0; i++) end = valueEnd(bytes, end);
  return end;
}
