// What the two versions of a signature let a request be, what a header that is given twice or empty is, and what a signed call
// is answered that is repeated.

import t, { type Test } from 'tap';
import {
  type Caller,
  caller,
  freshTimestamp,
  secondSignature,
  signature,
  token,
} from './callers.js';
import {
  type Answered,
  bare,
  type Gateway,
  gateway,
  type Headers,
  raw,
  statusesIn,
} from './harness.js';

const LINES = 'application/x-ndjson';
const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
const TRANSFERS = 'POST /v1/transfers';

async function opened(t: Test, settings: object = {}) {
  const server = await gateway(t, {
    limits: { userRates: {} },
    ...settings,
    assets: ['gold', 'tin'],
  });
  return { server, shop: await caller(server, 'shop') };
}

const balance = async (server: Gateway, owner = 'ann'): Promise<number> => {
  const { body } = await server.ask(`GET /v1/accounts/${owner}?asset=gold`);
  return body.accounts[0]?.available ?? 0;
};

t.test('a query cannot be moved into the body', async (t) => {
  const { server, shop } = await opened(t);
  const array = JSON.stringify([{ legs: [LEG] }, { legs: [LEG] }], undefined, 1).replace(
    /\n */g,
    '',
  );
  const body = array.replace('},{"legs"', '}\n,{"legs"').replace('[{', '\n{"legs":[]}\n{');
  for (const query of ['?dryRun=true', '?atomic=true']) {
    const headers = { ...signature(shop.id, shop.secret, TRANSFERS + query, body) };
    const moved = { ...headers, 'Content-Type': LINES };
    const answer = await bare(server.server.address, TRANSFERS, query + body, moved);
    t.match(answer, { status: 403, body: { code: 'SIGNATURE_INVALID', field: 'body' } });
    t.match(await bare(server.server.address, TRANSFERS + query, body, moved), { status: 415 });
  }
  t.equal(await balance(server), 0);
});

t.test('a body cannot be moved into the path', async (t) => {
  const { server, shop } = await opened(t);
  const request = 'POST /v1/platforms/shop/users/u1';
  const headers = { ...signature(shop.id, shop.secret, request, '{}') };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${request}{} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n${lines.join('')}\r\n`;
  t.match(await raw(server.port, [head]), /403[\s\S]*SIGNATURE_INVALID[\s\S]*percent-encode/);
  t.equal((await bare(server.server.address, request, '{}', headers)).status, 201);
});

t.test('version 2 covers the host, the format and the id', async (t) => {
  const { server, shop } = await opened(t);
  const { address } = server.server;
  const body = `${JSON.stringify({ id: 'L1', legs: [LEG] })}\n`;
  const sent = (text: string, covered: Headers, more: Headers = {}, request = TRANSFERS) =>
    bare(address, request, text, { ...secondSignature(shop, TRANSFERS, text, covered), ...more });
  t.match(await sent(body, { 'Content-Type': LINES }), { status: 200, text: /"status":201/ });
  const json = { 'Content-Type': 'application/json' };
  const one = JSON.stringify({ legs: [LEG] });
  const wrong = { status: 403, body: { code: 'SIGNATURE_INVALID' } };
  for (const [name, answer] of Object.entries({
    'another format': await sent(body, json, { 'Content-Type': LINES }),
    'another id': await sent(one, { ...json, 'Idempotency-Key': 'A' }, { 'Idempotency-Key': 'B' }),
    'an id that was added': await sent(one, json, { 'Idempotency-Key': 'B' }),
    'another query': await sent(one, json, {}, `${TRANSFERS}?dryRun=true`),
    'taken for version 1': await sent(one, json, { 'X-Signature-Version': '1' }),
    'no such version': await sent(one, json, { 'X-Signature-Version': '02' }),
    'version 1 taken for 2': await bare(address, TRANSFERS, one, {
      ...signature(shop.id, shop.secret, TRANSFERS, one),
      'X-Signature-Version': '2',
    }),
    'another host': await bare(address, TRANSFERS, one, {
      ...secondSignature({ ...shop, address: 'http://staging' }, TRANSFERS, one, json),
    }),
    'another platform’s': await bare(address, TRANSFERS, one, {
      ...secondSignature({ ...shop, id: 'other' }, TRANSFERS, one, json),
      'X-Platform-ID': 'shop',
    }),
  }))
    t.match(answer, wrong, name);
  t.equal(await balance(server), 1, 'the line');
  const keyed = { ...json, 'Idempotency-Key': 'K1' };
  t.match(await sent(one, keyed), { status: 201, body: { id: 'K1' } });
  t.match(await sent(one, keyed), { status: 200, body: { id: 'K1', replayed: true } });
  const read = await shop.sign('GET /v1/accounts/ann', undefined, { version: 2 });
  t.equal(read.status, 200);
});

t.test('version 1 takes an Idempotency-Key only where the body names the id, too', async (t) => {
  const { server, shop } = await opened(t);
  const key = { headers: { 'Idempotency-Key': 'K' } };
  const refused = { status: 403, body: { code: 'SIGNATURE_INVALID', field: 'Idempotency-Key' } };
  t.match(await shop.sign(TRANSFERS, { legs: [LEG] }, key), refused);
  t.match(await shop.sign(TRANSFERS, { kind: 'ORDER', ref: '1', legs: [LEG] }, key), refused);
  const add = { user_id: 'ann', amount: 1 };
  t.match(await shop.sign('POST /api/points/add', add, key), refused);
  t.match(await shop.sign('POST /v1/accounts/ann/holds/H/release', undefined, key), refused);
  t.equal(await balance(server), 0);
  t.equal((await shop.sign(TRANSFERS, { id: 'K', legs: [LEG] }, key)).status, 201);
  const named = { ...add, transaction_id: 'K' };
  t.equal((await shop.sign('POST /api/points/add', named, key)).status, 200);
  const unsigned = await shop.ask(TRANSFERS, { legs: [LEG] }, { 'Idempotency-Key': 'T' });
  t.equal(unsigned.status, 201, 'a token covers no request: it may carry one');
});

t.test('a body where none belongs is covered, too', async (t) => {
  const { server, shop } = await opened(t);
  await server.ask('POST /v1/platforms/shop/users/u1', {});
  const request = 'POST /v1/platforms/shop/users/u1/deactivate';
  for (const version of [1, 2] as const) {
    const added = await shop.sign(request, undefined, { version, sent: { body: '{}' } });
    t.match(added, { status: 403, body: { code: 'SIGNATURE_INVALID' } });
    t.equal((await shop.sign(request, {}, { version })).status, 200, 'signed with it');
    t.equal((await shop.sign(request, undefined, { version })).status, 200);
  }
});

t.test('headers that are given twice, or empty', async (t) => {
  const { server, shop } = await opened(t);
  const body = JSON.stringify({ id: 'A', legs: [LEG] });
  const good = await token(shop.id, shop.secret);
  const shown = { Authorization: `Bearer ${server.key}` };
  const send = (method: string, lines: readonly string[], text = body) => {
    const path = method === 'GET' ? '/v1/accounts/ann' : '/v1/transfers';
    const length = method === 'GET' ? [] : [`Content-Length: ${text.length}`];
    const all = ['Host: x', ...length, ...lines].map((line) => `${line}\r\n`).join('');
    return raw(server.port, [
      `${method} ${path} HTTP/1.1\r\n${all}\r\n`,
      method === 'GET' ? '' : text,
    ]);
  };
  const type = 'Content-Type: application/json';
  const key = `Authorization: ${shown.Authorization}`;
  const signed = { ...signature(shop.id, shop.secret, TRANSFERS, body) };
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
  const rows: [string, string, readonly string[], RegExp][] = [
    ['a key, twice', 'GET', [key, key], /403[\s\S]*CREDENTIALS_CONFLICT/],
    ['a key and another', 'POST', [type, key, 'authorization: Bearer x'], /CREDENTIALS_CONFLICT/],
    [
      'a token',
      'GET',
      [`X-Platform-Token: ${good}`, 'X-Platform-Token: x'],
      /CREDENTIALS_CONFLICT/,
    ],
    [
      'an id',
      'POST',
      [type, key, 'Idempotency-Key: A', 'Idempotency-Key: B'],
      /400[\s\S]*ID_INVALID/,
    ],
    ['a type', 'POST', [type, key, `Content-Type: ${LINES}`], /415[\s\S]*MEDIA_TYPE_UNSUPPORTED/],
    ['an empty id', 'POST', [type, key, 'Idempotency-Key:'], /400[\s\S]*"field":"Idempotency-Key"/],
    ['an id of nothing', 'POST', [type, key, 'Idempotency-Key: ""'], /400[\s\S]*Idempotency-Key/],
    ['two hosts', 'GET', [key, 'Host: y'], /400[\s\S]*FRAMING_INVALID/],
    ['gzip', 'POST', [type, key, 'Content-Encoding: gzip'], /415[\s\S]*"field":"Content-Encoding"/],
    ...lines.map((line): [string, string, readonly string[], RegExp] => [
      `${line.split(':')[0]} twice`,
      'POST',
      [type, ...lines, line],
      /403[\s\S]*CREDENTIALS_CONFLICT/,
    ]),
  ];
  for (const [name, method, given, expected] of rows)
    t.match(await send(method, given), expected, name);
  t.equal(await balance(server), 0);
  const identity = [type, key, 'Content-Encoding: identity'];
  t.same(statusesIn(await send('POST', identity)), [201]);
  const socket = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  const upgrade = [...socket, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', key, key];
  const asked = upgrade.map((line) => `${line}\r\n`).join('');
  const answer = await raw(server.port, [`GET /v1/stream HTTP/1.1\r\nHost: x\r\n${asked}\r\n`]);
  t.match(answer, /403[\s\S]*CREDENTIALS_CONFLICT/, 'a WebSocket’s');
  const both = await bare(
    server.server.address,
    'GET /v1/stream/sse?owner=ann&ticket=x',
    undefined,
    shown,
  );
  t.match(both, { status: 403, body: { code: 'CREDENTIALS_CONFLICT', field: 'ticket' } });
});

/** Sends what was signed once, as often as it is called. */
function signedOnce(shop: Caller, request: string, body: unknown): () => Promise<Answered> {
  const headers = signature(shop.id, shop.secret, request, body, freshTimestamp());
  return () => bare(shop.address, request, body, headers);
}

const REPLAYED = { status: 403, body: { code: 'SIGNATURE_REPLAYED' } };

t.test('a signed call that is repeated finds what came of it', async (t) => {
  const { server, shop } = await opened(t, { engine: { shards: 2, folder: '' } });
  const rows: [string, unknown][] = [
    [TRANSFERS, { id: 'T1', legs: [{ ...LEG, amount: 100 }] }],
    [TRANSFERS, { kind: 'ORDER', ref: '1', legs: [LEG] }],
    [TRANSFERS, { id: 'T2', legs: [{ ...LEG, from: 'ann', to: 'bob' }] }],
    [TRANSFERS, { id: 'T3', legs: [{ ...LEG, from: 'bob', to: '@redeem', amount: 999 }] }],
    ['POST /v1/accounts/ann/transfers/T2/reverse', { id: 'R2' }],
    ['POST /v1/holds', { id: 'H1', owner: 'ann', asset: 'gold', amount: 10 }],
    ['POST /v1/accounts/ann/holds/H1/capture', { id: 'C1', to: '@redeem', amount: 4 }],
    ['POST /v1/accounts/ann/holds/H1/release', { id: 'L1' }],
    ['POST /v1/accounts/ann/assets/gold/freeze', { id: 'F1' }],
    ['POST /v1/accounts/ann/assets/gold/unfreeze', { id: 'F2' }],
    ['POST /v1/accounts/ann/assets/gold/credit-limit', { id: 'F3', creditLimit: 5 }],
    ['POST /api/points/add', { user_id: 'ann', amount: 5, transaction_id: 'P1' }],
    [
      'POST /api/points/add',
      { user_id: 'u9', user_id_type: 'platform', amount: 5, transaction_id: 'P2' },
    ],
    [
      'POST /api/points/redeem',
      { user_id: 'ann', amount: 5, reward_id: 'r', transaction_id: 'P3' },
    ],
    [
      'POST /api/points/transfer',
      { from_user_id: 'ann', to_user_id: 'bob', amount: 1, transaction_id: 'P4' },
    ],
  ];
  for (const [request, body] of rows) {
    const send = signedOnce(shop, request, body);
    const first = await send();
    const before = await balance(server);
    const again = await send();
    const same = { ...first.body, replayed: true };
    t.same(again.body, same, `${request}: ${again.text}`);
    t.equal(again.headers.get('idempotency-replayed'), 'true');
    t.equal(await balance(server), before);
  }
});

t.test('what came to nothing is not carried out by a repeat', async (t) => {
  const { server, shop } = await opened(t);
  // No id of its own.
  for (const [request, body] of [
    [TRANSFERS, { legs: [LEG] }],
    ['POST /api/points/add', { user_id: 'ann', amount: 1 }],
    ['POST /v1/stream/tickets', { owner: 'ann' }],
    ['POST /v1/platforms/shop/users/u1', {}],
  ] as const) {
    const send = signedOnce(shop, request, body);
    t.ok([200, 201].includes((await send()).status), request);
    t.match(await send(), REPLAYED, request);
  }
  t.equal(await balance(server), 2);
  // Refused for a passing state, which is over when it is repeated.
  const late = signedOnce(shop, TRANSFERS, { id: 'Z', legs: [{ ...LEG, from: 'zoe', to: 'ann' }] });
  await server.ask('POST /v1/accounts/zoe/assets/gold/open', {});
  const hold = signedOnce(shop, 'POST /v1/accounts/zoe/holds/HZ/capture', {
    id: 'Y',
    to: '@redeem',
  });
  await server.ask('POST /v1/platforms/shop/disable');
  for (const send of [late, hold])
    t.equal((await send()).status, 403, 'before its signature is used');
  await server.ask('POST /v1/platforms/shop/enable');
  const forbidden = await caller(server, 'narrow', { operations: ['read'] });
  const move = signedOnce(forbidden, TRANSFERS, { id: 'N', legs: [LEG] });
  await server.ask('PUT /v1/platforms/narrow', { operations: ['read', 'earn'], assets: ['tin'] });
  t.match(await move(), { status: 403, body: { code: 'ASSET_FORBIDDEN' } });
  await server.ask('PUT /v1/platforms/narrow', { assets: ['gold'] });
  t.match(await move(), REPLAYED, 'it would be permitted now');
  const user = { user_id: 'u7', user_id_type: 'platform', amount: 1, transaction_id: 'U7' };
  await server.ask('PUT /v1/platforms/narrow', { assets: ['tin', 'gold'] });
  const add = signedOnce(forbidden, 'POST /api/points/add', { ...user, asset: 'lead' });
  t.equal((await add()).status, 403);
  t.match(await add(), REPLAYED);
  t.equal(
    (await server.ask('GET /v1/platforms/narrow/users/u7')).status,
    404,
    'nobody is registered',
  );
  t.equal(await balance(server), 2, 'nothing has moved');
});

t.test('a signed batch that is repeated', async (t) => {
  const { server, shop } = await opened(t);
  const items = [
    { id: 'B1', legs: [LEG] },
    { legs: [LEG] },
    { id: 'B3', legs: [{ ...LEG, from: 'cat', to: '@redeem' }] },
    { id: 'B4', legs: [{ ...LEG, asset: 'lead' }] },
  ];
  for (const query of ['', '?brief=true']) {
    const send = signedOnce(shop, `${TRANSFERS}${query}`, items);
    await send();
    const before = await balance(server);
    const again = await send();
    t.match(again.body, [
      { status: 200, id: 'B1', replayed: true },
      { status: 403, code: 'SIGNATURE_REPLAYED' },
      { id: 'B3', replayed: true },
      { status: 403, code: 'SIGNATURE_REPLAYED' },
    ]);
    t.equal(await balance(server), before);
  }
  const atomic = [
    { id: 'A1', legs: [LEG] },
    { id: 'A2', legs: [LEG] },
  ];
  const send = signedOnce(shop, `${TRANSFERS}?atomic=true`, atomic);
  t.match((await send()).body, [{ status: 201 }, { status: 201 }]);
  t.match((await send()).body, [{ replayed: true }, { replayed: true }]);
  const aborted = [
    { id: 'A3', legs: [LEG] },
    { id: 'A4', legs: [{ ...LEG, from: 'dan', to: 'ann' }] },
  ];
  const none = signedOnce(shop, `${TRANSFERS}?atomic=true`, aborted);
  await none();
  await server.ask(TRANSFERS, { legs: [{ ...LEG, to: 'dan' }] });
  t.match(await none(), REPLAYED, 'it could be carried out now');
  const nameless = signedOnce(shop, TRANSFERS, [{ legs: [LEG] }]);
  await nameless();
  t.match(await nameless(), REPLAYED);
  const body = `${JSON.stringify({ id: 'L1', legs: [LEG] })}\n`;
  const headers = secondSignature(shop, TRANSFERS, body, { 'Content-Type': LINES });
  t.equal((await bare(shop.address, TRANSFERS, body, headers)).status, 200);
  t.match(await bare(shop.address, TRANSFERS, body, headers), REPLAYED, 'lines are signed anew');
});

t.test('what changes nothing may be repeated', async (t) => {
  const { server, shop } = await opened(t);
  for (const [request, body] of [
    ['POST /v1/balances', { owners: ['ann'] }],
    [`${TRANSFERS}?dryRun=true`, { legs: [LEG] }],
    [`${TRANSFERS}?dryRun=true`, [{ legs: [LEG] }]],
  ] as const) {
    const send = signedOnce(shop, request, body);
    for (let i = 0; i < 2; i++) t.equal((await send()).status, 200, request);
  }
  t.equal(await balance(server), 0);
});

t.test('an Idempotency-Key beyond ASCII', async (t) => {
  const { server, shop } = await opened(t);
  const host = new URL(server.server.address).host;
  const body = JSON.stringify({ legs: [LEG] });
  const json = { 'Content-Type': 'application/json' };
  const send = (headers: Headers, encoding: BufferEncoding) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = `Host: ${host}\r\nContent-Length: ${body.length}\r\n`;
    const head = `${TRANSFERS} HTTP/1.1\r\n${length}${lines.join('')}\r\n`;
    return raw(server.port, [Buffer.concat([Buffer.from(head, encoding), Buffer.from(body)])]);
  };
  const named = /400[\s\S]*ID_INVALID[\s\S]*"field":"Idempotency-Key"/;
  // At its ends the web server cuts such bytes off before anything sees them: what is signed has them.
  for (const [key, isSeen] of [
    ...(['Ké', 'éK', 'K é'] as const).map((key) => [key, false] as const),
    ...(['KéK', '"Ké"', 'é'] as const).map((key) => [key, true] as const),
  ])
    for (const encoding of ['utf8', 'latin1'] as const) {
      const covered = { ...json, 'Idempotency-Key': key };
      const signed = await send(secondSignature(shop, TRANSFERS, body, covered), encoding);
      t.match(signed, isSeen ? named : /403[\s\S]*SIGNATURE_INVALID/, `${key}, signed`);
      if (!isSeen) continue;
      const shown = { ...covered, Authorization: `Bearer ${server.key}` };
      t.match(await send(shown, encoding), named, key);
    }
  t.equal(await balance(server), 0);
});
