// Routes of the OAuth server for applications: tokens, introspection, revocation, metadata. Owns: their paths. Never touches: what they answer.

import { VISITORS } from '../../auth/principal.js';
import { json } from '../../encoding/answer.js';
import { refusedForApplications } from '../../oauth/errors.js';
import type { OAuth } from '../../oauth/server.js';
import type { Call, Route, ServedLedger } from '../../route.js';
import { OAUTH_DESCRIPTIONS } from '../../schema/oauth.js';

type Form = Readonly<Record<string, string>>;

/** The OAuth server of a ledger that is open. */
export function oauthOf({ oauth }: ServedLedger): OAuth {
  if (oauth === undefined) throw new Error('a request came before the ledger was open');
  return oauth;
}

const formOf = ({ body }: Call): Form => body as Form;

/** A route for applications, which show in `Authorization` or in the form who they are. */
const endpoint = {
  access: VISITORS,
  module: 'access',
  method: 'POST',
  body: 'form',
  headers: ['authorization', 'x-platform-token'],
  refused: refusedForApplications,
} as const;

/** The routes of the OAuth server. */
export function oauthRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      ...endpoint,
      path: '/token',
      describes: OAUTH_DESCRIPTIONS.token,
      handle: (call) => oauthOf(ledger).token(formOf(call), call.headers.authorization ?? ''),
    },
    {
      ...endpoint,
      path: '/introspect',
      isRead: true,
      describes: OAUTH_DESCRIPTIONS.introspect,
      handle: (call) => {
        const { authorization = '', 'x-platform-token': token = '' } = call.headers;
        return oauthOf(ledger).introspect(formOf(call), authorization, token);
      },
    },
    {
      ...endpoint,
      path: '/revoke',
      describes: OAUTH_DESCRIPTIONS.revoke,
      handle: (call) => oauthOf(ledger).revoke(formOf(call), call.headers.authorization ?? ''),
    },
    {
      access: VISITORS,
      module: 'access',
      method: 'GET',
      path: '/.well-known/oauth-authorization-server',
      takesAny: true,
      describes: OAUTH_DESCRIPTIONS.metadata,
      handle: () => json(200, oauthOf(ledger).metadata),
    },
  ];
}
