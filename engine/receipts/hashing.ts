// Hashes of a Merkle tree (RFC 9162, 2.1.1): of leaves, of nodes, of 256 that lie one after the other. Owns: the prefixes. Never touches: where hashes
// are kept.
//   receipts.H1. A leaf's hash is SHA-256(0x00 || text), a node's SHA-256(0x01 || left || right): neither can be taken for the other.
//   receipts.H2. Digests are made as text of a byte a character, and written where they belong many at once: one by one, as Buffers, they take twice
//       the time.

import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
const PAIR_BYTES = 2 * HASH_BYTES;
const LEAF_PREFIX = '\0';
const NODE_PREFIX = 1;

/** A node that is hashed. */
const node = Buffer.alloc(1 + PAIR_BYTES);
node[0] = NODE_PREFIX;

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** The hash of a leaf, an ASCII text, as H2. */
export const leafDigest = (text: string): string => hash('sha256', LEAF_PREFIX + text, 'binary');

/** Writes digests, one after the other. */
export const writeDigests = (digests: string, into: Buffer, at: number): number =>
  into.write(digests, at, 'latin1');

/** The hash of the node over two hashes. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(node, 1);
  right.copy(node, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/** Writes the hashes of the nodes over pairs of `count` hashes from `start` on, one after the other; they may lie where those do. */
export function pairsInto(
  from: Buffer,
  start: number,
  count: number,
  into: Buffer,
  at: number,
): void {
  let digests = '';
  for (let left = start; left < start + count * HASH_BYTES; left += PAIR_BYTES) {
    // Buffer.copy() would make a view for it.
    for (let i = 0; i < PAIR_BYTES; i++) node[1 + i] = from[left + i] as number;
    digests += hash('sha256', node, 'binary');
  }
  writeDigests(digests, into, at);
}
