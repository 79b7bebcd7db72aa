// Acts that are decided anew when a pool that they can do without turns out to be exhausted. Owns: what was asked for, and by whom, while they
// are open. Never touches: ports. It is in memory alone: after a crash it is decided anew for whoever asks again.
//   anew.C1. An act of chance is decided anew whatever keeps another shard from what was planned, also after a crash, in the block that ends what
//       was open: nobody has a turn between them, in which to know what was drawn, and to draw otherwise.

import { isOfChance } from '../ledger/acts.js';
import type { Ledger } from '../ledger/ledger.js';
import { APPLIED } from '../ledger/result.js';
import { LEGS_MAX } from '../limits.js';
import type { LoggedPlan } from '../programme/plan.js';
import { packTuple, unpackTuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { OP, PLACES } from '../protocol/layout.js';
import { isPassing, REFUSALS } from '../protocol/refusals.js';
import { planOfTuple } from '../transfer/carried.js';
import type { Transit } from '../transfer/open/transits.js';
import type { Tickets } from './tickets.js';

const { act: ACT } = PLACES;
const BUDGET_SHORT = REFUSALS.BUDGET_SHORT.number;

interface Asked {
  readonly bytes: Uint8Array;
  readonly granted: Granted;
  /** How often it may be decided yet: each time one more pool is known. */
  readonly left: number;
  /** Of an act of chance: why it came to what was open. */
  readonly tried?: LoggedPlan['why'] | undefined;
}

export class Anew {
  readonly #ledger: Ledger;
  readonly #tickets: Tickets;
  readonly #apply: (command: CommandView) => number;
  readonly #asked = new Map<Transit, Asked>();

  constructor(ledger: Ledger, tickets: Tickets, apply: (command: CommandView) => number) {
    this.#ledger = ledger;
    this.#tickets = tickets;
    this.#apply = apply;
  }

  /** The command that was applied last stood here, before it was completed: an act that it has opened, and that can do without some of its pools, is kept. */
  begun(bytes: Uint8Array, start: number, end: number): void {
    const { opened, plan, granted } = this.#ledger;
    if (opened === null || plan?.optional === undefined || isOfChance(this.#ledger)) return;
    this.#asked.set(opened, { bytes: bytes.slice(start, end), granted, left: LEGS_MAX });
  }

  /**
   * What is open has been decided so, as the record says that was written last. Returns the record that tells whoever waits what it came to, or,
   * below 0, by what it is refused for now, without a record; undefined: it is open again. `mayApply`: is there room for it to be decided anew?
   */
  decided(closed: Transit, decision: CommandView, mayApply: boolean): number | undefined {
    const ledger = this.#ledger;
    const { recordOffset } = ledger;
    const refusal = decision.number(PLACES.decision.refusal);
    const known = this.#asked.get(closed);
    this.#asked.delete(closed);
    const asked = known ?? (refusal === APPLIED ? undefined : this.#ofChance(closed));
    if (asked === undefined) return recordOffset;
    const { bytes, granted, left, tried } = asked;
    if (tried === undefined && (refusal !== BUDGET_SHORT || !mayApply || left === 0))
      return recordOffset;
    ledger.granted = granted;
    ledger.tried = tried;
    const result = this.#apply(ledger.take(bytes, 0));
    ledger.tried = undefined;
    const { opened } = ledger;
    // Of an act of chance nothing is told but what was logged.
    if (isPassing(result)) return tried === undefined ? -result : recordOffset;
    if (result !== APPLIED || opened === null)
      return result >= APPLIED ? ledger.recordOffset : recordOffset;
    this.#tickets.move(closed, opened);
    if (tried === undefined) this.#asked.set(opened, { ...asked, left: left - 1 });
    return undefined;
  }

  /** An act of chance as it was asked for, on its home shard, out of what was open; undefined: it is another command. */
  #ofChance({ owner, transfer }: Transit): Asked | undefined {
    const { acts, state } = this.#ledger;
    const tuple = unpackTuple(transfer, 0, transfer.length);
    if (tuple[1] !== OP.act || state.places.shardOf(ownerHash(owner)) !== state.places.shard)
      return undefined;
    if (acts.get(tuple[ACT.act] as string)?.isOfChance !== true) return undefined;
    const said = tuple.slice(0, ACT.legs).with(ACT.plan, null);
    const tried = planOfTuple(tuple)?.why;
    // It was permitted when it began.
    return { bytes: packTuple(said), granted: EVERYTHING, left: 0, tried };
  }
}
