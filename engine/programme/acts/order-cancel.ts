// An order is cancelled: all of it that is not shipped. Its points go back into their lots, its pieces into stock, and its limit and coupon with them.

import { CANCEL_REASON_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import { LAPSE } from '../coupons/claim.js';
import { ended } from '../mall/ending.js';
import {
  cancelled,
  isOpen,
  type LegName,
  legsBack,
  numberField,
  orderIn,
  pointsBack,
  RETURN_PIECES,
  restOf,
} from '../mall/order.js';

export const orderCancel = act({
  name: 'order-cancel',
  version: 1,
  about:
    'An order of a member is cancelled: what is not shipped of it is given back, points, pieces, limit and coupon.',
  body: {
    number: numberField(),
    reason: optional(words(CANCEL_REASON_LENGTH_MAX, 'Why, for people.', 'ACT_BODY_INVALID')),
  },
  causes: [RETURN_PIECES, LAPSE],
  needs: ['redeem'],
  or: 'correct',
  own: { needs: ['redeem'] },
  refusals: ['ORDER_NOT_FOUND', 'ORDER_STATE_INVALID'],

  decide(see, { number, reason = null }, { owner, time }) {
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    if (!isOpen(found) || restOf(found) === 0) return { refusal: 'ORDER_STATE_INVALID' };
    const why = { order: number, reason };
    const assets = [found.asset];
    if (found.state === 'held') {
      const { effects, ...changes } = ended(see, owner, number, found, time);
      const releases = see.hold(found.id) === undefined ? [] : [found.id];
      return { legs: [], ...changes, assets, releases, effects, why };
    }
    if (found.paidBy !== null) {
      const points = pointsBack(found);
      // The act that had paid it says what else comes back.
      if (points > 0) {
        const reversal = { transferId: found.paidBy, legs: [{ leg: 0, amount: points }] };
        return { legs: [], assets, reversal, effects: [], why };
      }
      return { legs: [], assets, ...ended(see, owner, number, found, time), why };
    }
    const past = see.past(found.id);
    if (past === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    const legs = legsBack(found, past.why['legs'] as readonly LegName[], past.amounts);
    if (legs.length > 0)
      return { legs: [], assets, reversal: { transferId: past.id, legs }, effects: [], why };
    // What costs nothing and has no end is given back at once, and a part of it moves nothing.
    if (past.amounts.length === 0 && found.shipped === 0)
      return { legs: [], assets, reversal: { transferId: past.id }, effects: [], why };
    return { legs: [], assets, ...cancelled(see, owner, number, found, time), why };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
