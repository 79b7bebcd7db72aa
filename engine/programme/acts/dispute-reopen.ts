// What has settled a dispute is undone: its transfer is given back, and it is answered again (coalition.D2). For operators; the gateway asks for it.

import { words } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { DISPUTE_TEXT_MAX, disputeIn } from '../coalition/dispute.js';

export const disputeReopen = act({
  name: 'dispute-reopen',
  version: 1,
  about: 'The settlement of a dispute is undone: what it gave goes back, and it is decided anew.',
  by: 'engine',
  body: {
    dispute: id('ACT_BODY_INVALID'),
    reason: words(DISPUTE_TEXT_MAX, 'Why.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: ['DISPUTE_NOT_FOUND', 'DISPUTE_STATE_INVALID'],

  decide(see, { dispute, reason }) {
    const found = disputeIn(see, dispute);
    if (found === undefined) return { refusal: 'DISPUTE_NOT_FOUND' };
    if (found.settledBy === null) return { refusal: 'DISPUTE_STATE_INVALID' };
    return { legs: [], reversal: { transferId: found.settledBy }, effects: [], why: { reason } };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
