// Going around the buckets for what is due, a portion at a time. Owns: how far the round is. Never touches: when it goes on.

import type { Ledger } from '../ledger/ledger.js';
import type { Pages } from '../ledger/pages.js';
import { BLOCK_EFFECT_BYTES_MAX } from '../limits.js';

/** Buckets of one portion. */
const PORTION_BUCKETS = 64;

export class Rounds {
  #at = -1;

  /** Applies one portion of what is due at `time`, as logged ticks. Is there most probably more? */
  go(ledger: Ledger, pages: Pages, time: number): boolean {
    let settled = 0;
    let hasRoom = true;
    const { buckets } = pages.shape;
    for (let left = buckets; left > 0 && settled < PORTION_BUCKETS && hasRoom; left--) {
      this.#at = this.#at + 1 < buckets ? this.#at + 1 : 0;
      if ((pages.minDue[this.#at] as number) > time) continue;
      ledger.settleBucket(this.#at);
      settled++;
      hasRoom = ledger.draft.effects.length < BLOCK_EFFECT_BYTES_MAX;
    }
    return settled === PORTION_BUCKETS || !hasRoom;
  }
}
