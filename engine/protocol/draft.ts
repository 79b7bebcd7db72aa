// The block that is being filled. Owns: its commands and effects until they are written. Never touches: files.

import { EffectReader, EffectWriter } from './effects.js';

/** Commands and effects of one block, growing. */
export class Draft {
  seq = 0;
  /** Block time, milliseconds since 1970. */
  time = 0;
  /** Commands logged so far. */
  count = 0;
  readonly effects: EffectWriter;
  #commands: Uint8Array;
  #commandBytes = 0;

  constructor(commandBytes = 1 << 19, effectBytes = 1 << 21) {
    this.#commands = new Uint8Array(commandBytes);
    this.effects = new EffectWriter(effectBytes);
  }

  /** Empties it for the block with this number and time. */
  open(seq: number, time: number): void {
    this.seq = seq;
    this.time = time;
    this.count = 0;
    this.#commandBytes = 0;
    this.effects.clear();
  }

  get commandBytes(): number {
    return this.#commandBytes;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Adds a command's bytes; returns their offset. */
  append(bytes: Uint8Array, start: number, end: number): number {
    const offset = this.#commandBytes;
    const length = end - start;
    if (offset + length > this.#commands.length) {
      const grown = new Uint8Array(Math.max(this.#commands.length * 2, offset + length));
      grown.set(this.#commands.subarray(0, offset));
      this.#commands = grown;
    }
    const to = this.#commands;
    if (length < 200) for (let i = 0; i < length; i++) to[offset + i] = bytes[start + i] as number;
    else to.set(bytes.subarray(start, end), offset);
    this.#commandBytes = offset + length;
    this.count++;
    return offset;
  }

  /** The commands so far: a view, valid until the next append. */
  commands(): Uint8Array {
    return this.#commands.subarray(0, this.#commandBytes);
  }

  /** A reader of the effects so far, valid until something more is written. */
  reader(): EffectReader {
    return new EffectReader(this.effects.bytes());
  }
}
