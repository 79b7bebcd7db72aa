// The block that is being filled. Owns: its commands and effects until they are written. Never touches: files.

import type { SaidContext } from './audit-context.js';
import { APPLY_VERSION, type BlockHeader, blockBytes, writeBlock } from './block.js';
import { ContextWriter } from './block-contexts.js';
import { EffectReader, EffectWriter } from './effects.js';
import type { RecordCommands } from './read-back.js';

const NOTHING: Uint8Array = new Uint8Array(0);

/** Commands and effects of one block, growing. */
export class Draft {
  seq = 0;
  /** Block time, milliseconds since 1970. */
  time = 0;
  /** Version of the rules by which it is filled: this release's, and in a replay the block's. */
  rules = APPLY_VERSION;
  /** Commands logged so far. */
  count = 0;
  /** Who asks for what is appended; null: nobody is named. */
  context: SaidContext | null = null;
  readonly effects: EffectWriter;
  readonly #contexts = new ContextWriter();
  /** The context of what was appended last. */
  #said: SaidContext | null = null;
  #commands: Uint8Array;
  #commandBytes = 0;
  /** Commands of one buffer that follow each other, not copied yet: [#from, #to) of #source. */
  #source: Uint8Array = NOTHING;
  #from = 0;
  #to = 0;

  constructor(commandBytes = 1 << 19, effectBytes = 1 << 21) {
    this.#commands = new Uint8Array(commandBytes);
    this.effects = new EffectWriter(effectBytes);
  }

  /** Empties it for the block with this number and time. `rules`: of a block that is replayed. */
  open(seq: number, time: number, rules = APPLY_VERSION): void {
    this.seq = seq;
    this.time = time;
    this.rules = rules;
    this.count = 0;
    this.#commandBytes = 0;
    this.#source = NOTHING;
    this.#from = 0;
    this.#to = 0;
    this.effects.clear();
    this.context = null;
    this.#said = null;
    this.#contexts.clear();
  }

  get commandBytes(): number {
    return this.#commandBytes;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Adds a command's bytes, which must stay as they are until commands() is called; returns their offset. */
  append(bytes: Uint8Array, start: number, end: number): number {
    if (bytes !== this.#source || start !== this.#to) {
      this.#gather();
      this.#source = bytes;
      this.#from = start;
    }
    this.#to = end;
    const offset = this.#commandBytes;
    this.#commandBytes = offset + end - start;
    if (this.context !== this.#said) {
      this.#said = this.context;
      this.#contexts.say(offset, this.context);
    }
    this.count++;
    return offset;
  }

  /** Copies what was appended: many commands at once. */
  #gather(): void {
    const length = this.#to - this.#from;
    const offset = this.#commandBytes - length;
    if (length === 0) return;
    if (offset + length > this.#commands.length) {
      const grown = new Uint8Array(Math.max(this.#commands.length * 2, offset + length));
      grown.set(this.#commands.subarray(0, offset));
      this.#commands = grown;
    }
    this.#commands.set(this.#source.subarray(this.#from, this.#to), offset);
    this.#source = NOTHING;
    this.#from = 0;
    this.#to = 0;
  }

  /** The commands so far: a view, valid until the next append. */
  commands(): Uint8Array {
    this.#gather();
    return this.#commands.subarray(0, this.#commandBytes);
  }

  /** Bytes of the block that it would be now. */
  blockBytes(): number {
    return blockBytes(this.#commandBytes, this.effects.length, this.#contexts.length);
  }

  /** Writes the block, the hash left out: see writeBlock(). */
  writeTo(into: Uint8Array, header: BlockHeader, previousHash: Uint8Array): number {
    const effects = this.effects.bytes();
    return writeBlock(into, header, previousHash, this.commands(), effects, this.#contexts.bytes());
  }

  /** A copy of the commands from one of them on, by its offset. */
  commandsFrom(from: number): RecordCommands {
    return { bytes: this.commands().slice(from), from };
  }

  /** A reader of the effects so far, valid until something more is written. */
  reader(): EffectReader {
    return new EffectReader(this.effects.bytes());
  }
}
