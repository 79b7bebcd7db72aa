// What commands of members refuse who are marked as a risk (engine/programme/risk). Owns: a part of the catalogue (refusals.ts).

import { either, final, transient } from './refusal.js';

export const RISKS = {
  RISK_REFUSED: either(
    47,
    194,
    403,
    'A mark of risk on the member stops this until the mark ends or is lifted.',
  ),
  RISK_REVIEW: transient(
    195,
    403,
    'A mark of risk on the member has this reviewed by an operator before it is carried out.',
  ),
  SECOND_FACTOR_REQUIRED: transient(
    196,
    403,
    'A mark of risk on the member, or an unknown device, has the member prove a second factor for this.',
  ),
  RISK_NOT_FOUND: final(48, 404, 'The member has no such mark of risk.'),
  RISK_LIMIT: final(
    49,
    422,
    'The member has as many marks of risk as one may have, and none of them is weaker.',
  ),
};

/** What a mark of risk answers, of the member that points are taken of, as commands list it. */
export const BY_A_MARK = [
  'RISK_REFUSED (by a mark of risk of the member that it takes points of; with the next two)',
  'RISK_REVIEW',
  'SECOND_FACTOR_REQUIRED',
] as const;
