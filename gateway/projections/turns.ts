// How many are answered at once. Owns: who waits for a turn. Never touches: what is asked.

export class Turns {
  readonly #atOnce: number;
  readonly #waitingMax: number;
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** So many at once, and so many that wait. */
  constructor(atOnce: number, waitingMax: number) {
    this.#atOnce = atOnce;
    this.#waitingMax = waitingMax;
  }

  /** Resolves in its turn; false: too many wait. Whoever has it ends it. */
  async taken(): Promise<boolean> {
    if (this.#underWay < this.#atOnce) {
      this.#underWay++;
      return true;
    }
    if (this.#waiting.length >= this.#waitingMax) return false;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return true;
  }

  over(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#underWay--;
    else next();
  }
}
