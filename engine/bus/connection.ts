// A connection to a NATS server. Owns: connecting, again and again; what may be handed to it; whole messages in and out.
// Never touches: what is in a message.
//   Q1. Nothing is kept for later: while there is no connection, or its server takes nothing, messages are dropped and
//       counted. Everything that is sent is asked for again by whoever needs it.
//   Q2. Nothing here throws once it is connected; a connection that is lost is sought until close().

import type { Msg, NatsConnection, Subscription } from 'nats';
import { PROOF_MS, UNTAKEN_BYTES_MAX } from '../limits.js';
import { HEAD_BYTES, Joiner, Splitter } from './fragments.js';
import { Hearing } from './hearing.js';

/** Between two attempts, and what is added by chance at most, so that nodes do not all come at once. */
const RECONNECT_MS = 250;
const RECONNECT_JITTER_MS = 250;
/** How long a server may take to greet. */
const GREET_MS = 3_000;
/** How often the server is asked whether it is there; two unanswered pings end the connection. */
const PING_MS = 2_000;
/** The smallest `max_payload` that is worked with. */
const PART_BYTES_MIN = 1_024;
/** The status of an answer that the server gives in place of somebody: nobody has subscribed. */
const NO_RESPONDERS = 503;

/** Where a NATS server is. */
export interface NatsPlace {
  /** host:port */
  readonly server: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** The parts of `nats://[user:password@]host[:port]`. Throws TypeError. */
export function natsPlace(url: string): NatsPlace {
  const bad = (): never => {
    throw new TypeError('must be nats://[user:password@]host:port');
  };
  const parsed = URL.canParse(url) ? new URL(url) : bad();
  const { protocol, hostname, port, username, password, pathname, search } = parsed;
  if (protocol !== 'nats:' || hostname === '' || pathname.length > 1 || search !== '') bad();
  return {
    server: `${hostname}:${port === '' ? 4222 : port}`,
    user: username === '' ? undefined : decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
  };
}

/** What came. */
export interface Arrived {
  readonly bytes: Uint8Array;
  readonly subject: string;
  /** Where an answer is expected; empty: nowhere. */
  readonly reply: string;
}

/** Figures of a connection. */
export interface BusFigures {
  /** 0 or 1. */
  readonly connected: number;
  readonly sent: number;
  readonly received: number;
  /** Not sent, or thrown away on arrival: incomplete, too large, or not what it should be. */
  readonly dropped: number;
}

interface Settings {
  readonly url: string;
  /** What the server shows for it. */
  readonly name: string;
  /** Called when it is connected again after a loss. */
  readonly onReconnect?: () => void;
  /** Told what it does not hear, and where it may not publish, whenever that changes: sentences, and those before. */
  readonly onProblems?: (problems: readonly string[], before: readonly string[]) => void;
}

/** What is listened to. */
interface Listening {
  readonly subject: string;
  readonly callback: (error: Error | null, message: Msg) => void;
  /** Undefined: there was no connection yet. */
  subscription: Subscription | undefined;
}

export class Connection {
  readonly #settings: Settings;
  readonly #splitter = new Splitter();
  readonly #joiner = new Joiner();
  #nats: NatsConnection | undefined;
  #isConnected = false;
  #isClosed = false;
  /** Why NATS does not let it in again. */
  #refusedBecause = '';
  #partBytes = 0;
  /** Bytes handed over, and not confirmed by a flush yet. */
  #untaken = 0;
  #isFlushing = false;
  readonly #listening: Listening[] = [];
  readonly #hearing: Hearing;
  #problems: readonly string[] = [];
  /** Counts the connections that there were: a verdict is of one of them. */
  #life = 0;
  #proving: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;
  readonly #figures = { sent: 0, received: 0, dropped: 0 };

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#hearing = new Hearing(settings.name);
    this.#timer = setInterval(() => this.prove(), PROOF_MS);
    this.#timer.unref();
  }

  /** Is there one now? */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  get figures(): BusFigures {
    const { sent, received, dropped } = this.#figures;
    return {
      connected: this.#isConnected ? 1 : 0,
      sent,
      received,
      dropped: dropped + this.#joiner.dropped,
    };
  }

  /** One attempt. Rejects with the reason. */
  async connect(): Promise<void> {
    const { server, user, password } = natsPlace(this.#settings.url);
    // Loaded by those who need it alone: it takes every thread a tenth of a second.
    const { connect } = await import('nats');
    const nats = await connect({
      servers: server,
      ...(user === undefined ? {} : { user, pass: password ?? '' }),
      name: this.#settings.name,
      timeout: GREET_MS,
      reconnectTimeWait: RECONNECT_MS,
      reconnectJitter: RECONNECT_JITTER_MS,
      maxReconnectAttempts: -1,
      // A password that is changed at the server first and here later must not end a node that is running.
      ignoreAuthErrorAbort: true,
      pingInterval: PING_MS,
      noAsyncTraces: true,
    });
    if (this.#isClosed) {
      await nats.close();
      return;
    }
    this.#nats = nats;
    this.#connected(nats);
    for (const one of this.#listening) this.#listen(nats, one);
    this.#watch(nats);
    this.prove();
  }

  /** Attempts until there is one. `onFailure` is told of each that fails; throwing there ends it. */
  async seek(onFailure: (error: Error) => void = () => {}): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.connect();
        return;
      } catch (error) {
        onFailure(error as Error);
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }

  #connected(nats: NatsConnection): void {
    this.#isConnected = true;
    this.#refusedBecause = '';
    this.#life++;
    this.#untaken = 0;
    this.#partBytes = Math.max(PART_BYTES_MIN, nats.info?.max_payload ?? PART_BYTES_MIN);
  }

  async #watch(nats: NatsConnection): Promise<void> {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') this.#isConnected = false;
      else if (status.type === 'reconnect') {
        this.#connected(nats);
        this.#settings.onReconnect?.();
        this.prove();
      } else if (status.type === 'error') {
        const { permissionContext: denied } = status;
        if (denied !== undefined) this.#hearing.denied(denied.operation, denied.subject);
        else if (!this.#isConnected) this.#notLetIn(`${status.data}`);
      }
    }
    this.#isConnected = false;
  }

  /** It is sought again all the same; who reads stderr must see why it is not there. */
  #notLetIn(why: string): void {
    if (why === this.#refusedBecause) return;
    this.#refusedBecause = why;
    process.emitWarning(`connection "${this.#settings.name}" is not let in by NATS: ${why}`);
  }

  /** Calls `take` with every whole message on a subject. */
  subscribe(
    subject: string,
    take: (arrived: Arrived) => void,
    onNobody: (subject: string) => void = () => {},
  ): void {
    const callback = (error: Error | null, message: Msg): void => {
      // A refusal: `status` tells it, too, and the proof that is missing.
      if (error !== null || this.#hearing.take(subject, message.data)) return;
      // Its own question to everybody.
      if (this.#splitter.isOwn(message.data)) return;
      if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
        onNobody(message.subject);
        return;
      }
      const bytes = this.#joiner.join(message.data, performance.now());
      if (bytes === undefined) return;
      this.#figures.received++;
      take({ bytes, subject: message.subject, reply: message.reply ?? '' });
    };
    const one: Listening = { subject, callback, subscription: undefined };
    this.#listening.push(one);
    this.#hearing.listens(subject);
    if (this.#nats !== undefined) this.#listen(this.#nats, one);
  }

  #listen(nats: NatsConnection, one: Listening): void {
    one.subscription?.unsubscribe();
    one.subscription = nats.subscribe(one.subject, { callback: one.callback });
  }

  /** Messages will go there: that they may is proved, too. */
  reaches(subject: string): void {
    this.#hearing.reaches(subject);
  }

  /** What it does not hear, and where it may not publish, as of the last proof. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Which other version of what nodes say was heard within `ms`; undefined: none. */
  strangeVersion(ms: number): number | undefined {
    const { stranger } = this.#joiner;
    return stranger !== undefined && performance.now() - stranger.at < ms
      ? stranger.version
      : undefined;
  }

  /** Proves that every subject is heard. Resolves when that is known, or there is no connection to prove it on. */
  prove(): Promise<void> {
    this.#proving = this.#proving.then(() => this.#prove());
    return this.#proving;
  }

  async #prove(): Promise<void> {
    const nats = this.#nats;
    const life = this.#life;
    const isThere = () => this.#isConnected && this.#life === life && !this.#isClosed;
    if (nats === undefined || !isThere()) return;
    // What was refused is asked for once more: permissions come back without a word.
    for (let tries = 0; tries < 2; tries++) {
      const { message, subjects } = this.#hearing.begin();
      try {
        for (const subject of subjects) nats.publish(subject, message);
      } catch {
        return;
      }
      await this.settled();
      // What came before the answer is handed on one turn after it at the latest.
      await new Promise((next) => setImmediate(next));
      if (!isThere()) return;
      const { unheard } = this.#hearing;
      if (unheard.length === 0 || tries > 0) break;
      for (const one of this.#listening) if (unheard.includes(one.subject)) this.#listen(nats, one);
    }
    const problems = this.#hearing.problems();
    const before = this.#problems;
    this.#problems = problems;
    if (`${problems}` !== `${before}`) this.#settings.onProblems?.(problems, before);
  }

  /** What came was not what it should have been. */
  rejected(): void {
    this.#figures.dropped++;
  }

  /** Sends a message; false: it was dropped. `reply`: where an answer, or word that nobody is there, shall go. */
  publish(subject: string, message: Uint8Array, reply?: string): boolean {
    const nats = this.#nats;
    const isTaken =
      nats !== undefined &&
      this.#isConnected &&
      !nats.isClosed() &&
      this.#untaken + message.length <= UNTAKEN_BYTES_MAX;
    const parts = isTaken ? this.#splitter.split(message, this.#partBytes) : [];
    try {
      for (const part of parts) nats?.publish(subject, part, reply === undefined ? {} : { reply });
    } catch {
      // The server has come back with a smaller max_payload than it had.
      parts.length = 0;
    }
    if (parts.length === 0) {
      this.#figures.dropped++;
      return false;
    }
    this.#figures.sent++;
    this.#untaken += message.length + parts.length * HEAD_BYTES;
    this.#flush();
    return true;
  }

  /** What the server has taken when it answers makes room for more. */
  #flush(): void {
    const nats = this.#nats;
    if (this.#isFlushing || nats === undefined) return;
    this.#isFlushing = true;
    const taken = this.#untaken;
    const done = (): void => {
      this.#isFlushing = false;
      this.#untaken = Math.max(0, this.#untaken - taken);
      if (this.#untaken > 0 && this.#isConnected) this.#flush();
    };
    nats.flush().then(done, done);
  }

  /** Resolves when the server knows of everything that was subscribed and published so far, or the connection is lost. */
  async settled(): Promise<void> {
    await this.#nats?.flush().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isConnected = false;
    clearInterval(this.#timer);
    await this.#nats?.close().catch(() => undefined);
  }
}
