// One attempt to deliver. Owns: connections, what counts as delivered. Never touches: what is sent, when it is sent again.
//   outbound.S1. Delivered is what was answered 2xx, whole, within the time limit and the bytes allowed; whatever else came is a failure.
//   outbound.S2. Redirects are not followed: the next address would be judged by nobody who gave it.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Destinations } from './addresses.js';

/** What an attempt came to. */
export interface Attempt {
  readonly isDelivered: boolean;
  /** HTTP status; undefined: there was none. */
  readonly status?: number | undefined;
  /** Why it failed, in a word: `STATUS`, `TIMEOUT`, `ANSWER_TOO_LARGE`, `ADDRESS_FORBIDDEN`, or the connection's (`ECONNREFUSED`). */
  readonly reason?: string | undefined;
  readonly ms: number;
  /** When the receiver wants to be asked again, in milliseconds from now; undefined: it did not say. */
  readonly retryAfterMs?: number | undefined;
  /** It was not tried: it is not to be before so many milliseconds from now. */
  readonly laterMs?: number | undefined;
  /** To try it again makes no sense. */
  readonly isFinal?: boolean | undefined;
}

export interface SenderLimits {
  readonly webhookTimeoutMs: number;
  readonly webhookAnswerBytesMax: number;
}

/** Idle connections that are kept to a receiver: as many as there are attempts at once. */
const IDLE_MAX = 8;
const REASON_LENGTH_MAX = 60;
const SECONDS = /^\d{1,6}$/;

function retryAfter({ headers }: IncomingMessage): number | undefined {
  const { 'retry-after': said = '' } = headers;
  return SECONDS.test(said) ? Number(said) * 1_000 : undefined;
}

const reasonOf = ({ code, message }: Error & { readonly code?: unknown }): string =>
  String(code ?? message).slice(0, REASON_LENGTH_MAX);

/** Sends to one receiver. */
export class Sender {
  readonly #destinations: Destinations;
  readonly #limits: SenderLimits;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(destinations: Destinations, limits: SenderLimits) {
    this.#destinations = destinations;
    this.#limits = limits;
    const kept = { keepAlive: true, maxFreeSockets: IDLE_MAX, lookup: destinations.lookup };
    this.#http = new HttpAgent(kept);
    this.#https = new HttpsAgent(kept);
  }

  /** Resolves always. */
  async post(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Attempt> {
    const { body: _, ...attempt } = await this.ask(target, headers, body);
    return attempt;
  }

  /** The same, with what was answered: for who must look into it. */
  ask(
    target: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Attempt & { readonly body: string }> {
    const began = performance.now();
    const url = new URL(target);
    const wrong = this.#destinations.problem(url);
    if (wrong !== undefined)
      return Promise.resolve({ isDelivered: false, reason: 'ADDRESS_FORBIDDEN', ms: 0, body: '' });
    return new Promise((resolve) => {
      let status: number | undefined;
      let retryAfterMs: number | undefined;
      const chunks: Buffer[] = [];
      const { webhookTimeoutMs, webhookAnswerBytesMax } = this.#limits;
      const done = (reason: string | undefined): void => {
        clearTimeout(timer);
        const isDelivered = reason === undefined;
        const text = isDelivered ? Buffer.concat(chunks).toString() : '';
        const ms = performance.now() - began;
        resolve({ isDelivered, status, reason, ms, retryAfterMs, body: text });
        if (!isDelivered) asked.destroy();
      };
      const take = (answer: IncomingMessage): void => {
        status = answer.statusCode ?? 0;
        retryAfterMs = retryAfter(answer);
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > webhookAnswerBytesMax) done('ANSWER_TOO_LARGE');
        });
        answer.on('end', () => done(isGood(status) ? undefined : 'STATUS'));
        answer.on('error', (error) => done(reasonOf(error)));
        answer.on('aborted', () => done('ECONNRESET'));
      };
      const isTls = url.protocol === 'https:';
      const options = {
        method: 'POST',
        agent: isTls ? this.#https : this.#http,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      };
      const asked = isTls ? httpsRequest(url, options, take) : httpRequest(url, options, take);
      const timer = setTimeout(() => done('TIMEOUT'), webhookTimeoutMs);
      asked.on('error', (error) => done(reasonOf(error)));
      asked.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

const isGood = (status: number | undefined): boolean =>
  status !== undefined && status >= 200 && status < 300;
