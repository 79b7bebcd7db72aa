// A member gets a coupon.

import { type CouponCode, couponCodeOf } from '../../protocol/coupon-code.js';
import { id, optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import { code } from '../coupons/body.js';
import { isIssued, issuedTo, WITHDRAWN, withCode, withdrawn } from '../coupons/issue.js';
import { numberedRefusal } from '../coupons/use.js';
import { codes } from '../coupons/wallet.js';
import { coupon, programme } from '../definitions/index.js';

export const couponIssue = act({
  name: 'coupon-issue',
  version: 1,
  about:
    'A member gets a coupon of a campaign of single codes: a new one, or the one of a numbered code.',
  body: {
    /** The key of the campaign. */
    coupon: id('ACT_BODY_INVALID'),
    /** One of its numbered codes. Left out: one is made. */
    code: optional(code()),
  },
  needs: ['earn'],
  refusals: [
    'DEFINITION_NOT_FOUND',
    'COUPON_NOT_ISSUED',
    'SECRETS_KEY_DIFFERS',
    'COUPON_UNAVAILABLE',
  ],

  decide(see, said, { owner, time }) {
    const campaign = see.definition(coupon, said.coupon);
    const of = campaign && see.definition(programme, campaign.document.programme);
    if (campaign === undefined || of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (!isIssued(campaign, time)) return { refusal: 'COUPON_NOT_ISSUED' };
    const given = said.code === undefined ? undefined : couponCodeOf(said.code);
    if (typeof given === 'string') return { refusal: 'COUPON_UNAVAILABLE' };
    if (given !== undefined) {
      if (given.campaign !== campaign.key || given.form !== 'numbered')
        return { refusal: 'COUPON_UNAVAILABLE' };
      const refusal = numberedRefusal(see, given, campaign);
      if (refusal !== undefined) return { refusal };
    }
    const issued =
      given === undefined
        ? issuedTo(see, campaign.key, { owner, id: see.id, n: '' }, time)
        : withCode(campaign, given, owner, time);
    if (issued === undefined) return { refusal: 'SECRETS_KEY_DIFFERS' };
    return {
      legs: [],
      assets: [of.document.asset],
      records: [issued.record],
      puts: [issued.put],
      effects: [issued.effect],
      why: { coupon: campaign.key, version: campaign.version },
    };
  },

  /** What is not used goes away, and its code is nobody's. */
  undo(see, { effects }, { owner, time }) {
    const gone = withdrawn(see, effects, time);
    const puts = gone.effects
      .filter(({ type }) => type === WITHDRAWN)
      .map(({ code: of }) => codes.withdrawn(couponCodeOf(of) as CouponCode, owner));
    return { ...gone, puts, why: {} };
  },
});
