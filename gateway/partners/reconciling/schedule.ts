// When partners are reconciled by themselves. Owns: cron expressions, which period is due. Never touches: runs.
//   reconciling.T1. Periods follow each other without a gap: one begins where all before is judged, and ends the grace time before the time that is due.
//   reconciling.T2. What was missed while nothing ran, or could not be known, is judged by the next run, at once.

import { Cron } from 'croner';
import type { Scheduled } from './reports.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** The times of a cron expression, in UTC; undefined: it is none. */
function cronOf(text: string): Cron | undefined {
  try {
    return new Cron(text, { timezone: 'UTC', paused: true });
  } catch {
    return undefined;
  }
}

/** What is wrong with a cron expression; undefined: nothing. */
export function cronProblem(text: string): string | undefined {
  const cron = cronOf(text);
  if (cron === undefined) return 'It is no cron expression of five fields.';
  return cron.nextRun() === null ? 'There is no such time.' : undefined;
}

/** The last time up to now, milliseconds since 1970; undefined: none. */
export function lastTime(text: string, now: number): number | undefined {
  const [last] = cronOf(text)?.previousRuns(1, new Date(now + SECOND_MS)) ?? [];
  const at = last?.getTime();
  return at === undefined || at > now ? undefined : at;
}

export interface Due {
  readonly from: number;
  readonly until: number;
}

/** The period that is due, where one is. `daysMax`: it is no longer; what is left is due after it. */
export function duePeriod(
  text: string,
  now: number,
  { graceSeconds, daysMax }: { readonly graceSeconds: number; readonly daysMax: number },
  scheduled: Scheduled,
): Due | undefined {
  const time = lastTime(text, now);
  if (time === undefined) return undefined;
  const { until: from, tried } = scheduled;
  const until = Math.min(time - graceSeconds * SECOND_MS, from + daysMax * DAY_MS);
  return time > tried && until > from ? { from, until } : undefined;
}
