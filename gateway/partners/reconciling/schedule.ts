// When partners are reconciled by themselves. Owns: which period is due. Never touches: runs.
//   reconciling.T1. Periods follow each other without a gap: one begins where all before is judged, and ends the grace time before the time that is due.
//   reconciling.T2. What was missed while nothing ran, or could not be known, is judged by the next run, at once.

import { lastTime } from '../../cron.js';
import type { Scheduled } from './reports.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

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
