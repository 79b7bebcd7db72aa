// What is refused where members sign in (gateway/sign-in/). Owns: a part of the catalogue (refusals.ts).

import { transient } from './refusal.js';

export const SIGN_IN = {
  LOGIN_WRONG: transient(320, 403, 'The login name or the password is wrong.'),
  LOGIN_LATER: transient(
    321,
    429,
    'There were too many tries from browsers that have not signed in to this account before: try later, or set a new password by a link.',
    true,
  ),
  SIGN_IN_BUSY: transient(322, 503, 'Too many passwords are being compared; try again.', true),
  PASSWORD_WEAK: transient(
    323,
    422,
    'A password has 8 to 256 characters, is not one of the commonest, and not the login name.',
  ),
  LOGIN_INVALID: transient(
    324,
    422,
    'A login name is a mail address, or 2 to 64 letters, digits, dots, - and _ that begin with a letter or digit.',
  ),
  LOGIN_TAKEN: transient(325, 409, 'The login name is another account’s.'),
  LETTER_NOT_FOUND: transient(
    326,
    404,
    'The link was used, has been replaced by a newer one, has expired, or is none.',
  ),
  REGISTRATION_CLOSED: transient(327, 403, 'Nobody registers with this programme by themselves.'),
  SIGN_IN_EXISTS: transient(328, 409, 'The member signs in already, with a password of its own.'),
  SIGN_IN_NOT_FOUND: transient(329, 404, 'The member has nothing to sign in with.'),
  TICKET_INVALID: transient(330, 403, 'The ticket was used, has expired, or is none.'),
  ADDRESS_MISSING: transient(331, 422, 'It is not known where the link is to be sent.'),
  MEMBER_SHARED: transient(
    332,
    409,
    'The member is a user of another platform, too, or of none: a platform alone does not decide who signs in as it.',
  ),
  PASSWORD_WRONG: transient(333, 403, 'The password is wrong.'),
  SESSION_NOT_FOUND: transient(336, 404, 'The member has no such session.'),
  PROOF_MISSING: transient(
    334,
    422,
    'It is proved by a ticket of the other platform, or by signing in to the other account: one of them.',
  ),
  PROOF_WEAK: transient(
    335,
    409,
    'That member signs in, or is a user of other platforms, too: sign in to that account to prove that it is yours.',
  ),
  OPERATOR_NOT_FOUND: transient(337, 404, 'There is no such operator.'),
  OPERATOR_EXISTS: transient(338, 409, 'There is an operator of this name.'),
  OPERATOR_LIMIT: transient(339, 422, 'There are as many operators, or roles, as there may be.'),
  ROLE_NOT_FOUND: transient(340, 404, 'There is no such role.'),
  ROLE_BUILT_IN: transient(341, 409, 'The role is built in: it cannot be changed or removed.'),
  ROLE_IN_USE: transient(342, 409, 'Operators have this role.'),
  CODE_REQUIRED: transient(343, 401, 'The password is right: now say the one-time code.'),
  CODE_WRONG: transient(344, 403, 'The one-time code is wrong, or was used before.'),
  CODES_REQUIRED: transient(
    345,
    403,
    'Operators must have one-time codes: set them up before anything else.',
  ),
  SECOND_FACTOR_NONE: transient(
    317,
    409,
    'The member has no second factor, and none waits to be confirmed: set one up first.',
  ),
  INVITATION_NOT_FOUND: transient(
    346,
    404,
    'The invitation was used, has been replaced by a newer one, has expired, or is none.',
  ),
};
