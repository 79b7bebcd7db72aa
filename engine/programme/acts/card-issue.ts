// A gift card is issued: an owner with a balance of its own. Asked for by the gateway, which alone knows its code (gateway/mall/cards.ts).

import { isCard } from '../../protocol/card-code.js';
import { budget } from '../../protocol/definition-fields.js';
import { amount, id, optional, time } from '../../protocol/fields.js';
import { ISSUER } from '../../protocol/syntax.js';
import { act } from '../act.js';
import { programme } from '../definitions/index.js';
import { CARD, cardIn, cardRecord } from '../mall/cards.js';

export const cardIssue = act({
  name: 'card-issue',
  version: 1,
  about: 'A gift card is issued, with points that pay for orders until it ends.',
  by: 'engine',
  body: {
    programme: id('ACT_BODY_INVALID'),
    amount: amount(),
    /** When it ends, milliseconds since 1970; left out: never. */
    expiresAt: optional(time('ACT_BODY_INVALID')),
    /** Who pays for it. Left out: its points are issued. */
    budget: optional(budget()),
  },
  needs: ['admin'],
  refusals: [
    'ACT_BODY_INVALID',
    'DEFINITION_NOT_FOUND',
    'CARD_EXISTS',
    'EXPIRY_PAST',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
  ],

  decide(see, { programme: key, amount: value, expiresAt, budget: from = ISSUER }, at) {
    const { owner, time: now } = at;
    if (!isCard(owner)) return { refusal: 'ACT_BODY_INVALID' };
    const of = see.definition(programme, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (cardIn(see) !== undefined) return { refusal: 'CARD_EXISTS' };
    if (expiresAt !== undefined && expiresAt <= now) return { refusal: 'EXPIRY_PAST' };
    const { asset } = of.document;
    const until = expiresAt ?? null;
    return {
      legs: [{ from, to: owner, asset, amount: value }],
      records: [cardRecord({ programme: key, asset, amount: value, at: now, until })],
      effects: [{ type: CARD, programme: key, asset, amount: value, until }],
      why: { programme: key, version: of.version },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
