// The mall as tables, each row on top of the one before: refusals in their order, every change of an order's state, and the same state by a replay.

import t, { type Test as Tap } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { ORDER_KEPT_MS } from '../../engine/limits.js';
import { generated, numbered } from './coupon-world.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP } from './earning-world.js';
import { MallWorld, said, TEA } from './mall-world.js';

type Rows = readonly (readonly [is: () => string, should: string])[];

function isReplayed(t: Tap, world: MallWorld): void {
  t.same(canonicalState(world.replayed().state), canonicalState(world.ledger.state));
}

function run(t: Tap, rows: Rows): void {
  for (const [i, [is, should]] of rows.entries()) t.equal(is(), should, `row ${i}: ${should}`);
}

t.test(
  'what is sold out leaves no record, and its id free; of an older log it is kept',
  async (t) => {
    const world = new MallWorld({ tea: TEA });
    world.give('ann', 1_000);
    const blocks = world.ledger.blocks.length;
    const asked = () => world.act('order', { goods: 'tea' }, 'ann', 'o');
    t.match(asked(), { code: 'SOLD_OUT', passing: true, retry: false, replayed: false });
    t.equal(world.ledger.blocks.length, blocks);
    const old = { type: 'act', id: 'old', owner: 'ann', act: 'order', body: { goods: 'tea' } };
    world.ledger.ledger.isReplaying = true;
    world.do({ ...old, plan: { version: 1, refusal: 'SOLD_OUT' } } as never);
    world.ledger.ledger.isReplaying = false;
    t.equal(world.ledger.blocks.length, blocks + 1);
    world.give('#item:tea', 5);
    const again = world.do(old as never);
    t.match(again, { code: 'SOLD_OUT', replayed: true });
    t.notOk('passing' in again);
    t.match(asked(), { ok: true, replayed: false });
    isReplayed(t, world);
  },
);

t.test('an order moves points and pieces, or neither', async (t) => {
  const world = new MallWorld({
    tea: TEA,
    air: { programme: SHOP, price: 7, delivery: 'physical' },
  });
  world.give('ann', 1_000);
  run(t, [
    [() => world.order(), 'SOLD_OUT'],
    [() => world.give('#item:tea', 5), 'ok'],
    [() => world.order({}, 'ben'), 'POINTS_SHORT'],
    [() => world.has(), '1000 0 5'],
    [() => world.order({}, 'ann', 'o'), '1 x 100 = 100 pending'],
    [() => world.order({}, 'ann', 'o'), '1 x 100 = 100 pending'],
    [() => world.order({ quantity: 2 }, 'ann', 'o'), 'ID_REUSED'],
    [() => world.has(), '900 0 4'],
    [() => world.order({ quantity: 3, expectedPrice: 100 }), '3 x 100 = 300 pending'],
    [() => world.order({ quantity: 2 }), 'SOLD_OUT'],
    [() => world.order({ expectedPrice: 99 }), 'PRICE_DIFFERS'],
    [() => world.has(), '600 0 1'],
    [() => world.order({ goods: 'air', quantity: 80 }), '80 x 7 = 560 pending'],
    [() => world.order(), 'POINTS_SHORT'],
    [() => world.has(), '40 0 1'],
    [() => world.order({ goods: 'air', quantity: 5 }, 'ann', 'five'), '5 x 7 = 35 pending'],
    [() => world.back('five'), '5 back, 35 points, cancelled'],
    [() => world.back('five'), 'ALREADY_REVERSED'],
    [() => world.has(), '40 0 1'],
  ]);
  const [one, other] = [world.made('n1', { goods: 'air' }), world.made('n2', { goods: 'air' })];
  t.match(one, /^[0-9A-HJKMNP-Z]{16}$/);
  t.not(one, other);
  t.match(world.kept(one), { id: 'n1', state: 'pending', price: 7, version: 1, receiver: null });
  isReplayed(t, world);
});

t.test(
  'refusals in their order: what stands first is said, although what follows holds, too',
  async (t) => {
    const soon = NOON + 30 * DAY_MS;
    const world = new MallWorld(
      {
        tea: {
          ...TEA,
          from: soon,
          to: soon + DAY_MS,
          tiers: [`${SHOP}.silver`],
          limit: 1,
          most: 2,
        },
        gone: { ...TEA, programme: SHOP },
      },
      [['coupon', 'WORTH', { programme: SHOP, codes: 'shared', points: 5 }]],
    );
    const wrong = {
      quantity: 3,
      until: soon + HOUR_MS,
      quote: `v1.AA.${'A'.repeat(43)}`,
      expectedPrice: 1,
      coupon: 'WORTH',
    };
    /** What is wrong, without some of it. */
    const but = (less: string, more: object = {}): object => ({
      ...Object.fromEntries(Object.entries(wrong).filter(([name]) => !less.includes(name))),
      ...more,
    });
    const at = (time: number): string => {
      world.time = time;
      return '';
    };
    run(t, [
      [() => world.order({ ...wrong, goods: 'none' }), 'DEFINITION_NOT_FOUND'],
      [() => world.order(wrong), 'OFFER_NOT_OPEN'],
      [() => at(soon - 1), ''],
      [() => world.order(wrong), 'OFFER_NOT_OPEN'],
      [() => at(soon), ''],
      [() => world.order(wrong), 'NOT_ELIGIBLE'],
      [() => world.grant('silver'), '-> silver'],
      [() => world.order(wrong), 'ORDER_QUANTITY'],
      [() => world.order({ ...wrong, quantity: 2 }), 'ORDER_UNTIL_INVALID'],
      [() => world.order(but('until', { quantity: 2 })), 'GOODS_LIMIT'],
      [() => world.order(but('until quantity')), 'SOLD_OUT'],
      [() => world.give('#item:tea', 1), 'ok'],
      [() => world.order(but('until quantity')), 'QUOTE_INVALID'],
      [() => world.order(but('until quantity quote')), 'PRICE_DIFFERS'],
      [
        () => world.order(but('until quantity quote expectedPrice', { coupon: 'NOSUCH' })),
        'COUPON_UNAVAILABLE',
      ],
      [() => world.order(but('until quantity quote expectedPrice')), 'COUPON_WITHOUT_DISCOUNT'],
      [() => world.order(), 'POINTS_SHORT'],
      [() => world.give('ann', 95), 'ok'],
      [() => world.order(), '1 x 95 = 95 pending'],
      [() => at(soon + DAY_MS), ''],
      [() => world.order(), 'OFFER_NOT_OPEN'],
      [() => world.give('#item:gone', 1), 'ok'],
    ]);
    world.ledger.ledger.secret = () => undefined;
    t.equal(world.order({ goods: 'gone' }), 'SECRETS_KEY_DIFFERS', 'no number without a key');
    t.equal(world.quote({ goods: 'gone' }), 'SECRETS_KEY_DIFFERS');
    for (const [body, field] of [
      [{ quantity: 0 }, 'quantity'],
      [{ quantity: 1.5 }, 'quantity'],
      [{ quantity: '1' }, 'quantity'],
      [{ quantity: 10_001 }, 'quantity'],
      [{ expectedPrice: 0 }, 'expectedPrice'],
      [{ receiver: 'Ann, 1 Main Street' }, 'receiver'],
      [{ receiver: `s1.${'A'.repeat(1_400)}` }, 'receiver'],
      [{ quote: 'v1.x' }, 'quote'],
      [{ until: -1 }, 'until'],
      [{ coupon: 'a_b' }, 'coupon'],
      [{ goods: '' }, 'goods'],
      [{ price: 1 }, 'price'],
    ] as const)
      t.equal(world.order(body), 'ACT_BODY_INVALID', field);
    for (const number of ['', 'x', '0123456789ABCDEI', '0123456789ABCDEFG', 7, null])
      t.equal(world.does('cancel', number as never), 'ACT_BODY_INVALID', String(number));
    isReplayed(t, world);
  },
);

const NONE = '0000000000000000';

t.test('what becomes of an order: every state, and what may be done in it', async (t) => {
  const world = new MallWorld({ tea: { ...TEA, payInMs: HOUR_MS } });
  world.give('ann', 100_000);
  world.give('#item:tea', 1_000);
  const all: string[] = [];
  const until = (): number => world.time + HOUR_MS;
  const states = {
    held: () => world.made(`h${world.time}`, { quantity: 2, until: until() }),
    'held, its hold over': () => {
      const number = world.made(`i${world.time}`, { quantity: 2, until: until() });
      world.time += HOUR_MS;
      return number;
    },
    pending: () => world.made(`p${world.time}`, { quantity: 2 }),
    paid: () => {
      const number = world.made(`q${world.time}`, { quantity: 2, until: until() });
      world.does('confirm', number);
      return number;
    },
    'half shipped': () => {
      const number = world.made(`s${world.time}`, { quantity: 2 });
      world.does('ship', number, { quantity: 1 });
      return number;
    },
    shipped: () => {
      const number = world.made(`t${world.time}`, { quantity: 2 });
      world.does('ship', number);
      return number;
    },
    'half cancelled': () => {
      const number = world.made(`u${world.time}`, { quantity: 2 });
      world.does('ship', number, { quantity: 1 });
      world.does('cancel', number);
      return number;
    },
    completed: () => {
      const number = world.made(`c${world.time}`, { quantity: 2 });
      world.does('complete', number);
      return number;
    },
    cancelled: () => {
      const number = world.made(`x${world.time}`, { quantity: 2 });
      world.does('cancel', number);
      return number;
    },
    none: () => NONE,
  } as const;
  const NO = 'ORDER_STATE_INVALID';
  const table: Readonly<Record<keyof typeof states, readonly string[]>> = {
    //                     ship                cancel                         complete       confirm        lapse
    held: [NO, '2 back, 200 points, cancelled', NO, '200 paid', NO],
    'held, its hold over': [
      NO,
      '2 back, 200 points, cancelled',
      NO,
      '200 paid anew',
      '2 back, 200 points, cancelled',
    ],
    pending: ['2 shipped, 0 left', '2 back, 200 points, cancelled', '2 completed', NO, NO],
    paid: ['2 shipped, 0 left', '2 back, 200 points, cancelled', '2 completed', NO, NO],
    'half shipped': ['1 shipped, 0 left', '1 back, 100 points, pending', '2 completed', NO, NO],
    shipped: [NO, NO, '2 completed', NO, NO],
    'half cancelled': [NO, NO, '1 completed', NO, NO],
    completed: [NO, NO, NO, NO, NO],
    cancelled: [NO, NO, NO, NO, NO],
    none: new Array(5).fill('ORDER_NOT_FOUND'),
  };
  for (const [state, answers] of Object.entries(table)) {
    for (const [i, what] of (
      ['ship', 'cancel', 'complete', 'confirm', 'lapse'] as const
    ).entries()) {
      world.time += DAY_MS;
      const number = states[state as keyof typeof states]();
      const is = what === 'lapse' ? world.lapses(number) : world.does(what, number);
      t.equal(is, answers[i], `${state}: ${what}`);
      if (number !== NONE) all.push(number);
      const orders = all.map((one) => world.kept(one));
      const [paid, taken] = [0, 1].map((withHeld) =>
        orders.reduce((sum, one) => {
          if (one === undefined || (one.state === 'held' && withHeld === 0)) return sum;
          return sum + one.quantity - one.cancelled;
        }, 0),
      ) as [number, number];
      const [available, held] = world.has().split(' ').map(Number) as [number, number];
      t.equal(available + held, 100_000 - 100 * paid, `${state}: ${what}: points`);
      t.equal(world.stock(), 1_000 - taken, `${state}: ${what}: pieces`);
    }
  }
  isReplayed(t, world);
});

t.test(
  'what is given back: in parts, once, whichever way and in whichever order it is asked for',
  async (t) => {
    const world = new MallWorld({ tea: { ...TEA, payInMs: HOUR_MS, limit: 4, span: 'day' } });
    world.give('ann', 1_000);
    world.give('#item:tea', 10);
    const one = world.made('a', { quantity: 3 });
    run(t, [
      [() => world.order({ quantity: 2 }), 'GOODS_LIMIT'],
      [() => world.does('ship', one, { quantity: 4 }), 'ORDER_QUANTITY'],
      [
        () => world.does('ship', one, { quantity: 1, tracking: 'SF1' }, 'ann', 's'),
        '1 shipped, 2 left',
      ],
      [
        () => world.does('ship', one, { quantity: 1, tracking: 'SF1' }, 'ann', 's'),
        '1 shipped, 2 left',
      ],
      [() => world.does('ship', one, { quantity: 3 }), 'ORDER_QUANTITY'],
      [() => world.back('a'), 'ORDER_INSEPARABLE'],
      [() => world.back('a', { legs: [{ leg: 0, amount: 100 }] }), 'ORDER_INSEPARABLE'],
      [() => world.back('a', { legs: [{ leg: 1, amount: 2 }] }), 'ORDER_INSEPARABLE'],
      [
        () =>
          world.back('a', {
            legs: [
              { leg: 0, amount: 100 },
              { leg: 1, amount: 1 },
            ],
          }),
        'ORDER_INSEPARABLE',
      ],
      [
        () =>
          world.back('a', {
            legs: [
              { leg: 0, amount: 200 },
              { leg: 1, amount: 2 },
            ],
          }),
        '2 back, 200 points, pending',
      ],
      [() => world.has(), '900 0 9'],
      [() => world.does('cancel', one), 'ORDER_STATE_INVALID'],
      [() => world.back('a'), 'ORDER_STATE_INVALID'],
      [() => world.does('ship', one), 'ORDER_STATE_INVALID'],
      [() => world.order({ quantity: 4 }), 'GOODS_LIMIT'],
      [() => world.order({ quantity: 3 }, 'ann', 'b'), '3 x 100 = 300 pending'],
      [() => world.has(), '600 0 6'],
      [() => world.back('s'), 'NOT_REVERSIBLE'],
      [() => world.does('complete', one), '1 completed'],
      [() => world.does('cancel', one), 'ORDER_STATE_INVALID'],
      [() => world.back('b'), '3 back, 300 points, cancelled'],
      [() => world.order({ quantity: 3 }, 'ann', 'c'), '3 x 100 = 300 pending'],
      [() => world.has(), '600 0 6'],
    ]);
    t.match(world.kept(one), {
      ...{ state: 'completed', quantity: 3, shipped: 1, cancelled: 2, paidBy: null },
      shipments: [{ quantity: 1, tracking: 'SF1' }],
    });
    // On another day the limit counts anew, and what is given back of yesterday's counts for yesterday.
    world.time += DAY_MS;
    run(t, [
      [() => world.back('c'), '3 back, 300 points, cancelled'],
      [() => world.order({ quantity: 4 }, 'ann', 'd'), '4 x 100 = 400 pending'],
      [() => world.order(), 'GOODS_LIMIT'],
      [() => world.has(), '500 0 5'],
      [() => world.back('d'), '4 back, 400 points, cancelled'],
    ]);
    // Held, and paid by another act: the pieces come back by an act of their own, once.
    const until = world.time + HOUR_MS;
    const held = world.made('h', { quantity: 2, until });
    run(t, [
      [() => world.has(), '700 200 7'],
      [() => world.back('h'), 'ORDER_STATE_INVALID'],
      [() => world.does('confirm', held, {}, 'ann', 'k'), '200 paid'],
      [() => world.does('confirm', held, {}, 'ann', 'k'), '200 paid'],
      [() => world.has(), '700 0 7'],
      [() => world.back('h'), 'ORDER_STATE_INVALID'],
      [() => world.does('ship', held, { quantity: 1 }), '1 shipped, 1 left'],
      [() => world.back('k'), 'ORDER_INSEPARABLE'],
      [() => world.does('cancel', held), '1 back, 100 points, pending'],
      [() => world.has(), '800 0 8'],
      [() => world.back('k'), 'ORDER_STATE_INVALID'],
      [() => world.does('cancel', held), 'ORDER_STATE_INVALID'],
    ]);
    const again = world.made('i', { quantity: 1, until });
    run(t, [
      [() => world.does('confirm', again, {}, 'ann', 'm'), '100 paid'],
      [() => world.back('m'), '1 back, 100 points, cancelled'],
      [() => world.back('m'), 'ALREADY_REVERSED'],
      [() => world.has(), '800 0 8'],
    ]);
    // Its hold is over: it is paid anew, or not at all.
    const late = world.made('j', { quantity: 1, until });
    world.time = until;
    run(t, [
      [() => world.has(), '700 100 7'],
      [() => world.give('ann', -801), 'POINTS_SHORT'],
      [() => world.order({ quantity: 1 }, 'ann', 'z'), '1 x 100 = 100 pending'],
      [() => world.has(), '700 0 6'],
      [() => world.give('ann', -650), 'ok'],
      [() => world.does('confirm', late), 'POINTS_SHORT'],
      [() => world.give('ann', 50), 'ok'],
      [() => world.does('confirm', late), '100 paid anew'],
      [() => world.lapses(late), 'ORDER_STATE_INVALID'],
      [() => world.has(), '0 0 6'],
    ]);
    // What is over is forgotten after a while; what is not stays.
    world.give('ben', 100);
    const open = world.made('y', {}, 'ben');
    world.time += ORDER_KEPT_MS + DAY_MS;
    run(t, [
      [() => world.does('cancel', one), 'ORDER_NOT_FOUND'],
      [() => world.back('b'), 'ALREADY_REVERSED'],
      [() => world.back('a'), 'ORDER_NOT_FOUND'],
      [() => world.does('cancel', open, {}, 'ann'), 'ORDER_NOT_FOUND'],
      [() => world.does('cancel', open, {}, 'ben'), '1 back, 100 points, cancelled'],
    ]);
    isReplayed(t, world);
  },
);

const POOLED = '1 back, 67 points, cancelled, couponReturned';

t.test('a coupon on an order comes back with it', async (t) => {
  const world = new MallWorld({ tea: { ...TEA, payInMs: HOUR_MS } }, [
    ['coupon', 'TEN', { programme: SHOP, codes: 'shared', percent: 10, limit: 1, span: 'ever' }],
    ['coupon', 'ALL', { programme: SHOP, codes: 'shared', percent: 100 }],
    [
      'coupon',
      'POOL',
      { programme: SHOP, codes: 'shared', amount: 33, uses: '#budget:ten', usesAsset: ASSET },
    ],
    ['coupon', 'BIG', { programme: SHOP, codes: 'shared', amount: 5, minimum: 200 }],
    ['coupon', 'FREE', { ...generated('FREE'), amount: 40 }],
    ['coupon', 'LATE', { programme: SHOP, codes: 'shared', amount: 5, from: NOON + 900 * DAY_MS }],
  ]);
  world.give('ann', 1_000);
  world.give('#item:tea', 10);
  world.give('ben', 200);
  world.fund('#budget:ten', 1);
  const until = world.time + HOUR_MS;
  const flyer = numbered('FREE', 1);
  run(t, [
    [() => world.order({ coupon: 'BIG' }), 'COUPON_ORDER_TOO_SMALL'],
    [() => world.order({ coupon: 'LATE' }), 'COUPON_UNAVAILABLE'],
    [() => world.order({ quantity: 3, coupon: 'ten' }, 'ann', 'a'), '3 x 100 = 270 pending'],
    [() => world.order({ coupon: 'TEN' }), 'COUPON_LIMIT'],
    [() => world.has(), '730 0 7'],
    [() => world.back('a'), '3 back, 270 points, cancelled, couponReturned'],
    [() => world.order({ quantity: 3, coupon: 'TEN' }, 'ann', 'b'), '3 x 100 = 270 pending'],
    [() => world.order({ quantity: 2, coupon: 'ALL' }, 'ann', 'c'), '2 x 100 = 0 pending'],
    [() => world.has(), '730 0 5'],
    [() => world.back('c'), '2 back, 0 points, cancelled, couponReturned'],
    [() => world.order({ coupon: 'POOL' }, 'ann', 'd'), '1 x 100 = 67 pending'],
    [() => world.order({ coupon: 'POOL' }), 'BUDGET_EXHAUSTED'],
    [() => world.back('d'), '1 back, 67 points, cancelled, couponReturned'],
    [() => world.order({ coupon: 'POOL', until }, 'ann', 'e'), '1 x 100 = 67 held'],
    [() => world.has(), '663 67 6'],
    [() => world.order({ coupon: flyer }, 'ann', 'f'), '1 x 100 = 60 pending'],
    [() => world.order({ coupon: flyer }, 'ben'), 'COUPON_UNAVAILABLE'],
    [() => world.order({ coupon: flyer }), 'COUPON_USED'],
    [() => world.back('f'), '1 back, 60 points, cancelled, couponReturned'],
    [() => world.order({ coupon: flyer }, 'ben'), 'COUPON_UNAVAILABLE'],
    [() => world.order({ coupon: 'ALL', until }, 'ann', 'g'), '1 x 100 = 0 held'],
    [() => world.has(), '663 67 5'],
  ]);
  // What is reserved for this order is used by it alone; what the reservation has taken of a limit in total, the order has, and gives back.
  const other = numbered('FREE', 2);
  const reserve = (code: string, order: string): string =>
    said(world.act('coupon-reserve', { code, order, forMs: HOUR_MS }));
  const later = (): string => {
    world.time += 2 * HOUR_MS;
    world.lapse();
    return 'later';
  };
  run(t, [
    [() => reserve(other, 'r'), 'couponReserved'],
    [() => world.order({ coupon: other }, 'ann', 's'), 'COUPON_UNAVAILABLE'],
    [() => world.order({ coupon: other }, 'ann', 'r'), '1 x 100 = 60 pending'],
    [() => world.does('cancel', world.made('e', { coupon: 'POOL', until })), POOLED],
    [() => reserve('POOL', 'u'), 'couponReserved'],
    [() => world.order({ coupon: 'POOL' }, 'ann', 'w'), 'COUPON_UNAVAILABLE'],
    [() => world.order({ coupon: 'POOL' }, 'ben', 'w'), 'BUDGET_EXHAUSTED'],
    [() => world.order({ coupon: 'POOL' }, 'ann', 'u'), '1 x 100 = 67 pending'],
    [() => world.order({ coupon: 'POOL' }, 'ben', 'x'), 'BUDGET_EXHAUSTED'],
    [() => world.back('u'), POOLED],
    // The unit that the reservation had taken is there again, once.
    [() => world.order({ coupon: 'POOL' }, 'ben', 'y'), '1 x 100 = 67 pending'],
    [() => world.order({ coupon: 'POOL' }, 'ben', 'z'), 'BUDGET_EXHAUSTED'],
    [() => world.back('y', {}, 'ben'), POOLED],
    // Held, cancelled; and reserved again by whoever comes first.
    [() => reserve('POOL', 'v'), 'couponReserved'],
    [() => world.does('cancel', world.made('v', { coupon: 'POOL', until })), POOLED],
    [() => reserve('POOL', 'q'), 'couponReserved'],
    [
      () => world.does('ship', world.made('q', { coupon: 'POOL', quantity: 2 }), { quantity: 1 }),
      '1 shipped, 1 left',
    ],
    // A part was sent: coupon and unit stay used, also when the time of the reservation is over.
    [later, 'later'],
    [() => world.order({ coupon: 'POOL' }, 'ben', 'k'), 'BUDGET_EXHAUSTED'],
  ]);
  isReplayed(t, world);
});

t.test('parts of what a coupon made cheaper sum to the whole', async (t) => {
  const world = new MallWorld({ tea: { ...TEA, price: 7 } }, [
    ['coupon', 'OFF', { programme: SHOP, codes: 'shared', amount: 2 }],
    ['coupon', 'ALL', { programme: SHOP, codes: 'shared', percent: 100 }],
  ]);
  world.give('ann', 19);
  world.give('#item:tea', 3);
  const number = world.made('a', { quantity: 3, coupon: 'OFF' });
  run(t, [
    [() => world.has(), '0 0 0'],
    [() => world.does('ship', number, { quantity: 1 }), '1 shipped, 2 left'],
    // 19 for three: one of them is 6 and a third, rounded down.
    [() => world.does('cancel', number), '2 back, 13 points, pending, couponKept'],
    [() => world.has(), '13 0 2'],
    [() => world.does('complete', number), '1 completed'],
  ]);
  const free = world.made('b', { quantity: 2, coupon: 'ALL' });
  run(t, [
    [() => world.does('ship', free, { quantity: 1 }), '1 shipped, 1 left'],
    [() => world.does('cancel', free), '1 back, 0 points, pending, couponKept'],
    [() => world.has(), '13 0 1'],
    [() => world.does('cancel', free), 'ORDER_STATE_INVALID'],
  ]);
  isReplayed(t, world);
});

t.test('goods without an end that cost nothing are given back, too', async (t) => {
  const air = { programme: SHOP, price: 7, delivery: 'physical', payInMs: HOUR_MS };
  const world = new MallWorld({ air }, [
    ['coupon', 'ALL', { programme: SHOP, codes: 'shared', percent: 100 }],
  ]);
  const free = { goods: 'air', quantity: 2, coupon: 'ALL' };
  const back = '2 back, 0 points, cancelled, couponReturned';
  const part = '1 back, 0 points, pending, couponKept';
  const until = world.time + HOUR_MS;
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => world.made(id, free)) as [
    string,
    string,
    string,
    string,
  ];
  const [e, f, g] = ['e', 'f', 'g'].map((id) => world.made(id, { ...free, until })) as [
    string,
    string,
    string,
  ];
  run(t, [
    [() => world.does('cancel', a), back],
    [() => world.does('cancel', a), 'ORDER_STATE_INVALID'],
    [() => world.back('a'), 'ALREADY_REVERSED'],
    [() => world.back('b'), back],
    [() => world.does('cancel', b), 'ORDER_STATE_INVALID'],
    [() => world.does('ship', c, { quantity: 1 }), '1 shipped, 1 left'],
    [() => world.does('cancel', c), part],
    [() => world.does('ship', d), '2 shipped, 0 left'],
    [() => world.back('d'), 'ORDER_STATE_INVALID'],
    [() => world.does('cancel', e), back],
    [() => world.does('confirm', f), '0 paid anew'],
    [() => world.does('confirm', f), 'ORDER_STATE_INVALID'],
    [() => world.does('cancel', f), back],
    [() => world.does('confirm', g, {}, 'ann', 'k'), '0 paid anew'],
    [() => world.back('k'), back],
  ]);
  isReplayed(t, world);
});

t.test('a quote is charged exactly, or has expired', async (t) => {
  const world = new MallWorld({ tea: { ...TEA, limit: 9 }, oil: TEA }, [
    ['pricing', SHOP, { quoteSeconds: 60, stockFactors: [{ under: 10, percent: 120 }] }],
  ]);
  for (const owner of ['ann', 'ben']) world.give(owner, 10_000);
  for (const goods of ['#item:tea', '#item:oil']) world.give(goods, 100);
  const quote = world.quote({ quantity: 2 });
  t.match(quote, /^v1\.[\w-]+\.[\w-]{43}$/);
  const until = world.time + 60_000;
  const [, of = '', signed = ''] = quote.split('.');
  const read = JSON.parse(Buffer.from(of, 'base64url').toString()) as unknown[];
  const forged = Buffer.from(JSON.stringify(read.with(3, 1))).toString('base64url');
  run(t, [
    [() => world.order({ quote }), 'QUOTE_INVALID'],
    [() => world.order({ quote, quantity: 3 }), 'QUOTE_INVALID'],
    [() => world.order({ quote, quantity: 2, goods: 'oil' }), 'QUOTE_INVALID'],
    [() => world.order({ quote, quantity: 2 }, 'ben'), 'QUOTE_INVALID'],
    [() => world.order({ quote: `v1.${forged}.${signed}`, quantity: 2 }), 'QUOTE_INVALID'],
    [() => world.order({ quote: `v1.${of}.${'A'.repeat(43)}`, quantity: 2 }), 'QUOTE_INVALID'],
    [() => world.order({ quote, quantity: 2, expectedPrice: 120 }), 'PRICE_DIFFERS'],
    [() => world.order({ quote, quantity: 2, expectedPrice: 100 }), '2 x 100 = 200 pending'],
  ]);
  // The price changes; the quote does not. Definitions take ten seconds to decide.
  world.define('stock-level', 'tea', { under: 10 });
  world.define('goods', 'tea', { ...TEA, price: 500 });
  t.equal(world.order({ quote, quantity: 2 }), '2 x 100 = 200 pending');
  t.equal(world.order(), '1 x 600 = 600 pending');
  world.time = until - 1;
  t.equal(world.order({ quote, quantity: 2 }), '2 x 100 = 200 pending');
  world.time = until;
  run(t, [
    [() => world.order({ quote, quantity: 2 }), 'QUOTE_EXPIRED'],
    [() => world.order({ quote: world.quote() }), '1 x 600 = 600 pending'],
    [() => world.quote({ quantity: 100 }), 'ORDER_QUANTITY'],
    [() => world.quote({ goods: 'none' }), 'DEFINITION_NOT_FOUND'],
    [() => world.quote({}, 'nobody'), world.quote({}, 'nobody')],
  ]);
  world.define('goods', 'tea', undefined as never);
  t.equal(world.order({ quote: world.quote() }), 'ACT_BODY_INVALID');
  world.ledger.ledger.secret = () => new Uint8Array(32);
  t.equal(world.order({ quote, quantity: 2, goods: 'oil' }), 'QUOTE_INVALID', 'another key');
  isReplayed(t, world);
});

t.test('the price follows the tier, the sale and the stock, by block time', async (t) => {
  const sale = { programme: SHOP, percent: 80, from: NOON + 10 * DAY_MS, to: NOON + 11 * DAY_MS };
  const world = new MallWorld({ tea: { ...TEA, category: 'drinks' } }, [
    ['pricing', SHOP, { stockFactors: [{ under: 10, percent: 120 }] }],
    ['sale', 'ten', { ...sale, categories: ['drinks'] }],
    ['sale', 'few', { ...sale, percent: 50, audience: 'member.tier == "shop.gold"' }],
  ]);
  world.give('ann', 10_000);
  world.give('#item:tea', 100);
  const at = (time: number): string => {
    world.time = time;
    return world.order().replace(/^1 x (\d+) .*$/, '$1');
  };
  run(t, [
    [() => at(sale.from - 1), '100'],
    [() => at(sale.from), '80'],
    [() => world.grant('silver'), '-> silver'],
    [() => at(sale.from), '76'],
    [() => world.grant('gold'), '-> gold'],
    [() => at(sale.from), '45'],
    [() => at(sale.to - 1), '45'],
    [() => at(sale.to), '90'],
  ]);
  world.define('stock-level', 'tea', { under: 10 });
  t.equal(at(world.time), '108');
  world.define('stock-level', 'tea', undefined as never);
  t.equal(at(world.time), '90');
  isReplayed(t, world);
});
