// Days in a row, as runs of days. Owns: how a day is added and taken out. Never touches: what a day is.
//   earning.S1. Runs do not touch each other: days that follow one another are in one run.
//   earning.S2. So many runs are kept that a day on which an event may still come is never forgotten.

import { STREAK_RUNS_MAX } from '../../limits.js';

/** (first day, last day), the newest run first. */
export type Runs = readonly (readonly [first: number, last: number])[];

/** How many days in a row there are up to this day, with it. */
export function daysInARow(runs: Runs, day: number): number {
  for (const [first, last] of runs) if (day >= first && day <= last + 1) return day - first + 1;
  return 1;
}

export const hasDay = (runs: Runs, day: number): boolean =>
  runs.some(([first, last]) => day >= first && day <= last);

/** With a day more. */
export function withDay(runs: Runs, day: number): Runs {
  if (hasDay(runs, day)) return runs;
  const before = runs.find(([, last]) => last === day - 1);
  const after = runs.find(([first]) => first === day + 1);
  const others = runs.filter((run) => run !== before && run !== after);
  const joined = [before?.[0] ?? day, after?.[1] ?? day] as const;
  return [...others, joined].sort(([a], [b]) => b - a).slice(0, STREAK_RUNS_MAX);
}

/** Without a day. */
export const withoutDay = (runs: Runs, day: number): Runs => withoutRuns(runs, [[day, day]]);

/** The days of these runs without those of others. */
export const withoutRuns = (runs: Runs, others: Runs): Runs =>
  others
    .reduce<Runs>(
      (left, [from, to]) =>
        left.flatMap(([first, last]): (readonly [number, number])[] =>
          to < first || from > last
            ? [[first, last]]
            : [
                [to + 1, last],
                [first, from - 1],
              ],
        ),
      runs,
    )
    .filter(([first, last]) => first <= last);

/** The days of both. */
export function joinedRuns(runs: Runs, others: Runs): Runs {
  const joined: [number, number][] = [];
  for (const [first, last] of [...runs, ...others].sort(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined.reverse().slice(0, STREAK_RUNS_MAX);
}
