// Who asked for the commands of a block: the last part of it. Owns: how contexts lie in a block, each text and each context once. Never
// touches: commands, keys.
//   protocol.X4. texts (principals, sealed origins) | contexts (two texts and a trace id) | runs: from which command on which context holds, 0:
//       nobody's. A block without contexts has no byte of it.
//   protocol.X5. A run holds for what callers ask for. What the engine itself puts between (ticks, what shards say to each other) is nobody's,
//       wherever it stands.

import { type SaidContext, TRACE_BYTES } from './audit-context.js';

const HEAD_BYTES = 8;
const CONTEXT_BYTES = 4 + TRACE_BYTES;
const RUN_BYTES = 6;
const NOTHING: Uint8Array = new Uint8Array(0);

const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

/** The contexts of a block that is being filled. */
export class ContextWriter {
  readonly #texts = new Map<string, number>();
  readonly #contexts = new Map<string, number>();
  /** Offset and context, two numbers each. */
  readonly #runs: number[] = [];
  #textBytes = 0;

  clear(): void {
    if (this.#runs.length === 0) return;
    this.#texts.clear();
    this.#contexts.clear();
    this.#runs.length = 0;
    this.#textBytes = 0;
  }

  /** Commands from this offset on are asked for by this context; null: by nobody. */
  say(offset: number, context: SaidContext | null): void {
    if (context === null && this.#runs.length === 0) return;
    this.#runs.push(offset, context === null ? 0 : this.#contextOf(context));
  }

  /** Its number, from 1 on. */
  #contextOf({ principal, origin, trace }: SaidContext): number {
    const [who, where] = [this.#textOf(principal), this.#textOf(origin)];
    const key = `${who} ${where} ${latin1(trace)}`;
    let number = this.#contexts.get(key);
    if (number === undefined) {
      number = this.#contexts.size + 1;
      this.#contexts.set(key, number);
    }
    return number;
  }

  #textOf(bytes: Uint8Array): number {
    const key = latin1(bytes);
    let number = this.#texts.get(key);
    if (number === undefined) {
      number = this.#texts.size;
      this.#texts.set(key, number);
      this.#textBytes += 2 + bytes.length;
    }
    return number;
  }

  /** How many bytes that takes. */
  get length(): number {
    const runs = this.#runs.length / 2;
    if (runs === 0) return 0;
    const contextBytes = this.#contexts.size * CONTEXT_BYTES;
    return (HEAD_BYTES + this.#textBytes + contextBytes + runs * RUN_BYTES + 7) & ~7;
  }

  /** As the block has them. */
  bytes(): Uint8Array {
    const runs = this.#runs;
    if (runs.length === 0) return NOTHING;
    const into = Buffer.alloc(this.length);
    into.writeUInt16LE(this.#texts.size, 0);
    into.writeUInt16LE(this.#contexts.size, 2);
    into.writeUInt32LE(runs.length / 2, 4);
    let at = HEAD_BYTES;
    for (const text of this.#texts.keys()) {
      into.writeUInt16LE(text.length, at);
      at += 2 + into.write(text, at + 2, 'latin1');
    }
    for (const key of this.#contexts.keys()) {
      const [who = '', where = ''] = key.split(' ', 2);
      into.writeUInt16LE(Number(who), at);
      into.writeUInt16LE(Number(where), at + 2);
      into.write(key.slice(who.length + where.length + 2), at + 4, 'latin1');
      at += CONTEXT_BYTES;
    }
    for (let i = 0; i < runs.length; i += 2) {
      into.writeUInt32LE(runs[i] as number, at);
      into.writeUInt16LE(runs[i + 1] as number, at + 4);
      at += RUN_BYTES;
    }
    return into;
  }
}

/** A context as the log keeps it. */
export interface LoggedContext {
  readonly principal: string;
  /** Sealed; empty: nothing is known of it. */
  readonly origin: Uint8Array;
  /** Hexadecimal; undefined: it had none. */
  readonly traceId: string | undefined;
}

/** The contexts of a block read back. Throws RangeError on bytes that are none. */
export class ContextsView {
  readonly #contexts: LoggedContext[] = [];
  readonly #runs: number[] = [];

  constructor(bytes: Uint8Array) {
    if (bytes.length === 0) return;
    const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const [texts, contexts] = [from.readUInt16LE(0), from.readUInt16LE(2)];
    let at = HEAD_BYTES;
    const all: Buffer[] = [];
    for (let i = 0; i < texts; i++) {
      const end = at + 2 + from.readUInt16LE(at);
      all.push(from.subarray(at + 2, end));
      at = end;
    }
    for (let i = 0; i < contexts; i++, at += CONTEXT_BYTES) {
      const [who, where] = [all[from.readUInt16LE(at)], all[from.readUInt16LE(at + 2)]];
      if (who === undefined || where === undefined) throw new RangeError('a context without text');
      const traceId = from.toString('hex', at + 4, at + CONTEXT_BYTES);
      const isTraced = /[^0]/.test(traceId);
      this.#contexts.push({
        principal: who.toString(),
        origin: where,
        traceId: isTraced ? traceId : undefined,
      });
    }
    for (let left = from.readUInt32LE(4); left > 0; left--, at += RUN_BYTES) {
      const [offset, context] = [from.readUInt32LE(at), from.readUInt16LE(at + 4)];
      const isAfter = offset > (this.#runs.at(-2) ?? -1);
      if (!isAfter || context > contexts) throw new RangeError('its contexts are out of order');
      this.#runs.push(offset, context);
    }
    if (((at + 7) & ~7) !== bytes.length || from.subarray(at).some((byte) => byte !== 0))
      throw new RangeError('its contexts do not end where they should');
  }

  /** Where runs begin, in order. */
  get offsets(): readonly number[] {
    return this.#runs.filter((_, i) => i % 2 === 0);
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** The run that the command at this offset is in; -1: none. */
  runAt(offset: number): number {
    let [low, high] = [0, this.#runs.length / 2];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle * 2] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Who asked for the commands of a run; undefined: nobody is named. */
  ofRun(run: number): LoggedContext | undefined {
    return run < 0 ? undefined : this.#contexts[(this.#runs[run * 2 + 1] as number) - 1];
  }

  /** Who asked for the command at this offset; undefined: nobody is named. */
  at(offset: number): LoggedContext | undefined {
    return this.ofRun(this.runAt(offset));
  }
}
