// Reads of histories on the node that has them. Owns: the questions and answers. Never touches: logs.

import { REMOTE_READ_MS } from '../limits.js';
import { type Outcome, type Refused, refused } from '../protocol/outcomes.js';
import { isRefusalCode } from '../protocol/refusals.js';
import type { Link } from './link.js';
import { expect, pack, text, tuple, unpack } from './wire.js';

/**
 * Reads that need a shard's log: a page of entries, a balance at a past time, a stretch of the audit trail. To be told of changes of balances for
 * a while. What a node knows of leaderboards, orders, the register, risks and the trees of its logs, and what the program around the
 * ledger is asked. What is to be sealed or opened.
 */
export type ReadType =
  | 'entries'
  | 'balance-at'
  | 'audit'
  | 'watch'
  | 'leaderboard'
  | 'orders'
  | 'beside'
  | 'register'
  | 'risk'
  | 'receipts'
  | 'vault';

/** Carries out reads of one shard; what is asked has come from outside, and is an object at most. */
export type ReadHost = (
  shard: number,
  type: ReadType,
  asked: Readonly<Record<string, unknown>>,
) => Promise<object>;

const TYPES: readonly string[] = [
  'entries',
  'balance-at',
  'audit',
  'watch',
  'leaderboard',
  'orders',
  'beside',
  'register',
  'risk',
  'receipts',
  'vault',
] satisfies ReadType[];
/** Reads of other nodes at a time. */
const UNDER_WAY_MAX = 256;

/** Asks the node that has the shard. */
export async function readElsewhere<T extends object>(
  link: Link,
  shard: number,
  type: ReadType,
  asked: object,
): Promise<T | Refused> {
  const question = pack([type, asked]);
  const answer = await link.ask(link.subject('reads', shard), question, REMOTE_READ_MS);
  const found = typeof answer === 'string' ? undefined : unpack(answer, answerOf);
  return (found as T | Refused | undefined) ?? refused('SHARD_UNAVAILABLE');
}

/** A page, or a refusal made anew by its code. */
function answerOf(value: unknown): object {
  const [kind, page] = tuple(value, 2);
  expect(typeof page === 'object' && page !== null);
  if (kind === 'page') return page;
  const { code, field } = page as Record<string, unknown>;
  expect(kind === 'refusal' && isRefusalCode(text(code)));
  return refused(code as Refused['code'], typeof field === 'string' ? field : undefined);
}

/** Serves reads of a shard, while this node may answer for it. */
export function serveReads(
  link: Link,
  shard: number,
  host: ReadHost,
  mayAnswer: () => boolean,
): void {
  let underWay = 0;
  link.serve(link.subject('reads', shard), (bytes, answer) => {
    const question = unpack(bytes, (value) => {
      const [type, asked] = tuple(value, 2);
      expect(TYPES.includes(text(type)) && typeof asked === 'object' && asked !== null);
      return { type: type as ReadType, asked: asked as Record<string, unknown> };
    });
    if (question === undefined) return false;
    if (underWay >= UNDER_WAY_MAX || !mayAnswer()) return true;
    underWay++;
    host(shard, question.type, question.asked)
      .then(
        (found) => {
          // It is asked again.
          if (!mayAnswer()) return;
          const { ok } = found as Partial<Outcome>;
          answer(pack([ok === false ? 'refusal' : 'page', found]));
        },
        // What was asked for is not there, or the ledger is closing: who asked waits in vain.
        () => undefined,
      )
      .finally(() => {
        underWay--;
      });
    return true;
  });
}
