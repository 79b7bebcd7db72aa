// What somebody does. Owns: its ids, kept from before it is first sent until its outcome is known (member.P1). Never touches: how often a request is made
// (caller.ts), screens.
//   member.P1. What was sent, or may have been, is sent again under the same id; the same thing asked for again meanwhile is the same action.

import type { Caller } from './caller.js';
import {
  type AnswerOf,
  type AnyOperation,
  type Asked,
  type CodeOf,
  type Problem,
  type Question,
  questionOf,
} from './operation.js';
import type { Store } from './stores.js';

/** An action as it is kept. */
export interface Kept {
  readonly id: string;
  /** Who did it. */
  readonly who: string;
  /** For people: what is done. */
  readonly title: string;
  readonly question: Question;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

export type Outcome<Answer = unknown, Code extends string = string> =
  | { readonly state: 'done'; readonly status: number; readonly answer: Answer }
  | { readonly state: 'refused'; readonly problem: Problem<Code> }
  /** It may have happened, or not: it is asked again under its id; `''`: it has none, and nothing is asked again. */
  | { readonly state: 'unknown'; readonly problem: Problem<Code>; readonly id: string };

export interface ActionParts {
  readonly caller: Pick<Caller, 'send'>;
  /** Of this tab: `sessionStorage`. */
  readonly store: Store;
  now(): number;
  newId(): string;
}

const PREFIX = 'jifen.action.';
const ATTEMPTS = 6;
/** Of an action that is not decided yet (202). */
const PREPARED = 202;

/** What is told while an operator has yet to review it (risk): the same id is answered with the outcome once one has. */
const REVIEWED: Problem = {
  ...{ code: 'RISK_REVIEW', status: PREPARED, detail: 'It is reviewed first.' },
  ...{ field: undefined, retry: true, afterMs: 0 },
};

const isForReview = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === PREPARED && (body as { state?: unknown } | undefined)?.state === 'review';

/** Was it not carried out, for certain? */
export const isRefusal = ({ status, code }: Problem): boolean =>
  code === 'PREPARE_LATE' ||
  (status >= 400 && status < 500 && status !== 401 && status !== 429 && code !== 'FOREIGN');

export class Actions {
  readonly #parts: ActionParts;
  readonly #running = new Map<string, Promise<Outcome>>();
  /** Told whenever there is another list of actions whose outcome is not known. */
  onChange: (open: readonly Kept[]) => void = () => {};
  /** Told of outcomes that were asked for after a reload: whoever began it is gone. */
  onFound: (kept: Kept, outcome: Outcome) => void = () => {};

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** All whose outcome is not known, oldest first. */
  open(): readonly Kept[] {
    const { store } = this.#parts;
    const all = store.keys().filter((key) => key.startsWith(PREFIX));
    return all.flatMap((key) => readKept(store.get(key)) ?? []).sort((a, b) => a.begun - b.begun);
  }

  /**
   * Does something once: the body is sent with an id that is kept. `isDecidedLater`: an answer 202 is the outcome, and is not
   * asked again.
   */
  run<Op extends AnyOperation>(
    who: string,
    title: string,
    operation: Op,
    asked: Asked<Op>,
    isDecidedLater = false,
  ): Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>> {
    const question = questionOf(operation, asked);
    const kept = this.#same(who, question) ?? this.#keep(who, title, question);
    return this.#go(kept, isDecidedLater) as Promise<Outcome<AnswerOf<Op>, CodeOf<Op>>>;
  }

  /** Asks what became of those of one person; what others did in this tab is not theirs. */
  async resume(who: string): Promise<void> {
    for (const kept of this.open()) {
      if (kept.who !== who || this.#running.has(kept.id)) continue;
      const outcome = await this.#go(kept, false);
      if (outcome.state !== 'unknown') this.onFound(kept, outcome);
    }
  }

  /** Nobody wants to know any more: at sign-out; of all but `who`, where somebody else has signed in. */
  forget(who?: string): void {
    for (const kept of this.open())
      if (kept.who !== who) this.#parts.store.remove(PREFIX + kept.id);
    this.#told();
  }

  #same(who: string, question: Question): Kept | undefined {
    const wanted = JSON.stringify(question);
    return this.open().find(
      (kept) => kept.who === who && JSON.stringify(withoutId(kept.question)) === wanted,
    );
  }

  #keep(who: string, title: string, { method, path, body }: Question): Kept {
    const { store, now, newId } = this.#parts;
    const id = newId();
    const question = { method, path, body: { ...(body as object), id } };
    const kept: Kept = { id, who, title, question, begun: now() };
    store.set(PREFIX + id, JSON.stringify(kept));
    return kept;
  }

  #go(kept: Kept, isDecidedLater: boolean): Promise<Outcome> {
    const running = this.#running.get(kept.id);
    if (running !== undefined) return running;
    const going = this.#ask(kept, isDecidedLater).finally(() => {
      this.#running.delete(kept.id);
      this.#told();
    });
    this.#running.set(kept.id, going);
    this.#told();
    return going;
  }

  async #ask(kept: Kept, isDecidedLater: boolean): Promise<Outcome> {
    const { caller, store } = this.#parts;
    const sent = await caller.send(kept.question, ATTEMPTS, kept.who);
    if (sent.ok) {
      if (isForReview(sent)) return { state: 'unknown', problem: REVIEWED, id: kept.id };
      if (sent.status !== PREPARED || isDecidedLater) store.remove(PREFIX + kept.id);
      return { state: 'done', status: sent.status, answer: sent.body };
    }
    const { problem } = sent;
    if (!isRefusal(problem)) return { state: 'unknown', problem, id: kept.id };
    store.remove(PREFIX + kept.id);
    return { state: 'refused', problem };
  }

  #told(): void {
    this.onChange(this.open());
  }
}

function withoutId({ body, ...rest }: Question): Question {
  const { id: _, ...others } = body as { readonly id: string };
  return { ...rest, body: others };
}

function readKept(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as Kept;
    return typeof kept.id === 'string' && typeof kept.question?.path === 'string'
      ? kept
      : undefined;
  } catch {
    return undefined;
  }
}
