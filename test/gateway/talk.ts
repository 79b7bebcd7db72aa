// A WebSocket to a gateway, message by message. Owns: the socket, what came over it. Never touches: the client library.

import { Packr, Unpackr } from 'msgpackr';
import { WebSocket } from 'ws';

const packr = new Packr({ useRecords: false });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'auto' } as object);

export type Protocol = 'jifen.json' | 'jifen.msgpack';

/** One connection. */
export class Talk {
  readonly socket: WebSocket;
  readonly protocol: Protocol | undefined;
  /** What came and was not taken yet. */
  readonly came: any[] = [];
  /** Resolves when the connection is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #wake: () => void = () => {};
  #isClosed = false;

  private constructor(socket: WebSocket, protocol: Protocol | undefined) {
    this.socket = socket;
    this.protocol = protocol;
    socket.on('message', (data: Buffer, isBinary) => {
      this.came.push(isBinary ? unpackr.unpack(data) : JSON.parse(data.toString()));
      this.#wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Opens one; `shown`: a key, or headers; undefined: without any. Rejects where the server refuses. */
  static open(
    port: number,
    shown?: string | Readonly<Record<string, string>>,
    protocol?: Protocol,
  ): Promise<Talk> {
    const url = `ws://127.0.0.1:${port}/v1/stream`;
    const headers =
      typeof shown === 'string' ? { Authorization: `Bearer ${shown}` } : (shown ?? {});
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], { headers });
    return new Promise((resolve, reject) => {
      const talk = new Talk(socket, protocol);
      socket.once('open', () => resolve(talk));
      socket.once('error', reject);
    });
  }

  send(message: unknown): void {
    const isBinary = this.protocol === 'jifen.msgpack';
    this.socket.send(isBinary ? packr.pack(message) : JSON.stringify(message));
  }

  /** The next message; undefined: the connection was closed. */
  async next(): Promise<any> {
    while (this.came.length === 0 && !this.#isClosed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.came.shift();
  }

  /** The next message of this type, those before it dropped. */
  async nextOf(type: string): Promise<any> {
    for (;;) {
      const message = await this.next();
      if (message === undefined) {
        const { code, reason } = await this.closed;
        throw new Error(`closed with ${code} ${reason} before ${type}`);
      }
      if (message.type === type) return message;
    }
  }

  /** Sends and takes the next message. */
  ask(message: unknown): Promise<any> {
    this.send(message);
    return this.next();
  }

  close(): void {
    this.socket.terminate();
  }
}
