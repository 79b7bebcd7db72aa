// Which ids a run may hold: a blocked Bloom filter. Owns: its bits. Never touches: runs.
//   store.B1. Never says no of an id that was added.
//   store.B2. All bits of an id lie in one block of 64 bytes, one cache line, and blocks are in key order: a run that
//       is written in key order fills its filter from front to back.
// The block comes from hi, the nine bits in it from lo and the lower bits of hi. Measured false answers: about 1 of
// 1,100 at 16 bits an id, 1 of 4,500 at 20; each costs reading a chunk (some 20 us).

/** Words of a block. */
const BLOCK_WORDS = 16;
const BLOCK_BITS = BLOCK_WORDS * 32;
/** Small runs are many and cheap to filter well; one large one holds most ids. */
const SMALL_RUN_IDS = 4_000_000;
const SMALL_BITS = 20;
const LARGE_BITS = 16;

const INTO_UNIT = 2 ** -32;

/** Hash of a key from which a filter's bits are taken; the same for all filters. */
export function filterHash(hi: number, lo: number): number {
  return Math.imul(lo ^ (hi << 15), 0x9e3779b1) ^ (lo >>> 15);
}

export class IdFilter {
  readonly words: Int32Array;
  readonly #blocks: number;

  private constructor(words: Int32Array) {
    this.words = words;
    this.#blocks = words.length / BLOCK_WORDS;
  }

  /** An empty filter for about so many ids. */
  static sized(ids: number): IdFilter {
    const bits = ids * (ids <= SMALL_RUN_IDS ? SMALL_BITS : LARGE_BITS);
    return new IdFilter(new Int32Array(Math.max(1, Math.ceil(bits / BLOCK_BITS)) * BLOCK_WORDS));
  }

  /** A filter that was written before. */
  static from(words: Int32Array): IdFilter {
    if (words.length === 0 || words.length % BLOCK_WORDS !== 0) {
      throw new RangeError(`a filter of ${words.length} words`);
    }
    return new IdFilter(words);
  }

  get bytes(): number {
    return this.words.byteLength;
  }

  /**
   * The first third of mayHold, without a branch: 0 where the key is surely not here (19 of 20 that are not), else 1.
   * Asked of all filters before anything is decided, so that the processor waits for their memory once.
   */
  glance(hi: number, hash: number): number {
    const { words } = this;
    const block = Math.floor((hi >>> 0) * this.#blocks * INTO_UNIT) * BLOCK_WORDS;
    return (
      ((words[block + (hash & 15)] as number) >>> ((hash >>> 4) & 31)) &
      ((words[block + ((hash >>> 9) & 15)] as number) >>> ((hash >>> 13) & 31)) &
      ((words[block + ((hash >>> 18) & 15)] as number) >>> ((hash >>> 22) & 31)) &
      1
    );
  }

  /** `hash`: filterHash of the key. */
  mayHold(hi: number, hash: number): boolean {
    const { words } = this;
    const block = Math.floor((hi >>> 0) * this.#blocks * INTO_UNIT) * BLOCK_WORDS;
    for (let round = 0; round < 3; round += 1) {
      if (!isSet(words, block, hash) || !isSet(words, block, hash >>> 9)) return false;
      if (!isSet(words, block, hash >>> 18)) return false;
      hash = next(hash);
    }
    return true;
  }

  add(hi: number, lo: number): void {
    const { words } = this;
    const block = Math.floor((hi >>> 0) * this.#blocks * INTO_UNIT) * BLOCK_WORDS;
    let hash = filterHash(hi, lo);
    for (let round = 0; round < 3; round += 1) {
      set(words, block, hash);
      set(words, block, hash >>> 9);
      set(words, block, hash >>> 18);
      hash = next(hash);
    }
  }
}

/** Nine bits of `hash`: which word of the block, which bit of it. */
function isSet(words: Int32Array, block: number, hash: number): boolean {
  return (((words[block + (hash & 15)] as number) >>> ((hash >>> 4) & 31)) & 1) !== 0;
}

function set(words: Int32Array, block: number, hash: number): void {
  const at = block + (hash & 15);
  words[at] = (words[at] as number) | (1 << ((hash >>> 4) & 31));
}

function next(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
