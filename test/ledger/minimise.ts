// Makes a failing sequence short: leaves out commands as long as it still fails.
// Owns: which commands are left out. Never touches: what failing means.

import type { Step } from './generator.js';
import { canonical } from './model.js';

/** One command at its time; none: a tick. */
type Atom = Step;

function atomsOf(steps: readonly Step[]): Atom[] {
  return steps.flatMap(({ time, commands }): Atom[] =>
    commands.length === 0
      ? [{ time, commands }]
      : commands.map((command) => ({ time, commands: [command] })),
  );
}

/** The shortest sequence found that still fails, in about `msMax`. */
export async function minimise(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  msMax = 60_000,
): Promise<readonly Step[]> {
  let shortest: readonly Step[] = atomsOf(steps);
  if (!(await fails(shortest))) return steps;
  const end = performance.now() + msMax;
  let chunk = shortest.length >> 1;
  while (chunk >= 1 && performance.now() < end) {
    let left = false;
    for (let at = shortest.length - chunk; at > -chunk && performance.now() < end; at -= chunk) {
      const without = [...shortest.slice(0, Math.max(0, at)), ...shortest.slice(at + chunk)];
      if (!(await fails(without))) continue;
      shortest = without;
      left = true;
    }
    if (!left || chunk > 1) chunk >>= 1;
  }
  return shortest;
}

/** For people: one command a line, times relative to the first. */
export function listing(steps: readonly Step[]): string {
  const start = steps[0]?.time ?? 0;
  const lines = steps.flatMap(({ time, commands }) => {
    const at = `+${time - start}ms`.padStart(14);
    if (commands.length === 0) return [`${at}  tick`];
    return commands.map((command) => `${at}  ${canonical(command)}`);
  });
  return `times from ${start}\n${lines.join('\n')}\n`;
}
