// A sale: for a time, goods cost less, or more.

import { id, time } from '../../protocol/fields.js';
import { listed } from './goods.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { percent } from './tier.js';
import { AUDIENCE, audienceProblem, timesProblem } from './validity.js';

export const sale = kind({
  name: 'sale',
  about: 'For a time, goods cost less. Of several the lowest price for the member counts.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    percent: percent('What goods cost, in percent.'),
    from: time('DEFINITION_INVALID'),
    to: time('DEFINITION_INVALID'),
    goods: listed('The goods that it is of. With neither goods nor categories it is of all.'),
    categories: listed('The categories whose goods it is of.'),
    audience: AUDIENCE,
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: (document, _, known) => timesProblem(document) ?? audienceProblem(document, known),
});
