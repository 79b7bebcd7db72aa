// Pieces of an order are sent: all that are left, or some.

import { ORDER_PIECES_MAX, SHIPMENTS_MAX, TRACKING_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { numberField, type Order, orderIn, orderRecord, restOf } from '../mall/order.js';

export const orderShip = act({
  name: 'order-ship',
  version: 1,
  about: 'Pieces of an order of a member are sent: from then on they are not given back.',
  body: {
    number: numberField(),
    quantity: optional(
      whole(
        1,
        ORDER_PIECES_MAX,
        'ACT_BODY_INVALID',
        'How many pieces. Left out: all that are left.',
      ),
    ),
    tracking: optional(
      words(TRACKING_LENGTH_MAX, 'By what the parcel is followed.', 'ACT_BODY_INVALID'),
    ),
  },
  needs: ['adjust'],
  or: 'correct',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_STATE_INVALID', 'ORDER_QUANTITY', 'ORDER_SHIPMENTS'],

  decide(see, { number, quantity: said, tracking = null }, { time }) {
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    const rest = restOf(found);
    if (found.state !== 'pending' || rest === 0) return { refusal: 'ORDER_STATE_INVALID' };
    const quantity = said ?? rest;
    if (quantity > rest) return { refusal: 'ORDER_QUANTITY' };
    if (found.shipments.length >= SHIPMENTS_MAX) return { refusal: 'ORDER_SHIPMENTS' };
    const shipments = [...found.shipments, { quantity, at: time, tracking }];
    const after: Order = { ...found, shipped: found.shipped + quantity, shipments };
    return {
      legs: [],
      assets: [found.asset],
      records: [orderRecord(number, after, time)],
      effects: [
        {
          type: 'orderShipped',
          number,
          goods: found.goods,
          quantity,
          left: rest - quantity,
          tracking,
        },
      ],
      why: { order: number },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
