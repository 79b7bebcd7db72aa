// Where the commands of an id are in the log of a shard, whoever's the id is. Owns: the index, what of it is stored. Never touches: what is found there.
//   register.N1. An id is looked for as whoever gave it says it: without the platform's name that the log puts before it.
//   register.N2. Of an id that very many use (one for each day, say) some places of each step are kept, not all of them.

import { murmur3Bytes } from '../../protocol/hash.js';
import { IdIndex } from '../../store/id-index.js';
import type { Chunks } from '../../store/id-run.js';
import type { Ordered } from '../store.js';

const [HIGH_SEED, LOW_SEED] = [0x6a6966, 0x656e];
const UINT32 = 2 ** 32;
const COMMA = 0x2c;
/** Memory for the filters and chunks of a shard's ids. */
const CACHE_BYTES = 16 * 1024 * 1024;
/** Ids that wait in memory until they are stored. */
const STORED_AT_ONCE = 65_536;
/** Places of one id between two times that it is stored. */
const SAME_MAX = 32;
/** Work in one go, while it is stored. */
const STEP_MS = 1_000;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** The key of an id: of the bytes behind the first comma, where there is one. */
function keyOf(bytes: Uint8Array, start: number, length: number): readonly [number, number] {
  let at = start;
  const end = start + length;
  while (at < end && bytes[at] !== COMMA) at++;
  const from = at === end ? start : at + 1;
  return [
    murmur3Bytes(bytes, from, end - from, HIGH_SEED) >>> 0,
    murmur3Bytes(bytes, from, end - from, LOW_SEED) >>> 0,
  ];
}

export class IdPlaces {
  readonly #chunks: Ordered;
  readonly #shard: number;
  readonly #index: IdIndex;
  /** How often an id came since it was stored. */
  readonly #same = new Map<number, number>();
  #added = 0;

  /** `description`: as it was stored last; undefined: an empty one. */
  constructor(chunks: Ordered, shard: number, description: Uint8Array | undefined) {
    this.#chunks = chunks;
    this.#shard = shard;
    const prefix = `${shard} `;
    const source = {
      readChunk: (key: string) => {
        const found = chunks.getBinary(ascii(prefix + key));
        return found && new Uint8Array(found);
      },
      *chunkKeys() {
        for (const key of chunks.getKeys({ start: ascii(prefix), end: ascii(`${shard}!`) }))
          yield key.toString('latin1').slice(prefix.length);
      },
    };
    this.#index = IdIndex.load(description, source, { cacheBytes: CACHE_BYTES });
  }

  add(bytes: Uint8Array, start: number, length: number, seq: number, offset: number): void {
    const [high, low] = keyOf(bytes, start, length);
    const key = high * UINT32 + low;
    const same = this.#same.get(key) ?? 0;
    if (same === SAME_MAX) return;
    this.#same.set(key, same + 1);
    this.#index.add(high, low, seq, offset);
    this.#added++;
  }

  /** Should it be stored? */
  get isFull(): boolean {
    return this.#added >= STORED_AT_ONCE;
  }

  /** Stores all, within a commit; returns what says where it is. */
  store(): Uint8Array {
    const index = this.#index;
    index.freeze();
    for (let isDone = false; !isDone; ) {
      const step = index.step(STEP_MS);
      this.#put(step.chunks);
      isDone = step.done;
    }
    const description = index.describe();
    for (const key of index.publish()) this.#chunks.removeSync(this.#keyOf(key));
    this.#same.clear();
    this.#added = 0;
    return description;
  }

  #put(chunks: Chunks): void {
    for (const [key, bytes] of chunks) this.#chunks.putSync(this.#keyOf(key), bytes);
  }

  #keyOf(chunk: string): Buffer {
    return ascii(`${this.#shard} ${chunk}`);
  }

  /** Places that may be of this id, the newest first. */
  find(id: string): readonly (readonly [seq: number, offset: number])[] {
    const bytes = ascii(id);
    const [high, low] = keyOf(bytes, 0, bytes.length);
    const count = this.#index.find(high, low);
    const { foundSeq, foundOffset } = this.#index;
    return Array.from({ length: count }, (_, i) => [
      foundSeq[i] as number,
      foundOffset[i] as number,
    ]);
  }
}
