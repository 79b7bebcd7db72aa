// Sealing under keys that lie in files of the data folder (AES-256-GCM). Owns: the form of a key file, and of what is sealed. Never touches: what it
// is for; the log.
//   trail.K1. A key is on the disk before anything is sealed with it.

import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../store/sync.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What sealing adds to what is sealed. */
export const SEALED_BYTES = NONCE_BYTES + TAG_BYTES;

/** The key in a file; undefined: there is none, and none is to be made. Throws where it holds something else. */
export function keyIn(path: string, mayMake: boolean): Buffer | undefined {
  if (!existsSync(path)) {
    if (!mayMake) return undefined;
    make(path);
  }
  const key = Buffer.from(readFileSync(path, 'latin1').trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error(`${path} holds no key`);
  return key;
}

function make(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${path}.tmp`;
  rmSync(beside, { force: true });
  write(beside, 'wx', Buffer.from(`${randomBytes(KEY_BYTES).toString('base64url')}\n`));
  linkSync(beside, path);
  rmSync(beside);
  syncDirectory(folder);
  syncDirectory(dirname(folder));
}

/** Writes a file and syncs it. */
export function write(path: string, flags: 'wx' | 'r+', bytes: Uint8Array): void {
  const fd = openSync(path, flags, 0o600);
  try {
    writeSync(fd, bytes, 0, bytes.length, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The nonce, what is sealed, the tag. `about`: bound to it, and said again to open it. */
export function seal(key: Buffer, about: Uint8Array, bytes: Uint8Array): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(about);
  const sealed = Buffer.allocUnsafe(SEALED_BYTES + bytes.length);
  sealed.set(nonce);
  sealed.set(cipher.update(bytes), NONCE_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), NONCE_BYTES + bytes.length);
  return sealed;
}

/** Random bytes for many nonces: to ask for each takes as long as to seal something short. */
const drawn = Buffer.alloc(512 * NONCE_BYTES);
let used = drawn.length;

/** Random, never one that was given before; valid until the next one is asked for. */
function newNonce(): Buffer {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += NONCE_BYTES;
  return drawn.subarray(used - NONCE_BYTES, used);
}

/** What was sealed; undefined: it was not sealed so. */
export function open(key: Buffer, about: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  const end = sealed.length - TAG_BYTES;
  if (end < NONCE_BYTES) return undefined;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(about).setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}
