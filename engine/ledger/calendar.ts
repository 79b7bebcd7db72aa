// Days of a time zone, and when points of an asset expire by them. Owns: the arithmetic of dates. Never touches: the zone data of
// the process: a zone is a table of offsets, all of it logged (programme/definitions/zone-tables.ts).
//   ledger.C1. The same definitions and time give the same expiry for ever, whatever the release and its zone data.
//   ledger.C2. A day ends when no later moment belongs to it or to a day before: where clocks go back over midnight, the last time.

import { DAY_MS } from '../limits.js';
import type { Offsets, Zones } from '../programme/definitions/kind.js';
import type { Asset } from '../protocol/outcomes.js';
import { fixedDate, period } from '../protocol/syntax.js';

const PERIOD_UNITS = { D: 0, M: 1, Y: 12 } as const;

/** The number of the last offset that begins at or before this time. */
function segmentAt(time: number, offsets: Offsets): number {
  let low = 0;
  let high = offsets.length / 2 - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[2 * middle] as number) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The zone's day at this time, counted from 1970-01-01: the first one that has not ended. */
export function dayAt(time: number, offsets: Offsets): number {
  const onClock = (offsets[2 * segmentAt(time, offsets) + 1] as number) + time;
  const day = Math.floor(onClock / DAY_MS);
  return endOfDay(day - 1, offsets) > time ? day - 1 : day;
}

/** The first moment after the day. */
export function endOfDay(day: number, offsets: Offsets): number {
  const midnight = (day + 1) * DAY_MS;
  let segment = segmentAt(midnight + DAY_MS, offsets);
  // Back to the last offset under which the day, or one before it, was seen on a clock.
  while (
    segment > 0 &&
    (offsets[2 * segment] as number) + (offsets[2 * segment + 1] as number) >= midnight
  )
    segment--;
  const next = offsets[2 * segment + 2] ?? Number.POSITIVE_INFINITY;
  return Math.min(midnight - (offsets[2 * segment + 1] as number), next);
}

/** A time, rounded up to the end of a day of the zone. */
export function dayEnd(time: number, offsets: Offsets): number {
  return endOfDay(dayAt(time - 1, offsets), offsets);
}

/** A date of the Gregorian calendar. */
interface CalendarDate {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** 1..31 */
  readonly day: number;
}

/** Days from 1970-01-01 to the first of March of year 0, and in 400 years. */
const [MARCH_0, DAYS_400] = [-719_468, 146_097];

/** The date of a day counted from 1970-01-01. Years begin in March here, so that a leap day ends one. */
export function dateOf(day: number): CalendarDate {
  const days = day - MARCH_0;
  const era = Math.floor(days / DAYS_400);
  const ofEra = days - era * DAYS_400;
  const leaps = Math.floor(ofEra / 1460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const yearOfEra = Math.floor((ofEra - leaps) / 365);
  const ofYear =
    ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** The day of a date, counted from 1970-01-01. */
export function dayOf({ year, month, day }: CalendarDate): number {
  const fromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  return era * DAYS_400 + ofEra + MARCH_0;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day of this date, or the last one of its month where that is shorter. */
export const dayWithin = (year: number, month: number, day: number): number =>
  dayOf({ year, month, day: Math.min(day, daysIn(year, month)) });

/** So many months later, on the same day of the month or the last one of a shorter month. */
function monthsLater(day: number, months: number): number {
  const date = dateOf(day);
  const count = date.month - 1 + months;
  return dayWithin(date.year + Math.floor(count / 12), (count % 12) + 1, date.day);
}

/** The last day of points of this asset that are earned on this day. */
export function lastDay(earned: number, { expiresAfter, expiresOn }: Asset): number {
  let day = earned;
  if (expiresAfter !== undefined) {
    const { count, unit } = period(expiresAfter);
    day = unit === 'D' ? day + count : monthsLater(day, count * PERIOD_UNITS[unit]);
  }
  if (expiresOn === undefined) return day;
  const [month, dayOfMonth] = fixedDate(expiresOn);
  const { year } = dateOf(day);
  const thisYear = dayWithin(year, month, dayOfMonth);
  return thisYear >= day ? thisYear : dayWithin(year + 1, month, dayOfMonth);
}

const UTC: Offsets = [0, 0];

/** Expiries of assets by their calendars, each worked out once for all that is earned on one day. */
export class Calendar {
  readonly #state: { readonly definitions: { readonly zones: Zones } };
  readonly #days: (
    | {
        readonly asset: Asset;
        readonly offsets: Offsets;
        readonly from: number;
        readonly end: number;
        readonly expiry: number;
      }
    | undefined
  )[] = [];

  constructor(state: { readonly definitions: { readonly zones: Zones } }) {
    this.#state = state;
  }

  /** When points that are earned now expire; `number`: the asset's. Only of an asset with expiresAfter or expiresOn. */
  expiry(asset: Asset, number: number, time: number): number {
    const offsets = this.#offsets(asset, time) ?? UTC;
    const known = this.#days[number];
    const isKnown = known !== undefined && known.asset === asset && known.offsets === offsets;
    if (isKnown && time >= known.from && time < known.end) return known.expiry;
    const day = dayAt(time, offsets);
    const expiry = endOfDay(lastDay(day, asset), offsets);
    const [from, end] = [endOfDay(day - 1, offsets), endOfDay(day, offsets)];
    this.#days[number] = { asset, offsets, from, end, expiry };
    return expiry;
  }

  /** An expiry rounded up to the asset's granularity, which is a day of its zone where it has one. */
  rounded(expiresAt: number, asset: Asset, time: number): number {
    const { lotGranularityMs: granularity } = asset;
    const offsets = granularity === DAY_MS ? this.#offsets(asset, time) : undefined;
    return offsets === undefined
      ? Math.ceil(expiresAt / granularity) * granularity
      : dayEnd(expiresAt, offsets);
  }

  /** Of the zone that an asset's days are of, as it is known at this block time; undefined: it has none. */
  #offsets({ zone, zoneOffsets }: Asset, time: number): Offsets | undefined {
    if (zone === undefined || zoneOffsets === undefined) return undefined;
    return this.#state.definitions.zones.offsetsAt(zone, zoneOffsets, time);
  }
}
