// A Merkle tree that grows leaf by leaf. Owns: the tiles that are not full yet. Never touches: where full ones go.

import { HASH_BYTES, leafDigest, writeDigests } from './hashing.js';
import { type ReadTile, rootOfTile, TILE_WIDTH, Tree } from './tree.js';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** A tile that has become full. */
export type FullTile = (level: number, index: number, hashes: Buffer) => void;

export class Growing {
  /** Leaves. */
  size: number;
  readonly #full: FullTile;
  /** The last tile of each level; how many hashes it has follows from the size. */
  readonly #last: Buffer[] = [];
  readonly #tree: Tree;
  /** Leaves that are not written into their tile yet, and of which place the first of them is. */
  #digests = '';
  #written = 0;

  /** `size`, `read`: as it was left. */
  constructor(full: FullTile, size = 0, read?: ReadTile) {
    this.size = size;
    this.#written = size % TILE_WIDTH;
    this.#full = full;
    this.#tree = new Tree((level, index) => this.last(level, index));
    for (let [level, count] = [0, size]; count > 0; level++) {
      const tile = read?.(level, Math.floor(count / TILE_WIDTH));
      tile?.copy(this.#lastOf(level));
      count = Math.floor(count / TILE_WIDTH);
    }
  }

  #lastOf(level: number): Buffer {
    let last = this.#last[level];
    if (last === undefined) {
      last = Buffer.alloc(TILE_BYTES);
      this.#last[level] = last;
    }
    return last;
  }

  add(text: string): void {
    this.#digests += leafDigest(text);
    this.size++;
    if (this.size % TILE_WIDTH !== 0) return;
    this.#write();
    this.#filled(0, this.size / TILE_WIDTH - 1);
  }

  #write(): void {
    if (this.#digests === '') return;
    writeDigests(this.#digests, this.#lastOf(0), this.#written * HASH_BYTES);
    this.#digests = '';
    this.#written = this.size % TILE_WIDTH;
  }

  #filled(level: number, index: number): void {
    const last = this.#lastOf(level);
    this.#full(level, index, Buffer.from(last));
    const place = index % TILE_WIDTH;
    rootOfTile(last).copy(this.#lastOf(level + 1), place * HASH_BYTES);
    if (place === TILE_WIDTH - 1) this.#filled(level + 1, (index + 1) / TILE_WIDTH - 1);
  }

  /** How many levels of tiles there are. */
  get levels(): number {
    this.#write();
    return this.#last.length;
  }

  /** Which tile of a level is the last one: it may be without hashes. */
  lastIndex(level: number): number {
    return Math.floor(this.size / TILE_WIDTH ** (level + 1));
  }

  /** The hashes of the last tile of a level; none, where it is another one. */
  last(level: number, index: number): Buffer {
    if (level === 0) this.#write();
    const count = Math.floor(this.size / TILE_WIDTH ** level) % TILE_WIDTH;
    const last = index === this.lastIndex(level) ? this.#last[level] : undefined;
    return last === undefined ? Buffer.alloc(0) : last.subarray(0, count * HASH_BYTES);
  }

  /** Its root now. */
  root(): Buffer {
    return this.#tree.root(this.size);
  }
}
