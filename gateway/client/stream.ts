// The client's stream: what is asked over its WebSocket. Owns: subscriptions and batches over all connections. Never touches:
// the connection (link.ts), Node.js.

import type { BatchSize, BatchWriter } from '../../engine/protocol/batch-writer.js';
import type { Command } from '../../engine/protocol/commands.js';
import type {
  BalanceEvent,
  FeedPosition,
  Outcome,
  Posted,
  Refused,
} from '../../engine/protocol/outcomes.js';
import { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import type { MessageLimits } from '../message-limits.js';
import { type Batch, Batches, mayBeDone, type Submitted } from './batches.js';
import { type CallOptions, checkCall, watchEnd } from './ending.js';
import { ClientError, carrying, refusal, refusedHere } from './errors.js';
import type { Gathering } from './gathering.js';
import { abortOthers, isReference, merged, type Prepared, prepare, unsendable } from './ids.js';
import { Link, type LinkSettings, type Message } from './link.js';
import { tell } from './listeners.js';
import { type Packing, packingOf, writerOf } from './packing.js';
import { plain } from './plain.js';
import {
  BalanceSubscription,
  type FeedItems,
  FeedSubscription,
  type SubscribeOptions,
  type Subscription,
  type WatchOptions,
} from './subscriptions.js';

/** What the stream needs. */
export interface StreamSettings extends LinkSettings, Gathering {
  readonly limits: MessageLimits;
  readonly attempts: number;
  readonly queueBytesMax: number;
  readonly atTurnsEnd: AtTurnsEnd;
  readonly packing?: Packing | undefined;
}

/** An outcome without entries and what else it may have. */
export type BriefOutcome =
  | Refused
  | Omit<
      Posted,
      'entries' | 'hold' | 'recordVersion' | 'assetVersion' | 'definitionVersion' | 'activeFrom'
    >;

/** How a command is carried out, and how long it is waited for. */
export interface SingleOptions extends CallOptions {
  /** How long the server waits for decisions between shards: what is not decided then is `PREPARED`. Default 2,000. */
  readonly decisionMs?: number | undefined;
  /** Only say what the outcomes would be, now: nothing changes. */
  readonly dryRun?: boolean | undefined;
}

/** How a batch is carried out, and how long it is waited for. */
export interface BatchOptions extends SingleOptions {
  /** All or none: the engine's BatchOptions.atomic. */
  readonly atomic?: boolean | undefined;
}

/** How a packed batch is carried out. */
export type PackedOptions = Omit<SingleOptions, 'dryRun'>;

/** Calls a function once, at the end of this turn of the event loop. */
export type AtTurnsEnd = (then: () => void) => void;

/** Told how the connection is. */
export type StreamState = 'connecting' | 'open' | 'closed';

/** A subscription, and what lets go of the signal that may end it. */
interface Held {
  readonly subscription: Subscription;
  readonly forgetSignal: () => void;
}

const PACKED_PROTOCOL = 'jifen.msgpack';
/** Levels of a message around a command: the message, and its array of commands. */
const COMMAND_DEPTH = 2;
const CLOSED = refusedHere('CLOSING', undefined, 'The client has closed the stream.');

export class Stream {
  readonly #settings: StreamSettings;
  readonly #link: Link;
  readonly #subscriptions = new Map<number, Held>();
  readonly #batches: Batches;
  #limits: MessageLimits;
  /** Why it has ended. */
  #ended: Refused | undefined;
  /** The server takes no more batches on this connection. */
  #isDraining = false;
  /** Something is sent at the end of this turn of the event loop. */
  #isSendingLater = false;
  #lastId = 0;
  /** Told each time the connection changes. */
  onState: (state: StreamState) => void = () => {};

  constructor(settings: StreamSettings) {
    this.#settings = settings;
    this.#limits = settings.limits;
    const onBusy = (isBusy: boolean): void => this.#link.hold(isBusy);
    this.#batches = new Batches({ ...settings, onBusy });
    this.#link = new Link(settings, {
      connecting: () => tell(this.onState, 'connecting'),
      ready: (message) => this.#ready(message),
      told: (message) => this.#told(message),
      lost: (code) => this.#batches.lost(code),
      ended: (refused) => this.#end(refused),
    });
  }

  /**
   * An owner's balances as they change: see the engine's watchBalances(). Goes on after the connection broke, with nothing missed or repeated; `balances` is
   * told again then. Returns a function that ends it. A listener that throws is told the next event all the same: see client.K6.
   */
  watch(
    owner: string,
    listener: (event: BalanceEvent) => void,
    options: WatchOptions = {},
  ): () => void {
    checkListener(listener);
    return this.#add(new BalanceSubscription(owner, listener, options), options);
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
    options: SubscribeOptions = {},
  ): () => void {
    checkListener(listener);
    checkListener(ended);
    return this.#add(new FeedSubscription(shard, from, listener, ended), options);
  }

  /**
   * Carries out one command of any type. Those that are submitted in one turn of the event loop go out as one message, in their order; each
   * has its own outcome. Resolves, waits and rejects as submitBatch().
   */
  async submit(command: Command, options: SingleOptions = {}): Promise<Outcome> {
    const { decisionMs, dryRun } = options;
    // The engine carries assets and definitions out one after the other: they would hold the others up.
    if (dryRun === true || isReference(command)) {
      const [outcome] = await this.submitBatch([command], options);
      return outcome as Outcome;
    }
    const { commands, refusals } = this.#prepared([command], options);
    const refused = refusals.get(0);
    if (refused !== undefined) return refused;
    const encoded = this.#encoded(commands[0] as Command, commands);
    const id = ++this.#lastId;
    const single = { decisionMs };
    const found = this.#wait({ id, encoded, single, count: 1, commands }, options);
    this.#sendLater();
    const [outcome] = (await found) as readonly unknown[];
    return outcome as Outcome;
  }

  /**
   * Carries out commands of any type, each by itself unless `atomic`: an outcome for each, in order. What cannot be sent is an outcome of its
   * command, and nothing of it is sent. Waits as long as there is no connection, unless `timeoutMs` or `signal` say otherwise. Rejects
   * with ClientError where there are no outcomes; its `isOutcomeUnknown` says whether commands may have been carried out.
   */
  submitBatch(commands: readonly Command[], options: BatchOptions = {}): Promise<Outcome[]> {
    return this.#submit(commands, options, undefined) as Promise<Outcome[]>;
  }

  /** As submitBatch(), told in short: quicker. */
  submitBriefly(commands: readonly Command[], options: BatchOptions = {}): Promise<BriefOutcome[]> {
    return this.#submit(commands, options, true) as Promise<BriefOutcome[]>;
  }

  /**
   * In Node.js, with its codec: a writer of packed batches, whose commands go out as bytes, and whose outcomes are read in place, without
   * entries: the quickest way to many commands.
   */
  batch(size?: BatchSize): BatchWriter<OutcomesInBytes, PackedOptions> {
    const { packing } = this.#settings;
    return writerOf(packing, this.#limits, this.submitPacked.bind(this), size);
  }

  /** In Node.js: carries out a packed batch, as submitBatch(). Rejects with ClientError, whose `packed` is the batch. */
  async submitPacked(packed: Uint8Array, options: PackedOptions = {}): Promise<OutcomesInBytes> {
    const { packing, codec } = this.#settings;
    const { countIn, idsIn } = packingOf(packing);
    if (codec.subprotocol !== PACKED_PROTOCOL)
      throw new TypeError(`packed batches take the subprotocol ${PACKED_PROTOCOL}`);
    const count = countIn(packed);
    if (count === undefined) throw refusal('MESSAGE_INVALID', 'batch', 'This is no packed batch.');
    this.#expectOpen(options);
    const id = ++this.#lastId;
    const { decisionMs: timeoutMs } = options;
    try {
      const encoded = this.#encoded({ type: 'packed', id, batch: packed, timeoutMs }, []);
      const found = this.#wait({ id, encoded, count, commands: [], isPacked: true }, options);
      this.#sendBatches();
      return ((await found) as OutcomesInBytes).named(idsIn(packed));
    } catch (error) {
      throw carrying(error, packed);
    }
  }

  async #submit(
    given: readonly Command[],
    options: BatchOptions,
    brief: true | undefined,
  ): Promise<readonly unknown[]> {
    const { commands, refusals } = this.#prepared(given, options);
    const { decisionMs, atomic, dryRun } = options;
    if (refusals.size > 0 && (atomic === true || refusals.size === commands.length))
      return abortOthers(commands, refusals);
    const sent = refusals.size === 0 ? commands : commands.filter((_, i) => !refusals.has(i));
    const id = ++this.#lastId;
    const how = { timeoutMs: decisionMs, brief, atomic, dryRun };
    const encoded = this.#encoded({ type: 'commands', id, commands: sent, ...how }, commands);
    const found = this.#wait(
      // To submit a dry run's commands again would carry them out.
      { id, encoded, count: sent.length, commands: dryRun === true ? [] : commands },
      options,
    );
    this.#sendBatches();
    return merged((await found) as readonly unknown[], refusals);
  }

  #prepared(given: readonly Command[], options: BatchOptions): Prepared {
    this.#expectOpen(options);
    const { nestingMax } = this.#limits;
    return prepare(given, { depth: COMMAND_DEPTH, nestingMax });
  }

  #expectOpen(options: BatchOptions): void {
    checkCall(options);
    if (this.#ended !== undefined) throw this.#endedError(this.#ended, [], false);
    checkHow(options);
  }

  #wait(
    batch: Omit<Submitted, 'resolve' | 'reject'>,
    options: CallOptions,
  ): Promise<readonly unknown[] | OutcomesInBytes> {
    const { id, encoded, single, count, commands, isPacked } = batch;
    return new Promise((resolve, reject) => {
      const submitted = { id, encoded, single, count, commands, isPacked, resolve, reject };
      const added: Batch = this.#batches.add(submitted);
      if (options.signal === undefined && options.timeoutMs === undefined) return;
      added.forgetEnd = watchEnd(options, ({ message, ...up }) =>
        this.#batches.giveUp(added, { ...up, message: this.#withLastError(message) }),
      );
    });
  }

  #withLastError(why: string): string {
    const { isReady, lastError } = this.#link;
    return isReady || lastError === '' ? why : `${why}; there is no connection: ${lastError}`;
  }

  #encoded(message: object, commands: readonly Command[]): string | Uint8Array {
    try {
      return this.#settings.codec.encode(message);
    } catch (error) {
      throw unsendable(error, '', commands);
    }
  }

  /** Closes the connection; subscriptions are told that they ended, batches without an answer are rejected. */
  close(): void {
    this.#end(CLOSED);
  }

  #end(refused: Refused): void {
    if (this.#ended !== undefined) return;
    this.#ended = refused;
    this.#link.end();
    for (const id of [...this.#subscriptions.keys()]) this.#remove(id)?.ended(refused);
    this.#batches.end((commands, isUnknown) => this.#endedError(refused, commands, isUnknown));
    tell(this.onState, 'closed');
  }

  #endedError(
    refused: Refused,
    commands: readonly Command[],
    isOutcomeUnknown: boolean,
  ): ClientError {
    const reason = refused === CLOSED ? 'closed' : 'refused';
    const failure = { reason, refusal: refused, commands, isOutcomeUnknown } as const;
    return new ClientError(refused.message, failure);
  }

  #add(subscription: Subscription, { signal }: SubscribeOptions): () => void {
    checkCall({ signal });
    if (this.#ended !== undefined) throw this.#endedError(this.#ended, [], false);
    if (signal?.aborted === true) return () => {};
    const id = ++this.#lastId;
    const request = this.#request(id, subscription);
    const end = (): void => {
      if (this.#remove(id) !== undefined && this.#link.isReady)
        this.#link.send(this.#settings.codec.encode({ type: 'unsubscribe', id }));
    };
    const forgetSignal = (): void => signal?.removeEventListener('abort', end);
    this.#subscriptions.set(id, { subscription, forgetSignal });
    signal?.addEventListener('abort', end);
    if (this.#link.isReady) this.#link.send(request);
    return end;
  }

  #remove(id: number): Subscription | undefined {
    const held = this.#subscriptions.get(id);
    if (held === undefined) return undefined;
    this.#subscriptions.delete(id);
    held.forgetSignal();
    return held.subscription;
  }

  /** The message that subscribes. Throws where what the caller gave cannot be sent. */
  #request(id: number, subscription: Subscription): string | Uint8Array {
    try {
      const request = plain(subscription.request(id), 'message', 0, this.#limits.nestingMax);
      return this.#settings.codec.encode(request as object);
    } catch (error) {
      const { field = 'message', message } = error as { field?: string; message: string };
      throw refusal('MESSAGE_INVALID', field, message);
    }
  }

  #told(message: Message): void {
    // Whoever stops serves nobody: coming back at once does not help.
    if (message.type !== 'error' || message.code !== 'CLOSING') this.#link.answered();
    if (message.type === 'outcomes') this.#answered(message);
    else if (message.type === 'error') this.#refused(message);
    else this.#subscriptions.get(message.id as number)?.subscription.take(message);
  }

  #ready({ limits }: Message): void {
    this.#isDraining = false;
    this.#limits = { ...this.#limits, ...(limits as Partial<MessageLimits> | undefined) };
    for (const [id, { subscription }] of this.#subscriptions)
      this.#link.send(this.#request(id, subscription));
    this.#sendBatches();
    tell(this.onState, 'open');
  }

  /** At the end of this turn of the event loop, with whatever else is submitted in it. */
  #sendLater(): void {
    if (this.#isSendingLater) return;
    this.#isSendingLater = true;
    this.#settings.atTurnsEnd(() => {
      this.#isSendingLater = false;
      this.#sendBatches();
    });
  }

  #sendBatches(): void {
    if (!this.#link.isReady || this.#isDraining) return;
    this.#batches.send(this.#limits, (message) => this.#link.send(message));
  }

  #answered({ id, outcomes, packed }: Message): void {
    if (packed instanceof Uint8Array) this.#batches.answered(id, new OutcomesInBytes(packed));
    else if (Array.isArray(outcomes)) this.#batches.answered(id, outcomes);
    else throw new TypeError('outcomes are an array');
    this.#goOn();
  }

  /** After an answer: others may be sent. */
  #goOn(): void {
    if (this.#isDraining && this.#batches.sent === 0) this.#link.renew();
    // Who has the outcome may submit again in this turn.
    else this.#sendLater();
  }

  #refused(message: Message): void {
    const { type, id, detail, ...fields } = message;
    const refused = { ok: false, replayed: false, ...fields } as unknown as Refused;
    if (this.#batches.has(id)) {
      if (refused.code === 'CLOSING') {
        this.#isDraining = true;
        this.#batches.putBack(id);
      } else this.#batches.refused(id, (submitted) => batchError(refused, detail, submitted));
      this.#goOn();
      return;
    }
    this.#remove(id as number)?.ended(refused);
  }
}

function checkHow({ decisionMs, atomic, dryRun }: BatchOptions): void {
  if (decisionMs !== undefined && !(Number.isSafeInteger(decisionMs) && decisionMs >= 0))
    throw refusal('MESSAGE_INVALID', 'decisionMs', 'decisionMs is a whole number of milliseconds.');
  for (const [name, value] of Object.entries({ atomic, dryRun }))
    if (value !== undefined && typeof value !== 'boolean')
      throw refusal('MESSAGE_INVALID', name, `${name} is true or false.`);
}

function checkListener(listener: unknown): void {
  if (typeof listener !== 'function') throw new TypeError('a listener is a function');
}

function batchError(refused: Refused, detail: unknown, submitted: Submitted): ClientError {
  const text = `${refused.code}: ${String(detail ?? refused.message)}`;
  // Some of it may have reached a shard that was not heard of again.
  const { commands } = submitted;
  const isOutcomeUnknown =
    mayBeDone(submitted) && (refused.code === 'SHARD_UNAVAILABLE' || refused.code === 'INTERNAL');
  return new ClientError(text, { reason: 'refused', refusal: refused, commands, isOutcomeUnknown });
}
