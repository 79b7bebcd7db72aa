// An offer that a member may claim once.

import { budget, expression } from '../../protocol/definition-fields.js';
import { amount, asset, optional, time } from '../../protocol/fields.js';
import { compile } from '../cel.js';
import { APPROVALS } from './approval.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { timesProblem } from './validity.js';

const AUDIENCE =
  'For whom it is: a condition in CEL over member.available, member.earned and member.held. Left out: for all.';

export const offer = kind({
  name: 'offer',
  about: 'Points that each member may claim once, out of a budget.',
  decides: {
    points: amount(),
    asset: asset(),
    /** Who has the points: `#budget:<name>`. */
    budget: budget(),
    /** It can be claimed from this time on, in milliseconds since 1970. */
    from: optional(time('DEFINITION_INVALID')),
    /** And before this time. */
    to: optional(time('DEFINITION_INVALID')),
    audience: optional(expression(AUDIENCE)),
    ...APPROVALS,
  },
  shows: WORDS,
  check: (document) => {
    const times = timesProblem(document);
    if (times !== null) return times;
    const { audience } = document;
    const condition = audience === undefined ? undefined : compile(audience);
    return typeof condition === 'string'
      ? { field: 'audience', detail: `audience is not accepted: ${condition}.` }
      : null;
  },
});
