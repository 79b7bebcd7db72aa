// HTTP requests, repeated where that helps. Owns: retries, what an answer is. Never touches: what is asked.

import type { Refused } from '../../engine/index.js';
import { ClientError } from './errors.js';
import { type Signable, type Signer, signedHeaders } from './signing.js';

/** Who asks: a key, or a platform by its tokens (JWT), its signatures, or both. */
export interface Shown {
  readonly key?: string | undefined;
  /** Instead of a key: asked for whenever a token is to be shown. */
  readonly token?: (() => Promise<string> | string) | undefined;
  /** Instead of a key, or beside tokens: signs every request over HTTP. */
  readonly sign?: Signer | undefined;
}

/** What requests need. */
export interface RequestSettings extends Shown {
  /** E.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Times that a request is made at most. */
  readonly attempts: number;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** An answer that is no refusal. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 5_000;

/** A pause that grows, somewhere between half and all of it, so that not everybody comes back at once. */
export function pauseMs(attempt: number, firstMs = FIRST_PAUSE_MS, mostMs = PAUSE_MAX_MS): number {
  return Math.min(mostMs, firstMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Requests {
  readonly #settings: RequestSettings;

  constructor(settings: RequestSettings) {
    this.#settings = settings;
  }

  /**
   * Asks until there is an answer that repeating would not change, at most `attempts` times. Throws ClientError where
   * the server cannot be reached.
   */
  async ask(method: string, path: string, body?: object): Promise<Answered | Refused> {
    const { attempts } = this.#settings;
    for (let attempt = 1; ; attempt++) {
      let waitMs = pauseMs(attempt);
      try {
        const { response, text } = await this.#once(method, path, body);
        const found = answerOf(response.status, text);
        const isFinal = !('ok' in found) || !found.retry || found.code === 'PREPARED';
        if (isFinal || attempt >= attempts) return found;
        const seconds = Number(response.headers.get('retry-after'));
        if (seconds > 0) waitMs = Math.max(waitMs, seconds * 1_000);
      } catch (error) {
        if (attempt >= attempts) {
          const why = error instanceof Error ? error.message : String(error);
          throw new ClientError(`${method} ${path}: ${why}`, undefined, error);
        }
      }
      await sleep(waitMs);
    }
  }

  async #once(
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<{ response: Response; text: string }> {
    const { url, timeoutMs, fetch } = this.#settings;
    const text = body === undefined ? '' : JSON.stringify(body);
    const contentType = body === undefined ? '' : 'application/json';
    const asked = { method, url: `${url}${path}`, contentType, body: text };
    const headers = await this.#shown(asked);
    if (body !== undefined) headers['Content-Type'] = contentType;
    const response = await fetch(asked.url, {
      method,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: text }),
    });
    return { response, text: await response.text() };
  }

  /** The headers that say who asks. */
  async #shown(asked: Signable): Promise<Record<string, string>> {
    const { key, token, sign } = this.#settings;
    if (key !== undefined) return { Authorization: `Bearer ${key}` };
    const signed = sign === undefined ? {} : await signedHeaders(sign, asked);
    return token === undefined ? signed : { ...signed, 'X-Platform-Token': await token() };
  }
}

/** What an answer says. Throws where it is none of this server's: then somebody in between gave it. */
function answerOf(status: number, text: string): Answered | Refused {
  const body: unknown = JSON.parse(text);
  if (status < 300) return { status, body };
  return refusalOf(body as Readonly<Record<string, unknown>>);
}

/** A refusal out of problem details. */
export function refusalOf(problem: Readonly<Record<string, unknown>>): Refused {
  const { code, status, retry, title, field, id, replayed } = problem;
  if (typeof code !== 'string') throw new Error('the answer is not from a ledger');
  return {
    ok: false,
    code: code as Refused['code'],
    status: Number(status),
    retry: retry === true,
    message: String(title),
    replayed: replayed === true,
    ...(typeof field === 'string' ? { field } : {}),
    ...(typeof id === 'string' ? { id } : {}),
  };
}
