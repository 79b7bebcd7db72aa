// A partner knows who gets points of an exchange, as this user: so he can be asked. The ledger asks for it, once the user is registered.

import { act } from '../act.js';
import { userOfPlatform } from '../coalition/members.js';
import { exchangeField } from '../outside/body.js';
import { isOwnUser } from '../outside/members.js';
import { ADD, DEDUCT, exchangeIn, isEnded } from '../outside/process.js';
import { asked, written } from '../outside/turns.js';

export const partnerExchangeUser = act({
  name: 'partner-exchange-user',
  version: 1,
  about: 'The partner knows who gets points of an exchange, as this user. Made by the ledger.',
  by: 'engine',
  body: { exchange: exchangeField(), user: userOfPlatform() },
  needs: ['admin'],
  refusals: ['EXCHANGE_NOT_FOUND', 'EXCHANGE_STATE_INVALID', 'MEMBER_UNKNOWN', 'CHANGED_MEANWHILE'],

  decide(see, { exchange, user }, at) {
    const kept = exchangeIn(see, exchange);
    if (kept === undefined) return { refusal: 'EXCHANGE_NOT_FOUND' };
    const { step, target, receiver } = kept;
    const isWanted = !isEnded(kept) && (step === DEDUCT || step === ADD) && target.isOutside;
    if (!isWanted || (target.user ?? user) !== user) return { refusal: 'EXCHANGE_STATE_INVALID' };
    if (receiver === null && !isOwnUser(see, target.platform, user))
      return { refusal: 'MEMBER_UNKNOWN' };
    const named = { ...target, user };
    const after = { ...kept, target: step === ADD ? asked(named, at.time) : named };
    return written(see, exchange, at, kept, after);
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
