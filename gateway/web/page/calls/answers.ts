// Answers to read again while there is no network. Owns: which are kept, and for whom. Never touches: how they are asked for.
//   member.O1. What one person read is never shown to another, and is gone when they sign out.

import type { Caller } from './caller.js';
import {
  type AnswerOf,
  type AnyOperation,
  type Asked,
  questionOf,
  type Result,
} from './operation.js';
import type { AnswerStore } from './stores.js';

/** An answer, and when it was given. */
export interface Known<Answer> {
  readonly at: number;
  readonly answer: Answer;
}

export class Answers {
  readonly #caller: Pick<Caller, 'ask'>;
  readonly #store: AnswerStore;
  readonly #now: () => number;
  /** Counts sign-outs: an answer that comes after one is kept for nobody. */
  #times = 0;

  constructor(caller: Pick<Caller, 'ask'>, store: AnswerStore, now: () => number) {
    this.#caller = caller;
    this.#store = store;
    this.#now = now;
  }

  /** What was answered last. */
  async kept<Op extends AnyOperation>(
    who: string,
    operation: Op,
    asked: Asked<Op>,
  ): Promise<Known<AnswerOf<Op>> | undefined> {
    const found = await this.#store.get(keyOf(who, operation, asked)).catch(() => undefined);
    return found as Known<AnswerOf<Op>> | undefined;
  }

  /** Asks, and keeps the answer where it may be kept. */
  async ask<Op extends AnyOperation>(
    who: string,
    operation: Op,
    asked: Asked<Op>,
    isKept: boolean,
  ): Promise<Result<Op>> {
    const times = this.#times;
    const result = await this.#caller.ask(operation, asked, undefined, who);
    if (isKept && result.ok && times === this.#times) {
      const kept = { at: this.#now(), answer: result.answer };
      // Not waited for: a store that hangs keeps nobody from reading what has come.
      void this.#store.set(keyOf(who, operation, asked), kept).catch(() => undefined);
    }
    return result;
  }

  async wipe(): Promise<void> {
    this.#times++;
    await this.#store.clear().catch(() => undefined);
  }
}

const keyOf = (who: string, operation: AnyOperation, asked: object): string =>
  `${who} ${questionOf(operation, asked).path}`;
