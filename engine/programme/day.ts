// The day of a programme. Owns: which day, weekday and hour a moment is in the programme's zone. Never touches: the zone data of the process: all
// offsets are logged (reference.R3, reference.R7).
//   day.D1. The same moment and offsets give the same day for ever, whatever the release, the machine and its zone.
//   day.D2. A programme's day is the ledger's (ledger.C2): where clocks go back over midnight, the day lasts until the last time they show it.

import { dayAt } from '../ledger/calendar.js';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** A moment as a programme sees it. */
export interface Moment {
  /** Block time, milliseconds since 1970. */
  readonly time: number;
  /** Days since 1970-01-01. */
  readonly day: number;
  /** 1: Monday .. 7: Sunday. */
  readonly weekday: number;
  /** 0..23, as the clocks of the zone show it. */
  readonly hour: number;
}

/** The offset from UTC at this time, of (from, offset) pairs in milliseconds, soonest first. */
function offsetAt(time: number, offsets: readonly number[]): number {
  let [low, high] = [0, offsets.length / 2 - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[2 * middle] as number) <= time) low = middle;
    else high = middle - 1;
  }
  return offsets[2 * low + 1] as number;
}

/** The moment at this time. `offsets`: of the programme's definition, as `Reads.definition` tells it. */
export function momentAt(time: number, offsets: readonly number[]): Moment {
  const day = dayAt(time, offsets);
  const hours = Math.floor((time + offsetAt(time, offsets)) / HOUR_MS);
  return {
    time,
    day,
    // 1970-01-01 was a Thursday.
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    hour: ((hours % DAY_HOURS) + DAY_HOURS) % DAY_HOURS,
  };
}
