// Chunks of ids in a file that nobody needs to survive. Owns: the file, made when it is first needed.
// Never touches: the data folder.

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { ChunkSource } from '../store/id-run.js';

export class ScratchChunks implements ChunkSource {
  readonly #path: string;
  readonly #places = new Map<string, readonly [number, number]>();
  #file: number | undefined;
  #end = 0;

  constructor(path: string) {
    this.#path = path;
  }

  readChunk(key: string): Uint8Array | undefined {
    const place = this.#places.get(key);
    if (place === undefined || this.#file === undefined) return undefined;
    const [at, length] = place;
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const read = readSync(this.#file, bytes, done, length - done, at + done);
      if (read === 0) throw new Error(`${this.#path} has been cut short`);
      done += read;
    }
    return bytes;
  }

  write(key: string, bytes: Uint8Array): void {
    this.#file ??= openSync(this.#path, 'w+', 0o600);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#places.set(key, [this.#end, bytes.length]);
    this.#end += bytes.length;
  }

  /** The room is not used again. */
  remove(key: string): void {
    this.#places.delete(key);
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }
}
