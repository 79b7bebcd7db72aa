// A mark of risk is lifted.

import { RISK_REASON_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { id, optional, time } from '../../protocol/fields.js';
import { act } from '../act.js';
import { marksIn, marksInForce, marksRecord, quietIn, RISK_LIFT } from '../risk/marks.js';

export const riskLift = act({
  name: RISK_LIFT,
  version: 1,
  about: 'A mark of risk is lifted: it stops nothing from then on.',
  body: {
    mark: id('ACT_BODY_INVALID'),
    reason: words(RISK_REASON_LENGTH_MAX, 'Why, for whoever asks later.', 'ACT_BODY_INVALID'),
    /** Until when its rule does not mark the member again, in milliseconds since 1970; left out: it may at once. */
    quietUntil: optional(time('ACT_BODY_INVALID')),
  },
  needs: ['freeze'],
  isOfWhole: true,
  refusals: ['RISK_NOT_FOUND'],

  decide(see, { mark, reason, quietUntil }, { time: now, principal }) {
    const kept = marksIn(see);
    const all = marksInForce(kept, now);
    const found = all.find((one) => one.mark === mark);
    if (found === undefined) return { refusal: 'RISK_NOT_FOUND' };
    const quiet = quietIn(kept, now);
    if (quietUntil !== undefined && quietUntil > now) quiet[mark] = quietUntil;
    const by = principal ?? 'engine';
    const since = { markedAt: found.at, action: found.action, markReason: found.reason };
    return {
      legs: [],
      records: [marksRecord({ marks: all.filter((one) => one !== found), quiet })],
      effects: [{ type: 'riskLifted', mark, at: now, by, cause: 'lifted', reason, ...since }],
      why: { mark, reason },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
