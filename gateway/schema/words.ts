// The words of the API: names, ids, amounts, times. Owns: their schemas. Never touches: what they stand for.
//   schema.D1. A figure in a schema is one of the engine's limits or of gateway/limits.ts: none is written here again.

import type { TInteger, TSchema, TString, TUnsafe } from 'typebox';
import {
  DEFINITION_KINDS,
  limits,
  NAMED_SCOPE_PATTERN,
  type RefusalCode,
  SCOPE_PATTERN,
  SYSTEM_OWNERS,
} from '../../engine/index.js';
import { SYSTEM_USER_LENGTH_MAX } from '../limits.js';
import { Type } from './typebox.js';

/** The keyword that names a schema which the document shows once, among its components. */
export const NAME = 'x-name';

/** The keyword that says how a value is refused that breaks the rules; left out: as its reader does. */
export const REFUSED = 'x-refusal';

/** The keyword that says how it is refused that a value is missing; left out: as its reader does. */
export const MISSED = 'x-refusal-missing';

/** What every schema may say beside its rules. A description is what a refusal says that the value must be. */
export interface Told {
  readonly description?: string;
  readonly [NAME]?: string;
  readonly [REFUSED]?: RefusalCode;
  readonly [MISSED]?: RefusalCode;
  readonly maxLength?: number;
  readonly contentEncoding?: string;
}

const USER = `[A-Za-z0-9._:-]{1,${limits.OWNER_LENGTH_MAX}}`;
const CLEARING = `@(?:clearing|import):[A-Za-z0-9._-]{1,${limits.CLEARING_LENGTH_MAX}}`;
const ANY_OWNER = [USER, ...SYSTEM_OWNERS, CLEARING].join('|');
/** No name that clients take out of paths: isPathPart(). */
const PATH_PART = '(?!\\.{1,2}$)';
const ID = `[A-Za-z0-9._:@/+=~-]{1,${limits.ID_LENGTH_MAX}}`;
/** An id with or without whose it is. */
const NAMED_ID = `(?:(?:${NAMED_SCOPE_PATTERN})?,)?${ID}`;
const FOLLOW_UP_ID = `>(?:${ANY_OWNER}|#${USER})>${NAMED_ID}>[1-${limits.FOLLOW_UPS_MAX}]`;
const CAUSED_ID = '>[A-Za-z0-9_-]{32}';
const BUDGET = '#budget:';

/** A text of a pattern. */
type Patterned = TString & { readonly pattern: string };

export const text = (pattern: string, told: Told): Patterned =>
  Type.String({ ...told, pattern: `^(?:${pattern})$` }) as Patterned;

/** A whole number. */
export const whole = (minimum: number, maximum: number, told: Told = {}): TInteger =>
  Type.Integer({ ...told, minimum, maximum });

/** One of some texts. */
export const oneOf = <T extends string>(values: readonly T[], told: Told = {}): TUnsafe<T> =>
  Type.Unsafe<T>({ ...told, type: 'string', enum: [...values] });

/** A text for people: characters, none of them a control character. */
export const line = (charactersMax: number, told: Told = {}): Patterned =>
  text(`[^\\p{Cc}\\p{Cs}]{1,${charactersMax}}`, told);

export const Owner = text(ANY_OWNER, {
  [NAME]: 'Owner',
  description: 'A user’s pseudonym, or a system owner: it begins with `@`.',
});
/** Whose account it is, in what is answered. */
export const Holder = text(`${ANY_OWNER}|#[A-Za-z0-9._:@-]+`, {
  [NAME]: 'Holder',
  description: 'An owner; or what the ledger itself keeps points for: it begins with `#`.',
});
export const User = text(USER, {
  [NAME]: 'User',
  description: 'A user’s pseudonym, which is the owner of accounts.',
});
const NOT_DOTS = '`.` and `..` are refused: no client can put them into a path.';
export const Payee = text(`${PATH_PART}(?:${ANY_OWNER})`, {
  [NAME]: 'Payee',
  description: `Who receives: a user’s pseudonym, or a system owner. ${NOT_DOTS}`,
});
export const NewUser = text(PATH_PART + USER, {
  [NAME]: 'NewUser',
  description: `A user’s pseudonym, which is the owner of accounts. ${NOT_DOTS}`,
});
export const AssetCode = text(`[a-z0-9_]{1,${limits.ASSET_LENGTH_MAX}}`, {
  [NAME]: 'AssetCode',
  description: 'A kind of points.',
});
export const Id = text(ID, {
  [NAME]: 'Id',
  description: 'The id of a command.',
});
export const NewId = text(PATH_PART + ID, {
  [NAME]: 'NewId',
  description: `The idempotency key, unique for ever within the home owner. ${NOT_DOTS}`,
});
const WHOSE =
  'One’s own as it was given, any other with whose it is: `{platform},{id}`; to a platform `,{id}` of a key without one.';
export const NamedId = text(NAMED_ID, {
  [NAME]: 'NamedId',
  description: `The id of a command. ${WHOSE}`,
});
export const KnownId = text(`${NAMED_ID}|${FOLLOW_UP_ID}|${CAUSED_ID}|#${ID}`, {
  [NAME]: 'KnownId',
  description: `The id of a command (${WHOSE}), or of a follow-up: \`>{owner}>{id}>{n}\`, n from 1 to ${limits.FOLLOW_UPS_MAX}; of what an act causes, \`>\` and 32 characters; of what a pool lends, \`#\` and an id.`,
});
export const Kind = text(`[A-Za-z0-9._-]{1,${limits.KIND_LENGTH_MAX}}`, {
  [NAME]: 'Kind',
  description: 'What kind of business it is, e.g. `ORDER`.',
});
export const Reference = text(ID, {
  [NAME]: 'Reference',
  description: 'Which one, e.g. an order number.',
});
export const Memo = Type.String({
  [NAME]: 'Memo',
  maxLength: limits.MEMO_BYTES_MAX,
  description: `A remark for people, at most ${limits.MEMO_BYTES_MAX} bytes of UTF-8.`,
});
/** Why something is done, for people; as a memo, and never left out. */
export const Reason = Type.String({
  minLength: 1,
  maxLength: limits.MEMO_BYTES_MAX,
  description: `Why, at most ${limits.MEMO_BYTES_MAX} bytes of UTF-8: kept with it for ever.`,
});
export const Metadata = Type.Record(Type.String(), Type.Unknown(), {
  [NAME]: 'Metadata',
  description:
    `A JSON object, at most ${limits.METADATA_BYTES_MAX} bytes of canonical JSON, ` +
    `at most ${limits.METADATA_DEPTH_MAX} deep.`,
});
export const Amount = whole(1, limits.AMOUNT_MAX, {
  [NAME]: 'Amount',
  description: 'Minor units.',
});
/** From 0 on: a balance that cannot be owed, a number of things, a version. */
export const Count = whole(0, limits.AMOUNT_MAX);
/** May be negative: a change, or what is available where an account may owe. */
export const Change = whole(-limits.AMOUNT_MAX, limits.AMOUNT_MAX);
export const Time = whole(0, limits.TIME_MAX_MS, {
  [NAME]: 'Time',
  description: 'Milliseconds since 1970.',
});
export const TimeText = Type.String({
  [NAME]: 'TimeText',
  pattern:
    '^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d\\d:\\d\\d)$',
  description: 'RFC 3339; what is finer than a millisecond is cut off.',
});
export const Period = text('P(?:[1-9]\\d{0,3}D|[1-9]\\d{0,2}M|[1-9]\\d?Y)', {
  [NAME]: 'Period',
  description:
    'An ISO 8601 duration of days, months or years: `P30D`, `P12M`, `P1Y`. Points last until the end of the day so long after they are credited.',
});
export const FixedDate = text(
  '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|[12]\\d)',
  {
    [NAME]: 'FixedDate',
    description:
      'A date of every year, MM-DD: points last until the end of the first such day, after `expiresAfter` where that is given.',
  },
);
export const Zone = text(`[A-Za-z0-9_/+-]{1,${limits.ZONE_LENGTH_MAX}}`, {
  [NAME]: 'Zone',
  description: 'An IANA time zone, whose days the asset’s are. Asia/Shanghai where none is named.',
});
export const Positions = Type.String({
  [NAME]: 'Positions',
  pattern: '^\\d{1,3}:\\d{1,15}(?:,\\d{1,3}:\\d{1,15})*$',
  description: 'Of each shard concerned, its number and its last block that counts.',
});
/** How far the log counts. */
export const AsOf = Type.Union([Time, Positions], {
  [NAME]: 'AsOf',
  description:
    'How far the log was read. Name it in the same question, and the answer is the same.',
});
export const RecordName = text(
  ID.replace(`${limits.ID_LENGTH_MAX}}`, `${limits.RECORD_NAME_LENGTH_MAX}}`),
  {
    [NAME]: 'RecordName',
  },
);
export const RecordValue = text('(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?', {
  description: 'Bytes in base64.',
  contentEncoding: 'base64',
  maxLength: Math.ceil(limits.RECORD_BYTES_MAX / 3) * 4,
});
export const DefinitionKind = text(`[a-z][a-z0-9-]{0,${limits.DEFINITION_KIND_LENGTH_MAX - 1}}`, {
  [NAME]: 'DefinitionKind',
  description: `One of ${DEFINITION_KINDS.map(({ name }) => name).join(', ')}.`,
});
export const DefinitionKey = text(`${PATH_PART}${ID}`, {
  [NAME]: 'DefinitionKey',
  description: 'The name of a definition within its kind.',
});
export const DefinitionState = oneOf(['draft', 'active', 'retired'], {
  [NAME]: 'DefinitionState',
  description:
    'draft: never decides; active: decides from `activeFrom` on; retired: nothing decides from then on.',
});
export const Budget = text(
  `${BUDGET}(?!:)[A-Za-z0-9._:-]{1,${limits.OWNER_LENGTH_MAX - BUDGET.length}}`,
  {
    description: 'A budget: `#budget:` and its name.',
  },
);
export const PlatformId = text(SCOPE_PATTERN, {
  [NAME]: 'PlatformId',
  description: '1 to 24 characters out of a-z 0-9 _ and -, the first one a letter or digit.',
});
export const SystemUser = text(`[^:\\p{Cc}\\p{Cs}]{1,${SYSTEM_USER_LENGTH_MAX}}`, {
  [NAME]: 'SystemUser',
  description: 'A system’s own name for a user.',
});
export const AnyUser = line(SYSTEM_USER_LENGTH_MAX, {
  [NAME]: 'AnyUser',
  description: 'A system’s own name for a user; of the system `global`: the owner of accounts.',
});
/** A client of the OAuth server. */
export const SessionId = text('[0-9a-f]{24}', { [NAME]: 'SessionId' });
export const OAuthClientId = text('[0-9a-f]{24}', { [NAME]: 'OAuthClientId' });
export const KeyId = text('[0-9a-f]{12}', { [NAME]: 'KeyId' });

export const WebhookId = text('wh_[0-9a-f]{16}', { [NAME]: 'WebhookId' });
export const ChannelId = text('nc_[0-9a-f]{16}', { [NAME]: 'ChannelId' });
export const OutboundId = text('\\d{1,3}-\\d{1,15}-\\d{1,10}-[0-9a-f]{8}', {
  [NAME]: 'OutboundId',
  description: 'The id of an event that webhooks are told.',
});

/** Is a value such a text? */
export function fits({ pattern }: Patterned): (value: unknown) => value is string {
  const expression = new RegExp(pattern, 'u');
  return (value): value is string => typeof value === 'string' && expression.test(value);
}

/** Are these bytes in base64? However many: the engine counts them. */
export const isBase64 = fits(RecordValue);
/** May a member that is new be called so? */
export const isNewUser = fits(NewUser);
/** Is it an id that a command may come with? */
export const isNewId = fits(NewId);
/** Is it the part of an id that follows a platform's name? */
export const isReference = fits(Reference);
/** Is it how a platform is named? */
export const isPlatformId = fits(PlatformId);
/** Is it how an asset is named? */
export const isAssetCode = fits(AssetCode);

/** A text of the same pattern that is refused in another way. */
export const refusedAs = (
  code: RefusalCode,
  { pattern }: Patterned,
  description: string,
): TString => Type.String({ pattern, description, [REFUSED]: code });

/** What the `{names}` in the paths of routes stand for. */
export const PATH_PARTS: Readonly<Record<string, TSchema>> = {
  owner: Owner,
  asset: AssetCode,
  id: KnownId,
  platform: PlatformId,
  webhook: WebhookId,
  channel: ChannelId,
  letter: OutboundId,
  user: AnyUser,
  system: PlatformId,
  key: KeyId,
  client: OAuthClientId,
  session: SessionId,
  shard: whole(0, limits.SHARDS_MAX - 1),
};
