// An order that was held was not paid in time: it ends, and its pieces come back. The ledger asks for it.

import { act } from '../act.js';
import { LAPSE } from '../coupons/claim.js';
import { ended } from '../mall/ending.js';
import { numberField, orderIn, RETURN_PIECES } from '../mall/order.js';

export const orderLapse = act({
  name: 'order-lapse',
  version: 1,
  about: 'An order that was held was not paid in time. Made by the ledger.',
  by: 'engine',
  body: { number: numberField() },
  causes: [RETURN_PIECES, LAPSE],
  needs: ['admin'],
  refusals: ['ORDER_NOT_FOUND', 'ORDER_STATE_INVALID'],

  decide(see, { number }, { owner, time }) {
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    if (found.state !== 'held' || time < (found.until as number))
      return { refusal: 'ORDER_STATE_INVALID' };
    return {
      legs: [],
      assets: [found.asset],
      ...ended(see, owner, number, found, time),
      why: { order: number, reason: 'lapsed' },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
