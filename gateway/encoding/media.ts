// Formats of bodies and answers beside JSON. Owns: which media types name them, which one an answer is in. Never touches:
// what is in them.

import type { GatewayLimits } from '../limits.js';
import { type Refusal, refuse } from '../refusal.js';
import { type Answer, JSON_TYPE, json, LINES_TYPE, TEXT_TYPE } from './answer.js';
import { readPacked, writePacked } from './message-format.js';
import { readJson, readQuery, readText } from './text.js';

/** Rows in files, of answers alone. */
export const FILE_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
/** `packed`: MessagePack. `lines`: NDJSON, one value per line. `commands`: a packed batch. `text`: words for people, of answers alone. */
export type Format = 'json' | 'packed' | 'lines' | 'commands' | 'text' | FileFormat;

const PACKED_TYPE = 'application/vnd.msgpack';
/** A packed batch, and the outcomes of one (engine/protocol/README.md). */
export const COMMANDS_TYPE = 'application/vnd.jifen.commands';
export const OUTCOMES_TYPE = 'application/vnd.jifen.outcomes';
/** The body of an HTML form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';
/** What answers are called. */
export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: JSON_TYPE,
  packed: PACKED_TYPE,
  lines: LINES_TYPE,
  text: TEXT_TYPE,
  commands: OUTCOMES_TYPE,
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};
const FORMATS = new Map<string, Format>([
  [JSON_TYPE, 'json'],
  [PACKED_TYPE, 'packed'],
  ['application/msgpack', 'packed'],
  [LINES_TYPE, 'lines'],
  ['application/jsonl', 'lines'],
  [TEXT_TYPE, 'text'],
  [COMMANDS_TYPE, 'commands'],
  ...FILE_FORMATS.map((format) => [MEDIA_TYPES[format], format] as const),
]);

/** The format that a `Content-Type` names; undefined: none that is known. */
export function formatOf(type: string): Format | undefined {
  if (type === JSON_TYPE) return 'json';
  return FORMATS.get((type.split(';', 1)[0] ?? '').trim().toLowerCase());
}

/**
 * The format of the answer: of those that are `offered` the one that `Accept` likes best, the first of equals. Without the
 * header, or where it names none of them, `usual`.
 */
export function acceptedOf(accept: string, offered: readonly Format[], usual: Format): Format {
  let best: Format | undefined;
  let most = 0;
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const isAny = type === '*/*' || type === 'application/*';
    const format = isAny ? usual : FORMATS.get(type);
    if (format === undefined || (format !== 'json' && !offered.includes(format))) continue;
    const weight = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    if (weight > most) [best, most] = [format, weight];
  }
  return best ?? usual;
}

/** What keeps a body with this `Content-Type` from being taken under a signature that does not cover the type. */
export function uncoveredType(type: string): Refusal | undefined {
  if (formatOf(type) === 'json') return undefined;
  const detail = `Signatures of version 1 are for ${JSON_TYPE}; X-Signature-Version: 2 is for all formats.`;
  return refuse('MEDIA_TYPE_UNSUPPORTED', 'Content-Type', detail);
}

/** A body's value. */
export function readBody(
  bytes: ArrayBuffer | Uint8Array,
  format: Format | undefined,
  limits: GatewayLimits,
): Refusal | { readonly ok: true; readonly value: unknown } {
  if (format === 'json') return readJson(bytes, limits);
  // The memory is the socket's.
  if (format === 'commands') return { ok: true, value: new Uint8Array(bytes).slice() };
  if (format !== 'packed') return refuse('MEDIA_TYPE_UNSUPPORTED', 'Content-Type');
  const value = readPacked(bytes, limits.nestingMax);
  if (value !== undefined) return { ok: true, value };
  const detail = `The body is not one MessagePack value without extension types that nests at most ${limits.nestingMax} deep.`;
  return refuse('BODY_INVALID', 'body', detail);
}

/** The fields of an HTML form, those that are known; others are left out. A field that is given twice is refused. */
export function readForm(
  bytes: ArrayBuffer | Uint8Array,
  type: string,
  known: readonly string[],
): ReturnType<typeof readQuery> {
  if ((type.split(';', 1)[0] ?? '').trim().toLowerCase() !== FORM_TYPE) {
    const detail = `The body is ${FORM_TYPE}.`;
    return refuse('MEDIA_TYPE_UNSUPPORTED', 'Content-Type', detail);
  }
  const text = readText(bytes);
  if (text === undefined) return refuse('BODY_INVALID', 'body', 'The body is not valid UTF-8.');
  const read = readQuery(text, known, true);
  return read.ok ? read : { ...read, ...refuse('BODY_INVALID', read.field, read.detail) };
}

/** An answer whose MessagePack is there. */
export const packedBytes = (
  status: number,
  body: Uint8Array,
  told?: Answer['told'],
  headers?: Answer['headers'],
): Answer => ({ status, contentType: PACKED_TYPE, body, headers, close: undefined, told });

/** An answer in JSON, or in MessagePack where that is wanted. `told`: what the audit log says of it. */
export function value(
  status: number,
  answered: object,
  format: Format,
  told?: Answer['told'],
): Answer {
  return format === 'packed'
    ? packedBytes(status, writePacked(answered), told)
    : json(status, answered, told);
}

/** An answer in JSON as one in MessagePack; problem details stay what they are. */
export function packed(answer: Answer): Answer {
  if (answer.contentType !== JSON_TYPE || typeof answer.body !== 'string') return answer;
  return { ...answer, contentType: PACKED_TYPE, body: writePacked(JSON.parse(answer.body)) };
}
