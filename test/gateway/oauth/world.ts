// A gateway with an OAuth server, a platform, clients and members that consent. Owns: how tests get at codes without a browser: by another OAuth server over
// the same ledger, as another node has one. Never touches: what is tested.

import { createHash, randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { clockOf } from '../../../engine/index.js';
import { Directory } from '../../../gateway/auth/directory.js';
import { memberPrincipal } from '../../../gateway/auth/member-principal.js';
import { Sealer } from '../../../gateway/auth/sealing.js';
import { gatewayLimits } from '../../../gateway/limits.js';
import { readScopes } from '../../../gateway/oauth/scopes.js';
import { OAuth } from '../../../gateway/oauth/server.js';
import type { Session } from '../../../gateway/oauth/shapes.js';
import { isRefusal, type Refusal, refuse } from '../../../gateway/refusal.js';
import type { ServeOptions, Server } from '../../../gateway/serve.js';
import { type Answered, bare, type Gateway, gateway, type Headers } from '../harness.js';

export type Form = Readonly<Record<string, string | undefined>>;

/** What came of something, where it is not refused. */
export function good<T>(made: T | Refusal): T {
  if (isRefusal(made)) throw new Error(`${made.code}: ${made.detail ?? made.message}`);
  return made;
}

/** What is undefined left out. */
const said = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

/** A form as it is sent. */
export const formText = (form: Form): string => new URLSearchParams(said(form)).toString();

export const basic = (id: string, secret: string): Headers => ({
  Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

export const s256 = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** Sends a form. */
export const post = (
  address: string,
  path: string,
  form: Form | string,
  headers: Headers = {},
): Promise<Answered> =>
  bare(address, `POST ${path}`, typeof form === 'string' ? form : formText(form), {
    'Content-Type': 'application/x-www-form-urlencoded',
    ...headers,
  });

export const CALLBACK = 'https://app.example/callback';
export const VERIFIER = 'v'.repeat(43);

/** A client with its secret; a public one has none. */
export interface TestClient {
  readonly id: string;
  readonly secret: string;
}

interface Over {
  readonly server: Server;
  readonly folder: string;
  readonly limits?: ServeOptions['limits'];
  readonly engine?: Partial<ServeOptions['engine']> | undefined;
  readonly onDefect: (error: unknown) => void;
}

/** An OAuth server over the ledger of one that runs, as another node has one; and what ends it. */
export async function oauthOver({ server, folder, onDefect, ...options }: Over) {
  const limits = gatewayLimits(options.limits);
  const sealer = await Sealer.of(folder);
  if (sealer === undefined) throw new Error('the folder has no secrets.key');
  const { engine } = server;
  const directory = new Directory(engine, sealer, limits, onDefect);
  await directory.start();
  const oauth = new OAuth({
    ...{ ledger: engine, sealer, limits, directory, onDefect, issuer: server.address },
    now: clockOf({ folder, ...options.engine }),
    principalOf: (holder) => memberPrincipal(holder, directory),
    callerOf: async () => refuse('UNAUTHORIZED'),
  });
  return { oauth, end: () => directory.stop() };
}

export const memberOf = (owner: string) => ({
  member: createHash('sha256').update(owner).digest('hex').slice(0, 22),
  owner,
});

export class OAuthWorld {
  readonly gateway: Gateway;
  readonly oauth: OAuth;

  constructor(made: Gateway, oauth: OAuth) {
    this.gateway = made;
    this.oauth = oauth;
  }

  get address(): string {
    return this.gateway.server.address;
  }

  /** Registers a client; without a body: a confidential one that may read and redeem. */
  async client(body: object = {}): Promise<TestClient> {
    const usual = { name: 'App', redirectUris: [CALLBACK], scope: 'profile read redeem' };
    const answer = await this.gateway.ask('POST /v1/oauth-clients', { ...usual, ...body });
    if (answer.status !== 201) throw new Error(answer.text);
    return { id: answer.body.id, secret: answer.body.secret ?? '' };
  }

  async session(owner = 'ann'): Promise<Session> {
    const seat = { address: '10.0.0.1', agent: 'test' };
    const still = async () => undefined;
    return good(await this.oauth.grants.openSession(memberOf(owner), seat, still)).session;
  }

  /** The parameters of a request for a code. */
  parameters({ id }: TestClient, more: Form = {}): Record<string, string> {
    const all: Form = {
      response_type: 'code',
      client_id: id,
      redirect_uri: CALLBACK,
      code_challenge: s256(VERIFIER),
      code_challenge_method: 'S256',
      state: 'here & there',
      ...more,
    };
    return said(all);
  }

  /** What a member's browser is sent to that says yes to what the parameters ask. */
  async consented(parameters: Record<string, string>, session?: Session, form?: string) {
    const { grants } = this.oauth;
    const read = good(await this.oauth.authorize(parameters));
    if (read.is !== 'request') throw new Error(JSON.stringify(read));
    const { request } = read;
    const is = session ?? (await this.session());
    const consent = {
      ...{ request, member: is.member, owner: is.owner, scopes: request.scopes },
      form: form ?? randomBytes(32).toString('base64url'),
      seat: { address: '10.0.0.1', agent: 'test' },
      still: grants.sessionStill(is),
    };
    const made = good(await this.oauth.consent(consent));
    return new URL(made === 'used' ? 'used:' : made.location);
  }

  /** A code that a member gave a client; `used`: that answer was given before. */
  async code(client: TestClient, more: Form = {}, session?: Session, form?: string) {
    const back = await this.consented(this.parameters(client, more), session, form);
    return back.protocol === 'used:' ? 'used' : (back.searchParams.get('code') ?? '');
  }

  token(form: Form | string, headers?: Headers): Promise<Answered> {
    return post(this.address, '/token', form, headers);
  }

  /** Exchanges a code. */
  exchange(client: TestClient, code: string, more: Form = {}): Promise<Answered> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    const all = { ...form, code_verifier: VERIFIER, ...more };
    return client.secret === ''
      ? this.token({ ...all, client_id: client.id })
      : this.token(all, basic(client.id, client.secret));
  }

  refresh(client: TestClient, refresh_token: string, more: Form = {}): Promise<Answered> {
    const all = { grant_type: 'refresh_token', refresh_token, ...more };
    return client.secret === ''
      ? this.token({ ...all, client_id: client.id })
      : this.token(all, basic(client.id, client.secret));
  }

  introspect({ id, secret }: TestClient, token: string): Promise<Answered> {
    return post(this.address, '/introspect', { token }, basic(id, secret));
  }

  revoke(client: TestClient, token: string): Promise<Answered> {
    return client.secret === ''
      ? post(this.address, '/revoke', { token, client_id: client.id })
      : post(this.address, '/revoke', { token }, basic(client.id, client.secret));
  }

  async isActive(client: TestClient, token: string): Promise<boolean> {
    return (await this.introspect(client, token)).body.active;
  }

  /** Tokens of a code: a member that said yes. */
  async tokens(client: TestClient, more: Form = {}, session?: Session) {
    const code = await this.code(client, more, session);
    const { redirect_uri } = more;
    const answer = await this.exchange(client, code, redirect_uri ? { redirect_uri } : {});
    if (answer.status !== 200) throw new Error(answer.text);
    return { code, access: answer.body.access_token, refresh: answer.body.refresh_token };
  }
}

/** A gateway with the platform `shop`, which has `points`. */
export async function oauthWorld(
  t: Test,
  options: Partial<ServeOptions> = {},
): Promise<OAuthWorld> {
  const limits = { visitorRate: { limit: 1_000_000, seconds: 1 }, ...options.limits };
  const made = await gateway(t, { assets: ['points', 'stars'], ...options, limits });
  const operations = ['read', 'earn', 'redeem', 'transfer'];
  const shop = { id: 'shop', name: 'Shop', assets: ['points'], operations };
  await made.ask('POST /v1/platforms', shop);
  const { server, folder } = made;
  const onDefect = (error: unknown) => t.fail(String(error));
  const over = await oauthOver({ server, folder, limits, engine: options.engine, onDefect });
  t.teardown(over.end);
  return new OAuthWorld(made, over.oauth);
}

/** Scopes out of their text. */
export const scopes = (text: string) => readScopes(text) ?? [];
