// The process that reads environments, as the one that asks sees it. Owns: starting it, its time and memory limits,
// what its death means. Never touches: LMDB.
//   audit.R1. Whatever a damaged file does to the reading process, this one goes on: a crash or a hang is a ReaderLost.
//   audit.R2. A lost process is replaced at the next task; what the old one had open is gone.

import { type ChildProcess, fork } from 'node:child_process';
import type { Asked, Tasks, Told } from './tasks.js';

const STEP_MS = 30_000;
export const HEAP_MB = 4_096;
/** Of what it prints before it dies, this much is told. */
const LAST_WORDS = 300;

/** Limits of a reading process. */
export interface ReaderLimits {
  /** How long it may be silent over a task. Default 30 s. */
  readonly stepMs?: number | undefined;
  /** Its heap, in MiB. Default 4,096. */
  readonly heapMb?: number | undefined;
}

/** The reading process crashed or hung. */
export class ReaderLost extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'ReaderLost';
  }
}

/** Reading failed in an orderly way: a missing or damaged value, or an error of LMDB. */
export class ReadError extends Error {
  /** Name of the error in the reading process. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.name = 'ReadError';
    this.kind = kind;
  }
}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onSeq: ((seq: number) => void) | undefined;
}

/** One process at a time, which carries out tasks in order. */
export class Reader {
  readonly #stepMs: number;
  readonly #heapMb: number;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastWords = '';
  #number = 0;
  #starts = 0;

  constructor(limits: ReaderLimits = {}) {
    this.#stepMs = limits.stepMs ?? STEP_MS;
    this.#heapMb = limits.heapMb ?? HEAP_MB;
  }

  /** The process now; undefined: none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How many processes it took so far. */
  get starts(): number {
    return this.#starts;
  }

  /** Carries out a task. Rejects with ReaderLost or ReadError. */
  run<T extends keyof Tasks>(
    type: T,
    ask: Tasks[T]['ask'],
    onSeq?: (seq: number) => void,
  ): Promise<Tasks[T]['answer']> {
    const child = (this.#child ??= this.#start());
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve: resolve as (answer: unknown) => void, reject, onSeq });
      if (this.#pending.size === 1) this.#watch(child);
      const asked: Asked = { number, type, ask };
      child.send(asked, (error) => {
        if (error !== null) this.#lose(child, `it cannot be asked: ${error.message}`);
      });
    });
  }

  /** Ends the process. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    this.#lose(child, 'ended');
    await ended;
  }

  #start(): ChildProcess {
    this.#starts++;
    // Nothing of the parent's own options: a debugger's port or a test runner's hooks are not for this one.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = fork(new URL('./reader-process.js', import.meta.url), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [`--max-old-space-size=${this.#heapMb}`],
      env,
    });
    this.#lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    child.on('message', (told) => this.#told(child, told as Told));
    child.on('exit', (code, signal) =>
      this.#lose(child, `the process that reads it ended with ${signal ?? `code ${code}`}`),
    );
    child.on('error', (error) => this.#lose(child, error.message));
    return child;
  }

  #told(child: ChildProcess, { number, answer, error, seq }: Told): void {
    if (child !== this.#child) return;
    clearTimeout(this.#timer);
    const pending = this.#pending.get(number);
    if (answer === undefined && error === undefined) {
      if (seq !== undefined) pending?.onSeq?.(seq);
    } else {
      this.#pending.delete(number);
      if (error === undefined) pending?.resolve(answer);
      else pending?.reject(new ReadError(error.name, error.message));
    }
    if (this.#pending.size > 0) this.#watch(child);
  }

  #watch(child: ChildProcess): void {
    this.#timer = setTimeout(
      () => this.#lose(child, `reading it made no progress for ${this.#stepMs} ms`),
      this.#stepMs,
    );
  }

  #lose(child: ChildProcess, what: string): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    clearTimeout(this.#timer);
    child.kill('SIGKILL');
    const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
    const lost = new ReaderLost(words === '' ? what : `${what} (${words})`);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(lost);
  }
}
