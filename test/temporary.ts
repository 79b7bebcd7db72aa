// Temporary folders of tests. Owns: where they are, and that they go away.
//   In memory, so that no test waits for the syncs of a disk that it is not about.
//   JIFEN_KEEP=1 keeps those of a test that failed, and says where.

import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Test } from 'tap';

const MEMORY = '/dev/shm';
/** What there must be to use it: containers often have 64 MiB. */
const MEMORY_BYTES_MIN = 1024 ** 3;

/** In memory where there is much of it: for files that need not outlive the machine, only the process. */
function memoryPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MEMORY_BYTES_MIN ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A folder that is gone after the test. `disk`: on a real disk, whose syncs take time. */
export function temporaryFolder(t: Test, where: 'disk' | 'memory' = 'memory'): string {
  const place = where === 'disk' ? tmpdir() : memoryPlace();
  const folder = mkdtempSync(join(place, `jifen-${basename(process.argv[1] ?? '', '.test.js')}-`));
  t.teardown(() => {
    if (!t.passing() && process.env['JIFEN_KEEP'] === '1') {
      process.stderr.write(`kept: ${folder}\n`);
      return;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
