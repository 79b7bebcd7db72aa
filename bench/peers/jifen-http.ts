// jifen over HTTP, measured as every other peer is.
// Owns: movements as requests, answers as results.

import {
  ASSET,
  countText,
  type JifenConnections,
  POSTED_IN_BATCH,
  readAccount,
} from '../jifen-server.js';
import { isBetweenUsers, JIFEN, ownerOf } from './jifen.js';
import { resultsOf, startJifen, total } from './jifen-server-peer.js';
import type { Accounts, Connections, Movement, Peer, Result } from './peer.js';

/** Between shards, the decision is waited for. */
const PATIENT = '/v1/transfers?timeoutMs=60000';
const PLAIN = '/v1/transfers';

/** jifen over HTTP with JSON. */
export const jifenHttp: Peer & { readonly channel: string } = {
  ...JIFEN,
  channel: 'http',
  singles: [8, 32, 64, 256],
  batches: [
    { size: 100, connections: 8 },
    { size: 1000, connections: 4 },
  ],
  start: (setup) =>
    startJifen(setup, async (server, accounts, connections) => {
      return new HttpMovements(await server.open(connections), accounts);
    }),
};

/** Movements in JSON. */
export class HttpMovements implements Connections {
  protected readonly connections: JifenConnections;
  protected readonly accounts: Accounts;

  constructor(connections: JifenConnections, accounts: Accounts) {
    this.connections = connections;
    this.accounts = accounts;
  }

  async transfer(connection: number, movement: Movement): Promise<Result> {
    const path = isBetweenUsers(this.accounts, movement) ? PATIENT : PLAIN;
    const { status, body } = await this.connections.send(
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
    const far = movements.some((movement) => isBetweenUsers(this.accounts, movement));
    const path = far ? PATIENT : PLAIN;
    const text = `[${movements.map((movement) => this.#command(movement)).join()}]`;
    const { status, body } = await this.connections.send(connection, 'POST', path, text);
    if (status !== 200) throw new Error(`a batch was answered ${status}: ${body}`);
    if (countText(body, POSTED_IN_BATCH) === movements.length) return movements.map(() => 'posted');
    return resultsOf(JSON.parse(body.toString()));
  }

  async balance(connection: number, account: number): Promise<number> {
    return total(await readAccount(this.connections, connection, `u${account}`));
  }

  async close(): Promise<void> {
    this.connections.close();
  }

  #command({ id, from, to, amount }: Movement): string {
    const [payer, payee] = [ownerOf(this.accounts, from), ownerOf(this.accounts, to)];
    const legs = `{"from":"${payer}","to":"${payee}","asset":"${ASSET}","amount":${amount}}`;
    return `{"id":"${id}","legs":[${legs}]}`;
  }
}
