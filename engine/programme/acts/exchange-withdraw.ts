// An exchange that waits for points is withdrawn: what was held is the member's again, and nothing is exchanged.

import { namedId } from '../../protocol/fields.js';
import { act } from '../act.js';
import { pendingIn, submissionId, unexchanged } from '../coalition/pending.js';

export const exchangeWithdraw = act({
  name: 'exchange-withdraw',
  version: 1,
  about: 'An exchange that waits for points is withdrawn: what was held is available again.',
  body: {
    /** The id under which it was submitted. */
    submission: namedId(),
  },
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: ['EXCHANGE_NOT_FOUND', 'EXCHANGE_NOT_PENDING', 'CHANGED_MEANWHILE'],

  decide(see, { submission }, at) {
    const id = submissionId(see, submission);
    const found = pendingIn(see, id);
    if ('refusal' in found) return found;
    const { before } = found;
    return unexchanged(see, id, before, 'withdrawn', at);
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
