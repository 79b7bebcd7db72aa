// Sealing one segment. Owns: the order of it, what an ended one leaves. Never touches: the tail, whose blocks leave it later (log.ts).
//   segment.E1. Written and synced under another name; read back and checked byte by byte; renamed; the folder synced; then its entry. A file
//       that is damaged on its way never gets an entry.
//   segment.E2. Whatever ends it in between, the log is as it was: files without an entry are removed before the next one.

import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** Where a segment that begins with this block is written. Removes what ended sealings have left. */
export function prepareSegment(folder: string, first: number): string {
  if (mkdirSync(folder, { recursive: true }) !== undefined) syncDirectory(dirname(folder));
  const known = new Set(readManifest(folder).map((entry) => segmentName(entry.first)));
  for (const name of readdirSync(folder)) {
    const isLeft = name.endsWith(NEW) || (isSegmentName(name) && !known.has(name));
    if (isLeft) rmSync(join(folder, name), { force: true });
  }
  return join(folder, `${segmentName(first)}${NEW}`);
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
