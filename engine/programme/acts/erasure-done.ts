// Nothing is left to be erased of a member. Asked for by the gateway, once it has seen to all of it.

import { act } from '../act.js';
import { ERASING, ERASURE, ERASURE_KEY, type Erased, erasingOwner } from '../erasure.js';

export const erasureDone = act({
  name: 'erasure-done',
  version: 1,
  about: 'All that was known of a member who was erased is gone.',
  by: 'engine',
  body: {},
  needs: ['admin'],
  refusals: ['CHANGED_MEANWHILE'],

  decide(see, _, { owner, time }) {
    const known = see.record<Erased>(ERASURE, ERASURE_KEY);
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
