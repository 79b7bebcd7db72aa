// A member is told that there are goods again, and waits no more. Asked for by the ledger itself (gateway/mall/telling.ts), however often: it is told once.

import { id, time } from '../../protocol/fields.js';
import { act } from '../act.js';
import { WAITING, waitingOwner } from '../mall/waiting.js';

export const goodsBack = act({
  name: 'goods-back',
  version: 1,
  about: 'A member is told that there are pieces of goods again.',
  by: 'engine',
  body: {
    goods: id('ACT_BODY_INVALID'),
    /** Since when the member waits. */
    since: time('ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: ['WAITING_OVER'],

  decide: (_, { goods, since }, { owner }) => ({
    legs: [],
    puts: [
      {
        ...{ owner: waitingOwner(goods), type: WAITING, key: owner },
        ...{ value: null, expected: { since }, otherwise: 'WAITING_OVER' as const },
      },
    ],
    effects: [{ type: 'goodsBack', goods, since }],
    why: { goods },
  }),

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
