// Block time. Owns: the wall clock and how far it is believed. Never touches: state.
//   shard.T1. Block time never goes back.
//   shard.T2. The wall clock is believed up to CLOCK_JUMP_MAX_MS beyond what the monotonic clock says has passed.

import { CLOCK_JUMP_MAX_MS, DOWNTIME_MAX_MS } from '../limits.js';
import type { Clocks } from './machine.js';

export class Clock {
  readonly #clocks: Clocks;
  #wallBase: number;
  #steadyBase: number;
  #last: number;
  #isTrusted: boolean;

  /** `lastTime`: of the last block, 0 where there is none. */
  constructor(lastTime: number, isAccepted: boolean, clocks: Clocks) {
    this.#clocks = clocks;
    this.#last = lastTime;
    this.#wallBase = clocks.wallMs();
    this.#steadyBase = clocks.steadyMs();
    this.#isTrusted = isAccepted || lastTime === 0 || this.#wallBase - lastTime <= DOWNTIME_MAX_MS;
  }

  /** An operator says that the wall clock is right. */
  accept(): void {
    this.#wallBase = this.#clocks.wallMs();
    this.#steadyBase = this.#clocks.steadyMs();
    this.#isTrusted = true;
  }

  /** The time for a block, milliseconds since 1970; -1: the clock has jumped. */
  read(): number {
    const wall = this.#clocks.wallMs();
    const passed = this.#clocks.steadyMs() - this.#steadyBase;
    const believed = this.#wallBase + passed + CLOCK_JUMP_MAX_MS;
    if (!this.#isTrusted || wall > believed) return -1;
    if (wall > this.#last) this.#last = wall;
    return this.#last;
  }

  /** How far the wall clock is behind the time of blocks, which waits for it; 0: it is not. */
  get behindMs(): number {
    return Math.max(0, this.#last - this.#clocks.wallMs());
  }

  /** The time of the last block: what an answer is computed at while the clock is not believed. */
  get last(): number {
    return this.#last;
  }
}
