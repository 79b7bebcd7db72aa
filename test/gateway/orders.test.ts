// The mall over HTTP: orders from the quote to the end, where they go to, stock, `/api/points/redeem`; and the tutorial, as it is printed.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { linesOf } from './harness.js';
import { bash } from './printed.js';
import { PROGRAM } from './program.js';
import { type Shop, shop } from './shop.js';
import { Talk } from './talk.js';

const TEA = {
  ...{ programme: 'shop', price: 100, delivery: 'physical', stockAsset: 'piece', payInMs: 60_000 },
  ...{ name: '绿茶', most: 5, image: 'https://example.com/tea.png' },
};
const GOODS: readonly (readonly [string, object])[] = [
  ['goods/tea', TEA],
  ['goods/air', { programme: 'shop', price: 7, delivery: 'physical' }],
];
const ANN = { name: '王小明', phone: '13812345678', address: '上海市南京东路1号' };

/** All shards decide by what was said last. */
async function decided(
  { ask, later }: Shop,
  owners: readonly string[],
  goods = 'air',
): Promise<void> {
  later(6_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  later(5_000);
  await until('the goods count on every shard', async () => {
    const asked = owners.map((owner) => ask('POST /v1/quotes', { owner, goods }));
    return (await Promise.all(asked)).every(({ status }) => status === 200);
  });
}

t.test(
  'an order over HTTP: quoted, held, shipped, given back; who sees where it goes to',
  async (t) => {
    const of = await shop(t, GOODS);
    const { ask, server, key, folder } = of;
    await ask('PUT /v1/assets/piece', { scale: 0 });
    const owners = ['ann', 'bob', 'a', 'b', 'c', 'd', 'e'];
    await decided(of, owners);
    for (const to of owners)
      await ask('POST /v1/transfers', {
        legs: [{ from: '@issue', to, asset: 'points', amount: 1_000 }],
      });
    const STOCK = 'POST /v1/goods/tea/stock';
    const rows: readonly [string, object | undefined, number, object?][] = [
      [STOCK, { pieces: 10 }, 400, { field: 'reason' }],
      [STOCK, { pieces: 0, reason: 'r' }, 400, { field: 'pieces' }],
      [STOCK, { pieces: 1.5, reason: 'r' }, 400, { field: 'pieces' }],
      [STOCK, { pieces: 1, reason: '' }, 400, { field: 'reason' }],
      ['POST /v1/goods/air/stock', { pieces: 1, reason: 'r' }, 400, { field: 'goods' }],
      ['POST /v1/goods/none/stock', { pieces: 1, reason: 'r' }, 404, { field: 'goods' }],
      [STOCK, { id: 'in', pieces: 10, reason: 'delivery 7' }, 201],
      [STOCK, { id: 'in', pieces: 10, reason: 'delivery 7' }, 200],
      [STOCK, { pieces: -2, reason: 'broken' }, 201],
      [STOCK, { pieces: -9, reason: 'broken' }, 422, { code: 'POINTS_SHORT' }],
      ['GET /v1/goods/tea/stock', undefined, 200, { available: 8, funded: 10 }],
      ['POST /v1/quotes', { owner: 'ann', goods: 'none' }, 404, { field: 'goods' }],
      ['POST /v1/quotes', { owner: 'ann', goods: 'tea', quantity: 6 }, 422, { field: 'quantity' }],
      ['POST /v1/quotes', { owner: 'ann', goods: 'tea', x: 1 }, 400],
      [
        'POST /v1/orders',
        { owner: 'ann', goods: 'tea', expectedPrice: 99 },
        409,
        { field: 'expectedPrice' },
      ],
      ['POST /v1/orders', { owner: 'ann', goods: 'tea', quantity: 6 }, 422, { field: 'quantity' }],
      ['POST /v1/orders', { owner: 'ann', goods: 'none' }, 404, { field: 'goods' }],
      [
        'POST /v1/orders',
        { owner: 'ann', goods: 'tea', receiver: 'x' },
        400,
        { field: 'receiver' },
      ],
      [
        'POST /v1/orders',
        { owner: 'ann', goods: 'tea', receiver: { city: 'x' } },
        400,
        { field: /^receiver/ },
      ],
      [
        'POST /v1/orders',
        {
          owner: 'ann',
          goods: 'tea',
          receiver: Object.fromEntries(
            Object.keys({ ...ANN, note: 1 }).map((name) => [name, '茶'.repeat(300)]),
          ),
        },
        400,
        { field: 'receiver' },
      ],
      ['POST /v1/orders', { owner: 'ann', goods: 'tea', price: 1 }, 400, { field: 'price' }],
      ['POST /v1/orders/nonsense/ship', { owner: 'ann' }, 404, { code: 'ORDER_NOT_FOUND' }],
      ['POST /v1/orders/0123456789ABCDEF/ship', { owner: 'ann' }, 404, { field: 'number' }],
      ['GET /v1/orders/0123456789ABCDEF?owner=ann', undefined, 404, { code: 'ORDER_NOT_FOUND' }],
      ['GET /v1/orders/0123456789ABCDEF', undefined, 400],
    ];
    for (const [request, sent, status, body = {}] of rows) {
      const answer = await ask(request, sent && structuredClone(sent));
      t.match(
        answer,
        { status, body },
        `${request} ${JSON.stringify(sent)?.slice(0, 80)} ${answer.text}`,
      );
    }
    const client = connect({ url: server.address, key });
    const {
      quote,
      price,
      total,
      until: expires,
    } = await client.mall.quote({
      ...{ owner: 'ann', goods: 'tea', quantity: 2 },
    });
    t.same([price, total], [100, 200]);
    t.ok(expires > Date.now());
    const asked = { owner: 'ann', id: 'o-1', goods: 'tea', quantity: 2, quote, receiver: ANN };
    const first = await client.mall.order(asked);
    t.match(first, { ok: true, act: { effects: [{ type: 'orderCreated', total: 200 }] } });
    const again = await client.mall.order(asked);
    t.match(again, { ok: true, replayed: true }, 'sealed alike: it is the same order');
    t.match(await client.mall.order({ ...asked, receiver: { ...ANN, note: 'x' } }), {
      code: 'ID_REUSED',
    });
    const number = String(first.ok && first.act?.effects[0]?.['number']);
    t.match(await client.mall.get(number, 'ann'), {
      ...{ number, owner: 'ann', goods: 'tea', name: '绿茶', quantity: 2, total: 200 },
      ...{ state: 'pending', stateNumber: 1, receiver: ANN, id: 'o-1', factors: { tier: 100 } },
    });
    await t.rejects(client.mall.get(number, 'bob'), { message: /ORDER_NOT_FOUND/ });
    // Nothing that is kept has it in clear.
    const log = (await ask('GET /v1/accounts/ann/transfers/o-1')).text;
    t.notMatch(log, /王小明|13812345678/);
    const reader = await operator(of, ['read']);
    const masked = await ask(`GET /v1/orders/${number}?owner=ann`, undefined, reader);
    t.match(masked.body.receiver, { name: '***', phone: '138********' });
    t.match(masked.body.receiver.address, /^上海市.\*+$/);
    const shipper = await operator(of, ['read', 'adjust']);
    t.match(
      (await ask(`GET /v1/orders/${number}?owner=ann`, undefined, shipper)).body.receiver,
      ANN,
    );
    const rival = await operator(of, ['read', 'redeem', 'adjust'], { assets: ['gold'] });
    t.equal((await ask(`GET /v1/orders/${number}?owner=ann`, undefined, rival)).status, 403);
    t.equal((await ask('POST /v1/orders', { owner: 'ann', goods: 'tea' }, rival)).status, 403);
    t.equal((await ask(`POST /v1/orders/${number}/ship`, { owner: 'ann' }, rival)).status, 403);
    const member = await operator(of, ['read', 'redeem'], { owner: 'ann' });
    t.equal((await ask(`POST /v1/orders/${number}/ship`, { owner: 'ann' }, member)).status, 403);
    t.match(
      (await ask(`GET /v1/orders/${number}?owner=ann`, undefined, member)).body.receiver,
      ANN,
    );
    t.equal((await ask('POST /v1/orders', { owner: 'bob', goods: 'tea' }, member)).status, 403);
    t.match(await client.mall.ship(number, { owner: 'ann', quantity: 1, tracking: 'SF1' }), {
      ok: true,
    });
    t.match(await client.mall.cancel(number, { owner: 'ann', reason: 'late' }), {
      ok: true,
      act: { effects: [{ type: 'orderCancelled', quantity: 1, points: 100 }] },
    });
    t.match(await client.mall.cancel(number, { owner: 'ann' }), { code: 'ORDER_STATE_INVALID' });
    t.match(await client.mall.complete(number, { owner: 'ann' }), { ok: true });
    t.match(await client.mall.get(number, 'ann'), {
      ...{ state: 'completed', stateNumber: 2, shipped: 1, cancelled: 1 },
      shipments: [{ quantity: 1, tracking: 'SF1' }],
    });
    // Held, and paid elsewhere.
    const now = Number((await ask('GET /v1/members/ann?programme=shop')).body.time);
    const held = await client.mall.order({ owner: 'ann', goods: 'tea', until: now + 30_000 });
    const other = String(held.ok && held.act?.effects[0]?.['number']);
    t.match(await client.mall.get(other, 'ann'), { state: 'held', stateNumber: 0 });
    t.match(await client.mall.confirm(other, { owner: 'ann' }), { ok: true });
    t.match(await client.mall.confirm(other, { owner: 'ann' }), { code: 'ORDER_STATE_INVALID' });
    t.match(await client.mall.cancel(other, { owner: 'ann' }), { ok: true });
    await until('its piece is back', async () => (await client.mall.stock('tea')).available === 7);
    t.match((await ask('GET /v1/accounts/ann?asset=points')).body.accounts[0], {
      available: 900,
      held: 0,
    });
    // What is sold out, says so.
    for (let n = 0; n < 7; n++) await client.mall.order({ owner: 'bob', goods: 'tea' });
    t.match(await ask('POST /v1/orders', { owner: 'bob', goods: 'tea' }), {
      status: 409,
      body: { code: 'SOLD_OUT', field: 'goods' },
    });
    const dry = await ask('POST /v1/orders?dryRun=true', {
      owner: 'ann',
      goods: 'air',
      quantity: 2,
    });
    t.match(dry, { status: 200, body: { dryRun: true, act: { effects: [{ total: 14 }] } } });
    // The stable API: a reward that is goods, for what it costs.
    const platform = await caller(of, 'club', { assets: ['points'], programme: 'shop' });
    const redeem = (body: object) =>
      platform.ask('POST /api/points/redeem', { user_id: 'ann', ...body });
    t.match(await redeem({ reward_id: 'air', amount: 8 }), {
      status: 409,
      body: { field: 'amount' },
    });
    const redeemed = await redeem({ reward_id: 'air', amount: 7, transaction_id: 'r-1' });
    t.match(redeemed, { status: 200, body: { redemption_id: 'r-1', balance: 893 } });
    t.match(redeemed.body.order, /^[0-9A-Z]{16}$/);
    t.match(await redeem({ reward_id: 'air', amount: 7, transaction_id: 'r-1' }), {
      body: { replayed: true, order: redeemed.body.order },
    });
    t.match(await redeem({ reward_id: 'tea', amount: 100 }), {
      status: 409,
      body: { field: 'reward_id' },
    });
    t.match(await redeem({ reward_id: 'nothing-known', amount: 3 }), {
      status: 200,
      body: { balance: 890 },
    });
    const back = { user_id: 'ann', original_transaction_id: 'r-1' };
    t.match(await platform.ask('POST /api/points/refund', back), {
      status: 200,
      body: { balance: 897 },
    });
    t.match((await ask(`GET /v1/orders/${redeemed.body.order}?owner=ann`)).body, {
      state: 'cancelled',
    });
    // The feed tells what has become of it, over a WebSocket and as lines alike.
    const types = ['created', 'shipped', 'cancelled', 'completed'].map(
      (what) => `exchange.${what}`,
    );
    const about = (items: readonly { readonly events?: any }[]) =>
      items.flatMap(({ events = [] }) => events).filter(({ subject }) => subject === number);
    const heard = await Promise.all(
      [0, 1, 2].map(async (shard) => {
        const lines = linesOf((await ask(`GET /v1/shards/${shard}/log`)).text);
        const logged = about(lines);
        const talk = await Talk.open(of.port, key);
        talk.send({ type: 'follow', id: 1, shard, seq: 1 });
        const told: any[] = [];
        const last = lines.at(-1)?.position;
        for (let end = ''; end !== last; ) {
          const { seq, items } = await talk.nextOf('items');
          told.push(...about(items));
          end = `${seq}.${items.at(-1).index}`;
        }
        t.same(told, logged);
        talk.close();
        return told;
      }),
    );
    t.match(
      heard.flat(),
      types.map((type) => ({ type, owner: 'ann', subject: number, data: { goods: 'tea' } })),
    );
    client.close();
    await of.server.close();
    t.same((await verifyFolder(folder, { why: true })).problems, []);
  },
);

const page = readFileSync(join(ROOT, 'ops/docs/mall.md'), 'utf8');
const script = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

t.test('the tutorial', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const of = await shop(t);
  const { server, folder } = of;
  await announceServer(folder, server.address);
  const text = script
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replace(/npx jifen (\w+ \w+)/g, `"${process.execPath}" "${PROGRAM}" $1 --folder "${folder}"`)
    // The clock of this ledger is ahead.
    .replace('$(date +%s)', '$(($(date +%s) + 60))');
  const [before = '', after = ''] = text.split('sleep 11\n');
  const said = await bash(before);
  t.equal(said.code, 0, said.err);
  const key = /^KEY=[\s\S]*?^api\(\).*\n/m.exec(before)?.[0] ?? '';
  await decided(of, ['alice', 'a', 'b', 'c', 'd', 'e'], 'cup');
  const { code, out, err } = await bash(key + after);
  t.equal(code, 0, err);
  t.match(err, /ORDER_STATE_INVALID/);
  const told = out.split(/(?<=^[}\]])\n|(?<=[}\]])\n(?=[{[])/m);
  const values = told.filter((one) => one.trim() !== '').map((one) => JSON.parse(one));
  const order = (more: object) => ({ act: { effects: [more] } });
  t.match(values, [
    { ok: undefined },
    {},
    {},
    // The last cup is scarce, as soon as that is said.
    { price: Number, factors: { sale: 80 } },
    order({ type: 'orderCreated', quantity: 2, price: 100, total: 200 }),
    { code: 'PRICE_DIFFERS', field: 'expectedPrice' },
    { code: 'GOODS_LIMIT', field: 'quantity' },
    { state: 'pending', stateNumber: 1, name: 'Green tea', total: 100 },
    order({ type: 'orderCancelled', quantity: 1, points: 100 }),
    order({ type: 'orderShipped', quantity: 1, left: 1 }),
    order({ type: 'orderCancelled', quantity: 1, points: 100, state: 'pending' }),
    order({ type: 'orderCompleted', quantity: 1 }),
    { available: 99, funded: 100 },
    order({ type: 'orderCreated', state: 'held', price: Number }),
    { code: 'SOLD_OUT', field: 'goods' },
    order({ type: 'orderConfirmed', points: Number }),
    { state: 'pending', paidBy: /./ },
    { total: 1, goods: [{ goods: 'tea', left: 99 }] },
    { goods: [{ goods: 'ebook' }, { goods: 'tea', affordable: true }, { goods: 'cup' }] },
    { owner: 'alice', options: [{ goods: 'ebook' }, { goods: 'tea', price: 100 }, {}] },
    { owner: 'alice', goods: [] },
    order({ type: 'goodsWait', goods: 'cup' }),
    {},
    { goods: 'ebook', added: 2, known: 0, repeated: 0 },
    { state: 'completed', codes: [/^BOOK-/] },
    // The last one is scarce, too, where that has been said.
    order({ type: 'orderCreated', total: Number, cards: 60 }),
    { balance: 10, state: 'active' },
    { free: 0, given: 2, low: true },
    { added: 1, known: 1 },
    { withdrawn: 1, given: 1 },
  ]);
  t.equal(values.length, 30);
});
