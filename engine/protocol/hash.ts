// Hashes of owners and ids. Owns: which hash, its seeds. Never touches: state.
//   protocol.P3. The owner hash is fixed for the life of a data folder, which names it (OWNER_HASH).

import { SLOTS } from '../limits.js';

/** The owner hash that data folders name: MurmurHash3 x86 32 bit, seed 0, over the ASCII bytes. */
export const OWNER_HASH = 'murmur3-x86-32';

const SCARCE_MARK = 35; // #
const ALLOTMENT_MARK = 64; // @
const DIGIT_0 = 48;
const ALLOTTED_DIGITS_MAX = 4;

function scrambled(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

/** The hash so far with four more bytes in it. */
function mixed(before: number, word: number): number {
  const h = before ^ scrambled(word);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): number {
  let h = hash;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/**
 * MurmurHash3 (x86, 32 bit) of an ASCII string. Source: Austin Appleby's reference, public domain.
 * Returns an unsigned 32-bit integer.
 */
export function murmur3(text: string, seed: number): number {
  const length = text.length;
  const tail = length & ~3;
  let h = seed | 0;
  let i = 0;
  for (; i < tail; i += 4) {
    const k =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24);
    h = mixed(h, k);
  }
  let k = 0;
  const rest = length & 3;
  if (rest === 3) k = text.charCodeAt(i + 2) << 16;
  if (rest >= 2) k |= text.charCodeAt(i + 1) << 8;
  if (rest >= 1) {
    k |= text.charCodeAt(i);
    h ^= scrambled(k);
  }
  return finished(h ^ length);
}

/** As murmur3(), of `length` bytes from `start` on. */
export function murmur3Bytes(
  bytes: Uint8Array,
  start: number,
  length: number,
  seed: number,
): number {
  const tail = start + (length & ~3);
  let h = seed | 0;
  let i = start;
  for (; i < tail; i += 4) {
    const k =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    h = mixed(h, k);
  }
  let k = 0;
  const rest = length & 3;
  if (rest === 3) k = (bytes[i + 2] as number) << 16;
  if (rest >= 2) k |= (bytes[i + 1] as number) << 8;
  if (rest >= 1) {
    k |= bytes[i] as number;
    h ^= scrambled(k);
  }
  return finished(h ^ length);
}

/** The slot that an owner's name ends with (allotment.ts); -1: it names none. Read character by character: every act of a pool asks. */
export function allottedSlot(owner: string): number {
  if (owner.charCodeAt(0) !== SCARCE_MARK) return -1;
  const end = owner.length;
  let slot = 0;
  let at = end - 1;
  for (let unit = 1; at > 0 && end - at <= ALLOTTED_DIGITS_MAX; at--, unit *= 10) {
    const digit = owner.charCodeAt(at) - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    slot += digit * unit;
  }
  const digits = end - 1 - at;
  if (digits === 0 || owner.charCodeAt(at) !== ALLOTMENT_MARK || slot >= SLOTS) return -1;
  return digits > 1 && owner.charCodeAt(at + 1) === DIGIT_0 ? -1 : slot;
}

/** The hash of a scarce owner: an allotment lies in the slot that it names. */
function placedHash(owner: string, hash: number): number {
  const slot = allottedSlot(owner);
  return slot < 0 ? hash : inSlot(hash, slot);
}

const inSlot = (hash: number, slot: number): number => ((hash & ~(SLOTS - 1)) | slot) >>> 0;

/** The hash that places an owner: its low 10 bits are the slot, the rest the bucket. */
export function ownerHash(owner: string): number {
  const hash = murmur3(owner, 0);
  return owner.charCodeAt(0) === SCARCE_MARK ? placedHash(owner, hash) : hash;
}

/** As ownerHash(), of `length` bytes from `start` on. */
export function ownerHashBytes(bytes: Uint8Array, start: number, length: number): number {
  const hash = murmur3Bytes(bytes, start, length, 0);
  if (length === 0 || bytes[start] !== SCARCE_MARK) return hash;
  const slot = allottedSlotIn(bytes, start, start + length);
  return slot < 0 ? hash : inSlot(hash, slot);
}

/** As allottedSlot(), of the bytes [start, end). */
function allottedSlotIn(bytes: Uint8Array, start: number, end: number): number {
  let slot = 0;
  let at = end - 1;
  for (let unit = 1; at > start && end - at <= ALLOTTED_DIGITS_MAX; at--, unit *= 10) {
    const digit = (bytes[at] as number) - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    slot += digit * unit;
  }
  const digits = end - 1 - at;
  if (digits === 0 || bytes[at] !== ALLOTMENT_MARK || slot >= SLOTS) return -1;
  return digits > 1 && bytes[at + 1] === DIGIT_0 ? -1 : slot;
}

/** The slot (0..1023) of an owner. */
export function slotOf(owner: string): number {
  return ownerHash(owner) & (SLOTS - 1);
}
