// What is refused of the trees over the logs. Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

export const RECEIPTS = {
  RECEIPTS_OFF: transient(360, 503, 'There are no receipts here: they are not turned on.', true),
  RECEIPT_EARLY: transient(
    361,
    503,
    'The tree over the log has not come to this yet; ask again shortly, or for a larger size.',
    true,
  ),
  TREE_FORKED: transient(
    316,
    409,
    'The log does not go on from what was signed of it: an operator must say how to go on.',
  ),
  WITNESS_NOT_FOUND: transient(362, 404, 'There is no such witness.'),
  RECEIPT_NOT_FOUND: transient(363, 404, 'The command moved no points of its home owner.'),
  WITNESS_INVALID: transient(364, 422, 'This cannot be said of a witness.'),
};
