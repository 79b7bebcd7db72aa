// An exchange with a partner outside is not wanted any more: it goes back, where it still can. What was added at the target is not asked back.

import { act } from '../act.js';
import { exchangeField, namedIn } from '../outside/body.js';
import { CONFIRM, isEnded, ROLLBACK_SOURCE, ROLLBACK_TARGET } from '../outside/process.js';
import { turned, written } from '../outside/turns.js';

export const partnerExchangeCancel = act({
  name: 'partner-exchange-cancel',
  version: 1,
  about: 'An exchange with a partner outside goes back, where it still can.',
  body: { exchange: exchangeField() },
  needs: ['transfer'],
  or: 'correct',
  own: { needs: ['transfer'] },
  refusals: ['EXCHANGE_NOT_FOUND', 'EXCHANGE_STATE_INVALID', 'CHANGED_MEANWHILE'],

  decide(see, { exchange }, at) {
    const found = namedIn(see, exchange);
    if ('refusal' in found) return found;
    const { kept } = found;
    const { step, source, target } = kept;
    if (isEnded(kept) || step === CONFIRM) return { refusal: 'EXCHANGE_STATE_INVALID' };
    // It goes back already: there is nothing to do.
    const isBack = step === ROLLBACK_TARGET || step === ROLLBACK_SOURCE;
    const turn = { word: 'late', answer: 'cancelled', reason: 'CANCELLED' } as const;
    const after = isBack ? kept : turned(exchange, kept, turn, at.time);
    const changes = written(see, exchange, at, kept, after);
    return { ...changes, assets: [source.asset, target.asset] };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
