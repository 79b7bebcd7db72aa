// A gateway on a folder of its own, and ways to talk to it. Owns: temporary folders, sockets.
// Never touches: fixed ports, anything outside its folder.

import { connect } from 'node:net';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Engine, type OpenOptions, open } from '../../engine/index.js';
import { refuse } from '../../gateway/refusal.js';
import { type ServeOptions, type Server, startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';

export type Headers = Record<string, string>;

/** An answer, its JSON read. */
export interface Answered {
  readonly status: number;
  readonly headers: Response['headers'];
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly body: any;
}

export interface Gateway {
  readonly server: Server;
  readonly folder: string;
  readonly port: number;
  readonly key: string;
  /** Asks with the administrator's key; `body` is text as it is, anything else as JSON. */
  ask(request: string, body?: unknown, headers?: Headers): Promise<Answered>;
}

interface GatewayOptions extends Partial<ServeOptions> {
  /** To be defined, in whole points. */
  readonly assets?: readonly string[];
}

/** Starts a gateway for the time of a test. */
export async function gateway(
  t: Test,
  { assets = [], ...options }: GatewayOptions = {},
): Promise<Gateway> {
  const folder = join(temporaryFolder(t), 'data');
  const server = await startServer({
    port: 0,
    ...options,
    // What has changed is told at once.
    limits: { healthKeptMs: 0, ...options.limits },
    engine: { shards: 1, cacheMb: 64, ...options.engine, folder },
  });
  t.teardown(() => server.close());
  const { key } = server.adminKey;
  const port = Number(new URL(server.address).port);
  const ask: Gateway['ask'] = (request, body, headers) =>
    bare(server.address, request, body, { Authorization: `Bearer ${key}`, ...headers });
  for (const asset of assets) await ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  return { server, folder, port, key, ask };
}

/** A body as it is sent: text as it is, anything else as JSON. */
export const textOf = (body: unknown): string =>
  body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);

/** Asks with these credentials. */
export async function bare(
  address: string,
  request: string,
  body: unknown,
  headers: Headers,
): Promise<Answered> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const typed: Headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const init = { method, headers: { ...typed, ...headers } };
  const sent = body === undefined ? init : { ...init, body: textOf(body) };
  const answer = await fetch(address + path, sent);
  const text = await answer.text();
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  return { status: answer.status, headers: answer.headers, text, body: read };
}

/** JSON in lines. */
export const linesOf = (text: string): any[] =>
  text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one));

/** Engines whose records, where platforms and keys are kept, can be made unreadable. */
export function recordsThatFail() {
  const state = { isReadable: true };
  const openEngine = async (options: OpenOptions): Promise<Engine> => {
    const engine = await open(options);
    const { own } = engine;
    const records: typeof own.records = async (query) =>
      state.isReadable ? own.records(query) : { ...refuse('SHARD_UNAVAILABLE') };
    return Object.assign(engine, { own: { ...own, records } });
  };
  return { state, openEngine };
}

/** How long an answer may take to begin on a busy machine. */
const FIRST_MS = 10_000;

/**
 * Writes the parts to a socket as they are (a number waits for that many ms) and returns what comes
 * back until the server closes, or until nothing has come for a while: a short one once something has
 * come, or always `quietMs`, where they are given.
 */
export function raw(
  port: number,
  parts: readonly (string | Uint8Array | number)[],
  { quietMs, end = false }: { readonly quietMs?: number; readonly end?: boolean } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(done, quietMs ?? (text === '' ? FIRST_MS : 300));
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      wait();
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.on('connect', async () => {
      for (const part of parts) {
        if (typeof part === 'number') await new Promise((next) => setTimeout(next, part));
        else if (socket.writable) socket.write(part);
      }
      if (end) socket.end();
      wait();
    });
  });
}

/** The statuses of the answers in what a socket gave back. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
