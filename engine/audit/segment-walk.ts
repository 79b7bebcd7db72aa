// The sealed segments of one log, each checked by itself. Owns: that several are at a time, which were checked by a run before this one, what
// is said of each. Never touches: what their blocks mean (log-walk.ts), files of the folder.
//   audit.G1. Every byte of every segment that the manifest names is looked at, and each of them follows the one before it.
//   audit.G2. What a run before this one has checked is not checked again where the file is the same one, its length and its time of change as
//       they were. Nothing is noted of what was found wrong.

import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type SegmentEntry, segmentName } from '../store/segment/manifest.js';
import { Reader, type ReaderLimits } from './reader.js';

/** Another process is not worth its start for fewer bytes of segments. */
const PROCESS_BYTES = 64 * 1024 * 1024;

/** How far it is. */
export interface SegmentsChecked {
  readonly checked: number;
  readonly segments: number;
}

/** Segments that were checked, noted in a file from run to run: so that one that was ended goes on. */
export class CheckedBefore {
  readonly #path: string | undefined;
  readonly #known = new Set<string>();

  /** Undefined: nothing is noted. */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n')) this.#known.add(line);
  }

  has(folder: string, entry: SegmentEntry): boolean {
    return this.#known.has(lineOf(folder, entry));
  }

  add(folder: string, entry: SegmentEntry): void {
    if (this.#path !== undefined) appendFileSync(this.#path, `${lineOf(folder, entry)}\n`);
  }
}

function lineOf(folder: string, { first, digest }: SegmentEntry): string {
  const stat = statSync(join(folder, segmentName(first)), { bigint: true, throwIfNoEntry: false });
  return `${digest} ${stat?.ino} ${stat?.mtimeNs} ${stat?.size}`;
}

/** How segments are checked. */
export interface SegmentWalkOptions {
  readonly limits: ReaderLimits;
  readonly before: CheckedBefore;
  readonly onProgress: (checked: SegmentsChecked) => void;
}

/** Checks the segments beside a log's database, on as many processes as there are cores. What is wrong, the oldest first. */
export async function checkSegments(
  first: Reader,
  path: string,
  { limits, before, onProgress }: SegmentWalkOptions,
): Promise<string[]> {
  const { folder, entries, strange } = await first.run('segments', { path });
  const faults = new Map<number, string>();
  const waiting = entries.filter((entry) => !before.has(folder, entry));
  const { length: segments } = entries;
  let checked = segments - waiting.length;
  const lane = async (reader: Reader): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const fault = await faultIn(reader, folder, entry);
      if (fault === undefined) before.add(folder, entry);
      else faults.set(entry.first, fault);
      onProgress({ checked: ++checked, segments });
    }
  };
  const bytes = waiting.reduce((sum, entry) => sum + entry.bytes, 0);
  const more = Math.min(availableParallelism(), Math.ceil(bytes / PROCESS_BYTES)) - 1;
  const others = Array.from({ length: Math.max(0, more) }, () => new Reader(limits));
  try {
    await Promise.all([first, ...others].map(lane));
  } finally {
    await Promise.all(others.map((reader) => reader.end()));
  }
  const found = [...faults].sort(([a], [b]) => a - b).map(([, fault]) => fault);
  return [...strange.map((name) => `${folder}: ${name} is nothing of a ledger's`), ...found];
}

async function faultIn(
  reader: Reader,
  folder: string,
  entry: SegmentEntry,
): Promise<string | undefined> {
  try {
    await reader.run('check-segment', { folder, entry });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
