// What a partner's answers say. Owns: reading them, strictly: what is not as the contract says is not known. Never touches: connections, what is made of it.
//   partners.N1. Nothing is filled in, converted or guessed: a field that is missing, or is something else than the contract says, makes the whole answer
//       `unknown`.
//   partners.N2. An answer about another operation, or another user, than was asked for is no answer.

import type { OperationKind, OperationState } from '../../engine/index.js';
import { limits, OPERATION_KINDS, OPERATION_STATES } from '../../engine/index.js';
import type {
  OperationsPage,
  PartnerAnswer,
  PartnerUser,
  Told,
  Totals,
  Unknown,
} from './adapter.js';
import type { Answered } from './requests.js';

type Fields = Readonly<Record<string, unknown>>;

/** Characters of what a partner names: operations, users, codes, cursors. */
const NAME_LENGTH_MAX = 128;
const CURSOR_LENGTH_MAX = 1_024;
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** It cannot be read as the contract says. */
class Unreadable extends Error {}

function need(holds: boolean): asserts holds {
  if (!holds) throw new Unreadable();
}

const unknown = (
  { status, retryAfterMs }: Answered,
  why: 'STATUS' | 'ANSWER_INVALID' | 'ID_REUSED',
): Unknown => ({ state: 'unknown', why, status, retryAfterMs });

/** Reads an answer of one of these statuses; of another one it says nothing of what was asked. */
function reading<T>(
  answer: Answered | Unknown,
  statuses: readonly number[],
  read: (fields: Fields, status: number) => T,
): T | Unknown {
  if (answer.state === 'unknown') return answer;
  const { status, body } = answer;
  if (!statuses.includes(status)) return unknown(answer, 'STATUS');
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    need(typeof value === 'object' && value !== null && !Array.isArray(value));
    return read(value as Fields, status);
  } catch {
    // A 404 or 409 of somebody else on the way, in whatever words.
    return unknown(answer, status === 200 ? 'ANSWER_INVALID' : 'STATUS');
  }
}

// --- values ---------------------------------------------------------------------------------------------------------

/** No path can say it. */
export const isDots = (name: string): boolean => name === '.' || name === '..';

function name(value: unknown): string {
  need(typeof value === 'string' && value !== '' && value.length <= NAME_LENGTH_MAX);
  need(!/\p{Cc}|\p{Cs}/u.test(value) && !isDots(value));
  return value;
}

function whole(value: unknown, least: number): number {
  need(typeof value === 'number' && Number.isSafeInteger(value) && value >= least);
  return value === 0 ? 0 : value;
}

/** ISO 8601, in UTC, of a day that there is. */
function time(value: unknown): number {
  need(typeof value === 'string' && TIME.test(value));
  const at = Date.parse(value.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  need(Number.isSafeInteger(at) && at >= 0 && at <= limits.TIME_MAX_MS);
  // The 30th of February is another day.
  need(new Date(at).toISOString().slice(0, 19) === value.slice(0, 19));
  return at;
}

function oneOf<T extends string>(value: unknown, all: readonly T[]): T {
  need(all.includes(value as T));
  return value as T;
}

const optional = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
  value === undefined || value === null ? undefined : read(value);

function code(value: unknown): string {
  need(typeof value === 'string' && CODE.test(value));
  return value;
}

function flag(value: unknown): boolean {
  need(typeof value === 'boolean');
  return value;
}

// --- answers --------------------------------------------------------------------------------------------------------

/** An operation, whole; of one that is void, as much as the partner has of it. */
function operationIn(fields: Fields): Told {
  const state = oneOf<OperationState>(fields.status, OPERATION_STATES);
  const may = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
    state === 'void' ? optional(value, read) : read(value);
  return {
    state,
    kind: may(fields.type, (value) => oneOf<OperationKind>(value, OPERATION_KINDS)),
    user: may(fields.user_id, name),
    asset: may(fields.asset, name),
    amount: may(fields.amount, (value) => whole(value, 1)),
    at: optional(fields.time, time),
    code: optional(fields.code, code),
    idempotent: optional(fields.idempotent, flag),
  };
}

const FINAL_NO: readonly OperationState[] = ['refused', 'void'];

/** What is said of an operation. 409 and 422 say so only of one that is not done, and never will be. */
export const operationAnswer = (answer: Answered | Unknown, id: string): PartnerAnswer =>
  reading(answer, [200, 409, 422], (fields, status): PartnerAnswer => {
    // No operation: another one has the id.
    if (status === 409 && fields.transaction_id === undefined)
      return unknown(answer as Answered, 'ID_REUSED');
    need(fields.transaction_id === id);
    const told = operationIn(fields);
    need(status === 200 || FINAL_NO.includes(told.state as OperationState));
    return told;
  });

const isAbsent = ({ status }: Fields): boolean => status === 'absent';

/** The same, of one that is looked for: it may be absent. */
export function lookedUp(answer: Answered | Unknown, id: string): PartnerAnswer {
  if (answer.state === 'answered' && answer.status === 404)
    return reading(answer, [404], (fields) => {
      need(
        isAbsent(fields) && (fields.transaction_id === undefined || fields.transaction_id === id),
      );
      return { state: 'absent' };
    });
  return operationAnswer(answer, id);
}

/** A page of operations. `cursor`: which one was asked for. */
export const pageAnswer = (
  answer: Answered | Unknown,
  cursor: string | undefined,
): OperationsPage | Unknown =>
  reading(answer, [200], ({ operations, next }) => {
    need(Array.isArray(operations));
    const read = operations.map((one: unknown) => {
      need(typeof one === 'object' && one !== null);
      const fields = one as Fields;
      return {
        operation: name(fields.transaction_id),
        kind: oneOf<OperationKind>(fields.type, OPERATION_KINDS),
        state: oneOf<OperationState>(fields.status, OPERATION_STATES),
        user: name(fields.user_id),
        asset: name(fields.asset),
        amount: whole(fields.amount, 1),
        at: time(fields.time),
      };
    });
    const following = optional(next, (value) => {
      need(typeof value === 'string' && value !== '' && value.length <= CURSOR_LENGTH_MAX);
      return value;
    });
    // The page that was asked for again and again would never end.
    need(following === undefined || following !== cursor);
    return { state: 'page', operations: read, next: following };
  });

/** Is there such a user? */
export function userAnswer(
  answer: Answered | Unknown,
  user: string,
): PartnerUser | { readonly state: 'absent' } | Unknown {
  if (answer.state === 'answered' && answer.status === 404)
    return reading(answer, [404], (fields) => {
      need(isAbsent(fields));
      return { state: 'absent' as const };
    });
  return reading(answer, [200], ({ user_id }) => {
    need(user_id === user);
    return { state: 'user' as const, user };
  });
}

/** Who was made, or why nobody is. */
export const madeAnswer = (answer: Answered | Unknown): PartnerUser | Told | Unknown =>
  reading(answer, [200, 201, 409, 422], (fields, status): PartnerUser | Told => {
    if (status < 300) return { state: 'user', user: name(fields.user_id) };
    need(fields.status === 'refused');
    return { state: 'refused', code: optional(fields.code, code) };
  });

export const totalsAnswer = (answer: Answered | Unknown): Totals | Unknown =>
  reading(answer, [200], ({ total, added, deducted }) => ({
    state: 'totals',
    total: whole(total, -limits.AMOUNT_MAX),
    added: whole(added, 0),
    deducted: whole(deducted, 0),
  }));

/** 200, whatever it says. */
export const healthAnswer = (answer: Answered | Unknown): { readonly state: 'well' } | Unknown => {
  if (answer.state === 'unknown') return answer;
  return answer.status === 200 ? { state: 'well' } : unknown(answer, 'STATUS');
};
