// How late a thread's timers are: whether its event loop is held up. Owns: one timer. Never touches: anything else.

import { Histogram, type HistogramFigures } from './histogram.js';

/** Between two looks: a thread that has nothing to do is woken ten times a second. */
const LOOK_MS = 100;
const BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Looks at the event loop of the thread that it is made in, until it is closed. */
export class LoopDelay {
  readonly #histogram = new Histogram(BOUNDS);
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    const now = performance.now();
    this.#histogram.observe(Math.max(0, now - this.#last - LOOK_MS) / 1_000);
    this.#last = now;
  }

  /** In seconds. */
  get figures(): HistogramFigures {
    return this.#histogram.figures;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
