// jifen over WebSockets with MessagePack: movements as batches of commands, told in short (without entries).
// Owns: movements as commands, outcomes as results.

import { CommandSocket, type Told } from '../command-socket.js';
import { type JifenConnections, type JifenServer, readAccount } from '../jifen-server.js';
import { isBetweenUsers, JIFEN, transferOf } from './jifen.js';
import { startJifen, total } from './jifen-server-peer.js';
import type { Accounts, Connections, Movement, Peer, Result } from './peer.js';

/** Between shards, the decision is waited for. */
const PATIENT_MS = 60_000;

/** jifen over WebSockets with MessagePack. */
export const jifenWs: Peer & { readonly channel: string } = {
  ...JIFEN,
  channel: 'ws',
  singles: [8, 32, 64, 256],
  batches: [
    { size: 100, connections: 16 },
    { size: 1000, connections: 6 },
  ],
  start: (setup) => startJifen(setup, openMovements),
};

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
    const commands = movements.map((movement) => transferOf(this.#accounts, movement));
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
}

function resultOf(told: Told): Result {
  if (told.ok) return told.replayed ? 'replayed' : 'posted';
  if (told.code === 'POINTS_SHORT') return 'short';
  throw new Error(`a movement was refused: ${told.code}`);
}
