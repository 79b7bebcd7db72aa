// A coupon is kept for an order, for a while.
//   coupon.R1. A reservation ends by itself: whoever looks at it after its time sees that it is over, and nobody needs to have ended it.

import { COUPON_RESERVED_MS, COUPON_RESERVED_MS_MAX } from '../../limits.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { code, orderAmount } from '../coupons/body.js';
import { claimIn, claimRecord, freed, LAPSE, lapsing, RELEASE } from '../coupons/claim.js';
import { released } from '../coupons/release.js';
import { COUPON_REFUSALS, discountOf, unitOf, usable } from '../coupons/use.js';
import { type Coupon, codes, isReserved, kept, newcomer } from '../coupons/wallet.js';

export const couponReserve = act({
  name: 'coupon-reserve',
  version: 2,
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
  causes: [LAPSE],
  needs: ['earn'],
  refusals: [...COUPON_REFUSALS, 'BUDGET_BUSY', 'BUDGET_EXHAUSTED'],

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
    // One unit of the limit in total is taken until then (coupon.T1).
    const unit = unitOf(campaign);
    const taken = claimIn(see, of.code);
    const isCounted = unit !== undefined || taken !== undefined;
    const claimed = taken?.[0] ?? see.id;
    return {
      legs: taken === undefined && unit !== undefined ? [unit] : [],
      assets: [found.programme.document.asset],
      records: [
        kept(of.code, after, time),
        ...(isCounted ? [claimRecord(of.code, [claimed, until])] : []),
      ],
      followUps: isCounted ? [lapsing(owner, of.code, until)] : [],
      puts: isOpen ? [codes.reserved(of, owner, order, until, before)] : [],
      effects: [
        { type: 'couponReserved', ...told, ...(discount === undefined ? {} : { discount }) },
      ],
      why: { coupon: campaign.key, version: campaign.version },
    };
  },

  /** It is released, where it is still reserved by this; and what it took of the limit goes back, unless it was used. */
  undo(see, { id: own, effects, by, amounts }, { owner, time }) {
    const { code: reserved, until } = effects[0] as unknown as { code: string; until: number };
    const nothing = { effects: [], why: {}, undoes: [] };
    if (by === LAPSE) return nothing;
    const isMeant = (had: Coupon): boolean => by === RELEASE || had.reserved === until;
    const back = released(see, reserved, owner, time, isMeant);
    if (by === RELEASE) return { ...nothing, ...back };
    const claim = claimIn(see, reserved);
    if (amounts.length === 0) {
      if (back === undefined || claim === undefined) return { ...nothing, ...back };
      const records = [...(back.records ?? []), claimRecord(reserved, null)];
      return { ...nothing, ...back, records, followUps: [freed(owner, reserved, claim[0])] };
    }
    const isOver = claim !== undefined && claim[1] <= time;
    if (claim?.[0] !== own || (back === undefined && !isOver))
      return { refusal: 'COUPON_NOT_RESERVED' };
    return {
      ...nothing,
      ...back,
      records: [...(back?.records ?? []), claimRecord(reserved, null)],
    };
  },
});
