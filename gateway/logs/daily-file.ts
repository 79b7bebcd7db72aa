// A file of lines for each day. Owns: its name, when the next one begins, when old ones go. Never
// touches: what the lines say.
//   L1. A line is never split over two files. Lines are written in the background, in order; a stop,
//       and the end after a fatal error, writes what is left first.
//   L2. Days are UTC's, in the name: `audit-2026-11-23.log`. A file goes once it is older than
//       `keptDays`; nothing else in the folder is touched.

import { mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { LOG_GATHER_MS } from '../limits.js';

const DAY_MS = 86_400_000;

type Destination = ReturnType<typeof pino.destination>;

/** The day of a time, in UTC: 2026-11-23. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export class DailyFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #keptDays: number;
  readonly #now: () => number;
  readonly #onError: (error: Error) => void;
  #day = Number.NaN;
  #file: Destination | undefined;
  #fd = -1;
  #hasFailed = false;
  #waiting = '';
  #timer: NodeJS.Timeout | undefined;
  readonly #ending = new Set<Promise<void>>();

  /** `now`: milliseconds since 1970. `onError` is told of a disk that does not take lines. */
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
    const now = this.#now();
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) this.#begin(day, now);
    this.#waiting += line;
    this.#timer ??= setTimeout(this.#hand, LOG_GATHER_MS);
  }

  readonly #hand = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = '';
    if (lines !== '') this.#file?.write(lines);
  };

  #begin(day: number, now: number): void {
    this.#end();
    this.#day = day;
    const dest = join(this.#folder, `${this.#name}-${dayOf(now)}.log`);
    try {
      // Opened at once, so that it can be flushed at once.
      const fd = openSync(dest, 'a', 0o600);
      this.#fd = fd;
      this.#hasFailed = false;
      this.#file = pino.destination({ dest: fd, sync: false });
      this.#file.on('error', (error: Error) => {
        this.#hasFailed = true;
        this.#onError(error);
      });
      this.#removeOld(now);
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  #removeOld(now: number): void {
    const oldest = dayOf(now - this.#keptDays * DAY_MS);
    for (const name of readdirSync(this.#folder)) {
      const found = /^(.+)-(\d{4}-\d\d-\d\d)\.log$/.exec(name);
      if (found?.[1] === this.#name && (found[2] ?? '') < oldest)
        rmSync(join(this.#folder, name), { force: true });
    }
  }

  #end(): void {
    this.#hand();
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    const ended = new Promise<void>((resolve) => {
      file.on('close', resolve);
      // Left alone, it would try again for ever when the process exits.
      file.on('error', () => {
        file.destroy();
        resolve();
      });
    });
    this.#ending.add(ended);
    ended.finally(() => this.#ending.delete(ended));
    file.end();
  }

  /** Writes what is left, at once: for a process that ends. */
  flushSync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = '';
    if (this.#file === undefined) return;
    // A stream that has failed would try again for ever: a full disk must not keep the process from ending.
    if (this.#hasFailed) {
      this.#file.destroy();
      return;
    }
    try {
      this.#file.flushSync();
      if (lines !== '') writeSync(this.#fd, lines);
    } catch (error) {
      this.#hasFailed = true;
      this.#onError(error as Error);
    }
  }

  /** Writes what is left; resolves when the file is closed. */
  async close(): Promise<void> {
    this.#end();
    await Promise.all(this.#ending);
  }
}
