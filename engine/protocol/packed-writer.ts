// MessagePack, value by value, into growing memory. Owns: the bytes of each kind of value. Never touches: what they mean.
//   protocol.P24. A JSON value has the same bytes wherever it is packed, and what they are read as is packed into the same bytes again.

import { COMMAND_BYTES_MAX } from '../limits.js';
import { PLAIN, SHORT, sealed } from './opaque.js';

/** MessagePack: nil, false, true, arrays, maps, texts, bytes, whole and broken numbers. */
const [NIL, FALSE, TRUE, FIX_ARRAY, ARRAY_16, FIX_MAP, MAP_16] = [
  0xc0, 0xc2, 0xc3, 0x90, 0xdc, 0x80, 0xde,
];
const [FIX_TEXT, TEXT_8, TEXT_16] = [0xa0, 0xd9, 0xda];
const [UINT_8, UINT_16, UINT_32, FLOAT_64, MINUS_ONE] = [0xcc, 0xcd, 0xce, 0xcb, 0xff];
const [BIN_8, BIN_16, BIN_32] = [0xc4, 0xc5, 0xc6];

type Named = Readonly<Record<string, unknown>>;

const textEncoder = new TextEncoder();

/** What packs itself. */
export interface Packs {
  /** Writes itself from there on, and says where it ends. */
  pack(out: PackedWriter, at: number): number;
}

/** Memory, and values in it. Writing one says where the next one goes; room for it must have been made. */
export class PackedWriter {
  memory: Uint8Array;
  protected view: DataView;
  /** Had what was packed as bytes last more than 255 of them? */
  #isLong = false;

  /** `capacity`: bytes it begins with. */
  constructor(capacity: number) {
    this.memory = new Uint8Array(capacity);
    this.view = new DataView(this.memory.buffer);
  }

  /** Makes room up to there. */
  reserve(end: number): void {
    while (end > this.memory.length) {
      const grown = new Uint8Array(this.memory.length * 2);
      grown.set(this.memory);
      this.memory = grown;
      this.view = new DataView(grown.buffer);
    }
  }

  flag(value: boolean, at: number): number {
    this.memory[at] = value ? TRUE : FALSE;
    return at + 1;
  }

  /** Bytes as they are: the first `length` of them. */
  opaque(value: Uint8Array, at: number, length = value.length): number {
    // What comes after them has the room of a command.
    this.reserve(at + length + COMMAND_BYTES_MAX);
    const bytes = this.memory;
    if (length < 0x100) {
      bytes[at] = BIN_8;
      bytes[at + 1] = length;
      at += 2;
    } else if (length < 0x10000) {
      bytes[at] = BIN_16;
      this.view.setUint16(at + 1, length);
      at += 3;
    } else {
      bytes[at] = BIN_32;
      this.view.setUint32(at + 1, length);
      at += 5;
    }
    return this.copy(value, 0, length, at);
  }

  /** A text as opaque bytes (opaque.ts), of which a command has room for the longest. */
  sealed(text: string, at: number): number {
    const { length } = text;
    if (length >= SHORT) return this.opaque(sealed(text), at);
    const bytes = this.memory;
    const start = at + 3;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return this.opaque(sealed(text), at);
      bytes[start + i] = unit;
    }
    bytes[at] = BIN_8;
    bytes[at + 1] = length + 1;
    bytes[at + 2] = PLAIN;
    return start + length;
  }

  /** Bytes without what says that they are bytes. */
  copy(from: Uint8Array, start: number, length: number, at: number): number {
    const bytes = this.memory;
    // A call of set() costs more than these few bytes.
    if (length < 200) for (let i = 0; i < length; i++) bytes[at + i] = from[start + i] as number;
    else bytes.set(from.subarray(start, start + length), at);
    return at + length;
  }

  /** What packs itself, as bytes. Throws where it is more than `most`. */
  packed(value: Packs, at: number, most: number): number {
    const head = this.#isLong ? 3 : 2;
    const start = at + head;
    const end = value.pack(this, start);
    const length = end - start;
    checkLength(length, most);
    const bytes = this.memory;
    this.#isLong = length >= 0x100;
    const needed = this.#isLong ? 3 : 2;
    // What comes next is mostly as long as what came before, and need not be moved.
    if (needed !== head) bytes.copyWithin(at + needed, start, end);
    if (this.#isLong) {
      bytes[at] = BIN_16;
      this.view.setUint16(at + 1, length);
    } else {
      bytes[at] = BIN_8;
      bytes[at + 1] = length;
    }
    return at + needed + length;
  }

  /** A value. What is undefined is left out. Bytes beyond the end of memory are lost, but counted. */
  json(value: unknown, at: number): number {
    if (typeof value === 'string') return this.anyText(value, at);
    if (typeof value === 'number') return this.number(value, at);
    if (typeof value === 'boolean') return this.flag(value, at);
    if (value === null || value === undefined) return this.nil(at);
    return Array.isArray(value) ? this.#list(value, at) : this.#object(value as Named, at);
  }

  /** The head of a list of so many values. */
  list(length: number, at: number): number {
    return this.#count(length, FIX_ARRAY, ARRAY_16, at);
  }

  #list(value: readonly unknown[], at: number): number {
    const { length } = value;
    let next = this.list(length, at);
    for (let i = 0; i < length; i++) next = this.json(value[i], next);
    return next;
  }

  #object(value: Named, at: number): number {
    let count = 0;
    let next = at + 1;
    for (const name in value) {
      const one = value[name];
      if (one === undefined) continue;
      count++;
      next = this.json(one, this.anyText(name, next));
    }
    // There is hardly ever more than the shortest head can tell.
    if (count > 15) this.memory.copyWithin(at + 3, at + 1, next);
    return this.#count(count, FIX_MAP, MAP_16, at) - 1 - at + next;
  }

  #count(count: number, few: number, many: number, at: number): number {
    const bytes = this.memory;
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
    const bytes = this.memory;
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
    this.memory[at] = NIL;
    return at + 1;
  }

  /** ASCII, as everything but memo and metadata is. */
  text(text: string, at: number): number {
    const bytes = this.memory;
    const { length } = text;
    if (length < 32) bytes[at++] = FIX_TEXT | length;
    else {
      bytes[at++] = TEXT_8;
      bytes[at++] = length;
    }
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    return at + length;
  }

  /** A text that somebody gives. Throws RangeError on one that is not ASCII of at most 255 characters: no command has it. */
  name(text: string, at: number): number {
    if (text.length > 255) throw new RangeError('a text of a command is too long');
    for (let i = 0; i < text.length; i++)
      if (text.charCodeAt(i) > 127) throw new RangeError(`${text} is not ASCII`);
    return this.text(text, at);
  }

  /** A number, whole ones in as few bytes as they take. */
  number(value: number, at: number): number {
    const bytes = this.memory;
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
      this.view.setUint16(at + 1, value);
      return at + 3;
    }
    if (value < 0x100000000) {
      bytes[at] = UINT_32;
      this.view.setUint32(at + 1, value);
      return at + 5;
    }
    return this.#float(value, at);
  }

  #float(value: number, at: number): number {
    this.memory[at] = FLOAT_64;
    this.view.setFloat64(at + 1, value);
    return at + 9;
  }
}

function checkLength(length: number, most: number): void {
  if (length > most) throw new RangeError(`a value of ${length} bytes, not ${most}`);
}

const single = new PackedWriter(4096);

/** What packs itself, in bytes of its own. Throws where it is more than `most`. */
export function packOne(value: Packs, most: number): Uint8Array {
  single.reserve(most);
  const length = value.pack(single, 0);
  checkLength(length, most);
  return single.memory.slice(0, length);
}

/** A JSON value, packed, in bytes of its own. Throws where it is more than `most`. */
export const packJson = (value: unknown, most: number): Uint8Array =>
  packOne({ pack: (out, at) => out.json(value, at) }, most);
