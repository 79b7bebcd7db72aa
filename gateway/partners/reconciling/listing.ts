// A partner's list of a period, page by page to its end. Owns: how often a page is asked for, what is no list. Never touches: what its operations are
// compared with.
//   reconciling.L1. It is read to its end, or it is not known: a list that lacks pages is compared with nothing.
//   reconciling.L2. However a partner pages, it ends: a cursor that comes again, a page that comes again and again, more pages or operations than there
//       may be, each under its name.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationsPage, PartnerAdapter } from '../adapter.js';

/** How often the same page may come: a list that grows at its front shifts. */
const SAME_PAGES = 3;
/** How often a page is asked for that is not answered. */
const ATTEMPTS = 5;
/** Each further pause is so many times as long. */
const PAUSE_GROWS = 3;
const DIGEST_LENGTH = 12;

export interface ListingLimits {
  readonly partnerTimeoutMs: number;
  readonly reconcilePagesMax: number;
  readonly reconcileOperationsMax: number;
  /** The first pause before a page is asked for again. */
  readonly reconcilePauseMs: number;
  /** The longest one. */
  readonly reconcilePauseMsMax: number;
}

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A page of the list, or why there is none: in a word. */
export type Listed =
  | { readonly page: number; readonly operations: OperationsPage['operations'] }
  | { readonly why: string };

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);

/** Asks, for so long at most, and not beyond the end. */
async function inTime<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  ending: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const end = (): void => over.abort();
  const timer = setTimeout(end, timeoutMs);
  ending.addEventListener('abort', end, { once: true });
  try {
    return await ask(over.signal);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener('abort', end);
  }
}

/** What nobody has answered yet, or has answered for now only; it ends as soon as the signal says. */
export async function answered<T extends { readonly state: string }>(
  ask: (signal: AbortSignal) => Promise<T>,
  limits: ListingLimits,
  ending: AbortSignal,
): Promise<T | { readonly state: 'unknown'; readonly why: string }> {
  let pauseMs = limits.reconcilePauseMs;
  for (let attempt = 1; ; attempt++) {
    if (ending.aborted) return { state: 'unknown', why: 'ABORTED' };
    const answer = await inTime(ask, limits.partnerTimeoutMs, ending);
    if (answer.state !== 'unknown' || attempt === ATTEMPTS) return answer;
    const { retryAfterMs = 0 } = answer as { readonly retryAfterMs?: number };
    const ms = Math.min(Math.max(pauseMs, retryAfterMs), limits.reconcilePauseMsMax);
    await sleep(ms, undefined, { signal: ending }).catch(() => undefined);
    pauseMs *= PAUSE_GROWS;
  }
}

/** The pages of a partner's list; the last one says why it is none, where it is none. */
export async function* listed(
  adapter: Pick<PartnerAdapter, 'operations'>,
  { from, until }: Span,
  limits: ListingLimits,
  ending: AbortSignal,
): AsyncGenerator<Listed, void, void> {
  const cursors = new Set<string>();
  const pages = new Map<string, number>();
  let cursor: string | undefined;
  let operations = 0;
  for (let page = 0; ; page++) {
    if (page >= limits.reconcilePagesMax) return yield { why: 'PAGES_TOO_MANY' };
    const at = cursor;
    const answer = await answered(
      (signal) => adapter.operations(from, until, at, signal),
      limits,
      ending,
    );
    if (answer.state === 'unknown') return yield { why: answer.why };
    operations += answer.operations.length;
    if (operations > limits.reconcileOperationsMax) return yield { why: 'OPERATIONS_TOO_MANY' };
    if (answer.operations.length > 0) {
      const said = digest(JSON.stringify(answer.operations));
      const times = (pages.get(said) ?? 0) + 1;
      if (times > SAME_PAGES) return yield { why: 'PAGE_REPEATED' };
      pages.set(said, times);
      yield { page, operations: answer.operations };
    }
    cursor = answer.next;
    if (cursor === undefined) return;
    const known = digest(cursor);
    if (cursors.has(known)) return yield { why: 'CURSOR_LOOP' };
    cursors.add(known);
  }
}
