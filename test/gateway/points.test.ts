// The stable platform API against a real server, as tables.

import t, { type Test } from 'tap';
import { derivedId } from '../../gateway/identity/names.js';
import { type Caller, caller } from './callers.js';
import { type Gateway, gateway } from './harness.js';

type Row = readonly [request: string, body: unknown, status: number, expected?: unknown];

async function check(t: Test, caller: Caller, rows: readonly Row[]): Promise<void> {
  for (const [at, [request, body, status, expected]] of rows.entries()) {
    // By turns, so that both ways are used for each call.
    const answer = await (at % 2 === 0 ? caller.ask(request, body) : caller.sign(request, body));
    t.equal(answer.status, status, `${at}: ${request} ${JSON.stringify(body)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected as object, request);
  }
}

async function opened(t: Test): Promise<Gateway> {
  const server = await gateway(t, { limits: { userRates: {} }, assets: ['gold', 'tin'] });
  return server;
}

t.test('add, balance, redeem, transfer, history', async (t) => {
  const server = await opened(t);
  const shop = await caller(server, 'shop', { assets: ['gold', 'tin'] });
  const before = Date.now();
  const add = { user_id: 'ann', amount: 100, transaction_id: 'T1', remark: '购物' };
  await check(t, shop, [
    ['GET /api/points/balance?user_id=ann', undefined, 200, { user_id: 'ann', balance: 0 }],
    [
      'POST /api/points/add',
      add,
      200,
      { success: true, transaction_id: 'T1', balance: 100, replayed: false },
    ],
    [
      'POST /api/points/add',
      add,
      200,
      { success: true, transaction_id: 'T1', balance: 100, replayed: true },
    ],
    ['POST /api/points/add', { ...add, amount: 101 }, 409, { code: 'ID_REUSED', id: 'T1' }],
    ['POST /api/points/add', { user_id: 'ann', amount: 5, asset: 'tin' }, 200, { balance: 5 }],
    [
      'GET /api/points/balance?user_id=ann',
      undefined,
      200,
      { user_id: 'ann', platform_id: 'shop', asset: 'gold', balance: 100, timestamp: Number },
    ],
    ['GET /api/points/balance?user_id=ann&asset=tin', undefined, 200, { balance: 5 }],
    [
      'POST /api/points/redeem',
      { user_id: 'ann', amount: 30, reward_id: 'mug', transaction_id: 'R1' },
      200,
      { success: true, redemption_id: 'R1', balance: 70 },
    ],
    [
      'POST /api/points/redeem',
      { user_id: 'ann', amount: 30, reward_id: 'mug' },
      200,
      { balance: 40, redemption_id: String },
    ],
    [
      'POST /api/points/redeem',
      { user_id: 'ann', amount: 41, reward_id: 'mug' },
      422,
      { code: 'POINTS_SHORT' },
    ],
    [
      'POST /api/points/transfer',
      { from_user_id: 'ann', to_user_id: 'bob', amount: 15, transaction_id: 'M1' },
      200,
      { success: true, transaction_id: 'M1', balance: 25 },
    ],
    [
      'POST /api/points/transfer',
      { from_user_id: 'ann', to_user_id: 'bob', amount: 5, target_platform: 'shop' },
      200,
      { success: true, balance: 20 },
    ],
    ['GET /api/points/balance?user_id=bob', undefined, 200, { balance: 20 }],
    [
      'GET /api/points/history?user_id=ann&per_page=2',
      undefined,
      200,
      {
        page: 1,
        per_page: 2,
        total: 5,
        history: [
          { type: 2, amount: -5, balance: 20, business_type: 'TRANSFER' },
          { transaction_id: 'M1', amount: -15 },
        ],
      },
    ],
    [
      'GET /api/points/history?user_id=ann&page=3&per_page=2',
      undefined,
      200,
      {
        total: 5,
        history: [
          {
            transaction_id: 'T1',
            type: 1,
            amount: 100,
            balance: 100,
            business_type: 'cross_system.add',
            remark: '购物',
          },
        ],
      },
    ],
    ['GET /api/points/history?user_id=ann&page=4&per_page=2', undefined, 200, { history: [] }],
    ['GET /api/points/history?user_id=nobody', undefined, 200, { total: 0, history: [] }],
    ['GET /api/points/history?user_id=nobody&as_of=0', undefined, 200, { total: 0, history: [] }],
    [
      'GET /api/points/history?user_id=ann&as_of=6',
      undefined,
      409,
      { code: 'POSITION_AHEAD', field: 'as_of' },
    ],
    ['GET /api/points/history?user_id=ann&as_of=-1', undefined, 400, { field: 'as_of' }],
  ]);
  const { body } = await shop.ask('GET /api/points/balance?user_id=ann');
  t.ok(body.timestamp >= before);
  const record = await server.ask('GET /v1/accounts/ann/transfers/shop,shop:R1');
  t.match(record.body.command, {
    kind: 'EXCHANGE',
    ref: 'mug',
    legs: [{ to: '@redeem', amount: 30 }],
  });
});

t.test('what was moved is given back, in parts, and never more of it', async (t) => {
  const server = await opened(t);
  const shop = await caller(server, 'shop', { assets: ['gold', 'tin'] });
  const club = await caller(server, 'club', { assets: ['gold', 'tin'] });
  const refund = (amount?: number, more: object = {}) => ({
    user_id: 'ann',
    original_transaction_id: 'R1',
    amount,
    ...more,
  });
  const path = 'POST /api/points/refund';
  await check(t, shop, [
    ['POST /api/points/add', { user_id: 'ann', amount: 500 }, 200, { balance: 500 }],
    [
      'POST /api/points/redeem',
      { user_id: 'ann', amount: 300, reward_id: 'mug', transaction_id: 'R1' },
      200,
      { balance: 200 },
    ],
    [path, refund(100, { transaction_id: 'B1' }), 200, { balance: 300, remaining: 200 }],
    [path, refund(100, { transaction_id: 'B1' }), 200, { replayed: true, remaining: 200 }],
    [path, refund(201), 422, { code: 'REVERSAL_EXCEEDS_REMAINING' }],
    [path, refund(0), 400, { code: 'AMOUNT_INVALID', field: 'amount' }],
    [path, refund(1, { original_transaction_id: 'R2' }), 404, { code: 'TRANSFER_NOT_FOUND' }],
    [path, refund(), 200, { balance: 500, remaining: 0 }],
    [path, refund(1), 409, { code: 'ALREADY_REVERSED' }],
  ]);
  t.match(await club.ask(path, refund(1)), { status: 404, body: { code: 'TRANSFER_NOT_FOUND' } });
  const { body } = await server.ask('GET /v1/accounts/ann/transfers/shop,shop:R1');
  t.match(body, { state: 'posted', remaining: 0 });
});

t.test('what is wrong is named', async (t) => {
  const server = await opened(t);
  const shop = await caller(server, 'shop', { assets: ['gold'] });
  await caller(server, 'other', { assets: ['tin'] });
  await caller(server, 'gone', { assets: ['gold'] });
  await server.ask('POST /v1/platforms/gone/disable');
  const add = { user_id: 'ann', amount: 1 };
  const move = { from_user_id: 'ann', to_user_id: 'bob', amount: 1 };
  const bad = (field: string) => ({ field, status: 400 });
  const amounts = [0, -1, 1.5, '1', null, 2 ** 53, undefined];
  await check(t, shop, [
    ...amounts.map(
      (amount): Row => [
        'POST /api/points/add',
        { ...add, amount },
        400,
        { code: 'AMOUNT_INVALID', field: 'amount' },
      ],
    ),
    ['POST /api/points/add', { amount: 1 }, 400, bad('user_id')],
    ['POST /api/points/add', { ...add, user_id: '@issue' }, 400, bad('user_id')],
    ['POST /api/points/add', { ...add, user_id: '#keys' }, 400, bad('user_id')],
    ['POST /api/points/add', { ...add, user_id: 7 }, 400, bad('user_id')],
    ['POST /api/points/add', { ...add, user: 'ann' }, 400, bad('user')],
    ['POST /api/points/add', { ...add, remark: 7 }, 400, bad('remark')],
    ['POST /api/points/add', { ...add, business_type: 'a b' }, 400, bad('business_type')],
    ['POST /api/points/add', { ...add, user_id_type: 'local' }, 400, bad('user_id_type')],
    [
      'POST /api/points/add',
      { ...add, transaction_id: 'x'.repeat(60) },
      400,
      bad('transaction_id'),
    ],
    ['POST /api/points/add', { ...add, transaction_id: 'a b' }, 400, bad('transaction_id')],
    ['POST /api/points/add', { ...add, transaction_id: 7 }, 400, bad('transaction_id')],
    ['POST /api/points/add', { ...add, asset: 'tin' }, 403, { code: 'ASSET_FORBIDDEN' }],
    ['POST /api/points/redeem', { ...add }, 400, bad('reward_id')],
    ['POST /api/points/redeem', { ...add, reward_id: 'a b' }, 400],
    ['POST /api/points/transfer', { ...move, to_user_id: 'ann' }, 400, bad('to_user_id')],
    [
      'POST /api/points/transfer',
      { ...move, target_platform: 'none' },
      404,
      { code: 'PLATFORM_NOT_FOUND' },
    ],
    [
      'POST /api/points/transfer',
      { ...move, target_platform: 'other' },
      422,
      { code: 'EXCHANGE_UNSUPPORTED' },
    ],
    [
      'POST /api/points/transfer',
      { ...move, target_platform: 'gone' },
      403,
      { code: 'PLATFORM_DISABLED' },
    ],
    ['GET /api/points/balance', undefined, 400, bad('user_id')],
    ['GET /api/points/balance?user_id=ann&page=1', undefined, 400, bad('page')],
    ...['0', '-1', 'x', '1.5', '501'].map(
      (page): Row => [
        `GET /api/points/history?user_id=ann&page=${page}`,
        undefined,
        400,
        bad('page'),
      ],
    ),
    ...['0', '101', 'x'].map(
      (size): Row => [
        `GET /api/points/history?user_id=ann&per_page=${size}`,
        undefined,
        400,
        bad('per_page'),
      ],
    ),
  ]);
  const key = { 'Idempotency-Key': 'K1' };
  t.match(await shop.ask('POST /api/points/add', add, key), {
    status: 200,
    body: { transaction_id: 'K1' },
  });
  t.match(await shop.ask('POST /api/points/add', add, key), { body: { replayed: true } });
  const other = { ...add, transaction_id: 'K2' };
  t.match(await shop.ask('POST /api/points/add', other, key), {
    status: 400,
    body: { field: 'Idempotency-Key' },
  });
});

t.test('users by their names at the platform', async (t) => {
  const server = await opened(t);
  const shop = await caller(server, 'shop', { userIds: 'platform' });
  const club = await caller(server, 'club', { userIds: 'platform' });
  const name = 'Zoë 王';
  const asked = `user_id=${encodeURIComponent(name)}`;
  const id = derivedId({ system: 'shop', user: name });
  await check(t, shop, [
    [
      `GET /api/points/balance?${asked}`,
      undefined,
      404,
      { code: 'IDENTITY_NOT_FOUND', field: 'user_id' },
    ],
    [
      'POST /api/points/redeem',
      { user_id: name, amount: 1, reward_id: 'r' },
      404,
      { code: 'IDENTITY_NOT_FOUND' },
    ],
    ['POST /api/points/add', { user_id: name, amount: 9 }, 200, { balance: 9 }],
    [`GET /api/points/balance?${asked}`, undefined, 200, { user_id: name, balance: 9 }],
    [`GET /api/points/balance?user_id=${id}&user_id_type=global`, undefined, 200, { balance: 9 }],
    [`GET /v1/platforms/shop/users/${encodeURIComponent(name)}`, undefined, 200, { identity: id }],
    [
      'POST /api/points/transfer',
      { from_user_id: name, to_user_id: 'x', target_platform: 'club', amount: 2 },
      200,
    ],
    [
      'POST /api/points/add',
      { user_id: 'a:b', amount: 9 },
      400,
      { code: 'IDENTITY_INVALID', field: 'user_id' },
    ],
    [
      `POST /v1/platforms/shop/users/${encodeURIComponent(name)}/deactivate`,
      undefined,
      200,
      { status: 'inactive' },
    ],
    ['POST /api/points/add', { user_id: name, amount: 9 }, 422, { code: 'IDENTITY_INACTIVE' }],
    [
      `POST /v1/platforms/shop/users/${encodeURIComponent(name)}/activate`,
      undefined,
      200,
      { status: 'active' },
    ],
    ['POST /api/points/add', { user_id: name, amount: 1 }, 200, { balance: 8 }],
  ]);
  t.match(await club.ask('GET /api/points/balance?user_id=x'), { body: { balance: 2 } });
  const person = 'POST /v1/platforms/club/users/ann';
  t.match(await server.ask(person, { identity: id }), { status: 201 }, 'the same person');
  t.match(await club.ask('GET /api/points/balance?user_id=ann'), { body: { balance: 8 } });
  const both = await server.ask(`GET /v1/users/${id}`);
  t.equal(both.body.mappings.length, 2);
});

t.test('ids of two platforms do not meet', async (t) => {
  const server = await opened(t);
  const [a, b] = [await caller(server, 'a'), await caller(server, 'b')];
  const add = { user_id: 'ann', amount: 3, transaction_id: 'ORDER:1' };
  t.match(await a.ask('POST /api/points/add', add), { body: { balance: 3, replayed: false } });
  t.match(await b.ask('POST /api/points/add', add), { body: { balance: 6, replayed: false } });
  const lines = (await a.ask('GET /api/points/history?user_id=ann')).body.history;
  t.match(lines, [{ transaction_id: 'b:ORDER:1' }, { transaction_id: 'ORDER:1' }]);
});

t.test(
  'a page of history that is asked for again tells the same, whatever came meanwhile',
  async (t) => {
    const server = await opened(t);
    const shop = await caller(server, 'shop');
    const add = (n: number) => shop.ask('POST /api/points/add', { user_id: 'ann', amount: n });
    for (let n = 1; n <= 7; n++) await add(n);
    const read = async (query: string) => {
      const { body } = await shop.ask(`GET /api/points/history?user_id=ann&per_page=3${query}`);
      return { total: body.total, amounts: body.history.map((line: any) => line.amount) };
    };
    t.same(await read(''), { total: 7, amounts: [7, 6, 5] });
    for (let n = 8; n <= 10; n++) await add(n);
    const pages = [[7, 6, 5], [4, 3, 2], [1], []];
    for (let again = 0; again < 2; again++)
      for (const [i, amounts] of pages.entries())
        t.same(await read(`&page=${i + 1}&as_of=7`), { total: 7, amounts });
    t.same(await read('&page=2'), { total: 10, amounts: [7, 6, 5] });
  },
);
