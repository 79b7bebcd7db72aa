// A member gives points of one platform for points of another, in one commit. The rules and their order: coalition.X1.
//   exchange.E1. What is given goes to the clearing owner of the source's platform, the fee to @fee; what is got comes from the same clearing owner, which
//       owes it, and is covered by the reserve of the target's platform where it has one.
//   exchange.E2. It is given back in proportion: all legs by what is given back of what was got, rounded down for the member until all of it is.

import { act } from '../act.js';
import {
  EXCHANGE_REFUSALS,
  exchanged,
  exchangeFields,
  exchangeLegs,
  exchangeUndo,
  judged,
  whyOf,
} from '../coalition/decide.js';
import { givenOf } from '../coalition/terms.js';

export const exchange = act({
  name: 'exchange',
  version: 1,
  about:
    'A member gives points of one platform for points of another: at its rate, less the fee, in one commit.',
  body: exchangeFields(),
  takes: 'exchange',
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: EXCHANGE_REFUSALS,

  decide(see, said, at) {
    const found = judged(see, said, at);
    if ('refusal' in found) return found;
    const { terms, priced, day, puts } = found;
    const { legs, names } = exchangeLegs(found, said, at);
    return {
      legs,
      counters:
        day === undefined ? [] : [{ name: givenOf(said.from), window: day, add: said.amount }],
      puts,
      effects: [exchanged(said, priced, at.owner, terms)],
      why: whyOf(names, terms, priced),
    };
  },

  undo: (see, undone, { time }) =>
    exchangeUndo(see, undone, time, undone.body as { from: string; to: string }, undone.counters),
});
