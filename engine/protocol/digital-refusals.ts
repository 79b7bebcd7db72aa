// What acts of codes and gift cards refuse. Owns: a part of the catalogue (refusals.ts).

import { final } from './refusal.js';

export const DIGITAL = {
  STOCK_OF_CODES: final(
    96,
    422,
    'The pieces of these goods come and go with their codes: upload codes.',
  ),
  GOODS_WITHOUT_CODES: final(
    97,
    422,
    'The goods are not delivered as codes, or have no asset that their pieces are counted in.',
  ),
  CARD_EXISTS: final(98, 409, 'There is a card with this code.'),
  CARD_SHORT: final(
    99,
    422,
    'The card has less than this: it was used, is over, is of another programme, or there is no such card.',
  ),
  CARDS_EXCEED_ORDER: final(100, 422, 'The cards would pay more than the order comes to.'),
  CARD_NOT_FOUND: final(101, 404, 'There is no card with this code.'),
};
