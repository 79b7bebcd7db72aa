// Files that hold a wrapped key each. Owns: how one is made, and destroyed. Never touches: what is in them.

import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '../store/sync.js';
import { write } from '../trail/sealing.js';

/** Puts a line into a file that is not there yet: durable when this returns, whole or absent before. */
export function put(path: string, line: string): void {
  const beside = `${path}.tmp`;
  destroyed(beside);
  write(beside, 'wx', Buffer.from(`${line}\n`));
  renameSync(beside, path);
  syncDirectory(dirname(path));
}

/** Writes over a file, then removes it; was there one? Who calls syncs the directory where the name must be gone, too. */
export function destroyed(path: string): boolean {
  if (!existsSync(path)) return false;
  write(path, 'r+', Buffer.alloc(statSync(path).size));
  rmSync(path);
  return true;
}
