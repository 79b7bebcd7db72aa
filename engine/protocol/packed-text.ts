// MessagePack of JSON values, as a PackedWriter has written them, to JSON text. Owns: how it is written, without an object in between. Never touches:
// what it means.
//   protocol.P32. It is what JSON.stringify says of what a PackedReader reads there; what no PackedWriter writes is left to these.

import { isAt, KNOWN, KNOWN_LENGTH_MAX, knownPlace, textIn } from './packed-reader.js';

const [NIL, FALSE, TRUE, FLOAT_64, UINT_8, UINT_16, UINT_32] = [
  0xc0, 0xc2, 0xc3, 0xcb, 0xcc, 0xcd, 0xce,
];
const [TEXT_8, TEXT_16, LIST_16, OBJECT_16, MINUS_1] = [0xd9, 0xda, 0xdc, 0xde, 0xff];

/** It is, or has in it, what no PackedWriter writes. */
class Other extends Error {}
const OTHER = new Other();

export class PackedText {
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  /** Texts that are told again and again, as JSON, by their places. */
  readonly #known: { readonly text: string; readonly json: string }[] = new Array(KNOWN);

  /** The items [from, to) of the list at `start`, those that it does not have left out; undefined: it is none that is written here. */
  items(bytes: Uint8Array, start: number, from: number, to: number): string[] | undefined {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    try {
      const head = this.#bytes[this.#at++] as number;
      if (head >> 4 !== 9 && head !== LIST_16) return undefined;
      const length = Math.min(head === LIST_16 ? this.#two() : head & 15, to);
      const found: string[] = [];
      for (let i = 0; i < length; i++) {
        const text = this.#value();
        if (i >= from) found.push(text);
      }
      return found;
    } catch (error) {
      if (error === OTHER || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #two(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }

  #value(): string {
    const head = this.#bytes[this.#at++] as number;
    if (head < 0x80) return String(head);
    if (head < 0x90) return this.#object(head & 15);
    if (head < 0xa0) return this.#list(head & 15);
    if (head < 0xc0) return this.#text(head & 31);
    const at = this.#at;
    switch (head) {
      case NIL:
        return 'null';
      case FALSE:
        return 'false';
      case TRUE:
        return 'true';
      case MINUS_1:
        return '-1';
      case FLOAT_64:
        this.#at = at + 8;
        return number(this.#view.getFloat64(at));
      case UINT_8:
        this.#at = at + 1;
        return String(this.#view.getUint8(at));
      case UINT_16:
        return String(this.#two());
      case UINT_32:
        this.#at = at + 4;
        return String(this.#view.getUint32(at));
      case TEXT_8:
        this.#at = at + 1;
        return this.#text(this.#view.getUint8(at));
      case TEXT_16:
        return this.#text(this.#two());
      case LIST_16:
        return this.#list(this.#two());
      case OBJECT_16:
        return this.#object(this.#two());
      default:
        throw OTHER;
    }
  }

  #list(length: number): string {
    let text = '[';
    for (let i = 0; i < length; i++) text += i === 0 ? this.#value() : `,${this.#value()}`;
    return `${text}]`;
  }

  #object(count: number): string {
    let text = '{';
    for (let i = 0; i < count; i++) {
      const name = this.#value();
      // Objects have their names as they were written, unless one is a number, or has a meaning of its own.
      if (name[0] !== '"' || NUMBERED.test(name)) throw OTHER;
      text += i === 0 ? `${name}:${this.#value()}` : `,${name}:${this.#value()}`;
    }
    return `${text}}`;
  }

  #text(length: number): string {
    const bytes = this.#bytes;
    const start = this.#at;
    const end = start + length;
    if (end > bytes.length) throw OTHER;
    this.#at = end;
    if (length > KNOWN_LENGTH_MAX || length === 0) return JSON.stringify(textIn(bytes, start, end));
    const place = knownPlace(bytes, start, length);
    const known = this.#known[place];
    if (known !== undefined && isAt(bytes, start, length, known.text)) return known.json;
    const text = textIn(bytes, start, end);
    const json = JSON.stringify(text);
    if (text.length === length) this.#known[place] = { text, json };
    return json;
  }
}

const NUMBERED = /^"(\d|__proto__"$)/;

const number = (value: number): string => (Number.isFinite(value) ? `${value + 0}` : 'null');
