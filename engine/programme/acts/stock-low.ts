// It is said that few pieces of goods are left, or enough again: once each. Asked for by the ledger, which has looked (engine/projections/low-stock.ts).

import { AMOUNT_MAX } from '../../limits.js';
import { oneOf } from '../../protocol/definition-fields.js';
import { id, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { LOW_STOCK, STOCK_STATES } from '../mall/low-stock.js';

export const stockLow = act({
  name: 'stock-low',
  version: 1,
  about: 'Few pieces of goods are left, or enough again. Made by the ledger.',
  by: 'engine',
  body: {
    goods: id('ACT_BODY_INVALID'),
    state: oneOf(STOCK_STATES, 'Which of both.'),
    left: whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'How many pieces are left.'),
    under: whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Fewer than this are few.'),
  },
  needs: ['admin'],
  refusals: ['STOCK_TOLD'],

  decide(see, { goods, state, left, under }, { time }) {
    const before = see.record<{ readonly at: number }>(LOW_STOCK, LOW_STOCK);
    const isLow = state === 'low';
    if (isLow === (before !== undefined)) return { refusal: 'STOCK_TOLD' };
    const value = isLow ? { at: time } : null;
    return {
      legs: [],
      records: [{ type: LOW_STOCK, key: LOW_STOCK, value }],
      effects: [{ type: isLow ? 'stockLow' : 'stockEnough', goods, left, under }],
      why: { goods },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
