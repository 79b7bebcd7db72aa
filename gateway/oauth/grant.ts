// A grant: what may come of its code, its tokens, its session. Owns: its document, and what each use makes of it, as pure functions. Never touches: where
// it is kept, who asks.
//   oauth.G1. Of one code at most one set of tokens comes. A second use of a code that was used ends the grant, and so what came of it.
//   oauth.G2. A refresh token is good once. One that is none any more ends its grant, but for the last one that was used, within `refreshRepeatSeconds`, while
//       its successor was not used: the answer was lost. It gets another successor; the one before, and its access token, are good no more, and to show that
//       one ends the grant: so two who have the same token are found, whoever was first.
//   oauth.G4. A code is bound to its client, its redirect URI and its challenge.

import { createHash } from 'node:crypto';
import type { GatewayLimits } from '../limits.js';
import {
  digestOf,
  familyOf,
  isDigestOf,
  newCredential,
  newRefreshToken,
  type Shown,
} from './credentials.js';
import { readScopes, type Scope, scopeText, within } from './scopes.js';
import type { GrantKind } from './shapes.js';

/** An access token as it is kept. */
interface StoredToken {
  readonly hash: string;
  readonly at: number;
  readonly until: number;
  /** Where it may less than the grant. */
  readonly scope?: string | undefined;
}

/** A code as it is kept. */
interface StoredCode {
  readonly hash: string;
  readonly until: number;
  /** What is kept of the redirect URI. */
  readonly uri: string;
  /** Was the URI in the request for it? */
  readonly saysUri: boolean;
  readonly challenge?: string | undefined;
  readonly used?: true;
}

/** Refresh tokens as they are kept. */
interface StoredRefresh {
  readonly family: string;
  readonly hash: string;
  readonly until: number;
  /** The one before, since when it is none any more, and which access token its successor came with. */
  readonly before?:
    | { readonly hash: string; readonly at: number; readonly token: string }
    | undefined;
}

/** A grant as it is kept. Times: milliseconds since 1970. */
export interface StoredGrant {
  readonly kind: GrantKind;
  readonly client: string;
  /** Which of the client's lives it belongs to (clients.ts). */
  readonly generation?: number | undefined;
  /** Left out of a client for itself. */
  readonly member?: string | undefined;
  readonly owner?: string | undefined;
  readonly scope: string;
  readonly createdAt: number;
  /** When a second factor was proved in it: a link that went to the member has begun it, or the member has said a code. */
  readonly provedAt?: number | undefined;
  readonly usedAt: number;
  /** Nothing of it is good after that, whatever is made of it. */
  readonly until: number;
  readonly code?: StoredCode | undefined;
  readonly cookie?: { readonly hash: string; readonly until: number } | undefined;
  readonly refresh?: StoredRefresh | undefined;
  readonly tokens: readonly StoredToken[];
  /** When it was ended: nothing of it is good. */
  readonly ended?: number | undefined;
}

/** What lives of a grant are as the settings say. */
export type GrantTimes = Pick<
  GatewayLimits,
  | 'authorizationCodeSeconds'
  | 'accessTokenSeconds'
  | 'refreshTokenSeconds'
  | 'refreshRepeatSeconds'
  | 'grantSecondsMax'
  | 'grantTokensMax'
  | 'sessionSeconds'
  | 'sessionTokenSeconds'
>;

/** Tokens that were made: as texts, once. */
export interface Issued {
  readonly access: string;
  readonly seconds: number;
  readonly scope: string;
  readonly refresh?: string | undefined;
}

/** What a use makes of a grant: its document, if it is another one, and what is told. */
export interface Use<Told> {
  /** Left out: nothing changes. `ended`: nothing of it is good any more. */
  readonly grant?: StoredGrant | 'ended' | undefined;
  readonly told: Told;
}

/** Why nothing comes of a use; `reused`: somebody else may have what was shown. */
export type UseProblem = 'invalid' | 'expired' | 'reused' | 'client' | 'uri' | 'verifier' | 'scope';

const problem = (told: UseProblem, grant?: 'ended'): Use<UseProblem> => ({ told, grant });

/** What comes of a use: tokens, or why there are none. */
export type TokenUse = Use<Issued | UseProblem>;

export const isProblem = (told: Issued | UseProblem): told is UseProblem =>
  typeof told === 'string';

/** Until when a document is kept: as long as anything in it may be asked for. */
export function keptUntil({ code, cookie, refresh, tokens, until }: StoredGrant): number {
  const all = [code?.until, cookie?.until, refresh?.until, ...tokens.map((one) => one.until)];
  return Math.min(until, Math.max(0, ...all.map((time) => time ?? 0)));
}

/** Those tokens that are good, and one more: the oldest go where there are too many. */
function withToken(
  { tokens }: StoredGrant,
  token: StoredToken,
  now: number,
  { grantTokensMax }: GrantTimes,
): readonly StoredToken[] {
  const good = tokens.filter(({ until }) => until > now);
  return [...good, token].slice(-grantTokensMax);
}

/** Gives an access token. */
function issued(
  id: string,
  grant: StoredGrant,
  seconds: number,
  now: number,
  times: GrantTimes,
  scope = grant.scope,
): { readonly grant: StoredGrant; readonly issued: Issued } {
  const access = newCredential('at', id);
  const until = Math.min(now + seconds * 1_000, grant.until);
  const less = scope === grant.scope ? undefined : scope;
  const token = { hash: digestOf(access), at: now, until, scope: less };
  const tokens = withToken(grant, token, now, times);
  return {
    grant: { ...grant, tokens, usedAt: now },
    issued: { access, seconds: Math.floor((until - now) / 1_000), scope },
  };
}

/** How a code is asked to be exchanged. */
export interface CodeUse {
  readonly client: string;
  /** Undefined: it was not given. */
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
}

/** The challenge of a verifier: S256 (RFC 7636, 4.2). */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

const isVerifierOf = (challenge: string | undefined, verifier: string): boolean =>
  /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) && challengeOf(verifier) === challenge;

/** Exchanges a code (oauth.G1, G4). */
export function useCode(
  { id, text }: Shown,
  grant: StoredGrant,
  use: CodeUse,
  now: number,
  times: GrantTimes,
): TokenUse {
  const { code } = grant;
  if (grant.ended !== undefined || code === undefined || !isDigestOf(code.hash, text))
    return problem('invalid');
  if (code.used) return problem('reused', 'ended');
  if (grant.client !== use.client) return problem('client');
  if (code.until <= now) return problem('expired');
  const { redirectUri, verifier } = use;
  if (redirectUri === undefined ? code.saysUri : !isDigestOf(code.uri, redirectUri))
    return problem('uri');
  // A verifier where there was no challenge: somebody took the challenge out of the request (RFC 9700, 4.8.2).
  if (code.challenge === undefined ? verifier !== undefined : verifier === undefined)
    return problem('verifier');
  if (verifier !== undefined && !isVerifierOf(code.challenge, verifier)) return problem('verifier');
  const until = Math.min(now + times.refreshTokenSeconds * 1_000, grant.until);
  const refresh = newRefreshToken(id);
  const used: StoredGrant = {
    ...grant,
    code: { ...code, used: true },
    refresh: { family: digestOf(familyOf(refresh)), hash: digestOf(refresh), until },
  };
  const made = issued(id, used, times.accessTokenSeconds, now, times);
  return { grant: made.grant, told: { ...made.issued, refresh } };
}

/** Gives new tokens for a refresh token (oauth.G2). `asked`: fewer scopes; undefined: all. */
export function useRefresh(
  { id, text }: Shown,
  grant: StoredGrant,
  use: { readonly client: string; readonly asked: readonly Scope[] | undefined },
  now: number,
  times: GrantTimes,
): TokenUse {
  const { refresh } = grant;
  if (grant.ended !== undefined || !isOfFamily(grant, text) || refresh === undefined)
    return problem('invalid');
  if (grant.client !== use.client) return problem('client');
  const isCurrent = isDigestOf(refresh.hash, text);
  const { before } = refresh;
  if (!isCurrent) {
    const isLast = before !== undefined && isDigestOf(before.hash, text);
    if (!isLast || before.at + times.refreshRepeatSeconds * 1_000 <= now)
      return problem('reused', 'ended');
  }
  if (refresh.until <= now) return problem('expired');
  const { asked } = use;
  if (asked !== undefined && within(asked, readScopes(grant.scope) ?? []).length < asked.length)
    return problem('scope');
  const lost = isCurrent ? undefined : before?.token;
  const rest = { ...grant, tokens: grant.tokens.filter(({ hash }) => hash !== lost) };
  const scope = asked === undefined ? grant.scope : scopeText(asked);
  const made = issued(id, rest, times.accessTokenSeconds, now, times, scope);
  const next = newRefreshToken(id, text);
  const token = digestOf(made.issued.access);
  const until = Math.min(now + times.refreshTokenSeconds * 1_000, grant.until);
  const spent = isCurrent ? { hash: refresh.hash, at: now } : before;
  const after: StoredRefresh = {
    family: refresh.family,
    hash: digestOf(next),
    until,
    before: spent && { hash: spent.hash, at: spent.at, token },
  };
  return { grant: { ...made.grant, refresh: after }, told: { ...made.issued, refresh: next } };
}

/** Is it a refresh token of this grant, one that is good or one that was? */
export const isOfFamily = ({ refresh }: StoredGrant, token: string): boolean =>
  isDigestOf(refresh?.family, familyOf(token));

/** Is it the refresh token of this grant that is good now? */
export const isRefreshGood = (
  { ended, refresh }: StoredGrant,
  token: string,
  now: number,
): boolean =>
  ended === undefined &&
  refresh !== undefined &&
  refresh.until > now &&
  isDigestOf(refresh.hash, token);

/** Is it the cookie of this session, and may it still be used? */
export const isCookieGood = (
  { ended, cookie, until }: StoredGrant,
  text: string,
  now: number,
): boolean =>
  ended === undefined &&
  cookie !== undefined &&
  Math.min(cookie.until, until) > now &&
  isDigestOf(cookie.hash, text);

/** Gives a token of a session, which lives on from now. */
export function useCookie(
  { id }: Shown,
  grant: StoredGrant,
  now: number,
  times: GrantTimes,
): { readonly grant: StoredGrant; readonly issued: Issued } {
  const until = Math.min(now + times.sessionSeconds * 1_000, grant.until);
  const cookie = grant.cookie && { ...grant.cookie, until };
  return issued(id, { ...grant, cookie }, times.sessionTokenSeconds, now, times);
}

/** A grant that is made with its first access token: of an embedded page, of a client for itself. */
export function withFirstToken(
  id: string,
  grant: StoredGrant,
  seconds: number,
  times: GrantTimes,
): { readonly grant: StoredGrant; readonly issued: Issued } {
  return issued(id, grant, seconds, grant.createdAt, times);
}

/** An access token that is good. */
export interface GoodToken {
  readonly scope: string;
  readonly at: number;
  readonly until: number;
}

/** The access token of this text; undefined: it is none, has expired or was ended. */
export function goodToken(
  { ended, scope, tokens }: StoredGrant,
  text: string,
  now: number,
): GoodToken | undefined {
  if (ended !== undefined) return undefined;
  const hash = digestOf(text);
  const found = tokens.find((token) => token.hash === hash);
  if (found === undefined || found.until <= now) return undefined;
  return { scope: found.scope ?? scope, at: found.at, until: found.until };
}

/** A grant without one access token; undefined: it has no such one. */
export function withoutToken(grant: StoredGrant, text: string): StoredGrant | undefined {
  const hash = digestOf(text);
  const tokens = grant.tokens.filter((token) => token.hash !== hash);
  return tokens.length === grant.tokens.length ? undefined : { ...grant, tokens };
}
