// What a programme's members do, as requests over HTTP. Owns: requests, and the look at each answer.

import type { HttpAnswer } from './http-client.js';
import { ASSET, type JifenConnections, type JifenServer } from './jifen-server.js';
import type { MixedChannel } from './mixed-channel.js';

const CREATED = 201;
const OK = 200;
/** Entries of one page. */
const PAGE = 20;

/** Requests over HTTP, on so many connections. */
export async function mixedHttp(server: JifenServer, connections: number): Promise<MixedChannel> {
  return new MixedHttp(await server.open(connections));
}

class MixedHttp implements MixedChannel {
  readonly #connections: JifenConnections;

  constructor(connections: JifenConnections) {
    this.#connections = connections;
  }

  // Between users, who may live on different shards, the decision is waited for.
  async transfer(
    connection: number,
    { id, from, to, amount }: { id: string; from: string; to: string; amount: number },
  ): Promise<void> {
    const leg = `{"from":"${from}","to":"${to}","asset":"${ASSET}","amount":${amount}}`;
    const path = `/v1/transfers${from[0] === '@' || to[0] === '@' ? '' : '?timeoutMs=60000'}`;
    await this.#expect(connection, CREATED, 'POST', path, `{"id":"${id}","legs":[${leg}]}`);
  }

  async hold(connection: number, id: string, owner: string, amount: number): Promise<void> {
    const body = `{"id":"${id}","owner":"${owner}","asset":"${ASSET}","amount":${amount}}`;
    await this.#expect(connection, CREATED, 'POST', '/v1/holds', body);
  }

  async capture(
    connection: number,
    { id, owner, holdId, to }: { id: string; owner: string; holdId: string; to: string },
  ): Promise<void> {
    const path = `/v1/accounts/${owner}/holds/${holdId}/capture`;
    await this.#expect(connection, CREATED, 'POST', path, `{"id":"${id}","to":"${to}"}`);
  }

  async balance(connection: number, owner: string): Promise<void> {
    await this.#expect(connection, OK, 'GET', `/v1/accounts/${owner}`);
  }

  async history(connection: number, owner: string): Promise<void> {
    const path = `/v1/accounts/${owner}/entries?asset=${ASSET}&limit=${PAGE}`;
    const { body } = await this.#expect(connection, OK, 'GET', path);
    if (!body.includes('"version":')) throw new Error(`the history of ${owner} is empty: ${body}`);
  }

  close(): void {
    this.#connections.close();
  }

  async #expect(
    connection: number,
    status: number,
    method: string,
    path: string,
    text?: string,
  ): Promise<HttpAnswer> {
    const answer = await this.#connections.send(connection, method, path, text);
    if (answer.status === status) return answer;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.body}`);
  }
}
