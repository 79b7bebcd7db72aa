// What a route says of itself. Owns: its shape, and which refusals belong to what a route takes. Never touches: what the
// route does.
//   schema.D3. A route names the refusals of its own; those of credentials, bodies and queries follow from its row in the table.

import type { TObject, TSchema } from 'typebox';
import { type CommandType, type RefusalCode, refusalsOf } from '../../engine/index.js';
import type { Access } from '../auth/principal.js';
import type { Format } from '../encoding/media.js';

/** What kind of call it is: the page and the document show calls by these. */
export const TAGS = {
  transfers: 'Points move: transfers, holds, reversals.',
  accounts: 'Balances, history, and the administration of accounts.',
  assets: 'Kinds of points.',
  definitions: 'What a programme decides by.',
  programmes: 'What members did, what it earned them, and why.',
  acts: 'What a programme does for its members.',
  mall: 'Goods that members redeem points for.',
  coalition: 'Points of one platform for those of another: values, rates, exchanges, reserves.',
  points: 'The stable API for platforms.',
  access: 'Platforms and keys.',
  operators: 'People who run the ledger: accounts, roles, sessions.',
  users: 'Who is who in which system.',
  'signing in': 'Members sign in; applications get at their points with their consent (OAuth 2.0).',
  webhooks: 'Others are told what happens.',
  notices: 'Members are told what happens to them: channels, contacts, consent.',
  anchor: 'Roots of the logs, and balances of those who want it, on a chain.',
  alerts: 'What is wrong is told once, until it is over: alerts, rules, silences.',
  partners: 'Platforms that keep their points themselves: partners outside.',
  reports: 'Figures of the whole ledger, exact up to a position of its log; files; schedules.',
  receipts: 'What can be checked without this ledger: receipts, checkpoints, witnesses.',
  streams: 'Balances and feeds live.',
  operations: 'Health, figures, backups.',
  privacy: 'Personal data: who is erased, keys.',
  pages: 'For people.',
} as const;

/** An answer that is no refusal. */
export interface Answered {
  readonly summary: string;
  /** Of its JSON. */
  readonly schema?: TSchema | undefined;
  /** Content type, where it is not JSON. */
  readonly type?: string | undefined;
  /** What its headers say beyond the usual, by name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a route takes and answers. */
export interface Description {
  readonly tag: keyof typeof TAGS;
  /** One line. */
  readonly summary: string;
  /** More than a line, in CommonMark. */
  readonly details?: string | undefined;
  /** What `{names}` in the path stand for, where that is less than they may elsewhere. */
  readonly path?: Readonly<Record<string, TSchema>> | undefined;
  /** Parameters of the query; left out: it takes none. */
  readonly query?: TObject | undefined;
  /** The JSON of the body. */
  readonly body?: TSchema | undefined;
  /** Content type of a body that is never JSON. */
  readonly bodyType?: string | undefined;
  /** By status. */
  readonly answers: Readonly<Record<number, Answered>>;
  /** What it may refuse of its own. */
  readonly refusals: readonly RefusalCode[];
  /** Does an `Idempotency-Key` header name what it does? */
  readonly takesKey?: boolean | undefined;
  /** How it is shown who asks, where the route's row does not say; `first message`: after the request. */
  readonly shows?: readonly ('key' | 'platform' | 'ticket' | 'first message')[] | undefined;
  /** Is it a part of a page, which nobody asks for by itself? */
  readonly isPart?: boolean | undefined;
}

/** The parts of a route that decide what may be refused before it is asked. */
export interface Described {
  readonly path: string;
  readonly access: Access;
  readonly body?: 'required' | 'optional' | 'batch' | 'form' | undefined;
  /** Formats of the body and the answer beside JSON. */
  readonly formats?: readonly Format[] | undefined;
  readonly describes: Description;
}

/** Of the engine's shards: whoever reads or writes may meet them. */
export const SHARDS: readonly RefusalCode[] = [
  'SHARD_BUSY',
  'SHARD_FAILED',
  'SHARD_ROLLED_BACK',
  'SHARD_SERVED_TWICE',
  'SHARD_UNAVAILABLE',
  'CLOCK_JUMP',
  'DISK_FULL',
];
/** Of a command, wherever it is carried out. */
export const command = (type: CommandType): readonly RefusalCode[] => [
  ...SHARDS,
  ...refusalsOf(type),
];
/** Of what names an owner. */
export const OWNERS: readonly RefusalCode[] = ['OWNER_INVALID', 'OWNER_RESERVED'];

const KEYS: readonly RefusalCode[] = ['UNAUTHORIZED'];
/** Of a platform's credentials. */
export const PLATFORMS: readonly RefusalCode[] = [
  'TOKEN_MISSING',
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'PLATFORM_UNKNOWN',
  'SIGNATURE_MISSING',
  'SIGNATURE_INVALID',
  'SIGNATURE_REPLAYED',
  'PLATFORM_DISABLED',
  'CREDENTIALS_CONFLICT',
  'SECRETS_KEY_DIFFERS',
];
const CREDENTIALS: Readonly<Record<Access['by'], readonly RefusalCode[]>> = {
  anyone: [],
  visitor: [],
  key: KEYS,
  platform: [...KEYS, ...PLATFORMS],
  'key or platform': [...KEYS, ...PLATFORMS],
  member: [...KEYS, 'CREDENTIALS_CONFLICT'],
  partner: [...KEYS, ...PLATFORMS.filter((code) => !code.startsWith('TOKEN_'))],
};
/** Of headers that are given twice, or empty. */
const HEADERS: readonly RefusalCode[] = [
  'CREDENTIALS_CONFLICT',
  'ID_INVALID',
  'MEDIA_TYPE_UNSUPPORTED',
];
const GUARDED: readonly RefusalCode[] = [
  ...HEADERS,
  'OPERATION_FORBIDDEN',
  'ASSET_FORBIDDEN',
  'OWNER_FORBIDDEN',
  'RATE_LIMITED',
  'CLOSING',
  'SHARD_UNAVAILABLE',
];
/** Of a route that looks for itself who asks. */
const VISITED: readonly RefusalCode[] = [
  ...HEADERS,
  'RATE_LIMITED',
  'CLOSING',
  'SHARD_UNAVAILABLE',
];
const BODIES: readonly RefusalCode[] = [
  'BODY_INVALID',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'COMMAND_INVALID',
  'SHARD_BUSY',
];

const PARTS: Readonly<Record<string, RefusalCode>> = {
  owner: 'OWNER_INVALID',
  asset: 'ASSET_INVALID',
  platform: 'PLATFORM_NOT_FOUND',
  user: 'IDENTITY_INVALID',
  system: 'IDENTITY_INVALID',
  key: 'KEY_NOT_FOUND',
  client: 'OAUTH_CLIENT_NOT_FOUND',
  session: 'SESSION_NOT_FOUND',
  webhook: 'WEBHOOK_NOT_FOUND',
  channel: 'CHANNEL_NOT_FOUND',
  letter: 'DEAD_LETTER_NOT_FOUND',
  kind: 'DEFINITION_KIND_UNKNOWN',
  shard: 'QUERY_INVALID',
  code: 'REFERRAL_CODE_UNKNOWN',
};
/** How a part of a path is refused that is badly percent-encoded. */
export const partRefusal = (name: string): RefusalCode => PARTS[name] ?? 'ID_INVALID';

/** The names in a path, e.g. `owner` in `/v1/accounts/{owner}`. */
export const partsOf = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** Every refusal that a route may give. */
export function routeRefusals({
  path,
  access,
  body,
  describes,
}: Described): ReadonlySet<RefusalCode> {
  return new Set<RefusalCode>([
    ...partsOf(path).map(partRefusal),
    ...CREDENTIALS[access.by],
    ...(access.by === 'anyone' ? [] : access.by === 'visitor' ? VISITED : GUARDED),
    ...(body === undefined ? [] : BODIES),
    'FRAMING_INVALID',
    'QUERY_INVALID',
    ...describes.refusals,
    ...(describes.takesKey === true ? (['IDEMPOTENCY_KEY_REUSED'] as const) : []),
    'INTERNAL',
  ]);
}

/** Descriptions of calls of a tag that may be refused by shards, each with one answer. */
export const described =
  (tag: Description['tag']) =>
  (
    summary: string,
    status: number,
    schema: TObject,
    refusals: readonly RefusalCode[] = [],
    body?: TObject,
  ): Description => ({
    tag,
    summary,
    body,
    answers: { [status]: { summary: 'Done.', schema } },
    refusals: [...SHARDS, ...refusals],
  });
