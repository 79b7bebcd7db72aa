// Hashes of a Merkle tree (RFC 9162, 2.1.1): of leaves, of nodes, of 256 that lie one after the other. Owns: the prefixes. Never touches: where hashes
// are kept.
//   receipts.H1. A leaf's hash is SHA-256(0x00 || text), a node's SHA-256(0x01 || left || right): neither can be taken for the other.

import { hash } from 'node:crypto';

export const HASH_BYTES = 32;
const LEAF_PREFIX = '\0';
const NODE_PREFIX = 1;

/** A node that is hashed. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES);
node[0] = NODE_PREFIX;

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

// A digest as text is written where it belongs sooner than one as a Buffer is made and copied.

/** Writes the hash of a leaf, an ASCII text. */
export function leafHashInto(text: string, into: Buffer, at: number): void {
  into.write(hash('sha256', LEAF_PREFIX + text, 'binary'), at, HASH_BYTES, 'latin1');
}

/** Writes the hash of the node over two hashes that lie one after the other; it may lie where they do. */
function nodeHashInto(from: Buffer, left: number, into: Buffer, at: number): void {
  // Buffer.copy() makes a view for it.
  for (let i = 0; i < 2 * HASH_BYTES; i++) node[1 + i] = from[left + i] as number;
  into.write(hash('sha256', node, 'binary'), at, HASH_BYTES, 'latin1');
}

/** The hash of the node over two hashes. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(node, 1);
  right.copy(node, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

export function leafHash(text: string): Buffer {
  return hash('sha256', LEAF_PREFIX + text, 'buffer');
}

/** The hashes of the nodes over pairs of `count` hashes from `start` on, one after the other. */
export function pairsInto(
  from: Buffer,
  start: number,
  count: number,
  into: Buffer,
  at: number,
): void {
  for (let i = 0; i < count >> 1; i++)
    nodeHashInto(from, start + i * 2 * HASH_BYTES, into, at + i * HASH_BYTES);
}
