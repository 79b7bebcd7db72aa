// The lane of a shard in this process. Owns: its thread. Never touches: gathering (lane.ts), other nodes.

import type { MessagePort } from 'node:worker_threads';
import { bellMemory } from '../ring/bell.js';
import { parcelParts } from '../ring/parcel.js';
import { FrameReader, FrameWriter, type RingWay, ringWays } from '../ring/ring.js';
import { DECIDED, decidedIn, replyIn } from '../shard/frames.js';
import type { Decided, Reply, ShardTask } from '../shard/messages.js';
import { CommitWatch, progressMemory } from '../store/commit.js';
import { type Thread, threadOf } from '../thread.js';
import { type Gathering, Lane, type LaneHome } from './lane.js';

/** Batches that a shard has at once: it takes all that is there, and those that come meanwhile go into its next block. */
const BATCHES_PER_SHARD = 64;
/** Commands of one batch at most: so that a shard begins with the first ones while the others are still being packed. */
const BATCH_COMMANDS = 1024;
/** Bytes on their way to a shard's thread, and back. */
const RING_BYTES = 1024 * 1024;
/** Room for short-lived objects of a shard's thread: fewer, not longer, collections. */
const YOUNG_MB = 192;
/** Numbers of batches begin again after this one. */
const NUMBER_MAX = 0x7fff_ffff;

/** Told of decisions that somebody elsewhere waits for. */
type TellElsewhere = (decided: Decided) => void;

/** Who waits for a batch's reply. */
interface Waiting {
  replied(reply: Reply): void;
  lost(): void;
}

export class LocalLane extends Lane {
  readonly #pool: Thread;
  /** The bell of the shard's thread. */
  readonly bell = bellMemory();
  /** The shard's way to the main thread. */
  readonly main: RingWay;
  /** Where the shard tells whether it is writing a block. */
  readonly progress = progressMemory();
  readonly #commits = new CommitWatch(this.progress);
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  /** Those who wait, by the numbers of their batches. */
  readonly #replies = new Map<number, Waiting>();
  #number = DECIDED;
  /** Its thread has ended. */
  #isGone = false;
  /** Tickets of callers on other nodes. */
  readonly #elsewhere = new Map<number, TellElsewhere>();
  readonly #elsewhereMax: number;

  /**
   * `mainBell`: of the main thread. `elsewhereMax`: callers on other nodes who wait for decisions; beyond it they hear of them by asking
   * again.
   */
  constructor(shard: number, home: LaneHome, mainBell: SharedArrayBuffer, elsewhereMax: number) {
    super(shard, home, BATCHES_PER_SHARD, BATCH_COMMANDS);
    this.#elsewhereMax = elsewhereMax;
    const [way, main] = ringWays(RING_BYTES, [mainBell, this.bell]);
    this.main = main;
    this.#writer = new FrameWriter(way.to, way.bell);
    this.#reader = new FrameReader(way.from, way.bell);
    this.#pool = threadOf('worker', {
      minThreads: 1,
      concurrentTasksPerWorker: 64,
      maxQueue: 1024,
      resourceLimits: { maxOldGenerationSizeMb: 8192, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const ended = (error: Error): void => {
      home.fail(new Error(`shard ${shard}: ${error.message}`, { cause: error }));
      this.lose();
    };
    this.#pool.on('error', ended);
    // A pool puts another thread in place of one that ends, which would know nothing of the shard.
    for (const thread of this.#pool.threads)
      thread.once('exit', (code) => ended(new Error(`its thread has ended (${code})`)));
  }

  run<T>(task: ShardTask, transferList: (ArrayBufferLike | MessagePort)[] = []): Promise<T> {
    return this.#pool.run(task, { transferList: transferList as never }) as Promise<T>;
  }

  /** Has a block been being written for more than `limitMs`? `now`: of a clock that only rises. */
  isStuck(now: number, limitMs: number | undefined): boolean {
    return this.#commits.isOverdue(now, limitMs);
  }

  protected override carry(gathered: Gathering): void {
    const { commands } = gathered;
    this.#send(commands.bytes(), gathered.ids.length, {
      replied: (reply) =>
        this.home.pass(
          () => this.done(gathered, reply),
          (code) => this.lost(gathered, code),
          () => gathered.until,
        ),
      lost: () => this.lost(gathered, 'SHARD_FAILED'),
    });
    commands.clear();
    this.spare = commands;
  }

  #send(bytes: Uint8Array, count: number, waiting: Waiting): void {
    if (this.#isGone) {
      waiting.lost();
      return;
    }
    this.#number = this.#number === NUMBER_MAX ? DECIDED + 1 : this.#number + 1;
    if (this.#replies.size === 0) this.home.busy(1);
    this.#replies.set(this.#number, waiting);
    this.#writer.send(this.#number, parcelParts(bytes, count));
    this.#writer.ring();
  }

  /** Has the shard said something, or made room? */
  get hasNews(): boolean {
    return this.#reader.isWaiting || this.#writer.mayFlush;
  }

  /** Takes what the shard has said. */
  hear(): void {
    this.#writer.flush();
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      const { word } = frame;
      if (word === DECIDED) {
        this.home.decided(this, decidedIn(frame));
        continue;
      }
      this.replied(word, replyIn(frame));
    }
  }

  /** The batch with this number has this reply. */
  replied(number: number, reply: Reply): void {
    const waiting = this.#replies.get(number);
    if (waiting === undefined) return;
    this.#replies.delete(number);
    if (this.#replies.size === 0) this.home.busy(-1);
    waiting.replied(reply);
  }

  /** There will be no replies any more. */
  lose(): void {
    this.#isGone = true;
    if (this.#replies.size === 0) return;
    const all = [...this.#replies.values()];
    this.#replies.clear();
    this.home.busy(-1);
    for (const waiting of all) waiting.lost();
  }

  /** Carries out a batch of another node. `tell` hears of its transfers' decisions, after the reply. */
  async foreign(bytes: Uint8Array, count: number, tell: TellElsewhere): Promise<Reply> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      const lost = (): void => reject(new Error(`shard ${this.shard} has failed`));
      this.#send(bytes, count, { replied: resolve, lost });
    });
    for (const ticket of reply.opened) {
      const early = this.early.get(ticket);
      this.early.delete(ticket);
      if (early === undefined) this.#elsewhere.set(ticket, tell);
      // The reply goes first.
      else setImmediate(tell, { ...early[0], tickets: [ticket, early[1]] });
    }
    for (const ticket of this.#elsewhere.keys()) {
      if (this.#elsewhere.size <= this.#elsewhereMax) break;
      this.#elsewhere.delete(ticket);
    }
    return reply;
  }

  override decided(decided: Decided): void {
    if (this.#elsewhere.size === 0) super.decided(decided);
    else this.#decidedForAll(decided);
  }

  #decidedForAll(decided: Decided): void {
    const told = new Map<TellElsewhere, number[]>();
    const here: number[] = [];
    for (let i = 0; i < decided.tickets.length; i += 2) {
      const [ticket, offset] = [decided.tickets[i] as number, decided.tickets[i + 1] as number];
      const tell = this.#elsewhere.get(ticket);
      this.#elsewhere.delete(ticket);
      let tickets = here;
      if (tell !== undefined) {
        tickets = told.get(tell) ?? [];
        told.set(tell, tickets);
      }
      tickets.push(ticket, offset);
    }
    for (const [tell, tickets] of told) tell({ ...decided, tickets });
    if (here.length > 0) super.decided({ ...decided, tickets: here });
  }

  async destroy(): Promise<void> {
    for (const thread of this.#pool.threads) thread.removeAllListeners('exit');
    await this.#pool.destroy();
    this.lose();
  }
}
