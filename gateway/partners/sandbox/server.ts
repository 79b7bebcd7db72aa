// A sandbox partner as a server. Owns: its sockets, how a fault looks on them, what it is told to do. Never touches: what it decides (core.ts).
//   sandbox.H1. What is answered is durable, where it has a folder.

import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PARTNER_CALLS } from '../guarded.js';
import { Sandbox, type SandboxAnswer, type SandboxEvent, type SandboxRequest } from './core.js';
import type { Defect } from './defects.js';
import { CONTRADICTIONS, FAULT_NAMES, type Fault, type FaultRule, Faults } from './faults.js';
import { callOf, FaultySandbox, idOf } from './faulty.js';
import { Journal } from './journal.js';

export interface SandboxServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  /** Where its events lie; left out: it forgets everything when it ends. */
  readonly folder?: string | undefined;
  readonly assets?: readonly string[] | undefined;
  readonly defects?: readonly Defect[] | undefined;
  /** Has calls meet faults that are drawn. */
  readonly faults?: { readonly seed: number; readonly percent: number } | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
}

/** A sandbox partner that is running. */
export interface RunningSandbox {
  /** E.g. `http://127.0.0.1:9000`. */
  readonly address: string;
  readonly partner: FaultySandbox;
  readonly faults: Faults;
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024;
const OVERSIZED = 'x'.repeat(2 * 1024 * 1024);
const STALL_MS = 30_000;
const DELAY_MS = 2_000;
const DRAWN_STALL_MS = 200;
const CONTROL = '/sandbox/';

const NOT_FOUND: SandboxAnswer = { status: 404, body: { status: 'not_found' } };
const done = (body: object = { ok: true }): SandboxAnswer => ({ status: 200, body });
const invalid = (field: string): SandboxAnswer => ({
  status: 400,
  body: { status: 'invalid', field },
});

/** Starts one. */
export async function startSandbox(options: SandboxServerOptions): Promise<RunningSandbox> {
  const served = new Served(options);
  await served.open();
  return served;
}

class Served implements RunningSandbox {
  readonly partner: FaultySandbox;
  readonly faults = new Faults();
  readonly #options: SandboxServerOptions;
  readonly #core: Sandbox;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();
  #journal: Journal<SandboxEvent> | undefined;
  #awayUntil = 0;
  #port = 0;

  constructor(options: SandboxServerOptions) {
    this.#options = options;
    const { token, assets, defects, now = Date.now, faults } = options;
    this.#core = new Sandbox({
      ...{ token, assets, defects, now },
      journal: (event) => this.#journal?.append(event),
    });
    this.partner = new FaultySandbox(this.#core);
    if (faults !== undefined) this.faults.draw(faults.seed, faults.percent, DRAWN_STALL_MS);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
    this.#server.on('connection', (socket) => {
      if (this.#isAway) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  get #isAway(): boolean {
    return Date.now() < this.#awayUntil;
  }

  get address(): string {
    const { host = '127.0.0.1' } = this.#options;
    const name = host.includes(':') ? `[${host}]` : host;
    return `http://${name}:${this.#port}`;
  }

  async open(): Promise<void> {
    const { folder, host = '127.0.0.1', port } = this.#options;
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, 'partner.ndjson');
      this.#journal = await Journal.open(path, (event: SandboxEvent) => this.#core.apply(event));
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await readRequest(request);
    if (read === undefined) return send(response, { status: 413, body: { status: 'too_large' } });
    if (read.path.startsWith(CONTROL)) {
      const isMine = this.#core.isToken(read.token);
      const answer = isMine ? await this.#control(read) : { status: 401, body: {} };
      await this.#journal?.durable();
      return send(response, answer);
    }
    const call = callOf(read);
    const fault = call === undefined ? undefined : this.faults.next(call, idOf(read));
    const { answer } = await this.partner.handle(read, fault);
    await this.#journal?.durable();
    await this.#answer(request, response, answer, fault);
    return undefined;
  }

  /** How a fault looks to who asked. */
  async #answer(
    { socket }: IncomingMessage,
    response: ServerResponse,
    answer: SandboxAnswer | undefined,
    fault: Fault | undefined,
  ): Promise<void> {
    const { fault: name, ms } = fault ?? {};
    if (name === 'stall' || name === 'stall_after') await this.#wait(ms ?? STALL_MS);
    if (name === 'delay') {
      await this.#wait(ms ?? DELAY_MS);
      await this.partner.arrive();
      await this.#journal?.durable();
    }
    if (answer === undefined || name === 'lose') {
      socket.destroy();
      return;
    }
    const text = JSON.stringify(name === 'oversized' ? { ...answer.body, OVERSIZED } : answer.body);
    switch (name) {
      case 'half':
        response.writeHead(answer.status, headersOf(text));
        response.write(text.slice(0, text.length / 2), () => socket.destroy());
        return;
      case 'twice':
        send(response, answer);
        if (!socket.destroyed) socket.write(rawAnswer(text));
        return;
      case 'page':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
        return;
      case 'empty':
        response.writeHead(204).end();
        return;
      case 'moved':
        response.writeHead(307, { location: 'https://elsewhere.invalid/' }).end();
        return;
      case 'busy':
        response.writeHead(429, { ...headersOf(text), 'retry-after': '1' }).end(text);
        return;
      default:
        response.writeHead(answer.status, headersOf(text)).end(text);
    }
  }

  #wait(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
  }

  // --- what it is told to do --------------------------------------------------------------------------------------

  async #control({ method, path, body }: SandboxRequest): Promise<SandboxAnswer> {
    const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
    switch (`${method} ${path}`) {
      case 'GET /sandbox/state':
        return done(this.#core.state());
      case 'POST /sandbox/users': {
        const { user_id, asset, amount = 0 } = fields;
        if (typeof user_id !== 'string') return invalid('user_id');
        if (typeof asset !== 'string') return invalid('asset');
        if (!Number.isSafeInteger(amount)) return invalid('amount');
        this.#core.grant(user_id, asset, amount as number);
        return done();
      }
      case 'POST /sandbox/faults': {
        const wrong = ruleProblem(fields);
        if (wrong !== undefined) return invalid(wrong);
        this.faults.add(fields as unknown as FaultRule);
        return done();
      }
      case 'DELETE /sandbox/faults':
        this.faults.clear();
        return done();
      case 'POST /sandbox/arrive':
        await this.partner.arrive(
          typeof fields.transaction_id === 'string' ? fields.transaction_id : undefined,
        );
        return done();
      case 'POST /sandbox/away': {
        const { ms } = fields;
        if (!Number.isSafeInteger(ms) || (ms as number) < 0) return invalid('ms');
        this.#goAway(ms as number);
        return done();
      }
      default:
        return NOT_FOUND;
    }
  }

  /** Takes no connection for so long, and ends those that there are, the one that asks for it last. */
  #goAway(ms: number): void {
    this.#awayUntil = Date.now() + ms;
    setImmediate(() => {
      for (const socket of this.#sockets) setTimeout(() => socket.destroy(), 20).unref();
    });
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.#journal?.close();
  }
}

/** Which field of a rule is wrong; undefined: none. */
function ruleProblem(fields: Readonly<Record<string, unknown>>): string | undefined {
  const isOneOf = (all: readonly string[], value: unknown): boolean =>
    all.includes(value as string);
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  const { fault, call, what, ms, times, transaction_id, ...others } = fields;
  const [strange] = Object.keys(others);
  if (strange !== undefined) return strange;
  if (!isOneOf(FAULT_NAMES, fault)) return 'fault';
  if (call !== undefined && !isOneOf(PARTNER_CALLS, call)) return 'call';
  if (what !== undefined && !isOneOf(CONTRADICTIONS, what)) return 'what';
  if (ms !== undefined && !isCount(ms)) return 'ms';
  if (times !== undefined && !isCount(times)) return 'times';
  return transaction_id === undefined || typeof transaction_id === 'string'
    ? undefined
    : 'transaction_id';
}

const headersOf = (text: string): Record<string, string> => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(text)),
});

const rawAnswer = (text: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

function send(response: ServerResponse, { status, body }: SandboxAnswer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, headersOf(text)).end(text);
}

/** Undefined: it is too long. */
async function readRequest(request: IncomingMessage): Promise<SandboxRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://sandbox');
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  let body: unknown;
  try {
    body = chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    body = undefined;
  }
  return { method: request.method ?? 'GET', path, query, token, body };
}
