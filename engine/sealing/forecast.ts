// How fast what is kept grows. Owns: measurements of the last day. Never touches: clocks, files.
//   sealing.F1. Measured over at least FORECAST_LEAST_MS and at most FORECAST_MS; a clock that is set back begins anew.

import { DAY_MS, FORECAST_LEAST_MS, FORECAST_MS, FORECAST_STEP_MS } from '../limits.js';

interface Measured {
  readonly at: number;
  readonly bytes: number;
}

/** Measurements of one figure that mostly grows. */
export class Forecast {
  readonly #kept: Measured[] = [];
  #last: Measured | undefined;

  /** So many bytes are kept at a time, in milliseconds since 1970. */
  measured(at: number, bytes: number): void {
    if (this.#last !== undefined && at < this.#last.at) this.#kept.length = 0;
    this.#last = { at, bytes };
    const before = this.#kept.at(-1);
    if (before === undefined || at - before.at >= FORECAST_STEP_MS) this.#kept.push(this.#last);
    while (this.#kept.length > 1 && at - (this.#kept[0]?.at ?? at) > FORECAST_MS)
      this.#kept.shift();
  }

  /** By how many bytes a day it grows; undefined: it was not measured for long enough. */
  get bytesPerDay(): number | undefined {
    const [first] = this.#kept;
    if (first === undefined || this.#last === undefined) return undefined;
    const ms = this.#last.at - first.at;
    if (ms < FORECAST_LEAST_MS) return undefined;
    return Math.max(0, ((this.#last.bytes - first.bytes) / ms) * DAY_MS);
  }
}
