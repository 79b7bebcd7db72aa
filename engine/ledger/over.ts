// Points of backdated transfers that are over by now, and were not when the transfers occurred. Owns: whose they are until the end of the
// atomic batch that brings them. Never touches: balances, lots; when anything else is due.
//   ledger.O1. In a batch that is carried out as it occurred, a backdated transfer from a system owner may put points into a lot that is over
//       by now. They stay there for backdated transfers that come after it in the batch; what is left expires at its end.
//   ledger.O2. Before any other command of the batch looks at the owner, what is over expires. What was over before the batch does so first.
//   ledger.O3. Ticks are logged where they come. So a log says all of this, and a replay asks nothing here.
//   ledger.O4. A backdated transfer spends what had not expired when it occurred, the soonest-expiring first; then what had, the latest first. To
//       `@expire` it gives what had expired first.

import type { CommandView } from '../protocol/command-view.js';
import { LEG, OP, PLACES } from '../protocol/layout.js';
import type { Name } from '../protocol/name.js';
import { isSystemOwner } from '../protocol/syntax.js';

const { occurredAt: OCCURRED } = PLACES.transfer;

const isBackdated = (command: CommandView): boolean =>
  command.op === OP.transfer && !command.isNil(OCCURRED);

export class Over {
  /** Owners, with their hashes; null: no such batch is under way. */
  #owners: Map<string, number> | null = null;

  begin(): void {
    this.#owners = new Map();
  }

  /** Ends the batch: who may have points that are over. */
  end(): Iterable<readonly [owner: string, hash: number]> {
    const owners = this.#owners ?? [];
    this.#owners = null;
    return owners;
  }

  /** May the leg of a transfer bring points that expired at a time in the past? */
  mayBring(transfer: CommandView, leg: number, expiredAt: number): boolean {
    if (this.#owners === null || !isBackdated(transfer)) return false;
    const isEarned = isSystemOwner(transfer.text(leg + LEG.from));
    return isEarned && expiredAt > transfer.number(OCCURRED);
  }

  /** Does what is due on an owner wait, before a command? */
  waits(owner: string, command: CommandView): boolean {
    if (this.#owners === null || !this.#owners.has(owner)) return false;
    if (isBackdated(command)) return true;
    this.#owners.delete(owner);
    return false;
  }

  /** And after it? */
  keeps({ text, hash }: Name, command: CommandView): boolean {
    if (this.#owners === null || !isBackdated(command)) return false;
    this.#owners.set(text, hash);
    return true;
  }
}
