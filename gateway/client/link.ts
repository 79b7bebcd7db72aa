// The client's connection. Owns: the WebSocket, opened again when it is lost; credentials; signs of life. Never touches: what is
// said over it, Node.js.
//   client.K8. The pause before the next connection grows until the server answers something: that it lets us in is no answer.
//   client.K9. Credentials that the server does not take are shown no second time: the link ends. Those that it took and takes no more
//       (a key whose permissions were changed, a token that has expired) are shown once more.

import type { Refused } from '../../engine/protocol/outcomes.js';
import { isRefusalCode } from '../../engine/protocol/refusals.js';
import type { Addresses } from './addresses.js';
import { reasonOf, refusedHere } from './errors.js';
import { pauseMs } from './pauses.js';
import type { Shown } from './requests.js';
import type { Codec, OpenSocket, SocketLike } from './socket.js';

/** What a link needs. */
export interface LinkSettings extends Shown {
  readonly addresses: Addresses;
  readonly openSocket: OpenSocket;
  readonly codec: Codec;
  /** How often a sign of life is asked for. */
  readonly heartbeatMs: number;
  /** In Node.js, keeps the process alive only while something is waited for. */
  readonly unref: boolean;
}

/** A message of the server's. */
export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** Who is told. Nothing of it may throw. */
export interface LinkEvents {
  connecting(): void;
  ready(message: Message): void;
  /** Throws where the message cannot be understood. */
  told(message: Message): void;
  /** With the close code; 0: there was none. */
  lost(code: number): void;
  /** It does not come back. */
  ended(refusal: Refused): void;
}

/** The server refuses the key or token. The reason is the code of the refusal, or a sentence. */
const REFUSED: ReadonlySet<number> = new Set([4401, 4403]);
/** The subprotocol's messages are not what the codec makes. */
const OTHER_FORMAT: ReadonlySet<number> = new Set([1003, 1007]);

/** How a connection ended. */
interface Closing {
  readonly code: number;
  readonly reason: string;
}

type Timer = ReturnType<typeof setTimeout>;

/** Only Node.js's timers keep a process alive. */
function holdTimer(timer: Timer | undefined, isHeld: boolean): void {
  const known = timer as { readonly ref?: () => void; readonly unref?: () => void } | undefined;
  if (isHeld) known?.ref?.();
  else known?.unref?.();
}

export class Link {
  readonly #settings: LinkSettings;
  readonly #events: LinkEvents;
  #socket: SocketLike | undefined;
  #isReady = false;
  #isEnded = false;
  #isHeld: boolean;
  /** Which address the connection is to. */
  #url = '';
  /** Connections since the last answer. */
  #attempt = 0;
  #timer: Timer | undefined;
  #beat: Timer | undefined;
  #hasHeard = false;
  /** Bytes that waited to be sent at the last beat. */
  #waiting = 0;
  /** Why there is no connection, as far as the platform says. */
  lastError = '';

  constructor(settings: LinkSettings, events: LinkEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#isHeld = !settings.unref;
    this.#connect();
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Somebody waits for something, or nobody does. */
  hold(isBusy: boolean): void {
    this.#isHeld = isBusy || !this.#settings.unref;
    this.#socket?.hold?.(this.#isHeld);
    holdTimer(this.#timer, this.#isHeld);
    holdTimer(this.#beat, this.#isHeld);
  }

  /** The server has answered something. */
  answered(): void {
    this.#attempt = 0;
  }

  send(message: string | Uint8Array): void {
    this.#socket?.send(message);
  }

  /** Gives this connection up for another one. */
  renew(): void {
    this.#lost(0);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #connect(): void {
    const { addresses, codec, openSocket } = this.#settings;
    const url = addresses.current;
    this.#url = url;
    this.#events.connecting();
    if (this.#isEnded) return;
    let socket: SocketLike;
    try {
      socket = openSocket(`${url.replace(/^http/, 'ws')}/v1/stream`, codec.subprotocol);
    } catch (error) {
      this.lastError = reasonOf(error);
      this.#lost(0);
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#show(socket);
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#take(data);
    socket.onerror = (event: { readonly message?: string } | undefined) => {
      this.lastError = event?.message ?? '';
    };
    socket.onclose = ({ code, reason }: Closing) => this.#lost(code, reason);
    this.#hasHeard = true;
    this.#waiting = 0;
    this.#beat = setInterval(() => this.#look(), this.#settings.heartbeatMs);
    this.hold(this.#isHeld);
  }

  async #show(socket: SocketLike): Promise<void> {
    const { key, token, codec } = this.#settings;
    try {
      const auth =
        token === undefined ? { type: 'auth', key } : { type: 'auth', token: await token() };
      if (this.#socket === socket) socket.send(codec.encode(auth));
    } catch (error) {
      // There is no token now: there may be one later.
      this.lastError = `no token: ${reasonOf(error)}`;
      if (this.#socket === socket) this.#lost(0);
    }
  }

  /** Lets go of the connection. What it still has to say is not heard. */
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

  #lost(code: number, reason = ''): void {
    const wasReady = this.#isReady;
    this.#drop();
    // Without a refusal's code nothing was judged: what was good may have become doubtful meanwhile.
    if (REFUSED.has(code) && !wasReady && isRefusalCode(reason)) {
      const detail = `The server does not take the key or token (${reason}).`;
      this.#events.ended(refusedHere(reason, undefined, detail));
      return;
    }
    if (OTHER_FORMAT.has(code) && !wasReady) {
      const detail = `The server cannot read the messages of this codec (${code}).`;
      this.#events.ended(refusedHere('SUBPROTOCOL_UNSUPPORTED', undefined, detail));
      return;
    }
    this.#events.lost(code);
    if (this.#isEnded) return;
    const { addresses } = this.#settings;
    addresses.leave(this.#url);
    const round = Math.floor(this.#attempt++ / addresses.count);
    this.#timer = setTimeout(() => this.#connect(), pauseMs(round));
    holdTimer(this.#timer, this.#isHeld);
  }

  /** A connection that is dead need not say so. */
  #look(): void {
    // A large batch may take longer than a beat to get through: as long as it moves, somebody is there.
    const waiting = this.#socket?.bufferedAmount ?? 0;
    const isMoving = waiting < this.#waiting;
    this.#waiting = waiting;
    if (!this.#hasHeard && !isMoving) {
      this.lastError = 'the connection was silent';
      this.#lost(0);
    } else if (this.#isReady) this.send(this.#settings.codec.encode({ type: 'ping' }));
    this.#hasHeard = false;
  }

  #take(data: unknown): void {
    this.#hasHeard = true;
    try {
      const message = this.#settings.codec.decode(data) as Message;
      if (message.type === 'ready') {
        this.#isReady = true;
        this.lastError = '';
        this.#events.ready(message);
      } else this.#events.told(message);
    } catch (error) {
      // No message of this server's: what it meant is told again on the next connection.
      this.lastError = `a message could not be read: ${reasonOf(error)}`;
      this.#lost(0);
    }
  }
}
