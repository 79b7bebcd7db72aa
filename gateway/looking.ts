// What is looked after again and again while the server runs. Owns: the pauses between, that a look that failed ends nothing, how long one look is waited for.
// Never touches: what is looked for.

import { setTimeout as sleep } from 'node:timers/promises';

/** Looks every so often until the signal comes; what goes wrong is told, under this name, and looked for again. */
export async function lookRepeatedly(
  name: string,
  everyMs: number,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    await look().catch((error: unknown) => {
      if (!signal.aborted) process.emitWarning(`${name}: ${(error as Error).message}`);
    });
  }
}

/** What was asked; undefined: it takes longer than may be waited. What fails throws. */
export async function inTime<T>(asked: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined).unref();
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
