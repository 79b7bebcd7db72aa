// A second person decides on an exchange with a partner outside that gives much: it goes on, or back. Who submits and who agrees have shown different
// credentials (adjust.E1).

import { PARTNER_WORD_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { flag, optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import { exchangeField, namedIn } from '../outside/body.js';
import { isOwnUser } from '../outside/members.js';
import { ADD, DEDUCT, type KeptExchange } from '../outside/process.js';
import { asked, turned, written } from '../outside/turns.js';

export const partnerExchangeApprove = act({
  name: 'partner-exchange-approve',
  version: 1,
  about: 'A second person agrees to an exchange with a partner outside, or rejects it.',
  body: {
    exchange: exchangeField(),
    /** Left out: it is agreed to. */
    rejects: flag(false),
    reason: optional(words(PARTNER_WORD_MAX, 'Why it is rejected.', 'ACT_BODY_INVALID')),
  },
  needs: ['adjust'],
  or: 'settle',
  refusals: [
    'EXCHANGE_NOT_FOUND',
    'EXCHANGE_STATE_INVALID',
    'APPROVAL_REQUIRED',
    'MEMBER_UNKNOWN',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { exchange, rejects = false, reason = 'REJECTED' }, at) {
    const found = namedIn(see, exchange);
    if ('refusal' in found) return found;
    const { kept } = found;
    const { time, principal } = at;
    if (kept.status !== 'pending_approval' || time >= kept.until)
      return { refusal: 'EXCHANGE_STATE_INVALID' };
    const isSecond = principal !== undefined && principal !== kept.submittedBy;
    if (!rejects && !isSecond) return { refusal: 'APPROVAL_REQUIRED' };
    const { source, target } = kept;
    // Who was the member when it was submitted may be somebody else by now.
    if (!rejects && source.user !== null && !isOwnUser(see, source.platform, source.user))
      return { refusal: 'MEMBER_UNKNOWN' };
    const going: KeptExchange = source.isOutside
      ? { ...kept, source: asked(source, time), step: DEDUCT }
      : { ...kept, target: asked(target, time), step: ADD };
    const after = rejects
      ? turned(exchange, kept, { word: 'late', answer: 'rejected', reason }, time)
      : { ...going, status: 'started' as const, updatedAt: time };
    const changes = written(see, exchange, at, kept, after);
    return {
      ...changes,
      assets: [source.asset, target.asset],
      why: { ...changes.why, by: principal ?? null, submittedBy: kept.submittedBy },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
