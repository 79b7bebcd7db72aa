// A member asks to be told when there are goods again. Withdrawn by reversing it.

import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { TERMS_REFUSALS, termsOf } from '../mall/terms.js';
import { GOODS_AWAITED, WAITING, WAITING_MS, WAITLISTS, waitingOwner } from '../mall/waiting.js';

export const goodsWait = act({
  name: 'goods-wait',
  version: 1,
  about: 'A member asks to be told, once, when there are pieces of goods: for 90 days.',
  body: {
    /** The key of the goods. */
    goods: id('ACT_BODY_INVALID'),
  },
  causes: [GOODS_AWAITED],
  needs: ['redeem'],
  own: { needs: ['redeem'], isWithdrawn: true },
  refusals: [...TERMS_REFUSALS, 'GOODS_ENDLESS', 'WAITING_ALREADY', 'WAITING_OVER'],

  decide(see, { goods }, at) {
    const terms = termsOf(see, goods, at);
    if ('refusal' in terms) return terms;
    if (terms.goods.document.stockAsset === undefined) return { refusal: 'GOODS_ENDLESS' };
    const { owner, time } = at;
    const expiresAt = time + WAITING_MS;
    return {
      legs: [],
      assets: [terms.programme.document.asset],
      puts: [
        {
          owner: waitingOwner(goods),
          type: WAITING,
          key: owner,
          value: { since: time },
          expiresAt,
          expected: null,
          otherwise: 'WAITING_ALREADY',
        },
      ],
      followUps: [{ owner: WAITLISTS, act: GOODS_AWAITED, body: { goods } }],
      effects: [{ type: 'goodsWait', goods, until: expiresAt }],
      why: { goods: terms.goods.version },
    };
  },

  /** Who was told waits no more, and has nothing to withdraw. */
  undo: (_, { puts, body }) => ({
    puts: puts.map(({ owner, type, key, value }) => ({
      ...{ owner, type, key, value: null },
      ...{ expected: value, otherwise: 'WAITING_OVER' as const },
    })),
    effects: [],
    why: { goods: (body as { readonly goods: string }).goods },
  }),
});
