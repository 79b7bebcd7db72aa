// Digests under a key that is not in the log. Owns: how they are made. Never touches: where the key is kept.
//   protocol.K1. Who knows the log and any number of digests, but not the key, can make no other digest.

import { createHmac, hash } from 'node:crypto';

const MARK = 'jifen proof ';
const HASH = 'sha256';
const DIGEST_BYTES = 32;
/** Of the hash: what a key is filled up to. */
const BLOCK_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Longer texts are seldom. */
const SHORT = 256;
const UTF8_BYTES_MAX = 3;

/** HMAC-SHA256 of short texts under one key: two hashes of bytes that lie there, where an object for each digest takes more than both. */
class ShortTexts {
  readonly key: Uint8Array;
  readonly #inner = Buffer.alloc(BLOCK_BYTES + UTF8_BYTES_MAX * (MARK.length + SHORT), INNER_PAD);
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, OUTER_PAD);

  constructor(key: Uint8Array) {
    this.key = key;
    for (const [i, byte] of key.entries()) {
      this.#inner[i] = byte ^ INNER_PAD;
      this.#outer[i] = byte ^ OUTER_PAD;
    }
  }

  digest(text: string): Uint8Array {
    const end = BLOCK_BYTES + this.#inner.write(MARK + text, BLOCK_BYTES);
    this.#outer.write(hash(HASH, this.#inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    const said = hash(HASH, this.#outer, 'binary');
    const digest = new Uint8Array(DIGEST_BYTES);
    for (let i = 0; i < DIGEST_BYTES; i++) digest[i] = said.charCodeAt(i);
    return digest;
  }
}

/** Of the key that was used last: most often the next one, too. */
let last: ShortTexts | undefined;

/** Of a text, under a key: 32 bytes. A key does not change once it is used. */
export function keyedDigest(key: Uint8Array, text: string): Uint8Array {
  if (text.length > SHORT || key.length > BLOCK_BYTES)
    return createHmac(HASH, key)
      .update(MARK + text)
      .digest();
  if (last?.key !== key) last = new ShortTexts(key);
  return last.digest(text);
}
