// A reservation that is ended before its time. Owns: what is written then.

import { type CouponCode, couponCodeOf } from '../../protocol/coupon-code.js';
import type { Reads, Undo } from '../act.js';
import { type Coupon, codes, couponIn, isReserved, kept } from './wallet.js';

/** What changes where a coupon is released; undefined: it is not reserved, or not this way. */
export function released(
  see: Reads,
  typed: string,
  owner: string,
  time: number,
  isMeant: (had: Coupon) => boolean,
): Undo | undefined {
  const of = couponCodeOf(typed) as CouponCode;
  const had = couponIn(see, of.code);
  if (had === undefined || !isReserved(had, time) || !isMeant(had)) return undefined;
  const { campaign, order, at, uses } = had;
  const free: Coupon = { ...had, state: 'issued', order: null, reserved: 0 };
  const isLeft = at > 0 || uses > 0;
  return {
    records: [kept(of.code, isLeft ? free : null, time)],
    puts: had.bearer ? [codes.released(of, owner, had)] : [],
    effects: [{ type: 'couponReleased', coupon: campaign, code: of.code, order }],
    why: { coupon: campaign },
  };
}
