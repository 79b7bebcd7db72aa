// Times of cron expressions. Owns: what is one, when it is due. Never touches: what is done then.

import { Cron } from 'croner';

const SECOND_MS = 1_000;
const UTC = 'UTC';

/** An expression; undefined: it is none. */
function cronOf(text: string, zone: string): Cron | undefined {
  try {
    return new Cron(text, { timezone: zone, paused: true });
  } catch {
    return undefined;
  }
}

/** What is wrong with a cron expression; undefined: nothing. */
export function cronProblem(text: string, zone = UTC): string | undefined {
  const cron = cronOf(text, zone);
  if (cron === undefined) return 'It is no cron expression of five fields.';
  return cron.nextRun() === null ? 'There is no such time.' : undefined;
}

/** The last time up to now, milliseconds since 1970; undefined: none. */
export function lastTime(text: string, now: number, zone = UTC): number | undefined {
  const [last] = cronOf(text, zone)?.previousRuns(1, new Date(now + SECOND_MS)) ?? [];
  const at = last?.getTime();
  return at === undefined || at > now ? undefined : at;
}

/** The next times after now, so many; fewer: there are no more. */
export const nextTimes = (text: string, now: number, count: number, zone = UTC): number[] =>
  (cronOf(text, zone)?.nextRuns(count, new Date(now)) ?? []).map((one) => one.getTime());
