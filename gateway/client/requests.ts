// HTTP requests, repeated where that helps. Owns: retries, what an answer is. Never touches: what is asked.

import type { Command } from '../../engine/protocol/commands.js';
import type { Refused } from '../../engine/protocol/outcomes.js';
import type { Addresses } from './addresses.js';
import { type CallOptions, checkCall, type GivenUp, watchEnd } from './ending.js';
import { ClientError, type FailureReason, reasonOf, refusedHere } from './errors.js';
import { unsendable } from './ids.js';
import { COMMANDS_TYPE, OUTCOMES_TYPE } from './packing.js';
import { pauseMs, retryAfterMs } from './pauses.js';
import { type Signable, type Signer, signedHeaders } from './signing.js';
import { bytesIn, JSON_CODEC } from './socket.js';

/** Who asks: a key, or a platform by its tokens (JWT), its signatures, or both. */
export interface Shown {
  readonly key?: string | undefined;
  /** Instead of a key: asked for whenever a token is to be shown. */
  readonly token?: (() => Promise<string> | string) | undefined;
  /** Instead of a key, or beside tokens: signs every request over HTTP. */
  readonly sign?: Signer | undefined;
}

/** What a platform may add to a request whose body is sent in pieces. */
export type InPieces = (body: Uint8Array) => object;

/** What requests need. */
export interface RequestSettings extends Shown {
  readonly addresses: Addresses;
  /** Times that a request is made at most. */
  readonly attempts: number;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly inPieces?: InPieces | undefined;
}

/** What is asked. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  /** Instead of it: a packed batch. */
  readonly packed?: Uint8Array | undefined;
  /** Bytes of the body that the server takes. */
  readonly bytesMax?: number | undefined;
  /** What the body, or the path, asks to be carried out. */
  readonly commands?: readonly Command[] | undefined;
}

/** An answer that is no refusal. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What was answered. Throws ClientError where that is a refusal; `commands`: what may have been carried out. */
export function bodyOf(found: Answered | Refused, commands?: readonly Command[]): unknown {
  if (!('ok' in found)) return found.body;
  const text = `${found.code}: ${found.message}`;
  throw new ClientError(text, { reason: 'refused', refusal: found, commands });
}

/** Bodies from this size on are sent in pieces where an attempt broke: the server may have answered before it had read all. */
const PIECES_BYTES = 256 * 1024;
/** Characters of an answer that is not the ledger's, looked at and told. */
const FOREIGN_LOOKED_AT = 4_000;
const FOREIGN_TOLD = 200;
/** No connection was made: nothing has arrived. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Refusals of a gateway whose ledger another one serves, or which serves no more. */
const NOT_SERVED: ReadonlySet<string> = new Set(['CLOSING', 'SHARD_FAILED', 'SHARD_SERVED_TWICE']);

/** An answer that is not the ledger's: somebody in between gave it. */
class Foreign extends Error {
  readonly status: number;
  readonly afterMs: number;

  constructor(response: Response, text: string) {
    const words = text
      .slice(0, FOREIGN_LOOKED_AT)
      .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, FOREIGN_TOLD);
    const said = words === '' ? '' : `: ${words}`;
    super(`answered ${`${response.status} ${response.statusText}`.trim()}, not by a ledger${said}`);
    this.status = response.status;
    this.afterMs = retryAfterMs(response.headers.get('retry-after'));
  }

  /** May another attempt be answered otherwise? */
  get isPassing(): boolean {
    return this.status >= 500 || this.status < 300 || [408, 425, 429].includes(this.status);
  }
}

/** One call: its attempts, and what is known of them. */
class Call {
  readonly question: Question;
  readonly text: string | Uint8Array | undefined;
  /** Some attempt may have been carried out without its answer having come. */
  mayHaveArrived = false;
  /** The body as it is sent from now on. */
  isInPieces = false;
  status: number | undefined;

  constructor(question: Question, text: string | Uint8Array | undefined) {
    this.question = question;
    this.text = text;
  }

  failed(reason: FailureReason, why: string, cause: unknown, refusal?: Refused): ClientError {
    const { method, path, commands } = this.question;
    const isOutcomeUnknown = commands !== undefined && this.mayHaveArrived;
    const { status } = this;
    const failure = { reason, refusal, isOutcomeUnknown, commands, status, cause };
    return new ClientError(`${method} ${path}: ${why}`, failure);
  }
}

/** A response whose body is read. */
interface Heard {
  readonly response: Response;
  /** Outcomes of a packed batch are bytes. */
  readonly told: string | ArrayBuffer;
}

const bytesOfText = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

export class Requests {
  readonly #settings: RequestSettings;

  constructor(settings: RequestSettings) {
    this.#settings = settings;
  }

  /** What is answered to one question; a refusal is thrown (`bodyOf`). */
  async told<T>(
    method: string,
    path: string,
    body: object | undefined,
    options: CallOptions,
  ): Promise<T> {
    return bodyOf(await this.ask({ method, path, body }, options)) as T;
  }

  /**
   * Asks until there is an answer that repeating would not change, at most `attempts` times. Throws ClientError where
   * the server cannot be reached, and where the call is given up.
   */
  async ask(question: Question, options: CallOptions): Promise<Answered | Refused> {
    checkCall(options);
    const { body, packed, bytesMax, commands = [] } = question;
    let text: string | Uint8Array | undefined;
    try {
      text = packed ?? (body && JSON_CODEC.encode(body));
    } catch (error) {
      throw unsendable(error, '', commands);
    }
    const bytes = text === undefined ? 0 : bytesIn(text);
    if (bytesMax !== undefined && bytes > bytesMax) {
      const detail = `The body has ${bytes} bytes; the server takes ${bytesMax}.`;
      return refusedHere('BODY_TOO_LARGE', 'body', detail);
    }
    const call = new Call(question, text);
    const whole = new AbortController();
    let up: GivenUp | undefined;
    const end = watchEnd(options, (given) => {
      up = given;
      whole.abort();
    });
    try {
      return await this.#attempts(call, whole.signal);
    } catch (error) {
      if (up === undefined) throw error;
      throw call.failed(up.reason, up.message, up.cause);
    } finally {
      end();
    }
  }

  // Rejects, with anything, as soon as `signal` has spoken.
  async #attempts(call: Call, signal: AbortSignal): Promise<Answered | Refused> {
    const { attempts, addresses } = this.#settings;
    for (let attempt = 1; ; attempt++) {
      // All are asked before the pause grows.
      let waitMs = pauseMs(Math.ceil(attempt / addresses.count));
      const { isInPieces } = call;
      const url = addresses.current;
      try {
        const { response, told } = await this.#once(call, url, signal);
        call.status = response.status;
        const found = answerOf(response, told);
        if (isFinal(found)) return judged(call, found);
        if (attempt >= attempts) return judged(call, found);
        if (addresses.count > 1 && 'ok' in found && NOT_SERVED.has(found.code))
          addresses.leave(url);
        else waitMs = Math.max(waitMs, retryAfterMs(response.headers.get('retry-after')));
      } catch (error) {
        if (signal.aborted || error instanceof ClientError) throw error;
        // The answer may be there, and could not be read: that is the same attempt still.
        if (call.isInPieces && !isInPieces) {
          attempt--;
          continue;
        }
        addresses.leave(url);
        if (error instanceof Foreign) {
          if (error.status < 300 || error.status >= 500) call.mayHaveArrived = true;
          waitMs = Math.max(waitMs, error.afterMs);
        }
        if (attempt >= attempts || (error instanceof Foreign && !error.isPassing))
          throw call.failed('unreachable', reasonOf(error), error);
      }
      await sleep(waitMs, signal);
    }
  }

  async #once(call: Call, url: string, signal: AbortSignal): Promise<Heard> {
    const { timeoutMs } = this.#settings;
    const attempt = new AbortController();
    const stop = (): void => attempt.abort(new Error('given up'));
    const timer = setTimeout(
      () => attempt.abort(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    signal.addEventListener('abort', stop);
    try {
      if (signal.aborted) throw new Error('given up');
      return await this.#asked(call, url, attempt.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  async #asked(call: Call, url: string, signal: AbortSignal): Promise<Heard> {
    const { fetch, inPieces } = this.#settings;
    const { text, question } = call;
    const ofBody = question.packed === undefined ? 'application/json' : COMMANDS_TYPE;
    const contentType = text === undefined ? '' : ofBody;
    const signable = { method: question.method, url: `${url}${question.path}`, contentType };
    const headers = await untilAborted(this.#shown({ ...signable, body: text ?? '' }), signal);
    if (contentType !== '') headers['Content-Type'] = contentType;
    const body = call.isInPieces && text !== undefined ? inPieces?.(bytesOfText(text)) : undefined;
    const asked = { method: question.method, headers, signal };
    try {
      const sent = fetch(`${url}${question.path}`, {
        ...asked,
        ...(body ?? (text === undefined ? {} : { body: text })),
      });
      const response = await untilAborted(sent, signal);
      const isPacked = response.headers.get('content-type') === OUTCOMES_TYPE;
      const told = isPacked ? response.arrayBuffer() : response.text();
      return { response, told: await untilAborted<string | ArrayBuffer>(told, signal) };
    } catch (error) {
      const { cause } = error as { readonly cause?: { readonly code?: unknown } };
      call.status = undefined;
      if (!NOT_CONNECTED.has(cause?.code)) {
        call.mayHaveArrived = true;
        const isLarge = text !== undefined && text.length >= PIECES_BYTES;
        if (!signal.aborted && isLarge && inPieces !== undefined) call.isInPieces = true;
      }
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** The headers that say who asks. */
  async #shown(asked: Signable): Promise<Record<string, string>> {
    const { key, token, sign } = this.#settings;
    if (key !== undefined) return { Authorization: `Bearer ${key}` };
    const signed = sign === undefined ? {} : await signedHeaders(sign, asked);
    return token === undefined ? signed : { ...signed, 'X-Platform-Token': await token() };
  }
}

const isFinal = (found: Answered | Refused): boolean =>
  !('ok' in found) || !found.retry || found.code === 'PREPARED';

// A refusal for now, or of who asks, says nothing of an attempt before it that had no answer.
function judged(call: Call, found: Answered | Refused): Answered | Refused {
  if (!('ok' in found) || call.question.commands === undefined || !call.mayHaveArrived)
    return found;
  const isOfNow = found.retry || found.status === 401 || found.status === 403;
  if (!isOfNow || found.code === 'PREPARED') return found;
  const why = `${found.code}: ${found.message} What became of an earlier attempt is not known.`;
  throw call.failed('refused', why, undefined, found);
}

/** What a promise comes to, or the signal's reason as soon as it speaks: not everything that is waited for knows signals. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

/** What an answer says. Throws where it is none of this server's: then somebody in between gave it. */
function answerOf(response: Response, text: string | ArrayBuffer): Answered | Refused {
  const { status } = response;
  if (typeof text !== 'string') return { status, body: new Uint8Array(text) };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Foreign(response, text);
  }
  if (typeof body !== 'object' || body === null) throw new Foreign(response, text);
  if (status < 300) return { status, body };
  const refused = refusalOf(body as Readonly<Record<string, unknown>>);
  if (refused === undefined) throw new Foreign(response, text);
  return refused;
}

/** A refusal out of problem details; undefined: they are not a ledger's. */
export function refusalOf(problem: Readonly<Record<string, unknown>>): Refused | undefined {
  const { code, status, retry, title, field, id, replayed } = problem;
  if (typeof code !== 'string') return undefined;
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
