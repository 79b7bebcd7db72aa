// What an order whose points another act had paid has taken of stock comes back. What gives back, or ends, such an order causes it.

import { json } from '../../protocol/definition-fields.js';
import { namedId } from '../../protocol/fields.js';
import { act } from '../act.js';
import { RETURN_PIECES } from '../mall/order.js';

type Legs = readonly { readonly leg: number; readonly amount: number }[];

export const orderReturnPieces = act({
  name: RETURN_PIECES,
  version: 1,
  about: 'The pieces of an order that was held come back. What ends the order causes it.',
  isCausedOnly: true,
  body: {
    /** The act of the order, as the log has its id. */
    order: namedId(),
    legs: json<Legs>(
      { type: 'array', items: { type: 'object' } },
      Array.isArray,
      'How much of which of its legs.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['redeem'],
  refusals: ['TRANSFER_NOT_FOUND'],

  decide(see, { order, legs }) {
    const past = see.past(order);
    if (past === undefined) return { refusal: 'TRANSFER_NOT_FOUND' };
    return {
      legs: [],
      effects: [{ type: 'piecesReturned', order: past.id }],
      why: { order: past.id },
      reversal: { transferId: past.id, legs },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
