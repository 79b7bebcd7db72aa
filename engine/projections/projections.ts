// The thread of a ledger's projections, as the ledger has it. Owns: its life, what is asked of it. Never touches: logs, what is answered.
//   projections.J5. It begins when there is something to project: a ledger without leaderboards and goods has no such thread, and one in which nobody
//       has ever looked somebody up none for the register, nor one for receipts where those are not wanted.
//   projections.J6. Where it ends by an error, that is told, and another one begins; what was asked meanwhile is not answered, and may be asked
//       again.

import { Worker } from 'node:worker_threads';
import { PROJECTION_RETRY_MS } from '../limits.js';
import type { TreesAnswer } from '../receipts/questions.js';
import type { BoardAnswer } from './boards/questions.js';
import type {
  Asked,
  ProjectionFigures,
  ProjectionName,
  Questions,
  ThreadData,
  Told,
} from './messages.js';
import type { OrderAnswer } from './orders/questions.js';
import type { RegisterAnswer } from './register/questions.js';

/** What each projection answers, by its name. */
export interface Answers {
  readonly leaderboards: BoardAnswer;
  readonly orders: OrderAnswer;
  readonly register: RegisterAnswer;
  readonly receipts: TreesAnswer;
}

/** It cannot answer now. */
export class NotProjectedError extends Error {}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Question<T extends Asked> = T extends unknown ? Omit<T, 'id'> : never;

export class Projections {
  readonly #data: ThreadData;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #isClosing = false;

  constructor(data: ThreadData) {
    this.#data = data;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** Begins, where it has not. */
  start(): void {
    if (this.#worker !== undefined || this.#isClosing) return;
    clearTimeout(this.#timer);
    const worker = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: this.#data,
    });
    worker.unref();
    worker.on('message', ({ id, answer }: Told) => {
      this.#waiting.get(id)?.resolve(answer);
      this.#waiting.delete(id);
    });
    worker.on('error', (error) => {
      process.emitWarning(`projections: ${(error as Error).message}`);
      this.#timer = setTimeout(() => this.start(), PROJECTION_RETRY_MS).unref();
    });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#worker = undefined;
        for (const { reject } of this.#waiting.values()) reject(new NotProjectedError());
        this.#waiting.clear();
        resolve();
      });
    });
  }

  #ask(question: Question<Asked>): Promise<unknown> {
    const worker = this.#worker;
    if (worker === undefined || this.#isClosing) return Promise.reject(new NotProjectedError());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ ...question, id });
    });
  }

  /** What is known here by a projection. Rejects with NotProjectedError where that cannot be told now. */
  ask<Name extends ProjectionName>(of: Name, question: Questions[Name]): Promise<Answers[Name]> {
    return this.#ask({ type: 'ask', of, question }) as Promise<Answers[Name]>;
  }

  /** Undefined: there is nothing to project. */
  async figures(now: number): Promise<ProjectionFigures | undefined> {
    if (this.#worker === undefined) return undefined;
    return this.#ask({ type: 'figures', now }).catch(() => undefined) as Promise<
      ProjectionFigures | undefined
    >;
  }

  /** Resolves when the thread has ended. What it has not looked at it looks at next time. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isClosing = true;
    // It ends only if it is waited for.
    this.#worker?.ref();
    this.#worker?.postMessage({ type: 'close' } satisfies Asked);
    await this.#ended;
  }
}
