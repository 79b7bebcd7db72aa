// Every route x every kind of bad credentials, out of the table that the routes are built from: a new
// route is covered by itself, and one that a platform may ask needs a sample of another platform's.

import type { JWTPayload } from 'jose';
import t from 'tap';
import { ADMINISTERED, type Operation } from '../../engine/index.js';
import type { Access } from '../../gateway/auth/principal.js';
import { isWrittenDown } from '../../gateway/http/server/gate.js';
import type { Route } from '../../gateway/route.js';
import { ALL_ROUTES } from './all-routes.js';
import { ALL, type Caller, caller, freshTimestamp, operator, signature, token } from './callers.js';
import { bare, type Gateway, gateway, type Headers } from './harness.js';
import {
  ACTS,
  HELD,
  LEG,
  LOT,
  OF_PROGRAMMES,
  OF_WEBHOOKS,
  OTHERS,
  PACKED,
  type Sample,
  SHARED,
  TICKETS,
} from './route-samples.js';

const visited = ALL_ROUTES.filter(({ access }) => access.by === 'visitor');
const guarded = ALL_ROUTES.filter(({ access: { by } }) => by !== 'anyone' && by !== 'visitor');

const PARTS: Readonly<Record<string, string>> = {
  owner: 'ann',
  id: 'nothing',
  asset: 'gold',
  platform: 'shop',
  user: 'u1',
  system: 'outside',
  key: '0123456789ab',
  webhook: 'wh_0123456789abcdef',
  channel: 'nc_0123456789abcdef',
  letter: '0-1-0-01234567',
};

const named = ({ method, path }: Route) => `${method} ${path}`;
const requestOf = ({ method, path }: Route) =>
  `${method} ${path.replace(/\{(\w+)\}/g, (_, name: string) => PARTS[name] ?? name)}`;
const bodyOf = ({ body }: Route) => (body === undefined ? undefined : {});
const forPlatforms = ({ access: { by } }: Route) =>
  by !== 'key' && by !== 'partner' && by !== 'member';
/** What they ask and are told: inbound.test.ts. */
const forPartners = ({ access }: Route) => access.by === 'partner';
/** What members ask, and are told: member-access.test.ts. */
const forMembers = ({ access }: Route) => access.by === 'member';

t.test(
  'only schemas, seeds of draws, keys of statements, health, readiness, figures, the document and pages are for anyone',
  async (t) => {
    const open = ALL_ROUTES.filter(({ access }) => access.by === 'anyone').map(named);
    const others = open.filter(
      (name) => !/^GET \/(live|docs|draws|receipts|me|console|sign-in\/\w+\.)\b/.test(name),
    );
    t.same(others, [
      'GET /v1/schemas/{file}',
      'GET /v1/draws/seeds',
      'GET /.well-known/jwks.json',
      ...['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /health'],
      'GET /openapi.json',
    ]);
    for (const { access, path, method } of guarded)
      t.ok(access.needs.length > 0 || access.scope !== undefined, `${method} ${path}`);
  },
);

t.test('what looks for itself who asks is known by name', async (t) => {
  const both = (path: string) => [`GET ${path}`, `POST ${path}`];
  const pages = [
    ...['/authorize', '/sign-in', '/sign-out', '/sign-in/register', '/sign-in/reset'],
    '/letters/{purpose}',
  ];
  const applications = [
    ...['POST /token', 'POST /introspect', 'POST /revoke'],
    'GET /.well-known/oauth-authorization-server',
  ];
  const members = ['', '/token', '/register', '/letters', '/reset'].map(
    (of) => `POST /session${of}`,
  );
  const own = [...members, 'GET /session', 'DELETE /session'];
  const operators = [
    ...['GET', 'POST', 'DELETE'].map((method) => `${method} /operator/session`),
    ...['/session/token', '/password', '/invitation', '/invitation/look'].map(
      (of) => `POST /operator${of}`,
    ),
    ...['', '/confirm', '/remove'].map((of) => `POST /operator/totp${of}`),
    ...['GET /operator/sessions', 'DELETE /operator/sessions/{session}'],
  ];
  const receipts = ['s', 's/{shard}', 's/{shard}/consistency', '-keys'].map(
    (of) => `GET /v1/checkpoint${of}`,
  );
  const open = [...receipts, 'GET /v1/anchor/roots/{number}'];
  const all = [...pages.flatMap(both), ...applications, ...own, ...operators, ...open];
  t.same(visited.map(named).sort(), all.sort());
});

interface Case {
  readonly name: string;
  readonly status: number;
  readonly code: string | RegExp;
  readonly headers: Headers | ((route: Route) => Headers);
  /** Which routes; default: all. */
  readonly on?: (route: Route) => boolean;
  /** Sent instead. */
  readonly body?: unknown;
}

/** Written over the expiry that tokens have otherwise. */
const NO_EXPIRY = { exp: undefined } as unknown as JWTPayload;
const shift = (text: string) => text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');
const MISSING = /^(UNAUTHORIZED|TOKEN_MISSING)$/;

async function keyCases(gateway: Gateway): Promise<Case[]> {
  const { key } = gateway;
  const good = (await operator(gateway, ALL)).Authorization ?? '';
  const expired = await operator(gateway, ALL, { expiresAt: Date.now() - 1 });
  const made = await gateway.ask('POST /v1/keys', { name: 'gone', operations: ALL });
  await gateway.ask(`POST /v1/keys/${made.body.id}/revoke`);
  const bearer = (text: string): Headers => ({ Authorization: `Bearer ${text}` });
  const row = (name: string, headers: Headers): Case => ({
    name,
    status: 401,
    code: MISSING,
    headers,
  });
  return [
    row('no credentials', {}),
    row('an empty key', { Authorization: '' }),
    row('wrong scheme', { Authorization: `Basic ${key}` }),
    row('a wrong administrator’s key', bearer(`jifen_admin_${'x'.repeat(43)}`)),
    row('a tampered administrator’s key', bearer(shift(key))),
    row(
      'an access token that there is none of',
      bearer(`jifen_at_${'0'.repeat(24)}_${'x'.repeat(43)}`),
    ),
    row('no access token', bearer('jifen_at_')),
    row('an unknown key', bearer(`jifen_key_0123456789ab_${'x'.repeat(43)}`)),
    row('a tampered key', { Authorization: shift(good) }),
    row('an expired key', expired),
    row('a revoked key', bearer(made.body.key)),
  ];
}

async function tokenCases(shop: Caller, disabled: Caller): Promise<Case[]> {
  const { secret, id } = shop;
  const good = await token(id, secret);
  const [head = '', payload = '', mac = ''] = good.split('.');
  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const later = { platform_id: id, exp: Math.floor(Date.now() / 1_000) + 2 * 86_400 };
  const row = (name: string, code: string, text: string): Case => ({
    name: `token: ${name}`,
    status: code === 'PLATFORM_DISABLED' ? 403 : 401,
    code,
    headers: { 'X-Platform-Token': text },
    on: forPlatforms,
  });
  const past = { exp: Math.floor(Date.now() / 1_000) - 1 };
  return [
    row('wrong secret', 'TOKEN_INVALID', await token(id, `${secret}x`)),
    row('expired', 'TOKEN_EXPIRED', await token(id, secret, past)),
    row('without expiry', 'TOKEN_INVALID', await token(id, secret, NO_EXPIRY)),
    row('not yet', 'TOKEN_INVALID', await token(id, secret, { nbf: later.exp })),
    row('other claims', 'TOKEN_INVALID', `${head}.${json(later)}.${mac}`),
    row('other mac', 'TOKEN_INVALID', `${head}.${payload}.${'A'.repeat(mac.length)}`),
    row('alg none', 'TOKEN_INVALID', `${json({ alg: 'none' })}.${json(later)}.`),
    row('alg HS512', 'TOKEN_INVALID', `${json({ alg: 'HS512' })}.${payload}.${mac}`),
    row(
      'a critical header',
      'TOKEN_INVALID',
      `${json({ alg: 'HS256', crit: ['x'] })}.${payload}.${mac}`,
    ),
    row('no platform', 'TOKEN_INVALID', await token(id, secret, { platform_id: 7 })),
    row('no token', 'TOKEN_INVALID', 'nonsense'),
    row('unknown platform', 'PLATFORM_UNKNOWN', await token('nobody', secret)),
    row('strange platform', 'PLATFORM_UNKNOWN', await token('__proto__', secret)),
    row('disabled platform', 'PLATFORM_DISABLED', await token(disabled.id, disabled.secret)),
    {
      name: 'a good token where a key is needed',
      status: 401,
      code: 'UNAUTHORIZED',
      headers: { 'X-Platform-Token': good },
      on: ({ access }) => access.by === 'key',
    },
  ];
}

function signatureCases(shop: Caller, rival: Caller, disabled: Caller): Case[] {
  const { id, secret } = shop;
  const signed =
    (by: string, key: string, timestamp?: string, more: Headers = {}) =>
    (route: Route): Headers => ({
      ...signature(by, key, requestOf(route), bodyOf(route), timestamp ?? freshTimestamp()),
      ...more,
    });
  const row = (name: string, code: string, headers: Case['headers'], more: object = {}): Case => ({
    name: `signature: ${name}`,
    status: code === 'PLATFORM_UNKNOWN' || code.endsWith('MISSING') ? 401 : 403,
    code,
    headers,
    on: forPlatforms,
    ...more,
  });
  const now = Date.now();
  const mutating = (route: Route) => forPlatforms(route) && route.body !== undefined;
  return [
    row('wrong secret', 'SIGNATURE_INVALID', signed(id, `${secret}x`)),
    row('another platform’s secret', 'SIGNATURE_INVALID', signed(id, rival.secret)),
    row(
      'another platform’s name',
      'SIGNATURE_INVALID',
      signed(id, secret, undefined, { 'X-Platform-ID': rival.id }),
    ),
    row('unknown platform', 'PLATFORM_UNKNOWN', signed('nobody', secret)),
    row('disabled platform', 'PLATFORM_DISABLED', signed(disabled.id, disabled.secret)),
    row('no platform', 'SIGNATURE_MISSING', signed(id, secret, undefined, { 'X-Platform-ID': '' })),
    row('no signature', 'SIGNATURE_MISSING', signed(id, secret, undefined, { 'X-Signature': '' })),
    row('old', 'SIGNATURE_INVALID', signed(id, secret, String(now - 301_000))),
    row(
      'in seconds, old',
      'SIGNATURE_INVALID',
      signed(id, secret, String(Math.floor(now / 1_000) - 301)),
    ),
    row('of the future', 'SIGNATURE_INVALID', signed(id, secret, String(now + 86_400_000))),
    ...['', 'x', '-1', '1e3', '1.5', '9'.repeat(30), '0', 'NaN'].map((time) =>
      row(`timestamp "${time}"`, 'SIGNATURE_INVALID', signed(id, secret, time)),
    ),
    row(
      'other timestamp',
      'SIGNATURE_INVALID',
      signed(id, secret, undefined, { 'X-Timestamp': String(now) }),
    ),
    row(
      'not hex',
      'SIGNATURE_INVALID',
      signed(id, secret, undefined, { 'X-Signature': 'z'.repeat(64) }),
    ),
    row('short', 'SIGNATURE_INVALID', signed(id, secret, undefined, { 'X-Signature': 'ab' })),
    row('without the query', 'SIGNATURE_INVALID', (route) =>
      signature(id, secret, `${requestOf(route)}?asset=gold`, bodyOf(route)),
    ),
    row('another path', 'SIGNATURE_INVALID', (route) =>
      signature(id, secret, `${requestOf(route)}/x`, bodyOf(route)),
    ),
    row('another method', 'SIGNATURE_INVALID', (route) =>
      signature(id, secret, requestOf(route).replace(/^\w+/, 'PATCH'), bodyOf(route)),
    ),
    row('another body', 'SIGNATURE_INVALID', signed(id, secret), { body: { a: 1 }, on: mutating }),
    row('a body moved about', 'SIGNATURE_INVALID', signed(id, secret), {
      body: '{} ',
      on: mutating,
    }),
  ];
}

t.test('every route refuses every kind of bad credentials', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const rival = await caller(server, 'rival', { assets: ['tin'] });
  const disabled = await caller(server, 'gone');
  await server.ask('POST /v1/platforms/gone/disable');
  const cases = [
    ...(await keyCases(server)),
    ...(await tokenCases(shop, disabled)),
    ...signatureCases(shop, rival, disabled),
    ...(await otherCases(server, shop, rival)),
  ];
  let count = 0;
  for (const { name, status, code, headers, on, body } of cases) {
    const wrong: string[] = [];
    const asked = guarded.filter((route) => on?.(route) !== false);
    const check = async (route: Route): Promise<void> => {
      const made = typeof headers === 'function' ? headers(route) : headers;
      const sent = body !== undefined && route.body !== undefined ? body : bodyOf(route);
      const answer = await bare(server.server.address, requestOf(route), sent, made);
      const isRight =
        answer.status === status &&
        (typeof code === 'string' ? answer.body?.code === code : code.test(answer.body?.code));
      if (!isRight) wrong.push(`${named(route)}: ${answer.status} ${answer.text}`);
      if (status === 401 && !answer.headers.has('WWW-Authenticate')) wrong.push('no challenge');
    };
    await Promise.all(asked.map(check));
    count += asked.length;
    t.same(wrong, [], name);
  }
  t.ok(count > 1_500, `${count} requests`);
  const { body } = await server.ask('GET /v1/accounts/@issue');
  t.same(body.accounts, [], 'nothing was moved');
});

async function otherCases(server: Gateway, shop: Caller, rival: Caller): Promise<Case[]> {
  const good = await token(shop.id, shop.secret);
  const signing =
    ({ id, secret }: Caller) =>
    (route: Route) =>
      signature(id, secret, requestOf(route), bodyOf(route));
  const strict = await caller(server, 'strict', { proof: 'both' });
  const signer = await caller(server, 'signer', { proof: 'signature' });
  const bearer = await caller(server, 'bearer', { proof: 'token' });
  const row = (name: string, status: number, code: string, headers: Case['headers']): Case => ({
    name,
    status,
    code,
    headers,
    on: forPlatforms,
  });
  const only = { Authorization: `Bearer ${server.key}` };
  return [
    row('a token and another’s signature', 403, 'CREDENTIALS_CONFLICT', (route) => ({
      'X-Platform-Token': good,
      ...signing(rival)(route),
    })),
    row('a key and a token', 403, 'CREDENTIALS_CONFLICT', { ...only, 'X-Platform-Token': good }),
    row('a key and a signature', 403, 'CREDENTIALS_CONFLICT', (route) => ({
      ...only,
      ...signing(shop)(route),
    })),
    row('a token alone of two', 401, 'SIGNATURE_MISSING', {
      'X-Platform-Token': await token(strict.id, strict.secret),
    }),
    row('a signature alone of two', 401, 'TOKEN_MISSING', signing(strict)),
    row('a token for a signature', 401, 'SIGNATURE_MISSING', {
      'X-Platform-Token': await token(signer.id, signer.secret),
    }),
    row('a signature for a token', 401, 'TOKEN_MISSING', signing(bearer)),
    row('an access token and a token', 403, 'CREDENTIALS_CONFLICT', {
      'X-Platform-Token': good,
      Authorization: `Bearer jifen_at_${'0'.repeat(24)}_${'x'.repeat(43)}`,
    }),
    {
      name: 'the administrator’s key where a member is needed',
      status: 401,
      code: 'UNAUTHORIZED',
      headers: only,
      on: forMembers,
    },
    {
      name: 'the administrator’s key where a platform is needed',
      status: 401,
      code: 'TOKEN_MISSING',
      headers: only,
      on: ({ access }) => access.by === 'platform',
    },
    ...(
      [
        ['the administrator’s key', only],
        ['a token', { 'X-Platform-Token': good }],
        ['a signature', signing(shop)],
      ] as const
    ).map(
      ([name, headers]): Case => ({
        ...row(`${name} where a partner is needed`, 401, 'UNAUTHORIZED', headers),
        on: forPartners,
      }),
    ),
  ];
}

/** Does one operation let do what others do, too? */
const includes = (one: Operation, other: Operation): boolean =>
  (one === 'admin' && ADMINISTERED.has(other)) || one === 'correct';

const lacks = ({ needs }: Access): Operation[] => ALL.filter((one) => !needs.includes(one));

t.test('every route refuses those whose permissions are too narrow', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const made = new Map<string, { key: Headers; platform: Caller }>();
  for (const route of guarded) {
    const operations = lacks(route.access);
    const name = operations.join();
    if (!made.has(name)) {
      const platform = await caller(server, `p${made.size}`, {
        operations: operations.length === 0 ? ['read'] : operations,
      });
      made.set(name, { key: await operator(server, operations), platform });
    }
    const { key, platform } = made.get(name)!;
    const [asked, body] = [requestOf(route), bodyOf(route)];
    const refused = { status: 403, body: { code: 'OPERATION_FORBIDDEN' } };
    if (route.access.by !== 'platform' && !forPartners(route) && !forMembers(route))
      t.match(await bare(server.server.address, asked, body, key), refused, `key: ${named(route)}`);
    if (!forPlatforms(route)) continue;
    t.match(await platform.ask(asked, body), refused, `token: ${named(route)}`);
    t.match(await platform.sign(asked, body), refused, `signature: ${named(route)}`);
  }
  const narrow = await operator(server, ALL, { assets: ['gold'] });
  for (const route of guarded.filter(({ access }) => access.whole === true)) {
    const answer = await bare(server.server.address, requestOf(route), bodyOf(route), narrow);
    t.match(answer, { status: 403, body: { code: 'ASSET_FORBIDDEN' } }, `assets: ${named(route)}`);
  }
});

t.test('a signature is accepted once by every route that may change something', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const mutating = guarded.filter((route) => forPlatforms(route) && isWrittenDown(route));
  t.ok(mutating.length > 10);
  for (const route of mutating) {
    const [asked, body] = [requestOf(route), bodyOf(route)];
    const headers = signature(shop.id, shop.secret, asked, body);
    const send = (more: Headers = {}) =>
      bare(server.server.address, asked, body, { ...headers, ...more });
    const first = await send();
    t.not(first.status, 401, named(route));
    t.not(first.body.code, 'SIGNATURE_REPLAYED', named(route));
    const replayed = { status: 403, body: { code: 'SIGNATURE_REPLAYED' } };
    t.match(await send(), replayed, named(route));
    const upper = { 'X-Signature': headers['X-Signature']!.toUpperCase() };
    t.match(await send(upper), replayed, 'in other letters');
    const both = { 'X-Platform-Token': await token(shop.id, shop.secret) };
    t.match(await send(both), replayed, 'with a token beside it');
  }
});

const NOTHING =
  /^((CARD|DEFINITION|DISPUTE|EVENT|EXCHANGE|ORDER|REVIEW|TRANSFER)_NOT_FOUND|(COUPON_UNAVAILABLE|EXCHANGE_UNSUPPORTED))$/;

/** Gives back what the platform itself moved: nothing else can be named. */
const REFUND = 'POST /api/points/refund';

t.test('no platform reads or moves another’s points', async (t) => {
  const server = await gateway(t, { assets: ['gold', 'tin'] });
  await caller(server, 'shop');
  const rival = await caller(server, 'rival', { assets: ['tin'] });
  await server.ask('POST /v1/transfers', { id: 'EARN', legs: [{ ...LEG, amount: 100 }] });
  const pending = { id: 'PENDING', legs: [LEG], pendingUntil: null };
  await server.ask('POST /v1/transfers', pending);
  await server.ask('POST /v1/holds', { ...HELD, id: 'HOLD' });
  await server.ask('POST /v1/platforms/shop/users/u1', { identity: 'ann' });
  const before = (await server.ask('GET /v1/accounts/ann')).text;
  for (const route of guarded.filter(forPlatforms)) {
    const name = named(route);
    if (name === TICKETS || name === PACKED) continue;
    if (name === REFUND) {
      const body = { user_id: 'ann', original_transaction_id: 'EARN' };
      t.match(await rival.ask(REFUND, body), { status: 404, body: { code: 'TRANSFER_NOT_FOUND' } });
      continue;
    }
    if (OF_WEBHOOKS.test(name)) {
      const body = name.endsWith('/replay') ? { from: 1 } : bodyOf(route);
      const nothing = { status: 404, body: { code: 'WEBHOOK_NOT_FOUND' } };
      t.match(await rival.ask(requestOf(route), body), nothing, name);
      continue;
    }
    const act = ACTS[name.replace('POST /v1/acts/', '')];
    const asked =
      act === undefined ? OF_PROGRAMMES[name] : ([name, { owner: 'eve', body: act }] as const);
    if (asked !== undefined) {
      const answer = await rival.ask(...asked);
      t.match(answer.body.code, NOTHING, `${name}: ${answer.text}`);
      t.equal(answer.status, answer.body.code === 'EXCHANGE_UNSUPPORTED' ? 422 : 404, name);
      continue;
    }
    if (SHARED.includes(name)) {
      const answer = await rival.ask(requestOf(route));
      t.equal(answer.status, 200, name);
      t.notMatch(answer.text, /"shop"/, name);
      continue;
    }
    const isById = /\{(platform|asset)\}/.test(route.path);
    const sample =
      OTHERS[name] ?? (isById ? ([requestOf(route), bodyOf(route)] as Sample) : undefined);
    if (sample === undefined) {
      t.fail(`${name} has no sample of another platform's points here`);
      continue;
    }
    // As it names what an operator has made; under its own ids there is nothing.
    const [request, ...body] = sample;
    const theirs = request.replace(/(?<=\/(?:transfers|holds|receipts\/ann)\/)(?=[A-Z])/, ',');
    if (theirs !== request) t.equal((await rival.ask(request, ...body)).status, 404, name);
    for (const answer of [await rival.ask(theirs, ...body), await rival.sign(theirs, ...body)]) {
      t.equal(answer.status, 403, `${name}: ${answer.text}`);
      t.match(answer.body.code, /^(ASSET|OPERATION)_FORBIDDEN$/);
    }
  }
  const legs = [LEG, { ...LEG, asset: 'tin' }];
  t.match(await rival.ask('POST /v1/transfers', { legs }), { status: 403 }, 'one leg of two');
  const items = [{ legs: [{ ...LEG, asset: 'tin' }] }, { legs: [LEG] }];
  t.match((await rival.ask('POST /v1/transfers', items)).body, [
    { status: 201 },
    { status: 403, code: 'ASSET_FORBIDDEN' },
  ]);
  const condition = { owner: 'ann', asset: 'gold', availableAtLeast: 50 };
  const probe = { legs: [{ ...LEG, asset: 'tin' }], condition };
  t.match(await rival.ask('POST /v1/transfers', probe), { status: 403 }, 'a condition tells too');
  const own = await rival.ask('GET /v1/accounts/ann');
  t.same(
    own.body.accounts.map(({ asset }: { asset: string }) => asset),
    ['tin'],
  );
  const gold = (text: string) =>
    JSON.parse(text).accounts.filter(({ asset }: { asset: string }) => asset === 'gold');
  t.same(gold((await server.ask('GET /v1/accounts/ann')).text), gold(before), 'nothing moved');
});

t.test('each movement takes its own permission', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const move = (from: string, to: string, more: object = {}) => ({
    legs: [{ from, to, asset: 'gold', amount: 1 }],
    ...more,
  });
  await server.ask('POST /v1/transfers', {
    id: 'BEGIN',
    legs: [{ ...move('@issue', 'ann').legs[0], amount: 1_000, expiresAt: LOT }],
  });
  await server.ask('POST /v1/transfers', { id: 'MOVED', ...move('ann', 'bob') });
  const rows: readonly (readonly [Operation, string, unknown])[] = [
    ['earn', 'POST /v1/transfers', move('@issue', 'ann')],
    ['redeem', 'POST /v1/transfers', move('ann', '@redeem')],
    ['spend', 'POST /v1/transfers', move('ann', '@fee')],
    ['spend', 'POST /v1/transfers', move('ann', '@clearing:shop')],
    ['transfer', 'POST /v1/transfers', move('ann', 'bob')],
    ['adjust', 'POST /v1/transfers', move('@adjust', 'ann')],
    ['adjust', 'POST /v1/transfers', move('@redeem', 'ann')],
    ['adjust', 'POST /v1/transfers', move('@expire', 'ann')],
    ['admin', 'POST /v1/transfers', move('@fee', 'ann')],
    ['admin', 'POST /v1/transfers', move('@issue', '@fee')],
    ['spend', 'POST /v1/holds', { owner: 'ann', asset: 'gold', amount: 1 }],
    ['transfer', 'POST /v1/accounts/ann/transfers/MOVED/reverse', {}],
    ['freeze', 'POST /v1/accounts/ann/assets/gold/freeze', {}],
    ['freeze', 'POST /v1/accounts/ann/assets/gold/unfreeze', {}],
    ['admin', 'POST /v1/accounts/ann/assets/gold/credit-limit', { creditLimit: 5 }],
    [
      'adjust',
      'POST /v1/accounts/ann/assets/gold/extend-lots',
      { lotExpiresAt: LOT, expiresAt: null, amount: 1 },
    ],
    ['read', 'GET /v1/accounts/ann/entries?asset=gold', undefined],
  ];
  for (const [operation, request, body] of rows) {
    const without = await operator(
      server,
      ALL.filter((one) => one !== operation && !includes(one, operation)),
    );
    const { address } = server.server;
    t.equal((await bare(address, request, body, without)).status, 403, `without ${operation}`);
    const answer = await bare(address, request, body, await operator(server, [operation]));
    t.ok(answer.status < 300, `with ${operation}: ${request} ${answer.text}`);
  }
  const earner = await operator(server, ['earn', 'transfer']);
  const { address } = server.server;
  const debt = { allowDebt: true };
  const reverse = 'POST /v1/accounts/ann/transfers/BEGIN/reverse';
  t.equal((await bare(address, reverse, debt, earner)).status, 403, 'debt takes an administrator');
});
