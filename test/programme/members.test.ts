// What a member has: streaks, tiers, campaigns that are for him, budgets that end; as tables.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World, whyIn } from './earning-world.js';

/** Days after noon of the first day; what is done; what it comes to. */
type Step = readonly [
  day: number,
  what: (world: World) => string | number | undefined,
  is: string | number,
];

function expectSteps(t: Test, steps: readonly Step[], world = new World()): World {
  for (const [n, [day, what, is]] of steps.entries()) {
    world.time = Math.max(world.time, NOON + day * DAY_MS);
    t.equal(what(world), is, `step ${n}, day ${day}`);
  }
  const states = [world.replayed(), world.ledger].map(({ state }) => canonicalState(state));
  t.same(states[0], states[1], 'a replay comes to the same');
  return world;
}

const sign =
  (late = 0) =>
  (world: World) =>
    world.says('SIGN', undefined, late === 0 ? {} : { time: world.time - late * DAY_MS });
const spend = (amount: number, late?: number) => (world: World) =>
  world.says('CONSUME', { amount }, late === undefined ? {} : { time: NOON + late * DAY_MS });
const bring = (id: string) => (world: World) => world.return(id);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, day) => day);

/** Tiers by this period, and no task or limit beside. */
function tiered(programme: object): World {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  world.redefine('programme', SHOP, programme);
  world.define('task', `${SHOP}.CONSUME_100`, undefined);
  world.redefine('rule', 'CONSUME', { multiplied: false });
  world.redefine('event', 'REVIEW', { countsForTiers: false });
  world.time = NOON;
  return world;
}

t.test('days in a row', async (t) => {
  const day = (n: number): Step => {
    const points = n < 7 ? 10 : n < 30 ? 50 : 200;
    const silver = n === 25 ? ', -> silver' : '';
    return [n - 1, sign(), `day ${n}, SIGN ${points}${silver}`];
  };
  const world = expectSteps(t, [...upTo(32).map((n) => day(n + 1)), [31, sign(), '']]);
  t.equal(world.available(), 60 + 23 * 50 + 3 * 200);
  // Broken: it begins anew; the day that was missed joins both runs, and is worth what its own place is.
  expectSteps(t, [
    ...upTo(5).map((n): Step => [n, sign(), `day ${n + 1}, SIGN 10`]),
    [6, sign(), 'day 1, SIGN 10'],
    [7, sign(), 'day 2, SIGN 10'],
    [8, sign(3), 'day 6, SIGN 10'],
    [8, sign(3), ''],
    [8, sign(), 'day 9, SIGN 50'],
  ]);
  // A run of a long time ago is not forgotten while its days may come.
  const late = tiered({ lateMs: 92 * DAY_MS });
  expectSteps(
    t,
    [
      ...upTo(40).map((n): Step => [92 + 2 * n, sign(), 'day 1, SIGN 10']),
      [172, sign(91), 'day 1, SIGN 10'],
      [172, sign(91), ''],
      [172, sign(90), 'day 2, SIGN 10'],
    ],
    late,
  );
});

t.test('tiers of a lifetime', async (t) => {
  expectSteps(
    t,
    [
      [0, spend(999), 'CONSUME 999'],
      [1, spend(1), 'CONSUME 1, -> silver'],
      [2, spend(3_999), 'CONSUME 3999'],
      [3, spend(1), 'CONSUME 1, -> gold'],
      [4, spend(15_000), 'CONSUME 15000, -> diamond'],
      [999, spend(1), 'CONSUME 1'],
    ],
    tiered({}),
  );
  // What does not count for tiers; a return takes progress back once.
  expectSteps(
    t,
    [
      [0, (world) => world.says('CONSUME', { amount: 999 }, {}, 'ann', 'o'), 'CONSUME 999'],
      [0, (world) => world.says('REVIEW'), 'REVIEW 5'],
      [0, spend(1), 'CONSUME 1, -> silver'],
      [1, bring('o'), 'back 999, -> ordinary, returned 999'],
      [1, bring('o'), 'ALREADY_REVERSED'],
      [1, spend(998), 'CONSUME 998'],
      [1, spend(1), 'CONSUME 1, -> silver'],
    ],
    tiered({}),
  );
});

t.test('tiers of a year', async (t) => {
  // Day 304 is 2026-12-31, day 305 the first of 2027, day 670 of 2028, day 1036 (a leap year) of 2029.
  const course = (downgrade: string, after: readonly Step[]) =>
    expectSteps(
      t,
      [
        [0, spend(20_000), 'CONSUME 20000, -> diamond'],
        [304, spend(1), 'CONSUME 1'],
        [306, spend(1), 'CONSUME 1'],
        [669, spend(1), 'CONSUME 1'],
        ...after,
      ],
      tiered({ tierPeriod: 'year', downgrade }),
    );
  course('one', [
    [671, spend(1), 'CONSUME 1, -> gold'],
    [1_037, spend(1), 'CONSUME 1, -> silver'],
    [1_403, spend(1), 'CONSUME 1, -> ordinary'],
  ]);
  course('earned', [
    [671, spend(1), 'CONSUME 1, -> ordinary'],
    [1_037, spend(1_000), 'CONSUME 1000, -> silver'],
  ]);
  // Nobody asks for years: each of them is a step.
  course('one', [[1_403, spend(1), 'CONSUME 1, -> gold, -> silver, -> ordinary']]);
  // What is earned late counts in its own year, and is kept for the next one.
  expectSteps(
    t,
    [
      [0, spend(500), 'CONSUME 500'],
      [306, spend(500, 304), 'CONSUME 500, -> silver'],
      [310, spend(999), 'CONSUME 999'],
      [671, spend(1), 'CONSUME 1, -> ordinary'],
    ],
    tiered({ tierPeriod: 'year' }),
  );
  // A return takes the tier back in its own year, and what it had left for the next one.
  for (const day of [1, 320])
    expectSteps(
      t,
      [
        [
          0,
          (world) => world.says('CONSUME', { amount: 1_000 }, {}, 'ann', 'o'),
          'CONSUME 1000, -> silver',
        ],
        [day, bring('o'), 'back 1000, -> ordinary, returned 1000'],
        [day, spend(1), 'CONSUME 1'],
      ],
      tiered({ tierPeriod: 'year' }),
    );
});

t.test('tiers of twelve months', async (t) => {
  // March 2026 counts up to February 2027 (day 364 is the first of March 2027), and is kept for a month.
  expectSteps(
    t,
    [
      [0, spend(5_000), 'CONSUME 5000, -> gold'],
      [340, spend(1), 'CONSUME 1'],
      [365, spend(1), 'CONSUME 1'],
      [396, spend(1), 'CONSUME 1, -> silver'],
      [426, spend(1), 'CONSUME 1, -> ordinary'],
    ],
    tiered({ tierPeriod: 'rolling' }),
  );
  // Much earned in one month is in reach for eleven more, however many months there are since: gold goes on.
  const years = tiered({ tierPeriod: 'rolling' });
  for (let month = 0; month < 60; month++) {
    years.time = Date.UTC(2026, 2 + month, 10);
    const points = month % 12 === 11 ? 5_000 : 1;
    const is = years.says('CONSUME', { amount: points });
    const should = `CONSUME ${points}${month === 11 ? ', -> gold' : ''}`;
    if (is !== should) t.fail(`month ${month}: ${is}`);
  }
});

t.test('tiers of a year of membership', async (t) => {
  // Joined at noon of 2 March 2026: the next year begins twelve hours before noon of day 365, and the one after, with a 29 February, of day 731.
  for (const [downgrade, falls] of [
    ['one', 'silver'],
    ['earned', 'ordinary'],
  ] as const)
    expectSteps(
      t,
      [
        [0, spend(5_000), 'CONSUME 5000, -> gold'],
        [364, spend(1), 'CONSUME 1'],
        [364.5, spend(1), 'CONSUME 1'],
        // What is reported late counts in the year that it happened in.
        [365, spend(1, 364), 'CONSUME 1'],
        [730.49, spend(1), 'CONSUME 1'],
        [730.5, spend(1), `CONSUME 1, -> ${falls}`],
      ],
      tiered({ tierPeriod: 'anniversary', downgrade }),
    );
  // What happened before the member joined counts in the first year.
  expectSteps(
    t,
    [
      [0, spend(999), 'CONSUME 999'],
      [1, spend(1, -3), 'CONSUME 1, -> silver'],
    ],
    tiered({ tierPeriod: 'anniversary' }),
  );
  for (const [joined, first, end] of [
    ['2026-03-02T04:00:00.000Z', undefined, '2027-03-01T16:00:00.000Z'],
    // The last millisecond of a day in Shanghai, and the first of the next one.
    ['2026-03-02T15:59:59.999Z', undefined, '2027-03-01T16:00:00.000Z'],
    ['2026-03-02T16:00:00.000Z', undefined, '2027-03-02T16:00:00.000Z'],
    ['2026-12-31T15:59:59.999Z', undefined, '2027-12-30T16:00:00.000Z'],
    ['2026-12-31T16:00:00.000Z', undefined, '2027-12-31T16:00:00.000Z'],
    // Of 29 February the year begins on 28 February where there is none.
    ['2028-02-29T04:00:00.000Z', undefined, '2029-02-27T16:00:00.000Z'],
    ['2028-02-29T04:00:00.000Z', '2031-02-27T16:00:00.000Z', '2032-02-28T16:00:00.000Z'],
    ['2028-02-29T04:00:00.000Z', '2032-02-28T16:00:00.000Z', '2033-02-27T16:00:00.000Z'],
    // Who joined on the 28th has it on the 28th in a leap year, too.
    ['2027-02-28T04:00:00.000Z', undefined, '2028-02-27T16:00:00.000Z'],
  ] as const) {
    const [begins, ends] = [Date.parse(first ?? joined), Date.parse(end)];
    for (const [at, is] of [
      [ends - 1, 'CONSUME 1, -> silver'],
      [ends, 'CONSUME 1'],
    ] as const) {
      const world = tiered({ tierPeriod: 'anniversary' });
      world.time = Date.parse(joined);
      world.says('SHARE');
      world.time = begins;
      world.says('CONSUME', { amount: first === undefined ? 996 : 999 });
      world.time = at;
      t.equal(world.says('CONSUME', { amount: 1 }), is, `${joined}: ${new Date(at).toISOString()}`);
    }
  }
});

t.test('a tier by hand', async (t) => {
  for (const tierPeriod of ['lifetime', 'year', 'rolling', 'anniversary'])
    expectSteps(
      t,
      [
        [0, (world) => world.grant('none'), 'TIER_UNKNOWN'],
        [0, (world) => world.grant('gold', NOON + 5 * DAY_MS), '-> gold'],
        [4, spend(1), 'CONSUME 1'],
        [6, (world) => world.says('REVIEW'), 'REVIEW 5, -> ordinary'],
        // A late event of when it was had is worth what it was then; later ones are not.
        [7, (world) => world.says('REVIEW', {}, { time: NOON + 4 * DAY_MS }), 'REVIEW 5'],
        [
          8,
          (world) => world.says('CONSUME', { amount: 100 }, { time: NOON + 4 * DAY_MS }),
          'CONSUME 110',
        ],
        [
          8,
          (world) => world.says('CONSUME', { amount: 100 }, { time: NOON + 5 * DAY_MS }),
          'CONSUME 100',
        ],
        [8, (world) => world.grant('diamond'), '-> diamond'],
        [99, spend(100), 'CONSUME 120'],
        [100, (world) => world.grant(undefined), '-> ordinary'],
        [101, spend(100), 'CONSUME 100'],
        [102, (world) => world.grant('gold', NOON), ''],
      ],
      (() => {
        const world = tiered({ tierPeriod });
        world.redefine('rule', 'CONSUME', {});
        world.time = NOON;
        return world;
      })(),
    );
});

t.test('campaigns: the highest, those that stack, the audience, the time', async (t) => {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  world.define('task', `${SHOP}.CONSUME_100`, undefined);
  const from = NOON + DAY_MS;
  const campaign = (key: string, multiplier: number, more: object = {}) =>
    world.define('campaign', `${SHOP}.${key}`, {
      ...{ programme: SHOP, multiplier, from, to: from + 1_000 },
      ...more,
    });
  campaign('double', 200);
  campaign('triple', 300, { event: 'CONSUME', to: from + 500 });
  campaign('reviews', 400, { event: 'REVIEW' });
  campaign('extra', 150, { stacks: true, from: from + 900 });
  campaign('rich', 1_000, { audience: 'member.available >= 5000' });
  world.time = NOON;
  const at = (time: number) => (world: World) =>
    world.says('CONSUME', { amount: 10 }, { time: from + time });
  expectSteps(
    t,
    [
      [2, at(-1), 'CONSUME 10'],
      [2, at(0), 'CONSUME 30'],
      [2, at(499), 'CONSUME 30'],
      [2, at(500), 'CONSUME 20'],
      [2, at(899), 'CONSUME 20'],
      [2, at(900), 'CONSUME 30'],
      [2, at(999), 'CONSUME 30'],
      [2, at(1_000), 'CONSUME 10'],
      [2, (it) => it.says('REVIEW', {}, { time: from }), 'REVIEW 20'],
      [2, spend(5_000), 'CONSUME 5000, -> gold'],
      [2, at(0), 'CONSUME 100'],
    ],
    world,
  );
});

t.test('a budget that ends', async (t) => {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  const budget = '#budget:spring';
  world.define('task', `${SHOP}.CONSUME_100`, undefined);
  world.redefine('rule', 'CONSUME', { budget, limitTimes: 3 });
  world.define('rule', `${SHOP}.MORE`, { programme: SHOP, event: 'CONSUME', points: 4, budget });
  world.redefine('task', 'SIGN', { budget: '#budget:none' });
  world.fund(budget, 20);
  world.time = NOON;
  expectSteps(
    t,
    [
      [0, spend(9), 'CONSUME 9, MORE 4'],
      // Seven are left: not enough for both, and what is paid is not lost with what is not.
      [0, spend(5), 'CONSUME 5'],
      [0, spend(3), ''],
      [0, spend(2), 'CONSUME 2'],
      [0, spend(2), ''],
      [0, sign(), 'day 1'],
      [1, sign(), 'day 2'],
      [1, (it) => it.ledger.state.assets.indexOf(ASSET), 0],
    ],
    world,
  );
  t.equal(world.available(), 20);
  world.fund('#budget:none', 1_000);
  world.time += DAY_MS;
  t.equal(world.says('SIGN'), 'day 3, SIGN 10', 'the streak went on');
});

t.test('a budget of which less is paid', async (t) => {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  const less = { budget: '#budget:spring', exhausted: 'less' };
  const all = { budget: '#budget:spring', exhausted: 'nothing' };
  world.define('task', `${SHOP}.CONSUME_100`, undefined);
  world.redefine('rule', 'CONSUME', { ...less, limitPoints: 30 });
  world.define('rule', `${SHOP}.MORE`, { programme: SHOP, event: 'CONSUME', points: 4, ...all });
  world.define('rule', `${SHOP}.REST`, { programme: SHOP, event: 'CONSUME', points: 4, ...less });
  world.redefine('task', 'SIGN', { budget: '#budget:days', exhausted: 'less' });
  world.fund('#budget:spring', 24);
  world.fund('#budget:days', 12);
  world.time = NOON;
  const why = (amount: number, id: string) => (it: World) =>
    whyIn(it.event('CONSUME', { amount }, {}, 'ann', id)).replaceAll('shop.', '');
  expectSteps(
    t,
    [
      [0, why(9, 'a'), 'CONSUME 9, MORE 4, REST 4 | '],
      // Seven are left: the rest of it for one, for another one nothing.
      [0, why(5, 'b'), 'CONSUME 5, REST 2 4 - | MORE budget 2'],
      [0, why(3, 'c'), ' | CONSUME budget 0, MORE budget 0, REST budget 0'],
      [0, bring('a'), 'back 17, returned 9'],
      // What was given back can be drawn again, and what was cut counts for the limit as it was paid.
      [0, why(40, 'd'), 'CONSUME 17 40 25 | MORE budget 0, REST budget 0'],
      [0, sign(), 'day 1, SIGN 10'],
      // The day counts, whatever is paid for it.
      [1, sign(), 'day 2, SIGN 2'],
      [2, sign(), 'day 3'],
    ],
    world,
  );
  t.equal(world.available(), 24 + 12);
  world.fund('#budget:days', 1_000);
  world.time += DAY_MS;
  t.equal(world.says('SIGN'), 'day 4, SIGN 10', 'the streak went on');
});
