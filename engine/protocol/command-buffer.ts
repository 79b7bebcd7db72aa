// Packed commands one after the other: what a task carries to a shard. Owns: the bytes, how they grow.
// Never touches: whether a command is valid.
//   protocol.P12. A command has the bytes that msgpackr gives its tuple.
//   protocol.P13. Grants stand before the first command that is judged by them (protocol.G2).

import { COMMAND_BYTES_MAX, OWNER_LENGTH_MAX, STORED_ID_LENGTH_MAX } from '../limits.js';
import type { LoggedCommand, Query, TransferCommand } from './commands.js';
import type { Field, Fields, Shape } from './fields.js';
import { followUpId } from './follow-ups.js';
import { EVERYTHING, type Granted } from './grants.js';
import { homeOwner } from './home.js';
import { type Layout, LEG_PLACES, layoutOf, layoutOfOp, OP } from './layout.js';
import { stored } from './naming.js';
import { storedId } from './scope.js';

/** MessagePack: nil, false, true, arrays, texts, bytes, whole and broken numbers. */
const [NIL, FALSE, TRUE, FIX_ARRAY, ARRAY_16, FIX_TEXT, TEXT_8] = [
  0xc0, 0xc2, 0xc3, 0x90, 0xdc, 0xa0, 0xd9,
];
const [UINT_8, UINT_16, UINT_32, FLOAT_64, MINUS_ONE] = [0xcc, 0xcd, 0xce, 0xcb, 0xff];
const [BIN_8, BIN_16, BIN_32] = [0xc4, 0xc5, 0xc6];

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

  /** Adds a validated command (with the id it goes by) or a query. What it names is its caller's (protocol.I1). */
  append(
    command: LoggedCommand | Query,
    id: string | undefined,
    scope = this.#granted.scope,
  ): void {
    if (scope === undefined) this.#write(command, id);
    else this.#write(stored(command, scope), id && storedId(id, scope));
  }

  #write(command: LoggedCommand | Query, id: string | undefined): void {
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
    // A call of set() costs more than these few bytes.
    if (length < 200) for (let i = 0; i < length; i++) bytes[at + i] = value[i] as number;
    else bytes.set(value, at);
    return at + length;
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

/** A validated command (with the id it goes by) or query as bytes of its own; what it names is this caller's. */
export function packCommand(
  command: LoggedCommand | Query,
  id: string | undefined,
  { scope }: Granted = EVERYTHING,
): Uint8Array {
  single.append(command, id, scope);
  return single.takeCopy();
}

/** Packed transfers, one after the other. */
function packFollowUps(cause: TransferCommand, id: string): Uint8Array {
  const owner = homeOwner(cause);
  const packed = new CommandBuffer(0);
  for (const [i, one] of (cause.followUps ?? []).entries())
    packed.append({ type: 'transfer', ...one }, followUpId(owner, id, i + 1));
  return packed.bytes();
}

if (STORED_ID_LENGTH_MAX > 255 || OWNER_LENGTH_MAX > 255)
  throw new Error('a text has one byte for its length');
