// What is looked after again and again while the server runs. Owns: the pauses between, that a look that failed ends nothing. Never touches: what is
// looked for.

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
