// A receiver of webhooks: a real HTTP server that checks what it is sent. Owns: its socket, what it was told.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** An event as it arrived. */
export interface Arrived {
  readonly headers: IncomingMessage['headers'];
  /** With its query. */
  readonly path: string;
  readonly text: string;
  readonly event: any;
}

/** What is answered: a status, or whatever else is done with it. */
export type Answering = (
  arrived: Arrived,
  response: ServerResponse,
) => number | undefined | Promise<number | undefined>;

export interface Listening {
  readonly url: string;
  readonly arrived: Arrived[];
  /** How it answers from now on. */
  answering: Answering;
  close(): Promise<void>;
}

/** Listens on a free port, for the time of a test; answers 204 where nothing else is said. */
export async function listening(
  t: Pick<Test, 'teardown'>,
  answering: Answering = () => 204,
): Promise<Listening> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const text = Buffer.concat(parts).toString();
      const one: Arrived = {
        headers: request.headers,
        path: request.url ?? '',
        text,
        event: text === '' ? undefined : JSON.parse(text),
      };
      arrived.push(one);
      const status = await found.answering(one, response);
      if (status === undefined) return;
      response.statusCode = status;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const found: Listening = { url: `http://127.0.0.1:${port}/hook`, arrived, answering, close };
  t.teardown(close);
  return found;
}
