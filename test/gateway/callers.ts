// Callers of a gateway with credentials of every kind. Owns: tokens, signatures, registrations.

import { createHash, createHmac } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { OPERATIONS, type Operation } from '../../engine/index.js';
import { type Answered, bare, type Gateway, type Headers, textOf } from './harness.js';

/** A platform that was registered. */
export interface Caller {
  /** Of the gateway. */
  readonly address: string;
  readonly id: string;
  readonly secret: string;
  /** Asks with a token. */
  ask(request: string, body?: unknown, headers?: Headers): Promise<Answered>;
  /** Asks with a signature. */
  sign(request: string, body?: unknown, more?: Partial<Signing>): Promise<Answered>;
}

/** What a signature is made of, where not the usual. */
export interface Signing {
  readonly timestamp: string;
  readonly secret: string;
  readonly platform: string;
  /** What is sent instead of what was signed. */
  readonly sent: { readonly request?: string; readonly body?: unknown };
  readonly headers: Headers;
  /** Default: 1. */
  readonly version: 1 | 2;
}

/** A token of a platform, good for a day: longer than any test takes, on whatever machine. */
export function token(platform: string, secret: string, claims: JWTPayload = {}): Promise<string> {
  const payload = {
    platform_id: platform,
    exp: Math.floor(Date.now() / 1_000) + 86_400,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
}

let lastMs = 0;
/** Milliseconds since 1970, another one at every call: so that no two requests have one signature. */
export function freshTimestamp(): string {
  lastMs = Math.max(Date.now(), lastMs + 1);
  return String(lastMs);
}

/** The headers that sign a request. */
export function signature(
  platform: string,
  secret: string,
  request: string,
  body: unknown,
  timestamp = freshTimestamp(),
): Headers {
  const [method, path] = request.split(' ');
  const signed = timestamp + method + path + (method === 'GET' ? '' : textOf(body));
  return {
    'X-Platform-ID': platform,
    'X-Timestamp': timestamp,
    'X-Signature': createHmac('sha256', secret).update(signed).digest('hex'),
  };
}

/** The headers that sign a request with version 2; `covered`: `Content-Type` and `Idempotency-Key`, as they are sent. */
export function secondSignature(
  { address, id, secret }: Pick<Caller, 'address' | 'id' | 'secret'>,
  request: string,
  body: string | Uint8Array,
  covered: Headers = {},
  timestamp = freshTimestamp(),
): Headers {
  const [method = '', path = ''] = request.split(' ');
  const hash = createHash('sha256').update(body).digest('hex');
  const sent = [covered['Content-Type'] ?? '', covered['Idempotency-Key'] ?? '', hash];
  const lines = ['jifen-signature-2', id, timestamp, method, new URL(address).host, path, ...sent];
  return {
    ...covered,
    'X-Platform-ID': id,
    'X-Timestamp': timestamp,
    'X-Signature-Version': '2',
    'X-Signature': createHmac('sha256', secret).update(lines.join('\n')).digest('hex'),
  };
}

export const ALL: readonly Operation[] = OPERATIONS;

/** Registers a platform. */
export async function caller(
  gateway: Gateway,
  id: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Caller> {
  const body = { id, name: id, assets: ['gold'], operations: ALL, ...settings };
  const made = await gateway.ask('POST /v1/platforms', body);
  if (made.status !== 201) throw new Error(made.text);
  return callerOf(gateway.server.address, id, made.body.secret);
}

/** A platform that is registered. */
export function callerOf(address: string, id: string, secret: string): Caller {
  return {
    address,
    id,
    secret,
    ask: async (request, body, headers = {}) =>
      bare(address, request, body, { 'X-Platform-Token': await token(id, secret), ...headers }),
    sign: (request, body, more = {}) => {
      const by = more.platform ?? id;
      const key = more.secret ?? secret;
      const typed = body === undefined ? {} : { 'Content-Type': 'application/json' };
      const made =
        more.version === 2
          ? secondSignature(
              { address, id: by, secret: key },
              request,
              request.startsWith('GET') ? '' : textOf(body),
              { ...typed, ...more.headers },
              more.timestamp,
            )
          : signature(by, key, request, body, more.timestamp);
      const sent = more.sent ?? {};
      const given = 'body' in sent ? sent.body : body;
      return bare(address, sent.request ?? request, given, { ...made, ...more.headers });
    },
  };
}

/** Makes a key. */
export async function operator(
  gateway: Gateway,
  operations: readonly Operation[],
  more: object = {},
): Promise<Headers> {
  const made = await gateway.ask('POST /v1/keys', { name: 'operator', operations, ...more });
  if (made.status !== 201) throw new Error(made.text);
  return { Authorization: `Bearer ${made.body.key}` };
}
