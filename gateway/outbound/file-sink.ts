// Events as lines of JSON in files. Owns: their names, when the next one begins. Never touches: what the lines say.
//   outbound.F1. A line is kept once its bytes are synced; a kill may leave a part of a line, behind which a new one begins: such a line is no JSON.
//   outbound.F2. A file ends with its day (UTC), or where it is large; files that have ended are never written to again, and never removed.

import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutboundEvent } from './event.js';
import type { Attempt } from './sending.js';
import { failedBy, type Sink } from './sink.js';

const NAME = /^events-(\d{4}-\d\d-\d\d)-(\d{6})\.ndjson$/;
const LINE_FEED = 10;
const DAY_LENGTH = 10;

interface Waiting {
  readonly line: string;
  readonly began: number;
  readonly done: (attempt: Attempt) => void;
}

export class FileSink implements Sink {
  readonly #folder: string;
  readonly #bytesMax: number;
  readonly #now: () => number;
  #file: FileHandle | undefined;
  #day = '';
  #bytes = 0;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();

  /** `bytesMax`: a file that has as many has no further line. */
  constructor(folder: string, bytesMax: number, now: () => number) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
    this.#now = now;
  }

  send(_: OutboundEvent, text: string): Promise<Attempt> {
    return new Promise((done) => {
      this.#waiting.push({ line: `${text}\n`, began: performance.now(), done });
      if (this.#isWriting) return;
      this.#isWriting = true;
      this.#writing = this.#write();
    });
  }

  /** What has come while the last lines were written goes out together. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0);
      try {
        const file = await this.#current();
        const bytes = Buffer.from(taken.map(({ line }) => line).join(''));
        const { bytesWritten } = await file.write(bytes);
        this.#bytes += bytesWritten;
        if (bytesWritten < bytes.length)
          throw Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' });
        await file.datasync();
        for (const { began, done } of taken)
          done({ isDelivered: true, ms: performance.now() - began });
      } catch (error) {
        // Whatever of them is there is there again later.
        await this.#end();
        for (const { began, done } of taken) done(failedBy(error, began));
      }
    }
    // In the turn in which nothing waits: what comes from now on begins another time.
    this.#isWriting = false;
  }

  async #current(): Promise<FileHandle> {
    const day = new Date(this.#now()).toISOString().slice(0, DAY_LENGTH);
    if (this.#file !== undefined && day === this.#day && this.#bytes < this.#bytesMax)
      return this.#file;
    const isNext = this.#file !== undefined;
    await this.#end();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const numbers = (await readdir(this.#folder)).flatMap((name) => {
      const [, of, number] = NAME.exec(name) ?? [];
      return of === day ? [Number(number)] : [];
    });
    const last = Math.max(0, ...numbers);
    let file = await this.#open(day, Math.max(1, last));
    let { size } = await file.stat();
    if (size >= this.#bytesMax || (isNext && day === this.#day)) {
      await file.close();
      file = await this.#open(day, last + 1);
      size = (await file.stat()).size;
    }
    this.#file = file;
    this.#day = day;
    this.#bytes = size + (await endLine(file, size));
    return file;
  }

  #open(day: string, number: number): Promise<FileHandle> {
    const name = `events-${day}-${String(number).padStart(6, '0')}.ndjson`;
    return open(join(this.#folder, name), 'a+', 0o600);
  }

  async #end(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#end();
  }
}

/** Ends a line that somebody who was killed has left in the middle; returns how many bytes that took. */
async function endLine(file: FileHandle, size: number): Promise<number> {
  if (size === 0) return 0;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] === LINE_FEED ? 0 : (await file.write('\n')).bytesWritten;
}
