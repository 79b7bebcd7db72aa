// The owner records of a page, in the bytes in which a page is stored: no object for each, and a checkpoint copies them as they are.
// Owns: where they lie, how one is found. Never touches: pages; what a record means.
//   ledger.T1. What is found, and how much there is, of whom, is as in a map by owner, type and key.
// Frame (slabs.ts): its head | slots | records, one after the other.

import { MERGED } from '../programme/merging.js';
import { recordTypeOf } from '../programme/plan.js';
import { RISK } from '../programme/risk/marks.js';
import { murmur3 } from '../protocol/hash.js';
import { asciiText } from '../protocol/name.js';
import { unpackValue } from '../protocol/packed-value.js';
import type { StoredRecord } from './page-items.js';
import { FRAME_HEAD, type Slab, type Slabs, type Tenant } from './slabs.js';

/** Of the records that say so (merged.ts). */
const MERGED_TYPE = recordTypeOf(MERGED);
const RISK_TYPE = recordTypeOf(RISK);

/** MessagePack of a record: an array of six, texts, bytes, two numbers. */
const [SIX, FIX_TEXT, TEXT_8, BIN_16, FLOAT_64] = [0x96, 0xa0, 0xd9, 0xc5, 0xcb];
/** In place of SIX: the record is gone. */
const GONE = 0xc1;
const FIX_TEXT_MAX = 31;
/** Heads of its texts and bytes, at most, and its numbers. */
const HEADS_MAX = 1 + 3 * 2 + 3 + 18;
const FIRST_BYTES = 192;
const FIRST_SLOTS = 8;
/** A slot: hash, and 1 + where its record begins; 0: it is empty. */
const SLOT = 2;
/** In place of where it begins: its record is gone. */
const LEFT = -1;

/** A record takes more than 16 bytes: no two begin in the same of so many. */
const MOVED_SHIFT = 4;
/** Where the record that began in each of them has been moved to. */
let moved = new Int32Array(1_024);

/** A record without its value. */
type ToStore = Omit<StoredRecord, 'value'>;

/** Low bits of a record's hash: of its type and key. Those above them are its owner's. */
const KEY_BITS = 12;
/** Slots that lie beside each other, in which the records of an owner are looked for first: a few places of memory, and not as many as records. */
const NEIGHBOURS = 16;
/** Slots of a table that is so large that an owner may have very many records: they are spread over all of it. */
const SPREAD_SLOTS = 2_048;
const SPREAD = 0x9e3779b1;
/** Bytes that memory hands over at once. */
const LINE = 64;

/** What of the hash of a record is its owner's. `hash`: of the owner's name. */
const ownerPart = (hash: number): number => Math.imul(hash, SPREAD) & (-1 << KEY_BITS);

/** The hash of the owner and type that were asked for last: most often the next ones, too. */
let lastOwner = '';
let lastType = '';
let lastPart = ownerPart(murmur3('', 0));
let lastOfType = murmur3('', 0);

function hashOf(owner: string, type: string, key: string): number {
  if (owner !== lastOwner) {
    lastOwner = owner;
    lastPart = ownerPart(murmur3(owner, 0));
  }
  if (type !== lastType) {
    lastType = type;
    lastOfType = murmur3(type, 0);
  }
  return lastPart | (murmur3(key, lastOfType) & ((1 << KEY_BITS) - 1));
}

/** What the frame of the records of a bucket's page says in place of the bucket, and the other way round. */
export const recordsOf = (bucket: number): number => ~bucket;

export class RecordTable implements Tenant {
  /** How many records there are. */
  size = 0;
  /** May one of them say that its owner was merged into another one? */
  mayHaveMerged = false;
  /** And that its owner is marked as a risk? */
  mayHaveRisk = false;
  slab!: Slab;
  frame = 0;
  /** Views of its slab: valid until it grows or is moved. */
  #u8!: Uint8Array;
  #i32!: Int32Array;
  #view!: DataView;
  /** Where slots begin, as an index of i32. */
  #slotsAt = 0;
  /** Numbers of all slots, a power of two. */
  #slots = FIRST_SLOTS * SLOT;
  /** Where records begin. */
  #bytesAt = 0;
  /** Bytes of records, and how many there is room for. */
  #length = 0;
  #room = FIRST_BYTES;
  /** Bytes of records that are gone. */
  #unused = 0;
  /** Slots that are not empty. */
  #taken = 0;
  /** How many each owner has: counted when it is first asked for. */
  #counts: Map<string, number> | undefined;
  readonly #slabs: Slabs;
  readonly #bucket: number;

  /** `like`: begins with what that one has. */
  constructor(bucket: number, slabs: Slabs, like?: RecordTable) {
    this.#slabs = slabs;
    this.#bucket = bucket;
    if (like !== undefined) {
      this.#slots = like.#slots;
      this.#room = like.#room;
    }
    this.#allocate();
    if (like !== undefined) this.#take(like);
  }

  /** Takes over what another one has, as it lies there. */
  #take(like: RecordTable): void {
    const slots = like.#i32.subarray(like.#slotsAt, like.#slotsAt + like.#slots);
    this.#i32.set(slots, this.#slotsAt);
    const records = like.#u8.subarray(like.#bytesAt, like.#bytesAt + like.#length);
    this.#u8.set(records, this.#bytesAt);
    this.size = like.size;
    this.#length = like.#length;
    this.#unused = like.#unused;
    this.#taken = like.#taken;
    this.mayHaveMerged = like.mayHaveMerged;
    this.mayHaveRisk = like.mayHaveRisk;
  }

  /** Bytes that it takes in memory. */
  get memory(): number {
    return FRAME_HEAD + this.#slots * 4 + this.#room;
  }

  /** A frame for as many slots and bytes as it says, with nothing in it. */
  #allocate(): void {
    this.#slabs.allocate(this.memory, recordsOf(this.#bucket));
    this.moveTo(this.#slabs.slab, this.#slabs.frame);
    this.#i32.fill(0, this.#slotsAt, this.#slotsAt + this.#slots);
    this.#taken = 0;
  }

  moveTo(slab: Slab, frame: number): void {
    this.slab = slab;
    this.frame = frame;
    this.#u8 = slab.u8;
    this.#i32 = slab.i32;
    this.#view = slab.view;
    this.#slotsAt = (frame + FRAME_HEAD) >> 2;
    this.#bytesAt = frame + FRAME_HEAD + this.#slots * 4;
  }

  /** It is no longer in memory. */
  forget(): void {
    this.#slabs.free(this.slab, this.frame);
  }

  /** Asks memory for the slots of an owner, by the hash of the name, and for where the next record will be written. What it returns says nothing. */
  touchSlots(hash: number): number {
    const slot = this.#slotsAt + this.#home(ownerPart(hash));
    return (this.#i32[slot] as number) | (this.#u8[this.#bytesAt + this.#length] as number);
  }

  /** Then for the records of the owner that these slots are of. */
  touchRecords(hash: number): number {
    const part = ownerPart(hash);
    const i32 = this.#i32;
    const u8 = this.#u8;
    const mask = this.#slots - 1;
    let seen = 0;
    let next = this.#home(part);
    for (let i = 0; i < NEIGHBOURS; i++, next = (next + SLOT) & mask) {
      const slot = this.#slotsAt + next;
      const start = i32[slot + 1] as number;
      if (start === 0) break;
      if (start === LEFT || ((i32[slot] as number) & (-1 << KEY_BITS)) !== part) continue;
      const at = this.#bytesAt + start;
      seen |= (u8[at] as number) | (u8[at + LINE] as number);
    }
    return seen;
  }

  has(owner: string, type: string, key: string): boolean {
    return this.#find(hashOf(owner, type, key), owner, type, key) >= 0;
  }

  get(owner: string, type: string, key: string): StoredRecord | undefined {
    const slot = this.#find(hashOf(owner, type, key), owner, type, key);
    return slot < 0 ? undefined : this.#read(this.#placeOf(slot));
  }

  /** What an act's record says (plan.ts); undefined: there is none. */
  said(owner: string, type: string, key: string): unknown {
    const slot = this.#find(hashOf(owner, type, key), owner, type, key);
    if (slot < 0) return undefined;
    const at = this.#valueAt(this.#placeOf(slot));
    return unpackValue(this.#u8, at + 3, at + 3 + this.#view.getUint16(at + 1));
  }

  /** Adds it, in place of the one with its owner, type and key. Its value is [start, end) of these bytes. */
  set(record: ToStore, value: Uint8Array, start = 0, end = value.length): void {
    const { owner, type, key } = record;
    if (type === MERGED_TYPE) this.mayHaveMerged = true;
    if (type === RISK_TYPE) this.mayHaveRisk = true;
    const hash = hashOf(owner, type, key);
    const slot = this.#find(hash, owner, type, key);
    if (slot >= 0) {
      const at = this.#valueAt(this.#placeOf(slot));
      if (this.#view.getUint16(at + 1) === end - start) {
        this.#writeValue(record, value, start, end, at);
        return;
      }
    }
    this.#remove(slot);
    if (slot < 0) this.#counted(owner, 1);
    this.#reserve(owner.length + type.length + key.length + end - start + HEADS_MAX);
    this.#put(hash, this.#length);
    this.#write(record, value, start, end);
    this.size++;
  }

  delete(owner: string, type: string, key: string): void {
    const slot = this.#find(hashOf(owner, type, key), owner, type, key);
    this.#remove(slot);
    if (slot >= 0) this.#counted(owner, -1);
  }

  /** How many records an owner has. */
  countOf(owner: string): number {
    if (this.#counts === undefined) {
      this.#counts = new Map();
      for (const one of this.values()) this.#counted(one.owner, 1);
    }
    return this.#counts.get(owner) ?? 0;
  }

  #counted(owner: string, more: 1 | -1): void {
    const count = (this.#counts?.get(owner) ?? 0) + more;
    if (count === 0) this.#counts?.delete(owner);
    else this.#counts?.set(owner, count);
  }

  #remove(slot: number): void {
    if (slot < 0) return;
    const at = this.#placeOf(slot);
    this.#unused += this.#end(at) - at;
    this.#u8[at] = GONE;
    this.#i32[slot + 1] = LEFT;
    this.size--;
  }

  *values(): Generator<StoredRecord> {
    for (let start = 0; start < this.#length; ) {
      const at = this.#bytesAt + start;
      start += this.#end(at) - at;
      if (this.#u8[at] === SIX) yield this.#read(at);
    }
  }

  /** Those of an owner: of the others of the page no object is made. */
  *of(owner: string): Generator<StoredRecord> {
    for (let start = 0; start < this.#length; ) {
      const at = this.#bytesAt + start;
      start += this.#end(at) - at;
      if (this.#u8[at] === SIX && this.#after(at + 1, owner) >= 0) yield this.#read(at);
    }
  }

  /** An owner's records of one type: at most `limit` after a key, by key. */
  following(owner: string, type: string, after: string, limit: number): StoredRecord[] {
    const bytes = this.#u8;
    const found: { readonly key: string; readonly at: number }[] = [];
    for (let start = 0; start < this.#length; ) {
      const at = this.#bytesAt + start;
      start += this.#end(at) - at;
      const typeAt = bytes[at] === SIX ? this.#after(at + 1, owner) : -1;
      const keyAt = typeAt < 0 ? -1 : this.#after(typeAt, type);
      const key = keyAt < 0 ? '' : textAt(bytes, keyAt);
      if (keyAt >= 0 && key > after) found.push({ key, at });
    }
    found.sort((a, b) => (a.key < b.key ? -1 : 1));
    return found.slice(0, limit).map(({ at }) => this.#read(at));
  }

  /** When the first of them expires. */
  get nextExpiry(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let start = 0; start < this.#length; ) {
      const at = this.#bytesAt + start;
      const end = this.#end(at);
      start += end - at;
      if (this.#u8[at] === SIX) next = Math.min(next, this.#view.getFloat64(end - 8));
    }
    return next;
  }

  /** All of them, one after the other, as they are stored: to be copied before anything changes. */
  packed(): Uint8Array {
    if (this.#unused > 0) this.#pushTogether();
    return this.#u8.subarray(this.#bytesAt, this.#bytesAt + this.#length);
  }

  /** Where the record of a slot is. */
  #placeOf(slot: number): number {
    return this.#bytesAt + (this.#i32[slot + 1] as number) - 1;
  }

  /** Where the slot of a hash is looked for first, among all of them. */
  #home(hash: number): number {
    const place =
      this.#slots > SPREAD_SLOTS * SLOT
        ? Math.imul(hash, SPREAD) >>> KEY_BITS
        : (hash >>> KEY_BITS) * NEIGHBOURS + (hash & (NEIGHBOURS - 1));
    return (place * SLOT) & (this.#slots - 1);
  }

  /** Its slot, as an index of i32; -1: there is none. */
  #find(hash: number, owner: string, type: string, key: string): number {
    const i32 = this.#i32;
    const from = this.#slotsAt;
    const mask = this.#slots - 1;
    for (let next = this.#home(hash); ; next = (next + SLOT) & mask) {
      const slot = from + next;
      const start = i32[slot + 1] as number;
      if (start === 0) return -1;
      if (start !== LEFT && i32[slot] === hash && this.#isAt(slot, owner, type, key)) return slot;
    }
  }

  #isAt(slot: number, owner: string, type: string, key: string): boolean {
    const second = this.#after(this.#placeOf(slot) + 1, owner);
    if (second < 0) return false;
    const third = this.#after(second, type);
    return third >= 0 && this.#after(third, key) >= 0;
  }

  /** Where the text at `at` ends; -1: it is another one. */
  #after(at: number, text: string): number {
    const bytes = this.#u8;
    const { length } = text;
    const start = at + (length > FIX_TEXT_MAX ? 2 : 1);
    if (bytes[start - 1] !== (length > FIX_TEXT_MAX ? length : FIX_TEXT | length)) return -1;
    if (length > FIX_TEXT_MAX && bytes[at] !== TEXT_8) return -1;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return -1;
    return start + length;
  }

  #put(hash: number, start: number): void {
    const i32 = this.#i32;
    const from = this.#slotsAt;
    const mask = this.#slots - 1;
    let next = this.#home(hash);
    while (i32[from + next + 1] !== 0) next = (next + SLOT) & mask;
    i32[from + next] = hash;
    i32[from + next + 1] = start + 1;
    this.#taken++;
  }

  /** Room for one record more, of at most so many bytes. */
  #reserve(bytes: number): void {
    const isCrowded = (this.#taken + 1) * SLOT * 4 > this.#slots * 3;
    const needed = this.#length - this.#unused + bytes;
    const isFull = this.#length + bytes > this.#room;
    if (!isCrowded && !isFull) return;
    // Records change in length all the time: what is left of them is pushed together where it lies, while that wins a quarter.
    if (!isCrowded && needed <= this.#room - (this.#room >> 2)) {
      this.#pushTogether();
      return;
    }
    let slots = FIRST_SLOTS * SLOT;
    while (slots < (this.size + 1) * 2 * SLOT) slots *= 2;
    this.#fit(isCrowded ? slots : this.#slots, isFull ? (needed * 2 + 7) & ~7 : this.#room);
  }

  /** The records where they are, in their order, without those that are gone. */
  #pushTogether(): void {
    const bytes = this.#u8;
    const from = this.#bytesAt;
    const length = this.#length;
    if (moved.length < length >> MOVED_SHIFT) moved = new Int32Array(length);
    let to = 0;
    for (let start = 0; start < length; ) {
      const end = this.#end(from + start) - from;
      if (bytes[from + start] === SIX) {
        moved[start >> MOVED_SHIFT] = to;
        if (to < start) bytes.copyWithin(from + to, from + start, from + end);
        to += end - start;
      }
      start = end;
    }
    const i32 = this.#i32;
    for (let slot = this.#slotsAt; slot < this.#slotsAt + this.#slots; slot += SLOT) {
      const start = i32[slot + 1] as number;
      if (start > 0) i32[slot + 1] = 1 + (moved[(start - 1) >> MOVED_SHIFT] as number);
    }
    this.#length = to;
    this.#unused = 0;
  }

  /** Everything into a frame with so many numbers of slots and bytes of records, without those that are gone. */
  #fit(slots: number, room: number): void {
    if (this.#unused > 0) this.#pushTogether();
    const { slab, frame } = this;
    const [before, from] = [this.#u8, this.#bytesAt];
    const slotsBefore = this.#i32.subarray(this.#slotsAt, this.#slotsAt + this.#slots);
    this.#slots = slots;
    this.#room = room;
    this.#allocate();
    this.#u8.set(before.subarray(from, from + this.#length), this.#bytesAt);
    for (let slot = 0; slot < slotsBefore.length; slot += SLOT) {
      const start = slotsBefore[slot + 1] as number;
      if (start > 0) this.#put(slotsBefore[slot] as number, start - 1);
    }
    this.#slabs.free(slab, frame);
  }

  #write(record: ToStore, value: Uint8Array, start: number, end: number): void {
    const { owner, type, key } = record;
    const from = this.#bytesAt + this.#length;
    this.#u8[from] = SIX;
    const at = this.#text(key, this.#text(type, this.#text(owner, from + 1)));
    this.#length = this.#writeValue(record, value, start, end, at) - this.#bytesAt;
  }

  /** What follows the texts, from `at` on; returns where it ends. */
  #writeValue(
    { version, expiresAt }: ToStore,
    value: Uint8Array,
    start: number,
    end: number,
    at: number,
  ): number {
    const bytes = this.#u8;
    const length = end - start;
    bytes[at] = BIN_16;
    bytes[at + 1] = length >> 8;
    bytes[at + 2] = length & 255;
    const to = at + 3;
    for (let i = 0; i < length; i++) bytes[to + i] = value[start + i] as number;
    return this.#number(expiresAt, this.#number(version, to + length));
  }

  #text(text: string, at: number): number {
    const bytes = this.#u8;
    const { length } = text;
    let start = at + 1;
    if (length <= FIX_TEXT_MAX) bytes[at] = FIX_TEXT | length;
    else {
      bytes[at] = TEXT_8;
      bytes[start++] = length;
    }
    for (let i = 0; i < length; i++) bytes[start + i] = text.charCodeAt(i);
    return start + length;
  }

  #number(value: number, at: number): number {
    this.#u8[at] = FLOAT_64;
    this.#view.setFloat64(at + 1, value);
    return at + 9;
  }

  #end(at: number): number {
    return recordEnd(this.#u8, at);
  }

  /** Where the record at `at` has its value's head. */
  #valueAt(at: number): number {
    const bytes = this.#u8;
    return textEnd(bytes, textEnd(bytes, textEnd(bytes, at + 1)));
  }

  #read(at: number): StoredRecord {
    const bytes = this.#u8;
    const view = this.#view;
    const typeAt = textEnd(bytes, at + 1);
    const keyAt = textEnd(bytes, typeAt);
    const valueAt = textEnd(bytes, keyAt);
    const end = valueAt + 3 + view.getUint16(valueAt + 1);
    return {
      owner: textAt(bytes, at + 1),
      type: textAt(bytes, typeAt),
      key: textAt(bytes, keyAt),
      value: bytes.slice(valueAt + 3, end),
      version: view.getFloat64(end + 1),
      expiresAt: view.getFloat64(end + 10),
    };
  }
}

/** Where the text at `at` ends. */
function textEnd(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number;
  return head === TEXT_8 ? at + 2 + (bytes[at + 1] as number) : at + 1 + (head & 31);
}

function textAt(bytes: Uint8Array, at: number): string {
  const start = at + (bytes[at] === TEXT_8 ? 2 : 1);
  return asciiText(bytes, start, textEnd(bytes, at) - start);
}

/** Where the record at `at` ends. */
function recordEnd(bytes: Uint8Array, at: number): number {
  const valueAt = textEnd(bytes, textEnd(bytes, textEnd(bytes, at + 1)));
  return (
    valueAt + 3 + (((bytes[valueAt + 1] as number) << 8) | (bytes[valueAt + 2] as number)) + 18
  );
}
