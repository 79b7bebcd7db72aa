// The lane of a shard in this process. Owns: its thread. Never touches: gathering (lane.ts), other nodes.

import type { MessagePort } from 'node:worker_threads';
import type { Decided, Reply, ShardTask } from '../shard/messages.js';
import { type Thread, threadOf } from '../thread.js';
import { type Gathering, Lane, type LaneHome } from './lane.js';

/** Batches that a shard has at once: one being written, one being applied, the others on their way. */
const TASKS_PER_SHARD = 4;
/** Commands of one batch at most: so that a shard begins with the first ones while the others are still being packed. */
const TASK_COMMANDS = 1024;
/**
 * Tasks up to this go over as copies: a buffer for each of very many small tasks is what calls for the collector of
 * garbage on both sides.
 */
const COPIED_BYTES_MAX = 16 * 1024;
/** Room for short-lived objects of a shard's thread: fewer, not longer, collections. */
const YOUNG_MB = 192;

/** Told of decisions that somebody elsewhere waits for. */
type TellElsewhere = (decided: Decided) => void;

export class LocalLane extends Lane {
  readonly #pool: Thread;
  /** Tickets of callers on other nodes. */
  readonly #elsewhere = new Map<number, TellElsewhere>();
  readonly #elsewhereMax: number;

  /** `elsewhereMax`: callers on other nodes who wait for decisions; beyond it they hear of them by asking again. */
  constructor(shard: number, home: LaneHome, elsewhereMax: number) {
    super(shard, home, TASKS_PER_SHARD, TASK_COMMANDS);
    this.#elsewhereMax = elsewhereMax;
    this.#pool = threadOf('worker', {
      minThreads: 1,
      concurrentTasksPerWorker: 64,
      maxQueue: 1024,
      resourceLimits: { maxOldGenerationSizeMb: 8192, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#pool.on('error', (error: Error) =>
      home.fail(new Error(`shard ${shard}: ${error.message}`, { cause: error })),
    );
  }

  run<T>(task: ShardTask, transferList: (ArrayBufferLike | MessagePort)[] = []): Promise<T> {
    return this.#pool.run(task, { transferList: transferList as never }) as Promise<T>;
  }

  protected override carry(gathered: Gathering): void {
    const { commands } = gathered;
    const count = gathered.ids.length;
    const isSmall = commands.length <= COPIED_BYTES_MAX;
    const bytes = isSmall ? commands.takeCopy() : commands.bytes();
    if (isSmall) this.spare = commands;
    this.run<Reply>({ type: 'batch', bytes, count }, isSmall ? [] : [bytes.buffer]).then(
      (reply) =>
        this.home.pass(
          () => this.done(gathered, reply),
          (code) => this.lost(gathered, code),
          () => gathered.until,
        ),
      (error) => {
        this.home.fail(error as Error);
        this.lost(gathered, 'SHARD_FAILED');
      },
    );
  }

  /** Carries out a batch of another node. `tell` hears of its transfers' decisions, after the reply. */
  async foreign(bytes: Uint8Array, count: number, tell: TellElsewhere): Promise<Reply> {
    const reply = await this.run<Reply>({ type: 'batch', bytes, count }, [bytes.buffer]);
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

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}
