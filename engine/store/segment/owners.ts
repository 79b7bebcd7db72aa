// Whose accounts a segment has entries of. Owns: hashes of owners, each once. Never touches: files.
//   segment.O1. An owner with an entry is always found; one without is found where its hash is another's.

import type { BlockView } from '../../protocol/block.js';
import { RECORD_HEAD } from '../../protocol/effects.js';

/** Hashes are gathered in so much room to begin with. */
const ROOM = 1 << 12;

/** Hashes of owners; memory grows with how many there are, not with how often they come up. */
export class OwnerHashes {
  #hashes = new Uint32Array(ROOM);
  #count = 0;
  /** So many lie at the beginning, sorted, each once. */
  #sorted = 0;

  /** The owners of a block's entries. */
  addOf({ effects }: BlockView): void {
    const end = effects.u8.length;
    for (let record = 0; record < end; record += effects.recordLength(record)) {
      let at = record + RECORD_HEAD;
      for (let i = effects.entryCount(record); i > 0; i--) {
        this.add(effects.entryOwnerHash(at));
        at += effects.entryLength(at);
      }
    }
  }

  add(hash: number): void {
    if (this.#count === this.#hashes.length) this.#makeRoom();
    this.#hashes[this.#count++] = hash;
  }

  /** Sorted, each once, four bytes each. */
  bytes(): Uint8Array {
    this.#settle();
    return new Uint8Array(this.#hashes.buffer, 0, this.#count * 4);
  }

  #makeRoom(): void {
    this.#settle();
    if (this.#count * 2 < this.#hashes.length) return;
    const grown = new Uint32Array(this.#hashes.length * 2);
    grown.set(this.#hashes.subarray(0, this.#count));
    this.#hashes = grown;
  }

  #settle(): void {
    if (this.#sorted === this.#count) return;
    const all = this.#hashes.subarray(0, this.#count).sort();
    let kept = 0;
    for (const [i, hash] of all.entries())
      if (i === 0 || hash !== all[kept - 1]) all[kept++] = hash;
    this.#count = kept;
    this.#sorted = kept;
  }
}

/** Are there, among hashes as bytes() gave them, entries of such an owner? */
export function hasOwner(bytes: Uint8Array, hash: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [low, high] = [0, bytes.length / 4 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = view.getUint32(middle * 4, true);
    if (found === hash) return true;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
