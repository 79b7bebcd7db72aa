// An exchange that waited for points has waited long enough: it ends, and what was held is the member's again. The ledger asks for it.

import { STORED_ID_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { act } from '../act.js';
import { pendingIn, unexchanged } from '../coalition/pending.js';

export const exchangeExpire = act({
  name: 'exchange-expire',
  version: 1,
  about: 'An exchange has waited for points as long as it may. Made by the ledger.',
  by: 'engine',
  body: {
    submission: words(STORED_ID_LENGTH_MAX, 'Its id, as it is logged.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: ['EXCHANGE_NOT_FOUND', 'EXCHANGE_NOT_PENDING', 'CHANGED_MEANWHILE'],

  decide(see, { submission }, at) {
    const found = pendingIn(see, submission);
    if ('refusal' in found) return found;
    const { before } = found;
    // By another clock it may come too soon.
    if (at.time < before.until) return { refusal: 'EXCHANGE_NOT_PENDING' };
    return unexchanged(see, submission, before, 'expired', at);
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
