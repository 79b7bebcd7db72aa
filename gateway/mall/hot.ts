// The answers about the goods that are asked for most. Owns: which those are, and the texts of their answers. Never touches: what is in them.
//   shown.H1. A text is told as long as all that is in it is the same; then the next who asks makes it anew, out of memory: nobody waits for another.
//   shown.H2. There are HOT_MAX of them: another one takes the place of the one that was asked for least, once it was asked for more often. What was
//       long ago counts less and less.

/** Texts that are kept. */
export const HOT_MAX = 100;
/** Goods that are counted at once; beyond them, and after so many questions, counts are halved, and those of nothing forgotten. */
const COUNTED_MAX = 2_000;
const HALVED_AFTER = 100_000;

interface Hot {
  /** What the text was made of. */
  readonly of: readonly unknown[];
  readonly text: string;
}

export class HotAnswers {
  readonly #texts = new Map<string, Hot>();
  readonly #asked = new Map<string, number>();
  #questions = 0;

  /** Those that are kept. */
  get keys(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** The text about goods, made anew where something of what it is made of is different. */
  text(key: string, of: readonly unknown[], make: () => string): string {
    const count = this.#count(key);
    const known = this.#texts.get(key);
    if (known?.of.length === of.length && known.of.every((one, i) => Object.is(one, of[i])))
      return known.text;
    const text = make();
    if (known !== undefined || this.#hasRoom(count)) this.#texts.set(key, { of, text });
    return text;
  }

  /** It will be asked for as often as things go: as if it had been asked for so often. */
  expect(key: string, times: number): void {
    this.#asked.set(key, (this.#asked.get(key) ?? 0) + times);
  }

  #count(key: string): number {
    const count = (this.#asked.get(key) ?? 0) + 1;
    this.#asked.set(key, count);
    if (++this.#questions < HALVED_AFTER && this.#asked.size <= COUNTED_MAX) return count;
    this.#questions = 0;
    for (const [other, times] of this.#asked) {
      if (times > 1) this.#asked.set(other, Math.floor(times / 2));
      else this.#asked.delete(other);
    }
    return count;
  }

  #hasRoom(count: number): boolean {
    if (this.#texts.size < HOT_MAX) return true;
    let [least, fewest] = ['', count];
    for (const key of this.#texts.keys()) {
      const times = this.#asked.get(key) ?? 0;
      if (times < fewest) [least, fewest] = [key, times];
    }
    if (least === '') return false;
    this.#texts.delete(least);
    return true;
  }
}
