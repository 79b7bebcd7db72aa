// Is a packed command from outside what its object would be packed as, and acceptable? Owns: the look at its bytes, whose places and kinds are
// the table's. Never touches: what is wrong with a command (validate.ts), state.
//   protocol.P25. What passes here reads back as an object that validate() passes, and that packs into the same bytes. What does not pass
//       may be acceptable all the same: it is read back, and judged as an object (packed-batch.ts).

import {
  ASSET_LENGTH_MAX,
  ID_LENGTH_MAX,
  KIND_LENGTH_MAX,
  OWNER_LENGTH_MAX,
  RECORD_BYTES_MAX,
  TIME_MAX_MS,
} from '../limits.js';
import type { CommandView } from './command-view.js';
import { type Field, type Kind, NEVER_MARK } from './fields.js';
import { type Layout, LEG_PLACES, layoutOfOp } from './layout.js';
import { PLAIN } from './opaque.js';
import { ASSET, areOf, ID, KIND, SYSTEM_OWNERS, USER } from './syntax.js';

/** MessagePack: nothing, texts, numbers, flags, bytes. */
const [NIL, FALSE, TRUE, BIN_8, BIN_16] = [0xc0, 0xc2, 0xc3, 0xc4, 0xc5];
const [FIX_TEXT, TEXT_8] = [0xa0, 0xd9];
const [UINT_8, UINT_32, FLOAT_64] = [0xcc, 0xce, 0xcb];
const DOT = 46;

/** Is what lies in bytes[at, end) a value of this kind, in as few bytes as it takes? */
type Check = (bytes: Uint8Array, at: number, end: number, field: Field) => boolean;

/** Where the text begins that lies at `at`; -1: there is none, or its head could be shorter. */
function textAt(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number;
  if (head >= FIX_TEXT && head < NIL) return at + 1;
  return head === TEXT_8 && (bytes[at + 1] as number) >= 32 ? at + 2 : -1;
}

const textOf =
  (bit: number, most: number): Check =>
  (bytes, at, end) => {
    const start = textAt(bytes, at);
    return start > 0 && end > start && end - start <= most && areOf(bit, bytes, start, end);
  };

/** A name that clients cannot put into a path. */
function isStep(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at - 1;
  return length <= 2 && bytes[at + 1] === DOT && (length === 1 || bytes[at + 2] === DOT);
}

const utf8 = new TextEncoder();
const SYSTEM = [...SYSTEM_OWNERS].map((owner) => utf8.encode(owner));

function isSystem(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at - 1;
  if (bytes[at] !== (FIX_TEXT | length)) return false;
  return SYSTEM.some((name) => {
    if (name.length !== length) return false;
    for (let i = 1; i < length; i++) if (name[i] !== bytes[at + 1 + i]) return false;
    return name[0] === bytes[at + 1];
  });
}

const isUser = textOf(USER, OWNER_LENGTH_MAX);
const isOwner: Check = (bytes, at, end, field) =>
  isUser(bytes, at, end, field) || isSystem(bytes, at, end);
const isId = textOf(ID, ID_LENGTH_MAX);

const float = new DataView(new ArrayBuffer(8));

/** The whole number, from 0 on, that lies at `at`; -1: there is none, or it could be shorter. */
function numberAt(bytes: Uint8Array, at: number): number {
  const head = bytes[at] as number;
  if (head < 0x80) return head;
  let value = 0;
  if (head === FLOAT_64) {
    for (let i = 0; i < 8; i++) float.setUint8(i, bytes[at + 1 + i] as number);
    value = float.getFloat64(0);
    return Number.isSafeInteger(value) && value >= 0x1_0000_0000 ? value : -1;
  }
  if (head < UINT_8 || head > UINT_32) return -1;
  const length = 1 << (head - UINT_8);
  for (let i = 1; i <= length; i++) value = value * 256 + (bytes[at + i] as number);
  // Half as many bytes must not be enough; of one byte, the head alone.
  const least = length === 1 ? 0x80 : 2 ** (4 * length);
  return value >= least ? value : -1;
}

const numberFrom =
  (least: number, most: number): Check =>
  (bytes, at) => {
    const value = numberAt(bytes, at);
    return value >= least && value <= most;
  };
const isTime = numberFrom(0, TIME_MAX_MS);

/** Up to 127 bytes of ASCII, as most remarks are. */
const isShortRemark: Check = (bytes, at, end) => {
  const length = end - at - 3;
  if (bytes[at] !== BIN_8 || length < 0 || length > 127 || bytes[at + 2] !== PLAIN) return false;
  for (let i = at + 3; i < end; i++) if ((bytes[i] as number) > 127) return false;
  return true;
};

/** The kinds that are looked at in place; what has a value of another kind is read back. */
const CHECKS: Partial<Record<Kind, Check>> = {
  owner: isOwner,
  payee: (bytes, at, end, field) => isOwner(bytes, at, end, field) && !isStep(bytes, at, end),
  user: isUser,
  'new-user': (bytes, at, end, field) => isUser(bytes, at, end, field) && !isStep(bytes, at, end),
  asset: textOf(ASSET, ASSET_LENGTH_MAX),
  amount: numberFrom(1, Number.MAX_SAFE_INTEGER),
  count: numberFrom(0, Number.MAX_SAFE_INTEGER),
  'new-id': (bytes, at, end, field) => isId(bytes, at, end, field) && !isStep(bytes, at, end),
  'named-id': isId,
  'known-id': isId,
  kind: textOf(KIND, KIND_LENGTH_MAX),
  ref: isId,
  'record-name': isId,
  'record-value': (bytes, at, end) => {
    if (bytes[at] === BIN_8) return true;
    const length = end - at - 3;
    return bytes[at] === BIN_16 && length > 255 && length <= RECORD_BYTES_MAX;
  },
  memo: isShortRemark,
  time: isTime,
  expiry: (bytes, at, end, field) =>
    bytes[at] === (NEVER_MARK & 255) || isTime(bytes, at, end, field),
  flag: (bytes, at) => bytes[at] === FALSE || bytes[at] === TRUE,
};

/** What one place must be. */
class Rule {
  readonly field: Field;
  readonly mayBeNil: boolean;
  /** Undefined: nothing but nil passes. */
  readonly check: Check | undefined;
  /** How many places before it is the text that it must differ from; 0: there is none. */
  readonly beside: number;

  constructor(name: string, field: Field, beside: number) {
    const { optional, byDefault, isFilledIn, isScope, kind } = field;
    this.field = field;
    // Without an id it would have no key; and what has a value where it is left out is never nil.
    this.mayBeNil = optional && name !== 'id' && byDefault === undefined;
    // Callers do not give what the engine fills in; and whom an id is kept under depends on the legs.
    this.check = isFilledIn === true || isScope === true ? undefined : CHECKS[kind];
    this.beside = beside;
  }

  passes(command: CommandView, place: number): boolean {
    if (command.isNil(place)) return this.mayBeNil;
    const { check, beside, field } = this;
    if (check === undefined) return false;
    const at = command.placeStart(place);
    if (!check(command.bytes, at, at + command.width(place), field)) return false;
    return beside === 0 || !command.isSameText(place, place - beside);
  }
}

function rulesOf(parts: readonly (readonly [string, Field])[]): Rule[] {
  return parts.map(([name, field], place) => {
    const other = parts.findIndex(([one]) => one === field.beside);
    return new Rule(name, field, other < 0 ? 0 : place - other);
  });
}

/** What a command of one op must be. */
class Rules {
  readonly #layout: Layout;
  /** By place, from the first one of a field on. */
  readonly #places: readonly Rule[];
  readonly #leg: readonly Rule[];
  readonly #legsMax: number;

  constructor(layout: Layout) {
    this.#layout = layout;
    const { placed, leg = [], own } = layout;
    // What has several places passes where it is left out as a whole.
    const fields = placed.flatMap(({ name, field, parts = [name] }) =>
      parts.map(() => [name, field] as const),
    );
    this.#places = rulesOf(fields);
    this.#leg = rulesOf(leg);
    const legs = own.find(([, { kind }]) => kind === 'legs')?.[1];
    this.#legsMax = legs?.isFilledIn === true ? 0 : (legs?.items?.[1] ?? 0);
  }

  pass(command: CommandView): boolean {
    const { width, definition } = this.#layout;
    const places = this.#places;
    if (command.version !== definition.version || !hasShortHead(command)) return false;
    const legs = (command.count - width) / LEG_PLACES;
    const isWhole = this.#legsMax === 0 ? legs === 0 : legs >= 1 && legs <= this.#legsMax;
    if (!isWhole || !Number.isInteger(legs)) return false;
    for (let i = 0; i < places.length; i++)
      if (!(places[i] as Rule).passes(command, FIRST + i)) return false;
    for (let at = width; at < command.count; at += LEG_PLACES)
      for (let i = 0; i < LEG_PLACES; i++)
        if (!(this.#leg[i] as Rule).passes(command, at + i)) return false;
    return true;
  }
}
/** The first place after version and op. */
const FIRST = 2;

const hasShortHead = ({ bytes, start, count }: CommandView): boolean =>
  count < 16 ? bytes[start] === (0x90 | count) : bytes[start] === 0xdc;

const RULES = Array.from({ length: 256 }, (_, op) => {
  const layout = mayBePacked(op) ? layoutOfOp(op) : undefined;
  return layout && new Rules(layout);
});

/**
 * May callers hand over a packed command of this op? It has an id, and is no query, nothing that only the engine makes, and nothing of the
 * whole ledger (assets, definitions), which the first shard decides.
 */
export function mayBePacked(op: number): boolean {
  const layout = layoutOfOp(op);
  if (layout === undefined || layout.isQuery || layout.definition.by === 'engine') return false;
  return 'id' in layout.definition.before;
}

/** Is it acceptable without another look (protocol.P25)? */
export const passesInPlace = (command: CommandView): boolean =>
  RULES[command.op]?.pass(command) === true;
