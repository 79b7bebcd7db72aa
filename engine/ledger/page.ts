// A page: every account, hold and record of the owners whose hash falls into one bucket.
// Owns: the layout of accounts in memory, which is the layout in the state environment. Never touches: files.
//   G1. An owner's accounts, holds and records are in one page.
//   G2. An account's place in the page does not change while the page is not split.

import { NEVER } from '../limits.js';
import { packValue, unpackValue } from '../protocol/codec.js';

/** Numbers of an account's record, as f64 fields. */
export const F = {
  available: 0,
  held: 1,
  earned: 2,
  spent: 3,
  expired: 4,
  creditLimit: 5,
  version: 6,
  headSeq: 7,
  skip1Seq: 8,
  skip2Seq: 9,
  skip3Seq: 10,
  nextDue: 11,
} as const;
/** Numbers of an account's record, as i32 fields. */
export const I = {
  hash: 24,
  nameOffset: 25,
  nameLength: 26,
  asset: 27,
  flags: 28,
  headOffset: 29,
  skip1Offset: 30,
  skip2Offset: 31,
  skip3Offset: 32,
  lotOffset: 33,
  lotCount: 34,
  lotCapacity: 35,
} as const;
/** f64 fields per account, the i32 fields included. */
export const F_STRIDE = 18;
/** i32 fields per account. */
export const I_STRIDE = 36;
/** Numbers of one lot: expiry, available, held. */
export const LOT_FIELDS = 3;

const PAGE_FORMAT = 1;
const PAGE_HEAD = 64;
const FIRST_CAPACITY = 8;
/** About what a page costs beside its arrays. */
const PAGE_OVERHEAD_BYTES = 600;

/** An open hold. */
export interface Hold {
  readonly owner: string;
  readonly id: string;
  /** Index of the asset. */
  readonly asset: number;
  /** Minor units still held. */
  remaining: number;
  /** NEVER: none. */
  readonly deadline: number;
  /** What of it came from lots: (expiry, amount) one after the other, soonest first. */
  slices: number[];
}

/** An owner record. */
export interface StoredRecord {
  readonly owner: string;
  readonly type: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly version: number;
  /** NEVER: none. */
  readonly expiresAt: number;
}

/** Bytes in memory, summed over all pages. */
export interface Meter {
  bytes: number;
}

/** Tells accounts of one bucket apart at a glance. */
export function tagOf(hash: number, asset: number): number {
  return (hash ^ Math.imul(asset + 1, 0x9e3779b1)) | 0;
}

export class Page {
  readonly bucket: number;
  /** Accounts in it. */
  count = 0;
  /** Checkpoint epoch in which it was changed last; 0: not since it was read in. */
  epoch = 0;
  /** A checkpoint has yet to write it as it is. */
  waiting = false;
  /** Used since the cache looked last. */
  used = true;
  /** Nothing in it is due before this. */
  nextDue = NEVER;
  /** Bytes it takes in memory. */
  bytes = 0;
  tags: Int32Array;
  f64: Float64Array;
  i32: Int32Array;
  names: Uint8Array;
  namesLength = 0;
  lots: Float64Array;
  lotsLength = 0;
  /** Open holds by owner + NUL + id; null: none. */
  holds: Map<string, Hold> | null = null;
  /** Records by owner + NUL + type + NUL + key; null: none. */
  records: Map<string, StoredRecord> | null = null;
  readonly #meter: Meter;

  constructor(bucket: number, meter: Meter, capacity = FIRST_CAPACITY) {
    this.bucket = bucket;
    this.#meter = meter;
    this.tags = new Int32Array(capacity);
    this.f64 = new Float64Array(capacity * F_STRIDE);
    this.i32 = new Int32Array(this.f64.buffer);
    this.names = new Uint8Array(capacity * 12);
    this.lots = new Float64Array(0);
    this.measure();
  }

  /** Brings `bytes` and the meter up to date; after its arrays, holds or records changed in size. */
  measure(): void {
    let bytes = PAGE_OVERHEAD_BYTES + this.tags.byteLength + this.f64.byteLength + this.names.length + this.lots.byteLength;
    if (this.holds !== null) bytes += this.holds.size * 300;
    if (this.records !== null) for (const record of this.records.values()) bytes += 300 + record.value.length;
    this.#meter.bytes += bytes - this.bytes;
    this.bytes = bytes;
  }

  /** The page is no longer in memory. */
  forget(): void {
    this.#meter.bytes -= this.bytes;
    this.bytes = 0;
  }

  /** Place of an account; -1: there is none. */
  find(owner: string, hash: number, asset: number): number {
    const tag = tagOf(hash, asset);
    const tags = this.tags;
    const count = this.count;
    for (let i = 0; i < count; i++) {
      if (tags[i] === tag && this.i32[i * I_STRIDE + I.asset] === asset && this.isNamed(i, owner)) return i;
    }
    return -1;
  }

  /** Is the account at this place the owner's? */
  isNamed(index: number, owner: string): boolean {
    const at = index * I_STRIDE;
    const length = owner.length;
    if (this.i32[at + I.nameLength] !== length) return false;
    const start = this.i32[at + I.nameOffset] as number;
    const names = this.names;
    for (let i = 0; i < length; i++) {
      if (names[start + i] !== owner.charCodeAt(i)) return false;
    }
    return true;
  }

  /** The owner of the account at this place. */
  ownerAt(index: number): string {
    const at = index * I_STRIDE;
    const start = this.i32[at + I.nameOffset] as number;
    const end = start + (this.i32[at + I.nameLength] as number);
    let name = '';
    for (let i = start; i < end; i++) name += String.fromCharCode(this.names[i] as number);
    return name;
  }

  /** Adds an account with nothing in it; returns its place. */
  add(owner: string, hash: number, asset: number): number {
    const index = this.count;
    if (index === this.tags.length) this.#growAccounts();
    const length = owner.length;
    if (this.namesLength + length > this.names.length) this.#growNames(length);
    for (let i = 0; i < length; i++) this.names[this.namesLength + i] = owner.charCodeAt(i);
    this.tags[index] = tagOf(hash, asset);
    this.f64.fill(0, index * F_STRIDE, (index + 1) * F_STRIDE);
    this.f64[index * F_STRIDE + F.nextDue] = NEVER;
    const at = index * I_STRIDE;
    this.i32[at + I.hash] = hash | 0;
    this.i32[at + I.nameOffset] = this.namesLength;
    this.i32[at + I.nameLength] = length;
    this.i32[at + I.asset] = asset;
    this.namesLength += length;
    this.count = index + 1;
    return index;
  }

  /** Replaces an account's lots by `count` lots of `from`. */
  setLots(index: number, from: Float64Array, count: number): void {
    const at = index * I_STRIDE;
    const numbers = count * LOT_FIELDS;
    let offset = this.i32[at + I.lotOffset] as number;
    if (count > (this.i32[at + I.lotCapacity] as number)) {
      const capacity = count + (count >> 1) + 1;
      offset = this.#lotRoom(capacity);
      this.i32[at + I.lotOffset] = offset;
      this.i32[at + I.lotCapacity] = capacity;
    }
    const lots = this.lots;
    for (let i = 0; i < numbers; i++) lots[offset + i] = from[i] as number;
    this.i32[at + I.lotCount] = count;
  }

  #growAccounts(): void {
    const capacity = this.tags.length + Math.max(FIRST_CAPACITY, this.tags.length >> 1);
    const tags = new Int32Array(capacity);
    tags.set(this.tags);
    const f64 = new Float64Array(capacity * F_STRIDE);
    f64.set(this.f64);
    this.tags = tags;
    this.f64 = f64;
    this.i32 = new Int32Array(f64.buffer);
    this.measure();
  }

  #growNames(extra: number): void {
    const names = new Uint8Array(Math.max(this.namesLength + extra, this.names.length + (this.names.length >> 1)));
    names.set(this.names.subarray(0, this.namesLength));
    this.names = names;
    this.measure();
  }

  /** Room for so many lots at the end, after packing what is in use where that is worth it. */
  #lotRoom(capacity: number): number {
    const needed = capacity * LOT_FIELDS;
    if (this.lotsLength + needed > this.lots.length) this.#packLots(needed);
    const offset = this.lotsLength;
    this.lotsLength += needed;
    return offset;
  }

  #packLots(extra: number): void {
    let used = 0;
    for (let i = 0; i < this.count; i++) used += (this.i32[i * I_STRIDE + I.lotCapacity] as number) * LOT_FIELDS;
    const packed = new Float64Array(used + extra + ((used + extra) >> 1));
    let offset = 0;
    for (let i = 0; i < this.count; i++) {
      const at = i * I_STRIDE;
      const from = this.i32[at + I.lotOffset] as number;
      packed.set(this.lots.subarray(from, from + (this.i32[at + I.lotCount] as number) * LOT_FIELDS), offset);
      this.i32[at + I.lotOffset] = offset;
      offset += (this.i32[at + I.lotCapacity] as number) * LOT_FIELDS;
    }
    this.lots = packed;
    this.lotsLength = offset;
    this.measure();
  }

  /** Copies the account at `index` of another page, with its name and lots. */
  #adopt(from: Page, index: number): void {
    const at = index * I_STRIDE;
    const place = this.add(from.ownerAt(index), from.i32[at + I.hash] as number, from.i32[at + I.asset] as number);
    const to = place * F_STRIDE;
    for (let i = 0; i < 12; i++) this.f64[to + i] = from.f64[index * F_STRIDE + i] as number;
    for (let i = I.flags; i <= I.skip3Offset; i++) this.i32[place * I_STRIDE + i] = from.i32[at + i] as number;
    const lotCount = from.i32[at + I.lotCount] as number;
    if (lotCount > 0) {
      const offset = from.i32[at + I.lotOffset] as number;
      this.setLots(place, from.lots.subarray(offset, offset + lotCount * LOT_FIELDS), lotCount);
    }
  }

  /** Two new pages in place of this one: what stays, and what goes to `bucket` because `goes(hash)`. */
  split(bucket: number, goes: (hash: number) => boolean, hashOf: (owner: string) => number): [Page, Page] {
    const stay = new Page(this.bucket, this.#meter, Math.max(FIRST_CAPACITY, this.count >> 1));
    const gone = new Page(bucket, this.#meter, Math.max(FIRST_CAPACITY, this.count >> 1));
    for (let i = 0; i < this.count; i++) {
      (goes((this.i32[i * I_STRIDE + I.hash] as number) >>> 0) ? gone : stay).#adopt(this, i);
    }
    for (const [key, hold] of this.holds ?? []) {
      const page = goes(hashOf(hold.owner)) ? gone : stay;
      page.holds ??= new Map();
      page.holds.set(key, hold);
    }
    for (const [key, record] of this.records ?? []) {
      const page = goes(hashOf(record.owner)) ? gone : stay;
      page.records ??= new Map();
      page.records.set(key, record);
    }
    stay.findNextDue();
    gone.findNextDue();
    stay.measure();
    gone.measure();
    this.forget();
    return [stay, gone];
  }

  /** Works out `nextDue` from everything in the page. */
  findNextDue(): void {
    let due = NEVER;
    for (let i = 0; i < this.count; i++) due = Math.min(due, this.f64[i * F_STRIDE + F.nextDue] as number);
    if (this.records !== null) for (const record of this.records.values()) due = Math.min(due, record.expiresAt);
    this.nextDue = due;
  }

  /** The page as bytes: a copy that later changes do not touch. */
  encode(): Uint8Array {
    const rest =
      this.holds === null && this.records === null
        ? new Uint8Array(0)
        : packValue([[...(this.holds?.values() ?? [])].map(holdTuple), [...(this.records?.values() ?? [])].map(recordTuple)]);
    const tagBytes = (this.count * 4 + 7) & ~7;
    const recordBytes = this.count * F_STRIDE * 8;
    const lotBytes = this.lotsLength * 8;
    const total = PAGE_HEAD + tagBytes + recordBytes + lotBytes + this.namesLength + rest.length;
    const buffer = new ArrayBuffer((total + 7) & ~7);
    const bytes = new Uint8Array(buffer);
    const head = new Float64Array(buffer, 0, PAGE_HEAD / 8);
    head.set([PAGE_FORMAT, this.bucket, this.count, this.namesLength, this.lotsLength, rest.length, this.nextDue]);
    let at = PAGE_HEAD;
    new Int32Array(buffer, at, this.count).set(this.tags.subarray(0, this.count));
    at += tagBytes;
    new Float64Array(buffer, at, this.count * F_STRIDE).set(this.f64.subarray(0, this.count * F_STRIDE));
    at += recordBytes;
    new Float64Array(buffer, at, this.lotsLength).set(this.lots.subarray(0, this.lotsLength));
    at += lotBytes;
    bytes.set(this.names.subarray(0, this.namesLength), at);
    bytes.set(rest, at + this.namesLength);
    return bytes;
  }

  /** The page that encode() wrote. The bytes must begin at a multiple of 8 of their buffer. */
  static decode(bytes: Uint8Array, meter: Meter): Page {
    const { buffer, byteOffset } = bytes;
    const head = new Float64Array(buffer, byteOffset, PAGE_HEAD / 8);
    if (head[0] !== PAGE_FORMAT) throw new RangeError(`unknown page format ${head[0]}`);
    const [, bucket, count, namesLength, lotsLength, restLength, nextDue] = head as unknown as number[];
    const page = new Page(bucket as number, meter, (count as number) + 2);
    page.count = count as number;
    page.namesLength = namesLength as number;
    page.lotsLength = lotsLength as number;
    page.nextDue = nextDue as number;
    let at = byteOffset + PAGE_HEAD;
    page.tags.set(new Int32Array(buffer, at, page.count));
    at += (page.count * 4 + 7) & ~7;
    page.f64.set(new Float64Array(buffer, at, page.count * F_STRIDE));
    at += page.count * F_STRIDE * 8;
    page.lots = new Float64Array(buffer, at, page.lotsLength).slice();
    at += page.lotsLength * 8;
    page.names = new Uint8Array(buffer, at, page.namesLength).slice();
    at += page.namesLength;
    if ((restLength as number) > 0) {
      const rest = unpackValue(new Uint8Array(buffer, at, restLength as number)) as [unknown[][], unknown[][]];
      if (rest[0].length > 0) page.holds = new Map(rest[0].map(holdOfTuple));
      if (rest[1].length > 0) page.records = new Map(rest[1].map(recordOfTuple));
    }
    page.measure();
    return page;
  }
}

/** Key of a hold within its page. */
export const holdKey = (owner: string, id: string): string => `${owner}\0${id}`;
/** Key of a record within its page. */
export const recordKey = (owner: string, type: string, key: string): string => `${owner}\0${type}\0${key}`;

const holdTuple = (h: Hold): unknown[] => [h.owner, h.id, h.asset, h.remaining, h.deadline, h.slices];
function holdOfTuple(t: unknown[]): [string, Hold] {
  const [owner, id, asset, remaining, deadline, slices] = t as [string, string, number, number, number, number[]];
  return [holdKey(owner, id), { owner, id, asset, remaining, deadline, slices }];
}
const recordTuple = (r: StoredRecord): unknown[] => [r.owner, r.type, r.key, r.value, r.version, r.expiresAt];
function recordOfTuple(t: unknown[]): [string, StoredRecord] {
  const [owner, type, key, value, version, expiresAt] = t as [string, string, string, Uint8Array, number, number];
  return [recordKey(owner, type, key), { owner, type, key, value: new Uint8Array(value), version, expiresAt }];
}
