// A gift card gets another end: later, or, of one that is over, again. Asked for by the gateway, for an operator.

import { isCard } from '../../protocol/card-code.js';
import { optional, time } from '../../protocol/fields.js';
import { act } from '../act.js';
import { cardIn, cardRecord } from '../mall/cards.js';

export const cardExtend = act({
  name: 'card-extend',
  version: 1,
  about: 'A gift card gets another end, and pays for orders until then.',
  by: 'engine',
  body: {
    /** When it ends, milliseconds since 1970; left out: never. */
    expiresAt: optional(time('ACT_BODY_INVALID')),
  },
  needs: ['admin'],
  refusals: ['CARD_NOT_FOUND', 'EXPIRY_PAST'],

  decide(see, { expiresAt }, { owner, time: now }) {
    const card = isCard(owner) ? cardIn(see) : undefined;
    if (card === undefined) return { refusal: 'CARD_NOT_FOUND' };
    if (expiresAt !== undefined && expiresAt <= now) return { refusal: 'EXPIRY_PAST' };
    const until = expiresAt ?? null;
    return {
      legs: [],
      assets: [card.asset],
      records: [cardRecord({ ...card, until })],
      effects: [{ type: 'cardExtended', programme: card.programme, until }],
      why: { before: card.until },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
