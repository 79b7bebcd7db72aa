// What is refused of systems that are not ours, over HTTP alone. Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

/** Partners outside. */
export const PARTNERS = {
  PARTNER_NOT_FOUND: transient(297, 404, 'The platform is no partner outside.'),
  PARTNER_INVALID: transient(298, 422, 'What is said of the partner does not go together.'),
  PARTNER_URL_FORBIDDEN: transient(299, 422, 'No partner is asked there.'),
  PARTNER_LIMIT: transient(300, 422, 'There are too many partners outside.'),
  OPERATION_DIFFERS: transient(
    302,
    409,
    'Another operation has this id: of another user, amount, asset or type. Nothing was changed.',
  ),
  OPERATION_UNDECIDED: transient(
    303,
    503,
    'The operation cannot be decided now, and nothing was changed: ask again by the same id.',
    true,
  ),
};

/** Reconciliation with partners outside. */
export const RECONCILIATION = {
  RECONCILIATION_NOT_FOUND: transient(
    306,
    404,
    'There is no reconciliation with this id any more.',
  ),
  RECONCILIATION_PERIOD_INVALID: transient(307, 422, 'No such period is reconciled.'),
  INCONSISTENCY_WITHOUT_EXCHANGE: transient(
    308,
    422,
    'It is about no exchange that was completed, so there is nothing to dispute.',
  ),
};

/** Other points systems that are brought in. */
export const IMPORTS = {
  IMPORT_CHANGED: transient(291, 409, 'The import of this name is one of something else.'),
  IMPORT_NOT_FOUND: transient(292, 404, 'There is no import of this name.'),
};
