// One request to a partner. Owns: connections, how long and how much is read. Never touches: what is asked, what an answer means.
//   partners.Q1. A request resolves always, in the time given to it: an answer that is whole, or why there is none.
//   partners.Q2. Redirects are not followed, compressed answers not read: the token goes nowhere else, and no more is unpacked than was counted.
//   partners.Q3. An answer is taken for the request's own alone: a connection over which came more than was asked for is closed, not used again; and a
//       rollback has one of its own, as the answer to what it undoes would read like its own.

import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Destinations } from '../outbound/addresses.js';
import type { Unknown } from './adapter.js';

/** What is to be asked. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** The bearer token; undefined: nothing is shown. */
  readonly token: string | undefined;
  /** An object goes as JSON, a text as it is; undefined: none. */
  readonly body?: object | string | undefined;
  /** Of the body. Default: JSON. */
  readonly contentType?: string | undefined;
  readonly timeoutMs: number;
  /** What is longer is not read. */
  readonly bytesMax: number;
  /** Over a connection of its own. */
  readonly isAlone?: boolean | undefined;
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
    setMaxListeners(0, this.#closing.signal);
  }

  /** Q3. */
  #watch(agent: HttpAgent): void {
    agent.on('free', (socket: Socket) => {
      this.#read.set(socket, socket.bytesRead);
      socket.setTimeout(IDLE_MS);
    });
  }

  ask(asked: Asked, signal: AbortSignal): Promise<Answered | Unknown> {
    const { method, url, body, timeoutMs, bytesMax, isAlone = false } = asked;
    if (this.#destinations.problem(url) !== undefined)
      return Promise.resolve({ state: 'unknown', why: 'ADDRESS_FORBIDDEN' });
    if (signal.aborted) return Promise.resolve({ state: 'unknown', why: abortedBy(signal) });
    const ended = this.#closing.signal;
    if (ended.aborted) return Promise.resolve({ state: 'unknown', why: 'ABORTED' });
    // As many calls as there are may listen to one.
    setMaxListeners(0, signal);
    return new Promise((resolve) => {
      let status: number | undefined;
      let retryAfterMs: number | undefined;
      let isDone = false;
      const done = (answer: Answered | Unknown): void => {
        isDone = true;
        clearTimeout(timer);
        for (const one of [signal, ended]) one.removeEventListener('abort', stop);
        resolve(answer);
      };
      const failed = (why: string): void => {
        if (isDone) return;
        done({ state: 'unknown', why, status, retryAfterMs });
        request.destroy();
      };
      const stop = (): void => failed(ended.aborted ? 'ABORTED' : abortedBy(signal));
      const take = (answer: IncomingMessage): void => {
        const { statusCode: said = 0, headers } = answer;
        status = said;
        retryAfterMs = retryAfterOf(headers['retry-after'], Date.now());
        readWhole(answer, bytesMax, failed, (body) =>
          done({ state: 'answered', status: said, body, retryAfterMs }),
        );
      };
      const isTls = url.protocol === 'https:';
      const text = typeof body === 'object' ? JSON.stringify(body) : body;
      const { lookup } = this.#destinations;
      const agent = isTls ? this.#https : this.#http;
      const way = isAlone ? { agent: false as const, lookup } : { agent };
      const options = { method, ...way, headers: headersOf(asked, text) };
      const request = isTls ? httpsRequest(url, options, take) : httpRequest(url, options, take);
      request.on('socket', (socket) => {
        socket.setTimeout(0);
        if (request.reusedSocket && this.#read.get(socket) !== socket.bytesRead) request.destroy();
      });
      request.on('error', (error) => failed(codeOf(error)));
      // Where it ends without a word, as after an answer that would have it speak something else.
      request.on('close', () => failed('ECONNRESET'));
      const timer = setTimeout(() => failed('TIMEOUT'), timeoutMs);
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

const headersOf = (
  { token, contentType = 'application/json' }: Asked,
  text: string | undefined,
): Record<string, string> => ({
  ...(token !== undefined && { authorization: `Bearer ${token}` }),
  accept: contentType,
  'accept-encoding': 'identity',
  // What stands in a cache on the way may be true no more.
  'cache-control': 'no-cache',
  ...(text !== undefined && {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(text)),
  }),
});

/** Reads an answer to its end, as long as it is no longer than it may be. */
function readWhole(
  answer: IncomingMessage,
  bytesMax: number,
  failed: (why: string) => void,
  told: (body: Buffer) => void,
): void {
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
    if (answer.complete) told(Buffer.concat(chunks));
    else failed('ECONNRESET');
  });
  answer.on('error', (error) => failed(codeOf(error)));
}
