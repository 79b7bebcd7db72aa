// Figures of a window that slides: of counters that only grow. Owns: samples of them. Never touches: clocks, what is counted.
//   alerts.W1. What is told of a window is what was counted in it, and in no older time than one step of its samples: nothing is averaged over a lifetime.
//   alerts.W2. Memory is bounded: a window has so many samples at most, however long it is.

/** Samples that a window has. */
const STEPS = 300;

interface Sample {
  readonly at: number;
  readonly values: readonly number[];
}

export class SlidingWindow {
  #samples: Sample[] = [];

  /** What the counters say now, by a clock that never goes back, in milliseconds; returns how much each has grown in the window that ends now. */
  grown(at: number, values: readonly number[], windowMs: number): number[] {
    const last = this.#samples.at(-1);
    // A counter that is smaller is another one: what was before is of no use.
    if (last !== undefined && values.some((value, i) => value < (last.values[i] ?? 0)))
      this.#samples = [];
    const from = at - windowMs;
    // The newest sample that is at least as old as the window begins it.
    let first = 0;
    while ((this.#samples[first + 1]?.at ?? Number.POSITIVE_INFINITY) <= from) first++;
    this.#samples.splice(0, first);
    const [begin] = this.#samples;
    const grown = values.map((value, i) => value - (begin?.values[i] ?? value));
    const step = windowMs / STEPS;
    if (last === undefined || this.#samples.length === 0 || at - last.at >= step)
      this.#samples.push({ at, values });
    return grown;
  }

  get size(): number {
    return this.#samples.length;
  }
}
