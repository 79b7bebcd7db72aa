// What a shard has sealed, on its way to the log, and who waits for it. Owns: when a block counts as durable, when answers leave, the buffers
// of blocks. Never touches: state, what is in a block.
//   shard.W1. One append or confirmation is under way, never a second one; blocks that were sealed meanwhile go together in the next. Where the log
//       of record is elsewhere, what it has is copied while the next append is under way; a block is durable when it is copied, too.
//   shard.W2. An answer leaves when its block is durable. Where somebody else may take over the log, it leaves after an append or a
//       confirmation that began after it was worked out, too: at that time nobody had.

import { RECORD_GROUP_BLOCKS, RECORD_GROUP_BYTES } from '../limits.js';
import type { Batch } from './batch.js';
import type { Blocks } from './blocks.js';
import { crashPoint } from './crash-points.js';
import type { BlockLog } from './machine.js';

/** Buffers that are kept for further blocks. */
const BUFFERS_KEPT = 2;
/** Groups that are being copied; with so many no further append begins. */
const COPIES_MAX = 2;

/** What an actor does about it. */
export interface AppendingHost {
  /** A block is durable, and what waited for it was not told yet. The bytes are valid during the call. `ms`: since it was handed to the log. */
  written(seq: number, block: Uint8Array, ms: number): void;
  /** An append or a confirmation has ended, and all was answered. */
  ended(): void;
  /** Runs something behind what ended() has brought about. */
  soon(run: () => void): void;
  failed(error: Error): void;
}

interface Waiting {
  readonly seq: number;
  readonly ended: number;
  resolve(): void;
  reject(error: Error): void;
}

interface Sealed {
  readonly seq: number;
  readonly block: Uint8Array<ArrayBuffer>;
}

/** Blocks that are handed to the log together, and since when they are. */
interface Group {
  readonly blocks: readonly Sealed[];
  readonly since: number;
}

export class Appending {
  readonly #log: BlockLog;
  readonly #blocks: Blocks;
  readonly #host: AppendingHost;
  /** Sealed and not handed to the log. */
  #sealed: Sealed[] = [];
  #sealedBytes = 0;
  /** Handed to the log, and not durable. */
  readonly #underWay: Group[] = [];
  readonly #buffers: Uint8Array<ArrayBuffer>[] = [];
  /** Is an append or a confirmation under way? */
  #isAsking = false;
  /** How many groups are being copied. */
  #copies = 0;
  #failure: Error | undefined;
  #durableSeq: number;
  /** The last block that the log of record has: it may not be durable yet. */
  #recordedSeq: number;
  /** Appends and confirmations that have begun, and those that have ended. */
  #begun = 0;
  #ended = 0;
  #unanswered: Batch[] = [];
  #waiting: Waiting[] = [];

  constructor(log: BlockLog, blocks: Blocks, durableSeq: number, host: AppendingHost) {
    this.#log = log;
    this.#blocks = blocks;
    this.#durableSeq = durableSeq;
    this.#recordedSeq = durableSeq;
    this.#host = host;
  }

  get durableSeq(): number {
    return this.#durableSeq;
  }

  get isWriting(): boolean {
    return this.#isAsking || this.#copies > 0;
  }

  /** How long blocks have been under way; 0: none are. */
  get writingMs(): number {
    const [oldest] = this.#underWay;
    return oldest === undefined ? 0 : performance.now() - oldest.since;
  }

  get #mayBegin(): boolean {
    return !this.#isAsking && this.#copies < COPIES_MAX;
  }

  /** May another block be sealed? `isFull`: it takes no more; one that does goes on being filled while something is under way. */
  takes(isFull: boolean): boolean {
    if (this.#mayBegin) return true;
    return (
      isFull &&
      this.#log.appendGroup !== undefined &&
      this.#sealed.length < RECORD_GROUP_BLOCKS &&
      this.#sealedBytes < RECORD_GROUP_BYTES
    );
  }

  /** Room for a block of so many bytes. */
  buffer(bytes: number): Uint8Array<ArrayBuffer> {
    const buffer = this.#buffers.pop();
    return buffer !== undefined && buffer.length >= bytes ? buffer : new Uint8Array(bytes * 2);
  }

  /** Takes a sealed block, in a buffer of `buffer`. */
  add(seq: number, block: Uint8Array<ArrayBuffer>): void {
    this.#blocks.addUnderWay(seq, block);
    this.#sealed.push({ seq, block });
    this.#sealedBytes += block.length;
    if (this.#mayBegin) this.#begin();
  }

  #begin(): void {
    const group = { blocks: this.#sealed, since: performance.now() };
    const { seq, block } = group.blocks[0] as Sealed;
    this.#sealed = [];
    this.#sealedBytes = 0;
    this.#underWay.push(group);
    this.#isAsking = true;
    this.#begun++;
    crashPoint('before-append');
    const written =
      this.#log.appendGroup === undefined
        ? this.#log.append(seq, block)
        : this.#log.appendGroup(seq, bytesOf(group));
    crashPoint('before-sync');
    this.#await(written, () => this.#appended(group));
  }

  /** Do answers wait for nothing but to know that nobody else has taken over? */
  get wantsConfirmation(): boolean {
    const first = this.#unanswered[0];
    return (
      !this.#isAsking &&
      this.#log.confirm !== undefined &&
      first !== undefined &&
      first.waitsFor <= this.#recordedSeq &&
      first.waitsForEnded > this.#ended
    );
  }

  /** Asks for it, where answers wait for it alone. */
  confirm(): void {
    if (!this.wantsConfirmation) return;
    this.#isAsking = true;
    this.#begun++;
    this.#await(this.#log.confirm?.(), () => {
      this.#asked();
      this.#goOn();
    });
  }

  #await(written: Promise<void> | undefined, then: () => void): void {
    const ended = (): void => {
      if (this.#failure === undefined) then();
    };
    if (written === undefined) ended();
    else written.then(ended, (error) => this.#host.failed(error as Error));
  }

  /** After this nothing is told any more, and nothing becomes durable: who waits for that hears why. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #asked(): void {
    this.#ended = this.#begun;
    this.#isAsking = false;
  }

  /** The log of record has a group; where that is elsewhere, the next one is on its way there when this one is copied. */
  #appended(group: Group): void {
    this.#asked();
    const { seq } = group.blocks[0] as Sealed;
    this.#recordedSeq = seq + group.blocks.length - 1;
    if (this.#log.copyGroup === undefined) this.#stored(group);
    else this.#copies++;
    this.#goOn();
    if (this.#log.copyGroup !== undefined) this.#host.soon(() => this.#copy(group));
  }

  #copy(group: Group): void {
    if (this.#failure !== undefined) return;
    const { seq } = group.blocks[0] as Sealed;
    this.#await(this.#log.copyGroup?.(seq, bytesOf(group)), () => {
      this.#copies--;
      this.#stored(group);
      this.#goOn();
    });
  }

  #stored(group: Group): void {
    crashPoint('before-reply');
    const ms = performance.now() - group.since;
    this.#underWay.shift();
    for (const { seq, block } of group.blocks) {
      this.#durableSeq = seq;
      this.#blocks.endUnderWay(seq);
      this.#host.written(seq, block, ms);
      if (this.#buffers.length < BUFFERS_KEPT) this.#buffers.push(new Uint8Array(block.buffer));
    }
  }

  #goOn(): void {
    // The next ones go before anybody hears of these: it takes them longer.
    if (this.#sealed.length > 0 && this.#mayBegin) this.#begin();
    this.#answer();
    this.#host.ended();
  }

  /** Answers a batch as soon as it may be. */
  answer(batch: Batch): void {
    if (this.#log.confirm !== undefined) batch.waitsForEnded = this.#begun + 1;
    if (this.#mayLeave(batch)) batch.answered();
    else this.#unanswered.push(batch);
  }

  #mayLeave({ waitsFor, waitsForEnded }: Batch): boolean {
    return waitsFor <= this.#durableSeq && waitsForEnded <= this.#ended;
  }

  #answer(): void {
    let kept = 0;
    for (const batch of this.#unanswered) {
      if (this.#mayLeave(batch)) batch.answered();
      else this.#unanswered[kept++] = batch;
    }
    this.#unanswered.length = kept;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(
      ({ seq, ended }) => seq > this.#durableSeq || ended > this.#ended,
    );
    for (const { seq, ended, resolve } of waiting)
      if (seq <= this.#durableSeq && ended <= this.#ended) resolve();
  }

  /** Resolves when a block is durable; rejects where it will never be. */
  durable(seq: number): Promise<void> {
    return this.#until(seq, 0);
  }

  /** Is there anybody who waits for an answer? */
  get hasUnanswered(): boolean {
    return this.#unanswered.length > 0;
  }

  /** Resolves when what is under way has ended. */
  ended(): Promise<void> {
    return this.#until(0, this.#begun);
  }

  #until(seq: number, ended: number): Promise<void> {
    if (seq <= this.#durableSeq && ended <= this.#ended) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const until = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ seq, ended, resolve, reject });
    });
    // Who has given up meanwhile need not hear of a failure.
    until.catch(() => undefined);
    return until;
  }
}

const bytesOf = ({ blocks }: Group): readonly Uint8Array[] => blocks.map(({ block }) => block);
