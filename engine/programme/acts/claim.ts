// A member claims an offer: its points, out of its budget, once.

import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { conditionOf } from '../cel.js';
import { offer } from '../definitions/index.js';
import { broughtWhereNone, recordType } from '../record-type.js';
import { isWhole } from '../undone.js';

/** The record that a member has claimed an offer, by its key. */
const CLAIM = recordType('claim', broughtWhereNone);

export const claim = act({
  name: 'claim',
  version: 1,
  about: 'A member claims the points of an offer, once.',
  body: {
    /** The key of the offer. */
    offer: id('ACT_BODY_INVALID'),
  },
  needs: ['earn'],
  own: { needs: ['participate'] },
  refusals: [
    'DEFINITION_NOT_FOUND',
    'OFFER_NOT_OPEN',
    'OFFER_CLAIMED',
    'NOT_ELIGIBLE',
    'ASSET_UNKNOWN',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
  ],

  decide(see, body, { time, owner }) {
    const defined = see.definition(offer, body.offer);
    if (defined === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { points, asset, budget, from = 0, to, audience } = defined.document;
    if (time < from || (to !== undefined && time >= to)) return { refusal: 'OFFER_NOT_OPEN' };
    if (see.record(CLAIM, body.offer) !== undefined) return { refusal: 'OFFER_CLAIMED' };
    const member = see.account(asset);
    if (member === undefined) return { refusal: 'ASSET_UNKNOWN' };
    if (audience !== undefined && conditionOf(audience).holds(member) !== true)
      return { refusal: 'NOT_ELIGIBLE' };
    return {
      legs: [{ from: budget, to: owner, asset, amount: points }],
      records: [{ type: CLAIM, key: body.offer, value: { time, version: defined.version } }],
      effects: [{ type: 'addPoints', asset, amount: points }],
      why: { offer: body.offer, version: defined.version, audience: audience ?? null },
    };
  },

  /** Given back whole, it may be claimed again. */
  undo(_, undone) {
    const { offer: key } = undone.body as { readonly offer: string };
    const isOpen = isWhole(undone);
    return {
      records: isOpen ? [{ type: CLAIM, key, value: null }] : [],
      effects: isOpen ? [{ type: 'reopenOffer', offer: key }] : [],
      why: { offer: key },
    };
  },
});
