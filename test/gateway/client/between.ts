// Somebody between the client and a real server, who passes WebSocket messages on and misbehaves where a test says so. Owns: its
// port. Never touches: what is said.

import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { ClientError } from '../../../gateway/client/node.js';

/** What becomes of a message from the client: passed on, kept back, or the connection is closed with a code (1006: cut). */
export type Fate = 'pass' | 'swallow' | number;

export interface Between {
  readonly url: string;
  /** Times at which clients connected. */
  readonly connections: number[];
  /** Messages of clients. */
  readonly messages: Buffer[];
  /** Told of each of them. Default: passed on. */
  fate: (message: Buffer) => Fate;
  /** Told of each message of the server's: what is passed on in its place. */
  answer: (message: Buffer, isBinary: boolean) => Buffer | string;
  /** Told when a client connects. */
  onConnect: (socket: WebSocket) => void;
  /** Cuts all connections. */
  readonly cut: () => void;
}

/** Listens until the test is over. */
export async function between(t: Test, target: string): Promise<Between> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    maxPayload: 64 * 1024 * 1024,
    handleProtocols: (protocols) => [...protocols][0] ?? false,
  });
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const made: Between = {
    url: `http://127.0.0.1:${port}`,
    connections: [],
    messages: [],
    fate: () => 'pass',
    answer: (message) => message,
    onConnect: () => {},
    cut: () => {
      for (const client of server.clients) client.terminate();
    },
  };
  server.on('connection', (socket) => {
    made.connections.push(Date.now());
    passOn(made, socket, target);
    made.onConnect(socket);
  });
  t.teardown(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  return made;
}

function passOn(made: Between, socket: WebSocket, target: string): void {
  const upstream = new WebSocket(`${target.replace('http', 'ws')}/v1/stream`, [socket.protocol]);
  const early: [Buffer, boolean][] = [];
  upstream.on('open', () => {
    for (const [message, binary] of early) upstream.send(message, { binary });
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    // No network loses a message and brings the next one.
    if (socket.readyState !== WebSocket.OPEN) return;
    const message = data as Buffer;
    made.messages.push(message);
    const fate = made.fate(message);
    if (fate === 1006) socket.terminate();
    else if (typeof fate === 'number') socket.close(fate);
    else if (fate === 'pass') {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(message, { binary: isBinary });
      else early.push([message, isBinary]);
    }
  });
  upstream.on('message', (data: RawData, isBinary: boolean) => {
    const told = made.answer(data as Buffer, isBinary);
    if (socket.readyState === WebSocket.OPEN) socket.send(told, { binary: isBinary });
  });
  upstream.on('error', () => socket.terminate());
  upstream.on('close', (code, reason) => {
    if (code === 1006 || code === 1005) socket.terminate();
    else socket.close(code, reason);
  });
  socket.on('error', () => {});
  socket.on('close', () => upstream.close());
}

/** What a call is rejected with. */
export async function errorOf(call: Promise<unknown>): Promise<ClientError> {
  const found: unknown = await call.then(
    (value) => new Error(`it came to ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (found instanceof ClientError) return found;
  throw found;
}
