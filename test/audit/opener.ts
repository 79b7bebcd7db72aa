// The process that opens folders, as a test sees it. Owns: starting it, waiting for it, noticing its death.
// Never touches: folders.

import { type ChildProcess, fork } from 'node:child_process';
import type { Opened, OpenTask } from './opener-process.js';

export class Opener {
  #child: ChildProcess | undefined;

  /** Opens a folder. Rejects where that fails, or ends the process. */
  open(task: OpenTask): Promise<Opened> {
    const child = (this.#child ??= start());
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null): void => {
        this.#child = undefined;
        reject(new Error(`opening it ended the process with ${signal ?? code}`));
      };
      child.once('exit', onExit);
      child.once('message', (answer: Opened | { error: string }) => {
        child.off('exit', onExit);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer);
      });
      child.send(task);
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function start(): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return fork(new URL('./opener-process.js', import.meta.url), [], { execArgv: [], env });
}
