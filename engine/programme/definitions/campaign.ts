// A campaign: for a time, events of a type earn more.

import { expression } from '../../protocol/definition-fields.js';
import { flag, id, optional, time } from '../../protocol/fields.js';
import { compileIn } from '../cel.js';
import type { AttributeTypes } from './attributes.js';
import { kind } from './kind.js';
import { programmeProblem, WORDS } from './programme.js';
import { scopeOf } from './scope.js';
import { percent } from './tier.js';

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
    audience: optional(
      expression(
        'For whom it is: a condition in CEL over member, profile and day. Left out: for all.',
      ),
    ),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: ({ programme, audience, from, to }, _, known) => {
    if (to <= from) return { field: 'to', detail: 'to must be after from.' };
    const found = programmeProblem(programme, known);
    const whole = known('programme', programme);
    if (found !== null || whole === 'unknown' || audience === undefined) return found;
    const profile = whole?.['profile'] as AttributeTypes | undefined;
    const made = compileIn(scopeOf(undefined, profile), audience, 'bool');
    return typeof made === 'string'
      ? { field: 'audience', detail: `audience is not accepted: ${made}.` }
      : null;
  },
});
