// The program `jifen` as a server of a bench's own, and requests to it over HTTP.
// Owns: the process, connections, the key. Never touches: which requests there are.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HttpAnswer, HttpConnection, packedRequest, requestText } from './http-client.js';
import { ServerProcess } from './server-process.js';

/** The asset that all benches use. */
export const ASSET = 'points';

/** What an outcome of a batch begins with where it was posted, and for the first time. */
export const POSTED_IN_BATCH = '{"status":201,';

/** Users of one request when many are given their funds. */
const FUNDED_TOGETHER = 1000;

/** A gateway in a process of its own, with a new folder. */
export class JifenServer {
  readonly pid: number;
  readonly port: number;
  /** The administrator's. */
  readonly key: string;
  readonly #server: ServerProcess;

  private constructor(server: ServerProcess, folder: string) {
    const port = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(server.output)?.[1];
    if (port === undefined) throw new Error('jifen does not say where it listens');
    this.port = Number(port);
    this.pid = server.pid;
    this.#server = server;
    this.key = readFileSync(join(folder, 'admin.key'), 'utf8').trim();
  }

  /** Starts one with a data folder below `folder`, and defines the asset. */
  static async start(
    folder: string,
    cacheMb: number | undefined,
    more: readonly string[] = [],
  ): Promise<JifenServer> {
    const data = join(folder, 'data');
    const program = join(import.meta.dirname, '..', 'gateway', 'jifen.cjs');
    const memory = cacheMb === undefined ? [] : ['--cache-mb', String(cacheMb)];
    const server = await ServerProcess.start({
      program: process.execPath,
      // As `npm start` runs it.
      args: [
        '--max-semi-space-size=64',
        program,
        'start',
        '--folder',
        data,
        '--port',
        '0',
        ...memory,
        ...more,
      ],
      log: join(folder, 'jifen.log'),
      readyText: 'Listening on',
    });
    try {
      const jifen = new JifenServer(server, data);
      const connections = await jifen.open(1);
      const asset = await connections.send(
        0,
        'PUT',
        `/v1/assets/${ASSET}`,
        '{"scale":0,"lotTracked":false}',
      );
      connections.close();
      if (asset.status !== 200) throw new Error(`the asset was refused: ${asset.body}`);
      return jifen;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Opens so many connections. */
  async open(connections: number): Promise<JifenConnections> {
    const opened: HttpConnection[] = [];
    for (let n = 0; n < connections; n++) opened.push(await HttpConnection.open(this.port));
    return new JifenConnections(opened, `Authorization: Bearer ${this.key}\r\n`);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

/** Connections to a gateway. */
export class JifenConnections {
  readonly #connections: readonly HttpConnection[];
  readonly #head: string;

  constructor(connections: readonly HttpConnection[], head: string) {
    this.#connections = connections;
    this.#head = head;
  }

  get length(): number {
    return this.#connections.length;
  }

  send(connection: number, method: string, path: string, body?: string): Promise<HttpAnswer> {
    const one = this.#connections[connection] as HttpConnection;
    return one.request(requestText(method, path, this.#head, body));
  }

  /** Sends a body in MessagePack. */
  sendPacked(connection: number, path: string, body: Uint8Array): Promise<HttpAnswer> {
    const one = this.#connections[connection] as HttpConnection;
    return one.request(packedRequest(path, this.#head, body));
  }

  /** Gives users `u0` to `u<users - 1>` their points, a thousand in each request. */
  async fund(users: number, funds: number): Promise<void> {
    const parts = Math.ceil(users / FUNDED_TOGETHER);
    const senders = Math.min(4, this.length);
    await overConnections(senders, parts, async (connection, part) => {
      const from = part * FUNDED_TOGETHER;
      const size = Math.min(FUNDED_TOGETHER, users - from);
      const commands = Array.from({ length: size }, (_, n) => {
        const leg = `{"from":"@issue","to":"u${from + n}","asset":"${ASSET}","amount":${funds}}`;
        return `{"id":"F${from + n}","legs":[${leg}]}`;
      });
      const { body } = await this.send(connection, 'POST', '/v1/transfers', `[${commands.join()}]`);
      if (countText(body, POSTED_IN_BATCH) !== size)
        throw new Error(`funding was refused: ${body}`);
    });
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }
}

/** How often a text occurs. */
export function countText(bytes: Buffer, text: string): number {
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) found++;
  return found;
}

/** An account as `GET /v1/accounts/{owner}` tells it. */
export interface AccountJson {
  readonly asset: string;
  readonly available: number;
  readonly held: number;
}

/** The accounts of one owner. */
export async function readAccount(
  connections: JifenConnections,
  connection: number,
  owner: string,
): Promise<AccountJson> {
  const answer = await connections.send(connection, 'GET', `/v1/accounts/${owner}`);
  if (answer.status !== 200) throw new Error(`the balance of ${owner} was refused: ${answer.body}`);
  const { accounts } = JSON.parse(answer.body.toString()) as { accounts: AccountJson[] };
  return accounts.find(({ asset }) => asset === ASSET) ?? { asset: ASSET, available: 0, held: 0 };
}

/** Calls `each` for 0 to count - 1, as many at once as there are connections. */
export async function overConnections(
  connections: number,
  count: number,
  each: (connection: number, n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (connection: number): Promise<void> => {
    while (next < count) await each(connection, next++);
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => worker(connection)));
}
