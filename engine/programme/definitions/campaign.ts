// A campaign: for a time, events of a type earn more.

import { flag, id, optional, time } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { percent } from './tier.js';
import { AUDIENCE, audienceProblem, timesProblem } from './validity.js';

export const campaign = kind({
  name: 'campaign',
  about: 'For a time, events of a type, or of all types, earn more. The highest of several counts.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    /** The type of events; left out: all. */
    event: optional(id('DEFINITION_INVALID')),
    multiplier: percent('What is earned, in percent.'),
    /** It multiplies beside the highest of those that do not. */
    stacks: flag(false),
    from: time('DEFINITION_INVALID'),
    to: time('DEFINITION_INVALID'),
    audience: AUDIENCE,
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: (document, _, known) => timesProblem(document) ?? audienceProblem(document, known),
});
