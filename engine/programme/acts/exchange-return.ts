// An exchange of a member is given back, all of it or a part: what was got goes back, and for it what was given, in proportion.

import { amount, namedId, optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import { GOT, type LegName, shares } from '../coalition/parts.js';

export const exchangeReturn = act({
  name: 'exchange-return',
  version: 1,
  about:
    'An exchange of a member is given back, in whole or in part: limits, reserve and fee with it.',
  body: {
    /** The id of the exchange. */
    exchange: namedId(),
    /** How much of what was got goes back, in minor units of it. Left out: all that is left. */
    amount: optional(amount()),
  },
  needs: ['transfer'],
  refusals: ['EXCHANGE_NOT_FOUND', 'EXCHANGE_PART_INVALID', 'POINTS_SHORT'],

  decide(see, { exchange, amount: asked }) {
    const past = see.past(exchange);
    if (past?.act !== 'exchange') return { refusal: 'EXCHANGE_NOT_FOUND' };
    const { amounts, undone, why } = past;
    const got = (why['legs'] as readonly LegName[]).indexOf(GOT);
    const before = undone[got] as number;
    const left = (amounts[got] as number) - before;
    const now = asked ?? left;
    if (now > left || left === 0) return { refusal: 'EXCHANGE_PART_INVALID' };
    const legs = shares(amounts, got, before, now).flatMap((part, leg) =>
      part === 0 ? [] : [{ leg, amount: part }],
    );
    return { legs: [], reversal: { transferId: past.id, legs }, effects: [], why: {} };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
