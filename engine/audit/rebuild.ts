// State from log, for a whole folder. Owns: that the old state stays until the new one is complete. Never touches: the log,
// but that its last block is written again and synced, as at every start.
//   audit.Z1. A crash at any moment leaves the old state or the new one under its name.
//   audit.Z2. A log that ends before what the clean stop or the old state names is not taken for the whole.

import { existsSync, renameSync, rmSync } from 'node:fs';
import {
  type Folder,
  openFolder,
  shardLogPath,
  shardPath,
  shardStatePath,
  writeCleanStop,
} from '../store/folder.js';
import { syncDirectory } from '../store/sync.js';
import { Reader } from './reader.js';
import { readRoot } from './state-check.js';

const CACHE_BYTES = 1024 * 1024 * 1024;
/** A checkpoint of a large state or a slow disk may be silent for long. */
const STEP_MS = 600_000;
const NEW = '.new';

export interface Rebuilt {
  /** The last block of each shard. */
  readonly shards: readonly { readonly shard: number; readonly seq: number }[];
}

/** How far it is. */
export interface RebuildProgress {
  readonly shard: number;
  readonly seq: number;
  readonly headSeq: number;
}

export interface RebuildOptions {
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
}

/**
 * Makes the stored state of every shard anew by replaying its log. Nobody may have the folder open. Rejects, the state left
 * as it is, where the log is damaged or ends before a block that is known to have been written.
 */
export async function rebuildFolder(path: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const folder = openFolder(path, { create: false, lock: true });
  const reader = new Reader({ stepMs: STEP_MS });
  try {
    const shards: { shard: number; seq: number }[] = [];
    for (const shard of folder.here) {
      shards.push({ shard, seq: await rebuildOne(reader, folder, shard, options) });
    }
    return { shards };
  } finally {
    await reader.end();
    folder.release();
  }
}

async function rebuildOne(
  reader: Reader,
  folder: Folder,
  shard: number,
  options: RebuildOptions,
): Promise<number> {
  const logPath = shardLogPath(folder.path, shard);
  const statePath = shardStatePath(folder.path, shard);
  if (!existsSync(logPath)) {
    if (existsSync(statePath))
      throw new Error(`shard ${shard}: there is no log to make the state from`);
    return 0;
  }
  const { head } = await named(shard, reader.run('open-log', { path: logPath }));
  const known = await stateSeq(reader, statePath);
  if (known > head) {
    throw new Error(
      `shard ${shard}: the log ends at block ${head}, and the state is that after block ${known}: acknowledged blocks are missing`,
    );
  }
  const to = statePath + NEW;
  for (const leftover of [to, `${to}-lock`]) rmSync(leftover, { force: true });
  const { path, shards, slotMap } = folder;
  const ask = { folder: path, shard, shards, slotMap, to, cacheBytes: CACHE_BYTES };
  const told = (seq: number): void => options.onProgress?.({ shard, seq, headSeq: head });
  const { seq, hash } = await named(shard, reader.run('rebuild', ask, told));
  renameSync(to, statePath);
  rmSync(`${to}-lock`, { force: true });
  syncDirectory(shardPath(folder.path, shard));
  if (seq > 0) writeCleanStop(folder.path, shard, { seq, hash });
  told(seq);
  return seq;
}

/** The block that the stored state is after; 0: there is none, or it cannot be read, which is what a rebuild is for. */
async function stateSeq(reader: Reader, path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  try {
    const { root } = await reader.run('open-state', { path });
    return root === undefined ? 0 : readRoot(root).seq;
  } catch {
    return 0;
  }
}

async function named<T>(shard: number, task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.startsWith(`shard ${shard}`) ? message : `shard ${shard}: ${message}`);
  }
}
