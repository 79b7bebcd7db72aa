// Who waits for the decision of a transfer between shards. Owns: their tickets, what was decided and is not durable yet. Never
// touches: state, ports.

import type { Ledger } from '../ledger/ledger.js';
import { APPLIED, REPLAY } from '../ledger/result.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Draft } from '../protocol/draft.js';
import type { Transit, Transits } from '../transfer/open/transits.js';
import type { Decided } from './messages.js';

/** What the command just applied has begun or repeated and is not decided; null: nothing. */
export function openBy(
  ledger: Ledger,
  transits: Transits,
  command: CommandView,
  result: number,
): Transit | null {
  if (result === APPLIED) return ledger.opened;
  if (result !== REPLAY || transits.size === 0) return null;
  return transits.get(ledger.replayOwner, command.text(2)) ?? null;
}

export class Tickets {
  readonly #waiting = new Map<Transit, number[]>();
  #last = 0;
  /** Ticket and record of what the batch under way decided, as Decided.tickets says it. */
  #decidedNow: number[] = [];
  #decided: Decided[] = [];

  /** A ticket for whoever waits for its decision. */
  add(transit: Transit): number {
    const ticket = ++this.#last;
    const others = this.#waiting.get(transit);
    if (others === undefined) this.#waiting.set(transit, [ticket]);
    else others.push(ticket);
    return ticket;
  }

  /** It was decided, by the record at this offset of what the batch under way writes; below 0: refused by this for now. */
  decide(transit: Transit, offset: number): void {
    for (const ticket of this.#waiting.get(transit) ?? []) this.#decidedNow.push(ticket, offset);
    this.#waiting.delete(transit);
  }

  /** It is not decided after all, but asked for again as another one. */
  move(transit: Transit, other: Transit): void {
    const tickets = this.#waiting.get(transit);
    this.#waiting.delete(transit);
    if (tickets !== undefined) this.#waiting.set(other, tickets);
  }

  /** The batch under way has had its turn in this block; what it wrote begins at `from`, and of commands, as Batch.wrote says it. */
  collect(draft: Draft, from: number, commandsFrom: number): void {
    if (this.#decidedNow.length === 0) return;
    const { seq, time } = draft;
    const effects = draft.effects.bytes(from).slice();
    const commands = commandsFrom < 0 ? undefined : draft.commandsFrom(commandsFrom);
    this.#decided.push({ seq, time, effects, tickets: this.#decidedNow, commands });
    this.#decidedNow = [];
  }

  /** What was decided up to this block, which is durable; told once. */
  durable(seq: number): readonly Decided[] {
    const waits = this.#decided.findIndex((decided) => decided.seq > seq);
    return this.#decided.splice(0, waits < 0 ? this.#decided.length : waits);
  }
}
