// Coupons of members: what is kept of each, and of each code. Owns: those records. Never touches: who may use a coupon.
//   coupon.W1. What happens to a member's coupon is in the member's wallet; where its code is, it says whose it is. So a coupon that is one member's is used
//       on that member's shard alone, and one of a code that is nobody's yet in the commit that takes the code.
//   coupon.W2. A code that was used is the member's who used it, for ever: given back, that member has it again, and nobody else.

import { COUPON_KEPT_MS } from '../../limits.js';
import type { CouponCode } from '../../protocol/coupon-code.js';
import type { ConditionalPut, CounterAdd, Json, Reads, RecordDelta, Window } from '../act.js';
import { NOT_OF_MEMBERS, recordType, STAYS, staysUnless } from '../record-type.js';

/** The type of a member's records, by code; of what codes say, by campaign; and of which coupons an order has used, by its id. */
/** A coupon that can be used, or is reserved, says at its code whose it is: it must be used, released or over before its member is merged. */
export const WALLET = recordType(
  'coupon',
  staysUnless((value, time) => isLive(couponOf(value), time)),
);
export const SAYS = recordType('coupon-of', NOT_OF_MEMBERS);
const ORDER = recordType('coupons-of-order', STAYS);
const STATES = ['issued', 'reserved', 'used'] as const;
export type CouponState = (typeof STATES)[number];

/** A coupon in a wallet. */
export interface Coupon {
  readonly campaign: string;
  readonly programme: string;
  readonly state: CouponState;
  /** When it was issued; 0: it was not, and is there as long as it is reserved or used. */
  readonly at: number;
  /** Until when it can be used; null: as the campaign says. */
  readonly until: number | null;
  /** Anybody may use its code: what the code says decides. */
  readonly bearer: boolean;
  /** For, or in, which order. */
  readonly order: string | null;
  /** Until when it is reserved; 0: it is not. */
  readonly reserved: number;
  /** How often it was used. */
  readonly uses: number;
}

/** As it is stored. */
type Stored = readonly [
  campaign: string,
  programme: string,
  state: number,
  at: number,
  until: number | null,
  bearer: boolean,
  order: string | null,
  reserved: number,
  uses: number,
];

/** A coupon out of its record. */
export function couponOf(stored: unknown): Coupon {
  const [campaign, programme, state, at, until, bearer, order, reserved, uses] = stored as Stored;
  const is = STATES[state] as CouponState;
  return { campaign, programme, state: is, at, until, bearer, order, reserved, uses };
}

export function couponIn(see: Reads, code: string): Coupon | undefined {
  const stored = see.record<Stored & Json>(WALLET, code);
  return stored && couponOf(stored);
}

/** A coupon, written into the wallet, or taken out of it. */
export function kept(code: string, one: Coupon | null, time: number): RecordDelta {
  if (one === null) return { type: WALLET, key: code, value: null };
  const { state, until, at, reserved } = one;
  const isShown = state === 'used' || at > 0;
  const end = isShown ? (state === 'used' ? time : until) : Math.max(time, reserved);
  const { campaign, programme, bearer, order, uses } = one;
  const place = STATES.indexOf(state);
  const value: Stored = [campaign, programme, place, at, until, bearer, order, reserved, uses];
  const shown = { type: WALLET, key: code, value };
  return end === null ? shown : { ...shown, expiresAt: end + COUPON_KEPT_MS };
}

/** A coupon of a campaign that a member uses without having got it. */
export const newcomer = ({
  key,
  document,
}: {
  readonly key: string;
  readonly document: { readonly programme: string };
}): Coupon => ({
  campaign: key,
  programme: document.programme,
  state: 'issued',
  at: 0,
  until: null,
  bearer: false,
  order: null,
  reserved: 0,
  uses: 0,
});

/** Is it reserved, at this time? */
export const isReserved = ({ state, reserved }: Coupon, time: number): boolean =>
  state === 'reserved' && reserved > time;

/** Can it be used, or is it reserved, at this time? */
const isLive = (one: Coupon, time: number): boolean =>
  isReserved(one, time) ||
  (one.state !== 'used' && one.at > 0 && (one.until === null || one.until > time));

/** Where what a code says is. */
export const couponOwner = (code: string): string => `#coupon:${code}`;

/** What the code of a coupon says that nobody has: nothing, where it has a number; what is drawn says that it is there. */
const freed = ({ form }: CouponCode): Json => (form === 'numbered' ? null : { by: null });
/** It is this member's: for good, or until then, for an order. */
const heldBy = (by: string, order: string | null = null, until = 0): Json =>
  until === 0 ? { by } : { by, order, until };

const put = (of: CouponCode, expected: Json, value: Json, orLapsed = false): ConditionalPut => ({
  owner: couponOwner(of.code),
  type: SAYS,
  key: of.campaign,
  value,
  expected,
  otherwise: 'COUPON_UNAVAILABLE',
  ...(orLapsed ? { orLapsed } : {}),
});

/** Where codes are nobody’s. */
export const codes = {
  /** A new code is a member's, or there for whoever has it. */
  issued: (of: CouponCode, by: string | null): ConditionalPut => put(of, null, { by }, true),
  /** It is taken: by whoever comes first. */
  taken: (of: CouponCode, by: string): ConditionalPut => put(of, freed(of), heldBy(by), true),
  /** For so long, or for longer than it was. */
  reserved: (
    of: CouponCode,
    by: string,
    order: string,
    until: number,
    before: Coupon | undefined,
  ): ConditionalPut => {
    const was = before === undefined ? freed(of) : heldBy(by, before.order, before.reserved);
    return put(of, was, heldBy(by, order, until), before === undefined);
  },
  /** What was reserved is used. */
  used: (of: CouponCode, by: string, { order, reserved }: Coupon): ConditionalPut =>
    put(of, heldBy(by, order, reserved), heldBy(by)),
  released: (of: CouponCode, by: string, { order, reserved }: Coupon): ConditionalPut =>
    put(of, heldBy(by, order, reserved), freed(of)),
  /** What was issued is not. */
  withdrawn: (of: CouponCode, by: string | null): ConditionalPut => put(of, { by }, null),
} as const;

/** A use of a coupon in an order: which use of it that was, and in which window it was counted; 0, 0: in none. */
export type Use = readonly [code: string, uses: number, from: number, until: number];

export const usesIn = (see: Reads, order: string): readonly Use[] =>
  see.record<readonly Use[] & Json>(ORDER, order) ?? [];

export const usesRecord = (order: string, uses: readonly Use[], time: number): RecordDelta => ({
  type: ORDER,
  key: order,
  value: uses.length === 0 ? null : (uses as unknown as Json),
  ...(uses.length === 0 ? {} : { expiresAt: time + COUPON_KEPT_MS }),
});

/** The counter of what a member has used of a campaign. */
export const usedOf = (campaign: string): string => `k.${campaign}`;

/** What changes where uses are given back: the member has the coupons again. */
export function givenBack(see: Reads, uses: readonly Use[], time: number) {
  const records: RecordDelta[] = [];
  const counters: CounterAdd[] = [];
  for (const [code, number, from, until] of uses) {
    const had = couponIn(see, code);
    if (had === undefined) continue;
    const name = usedOf(had.campaign);
    const window: Window = { from, until };
    const back = counters.filter((one) => one.name === name && one.window.from === from).length;
    if (until > time && see.counter(name, window) > back) counters.push({ name, window, add: -1 });
    // Another use of it, or a reservation, is not touched.
    if (had.state !== 'used' || had.uses !== number) continue;
    const at = had.at === 0 ? time : had.at;
    const again: Coupon = { ...had, state: 'issued', at, bearer: false, order: null };
    records.push(kept(code, again, time));
  }
  return { records, counters };
}

/** What changes where an order is given back whole: the member has the coupons again that it used. */
export function orderGivenBack(see: Reads, order: string, time: number) {
  const uses = usesIn(see, order);
  const { records, counters } = givenBack(see, uses, time);
  return {
    records: uses.length === 0 ? [] : [...records, usesRecord(order, [], time)],
    counters,
    effects: uses.map(([code]) => ({ type: 'couponReturned', code })),
  };
}
