// Attacks on the pages for signing in, without a browser: forms of others, cookies that are not one's own, text that is HTML, paths that lead away.

import { randomBytes } from 'node:crypto';
import t from 'tap';
import { raw } from '../harness.js';
import { consentWorld, emailOf, PASSWORD, type Shown } from './consent-world.js';

const MARKUP = `"'><script>window.hit=1</script><img src=x onerror=window.hit=2>`;
const URI = 'https://app.example/back';
const SIGN_IN = { decision: 'sign-in', login: emailOf('ann'), password: PASSWORD };
const ALLOW = { decision: 'allow' };

/** Is there an element or an attribute in it that only others would have written? */
const isHit = ({ text }: Shown): boolean => /<script>|<img|onerror="|'><|<b>/i.test(text);

t.test('hostile requests', async (t) => {
  const world = await consentWorld(t);
  const client = await world.client(URI, { name: MARKUP.slice(0, 100) });
  const own = world.address;

  t.test('a form that another page sends does nothing', async (t) => {
    const ann = await world.signedIn('ann');
    const path = world.authorize(client, { scope: 'transfer' });
    await ann.open(path);
    const { form } = ann;
    const eve = await world.signedIn('bob');
    await eve.open(path);
    const nobody = world.visitor();
    await nobody.open(path);
    const { fields } = form;
    const rows: readonly (readonly [
      string,
      Record<string, string | undefined>,
      Record<string, string>,
    ])[] = [
      ['another origin', {}, { Origin: 'https://evil.example' }],
      ['an origin like ours', {}, { Origin: `${own}.evil.example` }],
      ['another port', {}, { Origin: 'http://127.0.0.1:1' }],
      ['no origin that can be said', {}, { Origin: 'null' }],
      ['another site', {}, { Origin: own, 'Sec-Fetch-Site': 'cross-site' }],
      ['a neighbour', {}, { 'Sec-Fetch-Site': 'same-site' }],
      ['no token', { form: undefined }, {}],
      ['an empty token', { form: '' }, {}],
      ['a token of another account', { form: eve.form.fields.form }, {}],
      ['a token of a form for signing in', { form: nobody.form.fields.form }, {}],
      [
        'a token that was made up',
        { form: `${Date.now()}.${'a'.repeat(22)}.${'b'.repeat(43)}` },
        {},
      ],
      ['a token of a time to come', { form: fields.form?.replace(/^\d+/, '9999999999999') }, {}],
    ];
    for (const [name, more, headers] of rows) {
      const answer = await ann.send({ ...ALLOW, ...more }, { form, headers });
      t.equal(answer.status, 403, name);
      t.equal(answer.location, '', name);
      const denied = await ann.send({ decision: 'deny', ...more }, { form, headers });
      t.match(denied, { status: 403, location: '' }, name);
    }
    // Eve's cookies, Ann's form.
    t.match(await eve.send(ALLOW, { form }), { status: 403, location: '' });
    // The cookie of forms is another one.
    const cookies = new Map(ann.cookies);
    ann.cookies.set('jifen_form', randomBytes(32).toString('base64url'));
    t.match(await ann.send(ALLOW, { form }), { status: 403, location: '' });
    for (const [cookie, value] of cookies) ann.cookies.set(cookie, value);
    for (const decision of ['', 'Allow', 'ALLOW', 'true', undefined])
      t.equal((await ann.send({ decision }, { form })).location, '', String(decision));
    // To ask for the form's address does nothing, whatever its query says.
    const got = await ann.open(`${form.action}&decision=allow&form=${fields.form}&scope0=yes`);
    t.match(got, { status: 200, location: '' });
    const sent = await fetch(own + form.action, {
      ...{ method: 'POST', redirect: 'manual', body: JSON.stringify({ ...fields, ...ALLOW }) },
      headers: { 'Content-Type': 'application/json', Cookie: ann.cookie },
    });
    t.match(
      { status: sent.status, location: sent.headers.get('location') },
      { status: 415, location: null },
    );
    t.match((await sent.text()).slice(0, 30), '<!doctype html>');
    t.match(
      await ann.send(ALLOW, { form, headers: { Origin: own, 'Sec-Fetch-Site': 'same-origin' } }),
      {
        told: { code: /./ },
      },
    );
    // What was given once is given again to who comes here, not to what a page of others loads.
    for (const mode of ['cors', 'no-cors', 'websocket'])
      t.equal((await ann.open(path, { 'Sec-Fetch-Mode': mode })).location, '', mode);
    t.match((await ann.open(path, { 'Sec-Fetch-Mode': 'navigate' })).told, { code: /./ });
  });

  t.test('nobody is signed in by somebody else', async (t) => {
    for (const path of ['/sign-in', world.authorize(client)]) {
      const eve = world.visitor();
      await eve.open(path);
      const victim = world.visitor();
      await victim.open('/sign-in');
      for (const [form, headers] of [
        [eve.form, {}],
        [{ ...eve.form, action: victim.form.action }, {}],
        [victim.form, { Origin: 'https://evil.example' }],
        [victim.form, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
      ] as const) {
        const answer = await victim.send({ ...SIGN_IN, login: emailOf('bob') }, { form, headers });
        t.match(answer, { status: 403, location: '' });
      }
      t.same([...victim.cookies.keys()], ['jifen_form']);
    }
    const ann = await world.signedIn('ann');
    await ann.open('/sign-out');
    const { form } = ann;
    t.equal(
      (await ann.send({}, { form, headers: { Origin: 'https://evil.example' } })).status,
      403,
    );
    t.ok([...ann.cookies.keys()].some((name) => name.includes('session')));
  });

  t.test('a session has a name of its own after signing in, whatever was planted', async (t) => {
    const victim = await world.signedIn('bob');
    const [name, planted] = [...victim.cookies].find(([one]) => one.includes('session')) ?? [
      '',
      '',
    ];
    for (const value of ['x', planted, `jifen_sc_${'0'.repeat(24)}_${'a'.repeat(43)}`]) {
      const visitor = world.visitor();
      visitor.cookies.set(name, value);
      await visitor.open('/sign-in?prompt=login');
      t.equal((await visitor.send(SIGN_IN)).status, 303);
      const now = visitor.cookies.get(name);
      t.not(now, value);
      t.not(now, undefined);
      t.match((await visitor.open('/sign-in')).text, emailOf('ann'));
    }
    // The session that was there at this browser has ended.
    t.notMatch((await victim.open('/sign-in')).text, emailOf('bob'));
    const headers = (await fetch(`${own}/sign-in`)).headers;
    for (const line of headers.getSetCookie()) t.match(line, /; HttpOnly; SameSite=Lax/);
  });

  t.test('text is text, whoever has said it', async (t) => {
    const ann = await world.signedIn('ann');
    const nobody = world.visitor();
    const q = encodeURIComponent(MARKUP);
    for (const path of [
      world.authorize(client, { state: MARKUP, login_hint: MARKUP, ui_locales: MARKUP }),
      world.authorize(client, { client_id: MARKUP }),
      world.authorize(client, { redirect_uri: MARKUP }),
      `/authorize?${q}=1&client_id=a&client_id=${q}`,
      `/sign-in?to=${q}`,
      `/sign-in?to=/me&ui_locales=${q}&to=${q}`,
      `/sign-in/register?programme=${q}`,
      `/sign-in/reset?${q}`,
      `/letters/${q}`,
      '/letters/%zz',
      '/sign-in?to=%zz',
    ])
      for (const visitor of [ann, nobody]) {
        const shown = await visitor.open(path);
        t.notOk(isHit(shown), shown.text);
        t.match(shown.headers.get('content-type'), 'text/html; charset=utf-8', path);
        const policy = shown.headers.get('content-security-policy') ?? '';
        t.match(
          policy,
          /^default-src 'none'; style-src 'self'; (script-src 'self'; )?base-uri 'none'; form-action 'self'( https:\/\/app\.example)?; frame-ancestors 'none'$/,
        );
        const bare = shown.text.replace(/"[^"]*"/g, '""');
        t.notMatch(bare, /<script(?! type="" src="")|<style|<[^>]* (style|on\w+)=/, path);
        t.same(
          ['x-frame-options', 'cache-control', 'referrer-policy', 'x-content-type-options'].map(
            (name) => shown.headers.get(name),
          ),
          ['DENY', 'no-store', 'same-origin', 'nosniff'],
          path,
        );
      }
    await nobody.open(world.authorize(client));
    const wrong = await nobody.send({ decision: 'sign-in', login: MARKUP, password: MARKUP });
    t.notOk(isHit(wrong), wrong.text);
    t.match(wrong.text, '&lt;img src=x');
    await nobody.open('/sign-in/register');
    const register = await nobody.send({ login: MARKUP, programme: MARKUP });
    t.notOk(isHit(register), register.text);
    await nobody.open('/letters/reset');
    t.notOk(isHit(await nobody.send({ letter: MARKUP, decision: 'look' })));
  });

  t.test('what a client sends divides no answer', async (t) => {
    const ann = await world.signedIn('ann');
    for (const state of [
      'a\r\nSet-Cookie: a=b',
      'a\nb',
      'a\u2028b',
      '\0',
      '%0d%0aX: y',
      '😀é',
      '"; evil',
    ]) {
      await ann.open(world.authorize(client, { state, scope: 'redeem' }));
      const { location, headers, told } = await ann.send({ decision: 'deny' });
      t.match(location, /^https:\/\/app\.example\/back\?[!-~]+$/, encodeURIComponent(state));
      t.ok(told.state === state, encodeURIComponent(state));
      t.same(headers.getSetCookie(), []);
    }
    const text = await raw(world.gateway.port, [
      'GET /authorize?state=%0d%0aSet-Cookie:%20a=b&client_id=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ]);
    t.notMatch(text.split('\r\n\r\n')[0], /a=b/);
  });

  t.test('nobody is sent on but to the member’s page', async (t) => {
    for (const to of [
      ...[
        '//evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        '/me/../..//evil.example',
        '/me/%2e%2e//evil',
      ],
      ...[
        'https://evil.example',
        'https:evil.example',
        'javascript:alert(1)',
        '/me\t//evil',
        '/me\r\nX: y',
      ],
      ...[
        '/me@evil.example',
        '/me?to=//evil.example',
        '/me#//evil',
        '//me',
        '/ me',
        '%2F%2Fevil.example',
        '/me/..;/x',
      ],
    ]) {
      const visitor = world.visitor();
      await visitor.open(`/sign-in?to=${encodeURIComponent(to)}`);
      t.equal(visitor.form.action, '/sign-in?to=%2Fme', to);
      // Also where the form's own address is another one.
      const form = { ...visitor.form, action: `/sign-in?to=${encodeURIComponent(to)}` };
      const answer = await visitor.send(SIGN_IN, { form });
      t.match(answer, { status: 303, location: '/me' }, to);
      t.match(
        (await visitor.open(`/sign-in?to=${encodeURIComponent(to)}`)).text,
        '<a href="/me">',
        to,
      );
    }
    const visitor = world.visitor();
    await visitor.open('/sign-in?to=/me/mall');
    t.equal((await visitor.send(SIGN_IN)).location, '/me/mall');
  });
});

t.test('over TLS cookies have the name that no other host can set', async (t) => {
  const world = await consentWorld(t, { publicUrl: 'https://points.example' });
  const answer = await fetch(`${world.address}/sign-in`);
  const lines = answer.headers.getSetCookie();
  t.match(lines, [/^__Host-jifen_form=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/]);
});
