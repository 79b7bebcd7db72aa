// Going around the buckets for what is due, a portion at a time, and looking at seeds. Owns: how far the round is. Never touches: when it goes on.

import type { Ledger } from '../ledger/ledger.js';
import { BLOCK_EFFECT_BYTES_MAX } from '../limits.js';
import type { Secrets } from './secrets.js';
import { Seeds } from './seeds.js';

/** Buckets of one portion. */
const PORTION_BUCKETS = 64;

export class Rounds {
  readonly #ledger: Ledger;
  readonly #seeds: Seeds;
  #at = -1;

  constructor(ledger: Ledger, secrets: Secrets, drawPeriodMs: number | undefined) {
    this.#ledger = ledger;
    this.#seeds = new Seeds(ledger, secrets, drawPeriodMs);
    ledger.chance = this.#seeds;
  }

  /** Applies one portion of what is due at `time`, as logged ticks. Is there most probably more? */
  go(time: number): boolean {
    this.#seeds.go(time);
    let settled = 0;
    let hasRoom = true;
    const { draft, state } = this.#ledger;
    const { pages } = state;
    const { buckets } = pages.shape;
    for (let left = buckets; left > 0 && settled < PORTION_BUCKETS && hasRoom; left--) {
      this.#at = this.#at + 1 < buckets ? this.#at + 1 : 0;
      if ((pages.minDue[this.#at] as number) > time) continue;
      this.#ledger.settleBucket(this.#at);
      settled++;
      hasRoom = draft.effects.length < BLOCK_EFFECT_BYTES_MAX;
    }
    return settled === PORTION_BUCKETS || !hasRoom;
  }
}
