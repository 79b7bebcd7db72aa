// One environment's commits. Owns: their order, the failure latch, the time limit.
// Never touches: what is written.
//   store.M1. One transaction at a time: the next begins when the one before it is durable.
//   store.M2. After a failed or over-long commit nothing is written again: everything rejects with that error.
// Why a latch: after a failed sync the kernel may call the pages clean, so that a later sync succeeds
// without them; and a transaction that cannot begin leaves lmdb-js's lock taken for ever.

import { dirname } from 'node:path';
import { DISK_FULL_BYTES, SYNC_TIMEOUT_MS } from '../limits.js';
import { freeBytes } from './disk.js';
import { commitReason, sayError } from './environment.js';
import { WriteError } from './errors.js';

/** A commit under way or waiting. */
interface Commit {
  /** For the error message. */
  readonly what: string;
  /** Hands the writes to lmdb-js; resolves false when a write was not placed. */
  readonly begin: () => Promise<boolean>;
  /** Called as soon as it is durable, before anything else begins. */
  readonly durable: (() => void) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How long a write may take, and where the thread tells of it (Commits). */
export interface Watched {
  readonly limitMs?: number | undefined;
  readonly progress?: SharedArrayBuffer | undefined;
}

/** Where a thread tells whether it is writing: a count that is odd while it is. */
export const progressMemory = (): SharedArrayBuffer => new SharedArrayBuffer(64);

/** Writes on this thread as Commits.runNow() does: another thread sees whether it goes on. */
export function seen({ progress = progressMemory() }: Watched, write: () => void): void {
  const count = new Int32Array(progress);
  Atomics.add(count, 0, 1);
  try {
    write();
  } finally {
    Atomics.add(count, 0, 1);
  }
}

/** Sees from another thread that a write has been going for too long. */
export class CommitWatch {
  readonly #progress: Int32Array;
  #seen = 0;
  #since = 0;

  constructor(progress: SharedArrayBuffer) {
    this.#progress = new Int32Array(progress);
  }

  /** Has the same write been going for more than `limitMs`, as far as was looked? `now`: of a clock that only rises. */
  isOverdue(now: number, limitMs: number = SYNC_TIMEOUT_MS): boolean {
    const seen = Atomics.load(this.#progress, 0);
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#since = now;
    }
    return (seen & 1) === 1 && now - this.#since > limitMs;
  }
}

/** The commits of one environment, one after the other. */
export class Commits {
  readonly #path: string;
  readonly #limitMs: number;
  readonly #free: () => number;
  readonly #waiting: Commit[] = [];
  #current: Commit | undefined;
  #failure: WriteError | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #progress: Int32Array;
  #whenIdle: (() => void) | undefined;

  /** `free`: how many bytes the disk has left. `progress`: where another thread sees whether runNow() is under way. */
  constructor(
    path: string,
    limitMs = SYNC_TIMEOUT_MS,
    free: () => number = () => freeBytes(dirname(path)),
    progress = progressMemory(),
  ) {
    this.#path = path;
    this.#limitMs = limitMs;
    this.#free = free;
    this.#progress = new Int32Array(progress);
  }

  /** What every further commit rejects with. */
  get failure(): WriteError | undefined {
    return this.#failure;
  }

  /** Resolves when what `begin` hands over is durable. Begins at once where nothing is under way. */
  run(what: string, begin: () => Promise<boolean>, durable?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const commit: Commit = { what, begin, durable, resolve, reject };
      if (this.#failure !== undefined) reject(this.#failure);
      else if (this.#current !== undefined) this.#waiting.push(commit);
      else this.#start(commit);
    });
  }

  /** Is nothing under way, so that runNow() may be called? */
  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /**
   * Writes on this thread: what `write` hands over is durable when it returns true, and only then. Throws the failure. That a disk does not
   * answer is for another thread to see (CommitWatch).
   */
  runNow(what: string, write: () => boolean, durable: () => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#current !== undefined) throw new Error(`M1: ${what} beside ${this.#current.what}`);
    Atomics.add(this.#progress, 0, 1);
    let isPlaced = false;
    try {
      isPlaced = write() === true;
    } catch (error) {
      throw this.#latch(`${what} could not be written: ${this.#said(error)}`, false, error);
    }
    if (!isPlaced) throw this.#latch(`${what} was not placed where it belongs`, false);
    Atomics.add(this.#progress, 0, 1);
    durable();
  }

  /** Resolves when nothing is under way or waiting, or all has failed. Ends the time limit. */
  async idle(): Promise<void> {
    if (this.#current !== undefined) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(commit: Commit): void {
    this.#current = commit;
    this.#since = performance.now();
    this.#timer ??= setTimeout(() => this.#watch(), this.#limitMs).unref();
    let begun: Promise<boolean>;
    try {
      begun = commit.begin();
    } catch (error) {
      begun = Promise.reject(error);
    }
    begun.then(
      (placed) => {
        if (placed) this.#finish(commit);
        else this.#fail(`${commit.what} was not placed where it belongs`, false);
      },
      (error) => this.#refused(commit, error),
    );
  }

  #finish(commit: Commit): void {
    if (this.#failure !== undefined) return;
    commit.durable?.();
    this.#current = undefined;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
    else this.#whenIdle?.();
    commit.resolve();
  }

  async #refused(commit: Commit, error: unknown): Promise<void> {
    const reason = await commitReason(error);
    this.#fail(`${commit.what} could not be written: ${this.#said(reason)}`, false, reason);
  }

  /** A write for which the disk had room in part is an Input/output error to LMDB. */
  #said(reason: unknown): string {
    const said = sayError(reason);
    return this.#isFull() ? `ENOSPC, no space left on the disk (${said})` : said;
  }

  #isFull(): boolean {
    try {
      return this.#free() < DISK_FULL_BYTES;
    } catch {
      return false;
    }
  }

  #latch(what: string, timedOut: boolean, cause?: unknown): WriteError {
    this.#failure = new WriteError(this.#path, what, timedOut, cause);
    clearTimeout(this.#timer);
    return this.#failure;
  }

  #fail(what: string, timedOut: boolean, cause?: unknown): void {
    if (this.#failure !== undefined) return;
    const failure = this.#latch(what, timedOut, cause);
    this.#current?.reject(failure);
    this.#current = undefined;
    for (const commit of this.#waiting.splice(0)) commit.reject(failure);
    this.#whenIdle?.();
  }

  /** One timer for all commits: looks how long the current one has been going and sets itself anew. */
  #watch(): void {
    this.#timer = undefined;
    if (this.#current === undefined || this.#failure !== undefined) return;
    const left = this.#since + this.#limitMs - performance.now();
    if (left > 0) {
      this.#timer = setTimeout(() => this.#watch(), left).unref();
      return;
    }
    // A thread that was busy sees its timers before its completions: let those come first.
    const overdue = this.#current;
    setImmediate(() => {
      if (this.#current !== overdue) this.#watch();
      else this.#fail(`${overdue.what} was not durable after ${this.#limitMs} ms`, true);
    });
  }
}
