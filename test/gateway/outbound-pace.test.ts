// How the thread that delivers gives way: what it takes of a core, by a machine that is thought up.

import t from 'tap';
import { Pace, type Spent, spentHere } from '../../gateway/outbound/pace.js';

const STEP_MS = 10;
const COST_MS = 0.4;

/** Attempts as many as it may, for so long. `others`: cores that the other threads have; `waits`: how long it waits for each millisecond that it runs. */
class Machine {
  readonly #spent = { ran: 0, waited: 0, all: 0 };
  readonly pace: Pace;
  #now = 0;

  constructor(percent: number, says = true) {
    this.pace = new Pace(percent, () => (says ? { ...this.#spent } : undefined));
  }

  /** Milliseconds that it has run for each that has passed. */
  runs(ms: number, others: number, waits: number): number {
    const before = this.#spent.ran;
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.pace.look(this.#now);
      let ran = 0;
      while (ran < STEP_MS && this.pace.take()) ran += COST_MS;
      // It looks at what there is, too.
      ran += 0.05;
      this.#spent.ran += ran;
      this.#spent.waited += ran * waits;
      this.#spent.all += ran + others * STEP_MS;
      this.#now += STEP_MS;
    }
    return (this.#spent.ran - before) / ms;
  }
}

t.test('as much as it can get, unless the others are busy and it waits for them', async (t) => {
  for (const [others, waits, says] of [
    [0, 0, true],
    [0.1, 5, true],
    [1.8, 0.2, true],
    [1.8, 9, false],
  ] as const)
    t.ok(new Machine(10, says).runs(2_000, others, waits) > 0.9, `${others}, ${waits}, ${says}`);
});

t.test(
  'its share while they are busy, all the time, and everything again afterwards',
  async (t) => {
    for (const percent of [1, 5, 10, 30]) {
      const machine = new Machine(percent);
      machine.runs(1_000, 1.8, 9);
      for (let n = 0; n < 5; n++) {
        const share = machine.runs(2_000, 1.8, 9);
        t.ok(share > percent / 150 && share < percent / 80, `${share} of ${percent}%`);
      }
      machine.runs(200, 0.1, 0);
      t.ok(machine.runs(1_000, 0.1, 0) > 0.9);
    }
  },
);

t.test('what this thread has spent', { skip: process.platform !== 'linux' }, async (t) => {
  const before = spentHere() as Spent;
  const until = performance.now() + 20;
  while (performance.now() < until);
  const after = spentHere() as Spent;
  t.ok(after.ran > before.ran && after.waited >= before.waited && after.all > before.all);
});
