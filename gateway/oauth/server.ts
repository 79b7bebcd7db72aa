// The OAuth server: what its endpoints do. Owns: which grant types there are, who may introspect and revoke what, what is counted. Never touches: the state
// of grants (grants.ts), sockets.
//   oauth.E1. What was refused says why in a word of RFC 6749 and a sentence, and nothing that is not the caller's: of a token that is not good, or another
//       client's, introspection says that alone.

import type { Principal } from '../auth/principal.js';
import type { Answer } from '../encoding/answer.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { codeLocation, errorLocation, given, readAuthorize } from './authorize.js';
import { type Form, provenClient } from './client-proof.js';
import { type StoredClient, scopesOf } from './clients.js';
import { readCredential } from './credentials.js';
import {
  isOAuthProblem,
  type OAuthProblem,
  oauthAnswer,
  oauthProblem,
  oauthRefused,
  refusedForApplications,
} from './errors.js';
import {
  type Issued,
  isOfFamily,
  isProblem,
  isRefreshGood,
  type StoredGrant,
  type TokenUse,
  type UseProblem,
  useCode,
  useRefresh,
  withoutToken,
} from './grant.js';
import { answerOf, type BookParts, Grants } from './grants.js';
import { readScopes, SCOPES, scopeText, within } from './scopes.js';
import type {
  AuthorizeError,
  AuthorizeRead,
  AuthorizeRequest,
  Consent,
  OAuthServer,
} from './shapes.js';
import { TokenBook } from './tokens.js';

type BookOf = ConstructorParameters<typeof TokenBook>[0];

interface OAuthParts extends BookParts, Omit<BookOf, 'grants'> {
  readonly issuer: string;
  /** Whose key is in `Authorization`, or whose token in `X-Platform-Token`. */
  readonly callerOf: (authorization: string, token: string) => Promise<Refusal | Principal>;
}

/** What was counted of the OAuth server since it was started. */
export interface OAuthFigures {
  /** Answers with tokens, by grant type. */
  readonly issued: ReadonlyMap<string, number>;
  /** Refusals of /token, by error. */
  readonly refused: ReadonlyMap<string, number>;
  /** Codes and refresh tokens that were shown again after they were used. */
  readonly reused: number;
  /** Grants that were ended. */
  readonly ended: number;
}

/** What a use came to that gives nothing, for the application. */
const WORDS: Readonly<Record<UseProblem, string>> = {
  invalid: 'It is none, or is good no more.',
  expired: 'It has expired.',
  reused: 'It was used before: all that came of it was ended.',
  client: 'It was given to another client.',
  uri: 'The redirect_uri is not that of the request for the code.',
  verifier: 'The code_verifier does not fit the code_challenge, or one of them is missing.',
  scope: 'A scope was not given by the member.',
};

/** Tells what is known of a token. */
type Telling = (token: string) => Promise<Refusal | object | undefined>;

const count = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const missing = (name: string): OAuthProblem =>
  oauthProblem('invalid_request', `${name} is missing.`);

/** Seconds since 1970. */
const seconds = (ms: number): number => Math.floor(ms / 1_000);

export class OAuth implements OAuthServer {
  readonly issuer: string;
  readonly grants: Grants;
  readonly tokens: TokenBook;
  readonly #parts: OAuthParts;
  readonly #issued = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  #reused = 0;

  constructor(parts: OAuthParts) {
    this.#parts = parts;
    this.issuer = parts.issuer;
    this.grants = new Grants(parts);
    this.tokens = new TokenBook({ ...parts, grants: this.grants });
  }

  get figures(): OAuthFigures {
    const { ended } = this.grants;
    return { issued: this.#issued, refused: this.#refused, reused: this.#reused, ended };
  }

  authorize(parameters: Readonly<Record<string, string>>): Promise<Refusal | AuthorizeRead> {
    return readAuthorize(this.#parts.ledger, this.issuer, parameters);
  }

  async consent(consent: Consent): Promise<Refusal | { readonly location: string } | 'used'> {
    const made = await this.grants.code(consent);
    if (made === 'used' || isRefusal(made)) return made;
    return { location: codeLocation(this.issuer, consent.request, made.code) };
  }

  failed(request: AuthorizeRequest, error: AuthorizeError, description?: string): string {
    return errorLocation(this.issuer, request, error, description);
  }

  /** Answers `/token`. */
  async token(form: Form, authorization: string): Promise<Answer> {
    const { ledger } = this.#parts;
    const client = await provenClient(ledger, form, authorization, this.grants.now());
    if (isRefusal(client)) return refusedForApplications(client);
    if (isOAuthProblem(client)) return this.#tokenRefused(client, {});
    const type = given(form, 'grant_type');
    const told = { client: client.id, grantType: type?.slice(0, 40) };
    const made = await this.#grant(client, type, form);
    if (isRefusal(made)) return refusedForApplications(made);
    if (isOAuthProblem(made)) return this.#tokenRefused(made, told);
    count(this.#issued, type ?? '');
    return oauthAnswer(answerOf(made), { ...told, outcome: 'ISSUED' });
  }

  #tokenRefused(problem: OAuthProblem, told: Answer['told']): Answer {
    count(this.#refused, problem.error);
    return oauthRefused(problem, told);
  }

  async #grant(
    client: StoredClient,
    type: string | undefined,
    form: Form,
  ): Promise<Refusal | OAuthProblem | Issued> {
    if (type === undefined) return missing('grant_type');
    if (type === 'authorization_code') return this.#code(client, form);
    if (type === 'refresh_token') return this.#refresh(client, form);
    if (type === 'client_credentials') return this.#itself(client, form);
    return oauthProblem('unsupported_grant_type', 'There is no such grant_type here.');
  }

  async #code(client: StoredClient, form: Form): Promise<Refusal | OAuthProblem | Issued> {
    const code = given(form, 'code');
    if (code === undefined) return missing('code');
    const use = {
      client: client.id,
      redirectUri: given(form, 'redirect_uri'),
      verifier: given(form, 'code_verifier'),
    };
    const { limits } = this.#parts;
    const shown = readCredential(code, 'ac');
    return this.#used(client, shown?.id, (grant, now) =>
      shown === undefined ? { told: 'invalid' } : useCode(shown, grant, use, now, limits),
    );
  }

  async #refresh(client: StoredClient, form: Form): Promise<Refusal | OAuthProblem | Issued> {
    const token = given(form, 'refresh_token');
    if (token === undefined) return missing('refresh_token');
    const text = given(form, 'scope');
    const asked = text === undefined ? undefined : readScopes(text);
    if (text !== undefined && asked === undefined)
      return oauthProblem('invalid_scope', 'One of the scopes is none.');
    if (asked !== undefined && within(asked, scopesOf(client)).length < asked.length)
      return oauthProblem('invalid_scope', 'One of the scopes is none of the client.');
    const { limits } = this.#parts;
    const shown = readCredential(token, 'rt');
    const use = { client: client.id, asked };
    return this.#used(client, shown?.id, (grant, now) =>
      shown === undefined ? { told: 'invalid' } : useRefresh(shown, grant, use, now, limits),
    );
  }

  /** Uses a grant of a client; one of an earlier life of the client is none, nor is one of whose scopes the client has none any more. */
  async #used(
    client: StoredClient,
    id: string | undefined,
    make: (grant: StoredGrant, now: number) => TokenUse,
  ): Promise<Refusal | OAuthProblem | Issued> {
    const used =
      id === undefined
        ? undefined
        : await this.grants.use(id, (grant, now): TokenUse => {
            const isPast = grant.client === client.id && grant.generation !== client.generation;
            if (isPast) return { told: 'invalid' };
            const made = make(grant, now);
            const left = within(readScopes(grant.scope) ?? [], scopesOf(client));
            return left.length === 0 && !isProblem(made.told) ? { told: 'invalid' } : made;
          });
    if (isRefusal(used)) return used;
    const told = used?.told ?? 'invalid';
    if (!isProblem(told)) {
      const given = readScopes(told.scope) ?? [];
      return { ...told, scope: scopeText(within(given, scopesOf(client))) };
    }
    if (told === 'reused') this.#reused++;
    return oauthProblem(told === 'scope' ? 'invalid_scope' : 'invalid_grant', WORDS[told]);
  }

  async #itself(client: StoredClient, form: Form): Promise<Refusal | OAuthProblem | Issued> {
    const { id, generation, ownScope } = client;
    const may = ownScope === undefined ? undefined : readScopes(ownScope);
    if (may === undefined)
      return oauthProblem('unauthorized_client', 'The client may do nothing for itself.');
    const text = given(form, 'scope');
    const asked = text === undefined ? may : readScopes(text);
    if (asked === undefined || within(asked, may).length < asked.length)
      return oauthProblem('invalid_scope', 'One of the scopes is none of the client.');
    return this.grants.clientToken(id, generation, scopeText(asked));
  }

  /** Answers `/introspect` (RFC 7662): to clients of their own tokens, to keys and platforms that may read. */
  async introspect(form: Form, authorization: string, platformToken: string): Promise<Answer> {
    const isKeys = /^Bearer /i.test(authorization) || platformToken !== '';
    const ask = isKeys
      ? await this.#reader(authorization, platformToken)
      : await this.#confidential(form, authorization);
    if (isRefusal(ask)) return refusedForApplications(ask);
    if (isOAuthProblem(ask)) return oauthRefused(ask);
    const token = given(form, 'token');
    if (token === undefined) return oauthRefused(missing('token'));
    const found = await ask(token);
    return isRefusal(found)
      ? refusedForApplications(found)
      : oauthAnswer(found === undefined ? { active: false } : { active: true, ...found });
  }

  async #confidential(
    form: Form,
    authorization: string,
  ): Promise<Refusal | OAuthProblem | Telling> {
    const { ledger } = this.#parts;
    const client = await provenClient(ledger, form, authorization, this.grants.now());
    if (isRefusal(client) || isOAuthProblem(client)) return client;
    if (client.isPublic)
      return oauthProblem('invalid_client', 'A public client may not ask for this.');
    return (token) => this.#told(token, client);
  }

  async #reader(authorization: string, token: string): Promise<Refusal | OAuthProblem | Telling> {
    const caller = await this.#parts.callerOf(authorization, token);
    if (isRefusal(caller)) {
      if (caller.status !== 401) return caller;
      return oauthProblem('invalid_client', 'The key or token is none that is good.', 'Bearer');
    }
    const { kind, scope, assets, owner, operations } = caller;
    const isWhole = assets === undefined && owner === undefined;
    if (operations.has('read') && kind === 'platform') return (text) => this.#toldTo(text, scope);
    if (operations.has('read') && kind !== 'member' && isWhole) return (text) => this.#access(text);
    return oauthProblem(
      'insufficient_scope',
      'This takes a platform, or a key that is restricted to nothing, and the permission to read.',
      'Bearer',
    );
  }

  /** What a client is told of a token of its own: an access token, or the refresh token that is good. */
  async #told(token: string, client: StoredClient): Promise<Refusal | object | undefined> {
    const shown = readCredential(token);
    if (shown?.kind !== 'rt') {
      const access = await this.#access(token);
      const isOwn = access !== undefined && !isRefusal(access) && access.client_id === client.id;
      return isOwn || isRefusal(access) ? access : undefined;
    }
    const found = await this.grants.find(shown.id);
    if (found === undefined || isRefusal(found)) return found;
    const { grant } = found;
    if (grant.client !== client.id || !isRefreshGood(grant, token, this.grants.now()))
      return undefined;
    const scopes = await this.tokens.scopesNow(grant, grant.scope);
    if (scopes === undefined || isRefusal(scopes)) return scopes;
    const exp = seconds(grant.refresh?.until ?? 0);
    return { scope: scopeText(scopes), client_id: client.id, exp, iss: this.issuer };
  }

  /** What others are told of access tokens; `platform`: of those that extend to it. */
  async #toldTo(token: string, platform?: string): Promise<Refusal | object | undefined> {
    const access = await this.#access(token);
    if (access === undefined || isRefusal(access) || platform === undefined) return access;
    const scopes = (readScopes(access.scope) ?? []).filter(
      (one) =>
        one.platform === platform || (one.platform === undefined && SCOPES[one.word].byPlatform),
    );
    return scopes.length === 0 ? undefined : { ...access, scope: scopeText(scopes) };
  }

  async #access(token: string) {
    const shown = readCredential(token, 'at');
    const found = shown && (await this.tokens.look(shown));
    if (found === undefined || isRefusal(found)) return found;
    const { grant, scopes, owner, at, until } = found;
    return {
      scope: scopeText(scopes),
      client_id: grant.client,
      token_type: 'Bearer',
      exp: seconds(until),
      iat: seconds(at),
      ...(owner === undefined ? {} : { sub: owner }),
      iss: this.issuer,
    };
  }

  /** Answers `/revoke` (RFC 7009). */
  async revoke(form: Form, authorization: string): Promise<Answer> {
    const { ledger } = this.#parts;
    const client = await provenClient(ledger, form, authorization, this.grants.now());
    if (isRefusal(client)) return refusedForApplications(client);
    if (isOAuthProblem(client)) return oauthRefused(client);
    const token = given(form, 'token');
    const told = { client: client.id };
    if (token === undefined) return oauthRefused(missing('token'), told);
    const problem = await this.#revoked(token, client);
    if (isRefusal(problem)) return refusedForApplications(problem);
    return problem === undefined ? oauthAnswer({}, told) : oauthRefused(problem, told);
  }

  async #revoked(token: string, client: StoredClient): Promise<Refusal | OAuthProblem | undefined> {
    const shown = readCredential(token);
    if (shown?.kind !== 'at' && shown?.kind !== 'rt') return undefined;
    const { id, kind } = shown;
    const used = await this.grants.use<'done' | 'others'>(id, (grant) => {
      const isIts = kind === 'rt' ? isOfFamily(grant, token) : undefined;
      const without = kind === 'at' ? withoutToken(grant, token) : undefined;
      if (isIts !== true && without === undefined) return { told: 'done' };
      if (grant.client !== client.id) return { told: 'others' };
      return { grant: without ?? 'ended', told: 'done' };
    });
    this.grants.tellOf(id);
    if (used === undefined || isRefusal(used)) return used;
    return used.told === 'others'
      ? oauthProblem('invalid_request', 'The token was given to another client.')
      : undefined;
  }

  /** What the server is and can (RFC 8414). */
  get metadata(): object {
    const { issuer } = this;
    const secrets = ['client_secret_basic', 'client_secret_post'];
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      introspection_endpoint: `${issuer}/introspect`,
      revocation_endpoint: `${issuer}/revoke`,
      scopes_supported: Object.entries(SCOPES).flatMap(([word, { isOwn }]) =>
        isOwn ? [] : [word],
      ),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: [...secrets, 'none'],
      introspection_endpoint_auth_methods_supported: [...secrets, 'Bearer'],
      revocation_endpoint_auth_methods_supported: [...secrets, 'none'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      service_documentation: `${issuer}/docs`,
    };
  }
}
