// Which client asks, and has it proved that? Owns: HTTP Basic and the fields of a form, which of them count. Never touches: what it asks for.
//   oauth.P1. A client proves itself in one way: in `Authorization` or in the form, never in both. A public one proves nothing, and shows no secret.

import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { given } from './authorize.js';
import { isSecretOf, liveClient, type StoredClient } from './clients.js';
import { isOAuthProblem, type OAuthProblem, oauthProblem } from './errors.js';

export type Form = Readonly<Record<string, string>>;

/** What is shown of a client. */
interface Proof {
  readonly id: string;
  readonly secret: string | undefined;
  /** It is in `Authorization`. */
  readonly isBasic: boolean;
}

const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const invalidRequest = (description: string) => oauthProblem('invalid_request', description);

/** A part of HTTP Basic, which is written as forms are (RFC 6749, 2.3.1). */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function basicProof(form: Form, authorization: string): OAuthProblem | Proof {
  const [, base64 = ''] = BASIC.exec(authorization) ?? [];
  const text = Buffer.from(base64, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [id, secret] = [decoded(text.slice(0, Math.max(0, colon))), decoded(text.slice(colon + 1))];
  if (id === undefined || id === '' || secret === undefined)
    return oauthProblem('invalid_client', 'Authorization is no HTTP Basic.', 'Basic');
  if (given(form, 'client_secret') !== undefined)
    return invalidRequest('The client shows its secret in two ways.');
  if ((given(form, 'client_id') ?? id) !== id)
    return invalidRequest('client_id and Authorization name two clients.');
  return { id, secret, isBasic: true };
}

function proofOf(form: Form, authorization: string): OAuthProblem | Proof {
  if (authorization !== '') return basicProof(form, authorization);
  const id = given(form, 'client_id');
  if (id === undefined) return oauthProblem('invalid_client', 'No client is named.');
  return { id, secret: given(form, 'client_secret'), isBasic: false };
}

/** The client that asks. */
export async function provenClient(
  ledger: OwnLedger,
  form: Form,
  authorization: string,
  now: number,
): Promise<Refusal | OAuthProblem | StoredClient> {
  const proof = proofOf(form, authorization);
  if (isOAuthProblem(proof)) return proof;
  const { id, secret, isBasic } = proof;
  const client = await liveClient(ledger, id);
  if (isRefusal(client)) return client;
  const isProven =
    client !== undefined &&
    (client.isPublic
      ? secret === undefined
      : secret !== undefined && isSecretOf(client, secret, now));
  return isProven
    ? client
    : oauthProblem(
        'invalid_client',
        'The client is not known, or its secret is wrong.',
        isBasic ? 'Basic' : undefined,
      );
}
