// What referring a new member is worth.

import { AMOUNT_MAX } from '../../limits.js';
import { id, optional, whole } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';

const DAYS_MAX = 3_650;
const PERCENT_MAX = 100;
const points = (about: string) => optional(whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', about));
const days = (about: string) => optional(whole(1, DAYS_MAX, 'DEFINITION_INVALID', about));
const share = (about: string) => optional(whole(1, PERCENT_MAX, 'DEFINITION_INVALID', about));

/** Where a definition does not say. */
export const CODE_DAYS = 30;
export const RELATION_DAYS = 365;
export const NEW_DAYS = 7;

export const referral = kind({
  name: 'referral',
  about: 'What referring a new member of a programme is worth. Its key is the programme’s.',
  isKeyedByProgramme: true,
  decides: {
    referrer: points('Points for who refers, once for each new member. Left out: none.'),
    newcomer: points('Points for the new member. Left out: none.'),
    codeDays: days('How long a code can be used. Left out: 30.'),
    newDays: days('How long after the first event a member is new. Left out: 7.'),
    relationDays: days('For how long who refers has a share. Left out: 365.'),
    /** The type of events of which there is a share, and the attribute that it is of. */
    event: optional(id('DEFINITION_INVALID')),
    of: optional(id('DEFINITION_INVALID')),
    percent: share('The share of who refers, in percent, rounded down. Left out: none.'),
    upperPercent: share('The share of who has referred the referrer. Left out: none.'),
  },
  shows: WORDS,
  check: ({ event, of, percent, upperPercent }) => {
    const hasShare = percent !== undefined || upperPercent !== undefined;
    return hasShare === (event !== undefined && of !== undefined)
      ? null
      : { field: 'event', detail: 'A share is of an attribute of a type of events.' };
  },
});
