// Commands that are not whole yet: what is left out of them is read, or offered, before they go to their shards. Owns: which of both, and that it comes
// before anything else of the command. Never touches: what is read (asking.ts), what is offered (picking.ts).

import type { Command } from '../protocol/commands.js';
import type { Granted } from '../protocol/grants.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';
import { completed, leftOut } from './asking.js';
import type { Waiter } from './lane.js';
import { Offered, Picking } from './picking.js';

type Asker = Parameters<typeof completed>[0] & ConstructorParameters<typeof Picking>[0];

/** Hands a whole command over. */
type Hand = (command: Command, waiter: Waiter, index: number) => void;

export class Completing {
  readonly #router: Asker & { fail(error: Error): void };
  readonly #picking: Picking;

  constructor(router: Asker & { fail(error: Error): void }) {
    this.#router = router;
    this.#picking = new Picking(router);
  }

  /** Sees to a command that is not whole, and hands it over then; false: it is whole. */
  takes(command: Command, waiter: Waiter, index: number, hand: Hand): boolean {
    const fail = (error: Error): void => this.#router.fail(error);
    const lacks = leftOut(command, waiter.granted);
    if (lacks !== undefined) {
      completed(this.#router, lacks, waiter.until)
        .then((found) => {
          if (isRefusal(found)) waiter.settled(index, found);
          else hand(found, waiter, index);
        })
        .catch(fail);
      return true;
    }
    const wanted = this.#picking.wanted(command, waiter.granted);
    if (wanted === undefined) return false;
    const go = (found: Command, by: Waiter): void => hand(found, by, 0);
    new Offered(this.#picking, wanted, go, fail, waiter, index).next();
    return true;
  }

  /** A command with what it leaves out, or why that cannot be known: to be tried, and not asked for again. */
  whole(command: Command, granted: Granted, until: number): Command | Promise<Command | Refused> {
    const lacks = leftOut(command, granted);
    if (lacks !== undefined) return completed(this.#router, lacks, until);
    const wanted = this.#picking.wanted(command, granted);
    return wanted === undefined ? command : this.#picking.offered(wanted, until);
  }
}
