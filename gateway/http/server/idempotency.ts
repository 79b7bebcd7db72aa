// What the `Idempotency-Key` header changes in an answer. Owns: the headers and the refusal that belong to it. Never
// touches: what repeats, which is the ledger's to say.
//   http.H16. A repeated answer says so in `Idempotency-Replayed`. A key that was used with another body is 422; an id that
//        was given in the body stays 409 (`ID_REUSED`).

import { type Answer, problem } from '../../encoding/answer.js';
import { dryRunAnswer } from '../../encoding/dry-runs.js';
import { type Refusal, refuse } from '../../refusal.js';
import type { Arrival } from '../../route.js';

const REPLAYED = ['Idempotency-Replayed', 'true'] as const;

/** The answer to a call; `key`: its header, where it had one. */
export function keyed(answer: Answer, key: string | undefined): Answer {
  const { told } = answer;
  if (told?.replayed === true) return { ...answer, headers: [...(answer.headers ?? []), REPLAYED] };
  if (key === undefined || told?.outcome !== 'ID_REUSED') return answer;
  const reused = { ...refuse('IDEMPOTENCY_KEY_REUSED', 'Idempotency-Key'), id: key };
  return told.dryRun === true ? dryRunAnswer(reused) : problem(reused);
}

/**
 * The id in an `Idempotency-Key` header: the text itself, or in the quotes of a structured field.
 */
export function idempotencyKey(header: string): string | undefined {
  if (header === '') return undefined;
  const quoted = header.length > 1 && header.startsWith('"') && header.endsWith('"');
  return quoted ? header.slice(1, -1) : header;
}

/**
 * What keeps a call from being taken under a signature that does not cover the header, if anything does: whoever had caught
 * it could carry it out under a key of their own. An id that stands in the body, too, is covered.
 */
export function uncoveredKey({
  idempotencyKey: key,
  body,
}: Pick<Arrival, 'idempotencyKey' | 'body'>): Refusal | undefined {
  if (key === undefined) return undefined;
  const { id, transaction_id } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (id === key || transaction_id === key) return undefined;
  const detail =
    'A signature of version 1 does not cover Idempotency-Key: give the id in the body, or sign with version 2.';
  return refuse('SIGNATURE_INVALID', 'Idempotency-Key', detail);
}
