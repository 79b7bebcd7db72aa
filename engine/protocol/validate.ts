// Is a command well formed? Owns: the syntax of every field. Never touches: state, so nothing here depends on balances.
//   P4. A command that passes packs into at most COMMAND_BYTES_MAX bytes and decodes to itself.
//   P5. Whatever is passed in, validate() answers; it never throws.

import {
  ASSET_LENGTH_MAX,
  CLEARING_LENGTH_MAX,
  FOLLOW_UP_LEGS_MAX,
  FOLLOW_UPS_MAX,
  ID_LENGTH_MAX,
  KIND_LENGTH_MAX,
  LEGS_MAX,
  LOT_GRANULARITY_MAX_MS,
  LOT_GRANULARITY_MIN_MS,
  MEMO_BYTES_MAX,
  METADATA_BYTES_MAX,
  METADATA_DEPTH_MAX,
  OWNER_LENGTH_MAX,
  RECORD_BYTES_MAX,
  RECORDS_PAGE_MAX,
  SCALE_MAX,
  TIME_MAX_MS,
  TOGETHER_BYTES_MAX,
} from '../limits.js';
import type { Command, Query } from './commands.js';
import { type Cause, causeOf, isFollowUpCode, namedCause } from './follow-ups.js';
import type { RefusalCode } from './refusals.js';

/** What is wrong, and with which field. */
export interface Problem {
  readonly code: RefusalCode;
  readonly field: string;
}

/** Classes of characters, as bits. */
const [USER, ID, KIND, ASSET, CLEARING] = [1, 2, 4, 8, 16] as const;
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

/** Owners that every ledger has, beside `@clearing:<platform>`. */
export const SYSTEM_OWNERS: ReadonlySet<string> = new Set([
  '@issue',
  '@redeem',
  '@expire',
  '@fee',
  '@adjust',
]);
const CLEARING_PREFIX = '@clearing:';

/** Has it 1..max characters from `from` on, all of a class? */
function isOf(bit: number, text: string, max: number, from = 0): boolean {
  const { length } = text;
  if (length <= from || length - from > max) return false;
  for (let i = from; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127 || ((CLASSES[code] as number) & bit) === 0) return false;
  }
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Is this owner a system owner (name beginning with `@`)? */
export function isSystemOwner(owner: string): boolean {
  return owner.charCodeAt(0) === 64;
}

/** Is this owner scarce (name beginning with `#`)? */
export function isScarceOwner(owner: string): boolean {
  return owner.charCodeAt(0) === 35;
}

/** What is wrong with an owner's name as a caller gives it, if anything. */
export function ownerProblem(owner: unknown): RefusalCode | null {
  if (typeof owner !== 'string') return 'OWNER_INVALID';
  if (isOf(USER, owner, OWNER_LENGTH_MAX) || SYSTEM_OWNERS.has(owner)) return null;
  if (owner.startsWith('#') || owner.startsWith('@transit')) return 'OWNER_RESERVED';
  const isClearing =
    owner.startsWith(CLEARING_PREFIX) &&
    isOf(CLEARING, owner, CLEARING_LENGTH_MAX, CLEARING_PREFIX.length);
  return isClearing ? null : 'OWNER_INVALID';
}

/** What is wrong with the name of an owner who must be a user, if anything. */
export function userProblem(owner: unknown): RefusalCode | null {
  return ownerProblem(owner) ?? (isSystemOwner(owner as string) ? 'SYSTEM_OWNER' : null);
}

/** Is this a whole amount of minor units, 1 .. 2^53-1? */
export function isAmount(amount: unknown): boolean {
  return Number.isSafeInteger(amount) && (amount as number) >= 1;
}

/** Is this an id's text? */
export function isId(id: unknown): boolean {
  return typeof id === 'string' && isOf(ID, id, ID_LENGTH_MAX);
}

/** Is this the id of anything that can be looked up: a caller's, or a follow-up's? */
export function isKnownId(id: unknown): boolean {
  if (typeof id !== 'string' || !isFollowUpCode(id.charCodeAt(0))) return isId(id);
  return isCause(causeOf(id));
}

const isCause = (cause: Cause | undefined): boolean =>
  cause !== undefined && isId(cause.id) && isAnyOwner(cause.owner);

/** What is wrong with an id of something that is looked up, if anything; of a follow-up's, its `n` by name. */
function knownIdProblem(id: unknown, field: string): Problem | null {
  if (isKnownId(id)) return null;
  if (typeof id === 'string' && isCause(namedCause(id)))
    return problem('FOLLOW_UP_NUMBER_INVALID', 'n');
  return problem('ID_INVALID', field);
}

const isAnyOwner = (owner: string): boolean => ownerProblem(owner) === null || isScarceOwner(owner);

/** Is this a business kind's text? */
export function isKind(kind: unknown): boolean {
  return typeof kind === 'string' && isOf(KIND, kind, KIND_LENGTH_MAX);
}

/** Is this an asset's code? */
export function isAssetCode(asset: unknown): boolean {
  return typeof asset === 'string' && isOf(ASSET, asset, ASSET_LENGTH_MAX);
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime = (value: unknown): boolean => isCount(value) && (value as number) <= TIME_MAX_MS;
const problem = (code: RefusalCode, field: string): Problem => ({ code, field });

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
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('lone surrogate');
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (depth > METADATA_DEPTH_MAX) throw new RangeError('too deep');
  // Array.from, so that a hole is looked at: it is not JSON.
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item) => canonical(item, depth + 1)).join(',')}]`;
  }
  if (!isPlainObject(value)) throw new TypeError('not JSON');
  const keys = Object.keys(value).sort();
  const members = keys.map((key) => `${canonical(key, depth)}:${canonical(value[key], depth + 1)}`);
  return `{${members.join(',')}}`;
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

function businessProblem(c: Fields): Problem | null {
  if (c.id !== undefined && !isId(c.id)) return problem('ID_INVALID', 'id');
  if (c.kind !== undefined && !isKind(c.kind)) {
    return problem('KIND_INVALID', 'kind');
  }
  if (c.ref !== undefined && !isId(c.ref)) return problem('REF_INVALID', 'ref');
  if (c.id === undefined && c.kind !== undefined && c.ref !== undefined) {
    if ((c.kind as string).length + 1 + (c.ref as string).length > ID_LENGTH_MAX)
      return problem('ID_INVALID', 'ref');
  }
  if (c.memo !== undefined) {
    if (
      typeof c.memo !== 'string' ||
      !c.memo.isWellFormed() ||
      utf8Length(c.memo) > MEMO_BYTES_MAX
    ) {
      return problem('MEMO_INVALID', 'memo');
    }
  }
  if (c.metadata !== undefined) {
    const json = canonicalJson(c.metadata);
    if (json === undefined) return problem('METADATA_INVALID', 'metadata');
    if (utf8Length(json) > METADATA_BYTES_MAX) return problem('METADATA_TOO_LARGE', 'metadata');
  }
  return null;
}

function legProblem(leg: unknown, index: number): Problem | null {
  if (typeof leg !== 'object' || leg === null) return problem('COMMAND_INVALID', `legs[${index}]`);
  const { from, to, asset, amount, expiresAt } = leg as Fields;
  let code = ownerProblem(from);
  if (code !== null) return problem(code, `legs[${index}].from`);
  code = ownerProblem(to);
  if (code !== null) return problem(code, `legs[${index}].to`);
  if (!isAssetCode(asset)) return problem('ASSET_INVALID', `legs[${index}].asset`);
  if (!isAmount(amount)) return problem('AMOUNT_INVALID', `legs[${index}].amount`);
  if (from === to) return problem('SAME_ACCOUNT', `legs[${index}].to`);
  if (expiresAt !== undefined && expiresAt !== null && !isTime(expiresAt)) {
    return problem('EXPIRY_INVALID', `legs[${index}].expiresAt`);
  }
  return null;
}

function transferProblem(c: Fields): Problem | null {
  const legs = c.legs;
  if (!Array.isArray(legs) || legs.length < 1 || legs.length > LEGS_MAX)
    return problem('LEGS_INVALID', 'legs');
  for (let i = 0; i < legs.length; i++) {
    const found = legProblem(legs[i], i);
    if (found !== null) return found;
  }
  return conditionProblem(c.condition) ?? followUpsProblem(c.followUps);
}

function followUpsProblem(followUps: unknown): Problem | null {
  if (followUps === undefined) return null;
  if (!Array.isArray(followUps) || followUps.length < 1 || followUps.length > FOLLOW_UPS_MAX)
    return problem('FOLLOW_UPS_INVALID', 'followUps');
  for (let i = 0; i < followUps.length; i++) {
    const found = followUpProblem(followUps[i]);
    if (found !== null) return problem(found.code, `followUps[${i}].${found.field}`);
  }
  return null;
}

function followUpProblem(followUp: unknown): { code: RefusalCode; field: string } | null {
  if (typeof followUp !== 'object' || followUp === null) return problem('FOLLOW_UPS_INVALID', '');
  const c = followUp as Fields;
  for (const field of ['id', 'followUps'])
    if (c[field] !== undefined) return problem('FOLLOW_UPS_INVALID', field);
  const { legs, kind, ref, memo, metadata, condition } = c;
  if (Array.isArray(legs) && legs.length > FOLLOW_UP_LEGS_MAX)
    return problem('LEGS_INVALID', 'legs');
  // An id of its own, so that kind and ref need not make one.
  return (
    businessProblem({ id: '1', kind, ref, memo, metadata }) ?? transferProblem({ legs, condition })
  );
}

function conditionProblem(condition: unknown): Problem | null {
  if (condition === undefined) return null;
  if (typeof condition !== 'object' || condition === null)
    return problem('COMMAND_INVALID', 'condition');
  const { owner, asset, availableAtLeast } = condition as Fields;
  const code = userProblem(owner);
  if (code !== null) return problem(code, 'condition.owner');
  if (!isAssetCode(asset)) return problem('ASSET_INVALID', 'condition.asset');
  if (!isCount(availableAtLeast)) return problem('AMOUNT_INVALID', 'condition.availableAtLeast');
  return null;
}

function accountProblem(c: Fields): Problem | null {
  const code = userProblem(c.owner);
  if (code !== null) return problem(code, 'owner');
  return isAssetCode(c.asset) ? null : problem('ASSET_INVALID', 'asset');
}

/** What is wrong with an owner of records, if anything: a user, or a scarce owner where the engine asks for itself. */
function recordOwnerProblem(owner: unknown, owned: boolean): RefusalCode | null {
  const isOwned =
    owned && typeof owner === 'string' && isScarceOwner(owner) && owner.length <= OWNER_LENGTH_MAX;
  return isOwned && isOf(USER, owner, OWNER_LENGTH_MAX, 1) ? null : userProblem(owner);
}

function recordProblem(c: Fields, owned: boolean): Problem | null {
  const code = recordOwnerProblem(c.owner, owned);
  if (code !== null) return problem(code, 'owner');
  if (!isId(c.recordType)) return problem('RECORD_INVALID', 'recordType');
  if (!isId(c.key)) return problem('RECORD_INVALID', 'key');
  if (c.ifVersion !== undefined && !isCount(c.ifVersion))
    return problem('VERSION_INVALID', 'ifVersion');
  return null;
}

function captureProblem(c: Fields): Problem | null {
  let code = userProblem(c.owner);
  if (code !== null) return problem(code, 'owner');
  if (!isId(c.holdId)) return problem('ID_INVALID', 'holdId');
  code = ownerProblem(c.to);
  if (code !== null) return problem(code, 'to');
  if (c.amount !== undefined && !isAmount(c.amount)) return problem('AMOUNT_INVALID', 'amount');
  if (c.owner === c.to) return problem('SAME_ACCOUNT', 'to');
  if (c.releaseRest !== undefined && typeof c.releaseRest !== 'boolean') {
    return problem('COMMAND_INVALID', 'releaseRest');
  }
  if (c.expiresAt !== undefined && c.expiresAt !== null && !isTime(c.expiresAt)) {
    return problem('EXPIRY_INVALID', 'expiresAt');
  }
  return null;
}

function assetProblem(c: Fields): Problem | null {
  if (!isAssetCode(c.asset)) return problem('ASSET_INVALID', 'asset');
  if (!isCount(c.scale) || (c.scale as number) > SCALE_MAX)
    return problem('SCALE_INVALID', 'scale');
  if (c.lotTracked !== undefined && typeof c.lotTracked !== 'boolean')
    return problem('COMMAND_INVALID', 'lotTracked');
  const granularity = c.lotGranularityMs;
  if (granularity !== undefined) {
    const ms = granularity as number;
    if (!isCount(granularity) || ms < LOT_GRANULARITY_MIN_MS || ms > LOT_GRANULARITY_MAX_MS) {
      return problem('GRANULARITY_INVALID', 'lotGranularityMs');
    }
  }
  if (c.defaultExpiryMs !== undefined && !isTime(c.defaultExpiryMs))
    return problem('EXPIRY_INVALID', 'defaultExpiryMs');
  if (c.version !== undefined && !isCount(c.version)) return problem('VERSION_INVALID', 'version');
  return null;
}

function fieldsProblem(c: Fields, owned: boolean): Problem | null {
  switch (c.type) {
    case 'transfer':
      return transferProblem(c);
    case 'hold':
      return (
        accountProblem(c) ??
        (isAmount(c.amount) ? null : problem('AMOUNT_INVALID', 'amount')) ??
        (c.deadline === undefined || isTime(c.deadline)
          ? null
          : problem('DEADLINE_INVALID', 'deadline'))
      );
    case 'capture':
      return captureProblem(c);
    case 'release': {
      const code = userProblem(c.owner);
      if (code !== null) return problem(code, 'owner');
      return isId(c.holdId) ? null : problem('ID_INVALID', 'holdId');
    }
    case 'reverse': {
      const code = ownerProblem(c.owner);
      if (code !== null) return problem(code, 'owner');
      const named = knownIdProblem(c.transferId, 'transferId');
      if (named !== null) return named;
      const debt = c.allowDebt;
      return debt === undefined || typeof debt === 'boolean'
        ? null
        : problem('COMMAND_INVALID', 'allowDebt');
    }
    case 'open-account':
    case 'freeze-account':
    case 'unfreeze-account':
    case 'close-account':
      return accountProblem(c);
    case 'set-credit-limit':
      return (
        accountProblem(c) ??
        (isCount(c.creditLimit) ? null : problem('CREDIT_LIMIT_INVALID', 'creditLimit'))
      );
    case 'put-record': {
      const found = recordProblem(c, owned);
      if (found !== null) return found;
      if (!(c.value instanceof Uint8Array)) return problem('RECORD_INVALID', 'value');
      if (c.value.length > RECORD_BYTES_MAX) return problem('RECORD_TOO_LARGE', 'value');
      return c.expiresAt === undefined || isTime(c.expiresAt)
        ? null
        : problem('EXPIRY_INVALID', 'expiresAt');
    }
    case 'delete-record':
      return recordProblem(c, owned);
    case 'define-asset':
      return assetProblem(c);
    default:
      return problem('COMMAND_TYPE_UNKNOWN', 'type');
  }
}

/**
 * What is wrong with a command as a caller gives it; null: nothing. The refusal is always transient and the field is
 * named as a path, e.g. `legs[2].amount`. `owned`: the engine asks for itself, so records of scarce owners may be named.
 */
export function validate(command: unknown, owned = false): Problem | null {
  try {
    if (typeof command !== 'object' || command === null)
      return problem('COMMAND_INVALID', 'command');
    return fieldsProblem(command as Fields, owned) ?? businessProblem(command as Fields);
  } catch {
    return problem('COMMAND_INVALID', 'command');
  }
}

/** What is wrong with a query, if anything. `owned`: as in validate(). */
export function validateQuery(query: Query, owned = false): Problem | null {
  const isOfRecords = query.type === 'read-record' || query.type === 'list-records';
  const code = isOfRecords ? recordOwnerProblem(query.owner, owned) : ownerProblem(query.owner);
  if (code !== null) return problem(code, 'owner');
  switch (query.type) {
    case 'balance':
      return query.asset === undefined || isAssetCode(query.asset)
        ? null
        : problem('ASSET_INVALID', 'asset');
    case 'head':
      return isAssetCode(query.asset) ? null : problem('ASSET_INVALID', 'asset');
    case 'read-transfer':
      return knownIdProblem(query.id, 'id');
    case 'read-hold':
      return isId(query.holdId) ? null : problem('ID_INVALID', 'holdId');
    case 'read-record':
      if (!isId(query.recordType)) return problem('RECORD_INVALID', 'recordType');
      return isId(query.key) ? null : problem('RECORD_INVALID', 'key');
    case 'list-records':
      if (!isId(query.recordType)) return problem('RECORD_INVALID', 'recordType');
      if (query.after !== undefined && !isId(query.after))
        return problem('RECORD_INVALID', 'after');
      return isCount(query.limit) && query.limit >= 1 && query.limit <= RECORDS_PAGE_MAX
        ? null
        : problem('QUERY_INVALID', 'limit');
    case 'dry-run':
    case 'atomic':
      return query.commands.length > 0 && query.commands.length <= TOGETHER_BYTES_MAX
        ? null
        : problem('BATCH_TOO_LARGE', 'commands');
  }
}

/** The home owner of a command: its ids are unique within it. */
export function homeOwner(command: Command): string {
  if (command.type === 'transfer') {
    for (const leg of command.legs) {
      if (!isSystemOwner(leg.from)) return leg.from;
      if (!isSystemOwner(leg.to)) return leg.to;
    }
    return command.legs[0]?.from ?? '';
  }
  return command.type === 'define-asset' ? '' : command.owner;
}
