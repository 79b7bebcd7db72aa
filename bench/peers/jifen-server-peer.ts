// jifen as a server, whatever way its movements are sent: its start, balances and histories, which are read over HTTP.
// Owns: the server's process, connections that read.

import {
  type AccountJson,
  ASSET,
  type JifenConnections,
  JifenServer,
  readAccount,
} from '../jifen-server.js';
import { orStopped } from '../server-process.js';
import { balancesOf } from './jifen.js';
import type {
  Accounts,
  Balances,
  Connections,
  HistoryRow,
  PeerSetup,
  Result,
  RunningPeer,
} from './peer.js';

/** Reads at once. */
const READERS = 32;

/** What became of movements, as a batch over HTTP says it; throws where one was neither carried out nor short. */
export function resultsOf(
  outcomes: readonly { readonly status: number; readonly code?: string }[],
): Result[] {
  return outcomes.map(({ status, code }) => {
    if (status === 201) return 'posted';
    if (status === 200) return 'replayed';
    if (code === 'POINTS_SHORT') return 'short';
    throw new Error(`a movement of a batch was answered ${status} ${code}`);
  });
}

/** Opens connections that send movements. */
export type OpenMovements = (
  server: JifenServer,
  accounts: Accounts,
  connections: number,
) => Promise<Connections>;

/** Starts a server with its accounts. */
export async function startJifen(setup: PeerSetup, open: OpenMovements): Promise<RunningPeer> {
  const server = await JifenServer.start(setup.folder, undefined);
  return orStopped(server, async () => {
    const readers = await server.open(READERS);
    await readers.fund(setup.users, setup.funds);
    return new JifenPeer(server, readers, setup, open);
  });
}

class JifenPeer implements RunningPeer {
  readonly pids: readonly number[];
  readonly #server: JifenServer;
  readonly #readers: JifenConnections;
  readonly #accounts: Accounts;
  readonly #open: OpenMovements;

  constructor(
    server: JifenServer,
    readers: JifenConnections,
    accounts: Accounts,
    open: OpenMovements,
  ) {
    this.pids = [server.pid];
    this.#server = server;
    this.#readers = readers;
    this.#accounts = accounts;
    this.#open = open;
  }

  open(connections: number): Promise<Connections> {
    return this.#open(this.#server, this.#accounts, connections);
  }

  balances(): Promise<Balances> {
    return balancesOf(this.#accounts, READERS, async (connection, owner) =>
      total(await readAccount(this.#readers, connection, owner)),
    );
  }

  async history(account: number): Promise<readonly HistoryRow[]> {
    const rows: HistoryRow[] = [];
    let cursor = '';
    do {
      const query = `asset=${ASSET}&order=oldest&limit=1000${cursor}`;
      const path = `/v1/accounts/u${account}/entries?${query}`;
      const answer = await this.#readers.send(0, 'GET', path);
      const page = JSON.parse(answer.body.toString()) as {
        entries: { delta: number; available: number; held: number }[];
        cursor?: string;
      };
      rows.push(...page.entries.map((entry) => ({ delta: entry.delta, balance: total(entry) })));
      cursor = page.cursor === undefined ? '' : `&cursor=${encodeURIComponent(page.cursor)}`;
    } while (cursor !== '');
    return rows.slice(1);
  }

  async stop(): Promise<void> {
    this.#readers.close();
    await this.#server.stop();
  }
}

/** What is held for a transfer between shards is still the account's. */
export function total({ available, held }: Pick<AccountJson, 'available' | 'held'>): number {
  return available + held;
}
