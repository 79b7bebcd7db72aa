// What an operator may correct by hand.

import { AMOUNT_MAX } from '../../limits.js';
import { asset, optional, whole } from '../../protocol/fields.js';
import { APPROVALS } from './approval.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';

const most = (about: string) => whole(0, AMOUNT_MAX, 'DEFINITION_INVALID', about);

export const correction = kind({
  name: 'correction',
  about: 'How far an operator may correct a balance, and from when on a second person must agree.',
  // Who corrects does not say how far.
  needs: 'admin',
  decides: {
    asset: asset(),
    mostUp: most('The most that one correction may give, in minor units; 0: nothing.'),
    mostDown: most('The most that one correction may take, in minor units; 0: nothing.'),
    secondFrom: optional(
      most(
        'From this amount on a second person must agree, with a credential of their own. Left out: never.',
      ),
    ),
    ...APPROVALS,
  },
  shows: WORDS,
});
