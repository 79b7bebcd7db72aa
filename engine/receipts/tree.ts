// A Merkle tree that is kept in tiles of 256 hashes: its roots and proofs, of any size that it has had. Owns: RFC 9162, 2.1. Never touches: where tiles are
// kept, what leaves are.
//   receipts.M1. The tree over n leaves is a node over the first 2^k leaves (the largest power of two less than n) and the rest.
//   receipts.M2. A tile of level L has the roots of 256 parts of 256^L leaves each, one after the other; the last one of a level fewer. Nodes between
//       are worked out of them.

import { EMPTY_ROOT, HASH_BYTES, nodeHash, pairsInto } from './hashing.js';

/** Levels of nodes in a tile, and hashes at its bottom. */
export const TILE_HEIGHT = 8;
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
/** Full tiles whose nodes are remembered: some 4 MiB. */
const REMEMBERED = 256;

/** The hashes of a tile: as many as it has. A tile that the tree has not is none. */
export type ReadTile = (level: number, index: number) => Buffer;

/** Throws where a tile is not the one that the tile above it has been made of. */
export class TileError extends Error {}

/** The largest power of two less than n, which is 2 at least. */
export function firstPart(n: number): number {
  let part = 1;
  while (part * 2 < n) part *= 2;
  return part;
}

/** All nodes over `count` hashes of a tile, level by level from the bottom; of pairs only. */
function nodesOver(hashes: Buffer): Buffer {
  const nodes = Buffer.allocUnsafe(hashes.length * 2);
  hashes.copy(nodes);
  let [from, at] = [0, hashes.length];
  for (let count = hashes.length / HASH_BYTES; count > 1; count >>= 1) {
    pairsInto(nodes, from, count, nodes, at);
    from = at;
    at += (count >> 1) * HASH_BYTES;
  }
  return nodes;
}

/** The root of a full tile, whose bytes are written over. */
export function rootOfTile(scratch: Buffer): Buffer {
  for (let count = TILE_WIDTH; count > 1; count >>= 1) pairsInto(scratch, 0, count, scratch, 0);
  return scratch.subarray(0, HASH_BYTES);
}

export class Tree {
  readonly #read: ReadTile;
  readonly #remembered = new Map<string, Buffer>();

  constructor(read: ReadTile) {
    this.#read = read;
  }

  /** Forgets what it remembers. */
  clear(): void {
    this.#remembered.clear();
  }

  /** The root of the first `size` leaves. */
  root(size: number): Buffer {
    return size === 0 ? EMPTY_ROOT : this.#part(0, size);
  }

  leaf(leaf: number): Buffer {
    return this.#perfect(0, leaf);
  }

  /** The path of a leaf in the tree of this size, from its sibling up. */
  inclusion(leaf: number, size: number): Buffer[] {
    const path: Buffer[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + firstPart(to - from);
      if (leaf < middle) {
        path.push(this.#part(middle, to));
        to = middle;
      } else {
        path.push(this.#part(from, middle));
        from = middle;
      }
    }
    return path.reverse();
  }

  /** That the tree of size `to` begins with the one of size `size`; 0 < size <= to. */
  consistency(size: number, to: number): Buffer[] {
    const proof: Buffer[] = [];
    let [from, end, isWhole] = [0, to, true];
    while (size !== end) {
      const middle = from + firstPart(end - from);
      if (size <= middle) {
        proof.push(this.#part(middle, end));
        end = middle;
      } else {
        proof.push(this.#part(from, middle));
        from = middle;
        isWhole = false;
      }
    }
    if (!isWhole) proof.push(this.#part(from, end));
    return proof.reverse();
  }

  /** The hashes that give the root of the tree of this size together with those of some leaves, which are in order: from left to right. */
  cover(leaves: readonly number[], size: number): Buffer[] {
    const proof: Buffer[] = [];
    /** `first`, `last`: which of the leaves are in [from, to). */
    const walk = (from: number, to: number, first: number, last: number): void => {
      if (first === last) proof.push(this.#part(from, to));
      if (first === last || to - from === 1) return;
      const middle = from + firstPart(to - from);
      let between = first;
      while (between < last && (leaves[between] as number) < middle) between++;
      walk(from, middle, first, between);
      walk(middle, to, between, last);
    };
    if (size > 0) walk(0, size, 0, leaves.length);
    return proof;
  }

  /** The hash of the leaves [from, to), a part that M1 divides a tree into: all but its last parts are perfect. */
  #part(from: number, to: number): Buffer {
    const size = to - from;
    const height = Math.log2(size);
    if (Number.isInteger(height)) return this.#perfect(height, from / size);
    const middle = from + firstPart(size);
    return nodeHash(this.#part(from, middle), this.#part(middle, to));
  }

  /** The root of the `index`th part of 2^height leaves. */
  #perfect(height: number, index: number): Buffer {
    const within = height % TILE_HEIGHT;
    const level = (height - within) / TILE_HEIGHT;
    // How many such parts a tile has.
    const parts = 2 ** (TILE_HEIGHT - within);
    const tile = Math.floor(index / parts);
    const place = index % parts;
    const hashes = this.#read(level, tile);
    if (hashes.length === TILE_WIDTH * HASH_BYTES) {
      // Nodes of a full tile lie level by level: 256, 128, ...
      const start = 2 * (TILE_WIDTH - parts) + place;
      const nodes = this.#nodesOf(level, tile, hashes);
      return nodes.subarray(start * HASH_BYTES, (start + 1) * HASH_BYTES);
    }
    const from = place * 2 ** within * HASH_BYTES;
    const part = hashes.subarray(from, from + 2 ** within * HASH_BYTES);
    if (part.length < 2 ** within * HASH_BYTES) throw new TileError(`tile ${level}/${tile} ends`);
    return nodesOver(part).subarray(-2 * HASH_BYTES, -HASH_BYTES);
  }

  #nodesOf(level: number, tile: number, hashes: Buffer): Buffer {
    const key = `${level}/${tile}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const nodes = nodesOver(hashes);
    const root = nodes.subarray(-2 * HASH_BYTES, -HASH_BYTES);
    const above = this.#read(level + 1, Math.floor(tile / TILE_WIDTH));
    const at = (tile % TILE_WIDTH) * HASH_BYTES;
    if (!root.equals(above.subarray(at, at + HASH_BYTES)))
      throw new TileError(`tile ${key} is damaged`);
    if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, nodes);
    return nodes;
  }
}
