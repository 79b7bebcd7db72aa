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

export class PackedReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  readonly #known: (string | undefined)[] = new Array(KNOWN);

  /** The value at `start`, which ends at `end`; or OTHER. */
  read(bytes: Uint8Array, start: number, end: number): unknown {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
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
    const at = this.#at;
    const view = this.#view;
    switch (head) {
      case 0xcb:
        this.#at = at + 8;
        return view.getFloat64(at);
      case 0xcc:
        this.#at = at + 1;
        return view.getUint8(at);
      case 0xcd:
        this.#at = at + 2;
        return view.getUint16(at);
      case 0xce:
        this.#at = at + 4;
        return view.getUint32(at);
      case 0xd9:
        this.#at = at + 1;
        return this.#text(view.getUint8(at));
      case 0xda:
        this.#at = at + 2;
        return this.#text(view.getUint16(at));
      case 0xdc:
        this.#at = at + 2;
        return this.#list(view.getUint16(at));
      case 0xde:
        this.#at = at + 2;
        return this.#object(view.getUint16(at));
      default:
        return OTHER;
    }
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
