// A coupon is not kept for an order any more.

import { type CouponCode, couponCodeOf } from '../../protocol/coupon-code.js';
import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { code } from '../coupons/body.js';
import { claimIn, claimingAct, claimRecord, RELEASE } from '../coupons/claim.js';
import { released } from '../coupons/release.js';
import { couponIn } from '../coupons/wallet.js';
import { programme } from '../definitions/index.js';

export const couponRelease = act({
  name: RELEASE,
  version: 1,
  about: 'A coupon that was reserved for an order of a member can be used for another one.',
  body: {
    code: code(),
    /** The order that it was reserved for. */
    order: id('ACT_BODY_INVALID'),
  },
  needs: ['earn'],
  or: 'correct',
  refusals: ['COUPON_UNAVAILABLE', 'COUPON_NOT_RESERVED', 'DEFINITION_NOT_FOUND'],

  decide(see, said, { owner, time }) {
    const of = couponCodeOf(said.code);
    const had = typeof of === 'string' ? undefined : couponIn(see, of.code);
    if (had === undefined) return { refusal: 'COUPON_UNAVAILABLE' };
    const back = released(see, said.code, owner, time, ({ order }) => order === said.order);
    if (back === undefined) return { refusal: 'COUPON_NOT_RESERVED' };
    const found = see.definition(programme, had.programme);
    if (found === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { asset } = found.document;
    const claim = claimIn(see, (of as CouponCode).code);
    const past = claim && claimingAct(see, claim[0]);
    if (claim === undefined || past === undefined) return { ...back, legs: [], assets: [asset] };
    // What it took of the limit in total goes back; the rest says the undo of the reservation.
    return {
      legs: [],
      assets: [asset],
      records: [claimRecord((of as CouponCode).code, null)],
      reversal: { transferId: past.id },
      effects: [],
      why: {},
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
