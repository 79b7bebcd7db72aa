// What is refused of the anchor on a chain. Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

export const ANCHOR = {
  ANCHOR_NOT_FOUND: transient(
    377,
    404,
    'There is no anchor of this number, no such address, or no chain is set up.',
  ),
  CHAIN_FAILED: transient(378, 503, 'The chain is not reached, or takes no transaction.', true),
  ANCHOR_CONFLICT: transient(379, 409, 'It does not go with what is anchored, or linked, already.'),
};
