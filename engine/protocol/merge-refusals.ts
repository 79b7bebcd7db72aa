// What commands of members refuse who were merged, or are to be. Owns: a part of the catalogue (refusals.ts).

import { either, final, transient } from './refusal.js';

export const MERGES = {
  MEMBER_MERGED: either(
    76,
    190,
    409,
    'The member was, or is being, merged into another one, who has the points then: ask for that one.',
  ),
  MEMBER_UNSETTLED: transient(
    191,
    409,
    'The member has something open that must end first: points held, pending or owed, an order, a coupon, an exchange that waits, or another merge.',
  ),
  MERGE_TOO_LARGE: final(
    77,
    422,
    'The member has more accounts, or more that is kept of it, than one merge takes over.',
  ),
  MERGE_OVER: final(78, 422, 'The merge was too long ago to be undone.'),
  MERGE_NOT_FOUND: final(79, 404, 'The member was not merged into another one.'),
};
