// Refusals as HTTP says them: RFC 9457 problem details. Owns: their shape. Never touches: sockets,
// the engine.
//   H1. A refusal of the engine and one of the gateway look the same: one catalogue, one shape.

import { REFUSALS, type RefusalCode, type Refused } from '../engine/index.js';

export { isRefusal } from '../engine/index.js';

import type { AnswerStream } from './http/server/streamed.js';

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Pairs; absent on the usual ways. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Close the connection after it: the request's rest is not read. */
  readonly close?: boolean | undefined;
  /** Writes the body piece by piece instead; `body` is empty then. Rejects only for a defect. */
  readonly stream?: ((stream: AnswerStream) => Promise<void>) | undefined;
  /** What the audit log says of it, beside what was asked. */
  readonly told?: Readonly<Record<string, unknown>> | undefined;
}

export const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';
export const EVENTS_TYPE = 'text/event-stream';

/** A refusal that may say more than the catalogue's sentence. */
export interface Refusal extends Refused {
  readonly detail?: string | undefined;
  /** When the same may be asked again. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * A refusal made by the gateway. `detail` is one sentence about this case; the catalogue's where
 * left out.
 */
export function refuse(code: RefusalCode, field?: string, detail?: string): Refusal {
  const { status, retry, sentence } = REFUSALS[code];
  return {
    ok: false,
    code,
    status,
    retry,
    message: sentence,
    field,
    id: undefined,
    replayed: false,
    detail,
  };
}

/**
 * The problem details of a refusal. `type` is `urn:jifen:refusal:<code>`, `title` the catalogue's
 * sentence, `detail` what it means here; beyond RFC 9457: `code`, `field`, `retry`, `id`,
 * `replayed`.
 */
export function problemOf(refusal: Refusal): object {
  const { code, status, message, field, detail } = refusal;
  return {
    type: `urn:jifen:refusal:${code}`,
    title: message,
    status,
    detail: detail ?? (field === undefined ? message : `${field}: ${message}`),
    code,
    field,
    retry: refusal.retry,
    id: refusal.id,
    replayed: refusal.replayed ? true : undefined,
  };
}

/** The same as JSON text. */
export const problemJson = (refusal: Refusal): string => JSON.stringify(problemOf(refusal));

/** The answer to a refused request. */
export function problem(
  refusal: Refusal,
  headers?: readonly (readonly [string, string])[],
  close?: boolean,
): Answer {
  const { status, code, id, replayed, retryAfterSeconds } = refusal;
  const later =
    retryAfterSeconds === undefined
      ? headers
      : ([...(headers ?? []), ['Retry-After', String(retryAfterSeconds)]] as const);
  return {
    status,
    contentType: PROBLEM_TYPE,
    body: problemJson(refusal),
    headers: later,
    close,
    told: { outcome: code, id, replayed: replayed || undefined },
  };
}

/** An answer in JSON. `told`: what the audit log says of it. */
export function json(status: number, value: unknown, told?: Answer['told']): Answer {
  return {
    status,
    contentType: JSON_TYPE,
    body: JSON.stringify(value),
    headers: undefined,
    close: undefined,
    told,
  };
}
