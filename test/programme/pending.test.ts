// What is earned and pending: until a number of days after the event, or until it is confirmed; and what returns take of it; as tables.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { EVENT_RETURN_MS_MAX, HOLDS_MAX } from '../../engine/limits.js';
import { definitionProblem } from '../../engine/programme/definitions/index.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

/** Days after noon of the first day; what is done; what it comes to. */
type Step = readonly [day: number, what: (world: World) => unknown, is: unknown];

function expectSteps(t: Test, world: World, steps: readonly Step[]): void {
  for (const [n, [day, what, is]] of steps.entries()) {
    world.time = Math.max(world.time + 1, NOON + day * DAY_MS);
    world.ledger.tick(world.time);
    t.same(what(world), is, `step ${n}, day ${day}`);
  }
  const states = [world.replayed(), world.ledger].map(({ state }) => canonicalState(state));
  t.same(states[0], states[1], 'a replay comes to the same');
}

/** A shop whose rule for CONSUME pays a point a unit, so; and a point at once. */
function shop(rule: object, programme: object = {}, task: object = {}): World {
  const world = new World();
  world.time -= 12 * HOUR_MS;
  world.redefine('programme', SHOP, programme);
  world.redefine('rule', 'CONSUME', { multiplied: false, ...rule });
  const once = { programme: SHOP, event: 'CONSUME', points: 1, multiplied: false, order: 1 };
  world.define('rule', `${SHOP}.ONE`, once);
  world.redefine('task', 'CONSUME_100', task);
  world.time = NOON;
  return world;
}

const order =
  (id: string, amount: number, late = 0) =>
  (world: World) =>
    world.says('CONSUME', { amount }, { time: world.time - late * DAY_MS }, 'ann', id);
const back =
  (id: string, more: object = {}) =>
  (world: World) =>
    world.return(id, more);
const has = (world: World) => [world.available(), world.pending()];
const confirm = (id: string) => (world: World) => world.confirm(id);
const pay = (amount: number) => (world: World) => {
  const legs = [{ from: 'ann', to: '@redeem', asset: ASSET, amount }];
  const outcome = world.do({ type: 'transfer', id: `p${world.time}`, legs } as never);
  return outcome.ok ? 'ok' : outcome.code;
};

t.test('until so many days after the event', async (t) => {
  expectSteps(t, shop({ pendingDays: 3 }), [
    [0, order('o', 50), 'CONSUME 50 pending, ONE 1'],
    [0, has, [1, 50]],
    [0, pay(2), 'POINTS_SHORT'],
    // It counts for the tier at once.
    [1, order('p', 949), 'CONSUME 949 pending, ONE 1, CONSUME_100 50, -> silver'],
    [2.99, has, [52, 999]],
    // A millisecond before three days are over, and then.
    [3, has, [52, 999]],
    [3, has, [102, 949]],
    [4, has, [1_051, 0]],
    // So late that it is not pending any more.
    [5, order('q', 5, 3), 'CONSUME 5, ONE 1'],
    [5, order('r', 5, 2.99), 'CONSUME 5 pending, ONE 1'],
    [5, confirm('q'), 'NOT_PENDING'],
    [5, confirm('r'), 'ok'],
    [5, has, [1_063, 0]],
    [9, confirm('o'), 'NOT_PENDING'],
    [9, confirm('none'), 'TRANSFER_NOT_FOUND'],
  ]);
});

t.test('until it is confirmed', async (t) => {
  const task = { pendingToConfirm: true };
  expectSteps(t, shop({ pendingToConfirm: true }, {}, task), [
    [0, order('o', 100), 'CONSUME 100 pending, ONE 1, CONSUME_100 50 pending'],
    [400, has, [1, 150]],
    [400, confirm('o'), 'ok'],
    [400, has, [151, 0]],
    [400, confirm('o'), 'NOT_PENDING'],
  ]);
});

t.test('what a return takes back of it', async (t) => {
  // Two fifths of it are taken back while it is pending, and spent is what was available: no policy owes anything for that.
  for (const returns of ['within-balance', 'unlimited', 'only-pending'])
    expectSteps(t, shop({ pendingDays: 3 }, { returns }), [
      [0, order('o', 50), 'CONSUME 50 pending, ONE 1'],
      [0, pay(1), 'ok'],
      [1, back('o', { amount: 20 }), 'back 20, returned 20'],
      [1, has, [0, 30]],
      [2, back('o', { amount: 10 }), 'back 10, returned 10'],
      [2, has, [0, 20]],
      [3.1, has, [20, 0]],
    ]);
  // All of it, with the point that is spent.
  for (const [returns, is, left] of [
    ['within-balance', 'POINTS_SHORT', [0, 50]],
    ['unlimited', 'back 51, returned 50', [-1, 0]],
    ['only-pending', 'back 50, returned 50', [0, 0]],
  ] as const)
    expectSteps(t, shop({ pendingDays: 3 }, { returns }), [
      [0, order('o', 50), 'CONSUME 50 pending, ONE 1'],
      [0, pay(1), 'ok'],
      [1, back('o'), is],
      [1, has, left],
      [1, back('o'), returns === 'within-balance' ? is : 'ALREADY_REVERSED'],
    ]);
  // What is available is left, where only what is pending goes; and it is returned all the same.
  expectSteps(t, shop({ pendingDays: 3 }, { returns: 'only-pending' }), [
    [0, order('o', 60), 'CONSUME 60 pending, ONE 1'],
    [1, back('o', { amount: 20 }), 'back 20, returned 20'],
    [4, has, [41, 0]],
    [4, back('o', { amount: 20 }), 'returned 20'],
    [4, back('o', { amount: 21 }), 'RETURN_INVALID'],
    [4, back('o'), 'returned 20'],
    [4, back('o'), 'ALREADY_REVERSED'],
    [4, has, [41, 0]],
    [4, (world) => world.reverse('o'), 'back 41'],
    [4, has, [0, 0]],
  ]);
});

t.test('rewards that are pending, and go with another event', async (t) => {
  const task = { pendingDays: 3 };
  for (const returns of ['within-balance', 'only-pending'])
    expectSteps(t, shop({}, { returns }, task), [
      [0, order('o', 60), 'CONSUME 60, ONE 1'],
      [0, order('p', 60), 'CONSUME 60, ONE 1, CONSUME_100 50 pending'],
      [0.1, has, [122, 50]],
      [
        0.2,
        back('o', { amount: 30 }),
        returns === 'only-pending' ? 'reopenTask, returned 30' : 'back 30, reopenTask, returned 30',
      ],
      [0.2, has, [returns === 'only-pending' ? 122 : 92, 0]],
      [0.3, order('q', 10), 'CONSUME 10, ONE 1, CONSUME_100 50 pending'],
    ]);
  // What was available of it is spent: then nothing of the event can be returned, or as much as is there would be owed.
  for (const [returns, is, left] of [
    ['within-balance', 'POINTS_SHORT', 2],
    ['unlimited', 'back 30, reopenTask, returned 30', 2 - 80],
    ['only-pending', 'returned 30', 2],
  ] as const)
    expectSteps(t, shop({}, { returns }), [
      [0, order('o', 60), 'CONSUME 60, ONE 1'],
      [0, order('p', 60), 'CONSUME 60, ONE 1, CONSUME_100 50'],
      [0, pay(170), 'ok'],
      [0.2, back('o', { amount: 30 }), is],
      [0.2, has, [left, 0]],
    ]);
});

t.test('there is room for so many', async (t) => {
  const world = shop({ pendingToConfirm: true });
  for (let n = 0; n < HOLDS_MAX; n++) world.says('CONSUME', { amount: 1 }, {}, 'ann', `e-${n}`);
  t.equal(world.pending(), HOLDS_MAX);
  t.equal(world.says('CONSUME', { amount: 1 }), 'HOLD_LIMIT');
  t.equal(world.says('SHARE'), 'SHARE 3', 'of what is not pending there is no limit');
  t.equal(world.confirm('e-0'), 'ok');
  t.equal(world.says('CONSUME', { amount: 1 }), 'CONSUME 1 pending, ONE 1');
});

t.test('what a rule or a task cannot say', async (t) => {
  const rule = { programme: SHOP, event: 'CONSUME', points: 1 };
  const task = { programme: SHOP, event: 'CONSUME', reward: 1 };
  for (const [more, field] of [
    [{ exhausted: 'less' }, 'exhausted'],
    [{ exhausted: 'some', budget: '#budget:a' }, 'exhausted'],
    [{ exhausted: 'less', budget: '#budget:a' }, undefined],
    [{ exhausted: 'nothing', budget: '#budget:a' }, undefined],
    [{ pendingDays: 0 }, 'pendingDays'],
    [{ pendingDays: 3_651 }, 'pendingDays'],
    [{ pendingDays: 3_650 }, undefined],
    [{ pendingDays: 5, pendingToConfirm: true }, 'pendingDays'],
    [{ pendingDays: 5, pendingToConfirm: false }, undefined],
    [{ pendingToConfirm: true }, undefined],
    [{ pendingToConfirm: 1 }, 'pendingToConfirm'],
  ] as const)
    for (const [kind, document] of Object.entries({ rule, task })) {
      const said = { kind, key: 'k', state: 'active', document: { ...document, ...more } };
      const is = definitionProblem(said as never)?.field;
      t.equal(is, field && `document.${field}`, `${kind} ${JSON.stringify(more)}`);
    }
  for (const [days, field] of [
    [5, 'document.pendingDays'],
    [6, undefined],
  ] as const) {
    const document = { ...rule, pendingDays: 5, expiresAfterDays: days };
    const said = { kind: 'rule', key: 'k', state: 'active', document };
    t.equal(definitionProblem(said)?.field, field, 'it would expire while it is pending');
  }
  for (const [more, field] of [
    [{ returns: 'only-pending', tierPeriod: 'anniversary', returnMs: 0 }, undefined],
    [{ returns: 'never' }, 'document.returns'],
    [{ returnMs: EVENT_RETURN_MS_MAX + 1 }, 'document.returnMs'],
    [{ tierPeriod: 'month' }, 'document.tierPeriod'],
  ] as const) {
    const document = { asset: ASSET, zone: 'UTC', ...more };
    const said = { kind: 'programme', key: SHOP, state: 'active', document };
    t.equal(definitionProblem(said as never)?.field, field, JSON.stringify(more));
  }
});
