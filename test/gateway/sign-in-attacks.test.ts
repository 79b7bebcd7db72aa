// Who guesses, takes a link twice, asks from elsewhere, links what is not his: what comes of it; and what is left where a kill comes between two steps.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Engine } from '../../engine/index.js';
import { refuse } from '../../gateway/refusal.js';
import { startServer } from '../../gateway/serve.js';
import { signInId } from '../../gateway/sign-in/accounts.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { bare } from './harness.js';
import {
  Browser,
  CHEAP,
  invited,
  letterTo,
  member,
  OTHER,
  PASSWORD,
  type World,
  world,
} from './signing-in.js';

const codes = (answers: readonly { status: number; body: any }[]): string[] =>
  answers.map(({ status, body }) => body?.code ?? String(status)).sort();

/** A link by which a new password is set. */
async function resetLink({ box, server }: World, login: string, email: string): Promise<string> {
  const seen = box.mails.length;
  await new Browser(server.address).ask('POST /session/reset', { login });
  return letterTo(box, email, seen);
}

t.test('10,000 guesses keep out no member at a known browser, nor one with a link', async (t) => {
  const made = await world(t, { addressTries: { limit: 1e9, seconds: 1 } });
  const { server } = made;
  const known = await member(made, 'ann');
  const attacker = new Browser(server.address);
  const guess = () => attacker.signIn('ann', `guess ${Math.random()}`);
  for (let n = 0; n < 100; n++) {
    const some = await Promise.all(Array.from({ length: 20 }, guess));
    for (const { status } of some) t.ok(status !== 200 && status < 500, String(status));
    if (n % 25 === 0) t.equal((await known.signIn('ann')).status, 200, `after ${20 * n + 20}`);
  }
  const late = await guess();
  t.match(late, { status: 429, body: { code: 'LOGIN_LATER' } });
  t.ok(Number(late.headers.get('retry-after')) > 0);
  const fresh = new Browser(server.address);
  t.equal((await fresh.signIn('ann')).body.code, 'LOGIN_LATER', 'nor is one told that it is right');
  t.equal((await known.signIn('ann')).status, 200);
  const letter = await resetLink(made, 'ann', 'ann@mail.example');
  t.equal((await fresh.ask('POST /session/letters', { letter, password: OTHER })).status, 200);
  t.equal((await fresh.signIn('ann', OTHER)).status, 200, 'known since then');
  t.equal((await known.signIn('ann', OTHER)).body.code, 'LOGIN_LATER', 'what was known is not');
  // A known browser has a count of its own.
  for (let n = 0; n < 10; n++)
    t.equal((await fresh.signIn('ann', 'wrong one')).body.code, 'LOGIN_WRONG');
  t.equal((await fresh.signIn('ann', OTHER)).body.code, 'LOGIN_LATER');
});

t.test(
  'a link is used once, whoever is quicker; the same again is answered the same',
  async (t) => {
    const made = await world(t);
    const { server } = made;
    const use = (letter: string, password: string, login = 'ann') =>
      new Browser(server.address).ask('POST /session/letters', { letter, password, login });
    const letter = await invited(made, 'ann');
    const passwords = [PASSWORD, OTHER, 'a third one, long'];
    const all = await Promise.all(passwords.map((one) => use(letter, one)));
    t.same(codes(all), ['200', 'LETTER_NOT_FOUND', 'LETTER_NOT_FOUND']);
    const won = passwords[all.findIndex(({ status }) => status === 200)] ?? '';
    for (const one of passwords)
      t.equal((await use(letter, one)).status, one === won ? 200 : 404, 'again');
    t.equal((await new Browser(server.address).signIn('ann', won)).status, 200);
    // Two members who want one name at once.
    const [of, and] = [await invited(made, 'bob'), await invited(made, 'carol')];
    const both = await Promise.all([use(of, PASSWORD, 'Same'), use(and, OTHER, 'SAME')]);
    t.same(codes(both), ['200', 'LOGIN_TAKEN']);
    // Of two resets one ends the other; and it ends everything.
    const { box } = made;
    const browser = new Browser(server.address);
    await browser.signIn('ann', won);
    const token = await browser.token();
    const first = await resetLink(made, 'ann', 'ann@mail.example');
    const second = await resetLink(made, 'ann', 'ann@mail.example');
    const used = new Browser(server.address);
    t.equal(
      (await used.ask('POST /session/letters', { letter: first, password: OTHER })).status,
      200,
    );
    t.equal((await use(second, 'yet another one', undefined)).status, 404);
    t.equal(await browser.isIn(), false);
    t.equal((await browser.ask('POST /session/token', {})).status, 401);
    await until('its token has ended', async () => {
      const read = await bare(server.address, 'GET /v1/accounts/ann', undefined, token);
      return read.status === 401;
    });
    t.equal(await used.isIn(), true);
    for (let n = 0; n < 6; n++) await browser.ask('POST /session/reset', { login: 'ann' });
    t.ok(
      box.mails.filter(({ to }) => to === 'ann@mail.example').length <= 7,
      'so many and no more',
    );
  },
);

t.test('a change of password ends the other sessions; sessions are listed and ended', async (t) => {
  const made = await world(t);
  const { server, ask } = made;
  const phone = await member(made, 'ann');
  const desk = new Browser(server.address);
  await desk.signIn('ann');
  const token = await phone.token();
  const listed = await phone.ask('GET /v1/members/ann/sessions', undefined, token);
  t.equal(listed.body.sessions.length, 2, listed.text);
  t.equal(listed.body.sessions.filter((one: any) => one.isThis).length, 1);
  const rows = [
    [{ password: 'wrong one', newPassword: OTHER }, 'PASSWORD_WRONG'],
    [{ password: PASSWORD, newPassword: 'short' }, 'PASSWORD_WEAK'],
    [{ password: PASSWORD, newPassword: 'ANN' }, 'PASSWORD_WEAK'],
  ] as const;
  const change = (body: object) => phone.ask('POST /v1/members/ann/password', body, token);
  for (const [body, code] of rows) t.equal((await change(body)).body.code, code);
  const right = { password: PASSWORD, newPassword: OTHER };
  t.equal((await change(right)).status, 200);
  t.equal((await change(right)).status, 200, 'again, where the answer was lost');
  t.equal(await desk.isIn(), false);
  t.equal(await phone.isIn(), true);
  t.equal((await desk.signIn('ann', OTHER)).status, 200);
  const others = (await ask('GET /v1/members/ann/sessions')).body.sessions;
  for (const { session } of others)
    t.match((await ask(`DELETE /v1/members/ann/sessions/${session}`)).body, { ended: 1 });
  t.equal((await phone.isIn()) || (await desk.isIn()), false);
  const nothing = await ask('DELETE /v1/members/ann/sessions/0123456789abcdef01234567');
  t.equal(nothing.body.code, 'SESSION_NOT_FOUND');
  // Nobody else's.
  const bob = await member(made, 'bob');
  const foreign = await bob.ask('GET /v1/members/ann/sessions', undefined, await bob.token());
  t.match(foreign, { status: 403, body: { code: 'OWNER_FORBIDDEN' } });
  await phone.signIn('ann', OTHER);
  const by = await phone.token();
  const close = (body: object) => phone.ask('POST /v1/members/ann/sign-in/close', body, by);
  t.equal((await close({})).body.code, 'PASSWORD_WRONG');
  t.equal((await close({ password: OTHER })).status, 200);
  t.equal(await phone.isIn(), false);
  t.equal((await phone.signIn('ann', OTHER)).body.code, 'LOGIN_WRONG');
  t.match((await ask('POST /v1/members/ann/sign-in/close', {})).status, 200, 'again');
  const anew = await invited(made, 'carol');
  const taken = { letter: anew, password: PASSWORD, login: 'ann' };
  t.equal((await phone.ask('POST /session/letters', taken)).status, 200, 'the name is free');
});

t.test('other pages cannot use a cookie, nor sign anybody in', async (t) => {
  const made = await world(t);
  const browser = await member(made, 'ann');
  const asks = ['POST /session', 'POST /session/token', 'DELETE /session', 'POST /session/letters'];
  const rows: readonly Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${browser.address}.evil.example` },
    { Origin: browser.address, 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
  ];
  for (const request of asks)
    for (const headers of rows) {
      const body = request.startsWith('DELETE') ? undefined : {};
      const answer = await browser.ask(request, body, headers);
      t.match(answer, { status: 403, body: { code: 'ORIGIN_FORBIDDEN' } });
      t.same(answer.headers.getSetCookie(), []);
    }
  t.equal(await browser.isIn(), true);
  const secure = await world(t, {}, { publicUrl: 'https://points.example' });
  const letter = (await invited(secure, 'ann')).replace(/^.*#/, '');
  const by = new Browser(secure.server.address);
  const own = { Origin: 'https://points.example' };
  const used = await by.ask('POST /session/letters', { letter, password: PASSWORD }, own);
  for (const line of used.headers.getSetCookie()) t.match(line, /^__Host-jifen_\w+=.*; Secure$/);
  const insecure = { Origin: by.address, Host: 'points.example' };
  t.equal((await by.ask('POST /session', {}, insecure)).status, 403);
});

t.test('tickets: once, for a user of the platform, within what the platform may', async (t) => {
  const made = await world(t, { signInTicketMs: 40_000 });
  const { server, ask, clock } = made;
  const shop = await caller(made, 'shop', { operations: ['read', 'earn', 'sign-in', 'admin'] });
  const cafe = await caller(made, 'cafe', { assets: ['silver'] });
  await shop.ask('POST /v1/platforms/shop/users/u1');
  const { identity } = (await ask('GET /v1/platforms/shop/users/u1')).body;
  const path = `POST /v1/members/${identity}/sign-in-tickets`;
  t.equal((await cafe.ask(path)).body.code, 'OPERATION_FORBIDDEN');
  const { ticket } = (await shop.ask(path)).body;
  const use = (text: string) =>
    new Browser(server.address).ask('POST /session/token', { ticket: text });
  t.same(codes(await Promise.all([use(ticket), use(ticket), use(ticket)])), [
    '200',
    'TICKET_INVALID',
    'TICKET_INVALID',
  ]);
  for (const text of ['', 'x', `${ticket}x`, ticket.replace(/.$/, '!')])
    t.equal((await use(text)).body.code, 'TICKET_INVALID');
  const next = (await shop.ask(path)).body;
  t.ok(next.expires_in > 10 && next.expires_in <= 40);
  const { body, headers } = await use(next.ticket);
  t.match(body, { owner: identity, scope: 'participate:shop read:shop', token_type: 'Bearer' });
  t.same(headers.getSetCookie(), [], 'and no cookie');
  const read = await bare(server.address, `GET /v1/accounts/${identity}`, undefined, {
    Authorization: `Bearer ${body.access_token}`,
  });
  t.equal(read.status, 200);
  const late = (await shop.ask(path)).body.ticket;
  clock[0] = (clock[0] ?? 0) + 41_000;
  t.equal((await use(late)).body.code, 'TICKET_INVALID');
  const gone = (await shop.ask(path)).body.ticket;
  await ask('POST /v1/platforms/shop/users/u1/deactivate');
  t.equal((await use(gone)).body.code, 'TICKET_INVALID');
  t.equal((await shop.ask(path)).body.code, 'OPERATION_FORBIDDEN');
});

t.test('linking takes both proofs; what was merged signs in to who has the points', async (t) => {
  const made = await world(t);
  const { server, ask } = made;
  const shop = await caller(made, 'shop');
  const cafe = await caller(made, 'cafe', { assets: ['silver'] });
  const ann = await member(made, 'ann');
  const token = await ann.token();
  const link = (body: object, by = ann, headers = token, owner = 'ann') =>
    by.ask(`POST /v1/members/${owner}/links`, { password: PASSWORD, ...body }, headers);
  const ticketOf = async (user: string, by = cafe): Promise<string> =>
    (await by.ask(`POST /v1/platforms/${by.id}/users/${user}/link-tickets`)).body.ticket;
  t.equal(
    (await shop.ask('POST /v1/platforms/cafe/users/c1/link-tickets')).body.code,
    'OPERATION_FORBIDDEN',
  );
  const ticket = await ticketOf('new');
  const rows = [
    [{}, 'PROOF_MISSING'],
    [{ ticket, login: 'bob', otherPassword: OTHER }, 'PROOF_MISSING'],
    [{ login: 'bob' }, 'PROOF_MISSING'],
    [{ ticket, password: 'wrong one' }, 'PASSWORD_WRONG'],
    [{ ticket: `${ticket}x` }, 'TICKET_INVALID'],
    [{ login: 'nobody', otherPassword: OTHER }, 'LOGIN_WRONG'],
  ] as const;
  for (const [body, code] of rows) t.equal((await link(body)).body.code, code);
  // Somebody new, and the same once more, and twice at once.
  const linked = await Promise.all([link({ ticket }), link({ ticket }), link({ ticket })]);
  for (const { status, body } of linked)
    t.match(
      { status, body },
      { status: 200, body: { owner: 'ann', platform: 'cafe', user: 'new' } },
    );
  const bob = await member(made, 'bob');
  const stolen = await link({ ticket }, bob, await bob.token(), 'bob');
  t.equal(stolen.body.code, 'TICKET_INVALID', 'a ticket is one member’s');
  // Somebody who has points.
  await cafe.ask('POST /v1/platforms/cafe/users/old');
  const { identity } = (await ask('GET /v1/platforms/cafe/users/old')).body;
  const leg = { from: '@issue', to: identity, asset: 'silver', amount: 70 };
  await ask('POST /v1/transfers', { id: 'T1', legs: [leg] });
  const old = await ticketOf('old');
  const merged = await link({ ticket: old });
  t.match(merged, { status: 200, body: { owner: 'ann', merged: identity } }, merged.text);
  t.equal((await link({ ticket: old })).status, 200, 'again');
  await until('the points are there', async () => {
    const { body } = await ask('GET /v1/accounts/ann?asset=silver');
    return body.accounts?.[0]?.available === 70;
  });
  const { merged: how } = (await ask(`GET /v1/members/${identity}/merge`)).body;
  t.match(how.reason, /own session and password; a ticket of cafe for its user/);
  // Who signs in by himself is more than a platform's user.
  await shop.ask('POST /v1/platforms/shop/users/dan');
  const dan = (await ask('GET /v1/platforms/shop/users/dan')).body.identity;
  const letter = await invited(made, dan, 'dan@mail.example');
  const dans = new Browser(server.address);
  await dans.ask('POST /session/letters', { letter, password: OTHER, login: 'dan' });
  const weak = await link({ ticket: await ticketOf('dan', shop) });
  t.equal(weak.body.code, 'PROOF_WEAK', weak.text);
  const signed = await link({ login: 'dan', otherPassword: OTHER });
  t.match(signed.body, { owner: 'ann', merged: dan }, signed.text);
  await until('dan has ann’s points', async () => {
    const { body } = await dans.ask('GET /session');
    return body.owner === 'ann';
  });
  t.match(await dans.signIn('dan', OTHER), { status: 200, body: { login: 'dan' } });
  const both = (await ask('GET /v1/members/ann/sessions')).body.sessions;
  t.ok(both.length >= 3, 'both accounts’ sessions');
  t.equal((await ask(`POST /v1/members/${dan}/unmerge`, { id: 'U1', reason: 'r' })).status, 200);
  await until('dan is for himself again', async () => {
    const { body } = await dans.ask('GET /session');
    return body.owner === dan;
  });
});

t.test(
  'who was merged into a platform’s user and signs in is not the platform’s to give',
  async (t) => {
    const made = await world(t);
    const { ask } = made;
    const cafe = await caller(made, 'cafe', { assets: ['silver'] });
    await cafe.ask('POST /v1/platforms/cafe/users/c1');
    const { identity } = (await ask('GET /v1/platforms/cafe/users/c1')).body;
    const zoe = await member(made, 'zoe');
    const body = { email: 'staff@cafe.example' };
    const seen = made.box.mails.length;
    t.equal((await cafe.ask(`POST /v1/members/${identity}/invitations`, body)).status, 202);
    const early = await letterTo(made.box, body.email, seen);
    await ask('POST /v1/members/zoe/merge', { id: 'M1', into: identity, reason: 'one person' });
    await until('zoe is that one', async () => {
      return (await zoe.ask('GET /session')).body.owner === identity;
    });
    const used = { letter: early, password: OTHER };
    const taken = await new Browser(made.server.address).ask('POST /session/letters', used);
    t.equal(taken.body.code, 'SIGN_IN_EXISTS', 'an invitation from before');
    const again = await cafe.ask(`POST /v1/members/${identity}/invitations`, body);
    t.equal(again.body.code, 'SIGN_IN_EXISTS');
    const eve = await member(made, 'eve');
    const { ticket } = (await cafe.ask('POST /v1/platforms/cafe/users/c1/link-tickets')).body;
    const proof = { password: PASSWORD, ticket };
    const linked = await eve.ask('POST /v1/members/eve/links', proof, await eve.token());
    t.equal(linked.body.code, 'PROOF_WEAK');
    t.equal((await zoe.ask('GET /session')).body.owner, identity);
  },
);

t.test('who makes up a known browser is held to what its address may', async (t) => {
  const made = await world(t, { addressTries: { limit: 5, seconds: 600 } });
  const ann = await member(made, 'ann');
  const guesses = [];
  for (let n = 0; n < 12; n++) {
    const guesser = new Browser(made.server.address);
    guesser.cookies.set('jifen_device', `${'x'.repeat(41)}${10 + n}`);
    guesses.push((await guesser.signIn('ann', `guess ${n}`)).body.code);
  }
  t.notOk(guesses.includes('LOGIN_LATER'), 'no name is used up from one address');
  t.equal(guesses.filter((code) => code === 'RATE_LIMITED').length >= 7, true);
  t.equal((await ann.signIn('ann')).status, 200, 'a known browser is not');
});

t.test('a kill between any two steps: who asks again has it finished', async (t) => {
  const made = await world(t);
  const { server, box } = made;
  const { engine } = server;
  // Every put fails once, as if the process had ended before it; the caller asks again until it is done.
  const { own } = engine;
  const real = own.submit.bind(own);
  let until_ = Number.POSITIVE_INFINITY;
  let puts = 0;
  const submit: Engine['own']['submit'] = async (command, options) => {
    const isOwn =
      'owner' in command && /^#(member|login|grant|contacts)/.test(String(command.owner));
    if (isOwn && ++puts > until_) return refuse('SHARD_UNAVAILABLE') as any;
    return real(command, options);
  };
  Object.assign(own, { submit });
  const killed = async (what: string, ask: () => Promise<{ status: number; text: string }>) => {
    for (let steps = 0; ; steps++) {
      [until_, puts] = [steps, 0];
      const answer = await ask();
      until_ = Number.POSITIVE_INFINITY;
      if (answer.status === 200) {
        t.ok(steps > 2, `${what}: ${steps} steps`);
        return;
      }
      t.equal(answer.status, 503, `${what}: ${answer.text}`);
      if (steps > 40) throw new Error('no end');
    }
  };
  const letter = await invited(made, 'ann');
  const browser = new Browser(server.address);
  const use = (link: string, password: string) => () =>
    browser.ask('POST /session/letters', { letter: link, password });
  await killed('an invitation', use(letter, PASSWORD));
  t.equal((await browser.signIn('ann@mail.example')).status, 200);
  const phone = new Browser(server.address);
  t.equal((await phone.signIn('ann@mail.example')).status, 200);
  const seen = box.mails.length;
  await browser.ask('POST /session/reset', { login: 'ann@mail.example' });
  const second = await letterTo(box, 'ann@mail.example', seen);
  await killed('a reset', use(second, OTHER));
  t.equal(await phone.isIn(), false, 'what was to end has ended');
  await phone.signIn('ann@mail.example', OTHER);
  const token = await browser.token();
  const body = { password: OTHER, newPassword: PASSWORD };
  await killed('a change', () => browser.ask('POST /v1/members/ann/password', body, token));
  t.equal(await phone.isIn(), false, 'the other sessions have ended');
  t.equal(await browser.isIn(), true);
  await killed('closing', () => made.ask('POST /v1/members/ann/sign-in/close', {}));
  t.equal(await browser.isIn(), false);
  t.equal((await made.ask('GET /v1/members/ann/sign-in')).body.state, 'closed');
});

t.test(
  'letters, tries and sessions are there after a restart; nothing in the folder opens anything',
  async (t) => {
    const made = await world(t, { signInTries: { limit: 4, seconds: 900 } });
    const { server, folder, box } = made;
    const ann = await member(made, 'ann');
    const letter = await invited(made, 'bob');
    const guess = new Browser(server.address);
    for (let n = 0; n < 4; n++) await guess.signIn('ann', 'wrong one');
    await server.close();
    const limits = { ...CHEAP, signInTries: { limit: 4, seconds: 900 } };
    const again = await startServer({
      ...{ port: 0, webhookHosts: ['127.0.0.1'], limits },
      engine: { folder, shards: 2, cacheMb: 64 },
    });
    t.teardown(() => again.close());
    const moved = (browser: Browser): Browser => {
      const other = new Browser(again.address);
      for (const [name, value] of browser.cookies) other.cookies.set(name, value);
      return other;
    };
    t.equal(await moved(ann).isIn(), true);
    t.equal((await moved(guess).signIn('ann')).body.code, 'LOGIN_LATER', 'counted still');
    t.equal((await moved(ann).signIn('ann')).status, 200, 'known still');
    const bob = new Browser(again.address);
    const secret = letter.replace(/^.*#/, '');
    t.equal(
      (await bob.ask('POST /session/letters', { letter: secret, password: OTHER })).status,
      200,
    );
    await again.close();
    t.ok(box.mails.length > 0);
    const kept = bytesIn(folder);
    for (const text of [secret.slice(-22), PASSWORD, OTHER, 'ann@mail.example', 'bob@mail.example'])
      t.notOk(kept.includes(text), text);
    t.ok(kept.includes(signInId('ann')), 'but for whom there is something');
  },
);

const bytesIn = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath ?? one.path, one.name))),
  );
