// Orders that were held and not paid in time. Owns: when it is asked for that they end. Never touches: whether they do, which the commit of `order-lapse`
// judges.
//   lapsing.L1. The node with the member's shard asks, again and again until the order is not held any more: a clock that is ahead asks too early, and is
//       refused, and asks again under another id.

import { LAPSE_LOOK_MS, LAPSED_AT_ONCE } from '../limits.js';
import type { ActCommand } from '../protocol/commands.js';
import { isRefusal, type Outcome } from '../protocol/outcomes.js';
import { Looking } from './looking.js';
import type { OrderList } from './order-list.js';

/** An id counts for so long: what was refused is asked for anew after it. */
const AGAIN_MS = 60_000;

export interface LapsingOptions {
  readonly list: OrderList;
  readonly own: { submit(command: ActCommand): Promise<Outcome> };
  readonly now: () => number;
}

export class Lapsing extends Looking {
  readonly #options: LapsingOptions;

  constructor(options: LapsingOptions) {
    super(LAPSE_LOOK_MS);
    this.#options = options;
  }

  protected override async look(): Promise<void> {
    const { list, own, now } = this.#options;
    const time = now();
    const found = await list.here({ type: 'due', time, limit: LAPSED_AT_ONCE });
    if (isRefusal(found)) return;
    for (const { owner, number } of found.orders ?? []) {
      if (this.isClosed) return;
      const id = `lapse:${number}:${Math.floor(time / AGAIN_MS)}`;
      // What cannot be done now is asked for again.
      await own.submit({ type: 'act', id, owner, act: 'order-lapse', body: { number } });
    }
  }
}
