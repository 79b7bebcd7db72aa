// Observations in buckets. Owns: the counts. Never touches: what is observed, who reads it.

/** What was observed so far. */
export interface HistogramFigures {
  /** Upper bounds of the buckets, ascending; what is above the last one is in one bucket more. */
  readonly bounds: readonly number[];
  /** Observations in each bucket alone. */
  readonly counts: Float64Array;
  readonly sum: number;
}

/** Seconds that a group commit, a decision or an answer takes: from below one to beyond a bad disk's. */
export const SECONDS_BOUNDS: readonly number[] = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
];

/** Counts observations into buckets; an observation allocates nothing. */
export class Histogram implements HistogramFigures {
  readonly bounds: readonly number[];
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at++;
    counts[at] = (counts[at] as number) + 1;
    this.sum += value;
  }

  /** As it is now, to be sent to another thread. */
  get figures(): HistogramFigures {
    const { bounds, counts, sum } = this;
    return { bounds, counts, sum };
  }
}
