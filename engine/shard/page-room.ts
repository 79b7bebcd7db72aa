// Room for the bytes of pages on their way to the disk, used again and again: no memory to ask for, and to be collected, with every page.
// Owns: the room, and what of it is in use. Never touches: what is written into it.

const CHUNK_BYTES = 1024 * 1024;
/** Chunks that are kept for later. */
const KEPT_CHUNKS = 16;

interface Chunk {
  readonly bytes: Uint8Array;
  /** Given away up to here. */
  end: number;
  /** Parts of it that are in use. */
  used: number;
}

const chunkOf = (bytes: number): Chunk => ({ bytes: new Uint8Array(bytes), end: 0, used: 0 });

export class PageRoom {
  #current = chunkOf(0);
  readonly #chunks = new Map<ArrayBufferLike, Chunk>();
  #kept: Chunk[] = [];

  /** Room for so many bytes, at a multiple of 8 of its buffer; what was there before is still in it. */
  take(bytes: number): Uint8Array {
    if (this.#current.end + bytes > this.#current.bytes.length) this.#next(bytes);
    const chunk = this.#current;
    const start = chunk.end;
    chunk.end = (start + bytes + 7) & ~7;
    chunk.used++;
    return chunk.bytes.subarray(start, start + bytes);
  }

  /** What take() gave is no longer needed. */
  release(bytes: Uint8Array): void {
    const chunk = this.#chunks.get(bytes.buffer);
    if (chunk === undefined) throw new Error('room that was not taken');
    chunk.used--;
    if (chunk.used > 0) return;
    chunk.end = 0;
    if (chunk !== this.#current) this.#keep(chunk);
  }

  #next(bytes: number): void {
    const full = this.#current;
    const kept = bytes <= CHUNK_BYTES ? this.#kept.pop() : undefined;
    this.#current = kept ?? chunkOf(Math.max(CHUNK_BYTES, bytes));
    this.#chunks.set(this.#current.bytes.buffer, this.#current);
    if (full.used === 0) this.#keep(full);
  }

  #keep(chunk: Chunk): void {
    this.#chunks.delete(chunk.bytes.buffer);
    if (chunk.bytes.length === CHUNK_BYTES && this.#kept.length < KEPT_CHUNKS)
      this.#kept.push(chunk);
  }
}
