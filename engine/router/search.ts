// A transfer whose id an earlier release may have kept on other shards. Owns: the order in which shards are asked. Never touches: what
// they answer.
//   router.O6. Shards on which the id may have been kept by the rule of version 1 are asked before the home owner's, one after the other.
//       Each carries nothing out that is not its own: it tells the outcome that it kept, or HOME_ELSEWHERE. No release that keeps ids so runs
//       beside this one, so nothing is kept there between its answer and the commit on the home owner's shard.

import type { Command } from '../protocol/commands.js';
import type { Outcome, Refused } from '../protocol/outcomes.js';
import type { Answer } from '../shard/messages.js';
import type { Waiter } from './lane.js';

/** Hands a command to a shard, or says at once why not. */
type Hand = (
  shard: number,
  command: Command,
  id: string | undefined,
  waiter: Waiter,
  index: number,
) => Refused | null;

/** Has this shard kept nothing of it, and is it not the one to carry it out? */
export const isElsewhere = (result: Outcome | Answer): boolean =>
  'ok' in result && !result.ok && result.code === 'HOME_ELSEWHERE';

export class Search implements Waiter {
  readonly granted;
  readonly context;
  readonly until;
  readonly #hand: Hand;
  readonly #command: Command;
  readonly #id: string | undefined;
  readonly #waiter: Waiter;
  /** Its place among what its caller waits for. */
  readonly #index: number;
  /** Not asked yet; the home owner's last. */
  readonly #shards: number[];

  constructor(
    hand: Hand,
    shards: readonly number[],
    command: Command,
    id: string | undefined,
    waiter: Waiter,
    index: number,
  ) {
    this.#hand = hand;
    this.#shards = [...shards];
    this.#command = command;
    this.#id = id;
    this.#waiter = waiter;
    this.#index = index;
    this.granted = waiter.granted;
    this.context = waiter.context;
    this.until = waiter.until;
  }

  /** Asks the next shard; null, or why that cannot be. */
  next(): Refused | null {
    const shard = this.#shards.shift();
    if (shard === undefined) throw new Error('O6: the home owner’s shard says that it is not');
    return this.#hand(shard, this.#command, this.#id, this, 0);
  }

  settled(_index: number, result: Outcome | Answer): void {
    const told = isElsewhere(result) ? this.next() : result;
    if (told !== null) this.#waiter.settled(this.#index, told);
  }
}
