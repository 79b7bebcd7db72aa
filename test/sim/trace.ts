// What happened in a simulation, as one number: the same seed gives the same. Owns: the hash. Never touches: events.
//   JIFEN_TRACE=1 prints every line.

const isLoud = process.env.JIFEN_TRACE === '1';

export class Trace {
  #hi = 0x811c9dc5;
  #lo = 0x9e3779b9;
  /** Lines so far. */
  count = 0;

  /** Notes one thing: what it is, and its figures. */
  note(time: number, what: string, ...figures: (number | string)[]): void {
    this.count++;
    const line = `${time} ${what} ${figures.join(' ')}`;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#hi = Math.imul(this.#hi ^ code, 0x01000193);
      this.#lo = Math.imul(this.#lo + code, 0x85ebca6b) ^ (this.#lo >>> 15);
    }
    if (isLoud) process.stderr.write(`${line}\n`);
  }

  /** 16 hex digits. */
  get hash(): string {
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.#hi) + hex(this.#lo);
  }
}
