// Operators and roles: what is sent and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import { OPERATIONS, type RefusalCode } from '../../engine/index.js';
import { NAME_LENGTH_MAX } from '../limits.js';
import { strict } from './commands.js';
import { type Answered, type Description, described, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { AssetCode, fits, line, NAME, oneOf, SessionId, Time, text, User, whole } from './words.js';

const { Optional } = Type;

/** Roles that are not built in. */
export const ROLE_NAMES_MAX = 200;
/** Roles of one operator. */
const ROLES_MAX = 20;
const DESCRIPTION_MAX = 300;
const PASSWORD_LENGTH_MAX = 1_024;
const KEY_LENGTH_MAX = 200;
const INVITATION_LENGTH_MAX = 1_000;
const CODE_LENGTH_MAX = 20;

export const OperatorName = text('[a-z0-9][a-z0-9._@-]{1,39}', {
  [NAME]: 'OperatorName',
  description:
    'What an operator signs in with: 2 to 40 characters out of a-z 0-9 . _ @ and -, the first one a letter or digit.',
});
export const RoleName = text('[a-z][a-z0-9-]{0,39}', {
  [NAME]: 'RoleName',
  description: '1 to 40 characters out of a-z 0-9 and -, the first one a letter.',
});
export const isOperatorName = fits(OperatorName);
export const isRoleName = fits(RoleName);

const Name = line(NAME_LENGTH_MAX, {
  description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
});
const Roles = Type.Array(RoleName, {
  ...{ minItems: 1, maxItems: ROLES_MAX, uniqueItems: true },
  description: `A list of 1 to ${ROLES_MAX} different roles.`,
});
const Operations = Type.Array(oneOf(OPERATIONS), {
  ...{ minItems: 1, maxItems: OPERATIONS.length, uniqueItems: true },
  description: `A list of different ones out of: ${OPERATIONS.join(', ')}.`,
});
const Version = whole(0, Number.MAX_SAFE_INTEGER, {
  description: 'Change it only if this is its version. Left out: whatever it is.',
});
const Password = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'A password: 8 to 256 characters, as they are in the form NFKC.',
});
const Code = Type.String({
  maxLength: CODE_LENGTH_MAX,
  description: 'A one-time code of 6 digits; blanks do not count.',
});
const Invitation = Type.String({
  maxLength: INVITATION_LENGTH_MAX,
  description: 'The link of an invitation, or what stands behind its #.',
});

export const OperatorBody = strict(
  { operator: OperatorName, name: Name, roles: Roles },
  { [NAME]: 'NewOperator' },
);
export const OperatorChange = strict(
  {
    name: Optional(Name),
    roles: Optional(Roles),
    disabled: Optional(Type.Boolean({ description: 'Whether the operator is refused.' })),
    ifVersion: Optional(Version),
  },
  { [NAME]: 'OperatorChange' },
);
export const RoleBody = strict(
  {
    operations: Operations,
    seconded: Optional(
      Type.Array(oneOf(OPERATIONS), {
        ...{ minItems: 1, maxItems: OPERATIONS.length, uniqueItems: true },
        description: 'What its holders do only where somebody else agrees: `POST /v1/proposals`.',
      }),
    ),
    description: Optional(line(DESCRIPTION_MAX, { description: 'A text for people.' })),
    ifVersion: Optional(Version),
  },
  { [NAME]: 'RoleSaid' },
);
export const SignInBody = strict(
  {
    key: Optional(
      Type.String({ maxLength: KEY_LENGTH_MAX, description: 'A key; then nothing else is said.' }),
    ),
    login: Optional(
      Type.String({ maxLength: KEY_LENGTH_MAX, description: 'The name of an operator.' }),
    ),
    password: Optional(Password),
    code: Optional(Code),
  },
  { [NAME]: 'OperatorSignIn' },
);
export const PasswordBody = strict(
  { password: Password, newPassword: Password },
  { [NAME]: 'OperatorPasswordChange' },
);
export const CodesBody = strict(
  { password: Password, code: Optional(Code) },
  { [NAME]: 'OperatorCodesBegin' },
);
export const CodeBody = strict({ code: Code }, { [NAME]: 'OperatorCode' });
export const CodesEndBody = strict(
  { password: Password, code: Code },
  { [NAME]: 'OperatorCodesEnd' },
);
export const InvitationBody = strict(
  { invitation: Invitation },
  { [NAME]: 'OperatorInvitationLook' },
);
export const InvitationUse = strict(
  { invitation: Invitation, password: Password },
  { [NAME]: 'OperatorInvitationUse' },
);

// --- what is answered -----------------------------------------------------------------------------------------------

const OPERATOR = {
  operator: OperatorName,
  name: Type.String(),
  roles: Type.Array(RoleName),
  disabled: Type.Boolean(),
  version: Version,
  hasPassword: Type.Boolean({ description: 'Without one, an invitation is still to be used.' }),
  hasCodes: Type.Boolean({ description: 'Does signing in take a one-time code?' }),
  invitedUntil: Optional(Time),
  createdAt: Time,
  updatedAt: Time,
};
const INVITED = {
  invitation: Type.String({
    description: 'A link, shown this once: whoever has it sets the password.',
  }),
  until: Time,
};
const OperatorAnswer = answer('Operator', OPERATOR);
const OperatorInvited = answer('OperatorInvited', { ...OPERATOR, ...INVITED });
const Invited = answer('OperatorInvitation', { operator: OperatorName, ...INVITED });
const Operators = answer('Operators', { operators: Type.Array(OperatorAnswer) });
const RoleAnswer = answer('Role', {
  role: RoleName,
  operations: Type.Array(oneOf(OPERATIONS)),
  seconded: Optional(Type.Array(oneOf(OPERATIONS))),
  description: Optional(Type.String()),
  builtIn: Type.Boolean(),
  version: Optional(Version),
});
const RolesAnswer = answer('Roles', { roles: Type.Array(RoleAnswer) });
const SESSION = {
  principal: Type.String({
    description: 'As the audit trail names who asks: `operator:{operator}`, `key:{id}`.',
  }),
  name: Type.String(),
  operations: Type.Array(oneOf(OPERATIONS), {
    description: 'All that may be done, what `admin` includes written out.',
  }),
  seconded: Type.Array(oneOf(OPERATIONS), {
    description: 'What may be done where somebody else agrees.',
  }),
  roles: Type.Array(RoleName),
  assets: Optional(Type.Array(AssetCode)),
  owner: Optional(User),
  codes: oneOf(['none', 'on', 'required', 'key'], {
    description:
      'One-time codes. none: there are none; on: signing in takes one; required: they must be set up before anything else; key: a key has none.',
  }),
};
const SessionAnswer = answer('OperatorSession', { ...SESSION, until: Time });
const TokenAnswer = answer('OperatorToken', {
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: whole(0, Number.MAX_SAFE_INTEGER, { description: 'Seconds.' }),
  ...SESSION,
});
const Sessions = answer('OperatorSessions', {
  sessions: Type.Array(
    Type.Object({
      session: SessionId,
      isThis: Type.Boolean({ description: 'Is it the one that asks?' }),
      address: Type.String({ description: 'From where it was opened.' }),
      agent: Type.String(),
      createdAt: Time,
      usedAt: Time,
      until: Time,
    }),
  ),
});
const Ended = answer('OperatorSessionEnded', { session: SessionId });
const Nothing = answer('OperatorDone', {});
const Codes = answer('OperatorNewCodes', {
  secret: Type.String({ description: 'In base32, to be typed into a phone.' }),
  uri: Type.String({ description: '`otpauth://totp/...`' }),
  qr: Type.Object(
    { size: whole(1, 1_000), path: Type.String() },
    { description: 'The same as squares: an SVG path in a box of `size` by `size`.' },
  ),
});
const Seen = answer('OperatorInvitationSeen', {
  operator: OperatorName,
  name: Type.String(),
  until: Time,
});

// --- what they say --------------------------------------------------------------------------------------------------

const call = described('operators');
const named = (...said: Parameters<typeof call>): Description => ({
  ...call(...said),
  path: { operator: OperatorName, role: RoleName },
});
const FOUND: readonly RefusalCode[] = ['OPERATOR_NOT_FOUND'];
const WRITTEN: readonly RefusalCode[] = [...FOUND, 'CHANGED_MEANWHILE'];
const ROLE: readonly RefusalCode[] = ['ROLE_NOT_FOUND'];

export const OPERATOR_DESCRIPTIONS = {
  add: {
    ...call(
      'Make an account of somebody who runs the ledger.',
      201,
      OperatorInvited,
      ['OPERATOR_EXISTS', 'OPERATOR_LIMIT', ...ROLE],
      OperatorBody,
    ),
    details:
      'The answer has a link, this once, by which the operator sets a password: give it to nobody else.',
  },
  list: call('All operators.', 200, Operators),
  get: named('An operator.', 200, OperatorAnswer, FOUND),
  change: {
    ...named(
      'Change what is said of an operator.',
      200,
      OperatorAnswer,
      [...WRITTEN, ...ROLE],
      OperatorChange,
    ),
    details:
      'What is left out stays. With fewer roles, sessions have no more. Who is refused is signed out.',
  },
  remove: {
    ...named('Remove an operator.', 200, OperatorAnswer, FOUND),
    details: 'All sessions end. What the operator did stays in the audit trail under that name.',
  },
  invite: {
    ...named('Make a link by which an operator sets a new password.', 201, Invited, WRITTEN),
    details:
      'The last link ends. Until it is used, all stays as it is; then all sessions end, and one-time codes are to be set up anew.',
  },
  sessions: named('Where an operator is signed in.', 200, Sessions, FOUND),
  signOut: named('End all sessions of an operator.', 200, OperatorAnswer, WRITTEN),
  endSession: named('End a session of an operator.', 200, Ended, [...FOUND, 'SESSION_NOT_FOUND']),
} as const;

export const ROLE_DESCRIPTIONS = {
  list: call('All roles: sets of operations that operators have.', 200, RolesAnswer),
  get: named('A role.', 200, RoleAnswer, ROLE),
  put: {
    ...named(
      'Say what a role is.',
      200,
      RoleAnswer,
      ['ROLE_BUILT_IN', 'OPERATOR_LIMIT', 'CHANGED_MEANWHILE'],
      RoleBody,
    ),
    details: 'Whoever has it may do that from now on, and nothing else by it.',
  },
  remove: named('Remove a role that no operator has.', 200, RoleAnswer, [
    ...ROLE,
    'ROLE_BUILT_IN',
    'ROLE_IN_USE',
  ]),
} as const;

const PAGES: readonly RefusalCode[] = ['ORIGIN_FORBIDDEN'];
const PASSWORDS: readonly RefusalCode[] = ['LOGIN_LATER', 'SIGN_IN_BUSY', 'CHANGED_MEANWHILE'];
const OWN: readonly RefusalCode[] = ['SESSION_ENDED', 'OPERATION_FORBIDDEN'];
const COOKIES = { 'Set-Cookie': 'The session, and that the browser is known.' };
const visited = (
  summary: string,
  answers: Readonly<Record<number, Answered>>,
  more: Partial<Description>,
): Description => ({
  ...{ tag: 'operators' as const, summary, answers },
  ...more,
  refusals: [...SHARDS, ...PAGES, ...(more.refusals ?? [])],
});
const SIGNED_IN = { 200: { summary: 'Signed in.', schema: SessionAnswer, headers: COOKIES } };
const DONE = { 200: { summary: 'Done.', schema: Nothing } };

export const OPERATOR_SESSION_DESCRIPTIONS = {
  signIn: visited('Sign in as an operator, or by a key.', SIGNED_IN, {
    details:
      'By `key`, or by `login`, `password`, and `code` where the operator has one-time codes (`CODE_REQUIRED` says so, once the password was right). A session by a key is the key’s, and ends with it. The cookie opens paths under `/operator` alone.',
    body: SignInBody,
    refusals: [
      ...PASSWORDS,
      ...([
        'UNAUTHORIZED',
        'CREDENTIALS_CONFLICT',
        'LOGIN_WRONG',
        'CODE_REQUIRED',
        'CODE_WRONG',
      ] as const),
      'SESSION_ENDED',
    ],
  }),
  session: visited(
    'Who is signed in, by the cookie.',
    { 200: { summary: 'This operator, or key.', schema: SessionAnswer } },
    { refusals: ['SESSION_ENDED'] },
  ),
  signOut: visited(
    'Sign out.',
    { 200: { summary: 'Done, or nobody was signed in.', schema: Nothing, headers: COOKIES } },
    {},
  ),
  token: visited(
    'A short access token of who is signed in.',
    { 200: { summary: 'For `Authorization: Bearer`.', schema: TokenAnswer, headers: COOKIES } },
    {
      details:
        'What it permits is looked at whenever it is shown: roles that are changed count at once.',
      refusals: ['SESSION_ENDED', 'CODES_REQUIRED'],
    },
  ),
  sessions: visited(
    'Where I am signed in.',
    { 200: { summary: 'The sessions, the newest first.', schema: Sessions } },
    { refusals: ['SESSION_ENDED'] },
  ),
  endSession: visited(
    'End one of my sessions.',
    { 200: { summary: 'Done.', schema: Ended } },
    { refusals: ['SESSION_ENDED', 'SESSION_NOT_FOUND'] },
  ),
  password: visited('Change my password: all my other sessions end.', DONE, {
    body: PasswordBody,
    refusals: [...OWN, ...PASSWORDS, 'PASSWORD_WRONG', 'PASSWORD_WEAK'],
  }),
  beginCodes: visited(
    'A new secret for one-time codes.',
    { 200: { summary: 'To be scanned; a code of it confirms it.', schema: Codes } },
    {
      details:
        'Where there are codes, it takes one of them. It counts once it is confirmed, within 10 minutes.',
      body: CodesBody,
      refusals: [...OWN, ...PASSWORDS, 'PASSWORD_WRONG', 'CODE_REQUIRED', 'CODE_WRONG', ...FOUND],
    },
  ),
  confirmCodes: visited('Codes of the new secret count from now on.', DONE, {
    details: 'All my other sessions end.',
    body: CodeBody,
    refusals: [...OWN, 'CODE_WRONG', 'CHANGED_MEANWHILE', ...FOUND],
  }),
  removeCodes: visited('Have no one-time codes any more.', DONE, {
    body: CodesEndBody,
    refusals: [...OWN, ...PASSWORDS, 'PASSWORD_WRONG', 'CODE_WRONG', 'CODES_REQUIRED', ...FOUND],
  }),
  lookAtInvitation: visited(
    'Whose an invitation is.',
    { 200: { summary: 'It is good.', schema: Seen } },
    { body: InvitationBody, refusals: ['INVITATION_NOT_FOUND'] },
  ),
  useInvitation: visited('Use an invitation: the password is mine from now on.', SIGNED_IN, {
    details: 'Once. All sessions end; one-time codes are to be set up anew.',
    body: InvitationUse,
    refusals: [...PASSWORDS, 'INVITATION_NOT_FOUND', 'PASSWORD_WEAK', 'SESSION_ENDED'],
  }),
} as const;
