// A type of events: what platforms report that a member did.

import { flag, id, optional } from '../../protocol/fields.js';
import { isId } from '../../protocol/syntax.js';
import { attributeTypes } from './attributes.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';

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
    /** Does what is earned by it count for tiers? Left out: yes. */
    countsForTiers: flag(true),
  },
  shows: WORDS,
  group: ({ programme }) => programme,
  check: ({ programme, attributes = {}, amount }, key) => {
    if (!key.startsWith(`${programme}.`) || !isId(key.slice(programme.length + 1)))
      return { field: 'programme', detail: `The key of a type of events is ${programme}.<type>.` };
    return amount === undefined || attributes[amount] === 'integer'
      ? null
      : { field: 'amount', detail: `${amount} is no attribute of type integer.` };
  },
});
