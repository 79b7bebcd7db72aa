// The OAuth server: clients, tokens, what it says of itself. Owns: the schemas of what is sent and answered, what their routes say of themselves. Never
// touches: what is kept of them.

import type { RefusalCode } from '../../engine/index.js';
import {
  NAME_LENGTH_MAX,
  REDIRECT_URI_LENGTH_MAX,
  REDIRECT_URIS_MAX,
  SCOPE_TEXT_LENGTH_MAX,
} from '../limits.js';
import { NoBody, RotateBody } from './access.js';
import { strict } from './commands.js';
import { type Description, described } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Count, line, NAME, OAuthClientId, oneOf, PlatformId, Time, text } from './words.js';

const { Optional } = Type;

const Name = line(NAME_LENGTH_MAX, {
  description: `A text for people of 1 to ${NAME_LENGTH_MAX} characters.`,
});
const SCOPE_TOLD =
  '`profile`, `read`, `redeem`, `transfer`, `participate`, with spaces between; all but `profile` may name one platform: `redeem:shop`.';
const SCOPE = '[a-z-]+(?::[a-z0-9_-]+)?';
const scopeText = (description: string) =>
  text(`${SCOPE}(?: ${SCOPE})*`, { maxLength: SCOPE_TEXT_LENGTH_MAX, description });
const ScopeText = scopeText(`Scopes: ${SCOPE_TOLD}`);
const RedirectUris = Type.Array(
  text('[A-Za-z][A-Za-z0-9+.-]*:[!"$-~]+', { maxLength: REDIRECT_URI_LENGTH_MAX }),
  {
    minItems: 1,
    maxItems: REDIRECT_URIS_MAX,
    uniqueItems: true,
    description: `A list of 1 to ${REDIRECT_URIS_MAX} different URIs of at most ${REDIRECT_URI_LENGTH_MAX} characters: https, http of this machine, or a scheme of an application’s own; no fragment. Compared character by character.`,
  },
);
const SETTINGS = {
  redirectUris: Optional(RedirectUris),
  scope: Optional(ScopeText),
  platform: Optional(PlatformId),
  ownScope: Optional(
    scopeText(
      'What the client may do for itself (client credentials): `read`, `redeem`, `transfer` of its platform, e.g. `read:shop`.',
    ),
  ),
};
export const OAuthClientBody = strict(
  {
    name: Name,
    isPublic: Optional(
      Type.Boolean({
        description: 'Can it keep no secret: a page, a phone’s application? Default: false.',
      }),
    ),
    ...SETTINGS,
  },
  { [NAME]: 'NewOAuthClient' },
);
export const OAuthClientChange = strict(
  { name: Optional(Name), ...SETTINGS },
  { [NAME]: 'OAuthClientChange' },
);

const CLIENT = {
  id: OAuthClientId,
  name: Type.String(),
  isPublic: Type.Boolean(),
  redirectUris: Type.Array(Type.String()),
  scope: Type.String({ description: 'What it may ask members for.' }),
  platform: Optional(PlatformId),
  ownScope: Optional(Type.String()),
  disabled: Type.Boolean(),
  createdAt: Time,
  updatedAt: Time,
};
const ClientAnswer = answer('OAuthClient', CLIENT);
const ClientWithSecret = answer('OAuthClientWithSecret', {
  ...CLIENT,
  secret: Optional(Type.String({ description: 'Shown this once. A public client has none.' })),
});
const Clients = answer('OAuthClients', { clients: Type.Array(ClientAnswer) });

const client = described('signing in');
const FOUND: readonly RefusalCode[] = ['OAUTH_CLIENT_NOT_FOUND'];
const WRITTEN: readonly RefusalCode[] = [...FOUND, 'CHANGED_MEANWHILE'];
const SAID: readonly RefusalCode[] = [
  'COMMAND_INVALID',
  'OAUTH_CLIENT_INVALID',
  'PLATFORM_NOT_FOUND',
];

export const OAUTH_CLIENT_DESCRIPTIONS = {
  add: client(
    'Register an application. Its secret is in the answer, once.',
    201,
    ClientWithSecret,
    [...SAID, 'OAUTH_CLIENT_LIMIT', 'CHANGED_MEANWHILE'],
    OAuthClientBody,
  ),
  list: client('All applications.', 200, Clients, []),
  get: client('An application.', 200, ClientAnswer, FOUND),
  change: client(
    'Change what is said of an application. With fewer scopes, what it was given has no others either.',
    200,
    ClientAnswer,
    [...WRITTEN, ...SAID],
    OAuthClientChange,
  ),
  rotate: client(
    'Make a new secret, which is in the answer, once. The last one stays good for a while.',
    200,
    ClientWithSecret,
    [...WRITTEN, 'COMMAND_INVALID', 'OAUTH_CLIENT_INVALID'],
    RotateBody,
  ),
  disable: client(
    'Refuse an application. What it was given is good no more, also once it is enabled again.',
    200,
    ClientAnswer,
    WRITTEN,
    NoBody,
  ),
  enable: client('Let an application in again.', 200, ClientAnswer, WRITTEN, NoBody),
  remove: client(
    'Remove an application. What it was given is good no more.',
    200,
    ClientAnswer,
    FOUND,
  ),
} as const;

const Failed = answer('OAuthError', {
  error: Type.String({ description: 'As RFC 6749, 5.2, names it.' }),
  error_description: Optional(Type.String()),
});
const REFUSED = {
  400: { summary: 'It is refused (RFC 6749, 5.2).', schema: Failed },
  401: {
    summary: 'The client is not known, or has not proved who it is.',
    schema: Failed,
    headers: { 'WWW-Authenticate': 'Where the client was shown in `Authorization`: `Basic`.' },
  },
  403: { summary: 'Who asks may not (RFC 6750, 3.1).', schema: Failed },
  429: { summary: 'Too many requests of one address.', schema: Failed },
  503: { summary: 'It cannot be said now: try again.', schema: Failed },
} as const;
const BY_CLIENT = {
  client_id: Optional(Type.String({ description: 'Where it is not in `Authorization`.' })),
  client_secret: Optional(Type.String()),
};
const field = (description: string) => Optional(Type.String({ description }));
const hint = field('Not needed: a token says what it is.');

/** The fields of the forms that applications send. */
export const TokenForm = strict(
  {
    grant_type: field('`authorization_code`, `refresh_token` or `client_credentials`.'),
    code: field('Of `/authorize`.'),
    redirect_uri: field('The same as there.'),
    code_verifier: field('The text whose S256 was the challenge (RFC 7636).'),
    refresh_token: field('The last one.'),
    scope: field('Fewer than were given. Left out: all.'),
    ...BY_CLIENT,
  },
  { [NAME]: 'TokenRequest' },
);
const IntrospectForm = strict(
  { token: field('The token.'), token_type_hint: hint, ...BY_CLIENT },
  { [NAME]: 'IntrospectRequest' },
);
const RevokeForm = strict(
  { token: field('The token.'), token_type_hint: hint, ...BY_CLIENT },
  { [NAME]: 'RevokeRequest' },
);
const Tokens = answer('Tokens', {
  access_token: Type.String(),
  token_type: oneOf(['Bearer']),
  expires_in: Count,
  scope: Type.String(),
  refresh_token: Optional(Type.String()),
});
const Introspection = answer('Introspection', {
  active: Type.Boolean(),
  scope: Optional(Type.String()),
  client_id: Optional(Type.String()),
  token_type: Optional(oneOf(['Bearer'])),
  exp: Optional(Count),
  iat: Optional(Count),
  sub: Optional(Type.String({ description: 'The member whose points those are.' })),
  iss: Optional(Type.String()),
});
const Metadata = answer('AuthorizationServer', {
  issuer: Type.String(),
  authorization_endpoint: Type.String(),
  token_endpoint: Type.String(),
  introspection_endpoint: Type.String(),
  revocation_endpoint: Type.String(),
  scopes_supported: Type.Array(Type.String()),
  response_types_supported: Type.Array(Type.String()),
  response_modes_supported: Type.Array(Type.String()),
  grant_types_supported: Type.Array(Type.String()),
  token_endpoint_auth_methods_supported: Type.Array(Type.String()),
  introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
  revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
  code_challenge_methods_supported: Type.Array(Type.String()),
  authorization_response_iss_parameter_supported: Type.Boolean(),
  service_documentation: Type.String(),
});

const CLIENTS_TOLD =
  'The client shows its secret by HTTP Basic, or as `client_id` and `client_secret` in the form, never both; a public one names its `client_id`.';

const form = (
  summary: string,
  details: string,
  body: Description['body'],
  told: Description['answers'][number],
): Description => ({
  ...{ tag: 'signing in', summary, details, refusals: [] },
  ...(body === undefined ? {} : { body }),
  answers: { 200: told, ...REFUSED },
});

export const OAUTH_DESCRIPTIONS = {
  token: form(
    'Tokens for a code, for a refresh token, or for the application itself (RFC 6749).',
    `${CLIENTS_TOLD} A code is good once: used a second time, what came of it ends. A refresh token is good once, too, and one that was used before ends all that came of the same consent; the last one may be shown again for \`refreshRepeatSeconds\` where the answer was lost.`,
    TokenForm,
    { summary: 'The tokens.', schema: Tokens, headers: { 'Cache-Control': '`no-store`.' } },
  ),
  introspect: form(
    'Is a token good, and what for (RFC 7662)?',
    `For clients of their own tokens (${CLIENTS_TOLD}) and, by \`Authorization: Bearer\`, for keys that may \`read\` and are restricted to nothing; for platforms that may \`read\`, by \`X-Platform-Token\`: of access tokens that extend to them. Of a token that is not good nothing else is said.`,
    IntrospectForm,
    { summary: 'What is known of it.', schema: Introspection },
  ),
  revoke: form(
    'End a token (RFC 7009).',
    `${CLIENTS_TOLD} A refresh token ends with all that came of the same consent, also one that was used before; an access token ends alone. What is no token of anybody is answered like one that was ended.`,
    RevokeForm,
    { summary: 'It is not good, or not any more.', schema: strict({}) },
  ),
  metadata: {
    tag: 'signing in',
    summary: 'What the OAuth server is and can (RFC 8414).',
    answers: { 200: { summary: 'Its metadata.', schema: Metadata } },
    refusals: [],
  },
} as const satisfies Readonly<Record<string, Description>>;
