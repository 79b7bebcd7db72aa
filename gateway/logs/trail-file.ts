// A log whose lines are made from the ledger. Owns: which lines it has, by its files alone. Never touches: what the lines say, lines of others in the
// same files.
//   L6. Each line once: it names its place in the ledger (shard, block, place in the block), and a start goes on behind the last one that is whole.
//       Whoever is killed in the middle of a line leaves one that is no JSON, and its place has another line.
//   L7. A line `positions` says up to which block of each shard everything is written (and up to which line of it). Each file begins with one, so that a start reads no further
//       back than that, and it is said again where many blocks had no line.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TRAIL_POSITION_BLOCKS } from '../limits.js';
import { dailyFiles, openDaily, removeOld } from './daily-file.js';

const DAY_MS = 86_400_000;
const STEP_BYTES = 64 * 1024;
const LINE_FEED = 10;
/** Behind all of a block. */
const WHOLE = Number.MAX_SAFE_INTEGER;

/** A place in a shard's trail. */
export interface Place {
  readonly seq: number;
  readonly index: number;
}

/** A line and its place. */
export interface TrailLine extends Place {
  readonly text: string;
}

const isAfter = (one: Place, other: Place): boolean =>
  one.seq > other.seq || (one.seq === other.seq && one.index > other.index);

export class TrailFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #keptDays: number;
  readonly #now: () => number;
  /** By shard: the last place that is written. */
  readonly #places = new Map<number, Place>();
  /** Blocks that were looked at since the last line or positions. */
  #silentBlocks = 0;
  #fd: number | undefined;
  #day = Number.NaN;

  constructor(folder: string, name: string, keptDays: number, now: () => number = Date.now) {
    this.#folder = folder;
    this.#name = name;
    this.#keptDays = keptDays;
    this.#now = now;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#recover();
  }

  /** The last place of a shard that is written; undefined: nothing is known of it. */
  place(shard: number): Place | undefined {
    return this.#places.get(shard);
  }

  /** Everything of a shard up to this block is written, or need not be. */
  begin(shard: number, seq: number): void {
    this.#places.set(shard, { seq, index: WHOLE });
  }

  /** Writes those lines of a shard that it has not; up to the block `last` there are no others. Throws where the disk takes none: then again. */
  write(shard: number, lines: readonly TrailLine[], last: number): void {
    const before = this.#places.get(shard) ?? { seq: 0, index: WHOLE };
    const missing = lines.filter((line) => isAfter(line, before));
    this.#silentBlocks += last - Math.min(before.seq, last);
    const fd = this.#fileOfToday();
    if (missing.length > 0) {
      this.#append(fd, missing.map(({ text }) => text).join(''));
      this.#silentBlocks = 0;
    }
    if (isAfter({ seq: last, index: WHOLE }, before)) this.begin(shard, last);
    if (this.#silentBlocks >= TRAIL_POSITION_BLOCKS) this.#sayPositions(fd);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #append(fd: number, text: string): void {
    const bytes = Buffer.from(text);
    const written = writeSync(fd, bytes);
    if (written === bytes.length) return;
    // What is whole of it is there; the rest is told again, after what a line of it has come to.
    this.#fail();
    throw new Error('ENOSPC: the disk took a part of the lines');
  }

  /** The files say how far it is, where they say anything. */
  #fail(): void {
    this.close();
    this.#day = Number.NaN;
    const before = [...this.#places];
    this.#recover();
    for (const [shard, place] of before)
      if (!this.#places.has(shard)) this.#places.set(shard, place);
  }

  #fileOfToday(): number {
    const day = Math.floor(this.#now() / DAY_MS);
    if (this.#fd !== undefined && day === this.#day) return this.#fd;
    this.close();
    const fd = openDaily(this.#folder, this.#name, day);
    this.#fd = fd;
    this.#day = day;
    removeOld(this.#folder, this.#name, day, this.#keptDays);
    this.#sayPositions(fd);
    return fd;
  }

  #sayPositions(fd: number): void {
    const places = [...this.#places].map(([shard, { seq, index }]) => [
      shard,
      index === WHOLE ? [seq] : [seq, index],
    ]);
    const said = { level: 'info', time: this.#now(), log: this.#name };
    this.#append(fd, `${JSON.stringify({ ...said, positions: Object.fromEntries(places) })}\n`);
    this.#silentBlocks = 0;
  }

  /** Reads back, from the last line on, until every shard's place is known. */
  #recover(): void {
    this.#places.clear();
    for (const file of dailyFiles(this.#folder, this.#name).reverse())
      for (const line of linesFromEnd(join(this.#folder, file))) if (this.#takes(line)) return;
  }

  /** True: it says all that there was before it. */
  #takes(line: string): boolean {
    if (!line.includes('"shard"') && !line.includes('"positions"')) return false;
    let value: Readonly<Record<string, unknown>>;
    try {
      value = Object(JSON.parse(line));
    } catch {
      return false;
    }
    const { shard, seq, index, positions } = value;
    if (typeof positions === 'object' && positions !== null) {
      for (const [name, place] of Object.entries(positions)) {
        const [last = 0, at = WHOLE] = place as readonly number[];
        if (!this.#places.has(Number(name)))
          this.#places.set(Number(name), { seq: last, index: at });
      }
      return true;
    }
    if (typeof shard !== 'number' || typeof seq !== 'number' || typeof index !== 'number')
      return false;
    if (!this.#places.has(shard)) this.#places.set(shard, { seq, index });
    return false;
  }
}

/** The lines of a file, the last one first; what is behind the last line feed is one, too. */
function* linesFromEnd(path: string): Generator<string> {
  const fd = openSync(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let at = fstatSync(fd).size; at > 0; ) {
      const from = Math.max(0, at - STEP_BYTES);
      const step = Buffer.alloc(at - from);
      readSync(fd, step, 0, step.length, from);
      at = from;
      rest = Buffer.concat([step, rest]);
      for (let end = rest.lastIndexOf(LINE_FEED); end >= 0; end = rest.lastIndexOf(LINE_FEED)) {
        yield rest.toString('utf8', end + 1);
        rest = rest.subarray(0, end);
      }
    }
    yield rest.toString('utf8');
  } finally {
    closeSync(fd);
  }
}
