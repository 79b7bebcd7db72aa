// Signing in and consent, as pages and forms say them, without a browser: what comes of each, also where something else has happened in between.

import t, { type Test } from 'tap';
import { type Engine, type OpenOptions, open } from '../../../engine/index.js';
import { refuse } from '../../../gateway/refusal.js';
import {
  type AppClient,
  type ConsentWorld,
  consentWorld,
  emailOf,
  PASSWORD,
  type Shown,
  type Visitor,
} from './consent-world.js';

const URI = 'https://app.example/back?kept=1';
const LOCAL = 'http://127.0.0.1:5999/back';
const APP = 'com.example.app:/back';
const SIGN_IN = { decision: 'sign-in', login: emailOf('ann'), password: PASSWORD };
const ALLOW = { decision: 'allow' };

const isSignIn = ({ text }: Shown): boolean => text.includes('autocomplete="current-password"');
const isConsent = ({ text }: Shown): boolean => text.includes('<fieldset');
const codeOf = (t: Test, { told, text }: Shown): string => {
  t.match(told.code, /^jifen_ac_/, text.slice(0, 2_000));
  return told.code ?? '';
};

/** A whole way to a code: signing in where that is asked, and consent. */
async function given(t: Test, visitor: Visitor, path: string, more = {}): Promise<Shown> {
  let shown = await visitor.open(path);
  if (isSignIn(shown)) {
    const { location } = await visitor.send(SIGN_IN);
    shown = await visitor.open(location);
  }
  t.ok(isConsent(shown), shown.text);
  return visitor.send({ ...ALLOW, ...more });
}

const scopeOf = async (world: ConsentWorld, client: AppClient, code: string): Promise<string> => {
  const { status, text } = await world.exchange(client, code);
  return status === 200 ? JSON.parse(text).scope : text;
};

t.test('a client gets what a member permits', async (t) => {
  const world = await consentWorld(t);
  const [ours, narrow, local, app] = await Promise.all([
    world.client(URI),
    world.client(URI),
    world.client(LOCAL, { isPublic: true }),
    world.client(APP, { isPublic: true }),
  ]);

  t.test('from the login page to a token', async (t) => {
    const visitor = world.visitor({ 'Accept-Language': 'en' });
    const path = world.authorize(ours, { state: 'a b&c=d/é' });
    t.ok(isSignIn(await visitor.open(path)));
    t.match(visitor.page?.text, 'Shop app');
    const wrong = await visitor.send({ ...SIGN_IN, password: 'wrong horse battery' });
    t.match(wrong, { status: 403, text: /login name or the password is wrong/ });
    t.notMatch(wrong.text, 'wrong horse');
    t.match(wrong.text, `value="${emailOf('ann')}"`);
    const empty = await visitor.send({ ...SIGN_IN, login: '' });
    t.match(empty, { status: 422, text: /id="login-wrong".*aria-describedby="login-wrong"/s });
    const signedIn = await visitor.send(SIGN_IN);
    t.equal(signedIn.status, 303);
    t.match(signedIn.location, /^\/authorize\?response_type=code/);
    const shown = await visitor.open(signedIn.location);
    t.ok(isConsent(shown));
    for (const text of [
      'Shop app',
      emailOf('ann'),
      'app.example',
      'see your points on all platforms',
    ])
      t.match(shown.text, text);
    const back = await visitor.send(ALLOW);
    t.equal(back.status, 303);
    t.match(back.location, /^https:\/\/app\.example\/back\?kept=1&code=/);
    t.match(back.told, { state: 'a b&c=d/é', iss: world.address, kept: '1' });
    t.equal(await scopeOf(world, ours, codeOf(t, back)), 'profile read');
  });

  t.test('fewer scopes, where some are unticked; none of them is no answer', async (t) => {
    const visitor = await world.signedIn('ann');
    const path = world.authorize(narrow, { scope: 'profile read:shop transfer' });
    const none = await given(t, visitor, path, {
      scope0: undefined,
      scope1: undefined,
      scope2: undefined,
    });
    t.match(none, { status: 422, text: /至少选择一项/, location: '' });
    t.match(none.text, 'Shop &amp; Co');
    const one = await visitor.send({ ...ALLOW, scope0: undefined, scope2: undefined });
    t.equal(await scopeOf(world, narrow, codeOf(t, one)), 'read:shop');
    t.ok(isConsent(await visitor.open(path)), 'what was not given is asked for again');
    const given1 = await visitor.open(world.authorize(narrow, { scope: 'read:shop' }));
    t.equal(await scopeOf(world, narrow, codeOf(t, given1)), 'read:shop');
    // What the request has not, no field adds.
    await visitor.open(world.authorize(narrow, { scope: 'profile' }));
    const forged = await visitor.send({
      ...ALLOW,
      scope1: 'yes',
      scope7: 'yes',
      scope: 'transfer',
    });
    t.equal(await scopeOf(world, narrow, codeOf(t, forged)), 'profile');
  });

  t.test('what the client has changed while the page was open is shown first', async (t) => {
    const visitor = await world.signedIn('bob');
    const changing = await world.client(app.uri, { scope: 'read redeem' });
    // The request leaves it to the client what it asks for, and what it is called.
    await visitor.open(world.authorize(changing, { scope: undefined }));
    for (const change of [{ scope: 'participate read redeem' }, { name: 'Another app' }]) {
      await world.sure(`PUT /v1/oauth-clients/${changing.id}`, change);
      const answer = await visitor.send(ALLOW);
      t.match(answer, { status: 403, location: '' }, JSON.stringify(change));
    }
    codeOf(t, await visitor.send(ALLOW));
  });

  t.test('what was given is not asked again, but of who could be somebody else', async (t) => {
    const visitor = await world.signedIn('bob');
    for (const client of [ours, local, app]) {
      const path = world.authorize(client);
      codeOf(t, await given(t, visitor, path));
      const again = await visitor.open(path);
      if (client === ours) codeOf(t, again);
      else t.ok(isConsent(again), client.uri);
      t.equal(
        (await visitor.open(world.authorize(client, { prompt: 'none' }))).told.error,
        client === ours ? undefined : 'interaction_required',
      );
    }
    for (const prompt of ['consent', 'select_account', 'consent select_account'])
      t.ok(isConsent(await visitor.open(world.authorize(ours, { prompt }))), prompt);
    t.ok(isConsent(await visitor.open(world.authorize(ours, { scope: 'profile read redeem' }))));
    const login = await visitor.open(world.authorize(ours, { prompt: 'login consent' }));
    t.ok(isSignIn(login));
    const { location } = await visitor.send({ ...SIGN_IN, login: emailOf('bob') });
    t.match(location, 'prompt=consent');
    t.notMatch(location, 'login');
    t.ok(isConsent(await visitor.open(location)));
  });

  t.test('one form gives one code, until that was used', async (t) => {
    const visitor = await world.signedIn('ann');
    const path = world.authorize(ours, { scope: 'profile redeem', prompt: 'consent' });
    await visitor.open(path);
    const { form } = visitor;
    const twice = await Promise.all([1, 2, 3].map(() => visitor.send(ALLOW, { form })));
    const codes = new Set(twice.map((answer) => codeOf(t, answer)));
    t.equal(codes.size, 1);
    // Back, and fewer: that is another answer.
    const fewer = await visitor.send({ ...ALLOW, scope1: undefined }, { form });
    t.notOk(codes.has(codeOf(t, fewer)));
    t.equal(await scopeOf(world, ours, [...codes][0] ?? ''), 'profile redeem');
    t.equal(await scopeOf(world, ours, codeOf(t, fewer)), 'profile');
    // Back, and once more: the code was used, so the request is asked anew.
    const used = await visitor.send(ALLOW, { form });
    t.match(used, { status: 303, location: /^\/authorize\?/ });
    t.ok(isConsent(await visitor.open(used.location)));
  });

  t.test('two tabs have a request each', async (t) => {
    const visitor = world.visitor();
    const paths = ['one', 'two'].map((state) =>
      world.authorize(ours, { state, prompt: 'consent' }),
    );
    const [first, second] = await forms(visitor, paths);
    const one = await visitor.send(SIGN_IN, { form: first });
    // The other tab still shows the form for signing in.
    const two = await visitor.send(SIGN_IN, { form: second });
    t.same([one.status, two.status], [303, 303]);
    const [ofOne, ofTwo] = await forms(visitor, [one.location, two.location]);
    const mixed = { action: ofOne?.action ?? '', fields: ofTwo?.fields ?? {} };
    t.match(await visitor.send(ALLOW, { form: mixed }), { status: 403, location: '' });
    t.match((await visitor.send(ALLOW, { form: ofTwo })).told, { state: 'two', code: /./ });
    t.match((await visitor.send(ALLOW, { form: ofOne })).told, { state: 'one', code: /./ });
  });

  t.test(
    'another account in between gets nothing, nor does the first one give anything',
    async (t) => {
      const visitor = await world.signedIn('ann');
      const path = world.authorize(app, { scope: 'transfer' });
      await visitor.open(path);
      const { form } = visitor;
      await visitor.open(world.authorize(app, { prompt: 'login' }));
      await visitor.send({ ...SIGN_IN, login: emailOf('bob') });
      const answer = await visitor.send(ALLOW, { form });
      t.match(answer, { status: 403, location: '', text: /登录账号已更改/ });
      t.match(answer.text, emailOf('bob'));
      t.notMatch(answer.text, emailOf('ann'));
      t.equal((await visitor.send({ decision: 'deny' }, { form })).status, 403);
      codeOf(t, await visitor.send(ALLOW));
    },
  );

  t.test('a session that ends while the page is open gives nothing', async (t) => {
    const visitor = await world.signedIn('ann');
    await visitor.open(world.authorize(app, { state: 'kept' }));
    const { form } = visitor;
    const session = [...visitor.cookies].find(([name]) => name.includes('session'));
    await visitor.open('/sign-out');
    t.equal((await visitor.send({ decision: 'send' })).status, 200);
    t.notOk(visitor.cookies.has(session?.[0] ?? ''));
    // Also by who has kept the cookie.
    visitor.cookies.set(...(session ?? ['', '']));
    const answer = await visitor.send(ALLOW, { form });
    t.ok(isSignIn(answer));
    t.match(answer, { status: 403, location: '', text: /登录已结束/ });
    const { location } = await visitor.send(SIGN_IN);
    t.ok(isConsent(await visitor.open(location)));
    t.match((await visitor.send(ALLOW)).told, { state: 'kept', code: /./ });
  });
});

/** The forms of some pages, each as it is shown. */
async function forms(visitor: Visitor, paths: readonly string[]): Promise<Visitor['form'][]> {
  const all: Visitor['form'][] = [];
  for (const path of paths) {
    await visitor.open(path);
    all.push(visitor.form);
  }
  return all;
}

t.test('what goes wrong is told to the client, or on a page', async (t) => {
  let isDown = false;
  const openEngine = async (options: OpenOptions): Promise<Engine> => {
    const engine = await open(options);
    const { own } = engine;
    const record: typeof own.record = async (owner, ...more) =>
      isDown && owner.startsWith('#grant:')
        ? refuse('SHARD_UNAVAILABLE')
        : own.record(owner, ...more);
    return Object.assign(engine, { own: { ...own, record } });
  };
  const world = await consentWorld(t, { openEngine });
  const client = await world.client(URI);
  const local = await world.client(LOCAL, { isPublic: true });

  t.test('by a redirect with error, state and iss', async (t) => {
    const ann = await world.signedIn('ann');
    const nobody = world.visitor();
    const of =
      (visitor: Visitor, more: Readonly<Record<string, string | undefined>>, ask = client) =>
      (): Promise<Shown> =>
        visitor.open(world.authorize(ask, { state: 'x"<>\r\ny', ...more }));
    const answering = (more: Readonly<Record<string, string>>) => async (): Promise<Shown> => {
      await of(ann, {})();
      return ann.send(more);
    };
    const rows: readonly (readonly [error: string, ask: () => Promise<Shown>])[] = [
      ['invalid_request', of(nobody, { response_type: undefined })],
      ['invalid_request', of(nobody, { code_challenge_method: 'plain' })],
      [
        'invalid_request',
        of(nobody, { code_challenge: undefined, code_challenge_method: undefined }, local),
      ],
      ['invalid_request', of(ann, { prompt: 'none login' })],
      ['invalid_request', of(ann, { prompt: 'constructor' })],
      ['unsupported_response_type', of(nobody, { response_type: 'token' })],
      ['invalid_scope', of(nobody, { scope: 'read everything' })],
      ['invalid_scope', of(ann, { scope: 'self' })],
      ['access_denied', answering({ decision: 'deny' })],
      [
        'access_denied',
        async () => {
          await of(nobody, {})();
          return nobody.send({ decision: 'cancel' });
        },
      ],
      ['login_required', of(nobody, { prompt: 'none' })],
      ['consent_required', of(ann, { prompt: 'none' })],
      [
        'temporarily_unavailable',
        async () => {
          isDown = true;
          return of(ann, {})().finally(() => {
            isDown = false;
          });
        },
      ],
    ];
    for (const [error, ask] of rows) {
      const shown = await ask();
      t.equal(shown.status, 303, error);
      t.match(
        shown.location,
        /^(https:\/\/app\.example|http:\/\/127\.0\.0\.1:5999)\/back\?[!-~]*$/,
        error,
      );
      t.match(shown.told, { error, state: 'x"<>\r\ny', iss: world.address }, error);
      t.notOk(shown.told.code);
      t.match(shown.told.error_description ?? '', /^[ !#-[\]-~]*$/);
    }
  });

  t.test('on a page, where client or redirect URI are not right', async (t) => {
    const rows: readonly (readonly [string, Record<string, string | undefined>])[] = [
      ['no client', { client_id: undefined }],
      ['an unknown client', { client_id: 'f'.repeat(24) }],
      ['a client of markup', { client_id: '"><script>alert(1)</script>' }],
      ...[
        ...[
          'javascript:alert(1)',
          'data:text/html,<script>alert(1)</script>',
          '//evil.example',
          '/me',
          '',
        ],
        ...[
          'https://evil.example/back',
          'https://app.example@evil.example/back?kept=1',
          'https://app.example.evil.example',
        ],
        ...[
          `${URI}&more=1`,
          `${URI}#x`,
          `${URI}/../x`,
          URI.toUpperCase(),
          `${URI}\r\nX: y`,
          `${URI}"><script>`,
        ],
        ...[
          'https:\\\\app.example\\back?kept=1',
          'https://app.example\\@evil.example',
          'https://app.example/back',
        ],
        ...[
          'https://app.example/back?kept=1\0',
          ' https://app.example/back?kept=1',
          'https://app.example%2eevil.example',
        ],
      ].map((redirect_uri): [string, Record<string, string>] => [redirect_uri, { redirect_uri }]),
    ];
    for (const [name, more] of rows.filter(([name]) => name !== '')) {
      const shown = await world
        .visitor({ 'Accept-Language': 'en' })
        .open(world.authorize(client, more));
      t.ok(
        shown.status === 400 || shown.status === 404 || shown.status === 422,
        `${name} ${shown.status}`,
      );
      t.equal(shown.location, '', name);
      t.match(shown.text, 'You are not sent anywhere', name);
      t.notMatch(shown.text, /<script|javascript:|evil\.example"/, name);
    }
    const twice = await world.visitor().open(`${world.authorize(client)}&client_id=${client.id}`);
    t.match(twice, { status: 400, location: '', text: /This cannot be done/ });
  });
});

t.test('forms do not last for ever, tries neither', async (t) => {
  const world = await consentWorld(t, { limits: { formMs: 20_000 } });
  const client = await world.client(URI);
  const visitor = world.visitor({ 'Accept-Language': 'en' });
  await visitor.open(world.authorize(client));
  world.clock[0] = (world.clock[0] ?? 0) + 21_000;
  const old = await visitor.send(SIGN_IN);
  t.match(old, { status: 403, location: '', text: /open for too long/ });
  t.match(old.text, `value="${emailOf('ann')}"`);
  const { location } = await visitor.send(SIGN_IN);
  t.ok(isConsent(await visitor.open(location)));
  world.clock[0] += 21_000;
  t.match(await visitor.send(ALLOW), { status: 403, location: '', text: /open for too long/ });
  codeOf(t, await visitor.send(ALLOW));

  const stranger = world.visitor({ 'Accept-Language': 'en' });
  await stranger.open('/sign-in');
  let shown: Shown | undefined;
  for (let i = 0; i < 60 && shown?.status !== 429; i++)
    shown = await stranger.send({ ...SIGN_IN, password: `wrong ${i}` });
  t.match(shown, { status: 429, text: /Too many attempts\. Try again in \d+ (seconds|minutes)/ });
  t.equal((await stranger.send(SIGN_IN)).status, 429, 'also with the right one');
  // The member's own browser is not kept out by what others try.
  await visitor.open('/sign-in?prompt=login');
  t.equal((await visitor.send(SIGN_IN)).status, 303);
});

t.test('links that are sent', async (t) => {
  const world = await consentWorld(t);
  const visitor = world.visitor({ 'Accept-Language': 'en' });
  await visitor.open('/sign-in/reset');
  for (const login of [emailOf('ann'), 'nobody@mail.example'])
    t.match(
      await visitor
        .send({ login }, { form: visitor.form })
        .finally(() => visitor.open('/sign-in/reset')),
      {
        status: 200,
        text: /a link is on its way/,
      },
    );
  const link = new URL(await world.link(emailOf('ann'), 2));
  t.equal(link.pathname, '/letters/reset');
  t.equal(link.origin, world.address);
  const secret = link.hash.slice(1);
  const open = async (kind = 'reset') => visitor.open(`/letters/${kind}`);
  const asks = async (letter: string) => visitor.send({ letter, decision: 'look' });
  await open('invitation');
  t.match(await asks(secret), { status: 404, text: /was used, has expired/ }, 'another kind');
  await open();
  t.match(await asks(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`), { status: 404 });
  t.match(await asks('"><script>'), { status: 404 });
  // The whole link, pasted.
  t.match(await asks(String(link)), { status: 200, text: /autocomplete="new-password"/ });
  for (const password of ['short', 'password1', emailOf('ann')])
    t.match(
      await visitor.send({ password, decision: 'use' }),
      { status: 422, text: /id="password-wrong"/ },
      password,
    );
  const { form } = visitor;
  const password = 'a new horse battery';
  t.match(await visitor.send({ password, decision: 'use' }), { status: 303, location: '/me' });
  await open();
  t.match(await visitor.send({ password: 'yet another battery', decision: 'use' }, { form }), {
    status: 404,
  });
  const again = world.visitor();
  await again.open('/sign-in');
  t.equal((await again.send(SIGN_IN)).status, 403, 'the old password');
  t.equal((await again.send({ ...SIGN_IN, password })).status, 303);
  t.equal((await visitor.open('/letters/other')).status, 404);

  await visitor.open('/sign-in/register?programme=none');
  t.match(await visitor.send({ login: 'new@mail.example' }), {
    status: 403,
    text: /does not let members register/,
  });
  t.match(await visitor.send({ login: '', programme: '' }), {
    status: 422,
    text: /id="login-wrong".*id="programme-wrong"/s,
  });
});
