// How long things of the OAuth server are good, and what ends them: refresh tokens, secrets, clients, sessions, revocation, introspection, time.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isRefusal, refuse } from '../../../gateway/refusal.js';
import { temporaryFolder } from '../../temporary.js';
import { until } from '../../until.js';
import { token as platformToken } from '../callers.js';
import { bare } from '../harness.js';
import { basic, good, oauthWorld, post } from './world.js';

const GRANT = { status: 400, body: { error: 'invalid_grant' } };

/** A world whose clock can be moved, with lives of seconds. */
async function short(t: Parameters<typeof oauthWorld>[0], limits: object = {}) {
  const clockOffset = new SharedArrayBuffer(8);
  const w = await oauthWorld(t, {
    engine: { folder: '', clockOffset },
    limits: { refreshRepeatSeconds: 5, ...limits },
  });
  const later = (seconds: number): void => {
    const offset = new Float64Array(clockOffset);
    offset[0] = (offset[0] ?? 0) + seconds * 1_000;
  };
  return { w, later };
}

t.test('a refresh token is good once; one that was used ends all that came with it', async (t) => {
  const { w, later } = await short(t);
  const app = await w.client();
  const first = await w.tokens(app);
  const second = await w.refresh(app, first.refresh);
  t.match(second, { status: 200, body: { scope: 'profile read redeem', expires_in: 3_600 } });
  t.ok(await w.isActive(app, first.access), 'the access token before it lives on');
  t.notOk(await w.isActive(app, first.refresh));
  t.ok(await w.isActive(app, second.body.refresh_token));

  const third = await w.refresh(app, second.body.refresh_token);
  t.match(await w.refresh(app, first.refresh), GRANT, 'at once, but its successor was used');
  for (const one of [first.access, second.body.access_token, third.body.access_token])
    t.notOk(await w.isActive(app, one));
  t.match(await w.refresh(app, third.body.refresh_token), GRANT);

  const other = await w.tokens(app);
  const next = await w.refresh(app, other.refresh);
  later(6);
  t.match(await w.refresh(app, other.refresh), GRANT, 'its time for a lost answer is over');
  t.match(await w.refresh(app, next.body.refresh_token), GRANT);
});

t.test('an answer that was lost: the same refresh token again, for a moment', async (t) => {
  const { w } = await short(t);
  const app = await w.client();
  const given = await w.tokens(app);
  const lost = await w.refresh(app, given.refresh);
  const again = await w.refresh(app, given.refresh);
  t.equal(again.status, 200);
  t.not(again.body.refresh_token, lost.body.refresh_token);
  t.notOk(await w.isActive(app, lost.body.access_token), 'never two that are good at once');
  t.ok(await w.isActive(app, again.body.access_token));
  t.equal((await w.refresh(app, again.body.refresh_token)).status, 200);

  const stolen = await w.tokens(app);
  const thief = await w.refresh(app, stolen.refresh);
  const owner = await w.refresh(app, stolen.refresh);
  t.match(await w.refresh(app, thief.body.refresh_token), GRANT, 'who was first is found');
  t.match(await w.refresh(app, owner.body.refresh_token), GRANT, 'and nothing is left');

  const rush = await w.tokens(app);
  const all = await Promise.all(Array.from({ length: 8 }, () => w.refresh(app, rush.refresh)));
  const fine = all.filter(({ status }) => status === 200).map(({ body }) => body);
  const active = await Promise.all(fine.map(({ access_token }) => w.isActive(app, access_token)));
  t.equal(active.filter(Boolean).length, 1, 'of eight at once, one is good');
  const left = await Promise.all(fine.map(({ refresh_token }) => w.isActive(app, refresh_token)));
  t.equal(left.filter(Boolean).length, 1);
});

t.test('refresh tokens: of their client, with fewer scopes and no more, for a time', async (t) => {
  const { w, later } = await short(t, { refreshTokenSeconds: 30, accessTokenSeconds: 10 });
  const app = await w.client();
  const other = await w.client({ name: 'Other' });
  const { refresh } = await w.tokens(app);
  t.match(await w.refresh(other, refresh), GRANT, 'another client');
  t.match(
    await w.refresh(app, `${refresh.slice(0, -1)}${refresh.endsWith('A') ? 'E' : 'A'}`),
    GRANT,
  );
  const { refresh: fresh } = await w.tokens(app, { scope: 'read redeem' });
  const wide = await w.refresh(app, fresh, { scope: 'read redeem profile' });
  t.match(wide, { status: 400, body: { error: 'invalid_scope' } }, 'not what was not given');
  const none = await w.refresh(app, fresh, { scope: 'x' });
  t.match(none, { status: 400, body: { error: 'invalid_scope' } });
  const narrow = await w.refresh(app, fresh, { scope: 'redeem:shop' });
  t.match(narrow, { status: 200, body: { scope: 'redeem:shop', expires_in: 10 } });
  t.match((await w.introspect(app, narrow.body.access_token)).body, { scope: 'redeem:shop' });
  const back = await w.refresh(app, narrow.body.refresh_token);
  t.match(back, { status: 200, body: { scope: 'read redeem' } }, 'the grant has them all');
  later(11);
  t.notOk(await w.isActive(app, back.body.access_token), 'an access token has expired');
  t.ok(await w.isActive(app, back.body.refresh_token));
  later(25);
  t.match(await w.refresh(app, back.body.refresh_token), GRANT, 'a refresh token, too');
});

t.test('a code has its time, and goes; what is past is removed', async (t) => {
  const { w, later } = await short(t, { authorizationCodeSeconds: 20, accessTokenSeconds: 30 });
  const { own } = w.gateway.server.engine;
  const app = await w.client();
  const code = await w.code(app);
  later(21);
  t.match(await w.exchange(app, code), GRANT);
  const robot = await w.client({
    ...{ redirectUris: undefined, scope: undefined },
    ...{ platform: 'shop', ownScope: 'read:shop' },
  });
  const auth = basic(robot.id, robot.secret);
  const made = await w.token({ grant_type: 'client_credentials' }, auth);
  t.match(made, { status: 200, body: { scope: 'read:shop', refresh_token: undefined } });
  const id = /^jifen_at_([0-9a-f]+)_/.exec(made.body.access_token)?.[1];
  t.ok(await own.record(`#grant:${id}`, 'grant', 'grant'));
  later(50);
  t.notOk(await w.isActive(robot, made.body.access_token));
  later(50);
  await w.gateway.ask('POST /v1/admin/accept-clock');
  const isGone = async () => (await own.record(`#grant:${id}`, 'grant', 'grant')) === undefined;
  await until('it is not there any more', isGone);
});

t.test('secrets of clients: one beside its successor for a while', async (t) => {
  const { w, later } = await short(t);
  const app = await w.client();
  const asks = (secret: string) => w.token({ grant_type: 'x' }, basic(app.id, secret));
  const known = { body: { error: 'unsupported_grant_type' } };
  const unknown = { status: 401, body: { error: 'invalid_client' } };
  const { body } = await w.gateway.ask(`POST /v1/oauth-clients/${app.id}/rotate`, {
    overlapSeconds: 30,
  });
  t.match(body, { id: app.id, secret: /^jifen_cs_/ });
  t.notSame(body.secret, app.secret);
  t.match(await asks(app.secret), known);
  t.match(await asks(body.secret), known);
  later(31);
  t.match(await asks(app.secret), unknown);
  const { body: last } = await w.gateway.ask(`POST /v1/oauth-clients/${app.id}/rotate`, {
    overlapSeconds: 0,
  });
  t.match(await asks(body.secret), unknown);
  t.match(await asks(last.secret), known);
  const shown = await w.gateway.ask(`GET /v1/oauth-clients/${app.id}`);
  t.notMatch(shown.text, /secret|hash|jifen_cs|generation/);
  const phone = await w.client({ isPublic: true });
  const no = await w.gateway.ask(`POST /v1/oauth-clients/${phone.id}/rotate`, {});
  t.match(no, { status: 422, body: { code: 'OAUTH_CLIENT_INVALID' } });
});

t.test('a client that is disabled, changed or removed: what it was given', async (t) => {
  const { w } = await short(t);
  const app = await w.client();
  const witness = w.gateway.key;
  const sees = async (token: string) =>
    (await post(w.address, '/introspect', { token }, { Authorization: `Bearer ${witness}` })).body;
  const calls = (token: string) =>
    bare(w.address, 'GET /v1/accounts/ann', undefined, { Authorization: `Bearer ${token}` });
  const at = `/v1/oauth-clients/${app.id}`;
  const given = await w.tokens(app);
  t.match(await sees(given.access), { active: true, scope: 'profile read redeem', sub: 'ann' });
  t.equal((await calls(given.access)).status, 200);
  await w.gateway.ask(`PUT ${at}`, { scope: 'redeem' });
  t.match(await sees(given.access), { active: true, scope: 'redeem' }, 'with fewer scopes');
  t.equal((await calls(given.access)).status, 403, 'here at once');
  t.match(await w.refresh(app, given.refresh), { status: 200, body: { scope: 'redeem' } });
  await w.gateway.ask(`PUT ${at}`, { scope: 'profile read redeem' });
  const code = await w.code(app);
  await w.gateway.ask(`POST ${at}/disable`);
  t.same(await sees(given.access), { active: false });
  t.equal((await calls(given.access)).status, 401);
  t.match(await w.exchange(app, code), { status: 401 });
  await w.gateway.ask(`POST ${at}/enable`);
  t.same(await sees(given.access), { active: false }, 'and for ever');
  t.match(await w.exchange(app, code), GRANT);
  const fresh = await w.tokens(app);
  t.match(await sees(fresh.access), { active: true });
  t.equal((await w.gateway.ask(`DELETE ${at}`)).status, 200);
  t.same(await sees(fresh.access), { active: false });
  t.match(await w.refresh(app, fresh.refresh), { status: 401 });
});

t.test('revocation, by whom and of what', async (t) => {
  const { w } = await short(t);
  const app = await w.client();
  const other = await w.client({ name: 'Other' });
  const phone = await w.client({ name: 'Phone', isPublic: true });
  const given = await w.tokens(app);
  const next = (await w.refresh(app, given.refresh)).body;
  t.match(await w.revoke(other, next.access_token), {
    status: 400,
    body: { error: 'invalid_request' },
  });
  t.ok(await w.isActive(app, next.access_token));
  t.equal((await w.revoke(app, given.access)).status, 200);
  t.notOk(await w.isActive(app, given.access), 'an access token ends alone');
  t.ok(await w.isActive(app, next.access_token));
  t.ok(await w.isActive(app, next.refresh_token));
  t.equal((await w.revoke(app, given.refresh)).status, 200, 'one that was used before');
  t.notOk(await w.isActive(app, next.access_token), 'ends all');
  t.match(await w.refresh(app, next.refresh_token), GRANT);
  for (const nothing of ['x', given.access, given.refresh, given.code, app.secret])
    t.equal((await w.revoke(app, nothing)).status, 200, 'what is nothing is answered alike');
  const mine = await w.tokens(phone);
  t.equal((await w.revoke(phone, mine.refresh)).status, 200, 'of a public client');
  t.match(await post(w.address, '/revoke', { token: mine.access }), { status: 401 });
  t.match(await post(w.address, '/revoke', {}, basic(app.id, app.secret)), {
    ...{ status: 400, body: { error: 'invalid_request' } },
  });
});

t.test('introspection, by whom and of what', async (t) => {
  const { w } = await short(t);
  const app = await w.client();
  const other = await w.client({ name: 'Other' });
  const phone = await w.client({ name: 'Phone', isPublic: true });
  const given = await w.tokens(app, { scope: 'read:shop redeem:hotel profile' });
  const all = { scope: 'profile read:shop redeem:hotel', client_id: app.id, token_type: 'Bearer' };
  const told = (await w.introspect(app, given.access)).body;
  t.match(told, { active: true, ...all, sub: 'ann', iss: w.address, exp: Number, iat: Number });
  t.equal(told.exp - told.iat, 3_600);
  t.match((await w.introspect(app, given.refresh)).body, { active: true, token_type: undefined });
  const nothing = { active: false };
  t.same((await w.introspect(other, given.access)).body, nothing, 'another client’s');
  t.same((await w.introspect(other, given.refresh)).body, nothing);
  for (const one of ['x', given.code, app.secret, `${given.access}x`])
    t.same((await w.introspect(app, one)).body, nothing);
  const by = (headers: Record<string, string>, token = given.access) =>
    post(w.address, '/introspect', { token }, headers);
  t.match(await by({ Authorization: `Bearer ${w.gateway.key}` }), { status: 200, body: all });
  t.same((await by({ Authorization: `Bearer ${w.gateway.key}` }, given.refresh)).body, nothing);
  t.match(await by({ Authorization: `Bearer ${given.access}` }), { status: 403 }, 'a token itself');
  t.match(await by({ Authorization: 'Bearer x' }), {
    status: 401,
    body: { error: 'invalid_client' },
  });
  t.match(await by({}), { status: 401 });
  const open = await post(w.address, '/introspect', { token: given.access, client_id: phone.id });
  t.match(open, { status: 401 }, 'a public client');
  const { body: key } = await w.gateway.ask('POST /v1/keys', { name: 'k', operations: ['earn'] });
  t.match(await by({ Authorization: `Bearer ${key.key}` }), { status: 403 });
  const few = { name: 'k', operations: ['read'], assets: ['points'] };
  const { body: narrow } = await w.gateway.ask('POST /v1/keys', few);
  t.match(await by({ Authorization: `Bearer ${narrow.key}` }), { status: 403 });
  for (const [id, scope] of [
    ['hotel', 'redeem:hotel'],
    ['bar', undefined],
  ] as const) {
    const platform = { id, name: id, assets: ['stars'], operations: ['read'] };
    const { body } = await w.gateway.ask('POST /v1/platforms', platform);
    const headers = { 'X-Platform-Token': await platformToken(id, body.secret) };
    const answer = (await by(headers)).body;
    t.match(answer, scope === undefined ? nothing : { active: true, scope }, id);
    t.equal(answer.scope, scope);
  }
});

t.test('all that a member has is ended, whatever is made meanwhile', async (t) => {
  const { w } = await short(t);
  const app = await w.client();
  const { grants } = w.oauth;
  const session = await w.session('eve');
  const mine = { member: session.member, owner: 'eve' };
  const seat = { address: '10.0.0.9', agent: 'phone' };
  const { access, refresh } = await w.tokens(app, {}, session);
  const page = good(await grants.openSession(mine, seat, async () => undefined));
  const own = good(await grants.sessionToken(page.cookie));
  t.match(own, { owner: 'eve', token_type: 'Bearer', expires_in: 600, scope: /self/ });
  t.same(
    good(await grants.grantsOf(session.member))
      .map(({ kind }) => kind)
      .sort(),
    ['application', 'session', 'session'],
  );
  t.same(good(await grants.consented(session.member, app.id)).length, 3);
  t.equal(await grants.endGrant('nobody', session.id), false, 'another member’s');
  t.equal(await grants.endAll(session.member, { except: session.id }), undefined);
  t.equal(await grants.session(page.cookie), undefined);
  t.equal(await grants.sessionToken(page.cookie), undefined);
  t.notOk(await w.isActive(app, access));
  t.match(await w.refresh(app, refresh), GRANT);
  t.same(
    good(await grants.grantsOf(session.member)).map(({ id }) => id),
    [session.id],
  );
  t.same(good(await grants.consented(session.member, app.id)), []);
  const no = await grants.openSession(mine, seat, async () => refuse('SESSION_ENDED'));
  t.ok(isRefusal(no));
  t.same(
    good(await grants.grantsOf(session.member)).length,
    1,
    'what rests on nothing is not made',
  );

  // Sessions that are opened while all are ended: those that looked before are found, the others are not made.
  let password = 1;
  const opening = Array.from({ length: 12 }, async () => {
    const seen = password;
    const still = async () => (password === seen ? undefined : refuse('SESSION_ENDED'));
    return grants.openSession(mine, seat, still);
  });
  password = 2;
  await grants.endAll(session.member);
  for (const made of await Promise.all(opening))
    if (!isRefusal(made)) t.equal(await grants.session(made.cookie), undefined);
  t.same(good(await grants.grantsOf(session.member)), []);
});

t.test('codes that nobody uses end nothing that is used, however many are asked for', async (t) => {
  const w = await oauthWorld(t, { limits: { memberGrantsMax: 3 } });
  const app = await w.client();
  const session = await w.session('eve');
  const { access, refresh } = await w.tokens(app, {}, session);
  for (let n = 0; n < 8; n++) await w.code(app, {}, session);
  t.ok(await w.isActive(app, access));
  t.equal((await w.refresh(app, refresh)).status, 200);
  for (let n = 0; n < 3; n++) await w.tokens(app, {}, session);
  t.notOk(await w.isActive(app, access), 'those that are used end it, the oldest first');
});

t.test(
  'no more grants of one client, and no more tokens of one grant, than there may be',
  async (t) => {
    const { w } = await short(t, { memberGrantsMax: 3, grantTokensMax: 4 });
    const app = await w.client();
    const session = await w.session('max');
    const all = [];
    for (let n = 0; n < 5; n++) all.push(await w.tokens(app, {}, session));
    const active = await Promise.all(all.map(({ access }) => w.isActive(app, access)));
    t.same(active, [false, false, true, true, true], 'the oldest are ended');
    let { refresh } = all[4]!;
    const tokens = [all[4]!.access];
    for (let n = 0; n < 5; n++) {
      const { body } = await w.refresh(app, refresh);
      refresh = body.refresh_token;
      tokens.push(body.access_token);
    }
    const left = await Promise.all(tokens.map((token) => w.isActive(app, token)));
    t.same(left, [false, false, true, true, true, true]);
  },
);

t.test(
  'nothing that opens anything is on the disk: not in the ledger, not in the logs',
  async (t) => {
    const logs = temporaryFolder(t);
    const w = await oauthWorld(t, { logs: { folder: logs } });
    const app = await w.client();
    const session = await w.session();
    const given = await w.tokens(app, {}, session);
    const next = (await w.refresh(app, given.refresh)).body;
    await w.token(
      { grant_type: 'refresh_token', refresh_token: given.refresh },
      basic(app.id, 'x'),
    );
    await w.introspect(app, next.access_token);
    await w.revoke(app, next.access_token);
    const page = good(
      await w.oauth.grants.openSession(session, { address: '', agent: '' }, async () => undefined),
    );
    await w.gateway.server.close();
    const texts = [given.code, given.access, given.refresh, app.secret, page.cookie];
    const secrets = [...texts, next.access_token, next.refresh_token].map((one) => one.slice(-43));
    let bytes = 0;
    for (const folder of [w.gateway.folder, logs])
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const path = join(folder, name);
        if (!statSync(path).isFile()) continue;
        const held = readFileSync(path);
        bytes += held.length;
        for (const secret of secrets) t.notOk(held.includes(secret), `${name} has none`);
      }
    t.ok(bytes > 10_000);
    const audit = readdirSync(logs).filter((name) => name.startsWith('audit'));
    const lines = audit.map((name) => readFileSync(join(logs, name), 'utf8')).join('');
    t.match(lines, /POST \/token/);
    t.match(lines, new RegExp(`"client":"${app.id}"`));
  },
);
