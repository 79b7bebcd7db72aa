// Refusals as callers are told of them: RFC 9457 problem details. Owns: their shape. Never touches: sockets, the engine.
//   gateway.H1. A refusal of the engine and one of the gateway look the same: one catalogue, one shape.

import { REFUSALS, type RefusalCode, type Refused } from '../engine/index.js';

export { isRefusal } from '../engine/index.js';

/** A refusal that may say more than the catalogue's sentence. */
export interface Refusal extends Refused {
  readonly detail?: string | undefined;
  /** When the same may be asked again. */
  readonly retryAfterSeconds?: number | undefined;
  /** Of what is to be reviewed first: by what the review is known. */
  readonly review?: string | undefined;
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

/** Of a command whose atomic batch is not carried out. */
export function aborted(command: unknown): Refusal {
  const { id } = (command ?? {}) as { readonly id?: unknown };
  return { ...refuse('BATCH_ABORTED'), id: typeof id === 'string' ? id : undefined };
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
    review: refusal.review,
  };
}

/** The same as JSON text. */
export const problemJson = (refusal: Refusal): string => JSON.stringify(problemOf(refusal));
