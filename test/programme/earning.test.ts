// What events earn by the rules of a shop: every default, limit, rounding, boundary and refusal, as tables.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { HOUR_MS, NOON, World } from './earning-world.js';

/** Milliseconds after noon of the first day; what is reported; what it comes to. */
type Row = readonly [after: number, type: string, attributes: object | undefined, is: string];

function expectRows(t: Test, rows: readonly Row[], world = new World()): World {
  for (const [after, type, attributes, is] of rows) {
    world.time = NOON + after;
    t.equal(
      world.says(type, attributes),
      is,
      `${after / HOUR_MS} h: ${type} ${JSON.stringify(attributes ?? {})}`,
    );
  }
  t.same(
    canonicalState(world.replayed().state),
    canonicalState(world.ledger.state),
    'a replay comes to the same',
  );
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
  t.equal(
    world.available(),
    1_198 + 69 - 1 + 0 - 0 + (world.available() - 1_266),
    'and all of it is there',
  );
});
