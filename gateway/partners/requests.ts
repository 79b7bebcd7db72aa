// One request to a partner. Owns: connections, how long and how much is read. Never touches: what is asked, what an answer means.
//   partners.Q1. A request resolves always, in the time given to it: an answer that is whole, or why there is none.
//   partners.Q2. Redirects are not followed, compressed answers not read: the token goes nowhere else, and no more is unpacked than was counted.
//   partners.Q3. An answer is taken for the request's own alone: a connection over which came more than was asked for is closed, not used again.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Destinations } from '../outbound/addresses.js';
import type { Unknown } from './adapter.js';

/** What is to be asked. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** The bearer token. */
  readonly token: string;
  /** As JSON; undefined: none. */
  readonly body?: object | undefined;
  readonly timeoutMs: number;
  /** What is longer is not read. */
  readonly bytesMax: number;
}

/** What was answered, whole. */
export interface Answered {
  readonly state: 'answered';
  readonly status: number;
  readonly body: Buffer;
  readonly retryAfterMs: number | undefined;
}

/** Idle connections that are kept to a partner. */
const IDLE_MAX = 16;
/** An idle connection is closed by us before most servers do. */
const IDLE_MS = 4_000;
const WHY_LENGTH_MAX = 60;
const SECONDS = /^\d{1,9}$/;
const MS = 1_000;

/** `Retry-After`, in seconds or as a date. */
export function retryAfterOf(said: string | undefined, now: number): number | undefined {
  if (said === undefined) return undefined;
  if (SECONDS.test(said)) return Number(said) * MS;
  const at = / GMT$/.test(said) ? Date.parse(said) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const codeOf = ({ code, message }: Error & { readonly code?: unknown }): string =>
  String(code ?? message).slice(0, WHY_LENGTH_MAX);

/** Asks one partner. */
export class Requests {
  readonly #destinations: Destinations;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;
  /** Bytes that had come over a connection when it was given back. */
  readonly #read = new WeakMap<Socket, number>();
  readonly #closing = new AbortController();

  constructor(destinations: Destinations) {
    this.#destinations = destinations;
    const kept = { keepAlive: true, maxFreeSockets: IDLE_MAX, lookup: destinations.lookup };
    this.#http = new HttpAgent(kept);
    this.#https = new HttpsAgent(kept);
    for (const agent of [this.#http, this.#https]) this.#watch(agent);
  }

  /** Q3. */
  #watch(agent: HttpAgent): void {
    agent.on('free', (socket: Socket) => {
      this.#read.set(socket, socket.bytesRead);
      socket.setTimeout(IDLE_MS);
    });
  }

  /** Asks; once more where a connection that was kept had been closed meanwhile: a call is known by its id. */
  async ask(asked: Asked, signal: AbortSignal): Promise<Answered | Unknown> {
    const until = performance.now() + asked.timeoutMs;
    const first = await this.#ask(asked, until, signal);
    return first === 'stale'
      ? ((await this.#ask(asked, until, signal, true)) as Answered | Unknown)
      : first;
  }

  #ask(
    asked: Asked,
    until: number,
    signal: AbortSignal,
    isLast = false,
  ): Promise<Answered | Unknown | 'stale'> {
    const { method, url, token, body, bytesMax } = asked;
    if (this.#destinations.problem(url) !== undefined)
      return Promise.resolve({ state: 'unknown', why: 'ADDRESS_FORBIDDEN' });
    if (signal.aborted) return Promise.resolve({ state: 'unknown', why: abortedBy(signal) });
    const ended = this.#closing.signal;
    if (ended.aborted) return Promise.resolve({ state: 'unknown', why: 'ABORTED' });
    return new Promise((resolve) => {
      let status: number | undefined;
      let retryAfterMs: number | undefined;
      const stop = (): void => failed(ended.aborted ? 'ABORTED' : abortedBy(signal));
      const done = (answer: Answered | Unknown | 'stale'): void => {
        clearTimeout(timer);
        for (const one of [signal, ended]) one.removeEventListener('abort', stop);
        resolve(answer);
      };
      const failed = (why: string): void => {
        done({ state: 'unknown', why, status, retryAfterMs });
        request.destroy();
      };
      const take = (answer: IncomingMessage): void => {
        status = answer.statusCode ?? 0;
        retryAfterMs = retryAfterOf(answer.headers['retry-after'], Date.now());
        const { 'content-encoding': encoding = 'identity' } = answer.headers;
        if (encoding !== 'identity') {
          failed('ANSWER_INVALID');
          return;
        }
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > bytesMax) failed('ANSWER_TOO_LARGE');
          else chunks.push(chunk);
        });
        answer.on('end', () => {
          if (!answer.complete) failed('ECONNRESET');
          else
            done({
              state: 'answered',
              status: status ?? 0,
              body: Buffer.concat(chunks),
              retryAfterMs,
            });
        });
        answer.on('error', (error) => failed(codeOf(error)));
        answer.on('aborted', () => failed('ECONNRESET'));
      };
      const isTls = url.protocol === 'https:';
      const text = body === undefined ? undefined : JSON.stringify(body);
      const options = {
        method,
        agent: isTls ? this.#https : this.#http,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(text !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(text)),
          }),
        },
      };
      const request = isTls ? httpsRequest(url, options, take) : httpRequest(url, options, take);
      request.on('socket', (socket) => {
        socket.setTimeout(0);
        const before = this.#read.get(socket);
        if (request.reusedSocket && before !== socket.bytesRead) request.destroy();
      });
      request.on('error', (error) => {
        const isStale = request.reusedSocket && status === undefined && !isLast;
        if (isStale) done('stale');
        else failed(codeOf(error));
      });
      const timer = setTimeout(() => failed('TIMEOUT'), Math.max(0, until - performance.now()));
      for (const one of [signal, ended]) one.addEventListener('abort', stop);
      request.end(text);
    });
  }

  close(): void {
    this.#closing.abort();
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** A signal that is a time limit says so. */
const abortedBy = ({ reason }: AbortSignal): string =>
  (reason as Error | undefined)?.name === 'TimeoutError' ? 'TIMEOUT' : 'ABORTED';
