// stdout and stderr, whoever reads them. Owns: what it means that they cannot be written. Never touches: what is written.
//   cli.C5. A reader that went away (EPIPE), a terminal that is gone (EIO) or a full disk (ENOSPC) ends no command in the middle
//       of its work. A command that did it all, and could not show it, ends with 1 instead of 0; `start` shows nothing that
//       anybody asked for, so its exit code stays.

import { writeSync } from 'node:fs';

const STDERR = 2;

/** From now on nothing that goes wrong with stdout or stderr is an exception. */
export function guardOutput(): { isWhole(): boolean } {
  let isWhole = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isWhole) return;
    isWhole = false;
    // Whoever stopped reading knows that; of anything else the user is told, where that is still possible.
    if (error.code !== 'EPIPE') tell(`jifen: its output could not be written: ${error.message}\n`);
  });
  process.stderr.on('error', () => {});
  return { isWhole: () => isWhole };
}

function tell(line: string): void {
  try {
    writeSync(STDERR, line);
  } catch {
    // There is nobody left to tell.
  }
}
