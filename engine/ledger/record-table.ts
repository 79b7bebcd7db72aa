// The owner records of a page, in the bytes in which a page is stored: no object for each, and a checkpoint copies them as they are.
// Owns: where they lie, how one is found. Never touches: pages; what a record means.
//   ledger.T1. What is found, and how much there is, is as in a map by owner, type and key.

import { murmur3 } from '../protocol/hash.js';
import { asciiText } from '../protocol/name.js';
import type { StoredRecord } from './page-items.js';

/** MessagePack of a record: an array of six, texts, bytes, two numbers. */
const [SIX, FIX_TEXT, TEXT_8, BIN_16, FLOAT_64] = [0x96, 0xa0, 0xd9, 0xc5, 0xcb];
/** In place of SIX: the record is gone. */
const GONE = 0xc1;
const FIX_TEXT_MAX = 31;
/** Heads of its texts and bytes, at most, and its numbers. */
const HEADS_MAX = 1 + 3 * 2 + 3 + 18;
const FIRST_BYTES = 256;
const FIRST_SLOTS = 8;
/** A slot: hash, and 1 + where its record begins; 0: it is empty. */
const SLOT = 2;
/** In place of where it begins: its record is gone. */
const LEFT = -1;

const hashOf = (owner: string, type: string, key: string): number =>
  murmur3(key, murmur3(type, murmur3(owner, 0))) | 0;

export class RecordTable {
  /** How many records there are. */
  size = 0;
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** Bytes of records that are gone. */
  #unused = 0;
  #slots = new Int32Array(FIRST_SLOTS * SLOT);
  /** Slots that are not empty. */
  #taken = 0;

  /** Bytes that it takes in memory. */
  get memory(): number {
    return this.#bytes.length + this.#slots.length * 4;
  }

  /** Asks memory for it. What it returns says nothing. */
  touch(): number {
    return (this.#slots[0] as number) | (this.#bytes[0] as number);
  }

  has(owner: string, type: string, key: string): boolean {
    return this.#find(hashOf(owner, type, key), owner, type, key) >= 0;
  }

  get(owner: string, type: string, key: string): StoredRecord | undefined {
    const slot = this.#find(hashOf(owner, type, key), owner, type, key);
    return slot < 0 ? undefined : this.#read((this.#slots[slot + 1] as number) - 1);
  }

  /** Adds it, in place of the one with its owner, type and key. */
  set(record: StoredRecord): void {
    const { owner, type, key, value } = record;
    const hash = hashOf(owner, type, key);
    this.#remove(this.#find(hash, owner, type, key));
    this.#reserve(owner.length + type.length + key.length + value.length + HEADS_MAX);
    if ((this.#taken + 1) * SLOT * 4 > this.#slots.length * 3) this.#makeSlots();
    this.#put(hash, this.#length);
    this.#write(record);
    this.size++;
  }

  delete(owner: string, type: string, key: string): void {
    this.#remove(this.#find(hashOf(owner, type, key), owner, type, key));
  }

  #remove(slot: number): void {
    if (slot < 0) return;
    const start = (this.#slots[slot + 1] as number) - 1;
    this.#unused += this.#end(start) - start;
    this.#bytes[start] = GONE;
    this.#slots[slot + 1] = LEFT;
    this.size--;
  }

  *values(): Generator<StoredRecord> {
    for (let at = 0; at < this.#length; at = this.#end(at))
      if (this.#bytes[at] === SIX) yield this.#read(at);
  }

  /** All of them, one after the other, as they are stored: to be copied before anything changes. */
  packed(): Uint8Array {
    if (this.#unused > 0) this.#compact();
    return this.#bytes.subarray(0, this.#length);
  }

  /** Its slot; -1: there is none. */
  #find(hash: number, owner: string, type: string, key: string): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash * SLOT) & mask; ; slot = (slot + SLOT) & mask) {
      const start = slots[slot + 1] as number;
      if (start === 0) return -1;
      if (start !== LEFT && slots[slot] === hash && this.#isAt(start, owner, type, key))
        return slot;
    }
  }

  /** `at`: of its first text. */
  #isAt(at: number, owner: string, type: string, key: string): boolean {
    const second = this.#after(at, owner);
    if (second < 0) return false;
    const third = this.#after(second, type);
    return third >= 0 && this.#after(third, key) >= 0;
  }

  /** Where the text at `at` ends; -1: it is another one. */
  #after(at: number, text: string): number {
    const bytes = this.#bytes;
    const { length } = text;
    const start = at + (length > FIX_TEXT_MAX ? 2 : 1);
    if (bytes[start - 1] !== (length > FIX_TEXT_MAX ? length : FIX_TEXT | length)) return -1;
    if (length > FIX_TEXT_MAX && bytes[at] !== TEXT_8) return -1;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return -1;
    return start + length;
  }

  #put(hash: number, start: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = (hash * SLOT) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + SLOT) & mask;
    slots[slot] = hash;
    slots[slot + 1] = start + 1;
    this.#taken++;
  }

  /** Slots anew: room for twice as many as there are, and one more. */
  #makeSlots(): void {
    const before = this.#slots;
    let slots = FIRST_SLOTS;
    while (slots < (this.size + 1) * 2) slots *= 2;
    this.#slots = new Int32Array(slots * SLOT);
    this.#taken = 0;
    for (let slot = 0; slot < before.length; slot += SLOT) {
      const start = before[slot + 1] as number;
      if (start > 0) this.#put(before[slot] as number, start - 1);
    }
  }

  /** Room for so many bytes more. */
  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    if (this.#unused > this.#length >> 1) this.#compact();
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(needed + (needed >> 1));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Without those that are gone. */
  #compact(): void {
    this.#slots.fill(0);
    this.#taken = 0;
    let to = 0;
    for (let at = 0, end = 0; at < this.#length; at = end) {
      end = this.#end(at);
      if (this.#bytes[at] !== SIX) continue;
      const { owner, type, key } = this.#read(at);
      this.#bytes.copyWithin(to, at, end);
      this.#put(hashOf(owner, type, key), to);
      to += end - at;
    }
    this.#length = to;
    this.#unused = 0;
  }

  #write({ owner, type, key, value, version, expiresAt }: StoredRecord): void {
    const bytes = this.#bytes;
    bytes[this.#length] = SIX;
    let at = this.#text(key, this.#text(type, this.#text(owner, this.#length + 1)));
    const { length } = value;
    bytes[at] = BIN_16;
    bytes[at + 1] = length >> 8;
    bytes[at + 2] = length & 255;
    at += 3;
    for (let i = 0; i < length; i++) bytes[at + i] = value[i] as number;
    at += length;
    this.#length = this.#number(expiresAt, this.#number(version, at));
  }

  #text(text: string, at: number): number {
    const bytes = this.#bytes;
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
    this.#bytes[at] = FLOAT_64;
    this.#view.setFloat64(at + 1, value);
    return at + 9;
  }

  #textStart(at: number): number {
    return at + (this.#bytes[at] === TEXT_8 ? 2 : 1);
  }

  #textEnd(at: number): number {
    const head = this.#bytes[at] as number;
    return head === TEXT_8 ? at + 2 + (this.#bytes[at + 1] as number) : at + 1 + (head & 31);
  }

  /** Where the record at `start` has its value's head. */
  #valueAt(start: number): number {
    return this.#textEnd(this.#textEnd(this.#textEnd(start + 1)));
  }

  #end(start: number): number {
    const at = this.#valueAt(start);
    return at + 3 + this.#view.getUint16(at + 1) + 18;
  }

  #read(start: number): StoredRecord {
    const view = this.#view;
    const typeAt = this.#textEnd(start + 1);
    const keyAt = this.#textEnd(typeAt);
    const valueAt = this.#textEnd(keyAt);
    const end = valueAt + 3 + view.getUint16(valueAt + 1);
    return {
      owner: this.#textAt(start + 1),
      type: this.#textAt(typeAt),
      key: this.#textAt(keyAt),
      value: this.#bytes.slice(valueAt + 3, end),
      version: view.getFloat64(end + 1),
      expiresAt: view.getFloat64(end + 10),
    };
  }

  #textAt(at: number): string {
    const start = this.#textStart(at);
    return asciiText(this.#bytes, start, this.#textEnd(at) - start);
  }
}
