// A batch of commands and queries on its way through a shard. Owns: how far it is, what came of it so far. Never touches: state.

import { type SaidContext, saidContext } from '../protocol/audit-context.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Draft } from '../protocol/draft.js';
import { EVERYTHING, GRANTS_OP, type Granted, type GrantsReader } from '../protocol/grants.js';
import { type Answer, RESULT, type Reply, type Segment } from './messages.js';
import { Results } from './results.js';

/** A batch on its way through the mailbox. */
export class Batch extends Results {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly #results: Int32Array;
  readonly segments: Segment[] = [];
  readonly #answers: Answer[] = [];
  readonly #opened: number[] = [];
  /** Commands done so far, and where the next one begins. */
  next = 0;
  at = 0;
  /** What the caller of the next command may do. */
  granted: Granted = EVERYTHING;
  /** Who asks for the next command; null: nobody is named. */
  context: SaidContext | null = null;
  /** The block that must be durable before the answer leaves. */
  waitsFor = 0;
  /** The append or confirmation that must have ended before it does (shard.W2). */
  waitsForEnded = 0;
  readonly resolve: (reply: Reply) => void;

  constructor(bytes: Uint8Array, count: number, resolve: (reply: Reply) => void) {
    super();
    this.bytes = bytes;
    this.count = count;
    this.#results = new Int32Array(count * 2);
    this.resolve = resolve;
  }

  get isDone(): boolean {
    return this.next === this.count;
  }

  /** Takes what stands before the next commands: what their caller may do, or who it is. */
  envelope(view: CommandView, grants: GrantsReader): void {
    if (view.op === GRANTS_OP) this.granted = grants.read(view.bytes, view.start, view.end);
    else this.context = saidContext(view);
    this.at = view.end;
  }

  protected override add(kind: number, value: number): void {
    const at = this.next++ * 2;
    this.#results[at] = kind;
    this.#results[at + 1] = value;
  }

  /**
   * Commands from `from` on have written into this block: effects from there on, and where one is an act, commands from `commandsFrom` on, which
   * say what it has done; -1: none is.
   */
  wrote(draft: Draft, from: number, effectsFrom: number, commandsFrom: number): void {
    const { seq, time } = draft;
    const effects = draft.effects.bytes(effectsFrom).slice();
    const commands = commandsFrom < 0 ? undefined : draft.commandsFrom(commandsFrom);
    this.segments.push({ from, to: this.next, seq, time, effects, commands });
  }

  /** The next query has this answer. */
  answer(answer: Answer): void {
    this.add(RESULT.answer, this.#answers.length);
    this.#answers.push(answer);
  }

  /** The outcome of the next command follows, under this ticket. */
  open(ticket: number): void {
    this.add(RESULT.open, this.#opened.length);
    this.#opened.push(ticket);
  }

  answered(): void {
    this.resolve({
      results: this.#results,
      segments: this.segments,
      replayed: this.replayed,
      answers: this.#answers,
      opened: this.#opened,
    });
  }
}
