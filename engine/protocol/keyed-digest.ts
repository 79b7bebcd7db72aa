// Digests under a key that is not in the log. Owns: how they are made. Never touches: where the key is kept.
//   protocol.K1. Who knows the log and any number of digests, but not the key, can make no other digest.

import { createHmac } from 'node:crypto';

/** Of a text, under a key: 32 bytes. */
export const keyedDigest = (key: Uint8Array, text: string): Uint8Array =>
  createHmac('sha256', key).update(`jifen proof ${text}`).digest();
