// Days of a zone, as a report has them. Owns: their limits, in SQL and out of it. Never touches: what is counted by them.
//   reports.D1. A day here is the ledger's (ledger.C2): where clocks go back over midnight, it lasts until the last time they show it.
//   reports.D2. Who did something in which period is kept as bits, so many periods in a number: a group of each member, not of each member and period.

import { endOfDay, limits, zoneOffsets } from '../../../engine/index.js';
import type { Days } from './shapes.js';

const { DAY_MS } = limits;
/** Zones and years of which days are remembered. */
const REMEMBERED = 16;

/** Days from `from` on: all of 24 hours, at another time than those of UTC; or one that is longer or shorter. `sql` of a time among them. */
interface Stretch {
  readonly from: number;
  readonly sql: (time: string) => string;
}

const remembered = new Map<string, Days>();

const yearOf = (time: number): number => new Date(time).getUTCFullYear();

/** The days of a zone in the years between two times, and as they go on from there; undefined: there is no such zone. */
export function daysOf(zone: string, from: number, to: number): Days | undefined {
  const [first, last] = [yearOf(from), yearOf(to)];
  const name = `${zone} ${first} ${last}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const found = daysIn(zone, Date.UTC(first, 0, 1), Date.UTC(last + 1, 0, 1));
  if (found === undefined) return undefined;
  if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  remembered.set(name, found);
  return found;
}

function daysIn(zone: string, from: number, to: number): Days | undefined {
  // Some days before and after, so that no day here begins with the table.
  const offsets = zoneOffsets(zone, to + 3 * DAY_MS, Math.max(0, from - 3 * DAY_MS));
  if (offsets === undefined) return undefined;
  const start = (day: number): number => endOfDay(day - 1, offsets);
  const of = (time: number): number => {
    let day = Math.floor(time / DAY_MS) + 1;
    while (start(day) > time) day--;
    return day;
  };
  const stretches = stretchesOf(of(Math.max(from - DAY_MS, 0)), of(to + DAY_MS), start);
  return { zone, start, of, day: (time) => choice(stretches, time) };
}

function stretchesOf(first: number, last: number, start: (day: number) => number): Stretch[] {
  const found: Stretch[] = [];
  let shift: number | undefined;
  let from = start(first);
  for (let day = first; day <= last; day++) {
    const end = start(day + 1);
    const ahead = day * DAY_MS - from;
    if (end - from !== DAY_MS) {
      found.push({ from, sql: () => String(day) });
      shift = undefined;
    } else if (ahead !== shift) {
      found.push({ from, sql: (time) => `((${time} + ${ahead}) // ${DAY_MS})` });
      shift = ahead;
    }
    from = end;
  }
  return found;
}

/** SQL that looks for the stretch of a time by halves: zones that change their clocks have very many. */
function choice(stretches: readonly Stretch[], time: string): string {
  const middle = stretches.length >> 1;
  const second = stretches[middle] as Stretch;
  if (middle === 0) return second.sql(time);
  const [before, after] = [stretches.slice(0, middle), stretches.slice(middle)];
  return `(CASE WHEN ${time} < ${second.from} THEN ${choice(before, time)} ELSE ${choice(after, time)} END)`;
}

/** A week begins on Monday; 1970-01-01 was a Thursday. */
const BUCKETS = {
  day: (day: string) => day,
  week: (day: string) => `(${day} - (${day} + 3) % 7)`,
  month: (day: string) =>
    `(CAST(date_trunc('month', DATE '1970-01-01' + CAST(${day} AS INTEGER)) AS DATE) - DATE '1970-01-01')`,
} as const;

/** SQL for the first day of what a day is in, counted from 1970-01-01. */
export const bucketOf = (interval: keyof typeof BUCKETS, day: string): string =>
  BUCKETS[interval](day);

/** The how manieth day, week or month since 1970 a day is in; and the first day of that. */
const PERIODS = {
  day: { of: (day: string) => day, first: (n: string) => n },
  week: { of: (day: string) => `((${day} + 3) // 7)`, first: (n: string) => `(${n} * 7 - 3)` },
  month: {
    of: (day: string) =>
      `date_diff('month', DATE '1970-01-01', DATE '1970-01-01' + CAST(${day} AS INTEGER))`,
    first: (n: string) =>
      `(CAST(DATE '1970-01-01' + to_months(CAST(${n} AS INTEGER)) AS DATE) - DATE '1970-01-01')`,
  },
} as const;

/** SQL for the number of the period that a day is in. */
export const periodOf = (interval: keyof typeof PERIODS, day: string): string =>
  PERIODS[interval].of(day);

/** SQL for the first day of a period, counted from 1970-01-01, as bucketOf has it. */
export const firstDayOf = (interval: keyof typeof PERIODS, n: string): string =>
  PERIODS[interval].first(n);

/** Periods in a number of D2; the first is one before 1970, which zones behind UTC have. */
const BITS = 60;

/** SQL for which number of D2 a period is in. */
export const bitsOf = (period: string): string => `((${period} + ${BITS}) // ${BITS})`;

/** SQL for the periods in which a condition holds, of one number of D2. */
export const bitsWhere = (condition: string, period: string): string =>
  `coalesce(bit_or(CASE WHEN ${condition} THEN CAST(1 AS BIGINT) << CAST((${period} + ${BITS}) % ${BITS} AS BIGINT) END), 0)`;

/** SQL for rows (place, bit) of all periods of a number of D2, to join with. */
export const ALL_BITS = `(SELECT range AS place, CAST(1 AS BIGINT) << range AS bit FROM range(${BITS}))`;

/** SQL for the period at a place of a number of D2. */
export const periodAt = (number: string, place: string): string =>
  `((${number} - 1) * ${BITS} + ${place})`;

/** The first day of the month that a day is in, or of one after it. */
export function monthOf(day: number, ahead = 0): number {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1) / DAY_MS;
}

/** The day of a date, `2026-11-30`; undefined: there is none. */
export function dayOf(text: string): number | undefined {
  const time = Date.parse(`${text}T00:00:00Z`);
  const isOne = /^\d{4}-\d\d-\d\d$/.test(text) && time >= 0;
  return isOne && new Date(time).toISOString().startsWith(text) ? time / DAY_MS : undefined;
}
