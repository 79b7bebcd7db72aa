// Pieces are taken out of the stock of goods, wherever they lie: what is lent to other shards is called back, and lent to none until then.
//   stock-take.D1. All that was asked for is taken, in one commit, or nothing; never more than there is. A no is for good only where nothing of the
//       stock is lent, reserved or on its way.

import { amount, asset } from '../../protocol/fields.js';
import { act } from '../act.js';
import { RECALL_TYPE } from '../allotments.js';

export const stockTake = act({
  name: 'stock-take',
  version: 1,
  about: 'Pieces are taken out of the stock of goods. Asked for by the gateway.',
  by: 'engine',
  body: { asset: asset(), pieces: amount() },
  needs: ['admin'],
  refusals: ['POINTS_SHORT', 'BUDGET_BUSY'],

  decide(see, { asset: code, pieces }, { owner }) {
    if (see.isExhausted(owner, code, pieces)) return { refusal: 'POINTS_SHORT' };
    const isCalled = see.record(RECALL_TYPE, code) !== undefined;
    return {
      legs: [{ from: owner, to: '@adjust', asset: code, amount: pieces }],
      records: isCalled ? [{ type: RECALL_TYPE, key: code, value: null }] : [],
      effects: [{ type: 'stockTaken', pieces }],
      why: {},
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
