// Operators: accounts, roles, sessions, one-time codes; what roles let do and what they do not.

import t from 'tap';
import { OPERATIONS } from '../../engine/index.js';
import { BUILT_IN } from '../../gateway/operators/roles.js';
import { bare, type Gateway, gateway, type Headers } from './harness.js';
import { codeAt, invitedOperator, OperatorBrowser, operatorIn } from './operating.js';
import { CHEAP, OTHER, PASSWORD } from './signing-in.js';

interface World extends Gateway {
  now(): number;
  /** Puts the clock ahead, by so much since the beginning. */
  at(ms: number): Promise<void>;
}

async function world(test: typeof t, limits: object = {}): Promise<World> {
  const clockOffset = new SharedArrayBuffer(8);
  const made = await gateway(test as never, {
    assets: ['gold'],
    engine: { folder: '', shards: 2, clockOffset },
    limits: { ...CHEAP, ...limits },
  });
  const clock = new Float64Array(clockOffset);
  const { engine } = made.server;
  const at = (ms: number): Promise<void> => {
    clock[0] = ms;
    return engine.acceptClock();
  };
  return { ...made, at, now: () => engine.now() };
}

const refused = (status: number, code: string, field?: string) => ({
  status,
  body: { code, ...(field === undefined ? {} : { field }) },
});

t.test('an account: invited, changed, refused, removed', async (t) => {
  const w = await world(t as never);
  const { address } = w.server;
  const browser = new OperatorBrowser(address);
  const invitation = await invitedOperator(w, 'ann', ['viewer']);
  t.match(await browser.ask('POST /operator/invitation/look', { invitation }), {
    status: 200,
    body: { operator: 'ann', name: 'ann of the ledger' },
  });
  t.match(await browser.signIn('ann'), refused(403, 'LOGIN_WRONG'), 'there is no password yet');
  const use = (password: string, text = invitation) =>
    browser.ask('POST /operator/invitation', { invitation: text, password });
  t.match(await use('12345678'), refused(422, 'PASSWORD_WEAK', 'password'));
  const others = new OperatorBrowser(address);
  const both = await Promise.all(
    [browser, others].map((one) =>
      one.ask('POST /operator/invitation', { invitation, password: PASSWORD }),
    ),
  );
  t.same(both.map(({ status }) => status).sort(), [200, 404], 'of two at once, one has it');
  t.match(await use(PASSWORD), refused(404, 'INVITATION_NOT_FOUND', 'invitation'));
  const winner = both[0]?.status === 200 ? browser : others;
  const session = await winner.ask('GET /operator/session');
  t.match(session.body, {
    principal: 'operator:ann',
    name: 'ann of the ledger',
    roles: ['viewer'],
    operations: ['read', 'view'],
    codes: 'none',
  });
  t.match(session.headers.get('cache-control'), 'no-store');
  const token = await winner.token();
  const asked = (request: string, body?: unknown, by: Headers = token) =>
    bare(address, request, body, by);
  t.equal((await asked('GET /v1/platforms')).status, 200);
  t.match(await asked('POST /v1/keys', {}), refused(403, 'OPERATION_FORBIDDEN'));
  t.match(await asked('GET /v1/audit'), refused(403, 'OPERATION_FORBIDDEN'));

  // Roles count at once, in both directions, for the same token.
  const change = (body: object) => w.ask('PUT /v1/operators/ann', body);
  t.match(
    await change({ roles: ['viewer', 'nobody'] }),
    refused(404, 'ROLE_NOT_FOUND', 'roles[1]'),
  );
  t.match(await change({ roles: ['finance'], ifVersion: 7 }), refused(409, 'CHANGED_MEANWHILE'));
  t.match(await change({ roles: ['finance'], ifVersion: 1 }), {
    status: 200,
    body: { version: 2 },
  });
  t.equal((await asked('GET /v1/audit')).status, 200);
  const set = { operations: ['read'], description: 'reads' };
  t.match(await w.ask('PUT /v1/roles/reader', set), { status: 200, body: { version: 1 } });
  t.equal((await change({ roles: ['reader'] })).status, 200);
  t.match(await asked('GET /v1/platforms'), refused(403, 'OPERATION_FORBIDDEN'));
  t.match(await w.ask('DELETE /v1/roles/reader'), refused(409, 'ROLE_IN_USE'));
  t.match(await w.ask('DELETE /v1/roles/viewer'), refused(409, 'ROLE_BUILT_IN'));
  const wider = { operations: ['read', 'view'], ifVersion: 1 };
  t.equal((await w.ask('PUT /v1/roles/reader', wider)).status, 200);
  t.equal((await asked('GET /v1/platforms')).status, 200);

  // A stream ends with what it was opened by.
  const stream = await fetch(`${address}/v1/stream/sse?owner=eve`, { headers: token });
  t.equal(stream.status, 200);
  t.equal((await change({ disabled: true })).status, 200);
  const ended = stream.text().then(
    () => true,
    () => true,
  );
  t.equal(await ended, true);
  t.match(await asked('GET /v1/platforms'), refused(401, 'UNAUTHORIZED'));
  t.match(await winner.ask('POST /operator/session/token'), refused(401, 'SESSION_ENDED'));
  t.match(await winner.signIn('ann'), refused(403, 'LOGIN_WRONG'), 'as if there were none');
  t.equal((await change({ disabled: false })).status, 200);
  t.notOk(await winner.isIn(), 'what has ended stays so');
  t.match(await winner.signIn('ANN '.trim()), { status: 200 });

  const list = await w.ask('GET /v1/operators/ann/sessions');
  t.match(list.body.sessions, [{ address: '127.0.0.1', isThis: false }]);
  t.equal((await w.ask('DELETE /v1/operators/ann/sessions')).status, 200);
  t.notOk(await winner.isIn());
  t.same((await w.ask('GET /v1/operators/ann/sessions')).body.sessions, []);

  t.match(await winner.signIn('ann'), { status: 200 });
  const last = await winner.token();
  t.equal((await w.ask('DELETE /v1/operators/ann')).status, 200);
  t.match(await asked('GET /v1/platforms', undefined, last), refused(401, 'UNAUTHORIZED'));
  await invitedOperator(w, 'ann', ['administrator']);
  t.match(await asked('GET /v1/platforms', undefined, last), refused(401, 'UNAUTHORIZED'));
  t.notOk(await winner.isIn(), 'nothing of the one before is the new one’s');
  t.match(await winner.signIn('ann'), refused(403, 'LOGIN_WRONG'));
  const twice = { operator: 'ann', name: 'x', roles: ['viewer'] };
  t.match(await w.ask('POST /v1/operators', twice), refused(409, 'OPERATOR_EXISTS', 'operator'));
});

t.test(
  'one-time codes are good once, and where they are asked for nothing goes without',
  async (t) => {
    const w = await world(t as never);
    const ann = await operatorIn(w, 'ann', ['support']);
    const begin = (more: object = {}) =>
      ann.ask('POST /operator/totp', { password: PASSWORD, ...more });
    t.match(await begin({ password: OTHER }), refused(403, 'PASSWORD_WRONG'));
    const begun = await begin();
    const { secret, uri, qr } = begun.body;
    t.match(uri, /^otpauth:\/\/totp\/jifen:ann\?/);
    t.ok(qr.size > 20 && /^(M\d+ \d+h1v1h-1z)+$/.test(qr.path));
    const code = (by = secret, ahead = 0) => codeAt(by, w.now() + ahead);
    const wrong = code() === '123456' ? '654321' : '123456';
    const confirm = (said: string) => ann.ask('POST /operator/totp/confirm', { code: said });
    for (const no of [wrong, '１２３４５６', '', ' ', '-12345', '1e5', '12345\u0000'])
      t.match(await confirm(no), { status: /^4/, body: { field: 'code' } }, no);
    const other = new OperatorBrowser(w.server.address);
    t.equal((await other.signIn('ann')).status, 200, 'it does not count before it is confirmed');
    const first = code();
    t.equal((await confirm(first)).status, 200);
    t.ok(await ann.isIn(), 'the session that confirms goes on');
    t.notOk(await other.isIn(), 'all others end');

    t.match(await other.signIn('ann', OTHER), refused(403, 'LOGIN_WRONG'));
    t.match(await other.signIn('ann'), refused(401, 'CODE_REQUIRED', 'code'));
    t.match(await other.signIn('ann', PASSWORD, first), refused(403, 'CODE_WRONG'), 'used already');
    await w.at(60_000);
    const next = code();
    const rivals = await Promise.all(
      [0, 1, 2, 3].map(() => new OperatorBrowser(w.server.address).signIn('ann', PASSWORD, next)),
    );
    const came = rivals.map(({ status }) => status).sort();
    t.same(came, [200, 403, 403, 403], 'of four at once with one code, one is in');
    t.match(await other.signIn('ann', PASSWORD, code(secret, -90_000)), refused(403, 'CODE_WRONG'));

    // Who has taken over a session, and knows the password, has no codes by that.
    t.match(await begin(), refused(401, 'CODE_REQUIRED'));
    t.match(await begin({ code: wrong }), refused(403, 'CODE_WRONG'));
    await w.at(120_000);
    const again = await begin({ code: code() });
    t.equal(again.status, 200);
    await w.at(180_000);
    const remove = (said: string) =>
      ann.ask('POST /operator/totp/remove', { password: PASSWORD, code: said });
    t.match(await remove(code(again.body.secret)), refused(403, 'CODE_WRONG'), 'not confirmed yet');
    t.equal((await remove(code())).status, 200);
    t.match((await ann.ask('GET /operator/session')).body, { codes: 'none' });
    // Guesses of who is signed in are counted, too.
    const guesses = await Promise.all(Array.from({ length: 12 }, () => begin({ password: OTHER })));
    t.ok(guesses.some(({ body }) => body.code === 'LOGIN_LATER'));

    const strict = await world(t as never, { operatorCodesAfterSeconds: 1 });
    const bob = await operatorIn(strict, 'bob', ['viewer']);
    await strict.at(2_000);
    t.match((await bob.ask('GET /operator/session')).body, { codes: 'required' });
    t.match(await bob.ask('POST /operator/session/token'), refused(403, 'CODES_REQUIRED'));
    const own = await bob.ask('POST /operator/totp', { password: PASSWORD });
    const said = { code: codeAt(own.body.secret, strict.now()) };
    t.equal((await bob.ask('POST /operator/totp/confirm', said)).status, 200);
    t.equal((await bob.ask('POST /operator/session/token')).status, 200);
    await strict.at(62_000);
    const gone = { password: PASSWORD, code: codeAt(own.body.secret, strict.now()) };
    t.match(await bob.ask('POST /operator/totp/remove', gone), refused(403, 'CODES_REQUIRED'));
  },
);

t.test(
  'a cookie opens its own paths, for its own pages; a key’s session is the key’s',
  async (t) => {
    const w = await world(t as never);
    const { address } = w.server;
    const ann = await operatorIn(w, 'ann', ['administrator']);
    const cookie = [...ann.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const made = await ann.ask('GET /v1/operators');
    t.equal(made.status, 401, 'a cookie is nothing on /v1');
    const session = ann.cookies.get('jifen_operator') ?? '';
    t.match(session, /^jifen_oc_/);
    for (const text of [
      session,
      (await ann.token()).Authorization?.replace('jifen_op_', 'jifen_at_'),
    ])
      t.match(
        await bare(address, 'GET /v1/operators', undefined, { Authorization: `Bearer ${text}` }),
        refused(401, 'UNAUTHORIZED'),
      );
    for (const headers of [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ])
      for (const request of ['POST /operator/session/token', 'DELETE /operator/session'])
        t.match(
          await bare(address, request, undefined, { Cookie: cookie, ...headers }),
          refused(403, 'ORIGIN_FORBIDDEN'),
        );
    const key = (await w.ask('POST /v1/keys', { name: 'desk', operations: ['read', 'view'] })).body;
    const desk = new OperatorBrowser(address);
    const byKey = (text: string, more: object = {}) =>
      desk.ask('POST /operator/session', { key: text, ...more });
    t.match(await byKey(`${key.key.slice(0, -1)}-`), refused(401, 'UNAUTHORIZED', 'key'));
    t.match(await byKey(key.key, { login: 'ann' }), refused(403, 'CREDENTIALS_CONFLICT', 'login'));
    const token = (await ann.token()).Authorization?.slice('Bearer '.length) ?? '';
    t.match(await byKey(token), refused(401, 'UNAUTHORIZED', 'key'), 'a token begins no session');
    t.match(await byKey(key.key), {
      status: 200,
      body: { principal: `key:${key.id}`, name: 'desk', roles: [], codes: 'key' },
    });
    const desks = await desk.token();
    const asked = () => bare(address, 'GET /v1/keys', undefined, desks);
    t.equal((await asked()).status, 200);
    t.match(
      await desk.ask('POST /operator/password', { password: PASSWORD, newPassword: OTHER }),
      refused(403, 'OPERATION_FORBIDDEN'),
    );
    t.equal((await w.ask(`POST /v1/keys/${key.id}/revoke`)).status, 200);
    t.match(await asked(), refused(401, 'UNAUTHORIZED'));
    t.notOk(await desk.isIn());
    t.match(await byKey(w.key), { status: 200, body: { principal: 'administrator' } });
    t.equal((await desk.ask('DELETE /operator/session')).status, 200);
    t.notOk(await desk.isIn());

    // A new password ends the others, and not the one that sets it, whatever else is asked of it meanwhile.
    const second = new OperatorBrowser(address);
    await second.signIn('ann');
    const change = ann.ask('POST /operator/password', { password: PASSWORD, newPassword: OTHER });
    const beside = ann.ask('POST /operator/session/token');
    t.equal((await change).status, 200);
    await beside;
    t.ok(await ann.isIn());
    t.notOk(await second.isIn());
    t.match(await second.signIn('ann'), refused(403, 'LOGIN_WRONG'));
    t.equal((await second.signIn('ann', OTHER)).status, 200);
    const listed = await ann.ask('GET /operator/sessions');
    t.same(
      listed.body.sessions.map(({ isThis }: { isThis: boolean }) => isThis),
      [false, true],
    );
    const [newest] = listed.body.sessions;
    t.equal((await ann.ask(`DELETE /operator/sessions/${newest.session}`)).status, 200);
    t.notOk(await second.isIn());
    const missing = await ann.ask(`DELETE /operator/sessions/${newest.session}`);
    t.match(missing, refused(404, 'SESSION_NOT_FOUND'));

    // A link that was kept sets no other password once the operator has set one.
    const kept = (await w.ask('POST /v1/operators/ann/invitations')).body.invitation;
    const mine = { password: OTHER, newPassword: PASSWORD };
    t.equal((await ann.ask('POST /operator/password', mine)).status, 200);
    const late = { invitation: kept, password: OTHER };
    t.match(
      await second.ask('POST /operator/invitation', late),
      refused(404, 'INVITATION_NOT_FOUND'),
    );
    // A key that is restricted is so in a session, too.
    const narrow = { name: 'n', operations: ['read', 'admin'], assets: ['gold'], owner: 'eve' };
    const few = (await w.ask('POST /v1/keys', narrow)).body.key;
    t.match((await byKey(few)).body, {
      ...{ operations: ['read', 'admin', 'view', 'configure', 'settle', 'freeze'] },
      ...{ assets: ['gold'], owner: 'eve' },
    });
    const fewer = await desk.token();
    t.match(await bare(address, 'GET /v1/keys', undefined, fewer), refused(403, 'ASSET_FORBIDDEN'));
    t.match(
      await bare(address, 'GET /v1/accounts/bob', undefined, fewer),
      refused(403, 'OWNER_FORBIDDEN'),
    );

    // Of two who change the same version at once, one does.
    const rivals = await Promise.all(
      ['a', 'b', 'c'].map((name) => w.ask('PUT /v1/operators/ann', { name, ifVersion: 1 })),
    );
    t.same(rivals.map(({ status }) => status).sort(), [200, 409, 409]);

    // Beyond so many, the oldest session ends.
    for (let n = 0; n < 16; n++) await second.signIn('ann');
    t.notOk(await ann.isIn());
    t.ok(await second.isIn());
    await ann.signIn('ann');

    // Without use a session ends.
    await w.at(12 * 3_600_000 + 1_000);
    t.notOk(await ann.isIn());
  },
);

t.test('guessing is counted, and says nothing of who there is', async (t) => {
  const w = await world(t as never, { signInTries: { limit: 3, seconds: 900 } });
  const ann = await operatorIn(w, 'ann', ['viewer']);
  const told = async (login: string) => {
    const browser = new OperatorBrowser(w.server.address);
    const all = [];
    for (let n = 0; n < 4; n++) {
      const { status, body, headers } = await browser.signIn(login, OTHER);
      all.push([status, body.code, body.field, body.detail, headers.get('retry-after') !== null]);
    }
    return all;
  };
  const [known, unknown] = [await told('ann'), await told('bob')];
  t.same(known, unknown);
  t.match(
    known.map(([status]) => status),
    [403, 403, 403, 429],
  );
  const stranger = new OperatorBrowser(w.server.address);
  t.match(await stranger.signIn('ann'), refused(429, 'LOGIN_LATER'), 'the right one, too');
  t.equal((await ann.signIn('ann')).status, 200, 'but for a browser that is known');
  const link = (await w.ask('POST /v1/operators/ann/invitations')).body.invitation;
  const use = { invitation: link, password: OTHER };
  t.equal(
    (await stranger.ask('POST /operator/invitation', use)).status,
    200,
    'a link opens at once',
  );
  t.notOk(await ann.isIn());
});

/** What roles may ask, beside what their operations say: a call of each kind. */
const CALLS: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['GET /v1/accounts/eve', undefined, ['viewer', 'support', 'marketing', 'finance']],
  ['GET /v1/definitions/campaign', undefined, ['viewer', 'support', 'marketing', 'finance']],
  ['GET /v1/webhooks', undefined, ['viewer', 'support', 'marketing', 'finance']],
  ['POST /v1/webhooks', { url: 'https://shop.example/hook' }, []],
  ['PUT /v1/members/eve/contact', { email: 'eve@mail.example' }, ['support', 'finance']],
  ['POST /v1/accounts/eve/assets/gold/freeze', {}, ['support']],
  ['POST /v1/accounts/eve/assets/gold/unfreeze', {}, ['support']],
  ['POST /v1/accounts/eve/assets/gold/credit-limit', { creditLimit: 5 }, []],
  ['POST /v1/transfers', { legs: [leg('@adjust', 'eve')] }, []],
  ['POST /v1/transfers', { legs: [leg('@issue', 'eve')] }, []],
  ['POST /v1/transfers', { legs: [leg('eve', '@redeem')] }, []],
  ['POST /v1/accounts/eve/transfers/GIVEN/reverse', { amount: 1 }, ['support', 'finance']],
  ['POST /v1/accounts/eve/transfers/GIVEN/reverse', { amount: 1, allowDebt: true }, []],
  ['PUT /v1/definitions/event/club.visit', EVENT(), ['marketing']],
  ['PUT /v1/definitions/correction/goodwill', CORRECTION(), []],
  ['POST /v1/acts/adjust', adjust({ give: 1 }), ['support', 'finance']],
  ['POST /v1/budgets/gifts/assets/gold/fund', { amount: 1 }, ['finance']],
  ['PUT /v1/assets/tin', { scale: 0 }, []],
  ['PUT /v1/roles/own', { operations: ['read'] }, []],
  ['POST /v1/operators', { operator: 'zed', name: 'z', roles: ['administrator'] }, []],
  ['GET /v1/operators', undefined, ['viewer', 'support', 'marketing', 'finance']],
  ['GET /v1/shards/0/log', undefined, []],
  ['GET /v1/audit', undefined, ['finance']],
  ['GET /v1/members/eve/sign-in', undefined, []],
];

function leg(from: string, to: string) {
  return { from, to, asset: 'gold', amount: 1 };
}
function EVENT() {
  return { state: 'active', document: { programme: 'club', attributes: {} } };
}
function CORRECTION() {
  const document = { asset: 'gold', mostUp: 100, mostDown: 100, secondFrom: 50 };
  return { state: 'active', document };
}
function adjust(body: object) {
  return { owner: 'eve', body: { correction: 'goodwill', reason: 'late', operator: 'x', ...body } };
}

t.test('roles do what they should, and nothing else; two operators are two people', async (t) => {
  const w = await world(t as never);
  const { address } = w.server;
  for (const [request, body] of [
    ['PUT /v1/programmes/club', { asset: 'gold', zone: 'Asia/Shanghai' }],
    ['PUT /v1/definitions/correction/goodwill', CORRECTION()],
    ['POST /v1/transfers', { id: 'GIVEN', legs: [{ ...leg('@issue', 'eve'), amount: 500 }] }],
  ] as const) {
    const done = await w.ask(request, body);
    t.ok(done.status < 300, `${request}: ${done.text}`);
  }
  // Definitions decide a little after they are said.
  await w.at(11_000);
  const tokens = new Map<string, Headers>();
  for (const { role } of BUILT_IN)
    tokens.set(role, await (await operatorIn(w, role, [role])).token());
  for (const [request, body, roles] of CALLS)
    for (const { role } of BUILT_IN) {
      const { status, text } = await bare(address, request, body, tokens.get(role) ?? {});
      const may = roles.includes(role) || role === 'administrator';
      const said = `${role}: ${request}: ${text}`;
      if (may) t.ok(status < 300 || (status === 409 && !/FORBIDDEN/.test(text)), said);
      else t.match(text, /OPERATION_FORBIDDEN/, said);
    }
  t.same(BUILT_IN.find(({ role }) => role === 'administrator')?.operations, OPERATIONS);

  // A second person is another account, not another session of the first one.
  const [ann, bob] = [
    await operatorIn(w, 'ann', ['support']),
    await operatorIn(w, 'bob', ['support']),
  ];
  const again = new OperatorBrowser(address);
  await again.signIn('ann');
  const large = adjust({ give: 80, case: 'c1' });
  const by = async (browser: OperatorBrowser) =>
    bare(address, 'POST /v1/acts/adjust', large, await browser.token());
  const before = (await w.ask('GET /v1/accounts/eve?asset=gold')).body.accounts[0].available;
  t.match((await by(ann)).body, { act: { effects: [{ type: 'awaitSecond' }] } });
  t.match(await by(again), refused(403, 'APPROVAL_REQUIRED'));
  t.match((await by(bob)).body, { act: { effects: [{ type: 'addPoints', amount: 80 }] } });
  const after = (await w.ask('GET /v1/accounts/eve?asset=gold')).body.accounts[0].available;
  t.equal(after - before, 80);
  // What a role does only where somebody else agrees, it does not do by itself.
  const said = { operations: ['read', 'view'], seconded: ['freeze', 'read'] };
  t.equal((await w.ask('PUT /v1/roles/careful', said)).status, 200);
  const [cy, di] = [await operatorIn(w, 'cy', ['careful']), await operatorIn(w, 'di', ['careful'])];
  const told = await cy.ask('GET /operator/session');
  t.match(told.body, { operations: ['read', 'view'], seconded: ['freeze'] });
  const freeze = 'POST /v1/accounts/eve/assets/gold/freeze';
  t.match(await bare(address, freeze, {}, await cy.token()), refused(403, 'OPERATION_FORBIDDEN'));
  const command = { type: 'freeze-account', owner: 'eve', asset: 'gold' };
  const asked = { command, reason: 'a complaint' };
  const proposed = await bare(address, 'POST /v1/proposals', asked, await cy.token());
  t.equal(proposed.status, 201, proposed.text);
  const agree = `POST /v1/proposals/${proposed.body.proposal ?? proposed.body.id}/agree`;
  t.equal((await bare(address, agree, {}, await cy.token())).status, 403, 'not by oneself');
  t.equal((await bare(address, agree, {}, await di.token())).status, 200);
  // Where there are records of others, too, whose versions are counted with its own.
  const over = await w.ask(`GET ${agree.slice(5, -6)}`);
  t.match(over.body, { state: 'agreed', outcome: 'ok' });
  const frozen = (await w.ask('GET /v1/accounts/eve?asset=gold')).body.accounts[0].frozen;
  t.equal(frozen, true);

  const trail = await w.ask('GET /v1/audit?principal=operator:bob');
  t.match(trail.body.records, [{ principal: 'operator:bob' }]);
});

t.test('of many who write at once none gets beyond what there may be', async (t) => {
  const most = 3;
  const w = await world(t as never, { operatorsMax: most });
  const names = async (): Promise<string[]> =>
    (await w.ask('GET /v1/operators')).body.operators.map((one: any) => one.operator);
  for (let round = 0; round < 4; round++) {
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        w.ask('POST /v1/operators', { operator: `o${round}-${n}`, name: 'x', roles: ['viewer'] }),
      ),
    );
    const told = made.filter(({ status }) => status === 201).map(({ body }) => body.operator);
    const there = await names();
    t.ok(there.length <= most, `${there.length} accounts`);
    t.same(there.sort(), told.sort(), 'who was told of an account has one, and nobody else');
    for (const { status, body } of made) if (status !== 201) t.equal(body.code, 'OPERATOR_LIMIT');
    for (const one of there) await w.ask(`DELETE /v1/operators/${one}`);
  }

  // A role that goes while somebody gets it.
  const came = new Set<string>();
  const role = { operations: ['read'] };
  await w.ask('POST /v1/operators', { operator: 'ann', name: 'ann', roles: ['viewer'] });
  for (let round = 0; round < 12; round++) {
    await w.ask('PUT /v1/roles/desk', role);
    const [gone, added, changed] = await Promise.all([
      w.ask('DELETE /v1/roles/desk'),
      w.ask('POST /v1/operators', { operator: 'bob', name: 'bob', roles: ['desk'] }),
      w.ask('PUT /v1/operators/ann', { roles: ['desk'] }),
    ]);
    came.add([gone, added, changed].map(({ status }) => status).join());
    const isThere = (await w.ask('GET /v1/roles/desk')).status === 200;
    const { operators } = (await w.ask('GET /v1/operators')).body;
    const holders = operators.filter(({ roles }: any) => roles.includes('desk'));
    t.ok(isThere || holders.length === 0, 'no operator has a role that there is not');
    if (gone.status === 200) t.notOk(isThere);
    t.equal(
      added.status === 201,
      holders.some((one: any) => one.operator === 'bob'),
    );
    t.equal(
      changed.status === 200,
      holders.some((one: any) => one.operator === 'ann'),
    );
    await w.ask('PUT /v1/operators/ann', { roles: ['viewer'] });
    await w.ask('DELETE /v1/operators/bob');
    await w.ask('DELETE /v1/roles/desk');
  }
  t.comment([...came].join(' | '));
});
