// Small JSON files written so that they are whole or absent. Owns: the order of write, sync, rename.
// Never touches: what is in them.
//   store.R1. After writeRecord returns, the file is durable under its name; a crash leaves the old or the new one.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from './sync.js';

/** Write a file by way of a temporary one: write, sync, rename, sync the directory. */
export function writeRecord(path: string, text: string): void {
  const temporary = `${path}.new`;
  const bytes = Buffer.from(text);
  const descriptor = openSync(temporary, 'w');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** A file's text; undefined: there is none. */
export function readRecord(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
