// A page: every account, hold and record of the owners whose hash falls into one bucket.
// Owns: the layout of accounts in memory, which is the layout in the state environment. Never touches: files.
// In memory a page is one frame of a slab (slabs.ts): tags, records, lots, names.
//   ledger.G1. An owner's accounts, holds and records are in one page.
//   ledger.G2. An account's place in the page does not change while the page is not split.

import { NEVER } from '../limits.js';
import { asciiText, Name } from '../protocol/name.js';
import { packValue, unpackValue } from '../protocol/packed-value.js';
import { type Hold, holdOfTuple, holdTuple, recordOfTuple } from './page-items.js';
import { RecordTable } from './record-table.js';
import { FRAME_HEAD, type Slab, type Slabs, type Tenant } from './slabs.js';

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

/** MessagePack: arrays. */
const [ARRAY_OF_TWO, ARRAY_32] = [0x92, 0xdd];
/** Heads of holds and records: of both, of the records' list. */
const REST_HEADS = 1 + 5;
const NOTHING = new Uint8Array(0);
const NO_HOLDS = packValue([]);
const newRoom = (bytes: number): Uint8Array => new Uint8Array(bytes);
const PAGE_FORMAT = 1;
const PAGE_HEAD = 64;
const FIRST_CAPACITY = 8;
/** About what a page costs beside its frame. */
const PAGE_OVERHEAD_BYTES = 300;

const align = (bytes: number): number => (bytes + 7) & ~7;

/** Tells accounts of one bucket apart at a glance. */
export function tagOf(hash: number, asset: number): number {
  return (hash ^ Math.imul(asset + 1, 0x9e3779b1)) | 0;
}

/** (asset, expiry) one after the other. */
function toldOfPairs(pairs: readonly number[]): Map<number, number> {
  const told = new Map<number, number>();
  for (let at = 0; at < pairs.length; at += 2)
    told.set(pairs[at] as number, pairs[at + 1] as number);
  return told;
}

/** Room in a page: accounts, numbers of lots, bytes of names. */
interface Room {
  readonly accounts: number;
  readonly lots: number;
  readonly names: number;
}

/** Bytes of a frame: its head, tags, records, lots, names. */
function frameBytes({ accounts, lots, names }: Room): number {
  return FRAME_HEAD + align(accounts * 4) + (accounts * F_STRIDE + lots) * 8 + align(names);
}

const FIRST_ROOM: Room = { accounts: FIRST_CAPACITY, lots: 0, names: FIRST_CAPACITY * 12 };

export class Page implements Tenant {
  /** Accounts in it. */
  count = 0;
  /** Where tags begin, as an index of i32. */
  #tagsAt = 0;
  /** Where records begin, as an index of f64. */
  #recordsAt = 0;
  /** Where names begin, as an index of u8. */
  #namesAt = 0;
  /** Where lots begin, as an index of f64. */
  lotsAt = 0;
  /** The slab its frame is in, and views of it: valid until the page is resized or moved. */
  slab: Slab;
  i32: Int32Array;
  f64: Float64Array;
  u8: Uint8Array;
  /** Where the frame begins, in bytes. */
  frame = 0;
  readonly bucket: number;
  /** Checkpoint epoch in which it was changed last; 0: not since it was read in. */
  epoch = 0;
  /** A checkpoint has yet to write it as it is. */
  waiting = false;
  /** Used since the cache looked last. */
  used = true;
  /** Bytes it takes in memory. */
  bytes = 0;
  #namesLength = 0;
  #lotsLength = 0;
  #room: Room;
  /** Open holds by owner + NUL + id; null: none. */
  holds: Map<string, Hold> | null = null;
  /** Records; null: none. */
  records: RecordTable | null = null;
  /** By asset: of lots up to which expiry it has been told that they will expire (ledger.K1); null: of none. */
  told: Map<number, number> | null = null;
  readonly #slabs: Slabs;

  constructor(bucket: number, slabs: Slabs, room = FIRST_ROOM) {
    this.bucket = bucket;
    this.#slabs = slabs;
    this.#room = room;
    slabs.allocate(frameBytes(room), bucket);
    const { slab, frame } = slabs;
    this.slab = slab;
    this.i32 = slab.i32;
    this.f64 = slab.f64;
    this.u8 = slab.u8;
    this.moveTo(slab, frame);
    this.nextDue = NEVER;
    this.measure();
  }

  moveTo(slab: Slab, frame: number): void {
    const { accounts, lots } = this.#room;
    this.slab = slab;
    this.frame = frame;
    this.i32 = slab.i32;
    this.f64 = slab.f64;
    this.u8 = slab.u8;
    this.#tagsAt = (frame + FRAME_HEAD) >> 2;
    this.#recordsAt = (frame + FRAME_HEAD + align(accounts * 4)) >> 3;
    this.lotsAt = this.#recordsAt + accounts * F_STRIDE;
    this.#namesAt = (this.lotsAt + lots) << 3;
  }

  /** Nothing in it is due before this. */
  get nextDue(): number {
    return this.f64[(this.frame >> 3) + 1] as number;
  }

  set nextDue(due: number) {
    this.f64[(this.frame >> 3) + 1] = due;
  }

  /** Where the f64 fields of the account at this place begin. */
  f(index: number): number {
    return this.#recordsAt + index * F_STRIDE;
  }

  /** Where its i32 fields begin. */
  n(index: number): number {
    return (this.#recordsAt << 1) + index * I_STRIDE;
  }

  /** Brings `bytes` and the sum over all pages up to date; after its frame, holds or records changed in size. */
  measure(): void {
    let bytes = PAGE_OVERHEAD_BYTES + frameBytes(this.#room);
    if (this.holds !== null) bytes += this.holds.size * 300;
    if (this.records !== null) bytes += this.records.memory;
    this.grow(bytes - this.bytes);
  }

  /** It takes so many bytes more. */
  grow(bytes: number): void {
    this.#slabs.bytes += bytes;
    this.bytes += bytes;
  }

  /** The page is no longer in memory. */
  forget(): void {
    this.#slabs.bytes -= this.bytes;
    this.bytes = 0;
    this.#slabs.free(this.slab, this.frame);
    this.records?.forget();
  }

  /** The table of its records. */
  makeRecords(): RecordTable {
    this.records ??= new RecordTable(this.bucket, this.#slabs);
    return this.records;
  }

  /** Place of an account; -1: there is none. */
  find(owner: Name, asset: number): number {
    const tag = tagOf(owner.hash, asset);
    const { i32, count } = this;
    const from = this.#tagsAt;
    for (let i = 0; i < count; i++) {
      if (i32[from + i] === tag && this.isAccount(i, owner, asset)) return i;
    }
    return -1;
  }

  /** Is the account at this place the owner's in this asset? */
  isAccount(index: number, owner: Name, asset: number): boolean {
    return this.i32[this.n(index) + I.asset] === asset && this.isNamed(index, owner);
  }

  /** Asks memory for the tags. What the touch functions return says nothing. */
  touchTags(): number {
    const { i32 } = this;
    const at = this.#tagsAt;
    return (i32[at] as number) | (i32[at + 16] as number) | (i32[at + 32] as number);
  }

  /** The first place with this tag, of most probably the account that has it; -1: there is none. */
  placeOfTag(tag: number): number {
    const { i32, count } = this;
    const from = this.#tagsAt;
    for (let i = 0; i < count; i++) if (i32[from + i] === tag) return i;
    return -1;
  }

  /** Asks memory for the record at this place, if it is one. */
  touchRecord(index: number): number {
    if (index < 0) return 0;
    const at = this.n(index);
    return (
      (this.i32[at] as number) |
      (this.i32[at + 2 * F.nextDue] as number) |
      (this.i32[at + I.lotCapacity] as number)
    );
  }

  /** Asks memory for the name at this place, if it is one. */
  touchName(index: number): number {
    return index < 0
      ? 0
      : (this.u8[this.#namesAt + (this.i32[this.n(index) + I.nameOffset] as number)] as number);
  }

  /** Is the account at this place the owner's? */
  isNamed(index: number, owner: Name): boolean {
    const at = this.n(index);
    const start = this.#namesAt + (this.i32[at + I.nameOffset] as number);
    return owner.isAt(this.u8, start, this.i32[at + I.nameLength] as number);
  }

  /** The owner of the account at this place. */
  ownerAt(index: number): string {
    const at = this.n(index);
    const start = this.#namesAt + (this.i32[at + I.nameOffset] as number);
    return asciiText(this.u8, start, this.i32[at + I.nameLength] as number);
  }

  /** Adds an account with nothing in it; returns its place. */
  add(owner: Name, asset: number): number {
    const index = this.count;
    const { bytes, start, length, hash } = owner;
    if (index === this.#room.accounts || this.#namesLength + length > this.#room.names)
      this.#makeRoom(length);
    const { f64, i32, u8 } = this;
    const nameAt = this.#namesAt + this.#namesLength;
    for (let i = 0; i < length; i++) u8[nameAt + i] = bytes[start + i] as number;
    i32[this.#tagsAt + index] = tagOf(hash, asset);
    const at = this.f(index);
    f64.fill(0, at, at + F_STRIDE);
    f64[at + F.nextDue] = NEVER;
    const n = this.n(index);
    i32[n + I.hash] = hash | 0;
    i32[n + I.nameOffset] = this.#namesLength;
    i32[n + I.nameLength] = length;
    i32[n + I.asset] = asset;
    this.#namesLength += length;
    this.count = index + 1;
    return index;
  }

  /** Replaces an account's lots by `count` lots of `from`, which begin at `at`. */
  setLots(index: number, from: Float64Array, at: number, count: number): void {
    if (count > (this.i32[this.n(index) + I.lotCapacity] as number))
      this.#giveLots(index, count + (count >> 1) + 1);
    const n = this.n(index);
    const to = this.lotsAt + (this.i32[n + I.lotOffset] as number);
    const numbers = count * LOT_FIELDS;
    for (let i = 0; i < numbers; i++) this.f64[to + i] = from[at + i] as number;
    this.i32[n + I.lotCount] = count;
  }

  /** Room for so many lots of one account, after all others. */
  #giveLots(index: number, capacity: number): void {
    const needed = capacity * LOT_FIELDS;
    if (this.#lotsLength + needed > this.#room.lots) this.#makeRoom(0, needed);
    const n = this.n(index);
    this.i32[n + I.lotOffset] = this.#lotsLength;
    this.i32[n + I.lotCapacity] = capacity;
    this.#lotsLength += needed;
  }

  /** A larger frame: room for what is there, and more of what there is too little of. */
  #makeRoom(nameBytes: number, lotNumbers = 0): void {
    const { accounts, lots, names } = this.#room;
    const isFull = this.count === accounts;
    const grown = isFull ? accounts + Math.max(FIRST_CAPACITY, accounts >> 2) : accounts;
    const used = this.#namesLength + nameBytes;
    const packed = lotNumbers === 0 ? lots : this.#lotsInUse() + lotNumbers;
    this.#resize({
      accounts: grown,
      lots: lotNumbers === 0 ? lots : packed + (packed >> 1),
      names:
        isFull || used > names
          ? Math.max(used + (used >> 3), Math.ceil((used * grown) / (this.count + 1)))
          : names,
    });
  }

  #lotsInUse(): number {
    let used = 0;
    for (let i = 0; i < this.count; i++)
      used += (this.i32[this.n(i) + I.lotCapacity] as number) * LOT_FIELDS;
    return used;
  }

  /** Everything into a frame with this room, the lots packed. */
  #resize(room: Room): void {
    const { slab, frame, f64, i32, u8, count } = this;
    const [tagsAt, recordsAt, lotsAt, namesAt] = [
      this.#tagsAt,
      this.#recordsAt,
      this.lotsAt,
      this.#namesAt,
    ];
    this.#slabs.allocate(frameBytes(room), this.bucket);
    this.#room = room;
    this.moveTo(this.#slabs.slab, this.#slabs.frame);
    this.nextDue = f64[(frame >> 3) + 1] as number;
    this.i32.set(i32.subarray(tagsAt, tagsAt + count), this.#tagsAt);
    this.f64.set(f64.subarray(recordsAt, recordsAt + count * F_STRIDE), this.#recordsAt);
    this.u8.set(u8.subarray(namesAt, namesAt + this.#namesLength), this.#namesAt);
    this.f64.fill(0, this.lotsAt, this.lotsAt + room.lots);
    let offset = 0;
    for (let i = 0; i < count; i++) {
      const n = this.n(i);
      const capacity = this.i32[n + I.lotCapacity] as number;
      if (capacity === 0) continue;
      const from = lotsAt + (this.i32[n + I.lotOffset] as number);
      this.f64.set(
        f64.subarray(from, from + (this.i32[n + I.lotCount] as number) * LOT_FIELDS),
        this.lotsAt + offset,
      );
      this.i32[n + I.lotOffset] = offset;
      offset += capacity * LOT_FIELDS;
    }
    this.#lotsLength = offset;
    this.#slabs.free(slab, frame);
    this.measure();
  }

  /** Copies the account at `index` of another page, with its name and lots. */
  #adopt(from: Page, index: number): void {
    const at = from.n(index);
    const place = this.add(Name.of(from.ownerAt(index)), from.i32[at + I.asset] as number);
    const to = this.f(place);
    const source = from.f(index);
    for (let i = 0; i < 12; i++) this.f64[to + i] = from.f64[source + i] as number;
    for (let i = I.flags; i <= I.skip3Offset; i++)
      this.i32[this.n(place) + i] = from.i32[at + i] as number;
    const lotCount = from.i32[at + I.lotCount] as number;
    if (lotCount > 0)
      this.setLots(place, from.f64, from.lotsAt + (from.i32[at + I.lotOffset] as number), lotCount);
  }

  /** Two new pages in place of this one: what stays, and what goes to `bucket` because `goes(hash)`. */
  split(
    bucket: number,
    goes: (hash: number) => boolean,
    hashOf: (owner: string) => number,
  ): [Page, Page] {
    const accounts = Math.max(FIRST_CAPACITY, (this.count >> 1) + 4);
    const room = { accounts, lots: this.#lotsLength >> 1, names: (this.#namesLength * 5) >> 3 };
    const stay = new Page(this.bucket, this.#slabs, room);
    const gone = new Page(bucket, this.#slabs, room);
    for (let i = 0; i < this.count; i++) {
      (goes((this.i32[this.n(i) + I.hash] as number) >>> 0) ? gone : stay).#adopt(this, i);
    }
    for (const [key, hold] of this.holds ?? []) {
      const page = goes(hashOf(hold.owner)) ? gone : stay;
      page.holds ??= new Map();
      page.holds.set(key, hold);
    }
    for (const record of this.records?.values() ?? []) {
      const page = goes(hashOf(record.owner)) ? gone : stay;
      page.makeRecords().set(record, record.value);
    }
    stay.told = this.told;
    gone.told = this.told && new Map(this.told);
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
    for (let i = 0; i < this.count; i++)
      due = Math.min(due, this.f64[this.f(i) + F.nextDue] as number);
    this.nextDue = Math.min(due, this.records?.nextExpiry ?? NEVER);
  }

  /** The page as bytes: a copy that later changes do not touch, in room that `take` gives, at a multiple of 8 of its buffer. */
  encode(take = newRoom): Uint8Array {
    const { count, holds, records, told } = this;
    const held = holds === null ? NO_HOLDS : packValue([...holds.values()].map(holdTuple));
    const packed = records === null ? NOTHING : this.#packedRecords(records);
    const toldOf = told === null ? NOTHING : packValue([...told].flat());
    const hasRest = holds !== null || records !== null || told !== null;
    const restLength = hasRest ? REST_HEADS + held.length + packed.length + toldOf.length : 0;
    const tagsEnd = PAGE_HEAD + align(count * 4);
    const accountsEnd = tagsEnd + count * F_STRIDE * 8;
    const namesAt = accountsEnd + this.#lotsLength * 8;
    const restAt = namesAt + this.#namesLength;
    const end = restAt + restLength;
    const bytes = take(align(end));
    const { buffer, byteOffset, length } = bytes;
    const i32 = new Int32Array(buffer, byteOffset, length >> 2);
    const f64 = new Float64Array(buffer, byteOffset, length >> 3);
    f64[0] = PAGE_FORMAT;
    f64[1] = this.bucket;
    f64[2] = count;
    f64[3] = this.#namesLength;
    f64[4] = this.#lotsLength;
    f64[5] = restLength;
    f64[6] = this.nextDue;
    f64[7] = 0;
    i32[(tagsEnd >> 2) - 1] = 0;
    i32.set(this.i32.subarray(this.#tagsAt, this.#tagsAt + count), PAGE_HEAD >> 2);
    f64.set(this.f64.subarray(this.f(0), this.f(count)), tagsEnd >> 3);
    f64.set(this.f64.subarray(this.lotsAt, this.lotsAt + this.#lotsLength), accountsEnd >> 3);
    bytes.set(this.u8.subarray(this.#namesAt, this.#namesAt + this.#namesLength), namesAt);
    bytes.fill(0, end);
    if (!hasRest) return bytes;
    // Holds and records, and what has been told: a MessagePack array of arrays.
    bytes[restAt] = told === null ? ARRAY_OF_TWO : ARRAY_OF_TWO + 1;
    bytes.set(held, restAt + 1);
    const recordsAt = restAt + 1 + held.length;
    bytes[recordsAt] = ARRAY_32;
    const size = records?.size ?? 0;
    for (let i = 0; i < 4; i++) bytes[recordsAt + 1 + i] = size >> (24 - 8 * i);
    bytes.set(packed, recordsAt + 5);
    bytes.set(toldOf, recordsAt + 5 + packed.length);
    return bytes;
  }

  #packedRecords(records: RecordTable): Uint8Array {
    const before = records.memory;
    const packed = records.packed();
    this.grow(records.memory - before);
    return packed;
  }

  /** The same page in other slabs. Its records are taken over as they lie: there may be very many, of which few are looked at. */
  copy(slabs: Slabs): Page {
    const { records } = this;
    this.records = null;
    const bytes = this.encode();
    this.records = records;
    const page = Page.decode(bytes, slabs);
    if (records !== null) page.records = new RecordTable(this.bucket, slabs, records);
    page.measure();
    return page;
  }

  /** The page that encode() wrote. The bytes must begin at a multiple of 8 of their buffer. */
  static decode(bytes: Uint8Array, slabs: Slabs): Page {
    const { buffer, byteOffset } = bytes;
    const head = new Float64Array(buffer, byteOffset, PAGE_HEAD / 8);
    if (head[0] !== PAGE_FORMAT) throw new RangeError(`unknown page format ${head[0]}`);
    const [, bucket, count, namesLength, lotsLength, restLength, nextDue] =
      head as unknown as number[];
    const room = {
      accounts: (count as number) + 2,
      lots: lotsLength as number,
      names: namesLength as number,
    };
    const page = new Page(bucket as number, slabs, room);
    page.count = count as number;
    page.#namesLength = room.names;
    page.#lotsLength = room.lots;
    page.nextDue = nextDue as number;
    let at = byteOffset + PAGE_HEAD;
    page.i32.set(new Int32Array(buffer, at, page.count), page.#tagsAt);
    at += align(page.count * 4);
    page.f64.set(new Float64Array(buffer, at, page.count * F_STRIDE), page.#recordsAt);
    at += page.count * F_STRIDE * 8;
    page.f64.set(new Float64Array(buffer, at, room.lots), page.lotsAt);
    at += room.lots * 8;
    page.u8.set(new Uint8Array(buffer, at, room.names), page.#namesAt);
    at += room.names;
    if ((restLength as number) > 0) {
      const rest = unpackValue(new Uint8Array(buffer, at, restLength as number)) as [
        unknown[][],
        unknown[][],
        (readonly number[])?,
      ];
      if (rest[0].length > 0) page.holds = new Map(rest[0].map(holdOfTuple));
      for (const tuple of rest[1]) {
        const record = recordOfTuple(tuple);
        page.makeRecords().set(record, record.value);
      }
      if (rest[2] !== undefined) page.told = toldOfPairs(rest[2]);
    }
    page.measure();
    return page;
  }
}
