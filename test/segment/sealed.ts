// Segments for tests. Owns: sealing a folder that nobody has open. Never touches: what is tested.

import { DAY_MS } from '../../engine/limits.js';
import { sealNext } from '../../engine/sealing/seal.js';
import { raiseFormat, shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import type { SegmentEntry } from '../../engine/store/segment/manifest.js';

const AT_ONCE = async (): Promise<void> => {};

/** Seals segments of about so many bytes up to a block, and lets their blocks go. */
export async function sealFolder(
  folder: string,
  shard: number,
  through: number,
  bytes: number,
  cut = true,
): Promise<readonly SegmentEntry[]> {
  raiseFormat(folder);
  const sealed: SegmentEntry[] = [];
  const task = { folder, shard, through, bytes, ms: 100_000 * DAY_MS };
  for (;;) {
    const entry = await sealNext({ ...task, stop: new SharedArrayBuffer(4) });
    if (entry === undefined) break;
    sealed.push(entry);
  }
  if (cut) await cutFolder(folder, shard);
  return sealed;
}

/** Lets the blocks of all segments go. */
export async function cutLog(log: Log): Promise<void> {
  log.segments.refresh();
  const { last } = log.segments;
  while (last >= log.tailSeq() && last > 0) await log.cut(last, AT_ONCE);
}

/** The same of a folder that nobody has open. */
async function cutFolder(folder: string, shard: number): Promise<void> {
  const log = Log.open(shardLogPath(folder, shard));
  await cutLog(log);
  await log.close();
}
