// What a file says in words: names of columns, amounts, times. Owns: how a record becomes a line of a member, or which field is at fault. Never
// touches: files, the ledger.
//   importing.W1. Nothing is guessed: an amount with more decimals than its asset has, a time without a zone, a number that may be seconds or
//       milliseconds are refused.

import { limits, type RefusalCode } from '../../engine/index.js';
import { timeFromText } from '../encoding/text.js';
import { LINE_KINDS, MEMBER_STATUSES, SOURCE_ID_LENGTH_MAX } from '../schema/import-words.js';
import { fits, Kind, NewId, NewUser, PlatformId, Reference, SystemUser } from '../schema/words.js';
import type { Line, LineKind } from './line.js';
import type { MemberLines } from './members.js';

/** Columns, or fields of an object. */
export const COLUMNS = [
  'kind',
  'owner',
  'platform',
  'user',
  'status',
  'programme',
  'tier',
  'tierUntil',
  'id',
  'asset',
  'amount',
  'occurredAt',
  'earnedAt',
  'expiresAt',
  'type',
  'businessType',
  'businessId',
  'remark',
] as const;
export type Column = (typeof COLUMNS)[number];

const KNOWN: ReadonlySet<string> = new Set(COLUMNS);
/** Is it how a column is called? */
export const isColumn = (name: string): name is Column => KNOWN.has(name);

/** What a record says, by column; left out, or '': nothing. */
export type Said = Partial<Record<Column, string>>;

/** What is wrong with a record. */
export interface Fault {
  readonly code: RefusalCode;
  readonly field: string | undefined;
  readonly detail: string;
}

/** What a file leaves out. */
export interface Defaults {
  readonly kind: LineKind | 'member' | undefined;
  readonly asset: string | undefined;
  readonly platform: string | undefined;
  /** Of times that name none: `+08:00`. */
  readonly zone: string | undefined;
  /** Decimals of the assets that there are. */
  readonly scales: ReadonlyMap<string, number>;
}

/** A record that was understood. */
export interface Understood {
  /** By what all lines of a member are known. */
  readonly key: string;
  readonly member: Omit<MemberLines, 'lines'>;
  /** Left out: the record is of the member alone. */
  readonly line?: Line;
  /** It says nothing: a balance of 0. */
  readonly isEmpty?: true;
}

class Wrong extends Error {
  readonly fault: Fault;

  constructor(code: RefusalCode, field: string | undefined, detail: string) {
    super(detail);
    this.fault = { code, field, detail };
  }
}

const AMOUNT = /^([+-]?)(\d{1,16})(?:\.(\d+))?$/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;
const SHORT_TIME = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d)(?=[Zz+-])/;
/** Milliseconds since 1970 from September 2001 on: fewer digits may be seconds. */
const MILLISECONDS = /^\d{13,15}$/;

const checks = {
  owner: [fits(NewUser), 'OWNER_INVALID'],
  platform: [fits(PlatformId), 'IDENTITY_INVALID'],
  user: [fits(SystemUser), 'IDENTITY_INVALID'],
  programme: [fits(NewId), 'DEFINITION_KEY_INVALID'],
  tier: [fits(NewId), 'DEFINITION_KEY_INVALID'],
  type: [fits(Kind), 'KIND_INVALID'],
  businessType: [fits(Kind), 'KIND_INVALID'],
  businessId: [fits(Reference), 'REF_INVALID'],
} as const satisfies Partial<Record<Column, readonly [(value: unknown) => boolean, RefusalCode]>>;

/** A text as its column takes it; undefined: it says nothing. */
function textIn(said: Said, column: keyof typeof checks): string | undefined {
  const text = said[column];
  if (text === undefined || text === '') return undefined;
  const [isRight, code] = checks[column];
  if (isRight(text)) return text;
  throw new Wrong(code, column, `${column} may not be ${shown(text)}.`);
}

const SHOWN_MAX = 60;
const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX).toWellFormed()}…` : text);

function oneOf<T extends string>(said: Said, column: Column, words: readonly T[]): T | undefined {
  const text = said[column];
  if (text === undefined || text === '') return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Wrong('COMMAND_INVALID', column, `${column} is one of ${words.join(', ')}.`);
}

function amountIn(said: Said, asset: string, scale: number): number {
  const text = said.amount ?? '';
  const wrong = (detail: string): Wrong => new Wrong('AMOUNT_INVALID', 'amount', detail);
  if (text === '') throw wrong('amount is missing.');
  const [, sign, whole = '', part = ''] = AMOUNT.exec(text) ?? [];
  if (sign === undefined)
    throw wrong(`amount is digits, with a point before decimals, not ${shown(text)}.`);
  const decimals = part.replace(/0+$/, '');
  if (decimals.length > scale)
    throw wrong(`${asset} has ${scale} decimals, not ${decimals.length}.`);
  const minor = BigInt(whole + decimals.padEnd(scale, '0'));
  if (minor > BigInt(limits.AMOUNT_MAX))
    throw wrong(`amount is more than ${limits.AMOUNT_MAX} minor units.`);
  return sign === '-' ? 0 - Number(minor) : Number(minor);
}

function timeIn(
  said: Said,
  column: Column,
  code: RefusalCode,
  zone: string | undefined,
): number | undefined {
  const text = said[column];
  if (text === undefined || text === '') return undefined;
  if (MILLISECONDS.test(text) && Number(text) <= limits.TIME_MAX_MS) return Number(text);
  const isLocal = WITHOUT_ZONE.test(text);
  const whole = isLocal && zone !== undefined ? `${text}${zone}` : text;
  const found = timeFromText(whole.replace(' ', 'T').replace(SHORT_TIME, '$1:00'));
  if (found !== undefined && found >= 0) return found;
  const detail =
    isLocal && zone === undefined
      ? `${column} names no zone: ${shown(text)}. It ends with Z or an offset, or --zone says it.`
      : `${column} is a time as 2026-01-31T08:00:00+08:00 or milliseconds of 13 digits, not ${shown(text)}.`;
  throw new Wrong(code, column, detail);
}

function memberIn(said: Said, { platform, zone }: Defaults): Understood['member'] {
  const owner = textIn(said, 'owner');
  const user = textIn(said, 'user');
  const of = user === undefined ? undefined : (textIn(said, 'platform') ?? platform);
  if (user !== undefined && of === undefined)
    throw new Wrong(
      'IDENTITY_INVALID',
      'platform',
      'It does not say of which platform the user is.',
    );
  if (owner === undefined && user === undefined)
    throw new Wrong(
      'OWNER_INVALID',
      'owner',
      'It does not say whose it is: owner or user is missing.',
    );
  const programme = textIn(said, 'programme');
  const tier = textIn(said, 'tier');
  if (tier !== undefined && programme === undefined)
    throw new Wrong('DEFINITION_KEY_INVALID', 'programme', 'A tier is of a programme.');
  const tierUntil = timeIn(said, 'tierUntil', 'EXPIRY_INVALID', zone);
  const status = oneOf(said, 'status', MEMBER_STATUSES);
  return { owner, platform: of, user, programme, tier, tierUntil, status };
}

/** What a record says of points. */
function lineIn(said: Said, kind: LineKind, defaults: Defaults): Line {
  const { zone, scales } = defaults;
  const asset = said.asset || defaults.asset;
  if (asset === undefined) throw new Wrong('ASSET_INVALID', 'asset', 'asset is missing.');
  const scale = scales.get(asset);
  if (scale === undefined)
    throw new Wrong('ASSET_UNKNOWN', 'asset', `There is no asset ${shown(asset)}.`);
  const amount = amountIn(said, asset, scale);
  if (kind !== 'entry' && amount < 0)
    throw new Wrong('AMOUNT_INVALID', 'amount', `A ${kind} is not below 0.`);
  if (kind !== 'balance' && amount === 0)
    throw new Wrong('AMOUNT_INVALID', 'amount', `A ${kind} is not 0.`);
  const { id, remark } = said;
  if (id !== undefined && id.length > SOURCE_ID_LENGTH_MAX)
    throw new Wrong('ID_INVALID', 'id', `id has more than ${SOURCE_ID_LENGTH_MAX} characters.`);
  if (id !== undefined && /[\p{Cc}\p{Cs}]/u.test(id))
    throw new Wrong('ID_INVALID', 'id', 'id has control characters.');
  if (remark !== undefined && Buffer.byteLength(remark) > limits.MEMO_BYTES_MAX)
    throw new Wrong(
      'MEMO_INVALID',
      'remark',
      `remark has more than ${limits.MEMO_BYTES_MAX} bytes.`,
    );
  const earned = said.earnedAt ? 'earnedAt' : 'occurredAt';
  if (said.earnedAt && said.occurredAt)
    throw new Wrong('OCCURRED_INVALID', 'earnedAt', 'It says both earnedAt and occurredAt.');
  const occurredAt = timeIn(said, earned, 'OCCURRED_INVALID', zone);
  if (kind === 'entry' && occurredAt === undefined)
    throw new Wrong('OCCURRED_INVALID', 'occurredAt', 'It does not say when it happened.');
  const expiresAt =
    said.expiresAt === 'never' ? null : timeIn(said, 'expiresAt', 'EXPIRY_INVALID', zone);
  return {
    kind,
    asset,
    amount,
    id: id || undefined,
    occurredAt,
    expiresAt,
    type: textIn(said, 'type'),
    businessType: textIn(said, 'businessType'),
    businessId: textIn(said, 'businessId'),
    remark: remark || undefined,
  };
}

/** What a record says; or what is wrong with it. */
export function understood(said: Said, defaults: Defaults): Understood | Fault {
  try {
    const kind = oneOf(said, 'kind', ['member', ...LINE_KINDS]) ?? defaults.kind;
    if (kind === undefined)
      throw new Wrong('COMMAND_INVALID', 'kind', 'It says no kind: member, balance, lot or entry.');
    const member = memberIn(said, defaults);
    const { owner = '', platform, user } = member;
    const key = platform === undefined ? owner : `${platform}:${user}`;
    if (kind === 'member') return { key, member };
    const line = lineIn(said, kind, defaults);
    return line.amount === 0 ? { key, member, isEmpty: true } : { key, member, line };
  } catch (error) {
    if (error instanceof Wrong) return error.fault;
    throw error;
  }
}
