// Credentials to principals. Owns: which credentials count, in which order they are looked at. Never
// touches: sockets, what a principal may do.
//   auth.A13. What can be refused by the headers alone is refused before a body is read.
//   auth.A14. A request that gives a key and a platform's credentials, or those of two platforms, is
//        refused: nobody has to guess who it was.
//   auth.A41. A partner's token opens the calls that are for partners, and nothing else does. It may sign them as a platform does; where that platform must
//        sign, it must.
//   auth.A44. An access token (gateway/oauth/) is shown as a key is, in the header and nowhere else, alone: whom it is of is known at once where it was judged a
//        moment ago, and else asked of the ledger before anything is done.
//   auth.A32. A key that was found good is remembered by its header, so that it is hashed and compared once. What counts of it (is it
//        revoked, expired, changed?) is looked at for every request. Looking a header up tells nothing of a key: texts are
//        compared only where their hashes are the same, and those have a seed that nobody else knows.

import { timingSafeEqual } from 'node:crypto';
import type { Engine } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { bearerKey, keyCheck } from './admin-key.js';
import type { Directory, LiveKey } from './directory.js';
import { keyHash, keyIdOf } from './keys.js';
import type { LiveToken, MemberTokens } from './member-tokens.js';
import { PlatformProof } from './platform-proof.js';
import { type Access, ADMINISTRATOR, NOBODY, type Principal, VISITOR } from './principal.js';
import { signingPlatform, useSignature } from './signature.js';
import { type SignatureVersion, type Signed, versionOf } from './signed-text.js';
import { claimedPlatform } from './token.js';

/** What a request says of who sends it; a header that is not there is an empty text. */
export interface Credentials extends Signed {
  readonly authorization: string;
  readonly token: string;
  /** It may change something, or opens what may: a signature counts once. */
  readonly isOnce: boolean;
}

/** A key or a token is shown, and nothing is signed. In one piece: what is spread is slow, and there is one for each request. */
export const bareCredentials = (authorization: string, token: string): Credentials => ({
  authorization,
  token,
  platformId: '',
  timestamp: '',
  signature: '',
  version: '',
  method: 'GET',
  isOnce: false,
  target: '',
  host: '',
  contentType: '',
  idempotencyKey: '',
});

/** Nothing is shown. */
export const NO_CREDENTIALS: Credentials = bareCredentials('', '');

/** Credentials that are good as far as they can be judged without the body. */
export interface Claim {
  /** Of an access token that must be asked of the ledger: nobody, until that is proved. */
  readonly principal: Principal;
  /** Was a token shown, whose holder it is of? */
  readonly isBearer?: true;
  /**
   * What is wrong once the body is known, if anything; left out: nothing can be. At once where
   * nothing has to be waited for; what it needs of the body, it has read when it returns.
   */
  readonly proof?:
    | ((body: Uint8Array) => Promise<Refusal | undefined> | Refusal | undefined)
    | undefined;
  /** Does the proof need the body? Then it is read whole before anything is done. Which version signs it. */
  readonly signed?: SignatureVersion | undefined;
  /** Uses the credentials up, right before what they permit; left out: they are not used up. */
  readonly use?: (() => Promise<Refusal | undefined>) | undefined;
  /** Are the credentials good now, too? For a connection that stays; left out: for ever. */
  readonly isGood?: (() => boolean) | undefined;
  /** Once they are proved: when they end by themselves (ms since 1970). */
  readonly until?: (() => number | undefined) | undefined;
}

const ADMINISTRATORS: Claim = { principal: ADMINISTRATOR };
const VISITORS: Claim = { principal: VISITOR };
const STALE =
  'Platforms and keys could not be read for a while, so it is not known who is still permitted.';

const MEMBERS_TOKEN = 'This call takes an access token of a member.';
const PARTNERS_TOKEN = 'This call takes the bearer token of a partner outside.';

/** Headers with good keys that are remembered. One key may stand in many: blanks before it do not count. */
const KNOWN_MAX = 4_096;

/** Who shows a partner's bearer token; undefined: nobody whom it is good for. */
export type PartnerOf = (token: string) => Principal | undefined;

/** What judges a text as an access token; undefined: it does not look like one. */
export type TokensOf = (text: string) => MemberTokens | undefined;

/** An access token as a request shows it. */
class TokenClaim implements Claim {
  readonly isBearer = true;
  principal: Principal = NOBODY;
  readonly proof: Claim['proof'];
  #live: LiveToken | undefined;

  constructor(tokens: MemberTokens, token: string) {
    const known = tokens.known(token);
    if (known !== undefined) this.#found(known);
    this.proof = known === undefined ? () => this.#prove(tokens, token) : undefined;
  }

  #found(live: LiveToken): void {
    this.#live = live;
    this.principal = live.principal;
  }

  async #prove(tokens: MemberTokens, token: string): Promise<Refusal | undefined> {
    const found = await tokens.judge(token);
    if (isRefusal(found)) return found;
    this.#found(found);
    return undefined;
  }

  readonly isGood = (): boolean => this.#live?.isGood() === true;
  readonly until = (): number | undefined => this.#live?.until;
}

export class Authenticator {
  readonly #engine: Engine;
  readonly #directory: Directory;
  readonly #limits: GatewayLimits;
  readonly #isAdministrators: (key: string) => boolean;
  readonly #partnerOf: PartnerOf;
  readonly #tokensOf: TokensOf;
  /** By header, the key that was found good in it; null: the administrator's. */
  readonly #known = new Map<string, LiveKey | null>();

  constructor(
    engine: Engine,
    directory: Directory,
    adminKey: string,
    limits: GatewayLimits,
    partnerOf: PartnerOf,
    tokensOf: TokensOf,
  ) {
    this.#engine = engine;
    this.#partnerOf = partnerOf;
    this.#tokensOf = tokensOf;
    this.#directory = directory;
    this.#limits = limits;
    this.#isAdministrators = keyCheck(adminKey);
  }

  /** Who claims to ask, or why that cannot be. */
  claim(access: Access, credentials: Credentials): Refusal | Claim {
    if (access.by === 'visitor') return VISITORS;
    if (access.by === 'partner') return this.#partnerClaim(credentials);
    const { authorization, token, signature, platformId } = credentials;
    const isPlatforms = token !== '' || signature !== '' || platformId !== '';
    if (authorization !== '' && isPlatforms)
      return refuse('CREDENTIALS_CONFLICT', 'Authorization', 'Give a key or a platform, not both.');
    if (access.by === 'member') return this.#memberClaim(credentials);
    if (isPlatforms && access.by !== 'key') return this.#platformClaim(credentials);
    if (authorization === '' && access.by === 'platform')
      return refuse('TOKEN_MISSING', 'X-Platform-Token');
    const claim = this.#keyClaim(authorization);
    if (isRefusal(claim) || access.by !== 'platform') return claim;
    const detail = 'This call is about a platform’s own points: it takes a platform’s credentials.';
    return refuse('TOKEN_MISSING', 'X-Platform-Token', detail);
  }

  #memberClaim({ authorization }: Credentials): Refusal | Claim {
    const claim = this.#keyClaim(authorization);
    if (isRefusal(claim) || claim.isBearer === true) return claim;
    return refuse('UNAUTHORIZED', 'Authorization', MEMBERS_TOKEN);
  }

  /** The partner whose bearer token it is; with a signature of the same platform, where there is one. */
  #partnerClaim(credentials: Credentials): Refusal | Claim {
    const { authorization, token, signature, platformId, isOnce } = credentials;
    const shown = bearerKey(authorization);
    const principal = shown === undefined ? undefined : this.#partnerOf(shown);
    if (principal === undefined) return refuse('UNAUTHORIZED', 'Authorization', PARTNERS_TOKEN);
    if (token !== '') return refuse('CREDENTIALS_CONFLICT', 'X-Platform-Token');
    const directory = this.#directory;
    const isGood = (): boolean => this.#partnerOf(shown ?? '') !== undefined;
    if (signature === '' && platformId === '') {
      const asked = directory.platform(principal.id)?.platform.proof;
      const mustSign = asked === 'signature' || asked === 'both';
      return mustSign ? refuse('SIGNATURE_MISSING', 'X-Signature') : { principal, isGood };
    }
    const live = signingPlatform(directory, credentials, this.#limits.signatureSkewMs);
    if (isRefusal(live)) return live;
    if (live.platform.id !== principal.id) return refuse('CREDENTIALS_CONFLICT', 'X-Platform-ID');
    if (live.secrets.length === 0) return refuse('SECRETS_KEY_DIFFERS');
    const proof = new PlatformProof(directory, live, credentials, true);
    return {
      principal,
      isGood,
      proof: (body) => proof.problem(body),
      signed: versionOf(credentials),
      use: isOnce ? () => useSignature(this.#engine, principal.id, signature) : undefined,
    };
  }

  /** Whose key an `Authorization` header has. */
  #keyClaim(authorization: string): Refusal | Claim {
    const known = this.#known.get(authorization);
    if (known === null) return ADMINISTRATORS;
    if (known !== undefined) {
      if (this.#directory.isFresh && known === this.#directory.key(known.issued.id))
        return this.#liveClaim(known);
      this.#known.delete(authorization);
    }
    const key = bearerKey(authorization);
    if (key === undefined) return refuse('UNAUTHORIZED', 'Authorization');
    if (this.#isAdministrators(key)) {
      this.#remember(authorization, null);
      return ADMINISTRATORS;
    }
    const tokens = this.#tokensOf(key);
    if (tokens !== undefined) return new TokenClaim(tokens, key);
    const id = keyIdOf(key);
    if (id === undefined) return refuse('UNAUTHORIZED', 'Authorization');
    if (!this.#directory.isFresh) return refuse('SHARD_UNAVAILABLE', undefined, STALE);
    const live = this.#directory.key(id);
    if (live === undefined || !timingSafeEqual(live.hash, keyHash(key)))
      return refuse('UNAUTHORIZED', 'Authorization');
    this.#remember(authorization, live);
    return this.#liveClaim(live);
  }

  #remember(authorization: string, live: LiveKey | null): void {
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(authorization, live);
  }

  /** Of a key that is known to be the right one. */
  #liveClaim({ issued: { id }, principal, until }: LiveKey): Refusal | Claim {
    if (until <= Date.now())
      return refuse('UNAUTHORIZED', 'Authorization', 'The key has expired or was revoked.');
    return { principal, isGood: () => this.#isKeyGood(id) };
  }

  #isKeyGood(id: string): boolean {
    const live = this.#directory.key(id);
    return this.#directory.isFresh && live !== undefined && live.until > Date.now();
  }

  #platformClaim(credentials: Credentials): Refusal | Claim {
    const { token, signature, platformId, isOnce } = credentials;
    const directory = this.#directory;
    if (!directory.isFresh) return refuse('SHARD_UNAVAILABLE', undefined, STALE);
    const isSigned = signature !== '' || platformId !== '';
    const byToken = token === '' ? undefined : claimedPlatform(directory, token);
    if (isRefusal(byToken)) return byToken;
    const bySignature = isSigned
      ? signingPlatform(directory, credentials, this.#limits.signatureSkewMs)
      : undefined;
    if (isRefusal(bySignature)) return bySignature;
    const live = byToken ?? bySignature;
    if (live === undefined) return refuse('TOKEN_MISSING', 'X-Platform-Token');
    if (byToken !== undefined && bySignature !== undefined && byToken !== bySignature)
      return refuse('CREDENTIALS_CONFLICT', 'X-Platform-ID');
    const { proof: asked } = live.platform;
    if (byToken === undefined && (asked === 'token' || asked === 'both'))
      return refuse('TOKEN_MISSING', 'X-Platform-Token');
    if (bySignature === undefined && (asked === 'signature' || asked === 'both'))
      return refuse('SIGNATURE_MISSING', 'X-Signature');
    if (live.secrets.length === 0) return refuse('SECRETS_KEY_DIFFERS');
    const proof = new PlatformProof(directory, live, credentials, bySignature !== undefined);
    return {
      principal: live.principal,
      proof: (body) => proof.problem(body),
      signed: bySignature === undefined ? undefined : versionOf(credentials),
      isGood: () => proof.isGood(),
      until: () => proof.until,
      use:
        bySignature !== undefined && isOnce
          ? () => useSignature(this.#engine, live.platform.id, signature)
          : undefined,
    };
  }
}
