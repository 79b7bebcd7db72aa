// JSON-RPC to the chain. Owns: one request, what counts as an answer. Never touches: what is asked, retries (viem's).
//   anchor.Q1. Only addresses are asked that anything of the ledger may ask (outbound.A1-A3); no redirect is followed.
//   anchor.Q2. The URL, which may have a key in it, is in no error.

import type { Destinations } from '../outbound/addresses.js';
import { Requests } from '../partners/requests.js';

/** The chain did not answer, or answered that it does not do it. */
export class RpcError extends Error {
  /** JSON-RPC's; left out: there was no answer. */
  readonly code: number | undefined;
  readonly data: unknown;

  constructor(message: string, code?: number, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const OK = 200;
const TEXT_MAX = 160;

interface Told {
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

export class Rpc {
  readonly #requests: Requests;
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  #last = 0;

  constructor(destinations: Destinations, timeoutMs: number) {
    this.#requests = new Requests(destinations);
    this.#timeoutMs = timeoutMs;
  }

  close(): void {
    this.#ending.abort();
    this.#requests.close();
  }

  async ask(url: URL, method: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    const body = { jsonrpc: '2.0', id, method, params: params ?? [] };
    const asked = { method: 'POST', url, token: undefined, body } as const;
    const bounds = { timeoutMs: this.#timeoutMs, bytesMax: ANSWER_BYTES_MAX };
    const answer = await this.#requests.ask({ ...asked, ...bounds }, this.#ending.signal);
    if (answer.state !== 'answered') throw new RpcError(`no answer: ${answer.why}`);
    const told = told200(answer.body);
    if (told?.error !== undefined) {
      const { code, message, data } = told.error;
      const text = String(message).replaceAll(url.href, '').slice(0, TEXT_MAX);
      throw new RpcError(text, typeof code === 'number' ? code : undefined, data);
    }
    if (answer.status !== OK) throw new RpcError(`it answered ${answer.status}`);
    if (told === undefined || !('result' in told)) throw new RpcError('its answer is not JSON-RPC');
    return told.result;
  }
}

function told200(body: Buffer): Told | undefined {
  try {
    const told: unknown = JSON.parse(body.toString('utf8'));
    return typeof told === 'object' && told !== null ? (told as Told) : undefined;
  } catch {
    return undefined;
  }
}
