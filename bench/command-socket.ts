// WebSockets with MessagePack: commands, one batch at a time, told in short (without entries); balances that are watched.
// Owns: the sockets, messages, which batch an answer belongs to. Never touches: what is asked.

import { once } from 'node:events';
import { Packr, Unpackr } from 'msgpackr';
import { WebSocket } from 'ws';
import type { JifenServer } from './jifen-server.js';

/** What the server says of one command. */
export type Told =
  | { readonly ok: true; readonly replayed: boolean }
  | { readonly ok: false; readonly code: string };

/** What the server says of a batch. */
type Message =
  | { readonly type: 'outcomes'; readonly id: number; readonly outcomes: readonly Told[] }
  | { readonly type: 'error'; readonly code: string; readonly detail?: string };

const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

/** What the server says to a watcher; `id` is the number that the subscription was given. */
export type StreamMessage =
  | { readonly type: 'balances'; readonly id: number }
  | {
      readonly type: 'entries';
      readonly id: number;
      readonly entries: readonly { readonly version: number }[];
    }
  | {
      readonly type: 'error';
      readonly id?: number;
      readonly code: string;
      readonly detail?: string;
    };

/** One connection that watches balances. */
export class WatchSocket {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Connects with the administrator's key; `take` is told of every message, and of a connection that breaks as an error. */
  static async open(
    server: JifenServer,
    take: (message: StreamMessage) => void,
  ): Promise<WatchSocket> {
    const socket = connect(server);
    const broken = (detail: string) => take({ type: 'error', code: 'BROKEN', detail });
    socket.on('message', (data) => take(unpackr.unpack(data as Buffer) as StreamMessage));
    socket.on('error', ({ message }) => broken(message));
    socket.on('close', (code) => broken(`the server has closed with ${code}`));
    await once(socket, 'open');
    return new WatchSocket(socket);
  }

  watch(id: number, owner: string): void {
    this.#socket.send(packr.pack({ type: 'subscribe', id, owner }));
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }
}

function connect({ port, key }: JifenServer): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, ['jifen.msgpack'], {
    headers: { Authorization: `Bearer ${key}` },
    perMessageDeflate: false,
  });
}

/** One connection that sends commands. */
export class CommandSocket {
  readonly #socket: WebSocket;
  #batches = 0;
  #answer: ((outcomes: readonly Told[]) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(unpackr.unpack(data as Buffer) as Message));
    socket.on('error', (error) => this.#fail?.(error));
    socket.on('close', (code) => this.#fail?.(new Error(`the server has closed with ${code}`)));
  }

  /** Connects with the administrator's key. */
  static async open(server: JifenServer): Promise<CommandSocket> {
    const socket = connect(server);
    const opened = new CommandSocket(socket);
    await once(socket, 'open');
    return opened;
  }

  /** One outcome for each command, in order; rejects where the batch is refused or the connection breaks. */
  send(commands: readonly object[], timeoutMs?: number): Promise<readonly Told[]> {
    const id = ++this.#batches;
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
      this.#socket.send(packr.pack({ type: 'commands', id, commands, timeoutMs, brief: true }));
    });
  }

  close(): void {
    this.#fail = undefined;
    this.#socket.terminate();
  }

  #take(message: Message): void {
    if (message.type === 'error') {
      this.#fail?.(new Error(`a batch was refused: ${message.code} ${message.detail ?? ''}`));
    } else if (message.type === 'outcomes') {
      if (message.id === this.#batches) this.#answer?.(message.outcomes);
      else this.#fail?.(new Error(`batch ${message.id} was answered, not ${this.#batches}`));
    }
  }
}
