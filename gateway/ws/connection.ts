// One WebSocket. Owns: what it may do, its subscriptions, what waits for its reader. Never touches: uWebSockets.js, other
// connections.
//   ws.F6. Who reads too slowly is disconnected with a code that says so; nothing is left out silently.
//   ws.F7. Nothing is told before credentials were shown and found good, and nothing after the connection closed.
//   ws.F10. A connection is unknown (its first message is to show credentials), being judged (what it says waits), known, closed:
//        in this order, and never back.

import type {
  BalanceEvent,
  Command,
  Engine,
  FeedBlock,
  FeedItem,
  HistoryEntry,
  Outcome,
  Refused,
} from '../../engine/index.js';
import { assetsOf, packedHead, packOutcomes, RefusedError } from '../../engine/index.js';
import { NO_CREDENTIALS } from '../auth/authenticator.js';
import { type Format, Shared } from '../encoding/message-format.js';
import { whole } from '../encoding/outcome-shape.js';
import type { GatewayLimits } from '../limits.js';
import type { Origin } from '../logs/origin.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { commandProblem, isFields } from '../schema/command-reader.js';
import {
  type RiskHearing,
  type Submitter,
  submitMany,
  submitPacked,
  unrecorded,
  unrecordedPacked,
} from '../submission.js';
import { endTimer, type LateRights, type StreamAccess, type StreamRights } from './access.js';
import { CLOSE, type CloseCode, refusedCode } from './close-codes.js';
import { Held } from './held.js';
import {
  type ClientMessage,
  type CommandsMessage,
  type FollowMessage,
  isMessageId,
  type MessageId,
  messageOf,
  type PackedMessage,
  type SubscribeMessage,
} from './messages.js';
import type { Socket, SocketPeer } from './socket.js';

/** What a connection needs of all of them together. */
export interface ConnectionHome {
  readonly limits: GatewayLimits;
  readonly engine: Engine;
  /** Hears what came of commands; undefined: nobody does. */
  readonly risks: RiskHearing | undefined;
  /** Why nothing is carried out; undefined: something is. */
  readonly unready: string | undefined;
  readonly access: StreamAccess;
  /** It has something to send: flush() is to be called in this turn of the event loop. */
  touched(connection: Connection): void;
  /** It has shown credentials that are good. */
  known(connection: Connection): void;
  /** A batch was taken (1), or answered (-1). */
  batches(change: 1 | -1): void;
  gone(connection: Connection): void;
  /** Bytes that wait for all readers, as far as they have been counted. */
  backlogBytes: number;
  /** Bytes that came over all connections and wait until credentials are judged. */
  heldBytes: number;
  /** It was disconnected because it read too slowly. */
  wasSlow(): void;
  defect(error: unknown): void;
}

/** What many are told of, as bytes made once. */
const shared = new WeakMap<readonly HistoryEntry[], Shared>();

function sharedOf(entries: readonly HistoryEntry[]): Shared {
  let found = shared.get(entries);
  if (found === undefined) {
    found = new Shared(entries);
    shared.set(entries, found);
  }
  return found;
}

export class Connection implements SocketPeer {
  readonly #home: ConnectionHome;
  readonly #format: Format;
  #socket: Socket | undefined;
  readonly #origin: Origin;
  /** Undefined: it is unknown, or being judged. */
  #rights: StreamRights | undefined;
  /** What it has said while it is being judged; undefined: it is not. */
  #held: Held | undefined;
  /** Ends it where nothing is shown and judged in time, and when what was shown is good no more. */
  #timer: NodeJS.Timeout | undefined;
  /** Ends of subscriptions, by id. */
  readonly #subscriptions = new Map<MessageId, () => void>();
  #unanswered = 0;
  #queue: (string | Uint8Array)[] = [];
  #queuedBytes = 0;
  /** What of it is in the home's count. */
  #countedBytes = 0;
  /** Who waits for the reader. */
  #waiting: (() => void)[] = [];

  /** `shown` undefined: credentials are to be shown in the first message. It is opened in this turn of the event loop. */
  constructor(
    home: ConnectionHome,
    format: Format,
    shown: StreamRights | LateRights | undefined,
    origin: Origin,
  ) {
    this.#home = home;
    this.#origin = origin;
    this.#format = format;
    if (typeof shown === 'function') this.#judge(shown);
    else this.#rights = shown;
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  open(socket: Socket): void {
    this.#socket = socket;
    if (this.#rights !== undefined) this.#ready();
    else {
      const { streamAuthMs } = this.#home.limits;
      this.#timer = setTimeout(() => this.end(CLOSE.authTimeout), streamAuthMs);
    }
  }

  closed(): void {
    this.#socket = undefined;
    clearTimeout(this.#timer);
    for (const end of this.#subscriptions.values()) end();
    this.#subscriptions.clear();
    this.#held?.release();
    this.#held = undefined;
    this.#queue = [];
    this.#count(0);
    this.#wake();
    this.#home.gone(this);
  }

  /** Ends where what was shown is good no more; false then: nothing more may be said or done. */
  isStillGood(): boolean {
    if (this.#rights?.isGood?.() !== false) return true;
    // What waits for the reader is not sent on.
    this.#socket?.end(...CLOSE.revoked);
    return false;
  }

  /** Closes the connection, saying why. */
  end([code, reason]: CloseCode): void {
    this.flush();
    this.#socket?.end(code, reason);
  }

  message(bytes: ArrayBuffer, isBinary: boolean): void {
    if (isBinary !== this.#format.isBinary) {
      this.end(CLOSE.otherFormat);
      return;
    }
    if (this.#held === undefined) this.#read(bytes);
    else if (!this.#held.keep(bytes)) this.end(CLOSE.early);
  }

  #read(bytes: ArrayBuffer): void {
    const value = this.#format.read(bytes, this.#home.limits);
    if (value === undefined) this.end(CLOSE.unreadable);
    else this.#take(value);
  }

  #take(value: unknown): void {
    const message = messageOf(value, this.#home.limits);
    const rights = this.#rights;
    if (rights === undefined) this.#authenticate(message);
    else if (isRefusal(message)) {
      const id = isFields(value) && isMessageId(value.id) ? value.id : undefined;
      this.#refuse(message, id);
    } else this.#carryOut(message, rights);
  }

  #authenticate(message: Refusal | ClientMessage): void {
    if (isRefusal(message) || message.type !== 'auth') {
      this.end(CLOSE.unauthorized);
      return;
    }
    const { key, token = '' } = message;
    const authorization = key === undefined ? '' : `Bearer ${key}`;
    const judged = this.#home.access({
      ...NO_CREDENTIALS,
      authorization,
      token,
      origin: this.#origin,
    });
    if (typeof judged === 'function') this.#judge(judged);
    else this.#judged(judged);
  }

  #judge(late: LateRights): void {
    this.#held = new Held(this.#home);
    late()
      .catch((error) => this.#refusalOf(error))
      .then((judged) => this.#judged(judged))
      .catch((error) => {
        this.#home.defect(error);
        this.end(CLOSE.defect);
      });
  }

  #judged(rights: Refusal | StreamRights): void {
    if (this.#socket === undefined) return;
    if (isRefusal(rights)) {
      this.end(refusedCode(rights));
      return;
    }
    this.#rights = rights;
    clearTimeout(this.#timer);
    this.#home.known(this);
    this.#ready();
    const held = this.#held?.release() ?? [];
    this.#held = undefined;
    for (const bytes of held) if (this.#socket !== undefined) this.#read(bytes);
  }

  #ready(): void {
    this.#timer = this.#rights && endTimer(this.#rights, () => this.end(CLOSE.revoked));
    const { shards, shardsHere } = this.#home.engine;
    const { batchItemsMax, nestingMax, streamMessageBytesMax } = this.#home.limits;
    const limits = { batchItemsMax, nestingMax, streamMessageBytesMax };
    this.#say({ type: 'ready', shards, shardsHere, limits });
  }

  #carryOut(message: ClientMessage, rights: StreamRights): void {
    switch (message.type) {
      case 'commands':
        this.#batch(message.id, message.commands.length, rights, () =>
          this.#submit(message, rights),
        );
        break;
      case 'packed': {
        const { count = 0 } = packedHead(message.batch) ?? {};
        this.#batch(message.id, count, rights, () => this.#submitPacked(message, rights));
        break;
      }
      case 'subscribe':
        this.#subscribe(message, rights);
        break;
      case 'follow':
        if (rights.mayFollow(message.shard)) this.#follow(message);
        else this.#refuse(refuse('STREAM_FORBIDDEN', 'shard'), message.id);
        break;
      case 'unsubscribe':
        this.#unsubscribe(message.id);
        break;
      case 'ping':
        this.#say({ type: 'pong', id: message.id });
        break;
      case 'auth':
        this.#refuse(refuse('MESSAGE_INVALID', 'type', 'A key was shown already.'));
        break;
    }
  }

  // What may be subscribed under this id; tells why not.
  #isFree(id: MessageId): boolean {
    const { streamSubscriptionsMax: most } = this.#home.limits;
    if (this.#subscriptions.has(id)) {
      this.#refuse(refuse('MESSAGE_INVALID', 'id', 'There is a subscription with this id.'), id);
      return false;
    }
    if (this.#subscriptions.size < most) return true;
    const detail = `A connection has at most ${most} subscriptions.`;
    this.#refuse(refuse('STREAM_LIMIT', 'id', detail), id);
    return false;
  }

  #subscribe({ id, owner, asset, versions }: SubscribeMessage, rights: StreamRights): void {
    const refusal = rights.watchProblem({ owner, asset, versions });
    if (refusal !== undefined) {
      this.#refuse(refusal, id);
      return;
    }
    if (!this.#isFree(id)) return;
    const joined = this.#format.joiner({ type: 'entries', id }, 'entries');
    const listener = (event: BalanceEvent): void | Promise<void> => {
      if (event.type === 'entries') this.#put(joined(sharedOf(event.entries)));
      else if (event.type === 'balances')
        this.#say({ type: 'balances', id, owner, balances: event.balances });
      else this.#ended(id, event.refusal);
      return this.#room();
    };
    const { scope } = rights.grants;
    const assets = assetsOf(rights.grants, 'read');
    this.#subscriptions.set(
      id,
      this.#home.engine.watchBalances(owner, listener, { asset, assets, scope, versions }),
    );
  }

  #follow({ id, shard, seq, index = 0 }: FollowMessage): void {
    if (!this.#isFree(id)) return;
    const { engine } = this.#home;
    if (shard >= engine.shards) {
      const detail = `shard is less than ${engine.shards}.`;
      this.#refuse(refuse('MESSAGE_INVALID', 'shard', detail), id);
      return;
    }
    if (!engine.shardsHere.includes(shard)) {
      this.#refuse(refuse('SHARD_ELSEWHERE', 'shard'), id);
      return;
    }
    const end = engine.subscribe(
      shard,
      { seq, index },
      (block) => this.#items(id, block),
      (error) => this.#ended(id, this.#refusalOf(error)),
    );
    this.#subscriptions.set(id, end);
  }

  async #items(id: MessageId, { shard, seq, time, items }: FeedBlock): Promise<void> {
    const most = this.#home.limits.streamItemsMax;
    for (let at = 0; at < items.length; at += most) {
      await this.#room();
      if (!this.#subscriptions.has(id)) return;
      const told = items.slice(at, at + most).map(shown);
      this.#say({ type: 'items', id, shard, seq, time, items: told });
    }
  }

  #unsubscribe(id: MessageId): void {
    const end = this.#subscriptions.get(id);
    if (end === undefined) {
      this.#refuse(refuse('MESSAGE_INVALID', 'id', 'There is no subscription with this id.'), id);
      return;
    }
    this.#subscriptions.delete(id);
    end();
    this.#say({ type: 'unsubscribed', id });
  }

  #ended(id: MessageId, refusal: Refused): void {
    if (this.#subscriptions.delete(id)) this.#refuse(refusal, id);
  }

  #refusalOf(error: unknown): Refused {
    if (error instanceof RefusedError) return error.refusal;
    this.#home.defect(error);
    return refuse('INTERNAL');
  }

  /** Carries out a batch of so many commands. `submit`: does, and tells what came of it. */
  #batch(id: MessageId, count: number, rights: StreamRights, submit: () => Promise<void>): void {
    const { limits, unready } = this.#home;
    if (unready !== undefined) {
      this.#refuse(refuse('CLOSING', undefined, unready), id);
      return;
    }
    if (this.#unanswered >= limits.streamBatchesMax) {
      const detail = `At most ${limits.streamBatchesMax} batches may wait for their outcomes.`;
      this.#refuse(refuse('STREAM_LIMIT', 'id', detail), id);
      return;
    }
    const tooMany = rights.take?.(count);
    if (tooMany !== undefined) {
      this.#refuse(tooMany, id);
      return;
    }
    this.#unanswered++;
    this.#home.batches(1);
    submit().then(
      () => this.#batchIsOver(),
      (error) => {
        this.#refuse(this.#refusalOf(error), id);
        this.#batchIsOver();
      },
    );
  }

  #batchIsOver(): void {
    this.#unanswered--;
    this.#home.batches(-1);
  }

  async #submit(message: CommandsMessage, rights: StreamRights): Promise<void> {
    const { commands, timeoutMs, atomic, dryRun } = message;
    if (!this.isStillGood()) return;
    const items = commands.map((command) => commandProblem(command) ?? (command as Command));
    const options = { timeoutMs, atomic, dryRun };
    const submitter = this.#submitter(rights);
    const all = await submitMany(submitter, items, options);
    if (dryRun !== true) rights.wrote?.(unrecorded(submitter, items, all, { atomic }));
    this.#tell(message, all);
  }

  async #submitPacked(
    { id, batch, timeoutMs }: PackedMessage,
    rights: StreamRights,
  ): Promise<void> {
    if (!this.isStillGood()) return;
    const submitter = this.#submitter(rights);
    const outcomes = await submitPacked(submitter, batch, { timeoutMs });
    if (isRefusal(outcomes)) {
      this.#refuse(outcomes, id);
      return;
    }
    rights.wrote?.(unrecordedPacked(submitter, outcomes));
    this.#say({ type: 'outcomes', id, packed: packOutcomes(outcomes) });
  }

  #submitter({ grants, counts, audit }: StreamRights): Submitter {
    const { engine, risks } = this.#home;
    return { engine, grants, counts, audit, risks };
  }

  #tell({ id, brief, dryRun }: CommandsMessage, all: readonly Outcome[]): void {
    const fields = { type: 'outcomes', id, dryRun: dryRun === true ? true : undefined };
    this.#put(this.#format.outcomes(fields, all, brief === true));
  }

  #refuse(refusal: Refusal, id?: MessageId): void {
    const { code, status, retry, message, field, detail } = refusal;
    this.#say({ type: 'error', id, code, status, retry, message, field, detail });
  }

  #say(message: object): void {
    this.#put(this.#format.write(message));
  }

  #put(message: string | Uint8Array): void {
    const socket = this.#socket;
    if (socket === undefined || !this.isStillGood()) return;
    if (this.#isSlow(socket)) {
      this.#home.wasSlow();
      this.end(CLOSE.slow);
      return;
    }
    if (this.#queue.length === 0) this.#home.touched(this);
    this.#queue.push(message);
    this.#queuedBytes += message.length;
  }

  #backlogBytes(socket: Socket): number {
    return this.#queuedBytes + socket.backlogBytes();
  }

  #count(bytes: number): void {
    this.#home.backlogBytes += bytes - this.#countedBytes;
    this.#countedBytes = bytes;
  }

  #isSlow(socket: Socket): boolean {
    const { limits } = this.#home;
    const bytes = this.#backlogBytes(socket);
    this.#count(bytes);
    if (bytes > limits.streamBacklogBytesMax) return true;
    return (
      this.#home.backlogBytes > limits.streamsBacklogBytesMax && bytes > limits.streamPaceBytes
    );
  }

  /** Sends what waits. */
  flush(): void {
    const socket = this.#socket;
    const queue = this.#queue;
    if (socket === undefined || queue.length === 0) return;
    this.#queue = [];
    this.#queuedBytes = 0;
    socket.cork(() => {
      for (const message of queue) socket.send(message);
    });
    this.drained();
  }

  drained(): void {
    if (this.#socket !== undefined) this.#count(this.#backlogBytes(this.#socket));
    if (this.#waiting.length > 0 && this.#hasRoom()) this.#wake();
  }

  #hasRoom(): boolean {
    const socket = this.#socket;
    return socket === undefined || this.#backlogBytes(socket) <= this.#home.limits.streamPaceBytes;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when the reader has taken enough, or is gone. */
  #room(): void | Promise<void> {
    if (this.#hasRoom()) return;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}

/** An item as it is told: packed parts are left out, for what is in them is shown. */
function shown(item: FeedItem): object {
  const { index, command, outcome, reserves, transfer, notices, events } = item;
  const told =
    command.type === 'prepare' || command.type === 'decision'
      ? { ...command, transfer: undefined, lots: undefined }
      : command;
  return { index, command: told, transfer, outcome: whole(outcome), reserves, notices, events };
}
