// The syntax of what commands are made of: names, ids, amounts, times, JSON. Owns: which values are acceptable. Never touches:
// state, commands.
//   protocol.P14. Nothing here throws, whatever is passed in, but where a caller's getter or proxy does (validate.ts catches that).

import {
  ASSET_LENGTH_MAX,
  CLEARING_LENGTH_MAX,
  DAY_MS,
  DEFINITION_KIND_LENGTH_MAX,
  EXPIRY_DAYS_MAX,
  EXPIRY_MONTHS_MAX,
  EXPIRY_YEARS_MAX,
  ID_LENGTH_MAX,
  KIND_LENGTH_MAX,
  METADATA_DEPTH_MAX,
  OWNER_LENGTH_MAX,
  TIME_MAX_MS,
  ZONE_CHANGES_MAX,
  ZONE_LENGTH_MAX,
} from '../limits.js';
import { isAllotment, isPoolActId, POOL_LENGTH_MAX, poolOf } from './allotment.js';
import { type Cause, causeOf, isCausedId, isFollowUpCode, namedCause } from './follow-ups.js';
import type { RefusalCode } from './refusals.js';
import { bareId, isScope, scopeOf } from './scope.js';

type Fields = Readonly<Record<string, unknown>>;

/** Classes of characters, as bits. */
export const [USER, ID, KIND, ASSET, CLEARING, ZONE] = [1, 2, 4, 8, 16, 32] as const;
const CLASSES = new Uint8Array(128);

function define(bit: number, characters: string): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] as number) | bit;
  }
}

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const WORDS = DIGITS + LOWER + LOWER.toUpperCase();
define(USER, `${WORDS}._:-`);
define(ID, `${WORDS}._:@/+=~-`);
define(KIND | CLEARING, `${WORDS}._-`);
define(ASSET, `${DIGITS}${LOWER}_`);
define(ZONE, `${WORDS}_/+-`);

/** Who issues points. */
export const ISSUER = '@issue';
/** Who is paid by what is redeemed. */
export const REDEEMER = '@redeem';
/** Owners that every ledger has, beside `@clearing:<platform>` and `@import:<name>`. */
export const SYSTEM_OWNERS: ReadonlySet<string> = new Set([
  ISSUER,
  REDEEMER,
  '@expire',
  '@fee',
  '@adjust',
]);
const NAMED_OWNERS = ['@clearing:', '@import:'] as const;

/** Has it 1..max characters from `from` on, all of a class? */
function areOf(bit: number, text: string, max: number, from = 0): boolean {
  const { length } = text;
  if (length <= from || length - from > max) return false;
  for (let i = from; i < length; i++) {
    if (!isOf(bit, text.charCodeAt(i))) return false;
  }
  return true;
}

/** Is the character with this code of a class? */
export const isOf = (bit: number, code: number): boolean =>
  code <= 127 && ((CLASSES[code] as number) & bit) !== 0;

/** Is this owner a system owner (name beginning with `@`)? */
export function isSystemOwner(owner: string): boolean {
  return owner.charCodeAt(0) === 64;
}

/** Is it where the points of an import come from (`@import:<name>`)? */
export const isImportOwner = (owner: string): boolean => owner.startsWith(NAMED_OWNERS[1]);

/** Is this owner scarce (name beginning with `#`)? */
export function isScarceOwner(owner: string): boolean {
  return owner.charCodeAt(0) === 35;
}

/** What is wrong with an owner's name, if anything. `owned`: the engine asks for itself, so that it may be scarce. */
export function ownerProblem(owner: unknown, owned = false): RefusalCode | null {
  if (typeof owner !== 'string') return 'OWNER_INVALID';
  if (owned && owner.length <= OWNER_LENGTH_MAX && isScarceOwner(owner))
    return areOf(USER, poolOf(owner), OWNER_LENGTH_MAX, 1) ? null : 'OWNER_RESERVED';
  if (areOf(USER, owner, OWNER_LENGTH_MAX) || SYSTEM_OWNERS.has(owner)) return null;
  if (owner.startsWith('#') || owner.startsWith('@transit')) return 'OWNER_RESERVED';
  const begin = NAMED_OWNERS.find((one) => owner.startsWith(one));
  const isNamed = begin !== undefined && areOf(CLEARING, owner, CLEARING_LENGTH_MAX, begin.length);
  return isNamed ? null : 'OWNER_INVALID';
}

/**
 * Can clients put this name into a path? `.` and `..` they take out before they send, however they are written (also as `%2e`), so an
 * owner or id of this name could be asked for by nobody. What has such a name in an older log keeps it.
 */
export const isPathPart = (name: unknown): boolean => name !== '.' && name !== '..';

/** What is wrong with the name of an owner who must be a user, if anything. */
export function userProblem(owner: unknown): RefusalCode | null {
  return recordOwnerProblem(owner, false);
}

/** What is wrong with an owner of records, if anything: a user, or a scarce owner where the engine asks for itself. */
export function recordOwnerProblem(owner: unknown, owned: boolean): RefusalCode | null {
  return ownerProblem(owner, owned) ?? (isSystemOwner(owner as string) ? 'SYSTEM_OWNER' : null);
}

/** Is this a whole amount of minor units, 1 .. 2^53-1? */
export function isAmount(amount: unknown): boolean {
  return Number.isSafeInteger(amount) && (amount as number) >= 1;
}

/** An id's text, as a pattern: what `isId` says. */
export const ID_PATTERN = `^[A-Za-z0-9._:@/+=~-]{1,${ID_LENGTH_MAX}}$`;

/** Is this an id's text? */
export function isId(id: unknown): boolean {
  return typeof id === 'string' && areOf(ID, id, ID_LENGTH_MAX);
}

/** Is this the id of anything that a caller has sent, with or without whose it is? */
export function isNamedId(id: unknown): boolean {
  if (typeof id !== 'string') return false;
  const scope = scopeOf(id);
  return scope === undefined ? isId(id) : (scope === '' || isScope(scope)) && isId(bareId(id));
}

/** Is this the id of anything that can be looked up: what a caller has sent, or a follow-up? */
export function isKnownId(id: unknown): boolean {
  if (typeof id !== 'string') return false;
  if (isPoolActId(id)) return isId(id.slice(1));
  if (!isFollowUpCode(id.charCodeAt(0))) return isNamedId(id);
  return isCausedId(id) || isCause(causeOf(id));
}

const isCause = (cause: Cause | undefined): boolean =>
  cause !== undefined && isNamedId(cause.id) && isAnyOwner(cause.owner);

/** Does it name a follow-up of a command, whether or not a command can have so many? */
export const namesCause = (id: unknown): boolean =>
  typeof id === 'string' && isCause(namedCause(id));

/** Is this an owner, whoever names it? */
export const isAnyOwner = (owner: unknown): boolean => ownerProblem(owner, true) === null;

/** Is this a business kind's text? */
export function isKind(kind: unknown): boolean {
  return typeof kind === 'string' && areOf(KIND, kind, KIND_LENGTH_MAX);
}

/** Is this an asset's code? */
export function isAssetCode(asset: unknown): boolean {
  return typeof asset === 'string' && areOf(ASSET, asset, ASSET_LENGTH_MAX);
}

/** Is this a whole number from 0 on? */
export const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0;
/** Is this a time in milliseconds since 1970? */
export const isTime = (value: unknown): boolean =>
  isCount(value) && (value as number) <= TIME_MAX_MS;

/** A span of days, months or years. */
export interface Period {
  readonly count: number;
  readonly unit: 'D' | 'M' | 'Y';
}
const PERIODS_MAX = { D: EXPIRY_DAYS_MAX, M: EXPIRY_MONTHS_MAX, Y: EXPIRY_YEARS_MAX };

/** The span that an ISO 8601 duration of one unit says. */
export const period = (text: string): Period => ({
  count: Number(text.slice(1, -1)),
  unit: text.slice(-1) as Period['unit'],
});

/** Is this a span of whole days, months or years: `P30D`, `P12M`, `P1Y`? */
export function isPeriod(value: unknown): boolean {
  if (typeof value !== 'string' || !/^P[1-9]\d{0,3}[DMY]$/.test(value)) return false;
  const { count, unit } = period(value);
  return count <= PERIODS_MAX[unit];
}

/** Month and day of a date of every year, from 1 on. */
export const fixedDate = (text: string): readonly [number, number] => [
  Number(text.slice(0, 2)),
  Number(text.slice(3)),
];

const FIXED_DATE =
  /^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))$/;

/** Is this a date of every year: `12-31`? */
export const isFixedDate = (value: unknown): boolean =>
  typeof value === 'string' && FIXED_DATE.test(value);

/** Is this the name of a kind of definitions? */
export const isDefinitionKind = (kind: unknown): boolean =>
  typeof kind === 'string' &&
  kind.length <= DEFINITION_KIND_LENGTH_MAX &&
  /^[a-z][a-z0-9-]*$/.test(kind);

/** What becomes of a definition: their numbers in effects are their places. */
export const DEFINITION_STATES = ['draft', 'active', 'retired'] as const;
export type DefinitionState = (typeof DEFINITION_STATES)[number];

export const isDefinitionState = (state: unknown): boolean =>
  (DEFINITION_STATES as readonly unknown[]).includes(state);

/** Is this a budget's owner, `#budget:<name>`? */
export const isBudget = (owner: unknown): boolean => isPool(owner, /^#budget:[^:]/);

/** Is this a thing's, `#item:<name>`? */
export const isItem = (owner: unknown): boolean => isPool(owner, /^#item:[^:]/);

const isPool = (owner: unknown, form: RegExp): boolean =>
  typeof owner === 'string' &&
  form.test(owner) &&
  ownerProblem(owner, true) === null &&
  !isAllotment(owner) &&
  owner.length <= POOL_LENGTH_MAX;

/** Could this be a time zone's name? */
export function isZoneName(zone: unknown): boolean {
  return typeof zone === 'string' && areOf(ZONE, zone, ZONE_LENGTH_MAX);
}

export const MINUTE_MS = 60_000;

/** Could these be a zone's offsets: (from, offset), whole minutes, the first from 1970 on? */
export function isZoneOffsets(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  if (value.length === 0 || value.length > 2 * ZONE_CHANGES_MAX || value[0] !== 0) return false;
  for (let i = 0; i < value.length; i += 2) {
    const [from, offset] = [value[i], value[i + 1]];
    if (!isTime(from) || from % MINUTE_MS !== 0 || (i > 0 && from <= value[i - 2])) return false;
    if (!Number.isInteger(offset / MINUTE_MS) || Math.abs(offset) >= DAY_MS) return false;
  }
  return true;
}

/** Metadata as canonical JSON (keys sorted), or undefined where it is not a plain JSON object within the depth. */
export function canonicalJson(value: unknown): string | undefined {
  try {
    return isPlainObject(value) ? canonical(value, 1) : undefined;
  } catch {
    return undefined;
  }
}

function isPlainObject(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function canonical(value: unknown, depth: number): string {
  const ordered = inOrder(value, depth);
  return ordered === ODD ? memberByMember(value, depth) : JSON.stringify(ordered);
}

function memberByMember(value: unknown, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('lone surrogate');
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (depth > METADATA_DEPTH_MAX) throw new RangeError('too deep');
  // Array.from, so that a hole is looked at: it is not JSON.
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item) => memberByMember(item, depth + 1)).join(',')}]`;
  }
  if (!isPlainObject(value)) throw new TypeError('not JSON');
  const members = Object.keys(value)
    .sort()
    .map((key) => `${memberByMember(key, depth)}:${memberByMember(value[key], depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** In place of a value: it is no JSON, or has a name with a place or a meaning of its own in any object. */
const ODD = Symbol('to be written member by member');
const [DIGIT_0, DIGIT_9] = [48, 57];

function isOdd(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= DIGIT_0 && first <= DIGIT_9) || name === '__proto__' || !name.isWellFormed();
}

/** The same value with all names in order, itself where they are; or ODD. Sooner written at once than member by member. */
function inOrder(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : ODD;
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value;
  if (typeof value !== 'object' || depth > METADATA_DEPTH_MAX) return ODD;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const item = inOrder(value[i], depth + 1);
      if (item === ODD) return ODD;
      list.push(item);
    }
    return list;
  }
  return isPlainObject(value) ? objectInOrder(value, depth) : ODD;
}

function objectInOrder(value: Fields, depth: number): unknown {
  const names = Object.keys(value);
  let isSame = true;
  for (let i = 0; i < names.length; i++) {
    if (isOdd(names[i] as string)) return ODD;
    if (i > 0 && (names[i] as string) < (names[i - 1] as string)) isSame = false;
  }
  if (!isSame) names.sort();
  const ordered: Record<string, unknown> = {};
  for (const name of names) {
    const one = inOrder(value[name], depth + 1);
    if (one === ODD) return ODD;
    if (one !== value[name]) isSame = false;
    ordered[name] = one;
  }
  // One that says nothing may be anybody's, and is not asked.
  return isSame && names.length > 0 ? value : ordered;
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** Lower case, digits and `-`, a letter first. */
export const isActName = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value);
