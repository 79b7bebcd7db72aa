// Signed requests (R3.2): `X-Timestamp`, `X-Signature`, `X-Platform-ID`, `X-Signature-Version`. Owns: their checking, that
// the signature of a call that changes something is accepted once. Never touches: what is signed (signed-text.ts).
//   auth.A12. A signature's use is a command whose id is the signature. The ledger keeps ids for ever and
//        logs them before it answers, so it is used once: across threads, nodes and restarts, and
//        whatever a clock does.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Engine } from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';
import { isPlatformId } from '../schema/words.js';
import type { Directory, LivePlatform, LiveSecret } from './directory.js';
import { bodyProblem, headProblem, type Signed, signedText } from './signed-text.js';

/** Timestamps below this are in seconds: as milliseconds they would be in 1973. */
const SECONDS_BELOW = 100_000_000_000;
const BYTES = 32;

/** The platform that a signature names, before anything proves it. */
export function signingPlatform(
  directory: Directory,
  signed: Signed,
  skewMs: number,
): Refusal | LivePlatform {
  const { platformId, timestamp, signature } = signed;
  if (platformId === '') return refuse('SIGNATURE_MISSING', 'X-Platform-ID');
  if (signature === '') return refuse('SIGNATURE_MISSING', 'X-Signature');
  const live = isPlatformId(platformId) ? directory.platform(platformId) : undefined;
  if (live === undefined) return refuse('PLATFORM_UNKNOWN', 'X-Platform-ID');
  if (!/^\d{1,15}$/.test(timestamp))
    return refuse(
      'SIGNATURE_INVALID',
      'X-Timestamp',
      'X-Timestamp is a whole number of seconds or milliseconds since 1970.',
    );
  const number = Number(timestamp);
  const ms = number < SECONDS_BELOW ? number * 1_000 : number;
  if (Math.abs(Date.now() - ms) > skewMs)
    return refuse(
      'SIGNATURE_INVALID',
      'X-Timestamp',
      `X-Timestamp is more than ${skewMs / 1_000} s from the time here.`,
    );
  if (!/^[0-9a-fA-F]{64}$/.test(signature)) return refuse('SIGNATURE_INVALID', 'X-Signature');
  return headProblem(signed) ?? live;
}

/** The secret that a signature over these bytes was made with; a refusal: none. */
export function signingSecret(
  { secrets }: LivePlatform,
  signed: Signed,
  body: Uint8Array,
): Refusal | LiveSecret {
  const problem = bodyProblem(signed, body);
  if (problem !== undefined) return problem;
  const text = signedText(signed, body);
  const given = Buffer.from(signed.signature, 'hex');
  const now = Date.now();
  let found: LiveSecret | undefined;
  for (const secret of secrets) {
    const { key, until } = secret;
    const mac = createHmac('sha256', key);
    for (const part of text) mac.update(part);
    const right = mac.digest();
    if (until > now && given.length === BYTES && timingSafeEqual(given, right)) found = secret;
  }
  return found ?? refuse('SIGNATURE_INVALID', 'X-Signature');
}

/** Uses a good signature up; a refusal where it has been used, or that cannot be known now. */
export async function useSignature(
  engine: Engine,
  platformId: string,
  signature: string,
): Promise<Refusal | undefined> {
  const id = signature.toLowerCase();
  // The record itself says nothing: what counts is that the id was used. One record for each of 256
  // owners, so that signatures spread over the shards and their pages do not grow.
  const outcome = await engine.own.submit({
    type: 'put-record',
    id,
    owner: `#signatures:${platformId}:${id.slice(0, 2)}`,
    recordType: 'signature',
    key: 'last',
    value: NOTHING,
  });
  if (!outcome.ok) return outcome;
  return outcome.replayed ? refuse('SIGNATURE_REPLAYED', 'X-Signature') : undefined;
}

const NOTHING = new Uint8Array(0);
