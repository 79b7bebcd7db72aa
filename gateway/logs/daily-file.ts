// A file of lines for each day. Owns: its name, when the next one begins, when old ones go, lines that wait for the disk. Never
// touches: what the lines say.
//   L1. A line is never split over two files. Lines are written in the background, in order; a stop, and the end after a fatal error,
//       writes what is left first.
//   L2. Days are UTC's, in the name: `audit-2026-11-23.log`. A file goes once it is older than `keptDays`; nothing else in the folder
//       is touched.
//   L5. A disk that takes no lines is told of, and tried again. Meanwhile `LOG_WAITING_MAX` of lines wait, and no more; how many were
//       lost, the next line says. Nothing waits for such a disk, least of all the end of the process.

import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOG_CLOSE_MS, LOG_GATHER_MS, LOG_RETRY_MS, LOG_WAITING_MAX } from '../limits.js';

const DAY_MS = 86_400_000;
const LINE_FEED = 10;
/** How long a process that ends waits for what is being written. */
const UNDER_WAY_MS = 1_000;
const SILENT = 'the disk of the logs does not answer';

const writeSome = promisify(write);
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** The name of a log's file of a day: `audit-2026-11-23.log`. */
const DAILY = /^(.+)-(\d{4}-\d\d-\d\d)\.log$/;

/** The day of a time, in UTC: 2026-11-23. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Opens the file of a day to write behind what is in it; what somebody who was killed left in the middle of a line is ended. */
export function openDaily(folder: string, name: string, day: number): number {
  const fd = openSync(join(folder, `${name}-${dayOf(day * DAY_MS)}.log`), 'a+', 0o600);
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1, LINE_FEED);
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  if (last[0] !== LINE_FEED) writeSync(fd, '\n');
  return fd;
}

/** The files of a log, the oldest first. */
export const dailyFiles = (folder: string, name: string): string[] =>
  readdirSync(folder)
    .filter((file) => DAILY.exec(file)?.[1] === name)
    .sort();

/** Removes files of a log from before the days that it is kept. */
export function removeOld(folder: string, name: string, day: number, keptDays: number): void {
  const oldest = dayOf((day - keptDays) * DAY_MS);
  for (const file of dailyFiles(folder, name))
    if ((DAILY.exec(file)?.[2] ?? '') < oldest) rmSync(join(folder, file), { force: true });
}

/** Lines of one day that are written together. */
class Part {
  readonly day: number;
  #text = '';
  #lines = 0;
  #bytes: Buffer | undefined;
  /** Characters; and bytes that the file has. */
  length = 0;
  at = 0;

  constructor(day: number) {
    this.day = day;
  }

  /** `lines`: how many are lost with it. False: it is being written already. */
  add(text: string, lines: number): boolean {
    if (this.#bytes !== undefined) return false;
    this.#text += text;
    this.#lines += lines;
    this.length += text.length;
    return true;
  }

  /** What the file does not have. */
  get rest(): Buffer {
    this.#bytes ??= Buffer.from(this.#text);
    this.#text = '';
    return this.#bytes.subarray(this.at);
  }

  get lines(): number {
    return this.at === 0 ? this.#lines : this.rest.filter((byte) => byte === LINE_FEED).length;
  }
}

/** Does a file have these bytes somewhere from a place on? */
function isIn(fd: number, from: number, bytes: Buffer): boolean {
  const size = fstatSync(fd).size - from;
  if (size < bytes.length) return false;
  const found = Buffer.alloc(size);
  return found.subarray(0, readSync(fd, found, 0, size, from)).includes(bytes);
}

export class DailyFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #keptDays: number;
  readonly #now: () => number;
  readonly #onError: (error: Error) => void;
  #day = Number.NaN;
  #fd: number | undefined;
  /** Where what is being written begins in the day's file, or before that: others write to it, too. */
  #from = 0;
  #parts: Part[] = [];
  #waiting = 0;
  #lost = 0;
  #hasFailed = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isUnderWay = false;

  /** `now`: milliseconds since 1970. `onError` is told of a disk that does not take lines: once, until it takes some. */
  constructor(
    folder: string,
    name: string,
    keptDays: number,
    onError: (error: Error) => void,
    now: () => number = Date.now,
  ) {
    this.#folder = folder;
    this.#name = name;
    this.#keptDays = keptDays;
    this.#onError = onError;
    this.#now = now;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Takes a line, with its end. Lines of a short while are written together. */
  write(line: string): void {
    if (this.#waiting + line.length > LOG_WAITING_MAX) {
      this.#lost++;
      return;
    }
    const now = this.#now();
    const day = Math.floor(now / DAY_MS);
    const text = this.#lost > 0 ? this.#loss(now) + line : line;
    const lines = this.#lost + 1;
    const last = this.#parts.at(-1);
    if (last?.day !== day || !last.add(text, lines)) {
      const part = new Part(day);
      part.add(text, lines);
      this.#parts.push(part);
    }
    this.#lost = 0;
    this.#waiting += text.length;
    this.#wait();
  }

  #loss(time: number): string {
    const message = 'lines before this one were lost';
    return `${JSON.stringify({ level: 'error', time, log: this.#name, lost: this.#lost, message })}\n`;
  }

  #wait(): void {
    this.#timer ??= setTimeout(this.#go, this.#hasFailed ? LOG_RETRY_MS : LOG_GATHER_MS).unref();
  }

  readonly #go = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#parts.length > 0) this.#wait();
    });
  };

  /** Writes what waits, until nothing does or the disk takes no more. */
  async #writeAll(): Promise<void> {
    for (let part = this.#parts[0]; part !== undefined; part = this.#parts[0]) {
      try {
        const fd = this.#fileOf(part);
        this.#from = fstatSync(fd).size;
        this.#isUnderWay = true;
        const { bytesWritten } = await writeSome(fd, part.rest);
        this.#took(part, bytesWritten);
      } catch (error) {
        if (!this.#hasFailed) this.#onError(error as Error);
        this.#hasFailed = true;
        this.#close();
        return;
      } finally {
        this.#isUnderWay = false;
      }
      if (part.rest.length > 0) continue;
      this.#parts.shift();
      this.#waiting -= part.length;
    }
  }

  #took(part: Part, bytes: number): void {
    part.at += bytes;
    this.#hasFailed = false;
  }

  /** The file of a part's day, opened at its first lines, and anew after an error. */
  #fileOf({ day, at }: Part): number {
    if (this.#fd !== undefined && day === this.#day) return this.#fd;
    // What is being written when the process ends still needs it.
    if (!this.#isUnderWay) this.#close();
    this.#day = Number.NaN;
    const path = join(this.#folder, `${this.#name}-${dayOf(day * DAY_MS)}.log`);
    const fd = at === 0 ? openDaily(this.#folder, this.#name, day) : openSync(path, 'a+', 0o600);
    this.#fd = fd;
    this.#day = day;
    removeOld(this.#folder, this.#name, day, this.#keptDays);
    return fd;
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Writes what is left, at once, and gives up what the disk does not take: for a process that ends. */
  flushSync(): void {
    const left = this.#parts.splice(this.#isUnderWay ? 1 : 0);
    this.#waiting = this.#parts[0]?.length ?? 0;
    try {
      if (this.#isUnderWay && !this.#isWritten()) throw new Error(SILENT);
      for (let part = left[0]; part !== undefined; part = left[0]) {
        const fd = this.#fileOf(part);
        while (part.rest.length > 0) this.#took(part, writeSync(fd, part.rest));
        left.shift();
      }
    } catch (error) {
      for (const { lines } of left) this.#lost += lines;
      this.#hasFailed = true;
      this.#onError(error as Error);
    }
  }

  /** Does the file have in time what is on its way to it? It comes first. */
  #isWritten(): boolean {
    const { rest } = this.#parts[0] as Part;
    const end = performance.now() + UNDER_WAY_MS;
    while (this.#fd !== undefined && !isIn(this.#fd, this.#from, rest)) {
      if (performance.now() > end) return false;
      Atomics.wait(sleeper, 0, 0, 1);
    }
    return true;
  }

  /** Writes what is left, as far as the disk takes it; resolves when the file is closed. */
  async close(): Promise<void> {
    if (this.#parts.length > 0) this.#go();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, LOG_CLOSE_MS, true);
    });
    const isLate = await Promise.race([this.#writing, late]);
    clearTimeout(timer);
    if (isLate === true) return this.#onError(new Error(SILENT));
    this.flushSync();
    clearTimeout(this.#timer);
    this.#close();
  }
}
