// An order is completed: the member has all of it that was not given back.

import { act } from '../act.js';
import {
  completedEffect,
  numberField,
  type Order,
  orderIn,
  orderRecord,
  restOf,
} from '../mall/order.js';

export const orderComplete = act({
  name: 'order-complete',
  version: 1,
  about: 'A member has got an order: what was not said to be shipped counts as shipped.',
  body: { number: numberField() },
  needs: ['adjust'],
  or: 'correct',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_STATE_INVALID'],

  decide(see, { number }, { time }) {
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    if (found.state !== 'pending') return { refusal: 'ORDER_STATE_INVALID' };
    const shipped = found.shipped + restOf(found);
    const after: Order = { ...found, state: 'completed', shipped };
    return {
      legs: [],
      assets: [found.asset],
      records: [orderRecord(number, after, time)],
      effects: [completedEffect(number, found.goods, shipped)],
      why: { order: number },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
