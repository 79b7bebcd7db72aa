// What asks for a second person. Owns: the field. Never touches: what it extends to (belonging.ts).

import { optional, whole } from '../../protocol/fields.js';

/** How many others must agree to a change. */
const APPROVALS_MAX = 1;

export const APPROVALS = {
  approvals: optional(
    whole(
      1,
      APPROVALS_MAX,
      'DEFINITION_INVALID',
      '1: a second person must agree to changes: of it, and of what belongs to it. Left out: none.',
    ),
  ),
};
