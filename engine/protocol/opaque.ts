// Texts and JSON objects as opaque bytes, which is how remarks, metadata, bodies and causes lie in their places. Owns: how they are written and
// read back. Never touches: what is acceptable.

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

/** JSON objects that were read last, by their text: many commands say the same. Nobody may change them. */
export class ReadJson {
  readonly #most: number;
  readonly #read = new Map<string, Readonly<Record<string, unknown>>>();

  /** `most`: so many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The one of `length` opaque bytes from `start` on. */
  at(bytes: Uint8Array, start: number, length: number): Readonly<Record<string, unknown>> {
    const text = unsealedAt(bytes, start, length);
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    if (this.#read.size >= this.#most) this.#read.clear();
    const value = frozen(JSON.parse(text));
    this.#read.set(text, value);
    return value;
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const one of Object.values(value)) frozen(one);
  return Object.freeze(value);
}

/** A JSON object of the engine's own, in its place as it is written. */
export const placeOfJson = (value: object): Uint8Array => sealed(JSON.stringify(value));

function canonicalText(value: object): string {
  const json = value === checked ? checkedJson : canonicalJson(value);
  checked = undefined;
  return json as string;
}

/** A JSON object lies in its place as canonical text. */
export const JSON_OBJECT = {
  toText: canonicalText,
  toPlace: (value: object) => sealed(canonicalText(value)),
  ofPlace: jsonInPlace,
};

/** What was checked last: what passes is packed in the same turn, and has its text then. */
let checked: unknown;
let checkedJson: string | undefined;

/** The canonical text of a JSON object that is to be packed; undefined: it is none. */
export function jsonToPack(value: unknown): string | undefined {
  checkedJson = canonicalJson(value);
  checked = value;
  return checkedJson;
}
