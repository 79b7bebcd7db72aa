// Copies of segments. Owns: that what is copied is checked where it came to. Never touches: the segments that it copies.
//   segment.C1. A copy was read back from where it is before the manifest beside it names it.

import { constants, mkdirSync } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '../sync.js';
import { checkSegment } from './check.js';
import { type SegmentEntry, segmentName, writeManifest } from './manifest.js';

/** Copies the first segments of a log to an empty folder, durably. `onProgress`: with the last block that was checked. */
export async function copySegments(
  from: string,
  to: string,
  entries: readonly SegmentEntry[],
  onProgress: (seq: number) => void,
): Promise<void> {
  if (entries.length === 0) return;
  if (mkdirSync(to, { recursive: true }) !== undefined) syncDirectory(dirname(to));
  const pause = (): Promise<void> => new Promise(setImmediate);
  for (const entry of entries) {
    const path = join(to, segmentName(entry.first));
    await copyFile(join(from, segmentName(entry.first)), path, constants.COPYFILE_FICLONE);
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
    await checkSegment(path, entry, { onProgress, pause });
  }
  syncDirectory(to);
  writeManifest(to, entries);
}
