// What the pages for signing in are shown on: members with passwords, a client and its site, a visitor without a browser. Owns: these. Never touches: what is
// tested; browsers.

import { createHash } from 'node:crypto';
import { request as ask, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import type { ServeOptions } from '../../../gateway/serve.js';
import { until } from '../../until.js';
import { type Answered, bare, type Gateway, type Headers as Given, gateway } from '../harness.js';
import { type Mailbox, mailbox } from '../mailbox.js';

export const PASSWORD = 'correct horse battery';
export const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
export const MEMBERS = ['ann', 'bob'] as const;
export const emailOf = (owner: string): string => `${owner}@mail.example`;

export type Fields = Readonly<Record<string, string>>;

/** A client that is registered. */
export interface AppClient {
  readonly id: string;
  readonly secret: string;
  readonly uri: string;
}

/** The site of a client: says what it was asked. */
export interface Site {
  readonly origin: string;
  readonly uri: string;
  /** Paths with queries, of all but pictures that browsers ask for by themselves. */
  readonly asked: string[];
}

/** A site on a free port, for the time of a test. `body`: the HTML of each of its pages. */
export async function site(t: Pick<Test, 'teardown'>, body = '<h1>Client</h1>'): Promise<Site> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url !== '/favicon.ico') asked.push(url);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Client</title>${body}</html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, uri: `${origin}/back`, asked };
}

export class ConsentWorld {
  readonly gateway: Gateway;
  readonly box: Mailbox;
  readonly clock: Float64Array;

  constructor(made: Gateway, box: Mailbox, clock: Float64Array) {
    this.gateway = made;
    this.box = box;
    this.clock = clock;
  }

  get address(): string {
    return this.gateway.server.address;
  }

  async sure(request: string, body?: unknown): Promise<any> {
    const answer = await this.gateway.ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  }

  async client(uri: string, more: object = {}): Promise<AppClient> {
    const usual = { name: 'Shop app', redirectUris: [uri], scope: 'profile read redeem transfer' };
    const { id, secret = '' } = await this.sure('POST /v1/oauth-clients', { ...usual, ...more });
    return { id, secret, uri };
  }

  /** The path of a request for a code. */
  authorize(
    { id, uri }: AppClient,
    more: Readonly<Record<string, string | undefined>> = {},
  ): string {
    const all: Record<string, string | undefined> = {
      ...{ response_type: 'code', client_id: id, redirect_uri: uri, scope: 'profile read' },
      ...{ state: 'here', code_challenge: CHALLENGE, code_challenge_method: 'S256', ...more },
    };
    const said = Object.entries(all).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    return `/authorize?${new URLSearchParams(said)}`;
  }

  /** The link of the newest letter to an address, once there are `count`. */
  async link(to: string, count = 1): Promise<string> {
    const sent = () => this.box.mails.filter((mail) => mail.to === to);
    const mails = await until('a letter', async () => sent().length >= count && sent());
    const [link] = /http\S+\/letters\/\w+#[\w-]+/.exec(mails.at(-1)?.text ?? '') ?? [];
    if (link === undefined) throw new Error(`no link in: ${mails.at(-1)?.text}`);
    return link;
  }

  visitor(more: Given = {}): Visitor {
    return new Visitor(this.address, more);
  }

  /** A visitor who has signed in. */
  async signedIn(owner: string): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.open('/sign-in');
    const answer = await visitor.send({
      decision: 'sign-in',
      login: emailOf(owner),
      password: PASSWORD,
    });
    if (answer.status !== 303) throw new Error(answer.text);
    return visitor;
  }

  /** Exchanges a code. */
  async exchange({ id, secret, uri }: AppClient, code: string): Promise<Answered> {
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: uri,
      code_verifier: VERIFIER,
    };
    const all = secret === '' ? { ...form, client_id: id } : form;
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    return bare(this.address, 'POST /token', new URLSearchParams(all).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(secret !== '' && { Authorization: basic }),
    });
  }
}

/** An answer of a page. */
export interface Shown extends Answered {
  /** `Location`, or an empty text. */
  readonly location: string;
  /** The parameters behind it. */
  readonly told: Readonly<Record<string, string>>;
}

const TEXTS: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};
const unescaped = (text: string): string =>
  text.replace(/&([a-z#0-9]+);/g, (all, name: string) => TEXTS[name] ?? all);

/** Somebody who looks at pages and sends their forms, without a browser: keeps cookies, follows nothing. */
export class Visitor {
  readonly #address: string;
  readonly #headers: Given;
  readonly cookies = new Map<string, string>();
  /** What was shown last. */
  page: Shown | undefined;

  constructor(address: string, headers: Given) {
    this.#address = address;
    this.#headers = headers;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The fields that the shown form has without being filled in, and where it goes. */
  get form(): { readonly action: string; readonly fields: Fields } {
    const text = this.page?.text ?? '';
    const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(text) ?? [];
    const fields: Record<string, string> = {};
    for (const [tag] of text.matchAll(/<input [^>]*>/g)) {
      const [, name = ''] = / name="([^"]*)"/.exec(tag) ?? [];
      const [, value = ''] = / value="([^"]*)"/.exec(tag) ?? [];
      fields[unescaped(name)] = unescaped(value);
    }
    return { action: unescaped(action), fields };
  }

  async #ask(request: string, body: string | undefined, headers: Given): Promise<Shown> {
    const [method = '', path = ''] = request.split(' ');
    const cookie = this.cookie;
    const sent = {
      ...(cookie !== '' && { Cookie: cookie }),
      ...(body !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...{ ...this.#headers, ...headers },
    };
    // Not by fetch, which says of itself what it is (`Sec-Fetch-Mode`).
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      ask(this.#address + path, { method, headers: sent }, resolve)
        .on('error', reject)
        .end(body);
    });
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { location = '' } = answer.headers;
    const told = URL.canParse(location, this.#address)
      ? Object.fromEntries(new URL(location, this.#address).searchParams)
      : {};
    const all = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const text = Buffer.concat(parts).toString();
    const { statusCode: status = 0 } = answer;
    return { status, headers: new Headers(all), text, body: undefined, location, told };
  }

  async open(path: string, headers: Given = {}): Promise<Shown> {
    this.page = await this.#ask(`GET ${path}`, undefined, headers);
    return this.page;
  }

  /** Sends a form, the shown one where nothing else is said; what is undefined is left out. */
  async send(
    more: Readonly<Record<string, string | undefined>>,
    {
      form = this.form,
      headers = {},
    }: { form?: Visitor['form'] | undefined; headers?: Given } = {},
  ): Promise<Shown> {
    const all = Object.entries({ ...form.fields, ...more });
    const said = all.filter((pair): pair is [string, string] => pair[1] !== undefined);
    const body = new URLSearchParams(said).toString();
    const answer = await this.#ask(`POST ${form.action}`, body, headers);
    if (answer.location === '') this.page = answer;
    return answer;
  }
}

/** A gateway with members who have passwords. */
export async function consentWorld(
  t: Test,
  { limits, ...options }: Partial<ServeOptions> = {},
): Promise<ConsentWorld> {
  const clockOffset = new SharedArrayBuffer(8);
  const box = await mailbox(t);
  const made = await gateway(t, {
    ...{ assets: ['points'], webhookHosts: ['127.0.0.1'] },
    ...options,
    limits: { visitorRate: { limit: 1_000_000, seconds: 1 }, ...limits },
    engine: { ...options.engine, folder: '', clockOffset },
  });
  const world = new ConsentWorld(made, box, new Float64Array(clockOffset));
  const operations = ['read', 'earn', 'redeem', 'transfer'];
  await world.sure('POST /v1/platforms', {
    ...{ id: 'shop', name: 'Shop & Co', assets: ['points'], operations },
  });
  await world.sure('POST /v1/channels', {
    ...{ type: 'email', url: box.url, from: 'club@shop.example', fromName: 'Club' },
  });
  await Promise.all(MEMBERS.map((owner) => arrive(world, owner)));
  return world;
}

async function arrive(world: ConsentWorld, owner: string): Promise<void> {
  await world.sure(`PUT /v1/members/${owner}/contact`, { email: emailOf(owner), language: 'en' });
  await world.sure(`POST /v1/members/${owner}/invitations`, {});
  const link = new URL(await world.link(emailOf(owner)));
  const visitor = world.visitor();
  await visitor.open(link.pathname);
  await visitor.send({ letter: link.hash.slice(1), decision: 'look' });
  const answer = await visitor.send({ password: PASSWORD, decision: 'use' });
  if (answer.status !== 303) throw new Error(answer.text);
}
