// The key of a data folder that is in no log: secrets of platforms are sealed with it (gateway/auth), and codes of coupons proved. Owns: reading
// it. Never touches: its making.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the key's file in the data folder. */
export const SECRETS_KEY_FILE = 'secrets.key';
/** What is in it: 32 bytes. */
const SHAPE = /^[A-Za-z0-9_-]{43}$/;
/** How often it is looked for where there is none. */
const LOOK_MS = 1_000;

/** The key, read once it is asked for and there; undefined: there is none, or something else. */
export function secretOf(folder: string): () => Uint8Array | undefined {
  let key: Uint8Array | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (key !== undefined || performance.now() - lookedAt < LOOK_MS) return key;
    lookedAt = performance.now();
    try {
      const text = readFileSync(join(folder, SECRETS_KEY_FILE), 'latin1').trim();
      if (SHAPE.test(text)) key = Buffer.from(text, 'base64url');
    } catch {
      // There is none.
    }
    return key;
  };
}
