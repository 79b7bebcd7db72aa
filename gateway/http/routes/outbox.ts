// What routes ask of the outbox. Owns: how it is asked, and refused while it does not run; the routes that all of its receivers have. Never touches:
// what only one kind of receivers has.

import { type Answer, json, problem } from '../../encoding/answer.js';
import type { ToldAttempt } from '../../outbound/attempts.js';
import type { Question, ShownLetter } from '../../outbound/messages.js';
import { NotRunningError, type Outbound } from '../../outbound/outbound.js';
import type { Attempt } from '../../outbound/sending.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  count,
  isTrue,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { ATTEMPTS_PAGE_DEFAULT, DEAD_LETTERS_PAGE_MAX } from '../../schema/webhooks.js';

/** The outbox, and what secrets are sealed with. */
export function outboundOf(ledger: ServedLedger): AccessParts & { readonly outbound: Outbound } {
  const { access, outbound } = ledger;
  if (access === undefined || outbound === undefined)
    throw new Error('a request came before the ledger was open');
  return { ...access, outbound };
}

/** What it answers; `lacking`: refused with, where it says nothing. */
export async function answerOf<T>(
  ledger: ServedLedger,
  question: (outbound: Outbound) => Promise<unknown>,
  lacking: Refusal,
): Promise<Refusal | T> {
  try {
    const answer = await question(outboundOf(ledger).outbound);
    return answer === undefined ? lacking : (answer as T);
  } catch (error) {
    if (error instanceof NotRunningError) return refuse('OUTBOX_UNAVAILABLE');
    throw error;
  }
}

/** What is known of a receiver, and what the outbox says of it. */
export type Asked<R, T> = Refusal | { readonly receiver: R; readonly answer: T };

/** How the receivers of a kind are asked for. */
export interface ReceiverRoutes<R> {
  /** Of one of them: its id is the last part. */
  readonly path: string;
  readonly ours: Pick<Route, 'access' | 'module'>;
  /** Who may look at what was given up, where that is not for those alone that `ours` is for. */
  readonly looks?: Pick<Route, 'access'>;
  readonly describes: Readonly<
    Record<'pause' | 'resume' | 'attempts' | 'letters' | 'retry' | 'drop', Route['describes']>
  >;
  /** What is written down of an answer. */
  readonly trail: (receiver: R) => NonNullable<Parameters<typeof json>[2]>;
  /** `lacking`: refused with, where the outbox says nothing. */
  asked<T>(call: Call, question: Question, lacking?: Refusal): Promise<Asked<R, T>>;
  change(call: Call, state: 'paused' | 'active'): Promise<Answer>;
}

/** What an attempt came to. */
export function attemptAnswer<R>(of: ReceiverRoutes<R>, made: Asked<R, Attempt>): Answer {
  if (isRefusal(made)) return problem(made);
  const { isDelivered, status, reason, ms } = made.answer;
  return json(200, { isDelivered, status, reason, ms }, of.trail(made.receiver));
}

/** Nothing is sent for now, or again. */
export function pauseRoutes<R>(of: ReceiverRoutes<R>): Route[] {
  return (['pause', 'resume'] as const).map((verb) => ({
    ...of.ours,
    method: 'POST',
    path: `${of.path}/${verb}`,
    describes: of.describes[verb],
    body: 'optional',
    handle: async (call) => {
      const no = fullBody(call.body);
      if (no !== undefined) return problem(no);
      return of.change(call, verb === 'pause' ? 'paused' : 'active');
    },
  }));
}

/** The last attempts, as the node that is asked has made them. */
export const attemptsRoute = <R>(of: ReceiverRoutes<R>): Route => ({
  ...of.ours,
  ...of.looks,
  method: 'GET',
  path: `${of.path}/attempts`,
  describes: of.describes.attempts,
  handle: async (call) => {
    const { query } = call;
    const limit = count(query, 'limit') ?? ATTEMPTS_PAGE_DEFAULT;
    const before = count(query, 'cursor');
    const isFailed = isTrue(query, 'failed');
    const question = { type: 'attempts', before, limit, isFailed } as const;
    const found = await of.asked<readonly ToldAttempt[]>(call, question);
    if (isRefusal(found)) return problem(found);
    const { answer: attempts } = found;
    const last = attempts.length < limit ? undefined : attempts.at(-1)?.number;
    return json(200, { attempts, cursor: last?.toString() });
  },
});

/** What was given up: told, tried again by hand, forgotten. */
export function letterRoutes<R>(of: ReceiverRoutes<R>): Route[] {
  const all = `${of.path}/dead-letters`;
  const lacking = refuse('DEAD_LETTER_NOT_FOUND', 'letter');
  const letterOf = ({ path }: Call): string => path[1] ?? '';
  return [
    {
      ...of.ours,
      ...of.looks,
      method: 'GET',
      path: all,
      describes: of.describes.letters,
      handle: async (call) => {
        const { after } = call.query;
        const limit = count(call.query, 'limit') ?? DEAD_LETTERS_PAGE_MAX;
        const found = await of.asked<ShownLetter[]>(call, { type: 'letters', after, limit });
        if (isRefusal(found)) return problem(found);
        const { answer: deadLetters } = found;
        const cursor = deadLetters.length < limit ? undefined : deadLetters.at(-1)?.id;
        return json(200, { deadLetters, cursor });
      },
    },
    {
      ...of.ours,
      method: 'POST',
      path: `${all}/{letter}/retry`,
      describes: of.describes.retry,
      body: 'optional',
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const question = { type: 'retry', letter: letterOf(call) } as const;
        return attemptAnswer(of, await of.asked(call, question, lacking));
      },
    },
    {
      ...of.ours,
      method: 'DELETE',
      path: `${all}/{letter}`,
      describes: of.describes.drop,
      handle: async (call) => {
        const id = letterOf(call);
        const made = await of.asked(call, { type: 'drop', letter: id }, lacking);
        return isRefusal(made) ? problem(made) : json(200, { id }, of.trail(made.receiver));
      },
    },
  ];
}
