// What a record says of pending earnings, against the command that makes them. Owns: that check. Never touches: accounts, books.
//   audit.N2. A pending earning begins with its transfer, or its act: one for each leg. From then on it gets smaller, as a whole but by a reversal.

import { pendingId } from '../ledger/hold-parts.js';
import { NEVER } from '../limits.js';
import type { Tuple } from '../protocol/codec.js';
import { NEVER_MARK } from '../protocol/fields.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, PLACES } from '../protocol/layout.js';
import { planOfTuple } from '../transfer/carried.js';
import { broken } from './broken.js';
import type { StoredHold } from './page-view.js';

const NONE: ReadonlyMap<string, number> = new Map();

/** What a command makes pending, by id: until when. */
function madeBy(carried: Tuple | undefined): ReadonlyMap<string, number> {
  if (carried?.[1] === OP.transfer) {
    const said = carried[PLACES.transfer.pendingUntil] as number | null;
    const id = carried[PLACES.transfer.id] as string;
    return said === null ? NONE : new Map([[id, said === NEVER_MARK ? NEVER : said]]);
  }
  const pending = carried?.[1] === OP.act ? planOfTuple(carried)?.pending : undefined;
  if (carried === undefined || pending === undefined) return NONE;
  const id = carried[PLACES.act.id] as string;
  return new Map(pending.map(([leg, until]) => [pendingId(id, leg), until ?? NEVER]));
}

export class PendingCheck {
  /** Of what the record under way posts, or opens. */
  #made = NONE;
  #told = 0;
  #op = 0;
  #isReversal = false;

  /** `carried`: the record's command, or what it carries. */
  begin(op: number, carried: Tuple | undefined): void {
    this.#made = madeBy(carried);
    this.#told = 0;
    this.#op = op;
    this.#isReversal = carried?.[1] === OP.reverse;
  }

  /** A hold, or a pending earning, becomes another. */
  said(before: StoredHold | undefined, after: StoredHold, tuple: Tuple): void {
    const what = `${after.id} of ${after.owner}`;
    if (this.#made.size > 0 && after.isPending) {
      const isIt =
        after.deadline === this.#made.get(after.id) && after.owner === homeOwnerOfTuple(tuple);
      if (!isIt || before !== undefined) broken(`N1: ${what} is not what its transfer says`);
      this.#told++;
      return;
    }
    if ((before?.isPending ?? false) !== after.isPending)
      broken(`N1: ${what} is ${after.isPending ? '' : 'not '}pending, and it was otherwise`);
    if (before === undefined || !after.isPending) return;
    const isPart = this.#isReversal && after.remaining < before.remaining;
    const isEnd = this.#op === OP['confirm-pending'] || this.#op === OP.tick;
    if (!isPart && !(isEnd && after.remaining === 0))
      broken(`N1: ${after.remaining} of ${what} is pending, and was ${before.remaining}`);
  }

  /** The record ends. `isPosted`: with it all is done, on the home shard. */
  end(isPosted: boolean): void {
    if (this.#told !== (isPosted ? this.#made.size : 0)) broken('does not say what is pending');
  }
}
