// How much the thread that delivers takes of the cores while the ledger needs them. Owns: when it gives way, how much it takes then. Never touches: what is
// sent, which receiver's turn it is.
//   outbound.C1. It gives way while the process's other threads are busy and it waits for a core longer than it runs; where the system does not say so
//       (other than Linux), never.
//   outbound.C2. It never stands still: so much of a core is its own, whatever the others do.

import { readFileSync } from 'node:fs';

/** Time of processors, in milliseconds. */
export interface Spent {
  /** That this thread has run. */
  readonly ran: number;
  /** That it could have, had there been a core. */
  readonly waited: number;
  /** That all threads of the process have run. */
  readonly all: number;
}

/** Between two looks at what was spent. */
const LOOK_MS = 100;
/** More than so much of a core, and the others are busy. */
const BUSY = 0.5;
/** What is saved up, at most: so many looks. */
const SAVED_LOOKS = 2;
/** Of an attempt, until it is known. */
const FIRST_COST_MS = 0.3;
/** How much a look counts for what an attempt costs. */
const WEIGHT = 0.2;
const NS_PER_MS = 1e6;

/** What this thread has spent; undefined: the system does not say. */
export function spentHere(): Spent | undefined {
  try {
    const [ran = 0, waited = 0] = readFileSync('/proc/thread-self/schedstat', 'latin1')
      .split(' ')
      .map((text) => Number(text) / NS_PER_MS);
    const { user, system } = process.cpuUsage();
    return { ran, waited, all: (user + system) / 1_000 };
  } catch {
    return undefined;
  }
}

export class Pace {
  readonly #share: number;
  readonly #spent: () => Spent | undefined;
  #before: Spent | undefined;
  #at = 0;
  #isTight = false;
  /** What it may take yet, in milliseconds of a core. */
  #left = 0;
  #cost = FIRST_COST_MS;
  #started = 0;

  /** `percent`: of a core, which it may take at any time. */
  constructor(percent: number, spent: () => Spent | undefined = spentHere) {
    this.#share = percent / 100;
    this.#spent = spent;
  }

  /** Does it give way? */
  get isTight(): boolean {
    return this.#isTight;
  }

  /** May something more be done now? */
  get mayGoOn(): boolean {
    return !this.#isTight || this.#left > 0;
  }

  /** May one attempt more begin? Then it counts. */
  take(): boolean {
    if (!this.mayGoOn) return false;
    this.#started++;
    if (this.#isTight) this.#left -= this.#cost;
    return true;
  }

  /** Looks how things are, at most every so often. `now`: by a clock that never goes back. */
  look(now: number): void {
    const elapsed = now - this.#at;
    if (elapsed < LOOK_MS) return;
    const [before, spent] = [this.#before, this.#spent()];
    const isFirst = before === undefined || spent === undefined;
    this.#before = spent;
    this.#at = now;
    const started = this.#started;
    this.#started = 0;
    if (isFirst) {
      this.#isTight = false;
      return;
    }
    const ran = spent.ran - before.ran;
    const others = spent.all - before.all - ran;
    const wasTight = this.#isTight;
    this.#isTight = others > BUSY * elapsed && spent.waited - before.waited > ran;
    // What its attempts were thought to cost is put right by what was spent.
    const thought = wasTight ? started * this.#cost : ran;
    const most = this.#share * LOOK_MS * SAVED_LOOKS;
    const left = this.#left + this.#share * elapsed - (ran - thought);
    this.#left = Math.max(-most, Math.min(left, most));
    if (started > 0) this.#cost += WEIGHT * (ran / started - this.#cost);
  }
}
