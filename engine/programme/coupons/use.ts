// Whether a member may use a coupon, and what it is worth. Owns: that judgement. Never touches: what is written of it (wallet.ts).
//   coupon.U1. What a code is not, is not told: one that nobody made, that is somebody else’s, and that was used by somebody else are refused alike.
//   coupon.U2. A numbered code is good by its proof, its number below what the campaign has, and nothing else: it costs nothing until it is used.

import {
  type CouponCode,
  couponCodeOf,
  couponKeyId,
  numberedCode,
} from '../../protocol/coupon-code.js';
import type { TypeOf } from '../../protocol/fields.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import type { ActRefusal, Moment, PlannedLeg, Reads, Window } from '../act.js';
import { expressionIn } from '../cel.js';
import type { AttributeTypes } from '../definitions/attributes.js';
import { coupon, programme, type Versioned } from '../definitions/index.js';
import { scopeOf } from '../definitions/scope.js';
import { figuresOf } from '../earning/figures.js';
import { memberIn, type Programme, periodAt, tierAt, tiersIn } from '../earning/member.js';
import { windowAt } from '../earning/windows.js';
import { type Coupon, couponIn, isReserved, usedOf } from './wallet.js';

export type Campaign = Versioned<TypeOf<typeof coupon.decides>>;

/** What a coupon may be refused with, in the order in which it is looked at. */
export const COUPON_REFUSALS: readonly RefusalCode[] = [
  'COUPON_UNAVAILABLE',
  'ASSET_UNKNOWN',
  'OFFER_NOT_OPEN',
  'COUPON_EXPIRED',
  'COUPON_USED',
  'SECRETS_KEY_DIFFERS',
  'NOT_ELIGIBLE',
  'COUPON_LIMIT',
  'COUPON_ORDER_TOO_SMALL',
];

/** What a member wants to use a coupon for. */
export interface Wanted {
  readonly code: string;
  readonly order?: string | undefined;
  /** Minor units of the order. */
  readonly amount?: number | undefined;
}

/** A coupon that may be used. */
export interface Usable {
  readonly of: CouponCode;
  readonly campaign: Campaign;
  readonly programme: Programme;
  /** What the member has of it. */
  readonly had: Coupon | undefined;
  /** Does what its code says decide? Else it is the member's, or everybody's. */
  readonly isOpen: boolean;
  /** In what a use is counted; undefined: in nothing. */
  readonly window: Window | undefined;
}

/** Is a numbered code one that was made, with the key that is here? */
export function numberedRefusal(
  see: Reads,
  { campaign, serial, code }: CouponCode,
  { document }: Campaign,
) {
  const { count = 0, keyId } = document;
  if (serial >= count) return 'COUPON_UNAVAILABLE';
  const proof = (text: string): Uint8Array => see.proof(text) ?? NO_PROOF;
  if (couponKeyId(campaign, proof) !== keyId) return 'SECRETS_KEY_DIFFERS';
  return numberedCode(campaign, serial, proof) === code ? undefined : 'COUPON_UNAVAILABLE';
}

/** In place of a digest where there is no key. */
const NO_PROOF = new Uint8Array(32);

/** Does the audience of a campaign hold for a member? */
function isFor(
  see: Reads,
  of: Programme,
  { document: { audience } }: Campaign,
  time: number,
): boolean {
  if (audience === undefined) return true;
  const account = see.account(of.document.asset);
  const scope = scopeOf(undefined, of.document.profile as AttributeTypes | undefined);
  const member = memberIn(see, of.key);
  const tier = tierAt(member, of, tiersIn(see, of.key), time);
  const period = periodAt(member, of, time, time);
  const figures = { programme: of, member, tier, period, at: time, attributes: {} };
  const told = account && figuresOf(see, { ...figures, account });
  return told !== undefined && expressionIn(scope, audience, 'bool')?.of(told) === true;
}

/** May the member use it, for this? */
export function usable(see: Reads, wanted: Wanted, { time }: Moment): ActRefusal | Usable {
  const of = couponCodeOf(wanted.code);
  if (typeof of === 'string') return { refusal: 'COUPON_UNAVAILABLE' };
  const campaign = see.definition(coupon, of.campaign);
  const found = campaign && see.definition(programme, campaign.document.programme);
  if (campaign === undefined || found === undefined) return { refusal: 'COUPON_UNAVAILABLE' };
  const { codes, from = 0, to, bearer = false, limit, span = 'ever', minimum } = campaign.document;
  if ((codes === 'shared') !== (of.form === 'shared')) return { refusal: 'COUPON_UNAVAILABLE' };
  if (see.account(found.document.asset) === undefined) return { refusal: 'ASSET_UNKNOWN' };
  if (time < from) return { refusal: 'OFFER_NOT_OPEN' };
  if (to !== undefined && time >= to) return { refusal: 'COUPON_EXPIRED' };
  const had = couponIn(see, of.code);
  const isOpen = codes === 'single' && (had?.bearer ?? true);
  const refusal = isOpen
    ? openRefusal(see, of, campaign, bearer)
    : had && heldRefusal(had, codes === 'single', time);
  if (refusal !== undefined) return { refusal };
  const isOthers = had !== undefined && isReserved(had, time) && had.order !== wanted.order;
  if (isOthers) return { refusal: 'COUPON_UNAVAILABLE' };
  if (!isFor(see, found, campaign, time)) return { refusal: 'NOT_ELIGIBLE' };
  const window =
    limit === undefined ? undefined : windowAt(span, time, found.zoneOffsets ?? [0, 0], 0);
  if (window !== undefined && see.counter(usedOf(of.campaign), window) >= (limit as number))
    return { refusal: 'COUPON_LIMIT' };
  if (minimum !== undefined && (wanted.amount ?? 0) < minimum)
    return { refusal: 'COUPON_ORDER_TOO_SMALL' };
  return { of, campaign, programme: found, had, isOpen, window };
}

/** Why nobody can use a code that is nobody’s. What it says is judged where it is. */
function openRefusal(see: Reads, of: CouponCode, campaign: Campaign, bearer: boolean) {
  if (!bearer) return 'COUPON_UNAVAILABLE';
  return of.form === 'numbered' ? numberedRefusal(see, of, campaign) : undefined;
}

/** Why the member cannot use a coupon of their own. */
function heldRefusal({ state, until }: Coupon, isOnce: boolean, time: number) {
  if (isOnce && state === 'used') return 'COUPON_USED';
  return until !== null && until <= time ? 'COUPON_EXPIRED' : undefined;
}

const REDEEMER = '@redeem';

/** What a use takes of the limit in total; undefined: there is none. */
export const unitOf = ({ document: { uses, usesAsset } }: Campaign): PlannedLeg | undefined =>
  uses === undefined
    ? undefined
    : { from: uses, to: REDEEMER, asset: usesAsset as string, amount: 1 };

/** What a coupon takes off an order, in minor units; undefined: it does not, or the order is not known. */
export function discountOf({ document }: Campaign, amount: number | undefined): number | undefined {
  const { percent, amount: off, most = Number.MAX_SAFE_INTEGER } = document;
  if (off !== undefined) return Math.min(off, amount ?? off);
  if (percent === undefined || amount === undefined) return undefined;
  return Math.min(most, Number((BigInt(amount) * BigInt(percent)) / 100n));
}

/** The first time at which a coupon that is issued now can no longer be used; null: as the campaign says. */
export function untilOf({ document: { days, to } }: Campaign, time: number): number | null {
  if (days === undefined) return null;
  return Math.min(time + days * 86_400_000, to ?? Number.MAX_SAFE_INTEGER);
}
