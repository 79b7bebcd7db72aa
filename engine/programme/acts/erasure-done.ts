// Nothing is left to be erased of a member. Asked for by the gateway, once it has seen to all of it.

import { flag, optional, user } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  ERASING,
  ERASURE,
  ERASURE_KEY,
  type Erased,
  erasingOwner,
  personalGone,
} from '../erasure.js';

export const erasureDone = act({
  name: 'erasure-done',
  version: 1,
  about: 'All that was known of a member who was erased is gone.',
  by: 'engine',
  body: {
    /** It was merged into this member, and is erased with it: it stays so where they are parted. */
    with: optional(user()),
    /** Something is left of its own records, and goes now; it is asked again. */
    isPart: flag(false),
  },
  needs: ['admin'],
  refusals: ['CHANGED_MEANWHILE'],

  decide(see, { with: into, isPart }, { owner, time }) {
    const known = see.record<Erased>(ERASURE, ERASURE_KEY);
    if (isPart && (known ?? into) !== undefined)
      return { legs: [], records: personalGone(see), effects: [], why: {} };
    if (known === undefined && into !== undefined) {
      const value = { at: time, by: null, reason: null, doneAt: time };
      return {
        legs: [],
        records: [{ type: ERASURE, key: ERASURE_KEY, value }],
        effects: [],
        why: {},
      };
    }
    if (known === undefined || known.doneAt !== undefined)
      return { legs: [], effects: [], why: {} };
    return {
      legs: [],
      records: [{ type: ERASURE, key: ERASURE_KEY, value: { ...known, doneAt: time } }],
      puts: [
        {
          owner: erasingOwner,
          type: ERASING,
          key: owner,
          value: null,
          expected: known,
          otherwise: 'CHANGED_MEANWHILE',
        },
      ],
      effects: [],
      why: {},
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
