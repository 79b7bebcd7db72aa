// Sealing one segment. Owns: the order of it, what an ended one leaves. Never touches: the tail, whose blocks leave it later (log.ts).
//   segment.E1. Written and synced under another name; read back and checked byte by byte; renamed; the folder synced; then its entry. A file
//       that is damaged on its way never gets an entry.
//   segment.E2. Whatever ends it in between, the log is as it was: its file goes at once where the process can do that, else before the next one.
//       No other file is ever removed.

import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CorruptionError } from '../errors.js';
import { syncDirectory } from '../sync.js';
import { checkSegment } from './check.js';
import {
  isSegmentName,
  readManifest,
  type SegmentEntry,
  segmentName,
  writeManifest,
} from './manifest.js';
import type { SegmentWriter } from './writer.js';

/** What a segment is called until it was read back. */
const NEW = '.new';

/** Places at which tests end the process. */
export type SealingPlace = 'seal-written' | 'seal-checked' | 'seal-renamed' | 'seal-entered';

/**
 * Where a segment that begins with this block is written. Removes what ended sealings have left: files under names of the making, and one of
 * the same segment, whose blocks have not left the log. Throws CorruptionError where other files are there that the manifest does not name: it may
 * be the manifest that lacks them.
 */
export function prepareSegment(folder: string, first: number): string {
  if (mkdirSync(folder, { recursive: true }) !== undefined) syncDirectory(dirname(folder));
  const name = segmentName(first);
  const known = new Set(readManifest(folder).map((entry) => segmentName(entry.first)));
  for (const found of readdirSync(folder)) {
    if (found.endsWith(NEW) || found === name) rmSync(join(folder, found), { force: true });
    else if (isSegmentName(found) && !known.has(found))
      throw new CorruptionError(
        join(folder, found),
        'segment',
        'is not in the manifest: run jifen fsck',
      );
  }
  return join(folder, `${name}${NEW}`);
}

/** Ends a segment that was written where prepareSegment() said: from then on it is one of the log's. */
export async function enterSegment(
  folder: string,
  writer: SegmentWriter,
  pause: () => Promise<void>,
  at: (place: SealingPlace) => void,
): Promise<SegmentEntry> {
  const written = writer.end();
  const path = join(folder, segmentName(written.first));
  if (readManifest(folder).some(({ last }) => last >= written.first))
    throw new Error(`${path}: the manifest has its blocks already`);
  at('seal-written');
  await checkSegment(`${path}${NEW}`, written, { pause });
  at('seal-checked');
  renameSync(`${path}${NEW}`, path);
  syncDirectory(folder);
  at('seal-renamed');
  writeManifest(folder, [...readManifest(folder), written]);
  at('seal-entered');
  return written;
}
