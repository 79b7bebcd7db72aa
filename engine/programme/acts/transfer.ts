// Points that another act lets move between other owners than its own: a bonus for whoever referred the member.

import { legs } from '../../protocol/fields.js';
import { act } from '../act.js';

export const transfer = act({
  name: 'transfer',
  version: 1,
  about: 'Another act lets points move, under an id of their own.',
  body: {
    /** The points that move; `#` owners may be named. */
    legs: legs(),
  },
  isCausedOnly: true,
  needs: ['admin'],
  refusals: ['ASSET_UNKNOWN'],

  decide(see, { legs }) {
    if (legs.some(({ asset }) => see.account(asset) === undefined))
      return { refusal: 'ASSET_UNKNOWN' };
    return { legs, effects: [], why: {} };
  },

  undo: () => ({ effects: [], why: {} }),
});
