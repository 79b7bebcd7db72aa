// Requests of applications for a code. Owns: in which order they are judged, where their answers go. Never touches: pages, who the member is.
//   oauth.A1. Before the client and its redirect URI are found right nobody is redirected: what is wrong with them the member reads on a page.
//   oauth.A2. Every answer that goes to a client says who gives it (`iss`, RFC 9207) and has the `state` that it sent.

import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { liveClient, scopesOf, shownClient } from './clients.js';
import { readScopes, type Scope, within } from './scopes.js';
import type { AuthorizeError, AuthorizeRead, AuthorizeRequest, Client } from './shapes.js';

type Parameters = Readonly<Record<string, string>>;

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** One parameter; what has no value is left out (RFC 6749, 3.1). */
export const given = (parameters: Parameters, name: string): string | undefined =>
  parameters[name] || undefined;

/** A URI with parameters more: what it had stays as it is. */
function withParameters(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const more = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) more.set(name, value);
  const between = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&';
  return `${uri}${between}${more}`;
}

/** Where what is asked for goes. */
type Destination = Pick<AuthorizeRequest, 'redirectUri' | 'state'>;

/** The redirect that gives a code. */
export const codeLocation = (issuer: string, { redirectUri, state }: Destination, code: string) =>
  withParameters(redirectUri, { code, state, iss: issuer });

/** The redirect that tells an error (RFC 6749, 4.1.2.1). */
export const errorLocation = (
  issuer: string,
  { redirectUri, state }: Destination,
  error: AuthorizeError,
  description?: string,
): string =>
  withParameters(redirectUri, { error, error_description: description, state, iss: issuer });

/** Which of the client's redirect URIs is meant; undefined: none. */
function redirectUriOf({ redirectUris }: Client, asked: string | undefined): string | undefined {
  if (asked === undefined) return redirectUris.length === 1 ? redirectUris[0] : undefined;
  return redirectUris.find((one) => one === asked);
}

type Wrong = readonly [AuthorizeError, string];

/** Which scopes are asked for: those of the client where it does not say. */
function askedScopes(client: Client, text: string | undefined): readonly Scope[] | Wrong {
  const may = scopesOf(client);
  if (text === undefined) return may;
  const asked = readScopes(text);
  if (asked === undefined) return ['invalid_scope', 'One of the scopes is none.'];
  if (within(asked, may).length < asked.length)
    return ['invalid_scope', 'The client may not ask for one of the scopes.'];
  return asked;
}

const isWrong = (found: readonly Scope[] | Wrong): found is Wrong => typeof found[0] === 'string';

/** What is wrong with a challenge, or its absence (RFC 7636, 4.4.1). */
function challengeProblem(
  client: Client,
  challenge: string | undefined,
  method: string | undefined,
): Wrong | undefined {
  const invalid = (what: string): Wrong => ['invalid_request', what];
  if (challenge === undefined) {
    if (client.isPublic) return invalid('code_challenge is required of public clients.');
    return method === undefined ? undefined : invalid('code_challenge is missing.');
  }
  if (method !== 'S256') return invalid('code_challenge_method must be S256.');
  return CHALLENGE.test(challenge) ? undefined : invalid('code_challenge is no S256.');
}

/** Reads a request for a code. */
export async function readAuthorize(
  ledger: OwnLedger,
  issuer: string,
  parameters: Parameters,
): Promise<Refusal | AuthorizeRead> {
  const client = await liveClient(ledger, given(parameters, 'client_id'));
  if (isRefusal(client)) return client;
  if (client === undefined)
    return { is: 'page', refusal: refuse('OAUTH_CLIENT_NOT_FOUND', 'client_id') };
  const askedUri = given(parameters, 'redirect_uri');
  const redirectUri = redirectUriOf(client, askedUri);
  if (redirectUri === undefined)
    return { is: 'page', refusal: refuse('REDIRECT_URI_INVALID', 'redirect_uri') };
  const state = given(parameters, 'state');
  const wrong = ([error, description]: Wrong): AuthorizeRead => ({
    is: 'redirect',
    location: errorLocation(issuer, { redirectUri, state }, error, description),
  });
  const type = given(parameters, 'response_type');
  if (type === undefined) return wrong(['invalid_request', 'response_type is missing.']);
  if (type !== 'code')
    return wrong(['unsupported_response_type', 'The response_type must be code.']);
  if ((given(parameters, 'response_mode') ?? 'query') !== 'query')
    return wrong(['invalid_request', 'The response_mode must be query.']);
  const challenge = given(parameters, 'code_challenge');
  const problem = challengeProblem(client, challenge, given(parameters, 'code_challenge_method'));
  if (problem !== undefined) return wrong(problem);
  const scopes = askedScopes(client, given(parameters, 'scope'));
  if (isWrong(scopes)) return wrong(scopes);
  const shown = shownClient(client);
  const request = { client: shown, redirectUri, saysUri: askedUri !== undefined, scopes };
  return { is: 'request', request: { ...request, state, challenge } };
}
