// One simulated shard: the real ledger, courier and blocks; disk, clock and time of the simulation.
// Owns: mailbox, state, disk, the order of its steps, which is the actor's. Never touches: other shards, clients.
//   S1. Nothing leaves (reply, message) before its block is synced.
//   S3. While one block is being synced, the next is being filled; there is never a second one under way.
// Protected methods are seams: defects.ts breaks them.

import { canonicalState } from '../../engine/ledger/digest.js';
import { Ledger } from '../../engine/ledger/ledger.js';
import { MemoryIds, pastRecord, replayBlock } from '../../engine/ledger/memory.js';
import { NO_SOURCE, Pages } from '../../engine/ledger/pages.js';
import { emptyParts } from '../../engine/ledger/parts.js';
import { APPLIED, IGNORED, REPLAY } from '../../engine/ledger/result.js';
import type { Past, PastRecord, State } from '../../engine/ledger/state.js';
import { BlockView, blockBytes, writeBlock } from '../../engine/protocol/block.js';
import type { CommandView } from '../../engine/protocol/command-view.js';
import { Draft } from '../../engine/protocol/draft.js';
import type { EffectReader } from '../../engine/protocol/effects.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { OP } from '../../engine/protocol/layout.js';
import { Courier } from '../../engine/transfer/courier.js';
import type { Message, Outgoing } from '../../engine/transfer/messages.js';
import { Transits, transitKey } from '../../engine/transfer/open/transits.js';
import {
  type Asker,
  BASE_MS,
  type Outside,
  PREPARED,
  type ShardSettings,
  sameLines,
  storeTransits,
  toldBy,
} from './outside.js';

/** Between two looks at what must be sent again, and at what is due. */
const REPEAT_MS = 125;
const TICK_MS = 400;
/** Requests that come in one letter. */
const PACKED_MAX = 8;

/** Commands that came together. */
interface Letter {
  bytes: Uint8Array;
  /** Of clients: who asks, one for each command. */
  readonly askers: Asker[];
  /** Where its next command begins. */
  at: number;
}

interface Reply {
  readonly seq: number;
  readonly asker: Asker;
  readonly told: number;
}

export class SimShard implements Past {
  readonly number: number;
  readonly settings: ShardSettings;
  protected readonly outside: Outside;
  /** Blocks as written; the first `durable` of them are synced. */
  readonly disk: Uint8Array[] = [];
  durable = 0;
  isUp = false;
  /** Rises with every crash and start. */
  life = 0;
  state!: State;
  ledger!: Ledger;
  draft!: Draft;
  courier!: Courier;
  readonly #views: BlockView[] = [];
  #epoch = 0;
  #skewMs = 0;
  /** Messages so far. */
  #sent = 0;
  #isSyncing = false;
  #lastTime = 0;
  #requests: Letter[] = [];
  /** What came from other shards: goes before everything else. */
  #messages: Letter[] = [];
  #replies: Reply[] = [];
  /** Who waits for the decision of which transfer. */
  readonly #asking = new Map<string, Asker[]>();
  /** What the state must be after the restart, where nothing was lost. */
  #remembered: string[] | null = null;

  constructor(settings: ShardSettings, outside: Outside) {
    this.settings = settings;
    this.number = settings.places.shard;
    this.outside = outside;
  }

  get isIdle(): boolean {
    const isWorking = this.#isSyncing || !this.draft.isEmpty || this.#hasMail;
    return this.isUp && !isWorking && this.#replies.length === 0;
  }

  // --- life ------------------------------------------------------------------------------------------------

  protected makeIds(): MemoryIds {
    return new MemoryIds();
  }

  protected makeTransits(): Transits {
    return new Transits();
  }

  /** A ledger with nothing in it. */
  protected assemble(): void {
    this.state = {
      ...emptyParts(),
      pages: new Pages(NO_SOURCE),
      ids: this.makeIds(),
      past: this,
      places: this.settings.places,
      transits: this.makeTransits(),
    };
    this.draft = new Draft(1 << 12, 1 << 13);
    this.ledger = new Ledger(this.state, this.draft);
    this.courier = new Courier();
  }

  /** From the log to the state as it was; then it writes and syncs its last block once more before it answers anything. */
  start(): void {
    this.life++;
    this.#epoch++;
    this.#skewMs = this.outside.skewMs();
    this.assemble();
    this.replay();
    storeTransits(this.state.transits);
    const known = this.#remembered;
    if (known !== null) sameLines(canonicalState(this.state), known, this.number);
    this.outside.note('start', this.number, this.disk.length, this.state.transits.size);
    this.outside.after(this, this.outside.syncMs(), () => {
      this.durable = this.disk.length;
      this.isUp = true;
      this.#everSoOften(REPEAT_MS, () => this.#ask());
      this.#everSoOften(TICK_MS, () => this.#tick());
      this.outside.started(this);
    });
  }

  /** Everything in the log, into a ledger with nothing in it. */
  protected replay(): void {
    const { ledger, draft } = this;
    ledger.isReplaying = true;
    for (const { header } of this.#views) {
      draft.open(header.seq, header.time);
      ledger.openBlock(draft);
      replayBlock(ledger, this.#views[header.seq - 1]!);
      this.#lastTime = header.time;
    }
    ledger.isReplaying = false;
    ledger.outbox.length = 0;
    draft.open(this.disk.length + 1, this.#lastTime);
  }

  /** What is not synced is lost; or not, for a block may reach the disk without anybody having been told. */
  crash(keepsUnsynced: boolean): void {
    const kept = keepsUnsynced ? this.disk.length : this.durable;
    const isWhole = kept === this.disk.length && this.draft.isEmpty;
    this.#remembered = isWhole && this.isUp ? canonicalState(this.state) : null;
    this.outside.note('crash', this.number, this.durable, kept);
    this.life++;
    this.isUp = false;
    this.disk.length = kept;
    this.#views.length = kept;
    this.#isSyncing = false;
    this.#requests = [];
    this.#messages = [];
    this.#replies = [];
    this.#asking.clear();
  }

  /** Until it crashes. */
  #everSoOften(ms: number, run: () => void): void {
    const { life } = this;
    this.outside.after(this, ms, () => {
      run();
      if (this.life === life) this.#everSoOften(ms, run);
    });
  }

  // --- what comes in ---------------------------------------------------------------------------------------

  /** A client's command: packed together with others that wait. */
  request(bytes: Uint8Array, asker: Asker): void {
    const last = this.#requests.at(-1);
    if (last === undefined || last.at > 0 || last.askers.length >= PACKED_MAX)
      this.#requests.push({ bytes, askers: [asker], at: 0 });
    else {
      last.bytes = Buffer.concat([last.bytes, bytes]);
      last.askers.push(asker);
    }
    this.pump();
  }

  /** Prepares and decisions of another shard. */
  receive(message: Message): void {
    this.#messages.push({ bytes: message.bytes, askers: [], at: 0 });
    this.pump();
  }

  get #hasMail(): boolean {
    return this.#messages.length > 0 || this.#requests.length > 0;
  }

  /** Applies what waits as far as the block has room, and seals it where none is being synced. */
  protected pump(): void {
    while (this.#hasMail && this.draft.count < this.settings.blockCommands) this.#applyNext();
    if (!this.#isSyncing && !this.draft.isEmpty) this.#seal();
    if (this.isUp) this.#leave();
  }

  /** Milliseconds since 1970, by this shard's clock. */
  protected get wallMs(): number {
    return BASE_MS + this.outside.now + this.#skewMs;
  }

  /** Block time: never goes back. */
  protected time(): number {
    return Math.max(this.wallMs, this.#lastTime);
  }

  #openDraft(): void {
    if (!this.draft.isEmpty) return;
    this.#lastTime = this.time();
    this.draft.open(this.disk.length + 1, this.#lastTime);
    this.ledger.openBlock(this.draft);
  }

  #applyNext(): void {
    const mail = this.#messages.length > 0 ? this.#messages : this.#requests;
    const letter = mail[0]!;
    this.#openDraft();
    const { ledger } = this;
    const command = ledger.take(letter.bytes, letter.at);
    const { op } = command;
    letter.at = command.end;
    if (letter.at >= letter.bytes.length) mail.shift();
    const asker = letter.askers.shift();
    const key = op === OP.decision ? transitKey(command.text(3), command.text(2)) : '';
    const result = this.apply(command);
    this.outside.note('apply', this.number, this.draft.seq, op, result);
    this.#collect();
    if (asker !== undefined) this.#answer(asker, command, result);
    else if (op === OP.decision && result !== IGNORED) this.#decided(key);
  }

  protected apply(command: CommandView): number {
    return this.ledger.apply(command);
  }

  /** What it was caused by: the block being filled, or the last one where it is empty. */
  get #causeSeq(): number {
    return this.draft.isEmpty ? this.disk.length : this.draft.seq;
  }

  #collect(): void {
    const outgoing = this.outgoing(this.ledger.outbox.splice(0));
    for (const one of outgoing)
      this.outside.note('out', this.number, one.to, 'packed' in one ? 0 : OP[one.command.type]);
    this.courier.collect(this.#causeSeq, outgoing);
  }

  /** What goes out of what apply() wants to go out. */
  protected outgoing(wanted: Outgoing[]): Outgoing[] {
    return wanted;
  }

  #answer(asker: Asker, command: CommandView, result: number): void {
    const { ledger } = this;
    if (result === REPLAY && ledger.replay !== null) {
      const told = this.toldBy(ledger.replay.effects, ledger.replay.offset);
      if (told === PREPARED) this.#await(command, asker);
      this.#reply(asker, told);
    } else if (result === APPLIED || result < 128) {
      const told = this.toldBy(this.draft.reader(), ledger.recordOffset);
      if (told === PREPARED) this.#await(command, asker);
      else this.#reply(asker, told);
    } else this.#reply(asker, result);
  }

  protected toldBy(effects: EffectReader, offset: number): number {
    return toldBy(effects, offset);
  }

  #reply(asker: Asker, told: number): void {
    this.#replies.push({ seq: this.#causeSeq, asker, told });
  }

  #await(command: CommandView, asker: Asker): void {
    const key = transitKey(homeOwnerOfTuple(command.tuple()), command.text(2));
    const asking = this.#asking.get(key);
    if (asking === undefined) this.#asking.set(key, [asker]);
    else asking.push(asker);
  }

  #decided(key: string): void {
    const told = toldBy(this.draft.reader(), this.ledger.recordOffset);
    for (const asker of this.#asking.get(key) ?? []) this.#reply(asker, told);
    this.#asking.delete(key);
  }

  // --- blocks ----------------------------------------------------------------------------------------------

  #seal(): void {
    const { draft } = this;
    const { seq, time, count } = draft;
    const block = new Uint8Array(blockBytes(draft.commandBytes, draft.effects.length));
    const header = { shard: this.number, epoch: this.#epoch, seq, time, count };
    writeBlock(block, header, new Uint8Array(32), draft.commands(), draft.effects.bytes());
    this.disk.push(block);
    this.#views.push(new BlockView(block));
    draft.open(seq + 1, time);
    this.#isSyncing = true;
    this.outside.note('seal', this.number, seq, count, block.length);
    this.outside.sealed(this);
    this.sealed(seq);
    if (this.outside.crashesAt(this, 'before-sync')) return;
    this.outside.after(this, this.outside.syncMs(), () => this.synced(seq));
  }

  /** A block has been sealed and is not synced. */
  protected sealed(_seq: number): void {}

  protected synced(seq: number): void {
    this.durable = seq;
    this.#isSyncing = false;
    if (this.outside.crashesAt(this, 'after-sync')) return;
    this.send(this.courier.durable(seq));
    if (this.outside.crashesAt(this, 'after-sending')) return;
    this.replyUpTo(seq);
    this.pump();
  }

  /** What waits for nothing but what is synced. */
  #leave(): void {
    this.send(this.courier.durable(this.durable));
    this.replyUpTo(this.durable);
  }

  protected send(messages: readonly Message[]): void {
    this.#sent += messages.length;
    for (const message of messages) this.outside.send(this.number, message);
  }

  protected replyUpTo(seq: number): void {
    if (this.#replies.length === 0) return;
    const ready = this.#replies.filter((reply) => reply.seq <= seq);
    this.#replies = this.#replies.filter((reply) => reply.seq > seq);
    for (const { asker, told } of ready) this.outside.reply(asker, told);
  }

  // --- from time to time -----------------------------------------------------------------------------------

  #ask(): void {
    const sent = this.#sent;
    this.askAgain();
    if (this.#sent > sent) this.outside.crashesAt(this, 'after-asking');
  }

  protected askAgain(): void {
    this.send(this.courier.repeats(this.state, this.durable, this.outside.now));
  }

  #tick(): void {
    if (this.draft.count >= this.settings.blockCommands) return;
    this.#openDraft();
    const { pages } = this.state;
    for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
      if (pages.minDue[bucket]! <= this.draft.time) this.ledger.settleBucket(bucket);
    }
    this.pump();
  }

  /** The state that the log alone gives. */
  replayed(): SimShard {
    const Kind = this.constructor as new (s: ShardSettings, o: Outside) => SimShard;
    const twin = new Kind(this.settings, this.outside);
    twin.disk.push(...this.disk);
    twin.#views.push(...this.#views);
    twin.assemble();
    twin.replay();
    return twin;
  }

  get blocks(): readonly BlockView[] {
    return this.#views;
  }

  read(seq: number, offset: number): PastRecord {
    const { draft } = this;
    if (seq > this.#views.length)
      return pastRecord(draft.commands(), draft.reader(), seq, draft.time, offset);
    const block = this.#views[seq - 1]!;
    return pastRecord(block.commands, block.effects, seq, block.header.time, offset);
  }
}
