// An operator says what became of a step of an exchange with a partner outside that nobody knows, or that two systems say different things of. It resolves
// what does not agree, and the process goes on by what was said.

import { INCONSISTENCY_TEXT_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { act } from '../act.js';
import { exchangeField, stepField, wordOf } from '../outside/body.js';
import {
  ADD,
  DEDUCT,
  exchangeIn,
  isEnded,
  type KeptExchange,
  ROLLBACK_SOURCE,
  ROLLBACK_TARGET,
  sideOf,
} from '../outside/process.js';
import { isHere, turned, written } from '../outside/turns.js';

const VERDICTS = ['done', 'not_done', 'retry'] as const;
type Verdict = (typeof VERDICTS)[number];

/** What is so where the step that a partner is asked for is done, or not. */
function stateBy(kept: KeptExchange, verdict: 'done' | 'not_done') {
  const isBack = kept.step === ROLLBACK_TARGET || kept.step === ROLLBACK_SOURCE;
  if (isBack) return verdict === 'done' ? 'rolled_back' : 'completed';
  return verdict === 'done' ? 'completed' : 'void';
}

/** One that has ended: what is said of its last step changes no more than that. */
function afterEnd(kept: KeptExchange, verdict: Verdict, time: number): KeptExchange | undefined {
  const known = { ...kept, open: null, updatedAt: time };
  if (verdict === 'not_done') return known;
  const name = sideOf(kept.step);
  if (kept.status !== 'failed' || isHere(kept)) return verdict === 'done' ? known : undefined;
  if (verdict === 'done') return { ...known, [name]: { ...kept[name], state: 'rolled_back' } };
  return { ...known, status: 'retrying', endedAt: null };
}

/** One that goes on; undefined: this cannot be said of it. */
function goingOn(
  exchange: string,
  kept: KeptExchange,
  verdict: Verdict,
  time: number,
): KeptExchange | undefined {
  const known = { ...kept, open: null, updatedAt: time };
  if (verdict === 'retry') return known;
  const name = sideOf(kept.step);
  const isAsked = kept[name].at !== null;
  // What is done here is known here.
  if (!isAsked && (verdict === 'done' || kept.step !== ADD)) return undefined;
  const reason = 'VERDICT';
  // What was asked for may be on its way still: the partner sees to it that it is never done.
  if (isAsked && verdict === 'not_done' && (kept.step === DEDUCT || kept.step === ADD))
    return turned(exchange, known, { word: 'late', answer: verdict, reason, isKnown: true }, time);
  const said = isAsked
    ? { ...known, [name]: { ...kept[name], state: stateBy(kept, verdict) } }
    : known;
  const word = verdict === 'done' ? 'done' : 'not';
  return turned(exchange, said, { word, answer: verdict, reason, isKnown: true }, time);
}

export const partnerExchangeVerdict = act({
  name: 'partner-exchange-verdict',
  version: 1,
  about: 'An operator says what became of a step of an exchange with a partner outside.',
  by: 'engine',
  body: {
    exchange: exchangeField(),
    step: stepField(),
    verdict: wordOf(
      VERDICTS,
      'done: the step was done; not_done: it was not, and is rolled back, so that it is not done late; retry: it is asked for again.',
    ),
    reason: words(INCONSISTENCY_TEXT_MAX, 'Why.', 'ACT_BODY_INVALID'),
    by: words(INCONSISTENCY_TEXT_MAX, 'Who says so.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: [
    'EXCHANGE_NOT_FOUND',
    'EXCHANGE_STEP_PAST',
    'EXCHANGE_STATE_INVALID',
    'RECORD_LIMIT',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { exchange, step, verdict, reason, by }, at) {
    const kept = exchangeIn(see, exchange);
    if (kept === undefined) return { refusal: 'EXCHANGE_NOT_FOUND' };
    if (kept.step !== step) return { refusal: 'EXCHANGE_STEP_PAST' };
    if (kept.open === null && kept.status !== 'retrying')
      return { refusal: isEnded(kept) ? 'EXCHANGE_STEP_PAST' : 'EXCHANGE_STATE_INVALID' };
    const after = isEnded(kept)
      ? afterEnd(kept, verdict, at.time)
      : goingOn(exchange, kept, verdict, at.time);
    if (after === undefined) return { refusal: 'EXCHANGE_STATE_INVALID' };
    const changes = written(see, exchange, at, kept, after, { reason, by });
    return { ...changes, why: { ...changes.why, verdict, reason, by } };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
