// Bodies, query strings and times as text. Owns: their reading. Never touches: the engine, sockets.
//   http.H2. No number is rounded silently: one that JSON.parse would turn into another whole number,
//       and any whole number beyond 2^53 - 1, arrives as Infinity, which no field takes (metadata
//       neither).
//   http.H3. Bytes that are not UTF-8, and JSON that is not JSON, are refused before anything looks at
//       them.

import type { GatewayLimits } from '../limits.js';
import { type Refusal, refuse } from '../refusal.js';
import { readPlainJson } from './plain-json.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

// A number that may need the slow way below: with a point or an exponent, or of 16 digits and more.
// It may stand in a string as well, which the slow way sorts out.
const INEXACT = /[:,[\s]-?(?:\d+[.eE]|\d{16})/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const NUMBER = /^-?(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The value of a JSON text. Where a name stands twice in an object, the last one counts. */
export function readJson(
  bytes: ArrayBuffer | Uint8Array,
  limits: GatewayLimits,
): Refusal | { readonly ok: true; readonly value: unknown } {
  if (bytes.byteLength > limits.nestingCheckBytes && nestsDeeper(bytes, limits.nestingMax)) {
    return refuse('BODY_INVALID', 'body', `The body nests deeper than ${limits.nestingMax}.`);
  }
  const text = readText(bytes);
  return text === undefined
    ? refuse('BODY_INVALID', 'body', 'The body is not valid UTF-8.')
    : readJsonText(text);
}

/** Bytes as text; undefined: they are not UTF-8. */
export function readText(bytes: ArrayBuffer | Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** As readJson(), of a text that has been checked for its nesting, or is too short for that to matter. */
export function readJsonText(
  text: string,
  what = 'The body',
): Refusal | { readonly ok: true; readonly value: unknown } {
  const plain = readPlainJson(text);
  if (plain !== undefined) return { ok: true, value: plain };
  try {
    const exact = INEXACT.test(text) ? text.replace(STRING_OR_NUMBER, exactOrInfinite) : text;
    return { ok: true, value: JSON.parse(exact) };
  } catch (error) {
    const detail = `${what} is not valid JSON: ${(error as Error).message}`;
    return refuse('BODY_INVALID', 'body', detail);
  }
}

// 1.0000000000000001 would be read as 1, 9007199254740991.4 as 9007199254740991, 9007199254740993
// as ...992.
function exactOrInfinite(token: string): string {
  if (token.startsWith('"')) return token;
  const parts = NUMBER.exec(token);
  // Not JSON's number: left as it is, for JSON.parse to name its place.
  if (parts === null) return token;
  const [, whole = '', fraction = '', exponent = '0'] = parts;
  const value = Number(token);
  if (!Number.isInteger(value)) return token;
  if (!Number.isSafeInteger(value)) return '1e999';
  // What stands behind the point, after the exponent has moved it, must be nothing but zeros.
  const digits = whole + fraction;
  const behind = digits.slice(Math.max(0, whole.length + Number(exponent)));
  return /[1-9]/.test(behind) ? '1e999' : token;
}

// How deep brackets go, outside of strings. The text need not be JSON.
function nestsDeeper(bytes: ArrayBuffer | Uint8Array, max: number): boolean {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let depth = 0;
  let inString = false;
  for (let i = 0; i < view.length; i++) {
    const byte = view[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > max) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

/** The parameters of a query string, each at most once; all of which must be in `known`, or, where `takesAny`, others are left out. */
export function readQuery(
  text: string,
  known: readonly string[],
  takesAny = false,
): Refusal | { readonly ok: true; readonly values: Readonly<Record<string, string>> } {
  const values: Record<string, string> = Object.create(null);
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodePart(equals < 0 ? pair : pair.slice(0, equals), true);
    const value = equals < 0 ? '' : decodePart(pair.slice(equals + 1), true);
    if (name === undefined)
      return refuse('QUERY_INVALID', 'query', 'The query is badly percent-encoded.');
    if (!known.includes(name)) {
      if (takesAny) continue;
      const takes = known.length === 0 ? 'none' : known.join(', ');
      return refuse(
        'QUERY_INVALID',
        name,
        `${name} is not a parameter of this path; it takes: ${takes}.`,
      );
    }
    if (value === undefined)
      return refuse('QUERY_INVALID', name, `${name} is badly percent-encoded.`);
    if (values[name] !== undefined) return refuse('QUERY_INVALID', name, `${name} is given twice.`);
    values[name] = value;
  }
  return { ok: true, values };
}

/** Reads the queries of one path, which take these parameters. It remembers the last one that was good: whoever asks much, mostly asks for the same. */
export function queryReader(
  known: readonly string[],
  takesAny = false,
): (text: string) => ReturnType<typeof readQuery> {
  let last = '';
  let found: ReturnType<typeof readQuery> | undefined;
  return (text) => {
    if (found !== undefined && text === last) return found;
    const read = readQuery(text, known, takesAny);
    if (!read.ok) return read;
    Object.freeze(read.values);
    last = text;
    found = read;
    return read;
  };
}

/** A percent-decoded part of a path or query; undefined where it is malformed. */
export function decodePart(text: string, plusIsSpace = false): string | undefined {
  if (!text.includes('%') && !(plusIsSpace && text.includes('+'))) return text;
  try {
    return decodeURIComponent(plusIsSpace ? text.replaceAll('+', ' ') : text);
  } catch {
    return undefined;
  }
}

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * The milliseconds since 1970 of an RFC 3339 time (what is finer is cut off); undefined where it is
 * none.
 */
export function timeFromText(text: string): number | undefined {
  const parts = RFC_3339.exec(text);
  if (parts === null) return undefined;
  const part = (n: number) => Number(parts[n] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59 || part(9) > 23 || part(10) > 59) return undefined;
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined;
  local.setUTCHours(hour, minute, second, ms);
  const offset = (part(9) * 60 + part(10)) * 60_000 * (parts[8] === '-' ? -1 : 1);
  return local.getTime() - offset;
}
