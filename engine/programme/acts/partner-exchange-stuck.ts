// What came of a step of an exchange with a partner outside is not known for too long: an operator is to look. The ledger asks for it; it is opened once.

import { act } from '../act.js';
import { atStep, exchangeField, stepField } from '../outside/body.js';
import { opened, written } from '../outside/turns.js';

export const partnerExchangeStuck = act({
  name: 'partner-exchange-stuck',
  version: 1,
  about:
    'What came of a step is not known for too long: an operator is to look. Made by the ledger.',
  by: 'engine',
  body: { exchange: exchangeField(), step: stepField() },
  needs: ['admin'],
  refusals: [
    'EXCHANGE_NOT_FOUND',
    'EXCHANGE_STEP_PAST',
    'EXCHANGE_STATE_INVALID',
    'RECORD_LIMIT',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { exchange, step }, at) {
    const found = atStep(see, exchange, step);
    if ('refusal' in found) return found;
    const { kept } = found;
    // An operator is to look already.
    if (kept.status !== 'retrying' || kept.open !== null)
      return { refusal: 'EXCHANGE_STATE_INVALID' };
    const about = { time: at.time, ends: step };
    const after = opened(exchange, kept, ['cross_system_reconciliation', 'not_known'], about);
    return written(see, exchange, at, kept, after);
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
