// Sealing the next segment of a log. Owns: which blocks go into one. Never touches: blocks in the database, which their shard removes.
//   sealing.T1. Every block was read from the log as any reader reads it, its hash and its chain checked, before it goes into a segment.
//   sealing.T2. No view of the log is kept for longer than one frame takes: pages that blocks have left are used again.

import { rmSync } from 'node:fs';
import { crashPoint } from '../shard/crash-points.js';
import { CorruptionError } from '../store/errors.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import type { SegmentEntry } from '../store/segment/manifest.js';
import { enterSegment, prepareSegment } from '../store/segment/sealing.js';
import { SegmentWriter } from '../store/segment/writer.js';
import { verifiedBlock } from '../store/verified-block.js';

/** One segment to be sealed: from the first block on that is in none. */
export interface SealTask {
  readonly folder: string;
  readonly shard: number;
  /** It ends with this block at the latest, */
  readonly through: number;
  /** or with the one that makes it so many bytes, */
  readonly bytes: number;
  /** or before the first one that is so much later than its first. */
  readonly ms: number;
  /** Not 0: the ledger is closing. */
  readonly stop: SharedArrayBuffer;
}

/** It was ended because the ledger is closing. */
class StoppedError extends Error {}

/** Seals a segment; undefined: the ledger is closing, or there is no block for one. */
export async function sealNext(task: SealTask): Promise<SegmentEntry | undefined> {
  const log = Log.open(shardLogPath(task.folder, task.shard), { readOnly: true });
  try {
    return await sealFrom(log, task);
  } catch (error) {
    if (error instanceof StoppedError) return undefined;
    throw error;
  } finally {
    await log.close();
  }
}

async function sealFrom(log: Log, task: SealTask): Promise<SegmentEntry | undefined> {
  const stop = new Int32Array(task.stop);
  const pause = async (): Promise<void> => {
    await new Promise(setImmediate);
    if (Atomics.load(stop, 0) !== 0) throw new StoppedError();
  };
  const { segments } = log;
  const first = segments.last + 1;
  if (first > task.through) return undefined;
  if (log.tailSeq() > first)
    throw new CorruptionError('log', `block ${first}`, 'is in no segment, and not in the database');
  crashPoint('seal-begun');
  const { folder } = segments;
  const path = prepareSegment(folder, first);
  try {
    const writer = await written(log, path, first, task, pause);
    return await enterSegment(folder, writer, pause, crashPoint);
  } catch (error) {
    // On a full disk it takes the room that the next attempt needs.
    rmSync(path, { force: true });
    throw error;
  }
}

/** A segment with all that goes into it. */
async function written(
  log: Log,
  path: string,
  first: number,
  { shard, through, bytes, ms }: SealTask,
  pause: () => Promise<void>,
): Promise<SegmentWriter> {
  const block = (seq: number) => {
    const read = log.read(seq);
    if (read === undefined) throw new Error(`block ${seq} is missing`);
    return verifiedBlock(read, seq);
  };
  const begin = block(first);
  const end = begin.header.time + ms;
  const writer = new SegmentWriter(path, shard, first, begin.previousHash);
  try {
    let frames = 0;
    for (let seq = first; seq <= through && writer.rawBytes < bytes; seq++) {
      const next = block(seq);
      if (next.header.time >= end && seq > first) break;
      writer.add(next);
      if (writer.frames > frames) await pause();
      frames = writer.frames;
    }
    return writer;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
