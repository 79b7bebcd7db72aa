// Periods of a leaderboard. Owns: what they are called, when they begin and end, and until when what comes late counts.
//   leaderboards.P1. A moment is in one period of a board at most; periods of a day, week or month follow one another without a gap.

import { dateOf, dayAt, dayOf } from '../../ledger/calendar.js';
import { BOARD_GRACE_MS } from '../../limits.js';
import type { TypeOf } from '../../protocol/fields.js';
import type { leaderboard } from '../definitions/index.js';
import type { Offsets } from '../definitions/kind.js';
import { windowAt } from '../earning/windows.js';

export type Board = TypeOf<typeof leaderboard.decides>;

/** A period: [from, to). */
export interface BoardPeriod {
  /** `2026-11-29`, `2026-W48`, `2026-11`, or `once`. */
  readonly period: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

const ONCE = 'once';
/** 1970-01-01 was a Thursday. */
const MONDAY = 3;
const WEEK = 7;

const padded = (number: number, length: number): string => String(number).padStart(length, '0');

/** The week of ISO 8601: of the year that its Thursday is in. */
function weekOf(day: number): string {
  const thursday = day - ((((day + MONDAY) % WEEK) + WEEK) % WEEK) + MONDAY;
  const { year } = dateOf(thursday);
  const week = Math.floor((thursday - dayOf({ year, month: 1, day: 1 })) / WEEK) + 1;
  return `${padded(year, 4)}-W${padded(week, 2)}`;
}

function nameOf(span: 'day' | 'week' | 'month', day: number): string {
  if (span === 'week') return weekOf(day);
  const { year, month, day: ofMonth } = dateOf(day);
  const name = `${padded(year, 4)}-${padded(month, 2)}`;
  return span === 'month' ? name : `${name}-${padded(ofMonth, 2)}`;
}

/** The period that a moment is in; undefined: none. `offsets`: of the programme's zone. */
export function periodAt(board: Board, time: number, offsets: Offsets): BoardPeriod | undefined {
  const { period: span, from = 0, to = 0 } = board;
  if (span === 'once') return time >= from && time < to ? { period: ONCE, from, to } : undefined;
  const window = windowAt(span, time, offsets, 0);
  return {
    period: nameOf(span, dayAt(time, offsets)),
    from: window.from,
    to: window.until,
  };
}

const NAME = /^(\d{4})-(?:W(\d{2})|(\d{2})(?:-(\d{2}))?)$/;
/** Later than midnight by as much as clocks may be set, and still in the day. */
const NOON_MS = 12 * 3_600_000;
const DAY_MS = 2 * NOON_MS;

/** The period of this name; undefined: the board has none. */
export function periodNamed(board: Board, name: string, offsets: Offsets): BoardPeriod | undefined {
  if (board.period === 'once')
    return name === ONCE ? periodAt(board, board.from ?? 0, offsets) : undefined;
  const [, year, week, month, day] = NAME.exec(name) ?? [];
  if (year === undefined) return undefined;
  // The fourth of January is in the first week.
  const first =
    week === undefined
      ? dayOf({ year: Number(year), month: Number(month), day: Number(day ?? 1) })
      : dayOf({ year: Number(year), month: 1, day: 4 }) + (Number(week) - 1) * WEEK;
  // By the clocks of its zone, which the offset of that time tells near enough.
  const noon = first * DAY_MS + NOON_MS;
  const found = [noon, noon - NOON_MS, noon + NOON_MS]
    .map((time) => periodAt(board, time, offsets))
    .find((one) => one?.period === name);
  return found;
}

/** From when on nothing more counts. */
export const closesAt = (
  { graceMs = BOARD_GRACE_MS }: Pick<Board, 'graceMs'>,
  { to }: Pick<BoardPeriod, 'to'>,
): number => to + graceMs;
