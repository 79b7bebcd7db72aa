// One after the other, by name, or alone. Owns: the order. Never touches: what is done.

export class Turns {
  readonly #last = new Map<number, Promise<unknown>>();
  #alone: Promise<unknown> | undefined;

  /** Does it when what was asked before under this name is over, and nothing is done alone. */
  async take<T>(name: number, work: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.then(nothing, nothing);
    this.#last.set(name, settled);
    void settled.then(() => {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    });
    return mine;
  }

  /** Does it when nothing else is done; what comes meanwhile waits. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const mine = this.idle().then(work);
    const settled = mine.then(nothing, nothing);
    this.#alone = settled;
    void settled.then(() => {
      this.#alone = undefined;
    });
    return mine;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}

const nothing = (): void => {};
