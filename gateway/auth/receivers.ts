// Where an order goes to, at rest. Owns: how it is sealed and opened, who sees it in clear. Never touches: orders, records.
//   auth.A40. It is sealed to its member with a key of its own, which follows from the key of the folder and a salt that is kept with it. The salt
//       follows from what is sealed, for which order: so a repeat of an order is the same order, and nothing else is ever sealed alike.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { limits } from '../../engine/index.js';
import type { Principal } from './principal.js';
import type { Sealer } from './sealing.js';

const FORM = 's1';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };
/** Characters that say how it is sealed, and with which key, with both dots. */
const HEAD_LENGTH = `${FORM}.0123456789abcdef.`.length;

/** Bytes of JSON that can be sealed. */
export const RECEIVER_BYTES_MAX =
  Math.floor(((limits.RECEIVER_LENGTH_MAX - HEAD_LENGTH) * 3) / 4) - SALT_BYTES - TAG_BYTES;

/** Where an order goes to: texts by name, as the platform has them. */
export type Receiver = Readonly<Record<string, string>>;

/** The key of one receiver, and the nonce: each key seals one text. */
function keyOf(sealer: Sealer, owner: string, salt: Uint8Array) {
  const said = ['receiver', FORM, owner, Buffer.from(salt).toString('hex')];
  const key = sealer.proof(JSON.stringify([...said, 'key']));
  const nonce = sealer.proof(JSON.stringify([...said, 'nonce'])).subarray(0, NONCE_BYTES);
  return { key, nonce };
}

/** Sealed for the order that the member's act of this id makes; undefined: there is no id yet, and no repeat of it. */
export function sealReceiver(
  sealer: Sealer,
  owner: string,
  id: string | undefined,
  receiver: Receiver,
): string {
  const text = JSON.stringify(receiver);
  const salt =
    id === undefined
      ? randomBytes(SALT_BYTES)
      : sealer.proof(JSON.stringify(['receiver salt', owner, id, text])).subarray(0, SALT_BYTES);
  const { key, nonce } = keyOf(sealer, owner, salt);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const bytes = Buffer.concat([salt, cipher.getAuthTag(), sealed]);
  return `${FORM}.${sealer.keyId}.${bytes.toString('base64url')}`;
}

/** What was sealed; undefined: for somebody else, with another key, or it is none. */
export function openReceiver(sealer: Sealer, owner: string, sealed: string): Receiver | undefined {
  const [form, keyId, text = ''] = sealed.split('.');
  if (form !== FORM || keyId !== sealer.keyId) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length < SALT_BYTES + TAG_BYTES) return undefined;
  const { key, nonce } = keyOf(sealer, owner, bytes.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, OPTIONS)
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(SALT_BYTES, SALT_BYTES + TAG_BYTES));
  const said = decipher.update(bytes.subarray(SALT_BYTES + TAG_BYTES));
  try {
    return JSON.parse(Buffer.concat([said, decipher.final()]).toString('utf8')) as Receiver;
  } catch {
    return undefined;
  }
}

/** Who sends, and the member, see it in clear. */
export const seesReceiver = ({ operations, owner: only }: Principal, owner: string): boolean =>
  operations.has('adjust') || only === owner;

/** How much of a text is shown to whoever may not see it: of a long one three characters, of a short one the first. */
const masked = (text: string): string => {
  const letters = [...text];
  return `${letters.slice(0, letters.length > 6 ? 3 : 1).join('')}********`;
};

/** The same, fit to be shown to whoever may not see it. */
export const maskedReceiver = (receiver: Receiver): Receiver =>
  Object.fromEntries(Object.entries(receiver).map(([name, text]) => [name, masked(text)]));
