// A program that a test kills as its child process. Owns: the process, its lines. Never touches: what they mean.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fromLine, type Order, type Said, toLine } from './lines.js';

/** How a program ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

const PATIENCE_MS = 60_000;
const LEDGER_PROGRAM = join(import.meta.dirname, 'ledger-program.js');

/** Programs run as they are: tap's loader would slow them down. */
export function plainEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = env;
  return rest;
}

/** The program died, or said too little in the given time. */
export class EndedError extends Error {
  readonly end: End;

  constructor(end: End, waitedFor: string) {
    super(`ended with ${end.code ?? end.signal} before it said "${waitedFor}": ${end.stderr}`);
    this.end = end;
  }
}

interface Waiting {
  readonly word: Said['say'];
  readonly resolve: (said: Said) => void;
  readonly reject: (error: Error) => void;
}

/** A program at work. What it says is heard in order; `ended` resolves when all of it was heard. */
export class Program {
  readonly ended: Promise<End>;
  /** How it ended; undefined: it has not. */
  end: End | undefined;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Told of everything; what it throws ends the program and the promises of it. */
  #hear: (said: Said, line: string) => void = () => {};
  #waiting: Waiting[] = [];
  #failure: Error | undefined;

  constructor(
    env: NodeJS.ProcessEnv = process.env,
    file = LEDGER_PROGRAM,
    args: readonly string[] = [],
  ) {
    const child = spawn(process.execPath, [file, ...args], {
      env: plainEnv(env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    child.stdin.on('error', () => {});
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => this.#line(line));
    const allHeard = new Promise((resolve) => lines.on('close', resolve));
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        allHeard.then(() => {
          this.end = { code, signal, stderr };
          for (const { word, reject } of this.#waiting)
            reject(this.#failure ?? new EndedError(this.end, word));
          this.#waiting = [];
          resolve(this.end);
        });
      });
    });
  }

  /** From now on, what it says goes here. */
  listen(hear: (said: Said, line: string) => void): void {
    this.#hear = hear;
  }

  /** Throws what `hear` threw. */
  assertHeard(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #line(line: string): void {
    // The last line of a killed program may be half a line: nobody was told it.
    let said: Said;
    try {
      said = fromLine(line) as Said;
    } catch {
      return;
    }
    this.#tell(said, line);
  }

  #tell(said: Said, line: string): void {
    if (said.say === 'warm') return;
    try {
      this.#hear(said, line);
    } catch (error) {
      this.#failure ??= error as Error;
      this.kill();
    }
    const first = this.#waiting.findIndex(({ word }) => word === said.say);
    if (first >= 0) this.#waiting.splice(first, 1)[0]?.resolve(said);
  }

  send(order: Order): void {
    this.#child.stdin.write(toLine(order));
  }

  /** The next thing of this kind that it says. Rejects with EndedError where it ends first; one that hangs is killed. */
  async next<W extends Said['say']>(word: W): Promise<Extract<Said, { say: W }>> {
    if (this.end !== undefined) throw this.#failure ?? new EndedError(this.end, word);
    const patience = setTimeout(() => {
      this.#failure ??= new Error(`it did not say "${word}" within ${PATIENCE_MS} ms`);
      this.kill();
    }, PATIENCE_MS);
    const said = new Promise<Said>((resolve, reject) => {
      this.#waiting.push({ word, resolve, reject });
    });
    return (await said.finally(() => clearTimeout(patience))) as Extract<Said, { say: W }>;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
