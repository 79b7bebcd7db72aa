// A programme over HTTP: events, returns, members, why; who may; what is refused, and which field is named.

import fc from 'fast-check';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { FAULTS } from '../../gateway/act-faults.js';
import { connect } from '../../gateway/client/node.js';
import { callerAct } from '../../gateway/schema/programmes.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { linesOf } from './harness.js';
import { shop } from './shop.js';

type Row = readonly [request: string, sent: unknown, status: number, expected?: object];

const event = (type: string, id: string, more: object = {}, owner = 'ann') => ({
  ...{ programme: 'shop', owner, type, id },
  ...more,
});
const bought = (amount: number, id: string, more: object = {}) =>
  event('CONSUME', id, { attributes: { amount }, ...more });
const earned = (...effects: object[]) => ({ act: { effects } });

t.test('a member, from the first day on', async (t) => {
  const { ask, server, folder } = await shop(t);
  const order = bought(900, 'o1', {
    lines: [
      { line: 'tea', amount: 600, quantity: 3 },
      { line: 'cup', amount: 300 },
    ],
  });
  const member = 'GET /v1/members/ann?programme=shop';
  const rows: readonly Row[] = [
    [
      member,
      undefined,
      200,
      { tier: 'shop.ordinary', progress: 0, next: 'shop.silver', needed: 1_000 },
    ],
    ['POST /v1/events?dryRun=true', event('REGISTER', 'r'), 200, { dryRun: true, ...earned({}) }],
    [
      'POST /v1/events',
      event('REGISTER', 'r'),
      201,
      earned({ type: 'earn', rule: 'shop.REGISTER', amount: 100 }, { type: 'progress' }),
    ],
    ['POST /v1/events', event('REGISTER', 'r'), 200, { replayed: true }],
    ['POST /v1/events', event('SIGN', 's'), 201, earned({ type: 'streak', days: 1 }, {}, {})],
    ['POST /v1/events', order, 201, earned({ rule: 'shop.CONSUME', amount: 900 }, {}, {}, {})],
    ['POST /v1/events', event('REVIEW', 'w1'), 201],
    [
      member,
      undefined,
      200,
      {
        ...{ owner: 'ann', programme: 'shop', asset: 'points' },
        ...{ tier: 'shop.silver', progress: 1_065, next: 'shop.gold', needed: 3_935, percent: 21 },
        tasks: [
          { task: 'shop.CONSUME_100', isDone: true, done: 100, need: 100, reward: 50 },
          { task: 'shop.REVIEW_3', isDone: false, done: 1, need: 3, reward: 15 },
          { task: 'shop.SIGN', isDone: true, days: 1, reward: 10 },
        ],
        counts: [
          { rule: 'shop.REGISTER', times: 1, limitTimes: 1, span: 'ever' },
          { rule: 'shop.REVIEW', times: 1, limitTimes: 5, span: 'day' },
        ],
      },
    ],
    // Given back: a line's quantity, then all that is left.
    [
      'POST /v1/events/o1/returns',
      { owner: 'ann', id: 'b1', lines: [{ line: 'tea', quantity: 1 }] },
      201,
      { entries: [{}, {}] },
    ],
    ['POST /v1/events/o1/returns', { owner: 'ann', id: 'b2' }, 201],
    ['POST /v1/events/o1/returns', { owner: 'ann', id: 'b3' }, 409, { code: 'ALREADY_REVERSED' }],
    [
      'POST /v1/events/w1/returns',
      { owner: 'ann', id: 'b4', lines: [{ line: 'x' }] },
      422,
      { code: 'RETURN_INVALID', field: 'lines' },
    ],
    ['POST /v1/events/w1/returns', { owner: 'ann', amount: 1 }, 422, { field: 'amount' }],
    [member, undefined, 200, { tier: 'shop.ordinary', progress: 115 }],
    ['GET /v1/accounts/ann', undefined, 200, { accounts: [{ available: 115 }] }],
    [
      'GET /v1/members/ann/events/o1',
      undefined,
      200,
      {
        ...{ owner: 'ann', event: 'o1', programme: 'shop', type: 'CONSUME', state: 'posted' },
        ...{ attributes: { amount: 900 }, earned: 950, remaining: 0, time: Number, at: Number },
        why: {
          paid: [
            ['shop.CONSUME', 1, 900],
            ['shop.CONSUME_100', 1, 50],
          ],
        },
      },
    ],
    [
      'GET /v1/members/ann/events/none',
      undefined,
      404,
      { code: 'EVENT_NOT_FOUND', field: 'event' },
    ],
    ['GET /v1/members/ann/events/b1', undefined, 404, { code: 'EVENT_NOT_FOUND' }],
    ['GET /v1/members/bob/events/o1/why', undefined, 404, { code: 'EVENT_NOT_FOUND' }],
    // Tiers by hand.
    [
      'PUT /v1/members/ann/tier',
      { programme: 'shop', tier: 'shop.gold', until: '2999-01-01T00:00:00Z' },
      200,
      earned({ type: 'tierChanged', to: 'shop.gold' }),
    ],
    [member, undefined, 200, { tier: 'shop.gold', granted: { tier: 'shop.gold' } }],
    [
      'PUT /v1/members/ann/tier',
      { programme: 'shop', tier: 'tin' },
      404,
      { code: 'TIER_UNKNOWN', field: 'tier' },
    ],
    [
      'DELETE /v1/members/ann/tier?programme=shop',
      undefined,
      200,
      earned({ type: 'tierChanged', to: 'shop.ordinary' }),
    ],
    ['DELETE /v1/members/ann/tier', undefined, 400, { field: 'programme' }],
    ['GET /v1/members/ann?programme=none', undefined, 404, { code: 'DEFINITION_NOT_FOUND' }],
    ['GET /v1/members/ann', undefined, 400, { field: 'programme' }],
    ['GET /v1/members/@issue?programme=shop', undefined, 400, { field: 'owner' }],
  ];
  for (const [request, sent, status, expected] of rows) {
    const answer = await ask(request, sent);
    t.equal(answer.status, status, `${request} ${JSON.stringify(sent)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected, request);
  }
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('what a member gives to others in a day, beside the limits', async (t) => {
  const limits = { mostPoints: 50, mostTimes: 2, mostEach: 40 };
  const of = await shop(t, [['gifting/shop', limits]]);
  const { ask } = of;
  const gifts = async () => (await ask('GET /v1/members/ann?programme=shop')).body.gifts;
  const give = (amount: number, id: string) =>
    ask('POST /v1/acts/gift', { owner: 'ann', id, body: { programme: 'shop', to: 'bob', amount } });
  await ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'ann', asset: 'points', amount: 500 }],
  });
  t.match(await gifts(), { points: 0, times: 0, ...limits });
  t.match(await give(41, 'g-1'), { body: { code: 'GIFT_LIMIT' } });
  t.match(await give(30, 'g-2'), { status: 201 });
  t.match(await give(30, 'g-2'), { status: 200 });
  const { until: ends, ...used } = await gifts();
  t.same(used, { points: 30, times: 1, ...limits });
  t.match(await give(21, 'g-3'), { body: { code: 'GIFT_LIMIT' } });
  const left = ends - Date.now() - of.ahead();
  t.ok(left > 0 && left <= 86_400_000, 'until the next day of the programme');
});

t.test('why, in words', async (t) => {
  const spring = { programme: 'shop', multiplier: 200, from: 0, to: 4e12, name: '春节' };
  const { ask } = await shop(t, [['campaign/spring', spring]]);
  await ask('POST /v1/events', bought(99, 'o1'));
  await ask('POST /v1/events', bought(1_000, 'o2'));
  await ask('POST /v1/events', event('REGISTER', 'r1'));
  await ask('POST /v1/events', event('REGISTER', 'r2'));
  const words = async (id: string, lang: string) => {
    const path = `GET /v1/members/ann/events/${id}/why?lang=${lang}`;
    const { text, headers } = await ask(path, undefined, { Accept: 'text/plain' });
    t.match(headers.get('content-type'), /^text\/plain/);
    return text.replace(/\d{4}-\d\d-\d\dT[^:]*:[^:]*:[\d.]*Z/, 'TIME').split('\n');
  };
  t.same(await words('o1', 'en'), [
    'Event o1 (CONSUME) of ann in shop, TIME: 198 points.',
    '+198 by the rule shop.CONSUME, version 1.',
    'Multiplied by 100%: the tier Ordinary (shop.ordinary), version 1.',
    'Multiplied by 200%: the campaign 春节 (spring), version 1.',
    'Nothing by the task shop.CONSUME_100, version 1: it needs more.',
    '198 count for the tier.',
    '',
  ]);
  t.same(await words('o2', 'zh'), [
    '事件 o2（CONSUME），会员 ann，计划 shop，TIME：共 2050 积分。',
    '+2000：规则 shop.CONSUME（第 1 版）。',
    '+50：任务 shop.CONSUME_100（第 1 版）。',
    '乘以 100%：等级 Ordinary (shop.ordinary)（第 1 版）。',
    '乘以 200%：活动 春节 (spring)（第 1 版）。',
    '计入等级：2050。',
    '等级由 shop.ordinary 变为 shop.silver。',
    '',
  ]);
  t.match(await words('r2', 'en'), [
    /0 points/,
    /^Multiplied/,
    /^Multiplied/,
    'Nothing by the rule shop.REGISTER, version 1: its limit in times is reached.',
  ]);
  const { body } = await ask('GET /v1/members/ann/events/o1/why');
  t.match(body, {
    ...{ lang: 'en', earned: 198, lines: Array, why: { programme: 1 } },
    decided: [
      { kind: 'rule', key: 'shop.CONSUME', version: 1 },
      { kind: 'tier', key: 'shop.ordinary', name: 'Ordinary' },
      { kind: 'campaign', key: 'spring', name: '春节' },
      { kind: 'task', key: 'shop.CONSUME_100' },
    ],
  });
  t.equal((await ask('GET /v1/members/ann/events/o1/why?lang=fr')).status, 400);
});

t.test('why, with what was left of limits and budgets, and what is pending', async (t) => {
  const share = { programme: 'shop', event: 'SHARE', multiplied: false, budget: '#budget:share' };
  const sure = { programme: 'shop', event: 'SHARE', order: 2 };
  const { ask } = await shop(t, [
    ['rule/shop.SHARE', { ...share, points: 30, limitPoints: 40, exhausted: 'less', order: 1 }],
    ['rule/shop.SHARE_LATER', { ...share, points: 9, pendingDays: 14 }],
    ['rule/shop.SHARE_SURE', { ...sure, points: 1, pendingToConfirm: true, limitTimes: 1 }],
  ]);
  const fund = 'POST /v1/budgets/share/assets/points/fund';
  t.equal((await ask(fund, { id: 'f', amount: 47 })).status, 201);
  for (const id of ['s1', 's2']) await ask('POST /v1/events', event('SHARE', id));
  const why = async (id: string, lang: string) =>
    (await ask(`GET /v1/members/ann/events/${id}/why?lang=${lang}`)).body;
  const inWords = async (id: string, lang: string): Promise<string[]> =>
    (await why(id, lang)).lines
      .slice(1)
      .map((one: string) => one.replace(/\d{4}-\d\d-\d\dT[^:]*:[^:]*:[\d.]*Z/, 'TIME'));
  const tier = 'Multiplied by 100%: the tier Ordinary (shop.ordinary), version 1.';
  t.same(await inWords('s1', 'en'), [
    '+9 by the rule shop.SHARE_LATER, version 1; pending until TIME.',
    '+30 by the rule shop.SHARE, version 2.',
    '+1 by the rule shop.SHARE_SURE, version 1; pending until it is confirmed.',
    tier,
    '40 count for the tier.',
  ]);
  const short = '10 were left of its limit; 8 were left of its budget';
  t.same(await inWords('s2', 'en'), [
    `+8 by the rule shop.SHARE, version 2; it would have been 30; ${short}.`,
    tier,
    'Nothing by the rule shop.SHARE_LATER, version 1: its budget is exhausted; 8 were left of its budget.',
    'Nothing by the rule shop.SHARE_SURE, version 1: its limit in times is reached.',
    '8 count for the tier.',
  ]);
  t.same(await inWords('s2', 'zh'), [
    '+8：规则 shop.SHARE（第 2 版）；原应为 30；上限剩余 10；预算剩余 8。',
    '乘以 100%：等级 Ordinary (shop.ordinary)（第 1 版）。',
    '未获积分：规则 shop.SHARE_LATER（第 1 版），预算已用完；预算剩余 8。',
    '未获积分：规则 shop.SHARE_SURE（第 1 版），次数已达上限。',
    '计入等级：8。',
  ]);
  t.match((await inWords('s1', 'zh'))[2], /；待确认后生效。$/);
  t.match(await why('s2', 'en'), {
    decided: [
      { key: 'shop.SHARE', left: { limit: 10, budget: 8 } },
      { key: 'shop.ordinary' },
      { key: 'shop.SHARE_LATER', left: { budget: 8 } },
      { key: 'shop.SHARE_SURE', left: { limit: 0 } },
    ],
  });
  const confirm = 'POST /v1/accounts/ann/transfers/s1/confirm';
  t.match((await ask('GET /v1/accounts/ann')).body.accounts, [{ available: 38, pending: 10 }]);
  t.equal((await ask(confirm, { id: 'c1' })).status, 201);
  t.match((await ask(confirm, { id: 'c2' })).body, { code: 'NOT_PENDING' });
  t.match((await ask('GET /v1/accounts/ann')).body.accounts, [{ available: 48, pending: 0 }]);
});

t.test('many at once, over HTTP, lines, the socket and the client', async (t) => {
  const served = await shop(t);
  const { ask, key, server } = served;
  const some = [bought(5, 'a1'), bought(7, 'a2'), event('NONE', 'a3'), { owner: 'ann' }];
  t.match((await ask('POST /v1/events', some)).body, [
    { status: 201, act: {} },
    { status: 201 },
    { status: 404, code: 'EVENT_TYPE_UNKNOWN', field: 'type' },
    { status: 400, code: 'ACT_BODY_INVALID', field: 'programme' },
  ]);
  const lines = [bought(5, 'l1'), bought(-1.5, 'l2')].map((one) => JSON.stringify(one)).join('\n');
  const told = await ask('POST /v1/events', lines, { 'Content-Type': 'application/x-ndjson' });
  t.match(linesOf(told.text), [{ status: 201 }, { field: 'attributes.amount' }]);
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const { programme, owner, type } = event('SHARE', 'c1');
  t.match(
    await client.events([
      { programme, owner, type, id: 'c1' },
      { programme, owner, type },
      { programme, owner, type: 'CONSUME', attributes: { amount: 'x' } },
    ]),
    [{ ok: true, id: 'c1' }, { ok: true }, { ok: false, field: 'attributes.amount' }],
  );
  t.match(await client.returns('c1', { owner, id: 'b1' }), { ok: true, id: 'b1' });
  t.match(await client.returns('none', { owner }), { code: 'EVENT_NOT_FOUND' });
  t.match(await client.member('ann', 'shop'), { tier: 'shop.ordinary', progress: 20 });
  await t.rejects(client.member('ann', 'none'), /DEFINITION_NOT_FOUND/);
  t.match(await client.event('ann', 'a1'), { type: 'CONSUME', earned: 5 });
  t.equal(await client.event('ann', 'nothing'), undefined);
  t.match(await client.why('ann', 'a1', { lang: 'zh' }), { lang: 'zh', lines: [/事件 a1/, /.*/] });
  const body = { programme, type: 'SHARE' };
  const act = { type: 'act', act: 'event', owner, id: 'w1', body } as const;
  t.match(await client.stream.submit(act), { ok: true, act: { effects: [{ amount: 3 }, {}] } });
});

t.test('who may', async (t) => {
  const served = await shop(t);
  const { ask } = served;
  await ask('PUT /v1/assets/tin', { scale: 0 });
  const earner = await operator(served, ['earn']);
  const reader = await operator(served, ['read']);
  const others = await operator(served, ['read', 'earn', 'adjust'], { assets: ['tin'] });
  const own = await operator(served, ['read', 'earn'], { owner: 'bob' });
  const rows: readonly Row[] = [
    ['POST /v1/events', bought(5, 'e1'), 201],
    ['POST /v1/events/e1/returns', { owner: 'ann', id: 'b1' }, 201],
    ['GET /v1/members/ann?programme=shop', undefined, 200],
    ['GET /v1/members/ann/events/e1', undefined, 200],
    ['GET /v1/members/ann/events/e1/why', undefined, 200],
    ['PUT /v1/members/ann/profile', { programme: 'shop', profile: {} }, 200],
    ['PUT /v1/members/ann/tier', { programme: 'shop', tier: 'shop.gold' }, 200],
    ['DELETE /v1/members/ann/tier?programme=shop', undefined, 200],
    ['PUT /v1/programmes/shop', { asset: 'points' }, 400],
    ['GET /v1/programmes/shop', undefined, 200],
  ];
  for (const [request, sent, status] of rows) {
    const isRead = request.startsWith('GET');
    const isWhole = request.includes('/programmes/');
    const who = isWhole || request.includes('/tier') ? undefined : isRead ? reader : earner;
    const other = isRead ? earner : reader;
    t.match(await ask(request, sent, other), { status: 403 }, `${request} by another permission`);
    t.match(await ask(request, sent, others), { status: 403 }, `${request} by other assets`);
    t.match(await ask(request, sent, own), { status: 403 }, `${request} by another owner`);
    const answer = await ask(request, sent, who);
    t.equal(answer.status, status, `${request}: ${answer.text}`);
  }
});

t.test('a programme, by its name alone', async (t) => {
  const { ask } = await shop(t, [], 1);
  const rows: readonly Row[] = [
    [
      'PUT /v1/programmes/club',
      { asset: 'points', zone: 'Europe/Berlin' },
      200,
      { definitionVersion: 1 },
    ],
    [
      'PUT /v1/programmes/club',
      { asset: 'points', zone: 'Europe/Berlin' },
      200,
      { definitionVersion: 1 },
    ],
    [
      'GET /v1/programmes/club',
      undefined,
      200,
      { kind: 'programme', key: 'club', versions: [{ document: { zone: 'Europe/Berlin' } }] },
    ],
    ['GET /v1/definitions/programme/club', undefined, 200, { key: 'club' }],
    [
      'GET /v1/programmes/none',
      undefined,
      404,
      { code: 'DEFINITION_NOT_FOUND', field: 'programme' },
    ],
    ['PUT /v1/programmes/club', { asset: 'points', zone: 'Nowhere' }, 422, { field: 'zone' }],
    ['PUT /v1/programmes/club', { asset: 'points', zone: 'UTC', late: 1 }, 400, { field: 'late' }],
    ['PUT /v1/programmes/club', [], 400, { field: 'body' }],
    ['PUT /v1/programmes/a%20b', { asset: 'points', zone: 'UTC' }, 400, { field: 'programme' }],
    [
      'PUT /v1/programmes/club?dryRun=true',
      { asset: 'points', zone: 'UTC' },
      200,
      { dryRun: true, definitionVersion: 2 },
    ],
  ];
  for (const [request, sent, status, expected] of rows) {
    const answer = await ask(request, sent);
    t.equal(answer.status, status, `${request} ${JSON.stringify(sent)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected, request);
  }
});

t.test('a platform’s points by business type', async (t) => {
  const served = await shop(t);
  const settings = { assets: ['points', 'tin'], programme: 'shop' };
  await served.ask('PUT /v1/assets/tin', { scale: 0 });
  const store = await caller(served, 'store', settings);
  const add = (business_type: string, amount: number, more: object = {}) =>
    store.ask('POST /api/points/add', { user_id: 'ann', amount, business_type, ...more });
  const rows: readonly (readonly [type: string, amount: number, more: object, is: object])[] = [
    // An event of the type: one point a unit, and the task of 100 a day.
    ['CONSUME', 200, { transaction_id: 'T1', business_id: 'o1' }, { balance: 250 }],
    ['CONSUME', 200, { transaction_id: 'T1', business_id: 'o1' }, { replayed: true }],
    // A type without an amount: what its rules say.
    ['REGISTER', 7, { transaction_id: 'T2' }, { balance: 350 }],
    ['REGISTER', 7, { transaction_id: 'T3' }, { success: true, replayed: false }],
    // No type of events, and other points than the programme's: as ever.
    ['present', 7, {}, { balance: 357 }],
    ['CONSUME', 7, { asset: 'tin' }, { balance: 7 }],
  ];
  for (const [type, amount, more, expected] of rows) {
    const { body, status } = await add(type, amount, more);
    t.equal(status, 200, JSON.stringify(body));
    t.match(body, expected);
  }
  const refund = { user_id: 'ann', original_transaction_id: 'T1', amount: 50 };
  t.match(await store.ask('POST /api/points/refund', refund), {
    status: 200,
    body: { balance: 307, remaining: 200 },
  });
  t.match(await store.ask('GET /v1/members/ann/events/store:T1'), {
    body: { type: 'CONSUME', attributes: { amount: 200 }, earned: 250, remaining: 200 },
  });
  // A task of an order that is a platform's goes back with another one that counted for it.
  for (const [id, amount] of [
    ['T7', 60],
    ['T8', 45],
  ] as const) {
    const more = { transaction_id: id, business_id: id, user_id: 'eve' };
    t.equal((await add('CONSUME', amount, more)).status, 200);
  }
  const eves = async (): Promise<number> =>
    (await served.ask('GET /v1/accounts/eve')).body.accounts[0].available;
  t.equal(await eves(), 60 + 45 + 50);
  const part = { user_id: 'eve', original_transaction_id: 'T7', amount: 6 };
  t.equal((await store.ask('POST /api/points/refund', part)).status, 200);
  await until('its reward has gone', async () => (await eves()) === 54 + 45);
  // Events of a user are counted as what they are: points that are earned.
  const many = await Promise.all(Array.from({ length: 12 }, () => add('SHARE', 1)));
  t.ok(many.some(({ status }) => status === 429));
});

t.test('whatever is sent, nothing is a defect', async (t) => {
  const profile = { city: 'text', age: 'integer' };
  const { ask } = await shop(t, [['programme/club', { asset: 'points', zone: 'UTC', profile }]]);
  const rows: readonly Row[] = [
    ['PUT /v1/members/ann/profile', { programme: 'club', profile: { city: 'x', age: 3 } }, 200],
    ['PUT /v1/members/ann/profile', { programme: 'club', profile: { age: null } }, 200],
    [
      'PUT /v1/members/ann/profile',
      { programme: 'club', profile: { age: 'x' } },
      422,
      { code: 'PROFILE_INVALID', field: 'profile.age' },
    ],
    [
      'PUT /v1/members/ann/profile',
      { programme: 'club', profile: { shoe: 1 } },
      422,
      { field: 'profile.shoe', detail: /Known are: age, city/ },
    ],
    ['GET /v1/members/ann?programme=club', undefined, 200, { tier: null, profile: { city: 'x' } }],
    ['POST /v1/events', bought(1, 'x', { programme: 'none' }), 404, { field: 'programme' }],
    ['POST /v1/events', event('NONE', 'x'), 404, { field: 'type' }],
    ['POST /v1/events', bought(1, 'x', { time: 4e12 }), 422, { field: 'time' }],
    ['POST /v1/events', bought(1, 'y', { time: '2001-01-01T00:00:00Z' }), 422, { field: 'time' }],
    [
      'GET /v1/members/ann/events/y',
      undefined,
      200,
      { state: 'refused', earned: 0, effects: [], problem: { code: 'EVENT_TOO_LATE' } },
    ],
    [
      'GET /v1/members/ann/events/y/why?lang=zh',
      undefined,
      200,
      { lines: [/共 0 积分/, '事件被拒绝：EVENT_TOO_LATE。'], decided: [] },
    ],
    ['POST /v1/events', bought(1, 'y2', { time: 'soon' }), 400, { field: 'time' }],
    [
      'POST /v1/events',
      bought(1, 'z', { attributes: { amount: 1, color: 'red' } }),
      422,
      { code: 'EVENT_ATTRIBUTE_INVALID', field: 'attributes.color' },
    ],
    [
      'POST /v1/events',
      bought(1, 'z2', { lines: [{ line: 'a', amount: 2 }] }),
      422,
      { field: 'lines' },
    ],
    ['POST /v1/events', bought(1, 'z3', { lines: [{ line: 'a' }] }), 400, { field: 'lines' }],
    ['POST /v1/events', { ...bought(1, 'z4'), plan: {} }, 400, { field: 'plan' }],
    ['POST /v1/events', { ...bought(1, 'z4'), body: {} }, 400, { field: 'body' }],
    ['POST /v1/events/x/returns', { owner: 'ann', event: 'y' }, 400, { field: 'event' }],
    [
      'POST /v1/events/x/returns',
      { owner: 'ann' },
      404,
      { code: 'EVENT_NOT_FOUND', field: 'event' },
    ],
    ['POST /v1/events/%00/returns', { owner: 'ann' }, 400],
    ['GET /v1/members/ann/events/%zz', undefined, 400],
    ['GET /v1/members/ann?programme=%20', undefined, 400, { field: 'programme' }],
    ['GET /v1/members/ann?programme=shop&programme=club', undefined, 400],
  ];
  for (const [request, sent, status, expected] of rows) {
    const answer = await ask(request, sent);
    t.equal(answer.status, status, `${request} ${JSON.stringify(sent)}: ${answer.text}`);
    if (expected !== undefined) t.match(answer.body, expected, request);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SPOILT),
      fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 }),
      async ([request, good], bad) => {
        const { status, text } = await ask(request, { ...good, ...bad });
        if (status >= 500 || text === '') throw new Error(`${status} ${text}`);
      },
    ),
    { numRuns: 250, seed: 7 },
  );
  t.equal((await ask('POST /v1/events', bought(1, 'last'))).status, 201, 'it still works');
});

const FIELDS = [
  ...[
    '__proto__',
    'constructor',
    'owner',
    'id',
    'programme',
    'type',
    'time',
    'attributes',
    'lines',
  ],
  ...[
    'amount',
    'event',
    'profile',
    'tier',
    'until',
    'kind',
    'ref',
    'memo',
    'metadata',
    'asset',
    'zone',
  ],
];
const SPOILT: readonly (readonly [request: string, good: object])[] = [
  ['POST /v1/events', bought(3, 'spoilt')],
  ['POST /v1/events?dryRun=true', event('SIGN', 'spoilt')],
  ['POST /v1/events/spoilt/returns', { owner: 'ann' }],
  ['PUT /v1/members/ann/profile', { programme: 'club', profile: { city: 'x' } }],
  ['PUT /v1/members/ann/tier', { programme: 'shop', tier: 'shop.gold' }],
  ['PUT /v1/programmes/other', { asset: 'points', zone: 'UTC' }],
];

t.test('what is said of refusals of acts is of their own refusals and fields', async (t) => {
  for (const [name, fields] of Object.entries(FAULTS)) {
    const act = callerAct(name);
    for (const [code, field] of Object.entries(fields)) {
      t.ok(act.refusals.includes(code as never), `${name} refuses ${code}`);
      t.ok(Object.hasOwn(act.body, field), `${name} has ${field}`);
    }
  }
});
