// Commands that are asked for until they are decided for good. Owns: the asking. Never touches: what they come to.

import { type Command, type Engine, type Outcome, REFUSALS } from '../../engine/index.js';

/** What becomes of commands, each asked again under its id until it is, or is refused as not now. */
export async function settled(
  engine: Pick<Engine, 'submitBatch'>,
  commands: readonly Command[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(commands.length);
  let left = commands.map((_, i) => i);
  for (let round = 0; left.length > 0; round++) {
    if (round > 400)
      throw new Error(`${left.length} never end: ${JSON.stringify(outcomes[left[0] as number])}`);
    const asked = left.map((i) => commands[i] as Command);
    const came = await engine.submitBatch(asked, { timeoutMs: 30_000 });
    came.forEach((outcome, at) => {
      outcomes[left[at] as number] = outcome;
    });
    left = left.filter((i) => {
      const outcome = outcomes[i] as Outcome;
      return !outcome.ok && REFUSALS[outcome.code].kept === 'transient';
    });
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return outcomes;
}
