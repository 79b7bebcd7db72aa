// Goods over HTTP: found, sorted, paged, priced for a member; what is for whom; what is refused, and that it costs no look at a shard.

import t from 'tap';
import { type Engine, limits, type OpenOptions, open } from '../../engine/index.js';
import { connect } from '../../gateway/client/node.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { shop } from './shop.js';

const MINUTE_MS = 60_000;
const GOODS = { programme: 'shop', delivery: 'physical' };
const now = Date.now();

/** How often the ledger was asked anything for an answer, by what. */
const asked = new Map<string, number>();
const COUNTED = ['as', 'definition', 'definitions', 'balance', 'member', 'record'] as const;

/** An engine that counts what it is asked. */
async function counting(options: OpenOptions): Promise<Engine> {
  const engine = await open(options);
  const count = (name: string): void => void asked.set(name, (asked.get(name) ?? 0) + 1);
  const { own } = engine;
  const pool: typeof own.pool = (...of) => {
    count('pool');
    return own.pool(...of);
  };
  for (const name of COUNTED) {
    const call = (engine[name] as (...of: unknown[]) => unknown).bind(engine);
    Object.assign(engine, {
      [name]: (...of: unknown[]) => {
        count(name);
        return call(...of);
      },
    });
  }
  return Object.assign(engine, { own: { ...own, pool } });
}

const of = await shop(
  t,
  [
    ['goods/cup', { ...GOODS, price: 300, name: '便携咖啡杯 Coffee cup', category: 'home' }],
    ['goods/phone', { ...GOODS, price: 9_000, name: '华为手机 256GB', category: 'phones' }],
    ['goods/case', { ...GOODS, price: 200, name: '手机壳', category: 'phones' }],
    [
      'goods/card',
      { ...GOODS, price: 1_000, delivery: 'card', cardAmount: 500, name: 'Gift card' },
    ],
    ['goods/gold', { ...GOODS, price: 50, name: 'Lounge', tiers: ['shop.gold'] }],
    ['goods/rich', { ...GOODS, price: 60, name: 'Rich', audience: 'member.available > 5000' }],
    ['goods/old', { ...GOODS, price: 10, name: 'Old', to: now - MINUTE_MS }],
    ['goods/new', { ...GOODS, price: 10, name: 'New', from: now + 60 * MINUTE_MS }],
    ['goods/few', { ...GOODS, price: 70, name: 'Few', stockAsset: 'points' }],
  ],
  3,
  {},
  {},
  { openEngine: counting },
);

const ALL = ['card', 'case', 'cup', 'few', 'gold', 'phone', 'rich'];
const list = async (query: string) =>
  (await of.ask(`GET /v1/goods?programme=shop&${query}`)) as {
    readonly status: number;
    readonly body: any;
  };
const keys = ({ body }: { readonly body: any }): string[] =>
  body.goods.map((one: any) => one.goods);

await until('all goods are shown', async () => (await list('limit=100')).body.total === 7);

t.test(
  'goods are found by every part of a Chinese name, by words, and by how they begin',
  async (t) => {
    const rows: [string, string[]][] = [
      ['手机', ['case', 'phone']],
      ['手机壳', ['case']],
      ['机壳', ['case']],
      ['手', ['case', 'phone']],
      ['华为 256gb', ['phone']],
      ['华为256', ['phone']],
      ['咖啡 coffee', ['cup']],
      ['ＣＯＦＦＥＥ', ['cup']],
      ['cof', ['cup']],
      ['cofee', ['cup']],
      ['phones', ['case', 'phone']],
      ['gift card', ['card']],
      ['咖啡 phone', []],
      ['???', []],
      ['壳手', []],
    ];
    for (const [q, expected] of rows) {
      const found = await list(`q=${encodeURIComponent(q)}`);
      t.same(keys(found).sort(), expected, q);
    }
  },
);

t.test('the nearest is first, and among those the shortest name', async (t) => {
  t.same(keys(await list(`q=${encodeURIComponent('手机')}`)), ['case', 'phone']);
  t.same(keys(await list('q=c')), []);
});

t.test('category, price, sorting', async (t) => {
  t.same(keys(await list('sort=goods')), ALL);
  t.same(keys(await list('sort=price')), ['gold', 'rich', 'few', 'case', 'cup', 'card', 'phone']);
  t.same(keys(await list('sort=-price&limit=2')), ['phone', 'card']);
  t.same(keys(await list('category=phones&sort=price')), ['case', 'phone']);
  t.same(keys(await list('priceMin=60&priceMax=300&sort=price')), ['rich', 'few', 'case', 'cup']);
  t.same(keys(await list('category=nothing')), []);
  const counted = [
    { category: 'home', goods: 1 },
    { category: 'phones', goods: 2 },
  ];
  const { body } = await list('categories=true&category=phones');
  t.match(body, { total: 2, categories: counted }, 'of all categories, whichever is asked for');
  t.same(
    (await list('categories=true&priceMax=200')).body.categories,
    [counted[1]].map((one) => ({ ...one, goods: 1 })),
  );
  t.notOk((await list('limit=1')).body.categories);
});

t.test('pages: each once, whatever they are sorted by', async (t) => {
  for (const sort of ['goods', 'price', '-price', 'newest']) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await list(`sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`);
      t.equal(body.total, 7);
      seen.push(...keys({ body }));
      cursor = body.cursor ?? '';
    } while (cursor !== '');
    t.same([...seen].sort(), ALL, sort);
  }
});

t.test('a member sees what is for him, at his price, and what he can afford', async (t) => {
  await of.ask('POST /v1/transfers', {
    kind: 'T',
    ref: 'vip',
    legs: [{ from: '@issue', to: 'vip', asset: 'points', amount: 6_000 }],
  });
  const granted = await of.ask('PUT /v1/members/vip/tier', {
    programme: 'shop',
    tier: 'shop.gold',
  });
  t.equal(granted.status, 200, granted.text);
  t.same(keys(await list('owner=vip&sort=goods')), ALL);
  t.same(keys(await list('owner=nobody&sort=goods')), ['card', 'case', 'cup', 'few', 'phone']);
  t.same(keys(await list('owner=vip&affordable=true&sort=-price&limit=1')), ['card']);
  t.same(keys(await list('owner=nobody&affordable=true')), []);
  const { body } = await of.ask('GET /v1/goods/cup?owner=vip');
  t.match(body, { price: 270, points: 300, factors: { tier: 90, sale: 100, stock: 100 } });
  t.match(body, { affordable: true, state: 'open', asset: 'points', category: 'home' });
  const hidden = await of.ask('GET /v1/goods/gold?owner=nobody');
  t.match([hidden.status, hidden.body.code], [404, 'DEFINITION_NOT_FOUND']);
});

t.test('options: what the balance allows, and what is lacking', async (t) => {
  await of.ask('POST /v1/transfers', {
    kind: 'T',
    ref: 'opt',
    legs: [{ from: '@issue', to: 'opt', asset: 'points', amount: 500 }],
  });
  const all = await of.ask('GET /v1/members/opt/options?programme=shop');
  t.equal(all.body.available, 500);
  t.same(
    all.body.options.map((one: any) => [one.goods, one.affordable, one.lacks]),
    [
      ['few', true, undefined],
      ['case', true, undefined],
      ['cup', true, undefined],
      ['card', false, 500],
      ['phone', false, 8_500],
    ],
  );
  const one = await of.ask('GET /v1/members/opt/options?programme=shop&goods=cup');
  t.match(one.body.options, [{ goods: 'cup', price: 300 }]);
  const rows: [string, number, string, string][] = [
    ['opt/options?programme=shop&goods=card', 422, 'POINTS_SHORT', 'goods'],
    ['opt/options?programme=shop&goods=nothing', 404, 'DEFINITION_NOT_FOUND', 'goods'],
    ['opt/options?programme=shop&goods=gold', 404, 'DEFINITION_NOT_FOUND', 'goods'],
    ['opt/options?programme=nothing', 404, 'DEFINITION_NOT_FOUND', 'programme'],
    ['opt/options', 400, 'QUERY_INVALID', 'programme'],
  ];
  for (const [path, status, code, field] of rows) {
    const { status: is, body } = await of.ask(`GET /v1/members/${path}`);
    t.match([is, body.code, body.field], [status, code, field], path);
  }
});

t.test('an unknown key, and an unknown programme, cost no look at a shard', async (t) => {
  await of.ask('GET /v1/goods/nothing');
  asked.clear();
  for (let i = 0; i < 50; i++) {
    const { status, body } = await of.ask(`GET /v1/goods/nothing-${i}?owner=ann`);
    t.match([status, body.code, body.field], [404, 'DEFINITION_NOT_FOUND', 'goods']);
  }
  const { status } = await of.ask('GET /v1/goods?programme=nothing&owner=ann');
  t.equal(status, 404);
  // What looks after the ledger beside it asks now and then, too.
  t.same(
    [...asked].filter(([, times]) => times >= 25),
    [],
  );
});

t.test('what is left is looked up once, however many ask', async (t) => {
  asked.clear();
  const all = await Promise.all(Array.from({ length: 50 }, () => of.ask('GET /v1/goods/few')));
  for (const { body } of all) t.equal(body.left, 0);
  t.ok((asked.get('pool') ?? 0) <= 2, String(asked.get('pool')));
});

t.test('what is shown is what an order costs', async (t) => {
  for (const owner of ['vip', 'opt'])
    for (const goods of ['cup', 'few', 'card', 'gold', 'rich']) {
      const shown = await of.ask(`GET /v1/goods/${goods}?owner=${owner}`);
      const quote = await of.ask('POST /v1/quotes', { owner, goods });
      if (shown.status === 200) t.equal(quote.body.price, shown.body.price, `${owner} ${goods}`);
      else t.match(quote.body, { code: 'NOT_ELIGIBLE' }, `${owner} ${goods}`);
    }
});

t.test('who waits for goods is told once that there are pieces', async (t) => {
  const wait = (owner: string, id: string, goods = 'few') =>
    of.ask(`POST /v1/goods/${goods}/waiting`, { owner, id });
  const told = async (owner: string, since: number) =>
    (await of.ask(`GET /v1/accounts/${owner}/transfers/goods-back:few:${since}`)).body;
  t.match(await wait('opt', 'W0', 'cup'), { status: 422, body: { code: 'GOODS_ENDLESS' } });
  t.match(await wait('opt', 'W00', 'none'), {
    status: 404,
    body: { code: 'DEFINITION_NOT_FOUND' },
  });
  t.match(await wait('nobody', 'W0', 'gold'), { status: 422, body: { code: 'NOT_ELIGIBLE' } });
  const since = new Map<string, number>();
  for (let i = 0; i < 20; i++) {
    const { status, body, text } = await wait(`w${i}`, 'W1');
    t.equal(status, 201, text);
    since.set(`w${i}`, body.act.effects[0].until - 90 * limits.DAY_MS);
  }
  t.match(await wait('w0', 'W1'), { status: 200, body: { replayed: true } });
  t.match(await wait('w0', 'W2'), { status: 409, body: { code: 'WAITING_ALREADY' } });
  const withdrawn = await of.ask('POST /v1/accounts/w1/transfers/W1/reverse', { id: 'R1' });
  t.equal(withdrawn.status, 201, withdrawn.text);
  await of.ask('POST /v1/goods/few/stock', { pieces: 5, reason: 'come' });
  for (const [owner, time] of since) {
    if (owner === 'w1') continue;
    const one = await until(`${owner} is told`, async () => {
      const found = await told(owner, time);
      return found.state === 'posted' && found;
    });
    t.match(one.outcome.act.effects, [{ type: 'goodsBack', goods: 'few', since: time }]);
  }
  t.equal((await told('w1', since.get('w1')!)).code, 'TRANSFER_NOT_FOUND');
  const late = await of.ask('POST /v1/accounts/w2/transfers/W1/reverse', { id: 'R2' });
  t.match(late, { status: 409, body: { code: 'WAITING_OVER' } });
  const anew = await wait('w2', 'W3');
  t.equal(anew.status, 201, 'who was told may wait anew');
});

t.test('a new version shows from the moment on at which it decides', async (t) => {
  const document = { ...GOODS, price: 310, name: '便携咖啡杯 Coffee mug', category: 'home' };
  const said = await of.ask('PUT /v1/definitions/goods/cup', { state: 'active', document });
  t.equal(said.status, 200);
  t.match((await of.ask('GET /v1/goods/cup')).body, { price: 300, version: 1 });
  await of.ask('PUT /v1/definitions/goods/case', { state: 'retired' });
  of.later(11_000);
  await until('it shows', async () => (await of.ask('GET /v1/goods/cup')).body.price === 310);
  t.match((await of.ask('GET /v1/goods/cup')).body, { version: 2, name: '便携咖啡杯 Coffee mug' });
  t.same(keys(await list('q=mug')), ['cup']);
  t.same(keys(await list('q=cup')), ['cup'], 'its key is still so');
  t.same(keys(await list(`q=${encodeURIComponent('手机')}`)), ['phone']);
  t.equal((await of.ask('GET /v1/goods/case')).status, 404);
  const sale = {
    programme: 'shop',
    percent: 50,
    from: now,
    to: now + 60 * MINUTE_MS,
    goods: ['cup'],
  };
  await of.ask('PUT /v1/definitions/sale/half', { state: 'active', document: sale });
  of.later(11_000);
  await until('on sale', async () => (await of.ask('GET /v1/goods/cup')).body.price === 155);
});

t.test('hostile questions are refused with the field, or find nothing', async (t) => {
  const long = 'x'.repeat(101);
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const rows: [string, string, string][] = [
    ['', 'QUERY_INVALID', 'programme'],
    ['programme=..', 'DEFINITION_KEY_INVALID', 'programme'],
    ['programme=shop&q=', 'QUERY_INVALID', 'q'],
    [`programme=shop&q=${long}`, 'QUERY_INVALID', 'q'],
    ['programme=shop&limit=0', 'QUERY_INVALID', 'limit'],
    ['programme=shop&limit=101', 'QUERY_INVALID', 'limit'],
    ['programme=shop&limit=1e2', 'QUERY_INVALID', 'limit'],
    ['programme=shop&sort=name', 'QUERY_INVALID', 'sort'],
    ['programme=shop&priceMin=-1', 'QUERY_INVALID', 'priceMin'],
    ['programme=shop&priceMax=9007199254740992', 'QUERY_INVALID', 'priceMax'],
    ['programme=shop&affordable=true', 'QUERY_INVALID', 'affordable'],
    ['programme=shop&affordable=yes&owner=ann', 'QUERY_INVALID', 'affordable'],
    ['programme=shop&owner=%40issue', 'OWNER_INVALID', 'owner'],
    ['programme=shop&unknown=1', 'QUERY_INVALID', 'unknown'],
    ['programme=shop&cursor=!!', 'CURSOR_INVALID', 'cursor'],
    [`programme=shop&cursor=${cursor(['price', 1, 'a'])}`, 'CURSOR_INVALID', 'cursor'],
    [`programme=shop&cursor=${cursor(['newest', 1.5, 'a'])}`, 'CURSOR_INVALID', 'cursor'],
    [`programme=shop&cursor=${cursor(['newest', 1, { a: 1 }])}`, 'CURSOR_INVALID', 'cursor'],
    [`programme=shop&cursor=${cursor(null)}`, 'CURSOR_INVALID', 'cursor'],
  ];
  for (const [query, code, field] of rows) {
    const { status, body } = await of.ask(`GET /v1/goods?${query}`);
    t.match([status < 500, body.code, body.field], [true, code, field], query);
  }
  for (const q of [
    '%F0%9F%8D%8E',
    '%00',
    '__proto__',
    'constructor',
    '%27%22%3C',
    '*',
    '.*',
    'a'.repeat(100),
  ]) {
    const { status, text } = await of.ask(`GET /v1/goods?programme=shop&q=${q}`);
    t.equal(status, 200, text);
  }
  for (const key of ['__proto__', 'constructor', 'toString'])
    t.equal((await of.ask(`GET /v1/goods/${key}`)).status, 404, key);
});

t.test('who may look: what a member has a token for is for that member', async (t) => {
  const mine = await operator(of, ['read'], { owner: 'ann' });
  const other = await of.ask('GET /v1/goods/cup?owner=vip', undefined, mine);
  t.match([other.status, other.body.code], [403, 'OWNER_FORBIDDEN']);
  const own = await of.ask('GET /v1/goods?programme=shop&sort=goods', undefined, mine);
  t.same(keys(own), ['card', 'cup', 'few', 'phone']);
  const elsewhere = await operator(of, ['read'], { assets: ['gold'] });
  const refused = await of.ask('GET /v1/goods?programme=shop', undefined, elsewhere);
  t.match([refused.status, refused.body.code], [403, 'ASSET_FORBIDDEN']);
});

t.test('the client asks the same', async (t) => {
  const client = connect({ url: of.server.address, key: of.key });
  t.teardown(() => client.close());
  const page = await client.mall.goods({ programme: 'shop', q: 'mug' });
  t.match(page, { total: 1, goods: [{ goods: 'cup', price: 155 }] });
  t.match(await client.mall.good('cup'), { goods: 'cup' });
  t.equal(await client.mall.good('nothing'), undefined);
  t.match(await client.mall.wait('few', { owner: 'client' }), { ok: true });
  t.match(await client.mall.options('opt', { programme: 'shop', goods: 'cup' }), {
    options: [{ goods: 'cup', affordable: true }],
  });
});
