// Commands of the gateway's own that were refused for now: asked for again. Owns: for how long. Never touches: what they say.

import { type Outcome, REFUSALS } from '../../../engine/index.js';

/** How long it is tried again, and how often. */
const TRIED_MS = 10_000;
const AGAIN_MS = 50;

/**
 * What came of a command that has an id: asked for again as long as it is refused for now, for some time. `meanwhile`: is done before it is asked for
 * again, with what it was refused with.
 */
export async function retried(
  ask: () => Promise<Outcome>,
  meanwhile: (refused: Outcome) => Promise<unknown> = async () => undefined,
): Promise<Outcome> {
  const until = performance.now() + TRIED_MS;
  for (;;) {
    const outcome = await ask();
    if (outcome.ok || !REFUSALS[outcome.code].retry || performance.now() > until) return outcome;
    await meanwhile(outcome);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
