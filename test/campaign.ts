// How many seeded cases a randomised test runs, and which.
// Owns: the environment variables for it. Never touches: what a case does.
//   The default suite runs `sample` cases, the same ones every time.
//   JIFEN_LONG=1    runs `long` cases, new ones every time (the first seed is printed).
//   JIFEN_SEED=n    starts at seed n: that one case, or JIFEN_COUNT of them from there.
//   JIFEN_COUNT=n   runs n cases.

import { relative } from 'node:path';

export interface Campaign {
  readonly count: number;
  /** `count` seeds, each 0 .. 2^32-1, one after the other. */
  readonly seeds: Iterable<number>;
  /** Runs one case per seed; for one that throws, prints how to repeat it, and throws on. */
  run(body: (seed: number) => void | Promise<void>): Promise<void>;
  /** The command that repeats one case: for tests that report a failure without throwing. */
  repeat(seed: number): string;
}

export function campaign(plan: { name: string; long: number; sample: number }): Campaign {
  const long = process.env.JIFEN_LONG === '1';
  const seed = numberFrom('JIFEN_SEED');
  const count =
    numberFrom('JIFEN_COUNT') ?? (seed !== undefined ? 1 : long ? plan.long : plan.sample);
  const first = seed ?? (long ? Date.now() % 2 ** 32 : 1);
  const file = relative(process.cwd(), process.argv[1] ?? '');
  const repeat = (at: number) => `JIFEN_SEED=${at} npx tap ${file}`;
  process.stderr.write(`${plan.name}: ${count} cases from seed ${first}\n`);
  const seeds = {
    *[Symbol.iterator]() {
      for (let i = 0; i < count; i++) yield (first + i) % 2 ** 32;
    },
  };
  const run = async (body: (seed: number) => void | Promise<void>) => {
    for (const at of seeds) {
      try {
        await body(at);
      } catch (error) {
        process.stderr.write(`${plan.name} failed with seed ${at}; to repeat: ${repeat(at)}\n`);
        throw error;
      }
    }
  };
  return { count, seeds, run, repeat };
}

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} is not a whole number: ${text}`);
  return Number(text);
}
