// What goods cost: what the kinds of the mall accept, the product of the factors as a table, which sale and which step of stock counts.

import t from 'tap';
import { AMOUNT_MAX } from '../../engine/limits.js';
import { definitionProblem, type Known } from '../../engine/programme/definitions/index.js';
import {
  factorsOf,
  type Goods,
  type Pricing,
  priceOf,
  quoteMs,
  type Sale,
  stepOf,
  stockFactor,
} from '../../engine/programme/mall/price.js';
import { Random } from '../random.js';

const GOODS = { programme: 'shop', price: 100, delivery: 'physical' };
const SALE = { programme: 'shop', percent: 80, from: 10, to: 20 };
const STEPS = [
  { under: 10, percent: 120 },
  { under: 50, percent: 110 },
];

t.test('what a kind accepts, and which field it names where it does not', async (t) => {
  const rows: readonly (readonly [
    kind: string,
    document: object,
    problem?: string | undefined,
    key?: string,
  ])[] = [
    ['goods', GOODS],
    ['goods', { ...GOODS, stockAsset: 'piece', limit: 2, span: 'day', most: 5, category: 'tea' }],
    ['goods', { ...GOODS, from: 1, to: 2, tiers: ['gold'], audience: 'member.tier == "gold"' }],
    ['goods', { ...GOODS, name: '茶', description: '绿茶', money: '+ 9.90 CNY', payInMs: 60_000 }],
    ['goods', { ...GOODS, image: 'https://example.com/a/b.png?x=%E8%8C%B6' }],
    ['goods', { ...GOODS, price: 0 }, 'AMOUNT_INVALID document.price'],
    ['goods', { ...GOODS, price: 1.5 }, 'AMOUNT_INVALID document.price'],
    ['goods', { ...GOODS, delivery: 'air' }, 'DEFINITION_INVALID document.delivery'],
    ['goods', { ...GOODS, most: 0 }, 'DEFINITION_INVALID document.most'],
    ['goods', { ...GOODS, most: 10_001 }, 'DEFINITION_INVALID document.most'],
    ['goods', { ...GOODS, span: 'day' }, 'DEFINITION_INVALID document.span'],
    ['goods', { ...GOODS, limit: 0 }, 'DEFINITION_INVALID document.limit'],
    ['goods', { ...GOODS, from: 2, to: 2 }, 'DEFINITION_INVALID document.to'],
    ['goods', { ...GOODS, tiers: [] }, 'DEFINITION_INVALID document.tiers'],
    ['goods', { ...GOODS, tiers: ['a', 'a'] }, 'DEFINITION_INVALID document.tiers'],
    ['goods', { ...GOODS, tiers: ['a b'] }, 'DEFINITION_INVALID document.tiers'],
    ['goods', { ...GOODS, tiers: 'gold' }, 'DEFINITION_INVALID document.tiers'],
    ['goods', { ...GOODS, audience: 'member.amout > 1' }],
    ['goods', { ...GOODS, payInMs: 10 }, 'DEFINITION_INVALID document.payInMs'],
    ['goods', { ...GOODS, stock: 5 }, 'DEFINITION_INVALID document.stock'],
    ['goods', { ...GOODS, money: '' }, 'DEFINITION_INVALID document.money'],
    ...[
      'http://example.com/a.png',
      'https://user:word@example.com/a.png',
      'https://user@example.com/a.png',
      'https://',
      'https://exa mple.com/',
      'https://example.com/\u0000',
      'https://例子.com/a.png',
      'javascript:alert(1)',
      'data:image/png;base64,AA',
      `https://example.com/${'x'.repeat(500)}`,
      7,
    ].map((image) => ['goods', { ...GOODS, image }, 'DEFINITION_INVALID document.image'] as const),
    ['goods', GOODS, 'DEFINITION_INVALID document', 'tea/green'],
    ['goods', GOODS, 'DEFINITION_INVALID document', 'tea@3'],
    ['goods', GOODS, 'DEFINITION_INVALID document', 'x'.repeat(54)],
    ['goods', GOODS, undefined, 'x'.repeat(53)],
    ['pricing', {}],
    ['pricing', { stockFactors: STEPS, quoteSeconds: 60 }],
    ['pricing', { stockFactors: [...STEPS].reverse() }, 'DEFINITION_INVALID document.stockFactors'],
    ['pricing', { stockFactors: [] }, 'DEFINITION_INVALID document.stockFactors'],
    ['pricing', { stockFactors: [null] }, 'DEFINITION_INVALID document.stockFactors'],
    ['pricing', { stockFactors: [{ under: 1 }] }, 'DEFINITION_INVALID document.stockFactors'],
    [
      'pricing',
      { stockFactors: [{ under: 1, percent: 0 }] },
      'DEFINITION_INVALID document.stockFactors',
    ],
    ['pricing', { quoteSeconds: 0 }, 'DEFINITION_INVALID document.quoteSeconds'],
    ['pricing', { quoteSeconds: 86_401 }, 'DEFINITION_INVALID document.quoteSeconds'],
    ['sale', SALE],
    ['sale', { ...SALE, goods: ['tea'], categories: ['drinks'], name: '618' }],
    ['sale', { ...SALE, percent: 0 }, 'DEFINITION_INVALID document.percent'],
    ['sale', { ...SALE, to: 10 }, 'DEFINITION_INVALID document.to'],
    ['sale', { ...SALE, goods: [1] }, 'DEFINITION_INVALID document.goods'],
    ['stock-level', { under: 10 }],
    ['stock-level', { under: 0 }, 'DEFINITION_INVALID document.under'],
  ];
  for (const [kind, document, problem, key = 'tea'] of rows) {
    const said = { kind, key, state: 'draft', document: document as never };
    const found = definitionProblem(said);
    t.equal(
      found === null ? undefined : `${found.code} ${found.field}`,
      problem,
      `${kind} ${key} ${JSON.stringify(document).slice(0, 80)}`,
    );
  }
  const known: Known = (kind) =>
    kind === 'goods' ? { ...GOODS, programme: 'other' } : kind === 'programme' ? {} : undefined;
  const said = { kind: 'goods', key: 'tea', state: 'active', document: GOODS };
  t.match(definitionProblem(said, known), { field: 'document.programme', detail: /cannot change/ });
  const nothing: Known = () => undefined;
  for (const [kind, document] of [
    ['goods', GOODS],
    ['sale', SALE],
  ] as const)
    t.match(definitionProblem({ kind, key: 'tea', state: 'active', document }, nothing), {
      field: 'document.programme',
    });
  t.match(
    definitionProblem({ kind: 'pricing', key: 'shop', state: 'active', document: {} }, nothing),
    {
      field: 'document',
      detail: /no programme shop/,
    },
  );
});

t.test('the product of the factors, rounded half up once', async (t) => {
  const rows: readonly (readonly [
    price: number,
    tier: number,
    sale: number,
    stock: number,
    is: number,
  ])[] = [
    [100, 100, 100, 100, 100],
    [100, 95, 80, 120, 91],
    [105, 90, 100, 100, 95],
    [104, 90, 100, 100, 94],
    [1, 50, 100, 100, 1],
    [1, 1, 1, 1, 1],
    [3, 50, 100, 100, 2],
    [5, 50, 50, 100, 1],
    // Rounded at each step it would be 3.
    [5, 50, 90, 100, 2],
    [999, 110, 110, 110, 1_330],
    [500_000, 100, 100, 101, 505_000],
    [AMOUNT_MAX, 100, 100, 100, AMOUNT_MAX],
    [AMOUNT_MAX, 100, 100, 101, AMOUNT_MAX],
    [AMOUNT_MAX, 50, 100, 100, 4_503_599_627_370_496],
    [9_007_199_254_740_990, 99, 100, 100, 8_917_127_262_193_580],
  ];
  for (const [price, tier, sale, stock, is] of rows)
    t.equal(priceOf(price, { tier, sale, stock }), is, `${price} ${tier} ${sale} ${stock}`);
  const random = new Random(18);
  for (let i = 0; i < 2_000; i++) {
    const [price, tier, sale, stock] = [
      1 + random.int(1_000_000),
      1 + random.int(300),
      1 + random.int(300),
      1 + random.int(300),
    ];
    const exact = BigInt(price) * BigInt(tier) * BigInt(sale) * BigInt(stock);
    const [down, rest] = [exact / 1_000_000n, exact % 1_000_000n];
    const should = Math.max(1, Number(down) + (rest >= 500_000n ? 1 : 0));
    if (priceOf(price, { tier, sale, stock }) !== should)
      t.fail(`${price} ${tier} ${sale} ${stock}`);
  }
});

const of = <T>(key: string, document: object): T =>
  ({ key, version: 1, activeFrom: 0, document }) as T;

t.test('which sale, tier and step of stock count', async (t) => {
  const goods = of<Goods>('tea', { ...GOODS, category: 'drinks' });
  const pricing = of<Pricing>('shop', { stockFactors: STEPS });
  const sale = (percent: number, more: object = {}): Sale =>
    of<Sale>(`s${percent}`, { ...SALE, percent, ...more });
  const priced = { goods, tier: undefined, sales: [], pricing, level: undefined };
  const isFor = (audience: string): boolean => audience === 'all';
  const at = (time: number, more: object): object => factorsOf({ ...priced, isFor, ...more }, time);
  const none = { tier: 100, sale: 100, stock: 100 };
  t.same(at(10, {}), none);
  for (const [time, percent] of [
    [9, 100],
    [10, 80],
    [19, 80],
    [20, 100],
  ] as const)
    t.same(at(time, { sales: [sale(80)] }), { ...none, sale: percent }, `at ${time}`);
  const rows: readonly (readonly [sales: readonly Sale[], percent: number])[] = [
    [[sale(80), sale(70), sale(90)], 70],
    [[sale(130)], 130],
    [[sale(130), sale(90)], 90],
    [[sale(80), sale(70, { audience: 'none' })], 80],
    [[sale(80), sale(70, { audience: 'all' })], 70],
    [[sale(80), sale(70, { goods: ['coffee'] })], 80],
    [[sale(80), sale(70, { goods: ['coffee', 'tea'] })], 70],
    [[sale(80), sale(70, { categories: ['drinks'] })], 70],
    [[sale(80), sale(70, { goods: ['coffee'], categories: ['drinks'] })], 70],
    [[sale(80), sale(70, { categories: ['food'] })], 80],
  ];
  for (const [sales, percent] of rows)
    t.same(at(15, { sales }), { ...none, sale: percent }, JSON.stringify(sales));
  t.same(at(15, { tier: of('gold', { priceFactor: 95 }) }), { ...none, tier: 95 });
  t.same(at(15, { tier: of('gold', {}) }), none);
  for (const [under, percent] of [
    [5, 120],
    [10, 120],
    [11, 110],
    [50, 110],
    [51, 100],
  ] as const)
    t.equal(stockFactor(pricing, of('tea', { under })), percent, `below ${under}`);
  t.equal(stockFactor(undefined, of('tea', { under: 10 })), 100);
  for (const [pieces, under] of [
    [0, 10],
    [9, 10],
    [10, 50],
    [49, 50],
    [50, undefined],
  ] as const)
    t.equal(stepOf(pricing, pieces), under, `${pieces} pieces`);
  t.equal(quoteMs(undefined), 300_000);
  t.equal(quoteMs(of('shop', { quoteSeconds: 5 })), 5_000);
});
