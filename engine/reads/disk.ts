// What a data folder takes of its disk. Owns: asking the file system. Never touches: what is in the files.

import { stat, statfs } from 'node:fs/promises';
import type { DiskFigures } from '../api.js';
import { shardLogPath, shardStatePath } from '../store/folder.js';

/** Bytes that a file takes; 0: there is none. Files of LMDB may have holes, so their length is not it. */
async function bytesOf(path: string): Promise<number> {
  try {
    return (await stat(path)).blocks * 512;
  } catch {
    return 0;
  }
}

/** What is kept free, and how fast the folder grows; `offset`: as in OpenOptions.diskOffset. */
interface Kept {
  readonly freeBytesMin: number;
  readonly bytesPerDay: number | undefined;
  readonly offset: SharedArrayBuffer | undefined;
}

/** The disk under a folder, and what the folder's shards take of it. */
export async function diskFigures(
  folder: string,
  here: readonly number[],
  { freeBytesMin, offset, bytesPerDay }: Kept,
): Promise<DiskFigures> {
  const { bsize, blocks, bavail } = await statfs(folder);
  const shards = await Promise.all(
    here.map(async (shard) => ({
      shard,
      logBytes: await bytesOf(shardLogPath(folder, shard)),
      stateBytes: await bytesOf(shardStatePath(folder, shard)),
    })),
  );
  const added = offset === undefined ? 0 : (new Float64Array(offset)[0] ?? 0);
  const freeBytes = bavail * bsize + added;
  const room = Math.max(0, freeBytes - freeBytesMin);
  const daysLeft = bytesPerDay ? room / bytesPerDay : undefined;
  return { bytes: blocks * bsize, freeBytes, freeBytesMin, bytesPerDay, daysLeft, shards };
}
