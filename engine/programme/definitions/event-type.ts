// A type of events: what platforms report that a member did.

import { OWN_EVENTS_MAX } from '../../limits.js';
import { flag, id, optional, whole } from '../../protocol/fields.js';
import { isId } from '../../protocol/syntax.js';
import { ATTRIBUTES_MAX, type AttributeTypes, attributeTypes } from './attributes.js';
import { type Known, kind } from './kind.js';
import { keys } from './lists.js';
import { programmeProblem, WORDS } from './programme.js';

/** The key of the type that is called so in a programme. */
export const eventTypeKey = (programme: string, type: string): string => `${programme}.${type}`;

export const eventType = kind({
  name: 'event',
  about: 'A type of events that platforms report. Its key is <programme>.<type>.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    attributes: optional(
      attributeTypes('What an event of this type says: by name, of which type each is.'),
    ),
    /** The whole numbers that a return may give back a part of, e.g. `amount`; its order lines have the same. */
    amount: optional(id('DEFINITION_INVALID')),
    byMember: optional(
      whole(
        1,
        OWN_EVENTS_MAX,
        'DEFINITION_INVALID',
        'How often in a day a member may report it of itself. Left out: not at all, platforms alone report it.',
      ),
    ),
    memberSays: keys(ATTRIBUTES_MAX, 'Attributes that a member may say then. Left out: none.'),
    /** Does what is earned by it count for tiers? Left out: yes. */
    countsForTiers: flag(true),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: ({ programme, attributes = {}, amount, byMember, memberSays }, key, known) => {
    if (!key.startsWith(`${programme}.`) || !isId(key.slice(programme.length + 1)))
      return { field: 'programme', detail: `The key of a type of events is ${programme}.<type>.` };
    const wrong = memberSays?.find((name) => !Object.hasOwn(attributes, name) || name === amount);
    if (wrong !== undefined)
      return { field: 'memberSays', detail: `${wrong} is no attribute that members may say.` };
    if (memberSays !== undefined && byMember === undefined)
      return { field: 'memberSays', detail: 'It goes with byMember.' };
    return amount === undefined || attributes[amount] === 'integer'
      ? programmeProblem(programme, known)
      : { field: 'amount', detail: `${amount} is no attribute of type integer.` };
  },
});

/** The attributes of a type of events that something else names; else what is wrong with its name. */
export function typeOf(
  programme: string,
  event: string,
  known: Known,
):
  | { readonly attributes: AttributeTypes | 'unknown' }
  | { readonly field: string; readonly detail: string } {
  const found = programmeProblem(programme, known);
  if (found !== null) return found;
  const type = known('event', eventTypeKey(programme, event));
  if (type === undefined) return { field: 'event', detail: `${programme} has no events ${event}.` };
  if (type === 'unknown') return { attributes: type };
  return { attributes: (type['attributes'] as AttributeTypes | undefined) ?? {} };
}
