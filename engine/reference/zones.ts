// Time zones, as this process knows them today. Owns: turning a zone's name into its offsets, for a definition that logs them.
// Never touches: what they are used for (ledger/calendar.ts), which never asks again.

import { DAY_MS, ZONE_CHANGES_MAX, ZONE_LAST_YEAR, ZONE_YEARS_AHEAD } from '../limits.js';

const MINUTE_MS = 60_000;
/** No zone changes its offset twice within so long (Gaza does within 7 days): clocks are looked at this often. */
const STEP_MS = 3 * DAY_MS;
/** What a zone's clocks show. */
class Clock {
  readonly #format: Intl.DateTimeFormat;

  /** Throws RangeError where there is no such zone. */
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** How far it is ahead of UTC, in milliseconds, in whole minutes. */
  offsetAt(time: number): number {
    const shown = /^(\d+)\/(\d+)\/(\d+) \w+, (\d+):(\d+):(\d+)$/.exec(this.#format.format(time));
    if (shown === null)
      throw new Error(`a date is shown in an unknown way: ${this.#format.format(time)}`);
    const [month, day, year, hour, minute, second] = shown.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - time;
    return Math.round(offset / MINUTE_MS) * MINUTE_MS;
  }

  /** The first whole minute after `before` at which the offset is no longer that of `before`, which it is not at `after`. */
  changeBetween(before: number, after: number): number {
    const offset = this.offsetAt(before);
    let [low, high] = [before / MINUTE_MS, after / MINUTE_MS];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offsetAt(middle * MINUTE_MS) === offset) low = middle;
      else high = middle;
    }
    return high * MINUTE_MS;
  }
}

/** The last year of a table that is made now: the same one for a century. */
export function lastYearAt(time: number): number {
  const year = new Date(time).getUTCFullYear() + ZONE_YEARS_AHEAD;
  return ZONE_LAST_YEAR + 100 * Math.max(0, Math.ceil((year - ZONE_LAST_YEAR) / 100));
}

/** The zone data of this process. */
export class ZoneData {
  readonly #clock: () => number;
  readonly #known = new Map<string, readonly number[]>();
  #lastYear = 0;

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** Which release of the rules it has, e.g. `2026a`: a later one is greater. */
  get rules(): string {
    return process.versions['tz'] ?? '0';
  }

  /**
   * The zone's offsets from 1970 up to the end of `lastYearAt` now: (from, offset) in milliseconds, one after the other; undefined: there is no
   * zone of this name. Some 100 ms the first time.
   */
  offsetsOf(zone: string): readonly number[] | undefined {
    const lastYear = lastYearAt(this.#clock());
    if (lastYear !== this.#lastYear) this.#known.clear();
    this.#lastYear = lastYear;
    const found = this.#known.get(zone) ?? offsetsOf(zone, Date.UTC(lastYear + 1, 0, 1));
    if (found !== undefined) this.#known.set(zone, found);
    return found;
  }
}

/** The same between two times, as this process knows it now: for what is shown, never for what is decided. */
export function offsetsOf(zone: string, end: number, from = 0): readonly number[] | undefined {
  let clock: Clock;
  try {
    clock = new Clock(zone);
  } catch {
    return undefined;
  }
  const offsets = [from, clock.offsetAt(from)];
  for (let time = from; time < end; time += STEP_MS) {
    const next = time + STEP_MS;
    if (clock.offsetAt(next) === offsets.at(-1)) continue;
    const change = clock.changeBetween(time, next);
    offsets.push(change, clock.offsetAt(change));
  }
  return offsets.slice(0, 2 * ZONE_CHANGES_MAX);
}
