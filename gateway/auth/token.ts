// Platform tokens: JWT in `X-Platform-Token` (R3.1). Owns: their checking. Never touches: other
// headers.
//   A9.  The key is the platform's that the claim `platform_id` names, the algorithm HS256 and
//        nothing else: what the token's header says chooses neither.
//   A10. A token without `exp` is invalid. What was found good is remembered no longer than its
//        expiry and the life of the secret that signed it.

import { decodeJwt, errors, jwtVerify } from 'jose';
import { isRefusal, type Refusal, refuse } from '../http/problem.js';
import { TOKENS_REMEMBERED } from '../limits.js';
import { isPlatformId } from '../schema/words.js';
import type { Directory, GoodToken, LivePlatform, LiveSecret } from './directory.js';

const FIELD = 'X-Platform-Token';

/** The platform that a token names, before anything proves it. */
export function claimedPlatform(directory: Directory, token: string): Refusal | LivePlatform {
  if (token === '') return refuse('TOKEN_MISSING', FIELD);
  let claim: unknown;
  try {
    claim = decodeJwt(token).platform_id;
  } catch {
    return refuse('TOKEN_INVALID', FIELD);
  }
  if (typeof claim !== 'string') {
    return refuse('TOKEN_INVALID', FIELD, 'The claim platform_id is missing.');
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
  let problem = refuse('TOKEN_INVALID', FIELD);
  for (const secret of live.secrets) {
    if (secret.until <= now) continue;
    const until = await goodUntil(token, secret);
    if (!isRefusal(until)) {
      const good = { until, secret };
      remember(live.tokens, token, good);
      return good;
    }
    if (until.code === 'TOKEN_EXPIRED') problem = until;
  }
  return problem;
}

// Milliseconds since 1970 until which a secret says that a token is good.
async function goodUntil(token: string, { key, until }: LiveSecret): Promise<Refusal | number> {
  try {
    const options = { algorithms: ['HS256'], requiredClaims: ['exp'] };
    const { payload } = await jwtVerify(token, key, options);
    return Math.min((payload.exp ?? 0) * 1_000, until);
  } catch (error) {
    const isExpired = error instanceof errors.JWTExpired;
    return refuse(isExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID', FIELD);
  }
}

function remember(tokens: Map<string, GoodToken>, token: string, good: GoodToken): void {
  tokens.set(token, good);
  for (const oldest of tokens.keys()) {
    if (tokens.size <= TOKENS_REMEMBERED) return;
    tokens.delete(oldest);
  }
}
