// Syncs of files and directories. Owns: the calls. Never touches: LMDB, which syncs its environments itself.

import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Sync a directory, so that names made in it last. */
export function syncDirectory(path: string): void {
  syncFile(path);
}

/** Sync a file that was written through another descriptor. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
