// A packed command read where it lies: only what is asked for is decoded. Owns: where its places begin (protocol.P19).
// Never touches: what they mean. Trusted bytes only: what the router packed, or the log kept; of others, what in-place.ts or read() says of them.

import { LEGS_MAX } from '../limits.js';
import { type Tuple, unpackTuple } from './codec.js';
import { NEVER_MARK } from './fields.js';
import { hasRules, isOlder, type Layout, LEG_PLACES, layoutOfOp, widthOf } from './layout.js';
import { asciiText, type Name } from './name.js';
import type { ReadJson } from './opaque.js';

/** Most places that a command has. */
const PLACES_MAX = Math.max(widthOf('transfer'), widthOf('act')) + LEG_PLACES * LEGS_MAX;
const NIL = 0xc0;
const TRUE = 0xc3;
/** Where a place is that the command's version did not have yet. */
const NOWHERE = -1;
const FLOAT_64 = 0xcb;
const NOTHING: Uint8Array = new Uint8Array(0);

const float = new DataView(new ArrayBuffer(8));

/** What one place must be. */
export interface PlaceRule {
  /** May there be nothing? */
  readonly mayBeNil: boolean;
  /** Where what begins at `at` ends; less than 0: it is not what it must be. */
  readonly end: (bytes: Uint8Array, at: number) => number;
  /** How many places before it is the text that it must differ from; 0: there is none. */
  readonly beside: number;
}

/** What the command of an op must be: its places from the first field on, those of each leg, and how many legs there may be. */
export interface CommandRules {
  readonly op: number;
  readonly version: number;
  readonly places: readonly PlaceRule[];
  readonly leg: readonly PlaceRule[];
  /** 0: it has none. */
  readonly legsMax: number;
}

/** The command that begins somewhere in a batch or a block. */
export class CommandView {
  bytes = NOTHING;
  /** The command is bytes[start, end). */
  start = 0;
  end = 0;
  /** Its second place. */
  op = 0;
  /** How many places it has. */
  count = 0;
  /** Where each place begins. */
  readonly #at = new Int32Array(PLACES_MAX);

  /** Reads the command that begins at `start`. Throws RangeError on bytes that are none. */
  read(bytes: Uint8Array, start: number): void {
    const count = placesOf(bytes, start);
    let at = firstPlace(bytes, start);
    if (count < 2 || count > PLACES_MAX) throw new RangeError(`a command of ${count} places`);
    for (let place = 0; place < count; place++) {
      this.#at[place] = at;
      at = after(bytes, at);
    }
    // Where bytes are missing it is no number at all.
    if (!(at <= bytes.length)) throw new RangeError('a command ends too early');
    this.bytes = bytes;
    this.start = start;
    this.end = at;
    this.count = count;
    this.op = bytes[this.#at[1] as number] as number;
    if (isOlder(this.op, this.version)) this.#widen(layoutOfOp(this.op) as Layout);
  }

  /** As read(), by rules, which know the newest version only; false: one is broken, and nothing is read. */
  readBy(bytes: Uint8Array, start: number, rules: CommandRules): boolean {
    const { op, version, places, leg, legsMax } = rules;
    let count = (bytes[start] as number) & 15;
    let at = start + 1;
    if (bytes[start] === 0xdc) {
      count = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      at += 2;
      if (count < 16) return false;
    } else if ((bytes[start] as number) >> 4 !== 9) return false;
    const width = places.length + 2;
    const legs = (count - width) / LEG_PLACES;
    if (!(legs >= (legsMax > 0 ? 1 : 0) && legs <= legsMax && Number.isInteger(legs))) return false;
    if (bytes[at] !== version || bytes[at + 1] !== op) return false;
    this.bytes = bytes;
    this.#at[0] = at++;
    this.#at[1] = at++;
    for (let place = 2; place < count; place++) {
      const isOfLeg = place >= width;
      const rule = (isOfLeg ? leg[(place - width) % LEG_PLACES] : places[place - 2]) as PlaceRule;
      this.#at[place] = at;
      if (bytes[at] === NIL) {
        if (!rule.mayBeNil) return false;
        at++;
        continue;
      }
      at = rule.end(bytes, at);
      if (at < 0) return false;
      if (rule.beside > 0 && this.isSameText(place, place - rule.beside)) return false;
    }
    if (!(at <= bytes.length)) return false;
    this.start = start;
    this.end = at;
    this.count = count;
    this.op = op;
    return true;
  }

  /** Of an older version: places are counted as in the newest. */
  #widen(layout: Layout): void {
    const from = layout.widthIn(this.version);
    const more = layout.width - from;
    if (this.count < from || this.count + more > PLACES_MAX)
      throw new RangeError(`a command of ${this.count} places`);
    this.#at.copyWithin(from + more, from, this.count);
    this.#at.fill(NOWHERE, from, from + more);
    this.count += more;
  }

  /** The version of its rules and fields. */
  get version(): number {
    return this.bytes[this.#at[0] as number] as number;
  }

  /** Can this release carry it out? */
  get isKnown(): boolean {
    return hasRules(this.op, this.version);
  }

  isNil(place: number): boolean {
    const at = this.#at[place] as number;
    return at === NOWHERE || this.bytes[at] === NIL;
  }

  isTrue(place: number): boolean {
    return this.bytes[this.#at[place] as number] === TRUE;
  }

  /** Where a place begins, with its head. */
  placeStart(place: number): number {
    return this.#at[place] as number;
  }

  /** How many bytes a place takes, its head included. */
  width(place: number): number {
    let next = place + 1;
    while (next < this.count && this.#at[next] === NOWHERE) next++;
    const end = next < this.count ? (this.#at[next] as number) : this.end;
    return end - (this.#at[place] as number);
  }

  /** A text's first byte. Texts of more than 255 bytes are read out of the tuple. */
  textStart(place: number): number {
    const at = this.#at[place] as number;
    return (this.bytes[at] as number) < 0xc0 ? at + 1 : at + 2;
  }

  /** A text's length. */
  textLength(place: number): number {
    const at = this.#at[place] as number;
    const head = this.bytes[at] as number;
    return head < 0xc0 ? head & 31 : (this.bytes[at + 1] as number);
  }

  /** Is this text, of ASCII, at a place? */
  isText(place: number, text: string): boolean {
    const { bytes } = this;
    const { length } = text;
    if (this.textLength(place) !== length) return false;
    const at = this.textStart(place);
    for (let i = 0; i < length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Is the same text at both places? */
  isSameText(place: number, other: number): boolean {
    const { bytes } = this;
    const length = this.textLength(place);
    if (this.textLength(other) !== length) return false;
    const [at, against] = [this.textStart(place), this.textStart(other)];
    for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[against + i]) return false;
    return true;
  }

  /** The first of the bytes at a place. */
  bytesStart(place: number): number {
    const at = this.#at[place] as number;
    const head = this.bytes[at] as number;
    return at + (head === 0xc4 ? 2 : head === 0xc5 ? 3 : 5);
  }

  /** How many bytes are at a place. */
  bytesLength(place: number): number {
    const at = this.#at[place] as number;
    const head = this.bytes[at] as number;
    const short = this.bytes[at + 1] as number;
    if (head === 0xc4) return short;
    if (head === 0xc5) return (short << 8) | (this.bytes[at + 2] as number);
    return unsigned(this.bytes, at + 1);
  }

  /** The bytes at a place: a view of the command's. */
  opaque(place: number): Uint8Array {
    const start = this.bytesStart(place);
    return this.bytes.subarray(start, start + this.bytesLength(place));
  }

  /** The JSON object at a place. */
  json(place: number, read: ReadJson): Readonly<Record<string, unknown>> {
    return read.at(this.bytes, this.bytesStart(place), this.bytesLength(place));
  }

  /** An ASCII text. */
  text(place: number): string {
    return asciiText(this.bytes, this.textStart(place), this.textLength(place));
  }

  /** An owner's name, pointing into the command. */
  name(place: number, into: Name): void {
    into.setAt(this.bytes, this.textStart(place), this.textLength(place));
  }

  /** A number. */
  number(place: number): number {
    const { bytes } = this;
    const at = this.#at[place] as number;
    const head = bytes[at] as number;
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xcc:
        return bytes[at + 1] as number;
      case 0xcd:
        return ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      case 0xce:
        return unsigned(bytes, at + 1);
      case FLOAT_64:
        float.setUint32(0, unsigned(bytes, at + 1));
        float.setUint32(4, unsigned(bytes, at + 5));
        return float.getFloat64(0);
      default:
        return this.tuple()[place] as number;
    }
  }

  /** When points expire; null: never; undefined: it is left out. */
  expiry(place: number): number | null | undefined {
    if (this.isNil(place)) return undefined;
    const mark = this.number(place);
    return mark === NEVER_MARK ? null : mark;
  }

  /** All of it, decoded. */
  tuple(): Tuple {
    return unpackTuple(this.bytes, this.start, this.end);
  }
}

function unsigned(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

const ARRAY_16 = 0xdc;

/** How many places the command that begins at `start` has. Throws RangeError on bytes that are none. */
function placesOf(bytes: Uint8Array, start: number): number {
  const head = bytes[start] as number;
  if (head === ARRAY_16) return ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
  if (head >> 4 !== 9) throw new RangeError(`no command begins at byte ${start}`);
  return head & 15;
}

/** Where the first of them begins. */
const firstPlace = (bytes: Uint8Array, start: number): number =>
  start + (bytes[start] === ARRAY_16 ? 3 : 1);

/** Where the command that begins at `start` ends, whatever is in its places. Throws RangeError on bytes that are none. */
export function commandEnd(bytes: Uint8Array, start: number): number {
  const count = placesOf(bytes, start);
  let at = firstPlace(bytes, start);
  for (let place = 0; place < count; place++) at = after(bytes, at);
  if (!(at <= bytes.length)) throw new RangeError('a command ends too early');
  return at;
}

/** Where the MessagePack value that begins at `at` ends. */
function after(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number;
  if (head < 0x80 || head >= 0xe0 || head === NIL) return at + 1;
  if (head >= 0xa0 && head < 0xc0) return at + 1 + (head & 31);
  switch (head) {
    case 0xc2:
    case 0xc3:
      return at + 1;
    case 0xcc:
    case 0xd0:
      return at + 2;
    case 0xcd:
    case 0xd1:
      return at + 3;
    case 0xca:
    case 0xce:
    case 0xd2:
      return at + 5;
    case FLOAT_64:
    case 0xcf:
    case 0xd3:
      return at + 9;
    case 0xc4:
    case 0xd9:
      return at + 2 + (bytes[at + 1] as number);
    case 0xc5:
    case 0xda:
      return at + 3 + (((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number));
    case 0xc6:
      return at + 5 + unsigned(bytes, at + 1);
    default:
      throw new RangeError(`no place of a command begins with byte ${String(head)}`);
  }
}
