// Goods for which nobody waits go off the list of those that are waited for. Asked for by the ledger itself (gateway/mall/telling.ts), which has looked.

import { AMOUNT_MAX } from '../../limits.js';
import { id, time, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { type Awaited, WAITING } from '../mall/waiting.js';

export const goodsUnlisted = act({
  name: 'goods-unlisted',
  version: 1,
  about: 'Goods for which nobody waits go off the list of those that are waited for.',
  by: 'engine',
  body: {
    goods: id('ACT_BODY_INVALID'),
    /** As the list said it when nobody waited. */
    since: time('ACT_BODY_INVALID'),
    comers: whole(0, AMOUNT_MAX, 'ACT_BODY_INVALID', 'Likewise: how many had come.'),
  },
  needs: ['admin'],
  refusals: ['WAITING_OVER'],

  decide(see, { goods, since, comers }) {
    const found = see.record<Awaited>(WAITING, goods);
    // Somebody has come since.
    if (found?.since !== since || (found.comers ?? 0) !== comers)
      return { refusal: 'WAITING_OVER' };
    return {
      legs: [],
      records: [{ type: WAITING, key: goods, value: null }],
      effects: [{ type: 'goodsUnlisted', goods }],
      why: { goods },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
