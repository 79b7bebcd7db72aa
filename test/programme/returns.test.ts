// What is given back of an event: by line, quantity and amount, in any parts and order; as tables.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { Random } from '../random.js';
import { DAY_MS, HOUR_MS, NOON, SHOP, told, World } from './earning-world.js';

type Step = readonly [what: (world: World) => string | number, is: string | number];

function expectSteps(t: Test, steps: readonly Step[], world = new World()): World {
  for (const [n, [what, is]] of steps.entries()) {
    world.time++;
    t.equal(what(world), is, `step ${n}`);
  }
  const states = [world.replayed(), world.ledger].map(({ state }) => canonicalState(state));
  t.same(states[0], states[1], 'a replay comes to the same');
  return world;
}

const order =
  (id: string, amount: number, more: object = {}) =>
  (world: World) =>
    world.says('CONSUME', { amount }, more, 'ann', id);
const back =
  (id: string, more: object = {}) =>
  (world: World) =>
    world.return(id, more);
const lines = (...all: readonly (readonly [amount: number, quantity?: number])[]) => ({
  lines: all.map(([amount, quantity], n) => ({
    ...{ line: `l${n}`, amount },
    ...(quantity === undefined ? {} : { quantity }),
  })),
});
const part = (n: number, more: object = {}) => ({ lines: [{ line: `l${n}`, ...more }] });
const balance = (world: World) => world.available();

/** Half a point a unit, rounded down, in steps: what is shared is not a multiple. */
function shop(rule: object = {}, programme: object = {}): World {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  world.redefine('programme', SHOP, programme);
  world.redefine('rule', 'CONSUME', rule);
  world.time = NOON;
  return world;
}

t.test('by amount', async (t) => {
  expectSteps(t, [
    [order('o', 99), 'CONSUME 99'],
    [back('o', { amount: 33 }), 'back 33, returned 33'],
    [back('o', { amount: 67 }), 'RETURN_INVALID'],
    [back('o', { amount: 66 }), 'back 66, returned 66'],
    [back('o', { amount: 1 }), 'ALREADY_REVERSED'],
    [back('o'), 'ALREADY_REVERSED'],
    [balance, 0],
  ]);
  // One point for sixty: parts of it are nothing, until all of it has gone.
  expectSteps(
    t,
    [
      [order('o', 99), 'CONSUME 1'],
      [back('o', { amount: 98 }), 'returned 98'],
      [back('o', { amount: 2 }), 'RETURN_INVALID'],
      [back('o', { amount: 1 }), 'back 1, returned 1'],
      [balance, 0],
    ],
    shop({ per: 60 }),
  );
});

t.test('by line and quantity', async (t) => {
  expectSteps(t, [
    [order('o', 10, lines([10, 3])), 'CONSUME 10'],
    [back('o', part(0, { quantity: 1 })), 'back 3, returned 3'],
    [back('o', part(0, { quantity: 3 })), 'RETURN_INVALID'],
    [back('o', part(0, { quantity: 2 })), 'back 7, returned 7'],
    [balance, 0],
  ]);
  expectSteps(t, [
    [order('o', 2, lines([2, 3], [0])), 'CONSUME 2'],
    [back('o', part(0, { quantity: 1 })), 'returned 0'],
    [back('o', part(0, { quantity: 1 })), 'back 1, returned 1'],
    [back('o', part(0, { amount: 2 })), 'RETURN_INVALID'],
    [back('o', part(0, { amount: 1, quantity: 1 })), 'ACT_BODY_INVALID'],
    [back('o', part(1)), 'RETURN_INVALID'],
    [back('o', part(2)), 'RETURN_INVALID'],
    [back('o', { amount: 1 }), 'RETURN_INVALID'],
    [back('o', part(0)), 'back 1, returned 1'],
    [back('o', part(0)), 'ALREADY_REVERSED'],
    [balance, 0],
  ]);
  // Lines that cost nothing, of an order that earns something.
  expectSteps(
    t,
    [
      [order('o', 0, lines([0, 2], [0])), 'FIX 5'],
      [back('o', part(0, { quantity: 1 })), 'returned 0'],
      [back('o', part(0)), 'back 2, returned 1'],
      [back('o', part(1)), 'back 3, returned 1'],
      [balance, 0],
    ],
    fixed(),
  );
  expectSteps(
    t,
    [
      [order('o', 0, { lines: [] }), 'FIX 5'],
      [back('o'), 'back 5, returned 1'],
      [order('p', 0), 'FIX 5'],
      [back('p', { amount: 1 }), 'back 5, returned 1'],
      [order('q', -7), 'FIX 5'],
      [back('q'), 'back 5, returned 1'],
      [(world) => world.says('CONSUME', {}, {}, 'ann', 'r'), 'FIX 5'],
      [back('r', { amount: 1 }), 'RETURN_INVALID'],
      [back('r'), 'back 5, returned 1'],
      [balance, 0],
    ],
    fixed(),
  );
});

function fixed(): World {
  const world = shop();
  world.time -= HOUR_MS;
  const rule = { programme: SHOP, event: 'CONSUME', points: 5 };
  world.define('rule', `${SHOP}.FIX`, rule);
  world.time = NOON;
  return world;
}

t.test('lines with strange names', async (t) => {
  const strange = ['constructor', 'toString', 'valueOf'];
  const all = { lines: strange.map((line) => ({ line, amount: 2 })) };
  expectSteps(t, [
    [order('o', 6, all), 'CONSUME 6'],
    ...strange.map((line): Step => [back('o', { lines: [{ line }] }), 'back 2, returned 2']),
    [balance, 0],
  ]);
});

t.test('n parts in any order are the whole', async (t) => {
  const random = new Random(7);
  for (let n = 0; n < 150; n++) {
    const world = shop({ points: 1 + random.int(9), per: 1 + random.int(9) });
    const count = 1 + random.int(5);
    const all = Array.from({ length: count }, () => [random.int(40), 1 + random.int(5)] as const);
    const sum = all.reduce((whole, [amount]) => whole + amount, 0);
    const earned = order('o', sum, lines(...all))(world);
    const parts = random.shuffle(
      all.flatMap(([, quantity], l) => Array.from({ length: quantity }, () => l)),
    );
    let last = world.available();
    for (const l of parts) {
      const said = world.return('o', part(l, { quantity: 1 }));
      if (!said.includes('returned')) t.fail(`${said} of ${JSON.stringify(all)}`);
      if (world.available() > last) t.fail('a return gives points');
      last = world.available();
    }
    if (world.available() !== 0) t.fail(`${world.available()} left of ${earned}`);
    if (!['ALREADY_REVERSED', 'RETURN_INVALID'].includes(world.return('o'))) t.fail('once more');
  }
});

t.test('beside reverse', async (t) => {
  expectSteps(t, [
    [order('o', 99), 'CONSUME 99'],
    [(world) => world.reverse('o'), 'back 99'],
    [back('o', { amount: 1 }), 'ALREADY_REVERSED'],
    [order('p', 30), 'CONSUME 30'],
    [back('p', { amount: 10 }), 'back 10, returned 10'],
    [(world) => world.reverse('p'), 'back 20'],
    [back('p', { amount: 10 }), 'ALREADY_REVERSED'],
    [balance, 0],
  ]);
});

t.test('limits, tasks and streaks go back, once', async (t) => {
  const review = (id: string) => (world: World) => world.says('REVIEW', {}, {}, 'ann', id);
  expectSteps(t, [
    [order('o', 100), 'CONSUME 100, CONSUME_100 50'],
    // Half of what it takes is left: the reward goes as a whole, and can be earned again.
    [back('o', { amount: 50 }), 'back 100, returned 50'],
    [order('p', 100), 'CONSUME 100, CONSUME_100 50'],
    [back('o'), 'back 50, returned 50'],
    [order('q', 99), 'CONSUME 99'],
    [back('p', { amount: 1 }), 'back 51, returned 1'],
    // What came after the reward has not counted.
    [order('r', 1), 'CONSUME 1, CONSUME_100 50'],
    [back('r'), 'back 51, returned 1'],
    [balance, 99 + 99],
  ]);
  expectSteps(t, [
    [order('o', 150), 'CONSUME 150, CONSUME_100 50'],
    // It is not shared: enough is left.
    [back('o', { amount: 50 }), 'back 50, returned 50'],
    [back('o', { amount: 1 }), 'back 51, returned 1'],
    [back('o', { amount: 98 }), 'back 98, returned 98'],
    [back('o'), 'back 1, returned 1'],
    [balance, 0],
  ]);
  expectSteps(t, [
    ...['a', 'b'].map((id): Step => [review(id), 'REVIEW 5']),
    [review('c'), 'REVIEW 5, REVIEW_3 15'],
    [review('d'), 'REVIEW 5'],
    [review('e'), 'REVIEW 5'],
    [review('f'), ''],
    // With it the third one has not completed anything: what that had brought goes, too.
    [back('a'), 'back 5, reopenTask, returned 1'],
    [balance, 20],
    [back('a'), 'ALREADY_REVERSED'],
    [review('g'), 'REVIEW 5, REVIEW_3 15'],
    [review('h'), ''],
    [back('c'), 'back 5, reopenTask, returned 1'],
    [balance, 20],
    [(world) => world.reverse('b'), 'back 5'],
  ]);
  expectSteps(t, [
    [review('a'), 'REVIEW 5'],
    [review('b'), 'REVIEW 5'],
    [review('c'), 'REVIEW 5, REVIEW_3 15'],
    [(world) => world.reverse('a'), 'back 5, reopenTask'],
    [balance, 10],
    [back('a'), 'ALREADY_REVERSED'],
    [back('c'), 'back 5, returned 1'],
    [back('c'), 'ALREADY_REVERSED'],
    [balance, 5],
  ]);
  // What has earned nothing has counted all the same.
  const world = shop();
  world.time -= HOUR_MS;
  world.define('rule', `${SHOP}.REVIEW`, undefined);
  world.time = NOON;
  expectSteps(
    t,
    [
      [review('a'), ''],
      [review('b'), ''],
      [back('a'), 'back 0, returned 1'],
      [back('a'), 'ALREADY_REVERSED'],
      [review('c'), ''],
      [review('d'), 'REVIEW_3 15'],
      [back('d'), 'back 15, returned 1'],
      [review('e'), 'REVIEW_3 15'],
    ],
    world,
  );
  // It had brought nothing but the reward, which has gone: it can be given back all the same.
  const another = shop();
  another.time -= HOUR_MS;
  another.define('rule', `${SHOP}.REVIEW`, undefined);
  another.time = NOON;
  expectSteps(
    t,
    [
      ...['a', 'b'].map((id): Step => [review(id), '']),
      [review('c'), 'REVIEW_3 15'],
      [back('a'), 'back 0, reopenTask, returned 1'],
      [balance, 0],
      [back('c'), 'returned 1'],
      [back('c'), 'ALREADY_REVERSED'],
      [review('d'), ''],
      [review('e'), 'REVIEW_3 15'],
    ],
    another,
  );
  const sign = (id: string) => (world: World) => world.says('SIGN', undefined, {}, 'ann', id);
  expectSteps(t, [
    [sign('a'), 'day 1, SIGN 10'],
    [back('a'), 'back 10, returned 1'],
    [sign('b'), 'day 1, SIGN 10'],
    [sign('c'), ''],
    [back('c'), 'back 0, returned 1'],
    [sign('d'), ''],
  ]);
});

t.test('what a member has spent', async (t) => {
  const pay = (world: World) => {
    const legs = [{ from: 'ann', to: '@redeem', asset: 'points', amount: 80 }];
    return world.do({ type: 'transfer', id: 'pay', legs } as never).ok ? 'ok' : 'no';
  };
  for (const [returns, is, left] of [
    ['within-balance', 'POINTS_SHORT', 19],
    ['unlimited', 'back 99, returned 99', -80],
  ] as const)
    expectSteps(
      t,
      [
        [order('o', 99), 'CONSUME 99'],
        [pay, 'ok'],
        [back('o'), is],
        [balance, left],
      ],
      shop({}, { returns }),
    );
});

t.test('by what was logged, whatever is defined by then', async (t) => {
  const gone = (what: (world: World) => void) => (world: World) => {
    what(world);
    world.time += DAY_MS;
    return '';
  };
  const steps = (change: (world: World) => void): Step[] => [
    [order('o', 90), 'CONSUME 90'],
    [back('o', { amount: 30 }), 'back 30, returned 30'],
    [gone(change), ''],
    [back('o', { amount: 30 }), 'back 30, returned 30'],
    [back('o'), 'back 30, returned 30'],
    [balance, 0],
  ];
  for (const change of [
    (world: World) => world.redefine('rule', 'CONSUME', { points: 7 }),
    (world: World) => world.define('rule', `${SHOP}.CONSUME`, undefined),
    (world: World) => world.define('event', `${SHOP}.CONSUME`, undefined),
    (world: World) =>
      world.redefine('event', 'CONSUME', {
        ...{ attributes: { amount: 'text', other: 'integer' }, amount: 'other' },
      }),
    (world: World) => world.define('programme', SHOP, undefined),
    (world: World) => world.redefine('programme', SHOP, { tierPeriod: 'year' }),
    (world: World) => world.redefine('programme', SHOP, { lateMs: 0 }),
  ])
    expectSteps(t, steps(change));
});

t.test('a programme that was retired, and decides again', async (t) => {
  const define = (document: object | undefined) => (world: World) => {
    if (document === undefined) world.define('programme', SHOP, undefined);
    else world.redefine('programme', SHOP, document);
    return '';
  };
  expectSteps(t, [
    [order('o', 1_000), 'CONSUME 1000, CONSUME_100 50, -> silver'],
    [define(undefined), ''],
    [back('o', { amount: 500 }), 'back 500, returned 500'],
    [define({}), ''],
    [order('p', 200), 'CONSUME 200, -> ordinary'],
  ]);
});

t.test('long after, when nothing is counted any more', async (t) => {
  const late = (days: number) => (world: World) => {
    world.time += days * DAY_MS;
    return world.says('REVIEW');
  };
  expectSteps(t, [
    [(world) => world.says('REVIEW', {}, {}, 'ann', 'o'), 'REVIEW 5'],
    [late(30), 'REVIEW 5'],
    [late(300), 'REVIEW 5'],
    [back('o'), 'back 5, returned 1'],
    [balance, 10],
  ]);
});

t.test(
  'within the time that the programme says, and what was returned is then forgotten',
  async (t) => {
    const known = (world: World): number => world.records('returned');
    const until = (time: number) => (world: World) => {
      world.time = time - 1;
      world.ledger.tick(world.time);
      return '';
    };
    for (const [returnMs, days] of [
      [3 * DAY_MS, 3],
      [undefined, 366],
    ] as const) {
      const end = NOON + 1 + days * DAY_MS;
      expectSteps(
        t,
        [
          [order('o', 99), 'CONSUME 99'],
          [back('o', { amount: 33 }), 'back 33, returned 33'],
          // Reported as late as it may be: it goes by when it happened.
          [order('p', 50, { time: NOON - DAY_MS }), 'CONSUME 50'],
          [back('p', { amount: 1 }), 'back 1, returned 1'],
          [until(end - DAY_MS - 1), ''],
          [back('p', { amount: 1 }), 'RETURN_TOO_LATE'],
          [known, 1],
          [until(end - 1), ''],
          [back('o', { amount: 33 }), 'back 33, returned 33'],
          [known, 1],
          [until(end), ''],
          [back('o'), 'RETURN_TOO_LATE'],
          [known, 0],
          [(world) => world.reverse('o'), 'back 33'],
          [balance, 49],
        ],
        shop({}, { ...(returnMs && { returnMs }), lateMs: 2 * DAY_MS }),
      );
    }
  },
);

t.test('of two platforms whose events have the same id, each gives back its own', async (t) => {
  const world = shop();
  let n = 0;
  const says = (of: string, event: string, more: object = {}): string =>
    told(world.act('return-event', { event, ...more }, 'ann', `${of},r${++n}`));
  for (const of of ['club', 'mall']) world.event('CONSUME', { amount: 40 }, {}, 'ann', `${of},o`);
  t.equal(says('club', 'o', { amount: 10 }), 'back 10, returned 10');
  t.equal(says('mall', 'o'), 'back 40, returned 40', 'what another has given back is not its own');
  t.equal(world.reverse('club,o'), 'back 30');
  t.equal(says('club', 'o'), 'ALREADY_REVERSED', 'an operator has given back the rest');
  t.equal(world.records('returned'), 0);
});
