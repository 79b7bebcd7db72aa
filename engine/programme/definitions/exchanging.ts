// How an asset takes part in exchanges: whose points it is, what it costs to give them, how many, and to whom.

import { AMOUNT_MAX, EXCHANGED_DAYS_MAX, PENDING_SECONDS_MAX } from '../../limits.js';
import { json, oneOf } from '../../protocol/definition-fields.js';
import { amount, id, optional, whole } from '../../protocol/fields.js';
import { isAssetCode } from '../../protocol/syntax.js';
import { APPROVALS } from './approval.js';
import { coalitionProblem } from './coalition.js';
import { kind } from './kind.js';
import { platform } from './platform.js';
import { WORDS } from './programme.js';
import { references } from './steps.js';

/** A part of something, below 1. */
const PART = '^0(?:\\.[0-9]{1,9})?$';
const IS_PART = new RegExp(PART);

/** Who has what a platform gives in exchange. */
export const reserveOf = (platform: string): string => `#reserve:${platform}`;
/** Who is paid, and pays, for a platform. */
export const clearingOf = (platform: string): string => `@clearing:${platform}`;

/** What the value of its points follows from: who changes it, is two. */
const VALUED_BY = ['coalition', 'platform', 'category'] as const;

/** What nothing is said of where the points are a partner's. */
const HERE = ['reserve', 'expiresDays', 'pendingSeconds'] as const;

export const exchanging = kind({
  name: 'exchanging',
  about: 'How an asset is exchanged with others of its coalition. Its key is the asset.',
  needs: 'settle',
  decides: {
    coalition: id('DEFINITION_INVALID'),
    platform: platform('DEFINITION_INVALID'),
    category: optional(id('DEFINITION_INVALID')),
    feeRate: optional(
      json<string>(
        { type: 'string', pattern: PART },
        (value) => typeof value === 'string' && IS_PART.test(value),
        'The part of what is given that is the fee, e.g. 0.01, below 1; rounded up to minor units. Left out: 0.',
      ),
    ),
    /** The least fee of an exchange, in minor units. Left out: 0. */
    feeLeast: optional(amount()),
    /** The most that one exchange may give, in minor units. Left out: any. */
    mostEach: optional(amount()),
    /** The most that a member may give in a day, in minor units, of the coalition's zone. Left out: any. */
    mostDay: optional(amount()),
    reserve: optional(
      oneOf(
        ['pool', 'none'],
        'pool: what of it is given in exchange is covered by `#reserve:<platform>`, and no more than that is given. Left out: none.',
      ),
    ),
    expiresDays: optional(
      whole(
        1,
        EXCHANGED_DAYS_MAX,
        'DEFINITION_INVALID',
        'What is got of it in exchange expires so many days later. Left out: as the asset says of what is earned.',
      ),
    ),
    pendingSeconds: optional(
      whole(
        1,
        PENDING_SECONDS_MAX,
        'DEFINITION_INVALID',
        'An exchange that was submitted waits at most so long for points of it in reserve. Left out: 604,800 (7 days).',
      ),
    ),
    members: optional(
      oneOf(
        ['known', 'all'],
        'known: who gives or gets it is registered as a user of its platform. Left out: known.',
      ),
    ),
    outside: optional(
      json<true>(
        { const: true },
        (value) => value === true,
        'true: its points are kept by its platform, a partner outside: it is exchanged by the steps of exchanges with partners. Left out: they are here.',
      ),
    ),
    approvalAbove: optional(
      whole(
        0,
        AMOUNT_MAX,
        'DEFINITION_INVALID',
        'An exchange with a partner outside that gives more of it, in minor units, waits for a second person to agree. Left out: none does.',
      ),
    ),
    ...APPROVALS,
  },
  shows: WORDS,
  check: (said, key, known) => {
    const { coalition, mostEach, mostDay } = said;
    if (!isAssetCode(key)) return { field: '', detail: `${key} is not the code of an asset.` };
    if (mostEach !== undefined && mostDay !== undefined && mostEach > mostDay)
      return { field: 'mostEach', detail: 'mostEach is at most mostDay.' };
    const field = HERE.find((one) => said[one] !== undefined && said[one] !== 'none');
    if (said.outside === true && field !== undefined)
      return { field, detail: `${field} is of points that are here.` };
    return coalitionProblem(coalition, known);
  },
  asksSecond: (next, past) =>
    next !== undefined &&
    references(past).some((one) => VALUED_BY.some((field) => one[field] !== next[field])),
});
