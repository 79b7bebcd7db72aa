// Commands over a WebSocket with MessagePack, one batch at a time, told in short (without entries).
// Owns: the socket, messages, which batch an answer belongs to. Never touches: what is asked.

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

/** One connection. */
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
  static async open({ port, key }: JifenServer): Promise<CommandSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, ['jifen.msgpack'], {
      headers: { Authorization: `Bearer ${key}` },
      perMessageDeflate: false,
    });
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
