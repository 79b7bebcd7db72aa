// What is recommended: by what members with like orders took, with why; looked up once, however many ask; over HTTP as of a time, without what a
// member may not see.

import t from 'tap';
import { Mall } from '../../gateway/mall/mall.js';
import { goodsIn, Recommendations, Taken } from '../../gateway/mall/recommendations.js';
import { shownToAll } from '../../gateway/mall/shown.js';
import { isRefusal } from '../../gateway/refusal.js';
import { until } from '../until.js';
import { shop } from './shop.js';

const order = (owner: string, goods: string, state = 'pending') => ({ owner, goods, state });

t.test('what those took who took the same, the likest first, and why', async (t) => {
  const orders = [
    ...['ann', 'bob', 'cat', 'dan'].flatMap((who) => [order(who, 'tea'), order(who, 'cup')]),
    ...['ann', 'bob'].map((who) => order(who, 'pot')),
    order('ann', 'secret'),
    order('bob', 'gone', 'cancelled'),
    order('cat', 'gone', 'cancelled'),
    ...Array.from({ length: 9 }, (_, i) => order(`m${i}`, 'card')),
    order('cat', 'card'),
    order('dan', 'card'),
  ];
  const taken = new Taken(orders, 1, '0:1');
  const found = taken.recommended('eve', ['tea']);
  t.same(
    found.map(({ goods }) => goods),
    ['cup', 'pot', 'card', 'secret'],
  );
  t.same(found[0], { goods: 'cup', members: 4, because: [{ goods: 'tea', members: 4 }] });
  t.same(found[2], { goods: 'card', members: 11, because: [{ goods: 'tea', members: 2 }] });
  t.same(found[3]?.because, [], 'what one member alone took as well is no reason');
  t.same(taken.recommended('ann', ['tea', 'cup', 'pot', 'secret'])[0]?.goods, 'card');
  t.same(
    taken.recommended('new', []).map(({ goods }) => goods),
    ['card', 'cup', 'tea', 'pot', 'secret'],
    'of whom nothing is known: what most take',
  );
  t.same(goodsIn([order('a', 'x'), order('a', 'y', 'cancelled'), order('a', 'x')]), ['x']);
});

t.test('orders are read once, a page after the other, and never without end', async (t) => {
  let pages = 0;
  const list = async ({ cursor }: { readonly cursor?: string | undefined }) => {
    pages++;
    const orders = cursor === undefined ? [order('ann', 'tea')] : [];
    return { ok: true, orders, asOf: `0:${pages}`, cursor: 'more' } as const;
  };
  const all = new Recommendations(list, () => 7);
  const found = await Promise.all(Array.from({ length: 50 }, () => all.of('shop')));
  t.equal(pages, 200);
  const [one] = found;
  if (one === undefined || isRefusal(one)) throw new Error('refused');
  t.same([one.at, one.asOf, one.orders], [7, '0:1', 1]);
  t.equal(await all.of('shop'), one);
  t.equal(pages, 200);
});

t.test('over HTTP', async (t) => {
  const GOODS = { programme: 'shop', delivery: 'physical', price: 10 };
  const of = await shop(t, [
    ['goods/tea', { ...GOODS, name: 'Tea', category: 'drinks' }],
    ['goods/cup', { ...GOODS, name: 'Cup', price: 500 }],
    ['goods/gold', { ...GOODS, name: 'Lounge', audience: 'member.available > 400' }],
    ['goods/none', { ...GOODS, name: 'Sold out', stockAsset: 'points' }],
  ]);
  for (const owner of ['ann', 'bob', 'cat']) {
    const legs = [{ from: '@issue', to: owner, asset: 'points', amount: 1_000 }];
    await of.ask('POST /v1/transfers', { legs });
    for (const goods of owner === 'cat' ? ['tea'] : ['tea', 'gold', 'cup']) {
      const { status, text } = await of.ask('POST /v1/orders', { owner, goods });
      t.equal(status, 201, text);
    }
  }
  const path = 'GET /v1/members/cat/recommendations?programme=shop';
  await until('the orders are listed', async () => {
    const page = await of.server.engine.orders({ programme: 'shop' });
    return page.ok && page.orders.length === 7;
  });
  const { status, text, body } = await of.ask(path);
  t.equal(status, 200, text);
  t.equal(body.orders, 7);
  t.match(body, { owner: 'cat', asset: 'points', asOf: /^0:\d+,1:\d+,2:\d+$/ });
  const why = [{ goods: 'tea', members: 2 }];
  t.same(
    body.goods.map((one: any) => [one.goods, one.members, one.because, one.price]),
    [
      ['cup', 2, why, 500],
      ['gold', 2, why, 10],
    ],
  );
  const poor = await of.ask('GET /v1/members/eve/recommendations?programme=shop');
  t.same(
    poor.body.goods.map((one: any) => [one.goods, one.because]),
    [
      ['tea', []],
      ['cup', []],
    ],
  );
  const some = await of.ask(`${path.replace('cat', 'eve')}&category=drinks&limit=1`);
  t.same(some.body.goods.length, 1);
  t.same((await of.ask(`${path.replace('cat', 'eve')}&affordable=true`)).body.goods, []);
  const rows: [string, string, string][] = [
    ['cat/recommendations', 'QUERY_INVALID', 'programme'],
    ['cat/recommendations?programme=none', 'DEFINITION_NOT_FOUND', 'programme'],
    ['cat/recommendations?programme=shop&limit=0', 'QUERY_INVALID', 'limit'],
    ['@issue/recommendations?programme=shop', 'SYSTEM_OWNER', 'owner'],
  ];
  for (const [asked, code, field] of rows)
    t.match((await of.ask(`GET /v1/members/${asked}`)).body, { code, field }, asked);

  // A node that begins has ready what was ordered, before anybody asks, and nothing else.
  const { engine } = of.server;
  const mall = new Mall(engine);
  t.teardown(() => mall.close());
  mall.start();
  await until('what was ordered is kept ready', () => mall.hot.keys.length >= 3);
  t.same([...mall.hot.keys].sort(), ['cup', 'gold', 'tea']);
  const tea = mall.catalogue.good('tea', engine.now())!;
  let made = 0;
  const keeps = mall.hot.text.bind(mall.hot);
  mall.hot.text = (key, parts, make) =>
    keeps(key, parts, () => {
      made++;
      return make();
    });
  const told = await shownToAll(mall, tea, engine.now());
  t.equal(made, 0, 'it is the text that was made then');
  t.equal(told, (await of.ask('GET /v1/goods/tea')).text);
  // It was ordered three times: goods that are asked for less take nobody's place.
  for (let n = 0; n < 97; n++) mall.hot.text(`other-${n}`, [], () => '');
  mall.hot.text('once', [], () => '');
  t.notOk(mall.hot.keys.includes('once'));
  for (let n = 0; n < 2; n++) mall.hot.text('twice', [], () => '');
  t.ok(['cup', 'gold', 'tea'].every((key) => mall.hot.keys.includes(key)));
});
