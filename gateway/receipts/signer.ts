// Who signs notes. Owns: private keys of Ed25519 in use, the lines that they write. Never touches: where keys are kept; what is signed.

import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { base64, COSIGNATURE, cosignedText, type Key, keyId, type Note, vkey } from './verify.js';

/** A key pair as texts: the public part and the private one, base64url. */
export interface KeyPair {
  readonly x: string;
  readonly d: string;
}

/** Makes one. */
export function newKeyPair(): KeyPair {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { x, d };
}

/** The public key of a pair under a name. */
export const publicKey = (name: string, type: Key['type'], { x }: Pick<KeyPair, 'x'>): Key => ({
  ...{ name, type },
  key: Buffer.from(x, 'base64url'),
});

/** A line of a note's signatures, with its end. */
export const signatureLine = ({ name, bytes }: Note['signatures'][number]): string =>
  `\u2014 ${name} ${base64(bytes)}\n`;

/** Signs texts of notes as one of the ledger's keys, or cosigns them as a witness. */
export class Signer {
  readonly key: Key;
  readonly #private: KeyObject;

  constructor(name: string, type: Key['type'], { x, d }: KeyPair) {
    this.key = publicKey(name, type, { x });
    this.#private = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' });
  }

  get vkey(): string {
    return vkey(this.key);
  }

  /** The line of a signature, with its end. `seconds`: of a cosignature, since 1970. */
  line(text: string, seconds = 0): string {
    const { name, type } = this.key;
    const isTimed = type === COSIGNATURE;
    const time = Buffer.alloc(isTimed ? 8 : 0);
    if (isTimed) time.writeBigUInt64BE(BigInt(seconds));
    const signed = Buffer.from(isTimed ? cosignedText(text, seconds) : text);
    const signature = sign(null, signed, this.#private);
    return signatureLine({ name, bytes: Buffer.concat([keyId(this.key), time, signature]) });
  }
}

/** A text, signed by one of the ledger's keys or more. */
export const signedNote = (text: string, signers: readonly Signer[]): string =>
  `${text}\n${signers.map((one) => one.line(text)).join('')}`;
