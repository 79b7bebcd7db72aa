// What points come to in exchange now, as a quote that holds for its time. A dry run is enough: nothing is kept of it.

import { amount, asset } from '../../protocol/fields.js';
import { act } from '../act.js';
import { quoteText } from '../coalition/quote.js';
import { pricedAt, quoteMs, RATE_REFUSALS, TERMS_REFUSALS, termsOf } from '../coalition/terms.js';

export const exchangeQuote = act({
  name: 'exchange-quote',
  version: 1,
  about: 'What points come to in exchange now: a quote, which is charged so, or has expired.',
  body: {
    from: asset(),
    to: asset(),
    /** What would be given, with the fee, in minor units of `from`. */
    amount: amount(),
  },
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: [...TERMS_REFUSALS, ...RATE_REFUSALS, 'SECRETS_KEY_DIFFERS'],

  decide(see, { from, to, amount: given }, at) {
    const terms = termsOf(see, from, to, 'either');
    if ('refusal' in terms) return terms;
    const priced = pricedAt(see, terms, given);
    if ('refusal' in priced) return priced;
    if (see.proof('') === undefined) return { refusal: 'SECRETS_KEY_DIFFERS' };
    const { fee, result, converts, rateVersion } = priced;
    const until = at.time + quoteMs(terms);
    const said = { from, to, amount: given, fee, result, until };
    const quote = quoteText(at.owner, said, (text) => see.proof(text) as Uint8Array);
    const { rate } = converts;
    return {
      legs: [],
      assets: [from],
      effects: [{ type: 'quote', ...said, rate, by: converts.by, quote }],
      why: { coalition: terms.coalition.version, rateVersion },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
