// Two members again of one, while the merge can be undone.

import { MERGE_REASON_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { flag } from '../../protocol/fields.js';
import { act } from '../act.js';
import { MEMBER_UNMERGED, mergedIn, UNMERGE } from '../merging.js';

export const unmerge = act({
  name: UNMERGE,
  version: 1,
  about:
    'A merge is undone: what came by it goes back, out of the lots that it came in as far as they are left, and what was counted by what was added.',
  body: {
    reason: words(MERGE_REASON_LENGTH_MAX, 'Why, for whoever asks later.', 'ACT_BODY_INVALID'),
    /** Where the other member has not enough left: it owes the rest, and the merge is undone all the same. */
    allowDebt: flag(false),
  },
  needs: ['merge'],
  isOfWhole: true,
  refusals: ['MERGE_NOT_FOUND', 'MERGE_OVER', 'MEMBER_MERGED', 'MEMBER_UNSETTLED', 'POINTS_SHORT'],

  decide(see, { reason, allowDebt = false }, { time }) {
    const merged = mergedIn(see);
    if (merged === undefined) return { refusal: 'MERGE_NOT_FOUND' };
    const { into, now, id, until } = merged;
    // What came over has gone on: the later merge is undone first.
    if (now !== into) return { refusal: 'MEMBER_MERGED' };
    if (time >= until) return { refusal: 'MERGE_OVER' };
    return {
      legs: [],
      reversal: { transferId: id, ...(allowDebt ? { allowDebt } : {}) },
      effects: [{ type: MEMBER_UNMERGED, into, merge: id, reason }],
      why: { into, merge: id, reason },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
