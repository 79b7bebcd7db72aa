// jifen over WebSockets with MessagePack: movements as batches of commands, told in short (without entries).
// Owns: messages, which batch an answer belongs to. One batch at a time on each connection.

import { once } from 'node:events';
import { Packr, Unpackr } from 'msgpackr';
import { WebSocket } from 'ws';
import { ASSET, type JifenConnections, type JifenServer, readAccount } from '../jifen-server.js';
import { startJifen, total } from './jifen-server-peer.js';
import { isBetweenUsers, ownerOf } from './owners.js';
import type { Accounts, Connections, Movement, Peer, Result } from './peer.js';

/** Between shards, the decision is waited for. */
const PATIENT_MS = 60_000;

/** jifen over WebSockets with MessagePack. */
export const jifenWs: Peer & { readonly channel: string } = {
  name: 'jifen',
  channel: 'ws',
  durability: 'each block written and synced to disk before any answer of it',
  programs: [],
  singles: [8, 32, 64],
  batches: [
    { size: 100, connections: 16 },
    { size: 1000, connections: 6 },
  ],
  start: (setup) => startJifen(setup, openMovements),
};

/** What the server says of one command. */
type Told =
  | { readonly ok: true; readonly replayed: boolean }
  | { readonly ok: false; readonly code: string };

/** What the server says of a batch. */
type Message =
  | { readonly type: 'outcomes'; readonly id: number; readonly outcomes: readonly Told[] }
  | { readonly type: 'error'; readonly code: string; readonly detail?: string };

const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });

/** One connection. */
class CommandSocket {
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

  static async open({ port, key }: JifenServer): Promise<CommandSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, ['jifen.msgpack'], {
      headers: { Authorization: `Bearer ${key}` },
      perMessageDeflate: false,
    });
    const opened = new CommandSocket(socket);
    await once(socket, 'open');
    return opened;
  }

  send(commands: readonly object[], timeoutMs: number | undefined): Promise<readonly Told[]> {
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

async function openMovements(
  server: JifenServer,
  accounts: Accounts,
  connections: number,
): Promise<Connections> {
  const sockets: CommandSocket[] = [];
  for (let n = 0; n < connections; n++) sockets.push(await CommandSocket.open(server));
  return new WsMovements(sockets, await server.open(1), accounts);
}

class WsMovements implements Connections {
  readonly #sockets: readonly CommandSocket[];
  readonly #reader: JifenConnections;
  readonly #accounts: Accounts;

  constructor(sockets: readonly CommandSocket[], reader: JifenConnections, accounts: Accounts) {
    this.#sockets = sockets;
    this.#reader = reader;
    this.#accounts = accounts;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    const [result] = await this.batch(connection, [movement]);
    return result as Result;
  }

  async batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const commands = movements.map((movement) => this.#command(movement));
    const far = movements.some((movement) => isBetweenUsers(this.#accounts, movement));
    const socket = this.#sockets[connection] as CommandSocket;
    return (await socket.send(commands, far ? PATIENT_MS : undefined)).map(resultOf);
  }

  /** Balances are read over HTTP: a WebSocket tells those that change. */
  async balance(_connection: number, account: number): Promise<number> {
    return total(await readAccount(this.#reader, 0, `u${account}`));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.close();
    this.#reader.close();
  }

  #command({ id, from, to, amount }: Movement): object {
    const [payer, payee] = [ownerOf(this.#accounts, from), ownerOf(this.#accounts, to)];
    return { type: 'transfer', id, legs: [{ from: payer, to: payee, asset: ASSET, amount }] };
  }
}

function resultOf(told: Told): Result {
  if (told.ok) return told.replayed ? 'replayed' : 'posted';
  if (told.code === 'POINTS_SHORT') return 'short';
  throw new Error(`a movement was refused: ${told.code}`);
}
