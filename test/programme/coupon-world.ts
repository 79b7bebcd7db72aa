// A programme with coupons, in memory. Owns: its campaigns, its key, how what came of an act is told. Never touches: what coupons are worth.

import { couponKeyId, numberedCode } from '../../engine/protocol/coupon-code.js';
import { keyedDigest } from '../../engine/protocol/keyed-digest.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { SHOP, World } from './earning-world.js';

export const SECRET = new Uint8Array(32).fill(9);
export const proof = (text: string): Uint8Array => keyedDigest(SECRET, text);

/** The code of a campaign with a number. */
export const numbered = (campaign: string, serial: number): string =>
  numberedCode(campaign, serial, proof);

export const keyOf = (campaign: string): string => couponKeyId(campaign, proof);

/** A code or `ok`. */
export const isOk = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);

/** A campaign of numbered codes for whoever has them. */
export const generated = (campaign: string, count = 1_000) =>
  ({ programme: SHOP, codes: 'single', bearer: true, count, keyId: keyOf(campaign) }) as const;

export class CouponWorld extends World {
  #backs = 0;

  constructor(campaigns: Readonly<Record<string, object>>) {
    super();
    this.ledger.ledger.secret = () => SECRET;
    for (const [key, document] of Object.entries(campaigns))
      this.define('coupon', key, { programme: SHOP, ...document });
  }

  issue(coupon: string, owner = 'ann', more: object = {}, id?: string): string {
    const outcome = this.act('coupon-issue', { coupon, ...more }, owner, id);
    return outcome.ok ? String(outcome.act?.effects[0]?.['code']) : outcome.code;
  }

  reserve(code: string, order: string, owner = 'ann', more: object = {}): string {
    return isOk(this.act('coupon-reserve', { code, order, ...more }, owner));
  }

  release(code: string, order: string, owner = 'ann'): string {
    return isOk(this.act('coupon-release', { code, order }, owner));
  }

  redeem(code: string, owner = 'ann', more: object = {}, id?: string): string {
    const outcome = this.act('coupon-redeem', { code, ...more }, owner, id);
    if (!outcome.ok) return outcome.code;
    const { discount, points } = (outcome.act?.effects[0] ?? {}) as Readonly<
      Record<string, number>
    >;
    if (discount !== undefined) return `-${discount}`;
    return points === undefined ? 'ok' : `+${points}`;
  }

  /** An act is given back: what is told of it. */
  back(transferId: string, owner = 'ann'): string {
    const outcome = this.do({
      type: 'reverse',
      id: `b${++this.#backs}`,
      owner,
      transferId,
    } as never);
    return outcome.ok ? (outcome.act?.effects ?? []).map(({ type }) => type).join() : outcome.code;
  }
}
