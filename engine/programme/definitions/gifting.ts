// What members may give to each other.

import { AMOUNT_MAX } from '../../limits.js';
import { optional, whole } from '../../protocol/fields.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';

const most = (about: string) => optional(whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', about));

export const gifting = kind({
  name: 'gifting',
  about: 'What members of a programme may give to each other in a day. Its key is the programme’s.',
  isKeyedByProgramme: true,
  decides: {
    mostPoints: most('How many points a member may give in a day. Left out: any number.'),
    mostTimes: most('How often. Left out: any number of times.'),
    mostEach: most('How many points at once. Left out: any number.'),
  },
  shows: WORDS,
});
