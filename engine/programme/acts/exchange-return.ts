// An exchange of a member is given back, all of it or a part: what was got goes back, and for it what was given, in proportion.

import { amount, namedId, optional } from '../../protocol/fields.js';
import { scopeOf, shownId } from '../../protocol/scope.js';
import { act, type PastAct, type Reads } from '../act.js';
import { GOT, type LegName, shares } from '../coalition/parts.js';
import { submissionId, submissionIn } from '../coalition/pending.js';

/** The acts that carry one out. */
const CARRY_OUT: readonly string[] = ['exchange', 'exchange-submit', 'exchange-complete'];

/** The act that has carried it out; undefined: none has. Of one that was submitted, its record says which. */
function carriedOut(see: Reads, exchange: string): PastAct | undefined {
  const kept = submissionIn(see, submissionId(see, exchange));
  const { completedBy } = kept ?? { completedBy: undefined };
  if (completedBy === null) return undefined;
  // Named as whoever asks names it.
  const id = completedBy === undefined ? exchange : shownId(completedBy, scopeOf(see.id), false);
  const past = see.past(id);
  return past !== undefined && CARRY_OUT.includes(past.act) && past.amounts.length > 0
    ? past
    : undefined;
}

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
  or: 'correct',
  refusals: ['NOT_REVERSIBLE', 'EXCHANGE_NOT_FOUND', 'EXCHANGE_PART_INVALID', 'POINTS_SHORT'],

  decide(see, { exchange, amount: asked }) {
    const past = carriedOut(see, exchange);
    // What a partner has done is undone by nobody here.
    if (past === undefined)
      return see.past(exchange)?.act === 'partner-exchange'
        ? { refusal: 'NOT_REVERSIBLE' }
        : { refusal: 'EXCHANGE_NOT_FOUND' };
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
