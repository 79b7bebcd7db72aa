// Partners: their records in the ledger. Owns: what is kept of a partner, its tokens' lives, what a partner must be. Never touches: requests to it, how it
// answers.
//   partners.R1. The token that a partner is shown is kept sealed to it, told to nobody, and goes to the scheme, host and port that it was said for alone.
//   partners.R2. Of the token that it shows itself a SHA-256 is kept, and no more than two are good at a time: a new one, and for a while the one before.
//   partners.R3. A partner goes where a webhook may, by a name that is looked up again for each connection: nothing else decides it.

import { createHash, randomBytes } from 'node:crypto';
import type { Sealer } from '../auth/sealing.js';
import { cronProblem } from '../cron.js';
import { Documents, isTooLong, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { Destinations } from '../outbound/addresses.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { RotateBody } from '../schema/access.js';
import { bodyReader } from '../schema/check.js';
import { type PARTNER_ADAPTERS, type PARTNER_STATES, PartnerBody } from '../schema/partners.js';
import { isPlatformId } from '../schema/words.js';

/** A partner outside. */
export interface Partner {
  /** Its id as a platform. */
  readonly platform: string;
  /** For people. */
  readonly name?: string | undefined;
  readonly adapter: (typeof PARTNER_ADAPTERS)[number];
  readonly url: string;
  /** The points that it keeps. */
  readonly assets: readonly string[];
  /** The points of this ledger that it may add and deduct by its calls here; left out: none. */
  readonly inboundAssets?: readonly string[] | undefined;
  readonly createsUsers: boolean;
  /** Calls that may be under way to it at once; left out: the gateway's default. */
  readonly callsAtOnce?: number | undefined;
  /** When it is reconciled by itself: a cron expression, in UTC; left out: never. */
  readonly reconcileAt?: string | undefined;
  /** Operations that are younger are not judged; left out: the gateway's default. */
  readonly graceSeconds?: number | undefined;
  /** `maintenance`: by hand, it is asked nothing. */
  readonly state: (typeof PARTNER_STATES)[number];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a partner may show. */
interface StoredToken {
  /** SHA-256, in hex: it has 256 random bits, so no slower hash is needed. */
  readonly hash: string;
  /** Milliseconds since 1970; left out: until it is replaced. */
  readonly until?: number | undefined;
}

/** A partner as it is kept. */
export interface StoredPartner extends Partner {
  readonly sealed: string;
  /** Which key sealed it. */
  readonly keyId: string;
  /** The newest one first; at most two. */
  readonly inbound: readonly StoredToken[];
}

/** A partner, and the token that it is to show: told this once; undefined: it has one. */
export interface WithToken {
  readonly partner: StoredPartner;
  readonly inboundToken: string | undefined;
}

/** All partners, by platform. */
export const PARTNERS = new Documents<StoredPartner>('#partners', 'partner', 'platform');

export const shownPartner = ({
  sealed: _,
  keyId: __,
  inbound: ___,
  ...partner
}: StoredPartner): Partner => partner;

const about = (platform: string): string => `partner ${platform}`;
const TOKEN_BYTES = 32;
const newToken = (): string => `jifen_partner_${randomBytes(TOKEN_BYTES).toString('base64url')}`;

export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
const stored = (token: string): StoredToken => ({ hash: tokenHash(token).toString('hex') });

/** The token that a partner is shown; undefined: it was sealed with another key than this folder's. */
export const outboundToken = (
  { sealed, keyId, platform }: StoredPartner,
  sealer: Sealer,
): string | undefined =>
  keyId === sealer.keyId ? sealer.open(sealed, about(platform)) : undefined;

const readBody = bodyReader(PartnerBody);
const readRotation = bodyReader(RotateBody);

/** What partners are made with. */
export interface RecordParts {
  readonly ledger: OwnLedger;
  readonly sealer: Sealer;
  readonly destinations: Destinations;
  readonly limits: GatewayLimits;
  /** Milliseconds since 1970, by the ledger's clock. */
  readonly now: number;
  /** Which assets a platform may touch; undefined: there is none of this id. */
  readonly assetsOf: (platform: string) => readonly string[] | undefined;
}

const wrong = (field: string, detail: string): Refusal =>
  refuse('PARTNER_INVALID', field, `${field}: ${detail}`);

function urlProblem(text: string, destinations: Destinations): Refusal | undefined {
  if (!URL.canParse(text)) return wrong('url', 'It is no URL.');
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '') return wrong('url', 'It ends with its path.');
  const problem = destinations.problem(url);
  return problem === undefined
    ? undefined
    : refuse('PARTNER_URL_FORBIDDEN', 'url', `url: ${problem}`);
}

function problemOf(
  { platform, url, assets, inboundAssets = [], reconcileAt }: Partner,
  { destinations, assetsOf }: RecordParts,
): Refusal | undefined {
  const problem = urlProblem(url, destinations);
  if (problem !== undefined) return problem;
  const unfit = reconcileAt === undefined ? undefined : cronProblem(reconcileAt);
  if (unfit !== undefined) return wrong('reconcileAt', unfit);
  const known = assetsOf(platform);
  if (known === undefined) return refuse('PLATFORM_NOT_FOUND', 'platform');
  const strange = assets.find((asset) => !known.includes(asset));
  if (strange !== undefined) return wrong('assets', `${strange} is none of the platform's.`);
  const own = inboundAssets.find((asset) => assets.includes(asset));
  return own === undefined ? undefined : wrong('inboundAssets', `It keeps ${own} itself.`);
}

const tooLong = (partner: StoredPartner): Refusal | undefined =>
  isTooLong(partner)
    ? refuse('COMMAND_INVALID', 'body', 'The partner has too long fields.')
    : undefined;

/** Says that a platform is a partner, or says it anew: its state and what it shows itself stay. */
export async function putPartner(
  parts: RecordParts,
  platform: string,
  body: unknown,
): Promise<Refusal | WithToken> {
  const { ledger, sealer, limits, now } = parts;
  const fields = readBody(body);
  if (isRefusal(fields)) return fields;
  if (!isPlatformId(platform)) return refuse('PLATFORM_NOT_FOUND', 'platform');
  const found = await PARTNERS.get(ledger, platform);
  if (isRefusal(found)) return found;
  const before = found?.read();
  const { token, ...said } = fields;
  const partner: Partner = {
    ...{ platform, adapter: 'http', createsUsers: false, ...said },
    state: before?.state ?? 'active',
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const problem = problemOf(partner, parts);
  if (problem !== undefined) return problem;
  if (token === undefined && before === undefined) return wrong('token', 'A new partner has one.');
  if (token === undefined && new URL(before?.url ?? '').origin !== new URL(partner.url).origin)
    return wrong('token', 'It is said anew where the partner is asked at another host.');
  if (before === undefined) {
    const present = await PARTNERS.all(ledger);
    if (isRefusal(present)) return present;
    if (present.length >= limits.partnersMax) return refuse('PARTNER_LIMIT');
    // Another key than this folder's has sealed what is there: a token sealed with this one could not be read by the other nodes.
    if (present.some((one) => one.read().keyId !== sealer.keyId))
      return refuse('SECRETS_KEY_DIFFERS');
  }
  const inboundToken = before === undefined ? newToken() : undefined;
  const kept = token === undefined && before !== undefined ? before : undefined;
  const after: StoredPartner = {
    ...partner,
    sealed: kept?.sealed ?? sealer.seal(token ?? '', about(platform)),
    keyId: kept?.keyId ?? sealer.keyId,
    inbound: before?.inbound ?? [stored(inboundToken ?? '')],
  };
  const refused =
    tooLong(after) ?? (await PARTNERS.put(ledger, platform, after, found?.version ?? 0));
  return refused ?? { partner: after, inboundToken };
}

type Changing = Pick<RecordParts, 'ledger' | 'now'>;

async function changed(
  { ledger, now }: Changing,
  platform: string,
  change: (partner: StoredPartner) => StoredPartner,
): Promise<Refusal | StoredPartner> {
  const found = isPlatformId(platform)
    ? await PARTNERS.change(ledger, platform, (before) => ({ ...change(before), updatedAt: now }))
    : undefined;
  return found ?? refuse('PARTNER_NOT_FOUND', 'platform');
}

/** Has a partner asked nothing, or again. */
export const setPartnerState = (
  parts: Changing,
  platform: string,
  state: Partner['state'],
): Promise<Refusal | StoredPartner> => changed(parts, platform, (one) => ({ ...one, state }));

/** Makes a new token for a partner to show. The one before is good for `overlapSeconds` more, one that was before that ends now. */
export async function rotateToken(
  parts: Changing & Pick<RecordParts, 'limits'>,
  platform: string,
  body: unknown,
): Promise<Refusal | WithToken> {
  const fields = readRotation(body);
  if (isRefusal(fields)) return fields;
  const seconds = fields.overlapSeconds ?? parts.limits.secretOverlapSeconds;
  const inboundToken = newToken();
  const partner = await changed(parts, platform, (before) => {
    const [last] = before.inbound;
    const until = parts.now + seconds * 1_000;
    const old = last === undefined || seconds === 0 ? [] : [{ ...last, until }];
    return { ...before, inbound: [stored(inboundToken), ...old] };
  });
  return isRefusal(partner) ? partner : { partner, inboundToken };
}

/** Forgets one, and with it what it may show. */
export async function removePartner(
  { ledger }: Pick<RecordParts, 'ledger'>,
  platform: string,
): Promise<Refusal | StoredPartner> {
  const found = isPlatformId(platform) ? await PARTNERS.get(ledger, platform) : undefined;
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('PARTNER_NOT_FOUND', 'platform');
  return (await PARTNERS.delete(ledger, platform)) ?? found.read();
}
