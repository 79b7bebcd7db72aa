// What the gateway says of OAuth, of it alone: never kept. Owns: those lines. Never touches: the rest of the catalogue (refusals.ts). The errors of RFC
// 6749 that applications are told have names of their own (gateway/oauth/errors.ts).

import { transient } from './refusal.js';

export const OAUTH = {
  SESSION_ENDED: transient(310, 401, 'The session has ended: sign in again.'),
  OAUTH_CLIENT_NOT_FOUND: transient(311, 404, 'There is no such client.'),
  OAUTH_CLIENT_INVALID: transient(312, 422, 'What is said of the client does not go together.'),
  OAUTH_CLIENT_LIMIT: transient(313, 422, 'There are too many clients.'),
  REDIRECT_URI_INVALID: transient(314, 400, 'The client has not registered this redirect URI.'),
  GRANT_NOT_FOUND: transient(
    315,
    404,
    'The member has no such session, or has given no such consent.',
  ),
};
