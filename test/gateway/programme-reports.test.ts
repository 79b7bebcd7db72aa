// What users of other programmes have reported of coupons, points that come back, days, referrals, leaderboards and search, tried here: each row is
// one or more public reports of the same, and what becomes of it here.

import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { until } from '../until.js';
import { type Shop, shop } from './shop.js';

const OWNERS = ['ann', 'bob', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const GOODS = { programme: 'shop', price: 100, delivery: 'physical' };
const COUPON = { programme: 'shop', codes: 'shared', amount: 5 };
const DEFINED = [
  ['goods/tea', { ...GOODS, name: '茶' }],
  ['goods/share', { ...GOODS, name: '招商证券股份有限公司' }],
  ['goods/fund', { ...GOODS, name: '招商基金管理有限公司' }],
  ['goods/port', { ...GOODS, name: '招商蛇口' }],
  ['goods/cutter', { ...GOODS, name: 'Words Cutter', description: '分词 by words, 分x6' }],
  ['coupon/FEW', { ...COUPON, uses: '#budget:few', usesAsset: 'use' }],
  ['coupon/EACH', { ...COUPON, limit: 1 }],
  ['event/shop.BUY', { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' }],
  ['rule/shop.BUY', { programme: 'shop', event: 'BUY', points: 1, per: 1, of: 'amount' }],
  ['referral/shop', { referrer: 100, newcomer: 50 }],
  ['leaderboard/top', { programme: 'shop', period: 'month', rules: ['shop.BUY'] }],
] as const;

interface Answer {
  readonly status: number;
  readonly body: any;
  readonly text: string;
}

const ok = (answers: readonly Answer[]): number =>
  answers.filter(({ status }) => status < 300).length;

class Desk {
  readonly of: Shop;
  #n = 0;

  constructor(of: Shop) {
    this.of = of;
  }

  order(owner: string, body: object = {}): Promise<Answer> {
    const id = `r${++this.#n}`;
    return this.of.ask('POST /v1/orders', { id, owner, goods: 'tea', ...body });
  }

  async points(owner: string): Promise<number> {
    return (await this.of.ask(`GET /v1/accounts/${owner}?asset=points`)).body.accounts[0].available;
  }

  /** An event; what it has earned. */
  async event(owner: string, type: string, id: string, more: object = {}): Promise<number> {
    const had = await this.points(owner);
    const said = { programme: 'shop', owner, type, id, ...more };
    const { status, text } = await this.of.ask('POST /v1/events', said);
    if (status >= 300) throw new Error(text);
    return (await this.points(owner)) - had;
  }

  returns(event: string, body: object): Promise<Answer> {
    const id = `b${++this.#n}`;
    return this.of.ask(`POST /v1/events/${event}/returns`, { id, ...body });
  }

  async found(q: string): Promise<string[]> {
    const path = `GET /v1/goods?programme=shop&q=${encodeURIComponent(q)}`;
    const { body } = await this.of.ask(path);
    return body.goods.map((one: any) => one.goods).sort();
  }

  async board(limit: number): Promise<[number, string][]> {
    const all: [number, string][] = [];
    for (let more = ''; ; ) {
      const { body } = await this.of.ask(`GET /v1/leaderboards/top?limit=${limit}${more}`);
      for (const { rank, owner } of body.entries) all.push([rank, owner]);
      if (body.cursor === undefined) return all;
      more = `&cursor=${encodeURIComponent(body.cursor)}`;
    }
  }
}

type Report = readonly [reported: string, is: (desk: Desk) => Promise<unknown>, should: unknown];

const refer = (owner: string, code: string) => ({ owner, body: { programme: 'shop', code } });

const REPORTS: readonly Report[] = [
  [
    'BrainWise-DEV/POSNext#198, saleor/saleor#544, OpenMage/magento-lts#1408, nopSolutions/nopCommerce#6487, SandeepVashishtha/Eventra#14327: orders at once pass the limit of a coupon',
    async (desk) => {
      const all = await Promise.all(OWNERS.map((one) => desk.order(one, { coupon: 'FEW' })));
      return ok(all);
    },
    3,
  ],
  [
    'vendurehq/vendure#4660, shopperlabs/shopper#510: the limit of each customer counts nothing',
    async (desk) => {
      const four = await Promise.all([1, 2, 3, 4].map(() => desk.order('bob', { coupon: 'EACH' })));
      return [ok(four), ok([await desk.order('a', { coupon: 'EACH' })])];
    },
    [1, 1],
  ],
  [
    'shopperlabs/shopper#510: an order stays whose coupon is refused',
    async (desk) => {
      const had = await desk.points('b');
      const [first, second] = [
        await desk.order('b', { coupon: 'EACH' }),
        await desk.order('b', { coupon: 'EACH' }),
      ];
      const { body } = await desk.of.ask(`GET /v1/members/b?programme=shop`);
      return [ok([first, second]), had - (await desk.points('b')), body.owner];
    },
    [1, 95, 'b'],
  ],
  [
    'saleor/saleor#15855: of one order that is sent twice at once, the second attempt costs the first its coupon',
    async (desk) => {
      const had = await desk.points('c');
      const said = { owner: 'c', id: 'same', coupon: 'EACH' };
      const both = await Promise.all([desk.order('c', said), desk.order('c', said)]);
      const numbers = both.map(({ body }) => body.act.effects[0].number);
      return [ok(both), new Set(numbers).size, had - (await desk.points('c'))];
    },
    [2, 1, 95],
  ],
  [
    'odoo/odoo#212922, odoo/odoo#221928, smartstore/SmartStoreNET#803: what is given back takes the points once more, or does not give them back',
    async (desk) => {
      const had = await desk.points('d');
      const { body } = await desk.order('d', { quantity: 2 });
      const { number } = body.act.effects[0];
      const cancel = () => desk.of.ask(`POST /v1/orders/${number}/cancel`, { owner: 'd' });
      await Promise.all([cancel(), cancel()]);
      await cancel();
      return (await desk.points('d')) - had;
    },
    0,
  ],
  [
    'wpswings/points-and-rewards-for-woocommerce#111: after a cancellation, a completed order earns nothing any more',
    async (desk) => {
      const first = await desk.event('ann', 'BUY', 'w1', { attributes: { amount: 40 } });
      await desk.returns('w1', { owner: 'ann' });
      return [first, await desk.event('ann', 'BUY', 'w2', { attributes: { amount: 40 } })];
    },
    [40, 40],
  ],
  [
    'frappe/erpnext#32951, PrestaShop/loyalty#23: a return leaves the points, or takes all for a part',
    async (desk) => {
      const had = await desk.points('e');
      await desk.event('e', 'BUY', 'p1', { attributes: { amount: 100 } });
      const kept: number[] = [];
      for (const amount of [10, 40]) {
        await desk.returns('p1', { owner: 'e', amount });
        kept.push((await desk.points('e')) - had);
      }
      const over = await desk.returns('p1', { owner: 'e', amount: 51 });
      return [kept, over.status >= 400, (await desk.points('e')) - had];
    },
    [[90, 50], true, 50],
  ],
  [
    'FreeOpenSourcePOS/FloCafe#720: what was taken off the bill earns all the same',
    async (desk) => {
      const had = await desk.points('f');
      const lines = [
        { line: 'a', amount: 60 },
        { line: 'b', amount: 40 },
      ];
      await desk.event('f', 'BUY', 'v1', { attributes: { amount: 100 }, lines });
      await desk.returns('v1', { owner: 'f', lines: [{ line: 'b' }] });
      return (await desk.points('f')) - had;
    },
    60,
  ],
  [
    'Mantaro/MantaroBot#105, HabitRPG/habitica#1706: one day counts twice, also after a restart',
    async (desk) => {
      const first = await desk.event('g', 'SIGN_DAILY', 's1');
      return [first > 0, await desk.event('g', 'SIGN_DAILY', 's2')];
    },
    [true, 0],
  ],
  [
    'OriginProtocol/origin#4250, code-423n4/loopfi-bug-bounty#62, cocor-tech/moistello-contracts#127, DuncanFairley/TWC#7: somebody refers himself',
    async (desk) => {
      await desk.of.ask('POST /v1/acts/referral-code', refer('ann', 'ABC234'));
      const { body } = await desk.of.ask('POST /v1/acts/refer', refer('ann', 'abc234'));
      return body.code;
    },
    'REFERRAL_TO_SELF',
  ],
  [
    'GoodDollar/GoodDAPP#3285: who is referred twice, or by two, is paid for twice',
    async (desk) => {
      await desk.of.ask('POST /v1/acts/referral-code', refer('bob', 'XYZ234'));
      const all = await Promise.all(
        ['ABC234', 'XYZ234', 'ABC234'].map((code) =>
          desk.of.ask('POST /v1/acts/refer', refer('h', code)),
        ),
      );
      return ok(all);
    },
    1,
  ],
  [
    'agoragames/leaderboard#25, DevBetterCom/DevBetterWeb#313, Submitty/Submitty#11040, andysain/tipperoos#204, uzh-bf/klicker-uzh#5170: equal scores have ranks of their own',
    async (desk) => {
      for (const [owner, amount] of [
        ['m1', 900],
        ['m2', 800],
        ['m3', 800],
        ['m4', 700],
      ] as const)
        await desk.of.ask('POST /v1/events', {
          ...{ programme: 'shop', owner, type: 'BUY', id: `l-${owner}`, attributes: { amount } },
        });
      const found = await until('the board has them', async () => {
        const top = (await desk.board(4)).slice(0, 4);
        return top.every(([, owner]) => owner.startsWith('m')) && top;
      });
      return found.map(([rank]) => rank);
    },
    [1, 2, 2, 4],
  ],
  [
    'LQDJudge/online-judge#254, peetzweg/commit-history#60: those with equal scores come twice, or never, or have other ranks on the next page',
    async (desk) => {
      const whole = await desk.board(100);
      const paged = await desk.board(1);
      return [paged, new Set(paged.map(([, owner]) => owner)).size === whole.length].map((one) =>
        JSON.stringify(one) === JSON.stringify(whole) ? 'the same' : one,
      );
    },
    ['the same', true],
  ],
  [
    'meilisearch/meilisearch#5015, milvus-io/milvus#36743: Chinese words side by side find nothing',
    async (desk) => [
      await desk.found('招商 公司'),
      await desk.found('招商'),
      await desk.found('公司 证券'),
      await desk.found('司公'),
    ],
    [['fund', 'share'], ['fund', 'port', 'share'], ['share'], []],
  ],
  [
    'packagecontrol/thecrawl#145: Chinese and Latin letters that touch are not found',
    async (desk) => [
      await desk.found('分x6'),
      await desk.found('分词'),
      await desk.found('cutter'),
    ],
    [['cutter'], ['cutter'], ['cutter']],
  ],
];

async function desk(t: Test): Promise<Desk> {
  const of = await shop(t, DEFINED, 3);
  await of.ask('PUT /v1/assets/use', { scale: 0 });
  await of.ask('POST /v1/budgets/few/assets/use/fund', { id: 'f', amount: 3 });
  const legs = (to: string) => [{ from: '@issue', to, asset: 'points', amount: 5_000 }];
  for (const to of OWNERS) await of.ask('POST /v1/transfers', { legs: legs(to) });
  return new Desk(of);
}

t.test('what was reported of other programmes does not happen here', async (t) => {
  const at = await desk(t);
  for (const [reported, is, should] of REPORTS) t.same(await is(at), should, reported);
  await at.of.server.close();
  t.same((await verifyFolder(at.of.folder)).problems, []);
});
