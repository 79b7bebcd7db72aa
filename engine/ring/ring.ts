// Frames from one thread to another, through a ring of bytes in shared memory. Owns: the order of frames, how much is on its way. Never
// touches: what frames hold.
//   ring.R1. Counters wrap: only their difference counts.
//   ring.R2. What is published is whole: bytes first, then the counter.
//   ring.R3. A frame of any size goes through, in pieces; frames come out in the order in which they were sent.
//   ring.R4. Nobody waits for room: what finds none is kept by its sender, and goes on when the reader has made some and rings.
//   ring.R5. What comes out lies in memory of its own: LMDB stores a view of shared memory wrong, and says nothing.

import { Bell } from './bell.js';

/** Places of the counters, each in a cache line of its own: bytes written, bytes read, whether the writer waits for room. */
const [WRITTEN, READ, WANTS_ROOM] = [0, 16, 32];
const HEAD_BYTES = 192;
/** Length, and a word of the sender's. */
const FRAME_HEAD = 8;

/** Memory of its own that is written before anybody reads it. */
const unfilled = (length: number): Uint8Array =>
  new Uint8Array(Buffer.allocUnsafeSlow(length).buffer, 0, length);

const aligned = (length: number): number => (length + 7) & ~7;

/** Memory of a ring of so many bytes, a power of two. `from`: where its counters begin. */
export function ringMemory(bytes: number, from = 0): SharedArrayBuffer {
  if (bytes < 64 || (bytes & (bytes - 1)) !== 0) throw new RangeError(`a ring of ${bytes} bytes`);
  const memory = new SharedArrayBuffer(HEAD_BYTES + bytes);
  const counters = new Int32Array(memory, 0, HEAD_BYTES / 4);
  counters[WRITTEN] = from & ~7;
  counters[READ] = from & ~7;
  return memory;
}

/** A thread's way to another one and back. */
export interface RingWay {
  /** The other thread's bell. */
  readonly bell: SharedArrayBuffer;
  /** The ring to it, and the one from it. */
  readonly to: SharedArrayBuffer;
  readonly from: SharedArrayBuffer;
}

/** A way of two rings of so many bytes between two threads, as each of them has it. */
export function ringWays(
  bytes: number,
  bells: readonly [SharedArrayBuffer, SharedArrayBuffer],
): readonly [RingWay, RingWay] {
  const [there, back] = [ringMemory(bytes), ringMemory(bytes)];
  return [
    { bell: bells[1], to: there, from: back },
    { bell: bells[0], to: back, from: there },
  ];
}

/** One end of a ring. */
class End {
  protected readonly counters: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly words: Int32Array;
  protected readonly size: number;
  protected readonly bell: Bell;

  /** `bell`: of the thread at the other end. */
  constructor(memory: SharedArrayBuffer, bell: SharedArrayBuffer) {
    this.counters = new Int32Array(memory, 0, HEAD_BYTES / 4);
    this.bytes = new Uint8Array(memory, HEAD_BYTES);
    this.words = new Int32Array(memory, HEAD_BYTES);
    this.size = this.bytes.length;
    this.bell = new Bell(bell);
  }

  /** Where a counter points. */
  protected at(counter: number): number {
    return counter & (this.size - 1);
  }
}

/** The end that sends. */
export class FrameWriter extends End {
  #written: number;
  /** Frames, or what is left of one, that found no room. */
  readonly #kept: Uint8Array[] = [];
  /** How many bytes are kept. */
  keptBytes = 0;

  constructor(memory: SharedArrayBuffer, bell: SharedArrayBuffer) {
    super(memory, bell);
    this.#written = Atomics.load(this.counters, WRITTEN);
  }

  /**
   * Sends a frame, made of these parts one after the other, and a word that goes with it. The parts are free again afterwards. The other
   * thread hears of it when the bell is rung.
   */
  send(word: number, parts: readonly Uint8Array[]): void {
    let length = 0;
    for (const part of parts) length += part.length;
    const whole = FRAME_HEAD + aligned(length);
    if (this.#kept.length > 0 || this.#room() < whole) {
      this.#keep(word, length, parts);
      this.flush();
      return;
    }
    const at = this.at(this.#written) >> 2;
    this.words[at] = length;
    this.words[at + 1] = word;
    let next = (this.#written + FRAME_HEAD) | 0;
    for (const part of parts) next = this.#put(part, part.length, next);
    this.#publish((this.#written + whole) | 0);
  }

  /** Tells the other thread that something is there. */
  ring(): void {
    this.bell.ring();
  }

  #room(): number {
    return this.size - ((this.#written - Atomics.load(this.counters, READ)) | 0);
  }

  /** Puts so many bytes of a part where a counter points; where it points next. */
  #put(part: Uint8Array, count: number, counter: number): number {
    const at = this.at(counter);
    const first = Math.min(count, this.size - at);
    this.bytes.set(part.subarray(0, first), at);
    if (first < count) this.bytes.set(part.subarray(first, count), 0);
    return (counter + count) | 0;
  }

  #publish(written: number): void {
    this.#written = written;
    Atomics.store(this.counters, WRITTEN, written);
  }

  #keep(word: number, length: number, parts: readonly Uint8Array[]): void {
    const frame = new Uint8Array(FRAME_HEAD + aligned(length));
    const head = new Int32Array(frame.buffer, 0, 2);
    head[0] = length;
    head[1] = word;
    let at = FRAME_HEAD;
    for (const part of parts) {
      frame.set(part, at);
      at += part.length;
    }
    this.#kept.push(frame);
    this.keptBytes += frame.length;
  }

  /** Is there room for some of what was kept? */
  get mayFlush(): boolean {
    return this.#kept.length > 0 && this.#room() > 0;
  }

  /** Sends what was kept, as far as there is room. Where nothing was, nobody is rung. */
  flush(): void {
    if (this.#kept.length === 0) return;
    while (this.#kept.length > 0) {
      // Frames, and with them the room, are of whole words.
      let room = this.#room();
      if (room === 0) {
        Atomics.store(this.counters, WANTS_ROOM, 1);
        // A second look: the reader may have made room before it could know.
        room = this.#room();
        if (room === 0) break;
      }
      const frame = this.#kept[0] as Uint8Array;
      const count = Math.min(room, frame.length);
      this.#publish(this.#put(frame, count, this.#written));
      this.keptBytes -= count;
      if (count === frame.length) this.#kept.shift();
      else this.#kept[0] = frame.subarray(count);
    }
    this.bell.ring();
  }
}

/** A frame as it came. */
export interface Frame {
  readonly word: number;
  readonly bytes: Uint8Array;
}

/** The end that receives. */
export class FrameReader extends End {
  #read: number;
  /** Of a frame that comes in pieces: what has come so far. */
  #partial: { readonly word: number; readonly bytes: Uint8Array; filled: number } | null = null;

  constructor(memory: SharedArrayBuffer, bell: SharedArrayBuffer) {
    super(memory, bell);
    this.#read = Atomics.load(this.counters, READ);
  }

  /** Has something come? */
  get isWaiting(): boolean {
    return Atomics.load(this.counters, WRITTEN) !== this.#read;
  }

  /** The next whole frame; undefined: there is none yet. */
  next(): Frame | undefined {
    while (true) {
      const written = Atomics.load(this.counters, WRITTEN);
      if (written === this.#read) return undefined;
      const partial = this.#partial ?? this.#begin();
      const left = aligned(partial.bytes.length) - partial.filled;
      const count = Math.min(left, (written - this.#read) | 0);
      this.#take(partial.bytes, partial.filled, count);
      partial.filled += count;
      this.#free((this.#read + count) | 0);
      if (count < left) continue;
      this.#partial = null;
      return partial;
    }
  }

  #begin(): { readonly word: number; readonly bytes: Uint8Array; filled: number } {
    const at = this.at(this.#read) >> 2;
    const bytes = unfilled(this.words[at] as number);
    this.#read = (this.#read + FRAME_HEAD) | 0;
    this.#partial = { word: this.words[at + 1] as number, bytes, filled: 0 };
    return this.#partial;
  }

  /** Copies `count` bytes to where the frame goes on; what only fills up its last word is left out. */
  #take(into: Uint8Array, filled: number, count: number): void {
    const end = Math.min(filled + count, into.length);
    let at = this.at(this.#read);
    for (let next = filled; next < end; at = 0) {
      const some = Math.min(end - next, this.size - at);
      into.set(this.bytes.subarray(at, at + some), next);
      next += some;
    }
  }

  #free(read: number): void {
    this.#read = read;
    Atomics.store(this.counters, READ, read);
    if (Atomics.load(this.counters, WANTS_ROOM) === 0) return;
    if (Atomics.exchange(this.counters, WANTS_ROOM, 0) === 1) this.bell.ring();
  }
}
