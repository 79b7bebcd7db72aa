// The tests' only source of randomness: everything follows from one seed.
// Owns: a xoshiro128** generator. Never touches: Math.random, the clock.

export class Random {
  readonly #state = new Uint32Array(4);

  /** The same seed (its lowest 32 bits) gives the same sequence, on every machine. */
  constructor(seed: number) {
    let mix = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      mix = (mix + 0x9e3779b9) >>> 0;
      let word = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      this.#state[i] = word ^ (word >>> 15);
    }
  }

  /** 0 .. 2^32-1. */
  next(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const scrambled = Math.imul(s[1], 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** 0 .. maxExclusive-1, for any maxExclusive from 1 to 2^53-1. */
  int(maxExclusive: number): number {
    if (maxExclusive <= 2 ** 32) return Math.floor((this.next() / 2 ** 32) * maxExclusive);
    const fraction = (this.next() * 2 ** 21 + (this.next() >>> 11)) / 2 ** 53;
    return Math.min(Math.floor(fraction * maxExclusive), maxExclusive - 1);
  }

  /** One of the array's elements; the array must have some. */
  pick<T>(array: readonly T[]): T {
    return array[this.int(array.length)]!;
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.next() < p * 2 ** 32;
  }

  /** Shuffles the array in place and returns it. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const moved = array[i]!;
      array[i] = array[j]!;
      array[j] = moved;
    }
    return array;
  }
}
