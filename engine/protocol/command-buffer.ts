// Packed commands one after the other: what a task carries to a shard. Owns: the bytes, how they grow.
// Never touches: whether a command is valid.
//   P12. The bytes are packCommand's, whichever way a command came in.
//   P13. Grants stand before the first command that is judged by them (G2).

import { COMMAND_BYTES_MAX, ID_LENGTH_MAX, OWNER_LENGTH_MAX } from '../limits.js';
import { CODEC_VERSION, OP, packCommand } from './codec.js';
import type {
  DecisionCommand,
  LoggedCommand,
  PrepareCommand,
  Query,
  TransferCommand,
} from './commands.js';
import { EVERYTHING, type Granted } from './grants.js';

/** MessagePack: nil, an array of up to 15 and 65,535, texts of up to 31 and 255 bytes, whole and broken numbers. */
const [NIL, FIX_ARRAY, ARRAY_16, FIX_TEXT, TEXT_8] = [0xc0, 0x90, 0xdc, 0xa0, 0xd9];
const [UINT_8, UINT_16, UINT_32, FLOAT_64] = [0xcc, 0xcd, 0xce, 0xcb];
const [BIN_8, BIN_16, BIN_32] = [0xc4, 0xc5, 0xc6];
const HEAD_PLACES = 11;
const LEG_PLACES = 5;
const PHASE_PLACES = 7;

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

  /** Adds a validated command (with the id it goes by) or a query. */
  append(command: LoggedCommand | Query, id: string | undefined): void {
    if (this.#length + COMMAND_BYTES_MAX > this.#bytes.length) this.#grow();
    if (command.type === 'transfer' && isPlain(command, id)) {
      this.#plainTransfer(command, id as string);
      return;
    }
    if (command.type === 'prepare' || command.type === 'decision') {
      this.#phase(command);
      return;
    }
    this.appendPacked(packCommand(command, id));
  }

  /** Adds one that is packed already. */
  appendPacked(packed: Uint8Array): void {
    while (this.#length + packed.length > this.#bytes.length) this.#grow();
    this.#bytes.set(packed, this.#length);
    this.#length += packed.length;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Most commands by far: packed straight into place, at a fifth of the cost. */
  #plainTransfer(command: TransferCommand, id: string): void {
    const { legs } = command;
    const bytes = this.#bytes;
    const places = HEAD_PLACES + legs.length * LEG_PLACES;
    let at = this.#length;
    if (places < 16) bytes[at++] = FIX_ARRAY | places;
    else {
      bytes[at++] = ARRAY_16;
      bytes[at++] = places >> 8;
      bytes[at++] = places & 255;
    }
    bytes[at++] = CODEC_VERSION;
    bytes[at++] = OP.transfer;
    at = this.#text(id, at);
    at = command.kind === undefined ? this.#nil(at) : this.#text(command.kind, at);
    at = command.ref === undefined ? this.#nil(at) : this.#text(command.ref, at);
    for (let i = 0; i < 6; i++) bytes[at++] = NIL;
    for (let i = 0; i < legs.length; i++) {
      const { from, to, asset, amount, expiresAt } = legs[i] as (typeof legs)[number];
      at = this.#text(from, at);
      at = this.#text(to, at);
      at = this.#text(asset, at);
      at = this.#count(amount, at);
      at = typeof expiresAt === 'number' ? this.#count(expiresAt, at) : this.#nil(at);
    }
    this.#length = at;
  }

  /** What shards say of each transfer between them. */
  #phase(command: PrepareCommand | DecisionCommand): void {
    const { id, owner, lots, transfer } = command;
    const most = 64 + id.length + owner.length + (lots?.length ?? 0) + (transfer?.length ?? 0);
    while (this.#length + most > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = FIX_ARRAY | PHASE_PLACES;
    bytes[at++] = CODEC_VERSION;
    bytes[at++] = OP[command.type];
    at = this.#text(id, at);
    at = this.#text(owner, at);
    if (command.type === 'prepare') {
      at = this.#count(command.deadline, at);
      at = this.#bin(transfer, at);
      at = this.#bin(lots, at);
    } else {
      at = this.#count(command.refusal, at);
      at = this.#bin(lots, at);
      at = this.#bin(transfer, at);
    }
    this.#length = at;
  }

  /** Bytes as they are, or nil. */
  #bin(value: Uint8Array | undefined, at: number): number {
    if (value === undefined) return this.#nil(at);
    const bytes = this.#bytes;
    const { length } = value;
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

  #nil(at: number): number {
    this.#bytes[at] = NIL;
    return at + 1;
  }

  /** ASCII, as everything but memo and metadata is. */
  #text(text: string, at: number): number {
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

  /** A whole number from 0 on. */
  #count(value: number, at: number): number {
    const bytes = this.#bytes;
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
    bytes[at] = FLOAT_64;
    this.#view.setFloat64(at + 1, value);
    return at + 9;
  }
}

/** Nothing in it but ids, names and whole numbers. */
function isPlain(command: TransferCommand, id: string | undefined): boolean {
  if (
    id === undefined ||
    command.memo !== undefined ||
    command.metadata !== undefined ||
    command.condition !== undefined ||
    command.followUps !== undefined
  )
    return false;
  const { legs } = command;
  for (let i = 0; i < legs.length; i++) if (legs[i]?.expiresAt === null) return false;
  return true;
}

if (ID_LENGTH_MAX > 255 || OWNER_LENGTH_MAX > 255)
  throw new Error('a text has one byte for its length');
