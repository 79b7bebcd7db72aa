// What did not agree with a partner is put right, or explained: an operator says why. What an exchange has found on its way is resolved there.

import { INCONSISTENCY_TEXT_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  FOUND_ON_THE_WAY,
  inconsistencyEffect,
  inconsistencyIn,
  inconsistencyRecord,
  type KeptInconsistency,
  listedInconsistency,
} from '../outside/inconsistencies.js';

export const inconsistencyResolve = act({
  name: 'inconsistency-resolve',
  version: 1,
  about: 'What did not agree with a partner outside is resolved.',
  by: 'engine',
  body: {
    inconsistency: id('ACT_BODY_INVALID'),
    reason: words(INCONSISTENCY_TEXT_MAX, 'Why.', 'ACT_BODY_INVALID'),
    by: words(INCONSISTENCY_TEXT_MAX, 'Who says so.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: ['INCONSISTENCY_NOT_FOUND', 'INCONSISTENCY_STATE_INVALID', 'CHANGED_MEANWHILE'],

  decide(see, { inconsistency, reason, by }, { time }) {
    const before = inconsistencyIn(see, inconsistency);
    if (before === undefined) return { refusal: 'INCONSISTENCY_NOT_FOUND' };
    if (before.state !== 'open' || FOUND_ON_THE_WAY.includes(before.finding))
      return { refusal: 'INCONSISTENCY_STATE_INVALID' };
    const after: KeptInconsistency = {
      ...before,
      ...{ state: 'resolved', resolvedAt: time, reason, by },
    };
    return {
      legs: [],
      records: [inconsistencyRecord(inconsistency, after)],
      puts: listedInconsistency(inconsistency, after),
      effects: [inconsistencyEffect(inconsistency, after)],
      why: { reason, by },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
