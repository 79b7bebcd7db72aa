// What ends a ledger. Owns: what is known of it, what is done where nobody says otherwise. Never touches: shards.

import { writeSync } from 'node:fs';

/** Something after which the ledger answers nothing any more. */
export class FatalError extends Error {
  /** A thread waits for the disk, perhaps for ever: the process cannot exit in order. */
  readonly hangs: boolean;
  /** Another process has taken over the shards: nothing is wrong with this one, which may be closed and follow. */
  readonly isFenced: boolean;

  constructor(message: string, hangs: boolean, isFenced = false) {
    super(message);
    this.name = 'FatalError';
    this.hangs = hangs;
    this.isFenced = isFenced;
  }
}

/** Has another process taken over? Of what `onFatal` is told, and of what open() rejects with. */
export const isFenced = (error: unknown): boolean => error instanceof FatalError && error.isFenced;

export function endAfterFatal(error: Error): void {
  writeSync(2, `jifen: fatal: ${error.message}\n`);
  if (error instanceof FatalError && error.hangs) process.kill(process.pid, 'SIGKILL');
  process.exit(70);
}
