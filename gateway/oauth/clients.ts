// Clients of the OAuth server: their records in the ledger. Owns: what is known of a client, its secrets' lives, which redirect URIs it may have. Never
// touches: requests, what members gave it.
//   oauth.R1. A redirect URI is one text, compared character by character: https, http of this machine, or a scheme of an application's own (RFC 8252); no
//       fragment, no name or password in it, nothing that stands for anything else.
//   oauth.R2. What is said of a client counts for all that it was given, at once: disabled or removed, nothing of it is good; with fewer scopes, those alone.
//       Enabled again, it begins anew: `generation`.

import type { Directory } from '../auth/directory.js';
import { Documents, isTooLong, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { RotateBody } from '../schema/access.js';
import { bodyReader } from '../schema/check.js';
import { OAuthClientBody, OAuthClientChange } from '../schema/oauth.js';
import { fits, OAuthClientId } from '../schema/words.js';
import { digestOf, isDigestOf, newCredential, newId } from './credentials.js';
import { readScopes, SCOPES, type Scope, scopeText } from './scopes.js';
import type { Client } from './shapes.js';

/** A secret as it is kept. */
interface StoredSecret {
  readonly hash: string;
  /** Milliseconds since 1970; left out: until it is replaced. */
  readonly until?: number | undefined;
}

/** A client as it is kept. */
export interface StoredClient extends Client {
  /** The newest one first, at most two; none: it is public. */
  readonly secrets: readonly StoredSecret[];
  /** How often it was disabled: what it was given before is good no more. */
  readonly generation: number;
}

/** A client and a secret of it, which is shown this once; a public one has none. */
export interface WithSecret {
  readonly client: Client;
  readonly secret?: string | undefined;
}

/** All clients. */
export const CLIENTS = new Documents<StoredClient>('#oauth-clients', 'client', 'client');

const isClientId = fits(OAuthClientId);
const readClient = bodyReader(OAuthClientBody);
const readChange = bodyReader(OAuthClientChange);
const readRotation = bodyReader(RotateBody);

/** A client without its secrets. */
export function shownClient({ secrets: _, generation: __, ...client }: StoredClient): Client {
  return client;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** What is wrong with a redirect URI, if anything (oauth.R1). */
export function redirectUriProblem(text: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(text)) return 'has characters that no URI has';
  if (text.includes('#')) return 'has a fragment';
  if (text.includes('*') || text.includes('\\')) return 'has * or \\';
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'has a name or password';
  if (url.protocol === 'https:') return url.href === text ? undefined : notAsWritten(url);
  if (url.protocol === 'http:') {
    if (!LOOPBACK.has(url.hostname)) return 'is http, and not of this machine';
    return url.href === text ? undefined : notAsWritten(url);
  }
  // With a dot: nothing that a browser carries out or opens by itself (javascript:, data:, file:, blob:) is one.
  return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:\/{1,2}[^/]/.test(text)
    ? undefined
    : 'is neither https nor of an application’s own scheme: com.example.app:/path';
}

/** A URI that browsers write in another way is never the one that they come back to. */
const notAsWritten = ({ href }: URL): string => `is written ${href} by browsers`;

interface ClientFields {
  readonly isPublic?: boolean | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly scope?: string | undefined;
  readonly platform?: string | undefined;
  readonly ownScope?: string | undefined;
}

const invalid = (field: string, detail: string): Refusal =>
  refuse('OAUTH_CLIENT_INVALID', field, detail);

const OWN_WORDS: ReadonlySet<string> = new Set(['read', 'redeem', 'transfer']);

/** What is wrong with what is said of a client, once each field is as its schema says. */
function clientProblem(fields: ClientFields, directory: Directory): Refusal | undefined {
  const { isPublic = false, redirectUris = [], scope = '', platform, ownScope } = fields;
  for (const [i, uri] of redirectUris.entries()) {
    const problem = redirectUriProblem(uri);
    if (problem !== undefined)
      return invalid(`redirectUris[${i}]`, `redirectUris[${i}] ${problem}.`);
  }
  const asks = scope === '' ? [] : readScopes(scope);
  if (asks === undefined) return invalid('scope', 'scope: one of them is no scope.');
  if (asks.some(({ word }) => SCOPES[word].isOwn))
    return invalid('scope', 'scope: self is for the product’s own page alone.');
  if ((redirectUris.length === 0) !== (asks.length === 0))
    return invalid('redirectUris', 'A client that asks members has both redirectUris and a scope.');
  if ((platform === undefined) !== (ownScope === undefined))
    return invalid(
      'ownScope',
      'A client that acts for itself has both a platform and an ownScope.',
    );
  if (ownScope === undefined) {
    if (asks.length > 0) return undefined;
    return invalid('scope', 'The client asks nobody, and may do nothing for itself.');
  }
  if (isPublic)
    return invalid('isPublic', 'A public client has no secret: it cannot act for itself.');
  const own = readScopes(ownScope);
  const isRight = own?.every((one) => one.platform === platform && OWN_WORDS.has(one.word));
  if (isRight !== true)
    return invalid(
      'ownScope',
      `ownScope: read, redeem and transfer of its platform alone, e.g. read:${platform}.`,
    );
  if (directory.platform(platform ?? '') === undefined)
    return refuse('PLATFORM_NOT_FOUND', 'platform');
  return undefined;
}

const tidy = (scope: string | undefined): string =>
  scope === undefined || scope === '' ? '' : scopeText(readScopes(scope) ?? []);

/** Registers a client; its secret is in the answer and nowhere else to be had. */
export async function addClient(
  ledger: OwnLedger,
  directory: Directory,
  body: unknown,
  now: number,
  { oauthClientsMax }: GatewayLimits,
): Promise<Refusal | WithSecret> {
  const fields = readClient(body);
  if (isRefusal(fields)) return fields;
  const problem = clientProblem(fields, directory);
  if (problem !== undefined) return problem;
  const present = await CLIENTS.all(ledger);
  if (isRefusal(present)) return present;
  if (present.length >= oauthClientsMax) return refuse('OAUTH_CLIENT_LIMIT', 'name');
  const id = newId();
  const { name, isPublic = false, redirectUris = [], platform, ownScope } = fields;
  const secret = isPublic ? undefined : newCredential('cs', id);
  const client: StoredClient = {
    ...{ id, name, isPublic, redirectUris, scope: tidy(fields.scope) },
    ...(platform === undefined ? {} : { platform, ownScope: tidy(ownScope) }),
    disabled: false,
    createdAt: now,
    updatedAt: now,
    secrets: secret === undefined ? [] : [{ hash: digestOf(secret) }],
    generation: 1,
  };
  const written = tooLong(client) ?? (await CLIENTS.put(ledger, id, client, 0));
  return written ?? { client: shownClient(client), secret };
}

const tooLong = (client: StoredClient): Refusal | undefined =>
  isTooLong(client)
    ? invalid('redirectUris', 'Its redirect URIs and scopes are too long together.')
    : undefined;

/** Changes a client by its id. */
async function changed(
  ledger: OwnLedger,
  id: string,
  now: number,
  change: (client: StoredClient) => StoredClient | Refusal,
): Promise<Refusal | Client> {
  if (!isClientId(id)) return refuse('OAUTH_CLIENT_NOT_FOUND', 'client');
  const client = await CLIENTS.change(ledger, id, (before) => {
    const after = change(before);
    return isRefusal(after) || after === before
      ? after
      : (tooLong(after) ?? { ...after, updatedAt: now });
  });
  if (client === undefined) return refuse('OAUTH_CLIENT_NOT_FOUND', 'client');
  return isRefusal(client) ? client : shownClient(client);
}

/** Changes what is said of a client; whether it is public stays. */
export async function updateClient(
  ledger: OwnLedger,
  directory: Directory,
  id: string,
  body: unknown,
  now: number,
): Promise<Refusal | Client> {
  const fields = readChange(body);
  if (isRefusal(fields)) return fields;
  return changed(ledger, id, now, (before) => {
    const after = {
      ...before,
      ...fields,
      scope: tidy(fields.scope ?? before.scope),
      ...(fields.ownScope === undefined ? {} : { ownScope: tidy(fields.ownScope) }),
    };
    return clientProblem({ ...before, ...fields }, directory) ?? after;
  });
}

/** Disables a client, which ends all that it was given, or enables it again. */
export const setClientDisabled = (
  ledger: OwnLedger,
  id: string,
  disabled: boolean,
  now: number,
): Promise<Refusal | Client> =>
  changed(ledger, id, now, (client) =>
    client.disabled === disabled
      ? client
      : { ...client, disabled, generation: client.generation + (disabled ? 1 : 0) },
  );

/** Makes a new secret; the last one stays good for a while. */
export async function rotateClientSecret(
  ledger: OwnLedger,
  id: string,
  body: unknown,
  now: number,
  { secretOverlapSeconds }: GatewayLimits,
): Promise<Refusal | WithSecret> {
  const fields = readRotation(body);
  if (isRefusal(fields)) return fields;
  const seconds = fields.overlapSeconds ?? secretOverlapSeconds;
  const secret = newCredential('cs', id);
  const client = await changed(ledger, id, now, (before) => {
    if (before.isPublic) return invalid('client', 'A public client has no secret.');
    const [last] = before.secrets;
    const kept =
      last === undefined || seconds === 0 ? [] : [{ ...last, until: now + seconds * 1_000 }];
    return { ...before, secrets: [{ hash: digestOf(secret) }, ...kept] };
  });
  return isRefusal(client) ? client : { client, secret };
}

/** A client. */
export async function oneClient(ledger: OwnLedger, id: string): Promise<Refusal | Client> {
  const found = isClientId(id) ? await CLIENTS.get(ledger, id) : undefined;
  if (isRefusal(found)) return found;
  return found ? shownClient(found.read()) : refuse('OAUTH_CLIENT_NOT_FOUND', 'client');
}

/** Removes a client, which ends all that it was given. */
export async function removeClient(ledger: OwnLedger, id: string): Promise<Refusal | Client> {
  const client = await oneClient(ledger, id);
  return isRefusal(client) ? client : ((await CLIENTS.delete(ledger, id)) ?? client);
}

/** All clients, by id. */
export async function allClients(ledger: OwnLedger): Promise<Refusal | readonly Client[]> {
  const found = await CLIENTS.all(ledger);
  return isRefusal(found) ? found : found.map((one) => shownClient(one.read()));
}

/** A client that is not disabled, by its id as anybody may have written it; undefined: there is none. */
export async function liveClient(
  ledger: OwnLedger,
  id: string | undefined,
): Promise<Refusal | StoredClient | undefined> {
  const found = isClientId(id) ? await CLIENTS.get(ledger, id) : undefined;
  if (found === undefined || isRefusal(found)) return found;
  const client = found.read();
  return client.disabled ? undefined : client;
}

/** Is it a secret of this client? */
export const isSecretOf = ({ secrets }: StoredClient, secret: string, now: number): boolean =>
  secrets.some(
    ({ hash, until }) => (until === undefined || until > now) && isDigestOf(hash, secret),
  );

/** The scopes that a client may ask members for. */
export const scopesOf = ({ scope }: Client): readonly Scope[] =>
  scope === '' ? [] : (readScopes(scope) ?? []);
