// The shard actor. Owns: the mailbox, the state, the log position. Never touches: sockets, HTTP, other shards.
//   S1. Nothing leaves (reply, event, message) before its block is durable; a reply to reads alone waits for the last
//       block that was applied when they were.
//   S2. State changes only inside apply().
//   S3. A small block is written by this thread, which does nothing else meanwhile; while a large one is being written, the next is
//       being filled. There is never a second one under way (shard.W1).
//   S4. After a failed write nothing leaves any more.
//   S5. Callers, other shards and what is due each have room in every other block at the latest, whatever the others ask for.

import type { Bus } from '../bus/bus.js';
import { type ShardDigest, shardDigest } from '../ledger/digest.js';
import type { Ledger } from '../ledger/ledger.js';
import { APPLIED } from '../ledger/result.js';
import { BLOCK_COMMAND_BYTES_MAX, BLOCK_EFFECT_BYTES_MAX } from '../limits.js';
import { CONTEXT_OP } from '../protocol/audit-context.js';
import { HASH_BYTES } from '../protocol/block.js';
import type { CommandView } from '../protocol/command-view.js';
import { FIRST_QUERY_OP } from '../protocol/commands.js';
import type { Draft } from '../protocol/draft.js';
import { GrantsReader } from '../protocol/grants.js';
import { ownerHash } from '../protocol/hash.js';
import { OP } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { CorruptionError, failedBy, WriteError } from '../store/errors.js';
import { hashOf } from '../store/verified-block.js';
import { Courier } from '../transfer/courier.js';
import type { Message } from '../transfer/messages.js';
import { placesOf } from '../transfer/open/places.js';
import { Anew } from './anew.js';
import { Appending } from './appending.js';
import { Batch } from './batch.js';
import { Blocks } from './blocks.js';
import { Checkpoint, type Head } from './checkpoint.js';
import { Clock } from './clock.js';
import { crashPoint } from './crash-points.js';
import { confirmDefinitions } from './definition-queries.js';
import { DiskRoom } from './disk-room.js';
import { endsSomething, isAdopted, isFromPeer } from './incoming.js';
import { type BlockLog, type CheckpointStore, type Machine, realMachine } from './machine.js';
import type {
  ClockState,
  Confirmation,
  Reply,
  ShardEvent,
  ShardFigures,
  ShardSettings,
  TailFigures,
} from './messages.js';
import { answer } from './queries.js';
import { checkTail, type Recovered, recover } from './recovery.js';
import { Rounds } from './rounds.js';
import { Tail } from './tail.js';
import { Tally } from './tally.js';
import { openBy, Tickets } from './tickets.js';
import { doneOf, Trials } from './trials.js';

const CLOCK_JUMP = REFUSALS.CLOCK_JUMP.number;
const DISK_FULL = REFUSALS.DISK_FULL.number;
/** How often a shard looks whether it should ask another one again. */
const REPEAT_LOOK_MS = 100;
/** Between two portions. */
const TICK_PAUSE_MS = 2;
/** What of a block other shards may fill while callers wait. */
const PEERS_SHARE = 0.75;

/** What an actor is made of. */
interface Parts {
  readonly machine: Machine;
  readonly log: BlockLog;
  readonly store: CheckpointStore;
  readonly blocks: Blocks;
  readonly checkpoint: Checkpoint;
  readonly ledger: Ledger;
  readonly draft: Draft;
  readonly clock: Clock;
}

/** How an actor is opened; events leave through `emit`. It runs on the real machine, or on another. */
export interface ActorSettings extends ShardSettings {
  readonly emit: (event: ShardEvent) => void;
  readonly bus: Bus;
  readonly machine?: Machine;
}

export class Actor {
  readonly #settings: ActorSettings;
  readonly #machine: Machine;
  readonly #log: BlockLog;
  readonly #store: CheckpointStore;
  readonly #checkpoint: Checkpoint;
  readonly #ledger: Ledger;
  readonly #draft: Draft;
  readonly #clock: Clock;
  readonly #room: DiskRoom;
  readonly #epoch: number;
  readonly #waiting: Batch[] = [];
  /** What came from other shards: goes before everything else. */
  readonly #fromPeers: Batch[] = [];
  readonly #courier = new Courier();
  readonly #grants = new GrantsReader();
  readonly #together: Trials;
  /** What comes next needs the room of a block of its own; and what goes first in this one needed it. */
  #needsBlock = false;
  #hasBlock = false;
  readonly #tickets = new Tickets();
  readonly #anew: Anew;
  /** The last block that was sealed; its hash goes into the next. */
  #sealed: Head;
  readonly #appending: Appending;
  /** Will what waits be looked at soon? */
  #isComing = false;
  #isPaused = false;
  #failure: Error | null = null;
  #isClosing = false;
  /** The block was full when it was time for what is due. */
  #isTickLate = false;
  #isWatched = false;
  /** Bytes of the log that no checkpoint has taken in, or is taking in. */
  #checkpointDue: number;
  /** Each ends a timer. */
  readonly #timers: readonly (() => void)[];
  readonly #rounds: Rounds;
  #hasJumped = false;
  #clockChanges = 0;
  readonly #tally: Tally;
  readonly #tail: Tail;

  private constructor(settings: ActorSettings, parts: Parts, recovered: Recovered) {
    const { head, epoch, tailBytes } = recovered;
    this.#settings = settings;
    this.#tally = new Tally(tailBytes);
    this.#checkpointDue = tailBytes;
    this.#machine = parts.machine;
    this.#log = parts.log;
    this.#store = parts.store;
    this.#checkpoint = parts.checkpoint;
    this.#ledger = parts.ledger;
    this.#together = new Trials(parts.ledger);
    this.#anew = new Anew(parts.ledger, this.#tickets, (command) => this.#apply(command));
    this.#draft = parts.draft;
    this.#clock = parts.clock;
    this.#tail = new Tail(parts.machine.localLog?.(), (ms) => parts.machine.rest(ms));
    this.#rounds = new Rounds(parts.ledger, parts.machine.secrets, settings.drawPeriodMs);
    this.#room = new DiskRoom(settings);
    this.#sealed = head;
    this.#appending = new Appending(parts.log, parts.blocks, head.seq, {
      written: (seq, block, ms) => this.#written(seq, block, ms),
      ended: () => this.#ended(),
      soon: (run) => this.#machine.soon(run),
      failed: (error) => this.#fail(error),
    });
    this.#epoch = epoch;
    this.#draft.open(head.seq + 1, 0);
    this.#timers = [
      this.#machine.every(settings.tickMs, () => this.#tick()),
      this.#machine.every(REPEAT_LOOK_MS, () => this.#repeat()),
    ];
  }

  /** Opens and recovers a shard. */
  static async open(settings: ActorSettings): Promise<Actor> {
    const { folder, shard, slotMap, cacheBytes, acceptClock } = settings;
    const { machine = realMachine(folder, shard, settings.clockOffset) } = settings;
    const opening = machine.openLog();
    const log = opening instanceof Promise ? await opening : opening;
    const store = machine.openStore();
    const blocks = new Blocks(log);
    const last = slotMap.reduce((most, other) => Math.max(most, other));
    const places = placesOf(shard, last + 1, slotMap);
    const checkpoint = Checkpoint.open(store, blocks, cacheBytes, places, machine);
    checkTail(shard, machine.readCleanStop(), log, blocks, checkpoint.head);
    const ledger = machine.ledger(checkpoint.state);
    ledger.secret = () => machine.secret();
    const { draft } = ledger;
    blocks.setDraft(draft);
    const recovered = await recover(
      shard,
      { log, blocks, checkpoint, ledger, draft },
      (seq, headSeq) => settings.emit({ type: 'progress', seq, headSeq }),
    );
    const clock = new Clock(recovered.head.time, acceptClock, machine);
    const parts = { machine, log, store, blocks, checkpoint, ledger, draft, clock };
    return new Actor(settings, parts, recovered);
  }

  get state(): Checkpoint['state'] {
    return this.#checkpoint.state;
  }

  /** It may decide by its definitions for a while, if it has these; does it? */
  confirmDefinitions(confirmation: Confirmation): boolean {
    return confirmDefinitions(this.#ledger, confirmation);
  }

  get durableSeq(): number {
    return this.#appending.durableSeq;
  }

  /** Carries out a batch of so many packed commands and queries. Never resolves after a failed write. */
  submit(bytes: Uint8Array, count: number): Promise<Reply> {
    return new Promise((resolve) => {
      this.#waiting.push(new Batch(bytes, count, resolve));
      this.#soon();
    });
  }

  /** Takes prepares and decisions from another shard. */
  receive(bytes: Uint8Array, count: number): void {
    if (this.#isClosing) return;
    this.#fromPeers.push(new Batch(bytes, count, () => {}));
    this.#soon();
  }

  /** What waits is looked at when all that has come in this turn of the event loop is there: it shares a block. */
  #soon(): void {
    if (!this.#isComing) this.#machine.soon(() => this.#pump());
    this.#isComing = true;
  }

  /** Applies what waits, as far as the block being filled and memory allow, and writes it where nothing is being written. */
  #pump(): void {
    this.#isComing = false;
    try {
      while (this.#failure === null && this.#hasWaiting && this.#mayApply()) this.#applyFirst();
      if (this.#failure !== null) return;
      const isFull = !this.#mayApply();
      if (!this.#isPaused && !this.#draft.isEmpty && this.#appending.takes(isFull)) this.#seal();
      else this.#appending.confirm();
      this.#deliver(this.#courier.durable(this.durableSeq));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  get #hasWaiting(): boolean {
    return this.#waiting.length > 0 || this.#fromPeers.length > 0;
  }

  #deliver(messages: readonly Message[]): void {
    if (this.#failure !== null) return;
    const { shard, bus } = this.#settings;
    for (const { to, bytes, count } of messages) {
      if (to === shard) this.receive(bytes, count);
      else bus.send(to, bytes, count);
    }
  }

  /** Asks again where no answer came. */
  #repeat(): void {
    const { state } = this.#checkpoint;
    const [now, time] = [this.#machine.steadyMs(), this.#machine.wallMs()];
    this.#deliver(this.#courier.repeats(state, this.durableSeq, now, time));
  }

  /** `share`: of the block that may be filled. */
  #mayApply(share = 1): boolean {
    const { count, commandBytes, effects } = this.#draft;
    if (
      this.#needsBlock ||
      count >= this.#machine.blockCommands * share ||
      commandBytes >= BLOCK_COMMAND_BYTES_MAX * share ||
      effects.length >= BLOCK_EFFECT_BYTES_MAX * share
    ) {
      return false;
    }
    return !this.#checkpoint.mustWait;
  }

  /** A block takes the time at which its first batch is applied. */
  #openDraft(): boolean {
    const time = this.#clock.read();
    const hasJumped = time < 0;
    if (hasJumped !== this.#hasJumped) {
      this.#hasJumped = hasJumped;
      this.#clockChanges++;
      this.#settings.emit({ type: 'clock', ...this.#clockState });
    }
    if (this.#draft.isEmpty) {
      this.#draft.open(this.#sealed.seq + 1, hasJumped ? this.#clock.last : time);
      this.#ledger.openBlock(this.#draft);
    }
    return !hasJumped;
  }

  /** Other shards go first, but leave a part of each block to callers that wait: so that nobody starves (S5). */
  get #isPeersTurn(): boolean {
    if (this.#fromPeers.length === 0) return false;
    return this.#waiting.length === 0 || (!this.#hasBlock && this.#mayApply(PEERS_SHARE));
  }

  #applyFirst(): void {
    const isPeersTurn = this.#isPeersTurn;
    const queue = isPeersTurn ? this.#fromPeers : this.#waiting;
    const batch = queue[0] as Batch;
    const isClockBelieved = this.#openDraft();
    const from = batch.next;
    const effectsFrom = this.#draft.effects.length;
    const commandsFrom = this.#draft.commandBytes;
    this.#ledger.hasToldPlan = false;
    const stop = isClockBelieved ? (this.#room.isShort ? DISK_FULL : 0) : CLOCK_JUMP;
    while (!batch.isDone && this.#mayApply() && this.#isPeersTurn === isPeersTurn)
      this.#applyOne(batch, effectsFrom, stop);
    this.#draft.context = null;
    this.#hasBlock &&= isPeersTurn;
    const told = this.#ledger.hasToldPlan ? commandsFrom : -1;
    if (this.#draft.effects.length > effectsFrom && queue === this.#waiting)
      batch.wrote(this.#draft, from, effectsFrom, told);
    this.#tickets.collect(this.#draft, effectsFrom, told);
    batch.waitsFor = this.#draft.isEmpty ? this.#sealed.seq : this.#draft.seq;
    this.#courier.collect(batch.waitsFor, this.#ledger.outbox.splice(0));
    if (!batch.isDone) return;
    queue.shift();
    this.#appending.answer(batch);
  }

  /** `stop`: why no command is carried out now; 0: they are. */
  #applyOne(batch: Batch, effectsFrom: number, stop: number): void {
    const command = this.#ledger.take(batch.bytes, batch.at);
    if (command.op >= CONTEXT_OP) {
      batch.envelope(command, this.#grants);
      return;
    }
    this.#ledger.granted = batch.granted;
    this.#draft.context = batch.context;
    if (command.op >= FIRST_QUERY_OP) {
      this.#answerOne(batch, command, stop);
      return;
    }
    const { start, end } = command;
    batch.at = end;
    if (isFromPeer(command)) {
      batch.next++;
      // What is left out is sent again.
      if (stop === 0 || (stop === DISK_FULL && endsSomething(command)))
        this.#applyPhase(command, effectsFrom, batch.bytes);
      return;
    }
    if (stop !== 0 && !(stop === DISK_FULL && isAdopted(command))) {
      batch.refuse(stop);
      return;
    }
    const result = this.#apply(command);
    this.#tally.commands++;
    this.#anew.begun(batch.bytes, start, end);
    const open = openBy(this.#ledger, this.#checkpoint.state.transits, command, result);
    if (open === null) batch.note(this.#ledger, result, effectsFrom);
    else batch.open(this.#tickets.add(open));
  }

  #answerOne(batch: Batch, command: CommandView, stop: number): void {
    const { op, end } = command;
    const isTogether = op === OP['dry-run'] || op === OP.atomic;
    const answered = isTogether
      ? this.#together.judge(command, stop)
      : answer(this.#ledger, command.tuple(), stop !== CLOCK_JUMP);
    this.#needsBlock = answered === null;
    if (answered === null) return;
    batch.at = end;
    if (typeof answered === 'number') {
      batch.refuse(answered);
      return;
    }
    if (answered.type === 'judged') {
      const done = doneOf(answered);
      this.#tally.commands += done;
      // What is only tried reads pages in, and ends no block after which they would be let go.
      if (done === 0) this.#checkpoint.evict();
    }
    batch.answer(answered);
  }

  #applyPhase(command: CommandView, effectsFrom: number, bytes: Uint8Array): void {
    const { start, end } = command;
    const result = this.#apply(command);
    const { closed } = this.#ledger;
    this.#anew.begun(bytes, start, end);
    if (result !== APPLIED || closed === null) return;
    const { places } = this.#checkpoint.state;
    if (places.shardOf(ownerHash(closed.owner)) === this.#settings.shard)
      this.#tally.decided(closed, command, this.#draft.time);
    const told = this.#anew.decided(closed, command, this.#mayApply() && !this.#room.isShort);
    if (told !== undefined) this.#tickets.decide(closed, told < 0 ? told : told - effectsFrom);
  }

  /** A throw before the line changes nothing and is answered INTERNAL; after it the shard must stop. */
  #apply(command: CommandView): number {
    const ledger = this.#ledger;
    try {
      return ledger.apply(command);
    } catch (error) {
      if (ledger.hasRecord || error instanceof CorruptionError) throw error;
      process.emitWarning(error as Error);
      return REFUSALS.INTERNAL.number;
    }
  }

  /** Ends the block being filled and hands it to the log. */
  #seal(): void {
    const draft = this.#draft;
    const { seq, time, count } = draft;
    const size = draft.blockBytes();
    const buffer = this.#appending.buffer(size);
    const header = { shard: this.#settings.shard, epoch: this.#epoch, seq, time, count };
    const hashed = draft.writeTo(buffer, header, this.#sealed.hash);
    const hash = hashOf(buffer.subarray(0, hashed));
    buffer.set(hash, hashed);
    const block = buffer.subarray(0, hashed + HASH_BYTES);
    this.#sealed = { seq, hash, time };
    this.#tally.sealed(draft, block.length);
    draft.open(seq + 1, time);
    this.#hasBlock = this.#needsBlock;
    this.#needsBlock = false;
    this.#appending.add(seq, block);
    this.#afterSeal(block.length);
    if (this.#isTickLate) this.#tick();
    if (this.#hasWaiting && this.#appending.takes(true)) this.#soon();
  }

  #written(seq: number, block: Uint8Array, ms: number): void {
    // A copy, and before the buffer takes another block.
    if (this.#isWatched) this.#settings.emit({ type: 'block', seq, block: block.slice() });
    this.#tally.written(block.length, ms);
    this.#deliver(this.#courier.durable(seq));
    for (const decided of this.#tickets.durable(seq))
      this.#settings.emit({ type: 'decided', decided });
  }

  #ended(): void {
    // In another turn: timers, other threads and sockets have theirs between two blocks.
    const { wantsConfirmation } = this.#appending;
    if (!this.#draft.isEmpty || this.#hasWaiting || wantsConfirmation) this.#soon();
  }

  /** Between two blocks: a checkpoint where one is due, and room in memory. */
  #afterSeal(bytes: number): void {
    this.#checkpointDue += bytes;
    const checkpoint = this.#checkpoint;
    const isDue = this.#checkpointDue >= this.#settings.checkpointBytes || checkpoint.isWanted;
    if (checkpoint.isRunning) checkpoint.isLate = isDue;
    else if (isDue && !this.#isClosing) this.#beginCheckpoint(false);
    checkpoint.evict();
  }

  /** Writes the state after the last sealed block; nothing may have been applied since. */
  #beginCheckpoint(isLate = true): Promise<void> {
    this.#checkpointDue = 0;
    const head = this.#sealed;
    const isValid = this.#tally.checkpoint();
    const written = this.#checkpoint.write(head, this.#appending.durable(head.seq), isLate);
    written.then(
      () => {
        isValid();
        this.#pump();
      },
      (error) => this.#fail(error as Error),
    );
    return written;
  }

  /** Writes a checkpoint now; resolves when it is valid. */
  async checkpointNow(): Promise<void> {
    await this.#checkpoint.idle();
    while (!this.#draft.isEmpty) await this.#appending.durable(this.#draft.seq);
    await this.#beginCheckpoint();
  }

  /** What is due, in bounded portions; goes around the buckets. */
  #tick(): void {
    try {
      if (this.#failure !== null || this.#isClosing || this.#room.isShort) return;
      this.#isTickLate = this.#openDraft() && !this.#mayApply();
      if (this.#hasJumped || this.#isTickLate) return;
      this.#ledger.settleCampaigns();
      const hasMore = this.#rounds.go(this.#draft.time);
      if (hasMore) this.#machine.after(TICK_PAUSE_MS, () => this.#tick());
      this.#pump();
      this.#checkpoint.evict();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#appending.fail(error);
    for (const end of this.#timers) end();
    this.#settings.emit({ type: 'fatal', ...failedBy(this.#settings.shard, error) });
  }

  /** Tell of every durable block from now on, or not. Returns the last one before. */
  watch(on: boolean): number {
    this.#isWatched = on;
    return this.durableSeq;
  }

  /** The state of the clock from now on. */
  acceptClock(): ClockState {
    this.#clock.accept();
    this.#openDraft();
    return this.#clockState;
  }

  get #clockState(): ClockState {
    return { jumped: this.#hasJumped, changes: this.#clockChanges };
  }

  /** Commits nothing more until resume(). Resolves with the last durable block when nothing is being written. */
  async pause(): Promise<number> {
    this.#isPaused = true;
    await this.#appending.durable(this.#sealed.seq);
    return this.durableSeq;
  }

  resume(): void {
    this.#isPaused = false;
    this.#pump();
  }

  /** A copy of the last checkpoint, while running. */
  async copyState(to: string): Promise<void> {
    await this.#checkpoint.idle();
    await this.#store.backup(to);
  }

  tail(): TailFigures | undefined {
    return this.#tail.figures(this.#checkpoint.head.seq);
  }

  /** Lets the blocks of sealed segments go, up to this one. */
  async cut(through: number): Promise<void> {
    await this.#tail.cut(through, this.#checkpoint.head.seq).catch((error) => {
      if (error instanceof WriteError) this.#fail(error);
      throw error;
    });
  }

  figures(): Omit<ShardFigures, 'bus' | 'loopDelay'> {
    return {
      ...this.#tally.figures((asset) => this.state.assets.at(asset).asset),
      writingMs: this.#appending.writingMs,
      seq: this.#sealed.seq,
      durableSeq: this.durableSeq,
      checkpointSeq: this.#checkpoint.head.seq,
      cacheBytes: this.#checkpoint.memoryBytes,
      dirtyBytes: this.#checkpoint.dirtyBytes,
      accounts: this.#checkpoint.state.pages.shape.accounts,
      openTransfers: this.#checkpoint.state.transits.size,
      clockBehindMs: this.#clock.behindMs,
      followUps: this.#checkpoint.state.followUps.due,
      definitions: this.#checkpoint.state.definitions.count,
      definitionsConfirmedUntil: this.#ledger.definitionsConfirmedUntil,
    };
  }

  digest(): ShardDigest {
    return shardDigest(this.#checkpoint.state, () => this.#checkpoint.evict());
  }

  async #finish(): Promise<void> {
    while (
      this.#failure === null &&
      (this.#hasWaiting ||
        !this.#draft.isEmpty ||
        this.#appending.isWriting ||
        this.#appending.hasUnanswered)
    ) {
      await this.#appending.durable(this.#draft.isEmpty ? this.#sealed.seq : this.#draft.seq);
      await this.#appending.ended();
      if (this.#hasWaiting || this.#appending.hasUnanswered) await this.#machine.pause();
    }
  }

  /** Finishes what was accepted, writes a checkpoint and a clean-stop record, closes the environments. */
  async close(): Promise<void> {
    this.resume();
    // Where it has failed, whoever asked was told: what there is, is closed.
    await this.#finish().catch((error) => this.#fail(error as Error));
    this.#isClosing = true;
    this.#room.close();
    for (const end of this.#timers) end();
    await this.#checkpoint.idle().catch((error) => this.#fail(error as Error));
    const isBehind = this.#sealed.seq > this.#checkpoint.head.seq;
    // The log has it all: a disk that is nearly full is not filled.
    if (this.#failure === null && isBehind && !this.#room.isShort) await this.#beginCheckpoint();
    crashPoint('before-clean-stop');
    if (this.#failure === null) {
      const { seq, hash } = this.#sealed;
      this.#machine.writeCleanStop({ seq, hash: Buffer.from(hash).toString('hex') });
    }
    crashPoint('after-clean-stop');
    this.#settings.bus.close();
    await this.#log.close();
    await this.#store.close();
  }
}
