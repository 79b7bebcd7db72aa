// jifen over `jifen/client`, as programs use it: all callers on the one WebSocket of one client, which gathers what they submit.
// Owns: movements as commands, outcomes as results.

import { type Client, connect } from '../../gateway/client/node.js';
import { type JifenConnections, type JifenServer, readAccount } from '../jifen-server.js';
import { isBetweenUsers, JIFEN, resultOf, transferOf } from './jifen.js';
import { startJifen, total } from './jifen-server-peer.js';
import type { Accounts, Connections, Movement, Peer, Result } from './peer.js';

/** Between shards, the decision is waited for. */
const PATIENT_MS = 60_000;

/** jifen over its client, in MessagePack. */
export const jifenClient: Peer & { readonly channel: string } = {
  ...JIFEN,
  channel: 'client',
  singles: [1, 64, 1000],
  batches: [],
  start: (setup) => startJifen(setup, openMovements),
};

async function openMovements(server: JifenServer, accounts: Accounts): Promise<Connections> {
  const client = connect({ url: `http://127.0.0.1:${server.port}`, key: server.key });
  return new ClientMovements(client, await server.open(1), accounts);
}

class ClientMovements implements Connections {
  readonly #client: Client;
  readonly #reader: JifenConnections;
  readonly #accounts: Accounts;

  constructor(client: Client, reader: JifenConnections, accounts: Accounts) {
    this.#client = client;
    this.#reader = reader;
    this.#accounts = accounts;
  }

  async transfer(_caller: number, movement: Movement): Promise<Result> {
    const command = transferOf(this.#accounts, movement);
    const isFar = isBetweenUsers(this.#accounts, movement);
    const options = isFar ? { decisionMs: PATIENT_MS } : {};
    return resultOf(await this.#client.stream.submit(command, options));
  }

  async batch(_caller: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const commands = movements.map((movement) => transferOf(this.#accounts, movement));
    const options = { decisionMs: PATIENT_MS };
    return (await this.#client.stream.submitBatch(commands, options)).map(resultOf);
  }

  /** Balances are read over HTTP, on a connection that stays open. */
  async balance(_caller: number, account: number): Promise<number> {
    return total(await readAccount(this.#reader, 0, `u${account}`));
  }

  async close(): Promise<void> {
    this.#client.close();
    this.#reader.close();
  }
}
