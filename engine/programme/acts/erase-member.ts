// A member is erased: from then on nothing personal is taken for it. Points, entries and what limits have counted stay under its name. What the ledger has of it
// outside its own records goes after this, by whoever serves `#erasing` (gateway/vault).

import { ERASURE_REASON_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  ERASING,
  ERASURE,
  ERASURE_KEY,
  type Erased,
  erasingOwner,
  personalGone,
} from '../erasure.js';

export const eraseMember = act({
  name: 'erase-member',
  version: 1,
  about: 'What is known of the person behind a member is erased; points stay under its name.',
  body: {
    /** Never a name, or what else says who it is: it stays. */
    reason: optional(words(ERASURE_REASON_LENGTH_MAX, 'Why.', 'ACT_BODY_INVALID')),
  },
  needs: ['correct'],
  or: 'admin',
  isOfWhole: true,
  refusals: ['CHANGED_MEANWHILE'],

  decide(see, { reason }, { owner, time, principal }) {
    const known = see.record<Erased>(ERASURE, ERASURE_KEY);
    if (known !== undefined)
      return { legs: [], effects: [{ type: 'memberErased', again: true }], why: {} };
    const value = { at: time, by: principal ?? null, reason: reason ?? null };
    return {
      legs: [],
      records: [{ type: ERASURE, key: ERASURE_KEY, value }, ...personalGone(see)],
      puts: [
        {
          owner: erasingOwner,
          type: ERASING,
          key: owner,
          value,
          expected: null,
          otherwise: 'CHANGED_MEANWHILE',
        },
      ],
      effects: [{ type: 'memberErased', again: false }],
      why: {},
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
