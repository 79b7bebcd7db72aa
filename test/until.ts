// Waiting in tests for what comes by itself.

import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is not false, and returns it; throws, saying what was waited for, where it takes too long. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 90_000,
): Promise<Exclude<T, false>> {
  for (const end = Date.now() + limitMs; ; await sleep(5)) {
    const found = await ask();
    if (found !== false) return found as Exclude<T, false>;
    if (Date.now() > end) throw new Error(`waited too long: ${what}`);
  }
}

/** The same of what costs somebody something to be asked: a server, a chain. */
export const slowly = <T>(what: string, ask: () => T | Promise<T>): Promise<Exclude<T, false>> =>
  until(what, async () => {
    const found = await ask();
    if (found === false) await sleep(100);
    return found;
  });
