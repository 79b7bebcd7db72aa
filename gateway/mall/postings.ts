// The numbers of the texts that have a term, in few bytes. Owns: how they are kept. Never touches: terms, texts.
//   shown.N1. Numbers are added in their order, each once: what is kept is how far each is from the one before, in 7 bits a byte.

const FIRST_BYTES = 8;

export class Postings {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #last = 0;

  /** Adds a number, higher than all before. */
  add(number: number): void {
    let rest = number - this.#last;
    this.#last = number;
    if (this.#length + 5 > this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length + (this.#bytes.length >> 1) + FIRST_BYTES);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    for (; rest >= 128; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** Writes all numbers into an array that has room, from its beginning; how many they are. */
  read(into: Uint32Array): number {
    const [bytes, length] = [this.#bytes, this.#length];
    let [count, number] = [0, 0];
    for (let at = 0; at < length; ) {
      let byte = bytes[at++] as number;
      let delta = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = bytes[at++] as number;
        delta |= (byte & 127) << shift;
      }
      number += delta;
      into[count++] = number;
    }
    return count;
  }
}

/** Of most terms there is one text alone: then it is that number. */
export type Numbers = number | Postings;

/** With one more, higher than all before. */
export function withNumber(numbers: Numbers | undefined, number: number): Numbers {
  if (numbers === undefined) return number;
  const all = typeof numbers === 'number' ? new Postings() : numbers;
  if (typeof numbers === 'number') all.add(numbers);
  all.add(number);
  return all;
}
