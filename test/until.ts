// Waiting in tests for what comes by itself.

import { setTimeout as sleep } from 'node:timers/promises';

/** Between two questions, in ms: at first, and at most. */
const [PAUSE_MS, PAUSE_MS_MAX] = [5, 50];
/** What has not come for a while need not be seen as soon: a question is often a request, and others wait for its processor. */
const OF_WAITED = 1 / 4;

/** Asks until the answer is not false, and returns it; throws, saying what was waited for, where it takes too long. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 90_000,
): Promise<Exclude<T, false>> {
  for (const begun = Date.now(); ; ) {
    const found = await ask();
    if (found !== false) return found as Exclude<T, false>;
    const waitedMs = Date.now() - begun;
    if (waitedMs > limitMs) throw new Error(`waited too long: ${what}`);
    await sleep(Math.min(Math.max(PAUSE_MS, waitedMs * OF_WAITED), PAUSE_MS_MAX));
  }
}

/** The same of what costs somebody something to be asked: a server, a chain. */
export const slowly = <T>(what: string, ask: () => T | Promise<T>): Promise<Exclude<T, false>> =>
  until(what, async () => {
    const found = await ask();
    if (found === false) await sleep(100);
    return found;
  });
