// Packed commands one after the other: what a task carries to a shard. Owns: the bytes, how they grow.
// Never touches: whether a command is valid.
//   protocol.P12. A command has the bytes that msgpackr gives its tuple.
//   protocol.P13. Grants stand before the first command that is judged by them (protocol.G2).

import { ASSET_LENGTH_MAX, COMMAND_BYTES_MAX, ID_LENGTH_MAX, OWNER_LENGTH_MAX } from '../limits.js';
import type { CommandView } from './command-view.js';
import type { LoggedCommand, Query, TransferCommand } from './commands.js';
import type { Field, Fields, Shape } from './fields.js';
import { followUpId } from './follow-ups.js';
import { EVERYTHING, type Granted } from './grants.js';
import { homeOwner } from './home.js';
import { type Layout, LEG_PLACES, layoutOf, layoutOfOp, OP } from './layout.js';

/** MessagePack: nil, false, true, arrays, texts, bytes, whole and broken numbers. */
const [NIL, FALSE, TRUE, FIX_ARRAY, ARRAY_16, FIX_TEXT, TEXT_8] = [
  0xc0, 0xc2, 0xc3, 0x90, 0xdc, 0xa0, 0xd9,
];
const [UINT_8, UINT_16, UINT_32, FLOAT_64, MINUS_ONE] = [0xcc, 0xcd, 0xce, 0xcb, 0xff];
const [BIN_8, BIN_16, BIN_32] = [0xc4, 0xc5, 0xc6];
const [TEXT_16, FIX_MAP, MAP_16] = [0xda, 0x80, 0xde];

/** Two owners, an asset, two numbers. */
const LEG_BYTES_MAX = 2 * (OWNER_LENGTH_MAX + 2) + ASSET_LENGTH_MAX + 2 + 2 * 9;

const textEncoder = new TextEncoder();

/** Packed commands, one after the other. */
export class CommandBuffer {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  /** What the caller of the last command may do. */
  #granted = EVERYTHING;

  /** `capacity`: bytes it begins with. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(capacity, 2 * COMMAND_BYTES_MAX));
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was added: a view, to be used after the last append(). */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** All of its memory: what was added lies there as long as nothing grows. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  /** What was added, in memory of its own; the buffer is empty again, and may be used again. */
  takeCopy(): Uint8Array<ArrayBuffer> {
    const copy = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    this.#granted = EVERYTHING;
    return copy;
  }

  /** What is added from here on is for somebody who may do this. */
  grant(granted: Granted): void {
    if (granted === this.#granted) return;
    this.#granted = granted;
    this.appendPacked(granted.packed);
  }

  /** Adds a validated command (with the id it goes by) or a query. */
  append(command: LoggedCommand | Query, id: string | undefined): void {
    const { op } = layoutOf(command.type) as Layout;
    this.#reserve(COMMAND_BYTES_MAX);
    this.#length = (WRITERS[op] as Write)(this, command as unknown as Fields, id, this.#length);
  }

  /** Adds one that is packed already. */
  appendPacked(packed: Uint8Array): void {
    this.#reserve(packed.length);
    this.#bytes.set(packed, this.#length);
    this.#length += packed.length;
  }

  /**
   * Adds a packed command anew: with the newest version, a value in one of its places, of at most `most` bytes, and more legs. Says where it
   * begins; it stays there, though the buffer may grow.
   */
  appendCompleted(
    command: CommandView,
    place: number,
    value: unknown,
    most: number,
    legs: readonly object[],
  ): number {
    const { count, op, bytes } = command;
    this.#reserve(command.end - command.start + count + most + (legs.length + 1) * LEG_BYTES_MAX);
    const start = this.#length;
    const { leg = [], definition } = layoutOfOp(op) as Layout;
    let at = this.head(count + legs.length * LEG_PLACES, definition.version, op, start);
    for (let other = 2; other < count; other++) {
      if (other === place) at = this.packed(value, at, most);
      else if (command.isNil(other)) at = this.nil(at);
      else at = this.copy(bytes, command.placeStart(other), command.width(other), at);
    }
    for (const one of legs)
      for (const [name, { shape, toPlace }] of leg) {
        const part = (one as Fields)[name];
        if (part === undefined) at = this.nil(at);
        else at = this[METHODS[shape]]((toPlace ? toPlace(part as never) : part) as never, at);
      }
    this.#length = at;
    return start;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Makes room for so many bytes more. */
  #reserve(bytes: number): void {
    while (this.#length + bytes > this.#bytes.length) this.#grow();
  }

  /** Version and op of one with so many places; this and the next ones say where it goes on. */
  head(places: number, version: number, op: number, at: number): number {
    const bytes = this.#bytes;
    if (places < 16) bytes[at++] = FIX_ARRAY | places;
    else {
      bytes[at++] = ARRAY_16;
      bytes[at++] = places >> 8;
      bytes[at++] = places & 255;
    }
    bytes[at++] = version;
    bytes[at++] = op;
    return at;
  }

  flag(value: boolean, at: number): number {
    this.#bytes[at] = value ? TRUE : FALSE;
    return at + 1;
  }

  /** Bytes as they are. */
  opaque(value: Uint8Array, at: number): number {
    const { length } = value;
    // What is before them is counted as a command.
    while (at + length + COMMAND_BYTES_MAX > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    if (length < 0x100) {
      bytes[at] = BIN_8;
      bytes[at + 1] = length;
      at += 2;
    } else if (length < 0x10000) {
      bytes[at] = BIN_16;
      this.#view.setUint16(at + 1, length);
      at += 3;
    } else {
      bytes[at] = BIN_32;
      this.#view.setUint32(at + 1, length);
      at += 5;
    }
    return this.copy(value, 0, length, at);
  }

  /** Bytes without what says that they are bytes. */
  copy(from: Uint8Array, start: number, length: number, at: number): number {
    const bytes = this.#bytes;
    // A call of set() costs more than these few bytes.
    if (length < 200) for (let i = 0; i < length; i++) bytes[at + i] = from[start + i] as number;
    else bytes.set(from.subarray(start, start + length), at);
    return at + length;
  }

  /** A value, packed, in bytes of its own; nothing must have been added. Throws where it is more than `most`. */
  jsonAlone(value: unknown, most: number): Uint8Array {
    this.#reserve(most);
    const length = this.json(value, 0);
    checkLength(length, most);
    return this.#bytes.slice(0, length);
  }

  /** A value, packed, as bytes. Throws where it is more than `most`. */
  packed(value: unknown, at: number, most: number): number {
    const start = at + 2;
    const end = this.json(value, start);
    const length = end - start;
    checkLength(length, most);
    const bytes = this.#bytes;
    if (length < 0x100) {
      bytes[at] = BIN_8;
      bytes[at + 1] = length;
      return end;
    }
    bytes.copyWithin(start + 1, start, end);
    bytes[at] = BIN_16;
    this.#view.setUint16(at + 1, length);
    return end + 1;
  }

  /** A value. What is undefined is left out. Bytes beyond the end of memory are lost, but counted. */
  json(value: unknown, at: number): number {
    if (typeof value === 'string') return this.anyText(value, at);
    if (typeof value === 'number') return this.number(value, at);
    if (typeof value === 'boolean') return this.flag(value, at);
    if (value === null || value === undefined) return this.nil(at);
    return Array.isArray(value) ? this.#list(value, at) : this.#object(value as Fields, at);
  }

  #list(value: readonly unknown[], at: number): number {
    const { length } = value;
    let next = this.#count(length, FIX_ARRAY, ARRAY_16, at);
    for (let i = 0; i < length; i++) next = this.json(value[i], next);
    return next;
  }

  #object(value: Fields, at: number): number {
    let count = 0;
    for (const name in value) if (value[name] !== undefined) count++;
    let next = this.#count(count, FIX_MAP, MAP_16, at);
    for (const name in value) {
      const one = value[name];
      if (one !== undefined) next = this.json(one, this.anyText(name, next));
    }
    return next;
  }

  #count(count: number, few: number, many: number, at: number): number {
    const bytes = this.#bytes;
    if (count < 16) {
      bytes[at] = few | count;
      return at + 1;
    }
    bytes[at] = many;
    bytes[at + 1] = count >> 8;
    bytes[at + 2] = count & 255;
    return at + 3;
  }

  /** In UTF-8. */
  anyText(text: string, at: number): number {
    const bytes = this.#bytes;
    const { length } = text;
    if (length < 0x100) {
      const start = length < 32 ? at + 1 : at + 2;
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[start + i] = unit;
      }
      if (i === length) {
        if (length < 32) bytes[at] = FIX_TEXT | length;
        else {
          bytes[at] = TEXT_8;
          bytes[at + 1] = length;
        }
        return start + length;
      }
    }
    const encoded = textEncoder.encode(text);
    bytes[at] = TEXT_16;
    bytes[at + 1] = encoded.length >> 8;
    bytes[at + 2] = encoded.length & 255;
    return this.copy(encoded, 0, encoded.length, at + 3);
  }

  nil(at: number): number {
    this.#bytes[at] = NIL;
    return at + 1;
  }

  /** ASCII, as everything but memo and metadata is. */
  text(text: string, at: number): number {
    const bytes = this.#bytes;
    const { length } = text;
    if (length < 32) bytes[at++] = FIX_TEXT | length;
    else {
      bytes[at++] = TEXT_8;
      bytes[at++] = length;
    }
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    return at + length;
  }

  /** A number, whole ones in as few bytes as they take. */
  number(value: number, at: number): number {
    const bytes = this.#bytes;
    if (value === -1) {
      bytes[at] = MINUS_ONE;
      return at + 1;
    }
    if (value < 0 || !Number.isInteger(value)) return this.#float(value, at);
    if (value < 0x80) {
      bytes[at] = value;
      return at + 1;
    }
    if (value < 0x100) {
      bytes[at] = UINT_8;
      bytes[at + 1] = value;
      return at + 2;
    }
    if (value < 0x10000) {
      bytes[at] = UINT_16;
      this.#view.setUint16(at + 1, value);
      return at + 3;
    }
    if (value < 0x100000000) {
      bytes[at] = UINT_32;
      this.#view.setUint32(at + 1, value);
      return at + 5;
    }
    return this.#float(value, at);
  }

  #float(value: number, at: number): number {
    this.#bytes[at] = FLOAT_64;
    this.#view.setFloat64(at + 1, value);
    return at + 9;
  }
}

function checkLength(length: number, most: number): void {
  if (length > most) throw new RangeError(`a value of ${length} bytes, not ${most}`);
}

/** Writes a command's places from a position on, and says where they end. */
type Write = (out: CommandBuffer, command: Fields, id: string | undefined, at: number) => number;

const METHODS: Readonly<Record<Shape, 'text' | 'number' | 'opaque' | 'flag'>> = {
  text: 'text',
  number: 'number',
  bytes: 'opaque',
  flag: 'flag',
};

/** Its code is written out once for each layout, as that of checkerOf() is, and why. */
function writerOf({ placed, leg, width, op, definition, before }: Layout): Write {
  const helpers: unknown[] = [];
  const put = ({ shape, byDefault, toPlace, kind }: Field, from: string): string => {
    const nothing = byDefault === undefined ? 'out.nil(at)' : `out.flag(${byDefault}, at)`;
    let inPlace = 'value';
    if (kind === 'follow-ups') inPlace = 'packFollowUps(command, id)';
    else if (toPlace !== undefined) inPlace = `helpers[${helpers.push(toPlace) - 1}](value)`;
    return `value = ${from}; at = value === undefined ? ${nothing} : out.${METHODS[shape]}(${inPlace}, at);`;
  };
  const putAll = (parts: readonly (readonly [string, Field])[]): string =>
    parts.map(([name, field]) => put(field, `part[${JSON.stringify(name)}]`)).join('');
  const lines = placed.map(({ name, field, parts }) => {
    // What shards say to each other, and queries, have the id of something else.
    if (name === 'id' && before.length > 0) return put(field, 'id');
    const from = `command[${JSON.stringify(name)}]`;
    return parts === undefined ? put(field, from) : `part = ${from} ?? {};${putAll(parts)}`;
  });
  if (leg !== undefined)
    lines.push(`for (let i = 0; i < legCount; i++) { part = legs[i]; ${putAll(leg)} }`);
  const places = leg === undefined ? width : `${width} + legCount * ${LEG_PLACES}`;
  const body = `return (out, command, id, at) => {
    let value, part;
    const { legs } = command;
    const legCount = legs === undefined ? 0 : legs.length;
    at = out.head(${places}, ${definition.version}, ${op}, at);
    ${lines.join('\n')}
    return at;
  };`;
  return new Function('helpers', 'packFollowUps', body)(helpers, packFollowUps) as Write;
}

const WRITERS: (Write | undefined)[] = [];
for (const op of Object.values(OP)) WRITERS[op] = writerOf(layoutOfOp(op) as Layout);

const single = new CommandBuffer(0);

/** A validated command (with the id it goes by) or query as bytes of its own. */
export function packCommand(command: LoggedCommand | Query, id: string | undefined): Uint8Array {
  single.append(command, id);
  return single.takeCopy();
}

/** A JSON value, packed, in bytes of its own. Throws where it is more than `most`. */
export const packJson = (value: unknown, most: number): Uint8Array => single.jsonAlone(value, most);

/** Packed transfers, one after the other. */
function packFollowUps(cause: TransferCommand, id: string): Uint8Array {
  const owner = homeOwner(cause);
  const packed = new CommandBuffer(0);
  for (const [i, one] of (cause.followUps ?? []).entries())
    packed.append({ type: 'transfer', ...one }, followUpId(owner, id, i + 1));
  return packed.bytes();
}

if (ID_LENGTH_MAX > 255 || OWNER_LENGTH_MAX > 255)
  throw new Error('a text has one byte for its length');
