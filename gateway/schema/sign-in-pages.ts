// What the pages for signing in say of themselves. Owns: their parameters, fields and answers. Never touches: what they do.

import { SCOPE_TEXT_LENGTH_MAX } from '../limits.js';
import type { Answered, Description } from './description.js';
import { Type } from './typebox.js';

const text = (description: string) => Type.Optional(Type.String({ description }));

const HTML: Answered = { summary: 'A page that says what is wrong.', type: 'text/html' };
const REFUSED = [400, 403, 404, 409, 413, 415, 422, 429, 500, 503] as const;
const SEE_OTHER = {
  summary: 'Where to go on.',
  type: 'text/plain',
  headers: { Location: 'Where.' },
};

const ANSWERS: Description['answers'] = {
  200: { summary: 'A page.', type: 'text/html' },
  303: SEE_OTHER,
  ...Object.fromEntries(REFUSED.map((status) => [status, HTML])),
};

const pages = (summary: string, more: Partial<Description> = {}): Description => ({
  tag: 'signing in',
  summary,
  answers: ANSWERS,
  refusals: [],
  ...more,
});

const LOCALES = {
  ui_locales: text(
    'Languages, as tags with blanks between: the first of `zh`, `en` is the page’s.',
  ),
};

const AuthorizeQuery = Type.Object({
  response_type: text('`code`.'),
  client_id: text('Who asks.'),
  redirect_uri: text(
    'Where the code goes: one that the client has registered, character by character.',
  ),
  scope: text('What is asked for, with blanks between.'),
  state: text('Comes back as it is.'),
  code_challenge: text(
    'Base64url of SHA-256 of the verifier (RFC 7636). Needed of public clients.',
  ),
  code_challenge_method: text('`S256`.'),
  response_mode: text('`query`.'),
  prompt: text(
    '`none`: nobody is asked, else `login_required`, `consent_required` or `interaction_required` is told. `login`: the member signs in again. `consent`: is asked again. `select_account`: sees which account it is.',
  ),
  login_hint: text('What stands in the field for the login name at first.'),
  ...LOCALES,
});
const FORM = {
  form: text('Made by the page.'),
  decision: text('Which button.'),
};
const SIGN_IN = {
  ...{ login: text('The login name.'), password: text('The password.') },
  code: text('A one-time code, or a recovery code, where there is a second factor.'),
};

/** Scopes that a request may name: each takes four characters and a blank, at least. */
export const SCOPES_MAX = Math.ceil(SCOPE_TEXT_LENGTH_MAX / 5);
/** The field of the form for one of the scopes of a request. */
export const scopeField = (index: number): string => `scope${index}`;

const SCOPE_FIELDS = Object.fromEntries(
  Array.from({ length: SCOPES_MAX }, (_, i) => [scopeField(i), text('`yes`: this one is given.')]),
);

const RETURN = {
  to: text('Where to go on: `/me`, or a page of it.'),
  prompt: text('`login`: another account, where one is signed in.'),
  ...LOCALES,
};
const PROGRAMME = { programme: text('The programme to register with.'), ...LOCALES };

/** By page and method. */
export const PAGE_DESCRIPTIONS = {
  authorize: pages('An application asks for a member’s consent (RFC 6749, 4.1.1).', {
    details:
      'A page on which the member signs in and decides; back to the client by a redirect. Of a client or redirect URI that is not registered: a page, never a redirect.',
    query: AuthorizeQuery,
  }),
  consent: pages('The forms of that page.', {
    query: AuthorizeQuery,
    body: Type.Object({ ...FORM, ...SIGN_IN, account: text('Whose page it is.'), ...SCOPE_FIELDS }),
  }),
  signIn: pages('A page to sign in to the member’s page.', { query: Type.Object(RETURN) }),
  signedIn: pages('The form of that page.', {
    query: Type.Object(RETURN),
    body: Type.Object({ ...FORM, ...SIGN_IN }),
  }),
  signOut: pages('A page to sign out.', { query: Type.Object(LOCALES) }),
  signedOut: pages('The form of that page.', {
    query: Type.Object(LOCALES),
    body: Type.Object(FORM),
  }),
  register: pages('A page to register with a programme.', { query: Type.Object(PROGRAMME) }),
  registered: pages('The form of that page.', {
    query: Type.Object(PROGRAMME),
    body: Type.Object({ ...FORM, login: SIGN_IN.login, programme: PROGRAMME.programme }),
  }),
  reset: pages('A page to have a link for a new password sent.', { query: Type.Object(LOCALES) }),
  resetSent: pages('The form of that page.', {
    query: Type.Object(LOCALES),
    body: Type.Object({ ...FORM, login: SIGN_IN.login }),
  }),
  letter: pages('A page on which a link is used that was sent.', {
    path: { purpose: Type.String({ enum: ['invitation', 'confirmation', 'reset'] }) },
    query: Type.Object(LOCALES),
  }),
  letterUsed: pages('The forms of that page.', {
    path: { purpose: Type.String({ enum: ['invitation', 'confirmation', 'reset'] }) },
    query: Type.Object(LOCALES),
    body: Type.Object({ ...FORM, ...SIGN_IN, letter: text('What the link has behind its #.') }),
  }),
} as const;
