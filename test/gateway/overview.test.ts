// What is looked up of the whole ledger, over HTTP: members, search, a member's time, what waits, what is to be sent, costs, status. Owns: one shop, drawn
// pages. Never touches: the register by itself (../projections/register.test.ts).

import t from 'tap';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { bare } from './harness.js';
import { shop } from './shop.js';

const event = (owner: string, type: string, id: string, more: object = {}) => ({
  ...{ programme: 'shop', owner, type, id },
  ...more,
});
const DAY_MS = 86_400_000;

t.test('members, search, time, costs and what waits', async (t) => {
  const began = Date.now();
  const served = await shop(t, [
    [
      'campaign/double',
      { programme: 'shop', multiplier: 200, from: began - 2 * DAY_MS, to: began + 2 * DAY_MS },
    ],
    ['correction/large', { asset: 'points', mostUp: 900, mostDown: 900, secondFrom: 100 }],
    ['goods/mug', { programme: 'shop', price: 10, delivery: 'physical', name: '=Mug' }],
  ]);
  const { ask, server } = served;
  const done = async (request: string, body?: unknown) => {
    const answer = await ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  await done('POST /v1/events', event('ann', 'REGISTER', 'ev-1'));
  await done('POST /v1/events', event('ann', 'CONSUME', 'ev-2', { attributes: { amount: 101 } }));
  await done('POST /v1/events', event('bob', 'REGISTER', 'ev-3'));
  const legs = [{ from: 'ann', to: 'bob', asset: 'points', amount: 5 }];
  await done('POST /v1/transfers', { id: 'T-1', legs, memo: '<b>hi</b>' });
  const short = [{ from: 'bob', to: '@redeem', asset: 'points', amount: 9_999_999 }];
  await ask('POST /v1/transfers', { id: 'T-2', legs: short });
  await done('POST /v1/accounts/ann/assets/points/freeze', { id: 'F-1' });
  await done('POST /v1/accounts/ann/assets/points/unfreeze', { id: 'F-2' });
  const one = await operator(served, ['adjust', 'read', 'view']);
  const adjust = {
    ...{ owner: 'ann', case: 'case-1' },
    body: { correction: 'large', give: 500, reason: 'lost', operator: 'kim', case: 'case-1' },
  };
  const proposed = { owner: 'ann', id: 'A-1', body: adjust.body };
  const by = (headers: Record<string, string>, request: string, body?: unknown) =>
    bare(server.address, request, body, headers);
  t.equal((await by(one, 'POST /v1/acts/adjust', proposed)).status, 201);
  await done('POST /v1/platforms', {
    ...{ id: 'other', name: 'Other', assets: ['points'], operations: ['read'] },
  });
  await done('POST /v1/platforms/other/users/u77', { identity: 'ann' });

  await t.test('members by name, whatever the size of a page', async (t) => {
    for (const limit of [1, 2, 50]) {
      const all: string[] = [];
      for (let cursor = ''; ; ) {
        const page = await done(`GET /v1/members?limit=${limit}${cursor}`);
        t.equal(page.behind, 0);
        all.push(...page.members.map(({ owner }: { owner: string }) => owner));
        if (page.cursor === undefined) break;
        cursor = `&cursor=${page.cursor}`;
      }
      t.same(all, ['ann', 'bob']);
    }
    const { members } = await done('GET /v1/members?prefix=bo');
    t.match(members, [{ owner: 'bob', accounts: [{ asset: 'points' }] }]);
    t.equal((await ask('GET /v1/members?cursor=%00')).status, 400);
  });

  await t.test('whatever somebody has in hand', async (t) => {
    const rows: readonly (readonly [q: string, found: readonly object[]])[] = [
      ['ann', [{ type: 'member', match: 'exact', owner: 'ann' }]],
      [' an ', [{ type: 'member', match: 'prefix', owner: 'ann' }]],
      ['@issue', [{ type: 'system-owner', owner: '@issue' }]],
      ['u77', [{ type: 'user', system: 'other', owner: 'ann' }]],
      ['ev-2', [{ type: 'event', owner: 'ann', act: 'event', state: 'ok' }]],
      ['T-1', [{ type: 'transfer', owner: 'ann', state: 'ok' }]],
      ['T-2', [{ type: 'transfer', owner: 'bob', state: 'POINTS_SHORT' }]],
      ['F-1', [{ type: 'command', owner: 'ann' }]],
      ['double', [{ type: 'definition', kind: 'campaign' }]],
      ['other', [{ type: 'platform', key: 'other' }]],
      ['nothing at all', []],
      ['%', []],
      ["'; DROP TABLE", []],
      ['\u0000', []],
      ['ann ', [{ type: 'member', owner: 'ann' }]],
      ['13800138000', []],
      ['a@b.example', []],
      ['ABCD-EFGH-JKLM-NPQR', []],
      ['0123456789ABCDEF', []],
      ['../..', []],
    ];
    const P = 'PUT /v1/members/ann/contact';
    await ask(P, { phone: '+8613800138001', email: 'Ann@Mail.example' });
    await ask(P, { phone: '+8613800138002', email: 'Ann@Mail.example' });
    const reached = [{ type: 'contact', match: 'exact', owner: 'ann' }];
    const addresses = [
      ['+8613800138001', []],
      ['+86 138-0013-8002', reached],
      ['13800138002', []],
      ['ann@mail.example ', reached],
      ['nn@mail.example', []],
    ] as const;
    for (const [q, found] of [...rows, ...addresses]) {
      const { status, body } = await ask(`GET /v1/search?q=${encodeURIComponent(q)}`);
      t.equal(status, 200, q);
      t.match(body.results, found, q);
      t.equal(body.results.length, found.length, q);
    }
    await ask('DELETE /v1/members/ann/contact');
    t.same((await ask('GET /v1/search?q=ann@mail.example')).body.results, [], 'forgotten');
    for (const q of ['', '%20', 'x'.repeat(129)])
      t.equal((await ask(`GET /v1/search?q=${q}`)).status, 400, q);
  });

  await t.test(
    'a member’s time: the same in pages of any size, nothing twice, nothing left out',
    async (t) => {
      const whole = (await done('GET /v1/members/ann/timeline?limit=200')).items;
      for (const limit of [1, 2, 3, 7]) {
        const items: object[] = [];
        for (let cursor = '', pages = 0; pages < 50; pages++) {
          const page = await done(`GET /v1/members/ann/timeline?limit=${limit}${cursor}`);
          items.push(...page.items);
          if (page.cursor === undefined) break;
          cursor = `&cursor=${page.cursor}`;
        }
        t.same(items, whole, `pages of ${limit}`);
      }
      const { entries } = await done('GET /v1/accounts/ann/entries?asset=points&limit=1000');
      const versions = whole.flatMap((item: { entries: { version: number }[] }) =>
        item.entries.map(({ version }) => version),
      );
      t.same(
        versions,
        entries.map(({ version }: { version: number }) => version),
      );
      const told = whole.map(({ id, act, operation }: Record<string, unknown>) =>
        [id, act ?? operation].join(' '),
      );
      for (const one of ['A-1 adjust', 'F-2 unfreeze-account', 'F-1 freeze-account', 'ev-2 event'])
        t.equal(told.filter((text: string) => text === one).length, 1, one);
      const [ofEvent] = whole.filter(({ id }: { id: string }) => id === 'ev-2');
      t.match(ofEvent, { by: 'administrator', outcome: 'ok', why: { paid: [], times: [] } });
      t.match((await done('GET /v1/members/bob/timeline')).items, [
        { id: 'T-2', outcome: 'POINTS_SHORT', problem: { code: 'POINTS_SHORT' } },
      ]);
      const first = whole.at(-1).at;
      const range = await done(`GET /v1/members/ann/timeline?from=${first}&to=${first + 1}`);
      t.ok(range.items.length > 0 && range.items.every(({ at }: { at: number }) => at === first));
      t.same((await done('GET /v1/members/nobody/timeline')).items, []);
      const hostile = ['x', 'W10', Buffer.from('[{"../":1},null,null]').toString('base64url')];
      for (const cursor of [...hostile, Buffer.from('[[],1,{}]').toString('base64url')])
        t.equal((await ask(`GET /v1/members/ann/timeline?cursor=${cursor}`)).status, 400, cursor);
    },
  );

  await t.test('what waits, until a second person agrees', async (t) => {
    const waits = await done('GET /v1/approvals?type=adjustment');
    t.match(waits.approvals, [
      {
        ...{ type: 'adjustment', owner: 'ann', case: 'case-1', id: 'A-1', give: 500, take: 0 },
        ...{ asset: 'points', correction: 'large', operator: 'kim', reason: 'lost' },
      },
    ]);
    const draft = {
      state: 'draft',
      document: { programme: 'shop', multiplier: 150, from: 1, to: 2 },
    };
    await done('PUT /v1/definitions/campaign/later', draft);
    const all = (await done('GET /v1/approvals')).approvals;
    t.match(
      all.map(({ type, key }: Record<string, unknown>) => `${type} ${key}`),
      ['adjustment undefined', 'definition later'],
    );
    const two = await operator(served, ['adjust']);
    const agreed = { owner: 'ann', id: 'A-2', body: adjust.body };
    t.equal((await by(two, 'POST /v1/acts/adjust', agreed)).status, 201);
    t.same((await done('GET /v1/approvals?type=adjustment')).approvals, []);
    t.equal((await ask('GET /v1/approvals?cursor=W10')).status, 400);
  });

  await t.test('events, and what a campaign costs', async (t) => {
    const { events } = await done('GET /v1/events?programme=shop&type=CONSUME');
    t.match(events, [{ owner: 'ann', event: 'ev-2', outcome: 'ok', by: 'administrator' }]);
    t.same((await done('GET /v1/events?type=NONE')).events, []);
    const cost = await done('GET /v1/campaigns/double/cost');
    // 101 points doubled; what the two got who registered is multiplied by nothing.
    t.match(cost, { programme: 'shop', asset: 'points', state: 'running', events: 3, members: 2 });
    t.equal(cost.cost, 101);
    t.equal(cost.points, 2 * cost.cost);
    t.equal(
      cost.days.reduce((sum: number, day: { cost: number }) => sum + day.cost, 0),
      cost.cost,
    );
    t.ok(cost.forecast.low >= cost.cost && cost.forecast.high >= cost.forecast.cost);
    t.equal((await ask('GET /v1/campaigns/none/cost')).status, 404);
    // Of the 202 points of ev-2 the half goes back, then the rest.
    const back = async (amount: number | undefined, id: string) => {
      await done('POST /v1/events/ev-2/returns', { owner: 'ann', id, amount });
      const { cost: left, points, back: gone, days } = await done('GET /v1/campaigns/double/cost');
      t.equal(days[0].cost + days[0].back, cost.cost, 'on the day of the event');
      return [left, points, gone];
    };
    t.same(await back(51, 'R-1'), [50, 100, 51]);
    t.same(await back(undefined, 'R-2'), [0, 0, 101]);
  });

  await t.test('orders that are to be sent, and their file', async (t) => {
    const receiver = { name: '=HYPERLINK("x")', phone: '13800138000', address: 'Road 1, "A"' };
    const order = await done('POST /v1/orders', {
      owner: 'bob',
      goods: 'mug',
      id: 'O-1',
      receiver,
    });
    const [{ number }] = order.act.effects.filter(
      ({ type }: { type: string }) => type === 'orderCreated',
    );
    const found = await until('it is to be sent', async () => {
      const page = await done('GET /v1/fulfilment');
      return page.orders.length === 1 && page.orders[0];
    });
    t.match(found, { number, owner: 'bob', goods: 'mug', name: '=Mug', open: 1, receiver });
    const viewer = await operator(served, ['view', 'read']);
    const masked = (await by(viewer, 'GET /v1/fulfilment')).body.orders[0];
    t.not(masked.receiver.phone, receiver.phone);
    const { text } = await ask('GET /v1/fulfilment.csv');
    t.ok(text.includes(`'=Mug`) && text.includes(`"'=HYPERLINK(""x"")"`), text);
    t.match(await done(`GET /v1/search?q=${number.toLowerCase()}`), {
      results: [{ type: 'order', key: number, owner: 'bob', state: 'pending' }],
    });
    t.match((await done('GET /v1/orders?order=oldest&goods=mug')).orders, [{ number }]);
    await done(`POST /v1/orders/${number}/ship`, { owner: 'bob', quantity: 1 });
    await until('nothing is to be sent', async () => {
      const page = await done('GET /v1/fulfilment');
      return page.orders.length === 0;
    });
  });

  await t.test('lists with filters', async (t) => {
    const keys = async (query: string) =>
      (await done(`GET /v1/definitions/rule?${query}`)).definitions.map(
        ({ key }: { key: string }) => key,
      );
    const all = await keys('limit=100');
    const paged: string[] = [];
    for (let cursor = '', pages = 0; pages < 100; pages++) {
      const page = await done(`GET /v1/definitions/rule?programme=shop&limit=2${cursor}`);
      paged.push(...page.definitions.map(({ key }: { key: string }) => key));
      if (page.cursor === undefined) break;
      cursor = `&cursor=${page.cursor}`;
    }
    t.same(paged, all);
    t.same(await keys('q=consUME'), ['shop.CONSUME']);
    t.same(await keys('state=retired'), []);
    t.same(await keys('programme=none'), []);
    const audit = async (query: string) =>
      (await done(`GET /v1/audit?${query}`)).records.map(({ id }: { id: string }) => id);
    t.same(await audit('act=adjust'), ['A-2', 'A-1']);
    t.same(await audit('outcome=refused&operation=transfer'), ['T-2']);
    t.same(await audit('id=ev-1'), ['ev-1']);
    t.equal((await ask('GET /v1/audit?act=none')).status, 400);
  });

  await t.test('how it is, and which backups were made', async (t) => {
    const to = `${served.folder}-copy`;
    t.equal((await ask('POST /v1/admin/backup', { to })).status, 201);
    const status = await done('GET /v1/status');
    t.match(status, { ready: true, reports: {}, backups: [{ to, by: 'administrator' }] });
    t.equal(status.shards.length, 3);
    t.ok(
      status.shards.every(({ isHere, seq }: Record<string, unknown>) => isHere && Number(seq) > 0),
    );
    t.notMatch(JSON.stringify(status), /jifen_|secret/);
  });

  await t.test('none of it is for platforms, nor for keys that are restricted', async (t) => {
    const shopper = await caller(served, 'small', { assets: ['points'] });
    const narrow = await operator(served, ['view', 'admin'], { assets: ['points'] });
    const reader = await operator(served, ['read']);
    for (const path of [
      '/v1/members',
      '/v1/search?q=ann',
      '/v1/members/ann/timeline',
      '/v1/approvals',
      '/v1/events',
      '/v1/fulfilment',
      '/v1/fulfilment.csv',
      '/v1/campaigns/double/cost',
      '/v1/status',
    ]) {
      for (const headers of [narrow, reader])
        t.equal((await by(headers, `GET ${path}`)).status, 403, path);
      t.ok([401, 403].includes((await shopper.ask(`GET ${path}`)).status), path);
    }
    const platform = await shopper.ask('GET /v1/orders');
    t.equal(platform.status, 403, 'orders of all programmes');
  });
});
