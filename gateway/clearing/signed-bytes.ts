// Signatures over bytes as they are sent: detached JWS (RFC 7515, appendix F), Ed25519. Owns: their form, what is found wrong with one. Never touches:
// where keys are kept; what is signed.
//   clearing.J1. A signature is of the exact bytes, and its head says what they are: coalition, cycle, form and key. So no statement passes for that of
//       another cycle.

import {
  type CompactJWSHeaderParameters,
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';

const ALGORITHM = 'EdDSA';
/** What the head says these are. */
const TYPE = 'jifen-statement+jws';

/** What keys of Ed25519 are, in a JWK. */
export const OKP = { kty: 'OKP', crv: 'Ed25519' } as const;
const KID_LENGTH = 16;

/** A private key. */
export interface SigningKey extends JWK {
  readonly kid: string;
  readonly x: string;
  readonly d: string;
}

/** Makes a key, whose id follows from it. */
export async function makeKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  const kid = (await calculateJwkThumbprint({ ...OKP, x })).slice(0, KID_LENGTH);
  return { ...OKP, kid, x, d };
}

/** What bytes are. */
export interface Signed {
  readonly coalition: string;
  readonly cycle: number;
  /** Their content type. */
  readonly cty: string;
}

/** A public key set (RFC 7517). */
export interface KeySet {
  readonly keys: readonly JWK[];
}

type Head = CompactJWSHeaderParameters & Partial<Signed>;

/** Signs bytes with a private key: `<head>..<signature>`. */
export async function signBytes(
  bytes: Uint8Array,
  { coalition, cycle, cty }: Signed,
  key: SigningKey,
): Promise<string> {
  const head = { alg: ALGORITHM, kid: key.kid, typ: TYPE, cty, coalition, cycle };
  const signer = new CompactSign(bytes).setProtectedHeader(head);
  const [first = '', , last = ''] = (await signer.sign(await importJWK(key, ALGORITHM))).split('.');
  return `${first}..${last}`;
}

/** What was signed, and with which key; a text: why it is not good. */
export async function verifyBytes(
  bytes: Uint8Array,
  jws: string,
  { keys }: KeySet,
): Promise<(Signed & { readonly kid: string }) | string> {
  const [first = '', middle, last = '', ...more] = jws.trim().split('.');
  if (middle !== '' || more.length > 0) return 'it is no detached signature: <head>..<signature>';
  const payload = Buffer.from(bytes).toString('base64url');
  let kid: string | undefined;
  try {
    const { protectedHeader } = await compactVerify(
      `${first}.${payload}.${last}`,
      (head) => {
        ({ kid } = head);
        const found = keys.find((one) => one.kid === kid && one.kty === 'OKP');
        if (found === undefined) throw new errors.JWKSNoMatchingKey();
        const { kty, crv, x } = found;
        return importJWK({ kty, crv, x } as JWK, ALGORITHM);
      },
      { algorithms: [ALGORITHM] },
    );
    const { typ, coalition, cycle, cty } = protectedHeader as Head;
    if (typ !== TYPE || kid === undefined) return 'it signs no statement';
    if (coalition === undefined || cycle === undefined || cty === undefined)
      return 'it does not say of which cycle the statement is';
    return { coalition, cycle, cty, kid };
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return `the key ${kid} is not among the keys`;
    if (error instanceof errors.JWSSignatureVerificationFailed)
      return 'the bytes, or the signature, are not those that were signed';
    return `it cannot be read: ${(error as Error).message}`;
  }
}
