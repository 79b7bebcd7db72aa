// Days, spans and years of membership in Shanghai, in plain code. Owns: that reading of the calendar. Never touches: the engine.

import { DAY_MS, HOUR_MS } from './earning-world.js';

export const SHANGHAI_MS = 8 * HOUR_MS;

export const dayOf = (time: number): number => Math.floor((time + SHANGHAI_MS) / DAY_MS);
export const dateOf = (time: number): string => new Date(time + SHANGHAI_MS).toISOString();
/** Monday: 1. */
export const weekdayOf = (time: number): number => ((dayOf(time) + 3) % 7) + 1;
const isIn = (span: string, day: number, time: number): boolean =>
  windowOf(span, day * DAY_MS - SHANGHAI_MS) === windowOf(span, time);

/** A window is known by the day on which it begins. */
export function windowOf(span: string, time: number): string {
  const day = dayOf(time);
  if (span === 'day') return `${day}`;
  if (span === 'week') return `${day - weekdayOf(time) + 1}`;
  const { length } = { month: 'YYYY-MM', year: 'YYYY' }[span] ?? '';
  if (length === 0) return 'ever';
  return `${Date.parse(`${dateOf(time).slice(0, length)}${'-01-01'.slice(length === 4 ? 0 : 3)}`) / DAY_MS}`;
}

/** When the window of a time is over. */
export function windowEnd(span: string, time: number): number {
  if (span === 'ever') return Number.POSITIVE_INFINITY;
  let day = dayOf(time);
  while (isIn(span, day, time)) day++;
  return day * DAY_MS - SHANGHAI_MS;
}

/** Which year of membership a time is in, from 0 on. */
export function yearOfMembership(since: number, time: number): number {
  const [year, month, day] = dateOf(since).slice(0, 10).split('-').map(Number) as [
    number,
    number,
    number,
  ];
  const beginOf = (n: number): number => {
    const date = new Date(Date.UTC(year + n, month - 1, day));
    // There is no such day: the last one of the month before.
    if (date.getUTCDate() !== day) date.setUTCDate(0);
    return date.getTime() / DAY_MS;
  };
  let n = 0;
  while (beginOf(n + 1) <= dayOf(time)) n++;
  return n;
}
