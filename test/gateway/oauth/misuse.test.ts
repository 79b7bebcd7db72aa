// Every misuse of the OAuth server: what is answered, and what becomes of what was given. A row each.

import t from 'tap';
import {
  basic,
  CALLBACK,
  formText,
  good,
  type OAuthWorld,
  oauthWorld,
  post,
  s256,
  type TestClient,
  VERIFIER,
} from './world.js';

interface Cast {
  readonly w: OAuthWorld;
  readonly app: TestClient;
  readonly other: TestClient;
  readonly phone: TestClient;
  readonly robot: TestClient;
}

const PHONE = 'com.example.app:/back';

async function cast(t: Parameters<typeof oauthWorld>[0]): Promise<Cast> {
  const clockOffset = new SharedArrayBuffer(8);
  const w = await oauthWorld(t, { engine: { folder: '', clockOffset } });
  const app = await w.client();
  const other = await w.client({ name: 'Other', redirectUris: ['https://other.example/cb'] });
  const phone = await w.client({ name: 'Phone', isPublic: true, redirectUris: [PHONE] });
  const own = { redirectUris: undefined, scope: undefined, platform: 'shop' };
  const robot = await w.client({ name: 'Robot', ...own, ownScope: 'read:shop redeem:shop' });
  return { w, app, other, phone, robot };
}

t.test('requests for a code: what the member is told, what the client is told', async (t) => {
  const { w, app, phone } = await cast(t);
  const page = 'page';
  type Row = readonly [
    what: string,
    client: TestClient,
    more: Record<string, string | undefined>,
    told: string,
  ];
  const rows: readonly Row[] = [
    ['no client', app, { client_id: undefined }, page],
    ['no such client', app, { client_id: 'f'.repeat(24) }, page],
    ['a client id that is none', app, { client_id: '../x' }, page],
    ['a client id in capitals', app, { client_id: app.id.toUpperCase() }, page],
    ['one character more', app, { redirect_uri: `${CALLBACK}x` }, page],
    ['a slash more', app, { redirect_uri: `${CALLBACK}/` }, page],
    ['a query more', app, { redirect_uri: `${CALLBACK}?x=1` }, page],
    ['a fragment more', app, { redirect_uri: `${CALLBACK}#x` }, page],
    ['another case', app, { redirect_uri: 'https://App.example/callback' }, page],
    ['another case of the path', app, { redirect_uri: 'https://app.example/Callback' }, page],
    ['a port more', app, { redirect_uri: 'https://app.example:443/callback' }, page],
    ['another port', app, { redirect_uri: 'https://app.example:444/callback' }, page],
    ['http', app, { redirect_uri: 'http://app.example/callback' }, page],
    [
      'a name before the host',
      app,
      { redirect_uri: 'https://app.example@evil.example/callback' },
      page,
    ],
    ['a host more', app, { redirect_uri: 'https://app.example.evil.example/callback' }, page],
    ['a path out', app, { redirect_uri: 'https://app.example/callback/../evil' }, page],
    ['percent-encoded', app, { redirect_uri: 'https://app.example/%63allback' }, page],
    ['a blank', app, { redirect_uri: ` ${CALLBACK}` }, page],
    ['javascript', app, { redirect_uri: 'javascript:alert(1)' }, page],
    ['another client’s', phone, { redirect_uri: CALLBACK }, page],
    ['response_type missing', app, { response_type: undefined }, 'invalid_request'],
    ['response_type empty', app, { response_type: '' }, 'invalid_request'],
    ['response_type token', app, { response_type: 'token' }, 'unsupported_response_type'],
    ['response_type code token', app, { response_type: 'code token' }, 'unsupported_response_type'],
    ['response_type CODE', app, { response_type: 'CODE' }, 'unsupported_response_type'],
    ['response_mode', app, { response_mode: 'fragment' }, 'invalid_request'],
    ['a scope that is none', app, { scope: 'read write' }, 'invalid_scope'],
    ['a scope of the page alone', app, { scope: 'self' }, 'invalid_scope'],
    ['a scope not registered', app, { scope: 'transfer' }, 'invalid_scope'],
    ['two blanks', app, { scope: 'read  redeem' }, 'invalid_scope'],
    [
      'PKCE plain',
      app,
      { code_challenge_method: 'plain', code_challenge: VERIFIER },
      'invalid_request',
    ],
    ['PKCE without a method', app, { code_challenge_method: undefined }, 'invalid_request'],
    ['PKCE s256', app, { code_challenge_method: 's256' }, 'invalid_request'],
    ['PKCE too short', app, { code_challenge: 'abc' }, 'invalid_request'],
    ['PKCE method alone', app, { code_challenge: undefined }, 'invalid_request'],
    [
      'a public client without PKCE',
      phone,
      { redirect_uri: PHONE, code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
  ];
  for (const [what, client, more, told] of rows) {
    const read = good(await w.oauth.authorize(w.parameters(client, more)));
    if (read.is !== 'redirect') {
      t.equal(read.is, told, what);
      continue;
    }
    const { searchParams } = new URL(read.location);
    t.equal(searchParams.get('error'), told, what);
    t.equal(searchParams.get('state'), 'here & there', what);
    t.equal(searchParams.get('iss'), w.address, what);
    t.match(searchParams.get('error_description'), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, what);
    t.ok(read.location.startsWith(client === phone ? PHONE : CALLBACK), what);
  }
  const fine = good(await w.oauth.authorize(w.parameters(app, { redirect_uri: undefined })));
  t.match(fine, { is: 'request', request: { redirectUri: CALLBACK, saysUri: false } });
  await w.gateway.ask(`POST /v1/oauth-clients/${app.id}/disable`);
  t.match(await w.oauth.authorize(w.parameters(app)), { is: 'page' }, 'a client that is disabled');
});

t.test('a redirect URI that has a query keeps it', async (t) => {
  const w = await oauthWorld(t);
  const uri = 'https://app.example/cb?a=1%20&b=%26';
  const client = await w.client({ redirectUris: [uri] });
  const more = { redirect_uri: uri, response_type: 'token', state: 'a&b=c#d' };
  const read = good(await w.oauth.authorize(w.parameters(client, more)));
  t.ok(read.is === 'redirect' && read.location.startsWith(`${uri}&error=`));
  t.equal(
    new URL(read.is === 'redirect' ? read.location : '').searchParams.get('state'),
    'a&b=c#d',
  );
});

t.test('redirect URIs that are registered, and that are not', async (t) => {
  const w = await oauthWorld(t);
  const good = ['https://a.example/x?y=z', 'http://127.0.0.1:9/cb', 'http://localhost:9/', PHONE];
  for (const uri of good) t.ok((await w.client({ redirectUris: [uri] })).id, uri);
  const bad = [
    'https://a.example',
    'https://a.example/#x',
    'https://*.example/x',
    'https://u:p@a.example/',
    'https://A.example/',
    'https://a.example:443/',
    'https://a.example/a/../b',
    'http://a.example/',
    'http://127.0.0.1.evil.example/',
    'ftp://a.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/x',
    'com.example:x',
    '/callback',
    'https://a.example/\u0000',
    'https://a.example/ü',
    'https:\\\\a.example/',
  ];
  for (const uri of bad) {
    const body = { name: 'App', redirectUris: [uri], scope: 'read' };
    const { status, body: told } = await w.gateway.ask('POST /v1/oauth-clients', body);
    t.ok(status === 422 || status === 400, uri);
    t.match(told.field, /^redirectUris/, uri);
  }
});

t.test('/token: how it is refused, and that nothing comes of it', async (t) => {
  const { w, app, other, phone, robot } = await cast(t);
  const code = {
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
  };
  const as = (client: TestClient) => basic(client.id, client.secret);
  const c = async (more = {}) => w.code(app, more);
  const plain = { code_challenge: undefined, code_challenge_method: undefined };
  type Row = readonly [
    what: string,
    form: Record<string, string | undefined> | string,
    headers: Record<string, string>,
    told: string,
  ];
  const rows: readonly Row[] = [
    ['no grant_type', {}, as(app), 'invalid_request'],
    ['a grant_type that is none', { grant_type: 'password' }, as(app), 'unsupported_grant_type'],
    ['implicit', { grant_type: 'implicit' }, as(app), 'unsupported_grant_type'],
    ['no code', { ...code }, as(app), 'invalid_request'],
    ['a code that is none', { ...code, code: 'x' }, as(app), 'invalid_grant'],
    [
      'a code of nobody',
      { ...code, code: `jifen_ac_${'0'.repeat(24)}_${'a'.repeat(43)}` },
      as(app),
      'invalid_grant',
    ],
    ['a code of another client', { ...code, code: await c() }, as(other), 'invalid_grant'],
    [
      'no redirect_uri',
      { ...code, code: await c(), redirect_uri: undefined },
      as(app),
      'invalid_grant',
    ],
    [
      'redirect_uri with a slash',
      { ...code, code: await c(), redirect_uri: `${CALLBACK}/` },
      as(app),
      'invalid_grant',
    ],
    [
      'redirect_uri of another case',
      { ...code, code: await c(), redirect_uri: CALLBACK.toUpperCase() },
      as(app),
      'invalid_grant',
    ],
    [
      'no verifier',
      { ...code, code: await c(), code_verifier: undefined },
      as(app),
      'invalid_grant',
    ],
    [
      'a wrong verifier',
      { ...code, code: await c(), code_verifier: 'w'.repeat(43) },
      as(app),
      'invalid_grant',
    ],
    [
      'the challenge as verifier (plain)',
      { ...code, code: await c(), code_verifier: s256(VERIFIER) },
      as(app),
      'invalid_grant',
    ],
    [
      'a verifier, and no challenge (downgrade)',
      { ...code, code: await c(plain) },
      as(app),
      'invalid_grant',
    ],
    [
      'a field twice',
      `${formText({ ...code, code: await c() })}&code=x`,
      as(app),
      'invalid_request',
    ],
    [
      'a field twice, the same',
      `${formText({ ...code, code: await c() })}&grant_type=authorization_code`,
      as(app),
      'invalid_request',
    ],
    ['badly percent-encoded', 'grant_type=%zz', as(app), 'invalid_request'],
    ['no client', { ...code, code: await c() }, {}, 'invalid_client'],
    ['no secret', { ...code, code: await c(), client_id: app.id }, {}, 'invalid_client'],
    [
      'a wrong secret',
      { ...code, code: await c() },
      basic(app.id, `${app.secret}x`),
      'invalid_client',
    ],
    [
      'another client’s secret',
      { ...code, code: await c() },
      basic(app.id, other.secret),
      'invalid_client',
    ],
    [
      'a wrong secret in the form',
      { ...code, code: await c(), client_id: app.id, client_secret: 'x' },
      {},
      'invalid_client',
    ],
    [
      'the secret in two ways',
      { ...code, code: await c(), client_id: app.id, client_secret: app.secret },
      as(app),
      'invalid_request',
    ],
    ['two clients', { ...code, code: await c(), client_id: other.id }, as(app), 'invalid_request'],
    [
      'a public client with a secret',
      { ...code, code: 'x', client_id: phone.id, client_secret: 'x' },
      {},
      'invalid_client',
    ],
    ['a public client by Basic', { ...code, code: 'x' }, basic(phone.id, ''), 'invalid_client'],
    [
      'a key',
      { ...code, code: await c() },
      { Authorization: `Bearer ${w.gateway.key}` },
      'invalid_client',
    ],
    [
      'Basic that is none',
      { ...code, code: await c() },
      { Authorization: 'Basic ???' },
      'invalid_client',
    ],
    [
      'Basic without a colon',
      { ...code, code: await c() },
      { Authorization: `Basic ${btoa(app.id)}` },
      'invalid_client',
    ],
    ['Basic badly encoded', { ...code, code: await c() }, basic('%zz', 'x'), 'invalid_client'],
    ['no refresh_token', { grant_type: 'refresh_token' }, as(app), 'invalid_request'],
    [
      'a refresh_token that is none',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      as(app),
      'invalid_grant',
    ],
    [
      'a code as refresh_token',
      { grant_type: 'refresh_token', refresh_token: await c() },
      as(app),
      'invalid_grant',
    ],
    [
      'client_credentials of who may not',
      { grant_type: 'client_credentials' },
      as(app),
      'unauthorized_client',
    ],
    [
      'client_credentials of a public client',
      { grant_type: 'client_credentials', client_id: phone.id },
      {},
      'unauthorized_client',
    ],
    [
      'client_credentials with more',
      { grant_type: 'client_credentials', scope: 'transfer:shop' },
      as(robot),
      'invalid_scope',
    ],
    [
      'client_credentials of all platforms',
      { grant_type: 'client_credentials', scope: 'read' },
      as(robot),
      'invalid_scope',
    ],
    [
      'client_credentials of another platform',
      { grant_type: 'client_credentials', scope: 'read:hotel' },
      as(robot),
      'invalid_scope',
    ],
    [
      'client_credentials with a scope that is none',
      { grant_type: 'client_credentials', scope: 'x' },
      as(robot),
      'invalid_scope',
    ],
  ];
  for (const [what, form, headers, told] of rows) {
    const answer = await w.token(form, headers);
    const isClients = told === 'invalid_client';
    t.match(answer, { status: isClients ? 401 : 400, body: { error: told } }, what);
    t.match(answer.body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, what);
    t.equal(answer.headers.get('cache-control'), 'no-store', what);
    t.match(answer.headers.get('content-type'), 'application/json', what);
    const challenge = answer.headers.get('www-authenticate');
    t.equal(
      challenge?.startsWith('Basic ') ?? false,
      isClients && 'Authorization' in headers,
      what,
    );
    t.notMatch(answer.text, /jifen_(ac|at|rt|cs)_/, what);
  }
  const json = await post(w.address, '/token', '{}', { 'Content-Type': 'application/json' });
  t.match(json, { status: 400, body: { error: 'invalid_request' } }, 'JSON');
  const query = await post(
    w.address,
    `/token?${formText({ ...code, code: await c() })}`,
    '',
    as(app),
  );
  t.match(query, { status: 400, body: { error: 'invalid_request' } }, 'in the query');
});

t.test('a code: once, for its client, its URI and its verifier, for ten minutes', async (t) => {
  const { w, app, other, phone } = await cast(t);
  const code = await w.code(app);
  t.match(await w.exchange(other, code), { status: 400, body: { error: 'invalid_grant' } });
  const first = await w.exchange(app, code);
  t.match(first, {
    status: 200,
    body: { token_type: 'Bearer', expires_in: 3_600, scope: 'profile read redeem' },
  });
  t.ok(await w.isActive(app, first.body.access_token));
  t.match(await w.exchange(app, code), { status: 400, body: { error: 'invalid_grant' } }, 'twice');
  for (const name of ['access_token', 'refresh_token'])
    t.notOk(await w.isActive(app, first.body[name]), `${name} ended with it`);
  t.match(await w.refresh(app, first.body.refresh_token), { body: { error: 'invalid_grant' } });

  const at = await w.code(app);
  const both = await Promise.all(Array.from({ length: 8 }, () => w.exchange(app, at)));
  t.ok(both.filter(({ status }) => status === 200).length <= 1, 'at most one of eight at once');
  for (const { status, body } of both)
    if (status === 200) t.notOk(await w.isActive(app, body.access_token), 'and that one ended');

  const mobile = await w.code(phone, { redirect_uri: PHONE });
  t.equal((await w.exchange(phone, mobile, { redirect_uri: PHONE })).status, 200);
  const without = await w.code(app, { redirect_uri: undefined });
  t.equal((await w.exchange(app, without, { redirect_uri: undefined })).status, 200);
  const wrong = await w.code(app, { redirect_uri: undefined });
  const elsewhere = { redirect_uri: 'https://evil.example/' };
  t.match(await w.exchange(app, wrong, elsewhere), { body: { error: 'invalid_grant' } });
});

t.test('an answer of the member given twice is one code', async (t) => {
  const { w, app } = await cast(t);
  const session = await w.session();
  const form = 'f'.repeat(43);
  const codes = await Promise.all(Array.from({ length: 6 }, () => w.code(app, {}, session, form)));
  t.equal(new Set(codes).size, 1);
  t.equal((await w.exchange(app, codes[0] ?? '')).status, 200);
  t.equal(await w.code(app, {}, session, form), 'used');
  t.not(await w.code(app, {}, session, 'g'.repeat(43)), codes[0]);
  t.not(await w.code(app, {}, await w.session('bob'), form), codes[0]);
});
