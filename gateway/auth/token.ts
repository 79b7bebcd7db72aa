// Platform tokens: JWT in `X-Platform-Token` (R3.1). Owns: their checking. Never touches: other
// headers.
//   auth.A9.  The key is the platform's that the claim `platform_id` names, the algorithm HS256 and
//        nothing else: what the token's header says chooses neither.
//   auth.A10. A token without `exp` is invalid. What was found good is remembered no longer than its
//        expiry and the life of the secret that signed it.
//   auth.A23. A claim that says for whom, or from when, a token is good, is heard (RFC 7519): `aud` has `jifen`, `nbf` is not ahead
//        by more than `TOKEN_LEEWAY_SECONDS`. `exp` has no leeway: who signs a token chooses how long it is good.
//   auth.A24. A token is read as one text has it: base64url without padding or spare bits, at most `TOKEN_LENGTH_MAX` characters.

import { decodeJwt, errors, jwtVerify } from 'jose';
import { TOKEN_LEEWAY_SECONDS, TOKEN_LENGTH_MAX, TOKENS_REMEMBERED } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { isPlatformId } from '../schema/words.js';
import type { Directory, GoodToken, LivePlatform, LiveSecret } from './directory.js';

const FIELD = 'X-Platform-Token';
/** Who tokens are for, where they say so. */
const AUDIENCE = 'jifen';
/** 9999-12-31: what is later is in milliseconds, or no time at all. */
const EXPIRY_SECONDS_MAX = 253_402_300_799;

const invalid = (detail: string): Refusal => refuse('TOKEN_INVALID', FIELD, detail);

/** The platform that a token names, before anything proves it. */
export function claimedPlatform(directory: Directory, token: string): Refusal | LivePlatform {
  if (token === '') return refuse('TOKEN_MISSING', FIELD);
  if (token.length > TOKEN_LENGTH_MAX)
    return invalid(`A token has at most ${TOKEN_LENGTH_MAX} characters.`);
  let claim: unknown;
  try {
    claim = decodeJwt(token).platform_id;
  } catch {
    return refuse('TOKEN_INVALID', FIELD);
  }
  if (typeof claim !== 'string') {
    return invalid('The claim platform_id is missing.');
  }
  const found = isPlatformId(claim) ? directory.platform(claim) : undefined;
  return found ?? refuse('PLATFORM_UNKNOWN', FIELD);
}

/** What a platform's token proves, or what is wrong with it. At once where it was found good before. */
export function provenToken(
  live: LivePlatform,
  token: string,
): Promise<Refusal | GoodToken> | GoodToken {
  const now = Date.now();
  const good = live.tokens.get(token);
  if (good !== undefined && good.until > now) return good;
  return verified(live, token, now);
}

async function verified(
  live: LivePlatform,
  token: string,
  now: number,
): Promise<Refusal | GoodToken> {
  if (!isCanonical(token)) return invalid('The token is not base64url as RFC 7515 has it.');
  let problem = refuse('TOKEN_INVALID', FIELD);
  for (const secret of live.secrets) {
    if (secret.until <= now) continue;
    const until = await goodUntil(token, secret);
    if (!isRefusal(until)) {
      const good = { until, secret };
      remember(live.tokens, token, good);
      return good;
    }
    // What one secret has signed, it says more of than that another one has not.
    if (until.detail !== undefined || until.code === 'TOKEN_EXPIRED') problem = until;
  }
  return problem;
}

// Milliseconds since 1970 until which a secret says that a token is good.
async function goodUntil(token: string, { key, until }: LiveSecret): Promise<Refusal | number> {
  try {
    const options = {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: TOKEN_LEEWAY_SECONDS,
    };
    const { payload } = await jwtVerify(token, key, options);
    const { aud = AUDIENCE, exp = 0 } = payload;
    if (![aud].flat().includes(AUDIENCE))
      return invalid(`The token is for somebody else: its claim aud has no "${AUDIENCE}".`);
    if (exp > EXPIRY_SECONDS_MAX) return invalid('The claim exp is not in seconds since 1970.');
    const ms = exp * 1_000;
    return ms <= Date.now() ? refuse('TOKEN_EXPIRED', FIELD) : Math.min(ms, until);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refuse('TOKEN_EXPIRED', FIELD);
    return error instanceof errors.JWTClaimValidationFailed
      ? invalid(claimDetail(error.claim, error.payload[error.claim]))
      : refuse('TOKEN_INVALID', FIELD);
  }
}

function claimDetail(claim: string, value: unknown): string {
  if (value === undefined) return `The claim ${claim} is missing.`;
  if (claim === 'nbf' && typeof value === 'number')
    return `The token is not good yet: its claim nbf is more than ${TOKEN_LEEWAY_SECONDS} s ahead.`;
  return `The claim ${claim} is not a number of seconds since 1970.`;
}

/** Is every part the one text that its bytes have? */
function isCanonical(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function remember(tokens: Map<string, GoodToken>, token: string, good: GoodToken): void {
  tokens.set(token, good);
  for (const oldest of tokens.keys()) {
    if (tokens.size <= TOKENS_REMEMBERED) return;
    tokens.delete(oldest);
  }
}
