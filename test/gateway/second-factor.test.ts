// Members' second factor: set up, asked for where one signs in, where a password is reset and where risk asks; codes are good once, whoever tries at once.

import t from 'tap';
import { until } from '../until.js';
import { bare } from './harness.js';
import { codeAt } from './operating.js';
import { run } from './program.js';
import { Browser, letterTo, member, OTHER, PASSWORD, type World, world } from './signing-in.js';

const ME = '/v1/members/ann/second-factor';
const TO_BOB = { to: 'bob', amount: 1, programme: 'club' };

/** The clock goes on, and is believed. */
async function later({ ask, clock }: World, ms: number): Promise<void> {
  clock[0] = (clock[0] ?? 0) + ms;
  await until('the clock is taken for right', async () => {
    await ask('POST /v1/admin/accept-clock');
    return (await ask('GET /v1/members/ann/sign-in')).status === 200;
  });
}

/** What the member asks in a browser's session. */
async function asks(of: Browser, request: string, body?: unknown) {
  return bare(of.address, request, body, await of.token());
}

/** The code of a secret now, or so many milliseconds on. */
const code = ({ engine }: World['server'], secret: string, ahead = 0): string =>
  codeAt(secret, engine.now() + ahead);

/** Somebody with a second factor, in a session that has set it up. */
async function enrolled(of: World): Promise<{
  readonly browser: Browser;
  readonly secret: string;
  readonly recovery: readonly string[];
}> {
  const browser = await member(of, 'ann');
  const begun = await asks(browser, `POST ${ME}`, { password: PASSWORD });
  const { secret } = begun.body;
  const said = { code: code(of.server, secret) };
  const confirmed = await asks(browser, `POST ${ME}/confirm`, said);
  if (confirmed.status !== 200) throw new Error(begun.text + confirmed.text);
  return { browser, secret, recovery: confirmed.body.recoveryCodes };
}

const signIn = (of: World, more: object, browser = new Browser(of.server.address)) =>
  browser.ask('POST /session', { login: 'ann', password: PASSWORD, ...more });
const says = (status: number, code: string, field?: string) => ({
  status,
  body: { code, ...(field && { field }) },
});

t.test('it is set up, asked for at every way in, and good once', async (t) => {
  const w = await world(t);
  const browser = await member(w, 'ann');
  const { ask, server } = w;
  const none = { code: '123456' };
  t.match(await asks(browser, `POST ${ME}/confirm`, none), says(409, 'SECOND_FACTOR_NONE'));
  t.match(await asks(browser, `POST ${ME}/proof`, none), says(409, 'SECOND_FACTOR_NONE'));
  const begin = (more: object) => asks(browser, `POST ${ME}`, { password: PASSWORD, ...more });
  t.match(await begin({ password: OTHER }), says(403, 'PASSWORD_WRONG', 'password'));
  const { secret, uri, qr } = (await begin({})).body;
  t.match(uri, /^otpauth:\/\/totp\/jifen:ann\?/);
  t.match(qr, { size: Number, path: /^(M\d+ \d+h1v1h-1z)+$/ });
  t.match((await ask(`GET ${ME}`)).body, { owner: 'ann', state: 'waiting' });
  const other = new Browser(server.address);
  t.equal((await signIn(w, {}, other)).status, 200, 'it does not count before it is confirmed');
  const first = code(server, secret);
  const confirm = (said: string) => asks(browser, `POST ${ME}/confirm`, { code: said });
  for (const no of [first === '123456' ? '654321' : '123456', '１２３４５６', '', '-12345', '1e5'])
    t.match(await confirm(no), says(403, 'CODE_WRONG', 'code'), no);
  const { recoveryCodes } = (await confirm(first)).body;
  t.equal(new Set(recoveryCodes).size, 10);
  for (const one of recoveryCodes) t.match(one, /^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  t.match((await ask(`GET ${ME}`)).body, { state: 'on', recoveryCodes: 10 });
  t.ok(await browser.isIn(), 'the session that confirms goes on');
  t.notOk(await other.isIn(), 'all others end');

  t.match(await signIn(w, { password: OTHER }), says(403, 'LOGIN_WRONG'));
  t.match(await signIn(w, {}), says(401, 'CODE_REQUIRED', 'code'));
  t.match(await signIn(w, { code: first }), says(403, 'CODE_WRONG', 'code'), 'used already');
  await later(w, 60_000);
  const next = code(server, secret);
  const rivals = await Promise.all([0, 1, 2, 3].map(() => signIn(w, { code: next })));
  const came = rivals.map(({ status }) => status).sort();
  t.same(came, [200, 403, 403, 403], 'of four at once with one code, one is in');
  t.match(await signIn(w, { code: code(server, secret, -90_000) }), says(403, 'CODE_WRONG'));

  const [spare = '', spare2 = ''] = recoveryCodes;
  const typed = ` ${spare.toUpperCase().replaceAll('-', ' ')}`;
  const two = await Promise.all([typed, spare].map((one) => signIn(w, { code: one })));
  t.same(two.map(({ status }) => status).sort(), [200, 403], 'a recovery code is good once');
  t.match((await ask(`GET ${ME}`)).body, { recoveryCodes: 9 });

  // The page: login name and password first, then the field for the code.
  const form = async (fields: Record<string, string>) => {
    const page = new Browser(server.address);
    const shown = await page.ask('GET /sign-in');
    const token = /name="form" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
    const body = new URLSearchParams({ form: token, decision: 'sign-in', login: 'ann', ...fields });
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return page.ask('POST /sign-in', body.toString(), type);
  };
  const asked = await form({ password: PASSWORD });
  t.match(asked, { status: 401, text: /name="code"[^>]*autocomplete="one-time-code"/ });
  t.notMatch(asked.text, PASSWORD);
  t.notMatch((await form({ password: PASSWORD, code: spare2 })).text, /role="alert"/);
  t.match((await ask(`GET ${ME}`)).body, { recoveryCodes: 8 });

  // A link alone resets nothing, and what the mailbox says is one factor.
  const seen = w.box.mails.length;
  await new Browser(server.address).ask('POST /session/reset', { login: 'ann' });
  const letter = await letterTo(w.box, 'ann@mail.example', seen);
  const use = (more: object) =>
    new Browser(server.address).ask('POST /session/letters', { letter, password: OTHER, ...more });
  t.match(await use({}), says(401, 'CODE_REQUIRED'));
  t.match(await use({ code: next }), says(403, 'CODE_WRONG'));
  t.equal((await signIn(w, { code: recoveryCodes[2] })).status, 200, 'the password is the old one');
  t.equal((await use({ code: recoveryCodes[3] })).status, 200);
  t.match(await signIn(w, { password: OTHER }), says(401, 'CODE_REQUIRED'), 'it is there still');
  t.match(await use({ code: recoveryCodes[3] }), says(403, 'CODE_WRONG'), 'again: a code again');
});

t.test(
  'guesses are counted; it is renewed, replaced and removed by password and code',
  async (t) => {
    const w = await world(t, { deviceTries: { limit: 6, seconds: 900 } });
    const { browser, secret, recovery } = await enrolled(w);
    const { server, ask, folder } = w;
    const own = (what: string, body: object) => asks(browser, `POST ${ME}${what}`, body);
    t.match(await own('', { password: PASSWORD }), says(401, 'CODE_REQUIRED'));
    const guess = (what: string, n: number) =>
      own(what, { password: PASSWORD, code: String(100_000 + n) });
    t.match(await guess('', 1), says(403, 'CODE_WRONG'));
    t.match(await guess('/remove', 2), says(403, 'CODE_WRONG'));
    t.match(await guess('/recovery-codes', 3), says(403, 'CODE_WRONG'));
    const [a = '', b = '', c = ''] = recovery;
    const renewed = await own('/recovery-codes', { password: PASSWORD, code: a });
    t.equal(renewed.body.recoveryCodes.length, 10);
    t.match(await own('/proof', { code: b }), says(403, 'CODE_WRONG'), 'those before are none');
    for (let n = 0; n < 3; n++) await own('/proof', { code: '000000' });
    t.match(await own('/proof', { code: c }), { status: 429, body: { code: 'LOGIN_LATER' } });
    t.match(await guess('/remove', 4), says(429, 'LOGIN_LATER'), 'one count for all of it');
    await later(w, 1_000_000);
    const again = await own('', { password: PASSWORD, code: code(server, secret) });
    await later(w, 60_000);
    const removing = (said: string) => own('/remove', { password: PASSWORD, code: said });
    t.match(await removing(code(server, again.body.secret)), says(403, 'CODE_WRONG'));
    const replaced = await own('/confirm', { code: code(server, again.body.secret) });
    t.equal(replaced.status, 200);
    await later(w, 60_000);
    t.match(await removing(code(server, secret)), says(403, 'CODE_WRONG'), 'the old phone');
    t.equal((await removing(code(server, again.body.secret))).status, 200);
    t.match((await ask(`GET ${ME}`)).body, { state: 'none' });
    t.equal((await signIn(w, {})).status, 200);

    // An operator, for who has lost it all; the secret is sealed anew with the rest of the account.
    const { secret: third } = (await own('', { password: PASSWORD })).body;
    t.equal((await own('/confirm', { code: code(server, third) })).status, 200);
    await ask('POST /v1/vault/rotate', { level: 'members' });
    await ask('POST /v1/vault/reseal', {});
    const cli = (...line: string[]) =>
      run(folder, ...line, '--url', server.address, '--key', 'admin.key');
    const shown = JSON.parse((await cli('member', 'second-factor', 'ann')).out);
    t.match(shown, { owner: 'ann', state: 'on', recoveryCodes: 10 });
    t.notMatch((await ask('GET /v1/members/ann/export')).text, third);
    t.equal((await cli('member', 'remove-second-factor', 'ann')).code, 0);
    t.notOk(await browser.isIn(), 'nobody knows who has the sessions');
    t.equal((await signIn(w, {})).status, 200);
    t.match(await ask(`POST ${ME}/remove`, {}), says(409, 'SECOND_FACTOR_NONE'));
    t.match(await ask('POST /v1/members/bob/second-factor/remove'), says(404, 'SIGN_IN_NOT_FOUND'));
  },
);

t.test('what risk stops goes on in the session that has proved it, for its time', async (t) => {
  const w = await world(t, { secondFactorSeconds: 300 });
  const { ask, server } = w;
  const { browser, secret, recovery } = await enrolled(w);
  const said = (kind: string, document: object) =>
    ask(`PUT /v1/definitions/${kind}/club`, { state: 'active', document });
  await said('programme', { asset: 'gold', zone: 'Asia/Shanghai' });
  await said('gifting', { mostTimes: 1_000 });
  await later(w, 15_000);
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 10_000 }];
  await ask('POST /v1/transfers', { id: 'give', legs });
  let n = 0;
  const gift = (of: Browser) => {
    const id = `gift-${++n}`;
    // The clock was set on: whoever calls asks again.
    return until('definitions are confirmed', async () => {
      const answer = await asks(of, 'POST /v1/acts/gift', { id, owner: 'ann', body: TO_BOB });
      return answer.body?.code !== 'DEFINITIONS_UNCONFIRMED' && answer;
    });
  };
  await until('gifts are decided', async () => (await gift(browser)).status === 201);
  const mark = { reason: 'ODD', action: 'second-factor' };
  t.equal((await ask('PUT /v1/members/ann/risks/odd', mark)).status, 200);
  await later(w, 400_000);
  t.match(await gift(browser), says(403, 'SECOND_FACTOR_REQUIRED'));
  const proof = (of: Browser, text: string) => asks(of, `POST ${ME}/proof`, { code: text });
  const other = new Browser(server.address);
  t.equal((await signIn(w, { code: recovery[0] }, other)).status, 200);
  t.equal((await gift(other)).status, 201, 'who has just signed in by a code has proved it');
  t.match(await gift(browser), says(403, 'SECOND_FACTOR_REQUIRED'), 'nobody else has by that');
  const token = await browser.token();
  const good = code(server, secret);
  const many = await Promise.all([good, good, good].map((one) => proof(browser, one)));
  t.same(many.map(({ status }) => status).sort(), [200, 403, 403]);
  const old = { id: 'old-token', owner: 'ann', body: TO_BOB };
  t.equal((await bare(server.address, 'POST /v1/acts/gift', old, token)).status, 201);
  await later(w, 200_000);
  t.equal((await gift(browser)).status, 201);
  await later(w, 120_000);
  t.match(await gift(browser), says(403, 'SECOND_FACTOR_REQUIRED'), 'its time is over');
  t.match(
    await ask(`POST ${ME}/proof`, { code: good }),
    { status: 403 },
    'an operator proves none',
  );

  // Another account is not linked by its password alone.
  const bob = await member(w, 'bob');
  const link = (more: object) =>
    asks(bob, 'POST /v1/members/bob/links', {
      ...{ password: PASSWORD, login: 'ann', otherPassword: PASSWORD },
      ...more,
    });
  t.match(await link({}), says(401, 'CODE_REQUIRED', 'otherCode'));
  t.match(await link({ otherCode: '000000' }), says(403, 'CODE_WRONG', 'otherCode'));
  t.notMatch((await link({ otherCode: recovery[1] })).body, { code: /^CODE_/ });
});
