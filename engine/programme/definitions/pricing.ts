// How a programme prices its goods: by what is left of them, and for how long a quote holds. What a tier changes is said by the tier (`priceFactor`).

import { AMOUNT_MAX, QUOTE_SECONDS_MAX } from '../../limits.js';
import { optional, whole } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { areRising, steps } from './lists.js';
import { programmeProblem } from './programme.js';
import { PERCENT_MAX } from './tier.js';

const STEPS_MAX = 8;

export const pricing = kind({
  name: 'pricing',
  about: 'How goods of a programme are priced. Its key is the key of the programme.',
  isKeyedByProgramme: true,
  decides: {
    stockFactors: steps(
      STEPS_MAX,
      AMOUNT_MAX,
      PERCENT_MAX,
      'What goods cost, in percent, while fewer pieces are left than `under`: the lowest step that holds counts. Left out: it is all one.',
    ),
    quoteSeconds: optional(
      whole(
        1,
        QUOTE_SECONDS_MAX,
        'DEFINITION_INVALID',
        'How long a quote holds, in seconds. Left out: 300.',
      ),
    ),
  },
  shows: {},
  check: ({ stockFactors = [] }, key, known) => {
    if (!areRising(stockFactors))
      return {
        field: 'stockFactors',
        detail: 'The steps are in order, each `under` above the last.',
      };
    const found = programmeProblem(key, known);
    return found && { ...found, field: '' };
  },
});
