// Every route x members' access tokens: which are open to them, by which scope, for nobody but themselves. A route that is opened to members has a row here.
// And tokens over streams: they end with the token.

import t from 'tap';
import { CALLER_ACTS, type Operation } from '../../engine/index.js';
import { SCOPES, type ScopeWord } from '../../gateway/oauth/scopes.js';
import type { Route } from '../../gateway/route.js';
import { until } from '../until.js';
import { ALL_ROUTES } from './all-routes.js';
import { bare, type Headers, linesOf } from './harness.js';
import { good, type OAuthWorld, oauthWorld, scopes } from './oauth/world.js';
import { ACTS, OF_PROGRAMMES } from './route-samples.js';
import { Talk } from './talk.js';

/** What members may ask, by the word of the scope that it takes. All else is not for them. */
const OPEN: Readonly<Record<ScopeWord, readonly string[]>> = {
  profile: ['GET /user/profile'],
  read: [
    'GET /v1/accounts/{owner}',
    'GET /v1/accounts/{owner}/entries',
    'GET /v1/accounts/{owner}/exchange-submissions/{submission}',
    'GET /v1/accounts/{owner}/holds',
    'GET /v1/accounts/{owner}/holds/{id}',
    'GET /v1/accounts/{owner}/transfers/{id}',
    'GET /v1/assets',
    'GET /v1/assets/{asset}',
    'GET /v1/exchange-rates/{from}',
    'GET /v1/exchange-rates/{from}/{to}',
    'GET /v1/goods',
    'GET /v1/goods/{goods}',
    'GET /v1/leaderboards/{board}',
    'GET /v1/leaderboards/{board}/members/{owner}',
    'GET /v1/members/{owner}',
    'GET /v1/members/{owner}/coupons',
    'GET /v1/members/{owner}/draws',
    'GET /v1/members/{owner}/draws/{draw}',
    'GET /v1/members/{owner}/events/{event}',
    'GET /v1/members/{owner}/events/{event}/why',
    'GET /v1/members/{owner}/options',
    'GET /v1/members/{owner}/partner-exchanges',
    'GET /v1/members/{owner}/sharing',
    'GET /v1/members/{owner}/programmes',
    'GET /v1/members/{owner}/recommendations',
    'GET /v1/orders',
    'GET /v1/orders/{number}',
    'GET /v1/partner-exchanges/{exchange}',
    'GET /v1/receipts/{owner}',
    'GET /v1/receipts/{owner}/{id}',
    'GET /v1/referral-codes/{code}',
    'GET /v1/users/{owner}',
    'POST /v1/balances',
    'POST /v1/cards/look-up',
  ],
  redeem: [
    'POST /v1/accounts/{owner}/transfers/{id}/reverse',
    'POST /v1/goods/{goods}/waiting',
    'POST /v1/lotteries/{lottery}/draws',
    'POST /v1/lotteries/{lottery}/words',
    'POST /v1/orders',
    'POST /v1/orders/{number}/cancel',
    'POST /v1/quotes',
    ...acts('draw', 'draw-word', 'goods-wait', 'order', 'order-cancel', 'order-quote'),
  ],
  transfer: [
    'POST /v1/exchange-quotes',
    'POST /v1/exchange-submissions',
    'POST /v1/exchange-submissions/{submission}/withdraw',
    'POST /v1/exchanges',
    'POST /v1/partner-exchanges',
    'POST /v1/partner-exchanges/{exchange}/cancel',
    ...acts('exchange', 'exchange-quote', 'exchange-submit', 'exchange-withdraw', 'gift'),
    ...acts('partner-exchange', 'partner-exchange-cancel'),
  ],
  participate: [
    'POST /v1/events',
    ...acts('claim', 'coupon-redeem', 'event', 'refer', 'referral-code'),
  ],
  self: [
    'DELETE /v1/members/{owner}/applications/{client}',
    'DELETE /v1/members/{owner}/contact',
    'DELETE /v1/members/{owner}/erasure-request',
    'DELETE /v1/members/{owner}/sessions/{session}',
    'GET /v1/members/{owner}/applications',
    'GET /v1/members/{owner}/contact',
    'GET /v1/members/{owner}/disclosures',
    'GET /v1/members/{owner}/erasure',
    'GET /v1/members/{owner}/export',
    'GET /v1/members/{owner}/notices',
    'GET /v1/members/{owner}/second-factor',
    'GET /v1/members/{owner}/sessions',
    'GET /v1/members/{owner}/sign-in',
    'POST /v1/members/{owner}/erasure-request',
    'POST /v1/members/{owner}/links',
    'POST /v1/members/{owner}/password',
    'POST /v1/members/{owner}/second-factor',
    'POST /v1/members/{owner}/second-factor/confirm',
    'POST /v1/members/{owner}/second-factor/proof',
    'POST /v1/members/{owner}/second-factor/recovery-codes',
    'POST /v1/members/{owner}/second-factor/remove',
    'POST /v1/members/{owner}/sign-in/close',
    'PUT /v1/members/{owner}/consents',
    'PUT /v1/members/{owner}/contact',
    'PUT /v1/members/{owner}/sharing',
  ],
};

function acts(...names: readonly string[]): string[] {
  return names.map((name) => `POST /v1/acts/${name}`);
}

const WORDS = Object.keys(SCOPES) as ScopeWord[];
const named = ({ method, path }: Route) => `${method} ${path}`;
const wordOf = (route: Route): ScopeWord | undefined =>
  WORDS.find((word) => OPEN[word].includes(named(route)));
const guarded = ALL_ROUTES.filter(({ access: { by } }) => by !== 'anyone' && by !== 'visitor');

const PARTS: Readonly<Record<string, string>> = {
  asset: 'points',
  from: 'points',
  number: '0123456789ABCDEF',
};
const pathOf = ({ method, path }: Route, owner: string) =>
  `${method} ${path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'owner' ? owner : (PARTS[name] ?? name)))}`;

/** What a route is asked about somebody, as well as its table of samples knows how. */
function asked(route: Route, owner: string): readonly [request: string, body?: unknown] {
  const name = named(route);
  const own = name.endsWith('/event') || name.endsWith('/events') ? { own: true } : {};
  const act = ACTS[name.replace('POST /v1/acts/', '')];
  if (act !== undefined) return [name, { owner, body: { ...act, ...own } }];
  const sample = OF_PROGRAMMES[name];
  if (sample !== undefined) {
    const [request, body] = JSON.parse(JSON.stringify(sample).replaceAll('cat', owner));
    return [request, route.body === undefined ? undefined : { ...body, ...own }];
  }
  if (/\/(entries|receipts\/\{owner\})$/.test(name))
    return [`${pathOf(route, owner)}?asset=points`];
  if (name === 'POST /v1/balances') return [name, { owners: [owner] }];
  return [pathOf(route, owner), route.body === undefined ? undefined : {}];
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

/** An access token of a member, with these scopes. */
async function tokenOf({ oauth }: OAuthWorld, text: string, owner = 'ann'): Promise<string> {
  const member = { member: `sign-in-of-${owner}`, owner };
  const seat = { address: '10.0.0.1', agent: 'test' };
  const given = { platform: 'shop', scopes: scopes(text), seat };
  return good(await oauth.grants.ticketToken(member, given, async () => undefined)).access_token;
}

t.test('the table of routes opens to members what this one says', async (t) => {
  for (const route of ALL_ROUTES) {
    const { members, scope, by } = route.access;
    const word = wordOf(route);
    const operations: readonly Operation[] = word === undefined ? [] : SCOPES[word].operations;
    if (by === 'member') t.equal(scope, word, named(route));
    else t.same(members ?? [], operations, `${named(route)}: ${word ?? 'not for members'}`);
  }
  const known = new Set(ALL_ROUTES.map(named));
  const unknown = WORDS.flatMap((word) => OPEN[word]).filter((name) => !known.has(name));
  t.same(unknown, [], 'and has no others');
  const own = [...CALLER_ACTS.values()].filter((act) => act.own !== undefined);
  t.ok(own.every(({ needs }) => !needs.includes('adjust') && !needs.includes('admin')));
});

t.test('every route asks members for its scope, and of nobody but themselves', async (t) => {
  const w = await oauthWorld(t, { limits: { memberRate: { limit: 1_000_000, seconds: 1 } } });
  await w.gateway.ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'ann', asset: 'points', amount: 5 }],
  });
  const all = await tokenOf(w, WORDS.join(' '));
  const without = new Map<ScopeWord, string>();
  for (const word of WORDS) {
    const others = WORDS.filter((one) => one !== word);
    without.set(word, await tokenOf(w, others.join(' ')));
  }
  const send = (request: string, body: unknown, token: string) =>
    bare(w.address, request, body, bearer(token));
  let count = 0;
  const check = async (route: Route): Promise<void> => {
    const name = named(route);
    const [request, body] = asked(route, 'ann');
    const word = wordOf(route);
    const { by } = route.access;
    count++;
    if (by === 'platform' || by === 'partner') {
      t.equal((await send(request, body, all)).status, 401, `${name}: of platforms`);
      return;
    }
    if (word === undefined) {
      const answer = await send(request, body, all);
      t.match(answer, { status: 403, body: { code: 'OPERATION_FORBIDDEN' } }, `${name}: closed`);
      t.match(answer.headers.get('WWW-Authenticate'), /error="insufficient_scope"/, name);
      return;
    }
    const narrow = await send(request, body, without.get(word) ?? '');
    t.match(narrow, { status: 403, body: { code: 'OPERATION_FORBIDDEN' } }, `${name}: no ${word}`);
    const told = narrow.headers.get('WWW-Authenticate') ?? '';
    t.match(told, `error="insufficient_scope", scope="${word}"`, name);
    if (/password|sessions|applications|sign-in|links/.test(name)) return;
    const own = await send(request, body, all);
    const wait = own.status === 403 && own.body.code !== 'PASSWORD_WRONG';
    if (wait || own.status === 401 || own.status >= 500) {
      const isElsewhere = /OUTBOX_UNAVAILABLE|REPORTS|DISABLED/.test(own.text);
      t.ok(isElsewhere || own.status === 503, `${name}: own: ${own.status} ${own.text}`);
    }
    const [others, theirs] = asked(route, 'bob');
    if (JSON.stringify([others, theirs]) === JSON.stringify([request, body])) return;
    const answer = await send(others, theirs, all);
    const isNobodys = answer.status === 404 && /NOT_FOUND|UNSUPPORTED/.test(answer.text);
    t.ok(
      /OWNER_FORBIDDEN/.test(answer.text) || isNobodys || answer.status === 503,
      `${name}: of bob: ${answer.status} ${answer.text.slice(0, 200)}`,
    );
  };
  for (const route of guarded) await check(route);
  t.ok(count > 150, `${count} routes`);
  t.equal((await send('GET /v1/accounts/ann', undefined, all)).body.accounts[0].available, 5);
  const { body } = await w.gateway.ask('GET /v1/accounts/bob');
  t.same(body.accounts, [], 'nothing of bob has changed');
});

t.test('a token that is none, is over or is shown wrongly', async (t) => {
  const w = await oauthWorld(t);
  const client = await w.client({ scope: 'read profile' });
  const { access, refresh } = await w.tokens(client, { scope: 'read profile' });
  const ask = (request: string, headers: Headers) => bare(w.address, request, undefined, headers);
  const good200 = { status: 200 };
  t.match(await ask('GET /v1/accounts/ann', bearer(access)), good200);
  t.match(await ask('GET /user/profile', bearer(access)), {
    status: 200,
    body: { user_id: 'ann' },
  });
  const wrong = async (name: string, headers: Headers, status = 401) => {
    const answer = await ask('GET /v1/accounts/ann', headers);
    t.equal(answer.status, status, `${name}: ${answer.text}`);
    if (status === 401)
      t.match(
        answer.headers.get('WWW-Authenticate'),
        'Bearer realm="jifen", error="invalid_token"',
        name,
      );
  };
  await wrong('another', bearer(`${access.slice(0, -1)}${access.endsWith('A') ? 'B' : 'A'}`));
  await wrong('a refresh token', bearer(refresh));
  await wrong('longer', bearer(`${access}A`));
  await wrong('shorter', bearer(access.slice(0, -1)));
  await wrong('of no grant', bearer(`jifen_at_${'0'.repeat(24)}_${'A'.repeat(43)}`));
  await wrong('nothing behind it', bearer('jifen_at_'));
  await wrong('beside a platform’s', { ...bearer(access), 'X-Platform-Token': 'x' }, 403);
  const none = await ask('GET /v1/accounts/ann', {});
  t.equal(none.headers.get('WWW-Authenticate'), 'Bearer realm="jifen"', 'nothing was shown');
  for (const name of ['access_token', 'token', 'ticket']) {
    const answer = await ask(`GET /v1/accounts/ann?${name}=${access}`, {});
    t.equal(answer.status, 401, `${name} in the address`);
  }
  const sse = await ask(`GET /v1/stream/sse?owner=ann&ticket=${access}`, {
    Accept: 'text/event-stream',
  });
  t.equal(sse.status, 401, 'a token is no ticket');
  await w.revoke(client, access);
  await until(
    'it is over',
    async () => (await ask('GET /v1/accounts/ann', bearer(access))).status === 401,
  );
  await wrong('revoked', bearer(access));
});

t.test('the rate of a member is its own, and lines say who it was', async (t) => {
  const w = await oauthWorld(t, { limits: { memberRate: { limit: 3, seconds: 600 } } });
  const ask = async (token: string) =>
    bare(w.address, 'GET /v1/accounts/ann', undefined, bearer(token));
  const [ann, again] = [await tokenOf(w, 'read'), await tokenOf(w, 'read')];
  const bob = await tokenOf(w, 'read', 'bob');
  for (const token of [ann, again, ann]) t.equal((await ask(token)).status, 200);
  const limited = await ask(again);
  t.match(limited, { status: 429, body: { code: 'RATE_LIMITED' } }, 'over all of its tokens');
  t.ok(limited.headers.get('Retry-After'));
  t.equal((await ask(bob)).status, 403, 'another one’s is not taken');
});

t.test('streams take a token, and end with it', async (t) => {
  const w = await oauthWorld(t, { limits: { accessRefreshMs: 100 } });
  const client = await w.client({ scope: 'read redeem' });
  const shown = await w.tokens(client, { scope: 'read:shop redeem' });
  const socket = await Talk.open(w.gateway.port);
  t.teardown(() => socket.close());
  socket.send({ type: 'auth', key: shown.access });
  socket.send({ type: 'subscribe', id: 1, owner: 'ann' });
  socket.send({ type: 'subscribe', id: 2, owner: 'bob' });
  socket.send({ type: 'follow', id: 3, shard: 0, from: { seq: 1, index: 0 } });
  const lines = await fetch(`${w.address}/v1/stream/sse?owner=ann`, {
    headers: { ...bearer(shown.access), Accept: 'text/event-stream' },
  });
  t.equal(lines.status, 200);
  const earn = { from: '@issue', to: 'ann', amount: 5 };
  await w.gateway.ask('POST /v1/transfers', { legs: [{ ...earn, asset: 'stars' }] });
  await w.gateway.ask('POST /v1/transfers', { legs: [{ ...earn, asset: 'points' }] });
  const came = (): string => JSON.stringify(socket.came);
  await until('what the scope extends to', () => /"points"/.test(came()));
  await until('the rest is refused', () => /OWNER_FORBIDDEN/.test(came()));
  t.notMatch(came(), /stars|"block"/, 'and nothing else');
  socket.send({
    ...{ type: 'commands', id: 4 },
    commands: [
      { type: 'transfer', id: 'X', legs: [{ from: 'ann', to: 'bob', asset: 'points', amount: 1 }] },
    ],
  });
  await until('commands are judged as everywhere', () => /OPERATION_FORBIDDEN/.test(came()));
  await w.revoke(client, shown.access);
  t.match(await socket.closed, { code: 4_401 }, 'the socket ends');
  const rest = await lines.text().catch(() => 'cut');
  t.notMatch(rest, /stars/, 'and the lines do');
});

t.test('an export has what is the member’s, and ends with its token', async (t) => {
  const w = await oauthWorld(t);
  for (const to of ['ann', 'bob'])
    await w.gateway.ask('POST /v1/transfers', {
      id: `of-${to}`,
      legs: [{ from: '@issue', to, asset: 'points', amount: 5 }],
    });
  await w.gateway.ask('PUT /v1/members/ann/contact', { email: 'ann@example.org' });
  const token = await tokenOf(w, 'read self');
  const answer = await bare(w.address, 'GET /v1/members/ann/export', undefined, bearer(token));
  const lines = linesOf(answer.text);
  const types = new Set(lines.map(({ type }) => type));
  for (const type of ['member', 'account', 'entry', 'contact', 'grant'])
    t.ok(types.has(type), `${type}: ${answer.text}`);
  t.match(answer.text, /ann@example\.org/);
  t.notMatch(answer.text, /bob/);
  const last = lines.at(-1);
  t.ok(last.type === 'end' || last.code !== undefined, JSON.stringify(last));
  const others = await bare(w.address, 'GET /v1/members/bob/export', undefined, bearer(token));
  t.match(others, { status: 403, body: { code: 'OWNER_FORBIDDEN' } });
  const blind = await tokenOf(w, 'self');
  const none = await bare(w.address, 'GET /v1/members/ann/export', undefined, bearer(blind));
  t.match(none, { status: 403, body: { code: 'OPERATION_FORBIDDEN' } }, 'it reads as reads do');
});
