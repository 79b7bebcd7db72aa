// An operator corrects a balance, within a definition, with a reason.

import { AMOUNT_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { correction } from '../definitions/index.js';

const REASON_LENGTH_MAX = 200;
const most = (about: string) => whole(0, AMOUNT_MAX, 'AMOUNT_INVALID', about);

export const adjust = act({
  name: 'adjust',
  version: 1,
  about: 'An operator gives points, or takes them, within what a correction allows.',
  body: {
    /** The key of the correction that allows it. */
    correction: id('ACT_BODY_INVALID'),
    /** Minor units that the member gets; beside `take`: 0. */
    give: optional(most('Minor units that the member gets.')),
    /** Minor units that the member loses. */
    take: optional(most('Minor units that the member loses.')),
    reason: words(REASON_LENGTH_MAX, 'Why, for whoever asks later.', 'ACT_BODY_INVALID'),
    /** Who asks. */
    operator: id('ACT_BODY_INVALID'),
    /** Who agrees: another person. */
    second: optional(id('ACT_BODY_INVALID')),
  },
  needs: ['adjust'],
  refusals: [
    'DEFINITION_NOT_FOUND',
    'AMOUNT_INVALID',
    'CORRECTION_TOO_LARGE',
    'APPROVAL_REQUIRED',
    'ASSET_UNKNOWN',
    'POINTS_SHORT',
  ],

  decide(see, { correction: key, give = 0, take = 0, reason, operator, second }, { owner }) {
    const defined = see.definition(correction, key);
    if (defined === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (give > 0 === take > 0) return { refusal: 'AMOUNT_INVALID' };
    const { asset, mostUp, mostDown, secondFrom } = defined.document;
    const amount = Math.max(give, take);
    if (give > mostUp || take > mostDown) return { refusal: 'CORRECTION_TOO_LARGE' };
    const needsSecond = secondFrom !== undefined && amount >= secondFrom;
    if (needsSecond && (second === undefined || second === operator))
      return { refusal: 'APPROVAL_REQUIRED' };
    const account = see.account(asset);
    if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
    const [from, to] = give > 0 ? ['@adjust', owner] : [owner, '@adjust'];
    return {
      legs: [{ from, to, asset, amount }],
      effects: [{ type: give > 0 ? 'addPoints' : 'deductPoints', asset, amount }],
      why: { correction: key, version: defined.version, reason, operator, second: second ?? null },
    };
  },

  undo: (_, { body }) => ({
    effects: [],
    why: { correction: (body as { readonly correction: string }).correction },
  }),
});
