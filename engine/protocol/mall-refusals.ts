// What acts of the mall refuse. Owns: a part of the catalogue (refusals.ts).

import { either, final } from './refusal.js';

export const MALL = {
  GOODS_ENDLESS: final(90, 422, 'There is no end of these goods: nobody waits for them.'),
  WAITING_ALREADY: final(91, 409, 'The member waits for these goods already.'),
  WAITING_OVER: final(92, 409, 'The member does not wait any more, or waits anew.'),
  STOCK_TOLD: final(32, 409, 'It has been said already whether few pieces of the goods are left.'),
  GOODS_LIMIT: final(55, 422, 'The member has had as many of these goods as the span allows.'),
  QUOTE_INVALID: final(
    56,
    422,
    'The quote was not made by this ledger for this member and what is asked for.',
  ),
  QUOTE_EXPIRED: final(57, 409, 'The quote has expired: ask for another one.'),
  PRICE_DIFFERS: final(58, 409, 'The goods do not cost what was expected.'),
  SOLD_OUT: either(59, 221, 409, 'There are not so many pieces of the goods left.'),
  ORDER_QUANTITY: final(66, 422, 'There are more pieces than one order, or the rest of it, has.'),
  ORDER_UNTIL_INVALID: final(
    67,
    422,
    'These goods cannot be held until then: the time is past, or later than they allow.',
  ),
  ORDER_NOT_FOUND: final(68, 404, 'The member has no order with this number.'),
  ORDER_STATE_INVALID: final(
    69,
    409,
    'This cannot be done to the order as it is: it is held, paid, shipped, completed or cancelled.',
  ),
  ORDER_INSEPARABLE: final(
    73,
    422,
    'Of an order all that is not shipped is given back, points and pieces together, and no other part.',
  ),
  COUPON_WITHOUT_DISCOUNT: final(
    74,
    422,
    'The coupon is worth points: it takes nothing off an order.',
  ),
  ORDER_SHIPMENTS: final(75, 422, 'The order has as many shipments as one may have.'),
};
