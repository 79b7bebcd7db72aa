// How an exchange with a partner outside goes on: one table, and what an answer means. Owns: both. Never touches: records, legs, who asks.
//   outside.T1. From each step each word leads to one other step, or to an end; what is not known leads nowhere, but where it is too late to go on.
//   outside.T2. `refused`, `void` and `rolled_back` are final, `absent` and `pending` are not: an operation that a partner has not seen may reach it still.
//   outside.T3. What the partner says of another user, asset, amount or kind than was asked for, or takes back before it is asked to, says nothing but that:
//       it is contrary.

import type { InconsistencyKind, OperationKind, PartnerStep } from '../../protocol/outside.js';
import {
  ADD,
  CONFIRM,
  DEDUCT,
  type KeptExchange,
  type KeptSide,
  ROLLBACK_SOURCE,
  ROLLBACK_TARGET,
  sideOf,
} from './process.js';

/** What a step came to: it is done; it is not, and never will be; it is not known, and it is too late to go on, or nobody wants to. */
export type Word = 'done' | 'not' | 'late';

/** What a row of the table is for; left out: any. */
export type Where =
  | 'the source was asked, or holds'
  | 'the target was asked'
  | 'source undone, target here'
  | 'source undone';

/** A row: the first one that is for it, counts. */
export interface Transition {
  readonly at: PartnerStep;
  readonly word: Word;
  readonly where?: Where;
  readonly next: PartnerStep | 'completed' | 'failed';
  /** What does not agree then. */
  readonly opens?: readonly [kind: InconsistencyKind, finding: string];
}

export const TRANSITIONS: readonly Transition[] = [
  { at: DEDUCT, word: 'done', next: ADD },
  { at: DEDUCT, word: 'not', next: 'failed' },
  { at: DEDUCT, word: 'late', where: 'the source was asked, or holds', next: ROLLBACK_SOURCE },
  { at: DEDUCT, word: 'late', next: 'failed' },
  { at: ADD, word: 'done', next: CONFIRM },
  { at: ADD, word: 'not', next: ROLLBACK_SOURCE },
  { at: ADD, word: 'late', where: 'the target was asked', next: ROLLBACK_TARGET },
  { at: ADD, word: 'late', next: ROLLBACK_SOURCE },
  { at: CONFIRM, word: 'done', next: 'completed' },
  {
    ...{ at: CONFIRM, word: 'not', next: ROLLBACK_TARGET },
    opens: ['cross_system_mismatch', 'undone_in_source'],
  },
  { at: ROLLBACK_TARGET, word: 'done', next: ROLLBACK_SOURCE },
  {
    ...{ at: ROLLBACK_TARGET, word: 'not', where: 'source undone, target here' },
    ...{ next: 'completed', opens: ['cross_system_mismatch', 'spent_in_target'] },
  },
  {
    ...{ at: ROLLBACK_TARGET, word: 'not', where: 'source undone' },
    ...{ next: 'failed', opens: ['cross_system_mismatch', 'stands_in_target'] },
  },
  { at: ROLLBACK_TARGET, word: 'not', next: CONFIRM },
  { at: ROLLBACK_SOURCE, word: 'done', next: 'failed' },
  {
    ...{ at: ROLLBACK_SOURCE, word: 'not', next: 'failed' },
    opens: ['failed_unfreeze', 'stands_in_source'],
  },
];

/** Is what was asked for not done, or not any more, for ever? */
export const isUndone = ({ state }: Pick<KeptSide, 'state'>): boolean =>
  state === 'refused' || state === 'void' || state === 'rolled_back';

const IS: Readonly<Record<Where, (kept: KeptExchange) => boolean>> = {
  'the source was asked, or holds': ({ source }) => !source.isOutside || source.at !== null,
  'the target was asked': ({ target }) => target.at !== null,
  'source undone, target here': ({ source, target }) => isUndone(source) && !target.isOutside,
  'source undone': ({ source }) => isUndone(source),
};

/** Where it goes from the step that it is at. Throws where the word is none of that step. */
export function nextOf(kept: KeptExchange, word: Word): Transition {
  const found = TRANSITIONS.find(
    (one) =>
      one.at === kept.step && one.word === word && (one.where === undefined || IS[one.where](kept)),
  );
  if (found === undefined) throw new Error(`T1: ${word} at ${kept.step}`);
  return found;
}

/** What is heard of a step; `unknown`: nothing that counts. Left out: it is to be done here. */
export interface Heard {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly kind?: OperationKind | undefined;
  readonly user?: string | undefined;
  readonly asset?: string | undefined;
  readonly amount?: number | undefined;
}

export type Meaning = 'done' | 'not' | 'unknown' | 'contrary';

const ASKED: Readonly<Record<string, Meaning>> = {
  ...{ completed: 'done', refused: 'not', void: 'not', rolled_back: 'not' },
};
const ROLLED_BACK: Readonly<Record<string, Meaning>> = {
  ...{ rolled_back: 'done', void: 'done', refused: 'done' },
};

/** What a partner's answer means at a step that it is asked for. */
export function meaningOf(kept: KeptExchange, { state = 'unknown', ...heard }: Heard): Meaning {
  const { step } = kept;
  if (state === 'unknown') return 'unknown';
  if (state === 'absent') return step === CONFIRM ? 'contrary' : 'unknown';
  const { user, asset, amount } = kept[sideOf(step)];
  const kind = sideOf(step) === 'source' ? 'deduct' : 'add';
  const differs = (told: string | number | undefined, asked: string | number | null): boolean =>
    told !== undefined && told !== asked;
  const isOther =
    differs(heard.kind, kind) ||
    differs(heard.user, user) ||
    differs(heard.asset, asset) ||
    differs(heard.amount, amount);
  if (isOther) return 'contrary';
  const isForward = step !== ROLLBACK_TARGET && step !== ROLLBACK_SOURCE;
  if (isForward) return ASKED[state] ?? 'unknown';
  // It stands where the partner says why.
  if (state === 'completed' && heard.code !== undefined) return 'not';
  return ROLLED_BACK[state] ?? 'unknown';
}
