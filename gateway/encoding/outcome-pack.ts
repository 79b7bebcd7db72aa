// Outcomes as MessagePack, written by hand: three times as fast as packing objects, and on the way of every batch. Owns: the
// bytes. Never touches: which fields there are (outcome-shape.ts); a test compares the two.

import { type Entry, limits, type Outcome, type Posted, type Refused } from '../../engine/index.js';

/** Packs anything else. */
type Pack = (value: unknown) => Uint8Array;

/** How outcomes begin: `ok`, or over HTTP an HTTP status each. */
type Telling = 'ok' | 'status';

const [NIL, FALSE, TRUE, FLOAT_64, UINT_8, UINT_16, UINT_32, INT_32] = [
  0xc0, 0xc2, 0xc3, 0xcb, 0xcc, 0xcd, 0xce, 0xd2,
] as const;
const [FIX_MAP, FIX_ARRAY, FIX_TEXT, ARRAY_32, TEXT_8] = [0x80, 0x90, 0xa0, 0xdd, 0xd9] as const;
/** Bytes that the fixed part of an outcome, of an entry, and of one of its slices take at most. */
const OUTCOME_BYTES = 256;
const ENTRY_BYTES = 512;
const SLICE_BYTES = 80;
const INITIAL_BYTES = 256 * 1024;

/** A field's name as it is written. */
const named = (name: string): Uint8Array =>
  Buffer.from([FIX_TEXT | name.length, ...Buffer.from(name, 'latin1')]);

const OK = named('ok');
const STATUS = named('status');
const ID = named('id');
const SHARD = named('shard');
const SEQ = named('seq');
const TIME = named('time');
const REPLAYED = named('replayed');
const ENTRIES = named('entries');
const OCCURRED_AT = named('occurredAt');
const HOLD = named('hold');
const RECORD_VERSION = named('recordVersion');
const ASSET_VERSION = named('assetVersion');
const DEFINITION_VERSION = named('definitionVersion');
const ACTIVE_FROM = named('activeFrom');
const ACT = named('act');
const REMAINING = named('remaining');
const FOLLOW_UPS = named('followUps');
const REMAINING_LEGS = named('remainingLegs');
const OWNER = named('owner');
const ASSET = named('asset');
const TYPE = named('type');
const SLICES = named('slices');
const EXPIRES_AT = named('expiresAt');
const AVAILABLE = named('available');
const HELD = named('held');
const VERSION = named('version');
const AMOUNTS = (
  ['delta', 'heldDelta', 'earned', 'spent', 'expired', 'available', 'held'] as const
).map((name) => [name, named(name)] as const);
const ENTRY_FIELDS = AMOUNTS.length + 5;

/** Writes one message at a time. */
export class OutcomePacker {
  readonly #pack: Pack;
  readonly #refusedAs: (refused: Refused) => unknown;
  readonly #telling: Telling;
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #at = 0;

  /** `refusedAs`: what is packed of a refusal. */
  constructor(
    pack: Pack,
    telling: Telling = 'ok',
    refusedAs: (refused: Refused) => unknown = (refused) => refused,
  ) {
    this.#pack = pack;
    this.#telling = telling;
    this.#refusedAs = refusedAs;
  }

  /** The array of outcomes: bytes of their own. */
  outcomes(outcomes: readonly Outcome[], brief: boolean): Uint8Array {
    this.#at = 0;
    this.#bytes[this.#at++] = ARRAY_32;
    this.#at = this.#bytes.writeUInt32BE(outcomes.length, this.#at);
    for (let i = 0; i < outcomes.length; i++) {
      const outcome = outcomes[i] as Outcome;
      if (outcome.ok) this.#posted(outcome, brief);
      else this.#any(this.#refusedAs(outcome));
    }
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }

  #posted(posted: Posted, brief: boolean): void {
    this.#room(OUTCOME_BYTES);
    const told = brief ? briefOf(posted) : posted;
    const { id, entries, occurredAt, hold, recordVersion, assetVersion } = told;
    const { act, definitionVersion, activeFrom, followUps, remaining, remainingLegs } = told;
    const more =
      (occurredAt === undefined ? 0 : 1) +
      (id === undefined ? 0 : 1) +
      (entries === undefined ? 0 : 1) +
      (hold === undefined ? 0 : 1) +
      (recordVersion === undefined ? 0 : 1) +
      (assetVersion === undefined ? 0 : 1) +
      (definitionVersion === undefined ? 0 : 1) +
      (activeFrom === undefined ? 0 : 1) +
      (act === undefined ? 0 : 1) +
      (followUps === undefined ? 0 : 1) +
      (remaining === undefined ? 0 : 1) +
      (remainingLegs === undefined ? 0 : 1);
    this.#bytes[this.#at++] = FIX_MAP | (5 + more);
    if (this.#telling === 'ok') this.#flag(OK, true);
    else this.#number(STATUS, posted.replayed ? 200 : 201);
    if (id !== undefined) this.#text(ID, id);
    this.#number(SHARD, posted.shard);
    this.#number(SEQ, posted.seq);
    this.#number(TIME, posted.time);
    this.#flag(REPLAYED, posted.replayed);
    if (entries !== undefined) this.#entries(entries);
    this.#room(OUTCOME_BYTES);
    if (occurredAt !== undefined) this.#number(OCCURRED_AT, occurredAt);
    if (hold !== undefined) {
      this.#name(HOLD);
      this.#any(hold);
    }
    if (recordVersion !== undefined) this.#number(RECORD_VERSION, recordVersion);
    if (assetVersion !== undefined) this.#number(ASSET_VERSION, assetVersion);
    if (definitionVersion !== undefined) this.#number(DEFINITION_VERSION, definitionVersion);
    if (activeFrom !== undefined) this.#number(ACTIVE_FROM, activeFrom);
    if (act !== undefined) {
      this.#name(ACT);
      this.#any(act);
    }
    if (followUps !== undefined) {
      this.#name(FOLLOW_UPS);
      this.#any(followUps);
    }
    if (remaining !== undefined) this.#number(REMAINING, remaining);
    if (remainingLegs !== undefined) {
      this.#name(REMAINING_LEGS);
      this.#any(remainingLegs);
    }
  }

  #entries(entries: readonly Entry[]): void {
    this.#name(ENTRIES);
    this.#count(entries.length);
    for (let i = 0; i < entries.length; i++) this.#entry(entries[i] as Entry);
  }

  #entry(entry: Entry): void {
    const { slices } = entry;
    this.#room(ENTRY_BYTES + slices.length * SLICE_BYTES);
    this.#bytes[this.#at++] = FIX_MAP | ENTRY_FIELDS;
    this.#text(OWNER, entry.owner);
    this.#text(ASSET, entry.asset);
    this.#number(VERSION, entry.version);
    this.#text(TYPE, entry.type);
    for (const [field, name] of AMOUNTS) this.#number(name, entry[field]);
    this.#name(SLICES);
    this.#count(slices.length);
    for (const { expiresAt, available, held } of slices) {
      this.#bytes[this.#at++] = FIX_MAP | 3;
      if (expiresAt === null) {
        this.#name(EXPIRES_AT);
        this.#bytes[this.#at++] = NIL;
      } else this.#number(EXPIRES_AT, expiresAt);
      this.#number(AVAILABLE, available);
      this.#number(HELD, held);
    }
  }

  #any(value: unknown): void {
    const packed = this.#pack(value);
    this.#room(packed.length + OUTCOME_BYTES);
    this.#bytes.set(packed, this.#at);
    this.#at += packed.length;
  }

  #name(name: Uint8Array): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < name.length; i++) bytes[at++] = name[i] as number;
    this.#at = at;
  }

  #flag(name: Uint8Array, value: boolean): void {
    this.#name(name);
    this.#bytes[this.#at++] = value ? TRUE : FALSE;
  }

  /** Ids, owners, assets, types: ASCII of at most 255 characters. */
  #text(name: Uint8Array, text: string): void {
    this.#name(name);
    const bytes = this.#bytes;
    const { length } = text;
    if (length < 32) bytes[this.#at++] = FIX_TEXT | length;
    else {
      bytes[this.#at++] = TEXT_8;
      bytes[this.#at++] = length;
    }
    const at = this.#at;
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    this.#at = at + length;
  }

  #count(count: number): void {
    if (count < 16) this.#bytes[this.#at++] = FIX_ARRAY | count;
    else {
      this.#bytes[this.#at++] = ARRAY_32;
      this.#at = this.#bytes.writeUInt32BE(count, this.#at);
    }
  }

  /** A whole number. */
  #number(name: Uint8Array, value: number): void {
    this.#name(name);
    const bytes = this.#bytes;
    if (value >= 0 && value < 0x80) bytes[this.#at++] = value;
    else if (value >= 0 && value < 0x100) {
      bytes[this.#at++] = UINT_8;
      bytes[this.#at++] = value;
    } else if (value >= 0 && value < 0x10000) {
      bytes[this.#at++] = UINT_16;
      bytes[this.#at++] = value >> 8;
      bytes[this.#at++] = value & 255;
    } else if (value >= 0 && value < 0x100000000) {
      bytes[this.#at++] = UINT_32;
      this.#at = bytes.writeUInt32BE(value, this.#at);
    } else if (value < 0 && value >= -32) bytes[this.#at++] = value & 255;
    else if (value < 0 && value >= -0x80000000) {
      bytes[this.#at++] = INT_32;
      this.#at = bytes.writeInt32BE(value, this.#at);
    } else {
      bytes[this.#at++] = FLOAT_64;
      this.#at = bytes.writeDoubleBE(value, this.#at);
    }
  }
}

/** What is left of the fields that a brief outcome may lack. */
function briefOf({ id }: Posted): { readonly [Field in keyof Posted]?: Posted[Field] | undefined } {
  return { id };
}

if (ENTRY_BYTES < 2 * limits.OWNER_LENGTH_MAX + limits.ASSET_LENGTH_MAX + 20 * ENTRY_FIELDS)
  throw new Error('an entry has more bytes than are set aside');
