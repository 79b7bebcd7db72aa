// Texts and JSON objects as opaque bytes, which is how remarks, metadata, bodies and causes lie in their places. Owns: how they are written and
// read back. Never touches: what is acceptable.

import { murmur3Bytes } from './hash.js';
import { isAt } from './packed-reader.js';
import { plainJson } from './plain-json.js';
import { canonicalJson } from './syntax.js';

/** First byte of opaque bytes: how the rest is to be read. */
export const PLAIN = 0;
/** Up to so many characters of ASCII are sooner written one by one. */
export const SHORT = 128;
const textEncoder = new TextEncoder();
const { utf8Slice } = Buffer.prototype;

export function sealed(text: string): Uint8Array {
  const { length } = text;
  if (length <= SHORT) {
    const opaque = new Uint8Array(length + 1);
    opaque[0] = PLAIN;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) break;
      opaque[i + 1] = unit;
    }
    if (i === length) return opaque;
  }
  const bytes = textEncoder.encode(text);
  const opaque = new Uint8Array(bytes.length + 1);
  opaque[0] = PLAIN;
  opaque.set(bytes, 1);
  return opaque;
}

export function unsealed(opaque: Uint8Array): string {
  if (!(opaque instanceof Uint8Array)) throw new TypeError('no opaque bytes');
  return unsealedAt(opaque, 0, opaque.length);
}

/** The same of `length` bytes from `start` on. */
function unsealedAt(bytes: Uint8Array, start: number, length: number): string {
  if (bytes[start] !== PLAIN) throw new TypeError('unknown tag of opaque bytes');
  return utf8Slice.call(bytes as Buffer, start + 1, start + length);
}

/** The JSON object in a place. */
export const jsonInPlace = (place: Uint8Array): Record<string, unknown> =>
  JSON.parse(unsealed(place));

/** JSON objects that were read last, by their bytes: many commands say the same. Nobody may change them. */
export class ReadJson {
  /** By a hash of the bytes, with which others may share a place. */
  readonly #texts: (string | undefined)[];
  readonly #values: Readonly<Record<string, unknown>>[];
  /** Who has looked at the value, and found it right; undefined: nobody. */
  readonly #soundFor: (object | undefined)[];
  /** Where the one that was read last is kept; -1: nowhere. */
  #last = -1;

  /** `most`: so many are kept; a power of two. */
  constructor(most: number) {
    this.#texts = new Array(most).fill(undefined);
    this.#values = new Array(most).fill(NOTHING);
    this.#soundFor = new Array(most).fill(undefined);
  }

  /** Was what was read last found to be right, by this one? */
  isSoundFor(by: object): boolean {
    return this.#last >= 0 && this.#soundFor[this.#last] === by;
  }

  /** What was read last is right, says this one. */
  setSoundFor(by: object): void {
    if (this.#last >= 0) this.#soundFor[this.#last] = by;
  }

  /** The one of `length` opaque bytes from `start` on. */
  at(bytes: Uint8Array, start: number, length: number): Readonly<Record<string, unknown>> {
    const place = murmur3Bytes(bytes, start, length, 0) & (this.#texts.length - 1);
    const known = this.#texts[place];
    this.#last = place;
    if (known !== undefined && bytes[start] === PLAIN && isAt(bytes, start + 1, length - 1, known))
      return this.#values[place] as Readonly<Record<string, unknown>>;
    this.#last = -1;
    const text = unsealedAt(bytes, start, length);
    const value = frozen(JSON.parse(text));
    // A text of as many characters as bytes is one of ASCII, and can be compared with bytes.
    if (text.length === length - 1) {
      this.#texts[place] = text;
      this.#values[place] = value;
      this.#soundFor[place] = undefined;
      this.#last = place;
    }
    return value;
  }
}

const NOTHING = Object.freeze({});

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const one of Object.values(value)) frozen(one);
  return Object.freeze(value);
}

/** A JSON object of the engine's own, in its place as it is written. */
export const placeOfJson = (value: object): Uint8Array => sealed(JSON.stringify(value));

/** Opaque bytes that are lent until the next ones are: [0, length) of them. */
interface Lent {
  bytes: Uint8Array;
  length: number;
}

/** Room for what is plain JSON. */
const PLAIN_BYTES = 4096;
const plain = new Uint8Array(PLAIN_BYTES);
plain[0] = PLAIN;
/** What was checked last, and its bytes: what passes is packed in the same turn. */
const lent: Lent = { bytes: plain, length: 1 };
let checked: unknown;

/** The canonical text of a JSON object as opaque bytes into `lent`. Is it one? */
function lend(value: object): boolean {
  const end = plainJson(value, plain, 1);
  if (end < 0) {
    const json = canonicalJson(value);
    if (json === undefined) return false;
    lent.bytes = sealed(json);
    lent.length = lent.bytes.length;
  } else {
    lent.bytes = plain;
    lent.length = end;
  }
  return true;
}

function lentOf(value: object): Lent {
  if (value !== checked && !lend(value)) throw new TypeError('no JSON object');
  checked = undefined;
  return lent;
}

/** A JSON object lies in its place as canonical text. */
export const JSON_OBJECT = {
  toLent: lentOf,
  toPlace: (value: object) => lentOf(value).bytes.slice(0, lent.length),
  ofPlace: jsonInPlace,
};

/** How many bytes the canonical text of a JSON object takes that is to be packed; undefined: it is none. */
export function jsonLength(value: unknown): number | undefined {
  checked = undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    if (!lend(value)) return undefined;
  } catch {
    return undefined;
  }
  checked = value;
  return lent.length - 1;
}
