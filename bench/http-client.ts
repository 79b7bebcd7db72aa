// HTTP/1.1 over one connection, one request at a time: as little work per request as the generator can do.
// Owns: the socket. Never touches: what is asked. Answers must have a Content-Length, as the gateway's have.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer. The body is valid until the next request of the same connection. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;

/** The text of a request; `head`: further lines, each ended by CRLF. */
export function requestText(method: string, path: string, head: string, body?: string): string {
  const first = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}`;
  if (body === undefined) return `${first}\r\n`;
  const type = 'Content-Type: application/json\r\n';
  return `${first}${type}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The bytes of a POST of MessagePack. */
export function packedRequest(path: string, head: string, body: Uint8Array): Uint8Array {
  const first = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}`;
  const type = 'Content-Type: application/vnd.msgpack\r\n';
  return Buffer.concat([
    Buffer.from(`${first}${type}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}

/** One connection that is kept; one that the server has closed while it was idle is opened anew. */
export class HttpConnection {
  readonly #port: number;
  #socket: Socket;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes of the whole answer, once its head has come. */
  #whole = 0;
  #bodyFrom = 0;
  #answer: ((answer: HttpAnswer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.#socket = this.#connect();
  }

  /** Connects to a port of the loopback address. */
  static async open(port: number): Promise<HttpConnection> {
    const connection = new HttpConnection(port);
    await once(connection.#socket, 'connect');
    return connection;
  }

  #connect(): Socket {
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#broken(error));
    socket.on('close', () => this.#broken(new Error('the server has closed the connection')));
    return socket;
  }

  /** Sends a request and waits for its answer; rejects where the connection breaks. */
  request(text: string | Uint8Array): Promise<HttpAnswer> {
    if (this.#answer !== undefined) throw new Error('the request before is not answered yet');
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
      if (this.#socket.destroyed) this.#socket = this.#connect();
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#whole === 0) {
      const so = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
      this.#chunks = [so];
      const end = so.indexOf(HEAD_END);
      if (end < 0) return;
      const length = /\r\nContent-Length: (\d+)/i.exec(so.toString('latin1', 0, end))?.[1];
      if (length === undefined) {
        this.#broken(
          new Error(`an answer without Content-Length: ${so.toString('latin1', 0, end)}`),
        );
        return;
      }
      this.#bodyFrom = end + HEAD_END.length;
      this.#whole = this.#bodyFrom + Number(length);
    }
    if (this.#bytes >= this.#whole) this.#complete();
  }

  #complete(): void {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    const status = Number(all.toString('latin1', STATUS_AT, STATUS_AT + 3));
    const body = all.subarray(this.#bodyFrom, this.#whole);
    const answer = this.#answer;
    this.#chunks = [];
    this.#bytes = 0;
    this.#whole = 0;
    this.#answer = undefined;
    this.#fail = undefined;
    answer?.({ status, body });
  }

  #broken(error: Error): void {
    const fail = this.#fail;
    this.#answer = undefined;
    this.#fail = undefined;
    fail?.(error);
  }
}
