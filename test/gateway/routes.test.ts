// The routes against a real server, as tables: a request, the status, what the answer must match.

import t from 'tap';
import { gateway } from './harness.js';

type Row = readonly [
  request: string,
  body: unknown,
  status: number,
  expected?: unknown,
  headers?: Record<string, string>,
];

const earn = (owner: string, amount: number, more: object = {}) => ({
  legs: [{ from: '@issue', to: owner, asset: 'shop', amount }],
  ...more,
});

t.test('a shop: assets, earning, holds, captures, reversals, history', async (t) => {
  const { ask } = await gateway(t);
  const before = Date.now();
  const rows: readonly Row[] = [
    ['GET /v1/assets', undefined, 200, { assets: [] }],
    ['GET /v1/assets/shop', undefined, 404, { code: 'ASSET_UNKNOWN', field: 'asset' }],
    ['POST /v1/transfers', earn('alice', 1), 404, { code: 'ASSET_UNKNOWN' }],
    ['PUT /v1/assets/shop', { scale: 2 }, 200, { assetVersion: 1 }],
    ['PUT /v1/assets/shop', { scale: 2 }, 200, { assetVersion: 1 }],
    ['PUT /v1/assets/shop', { scale: 3 }, 409, { code: 'ASSET_CONFLICT' }],
    ['PUT /v1/assets/shop', { scale: 2, defaultExpiryMs: 864e5 }, 200, { assetVersion: 2 }],
    ['GET /v1/assets/shop', undefined, 200, { asset: 'shop', scale: 2, defaultExpiryMs: 864e5 }],
    ['GET /v1/accounts/alice', undefined, 200, { owner: 'alice', accounts: [] }],
    [
      'POST /v1/transfers',
      earn('alice', 500, { kind: 'ORDER', ref: '1', memo: '购物', metadata: { shop: 7 } }),
      201,
      {
        id: 'ORDER:1',
        replayed: false,
        entries: [{ owner: '@issue' }, { owner: 'alice', delta: 500 }],
      },
    ],
    [
      'POST /v1/transfers',
      earn('alice', 500, { kind: 'ORDER', ref: '1', memo: '购物', metadata: { shop: 7 } }),
      200,
      { id: 'ORDER:1', replayed: true },
    ],
    ['POST /v1/transfers', earn('alice', 501, { id: 'ORDER:1' }), 409, { code: 'ID_REUSED' }],
    [
      'GET /v1/accounts/alice/transfers/ORDER:1',
      undefined,
      200,
      { command: { type: 'transfer', kind: 'ORDER', memo: '购物' }, outcome: { id: 'ORDER:1' } },
    ],
    ['GET /v1/accounts/alice/transfers/ORDER:2', undefined, 404, { code: 'TRANSFER_NOT_FOUND' }],
    [
      'POST /v1/holds',
      { owner: 'alice', asset: 'shop', amount: 300, id: 'BUY:1', deadline: '2999-01-01T00:00:00Z' },
      201,
      { id: 'BUY:1', hold: { remaining: 300, deadline: Date.UTC(2999, 0) } },
    ],
    ['GET /v1/accounts/alice/holds/BUY:1', undefined, 200, { remaining: 300, asset: 'shop' }],
    ['GET /v1/accounts/alice/holds/ORDER:1', undefined, 404, { code: 'HOLD_NOT_FOUND' }],
    ['GET /v1/accounts/alice/holds/none', undefined, 404, { code: 'HOLD_NOT_FOUND' }],
    [
      'GET /v1/accounts/alice',
      undefined,
      200,
      { accounts: [{ asset: 'shop', available: 200, held: 300, total: 500 }] },
    ],
    [
      'POST /v1/accounts/alice/holds/BUY:1/capture',
      { to: '@redeem', amount: 200, id: 'PAY:1' },
      201,
      { id: 'PAY:1', hold: { remaining: 100 } },
    ],
    [
      'POST /v1/accounts/alice/holds/BUY:1/capture',
      { to: '@redeem', amount: 101 },
      422,
      { code: 'CAPTURE_EXCEEDS_HOLD', status: 422 },
    ],
    ['POST /v1/accounts/alice/holds/BUY:1/release', undefined, 201, { hold: { remaining: 0 } }],
    ['POST /v1/accounts/alice/holds/BUY:1/release', {}, 409, { code: 'HOLD_CLOSED' }],
    ['GET /v1/accounts/alice/holds/BUY:1', undefined, 200, { remaining: 0, asset: 'shop' }],
    ['POST /v1/accounts/alice/transfers/PAY:1/reverse', { id: 'BACK:1' }, 201, { id: 'BACK:1' }],
    [
      'POST /v1/accounts/alice/transfers/PAY:1/reverse',
      undefined,
      409,
      { code: 'ALREADY_REVERSED' },
    ],
    [
      'GET /v1/accounts/alice?asset=shop',
      undefined,
      200,
      { accounts: [{ available: 500, held: 0 }] },
    ],
    ['GET /v1/accounts/alice?asset=other', undefined, 200, { accounts: [] }],
    [
      `GET /v1/accounts/alice?at=${before}`,
      undefined,
      200,
      { at: before, accounts: [{ asset: 'shop', available: 0, total: 0 }] },
    ],
    [
      'GET /v1/accounts/alice?at=2999-01-01T00:00:00Z',
      undefined,
      200,
      { accounts: [{ total: 500 }] },
    ],
    [
      'GET /v1/accounts/@issue',
      undefined,
      200,
      { accounts: [{ owner: '@issue', available: -500 }] },
    ],
    ['GET /v1/accounts/%40issue', undefined, 200, { accounts: [{ owner: '@issue' }] }],
  ];
  for (const row of rows) await check(t, ask, row);

  const newest = await ask('GET /v1/accounts/alice/entries?asset=shop&limit=2');
  t.match(newest.body, { entries: [{ type: 'reverse' }, { type: 'release' }], cursor: String });
  const next = await ask(
    `GET /v1/accounts/alice/entries?asset=shop&limit=10&cursor=${encodeURIComponent(newest.body.cursor)}`,
  );
  t.match(
    next.body.entries.map((entry: any) => entry.type),
    ['capture', 'hold', 'transfer'],
  );
  const oldest = await ask('GET /v1/accounts/alice/entries?asset=shop&order=oldest&kind=ORDER');
  t.match(oldest.body.entries, [{ kind: 'ORDER', ref: '1', memo: '购物', metadata: { shop: 7 } }]);
  t.equal(oldest.body.entries.length, 1);
  const none = await ask(`GET /v1/accounts/alice/entries?asset=shop&to=${before}`);
  t.same(none.body, { entries: [], asOf: none.body.asOf });
});

t.test('administration of accounts', async (t) => {
  const { ask } = await gateway(t);
  const at = '/v1/accounts/bob/assets/shop';
  const rows: readonly Row[] = [
    ['PUT /v1/assets/shop', { scale: 0, lotTracked: false }, 200],
    [`POST ${at}/freeze`, undefined, 404, { code: 'ACCOUNT_NOT_FOUND' }],
    [`POST ${at}/open`, undefined, 200, { id: String }],
    [`POST ${at}/credit-limit`, { creditLimit: 50, id: 'LIMIT:1' }, 200, { replayed: false }],
    [`POST ${at}/credit-limit`, { creditLimit: 50, id: 'LIMIT:1' }, 200, { replayed: true }],
    [`POST ${at}/credit-limit`, { creditLimit: -1 }, 400, { field: 'creditLimit' }],
    [`POST ${at}/credit-limit`, undefined, 415, { field: 'Content-Type' }],
    [
      'POST /v1/transfers',
      { legs: [{ from: 'bob', to: '@redeem', asset: 'shop', amount: 50 }] },
      201,
      { entries: [{ owner: 'bob', available: -50 }, { owner: '@redeem' }] },
    ],
    [
      'POST /v1/transfers',
      { legs: [{ from: 'bob', to: '@redeem', asset: 'shop', amount: 1 }] },
      422,
      { code: 'POINTS_SHORT', retry: false, type: 'urn:jifen:refusal:POINTS_SHORT', id: String },
    ],
    [`POST ${at}/credit-limit`, { creditLimit: 0 }, 422, { code: 'CREDIT_IN_USE' }],
    [`POST ${at}/freeze`, {}, 200],
    ['GET /v1/accounts/bob', undefined, 200, { accounts: [{ frozen: true, creditLimit: 50 }] }],
    [`POST ${at}/unfreeze`, { id: 'THAW:1' }, 200, { id: 'THAW:1' }],
    [`POST ${at}/close`, undefined, 422, { code: 'ACCOUNT_NOT_EMPTY' }],
    [
      'POST /v1/transfers',
      { legs: [{ from: '@adjust', to: 'bob', asset: 'shop', amount: 50 }] },
      201,
    ],
    [`POST ${at}/close`, undefined, 200],
    ['POST /v1/accounts/@issue/assets/shop/freeze', undefined, 400, { code: 'SYSTEM_OWNER' }],
  ];
  for (const row of rows) await check(t, ask, row);
});

t.test('batches answer for each command', async (t) => {
  const { ask } = await gateway(t, { limits: { batchItemsMax: 100 }, assets: ['shop'] });
  const batch = await ask('POST /v1/transfers', [
    earn('alice', 5, { id: 'A' }),
    5,
    earn('alice', 0),
    earn('alice', 5, { id: 'A' }),
    { legs: [{ from: 'bob', to: '@redeem', asset: 'shop', amount: 1 }], id: 'B' },
    earn('carol', 7, { id: 'A' }),
    { legs: [], extra: 1 },
  ]);
  t.equal(batch.status, 200);
  t.match(batch.body, [
    { status: 201, id: 'A', entries: [{}, { owner: 'alice', available: 5 }] },
    { status: 400, code: 'COMMAND_INVALID', field: 'body' },
    { status: 400, code: 'AMOUNT_INVALID', field: 'legs[0].amount' },
    { status: 200, id: 'A', replayed: true },
    { status: 422, code: 'POINTS_SHORT', id: 'B' },
    { status: 201, id: 'A', entries: [{}, { owner: 'carol', available: 7 }] },
    { status: 400, code: 'COMMAND_INVALID', field: 'extra' },
  ]);
  const rows: readonly Row[] = [
    ['POST /v1/transfers', [], 200, []],
    ['POST /v1/transfers', ['x'], 200, [{ status: 400, field: 'body' }]],
    ['POST /v1/transfers', new Array(101).fill(0), 413, { code: 'BATCH_TOO_LARGE', field: 'body' }],
    [
      'POST /v1/transfers',
      [earn('alice', 1)],
      400,
      { field: 'Idempotency-Key' },
      { 'Idempotency-Key': 'k' },
    ],
    ['POST /v1/holds', [], 400, { code: 'COMMAND_INVALID', field: 'body' }],
  ];
  for (const row of rows) await check(t, ask, row);
});

t.test('a header can name the id', async (t) => {
  const { ask } = await gateway(t, { assets: ['shop'] });
  const key = (value: string) => ({ 'Idempotency-Key': value });
  const rows: readonly Row[] = [
    ['POST /v1/transfers', earn('alice', 1), 201, { id: 'k1' }, key('k1')],
    ['POST /v1/transfers', earn('alice', 1), 200, { id: 'k1', replayed: true }, key('"k1"')],
    ['POST /v1/transfers', earn('alice', 1, { id: 'k1' }), 200, { id: 'k1' }, key('k1')],
    [
      'POST /v1/transfers',
      earn('alice', 1, { id: 'k2' }),
      400,
      { field: 'Idempotency-Key' },
      key('k1'),
    ],
    ['POST /v1/transfers', earn('alice', 1, { kind: 'A', ref: '1' }), 201, { id: 'k3' }, key('k3')],
    ['POST /v1/transfers', earn('alice', 1), 400, { code: 'ID_INVALID' }, key('a b')],
    ['POST /v1/transfers', earn('alice', 1), 400, { code: 'ID_INVALID' }, key('x'.repeat(65))],
    ['POST /v1/holds', { owner: 'alice', asset: 'shop', amount: 1 }, 201, { id: 'k4' }, key('k4')],
    ['POST /v1/accounts/alice/holds/k4/release', undefined, 201, { id: 'k5' }, key('k5')],
    ['POST /v1/accounts/alice/transfers/k1/reverse', undefined, 201, { id: 'k6' }, key('k6')],
  ];
  for (const row of rows) await check(t, ask, row);
});

t.test('paths, methods, keys, media types', async (t) => {
  const { ask, server } = await gateway(t);
  const rows: readonly Row[] = [
    ['GET /', undefined, 404, { code: 'ROUTE_NOT_FOUND' }],
    ['GET /v1', undefined, 404, { code: 'ROUTE_NOT_FOUND' }],
    ['POST /v1/transfers/', {}, 404, { code: 'ROUTE_NOT_FOUND' }],
    ['GET /v1/transfers', undefined, 405, { code: 'METHOD_NOT_ALLOWED' }],
    ['DELETE /v1/assets/shop', undefined, 405, { detail: 'This path takes: GET, PUT.' }],
    ['PATCH /v1/accounts/a', {}, 405],
    ['OPTIONS /v1/transfers', undefined, 405],
    ['POST /healthz', undefined, 405],
    ['GET /v1/accounts/a%zz', undefined, 400, { code: 'OWNER_INVALID', field: 'owner' }],
    ['GET /v1/accounts/a%2Fb', undefined, 400, { code: 'OWNER_INVALID', field: 'owner' }],
    ['GET /v1/accounts/%23item:17', undefined, 403, { code: 'OWNER_RESERVED', field: 'owner' }],
    ['GET /v1/accounts/__proto__', undefined, 200, { owner: '__proto__', accounts: [] }],
    ['GET /v1/accounts/a/transfers/%e4%bd', undefined, 400, { code: 'ID_INVALID', field: 'id' }],
    ['GET /v1/accounts/a/transfers/a%20b', undefined, 400, { code: 'ID_INVALID', field: 'id' }],
    ...['0', '5', '9', '01', '-1', 'x', '', '1.0', '%31%30'].flatMap((n): Row[] => {
      const told = { code: 'FOLLOW_UP_NUMBER_INVALID', field: 'n', detail: /^n: .*from 1 to 4\.$/ };
      const path = `/v1/accounts/b/transfers/%3Ea%3Eorder%3E${n}`;
      return [
        [`GET ${path}`, undefined, 400, told],
        [`POST ${path}/reverse`, { id: 'r' }, 400, told],
      ];
    }),
    ['GET /v1/accounts/b/transfers/%3Ea%3Eorder%3E4', undefined, 404, { field: 'id' }],
    ['GET /v1/accounts/b/transfers/%3Ea%3Eor%20der%3E0', undefined, 400, { code: 'ID_INVALID' }],
    ['GET /v1/accounts/a?at=yesterday', undefined, 400, { code: 'QUERY_INVALID', field: 'at' }],
    ['GET /v1/accounts/a?asset=A', undefined, 400, { code: 'ASSET_INVALID', field: 'asset' }],
    ['GET /v1/accounts/a?assets=a', undefined, 400, { code: 'QUERY_INVALID', field: 'assets' }],
    ['GET /v1/accounts/a/entries', undefined, 400, { code: 'QUERY_INVALID', field: 'asset' }],
    ['GET /v1/accounts/a/entries?asset=x&limit=x', undefined, 400, { field: 'limit' }],
    ['GET /v1/accounts/a/entries?asset=x&limit=0', undefined, 400, { field: 'limit' }],
    ['GET /v1/accounts/a/entries?asset=x&limit=1001', undefined, 400, { field: 'limit' }],
    ['GET /v1/accounts/a/entries?asset=x&order=up', undefined, 400, { field: 'order' }],
    ['GET /v1/accounts/a/entries?asset=x&cursor=zzz', undefined, 400, { code: 'CURSOR_INVALID' }],
    ['GET /v1/accounts/a/entries?asset=x&kind=%20', undefined, 400, { field: 'kind' }],
    ['GET /v1/accounts/@issue/entries?asset=x&shard=99', undefined, 400, { field: 'shard' }],
    ['PUT /v1/assets/Shop', { scale: 0 }, 400, { code: 'ASSET_INVALID', field: 'asset' }],
    ['POST /v1/transfers?dry=1', {}, 400, { code: 'QUERY_INVALID', field: 'dry' }],
    ['POST /v1/transfers', '{}', 415, { field: 'Content-Type' }, { 'Content-Type': 'text/plain' }],
    [
      'PUT /v1/assets/a',
      '{"scale":0}',
      200,
      {},
      { 'Content-Type': 'Application/JSON; charset=utf-8' },
    ],
    ['POST /v1/admin/backup', {}, 400, { field: 'to' }],
    ['POST /v1/admin/backup', { to: 'relative' }, 400, { field: 'to' }],
    ['POST /v1/admin/backup', { to: '/a', from: '/b' }, 400, { field: 'from' }],
    ['POST /v1/admin/accept-clock', undefined, 200, { ready: true }],
    ['POST /v1/admin/backup', [], 400, { field: 'body' }],
  ];
  for (const row of rows) await check(t, ask, row);

  for (const authorization of [
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    `Basic ${server.adminKey.key}`,
    `Bearer ${server.adminKey.key}x`,
    `Bearer ${server.adminKey.key.slice(0, -1)}`,
    `Bearer ${server.adminKey.key.slice(0, -1)}!`,
    server.adminKey.key,
    'Bearer \u00e9'.padEnd(60, '\u00e9'),
  ]) {
    const refused = await ask('POST /v1/transfers', {}, { Authorization: authorization });
    t.match(refused, { status: 401, body: { code: 'UNAUTHORIZED' } }, `"${authorization}"`);
    t.match(refused.headers.get('www-authenticate'), /^Bearer/);
    t.equal(refused.headers.get('content-type'), 'application/problem+json');
  }
  const lower = await ask('GET /v1/assets', undefined, {
    Authorization: `bearer ${server.adminKey.key}`,
  });
  t.equal(lower.status, 200);
  const allow = await ask('DELETE /v1/assets/shop');
  t.equal(allow.headers.get('allow'), 'GET, PUT');
  const head = await ask('HEAD /v1/assets');
  t.match([head.status, head.text, head.headers.get('allow')], [405, '', 'GET']);
  const unnamed = await fetch(`${server.address}/v1/assets`);
  t.equal(unnamed.status, 401);
});

t.test('health, readiness, metrics', async (t) => {
  const { ask, server } = await gateway(t, { assets: ['shop'] });
  await ask('POST /v1/transfers', earn('alice', 1));
  await ask('POST /v1/transfers', earn('alice', 0));
  t.same(await (await fetch(`${server.address}/healthz`)).json(), { status: 'ok' });
  t.same(await (await fetch(`${server.address}/readyz`)).json(), { ready: true, reasons: [] });
  const metrics = await fetch(`${server.address}/metrics`);
  t.match(metrics.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const text = await metrics.text();
  for (const line of [
    'jifen_ready 1',
    'jifen_http_requests_total{method="POST",route="/v1/transfers",status="201"} 1',
    'jifen_http_requests_total{method="POST",route="/v1/transfers",status="400"} 1',
    'jifen_http_request_duration_seconds_count{method="POST",route="/v1/transfers"} 2',
    'jifen_http_request_duration_seconds_bucket{method="POST",route="/v1/transfers",le="+Inf"} 2',
    'jifen_shard_accounts{shard="0"}',
    'jifen_shard_durable_seq{shard="0"}',
    'jifen_commands_total{command="transfer",outcome="ok"} 1',
    'nodejs_eventloop_lag_p99_seconds',
  ]) {
    t.ok(text.includes(line), line);
  }
});

async function check(
  t: any,
  ask: (request: string, body?: unknown, headers?: any) => any,
  row: Row,
) {
  const [request, body, status, expected, headers] = row;
  const found = await ask(request, body, headers);
  const name = `${request} ${JSON.stringify(body) ?? ''}`.slice(0, 160);
  t.equal(found.status, status, name) || t.comment(found.text);
  if (expected !== undefined) t.match(found.body, expected as any, name);
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  t.equal(found.headers.get('content-type'), type, name);
  if (status >= 400)
    t.match(found.body, { type: String, title: String, status, detail: String, code: String });
}

t.test(
  'how points expire: by the calendar, extended; accounts reopened; what passes is not kept',
  async (t) => {
    const { ask } = await gateway(t);
    const shop = '/v1/accounts/alice/assets/shop';
    const spend = { id: 's', legs: [{ from: 'alice', to: '@redeem', asset: 'shop', amount: 5 }] };
    const rows: readonly Row[] = [
      [
        'PUT /v1/assets/shop',
        { scale: 0, expiresAfter: 'P12M', defaultExpiryMs: 1 },
        400,
        { code: 'EXPIRY_POLICY_INVALID', field: 'expiresAfter' },
      ],
      [
        'PUT /v1/assets/shop',
        { scale: 0, expiresAfter: '1 year' },
        400,
        { code: 'EXPIRY_POLICY_INVALID', field: 'expiresAfter' },
      ],
      [
        'PUT /v1/assets/shop',
        { scale: 0, expiresOn: '02-30' },
        400,
        { code: 'EXPIRY_POLICY_INVALID', field: 'expiresOn' },
      ],
      [
        'PUT /v1/assets/shop',
        { scale: 0, zone: 'Asia/Nowhere' },
        422,
        { code: 'ZONE_UNKNOWN', field: 'zone' },
      ],
      ['PUT /v1/assets/shop', { scale: 0, zone: 8 }, 400, { code: 'ZONE_INVALID', field: 'zone' }],
      ['PUT /v1/assets/shop', { scale: 0, zoneOffsets: [0, 0] }, 400, { field: 'zoneOffsets' }],
      [
        'PUT /v1/assets/shop',
        { scale: 0, expiresAfter: 'P1Y', expiresOn: '12-31' },
        200,
        { assetVersion: 1 },
      ],
      [
        'GET /v1/assets/shop',
        undefined,
        200,
        { expiresAfter: 'P1Y', expiresOn: '12-31', zone: 'Asia/Shanghai' },
      ],
      [
        'POST /v1/transfers',
        earn('alice', 5, {
          legs: [
            {
              from: '@issue',
              to: 'alice',
              asset: 'shop',
              amount: 5,
              expiresAt: '2090-06-30T12:00:00+08:00',
            },
          ],
        }),
        201,
      ],
      [
        `POST ${shop}/extend-lots`,
        { expiresAt: null },
        400,
        { code: 'EXPIRY_INVALID', field: 'lotExpiresAt' },
      ],
      [
        `POST ${shop}/extend-lots`,
        { lotExpiresAt: '2090-06-30T16:00:00Z' },
        400,
        { code: 'EXPIRY_INVALID', field: 'expiresAt' },
      ],
      [
        `POST ${shop}/extend-lots`,
        { lotExpiresAt: '2090-06-30T16:00:00Z', expiresAt: '2090-06-30T15:00:00Z' },
        422,
        { code: 'EXPIRY_NOT_LATER' },
      ],
      [
        `POST ${shop}/extend-lots`,
        { lotExpiresAt: '2090-06-29T16:00:00Z', expiresAt: null },
        404,
        { code: 'LOT_NOT_FOUND' },
      ],
      [
        `POST ${shop}/extend-lots`,
        {
          id: 'x',
          kind: 'GOODWILL',
          lotExpiresAt: '2090-06-30T16:00:00Z',
          expiresAt: '2091-01-01T00:00:00+08:00',
          amount: 2,
        },
        200,
        { entries: [{ type: 'extend', delta: 0 }] },
      ],
      [
        'GET /v1/accounts/alice/entries?asset=shop&kind=GOODWILL',
        undefined,
        200,
        { entries: [{ id: 'x', slices: [{ available: -2 }, { available: 2 }] }] },
      ],
      [`POST ${shop}/freeze`, {}, 200],
      ['POST /v1/transfers', spend, 422, { code: 'ACCOUNT_FROZEN', retry: false }],
      [`POST ${shop}/unfreeze`, {}, 200],
      ['POST /v1/transfers', spend, 201, { replayed: false }],
      [`POST ${shop}/reopen`, {}, 409, { code: 'ACCOUNT_NOT_CLOSED' }],
      [`POST ${shop}/close`, {}, 200],
      ['POST /v1/accounts/alice/transfers/s/reverse', { id: 'r' }, 422, { code: 'ACCOUNT_CLOSED' }],
      [`POST ${shop}/reopen`, {}, 200],
      ['POST /v1/accounts/alice/transfers/s/reverse', { id: 'r' }, 201, { replayed: false }],
      ['POST /v1/accounts/nobody/assets/shop/reopen', {}, 404, { code: 'ACCOUNT_NOT_FOUND' }],
    ];
    for (const [request, body, status, expected] of rows) {
      const answer = await ask(request, body);
      t.equal(answer.status, status, `${request} ${answer.text}`);
      if (expected !== undefined) t.match(answer.body, expected, request);
    }
    const at = Date.parse('2090-07-01T00:00:00+08:00');
    const earned = (hours: number) =>
      earn('bob', 1, {
        id: 'same',
        legs: [
          {
            from: '@issue',
            to: 'bob',
            asset: 'shop',
            amount: 1,
            expiresAt: at - hours * 3_600_000,
          },
        ],
      });
    t.match(await ask('POST /v1/transfers', earned(20)), { status: 201 });
    t.match(await ask('POST /v1/transfers', earned(2)), { status: 200, body: { replayed: true } });
    t.match(await ask('POST /v1/transfers', earned(-2)), {
      status: 409,
      body: { code: 'ID_REUSED' },
    });
  },
);
