// Exchanges that wait for a reserve to have points. Owns: what is kept of one, its states, the list of those that wait. Never touches: what an exchange
// comes to; who looks whether there are points (gateway/clearing/draining.ts).
//   coalition.W1. Rate, fee and amounts are those of when it was submitted; what is given is held from then on, and the hold ends with it and in no other
//       way. It ends once: completed, withdrawn or expired, by an act that finds it pending.
//   coalition.W2. Those that wait for points of an asset are records of `#pending:<asset>`, by when they were submitted, written and taken away in the
//       commits that say so.

import { SUBMISSION_KEPT_MS } from '../../limits.js';
import type { SubmissionState } from '../../protocol/coalition.js';
import { chained } from '../../protocol/digest.js';
import { scopeOf, storedId } from '../../protocol/scope.js';
import type {
  ActRefusal,
  ConditionalPut,
  CounterAdd,
  Effect,
  Json,
  Plan,
  Reads,
  RecordDelta,
  Window,
} from '../act.js';
import { KEPT_HOLD } from '../plan.js';
import { NOT_OF_MEMBERS, recordType, staysUnless } from '../record-type.js';
import { countedBack } from '../undone.js';
import { givenOf } from './terms.js';

/** Types of records: what was submitted, of its member; what waits, of the asset. */
export const SUBMISSION = recordType(
  'submission',
  staysUnless((value) => (value as Submission).state === 'pending'),
);
export const PENDING_EXCHANGE = recordType('pending-exchange', NOT_OF_MEMBERS);

/** Who has the list of those that wait for points of an asset. */
export const pendingOwner = (asset: string): string => `#pending:${asset}`;

/** By what a submission is kept. `id`: as it is logged. */
export const submissionKey = (id: string): string => chained(id, '');

/** The id of a submission as it is logged, by what who asks calls it. */
export const submissionId = (see: Reads, named: string): string => storedId(named, scopeOf(see.id));

/** A submission as it is kept. Amounts in minor units, times in milliseconds since 1970. */
export interface Submission {
  readonly [name: string]: Json;
  readonly state: SubmissionState;
  readonly from: string;
  readonly to: string;
  /** What is given, with the fee; the fee; what is got. */
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  /** Null: the member. */
  readonly receiver: string | null;
  /** Whole points for a whole point; null: as a quote said. */
  readonly rate: string | null;
  readonly platforms: readonly string[];
  readonly submittedAt: number;
  /** It is not completed from then on. */
  readonly until: number;
  readonly endedAt: number | null;
  /** The act that has carried it out, as it is logged. */
  readonly completedBy: string | null;
  /** What a limit by the day has counted it in. */
  readonly day: { readonly from: number; readonly until: number } | null;
}

/** What the list says of one. */
export interface Waits {
  readonly [name: string]: Json;
  readonly owner: string;
  /** Its id, as it is logged. */
  readonly submission: string;
  readonly from: string;
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  readonly submittedAt: number;
  readonly until: number;
}

/** Times of the same number of letters are in their order as texts. */
const TIME_LETTERS = 11;
const ID_LETTERS = 16;
const TEXT_BASE = 36;

/** Onto the list, or off it. */
export function waits(
  owner: string,
  submission: string,
  { from, to, amount, fee, result, submittedAt, until }: Submission,
  isPending: boolean,
): ConditionalPut {
  const value: Waits = { owner, submission, from, amount, fee, result, submittedAt, until };
  const time = submittedAt.toString(TEXT_BASE).padStart(TIME_LETTERS, '0');
  // Of two members the same id is another one's.
  const own = chained(submission, owner).slice(0, ID_LETTERS);
  return {
    ...{ owner: pendingOwner(to), type: PENDING_EXCHANGE, key: `${time}-${own}` },
    ...(isPending ? { expected: null, value } : { expected: value, value: null }),
    otherwise: 'CHANGED_MEANWHILE',
  };
}

/** What is written of a submission: once it has ended, for a time. */
export const submissionRecord = (id: string, value: Submission): RecordDelta => {
  const record = { type: SUBMISSION, key: submissionKey(id), value };
  const { endedAt } = value;
  return endedAt === null ? record : { ...record, expiresAt: endedAt + SUBMISSION_KEPT_MS };
};

export const submissionIn = (see: Reads, id: string): Submission | undefined =>
  see.record<Submission>(SUBMISSION, submissionKey(id));

/** The hold with this id is ended by acts alone; or there is none any more. */
export const keptHold = (id: string, isKept: boolean): RecordDelta => ({
  type: KEPT_HOLD,
  key: id,
  value: isKept || null,
});

/** What it was counted in. */
export const countedIn = ({ day, from, amount }: Submission): readonly CounterAdd[] =>
  day === null ? [] : [{ name: givenOf(from), window: day as Window, add: amount }];

const EFFECTS = {
  pending: 'exchangePending',
  completed: 'exchangeCompleted',
  withdrawn: 'exchangeWithdrawn',
  expired: 'exchangeExpired',
} as const satisfies Readonly<Record<SubmissionState, string>>;

/** What is told of one whose state is another one now. `id`: as it is logged. */
export function submissionEffect(id: string, kept: Submission): Effect {
  const { state, from, to, amount, fee, result, receiver, platforms, until } = kept;
  const effect = { type: EFFECTS[state], submission: id, from, to, amount, fee, result };
  return {
    ...effect,
    ...(receiver === null ? {} : { receiver }),
    ...(state === 'pending' ? { until } : {}),
    platforms,
  };
}

/** One that is pending; or why there is none. */
export function pendingIn(see: Reads, id: string): ActRefusal | { readonly before: Submission } {
  const before = submissionIn(see, id);
  if (before === undefined) return { refusal: 'EXCHANGE_NOT_FOUND' };
  return before.state === 'pending' ? { before } : { refusal: 'EXCHANGE_NOT_PENDING' };
}

/** It ends, and nothing is exchanged: what was held is available again, what it was counted in has it no more. */
export function unexchanged(
  see: Reads,
  id: string,
  before: Submission,
  state: 'withdrawn' | 'expired',
  { owner, time }: { readonly owner: string; readonly time: number },
): Plan {
  const kept: Submission = { ...before, state, endedAt: time };
  const { from, to, amount } = before;
  return {
    legs: [],
    releases: [id],
    assets: [from, to],
    records: [submissionRecord(id, kept), keptHold(id, false)],
    counters: countedIn(before).flatMap((one) => countedBack(see, one, amount, time)),
    puts: [waits(owner, id, before, false)],
    effects: [submissionEffect(id, kept)],
    why: { submission: id },
  };
}
