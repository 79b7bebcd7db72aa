// What users of other shops have reported of stock, orders, gift cards and vouchers, tried here: each row is a public report, and what becomes of the
// same here.

import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { until } from '../until.js';
import { type Shop, shop } from './shop.js';

const OWNERS = ['ann', 'bob', 'a', 'b', 'c', 'd', 'e', 'f'];
const TEA = { programme: 'shop', price: 10, delivery: 'physical', stockAsset: 'piece' };
const GOODS = [
  ['goods/tea', { ...TEA, payInMs: 60_000 }],
  ['goods/one', { ...TEA, limit: 2 }],
  ['goods/gift', { programme: 'shop', price: 10, delivery: 'card', cardAmount: 10 }],
  ['coupon/ONCE', { programme: 'shop', codes: 'shared', amount: 5, limit: 1 }],
] as const;

interface Answer {
  readonly status: number;
  readonly body: any;
  readonly text: string;
}

class Desk {
  readonly of: Shop;
  #n = 0;

  constructor(of: Shop) {
    this.of = of;
  }

  order(body: object, owner = 'ann', goods = 'tea'): Promise<Answer> {
    const id = `r${++this.#n}`;
    return this.of.ask('POST /v1/orders', { id, owner, goods, ...body });
  }

  async number(body: object = {}, owner = 'ann', goods = 'tea'): Promise<string> {
    const { status, text, body: told } = await this.order(body, owner, goods);
    if (status !== 201) throw new Error(text);
    return told.act.effects[0].number;
  }

  does(what: string, number: string, body: object = {}): Promise<Answer> {
    return this.of.ask(`POST /v1/orders/${number}/${what}`, { owner: 'ann', ...body });
  }

  async state(number: string, owner = 'ann'): Promise<any> {
    return (await this.of.ask(`GET /v1/orders/${number}?owner=${owner}`)).body;
  }

  async points(owner = 'ann'): Promise<number> {
    return (await this.of.ask(`GET /v1/accounts/${owner}?asset=points`)).body.accounts[0].available;
  }

  /** Once nothing is under way. */
  async left(goods = 'tea'): Promise<number> {
    const found = await until('nothing is reserved', async () => {
      const { body } = await this.of.ask(`GET /v1/goods/${goods}/stock`);
      return body.held === 0 && body;
    });
    return found.available;
  }

  stock(pieces: number, goods = 'tea'): Promise<Answer> {
    return this.of.ask(`POST /v1/goods/${goods}/stock`, { pieces, reason: 'r' });
  }

  /** So many pieces are left, whatever was there. */
  async fill(pieces: number, goods = 'tea'): Promise<void> {
    const more = pieces - (await this.left(goods));
    if (more !== 0) await this.stock(more, goods);
    // What a shard was told of the stock counts for five seconds.
    await this.later(5_100);
  }

  async later(ms: number): Promise<void> {
    this.of.later(ms);
    await this.of.server.engine.acceptClock();
  }

  async card(amount: number, more: object = {}): Promise<string> {
    const said = { programme: 'shop', amount, ...more };
    const { status, text, body } = await this.of.ask('POST /v1/cards', said);
    if (status !== 201) throw new Error(text);
    return body.code;
  }

  async balance(code: string): Promise<number> {
    return (await this.of.ask('POST /v1/cards/look-up', { code })).body.balance;
  }
}

const codes = (answers: readonly Answer[]): string[] =>
  answers.map(({ status, body }) => (status < 300 ? 'ok' : body.code)).sort();
const many = <T>(count: number, of: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => of(n)));

type Report = readonly [reported: string, is: (desk: Desk) => Promise<unknown>, should: unknown];

const REPORTS: readonly Report[] = [
  [
    'Azuriom/Plugin-Shop#285: two checkouts at once spend a card twice',
    async (desk) => {
      const code = await desk.card(10);
      const cards = [{ code, amount: 10 }];
      const all = await many(6, (n) => desk.order({ cards }, OWNERS[n], 'gift'));
      return [codes(all).filter((one) => one === 'ok').length, await desk.balance(code)];
    },
    [1, 0],
  ],
  [
    'saleor/saleor#13640: two cards on a checkout are emptied whatever it comes to',
    async (desk) => {
      const [a, b] = [await desk.card(30), await desk.card(30)];
      const cards = (some: number, more: number) => [
        { code: a, amount: some },
        { code: b, amount: more },
      ];
      const over = await desk.order({ cards: cards(9, 9) });
      const paid = await desk.order({ cards: cards(4, 6) });
      return [over.body.code, paid.status, await desk.balance(a), await desk.balance(b)];
    },
    ['CARDS_EXCEED_ORDER', 201, 26, 24],
  ],
  [
    'opencart/opencart#4811, magento/inventory#3046: two checkouts at once sell the last piece twice',
    async (desk) => {
      await desk.fill(1);
      const all = await many(8, (n) => desk.order({}, OWNERS[n]));
      return [codes(all).filter((one) => one === 'ok').length, await desk.left()];
    },
    [1, 0],
  ],
  [
    'magento/inventory#3036: an order that cannot be paid keeps its pieces',
    async (desk) => {
      await desk.fill(500);
      const { body } = await desk.order({ quantity: 90 }, 'f');
      return [body.code, await desk.left()];
    },
    ['POINTS_SHORT', 500],
  ],
  [
    'EasyAbp/EShop#221: cancelled while it is being made, more comes back than was taken',
    async (desk) => {
      await desk.fill(50);
      const had = await desk.points();
      for (let n = 0; n < 4; n++) {
        const number = await desk.number({ quantity: 3 });
        await many(5, () => desk.does('cancel', number));
      }
      return [(await desk.points()) - had, await desk.left()];
    },
    [0, 50],
  ],
  [
    'EvanTenenbaum/terp-operator#287: a cancelled order goes on reserving',
    async (desk) => {
      await desk.fill(5);
      const now = Number((await desk.of.ask('GET /v1/members/ann?programme=shop')).body.time);
      const number = await desk.number({ quantity: 5, until: now + 30_000 });
      const sold = await desk.order({}, 'bob');
      await desk.does('cancel', number);
      await until('pieces are back', async () => (await desk.left()) === 5);
      return [sold.body.code, await desk.left()];
    },
    ['SOLD_OUT', 5],
  ],
  [
    'nopSolutions/nopCommerce#8085: changes of stock at once are lost',
    async (desk) => {
      await desk.fill(10);
      await many(12, (n) => desk.stock(n % 3 === 0 ? -1 : 2));
      return desk.left();
    },
    10 + 16 - 4,
  ],
  [
    'AnthropicBots/compressor#1215: what is given back is counted in rows, not pieces',
    async (desk) => {
      await desk.fill(9);
      await desk.does('cancel', await desk.number({ quantity: 4 }));
      return desk.left();
    },
    9,
  ],
  [
    'verbb/gift-voucher#4: a code of blanks is somebody’s',
    async (desk) => {
      await desk.card(10);
      const all = [' ', '', '\u3000', '%', '*', "' OR 1=1 --"].flatMap((code) => [
        desk.of.ask('POST /v1/cards/look-up', { code }),
        desk.order({ cards: [{ code, amount: 1 }] }),
        desk.order({ coupon: code }),
      ]);
      return (await Promise.all(all)).every(({ status }) => status >= 400 && status < 500);
    },
    true,
  ],
  [
    'pimcore/ecommerce-framework-bundle#102: a code is refused for its case or dashes',
    async (desk) => {
      const code = await desk.card(10);
      const bare = code.replaceAll('-', '');
      const typed = [
        bare,
        bare.toLowerCase(),
        ` ${code} `.trim(),
        bare.replace(/(....)/g, '$1 ').trim(),
      ];
      return Promise.all(typed.map((one) => desk.balance(one)));
    },
    [10, 10, 10, 10],
  ],
  [
    'medusajs/medusa#11703: what was shipped comes back to stock by a cancel',
    async (desk) => {
      await desk.fill(9);
      const number = await desk.number({ quantity: 2 });
      await desk.does('ship', number);
      return [(await desk.does('cancel', number)).body.code, await desk.left()];
    },
    ['ORDER_STATE_INVALID', 7],
  ],
  [
    'medusajs/medusa#6500: what is reserved for an order cannot be shipped once stock is empty',
    async (desk) => {
      await desk.fill(2);
      const number = await desk.number({ quantity: 2 });
      return [await desk.left(), (await desk.does('ship', number)).status];
    },
    [0, 200],
  ],
  [
    'magento/inventory#1887: the rest of an order that was sent in part does not come back',
    async (desk) => {
      await desk.fill(10);
      const had = await desk.points();
      const number = await desk.number({ quantity: 5 });
      await desk.does('ship', number, { quantity: 3 });
      await desk.does('cancel', number);
      return [await desk.left(), had - (await desk.points())];
    },
    [7, 30],
  ],
  [
    'saleor/saleor#14128: an order that a card has paid lapses',
    async (desk) => {
      await desk.fill(10);
      const code = await desk.card(10);
      const number = await desk.number({ cards: [{ code, amount: 10 }] });
      await desk.later(120_000);
      await desk.left();
      return (await desk.state(number)).state;
    },
    'pending',
  ],
  [
    'Setono/SyliusGiftCardPlugin#284, nopSolutions/nopCommerce#1986: a card has nothing back',
    async (desk) => {
      await desk.fill(10);
      const code = await desk.card(10);
      const number = await desk.number({ cards: [{ code, amount: 10 }] });
      const spent = await desk.balance(code);
      await desk.does('cancel', number);
      await until('it is back', async () => (await desk.balance(code)) > 0);
      return [spent, await desk.balance(code)];
    },
    [0, 10],
  ],
  [
    'nopSolutions/nopCommerce#506, saleor/saleor#8067: a card is bought, used, and its order given back',
    async (desk) => {
      const number = await desk.number({}, 'ann', 'gift');
      const { id, codes: cards } = await desk.state(number);
      await desk.order({ cards: [{ code: cards?.[0], amount: 5 }] }, 'bob');
      const back = await desk.of.ask(`POST /v1/accounts/ann/transfers/${id}/reverse`, {});
      return [(await desk.does('cancel', number)).body.code, back.body.code];
    },
    ['ORDER_STATE_INVALID', 'ORDER_STATE_INVALID'],
  ],
  [
    'spree/spree#1322: a cancel brings back the square of what was taken',
    async (desk) => {
      await desk.fill(10);
      const number = await desk.number({ quantity: 5 });
      await desk.does('cancel', number);
      await desk.does('cancel', number);
      return desk.left();
    },
    10,
  ],
  [
    'spree/spree#3819: what was cancelled goes on although its pieces are sold',
    async (desk) => {
      await desk.fill(1);
      const number = await desk.number();
      await desk.does('cancel', number);
      await desk.number({}, 'bob');
      const told = [];
      for (const what of ['confirm', 'ship', 'complete'])
        told.push((await desk.does(what, number)).body.code);
      return [...new Set(told), await desk.left()];
    },
    ['ORDER_STATE_INVALID', 0],
  ],
  [
    'frappe/erpnext#59050, ChrisASearles/CompLinks#197: redeemed, and no points are taken',
    async (desk) => {
      await desk.fill(10);
      const had = await desk.points();
      await desk.number({ quantity: 3 });
      return had - (await desk.points());
    },
    30,
  ],
  [
    'PrestaShop/PrestaShop#29493: a voucher for one use is used by two orders at once',
    async (desk) => {
      await desk.fill(10);
      const all = await many(5, () => desk.order({ coupon: 'ONCE' }, 'bob'));
      return codes(all).filter((one) => one === 'ok').length;
    },
    1,
  ],
  [
    'thirtybees/thirtybees#986: what was refused, or given back, counts in a limit',
    async (desk) => {
      await desk.fill(10, 'one');
      await desk.order({ quantity: 1, expectedPrice: 1 }, 'ann', 'one');
      await desk.does('cancel', await desk.number({ quantity: 2 }, 'ann', 'one'));
      await desk.number({ quantity: 2 }, 'ann', 'one');
      return (await desk.order({}, 'ann', 'one')).body.code;
    },
    'GOODS_LIMIT',
  ],
  [
    'mvdnbrk/warehouse-framework#8: pieces that an order has reserved are taken out of stock',
    async (desk) => {
      await desk.fill(4);
      const now = Number((await desk.of.ask('GET /v1/members/ann?programme=shop')).body.time);
      const number = await desk.number({ quantity: 3, until: now + 30_000 });
      const taken = await desk.stock(-2);
      const paid = await desk.does('confirm', number);
      return [taken.body.code, paid.status, await desk.left()];
    },
    ['POINTS_SHORT', 200, 1],
  ],
];

async function desk(t: Test): Promise<Desk> {
  const of = await shop(t, GOODS, 3);
  await of.ask('PUT /v1/assets/piece', { scale: 0 });
  for (const to of OWNERS)
    await of.ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to, asset: 'points', amount: to === 'f' ? 20 : 5_000 }],
    });
  for (const goods of ['tea', 'one'])
    await of.ask(`POST /v1/goods/${goods}/stock`, { pieces: 1, reason: 'first' });
  return new Desk(of);
}

t.test('what was reported of others does not happen here', async (t) => {
  const at = await desk(t);
  for (const [reported, is, should] of REPORTS) t.same(await is(at), should, reported);
  await at.of.server.close();
  t.same((await verifyFolder(at.of.folder)).problems, []);
});
