// What goods cost a member now, as a quote that holds for its time. A dry run is enough: nothing is kept of it.

import { ORDER_PIECES_MAX } from '../../limits.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { mostOf } from '../mall/delivery.js';
import { totalOf } from '../mall/order.js';
import { quoteMs } from '../mall/price.js';
import { quoteText } from '../mall/quote.js';
import { TERMS_REFUSALS, termsOf } from '../mall/terms.js';

export const orderQuote = act({
  name: 'order-quote',
  version: 1,
  about:
    'What goods cost a member now: a quote, by which they cost no more and no less for its time.',
  body: {
    /** The key of the goods. */
    goods: id('ACT_BODY_INVALID'),
    quantity: optional(
      whole(1, ORDER_PIECES_MAX, 'ACT_BODY_INVALID', 'How many pieces. Left out: 1.'),
    ),
  },
  needs: ['redeem'],
  own: { needs: ['redeem'] },
  refusals: [...TERMS_REFUSALS, 'ORDER_QUANTITY', 'SECRETS_KEY_DIFFERS'],

  decide(see, { goods: key, quantity = 1 }, at) {
    const terms = termsOf(see, key, at);
    if ('refusal' in terms) return terms;
    const { goods, programme, pricing, price, factors } = terms;
    if (quantity > mostOf(goods)) return { refusal: 'ORDER_QUANTITY' };
    if (see.proof('') === undefined) return { refusal: 'SECRETS_KEY_DIFFERS' };
    const until = at.time + quoteMs(pricing);
    const said = { goods: key, version: goods.version, quantity, price, factors, until };
    const quote = quoteText(at.owner, said, (text) => see.proof(text) as Uint8Array);
    return {
      legs: [],
      assets: [programme.document.asset],
      effects: [
        {
          type: 'quote',
          ...{ goods: key, quantity, price, total: totalOf(price, quantity) },
          factors: { ...factors },
          ...{ until, quote },
        },
      ],
      why: { goods: goods.version, programme: programme.version },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
