// What commands did, as bytes in a block. Owns: the layout of effect records, entries and extras. Never touches: state.
//   protocol.P8. Effects are enough to rebuild state without apply.
//   protocol.P9. Everything is aligned to 8 bytes, little-endian, addressed by its offset within the block's effects.
//
// record  i32 length | u8 op, u8 refusal number (0: success), u16 entries | i32 commandOffset | i32 commandLength |
//         i32 offset of the extras within the record (0: none) | i32 extras | i32 0 | i32 0 | entries | extras
// entry   f64 earned, spent (expired where the type is expire), held delta, available after, held after, version,
//         seq of the account's previous entry | i32 its offset, bytes back to the record, asset | u8 type, u8 flags, u16 name
//         length | i32 slices, i32 of a backdated command: `stretch` of the account's last backdated entry + 1, 0: none, else 0 | where the version is a multiple of 64: 3 x (f64 seq, f64 offset) of the
//         latest entries before it whose versions are multiples of 64, 4,096 and 262,144 (0: none) | slices (f64 expiry,
//         available delta, held delta) | owner's name, padded
// extra   i32 tag, i32 length of all | fields by tag, below

import { SKIP_STRIDE } from '../limits.js';
import { ownerHashBytes } from './hash.js';
import { asciiText, type Name } from './name.js';

/** Bytes of a record's head. */
export const RECORD_HEAD = 32;
/** Bytes of an entry's fixed part. */
export const ENTRY_HEAD = 80;
/** Numbers of entry types, as indexes into ENTRY_TYPES. */
export const ENTRY = {
  transfer: 0,
  hold: 1,
  capture: 2,
  release: 3,
  reverse: 4,
  expire: 5,
  reserve: 6,
  free: 7,
  extend: 8,
  act: 9,
} as const;
/** Numbers of extras. */
export const EXTRA = {
  /** What remains of a hold: asset, remaining, deadline, then (expiry, amount) of lots; owner, id, and of a pending earning PENDING. */
  hold: 1,
  account: 2,
  record: 3,
  asset: 4,
  /** By rules of version 1 only, which gave reserves no entries. Points between available and held: asset, amount (below 0: back), then (expiry, available, held) changes of lots; owner. */
  reserve: 5,
  /** A cross-shard transfer here: TRANSIT state, deadline, shard before (-1: none), shard after (-1: none), then lots; home owner, id. */
  transit: 6,
  /** What an open reversal between shards undoes: how many shards, the shards in order, then (owner hash, asset, amount) of what accounts here expect (below 0: what is reserved). */
  undo: 7,
  /** A follow-up: 1, its shard; or, when it is known what became of it: 0, the number of its refusal (0: posted); its id, and of what an act causes its home owner. */
  followUp: 8,
  /** How much of each leg of the original all its reversals have undone, this one included; then how much of each remains. */
  reversed: 9,
  /** What has expired out of a lot and was not brought back, after this command brought some back: asset, expiry, amount; owner. */
  broughtBack: 10,
  /** Of a decision: what an act, or the reversal of one, has done and why: the plan, in as many texts as it takes. Other records have it in their commands. */
  act: 12,
  /** Of a transfer that pays an account by several legs: (leg, expiry, amount) of the lots that each leg made. */
  legLots: 13,
  /** Points out of one lot that are in another from then on: asset, from, to, amount (below 0: a reversal has followed them); owner. */
  moved: 14,
  /** Of a backdated command: when it occurred, milliseconds since 1970. */
  occurred: 11,
  /** A version of a definition, whose document is in the command: number, version, state, active from, defined at; kind, key. */
  definition: 16,
  /** Lots of which is told that they will expire: asset, then (expiry, available, held) of each, as they are after this record; owner. */
  expiring: 17,
  /** A campaign has begun or ended: the version of its definition by which it runs, the one by which it ran (0: it does, or did, not), how many members here have taken part; its key. */
  campaign: 18,
} as const;
/** The third text of the extra of a pending earning. */
export const PENDING = 'pending';
/** States of a cross-shard transfer on one shard. */
export const TRANSIT = { open: 0, posted: 1, refused: 2 } as const;
/** Numbers of account flags. */
export const FLAG = { frozen: 1, closed: 2 } as const;
/** Bits of an account's flags from which on they say where its last backdated entry is: the stretch of its version, from 1 on; 0: none. */
const BACKDATED_SHIFT = 8;
const STRETCH_MAX = 0xff_ffff;

/** Versions lie in stretches of SKIP_STRIDE; the last one that can be told stands for all after it. */
export const stretchOf = (version: number): number =>
  Math.min(Math.floor(version / SKIP_STRIDE) + 1, STRETCH_MAX);

/** The stretch of the last backdated entry that an account's flags tell; 0: none. */
export const backdatedIn = (flags: number): number => flags >>> BACKDATED_SHIFT;

/** Flags with the version of a backdated entry in them. */
export const withBackdated = (flags: number, version: number): number =>
  (flags & ((1 << BACKDATED_SHIFT) - 1)) | (stretchOf(version) << BACKDATED_SHIFT);

/** These views with room for `more` bytes after the first `used`: larger ones where it takes them. */
function roomFor(views: Views, used: number, more: number): Views {
  if (used + more <= views.u8.length) return views;
  let size = views.u8.length * 2;
  while (size < used + more) size *= 2;
  const grown = new Views(new ArrayBuffer(size));
  grown.u8.set(views.u8.subarray(0, used));
  return grown;
}

/** Little-endian views of one buffer. */
class Views {
  u8: Uint8Array;
  i32: Int32Array;
  f64: Float64Array;

  constructor(buffer: ArrayBuffer) {
    this.u8 = new Uint8Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }
}

const NOTHING: readonly never[] = [];

/** Most bytes of one text. */
const TEXT_MAX = 255;

/** Room for the extras of one record, to begin with. */
const EXTRAS_BYTES = 4096;

/** Writes effect records one after the other. */
export class EffectWriter {
  /** Bytes written so far; always a multiple of 8. */
  length = 0;
  #views: Views;
  #record = 0;
  #entries = 0;
  #extras = 0;
  /** Extras of the record under way, as they will be written: so many bytes of them. */
  #waiting = new Views(new ArrayBuffer(EXTRAS_BYTES));
  #waitingLength = 0;

  constructor(initialBytes = 1 << 20) {
    this.#views = new Views(new ArrayBuffer(initialBytes));
  }

  /** Starts over. */
  clear(): void {
    this.length = 0;
  }

  /** The bytes [start, end): a view, valid until something more is written. */
  bytes(start = 0, end = this.length): Uint8Array {
    return this.#views.u8.subarray(start, end);
  }

  #reserve(bytes: number): void {
    this.#views = roomFor(this.#views, this.length, bytes);
  }

  /** Begins a record; returns its offset. */
  begin(op: number, refusalNumber: number, commandOffset: number, commandLength: number): number {
    this.#reserve(RECORD_HEAD);
    const at = this.length >> 2;
    const i32 = this.#views.i32;
    i32[at] = 0;
    i32[at + 1] = op | (refusalNumber << 8);
    i32[at + 2] = commandOffset;
    i32[at + 3] = commandLength;
    i32[at + 4] = 0;
    i32[at + 5] = 0;
    i32[at + 6] = 0;
    i32[at + 7] = 0;
    this.#record = this.length;
    this.#entries = 0;
    this.#extras = 0;
    this.#waitingLength = 0;
    this.length += RECORD_HEAD;
    return this.#record;
  }

  /** Writes an entry's head; slices, then the name, must follow. Returns its offset. */
  entry(
    type: number,
    asset: number,
    earned: number,
    spent: number,
    heldDelta: number,
    available: number,
    held: number,
    version: number,
    previousSeq: number,
    previousOffset: number,
    slices: number,
    nameLength: number,
  ): number {
    this.#reserve(ENTRY_HEAD + 48 + slices * 24 + nameLength + 8);
    const offset = this.length;
    const f64 = this.#views.f64;
    const i32 = this.#views.i32;
    const at = offset >> 3;
    f64[at] = earned;
    f64[at + 1] = spent;
    f64[at + 2] = heldDelta;
    f64[at + 3] = available;
    f64[at + 4] = held;
    f64[at + 5] = version;
    f64[at + 6] = previousSeq;
    const word = (offset >> 2) + 14;
    i32[word] = previousOffset;
    i32[word + 1] = offset - this.#record;
    i32[word + 2] = asset;
    i32[word + 3] = type | (nameLength << 16);
    i32[word + 4] = slices;
    i32[word + 5] = 0;
    this.length = offset + ENTRY_HEAD;
    this.#entries++;
    return offset;
  }

  /** The entry at this offset is of a backdated command. `before`: the stretch of the account's last backdated entry before it, 0: none. */
  backdated(offset: number, before: number): void {
    this.#views.i32[(offset >> 2) + 19] = before + 1;
  }

  /** Three pointers further back, of an entry whose version is a multiple of SKIP_STRIDE. */
  skips(
    seq1: number,
    offset1: number,
    seq2: number,
    offset2: number,
    seq3: number,
    offset3: number,
  ): void {
    const f64 = this.#views.f64;
    const at = this.length >> 3;
    f64[at] = seq1;
    f64[at + 1] = offset1;
    f64[at + 2] = seq2;
    f64[at + 3] = offset2;
    f64[at + 4] = seq3;
    f64[at + 5] = offset3;
    this.length += 48;
  }

  /** A change of one lot. */
  slice(expiry: number, available: number, held: number): void {
    const f64 = this.#views.f64;
    const at = this.length >> 3;
    f64[at] = expiry;
    f64[at + 1] = available;
    f64[at + 2] = held;
    this.length += 24;
  }

  /** The owner's name that ends an entry; room was made by entry(). */
  name(owner: Name): void {
    const u8 = this.#views.u8;
    const start = this.length;
    const { bytes, start: from, length } = owner;
    const end = start + ((length + 7) & ~7);
    for (let i = 0; i < length; i++) u8[start + i] = bytes[from + i] as number;
    for (let i = start + length; i < end; i++) u8[i] = 0;
    this.length = end;
  }

  /** An extra: numbers, then texts (ASCII, each preceded by its length in one byte). The record ends with it, after all entries. */
  extra(tag: number, numbers: readonly number[], texts: readonly string[]): void {
    let textBytes = 0;
    for (let i = 0; i < texts.length; i++) textBytes += 1 + (texts[i] as string).length;
    const byte = this.#beginExtra(tag, numbers, texts.length, textBytes);
    const { u8 } = this.#waiting;
    let at = byte;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i] as string;
      u8[at++] = text.length;
      for (let k = 0; k < text.length; k++) u8[at++] = text.charCodeAt(k);
    }
    this.#endExtra(at);
  }

  /** An extra of the bytes [start, end), in as many texts as it takes. */
  opaqueExtra(tag: number, bytes: Uint8Array, start: number, end: number): void {
    const chunks = Math.ceil((end - start) / TEXT_MAX);
    let at = this.#beginExtra(tag, NOTHING, chunks, end - start + chunks);
    const { u8 } = this.#waiting;
    for (let from = start; from < end; from += TEXT_MAX) {
      const to = Math.min(from + TEXT_MAX, end);
      u8[at++] = to - from;
      u8.set(bytes.subarray(from, to), at);
      at += to - from;
    }
    this.#endExtra(at);
  }

  /** Writes what stands before an extra's texts, and returns where they begin. */
  #beginExtra(tag: number, numbers: readonly number[], texts: number, textBytes: number): number {
    const start = this.#waitingLength;
    const bytes = 16 + numbers.length * 8 + ((textBytes + 7) & ~7);
    this.#waiting = roomFor(this.#waiting, start, bytes);
    const { i32, f64 } = this.#waiting;
    const word = start >> 2;
    i32[word] = tag;
    i32[word + 1] = bytes;
    i32[word + 2] = numbers.length;
    i32[word + 3] = texts;
    let at = (start >> 3) + 2;
    for (let i = 0; i < numbers.length; i++) f64[at++] = numbers[i] as number;
    this.#waitingLength = start + bytes;
    this.#extras++;
    return at << 3;
  }

  /** Fills up the extra that ends at `at` but for what makes its length a multiple of 8. */
  #endExtra(at: number): void {
    const { u8 } = this.#waiting;
    for (let i = at; i < this.#waitingLength; i++) u8[i] = 0;
  }

  #copyExtras(): void {
    const length = this.#waitingLength;
    this.#reserve(length);
    // Sooner copied four bytes at a time than by a call.
    const to = this.length >> 2;
    const from = this.#waiting.i32;
    const { i32 } = this.#views;
    for (let i = 0; i < length >> 2; i++) i32[to + i] = from[i] as number;
    this.length += length;
  }

  /** Ends the record begun last. */
  end(): void {
    const extrasAt = this.#extras === 0 ? 0 : this.length - this.#record;
    if (this.#extras > 0) this.#copyExtras();
    const i32 = this.#views.i32;
    const at = this.#record >> 2;
    i32[at] = this.length - this.#record;
    i32[at + 1] = (i32[at + 1] as number) | (this.#entries << 16);
    i32[at + 4] = extrasAt;
    i32[at + 5] = this.#extras;
  }
}

/** An extra as read back. */
export interface Extra {
  readonly tag: number;
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
}

/** An entry as read back; offsets are within the effects it was read from. */
export interface EntryView {
  readonly offset: number;
  readonly recordOffset: number;
  readonly type: number;
  readonly asset: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly heldDelta: number;
  readonly available: number;
  readonly held: number;
  readonly version: number;
  readonly previousSeq: number;
  readonly previousOffset: number;
  /** 0: it is not backdated; else 1 more than the stretch of the last backdated entry before it (0: none). */
  readonly backdated: number;
  /** (expiry, available delta, held delta) one after the other. */
  readonly slices: Float64Array;
  readonly owner: string;
}

/** The bytes that opaqueExtra() was given. */
export const opaqueIn = ({ texts }: { readonly texts: readonly string[] }): Uint8Array =>
  Buffer.from(texts.join(''), 'latin1');

/** Reads effect records. Bytes that do not begin at a multiple of 8 of their buffer are copied. */
export class EffectReader {
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly f64: Float64Array;

  constructor(given: Uint8Array) {
    const bytes = (given.byteOffset & 7) === 0 ? given : new Uint8Array(given);
    this.u8 = bytes;
    this.i32 = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    this.f64 = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length >> 3);
  }

  #int(offset: number): number {
    const value = this.i32[offset >> 2];
    if (value === undefined) throw new RangeError('effects end too early');
    return value;
  }

  #number(offset: number): number {
    const value = this.f64[offset >> 3];
    if (value === undefined) throw new RangeError('effects end too early');
    return value;
  }

  /** Bytes of the record at this offset. */
  recordLength(offset: number): number {
    const length = this.#int(offset);
    if (length < RECORD_HEAD || (length & 7) !== 0 || offset + length > this.u8.length) {
      throw new RangeError(`record at ${offset} has length ${length}`);
    }
    return length;
  }

  op(offset: number): number {
    return this.#int(offset + 4) & 255;
  }

  /** 0: success. */
  refusalNumber(offset: number): number {
    return (this.#int(offset + 4) >> 8) & 255;
  }

  entryCount(offset: number): number {
    return this.#int(offset + 4) >>> 16;
  }

  /** Does the record carry anything beside entries? */
  hasExtras(offset: number): boolean {
    return this.#int(offset + 16) !== 0;
  }

  /** Does it carry such an extra? */
  hasExtra(offset: number, tag: number): boolean {
    return this.#placeOf(offset, tag) >= 0;
  }

  /** Where the first such extra is; -1: there is none. */
  #placeOf(offset: number, tag: number): number {
    const first = this.#int(offset + 16);
    if (first === 0) return -1;
    let at = offset + first;
    for (let i = this.#int(offset + 20); i > 0; i--) {
      if (this.#int(at) === tag) return at;
      at += this.#int(at + 4);
    }
    return -1;
  }

  /** The first such extra; undefined: there is none. The others are not read. */
  extra(offset: number, tag: number): Extra | undefined {
    const at = this.#placeOf(offset, tag);
    return at < 0 ? undefined : this.#extraAt(at);
  }

  /** Where the entries of a record end. */
  entriesEnd(offset: number): number {
    const extras = this.#int(offset + 16);
    return offset + (extras === 0 ? this.recordLength(offset) : extras);
  }

  /** The type of the entry at this offset. */
  entryType(offset: number): number {
    return this.#int(offset + 68) & 255;
  }

  commandOffset(offset: number): number {
    return this.#int(offset + 8);
  }

  commandLength(offset: number): number {
    return this.#int(offset + 12);
  }

  /** Offset of the first entry's successor, and so on: the bytes an entry takes. */
  entryLength(offset: number): number {
    const version = this.#number(offset + 40);
    const name = this.#int(offset + 68) >>> 16;
    const skips = version % SKIP_STRIDE === 0 ? 48 : 0;
    return ENTRY_HEAD + skips + this.#int(offset + 72) * 24 + ((name + 7) & ~7);
  }

  /** The version of the account of the entry at this offset. */
  entryVersion(offset: number): number {
    return this.#number(offset + 40);
  }

  /** Of the entry at this offset: change of the total, of what is held; available, held, version; number of the asset. */
  entryFigures(offset: number, into: Float64Array): void {
    if (offset + ENTRY_HEAD > this.u8.length) throw new RangeError('effects end too early');
    const { f64 } = this;
    const at = offset >> 3;
    into[0] = (f64[at] as number) - (f64[at + 1] as number);
    for (let i = 1; i < 5; i++) into[i] = f64[at + 1 + i] as number;
    into[5] = this.#int(offset + 64);
  }

  /** Where the name of the entry's owner begins; `length`: of the name. */
  #nameAt(offset: number, length: number): number {
    const skips = this.#number(offset + 40) % SKIP_STRIDE === 0 ? 48 : 0;
    const nameAt = offset + ENTRY_HEAD + skips + this.#int(offset + 72) * 24;
    if (nameAt + length > this.u8.length) throw new RangeError('effects end too early');
    return nameAt;
  }

  /** The owner of the entry at this offset. */
  entryOwner(offset: number): string {
    const length = this.#int(offset + 68) >>> 16;
    return asciiText(this.u8, this.#nameAt(offset, length), length);
  }

  /** The hash of that owner (ownerHash()). */
  entryOwnerHash(offset: number): number {
    const length = this.#int(offset + 68) >>> 16;
    return ownerHashBytes(this.u8, this.#nameAt(offset, length), length);
  }

  /** The entry at this offset. */
  entry(offset: number): EntryView {
    const word = this.#int(offset + 68);
    const type = word & 255;
    const nameLength = word >>> 16;
    const sliceCount = this.#int(offset + 72);
    const version = this.#number(offset + 40);
    const slicesAt = offset + ENTRY_HEAD + (version % SKIP_STRIDE === 0 ? 48 : 0);
    const nameAt = slicesAt + sliceCount * 24;
    if (nameAt + nameLength > this.u8.length) throw new RangeError('effects end too early');
    const second = this.#number(offset + 8);
    const expires = type === ENTRY.expire;
    const earned = this.#number(offset);
    const isPayer = expires && earned === 0;
    return {
      offset,
      recordOffset: offset - this.#int(offset + 60),
      type,
      asset: this.#int(offset + 64),
      earned,
      spent: isPayer ? 0 : second,
      expired: isPayer ? second : 0,
      heldDelta: this.#number(offset + 16),
      available: this.#number(offset + 24),
      held: this.#number(offset + 32),
      version,
      previousSeq: this.#number(offset + 48),
      previousOffset: this.#int(offset + 56),
      backdated: this.#int(offset + 76),
      slices: this.f64.slice(slicesAt >> 3, (slicesAt >> 3) + sliceCount * 3),
      owner: asciiText(this.u8, nameAt, nameLength),
    };
  }

  /** Pointers further back of the entry at this offset (whose version is a multiple of SKIP_STRIDE): seq, offset, three times. */
  skips(offset: number): Float64Array {
    return this.f64.slice((offset + ENTRY_HEAD) >> 3, ((offset + ENTRY_HEAD) >> 3) + 6);
  }

  /** All entries of the record at this offset. */
  entries(offset: number): EntryView[] {
    const found: EntryView[] = [];
    let at = offset + RECORD_HEAD;
    for (let i = this.entryCount(offset); i > 0; i--) {
      found.push(this.entry(at));
      at += this.entryLength(at);
    }
    return found;
  }

  /** All extras of the record at this offset. */
  extras(offset: number): Extra[] {
    const found: Extra[] = [];
    const first = this.#int(offset + 16);
    if (first === 0) return found;
    let at = offset + first;
    for (let i = this.#int(offset + 20); i > 0; i--) {
      found.push(this.#extraAt(at));
      at += this.#int(at + 4);
    }
    return found;
  }

  #extraAt(at: number): Extra {
    const numbersAt = (at >> 3) + 2;
    const numberCount = this.#int(at + 8);
    const texts: string[] = [];
    let byte = (numbersAt + numberCount) << 3;
    for (let t = this.#int(at + 12); t > 0; t--) {
      const length = this.u8[byte] as number;
      texts.push(asciiText(this.u8, byte + 1, length));
      byte += 1 + length;
    }
    const numbers = this.f64.slice(numbersAt, numbersAt + numberCount);
    return { tag: this.#int(at), numbers, texts };
  }
}
