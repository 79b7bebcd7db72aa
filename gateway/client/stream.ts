// The client's WebSocket. Owns: the connection, opened again when it breaks; what is subscribed and where it is; batches that
// are not answered. Never touches: Node.js.
//   K2. A subscription that is resumed is told each entry, or item, exactly once, in order.
//   K3. A batch that was not answered is sent again, its commands with the ids they had: none is carried out twice.

import type {
  BalanceEvent,
  Command,
  FeedItem,
  FeedPosition,
  Outcome,
  Posted,
  RefusalCode,
  Refused,
  WatchOptions,
} from '../../engine/index.js';
import { ClientError } from './errors.js';
import { withId } from './ids.js';
import { pauseMs, type Shown } from './requests.js';
import { bytesOf, type Codec, type OpenSocket, type SocketLike } from './socket.js';

/** What the stream needs. */
export interface StreamOptions extends Shown {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly codec: Codec;
}

/** Items of one block, or some of them. */
export interface FeedItems {
  readonly shard: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly items: readonly FeedItem[];
}

/** An outcome without entries and what else it may have. */
export type BriefOutcome =
  | Refused
  | Omit<Posted, 'entries' | 'hold' | 'recordVersion' | 'assetVersion'>;

/** How a batch is carried out. */
export interface BatchOptions {
  /** How long the server waits for decisions between shards. */
  readonly timeoutMs?: number | undefined;
  /** All or none: the engine's BatchOptions.atomic. */
  readonly atomic?: boolean | undefined;
  /** Only say what the outcomes would be, now: nothing changes. */
  readonly dryRun?: boolean | undefined;
}

/** Told how the connection is. */
export type StreamState = 'connecting' | 'open' | 'closed';

/** How a connection ended. */
interface CloseEvent {
  readonly code: number;
  readonly reason: string;
}

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** Something subscribed. */
interface Subscription {
  /** The message that (re)subscribes, from where it is now. */
  request(id: number): object;
  take(message: Message): void;
  /** It ended by itself. */
  ended(refusal: Refused): void;
}

interface Batch {
  readonly request: object;
  readonly resolve: (outcomes: never) => void;
  readonly reject: (error: Error) => void;
  isSent: boolean;
}

/** Batches that the server has at once; the others wait here. */
const BATCHES_SENT_MAX = 32;
const BEAT_MS = 15_000;
const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 5_000;
/** Close codes with which the server refuses the key or token: coming back does not help. */
const REFUSED: ReadonlySet<number> = new Set([4401, 4403]);
/** Codes of refusals; other reasons are sentences. */
const REFUSAL_CODE = /^[A-Z][A-Z_]*$/;

const CLOSED: Refused = {
  ok: false,
  code: 'CLOSING',
  status: 503,
  retry: true,
  message: 'The client has closed the stream.',
  replayed: false,
};

export class Stream {
  readonly #options: StreamOptions;
  #socket: SocketLike | undefined;
  #isReady = false;
  #isClosed = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #hasHeard = false;
  #lastId = 0;
  readonly #subscriptions = new Map<number, Subscription>();
  /** In the order in which they were given. */
  readonly #batches = new Map<number, Batch>();
  #sent = 0;
  /** Told each time the connection changes. */
  onState: (state: StreamState) => void = () => {};

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#connect();
  }

  /**
   * An owner's balances as they change: see the engine's watchBalances(). Goes on after the connection broke, with nothing missed or repeated; `balances` is
   * told again then. Returns a function that ends it.
   */
  watch(
    owner: string,
    listener: (event: BalanceEvent) => void,
    options: WatchOptions = {},
  ): () => void {
    return this.#add(new BalanceSubscription(owner, listener, options));
  }

  /**
   * The committed feed of a shard from a position on. Goes on after the connection broke, with nothing missed or repeated. `ended` is told
   * why it ends by itself. Returns a function that ends it.
   */
  follow(
    shard: number,
    from: FeedPosition,
    listener: (items: FeedItems) => void,
    ended: (refusal: Refused) => void = () => {},
  ): () => void {
    return this.#add(new FeedSubscription(shard, from, listener, ended));
  }

  /** Carries out commands of any type, each by itself unless `atomic`: an outcome for each, in order. Waits as long as there is no connection. */
  submitBatch(commands: readonly Command[], options: BatchOptions = {}): Promise<Outcome[]> {
    return this.#submit(commands, options, undefined) as Promise<Outcome[]>;
  }

  /** As submitBatch(), told in short: quicker. */
  submitBriefly(commands: readonly Command[], options: BatchOptions = {}): Promise<BriefOutcome[]> {
    return this.#submit(commands, options, true) as Promise<BriefOutcome[]>;
  }

  #submit(
    commands: readonly Command[],
    { timeoutMs, atomic, dryRun }: BatchOptions,
    brief: true | undefined,
  ): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new ClientError('the stream is closed', CLOSED));
    const id = ++this.#lastId;
    const how = { timeoutMs, brief, atomic, dryRun };
    const request = { type: 'commands', id, commands: commands.map(withId), ...how };
    return new Promise((resolve, reject) => {
      this.#batches.set(id, { request, resolve, reject, isSent: false });
      this.#sendBatches();
    });
  }

  /** Closes the connection; subscriptions are told that they ended, batches without an answer are rejected. */
  close(): void {
    this.#end(CLOSED);
  }

  #end(refusal: Refused): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#drop();
    for (const subscription of this.#subscriptions.values()) subscription.ended(refusal);
    this.#subscriptions.clear();
    for (const { reject } of this.#batches.values())
      reject(new ClientError(refusal.message, refusal));
    this.#batches.clear();
    this.onState('closed');
  }

  #add(subscription: Subscription): () => void {
    if (this.#isClosed) throw new ClientError('the stream is closed', CLOSED);
    const id = ++this.#lastId;
    this.#subscriptions.set(id, subscription);
    if (this.#isReady) this.#send(subscription.request(id));
    return () => {
      if (this.#subscriptions.delete(id) && this.#isReady) this.#send({ type: 'unsubscribe', id });
    };
  }

  #connect(): void {
    const { url, codec, openSocket } = this.#options;
    this.onState('connecting');
    const socket = openSocket(`${url.replace(/^http/, 'ws')}/v1/stream`, codec.subprotocol);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#show(socket);
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#take(codec.decode(data));
    socket.onerror = () => {};
    socket.onclose = ({ code, reason }: CloseEvent) => this.#closed(code, reason);
    this.#hasHeard = true;
    this.#beat = setInterval(() => this.#look(), BEAT_MS);
  }

  async #show(socket: SocketLike): Promise<void> {
    const { key, token, codec } = this.#options;
    try {
      const auth =
        token === undefined ? { type: 'auth', key } : { type: 'auth', token: await token() };
      if (this.#socket === socket) socket.send(codec.encode(auth));
    } catch {
      // There is no token now: there may be one later.
      if (this.#socket === socket) this.#closed(0);
    }
  }

  /** Lets go of the connection. */
  #drop(): void {
    clearInterval(this.#beat);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isReady = false;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #closed(code: number, reason = ''): void {
    // A token that was taken has expired: there is another one.
    const isOver = this.#isReady && this.#options.token !== undefined;
    this.#drop();
    if (REFUSED.has(code) && !isOver) {
      const why = REFUSAL_CODE.test(reason) ? reason : 'UNAUTHORIZED';
      const message = `The server does not take the key or token: ${reason}.`;
      const refusal = { code: why as RefusalCode, status: code - 4000, retry: false, message };
      this.#end({ ...CLOSED, ...refusal });
      return;
    }
    const waitMs = pauseMs(this.#attempt++, FIRST_PAUSE_MS, PAUSE_MAX_MS);
    this.#timer = setTimeout(() => this.#connect(), waitMs);
  }

  /** A connection that is dead need not say so. */
  #look(): void {
    if (!this.#hasHeard) this.#closed(0);
    else if (this.#isReady) this.#send({ type: 'ping' });
    this.#hasHeard = false;
  }

  #send(message: object): void {
    this.#socket?.send(this.#options.codec.encode(message));
  }

  #take(told: unknown): void {
    const message = told as Message;
    this.#hasHeard = true;
    if (message.type === 'ready') this.#ready();
    else if (message.type === 'outcomes') this.#answered(message);
    else if (message.type === 'error') this.#refused(message);
    else this.#subscriptions.get(message.id as number)?.take(message);
  }

  #ready(): void {
    this.#isReady = true;
    this.#attempt = 0;
    for (const [id, subscription] of this.#subscriptions) this.#send(subscription.request(id));
    for (const batch of this.#batches.values()) batch.isSent = false;
    this.#sent = 0;
    this.#sendBatches();
    this.onState('open');
  }

  #sendBatches(): void {
    if (!this.#isReady || this.#sent >= BATCHES_SENT_MAX) return;
    for (const batch of this.#batches.values()) {
      if (batch.isSent) continue;
      batch.isSent = true;
      this.#send(batch.request);
      if (++this.#sent >= BATCHES_SENT_MAX) return;
    }
  }

  #answered({ id, outcomes }: Message): void {
    this.#settle(id, ({ resolve }) => resolve(outcomes as never));
  }

  #settle(id: unknown, settle: (batch: Batch) => void): void {
    const batch = this.#batches.get(id as number);
    if (batch === undefined) return;
    this.#batches.delete(id as number);
    this.#sent--;
    settle(batch);
    this.#sendBatches();
  }

  #refused(message: Message): void {
    const { type, id, detail, ...fields } = message;
    const refusal = { ok: false, replayed: false, ...fields } as unknown as Refused;
    // It is sent again when the server is back.
    if (refusal.code === 'CLOSING' && this.#batches.has(id as number)) return;
    const text = `${refusal.code}: ${String(detail ?? refusal.message)}`;
    this.#settle(id, ({ reject }) => reject(new ClientError(text, refusal)));
    const subscription = this.#subscriptions.get(id as number);
    this.#subscriptions.delete(id as number);
    subscription?.ended(refusal);
  }
}

/** Balances of an owner, and the versions told so far. */
class BalanceSubscription implements Subscription {
  readonly #owner: string;
  readonly #listener: (event: BalanceEvent) => void;
  readonly #asset: string | undefined;
  /** Undefined: nothing was told, and nothing was missed. */
  #versions: Record<string, number> | undefined;

  constructor(owner: string, listener: (event: BalanceEvent) => void, options: WatchOptions) {
    this.#owner = owner;
    this.#listener = listener;
    this.#asset = options.asset;
    this.#versions = options.versions && { ...options.versions };
  }

  request(id: number): object {
    const versions = this.#versions && { ...this.#versions };
    return { type: 'subscribe', id, owner: this.#owner, asset: this.#asset, versions };
  }

  take(message: Message): void {
    const event = message as unknown as BalanceEvent;
    if (event.type === 'entries') {
      this.#versions ??= {};
      for (const { asset, version } of event.entries) this.#versions[asset] = version;
      this.#listener({ type: 'entries', entries: event.entries });
    } else if (event.type === 'balances') {
      this.#versions ??= {};
      for (const { asset, version } of event.balances) this.#versions[asset] = version;
      this.#listener({ type: 'balances', balances: event.balances });
    }
  }

  ended(refusal: Refused): void {
    this.#listener({ type: 'ended', refusal });
  }
}

/** A shard's feed, and the position of the next item. */
class FeedSubscription implements Subscription {
  readonly #shard: number;
  readonly #listener: (items: FeedItems) => void;
  readonly ended: (refusal: Refused) => void;
  #next: FeedPosition;

  constructor(
    shard: number,
    from: FeedPosition,
    listener: (items: FeedItems) => void,
    ended: (refusal: Refused) => void,
  ) {
    this.#shard = shard;
    this.#next = from;
    this.#listener = listener;
    this.ended = ended;
  }

  request(id: number): object {
    return { type: 'follow', id, shard: this.#shard, ...this.#next };
  }

  take(message: Message): void {
    const { shard, seq, time, items } = message as unknown as FeedItems;
    const last = items[items.length - 1];
    if (last === undefined) return;
    this.#next = { seq, index: last.index + 1 };
    this.#listener({ shard, seq, time, items: items.map(withBytes) });
  }
}

/** JSON has text where a record's bytes were. */
function withBytes(item: FeedItem): FeedItem {
  const { command } = item;
  if (command.type !== 'put-record') return item;
  return { ...item, command: { ...command, value: bytesOf(command.value) } };
}
