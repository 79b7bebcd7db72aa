// JSON that is written down as it is: plain texts, whole numbers, a few names. Most bodies and metadata are so. Owns: its canonical bytes.
// Never touches: everything else that JSON may be (syntax.ts), of which it says nothing.

import { METADATA_DEPTH_MAX } from '../limits.js';

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x7d];
const DIGIT_0 = 0x30;
/** Whole numbers below this are written digit by digit. */
const SHORT_BELOW = 1e9;
/** Names of one object that are put in order here. */
const NAMES_MAX = 16;
/** In place of where something ends: it is not so. */
const NOT_PLAIN = -1;

/** Writes a text of ASCII that needs no escapes, in quotes. */
function textTo(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  if (at + length + 2 > bytes.length) return NOT_PLAIN;
  bytes[at++] = QUOTE;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return NOT_PLAIN;
    bytes[at++] = code;
  }
  bytes[at++] = QUOTE;
  return at;
}

function asciiTo(bytes: Uint8Array, at: number, text: string): number {
  if (at + text.length > bytes.length) return NOT_PLAIN;
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
  return at;
}

function numberTo(bytes: Uint8Array, at: number, value: number): number {
  if (!Number.isSafeInteger(value)) return NOT_PLAIN;
  if (value < 0 || value >= SHORT_BELOW) return asciiTo(bytes, at, `${value}`);
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  const end = at + digits;
  if (end > bytes.length) return NOT_PLAIN;
  for (let i = end - 1, left = value; i >= at; i--) {
    const rest = Math.floor(left / 10);
    bytes[i] = DIGIT_0 + left - rest * 10;
    left = rest;
  }
  return end;
}

/** Puts a few names in order. */
function order(names: string[]): void {
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    let at = i;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
}

function valueTo(bytes: Uint8Array, at: number, value: unknown, depth: number): number {
  if (typeof value === 'string') return textTo(bytes, at, value);
  if (typeof value === 'number') return numberTo(bytes, at, value);
  if (typeof value === 'boolean') return asciiTo(bytes, at, value ? 'true' : 'false');
  return typeof value === 'object' && value !== null
    ? plainJson(value, bytes, at, depth)
    : NOT_PLAIN;
}

/** Writes an object as canonical JSON where it is plain; returns where it ends; below 0: it is not, or too long for these bytes. */
export function plainJson(value: object, bytes: Uint8Array, start: number, depth = 1): number {
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || depth > METADATA_DEPTH_MAX)
    return NOT_PLAIN;
  const names = Object.keys(value);
  const { length } = names;
  if (length > NAMES_MAX) return NOT_PLAIN;
  order(names);
  let at = start;
  for (let i = 0; i < length; i++) {
    const name = names[i] as string;
    bytes[at++] = i === 0 ? OPEN : COMMA;
    at = textTo(bytes, at, name);
    if (at < 0) return NOT_PLAIN;
    bytes[at++] = COLON;
    at = valueTo(bytes, at, (value as Record<string, unknown>)[name], depth + 1);
    if (at < 0) return NOT_PLAIN;
  }
  // One that says nothing may be anybody's, and is looked at the long way.
  if (length === 0 || at >= bytes.length) return NOT_PLAIN;
  bytes[at] = CLOSE;
  return at + 1;
}
