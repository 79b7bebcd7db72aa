// Webhooks: made and looked at through a gateway, and what a receiver does with what it is sent. Owns: paths, these shapes, the check of a signature.
// Never touches: attempts, Node.js.
//   client.K13. What is returned as an event was signed with the secret, a short time ago: nothing else is read of it.

import type { CallOptions } from './ending.js';
import type { Requests } from './requests.js';
import { part, queryOf } from './routes.js';

/** A webhook, without its secrets. Times in milliseconds since 1970. */
export interface Webhook {
  readonly id: string;
  readonly name?: string;
  readonly url: string;
  /** Types of events, and patterns of them: `exchange.*`, `*`. */
  readonly types: readonly string[];
  /** Whose it is, and so what it is told: `administrator`, `key:<id>`, `platform:<id>`. */
  readonly principal: string;
  readonly state: 'active' | 'paused';
  /** It was paused because it answered 410. */
  readonly gone?: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is asked for. */
export interface WebhookRequest {
  readonly url: string;
  /** Left out: all. */
  readonly types?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Made for a platform; takes a key that administers the whole ledger. */
  readonly platform?: string | undefined;
}

/** How far a webhook is, on the shards of the node that was asked. */
export interface WebhookState extends Webhook {
  readonly halted: 'paused' | 'forbidden' | 'secret' | null;
  readonly delivered: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly pausedUntil: number | null;
  readonly shards: readonly {
    readonly shard: number;
    /** The first block that is not delivered, but for exceptions. */
    readonly seq: number;
    readonly lagMs: number;
    readonly waiting: number;
    readonly dead: number;
    readonly isFull: boolean;
  }[];
}

/** What an attempt came to. */
export interface WebhookAttempt {
  readonly isDelivered: boolean;
  readonly status?: number;
  readonly reason?: string;
  readonly ms: number;
}

/** An event that was given up. */
export interface DeadLetter {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: string;
  readonly attempts: number;
  readonly failedAt: number;
  readonly deadAt: number;
  readonly reason?: string;
  readonly status?: number;
}

/** An event as a receiver is told of it: a CloudEvents 1.0 envelope. */
export interface WebhookEvent {
  readonly specversion: '1.0';
  /** The same in every attempt: drop what was seen. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  /** Of one subject a later event has a greater text. */
  readonly sequence: string;
  /** How many events of the subject before this one were given up, and the sequence of the last of them. */
  readonly gapcount?: number;
  readonly gapsequence?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const PATH = '/v1/webhooks';
const pathOf = (id: string, verb = ''): string => `${PATH}/${part('id', id)}${verb}`;

/** Webhooks: `client.webhooks`. */
export class Webhooks {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Has a URL told what happens from now on. The secret is in the answer and nowhere else; where that was lost, remove what `list` shows. */
  async add(
    asked: WebhookRequest,
    options: CallOptions = {},
  ): Promise<Webhook & { readonly secret: string }> {
    return (await this.#requests.told('POST', PATH, asked, options)) as Webhook & {
      readonly secret: string;
    };
  }

  /** All that are the caller's. */
  async list(options: CallOptions = {}): Promise<readonly Webhook[]> {
    const found = await this.#requests.told('GET', PATH, undefined, options);
    return (found as { readonly webhooks: readonly Webhook[] }).webhooks;
  }

  async get(id: string, options: CallOptions = {}): Promise<WebhookState> {
    return (await this.#requests.told('GET', pathOf(id), undefined, options)) as WebhookState;
  }

  /** Changes what is named. */
  async change(
    id: string,
    asked: Partial<Omit<WebhookRequest, 'platform'>>,
    options: CallOptions = {},
  ): Promise<Webhook> {
    return (await this.#requests.told('PUT', pathOf(id), asked, options)) as Webhook;
  }

  async remove(id: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.told('DELETE', pathOf(id), undefined, options);
  }

  /** A new secret; the last one signs, too, for `overlapSeconds` more. */
  async rotate(
    id: string,
    asked: { readonly overlapSeconds?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<Webhook & { readonly secret: string }> {
    const found = await this.#requests.told('POST', pathOf(id, '/rotate'), asked, options);
    return found as Webhook & { readonly secret: string };
  }

  async pause(id: string, options: CallOptions = {}): Promise<Webhook> {
    return (await this.#requests.told('POST', pathOf(id, '/pause'), undefined, options)) as Webhook;
  }

  async resume(id: string, options: CallOptions = {}): Promise<Webhook> {
    return (await this.#requests.told(
      'POST',
      pathOf(id, '/resume'),
      undefined,
      options,
    )) as Webhook;
  }

  /** Sends an event of type `webhook.test` now. */
  async test(id: string, options: CallOptions = {}): Promise<WebhookAttempt> {
    return (await this.#requests.told(
      'POST',
      pathOf(id, '/test'),
      undefined,
      options,
    )) as WebhookAttempt;
  }

  /** Tells again what happened: from a time on, or from positions (`0:41,1:7`). */
  async replay(id: string, from: number | string, options: CallOptions = {}): Promise<Webhook> {
    return (await this.#requests.told('POST', pathOf(id, '/replay'), { from }, options)) as Webhook;
  }

  /** Events that were given up; `after`: only those behind this one. */
  async deadLetters(
    id: string,
    query: { readonly after?: string | undefined; readonly limit?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<readonly DeadLetter[]> {
    const path = pathOf(id, `/dead-letters${queryOf(query)}`);
    const found = await this.#requests.told('GET', path, undefined, options);
    return (found as { readonly deadLetters: readonly DeadLetter[] }).deadLetters;
  }

  /** Tries one again, once. */
  async retry(id: string, letter: string, options: CallOptions = {}): Promise<WebhookAttempt> {
    const path = pathOf(id, `/dead-letters/${part('id', letter)}/retry`);
    return (await this.#requests.told('POST', path, undefined, options)) as WebhookAttempt;
  }

  /** Forgets one. */
  async drop(id: string, letter: string, options: CallOptions = {}): Promise<void> {
    await this.#requests.told(
      'DELETE',
      pathOf(id, `/dead-letters/${part('id', letter)}`),
      undefined,
      options,
    );
  }
}

/** What was sent is not to be believed: why. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

/** What a receiver was sent. */
export interface WebhookMessage {
  /** In small letters, as Node.js has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came, not parsed. */
  readonly body: string;
}

/** What is used of the platform's `crypto`. */
interface Subtle {
  importKey(
    format: 'raw',
    secret: Uint8Array,
    algorithm: object,
    isExtractable: boolean,
    usages: readonly string[],
  ): Promise<object>;
  verify(algorithm: string, key: object, mac: Uint8Array, data: Uint8Array): Promise<boolean>;
}

const PREFIX = 'whsec_';
const VERSION = 'v1,';
const TOLERANCE_SECONDS = 300;

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/**
 * The event that a receiver was sent, once its signature is found good; throws WebhookError else. `toleranceSeconds`: how far its timestamp may be
 * from now (default 300). It may come again, late, and after later ones of other subjects: go by `id` and `sequence`.
 */
export async function webhookEvent(
  secret: string,
  { headers, body }: WebhookMessage,
  { toleranceSeconds = TOLERANCE_SECONDS }: { readonly toleranceSeconds?: number } = {},
): Promise<WebhookEvent> {
  const header = (name: string): string => {
    const { [name]: value } = headers;
    if (typeof value !== 'string' || value === '') throw new WebhookError(`${name} is missing`);
    return value;
  };
  const [id, time] = [header('webhook-id'), header('webhook-timestamp')];
  if (!/^\d{1,12}$/.test(time) || Math.abs(Date.now() / 1_000 - Number(time)) > toleranceSeconds)
    throw new WebhookError('webhook-timestamp is too far from now');
  const key = secret.startsWith(PREFIX) ? bytesOf(secret.slice(PREFIX.length)) : undefined;
  if (key === undefined || key.length === 0) throw new WebhookError('the secret is none');
  const { subtle } = (globalThis as unknown as { readonly crypto: { readonly subtle: Subtle } })
    .crypto;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await subtle.importKey('raw', key, algorithm, false, ['verify']);
  const signed = new TextEncoder().encode(`${id}.${time}.${body}`);
  for (const one of header('webhook-signature').split(' ')) {
    const mac = one.startsWith(VERSION) ? bytesOf(one.slice(VERSION.length)) : undefined;
    if (mac !== undefined && (await subtle.verify('HMAC', imported, mac, signed)))
      return JSON.parse(body) as WebhookEvent;
  }
  throw new WebhookError('no signature is of this secret');
}
