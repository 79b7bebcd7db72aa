// Texts that nobody reads in the log, in a record or in a copy of either: contacts, codes of goods, receivers of orders. Owns: how they are sealed.
// Never touches: keys at rest (the gateway's `secrets.key`, members' keys in keys.ts), records, who may read them.
//   auth.A33. Each text has a key of its own (HKDF-SHA-256 of the key, a random salt of 16 bytes, and what the text is about), so that no key ever
//       seals two. What it is about is said again to open it: put in another place it does not open.
//   auth.A34. The same text comes out another one each time: an act that has it in its body names that field in `Act.unbound`, so that a repeat of the
//       act is one. Where its id is to bind the text, the salt follows from both, under the key: so nothing else is sealed alike.
// A sealed text is A-Z a-z 0-9 - and _, `sealedLength(bytes of UTF-8)` characters long. Its first byte says how it was sealed: 1 under the key of the
// ledger's secrets, 2 under a member's, of which the version follows.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const OF_LEDGER = 1;
const OF_MEMBER = 2;
export const SALT_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION_BYTES = 2;
/** Versions of a member's key that a text can name. */
export const KEY_VERSION_MAX = 2 ** (8 * VERSION_BYTES) - 1;

const headBytes = (way: number | undefined): number =>
  1 + (way === OF_MEMBER ? VERSION_BYTES : 0) + SALT_BYTES;

/** Characters of a text of so many bytes, sealed under the ledger's key. */
export const sealedLength = (bytes: number): number =>
  Math.ceil(((headBytes(OF_LEDGER) + bytes + TAG_BYTES) * 4) / 3);

/** So many bytes of UTF-8 fit into a sealed text of this length, whosever key it is. */
export const sealableBytes = (length: number): number =>
  Math.floor((length * 3) / 4) - headBytes(OF_MEMBER) - TAG_BYTES;

/** The key and the nonce of one text. */
function keyOf(key: Uint8Array, salt: Uint8Array, about: string): [Buffer, Buffer] {
  const made = hkdfSync('sha256', key, salt, `jifen text ${about}`, KEY_BYTES + NONCE_BYTES);
  return [Buffer.from(made, 0, KEY_BYTES), Buffer.from(made, KEY_BYTES)];
}

/** A text, sealed under a key. `salt`: one for nothing else. `version`: of a member's key; left out: the key is the ledger's. */
export function concealed(
  key: Uint8Array,
  text: string,
  about: string,
  salt: Uint8Array = randomBytes(SALT_BYTES),
  version?: number,
): string {
  const way =
    version === undefined
      ? Buffer.of(OF_LEDGER)
      : Buffer.of(OF_MEMBER, version >> 8, version & 0xff);
  const head = Buffer.concat([way, salt]);
  const [own, nonce] = keyOf(key, salt, about);
  const cipher = createCipheriv(CIPHER, own, nonce).setAAD(head);
  const sealed = [head, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

/** Which version of its member's key a text was sealed with; undefined: with none. */
export function keyVersionOf(sealed: string): number | undefined {
  const head = Buffer.from(sealed.slice(0, 4), 'base64url');
  return head[0] === OF_MEMBER && head.length === 1 + VERSION_BYTES
    ? head.readUInt16BE(1)
    : undefined;
}

/** The text; undefined: it was not sealed so. */
export function revealed(key: Uint8Array, sealed: string, about: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  const [way] = bytes;
  const start = headBytes(way);
  const end = bytes.length - TAG_BYTES;
  if (end < start || (way !== OF_LEDGER && way !== OF_MEMBER)) return undefined;
  const head = bytes.subarray(0, start);
  const [own, nonce] = keyOf(key, head.subarray(start - SALT_BYTES), about);
  const decipher = createDecipheriv(CIPHER, own, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(head).setAuthTag(bytes.subarray(end));
  try {
    const text = decipher.update(bytes.subarray(start, end));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
