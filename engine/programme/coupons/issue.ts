// Coupons that members get. Owns: what is written where one is issued, and where that is undone. Never touches: who issues it.
//   coupon.I1. What is drawn is named by who gets it and for what, under a key that nobody else has: no two are the same, and no counter is needed.

import { type CouponCode, couponCodeOf, drawnCode } from '../../protocol/coupon-code.js';
import type { ConditionalPut, Effect, Reads, RecordDelta } from '../act.js';
import { coupon } from '../definitions/index.js';
import { type Campaign, untilOf } from './use.js';
import { codes, couponIn, isReserved, kept } from './wallet.js';

/** Who gets a coupon, and for what: the id of the act that issues it, and which one of it. */
export interface Recipient {
  readonly owner: string;
  readonly id: string;
  readonly n: string;
}

/** What an act that issues a coupon has in its plan. */
export interface Issued {
  readonly programme: string;
  readonly record: RecordDelta;
  readonly put: ConditionalPut;
  readonly effect: Effect;
}

/** The type of the effect that says so. */
export const ISSUED = 'couponIssued';

/** The type of the effect that says that one is a member's no more. */
export const WITHDRAWN = 'couponWithdrawn';

/** Can coupons of a campaign be issued, at this time? */
export const isIssued = ({ document: { codes, to } }: Campaign, time: number): boolean =>
  codes === 'single' && (to === undefined || time < to);

/** A coupon of a campaign for a member; undefined: it cannot be issued now, or there is no key here. */
export function issuedTo(
  see: Reads,
  key: string,
  { owner, id, n }: Recipient,
  time: number,
): Issued | undefined {
  const campaign = see.definition(coupon, key);
  if (campaign === undefined || !isIssued(campaign, time)) return undefined;
  if (see.proof('') === undefined) return undefined;
  const proof = (text: string): Uint8Array => see.proof(text) as Uint8Array;
  const code = drawnCode(key, JSON.stringify([owner, id, n]), proof);
  return withCode(campaign, couponCodeOf(code) as CouponCode, owner, time);
}

/** The same with this code. */
export function withCode(campaign: Campaign, of: CouponCode, owner: string, time: number): Issued {
  const { programme, bearer = false } = campaign.document;
  const until = untilOf(campaign, time);
  const made = {
    campaign: campaign.key,
    programme,
    state: 'issued',
    at: time,
    until,
    bearer,
  } as const;
  const effect = { type: ISSUED, coupon: campaign.key, code: of.code, until };
  return {
    programme,
    record: kept(of.code, { ...made, order: null, reserved: 0, uses: 0 }, time),
    put: codes.issued(of, bearer ? null : owner),
    effect,
  };
}

/** What changes where coupons are not issued after all: those that are not used go out of the wallet. `effects`: of the act that had issued them. */
export function withdrawn(see: Reads, effects: readonly Effect[], time: number) {
  const records: RecordDelta[] = [];
  const told: Effect[] = [];
  for (const { type, code } of effects) {
    if (type !== ISSUED) continue;
    const had = couponIn(see, code as string);
    // What is reserved, or anybody's, may be used by now: it stays.
    const isLeft = had !== undefined && had.uses === 0 && !had.bearer && !isReserved(had, time);
    told.push({ type: isLeft ? WITHDRAWN : 'couponKept', code: code as string });
    if (isLeft) records.push(kept(code as string, null, time));
  }
  return { records, effects: told };
}
