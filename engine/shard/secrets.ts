// What a shard keeps from its own log: chance, and a box that nobody else opens. Owns: the key file of the shard, `<folder>/draw-keys/<shard>.key`.
// Never touches: what is put into the box. Backups have no keys: what was sealed is lost with the folder.

import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { keyIn, open, seal } from '../trail/sealing.js';

export interface Secrets {
  /** So many bytes that nobody can know before. */
  random(bytes: number): Uint8Array;
  /** Seals bytes under a name. */
  seal(name: string, bytes: Uint8Array): Uint8Array;
  /** What was sealed under a name; undefined: the key of then is not there. */
  open(name: string, sealed: Uint8Array): Uint8Array | undefined;
}

/** Where a data folder has the key of a shard. */
export const drawKeyPath = (folder: string, shard: number): string =>
  join(folder, 'draw-keys', `${shard}.key`);

/** Those of a shard's folder. */
export function folderSecrets(folder: string, shard: number): Secrets {
  const path = drawKeyPath(folder, shard);
  return {
    random: (bytes) => randomBytes(bytes),
    seal: (name, bytes) => seal(keyFor(path), Buffer.from(name), bytes),
    open: (name, sealed) => {
      const key = keyThere(path);
      return key && open(key, Buffer.from(name), sealed);
    },
  };
}

/** The key in a file; undefined: there is none, or something else. */
function keyThere(path: string): Buffer | undefined {
  try {
    return keyIn(path, false);
  } catch {
    return undefined;
  }
}

/** The same, or a new one: a file that holds something else is put aside. */
function keyFor(path: string): Buffer {
  const known = keyThere(path);
  if (known !== undefined) return known;
  if (existsSync(path)) renameSync(path, `${path}.unreadable`);
  return keyIn(path, true) as Buffer;
}
