// jifen itself over HTTP, measured as every other peer is.
// Owns: movements as requests, answers as results.

import {
  type AccountJson,
  ASSET,
  countText,
  type JifenConnections,
  JifenServer,
  overConnections,
  POSTED_IN_BATCH,
  readAccount,
} from '../jifen-server.js';
import { isBetweenUsers, ownerOf } from './owners.js';
import type {
  Accounts,
  Balances,
  Connections,
  HistoryRow,
  Movement,
  Peer,
  PeerSetup,
  Result,
  RunningPeer,
} from './peer.js';

/** Reads at once. */
const READERS = 32;
/** Between shards, the decision is waited for. */
const PATIENT = '/v1/transfers?timeoutMs=60000';
const PLAIN = '/v1/transfers';

/** jifen over HTTP with JSON. */
export const jifenHttp: Peer & { readonly channel: string } = {
  name: 'jifen',
  channel: 'http',
  durability: 'each block written and synced to disk before any answer of it',
  programs: [],
  singles: [8, 32, 64],
  batches: [
    { size: 100, connections: 8 },
    { size: 1000, connections: 4 },
  ],
  start,
};

async function start(setup: PeerSetup): Promise<RunningPeer> {
  const server = await JifenServer.start(setup.folder, undefined);
  try {
    const connections = await server.open(READERS);
    await connections.fund(setup.users, setup.funds);
    return new JifenPeer(server, connections, setup);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class JifenPeer implements RunningPeer {
  readonly pids: readonly number[];
  readonly #server: JifenServer;
  readonly #readers: JifenConnections;
  readonly #accounts: Accounts;

  constructor(server: JifenServer, readers: JifenConnections, accounts: Accounts) {
    this.pids = [server.pid];
    this.#server = server;
    this.#readers = readers;
    this.#accounts = accounts;
  }

  async open(connections: number): Promise<Connections> {
    return new JifenMovements(await this.#server.open(connections), this.#accounts);
  }

  async balances(): Promise<Balances> {
    const { users: count, funds } = this.#accounts;
    const users = new Float64Array(count);
    const read = (connection: number, owner: string) =>
      readAccount(this.#readers, connection, owner);
    await overConnections(READERS, count, async (connection, user) => {
      users[user] = total(await read(connection, `u${user}`));
    });
    const [issue, redeem] = [await read(0, '@issue'), await read(1, '@redeem')];
    // The funds that the accounts began with were issued, too.
    return { users, issuer: total(issue) + count * funds, redeemer: total(redeem) };
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
function total({ available, held }: Pick<AccountJson, 'available' | 'held'>): number {
  return available + held;
}

class JifenMovements implements Connections {
  readonly #connections: JifenConnections;
  readonly #accounts: Accounts;

  constructor(connections: JifenConnections, accounts: Accounts) {
    this.#connections = connections;
    this.#accounts = accounts;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    const path = isBetweenUsers(this.#accounts, movement) ? PATIENT : PLAIN;
    const { status, body } = await this.#connections.send(
      connection,
      'POST',
      path,
      this.#command(movement),
    );
    if (status === 201) return 'posted';
    if (status === 200) return 'replayed';
    if (body.includes('"POINTS_SHORT"')) return 'short';
    throw new Error(`${movement.id} was answered ${status}: ${body}`);
  }

  // Where all are posted, which is what is measured, the answer is looked at as bytes: that is told by as many marks.
  async batch(connection: number, movements: readonly Movement[]): Promise<readonly Result[]> {
    const far = movements.some((movement) => isBetweenUsers(this.#accounts, movement));
    const path = far ? PATIENT : PLAIN;
    const text = `[${movements.map((movement) => this.#command(movement)).join()}]`;
    const { status, body } = await this.#connections.send(connection, 'POST', path, text);
    if (status !== 200) throw new Error(`a batch was answered ${status}: ${body}`);
    if (countText(body, POSTED_IN_BATCH) === movements.length) return movements.map(() => 'posted');
    const outcomes = JSON.parse(body.toString()) as { status: number; code?: string }[];
    return outcomes.map(({ status, code }) => {
      if (status === 201) return 'posted';
      if (status === 200) return 'replayed';
      if (code === 'POINTS_SHORT') return 'short';
      throw new Error(`a movement of a batch was answered ${status} ${code}`);
    });
  }

  async balance(connection: number, account: number): Promise<number> {
    return total(await readAccount(this.#connections, connection, `u${account}`));
  }

  async close(): Promise<void> {
    this.#connections.close();
  }

  #command({ id, from, to, amount }: Movement): string {
    const [payer, payee] = [ownerOf(this.#accounts, from), ownerOf(this.#accounts, to)];
    const legs = `{"from":"${payer}","to":"${payee}","asset":"${ASSET}","amount":${amount}}`;
    return `{"id":"${id}","legs":[${legs}]}`;
  }
}
