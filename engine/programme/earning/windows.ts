// Spans of time of a programme's zone, as windows of counters. Owns: where they begin and end.
//   earning.W1. A moment is in one window of a span; windows of a span follow one another without a gap.

import { dateOf, dayAt, dayOf, dayWithin, endOfDay } from '../../ledger/calendar.js';
import { NEVER } from '../../limits.js';
import type { Window } from '../act.js';
import type { Span } from '../definitions/rule.js';

/** 1970-01-01 was a Thursday. */
const MONDAY = 3;

/** The first day of the span that this day is in, and of the next one. */
function daysOf(span: Exclude<Span, 'ever'>, day: number): readonly [number, number] {
  if (span === 'day') return [day, day + 1];
  if (span === 'week') {
    const first = day - ((((day + MONDAY) % 7) + 7) % 7);
    return [first, first + 7];
  }
  const { year, month } = dateOf(day);
  if (span === 'year')
    return [dayOf({ year, month: 1, day: 1 }), dayOf({ year: year + 1, month: 1, day: 1 })];
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return [dayOf({ year, month, day: 1 }), dayOf({ ...next, day: 1 })];
}

const EVER: Window = { from: 0, until: NEVER };

/** The window that was asked for last: most often the next one, too. */
let last: Window = EVER;
let [lastSpan, lastDay, lastKeepMs]: [Span, number, number] = ['ever', 0, 0];
let lastOffsets: readonly number[] = [];

/** The window of a day. `keepMs`: how long it is kept after its end. */
export function windowOf(
  span: Span,
  day: number,
  offsets: readonly number[],
  keepMs: number,
): Window {
  if (span === 'ever') return EVER;
  if (lastSpan !== span || lastDay !== day || lastKeepMs !== keepMs || lastOffsets !== offsets) {
    const [first, next] = daysOf(span, day);
    last = { from: endOfDay(first - 1, offsets), until: endOfDay(next - 1, offsets) + keepMs };
    [lastSpan, lastDay, lastKeepMs, lastOffsets] = [span, day, keepMs, offsets];
  }
  return last;
}

/** The window of a time. */
export const windowAt = (
  span: Span,
  time: number,
  offsets: readonly number[],
  keepMs: number,
): Window => windowOf(span, span === 'ever' ? 0 : dayAt(time, offsets), offsets, keepMs);

/** The number of a time's month, from year 0 on: twelve a year. */
export function monthAt(time: number, offsets: readonly number[]): number {
  const { year, month } = dateOf(dayAt(time, offsets));
  return year * 12 + month - 1;
}

/** When a month begins, of those that monthAt counts. */
export function startOfMonth(month: number, offsets: readonly number[]): number {
  const first = dayOf({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 1 });
  return endOfDay(first - 1, offsets);
}

/** The first day of a year that begins on the day of the year of `joined`; of 29 February in other years the last day of the month. */
function anniversaryDay(joined: number, year: number): number {
  const { month, day } = dateOf(joined);
  return dayWithin(year, month, day);
}

/** The number of the year of membership that a time is in: the one in which it began. What was before the first one is in the first one. */
export function anniversaryAt(since: number, time: number, offsets: readonly number[]): number {
  const joined = dayAt(since, offsets);
  const day = Math.max(joined, dayAt(time, offsets));
  const { year } = dateOf(day);
  return day >= anniversaryDay(joined, year) ? year : year - 1;
}

/** When a year of membership begins. */
export const startOfAnniversary = (
  since: number,
  year: number,
  offsets: readonly number[],
): number => endOfDay(anniversaryDay(dayAt(since, offsets), year) - 1, offsets);
