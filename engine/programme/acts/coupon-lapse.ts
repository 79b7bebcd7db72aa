// What a coupon's reservation had taken of its campaign's limit in total goes back, for its time is over (coupon.T2).

import { STORED_ID_LENGTH_MAX } from '../../limits.js';
import { type CouponCode, couponCodeOf } from '../../protocol/coupon-code.js';
import { words } from '../../protocol/definition-fields.js';
import { time as moment, optional } from '../../protocol/fields.js';
import { act, type RecordDelta } from '../act.js';
import { code } from '../coupons/body.js';
import { claimIn, claimingAct, claimRecord, LAPSE } from '../coupons/claim.js';

export const couponLapse = act({
  name: LAPSE,
  version: 1,
  about:
    'What a reservation of a coupon took of the limit in total goes back, for its time is over. Reservations cause it.',
  isCausedOnly: true,
  body: {
    code: code(),
    /** When the reservation ends; left out: it has ended. */
    until: optional(moment('ACT_BODY_INVALID')),
    by: optional(
      words(
        STORED_ID_LENGTH_MAX,
        'The act whose unit goes back, as the log has its id. Left out: that of the reservation.',
        'ACT_BODY_INVALID',
      ),
    ),
  },
  needs: ['earn'],
  refusals: ['ACCOUNT_BUSY'],

  decide(see, { code: typed, until, by }, { time }) {
    const { code: of } = couponCodeOf(typed) as CouponCode;
    const nothing = { legs: [], effects: [], why: {} };
    const back = (id: string, records: readonly RecordDelta[]) => {
      const past = claimingAct(see, id);
      return past === undefined || past.isUndone
        ? { ...nothing, records }
        : { ...nothing, records, reversal: { transferId: past.id } };
    };
    if (by !== undefined) return back(by, []);
    const claim = claimIn(see, of);
    if (claim === undefined) return nothing;
    // It was reserved for longer, or anew: what that has caused comes then.
    if (claim[1] > time) return claim[1] === until ? { refusal: 'ACCOUNT_BUSY' } : nothing;
    return back(claim[0], [claimRecord(of, null)]);
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
