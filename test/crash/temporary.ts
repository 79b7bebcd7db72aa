// Temporary folders of the crash tests. Owns: where they are, and that they go away.
//   JIFEN_KEEP=1 keeps those of a test that failed, and says where.

import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

const MEMORY = '/dev/shm';
/** What there must be to use it: containers often have 64 MiB. */
const MEMORY_BYTES_MIN = 1024 ** 3;

/** In memory where there is much of it: for files that need not outlive the machine, only the process. */
function fastPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MEMORY_BYTES_MIN ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A folder that is gone after the test. `disk`: on a real disk, whose syncs take time. */
export function temporaryFolder(t: Test, name: string, where: 'disk' | 'fast'): string {
  const folder = mkdtempSync(join(where === 'disk' ? tmpdir() : fastPlace(), `jifen-${name}-`));
  t.teardown(() => {
    if (!t.passing() && process.env['JIFEN_KEEP'] === '1') {
      process.stderr.write(`kept: ${folder}\n`);
      return;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
