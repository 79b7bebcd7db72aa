// A member exchanges points, and can wait: all is judged now; where the reserve of the target's platform is exhausted, what is given is held until there are
// points, or the time to wait is over (coalition.W1).

import { PENDING_SECONDS_DEFAULT } from '../../limits.js';
import { act } from '../act.js';
import {
  EXCHANGE_REFUSALS,
  exchanged,
  exchangeFields,
  exchangeLegs,
  exchangeUndo,
  judged,
  whyOf,
} from '../coalition/decide.js';
import {
  countedIn,
  keptHold,
  type Submission,
  submissionEffect,
  submissionRecord,
  waits,
} from '../coalition/pending.js';

export const exchangeSubmit = act({
  name: 'exchange-submit',
  version: 1,
  about:
    'A member gives points of one platform for points of another, at once or when its reserve has them: at the rate and fee of now.',
  body: exchangeFields(),
  takes: 'exchange',
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: [
    ...EXCHANGE_REFUSALS.filter((one) => one !== 'RESERVE_SHORT'),
    'RECORD_LIMIT',
    'CHANGED_MEANWHILE',
  ],

  decide(see, said, at) {
    const found = judged(see, said, at, { mayWait: true });
    if ('refusal' in found) return found;
    const { terms, priced, day, isShort, puts } = found;
    const { owner, time } = at;
    const { from, to, amount, receiver = owner } = said;
    const { fee, result } = priced;
    const { pendingSeconds = PENDING_SECONDS_DEFAULT } = terms.target.document;
    const { id } = see;
    const kept: Submission = {
      ...{ state: isShort ? 'pending' : 'completed', from, to, amount, fee, result },
      receiver: receiver === owner ? null : receiver,
      rate: 'converts' in priced ? priced.converts.rate : null,
      platforms: [terms.source.document.platform, terms.target.document.platform],
      ...{ submittedAt: time, until: time + pendingSeconds * 1_000 },
      ...(isShort ? { endedAt: null, completedBy: null } : { endedAt: time, completedBy: id }),
      day: day === undefined ? null : { from: day.from, until: day.until },
    };
    const counters = countedIn(kept);
    const record = submissionRecord(id, kept);
    if (!isShort) {
      const { legs, names } = exchangeLegs(found, said, at);
      return {
        ...{ legs, counters, puts, records: [record] },
        effects: [exchanged(said, priced, owner, terms)],
        why: whyOf(names, terms, priced),
      };
    }
    return {
      legs: [],
      hold: { asset: from, amount },
      assets: [from, to],
      records: [record, keptHold(id, true)],
      counters,
      puts: [...puts, waits(owner, id, kept, true)],
      effects: [submissionEffect(id, kept)],
      why: whyOf([], terms, priced),
    };
  },

  undo: (see, undone, { time }) =>
    // One that waits, or has waited, has moved nothing: it is withdrawn, or its completing is given back.
    undone.amounts.length === 0
      ? { refusal: 'NOT_REVERSIBLE' }
      : exchangeUndo(
          see,
          undone,
          time,
          undone.body as { from: string; to: string },
          undone.counters,
        ),
});
