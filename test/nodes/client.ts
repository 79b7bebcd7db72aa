// One caller of a node, over HTTP. Owns: its connections, its time limit. Never touches: what the answers mean.

import { Agent, request } from 'node:http';

/** What came back. */
export interface Reply {
  readonly status: number;
  /** Undefined where it is not JSON. */
  readonly body: any;
}

/** No answer came: the connection was refused or lost, or it took too long. What was asked may have happened. */
export class NoAnswer extends Error {}

/** Where a node is, and the key to it. Both may change while it is down. */
export interface Address {
  readonly port: number;
  readonly key: string;
}

export class Client {
  readonly #node: Address;
  readonly #timeoutMs: number;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(node: Address, timeoutMs = 10_000) {
    this.#node = node;
    this.#timeoutMs = timeoutMs;
  }

  /** `POST /v1/transfers`, and the body as JSON. Rejects with NoAnswer. */
  ask(call: string, body?: unknown, timeoutMs = this.#timeoutMs): Promise<Reply> {
    const [method = 'GET', path = '/'] = call.split(' ');
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string | number> = { authorization: `Bearer ${this.#node.key}` };
    if (text !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(text);
    }
    return new Promise((resolve, reject) => {
      const { port } = this.#node;
      const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: this.#agent });
      const timer = setTimeout(() => asked.destroy(new Error('too slow')), timeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(new NoAnswer(`${call}: ${error.message}`));
      };
      asked.on('error', fail);
      asked.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('aborted', () => fail(new Error('cut off')));
        response.on('end', () => {
          clearTimeout(timer);
          resolve({ status: response.statusCode ?? 0, body: read(Buffer.concat(parts)) });
        });
      });
      asked.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function read(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
