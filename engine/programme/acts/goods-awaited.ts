// Goods come onto the list of those that are waited for; caused by who waits.

import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { GOODS_AWAITED, WAITING } from '../mall/waiting.js';

export const goodsAwaited = act({
  name: GOODS_AWAITED,
  version: 1,
  about: 'Goods come onto the list of those that are waited for.',
  body: { goods: id('ACT_BODY_INVALID') },
  isCausedOnly: true,
  needs: ['redeem'],
  refusals: [],

  decide: (_, { goods }, { time }) => ({
    legs: [],
    records: [{ type: WAITING, key: goods, value: { since: time } }],
    effects: [],
    why: { goods },
  }),

  /** It stays on the list: whoever looks at it finds that nobody waits. */
  undo: () => ({ effects: [], why: {} }),
});
