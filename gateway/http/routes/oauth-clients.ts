// Routes of clients of the OAuth server. Owns: their paths and answers. Never touches: what is kept of them.

import type { Directory } from '../../auth/directory.js';
import { VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import {
  addClient,
  allClients,
  oneClient,
  removeClient,
  rotateClientSecret,
  setClientDisabled,
  updateClient,
  type WithSecret,
} from '../../oauth/clients.js';
import type { Client } from '../../oauth/shapes.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { OAUTH_CLIENT_DESCRIPTIONS } from '../../schema/oauth.js';
import { oauthOf } from './oauth.js';

const CLIENT = '/v1/oauth-clients/{client}';

const administration = { access: WHOLE_LEDGER, module: 'access' } as const;

const clientAnswer = (made: Refusal | Client): Answer =>
  isRefusal(made) ? problem(made) : json(200, made, { client: made.id });

// The secret is in the answer, and not in what is written down of it.
const secretAnswer = (status: number, made: Refusal | WithSecret): Answer =>
  isRefusal(made)
    ? problem(made)
    : json(status, { ...made.client, secret: made.secret }, { client: made.client.id });

/** The routes of clients. */
export function oauthClientRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const now = (): number => oauthOf(ledger).grants.now();
  const directory = (): Directory => {
    if (ledger.access === undefined) throw new Error('a request came before the ledger was open');
    return ledger.access.directory;
  };
  const idOf = ({ path }: Call): string => path[0] ?? '';
  const verbs = (['disable', 'enable'] as const).map(
    (verb): Route => ({
      ...administration,
      method: 'POST',
      path: `${CLIENT}/${verb}`,
      describes: OAUTH_CLIENT_DESCRIPTIONS[verb],
      body: 'optional',
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const records = recordsOf(ledger, call);
        const made = await setClientDisabled(records, idOf(call), verb === 'disable', now());
        return ended(ledger, made);
      },
    }),
  );
  return [
    {
      ...administration,
      method: 'POST',
      path: '/v1/oauth-clients',
      describes: OAUTH_CLIENT_DESCRIPTIONS.add,
      body: 'required',
      handle: async (call) => {
        const records = recordsOf(ledger, call);
        return secretAnswer(201, await addClient(records, directory(), call.body, now(), limits));
      },
    },
    {
      ...administration,
      access: VIEWERS,
      method: 'GET',
      path: '/v1/oauth-clients',
      describes: OAUTH_CLIENT_DESCRIPTIONS.list,
      handle: async () => {
        const clients = await allClients(engineOf(ledger));
        return isRefusal(clients) ? problem(clients) : json(200, { clients });
      },
    },
    {
      ...administration,
      access: VIEWERS,
      method: 'GET',
      path: CLIENT,
      describes: OAUTH_CLIENT_DESCRIPTIONS.get,
      handle: async (call) => {
        const client = await oneClient(engineOf(ledger), idOf(call));
        return isRefusal(client) ? problem(client) : json(200, client);
      },
    },
    {
      ...administration,
      method: 'PUT',
      path: CLIENT,
      describes: OAUTH_CLIENT_DESCRIPTIONS.change,
      body: 'required',
      handle: async (call) => {
        const records = recordsOf(ledger, call);
        const made = await updateClient(records, directory(), idOf(call), call.body, now());
        return ended(ledger, made);
      },
    },
    {
      ...administration,
      method: 'DELETE',
      path: CLIENT,
      describes: OAUTH_CLIENT_DESCRIPTIONS.remove,
      handle: async (call) =>
        ended(ledger, await removeClient(recordsOf(ledger, call), idOf(call))),
    },
    {
      ...administration,
      method: 'POST',
      path: `${CLIENT}/rotate`,
      describes: OAUTH_CLIENT_DESCRIPTIONS.rotate,
      body: 'optional',
      handle: async (call) => {
        const records = recordsOf(ledger, call);
        return secretAnswer(
          200,
          await rotateClientSecret(records, idOf(call), call.body, now(), limits),
        );
      },
    },
    ...verbs,
  ];
}

// What the client was given may be good no more: here at once.
function ended(ledger: ServedLedger, made: Refusal | Client): Answer {
  if (!isRefusal(made)) oauthOf(ledger).tokens.clientChanged(made.id);
  return clientAnswer(made);
}
