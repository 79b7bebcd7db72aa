// Looking, again and again, whether something is due. Owns: when it is looked, and the end of it. Never touches: what is done.

import { PROJECTION_LOOK_MS } from '../limits.js';

export abstract class Looking {
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  protected get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Looks from now on, again and again: at first soon. */
  start(): void {
    this.#lookAfter(PROJECTION_LOOK_MS);
  }

  #lookAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#working = this.look().finally(() => {
        if (!this.#isClosed) this.#lookAfter(this.#everyMs);
      });
    }, ms).unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  protected abstract look(): Promise<void>;
}
