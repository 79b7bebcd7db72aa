// The last of what was said, by number. Owns: how much is kept. Never touches: what it is.

export class Ring<T> {
  readonly #kept: T[] = [];
  readonly #max: number;
  /** The number of the first one that is kept. */
  #first = 1;

  constructor(max: number) {
    this.#max = max;
  }

  push(one: T): void {
    this.#kept.push(one);
    // Some at a time: to take the first one out of a long list is to move all others.
    if (this.#kept.length < this.#max * 2) return;
    this.#first += this.#max;
    this.#kept.splice(0, this.#max);
  }

  /** Those from a number on that are `wanted`, of at most so many that are looked at; and the number of the first one that was not. */
  from(
    number: number,
    limit: number,
    wanted: (one: T) => boolean,
  ): { readonly found: T[]; readonly next: number } {
    const start = Math.max(0, number - this.#first);
    const some = this.#kept.slice(start, start + limit);
    return { found: some.filter(wanted), next: this.#first + start + some.length };
  }
}
