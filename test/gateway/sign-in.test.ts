// Members sign in: invited, registered, by name and password, with sessions that are listed and ended; nobody is told whether a login name is anybody's; who
// guesses keeps nobody out.

import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { parseLimits } from '../../gateway/limits-file.js';
import { isRefusal } from '../../gateway/refusal.js';
import { startServer } from '../../gateway/serve.js';
import { readAccount, signInId } from '../../gateway/sign-in/accounts.js';
import { Passwords } from '../../gateway/sign-in/passwords.js';
import { until } from '../until.js';
import { caller, token } from './callers.js';
import { bare } from './harness.js';
import { run } from './program.js';
import {
  Browser,
  CHEAP,
  hashes,
  invited,
  letterTo,
  mailChannel,
  member,
  OTHER,
  PASSWORD,
  registering,
  world,
} from './signing-in.js';

t.test('a member is invited, chooses a password, signs in and out', async (t) => {
  const made = await world(t);
  const { server, ask, box } = made;
  const letter = await invited(made, 'ann');
  t.match(letter, new RegExp(`^${server.address}/letters/invitation#[A-Za-z0-9_-]{54}$`));
  t.notMatch(box.mails.at(-1)?.text, /\{/, 'nothing is left to be filled in');
  const browser = new Browser(server.address);
  t.equal((await browser.ask('GET /session')).status, 401);
  const used = await browser.ask('POST /session/letters', { letter, password: PASSWORD });
  t.match(used, { status: 200, body: { owner: 'ann', login: 'ann@mail.example' } });
  const lines = used.headers.getSetCookie();
  t.equal(lines.length, 2);
  for (const line of lines) t.match(line, /; Path=\/; HttpOnly; SameSite=Lax$/);
  t.equal(used.headers.get('cache-control'), 'no-store');
  t.match((await browser.ask('GET /session')).body, { owner: 'ann', login: 'ann@mail.example' });
  const token = await browser.token();
  const read = await bare(server.address, 'GET /v1/accounts/ann', undefined, token);
  t.equal(read.status, 200, read.text);
  t.match(
    (await bare(server.address, 'GET /v1/members/ann/contact', undefined, token)).body,
    { email: 'ann@mail.example' },
    'the address is known from then on',
  );
  t.equal((await browser.ask('DELETE /session')).status, 200);
  t.equal(await browser.isIn(), false);
  t.equal((await browser.ask('POST /session/token', {})).body.code, 'SESSION_ENDED');
  t.equal((await browser.signIn('ANN@mail.Example ')).status, 200, 'folded');
  t.equal((await browser.signIn('ａｎｎ＠mail.example')).status, 200, 'wide');
  t.equal((await ask('POST /v1/members/ann/invitations', {})).body.code, 'SIGN_IN_EXISTS');
  const state = await ask('GET /v1/members/ann/sign-in');
  t.match(state.body, { owner: 'ann', state: 'open' });
  t.match((await ask('GET /v1/members/bob/sign-in')).body, { owner: 'bob', state: 'none' });
});

t.test('a table of refusals: letters, passwords, names', async (t) => {
  const made = await world(t);
  const { server, ask } = made;
  await member(made, 'ann');
  const letter = await invited(made, 'bob');
  const browser = new Browser(server.address);
  const use = (body: object) =>
    browser.ask('POST /session/letters', { letter, password: PASSWORD, ...body });
  const rows: readonly (readonly [body: object, code: string, field?: string])[] = [
    [{ letter: '' }, 'LETTER_NOT_FOUND', 'letter'],
    [{ letter: `${letter}x` }, 'LETTER_NOT_FOUND'],
    [{ letter: letter.slice(0, -1) + (letter.endsWith('A') ? 'B' : 'A') }, 'LETTER_NOT_FOUND'],
    [{ password: 'short' }, 'PASSWORD_WEAK', 'password'],
    [{ password: 'x'.repeat(257) }, 'PASSWORD_WEAK'],
    [{ password: '1234567890' }, 'PASSWORD_WEAK'],
    [{ password: 'PassWord' }, 'PASSWORD_WEAK'],
    [{ password: 'ｐａｓｓｗｏｒｄ' }, 'PASSWORD_WEAK'],
    [{ password: 'with\u0000nothing' }, 'PASSWORD_WEAK'],
    [{ password: 'half \ud800 letter' }, 'PASSWORD_WEAK'],
    [{ password: 'BOB@mail.example' }, 'PASSWORD_WEAK'],
    [{ login: 'bob.the.builder', password: 'Bob.The.Builder' }, 'PASSWORD_WEAK'],
    [{ login: 'x' }, 'LOGIN_INVALID', 'login'],
    [{ login: 'two words' }, 'LOGIN_INVALID'],
    [{ login: 'zero\u200bwidth' }, 'LOGIN_INVALID'],
    [{ login: 'carol@mail.example' }, 'LOGIN_INVALID'],
    [{ login: 'ANN' }, 'LOGIN_TAKEN', 'login'],
    [{ more: 1 }, 'COMMAND_INVALID', 'more'],
  ];
  for (const [body, code, field] of rows) {
    const answer = await use(body);
    t.match(answer.body, { code, ...(field && { field }) }, JSON.stringify(body));
    t.same(answer.headers.getSetCookie(), []);
  }
  t.match((await use({ login: '小明' })).body, { owner: 'bob', login: '小明' });
  t.equal((await new Browser(server.address).signIn('小明')).status, 200);
  t.equal((await ask('POST /v1/members/carol/invitations', {})).body.code, 'ADDRESS_MISSING');
  const both = { email: 'c@mail.example', phone: '13812345678' };
  t.equal((await ask('POST /v1/members/carol/invitations', both)).body.code, 'COMMAND_INVALID');
});

t.test('no answer, and no work, says whether a login name is anybody’s', async (t) => {
  const made = await world(t, { signInTries: { limit: 6, seconds: 900 } });
  const { server, box } = made;
  await member(made, 'ann');
  await caller(made, 'shop');
  await registering(made, 'club');
  const told = async (login: string, password: string, request: string) => {
    const before = await hashes(made);
    const body = request === 'POST /session' ? { login, password } : { login };
    const more = request === 'POST /session/register' ? { programme: 'club' } : {};
    const browser = new Browser(server.address);
    const { status, text, headers } = await browser.ask(request, { ...body, ...more });
    // When each was tried first is its own.
    const own = ['date', 'ratelimit', 'retry-after'];
    const seen = [...headers].filter(([name]) => !own.includes(name));
    seen.push(['retry-after', String(headers.has('retry-after'))]);
    return { status, text, seen, hashes: (await hashes(made)) - before };
  };
  // One that there is, and one that there is not, to the last try that is permitted, and beyond.
  for (let n = 0; n < 8; n++) {
    const known = await told('ann', 'a wrong password', 'POST /session');
    t.same(known, await told('nobody', 'a wrong password', 'POST /session'), `try ${n}`);
    t.match(known, n < 6 ? { status: 403, hashes: 1 } : { status: 429, hashes: 0 });
  }
  for (const request of ['POST /session/reset', 'POST /session/register']) {
    const [known, unknown] = ['ann@mail.example', 'nobody@mail.example'];
    const one = await told(known, '', request);
    t.same(one, await told(unknown, '', request), request);
    t.match(one, { status: 202, text: '{}', hashes: 0 });
  }
  await letterTo(box, 'nobody@mail.example');
});

t.test('who registers confirms the address, and is the platform’s user', async (t) => {
  const made = await world(t);
  const { server, box, ask } = made;
  const browser = new Browser(server.address);
  const register = (body: object) =>
    browser.ask('POST /session/register', {
      programme: 'club',
      login: 'Eve@mail.example',
      ...body,
    });
  t.equal((await register({})).body.code, 'REGISTRATION_CLOSED');
  await caller(made, 'shop');
  const shut = { asset: 'gold', zone: 'Asia/Shanghai' };
  await ask('PUT /v1/definitions/programme/shut', { state: 'active', document: shut });
  await registering(made, 'club');
  t.equal((await register({ programme: 'shut' })).body.code, 'REGISTRATION_CLOSED');
  t.equal((await register({})).status, 202);
  t.equal((await register({ login: 'eve' })).body.code, 'LOGIN_INVALID');
  const letter = await letterTo(box, 'Eve@mail.example');
  t.match(letter, /\/letters\/confirmation#/);
  t.equal((await browser.signIn('eve@mail.example')).body.code, 'LOGIN_WRONG', 'not yet');
  for (let n = 0; n < 5; n++) t.equal((await register({ lang: 'zh' })).status, 202);
  const named = { letter, password: PASSWORD, login: 'eve' };
  t.equal((await browser.ask('POST /session/letters', named)).body.code, 'LOGIN_INVALID');
  const used = await browser.ask('POST /session/letters', { letter, password: PASSWORD });
  t.match(used, { status: 200, body: { login: 'Eve@mail.example' } });
  const { owner } = used.body;
  t.match((await ask(`GET /v1/users/${owner}`)).body, {
    mappings: [{ system: 'shop', user: owner, status: 'active' }],
  });
  // The same address once more: whoever reads its mails is told that it is somebody's, and nobody else is.
  t.equal((await register({})).status, 202);
  const sent = box.mails.filter(({ to }) => to === 'Eve@mail.example');
  t.ok(sent.length <= 4, `${sent.length} mails`);
  const again = await until('another link', () =>
    letterTo(box, 'Eve@mail.example', 1).then((one) => one !== letter && one),
  );
  t.match((await browser.ask('POST /session/letters', { letter: again, password: OTHER })).body, {
    code: /LOGIN_TAKEN|LETTER_NOT_FOUND/,
  });
  t.equal((await new Browser(server.address).signIn('eve@mail.example')).status, 200);
});

t.test('a platform invites its own users alone, and never sees the link', async (t) => {
  const made = await world(t);
  const { ask, box, server } = made;
  const shop = await caller(made, 'shop');
  const cafe = await caller(made, 'cafe', { assets: ['silver'] });
  const plain = await caller(made, 'plain', { operations: ['read', 'earn'] });
  await shop.ask('POST /v1/platforms/shop/users/u1');
  const { identity } = (await ask('GET /v1/platforms/shop/users/u1')).body;
  const invite = (by: typeof shop, owner: string, more: object = {}) =>
    by.ask(`POST /v1/members/${owner}/invitations`, { email: 'u1@mail.example', ...more });
  t.equal((await invite(plain, identity)).body.code, 'OPERATION_FORBIDDEN');
  t.equal((await invite(cafe, identity)).body.code, 'OPERATION_FORBIDDEN');
  t.equal((await invite(shop, 'ann')).body.code, 'OPERATION_FORBIDDEN');
  t.equal((await invite(shop, identity, { platform: 'cafe' })).body.code, 'OPERATION_FORBIDDEN');
  const first = await invite(shop, identity);
  t.match(first, { status: 202, body: { owner: identity, until: Number } });
  t.notMatch(first.text, /letters/);
  const old = await letterTo(box, 'u1@mail.example');
  const seen = box.mails.length;
  await invite(shop, identity);
  const letter = await letterTo(box, 'u1@mail.example', seen);
  const browser = new Browser(server.address);
  const use = (link: string) =>
    browser.ask('POST /session/letters', { letter: link, password: PASSWORD });
  t.equal((await use(old)).body.code, 'LETTER_NOT_FOUND', 'the last one has ended');
  // Another platform's user meanwhile: it is not for one of them to say who that is.
  await ask('POST /v1/platforms/cafe/users/c1', { identity });
  t.equal((await use(letter)).body.code, 'MEMBER_SHARED');
  t.equal((await invite(shop, identity)).body.code, 'MEMBER_SHARED');
  const operators = await invited(made, identity, 'u1@home.example');
  t.equal((await use(operators)).status, 200);
  for (const [request, body] of [
    [`GET /v1/members/${identity}/sessions`],
    [`GET /v1/members/${identity}/sign-in`],
    [`POST /v1/members/${identity}/sign-in/close`, {}],
  ] as const)
    t.equal((await shop.ask(request, body)).body.code, 'OPERATION_FORBIDDEN', request);
});

t.test('a platform’s channel tells of its invitations; nobody else’s does', async (t) => {
  const made = await world(t);
  const { ask, box } = made;
  const shop = await caller(made, 'shop');
  const { mails } = box;
  await mailChannel(made, box, { from: 'shop@shop.example', platform: 'shop' });
  await shop.ask('POST /v1/platforms/shop/users/u1');
  const { identity } = (await ask('GET /v1/platforms/shop/users/u1')).body;
  await shop.ask(`PUT /v1/members/${identity}/contact`, { email: 'u1@mail.example' });
  t.equal((await shop.ask(`POST /v1/members/${identity}/invitations`, {})).status, 202);
  await letterTo(box, 'u1@mail.example');
  await invited(made, 'ann');
  t.same(mails.map(({ from, to }) => `${from} ${to}`).sort(), [
    'club@shop.example ann@mail.example',
    'shop@shop.example u1@mail.example',
  ]);
});

t.test('by the command line and the client', async (t) => {
  const made = await world(t);
  const { server, folder, box } = made;
  const cli = async (...line: string[]) => {
    const { code, out } = await run(folder, ...line, '--url', server.address, '--key', 'admin.key');
    return { code, said: code === 0 ? JSON.parse(out) : undefined };
  };
  const seen = box.mails.length;
  const asked = await cli('member', 'invite', 'ann', '--email', 'ann@mail.example');
  t.match(asked, { code: 0, said: { owner: 'ann', until: Number } });
  const letter = await letterTo(box, 'ann@mail.example', seen);
  const browser = new Browser(server.address);
  await browser.ask('POST /session/letters', { letter, password: PASSWORD, login: 'ann' });
  t.match((await cli('member', 'sign-in', 'ann')).said, { state: 'open' });
  t.equal((await cli('member', 'sessions', 'ann')).said.sessions.length, 1);
  t.equal((await cli('member', 'sign-out', 'ann')).said.ended.length, 1);
  t.equal(await browser.isIn(), false);
  t.match(await cli('member', 'close', 'ann'), { code: 0, said: { owner: 'ann' } });
  t.equal((await cli('member', 'close', 'nobody')).code, 1);
  const shop = await caller(made, 'shop');
  const client = connect({ url: server.address, token: () => token('shop', shop.secret) });
  t.teardown(() => client.close());
  await shop.ask('POST /v1/platforms/shop/users/u1');
  const { identity } = (await made.ask('GET /v1/platforms/shop/users/u1')).body;
  t.match(await client.members.invite(identity, { email: 'u1@mail.example' }), { owner: identity });
  const { ticket } = await client.members.signInTicket(identity);
  t.equal((await browser.ask('POST /session/token', { ticket })).body.owner, identity);
  t.match(await client.members.linkTicket('shop', 'u1'), { ticket: /^jifen_ti_/ });
  const refused = client.members.signInTicket('ann');
  t.match(await refused.catch((error) => error), { refusal: { code: 'OPERATION_FORBIDDEN' } });
});

t.test('passwords cost what OWASP wants; kept by other settings, they are kept anew', async (t) => {
  const weak = new Passwords(gatewayLimits({ passwordMemoryKiB: 8, passwordPasses: 1 }));
  const real = new Passwords(gatewayLimits({ passwordsAtOnce: 1, passwordsWaitingMax: 1 }));
  const kept = String(await weak.make(PASSWORD));
  t.match(String(await real.make(PASSWORD)), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.equal(weak.isOld(kept), false);
  t.equal(real.isOld(kept), true);
  const three = await Promise.all([1, 2, 3].map(() => real.isRight(kept, PASSWORD)));
  t.same(
    three.map((one) => (isRefusal(one) ? one.code : one)).sort(),
    ['SIGN_IN_BUSY', true, true].sort(),
    'one works, one waits, one is asked to come later',
  );
  t.equal(await real.isRight(undefined, ''), false);
  t.throws(() => parseLimits('x', '{"passwordMemoryKiB": 7000}'), /47104 with 1/);
  const made = await world(t);
  await member(made, 'ann');
  await made.server.close();
  const limits = { ...CHEAP, passwordPasses: 2 };
  const { folder } = made;
  const again = await startServer({ port: 0, limits, engine: { folder, shards: 2, cacheMb: 64 } });
  t.teardown(() => again.close());
  const browser = new Browser(again.address);
  t.equal((await browser.signIn('ann')).status, 200);
  const found = await readAccount(again.engine, signInId('ann'));
  t.match(found, { password: /m=8,t=2,p=1/ });
  t.equal((await browser.signIn('ann')).status, 200);
});
