// What events earn by the rules of a shop: every default, limit, rounding, boundary and refusal, as tables.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

/** When: milliseconds after noon of the first day, or a moment in UTC; what is reported; what it comes to. */
type Row = readonly [
  when: number | string,
  type: string,
  attributes: object | undefined,
  is: string,
  more?: object,
];

const momentOf = (when: number | string): number =>
  typeof when === 'number' ? NOON + when : Date.parse(when);

function expectRows(t: Test, rows: readonly Row[], world = new World()): World {
  for (const [when, type, attributes, is, more] of rows) {
    world.time = momentOf(when);
    const said = `${when}: ${type} ${JSON.stringify(attributes ?? {})}`;
    t.equal(world.says(type, attributes, more), is, said);
  }
  t.same(
    canonicalState(world.replayed().state),
    canonicalState(world.ledger.state),
    'a replay comes to the same',
  );
  return world;
}

/** A shop whose rules for CONSUME are these alone, and no task or tier. */
function ruled(rules: Readonly<Record<string, object>>, zone?: string, offsets?: number[]): World {
  const world = new World(zone, offsets);
  world.time -= 12 * HOUR_MS;
  for (const task of ['SIGN', 'CONSUME_100', 'REVIEW_3'])
    world.define('task', `${SHOP}.${task}`, undefined);
  for (const tier of ['silver', 'gold', 'diamond'])
    world.define('tier', `${SHOP}.${tier}`, undefined);
  world.define('rule', `${SHOP}.CONSUME`, undefined);
  for (const [key, rule] of Object.entries(rules))
    world.define('rule', `${SHOP}.${key}`, { programme: SHOP, event: 'CONSUME', ...rule });
  world.time = NOON;
  return world;
}

t.test('the defaults of a shop', async (t) => {
  const world = expectRows(t, [
    [0, 'REGISTER', undefined, 'REGISTER 100'],
    [1, 'REGISTER', undefined, ''],
    [2, 'SIGN_DAILY', undefined, 'SIGN_DAILY 10'],
    [3, 'SIGN_DAILY', undefined, ''],
    [4, 'SIGN_CONTINUOUS_7', undefined, 'SIGN_CONTINUOUS_7 50'],
    [5, 'SIGN_CONTINUOUS_30', undefined, 'SIGN_CONTINUOUS_30 200'],
    [6, 'CONSUME', { amount: 99 }, 'CONSUME 99'],
    [7, 'CONSUME', { amount: 1 }, 'CONSUME 1, CONSUME_100 50'],
    [8, 'CONSUME', { amount: 300 }, 'CONSUME 300'],
    [9, 'CONSUME', { amount: 190 }, 'CONSUME 190, -> silver'],
    [10, 'CONSUME', { amount: 100 }, 'CONSUME 105'],
    // 105% of 19 is 19.95.
    [11, 'CONSUME', { amount: 19 }, 'CONSUME 19'],
    [12, 'CONSUME', { amount: 0 }, ''],
    [13, 'REVIEW', undefined, 'REVIEW 5'],
    [14, 'REVIEW', undefined, 'REVIEW 5'],
    [15, 'REVIEW', undefined, 'REVIEW 5, REVIEW_3 15'],
    [16, 'REVIEW', undefined, 'REVIEW 5'],
    [17, 'REVIEW', undefined, 'REVIEW 5'],
    [18, 'REVIEW', undefined, ''],
    [19, 'SHARE', undefined, 'SHARE 3'],
    [20, 'SHARE', undefined, 'SHARE 3'],
    [21, 'SHARE', undefined, 'SHARE 3'],
    [22, 'SHARE', undefined, ''],
    [23, 'PROFILE_COMPLETE', undefined, 'PROFILE_COMPLETE 20'],
    [24, 'PROFILE_COMPLETE', undefined, ''],
    // The next day begins at midnight in Shanghai, twelve hours after noon.
    [12 * HOUR_MS - 1, 'SHARE', undefined, ''],
    [12 * HOUR_MS, 'SHARE', undefined, 'SHARE 3'],
    [12 * HOUR_MS + 1, 'CONSUME', { amount: 100 }, 'CONSUME 105, CONSUME_100 50'],
  ]);
  t.equal(world.available(), 1_351, 'and all of it is there');
});

const paid = (n: number): string => `R ${n}`;

t.test('limits in times and points, by every span', async (t) => {
  // From a Monday noon on in Shanghai (UTC+8): when each span ends, and the last moment before.
  const ends = {
    day: '2026-03-02T16:00:00.000Z',
    week: '2026-03-08T16:00:00.000Z',
    month: '2026-03-31T16:00:00.000Z',
    year: '2026-12-31T16:00:00.000Z',
  };
  for (const [span, end] of Object.entries(ends)) {
    const before = new Date(Date.parse(end) - 1).toISOString();
    expectRows(
      t,
      [
        [0, 'CONSUME', {}, paid(4)],
        [1, 'CONSUME', {}, paid(4)],
        [before, 'CONSUME', {}, ''],
        [end, 'CONSUME', {}, paid(4)],
      ],
      ruled({ R: { points: 4, limitTimes: 2, span } }),
    );
    expectRows(
      t,
      [
        [0, 'CONSUME', {}, paid(4)],
        [1, 'CONSUME', {}, paid(4)],
        [2, 'CONSUME', {}, paid(2)],
        [before, 'CONSUME', {}, ''],
        [end, 'CONSUME', {}, paid(4)],
      ],
      ruled({ R: { points: 4, limitPoints: 10, span } }),
    );
  }
  expectRows(
    t,
    [
      [0, 'CONSUME', {}, paid(4)],
      ['2029-12-31T00:00:00Z', 'CONSUME', {}, ''],
    ],
    ruled({ R: { points: 4, limitTimes: 1, span: 'ever' } }),
  );
  expectRows(
    t,
    [
      [0, 'CONSUME', {}, paid(4)],
      [1, 'CONSUME', {}, paid(1)],
      [2, 'CONSUME', {}, ''],
    ],
    ruled({ R: { points: 4, limitPoints: 5, limitTimes: 2 } }),
  );
});

t.test('a rule of a day goes on for years', async (t) => {
  const world = ruled({ R: { points: 4, limitTimes: 1, limitPoints: 9 } });
  for (let day = 0; day < 400; day++) {
    world.time = NOON + day * DAY_MS;
    if (world.says('CONSUME') !== paid(4)) t.fail(`day ${day}`);
  }
  t.equal(world.available(), 1_600);
});

t.test('days of a zone', async (t) => {
  // New York: UTC-5, from 2026-03-08 07:00 UTC on UTC-4, from 2026-11-01 06:00 UTC on UTC-5.
  const [spring, autumn] = [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)];
  const offsets = [0, -5 * HOUR_MS, spring, -4 * HOUR_MS, autumn, -5 * HOUR_MS];
  const newYork = (rule: object): World => ruled({ R: rule }, 'America/New_York', offsets);
  const daily = { points: 4, limitTimes: 1 };
  expectRows(
    t,
    [
      // The day before clocks change has 24 hours, that one 23.
      ['2026-03-07T05:00:00.000Z', 'CONSUME', {}, paid(4)],
      ['2026-03-08T04:59:59.999Z', 'CONSUME', {}, ''],
      ['2026-03-08T05:00:00.000Z', 'CONSUME', {}, paid(4)],
      ['2026-03-09T03:59:59.999Z', 'CONSUME', {}, ''],
      ['2026-03-09T04:00:00.000Z', 'CONSUME', {}, paid(4)],
      // 25 hours.
      ['2026-11-01T04:00:00.000Z', 'CONSUME', {}, paid(4)],
      ['2026-11-02T04:59:59.999Z', 'CONSUME', {}, ''],
      ['2026-11-02T05:00:00.000Z', 'CONSUME', {}, paid(4)],
    ],
    newYork(daily),
  );
  expectRows(
    t,
    [
      ['2028-02-28T16:00:00.000Z', 'CONSUME', {}, paid(4)],
      ['2028-02-29T15:59:59.999Z', 'CONSUME', {}, ''],
      ['2028-02-29T16:00:00.000Z', 'CONSUME', {}, paid(4)],
    ],
    ruled({ R: daily }),
  );
  expectRows(
    t,
    [
      // The 29th of February is of February, and of its year.
      ['2028-02-10T00:00:00.000Z', 'CONSUME', {}, paid(4)],
      ['2028-02-29T15:59:59.999Z', 'CONSUME', {}, ''],
      ['2028-02-29T16:00:00.000Z', 'CONSUME', {}, paid(4)],
    ],
    ruled({ R: { ...daily, span: 'month' } }),
  );
});

t.test('what late events count in', async (t) => {
  const at = (when: string) => ({ time: Date.parse(when) });
  expectRows(
    t,
    [
      ['2026-03-03T04:00:00Z', 'CONSUME', {}, paid(4)],
      ['2026-03-03T04:00:01Z', 'CONSUME', {}, paid(4), at('2026-03-02T15:59:59.999Z')],
      ['2026-03-03T04:00:02Z', 'CONSUME', {}, '', at('2026-03-02T00:00:00Z')],
      ['2026-03-03T04:00:03Z', 'CONSUME', {}, '', at('2026-03-02T16:00:00Z')],
      // Seven days late are not too late; a millisecond more is.
      ['2026-03-09T04:00:00.001Z', 'CONSUME', {}, 'EVENT_TOO_LATE', at('2026-03-02T04:00:00Z')],
      ['2026-03-09T04:00:00.001Z', 'CONSUME', {}, '', at('2026-03-02T04:00:00.001Z')],
      ['2026-03-09T04:00:00Z', 'CONSUME', {}, paid(4), at('2026-03-09T04:05:00Z')],
      ['2026-03-10T04:00:00Z', 'CONSUME', {}, 'EVENT_TIME_INVALID', at('2026-03-10T04:05:00.001Z')],
    ],
    ruled({ R: { points: 4, limitTimes: 1 } }),
  );
});

t.test('rounding, once, of the exact product', async (t) => {
  for (const [rounding, is] of [
    ['down', [1, 1, 2, 10]],
    ['up', [2, 2, 3, 11]],
    ['half-up', [1, 2, 2, 11]],
  ] as const)
    expectRows(
      t,
      // 3 for 10, of 4, 5, 8 and 35: 1.2, 1.5, 2.4, 10.5.
      [4, 5, 8, 35].map((amount, i) => [i, 'CONSUME', { amount }, paid(is[i]!)]),
      ruled({ R: { points: 3, per: 10, of: 'amount', rounding } }),
    );
  // 114.99999 in floats.
  const world = ruled({ R: { points: 1, per: 1, of: 'amount' } });
  const campaign = { programme: SHOP, multiplier: 115, from: 0, to: NOON * 2 };
  world.time -= HOUR_MS;
  world.define('campaign', `${SHOP}.c`, campaign);
  expectRows(t, [[0, 'CONSUME', { amount: 100 }, paid(115)]], world);
});

t.test('what has no value, and too much', async (t) => {
  const { MAX_SAFE_INTEGER: MOST } = Number;
  const rows = (is: string, amount: number): Row[] => [[0, 'CONSUME', { amount }, is]];
  for (const [rule, amount, is] of [
    [{ formula: 'event.amount / 0' }, 5, ''],
    [{ formula: 'event.amount * event.amount' }, 4_000_000_000, ''],
    [{ formula: 'event.amount * event.amount' }, 94_906_265, paid(94_906_265 ** 2)],
    [{ formula: 'event.amount * event.amount' }, 94_906_266, ''],
    [{ formula: '0 - event.amount' }, 5, ''],
    [{ formula: 'event.amount' }, -5, ''],
    [{ points: 3, when: 'event.amount % 0 == 1' }, 5, ''],
    [{ points: 3, when: 'event.category == "x"' }, 5, ''],
    [{ points: 2, per: 1, of: 'amount' }, MOST, ''],
    [{ points: MOST, per: MOST, of: 'amount' }, MOST, paid(MOST)],
    [{ points: 1, per: 1, of: 'amount' }, -1, ''],
  ] as const)
    expectRows(t, rows(is, amount), ruled({ R: rule }));
  const both = ruled({ R: { points: MOST }, S: { points: MOST } });
  expectRows(t, [[0, 'CONSUME', {}, paid(MOST)]], both);
  t.equal(both.says('CONSUME'), 'AMOUNT_OVERFLOW', 'more than an account may have');
});

t.test('order, stop, conditions, validity', async (t) => {
  const noon = NOON;
  expectRows(
    t,
    [
      [0, 'CONSUME', { amount: 5 }, 'B 2, A 1, C 3'],
      [1, 'CONSUME', { amount: 10 }, 'B 2, BIG 9'],
      [2, 'CONSUME', { amount: 10, category: 'toy' }, 'B 2, BIG 9'],
      [3, 'CONSUME', { amount: 1, category: 'toy', tags: ['new'] }, 'B 2, A 1, C 3, TOY 7'],
      [99, 'CONSUME', { amount: 1 }, 'B 2, A 1, C 3'],
      [100, 'CONSUME', { amount: 1 }, 'B 2, A 1, NOW 1, C 3'],
      [199, 'CONSUME', { amount: 1 }, 'B 2, A 1, NOW 1, C 3'],
      [200, 'CONSUME', { amount: 1 }, 'B 2, A 1, C 3'],
    ],
    ruled({
      A: { points: 1, order: 3 },
      B: { points: 2, order: 1 },
      BIG: { points: 9, order: 2, when: 'event.amount >= 10', stops: true },
      C: { points: 3, order: 4 },
      NOW: { points: 1, order: 3, from: noon + 100, to: noon + 200 },
      TOY: { points: 7, order: 5, when: 'event.category == "toy" && "new" in event.tags' },
    }),
  );
  const world = ruled({
    WEEKEND: { points: 6, when: 'day.weekday >= 6 && day.hour == 12 && day.month == 3' },
    RICH: { formula: 'member.available / 2', when: 'member.tier == "shop.ordinary"' },
  });
  world.time -= HOUR_MS;
  world.redefine('programme', SHOP, { profile: { vip: 'boolean', level: 'integer' } });
  const vip = { points: 5, when: 'profile.vip && profile.level > 2' };
  world.define('rule', `${SHOP}.VIP`, { programme: SHOP, event: 'CONSUME', ...vip });
  world.time = NOON;
  const profile = (said: object) => world.act('set-profile', { programme: SHOP, profile: said }).ok;
  t.equal(world.says('CONSUME'), '', 'nothing is known of the member');
  t.notOk(profile({ vip: 1 }));
  t.notOk(profile({ strange: 'x' }));
  t.ok(profile({ vip: true }));
  t.equal(world.says('CONSUME'), '');
  t.ok(profile({ level: 3 }));
  t.equal(world.says('CONSUME'), 'VIP 5');
  t.equal(world.says('CONSUME'), 'RICH 2, VIP 5');
  t.ok(profile({ level: null }));
  world.time = NOON + 5 * DAY_MS;
  t.equal(world.says('CONSUME'), 'RICH 6, WEEKEND 6');
});

t.test('seventeen rules, and the room of a plan', async (t) => {
  const rules = Object.fromEntries(
    Array.from({ length: 17 }, (_, n) => [`R${String(n + 10)}`, { points: 1 }]),
  );
  const world = ruled(rules);
  const is = Array.from({ length: 16 }, (_, n) => `R${n + 10} 1`).join(', ');
  t.equal(world.says('CONSUME'), is, 'no more than sixteen');
});

t.test('what is refused', async (t) => {
  const world = new World();
  const lines = (...amounts: number[]) => ({
    lines: amounts.map((amount, n) => ({ line: `l${n}`, amount })),
  });
  for (const [type, attributes, more, is] of [
    ['NONE', undefined, {}, 'EVENT_TYPE_UNKNOWN'],
    ['CONSUME', { amount: 'x' }, {}, 'EVENT_ATTRIBUTE_INVALID'],
    ['CONSUME', { amount: 1.5 }, {}, 'EVENT_ATTRIBUTE_INVALID'],
    ['CONSUME', { tags: ['a', 1] }, {}, 'EVENT_ATTRIBUTE_INVALID'],
    ['CONSUME', { strange: 1 }, {}, 'EVENT_ATTRIBUTE_INVALID'],
    ['CONSUME', { constructor: 1 }, {}, 'EVENT_ATTRIBUTE_INVALID'],
    ['CONSUME', { amount: 3 }, lines(1, 1), 'EVENT_LINES_INVALID'],
    ['CONSUME', undefined, lines(1, 1), 'EVENT_LINES_INVALID'],
    ['SIGN', undefined, lines(1), 'EVENT_LINES_INVALID'],
    [
      'CONSUME',
      { amount: 2 },
      { lines: [lines(1).lines[0], lines(1).lines[0]] },
      'EVENT_LINES_INVALID',
    ],
    ['CONSUME', { amount: 3 }, lines(1, 2), 'CONSUME 3'],
    ['CONSUME', { amount: 3 }, { lines: [{ line: 'a' }] }, 'ACT_BODY_INVALID'],
    ['CONSUME', { amount: 3 }, { lines: [{ line: 'a', amount: -3 }] }, 'ACT_BODY_INVALID'],
    ['CONSUME', { amount: 3 }, { programme: 'none' }, 'DEFINITION_NOT_FOUND'],
  ] as const)
    t.equal(world.says(type, attributes, more), is, `${type} ${JSON.stringify({ attributes })}`);
  t.equal(world.return('none'), 'EVENT_NOT_FOUND');
});
