// Texts that nobody reads in the log, in a record or in a copy of either: codes of goods, receivers of orders. Owns: how they are sealed. Never
// touches: the key's file (sealing.ts), which asks for this; records; who may read them.
//   auth.A33. Each text has a key of its own (HKDF-SHA-256 of `secrets.key`, a random salt of 16 bytes, and what the text is about), so that no key ever
//       seals two. What it is about is said again to open it: put in another place it does not open.
//   auth.A34. The same text comes out another one each time: an act that has it in its body names that field in `Act.unbound`, so that a repeat of the
//       act is one. Where its id is to bind the text, the salt follows from both, under the key (receivers.ts): so nothing else is sealed alike.
// How it is used: `sealer.conceal(text, '<what> <whose>')` before anything is sent to a shard, and `sealer.reveal(sealed, '<what>
// <whose>')` for who may read it; undefined: another key, another place, or changed. The sealer is `ledger.access.sealer` of a ServedLedger. It is
// text of A-Z a-z 0-9 - and _, `sealedLength(bytes of UTF-8)` characters long, and begins with the version of the way it was sealed.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
/** The way that texts are sealed now. */
const VERSION = 1;
export const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES;

/** Characters of a sealed text of so many bytes. */
export const sealedLength = (bytes: number): number =>
  Math.ceil(((HEAD_BYTES + bytes + TAG_BYTES) * 4) / 3);

/** The key and the nonce of one text. */
function keyOf(key: Uint8Array, salt: Uint8Array, about: string): [Buffer, Buffer] {
  const made = hkdfSync('sha256', key, salt, `jifen text ${about}`, KEY_BYTES + NONCE_BYTES);
  return [Buffer.from(made, 0, KEY_BYTES), Buffer.from(made, KEY_BYTES)];
}

/** So many bytes of UTF-8 fit into a sealed text of this length. */
export const sealableBytes = (length: number): number =>
  Math.floor((length * 3) / 4) - HEAD_BYTES - TAG_BYTES;

/** A text, sealed under a key. `salt`: one for nothing else. */
export function concealed(
  key: Uint8Array,
  text: string,
  about: string,
  salt: Uint8Array = randomBytes(SALT_BYTES),
): string {
  const head = Buffer.concat([Buffer.of(VERSION), salt]);
  const [own, nonce] = keyOf(key, head.subarray(1), about);
  const cipher = createCipheriv(CIPHER, own, nonce).setAAD(head);
  const sealed = [head, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

/** The text; undefined: it was not sealed so. */
export function revealed(key: Uint8Array, sealed: string, about: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  const end = bytes.length - TAG_BYTES;
  if (end < HEAD_BYTES || bytes[0] !== VERSION) return undefined;
  const head = bytes.subarray(0, HEAD_BYTES);
  const [own, nonce] = keyOf(key, head.subarray(1), about);
  const decipher = createDecipheriv(CIPHER, own, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(head).setAuthTag(bytes.subarray(end));
  try {
    const text = decipher.update(bytes.subarray(HEAD_BYTES, end));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
