// The seam between the web server and what is said over its WebSockets and event streams. Owns: the shapes. Never touches:
// anything.

import type { Credentials } from '../auth/authenticator.js';
import type { Answer } from '../encoding/answer.js';
import type { Origin } from '../logs/origin.js';

/** A WebSocket that is open. After `closed` none of it may be used. */
export interface Socket {
  /** Bytes that were sent and wait for the reader. */
  backlogBytes(): number;
  /** Text, or bytes as a binary message. */
  send(message: string | Uint8Array): void;
  /** What is sent within goes out together. */
  cork(work: () => void): void;
  /** Says why and closes, when what was sent before is out; `closed` is called at once. */
  end(code: number, reason: string): void;
}

/** One connection, as the server tells of it. */
export interface SocketPeer {
  open(socket: Socket): void;
  /** The bytes are the server's, and gone when this returns. */
  message(bytes: ArrayBuffer, isBinary: boolean): void;
  /** Some of the backlog is out. */
  drained(): void;
  closed(): void;
}

/** What asks to become a WebSocket. */
export interface SocketRequest {
  /** What its headers show. */
  readonly credentials: Credentials;
  /** Where it comes from. */
  readonly origin: Origin;
  /** Of `Sec-WebSocket-Protocol`, in the order given. */
  readonly protocols: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** A WebSocket that is taken, with the subprotocol chosen ('': none was asked for). */
export interface Admitted {
  readonly protocol: string;
  readonly peer: SocketPeer;
}

/** Who takes the WebSockets of a path. */
export interface SocketEndpoint {
  readonly path: string;
  /** Parameters that the query may have. */
  readonly query: readonly string[];
  readonly messageBytesMax: number;
  /** A connection over which nothing comes for so long, not even a pong, is closed. */
  readonly idleSeconds: number;
  /** Takes it, or says why not. At once: what takes time is judged when the WebSocket is open, which may be closed then. */
  admit(request: SocketRequest): Admitted | Answer;
  /** The server stops: ends all connections, after at most so long. */
  close(drainMs: number): Promise<void>;
}

/** Server-sent events on their way to one reader. */
export interface EventStream {
  /** Bytes that were written and wait for the reader. */
  backlogBytes(): number;
  /** Text of events. The first one begins the answer. */
  write(text: string): void;
  /** Answers so where nothing was written, and ends the stream; `closed` is called at once. */
  refuse(answer: Answer): void;
  /** Closes the connection; `closed` is called at once. */
  end(): void;
}

/** One event stream, as the server tells of it. */
export interface EventsPeer {
  open(stream: EventStream): void;
  /** The backlog is out. */
  drained(): void;
  closed(): void;
}

/** What asks for an event stream. */
export interface EventsRequest {
  /** What its headers show. */
  readonly credentials: Credentials;
  /** The header, or ''. */
  readonly lastEventId: string;
  /** Does it ask for events by their type, as every browser's `EventSource` does? */
  readonly wantsEvents: boolean;
  readonly query: Readonly<Record<string, string>>;
}

/** Who serves the event streams of a path. */
export interface EventsEndpoint {
  readonly path: string;
  /** Parameters that the query may have. */
  readonly query: readonly string[];
  /** Takes it, or says why not. */
  admit(request: EventsRequest): Promise<EventsPeer | Answer> | EventsPeer | Answer;
  /** The server stops: ends all streams. */
  close(): Promise<void>;
}
