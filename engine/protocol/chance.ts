// What follows from a seed. Owns: its hash, its answers. Never touches: where seeds come from, and who knows them.

import { createHash, createHmac } from 'node:crypto';
import { type DrawParts, drawMessage, numberIn } from './draw.js';

/** Bytes of a seed. */
export const SEED_BYTES = 32;

/** What is published of a seed before it is used: SHA-256, in hexadecimal digits. */
export const hashOfSeed = (seed: Uint8Array): string =>
  createHash('sha256').update(seed).digest('hex');

/** HMAC-SHA-256 of a text. */
export const answerOf = (seed: Uint8Array, message: string): Uint8Array =>
  createHmac('sha256', seed).update(message).digest();

/** The number below `total` that comes of a draw (draw.N1). `answer`: what the seed says to a text. */
export function numberOf(
  parts: DrawParts,
  total: number,
  answer: (message: string) => Uint8Array,
): number {
  for (let n = 0; ; n++) {
    const number = numberIn(answer(drawMessage(parts, n)), total);
    if (number !== undefined) return number;
  }
}
