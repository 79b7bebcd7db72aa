// Acts that are decided anew when a pool that they can do without turns out to be exhausted. Owns: what was asked for, and by whom, while they
// are open. Never touches: ports. It is in memory alone: after a crash it is decided anew for whoever asks again.

import type { Ledger } from '../ledger/ledger.js';
import { APPLIED } from '../ledger/result.js';
import { LEGS_MAX } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Granted } from '../protocol/grants.js';
import { PLACES } from '../protocol/layout.js';
import { isPassing, REFUSALS } from '../protocol/refusals.js';
import type { Transit } from '../transfer/open/transits.js';
import type { Tickets } from './tickets.js';

const BUDGET_SHORT = REFUSALS.BUDGET_SHORT.number;

interface Asked {
  readonly bytes: Uint8Array;
  readonly granted: Granted;
  /** How often it may be decided yet: each time one more pool is known. */
  readonly left: number;
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
    if (opened === null || plan?.optional === undefined) return;
    this.#asked.set(opened, { bytes: bytes.slice(start, end), granted, left: LEGS_MAX });
  }

  /**
   * What is open has been decided so, as the record says that was written last. Returns the record that tells whoever waits what it came to;
   * undefined: it is open again. `mayApply`: is there room for it to be decided anew?
   */
  decided(closed: Transit, decision: CommandView, mayApply: boolean): number | undefined {
    const ledger = this.#ledger;
    const { recordOffset } = ledger;
    const asked = this.#asked.get(closed);
    if (asked === undefined) return recordOffset;
    this.#asked.delete(closed);
    const isShort = decision.number(PLACES.decision.refusal) === BUDGET_SHORT;
    if (!isShort || !mayApply || asked.left === 0) return recordOffset;
    ledger.granted = asked.granted;
    const result = this.#apply(ledger.take(asked.bytes, 0));
    const { opened } = ledger;
    if (result !== APPLIED || opened === null)
      return result >= APPLIED && !isPassing(result) ? ledger.recordOffset : recordOffset;
    this.#tickets.move(closed, opened);
    this.#asked.set(opened, { ...asked, left: asked.left - 1 });
    return undefined;
  }
}
