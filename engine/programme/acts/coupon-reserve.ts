// A coupon is kept for an order, for a while.
//   coupon.R1. A reservation ends by itself: whoever looks at it after its time sees that it is over, and nobody needs to have ended it.

import { COUPON_RESERVED_MS, COUPON_RESERVED_MS_MAX } from '../../limits.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { code, orderAmount } from '../coupons/body.js';
import { released } from '../coupons/release.js';
import { COUPON_REFUSALS, discountOf, usable } from '../coupons/use.js';
import { codes, isReserved, kept, newcomer } from '../coupons/wallet.js';

export const couponReserve = act({
  name: 'coupon-reserve',
  version: 1,
  about: 'A coupon is kept for an order of a member until a time; asked for again, for longer.',
  body: {
    code: code(),
    /** The order that it is for. */
    order: id('ACT_BODY_INVALID'),
    amount: optional(orderAmount()),
    /** For how long, in milliseconds. Left out: 15 minutes. */
    forMs: optional(
      whole(1, COUPON_RESERVED_MS_MAX, 'ACT_BODY_INVALID', 'For how long, in milliseconds.'),
    ),
  },
  needs: ['earn'],
  refusals: COUPON_REFUSALS,

  decide(see, said, at) {
    const found = usable(see, said, at);
    if ('refusal' in found) return found;
    const { owner, time } = at;
    const { of, campaign, had, isOpen } = found;
    const { order } = said;
    const until = time + (said.forMs ?? COUPON_RESERVED_MS);
    const before = had !== undefined && isReserved(had, time) ? had : undefined;
    const one = had ?? newcomer(campaign);
    const after = { ...one, state: 'reserved', order, reserved: until, bearer: isOpen } as const;
    const discount = discountOf(campaign, said.amount);
    const told = { coupon: campaign.key, code: of.code, order, until };
    return {
      legs: [],
      assets: [found.programme.document.asset],
      records: [kept(of.code, after, time)],
      puts: isOpen ? [codes.reserved(of, owner, order, until, before)] : [],
      effects: [
        { type: 'couponReserved', ...told, ...(discount === undefined ? {} : { discount }) },
      ],
      why: { coupon: campaign.key, version: campaign.version },
    };
  },

  /** It is released, where it is still reserved by this. */
  undo(see, { effects }, { owner, time }) {
    const { code: reserved, until } = effects[0] as unknown as { code: string; until: number };
    const back = released(see, reserved, owner, time, (had) => had.reserved === until);
    return back ?? { effects: [], why: {} };
  },
});
