// The router. Owns: owner -> shard, ids of commands that come without one, the lanes to the shards here and elsewhere.
// Never touches: state, sockets.
//   router.O3. When a thread dies, everything pending ends with SHARD_FAILED, and the fatal handler is called.

import { MessageChannel } from 'node:worker_threads';
import hyperid from 'hyperid';
import type { ClusterNode } from '../cluster/node.js';
import { DECISION_TIMEOUT_MS, REMOTE_WAITING_MAX, SYNC_TIMEOUT_MS } from '../limits.js';
import { problemWith } from '../programme/index.js';
import type { AskedBy } from '../protocol/audit-context.js';
import type { CommandBuffer } from '../protocol/command-buffer.js';
import {
  type Command,
  isReference,
  type Query,
  type ReferenceCommand,
} from '../protocol/commands.js';
import { EffectReader } from '../protocol/effects.js';
import { EVERYTHING, type Granted } from '../protocol/grants.js';
import { slotOf } from '../protocol/hash.js';
import { earlierHomes, homeOwner } from '../protocol/home.js';
import { type Asset, type Outcome, type Refused, refused } from '../protocol/outcomes.js';
import { outcomeOf } from '../protocol/read-back.js';
import { REFUSALS, type RefusalCode } from '../protocol/refusals.js';
import { validateQuery } from '../protocol/validate.js';
import { bellMemory, Sleeper } from '../ring/bell.js';
import { type RingWay, ringWays } from '../ring/ring.js';
import {
  type Answer,
  type Decided,
  type Opened,
  RESULT,
  type Replayed,
  type Reply,
  type ShardEvent,
  type ShardSettings,
} from '../shard/messages.js';
import type { Failed } from '../store/errors.js';
import type { Folder } from '../store/folder.js';
import { ForeignCheck } from '../transfer/foreign.js';
import { placesOf } from '../transfer/open/places.js';
import { Completing } from './completing.js';
import { FatalError, isFenced } from './fatal.js';
import type { Asker, Lane, LaneHome, Waiter } from './lane.js';
import { LocalLane } from './local-lane.js';
import { type Answered, type PackedHome, submitPacked } from './packed.js';
import { RemoteLane } from './remote-lane.js';
import { Search } from './search.js';

/** How often the router looks whether somebody has waited long enough. */
const WAITING_LOOK_MS = 50;

/** How often the router looks whether a shard waits for its disk. */
const COMMIT_LOOK_MS = 250;
/** Bytes on their way from a shard to all others of this process, and to one of them at least. */
const PEER_RINGS_BYTES = 1024 * 1024;
const PEER_RING_BYTES_MIN = 16 * 1024;

/** One command's or query's promise. */
class SingleAnswer<T> implements Waiter {
  readonly promise: Promise<T>;
  #resolve: (result: T) => void = () => {};
  readonly until: number;
  readonly granted: Granted;
  readonly context: AskedBy | null;

  constructor(timeoutMs: number, granted: Granted, context: AskedBy | null) {
    this.until = performance.now() + timeoutMs;
    this.granted = granted;
    this.context = context;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settled(_index: number, result: Outcome | Answer): void {
    this.#resolve(result as T);
  }
}

/** A batch's promise: one for all its commands. */
class BatchAnswers implements Waiter {
  readonly promise: Promise<Outcome[]>;
  readonly outcomes: Outcome[];
  #left: number;
  #resolve: (outcomes: Outcome[]) => void = () => {};
  readonly until: number;
  readonly granted: Granted;
  readonly context: AskedBy | null;

  constructor(count: number, timeoutMs: number, granted: Granted, context: AskedBy | null) {
    this.until = performance.now() + timeoutMs;
    this.granted = granted;
    this.context = context;
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

export interface RouterSettings extends Omit<ShardSettings, 'shard' | 'folder' | 'slotMap'> {
  /** The other nodes; undefined: there are none. */
  readonly node: ClusterNode | undefined;
  readonly mailboxMax: number;
  readonly onFatal: (error: Error) => void;
  readonly onEvent: (shard: number, event: ShardEvent) => void;
}

/** How a command goes, where not the usual way. */
export interface Way {
  /** To this shard: the command does not say. */
  readonly shard?: number | undefined;
  /** How long to wait for an answer, and for a decision. */
  readonly timeoutMs?: number | undefined;
  /** The engine asks for itself: as in validate() and validateQuery(). */
  readonly owned?: boolean | undefined;
  /** Was what it leaves out looked for? */
  readonly isWhole?: true | undefined;
  /** What the caller may do. Left out: everything. */
  readonly granted?: Granted | undefined;
  /** Who asks. Left out: nobody is named, and the log says nothing of it. */
  readonly context?: AskedBy | null | undefined;
}

const USUAL: Way = Object.freeze({});

const NOWHERE: readonly number[] = [];

/** The id by which its caller names a command; undefined: one must be made. */
function givenId(command: Exclude<Command, ReferenceCommand>): string | undefined {
  if (command.id !== undefined || !('kind' in command)) return command.id;
  const { kind, ref } = command;
  return kind === undefined || ref === undefined ? undefined : `${kind}:${ref}`;
}

/** How a shard is asked, where not the usual way. */
export interface Asking extends Omit<Way, 'shard'> {
  /** What it counts as, in commands. */
  readonly weight?: number | undefined;
}

const USUALLY: Asking = Object.freeze({});

export class Router implements LaneHome, PackedHome {
  readonly folder: Folder;
  /** The assets, in the order of their numbers. */
  readonly assets: { list: readonly Asset[] } = { list: [] };
  /** By shard. */
  readonly lanes: readonly Lane[];
  /** Those of this process. */
  readonly here: readonly LocalLane[];
  /** Shards here that came back behind what others have seen of them: which ones, and up to which block. */
  readonly rolledBack = new Map<number, ReadonlyMap<number, number>>();
  readonly completing = new Completing(this);
  readonly #settings: RouterSettings;
  readonly #newId = hyperid({ urlSafe: true });
  #watchTimer: NodeJS.Timeout | undefined;
  readonly #watchdog = setInterval(() => this.#look(), COMMIT_LOOK_MS).unref();
  /** The bell of this thread. */
  readonly #bell = bellMemory();
  #sleeper: Sleeper | undefined;
  /** Lanes that wait for replies. */
  #busy = 0;
  #isClosing = false;
  #hasFailed = false;

  constructor(folder: Folder, settings: RouterSettings) {
    this.folder = folder;
    this.#settings = settings;
    this.here = folder.here.map(
      (shard) => new LocalLane(shard, this, this.#bell, REMOTE_WAITING_MAX),
    );
    const here = new Map(this.here.map((lane) => [lane.shard, lane]));
    this.lanes = Array.from({ length: folder.shards }, (_, shard) => {
      const lane = here.get(shard);
      if (lane !== undefined) return lane;
      if (settings.node === undefined)
        throw new Error(`shard ${shard} is on another node: the folder is one of a cluster's`);
      return new RemoteLane(shard, this, settings.node.link);
    });
    for (const lane of this.lanes)
      if (lane instanceof RemoteLane) settings.node?.hear(lane.shard, lane.heard.bind(lane));
  }

  /**
   * Opens the shards of this process. Rejects with the first one's error, once none is being opened any more: a thread
   * that is ended while LMDB opens its files takes the process with it.
   */
  async open(): Promise<readonly Opened[]> {
    const { mailboxMax, onFatal, onEvent, node, ...settings } = this.#settings;
    const peers = this.#ways();
    const opened = await Promise.allSettled(
      this.here.map((lane) => {
        const { port1, port2 } = new MessageChannel();
        port1.on('message', (event: ShardEvent) => {
          if (event.type === 'fatal')
            this.fail(new FatalError(event.message, event.hangs, event.isFenced));
          else if (event.type === 'bus') node?.shardHears(lane.shard, event.problems);
          else if (event.type === 'standstill') node?.tenure.stoodStill(event.ms);
          else if (event.type === 'objections') this.#objected(lane.shard, event.objections);
          else if (event.type === 'reply') lane.replied(event.number, event.reply);
          else if (event.type !== 'decided') onEvent(lane.shard, event);
        });
        port1.unref();
        const task = {
          type: 'open',
          folder: this.folder.path,
          shard: lane.shard,
          port: port2,
          slotMap: this.folder.slotMap,
          bell: lane.bell,
          main: lane.main,
          peers: peers[lane.shard] as readonly (RingWay | null)[],
          progress: lane.progress,
          nats: node?.wayOf(this.folder.incarnationOf(lane.shard)),
          ...settings,
        } as const;
        return lane.run<Opened>(task, [port2]);
      }),
    );
    this.#sleeper = new Sleeper(this.#bell, {
      isWaiting: () => this.here.some((lane) => lane.hasNews),
      take: () => {
        for (const lane of this.here) lane.hear();
      },
    });
    return opened.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  /** Other nodes have seen more of a shard than it has: it takes no commands until they are told otherwise. */
  #objected(shard: number, objections: ReadonlyMap<number, number>): void {
    if (objections.size === 0) this.rolledBack.delete(shard);
    else this.rolledBack.set(shard, objections);
  }

  /** Word of decisions is an answer, too. Where it is lost, who waits is told `PREPARED`. */
  decided(lane: Lane, decided: Decided): void {
    const go = () => lane.decided(decided);
    this.pass(
      go,
      () => undefined,
      () => Number.POSITIVE_INFINITY,
    );
  }

  pass(go: () => void, refuse: (code: RefusalCode) => void, until: () => number): void {
    const { node } = this.#settings;
    if (node === undefined) go();
    else node.tenure.pass(go, refuse, until);
  }

  isDisputed(shard: number): boolean {
    return this.#settings.node?.tenure.disputed.has(shard) === true;
  }

  /** Why a shard takes nothing now; undefined: it does. */
  #refusalOf(shard: number): RefusalCode | undefined {
    if (this.rolledBack.has(shard)) return 'SHARD_ROLLED_BACK';
    return this.#settings.node?.tenure.refusalOf(shard, this.lanes[shard] instanceof LocalLane);
  }

  /** The shards here say nothing to those of other nodes, until renew(). */
  hold(): void {
    for (const lane of this.here) lane.run({ type: 'hold' }).catch((error) => this.fail(error));
  }

  /** They introduce themselves anew. */
  async renew(): Promise<void> {
    await Promise.all(
      this.here.map(async (lane) => {
        const objections = await lane.run<ReadonlyMap<number, number>>({ type: 'renew' });
        this.#objected(lane.shard, objections);
      }),
    );
  }

  /** A way between every two shards of this process. */
  #ways(): (RingWay | null)[][] {
    const { shards } = this.folder;
    const ways = Array.from({ length: shards }, () => new Array<RingWay | null>(shards).fill(null));
    const bytes = Math.max(PEER_RING_BYTES_MIN, PEER_RINGS_BYTES >> Math.ceil(Math.log2(shards)));
    for (const one of this.here) {
      for (const other of this.here) {
        if (other.shard <= one.shard) continue;
        const [there, back] = ringWays(bytes, [one.bell, other.bell]);
        (ways[one.shard] as (RingWay | null)[])[other.shard] = there;
        (ways[other.shard] as (RingWay | null)[])[one.shard] = back;
      }
    }
    return ways;
  }

  /** As long as somebody waits for a shard, the process does not end by itself. */
  busy(change: 1 | -1): void {
    this.#busy += change;
    if (this.#busy > 0) this.#watchdog.ref();
    else this.#watchdog.unref();
  }

  /** A thread that waits for its disk cannot say so itself. */
  #look(): void {
    const now = performance.now();
    const { syncTimeoutMs = SYNC_TIMEOUT_MS } = this.#settings;
    for (const lane of this.here)
      if (lane.isStuck(now, syncTimeoutMs))
        this.fail(
          new FatalError(
            `shard ${lane.shard}: a block was not durable after ${syncTimeoutMs} ms`,
            true,
          ),
        );
  }

  watch(): void {
    this.#watchTimer ??= setInterval(() => {
      const now = performance.now();
      let left = 0;
      for (const lane of this.lanes) left += lane.expire(now);
      if (left > 0) return;
      clearInterval(this.#watchTimer);
      this.#watchTimer = undefined;
    }, WAITING_LOOK_MS);
  }

  /** Something happened after which nothing may be answered. Who is closing hears only of a disk that would keep him for ever. */
  fail(error: Error): void {
    const hangs = error instanceof FatalError && error.hangs;
    if (this.#hasFailed || (this.#isClosing && !hangs)) return;
    this.#hasFailed = true;
    // Others lead now: who waits here asks them.
    if (isFenced(error)) for (const lane of this.here) lane.lose();
    this.#settings.onFatal(error);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  shardOf(owner: string): number {
    return this.folder.slotMap[slotOf(owner)] as number;
  }

  /** Carries out a batch of another node. */
  runForeign(
    shard: number,
    commands: CommandBuffer,
    count: number,
    tell: (decided: Decided) => void,
  ): Promise<Reply> {
    const lane = this.here.find((one) => one.shard === shard);
    if (lane === undefined) return Promise.reject(new Error(`shard ${shard} is not here`));
    if (this.rolledBack.has(shard)) {
      const results = new Int32Array(count * 2);
      for (let i = 0; i < count; i++)
        results.set([RESULT.refusal, REFUSALS.SHARD_ROLLED_BACK.number], i * 2);
      return Promise.resolve({ results, segments: [], replayed: [], answers: [], opened: [] });
    }
    return lane.foreign(commands.bytes(), count, tell);
  }

  /** Is this command the shard's business? */
  isFor(shard: number, command: Command): boolean {
    const home = this.shardOf(homeOwner(command));
    return home === shard || this.earlierShards(command, home).includes(shard);
  }

  /** The other shards on which an earlier release may have kept the id of a command. `home`: the shard of its home owner. */
  earlierShards(command: Command, home: number): readonly number[] {
    if (command.type !== 'transfer' || command.legs.length === 1) return NOWHERE;
    // An id that is made now is new everywhere.
    if (givenId(command) === undefined) return NOWHERE;
    const owners = earlierHomes(command);
    if (owners.length === 0) return NOWHERE;
    const shards = new Set(owners.map((owner) => this.shardOf(owner)));
    shards.delete(home);
    return [...shards];
  }

  /** Is this a prepare or decision for the shard? */
  isPhaseFor(shard: number, bytes: Uint8Array): boolean {
    const { shards, slotMap } = this.folder;
    return new ForeignCheck(placesOf(shard, shards, slotMap)).isPhase(bytes);
  }

  /** The id a command goes by. */
  idOf(command: Command, shard: number): string | undefined {
    if (isReference(command)) return undefined;
    return givenId(command) ?? `${shard.toString(36)}.${this.#newId()}`;
  }

  /** Hands a command to its shard, or tells the waiter at once why not. */
  dispatch(command: Command, waiter: Waiter, index: number, way: Way = USUAL): void {
    const refusal = this.#hand(command, waiter, index, way);
    if (refusal !== null) waiter.settled(index, refusal);
  }

  #hand(command: Command, waiter: Waiter, index: number, way: Way): Refused | null {
    const { shard, owned } = way;
    const problem = problemWith(command, owned);
    if (problem !== null) {
      const given = command as { readonly id?: unknown } | null | undefined;
      const id = typeof given?.id === 'string' ? given.id : undefined;
      return refused(problem.code, problem.field, id);
    }
    if (command.type === 'act' && way.isWhole !== true) {
      const go = (whole: Command, by: Waiter, at: number): void =>
        this.dispatch(whole, by, at, { ...way, isWhole: true });
      if (this.completing.takes(command, waiter, index, go)) return null;
    }
    const to = shard ?? this.shardOf(homeOwner(command));
    const id = this.idOf(command, to);
    const earlier = this.earlierShards(command, to);
    if (earlier.length === 0)
      return this.#handTo(to, command, id, waiter, index, shard === undefined);
    const hand = this.#handTo.bind(this);
    return new Search(hand, [...earlier, to], command, id, waiter, index).next();
  }

  /** `isShared`: it may be on other shards as well, so that the shard must fit what others have seen of it. */
  #handTo(
    to: number,
    command: Command,
    id: string | undefined,
    waiter: Waiter,
    index: number,
    isShared = true,
  ): Refused | null {
    const lane = this.lanes[to] as Lane;
    const code = this.#busyOf(lane, isShared);
    if (code !== undefined) return refused(code, undefined, id);
    // The usual way is without other nodes, and costs no closure.
    if (this.#settings.node === undefined) lane.add(command, id, waiter, index);
    else
      this.#passTo(
        lane,
        () => lane.add(command, id, waiter, index),
        (code) => waiter.settled(index, refused(code, undefined, id)),
        waiter,
      );
    return null;
  }

  /** Why a command is not handed to a lane; undefined: it is. */
  #busyOf(lane: Lane, isShared: boolean): RefusalCode | undefined {
    if (this.#isClosing) return 'CLOSING';
    if (this.#hasFailed) return 'SHARD_FAILED';
    // What the engine itself gives a shard (assets, definitions) has none of its history in it.
    const refusal = isShared ? this.#refusalOf(lane.shard) : undefined;
    return refusal ?? (lane.waiting >= this.#settings.mailboxMax ? 'SHARD_BUSY' : undefined);
  }

  get slotMap(): ArrayLike<number> {
    return this.folder.slotMap;
  }

  takesBytes(shard: number): boolean {
    return this.lanes[shard] instanceof LocalLane;
  }

  handBytes(
    to: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    waiter: Waiter,
    index: number,
  ): void {
    const lane = this.lanes[to] as Lane;
    const tell = (code: RefusalCode) =>
      waiter.settled(index, refused(code, undefined, waiter.idAt?.(index)));
    const code = this.#busyOf(lane, true);
    if (code !== undefined) tell(code);
    else if (this.#settings.node === undefined) lane.addBytes(bytes, start, end, waiter, index);
    else this.#passTo(lane, () => lane.addBytes(bytes, start, end, waiter, index), tell, waiter);
  }

  /** Carries out a packed batch of a caller's. */
  submitPacked(
    bytes: Uint8Array,
    timeoutMs = DECISION_TIMEOUT_MS,
    granted = EVERYTHING,
    context: AskedBy | null = null,
  ): Promise<Answered> | Refused {
    return submitPacked(this, bytes, timeoutMs, granted, context);
  }

  /** Hands something to a lane: to one here once this process may answer for it. */
  #passTo(lane: Lane, go: () => void, refuse: (code: RefusalCode) => void, { until }: Waiter) {
    if (lane instanceof LocalLane) this.pass(go, refuse, () => until);
    else go();
  }

  submit(command: Command, way: Way = USUAL): Promise<Outcome> {
    const { timeoutMs = DECISION_TIMEOUT_MS, granted = EVERYTHING, context = null } = way;
    const single = new SingleAnswer<Outcome>(timeoutMs, granted, context);
    this.dispatch(command, single, 0, way);
    return single.promise;
  }

  submitBatch(
    commands: readonly Command[],
    timeoutMs = DECISION_TIMEOUT_MS,
    granted = EVERYTHING,
    context: AskedBy | null = null,
  ): Promise<Outcome[]> {
    if (commands.length === 0) return Promise.resolve([]);
    const many = new BatchAnswers(commands.length, timeoutMs, granted, context);
    for (let i = 0; i < commands.length; i++) this.dispatch(commands[i] as Command, many, i);
    return many.promise;
  }

  /** Asks one shard; a refusal comes back as an outcome. */
  ask<T extends Answer['type']>(
    query: Query,
    shard = 'owner' in query ? this.shardOf(query.owner) : 0,
    asking: Asking = USUALLY,
  ): Promise<Extract<Answer, { type: T }> | Outcome> {
    const { owned = false, timeoutMs = DECISION_TIMEOUT_MS, weight = 1 } = asking;
    const problem = validateQuery(query, owned);
    if (problem !== null) return Promise.resolve(refused(problem.code, problem.field));
    if (this.#isClosing) return Promise.resolve(refused('CLOSING'));
    if (this.#hasFailed) return Promise.resolve(refused('SHARD_FAILED'));
    const refusal = this.#refusalOf(shard);
    if (refusal !== undefined) return Promise.resolve(refused(refusal));
    const lane = this.lanes[shard] as Lane;
    if (lane.waiting + weight > this.#settings.mailboxMax)
      return Promise.resolve(refused('SHARD_BUSY'));
    const { granted = EVERYTHING, context = null } = asking;
    const single = new SingleAnswer<Extract<Answer, { type: T }> | Outcome>(
      timeoutMs,
      granted,
      context,
    );
    this.#passTo(
      lane,
      () => lane.addHeavy(query, weight, single),
      (code) => single.settled(0, refused(code)),
      single,
    );
    return single.promise;
  }

  /** An outcome that is read from the log; `isRepeat`: to somebody who asked for it after it was there. */
  loggedOutcome(
    { shard, scope }: Asker,
    replayed: Replayed,
    id: string | undefined,
    isRepeat: boolean,
  ): Outcome {
    const effects = new EffectReader(replayed.effects);
    const commands = { bytes: replayed.command, from: effects.commandOffset(0) };
    const place = { shard, effects, assets: this.assets, commands, scope };
    return outcomeOf(place, 0, id, replayed.seq, replayed.time, isRepeat);
  }

  /** Ends the threads, after what was accepted is done. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const ending = this.#hasFailed ? [] : this.here;
    const closed = ending.map((lane) => lane.run<Failed | undefined>({ type: 'close' }));
    const failed = (await Promise.all(closed)).find((one) => one !== undefined);
    if (failed !== undefined) {
      const error = new FatalError(failed.message, failed.hangs, failed.isFenced);
      this.fail(error);
      throw error;
    }
    // What is not decided, or not answered by another node, goes on at the next start.
    for (const lane of this.lanes) lane.expire(Number.POSITIVE_INFINITY);
    clearInterval(this.#watchTimer);
    await Promise.all(this.here.map((lane) => lane.destroy()));
    this.#sleeper?.end();
    clearInterval(this.#watchdog);
  }
}
