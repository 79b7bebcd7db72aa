// Signing in: what is sent and answered, what its routes say of themselves. Owns: these schemas and texts. Never touches: what is kept.

import type { RefusalCode } from '../../engine/index.js';
import { strict } from './commands.js';
import { type Answered, type Description, described, OWNERS, SHARDS } from './description.js';
import { Email, Phone } from './notices.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  DefinitionKey,
  NAME,
  OAuthClientId,
  oneOf,
  PlatformId,
  SessionId,
  SystemUser,
  Time,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

/** Characters of a login name as it comes, and of a password: what is longer when it comes may be shorter as it is compared. */
const LOGIN_LENGTH_MAX = 254;
const PASSWORD_LENGTH_MAX = 1_024;
const LETTER_LENGTH_MAX = 2_000;
const TICKET_LENGTH_MAX = 200;
const CODE_LENGTH_MAX = 40;

const Login = Type.String({
  maxLength: LOGIN_LENGTH_MAX,
  description: 'A login name: a mail address, or 2 to 64 letters, digits, dots, - and _.',
});
/** A code of a second factor: six digits, or one for who has lost the phone. */
export const Code = Type.String({
  maxLength: CODE_LENGTH_MAX,
  description: 'A one-time code: six digits. Or a recovery code.',
});
export const Password = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'A password: 8 to 256 characters, as they are in the form NFKC.',
});
const Language = oneOf(['zh', 'en'], { description: 'In which language the link is sent.' });

export const SignInBody = strict(
  { login: Login, password: Password, code: Optional(Code) },
  { [NAME]: 'MemberSignIn' },
);
export const TokenBody = strict(
  {
    ticket: Optional(
      Type.String({
        maxLength: TICKET_LENGTH_MAX,
        description: 'Of an embedded page: a ticket of its platform. Left out: the cookie counts.',
      }),
    ),
  },
  { [NAME]: 'SessionTokenRequest' },
);
export const RegisterBody = strict(
  { programme: DefinitionKey, login: Login, lang: Optional(Language) },
  { [NAME]: 'SelfRegistration' },
);
export const LetterBody = strict(
  {
    letter: Type.String({
      maxLength: LETTER_LENGTH_MAX,
      description: 'A link that was sent, or what stands behind its #.',
    }),
    password: Password,
    login: Optional(Login),
    code: Optional(Code),
  },
  { [NAME]: 'LetterUse' },
);
export const ResetBody = strict({ login: Login }, { [NAME]: 'PasswordReset' });
export const InvitationBody = strict(
  { email: Optional(Email), phone: Optional(Phone), platform: Optional(PlatformId) },
  { [NAME]: 'NewInvitation' },
);
export const PasswordBody = strict(
  { password: Password, newPassword: Password },
  { [NAME]: 'PasswordChange' },
);
export const CloseBody = strict({ password: Optional(Password) }, { [NAME]: 'SignInClosing' });
export const LinkBody = strict(
  {
    password: Password,
    ticket: Optional(Type.String({ maxLength: TICKET_LENGTH_MAX, description: 'A link ticket.' })),
    login: Optional(Login),
    otherPassword: Optional(Password),
    otherCode: Optional(Code),
  },
  { [NAME]: 'NewLink' },
);

// --- what is answered -----------------------------------------------------------------------------------------------

const Session = answer('Session', {
  owner: User,
  login: Optional(Type.String({ description: 'What the member signs in with, as it was typed.' })),
  until: Type.Optional(Time),
});
const SessionToken = answer('SessionToken', {
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: whole(0, Number.MAX_SAFE_INTEGER),
  scope: Type.String(),
  owner: User,
});
const Nothing = answer('Accepted', {});
const Until = answer('Invitation', { owner: User, until: Time });
const Ticket = answer('SignInTicket', {
  ticket: Type.String(),
  expires_in: whole(0, Number.MAX_SAFE_INTEGER, { description: 'Seconds.' }),
});
const Granted = {
  scope: Type.String(),
  address: Type.String({ description: 'From where it was opened.' }),
  agent: Type.String(),
  createdAt: Time,
  usedAt: Time,
  until: Time,
};
const Sessions = answer('Sessions', {
  sessions: Type.Array(
    Type.Object({
      session: SessionId,
      kind: oneOf(['session', 'embedded']),
      platform: Optional(PlatformId),
      isThis: Type.Boolean({ description: 'Is it the one that asks?' }),
      ...Granted,
    }),
  ),
});
const Applications = answer('Applications', {
  applications: Type.Array(
    Type.Object({
      client: OAuthClientId,
      scope: Type.String(),
      createdAt: Time,
      usedAt: Time,
    }),
  ),
});
const Ended = answer('Ended', { ended: whole(0, Number.MAX_SAFE_INTEGER) });
const Owner = answer('OfMember', { owner: User });
const State = answer('SignInState', {
  owner: User,
  state: oneOf(['none', 'open', 'closed']),
  createdAt: Optional(Time),
  passwordAt: Optional(Time),
});
const Link = answer('Link', {
  owner: User,
  merged: Optional(User),
  platform: Optional(PlatformId),
  user: Optional(SystemUser),
});

// --- what they say --------------------------------------------------------------------------------------------------

const PAGES: readonly RefusalCode[] = ['ORIGIN_FORBIDDEN'];
const PASSWORDS: readonly RefusalCode[] = ['LOGIN_LATER', 'SIGN_IN_BUSY', 'CHANGED_MEANWHILE'];
const CODES: readonly RefusalCode[] = ['CODE_REQUIRED', 'CODE_WRONG'];
const COOKIES = { 'Set-Cookie': 'The session, and that the browser is known.' };

const call = described('signing in');
const ofMember = (...said: Parameters<typeof call>): Description => ({
  ...call(...said),
  path: { owner: User },
});
const visited = (
  summary: string,
  answers: Readonly<Record<number, Answered>>,
  more: Partial<Description>,
): Description => ({
  ...{ tag: 'signing in' as const, summary, answers },
  ...more,
  refusals: [...SHARDS, ...PAGES, ...(more.refusals ?? [])],
});

const SENT = {
  202: { summary: 'A link is sent, if there is anybody to send it to.', schema: Nothing },
};
const SIGNED_IN = { 200: { summary: 'Signed in.', schema: Session, headers: COOKIES } };
const OF_MEMBERS: readonly RefusalCode[] = [...OWNERS, 'OPERATION_FORBIDDEN', 'OWNER_FORBIDDEN'];
const OF_USERS: readonly RefusalCode[] = ['OPERATION_FORBIDDEN', 'MEMBER_SHARED', 'SIGN_IN_EXISTS'];

export const SIGN_IN_DESCRIPTIONS = {
  signIn: visited('Sign in.', SIGNED_IN, {
    details:
      'No answer says whether there is such a login name. After too many tries from browsers that have not signed in by it before these must wait (`LOGIN_LATER`); a known browser has a count of its own, and a link sets a new password at any time. Who has a second factor is asked for a `code` once the password was right (`CODE_REQUIRED`).',
    body: SignInBody,
    refusals: [...PASSWORDS, ...CODES, 'LOGIN_WRONG', 'LOGIN_INVALID'],
  }),
  session: visited(
    'Who is signed in, by the cookie.',
    { 200: { summary: 'This member.', schema: Session } },
    { refusals: ['SESSION_ENDED'] },
  ),
  signOut: visited(
    'Sign out.',
    { 200: { summary: 'Done, or nobody was signed in.', schema: Nothing, headers: COOKIES } },
    {},
  ),
  token: visited(
    'A short access token of the member’s page.',
    { 200: { summary: 'For `Authorization: Bearer`.', schema: SessionToken, headers: COOKIES } },
    {
      details:
        'By the cookie of a session: for all that a member may. By a ticket of a platform (`POST /v1/members/{owner}/sign-in-tickets`), once: for its embedded page, within its own points and operations.',
      body: TokenBody,
      refusals: ['SESSION_ENDED', 'TICKET_INVALID', 'CHANGED_MEANWHILE'],
    },
  ),
  register: visited('Register with a programme.', SENT, {
    details:
      'Where the programme names a platform in `registration`. A link is sent to the mail address; by it a password is set. The same is answered where the address is somebody’s.',
    body: RegisterBody,
    refusals: ['REGISTRATION_CLOSED', 'LOGIN_INVALID', 'DEFINITIONS_UNCONFIRMED'],
  }),
  letter: visited('Use a link that was sent: the password is the member’s.', SIGNED_IN, {
    details:
      'Once. Of an invitation `login` is a name of the member’s choice, or left out: the mail address that the link went to. A reset ends all sessions, and what applications were given; it takes a `code` where there is a second factor.',
    body: LetterBody,
    refusals: [
      ...PASSWORDS,
      ...CODES,
      ...OF_USERS,
      ...(['LETTER_NOT_FOUND', 'LOGIN_INVALID', 'LOGIN_TAKEN', 'PASSWORD_WEAK'] as const),
      ...(['IDENTITY_CONFLICT', 'IDENTITY_INACTIVE', 'IDENTITY_INVALID'] as const),
    ],
  }),
  reset: visited('Have a link sent by which a new password is set.', SENT, {
    body: ResetBody,
    refusals: ['LOGIN_INVALID', 'SIGN_IN_BUSY'],
  }),
  invite: {
    ...ofMember(
      'Have a link sent to a member by which it signs in from now on.',
      202,
      Until,
      [
        ...OF_MEMBERS,
        ...OF_USERS,
        ...(['ADDRESS_MISSING', 'CHANGED_MEANWHILE'] as const),
        ...(['PLATFORM_NOT_FOUND', 'IDENTITY_INVALID'] as const),
      ],
      InvitationBody,
    ),
    details:
      'To the address that is named, else to the one that is known of the member. Again: a new link, and the last one ends. A platform asks for users of its own who are no other one’s. The link itself is shown to nobody else: who has it is the member.',
  },
  ticket: {
    ...ofMember('A ticket for a platform’s embedded page of its user.', 201, Ticket, [
      ...OF_MEMBERS,
      'IDENTITY_INVALID',
    ]),
    details: 'Good once, for a minute, at `POST /session/token`.',
  },
  linkTicket: {
    ...call('A ticket by which a member proves to be a platform’s user.', 201, Ticket, [
      ...(['PLATFORM_NOT_FOUND', 'IDENTITY_INVALID', 'IDENTITY_INACTIVE'] as const),
      'OPERATION_FORBIDDEN',
    ]),
    details:
      'The platform gives it to its user who is signed in there. Good for ten minutes, for the first member who uses it.',
  },
  password: {
    ...ofMember(
      'Change the password: all other sessions end.',
      200,
      Owner,
      [...OF_MEMBERS, ...PASSWORDS, 'PASSWORD_WRONG', 'PASSWORD_WEAK', 'SIGN_IN_NOT_FOUND'],
      PasswordBody,
    ),
    details: 'What applications were given goes on.',
  },
  state: ofMember('Whether a member signs in.', 200, State, OF_MEMBERS),
  close: {
    ...ofMember(
      'Close what a member signs in with.',
      200,
      Owner,
      [...OF_MEMBERS, ...PASSWORDS, 'PASSWORD_WRONG', 'SIGN_IN_NOT_FOUND'],
      CloseBody,
    ),
    details:
      'By the member itself, who says the password, or by an operator. Its sessions end, and what applications were given; the login name is free. Points stay; an invitation opens it again.',
  },
  sessions: ofMember('Where a member is signed in.', 200, Sessions, OF_MEMBERS),
  endSession: ofMember('End a session.', 200, Ended, [
    ...OF_MEMBERS,
    'SESSION_NOT_FOUND',
    'CHANGED_MEANWHILE',
  ]),
  applications: ofMember(
    'Which applications a member has given what.',
    200,
    Applications,
    OF_MEMBERS,
  ),
  endApplication: ofMember('Take back what an application was given.', 200, Ended, [
    ...OF_MEMBERS,
    'OAUTH_CLIENT_NOT_FOUND',
    'CHANGED_MEANWHILE',
  ]),
  link: {
    ...ofMember(
      'Make another platform’s user, or another account of mine, this member.',
      200,
      Link,
      [
        ...OF_MEMBERS,
        ...PASSWORDS,
        ...CODES,
        ...(['PASSWORD_WRONG', 'SIGN_IN_NOT_FOUND', 'PROOF_MISSING', 'PROOF_WEAK'] as const),
        ...(['TICKET_INVALID', 'LOGIN_WRONG', 'LOGIN_INVALID'] as const),
        ...(['IDENTITY_INACTIVE', 'IDENTITY_INVALID', 'IDENTITY_CONFLICT'] as const),
        ...(['MEMBER_MERGED', 'MEMBER_UNSETTLED', 'MERGE_TOO_LARGE', 'ACCOUNT_FROZEN'] as const),
        ...(['ACCOUNT_BUSY', 'PREPARED', 'POINTS_SHORT', 'AMOUNT_OVERFLOW', 'LOT_LIMIT'] as const),
      ],
      LinkBody,
    ),
    details:
      'Proof of this member: it is signed in, and says its password again. Proof of the other one: a `ticket` of the platform for its user, or `login` and `otherPassword` of the other account, and `otherCode` where that has a second factor. A user without points in the ledger is registered as this member; who has been somebody there is merged into it. Asked again, it answers what is so.',
  },
} as const;
