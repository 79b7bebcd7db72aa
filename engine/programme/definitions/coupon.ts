// A campaign of coupons: what a coupon is worth, who may use it, how its codes look.

import { AMOUNT_MAX } from '../../limits.js';
import { COUPON_CODES_MAX, isSharedCode, isSingleKey } from '../../protocol/coupon-code.js';
import { budget, oneOf } from '../../protocol/definition-fields.js';
import { amount, asset, flag, id, optional, time, whole } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { SPANS } from './rule.js';
import { AUDIENCE, audienceProblem, timesProblem } from './validity.js';

export const COUPON_CODES = ['single', 'shared'] as const;
const DAYS_MAX = 36_500;
const PERCENT_MAX = 100;
const of = (most: number, about: string) => optional(whole(1, most, 'DEFINITION_INVALID', about));

export const coupon = kind({
  name: 'coupon',
  about:
    'A campaign of coupons. Its key is the code itself, where that is shared; else four letters that all its codes begin with.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    codes: oneOf(COUPON_CODES, 'single: each code is used once. shared: one code, for many.'),
    percent: of(PERCENT_MAX, 'A discount in percent of the order, rounded down.'),
    amount: of(AMOUNT_MAX, 'A discount in minor units of the order.'),
    most: of(AMOUNT_MAX, 'The most that a discount in percent comes to.'),
    minimum: of(AMOUNT_MAX, 'Only for orders of at least so many minor units.'),
    /** Points that are credited instead of a discount. */
    points: optional(amount()),
    /** Who pays the points. Left out: they are issued. */
    budget: optional(budget()),
    /** What each use takes one unit of, so that there is a limit in total: a budget, filled by an operator. */
    uses: optional(budget()),
    /** The asset of those units. */
    usesAsset: optional(asset()),
    limit: of(AMOUNT_MAX, 'How often a member may use coupons of the campaign in a span.'),
    span: optional(
      oneOf(SPANS, 'In what the limit counts, in the zone of the programme. Left out: ever.'),
    ),
    from: optional(time('DEFINITION_INVALID')),
    to: optional(time('DEFINITION_INVALID')),
    days: of(DAYS_MAX, 'For how many days after it was issued a coupon can be used.'),
    audience: AUDIENCE,
    /** Whoever has the code may use it; else only the member that it was issued to. */
    bearer: flag(false),
    /** Does the member have it again when the order is returned that used it, or the use of it reversed? */
    returns: flag(true),
    count: of(COUPON_CODES_MAX, 'How many numbered codes there are. Set where they are generated.'),
    /** Which key they were made with. Set where they are generated. */
    keyId: optional(id('DEFINITION_INVALID')),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: (document, key, known) => {
    const { codes, percent, amount, points, most, minimum, budget, bearer } = document;
    const { uses, usesAsset, days, count, keyId, span, limit } = document;
    const isSingle = codes === 'single';
    const wrong = (field: string, detail: string) => ({ field, detail });
    if (isSingle && !isSingleKey(key))
      return wrong(
        'codes',
        'The key of single codes is four letters or digits out of A-Z 2-9 without I, L, O, U.',
      );
    if (!isSingle && !isSharedCode(key))
      return wrong(
        'codes',
        'The key of a shared code is the code: 3 to 16 letters A-Z and digits.',
      );
    if ([percent, amount, points].filter((one) => one !== undefined).length !== 1)
      return wrong('percent', 'A coupon is worth one of percent, amount and points.');
    if (most !== undefined && percent === undefined)
      return wrong('most', 'most goes with percent.');
    if (minimum !== undefined && points !== undefined)
      return wrong('minimum', 'minimum goes with a discount.');
    if (budget !== undefined && points === undefined)
      return wrong('budget', 'budget goes with points.');
    if ((uses === undefined) !== (usesAsset === undefined))
      return wrong('uses', 'uses and usesAsset belong together.');
    if (span !== undefined && limit === undefined) return wrong('span', 'span goes with limit.');
    const times = timesProblem(document);
    if (times !== null) return times;
    if (!isSingle && (days !== undefined || bearer !== undefined || count !== undefined))
      return wrong('codes', 'days, bearer and count are of single codes.');
    if (bearer === true && days !== undefined)
      return wrong('days', 'days goes with coupons that are one member’s.');
    if ((count === undefined) !== (keyId === undefined))
      return wrong('count', 'count and keyId are set together, where codes are generated.');
    const before = known('coupon', key);
    if (before !== undefined && before !== 'unknown') {
      for (const field of ['programme', 'codes', 'bearer'] as const)
        if ((before[field] ?? false) !== (document[field] ?? false))
          return wrong(field, 'Coupons that are out would be others: it cannot change.');
      if (((before['count'] as number | undefined) ?? 0) > (count ?? 0))
        return wrong('count', 'Codes that are there would be none: count never falls.');
      if ((before['keyId'] ?? keyId) !== keyId)
        return wrong('keyId', 'The codes that are there were made with another key.');
    }
    return audienceProblem(document, known);
  },
});
