// Whether a partner is asked at all. Owns: when it is taken to be down, when it is tried again. Never touches: requests, timers, clocks.
//   partners.K1. After so many calls in a row without an answer it is down: calls wait, and it is asked how it is, after growing pauses.
//   partners.K2. Where it says that it is well, one call at a time is tried; the first one that is answered has all of them go on. One that is not, and the
//       next pause is longer: only an answered call ends the growing, not a partner that says it is well.
//   partners.K3. What was asked before it was down says nothing about how it is since.

import { pauseAfter } from '../outbound/pauses.js';
import type { BREAKER_STATES } from '../schema/partners.js';

export interface BreakerLimits {
  readonly partnerFailuresMax: number;
  readonly partnerPauseMs: number;
  readonly partnerPauseMsMax: number;
}

/** How it is, for who asks. */
export interface BreakerFigures {
  readonly state: (typeof BREAKER_STATES)[number];
  /** Calls in a row without an answer. */
  readonly failures: number;
  /** Since when it is down, milliseconds since 1970. */
  readonly since: number | undefined;
  /** When it is asked next how it is. */
  readonly nextAt: number | undefined;
  /** What the last failure was, in a word. */
  readonly why: string | undefined;
}

/** Leave to ask; given back with what came of it. */
export interface Leave {
  readonly epoch: number;
  readonly isTrial: boolean;
}

export class Breaker {
  readonly #limits: BreakerLimits;
  readonly #now: () => number;
  #state: BreakerFigures['state'] = 'closed';
  #failures = 0;
  /** The same of how often it was asked how it is. */
  #unwell = 0;
  #pauses = 0;
  #since: number | undefined;
  #downAt: number | undefined;
  #nextAt: number | undefined;
  #why: string | undefined;
  #isTried = false;
  /** Raised whenever it goes down, or comes back. */
  #epoch = 0;

  /** `now`: milliseconds since 1970. */
  constructor(limits: BreakerLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get figures(): BreakerFigures {
    return {
      state: this.#state,
      failures: this.#failures,
      since: this.#since,
      nextAt: this.#state === 'open' ? this.#nextAt : undefined,
      why: this.#why,
    };
  }

  /** May it be asked now? A number: not before so many milliseconds. */
  enter(): Leave | number {
    if (this.#state === 'closed') return { epoch: this.#epoch, isTrial: false };
    if (this.#state === 'half_open' && !this.#isTried) {
      this.#isTried = true;
      return { epoch: this.#epoch, isTrial: true };
    }
    const { partnerPauseMs } = this.#limits;
    return Math.max(partnerPauseMs, (this.#nextAt ?? 0) - this.#now());
  }

  /** What came of a call; `why`: it was not answered; null: that says nothing of the partner. */
  leave({ epoch, isTrial }: Leave, why: string | undefined | null): void {
    // K3.
    if (epoch !== this.#epoch) return;
    if (isTrial) this.#isTried = false;
    if (why === null) return;
    if (why === undefined) {
      this.#answered();
      return;
    }
    this.#failures++;
    this.#why = why;
    if (isTrial || this.#failures >= this.#limits.partnerFailuresMax) this.#down();
  }

  /** Is it to be asked now how it is, as it is down? */
  get isDue(): boolean {
    const now = this.#now();
    // Before it was down: the clock was set back.
    return this.#state === 'open' && (now >= (this.#nextAt ?? 0) || now < (this.#downAt ?? 0));
  }

  /** What it said when it was asked how it is; undefined: it is well. */
  said(why: string | undefined): void {
    if (why !== undefined) {
      this.#why = why;
      this.#unwell++;
      const isDown = this.#unwell >= this.#limits.partnerFailuresMax;
      if (this.#state !== 'closed' || isDown) this.#down();
      return;
    }
    this.#unwell = 0;
    if (this.#state !== 'open') return;
    this.#state = 'half_open';
    this.#isTried = false;
    this.#epoch++;
  }

  #answered(): void {
    if (this.#state !== 'closed') this.#epoch++;
    this.#state = 'closed';
    this.#failures = 0;
    this.#unwell = 0;
    this.#pauses = 0;
    this.#since = undefined;
    this.#why = undefined;
  }

  #down(): void {
    const { partnerPauseMs, partnerPauseMsMax } = this.#limits;
    const now = this.#now();
    this.#state = 'open';
    this.#epoch++;
    this.#since ??= now;
    this.#downAt = now;
    this.#nextAt = now + pauseAfter(++this.#pauses, partnerPauseMs, partnerPauseMsMax);
  }
}
