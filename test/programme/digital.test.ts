// Codes and gift cards as tables, each row on top of the one before: what orders take, what comes back, what cards pay; and the same state by a replay.

import t, { type Test as Tap } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { codeOwner } from '../../engine/programme/mall/codes.js';
import { orderedCard } from '../../engine/programme/mall/delivery.js';
import { isLow, lowStockOf } from '../../engine/programme/mall/low-stock.js';
import { cardCode, cardCodeOf, cardId, shownCard } from '../../engine/protocol/card-code.js';
import { COUPON_LETTERS } from '../../engine/protocol/coupon-code.js';
import { proof } from './coupon-world.js';
import { BOOK, cardNumbered, DigitalWorld, GIFT, named, parts } from './digital-world.js';
import { HOUR_MS, NOON, SHOP } from './earning-world.js';
import { PIECE, said, TEA } from './mall-world.js';

type Rows = readonly (readonly [is: () => unknown, should: unknown])[];

function run(t: Tap, rows: Rows): void {
  for (const [i, [is, should]] of rows.entries()) t.equal(is(), should, `row ${i}: ${should}`);
}

function isReplayed(t: Tap, world: DigitalWorld): void {
  t.same(canonicalState(world.replayed().state), canonicalState(world.ledger.state));
}

const codes = (...all: readonly string[]) => ({
  goods: 'book',
  codes: all.map((one) => named(one)),
});

t.test('a code is there once, with a piece of stock, and is taken once', async (t) => {
  const world = new DigitalWorld({ book: BOOK, tea: TEA });
  world.give('ann', 1_000);
  world.give('ben', 1_000);
  run(t, [
    [() => world.order(codes('A')), 'SOLD_OUT'],
    [() => world.upload(['A', 'B', 'C', 'D']), '4 0'],
    [() => world.upload(['A', 'E']), '1 1'],
    [() => world.upload(['A'], 'tea'), 'GOODS_WITHOUT_CODES'],
    [() => world.upload(['A'], 'none'), 'DEFINITION_NOT_FOUND'],
    [() => world.stock('book'), 5],
    [() => world.order(codes('A'), 'ann', 'a'), '1 x 100 = 100 completed, 1 completed'],
    [() => world.stock('book'), 4],
    [() => world.isFree('A'), false],
    [() => world.upload(['A']), '0 1'],
    [() => world.order(codes('A'), 'ben', 'b'), 'BUDGET_BUSY'],
    [() => world.order(codes('B'), 'ben', 'b'), '1 x 100 = 100 completed, 1 completed'],
    // A repeat is told the same, whatever is offered to it.
    [() => world.order(codes('C'), 'ben', 'b'), '1 x 100 = 100 completed, 1 completed'],
    [() => world.order({ goods: 'book' }, 'ben', 'b'), '1 x 100 = 100 completed, 1 completed'],
    [() => world.order({ ...codes('C'), quantity: 2 }, 'ben', 'b'), 'ID_REUSED'],
    [() => world.isFree('C'), true],
    [() => world.order({ goods: 'book' }), 'BUDGET_BUSY'],
    [() => world.order({ ...codes('C'), quantity: 2 }), 'BUDGET_BUSY'],
    [() => world.order({ ...codes('C', 'A'), quantity: 2 }), 'BUDGET_BUSY'],
    [() => world.order(codes('NEVER')), 'BUDGET_BUSY'],
    [() => world.order({ ...codes('C'), quantity: 9 }), 'ORDER_QUANTITY'],
    [
      () => world.order({ goods: 'book', codes: [named('C'), named('C')], quantity: 2 }),
      'ACT_BODY_INVALID',
    ],
    [() => world.order({ goods: 'book', codes: ['C'] }), 'ACT_BODY_INVALID'],
    [() => world.has('ann', 'book'), '900 0 3'],
    [
      () => world.order({ ...codes('C', 'D'), quantity: 2 }, 'ann'),
      '2 x 100 = 200 completed, 2 completed',
    ],
    [() => world.order({ ...codes('E'), quantity: 2 }), 'SOLD_OUT'],
    // What can have been read is not given back.
    [() => world.back('a'), 'ORDER_STATE_INVALID'],
    [() => world.does('cancel', world.made('x', codes('E'))), 'ORDER_STATE_INVALID'],
    [() => world.order({ goods: 'book' }), 'SOLD_OUT'],
    [() => world.order({ ...codes('E'), goods: 'tea' }), 'SOLD_OUT'],
  ]);
  isReplayed(t, world);
});

t.test('a code is either given out or withdrawn', async (t) => {
  const world = new DigitalWorld({ book: { ...BOOK, payInMs: HOUR_MS }, tea: TEA });
  world.give('ann', 1_000);
  const name = named('A');
  const at = codeOwner('book', name);
  const withdraw = (body: object, owner = at): string => {
    const outcome = world.own('code-withdraw', owner, body);
    return outcome.ok ? 'ok' : outcome.code;
  };
  const of = { goods: 'book', asset: PIECE };
  world.upload(['A', 'B', 'C', 'D']);
  const held = world.made('h', { ...codes('B'), until: world.time + 1_000 });
  run(t, [
    [() => world.order(codes('A'), 'ann', 'a'), '1 x 100 = 100 completed, 1 completed'],
    [() => withdraw({ ...of, codes: [name] }, 'ann'), 'ACT_BODY_INVALID'],
    [() => withdraw({ ...of, codes: [name] }, codeOwner('tea', name)), 'ACT_BODY_INVALID'],
    [() => withdraw({ ...of, codes: [] }), 'ACT_BODY_INVALID'],
    [() => withdraw({ ...of, codes: [name, name] }), 'ACT_BODY_INVALID'],
    [() => withdraw({ ...of, codes: ['A'] }), 'ACT_BODY_INVALID'],
    [() => world.stock('book'), 2],
    // Given, held, free, never there.
    [() => world.withdraw(['A', 'B', 'C', 'X']), '1 0 2 1'],
    [() => world.stock('book'), 1],
    [() => world.order(codes('C')), 'BUDGET_BUSY'],
    [() => world.withdraw(['C']), '0 1 0 0'],
    // It does not come back: neither with what held it, nor uploaded again.
    [() => world.upload(['C']), '0 1'],
    [() => world.does('cancel', held), '1 back, 100 points, cancelled'],
    [() => world.withdraw(['B']), '1 0 0 0'],
    [() => world.order(codes('B')), 'BUDGET_BUSY'],
    [() => world.order(codes('D')), '1 x 100 = 100 completed, 1 completed'],
    [() => world.withdraw(['A', 'B', 'C', 'D']), '0 2 2 0'],
    [() => world.order(codes('C')), 'SOLD_OUT'],
    [() => world.stock('book'), 0],
  ]);
  isReplayed(t, world);
});

t.test('few pieces are said once, and once that there are enough again', async (t) => {
  const world = new DigitalWorld({ tea: TEA });
  const low = (state: string, left: number, under = 10): string => {
    const body = { goods: 'tea', state, left, under };
    return said(world.own('stock-low', '#item:tea', body));
  };
  run(t, [
    [() => low('enough', 20), 'STOCK_TOLD'],
    [() => low('low', 9), 'stockLow'],
    [() => low('low', 8), 'STOCK_TOLD'],
    [() => low('enough', 20), 'stockEnough'],
    [() => low('low', 3), 'stockLow'],
    [() => low('none', 3), 'ACT_BODY_INVALID'],
    [() => low('low', -1), 'ACT_BODY_INVALID'],
    [() => isLow(10, 10, false), false],
    [() => isLow(9, 10, false), true],
    [() => isLow(10, 10, true), true],
    [() => isLow(11, 10, true), false],
    [() => isLow(0, 0, true), false],
    [() => isLow(1, 1, true), true],
    [() => isLow(2, 1, true), false],
    [() => lowStockOf({ delivery: 'code' }), 10],
    [() => lowStockOf({ delivery: 'code', lowStock: 0 }), 0],
    [() => lowStockOf({ delivery: 'physical' }), 0],
    [() => lowStockOf({ delivery: 'physical', lowStock: 7 }), 7],
  ]);
  isReplayed(t, world);
});

t.test('codes come to the owner that they lie on, and no other', async (t) => {
  const world = new DigitalWorld({ book: BOOK, other: BOOK });
  const name = named('A');
  const at = codeOwner('book', name);
  const add = (body: object, owner = at): string => {
    const outcome = world.own('code-add', owner, body);
    return outcome.ok ? 'ok' : outcome.code;
  };
  run(t, [
    [
      () => add({ goods: 'book', codes: [[name, 'x']] }, codeOwner('other', name)),
      'ACT_BODY_INVALID',
    ],
    [() => add({ goods: 'book', codes: [[`~${name.slice(1)}`, 'x']] }), 'ACT_BODY_INVALID'],
    [
      () =>
        add({
          goods: 'book',
          codes: [
            [name, 'x'],
            [name, 'x'],
          ],
        }),
      'ACT_BODY_INVALID',
    ],
    [() => add({ goods: 'book', codes: [[name, 'a code, not sealed']] }), 'ACT_BODY_INVALID'],
    [() => add({ goods: 'book', codes: [[name]] }), 'ACT_BODY_INVALID'],
    [() => add({ goods: 'book', codes: [] }), 'ACT_BODY_INVALID'],
    [() => add({ goods: 'book', codes: [[name, 'x']] }, 'ann'), 'ACT_BODY_INVALID'],
    [() => add({ goods: 'book', codes: [[name, 'x']] }), 'ok'],
    [() => world.stock('book'), 1],
    [() => world.stock('other'), 0],
  ]);
});

t.test('an order that is held has a code that nobody is shown, and that comes back', async (t) => {
  const world = new DigitalWorld({ book: { ...BOOK, payInMs: HOUR_MS } });
  world.give('ann', 1_000);
  world.upload(['A', 'B']);
  const until = () => ({ until: world.time + 1_000 });
  const first = world.made('h', { ...codes('A'), ...until() });
  run(t, [
    [() => world.has('ann', 'book'), '900 100 1'],
    [() => world.isFree('A'), false],
    [() => world.order(codes('A'), 'ann'), 'BUDGET_BUSY'],
    [() => world.does('cancel', first), '1 back, 100 points, cancelled'],
    [() => world.has('ann', 'book'), '1000 0 2'],
    [() => world.isFree('A'), true],
    [() => world.back('h'), 'ALREADY_REVERSED'],
  ]);
  const second = world.made('i', { ...codes('A'), ...until() });
  run(t, [
    [() => world.does('confirm', second, {}, 'ann', 'paid'), '100 paid, 1 completed'],
    [() => world.kept(second)?.state, 'completed'],
    [() => world.does('cancel', second), 'ORDER_STATE_INVALID'],
    [() => world.back('paid'), 'ORDER_STATE_INVALID'],
    [() => world.back('i'), 'ORDER_STATE_INVALID'],
    [() => world.isFree('A'), false],
  ]);
  const third = world.made('k', { ...codes('B'), ...until() });
  world.time += 2_000;
  run(t, [
    [() => world.lapses(third), '1 back, 100 points, cancelled'],
    [() => world.isFree('B'), true],
    [() => world.has('ann', 'book'), '900 0 1'],
  ]);
  isReplayed(t, world);
});

t.test('cards pay what is said, and leave the exact rest', async (t) => {
  const world = new DigitalWorld({ tea: TEA }, [
    ['coupon', 'HALF', { programme: SHOP, codes: 'shared', percent: 50 }],
  ]);
  world.give('#item:tea', 100);
  world.give('ann', 1_000);
  const soon = () => world.time + HOUR_MS;
  run(t, [
    [() => world.issue(1, 70, soon(), 'one'), 'ok'],
    [() => world.issue(1, 70, soon()), 'CARD_EXISTS'],
    [() => world.issue(2, 45), 'ok'],
    [() => world.issue(3, 10, world.time), 'EXPIRY_PAST'],
    [() => world.order(parts([1, 60], [2, 30]), 'ann', 'o1'), '1 x 100 = 100 pending'],
    [() => world.order(parts([1, 60], [2, 30]), 'ann', 'o1'), '1 x 100 = 100 pending'],
    [() => world.order(parts([1, 60]), 'ann', 'o1'), 'ID_REUSED'],
    [() => world.has(), '990 0 99'],
    [() => world.left(1), 10],
    [() => world.left(2), 15],
    [() => world.order(parts([1, 11])), 'CARD_SHORT'],
    [() => world.order(parts([3, 1])), 'CARD_SHORT'],
    [() => world.order(parts([1, 10], [2, 91])), 'CARDS_EXCEED_ORDER'],
    [() => world.order({ ...parts([1, 10], [2, 15]), until: soon() }), 'ORDER_UNTIL_INVALID'],
    [() => world.order(parts([1, 6], [1, 5])), 'CARD_SHORT'],
    [() => world.order(parts([1, 1], [2, 1], [4, 1], [5, 1], [6, 1])), 'ACT_BODY_INVALID'],
    [() => world.order({ cards: [] }), 'ACT_BODY_INVALID'],
    [() => world.order({ cards: [{ card: 'ABCD-EFGH', amount: 1 }] }), 'ACT_BODY_INVALID'],
    [() => world.order(parts([1, 1], [2, 1]), 'ben'), 'POINTS_SHORT'],
    [() => world.has(), '990 0 99'],
    [() => world.back('o1'), '1 back, 10 points, cancelled'],
    [() => `${world.left(1)} ${world.left(2)} ${world.has()}`, '70 45 1000 0 100'],
    // All of it by cards, by somebody who has no points.
    [() => world.order({ ...parts([1, 50]), coupon: 'HALF' }, 'ben', 'o2'), '1 x 100 = 50 pending'],
    [() => world.left(1), 20],
    [() => world.back('o2', {}, 'ben'), '1 back, 0 points, cancelled, couponReturned'],
    [() => world.left(1), 70],
  ]);
  isReplayed(t, world);
});

t.test(
  'what is given back of an order goes to the member first, and then to the cards',
  async (t) => {
    const world = new DigitalWorld({ tea: TEA });
    world.give('#item:tea', 100);
    world.give('ann', 1_000);
    world.issue(1, 120);
    world.issue(2, 60);
    const number = world.made('o', { quantity: 3, ...parts([1, 120], [2, 60]) });
    run(t, [
      [() => `${world.left(1)} ${world.left(2)} ${world.has()}`, '0 0 880 0 97'],
      [() => world.does('ship', number, { quantity: 1 }), '1 shipped, 2 left'],
      [() => world.back('o', { legs: [{ leg: 0, amount: 120 }] }), 'ORDER_INSEPARABLE'],
      // 200 of 300: all 120 that the member paid, and 80 of the cards.
      [() => world.does('cancel', number), '2 back, 120 points, pending'],
      [() => `${world.left(1)} ${world.left(2)} ${world.has()}`, '80 0 1000 0 99'],
      [() => world.does('cancel', number), 'ORDER_STATE_INVALID'],
      [() => world.does('complete', number), '1 completed'],
    ]);
    isReplayed(t, world);
  },
);

t.test(
  'a card that is over pays for nothing, keeps what comes back, and can begin again',
  async (t) => {
    const world = new DigitalWorld({ tea: TEA });
    world.give('#item:tea', 100);
    world.give('ann', 1_000);
    const end = world.time + HOUR_MS;
    run(t, [
      [() => world.issue(1, 70, end), 'ok'],
      [() => world.order(parts([1, 50]), 'ann', 'o'), '1 x 100 = 100 pending'],
    ]);
    world.time = end - 1;
    t.equal(
      world.order(parts([1, 5]), 'ann'),
      '1 x 100 = 100 pending',
      'up to its last millisecond',
    );
    world.time = end;
    run(t, [
      [() => world.order(parts([1, 5])), 'CARD_SHORT'],
      [() => world.back('o'), '1 back, 50 points, cancelled'],
      [() => world.left(1), 65],
      [() => world.order(parts([1, 5])), 'CARD_SHORT'],
      [() => world.extend(1, end), 'EXPIRY_PAST'],
      [() => world.extend(2), 'CARD_NOT_FOUND'],
      [() => world.extend(1, end + HOUR_MS), 'ok'],
      [() => world.order(parts([1, 65])), '1 x 100 = 100 pending'],
      [() => world.left(1), 0],
      [() => world.extend(1), 'ok'],
    ]);
    isReplayed(t, world);
  },
);

t.test(
  'gift cards are ordered: made with the order, each with a code that follows from it',
  async (t) => {
    const world = new DigitalWorld({
      gift: { ...GIFT, stockAsset: TEA.stockAsset, cardDays: 1 },
      tea: TEA,
    });
    world.give('#item:gift', 3);
    world.give('#item:tea', 3);
    world.give('ann', 1_000);
    const number = world.made('o', { goods: 'gift', quantity: 2 });
    const card = (n: number, owner = 'ann'): string =>
      cardId(orderedCard(owner, number, n, proof), proof);
    const pay = (of: string, amount: number) => ({ cards: [{ card: of, amount }] });
    run(t, [
      [() => world.has('ann', 'gift'), '900 0 1'],
      [() => world.left(card(1)), 40],
      [() => world.left(card(2)), 40],
      [() => world.isCard(card(3)), false],
      [() => world.isCard(card(1, 'ben')), false],
      [() => world.made('o', { goods: 'gift', quantity: 2 }), number],
      [() => world.left(card(1)), 40],
      [() => world.back('o'), 'ORDER_STATE_INVALID'],
      [() => world.order(pay(card(1), 30)), '1 x 100 = 100 pending'],
      [() => world.left(card(1)), 10],
      [() => world.order({ goods: 'gift', quantity: 2 }), 'SOLD_OUT'],
      [() => world.order({ goods: 'gift', quantity: 9 }), 'ORDER_QUANTITY'],
      [() => world.order({ goods: 'gift', until: world.time + 5 }), 'ORDER_UNTIL_INVALID'],
    ]);
    world.time += 24 * HOUR_MS;
    t.equal(world.order(pay(card(2), 30)), 'CARD_SHORT', 'it was for a day');
    isReplayed(t, world);
  },
);

t.test('goods that are coupons: in the wallet with the order, and not given back', async (t) => {
  const goods = { programme: SHOP, price: 50, delivery: 'coupon', stockAsset: PIECE };
  const campaign = { programme: SHOP, codes: 'single', percent: 10, to: NOON + 24 * HOUR_MS };
  const world = new DigitalWorld({ tenth: { ...goods, coupon: 'TENS' }, tea: TEA }, [
    ['coupon', 'TENS', campaign],
  ]);
  world.give('ann', 1_000);
  world.give('#item:tenth', 5);
  world.give('#item:tea', 5);
  const outcome = world.act('order', { goods: 'tenth', quantity: 2 }, 'ann', 'two');
  t.ok(outcome.ok, outcome.ok ? '' : outcome.code);
  const told = outcome.ok ? (outcome.act?.effects ?? []) : [];
  const codes = told.flatMap(({ type, code }) => (type === 'couponIssued' ? [`${code}`] : []));
  t.equal(codes.length, 2);
  t.equal(new Set(codes).size, 2);
  const again = world.act('order', { goods: 'tenth', quantity: 2 }, 'ann', 'two');
  t.ok(again.ok && again.replayed);
  run(t, [
    [() => world.available('ann'), 900],
    [() => world.stock('tenth'), 3],
    [() => world.back('two'), 'ORDER_STATE_INVALID'],
    [() => world.order({ goods: 'tenth', quantity: 9 }), 'ORDER_QUANTITY'],
    [() => world.order({ goods: 'tenth', until: world.time + 5 }), 'ORDER_UNTIL_INVALID'],
    [() => world.order({ goods: 'tea', coupon: codes[0] }, 'ben'), 'COUPON_UNAVAILABLE'],
  ]);
  t.ok(
    world.act('order', { goods: 'tea', coupon: codes[0] as string }, 'ann').ok,
    'and is used as any',
  );
  world.time = campaign.to;
  t.equal(world.order({ goods: 'tenth' }), 'COUPON_NOT_ISSUED', 'the campaign is over');
  t.equal(world.stock('tenth'), 3);
  isReplayed(t, world);
});

t.test('what goods of codes, cards and coupons must say', async (t) => {
  const world = new DigitalWorld({});
  const wrong = (goods: object): string => {
    try {
      world.define('goods', 'x', goods);
      return 'ok';
    } catch (error) {
      return /"field":"([^"]*)"/.exec((error as Error).message)?.[1] ?? (error as Error).message;
    }
  };
  run(t, [
    [() => wrong({ ...BOOK, stockAsset: undefined }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...BOOK, most: 9 }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...BOOK, cardAmount: 9 }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...BOOK, cardDays: 9 }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...GIFT, cardAmount: undefined }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...GIFT, payInMs: 5_000 }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...BOOK, coupon: 'X' }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...GIFT, delivery: 'coupon' }).includes('DEFINITION_INVALID'), true],
    [
      () => wrong({ ...BOOK, delivery: 'coupon', coupon: 'NONE' }).includes('DEFINITION_INVALID'),
      true,
    ],
    [() => wrong(BOOK), 'ok'],
    [() => wrong({ ...TEA }).includes('DEFINITION_INVALID'), true],
    [() => wrong({ ...BOOK, price: 3 }), 'ok'],
  ]);
});

t.test('the code of a card, as it is typed', async (t) => {
  const code = cardCode(proof('some card'));
  t.match(code, new RegExp(`^[${COUPON_LETTERS}]{16}$`));
  const shown = shownCard(code);
  t.match(shown, /^(?:.{4}-){3}.{4}$/);
  for (const typed of [
    code,
    shown,
    code.toLowerCase(),
    ` ${shown}`.trim(),
    shown.replaceAll('-', ' '),
  ])
    t.equal(cardCodeOf(typed), code, typed);
  for (let at = 0; at < code.length; at++)
    for (const letter of COUPON_LETTERS) {
      const other = code.slice(0, at) + letter + code.slice(at + 1);
      if (other !== code) t.equal(cardCodeOf(other), undefined, other);
    }
  for (const none of [
    '',
    code.slice(1),
    `${code}2`,
    code.replace(/.$/, '0'),
    '----------------',
    7,
    null,
  ])
    t.equal(cardCodeOf(none), undefined, String(none));
  t.match(cardNumbered(1), /^[\w-]{22}$/);
});
