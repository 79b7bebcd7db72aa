// A tier of a programme: from which progress on, and what it multiplies.

import { AMOUNT_MAX } from '../../limits.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { programmeProblem, WORDS } from './programme.js';

/** Percent: 100 changes nothing. */
export const PERCENT_MAX = 10_000;
export const percent = (about: string) => whole(1, PERCENT_MAX, 'DEFINITION_INVALID', about);

export const tier = kind({
  name: 'tier',
  about: 'A tier of a programme. Members without any progress have the one from 0 on.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    from: whole(
      0,
      AMOUNT_MAX,
      'DEFINITION_INVALID',
      'From what progress on it is had, in minor units.',
    ),
    multiplier: optional(percent('What is earned, in percent. Left out: 100.')),
    priceFactor: optional(percent('What goods cost, in percent. Left out: 100.')),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: ({ programme }, _, known) => programmeProblem(programme, known),
});
