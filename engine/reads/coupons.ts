// Coupons, as they are kept: those of a member, and what a code says. Owns: the answers, out of records. Never touches: state; what may be used.
//   reads.C1. What is told is what was true when it was read: only the commit that uses a coupon says whether it can be used.

import type { OwnRecords } from '../api.js';
import { type Coupon, couponOf, couponOwner, SAYS, WALLET } from '../programme/coupons/wallet.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { CodeState, CouponPage, MemberCoupon } from '../protocol/coupon.js';
import type { CouponCode } from '../protocol/coupon-code.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;

/** Records that are read at a time where some are passed over, and how many such pages one answer reads. */
const LOOKED_AT = 256;
const PAGES_MAX = 4;

function stateOf({ state, reserved, until }: Coupon, time: number): MemberCoupon['state'] {
  if (state === 'used') return 'used';
  if (until !== null && until <= time) return 'expired';
  return state === 'reserved' && reserved > time ? 'reserved' : 'available';
}

function shown(code: string, one: Coupon, time: number): MemberCoupon {
  const { campaign, programme, at, until, order, reserved, uses } = one;
  const state = stateOf(one, time);
  return {
    ...{ code, campaign, programme, state, uses },
    ...(at === 0 ? {} : { issuedAt: at }),
    ...(until === null ? {} : { expiresAt: until }),
    ...(order === null || (state !== 'reserved' && state !== 'used') ? {} : { order }),
    ...(state === 'reserved' ? { reservedUntil: reserved } : {}),
  };
}

/** Which coupons of a member. */
export interface CouponQuery {
  readonly owner: string;
  readonly programme: string;
  readonly state?: MemberCoupon['state'] | undefined;
  /** What the page before has told. */
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Now, milliseconds since 1970. */
  readonly time: number;
}

/** A page of a member's coupons, by code. It may have fewer than `limit`, and more after it. */
export async function couponsOf(own: Own, query: CouponQuery): Promise<CouponPage | Refused> {
  const { owner, programme, state, limit, time } = query;
  const coupons: MemberCoupon[] = [];
  let after = query.cursor;
  for (let page = 0; page < PAGES_MAX; page++) {
    const recordType = recordTypeOf(WALLET);
    const found = await own.records({ owner, recordType, after, limit: LOOKED_AT });
    if (isRefusal(found)) return found;
    for (const { key, value } of found) {
      after = key;
      const one = shown(key, couponOf(recordValueIn(value)), time);
      const isAsked = one.programme === programme && (state ?? one.state) === one.state;
      if (isAsked) coupons.push(one);
      if (coupons.length === limit) return { coupons, cursor: key };
    }
    if (found.length < LOOKED_AT) return { coupons };
  }
  return after === undefined ? { coupons } : { coupons, cursor: after };
}

/** What a code of a single coupon says; undefined: nothing. */
export async function codeState(
  own: Own,
  of: CouponCode,
  time: number,
): Promise<CodeState | undefined | Refused> {
  const { code, campaign, form, serial } = of;
  const told = { code, campaign, form, ...(form === 'numbered' ? { number: serial } : {}) };
  const found = await own.record(couponOwner(code), recordTypeOf(SAYS), campaign);
  if (isRefusal(found)) return found;
  if (found === undefined) return form === 'numbered' ? { ...told, state: 'free' } : undefined;
  const { by, until } = recordValueIn(found.value) as { by: string | null; until?: number };
  if (by === null || (until !== undefined && until <= time)) return { ...told, state: 'free' };
  const kept = await own.record(by, recordTypeOf(WALLET), code);
  if (isRefusal(kept)) return kept;
  // What the member's wallet has forgotten was used, has expired, or went with what had brought it.
  if (kept === undefined) return { ...told, owner: by, state: 'gone' };
  const { uses, programme, issuedAt, ...more } = shown(
    code,
    couponOf(recordValueIn(kept.value)),
    time,
  );
  return { ...told, ...more, owner: by };
}
