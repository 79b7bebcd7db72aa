// JSON as programs write it: short, with names that come again and again, texts without escapes, whole numbers. Owns: reading that in less
// than half of the time. Never touches: any other JSON, which is JSON.parse's.
//   encoding.F4. What is read here is what JSON.parse would read out of the same text. What may be anything else is not read.
// JSON.parse looks each name and each short text up in the table of all texts that V8 has, where a new id is never found; that costs
// more than the rest of it. Here names are found by their characters, and texts are cut out of the body.

import { COMMANDS, type Field, type FieldSet } from '../../engine/index.js';

/** Longer texts are not read here: what is cut out of one keeps all of it in memory. */
const LENGTH_MAX = 1_024;
const DEPTH_MAX = 8;
/** Digits that any whole number may have and be exact. */
const DIGITS_MAX = 15;
/** Places for names, a power of two: many more than there are names, so that hardly two have the same. */
const PLACES = 4_096;

const [TAB, LINE_FEED, RETURN, BLANK, QUOTE, COMMA, MINUS] = [9, 10, 13, 32, 34, 44, 45];
const [ZERO, NINE, COLON, OPEN_LIST, ESCAPE, CLOSE_LIST] = [48, 57, 58, 91, 92, 93];
const [OPEN_OBJECT, CLOSE_OBJECT] = [123, 125];
const FACTOR = 31;
/** Where reading goes on once the text has shown that it is not plain. */
const NOWHERE = -1;

function namesIn(set: FieldSet): string[] {
  return Object.entries(set).flatMap(([name, { parts = {} }]: [string, Field]) => [
    name,
    ...namesIn(parts),
  ]);
}

function placeOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, FACTOR) + name.charCodeAt(i)) | 0;
  return hash & (PLACES - 1);
}

/** Names by their place; of two with the same, the last one. */
const names: string[] = new Array(PLACES).fill('');
for (const { before, fields } of Object.values(COMMANDS))
  for (const name of namesIn({ ...before, ...fields })) names[placeOf(name)] = name;

/** Longer names are not learned. */
const LEARNED_LENGTH_MAX = 64;
/** Set in an object, it would be no field of it. */
const PROTOTYPE = '__proto__';
/** Other names as they came, such as attributes of events: by their place the one that was read last. */
const learned: string[] = new Array(PLACES).fill('');

/** The name as V8 keeps names: not cut out of a text, all of which it would keep. */
function learn(place: number, from: number, next: number): string | undefined {
  const name = text.slice(from, next);
  const length = next - from;
  if (length === 0 || length > LEARNED_LENGTH_MAX || name === PROTOTYPE) return undefined;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) === ESCAPE) return undefined;
  const [kept = ''] = Object.keys({ [name]: 0 });
  learned[place] = kept;
  return kept;
}

/** Is it the text from `from` up to `next`? */
function isName(name: string, from: number, next: number): boolean {
  const all = text;
  if (name.length !== next - from) return false;
  for (let i = 0; i < name.length; i++)
    if (name.charCodeAt(i) !== all.charCodeAt(from + i)) return false;
  return true;
}

// One text is read at a time.
let text = '';
let at = NOWHERE;

/** The value of a JSON text; undefined: it may be one, but it is not plain. */
export function readPlainJson(json: string): unknown {
  if (json.length > LENGTH_MAX) return undefined;
  text = json;
  at = 0;
  const value = readValue(DEPTH_MAX);
  if (at === NOWHERE) return undefined;
  skipBlanks();
  return at === json.length ? value : undefined;
}

function notPlain(): undefined {
  at = NOWHERE;
}

/** The first character that is not blank. */
function skipBlanks(): number {
  const all = text;
  let next = at;
  let code = all.charCodeAt(next);
  while (code === BLANK || code === LINE_FEED || code === RETURN || code === TAB)
    code = all.charCodeAt(++next);
  at = next;
  return code;
}

function readValue(depth: number): unknown {
  const code = skipBlanks();
  if (code === QUOTE) return readText();
  if (code === MINUS || (code >= ZERO && code <= NINE)) return readNumber();
  if (depth === 0) return notPlain();
  if (code === OPEN_OBJECT) return readObject(depth - 1);
  if (code === OPEN_LIST) return readList(depth - 1);
  return readWord();
}

function readWord(): boolean | null | undefined {
  for (const [word, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (!text.startsWith(word, at)) continue;
    at += word.length;
    return value;
  }
  return notPlain();
}

function readText(): string | undefined {
  const all = text;
  const from = at + 1;
  let next = from;
  let code = all.charCodeAt(next);
  while (code !== QUOTE) {
    // Also where the text has ended, which is no number.
    if (!(code >= BLANK) || code === ESCAPE) return notPlain();
    code = all.charCodeAt(++next);
  }
  at = next + 1;
  return all.slice(from, next);
}

function readNumber(): number | undefined {
  const all = text;
  const isBelow = all.charCodeAt(at) === MINUS;
  const from = isBelow ? at + 1 : at;
  let next = from;
  let value = 0;
  let code = all.charCodeAt(next);
  while (code >= ZERO && code <= NINE) {
    value = value * 10 + code - ZERO;
    code = all.charCodeAt(++next);
  }
  const digits = next - from;
  if (digits === 0 || digits > DIGITS_MAX) return notPlain();
  if (digits > 1 && all.charCodeAt(from) === ZERO) return notPlain();
  at = next;
  return isBelow ? -value : value;
}

function readObject(depth: number): Record<string, unknown> | undefined {
  const values: Record<string, unknown> = {};
  at++;
  let code = skipBlanks();
  if (code === CLOSE_OBJECT) {
    at++;
    return values;
  }
  while (code === QUOTE) {
    const name = readName();
    if (name === undefined || skipBlanks() !== COLON) return notPlain();
    at++;
    values[name] = readValue(depth);
    if (at === NOWHERE) return undefined;
    code = skipBlanks();
    at++;
    if (code === CLOSE_OBJECT) return values;
    if (code !== COMMA) return notPlain();
    code = skipBlanks();
  }
  return notPlain();
}

function readName(): string | undefined {
  const all = text;
  const from = at + 1;
  let next = from;
  let hash = 0;
  let code = all.charCodeAt(next);
  while (code >= BLANK && code !== QUOTE) {
    hash = (Math.imul(hash, FACTOR) + code) | 0;
    code = all.charCodeAt(++next);
  }
  if (code !== QUOTE) return undefined;
  at = next + 1;
  const place = hash & (PLACES - 1);
  const name = names[place] as string;
  if (isName(name, from, next)) return name;
  const other = learned[place] as string;
  return isName(other, from, next) ? other : learn(place, from, next);
}

function readList(depth: number): unknown[] | undefined {
  const items: unknown[] = [];
  at++;
  let code = skipBlanks();
  if (code === CLOSE_LIST) {
    at++;
    return items;
  }
  for (;;) {
    items.push(readValue(depth));
    if (at === NOWHERE) return undefined;
    code = skipBlanks();
    at++;
    if (code === CLOSE_LIST) return items;
    if (code !== COMMA) return notPlain();
  }
}
