// Long work that is asked for over HTTP, and looked at while it is under way. Owns: how many there are at once, what is kept of those that are
// over. Never touches: what they do.
//   gateway.J1. At most `max` are under way; a restart forgets all of them, and what they had begun goes no further.

import { randomBytes } from 'node:crypto';
import { type Refusal, refuse } from './refusal.js';

/** One that is under way, or over. */
export interface Job {
  readonly progress: object;
  readonly result: Promise<object>;
  cancel(): void;
}

/** How it is told. */
export interface ToldJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly progress: object;
  readonly result?: object;
  /** Why it failed. */
  readonly problem?: { readonly field?: string | undefined; readonly detail: string };
}

interface Kept {
  readonly job: Job;
  readonly asked: object;
  readonly startedAt: number;
  state: ToldJob['state'];
  result?: object;
  problem?: ToldJob['problem'];
}

/** Those that are over and kept. */
const KEPT = 32;
const ID_BYTES = 12;

export class Jobs {
  readonly #max: number;
  readonly #all = new Map<string, Kept>();
  /** Those that are about to begin. */
  #beginning = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get #running(): number {
    return [...this.#all.values()].filter(({ state }) => state === 'running').length;
  }

  /** Begins one, under an id of its own; what `begin` throws is thrown. `asked`: told with it. */
  async start(asked: object, begin: () => Promise<Job>): Promise<Refusal | ToldJob> {
    if (this.#running + this.#beginning >= this.#max)
      return refuse('SHARD_BUSY', undefined, `${this.#max} of these are under way: try later.`);
    this.#beginning++;
    try {
      const id = randomBytes(ID_BYTES).toString('base64url');
      const kept: Kept = { job: await begin(), asked, startedAt: Date.now(), state: 'running' };
      this.#all.set(id, kept);
      kept.job.result.then(
        (result) => Object.assign(kept, { state: 'done', result }),
        (error: Error & { readonly field?: string }) => {
          if (kept.state !== 'running') return;
          const field = error.field?.replace(/^drafts/, 'definitions');
          Object.assign(kept, { state: 'failed', problem: { field, detail: error.message } });
        },
      );
      this.#forget();
      return told(id, kept);
    } finally {
      this.#beginning--;
    }
  }

  #forget(): void {
    const over = [...this.#all].filter(([, { state }]) => state !== 'running');
    for (const [id] of over.slice(0, Math.max(0, over.length - KEPT))) this.#all.delete(id);
  }

  get(id: string): ToldJob | undefined {
    const kept = this.#all.get(id);
    return kept && told(id, kept);
  }

  /** All that are kept, the newest first, without what they came to. */
  list(): readonly ToldJob[] {
    return [...this.#all]
      .map(([id, kept]): ToldJob => {
        const { result: _, ...rest } = told(id, kept);
        return rest;
      })
      .reverse();
  }

  /** Ends it soon, where it is under way. */
  cancel(id: string): ToldJob | undefined {
    const kept = this.#all.get(id);
    if (kept?.state === 'running') {
      kept.state = 'cancelled';
      kept.job.cancel();
    }
    return kept && told(id, kept);
  }
}

const told = (id: string, { job, asked, startedAt, state, result, problem }: Kept): ToldJob => ({
  id,
  state,
  startedAt,
  ...asked,
  progress: job.progress,
  ...(result === undefined || state !== 'done' ? {} : { result }),
  ...(problem === undefined ? {} : { problem }),
});
