// An exchange that waited is carried out: there are points for it. The ledger asks for it (gateway/clearing/draining.ts), however often: it is done once.

import { STORED_ID_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { act } from '../act.js';
import { exchangeLegs, exchangeUndo, isReserveShort, membersOf } from '../coalition/decide.js';
import {
  countedIn,
  keptHold,
  pendingIn,
  type Submission,
  submissionEffect,
  submissionIn,
  submissionRecord,
  waits,
} from '../coalition/pending.js';
import { TERMS_REFUSALS, termsOf } from '../coalition/terms.js';

export const exchangeComplete = act({
  name: 'exchange-complete',
  version: 1,
  about: 'An exchange that waited for points is carried out. Made by the ledger.',
  by: 'engine',
  body: {
    submission: words(STORED_ID_LENGTH_MAX, 'Its id, as it is logged.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: [
    'EXCHANGE_NOT_FOUND',
    'EXCHANGE_NOT_PENDING',
    ...TERMS_REFUSALS,
    'RESERVE_SHORT',
    'MEMBER_UNKNOWN',
    'BUDGET_SHORT',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { submission }, at) {
    const found = pendingIn(see, submission);
    if ('refusal' in found) return found;
    const { before } = found;
    const { owner, time } = at;
    const { from, to, result } = before;
    if (time >= before.until) return { refusal: 'EXCHANGE_NOT_PENDING' };
    const terms = termsOf(see, from, to);
    if ('refusal' in terms) return terms;
    if (isReserveShort(see, terms, to, result)) return { refusal: 'RESERVE_SHORT' };
    const receiver = before.receiver ?? owner;
    const puts = membersOf(see, terms, owner, receiver);
    if ('refusal' in puts) return puts;
    const said = { ...before, receiver };
    const { legs, names } = exchangeLegs({ terms, priced: before }, said, at, submission);
    const kept: Submission = {
      ...before,
      ...{ state: 'completed', endedAt: time, completedBy: see.id },
    };
    return {
      legs,
      records: [submissionRecord(submission, kept), keptHold(submission, false)],
      puts: [...puts, waits(owner, submission, before, false)],
      effects: [submissionEffect(submission, kept)],
      why: {
        ...{ legs: names, submission, coalition: terms.coalition.version },
        ...{ source: terms.source.version, target: terms.target.version },
      },
    };
  },

  undo(see, undone, { time }) {
    const { submission } = undone.body as { readonly submission: string };
    const told = undone.effects[0] as unknown as Submission;
    const kept = submissionIn(see, submission);
    return exchangeUndo(see, undone, time, told, kept === undefined ? [] : countedIn(kept));
  },
});
