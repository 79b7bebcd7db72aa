// An order that was held is paid: out of what is held for it, and after that has ended, out of what the member has.
//   order-confirm.D1. An order is paid once: by what was held, or anew; and never once it has been cancelled, or has lapsed.

import { REDEEMER } from '../../protocol/syntax.js';
import { act } from '../act.js';
import { LAPSE } from '../coupons/claim.js';
import { ended } from '../mall/ending.js';
import {
  completedEffect,
  numberField,
  type Order,
  orderIn,
  orderRecord,
  pointsBack,
  RETURN_PIECES,
  restOf,
} from '../mall/order.js';

export const orderConfirm = act({
  name: 'order-confirm',
  version: 1,
  about:
    'An order that was held has been paid elsewhere: its points are taken, out of what is held, or anew.',
  body: { number: numberField() },
  causes: [RETURN_PIECES, LAPSE],
  takes: 'redeem',
  needs: ['adjust'],
  or: 'correct',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_STATE_INVALID', 'POINTS_SHORT'],

  decide(see, { number }, { owner, time }) {
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    if (found.state !== 'held') return { refusal: 'ORDER_STATE_INVALID' };
    const { asset, total, id } = found;
    const held = see.hold(id);
    const isHeld = held !== undefined && held.remaining >= total;
    const leg = { from: owner, to: REDEEMER, asset, amount: total };
    // Codes are delivered with it (mall.V1).
    const { quantity, goods, codes } = found;
    const isDone = codes.length > 0;
    const done = { state: 'completed', shipped: quantity } as const;
    const after: Order = { ...found, ...(isDone ? done : { state: 'pending' }), paidBy: see.id };
    return {
      legs: total === 0 ? [] : [isHeld ? { ...leg, holdId: id } : leg],
      assets: [asset],
      records: [orderRecord(number, after, time)],
      effects: [
        { type: 'orderConfirmed', number, goods, points: total, anew: !isHeld },
        ...(isDone ? [completedEffect(number, goods, quantity)] : []),
      ],
      why: { order: number },
    };
  },

  /** Given back, its order is cancelled, whole or the rest of it. */
  undo(see, undone, { owner, time }) {
    const told = undone.effects.find(({ type }) => type === 'orderConfirmed');
    const number = told?.['number'] as string;
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    const isPaid = found.state === 'pending' && found.paidBy === undone.id;
    if (!isPaid || restOf(found) === 0) return { refusal: 'ORDER_STATE_INVALID' };
    if ((undone.now[0] ?? 0) !== pointsBack(found)) return { refusal: 'ORDER_INSEPARABLE' };
    return { ...ended(see, owner, number, found, time), why: { order: number } };
  },
});
