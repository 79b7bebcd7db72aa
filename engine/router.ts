// The router. Owns: owner -> shard, ids of commands that come without one, batches on their way to shards, the threads.
// Never touches: state, sockets.
//   O1. Commands of one home owner reach its shard in the order in which they were submitted.
//   O2. What arrives while a shard is busy is gathered into one task.
//   O3. When a thread dies, everything pending ends with SHARD_FAILED, and the fatal handler is called.

import { MessageChannel, type MessagePort } from 'node:worker_threads';
import hyperid from 'hyperid';
import { Piscina } from 'piscina';
import { BLOCK_COMMAND_BYTES_MAX, DECISION_TIMEOUT_MS } from './limits.js';
import { CommandBuffer } from './protocol/command-buffer.js';
import type { Command, Query } from './protocol/commands.js';
import { EffectReader } from './protocol/effects.js';
import { slotOf } from './protocol/hash.js';
import { type Asset, type Outcome, type Refused, refused } from './protocol/outcomes.js';
import { outcomeOf } from './protocol/read-back.js';
import { refusalCode } from './protocol/refusals.js';
import { homeOwner, isSystemOwner, validate, validateQuery } from './protocol/validate.js';
import type {
  Answer,
  Decided,
  Opened,
  OpenShard,
  Replayed,
  Reply,
  Segment,
  ShardEvent,
  ShardTask,
} from './shard/messages.js';
import { RESULT } from './shard/messages.js';
import type { Folder } from './store/folder.js';

/** Batches that a shard has at once: one being written, one being applied, the others on their way. */
const TASKS_PER_SHARD = 4;
/** Commands of one batch at most: so that a shard begins with the first ones while the others are still being packed. */
const TASK_COMMANDS = 1024;
/** Commands that are worth another batch while one is under way; fewer wait for it, and share its successor. */
const NEXT_TASK_COMMANDS = 64;
/** How often the router looks whether somebody has waited long enough for a decision. */
const DECISION_LOOK_MS = 50;
/** Room for short-lived objects of a shard's thread: fewer, not longer, collections. */
const YOUNG_MB = 192;

/** Told what became of the command or query at `index`. */
interface Waiter {
  settled(index: number, result: Outcome | Answer): void;
  /** How long to wait for a cross-shard transfer's decision. */
  readonly timeoutMs: number;
}

/** Somebody who waits for a decision; null: was told meanwhile that there is none yet. */
interface Undecided {
  waiter: Waiter | null;
  readonly index: number;
  readonly id: string | undefined;
  readonly until: number;
}

/** Commands and queries gathered for one shard. */
class Gathering {
  readonly commands: CommandBuffer;
  readonly ids: (string | undefined)[] = [];
  readonly waiters: Waiter[] = [];
  readonly indexes: number[] = [];

  /** `bytes`: about how many it will take. */
  constructor(bytes: number) {
    this.commands = new CommandBuffer(bytes);
  }

  add(command: Command | Query, id: string | undefined, waiter: Waiter, index: number): void {
    this.commands.append(command, id);
    this.ids.push(id);
    this.waiters.push(waiter);
    this.indexes.push(index);
  }

  get isFull(): boolean {
    return this.ids.length >= TASK_COMMANDS || this.commands.length >= BLOCK_COMMAND_BYTES_MAX;
  }
}

/** One shard, as the router sees it. */
class Lane {
  readonly shard: number;
  readonly #pool: Piscina;
  readonly #router: Router;
  readonly #gathered: Gathering[] = [];
  #gathering = new Gathering(0);
  /** By ticket. */
  readonly #undecided = new Map<number, Undecided>();
  /** Decisions that came before the reply with their ticket. */
  readonly #early = new Map<number, Outcome>();
  #inFlight = 0;
  #isScheduled = false;
  waiting = 0;

  constructor(shard: number, pool: Piscina, router: Router) {
    this.shard = shard;
    this.#pool = pool;
    this.#router = router;
  }

  run<T>(task: ShardTask, transferList: (ArrayBufferLike | MessagePort)[] = []): Promise<T> {
    return this.#pool.run(task, { transferList: transferList as never }) as Promise<T>;
  }

  add(command: Command | Query, id: string | undefined, waiter: Waiter, index: number): void {
    const gathering = this.#gathering;
    gathering.add(command, id, waiter, index);
    this.waiting++;
    if (gathering.isFull) {
      this.#gathered.push(gathering);
      this.#gathering = new Gathering(gathering.commands.length);
      this.#send();
    } else this.#schedule();
  }

  /** Sends at the end of this turn of the event loop: what other callers ask for in it goes along. */
  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= TASKS_PER_SHARD) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  /** Sends what was gathered: to an idle shard at once, to a busy one only what is worth a block of its own. */
  #send(): void {
    while (this.#inFlight < TASKS_PER_SHARD) {
      const next = this.#gathered.shift() ?? this.#gathering;
      if (next.ids.length < (this.#inFlight === 0 ? 1 : NEXT_TASK_COMMANDS)) return;
      if (next === this.#gathering) this.#gathering = new Gathering(next.commands.length);
      this.#run(next);
    }
  }

  #run(gathered: Gathering): void {
    this.#inFlight++;
    const bytes = gathered.commands.bytes();
    const count = gathered.ids.length;
    this.run<Reply>({ type: 'batch', bytes, count }, [bytes.buffer]).then(
      (reply) => this.#done(gathered, reply),
      (error) => this.#failed(gathered, error as Error),
    );
  }

  #done(gathered: Gathering, reply: Reply): void {
    this.#inFlight--;
    this.waiting -= gathered.ids.length;
    if (this.#gathering.ids.length >= NEXT_TASK_COMMANDS || this.#gathered.length > 0) this.#send();
    else this.#schedule();
    const { segments, results } = reply;
    let segment = 0;
    let effects: EffectReader | null = null;
    for (let i = 0; i < gathered.ids.length; i++) {
      while (segment < segments.length && (segments[segment] as Segment).to <= i) {
        segment++;
        effects = null;
      }
      const kind = results[i * 2] as number;
      const value = results[i * 2 + 1] as number;
      const id = gathered.ids[i];
      const waiter = gathered.waiters[i] as Waiter;
      const index = gathered.indexes[i] as number;
      if (kind === RESULT.record) {
        const { seq, time, effects: bytes } = segments[segment] as Segment;
        effects ??= new EffectReader(bytes);
        const place = { shard: this.shard, effects, assets: this.#router.assets };
        waiter.settled(index, outcomeOf(place, value, id, seq, time, false));
      } else if (kind === RESULT.open) {
        this.#await(reply.opened[value] as number, waiter, index, id);
      } else if (kind === RESULT.answer) waiter.settled(index, reply.answers[value] as Answer);
      else if (kind === RESULT.refusal)
        waiter.settled(index, refused(refusalCode(value), undefined, id));
      else
        waiter.settled(
          index,
          this.#router.replayedOutcome(this.shard, reply.replayed[value] as Replayed, id),
        );
    }
  }

  #await(ticket: number, waiter: Waiter, index: number, id: string | undefined): void {
    const early = this.#early.get(ticket);
    if (early !== undefined) {
      this.#early.delete(ticket);
      waiter.settled(index, early);
      return;
    }
    const until = performance.now() + waiter.timeoutMs;
    this.#undecided.set(ticket, { waiter, index, id, until });
    this.#router.watchDecisions();
  }

  /** Transfers were decided. */
  decided({ seq, time, effects: bytes, tickets }: Decided): void {
    const effects = new EffectReader(bytes);
    const place = { shard: this.shard, effects, assets: this.#router.assets };
    for (let i = 0; i < tickets.length; i += 2) {
      const ticket = tickets[i] as number;
      const one = this.#undecided.get(ticket);
      const outcome = outcomeOf(place, tickets[i + 1] as number, one?.id, seq, time, false);
      if (one === undefined) this.#early.set(ticket, outcome);
      else one.waiter?.settled(one.index, outcome);
      this.#undecided.delete(ticket);
    }
  }

  /** Tells those whose time is up that there is no decision yet. Returns how many still wait. */
  expire(now: number): number {
    let left = 0;
    for (const one of this.#undecided.values()) {
      if (one.waiter === null) continue;
      if (one.until > now) {
        left++;
        continue;
      }
      const { waiter, index, id } = one;
      one.waiter = null;
      waiter.settled(index, refused('PREPARED', undefined, id));
    }
    return left;
  }

  #failed(gathered: Gathering, error: Error): void {
    this.#inFlight--;
    this.waiting -= gathered.ids.length;
    this.#router.fail(error);
    for (let i = 0; i < gathered.ids.length; i++) {
      const refusal = refused('SHARD_FAILED', undefined, gathered.ids[i]);
      (gathered.waiters[i] as Waiter).settled(gathered.indexes[i] as number, refusal);
    }
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}

/** One command's or query's promise. */
class Single<T> implements Waiter {
  readonly promise: Promise<T>;
  #resolve: (result: T) => void = () => {};
  readonly timeoutMs: number;

  constructor(timeoutMs = 0) {
    this.timeoutMs = timeoutMs;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settled(_index: number, result: Outcome | Answer): void {
    this.#resolve(result as T);
  }
}

/** A batch's promise: one for all its commands. */
class Many implements Waiter {
  readonly promise: Promise<Outcome[]>;
  readonly outcomes: Outcome[];
  #left: number;
  #resolve: (outcomes: Outcome[]) => void = () => {};
  readonly timeoutMs: number;

  constructor(count: number, timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.outcomes = new Array(count);
    this.#left = count;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settled(index: number, result: Outcome | Answer): void {
    this.outcomes[index] = result as Outcome;
    if (--this.#left === 0) this.#resolve(this.outcomes);
  }
}

/** Something after which the process must end. */
export class FatalError extends Error {
  /** A thread waits for the disk, perhaps for ever: the process cannot exit in order. */
  readonly hangs: boolean;

  constructor(message: string, hangs: boolean) {
    super(message);
    this.name = 'FatalError';
    this.hangs = hangs;
  }
}

export interface RouterSettings
  extends Omit<OpenShard, 'type' | 'shard' | 'port' | 'folder' | 'slotMap' | 'peers'> {
  readonly mailboxMax: number;
  readonly onFatal: (error: Error) => void;
  readonly onEvent: (shard: number, event: ShardEvent) => void;
}

export class Router {
  readonly folder: Folder;
  /** The assets, in the order of their numbers. */
  readonly assets: { list: readonly Asset[] } = { list: [] };
  readonly lanes: Lane[] = [];
  /** Answers by command type and outcome. */
  readonly outcomes = new Map<string, number>();
  readonly #settings: RouterSettings;
  readonly #newId = hyperid({ urlSafe: true });
  #decisionTimer: NodeJS.Timeout | undefined;
  #isClosing = false;
  #hasFailed = false;

  constructor(folder: Folder, settings: RouterSettings) {
    this.folder = folder;
    this.#settings = settings;
    for (let shard = 0; shard < folder.shards; shard++)
      this.lanes.push(new Lane(shard, this.#thread(shard), this));
  }

  #thread(shard: number): Piscina {
    const pool = new Piscina({
      filename: new URL('./shard/worker.js', import.meta.url).href,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 64,
      maxQueue: 1024,
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: 8192, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    pool.on('error', (error: Error) =>
      this.fail(new Error(`shard ${shard}: ${error.message}`, { cause: error })),
    );
    return pool;
  }

  /** Opens all shards. Rejects with the first one's error. */
  async open(): Promise<readonly Opened[]> {
    const { mailboxMax, onFatal, onEvent, ...settings } = this.#settings;
    const peers = this.#channels();
    return Promise.all(
      this.lanes.map((lane) => {
        const { port1, port2 } = new MessageChannel();
        port1.on('message', (event: ShardEvent) => {
          if (event.type === 'fatal') this.fail(new FatalError(event.message, event.hangs));
          else if (event.type === 'decided') lane.decided(event.decided);
          else onEvent(lane.shard, event);
        });
        port1.unref();
        const task = {
          type: 'open',
          folder: this.folder.path,
          shard: lane.shard,
          port: port2,
          slotMap: this.folder.slotMap,
          peers: peers[lane.shard] as (MessagePort | null)[],
          ...settings,
        } as const;
        const ports = task.peers.filter((port) => port !== null);
        return lane.run<Opened>(task, [port2, ...ports]);
      }),
    );
  }

  /** A way between every two shards. */
  #channels(): (MessagePort | null)[][] {
    const { shards } = this.folder;
    const peers = Array.from({ length: shards }, () =>
      new Array<MessagePort | null>(shards).fill(null),
    );
    for (let one = 0; one < shards; one++) {
      for (let other = one + 1; other < shards; other++) {
        const { port1, port2 } = new MessageChannel();
        (peers[one] as (MessagePort | null)[])[other] = port1;
        (peers[other] as (MessagePort | null)[])[one] = port2;
      }
    }
    return peers;
  }

  /** Looks after those who wait for decisions, as long as there are any. */
  watchDecisions(): void {
    this.#decisionTimer ??= setInterval(() => {
      const now = performance.now();
      let left = 0;
      for (const lane of this.lanes) left += lane.expire(now);
      if (left > 0) return;
      clearInterval(this.#decisionTimer);
      this.#decisionTimer = undefined;
    }, DECISION_LOOK_MS);
  }

  /** Something happened after which nothing may be answered. */
  fail(error: Error): void {
    if (this.#hasFailed || this.#isClosing) return;
    this.#hasFailed = true;
    this.#settings.onFatal(error);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  shardOf(owner: string): number {
    return this.folder.slotMap[slotOf(owner)] as number;
  }

  /** The shard of a command: its home owner's; -1: a capture for an owner on another one. */
  #shardOfCommand(command: Command, home: string): number {
    const shard = this.shardOf(home);
    if (
      command.type === 'capture' &&
      !isSystemOwner(command.to) &&
      this.shardOf(command.to) !== shard
    )
      return -1;
    return shard;
  }

  /** The id a command goes by. */
  #idOf(command: Command, shard: number): string | undefined {
    if (command.type === 'define-asset') return undefined;
    if (command.id !== undefined) return command.id;
    if ('kind' in command && command.kind !== undefined && command.ref !== undefined)
      return `${command.kind}:${command.ref}`;
    return `${shard.toString(36)}.${this.#newId()}`;
  }

  /** Hands a command to its shard, or tells the waiter at once why not. `shard`: which one, where the command does not say. */
  dispatch(command: Command, waiter: Waiter, index: number, shard?: number): void {
    const refusal = this.#hand(command, waiter, index, shard);
    if (refusal !== null) waiter.settled(index, refusal);
  }

  #hand(command: Command, waiter: Waiter, index: number, shard?: number): Refused | null {
    const problem = validate(command);
    if (problem !== null) {
      const given = command as { readonly id?: unknown } | null | undefined;
      const id = typeof given?.id === 'string' ? given.id : undefined;
      return refused(problem.code, problem.field, id);
    }
    const to = shard ?? this.#shardOfCommand(command, homeOwner(command));
    if (to < 0) return refused('CROSS_SHARD_UNSUPPORTED');
    const lane = this.lanes[to] as Lane;
    const id = this.#idOf(command, to);
    if (this.#isClosing) return refused('CLOSING', undefined, id);
    if (this.#hasFailed) return refused('SHARD_FAILED', undefined, id);
    if (lane.waiting >= this.#settings.mailboxMax) return refused('SHARD_BUSY', undefined, id);
    lane.add(command, id, waiter, index);
    return null;
  }

  submit(
    command: Command,
    shard?: number,
    timeoutMs: number = DECISION_TIMEOUT_MS,
  ): Promise<Outcome> {
    const single = new Single<Outcome>(timeoutMs);
    this.dispatch(command, single, 0, shard);
    return single.promise;
  }

  submitBatch(
    commands: readonly Command[],
    timeoutMs: number = DECISION_TIMEOUT_MS,
  ): Promise<Outcome[]> {
    if (commands.length === 0) return Promise.resolve([]);
    const many = new Many(commands.length, timeoutMs);
    for (let i = 0; i < commands.length; i++) this.dispatch(commands[i] as Command, many, i);
    return many.promise;
  }

  /** Asks one shard; a refusal comes back as an outcome. */
  ask<T extends Answer['type']>(
    query: Query,
    shard = this.shardOf(query.owner),
  ): Promise<Extract<Answer, { type: T }> | Outcome> {
    const problem = validateQuery(query);
    if (problem !== null) return Promise.resolve(refused(problem.code, problem.field));
    if (this.#isClosing) return Promise.resolve(refused('CLOSING'));
    if (this.#hasFailed) return Promise.resolve(refused('SHARD_FAILED'));
    const lane = this.lanes[shard] as Lane;
    if (lane.waiting >= this.#settings.mailboxMax) return Promise.resolve(refused('SHARD_BUSY'));
    const single = new Single<Extract<Answer, { type: T }> | Outcome>();
    lane.add(query, undefined, single, 0);
    return single.promise;
  }

  /** An outcome that was in the log already. */
  replayedOutcome(shard: number, replayed: Replayed, id: string | undefined): Outcome {
    const effects = new EffectReader(replayed.effects);
    return outcomeOf(
      { shard, effects, assets: this.assets },
      0,
      id,
      replayed.seq,
      replayed.time,
      true,
    );
  }

  /** Ends the threads, after what was accepted is done. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#hasFailed) await Promise.all(this.lanes.map((lane) => lane.run({ type: 'close' })));
    // What is not decided goes on at the next start.
    for (const lane of this.lanes) lane.expire(Number.POSITIVE_INFINITY);
    clearInterval(this.#decisionTimer);
    await Promise.all(this.lanes.map((lane) => lane.destroy()));
  }
}
