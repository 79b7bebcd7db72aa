// What a sandbox partner keeps its word by: a file of events, one a line. Owns: that a line is on the disk before anything is answered. Never touches: what
// the events are.
//   sandbox.J1. Of what was answered nothing is lost by a SIGKILL: whoever answers waits for `durable()`. A line that was not finished was not answered.

import { type FileHandle, open } from 'node:fs/promises';

const NEWLINE = 10;

export class Journal<T> {
  readonly #file: FileHandle;
  #pending = '';
  #writing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Opens a file, and tells each event that is in it; what follows the last whole line is cut off. */
  static async open<T>(path: string, tell: (event: T) => void): Promise<Journal<T>> {
    const file = await open(path, 'a+');
    const bytes = await file.readFile();
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    const text = bytes.subarray(0, whole).toString('utf8');
    for (const line of text.split('\n')) if (line !== '') tell(JSON.parse(line) as T);
    if (whole < bytes.length) await file.truncate(whole);
    return new Journal<T>(file);
  }

  append(event: T): void {
    this.#pending += `${JSON.stringify(event)}\n`;
  }

  /** Resolves when everything that was appended is on the disk. */
  async durable(): Promise<void> {
    // What was appended while others were written is written after them, all at once.
    await this.#writing;
    // What could not be written is never taken for written.
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#pending === '') return this.#writing;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async #write(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    try {
      await this.#file.write(text);
      await this.#file.datasync();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.durable();
    await this.#file.close();
  }
}
