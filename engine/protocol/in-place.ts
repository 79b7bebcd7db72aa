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
import type { CommandRules, CommandView, PlaceRule } from './command-view.js';
import { type Field, type Kind, NEVER_MARK } from './fields.js';
import { type Layout, layoutOfOp } from './layout.js';
import { PLAIN } from './opaque.js';
import { ASSET, ID, isOf, KIND, SYSTEM_OWNERS, USER } from './syntax.js';

/** MessagePack: nothing, flags, bytes, an array of 16 places or more; texts, numbers. */
const [NIL, FALSE, TRUE, BIN_8, BIN_16, MANY] = [0xc0, 0xc2, 0xc3, 0xc4, 0xc5, 0xdc];
const [FIX_TEXT, TEXT_8] = [0xa0, 0xd9];
const [UINT_8, UINT_32, FLOAT_64] = [0xcc, 0xce, 0xcb];
const DOT = 46;
const SYSTEM_MARK = 64; // @

/** Where the value of this kind ends that lies at `at`, in as few bytes as it takes; FAILED: there is none. */
type Step = (bytes: Uint8Array, at: number) => number;
const FAILED = -1;

/** A text of 1 to `most` characters of a class. Names that clients cannot put into a path are none, where `isPart`. */
const textOf =
  (bit: number, most: number, isPart = false): Step =>
  (bytes, at) => {
    const head = bytes[at] as number;
    let length = head & 31;
    let start = at + 1;
    if (head === TEXT_8) {
      length = bytes[start++] as number;
      if (length < 32) return FAILED;
    } else if (head < FIX_TEXT || head >= NIL) return FAILED;
    if (length === 0 || length > most) return FAILED;
    const end = start + length;
    for (let i = start; i < end; i++) if (!isOf(bit, bytes[i] as number)) return FAILED;
    return isPart && length <= 2 && isStep(bytes, start, end) ? FAILED : end;
  };

const isStep = (bytes: Uint8Array, start: number, end: number): boolean =>
  bytes[start] === DOT && bytes[end - 1] === DOT;

const utf8 = new TextEncoder();
/** System owners as they are packed. */
const SYSTEM = [...SYSTEM_OWNERS].map((owner) =>
  Uint8Array.from([FIX_TEXT | owner.length, ...utf8.encode(owner)]),
);

const systemOwner: Step = (bytes, at) => {
  for (const name of SYSTEM) {
    let i = 0;
    while (i < name.length && bytes[at + i] === name[i]) i++;
    if (i === name.length) return at + i;
  }
  return FAILED;
};

const ownerOf =
  (user: Step): Step =>
  (bytes, at) =>
    bytes[at + 1] === SYSTEM_MARK ? systemOwner(bytes, at) : user(bytes, at);

const float = new DataView(new ArrayBuffer(8));

/** A whole number within bounds. */
const numberFrom =
  (least: number, most: number): Step =>
  (bytes, at) => {
    const head = bytes[at] as number;
    let value = head;
    let end = at + 1;
    if (head === FLOAT_64) {
      for (let i = 0; i < 8; i++) float.setUint8(i, bytes[end++] as number);
      value = float.getFloat64(0);
      if (!Number.isSafeInteger(value) || value < FLOAT_LEAST) return FAILED;
    } else if (head >= 0x80) {
      if (head < UINT_8 || head > UINT_32) return FAILED;
      end += 1 << (head - UINT_8);
      value = 0;
      for (let i = at + 1; i < end; i++) value = value * 256 + (bytes[i] as number);
      if (value < (LEAST[head - UINT_8] as number)) return FAILED;
    }
    return value >= least && value <= most ? end : FAILED;
  };
/** The least number that takes one byte behind its head, two, four; and eight. */
const LEAST = [0x80, 0x100, 0x1_0000];
const FLOAT_LEAST = 0x1_0000_0000;

const time = numberFrom(0, TIME_MAX_MS);
const id = textOf(ID, ID_LENGTH_MAX);
const user = textOf(USER, OWNER_LENGTH_MAX);
const userInPath = textOf(USER, OWNER_LENGTH_MAX, true);

/** A remark in ASCII of less than 128 characters, as most are. */
const remark: Step = (bytes, at) => {
  const length = bytes[at + 1] as number;
  if (bytes[at] !== BIN_8 || length < 1 || length > 128 || bytes[at + 2] !== PLAIN) return FAILED;
  const end = at + 2 + length;
  for (let i = at + 3; i < end; i++) if ((bytes[i] as number) > 127) return FAILED;
  return end;
};

/** At most so many bytes. */
const bytesOf =
  (most: number): Step =>
  (bytes, at) => {
    if (bytes[at] === BIN_8) return at + 2 + (bytes[at + 1] as number);
    const length = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    return bytes[at] === BIN_16 && length > 255 && length <= most ? at + 3 + length : FAILED;
  };

/** The kinds that are looked at in place; what has a value of another kind is read back. */
const STEPS: Partial<Record<Kind, Step>> = {
  owner: ownerOf(user),
  payee: ownerOf(userInPath),
  user,
  'new-user': userInPath,
  asset: textOf(ASSET, ASSET_LENGTH_MAX),
  amount: numberFrom(1, Number.MAX_SAFE_INTEGER),
  count: numberFrom(0, Number.MAX_SAFE_INTEGER),
  'new-id': textOf(ID, ID_LENGTH_MAX, true),
  'named-id': id,
  'known-id': id,
  kind: textOf(KIND, KIND_LENGTH_MAX),
  ref: id,
  'record-name': id,
  'record-value': bytesOf(RECORD_BYTES_MAX),
  memo: remark,
  time,
  expiry: (bytes, at) => (bytes[at] === (NEVER_MARK & 255) ? at + 1 : time(bytes, at)),
  flag: (bytes, at) => (bytes[at] === FALSE || bytes[at] === TRUE ? at + 1 : FAILED),
};

/** Nothing passes but nil. */
const nothing: Step = () => FAILED;

function rulesFor(parts: readonly (readonly [string, Field])[]): PlaceRule[] {
  return parts.map(([name, field], place) => {
    const { optional, byDefault, isFilledIn, isScope, kind } = field;
    const other = parts.findIndex(([one]) => one === field.beside);
    return {
      // Without an id it would have no key; and what has a value where it is left out is never nil.
      mayBeNil: optional && name !== 'id' && byDefault === undefined,
      // Callers do not give what the engine fills in; and whom an id is kept under depends on the legs.
      end: (isFilledIn || isScope ? undefined : STEPS[kind]) ?? nothing,
      beside: other < 0 ? 0 : place - other,
    };
  });
}

function rulesOf({ op, definition, placed, leg = [], own }: Layout): CommandRules {
  // What has several places passes where it is left out as a whole.
  const fields = placed.flatMap(({ name, field, parts = [name] }) =>
    parts.map(() => [name, field] as const),
  );
  const legs = own.find(([, { kind }]) => kind === 'legs')?.[1];
  const legsMax = legs?.isFilledIn === true ? 0 : (legs?.items?.[1] ?? 0);
  const { version } = definition;
  return { op, version, places: rulesFor(fields), leg: rulesFor(leg), legsMax };
}

const RULES = Array.from({ length: 256 }, (_, op) => {
  const layout = mayBePacked(op) ? layoutOfOp(op) : undefined;
  return layout && rulesOf(layout);
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

/** Reads the command that begins at `start`, where it is acceptable without another look (protocol.P25). */
export function readPassing(bytes: Uint8Array, start: number, into: CommandView): boolean {
  // The op stands behind the head and the version, which are a byte each, of many places three.
  const rules = RULES[bytes[bytes[start] === MANY ? start + 4 : start + 2] as number];
  return rules !== undefined && into.readBy(bytes, start, rules);
}
