// Goods come onto the list of those that are waited for; caused by who waits.

import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { type Awaited, GOODS_AWAITED, WAITING } from '../mall/waiting.js';

export const goodsAwaited = act({
  name: GOODS_AWAITED,
  version: 1,
  about: 'Goods come onto the list of those that are waited for.',
  body: { goods: id('ACT_BODY_INVALID') },
  isCausedOnly: true,
  needs: ['redeem'],
  refusals: [],

  decide(see, { goods }, { time }) {
    const { comers = 0 } = see.record<Awaited>(WAITING, goods) ?? {};
    // Whoever takes them off the list has to see that somebody has come.
    const value = { since: time, comers: comers + 1 };
    return {
      legs: [],
      records: [{ type: WAITING, key: goods, value }],
      effects: [],
      why: { goods },
    };
  },

  /** It stays on the list: whoever looks at it finds that nobody waits. */
  undo: () => ({ effects: [], why: {} }),
});
