// What keeps the texts of leaves from being guessed by those who are shown their hashes only. Owns: the key of a shard, in its folder; salts.
// Never touches: the log, which has neither.
//   receipts.S1. The salt of entry n of block seq is AES-256(key, seq || n), 8 bytes each, big-endian: to whoever has not the key all of them look
//       like chance.
//   receipts.S2. The key is made once and never changed: with another one the same log has another tree.

import { createCipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FolderError } from '../store/errors.js';
import { shardPath } from '../store/folder.js';
import { readRecord, writeRecord } from '../store/record.js';

/** Its name in the folder of a shard. */
export const SALTS_KEY_FILE = 'receipts.key';
const KEY_BYTES = 32;
const KEY = /^[A-Za-z0-9_-]{43}$/;
const SALT_BYTES = 16;
/** Characters of a salt. */
const SALT_DIGITS = 2 * SALT_BYTES;
const UINT32 = 2 ** 32;

const keyPath = (folder: string, shard: number): string =>
  join(shardPath(folder, shard), SALTS_KEY_FILE);

/** The key of a shard; undefined: it never had one. Throws FolderError where it is none. */
export function saltsKeyOf(folder: string, shard: number): Buffer | undefined {
  const path = keyPath(folder, shard);
  const text = readRecord(path)?.trim();
  if (text !== undefined && !KEY.test(text)) throw new FolderError(path, '', 'is no key');
  return text === undefined ? undefined : Buffer.from(text, 'base64url');
}

/** The same; where there is none, one is made, durably. */
export function saltsKeyMade(folder: string, shard: number): Buffer {
  const known = saltsKeyOf(folder, shard);
  if (known !== undefined) return known;
  const key = randomBytes(KEY_BYTES);
  writeRecord(keyPath(folder, shard), `${key.toString('base64url')}\n`);
  return key;
}

export class Salts {
  // One that stays: to begin another one for each block takes longer than all salts of it.
  readonly #cipher: ReturnType<typeof createCipheriv>;
  #places = Buffer.alloc(0);
  #salts = '';
  #from = 0;

  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /** Those of `count` entries of a block, from one on. */
  of(seq: number, from: number, count: number): void {
    const bytes = count * SALT_BYTES;
    if (bytes > this.#places.length) this.#places = Buffer.alloc(bytes * 2);
    const places = this.#places;
    this.#from = from;
    for (let n = from, at = 0; n < from + count; n++, at += SALT_BYTES) {
      places.writeUInt32BE(Math.floor(seq / UINT32), at);
      places.writeUInt32BE(seq % UINT32, at + 4);
      places.writeUInt32BE(n, at + 12);
    }
    this.#salts = this.#cipher.update(places.subarray(0, bytes), undefined, 'hex');
  }

  /** Of one of them, hexadecimal. */
  at(n: number): string {
    const at = (n - this.#from) * SALT_DIGITS;
    return this.#salts.slice(at, at + SALT_DIGITS);
  }
}
