// jifen over `jifen/client`, in packed batches: over WebSockets and over HTTP. Owns: movements as bytes, outcomes as results.

import { type Client, connect } from '../../gateway/client/node.js';
import { ASSET, type JifenConnections, type JifenServer, readAccount } from '../jifen-server.js';
import { isBetweenUsers, JIFEN, ownerOf } from './jifen.js';
import { startJifen, total } from './jifen-server-peer.js';
import type { Accounts, Connections, Movement, Peer, Result } from './peer.js';

/** Between shards, the decision is waited for. */
const PATIENT_MS = 60_000;

/** Where a client's batches go. */
type Channel = (client: Client) => Pick<Client, 'batch'> | Pick<Client['stream'], 'batch'>;

const packedPeer = (
  channel: string,
  batches: Peer['batches'],
  to: Channel,
): Peer & { readonly channel: string } => ({
  ...JIFEN,
  name: `jifen-${channel}-packed`,
  channel,
  singles: [],
  batches,
  start: (setup) =>
    startJifen(setup, async (server, accounts, connections) => {
      const clients = Array.from({ length: connections }, () => clientOf(server));
      return new PackedMovements(clients, to, await server.open(1), accounts);
    }),
});

const clientOf = ({ port, key }: JifenServer): Client =>
  connect({ url: `http://127.0.0.1:${port}`, key });

/** As many connections as the other peers of the channel have. */
export const jifenWsPackedBatches = packedPeer(
  'ws',
  [
    { size: 100, connections: 16 },
    { size: 1000, connections: 6 },
  ],
  (client) => client.stream,
);
export const jifenHttpPackedBatches = packedPeer(
  'http',
  [
    { size: 100, connections: 8 },
    { size: 1000, connections: 4 },
  ],
  (client) => client,
);

class PackedMovements implements Connections {
  readonly #clients: readonly Client[];
  readonly #writers: readonly ReturnType<Client['batch']>[];
  readonly #reader: JifenConnections;
  readonly #accounts: Accounts;

  constructor(
    clients: readonly Client[],
    to: Channel,
    reader: JifenConnections,
    accounts: Accounts,
  ) {
    this.#clients = clients;
    this.#writers = clients.map((client) => to(client).batch());
    this.#reader = reader;
    this.#accounts = accounts;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    return (await this.batch(connection, [movement]))[0] as Result;
  }

  async batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const accounts = this.#accounts;
    const writer = this.#writers[connection] as ReturnType<Client['batch']>;
    let isFar = false;
    for (const movement of movements) {
      const { id, from, to, amount } = movement;
      isFar ||= isBetweenUsers(accounts, movement);
      writer.move(id, ownerOf(accounts, from), ownerOf(accounts, to), ASSET, amount);
    }
    const outcomes = await writer.submit(isFar ? { decisionMs: PATIENT_MS } : {});
    return movements.map((_, place) => {
      const code = outcomes.code(place);
      if (code === undefined) return outcomes.replayed(place) ? 'replayed' : 'posted';
      if (code === 'POINTS_SHORT') return 'short';
      throw new Error(`a movement was refused: ${code}`);
    });
  }

  /** Balances are read over HTTP, on a connection that stays open. */
  async balance(_connection: number, account: number): Promise<number> {
    return total(await readAccount(this.#reader, 0, `u${account}`));
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#reader.close();
  }
}
