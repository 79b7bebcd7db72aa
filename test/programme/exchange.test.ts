// Exchanges inside the ledger: every rule in its order, the books, quotes, parts that are given back, all of it replayed.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { CoalitionWorld, MAIN, SIDES } from './coalition-world.js';
import { DAY_MS, HOUR_MS } from './earning-world.js';

const rate = (value: string) => ({ coalition: 'main', rate: value });

/** Replayed, it is the same state. */
function expectReplayed(t: Test, { ledger }: CoalitionWorld): void {
  const twin = MemoryLedger.replay(ledger.blocks);
  t.equal(String(canonicalState(twin.state)), String(canonicalState(ledger.state)));
}

t.test('by values, and by a rate where there is one', async (t) => {
  const world = new CoalitionWorld([
    ['exchange-rate', 'alpha.gamma', rate('0.5')],
    ['exchange-rate', 'gamma.alpha', rate('1.9')],
  ]);
  world.give('ann', 10_000);
  // 1.0 / 1.2, of whole points: beta has two digits after the point. Rounded down.
  t.equal(world.exchange({ amount: 100 }), '100 alpha - 0 = 8333 beta');
  t.equal(world.exchange({ amount: 12 }), '12 alpha - 0 = 1000 beta');
  t.equal(world.exchange({ from: 'beta', to: 'alpha', amount: 1_000 }), '1000 beta - 0 = 12 alpha');
  t.equal(world.exchange({ from: 'beta', to: 'alpha', amount: 99 }), '99 beta - 0 = 1 alpha');
  t.equal(world.exchange({ from: 'beta', to: 'alpha', amount: 83 }), 'EXCHANGE_TOO_SMALL');
  // Beta 1.2, gamma 0.8 x 2.0: 0.75 of whole points.
  t.equal(world.exchange({ from: 'beta', to: 'gamma', amount: 1_000 }), '1000 beta - 0 = 7 gamma');
  t.equal(world.exchange({ to: 'gamma', amount: 9 }), '9 alpha - 0 = 4 gamma');
  t.equal(world.exchange({ from: 'gamma', to: 'alpha', amount: 10 }), '10 gamma - 0 = 19 alpha');
  // What was given is at the clearing owner of the platform, which owes what was got.
  t.equal(world.has('@clearing:a'), 100 + 12 + 9 - 12 - 1 - 19 + (12 + 1 + 19));
  expectReplayed(t, world);
});

t.test('the books: who has what, and who owes it', async (t) => {
  const world = new CoalitionWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, feeRate: '0.01', feeLeast: 2 }],
    ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool' }],
  ]);
  world.give('ann', 1_000);
  t.equal(world.exchange({ amount: 600 }), 'RESERVE_SHORT');
  world.give('#reserve:b', 60_000, 'beta');
  t.equal(world.exchange({ amount: 602 }, 'ann', 'one'), '602 alpha - 7 = 49583 beta');
  t.equal(world.exchange({ amount: 100 }), '100 alpha - 2 = 8166 beta');
  t.same(
    ['@clearing:a', '@clearing:b', '@fee', '#reserve:b', 'ann'].map((owner) => [
      owner,
      world.has(owner, 'alpha'),
      world.has(owner, 'beta'),
    ]),
    [
      ['@clearing:a', 693, -57_749],
      ['@clearing:b', 0, 57_749],
      ['@fee', 9, 0],
      ['#reserve:b', 0, 2_251],
      ['ann', 298, 57_749],
    ],
  );
  t.equal(world.exchange({ amount: 200 }), 'RESERVE_SHORT');
  t.equal(world.goesBack('one'), '49583 beta back for 602 alpha');
  t.same([world.has('ann'), world.has('#reserve:b', 'beta'), world.has('@fee')], [900, 51_834, 2]);
  t.equal(world.goesBack('one'), 'EXCHANGE_PART_INVALID');
  t.equal(world.goesBack('none'), 'EXCHANGE_NOT_FOUND');
  expectReplayed(t, world);
});

t.test('every rule, in its order', async (t) => {
  const world = new CoalitionWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, feeLeast: 1, mostEach: 500, mostDay: 900 }],
    ['exchanging', 'beta', { ...SIDES.beta, members: 'known' }],
    ['coalition', 'other', MAIN],
    ['exchanging', 'lone', { ...SIDES.alpha, coalition: 'other' }],
    ['exchange-rate', 'gamma.alpha', rate('2.1')],
  ]);
  world.give('ann', 5_000);
  t.equal(world.exchange({ to: 'lone', amount: 10 }), 'EXCHANGE_UNSUPPORTED');
  t.equal(world.exchange({ to: 'alpha', amount: 10 }), 'EXCHANGE_UNSUPPORTED');
  t.equal(world.exchange({ to: 'none', amount: 10 }), 'EXCHANGE_UNSUPPORTED');
  // By values 1 alpha is 0.625 gamma, and 2.1 x 0.625 is more than 1: neither way, whichever is asked for.
  t.equal(world.exchange({ to: 'gamma', amount: 10 }), 'EXCHANGE_RATE_GAINS');
  t.equal(world.exchange({ from: 'gamma', to: 'alpha', amount: 10 }), 'EXCHANGE_RATE_GAINS');
  t.equal(world.exchange({ amount: 1 }), 'EXCHANGE_TOO_SMALL');
  t.equal(world.exchange({ amount: 501 }), 'EXCHANGE_LIMIT');
  t.equal(world.exchange({ amount: 500 }), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u1'), 'platformJoined');
  t.equal(world.exchange({ amount: 500, expected: 41_584 }), 'EXCHANGE_DIFFERS');
  t.equal(world.exchange({ amount: 500, expected: 41_583 }), '500 alpha - 1 = 41583 beta');
  // What was refused has counted for nothing.
  t.equal(world.exchange({ amount: 401 }), 'EXCHANGE_LIMIT');
  t.equal(world.exchange({ amount: 400 }, 'ann', 'late'), '400 alpha - 1 = 33250 beta');
  t.equal(world.exchange({ amount: 5 }), 'EXCHANGE_LIMIT');
  t.equal(world.goesBack('late', 3_325), '3325 beta back for 39 alpha');
  t.equal(world.exchange({ amount: 40 }), 'EXCHANGE_LIMIT');
  t.equal(world.exchange({ amount: 39 }), '39 alpha - 1 = 3166 beta');
  // The day ends in the zone of the coalition: at 16 h UTC.
  world.time = Math.ceil(world.time / DAY_MS) * DAY_MS + 16 * HOUR_MS - 1;
  t.equal(world.exchange({ amount: 500 }), '500 alpha - 1 = 41583 beta');
  t.equal(world.exchange({ amount: 500 }), 'EXCHANGE_LIMIT');
  world.time++;
  t.equal(world.exchange({ amount: 500 }), '500 alpha - 1 = 41583 beta');
  t.equal(world.exchange({ amount: 3_000 }, 'bob'), 'EXCHANGE_LIMIT');
  t.equal(world.exchange({ amount: 300 }, 'bob'), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u2', 'bob'), 'platformJoined');
  t.equal(world.exchange({ amount: 300 }, 'bob'), 'POINTS_SHORT');
  expectReplayed(t, world);
});

t.test('for somebody else, and who is known', async (t) => {
  const known = { members: 'known' };
  const world = new CoalitionWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, ...known }],
    ['exchanging', 'beta', { ...SIDES.beta, ...known }],
  ]);
  world.give('ann', 5_000);
  const to = (receiver: string) => world.exchange({ amount: 12, receiver });
  t.equal(to('bob'), 'MEMBER_UNKNOWN');
  t.equal(world.joins('a', 'u1'), 'platformJoined');
  t.equal(to('bob'), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u2', 'bob'), 'platformJoined');
  t.equal(to('bob'), '12 alpha - 0 = 1000 beta');
  t.equal(world.has('bob', 'beta'), 1_000);
  // Ann is no user of b herself.
  t.equal(to('ann'), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u3', 'bob'), 'platformJoined');
  t.equal(world.joins('b', 'u2', 'bob', 'leave'), 'platformLeft');
  t.equal(to('bob'), '12 alpha - 0 = 1000 beta', 'as long as one user is his');
  t.equal(world.joins('b', 'u3', 'bob', 'leave'), 'platformLeft');
  t.equal(world.joins('b', 'u3', 'bob', 'leave'), 'platformLeft', 'again, it changes nothing');
  t.equal(to('bob'), 'MEMBER_UNKNOWN');
  for (let n = 0; n < 200; n++) t.equal(world.joins('c', `u${n}`), 'platformJoined');
  t.equal(world.joins('c', 'u3'), 'platformJoined');
  t.equal(world.joins('c', 'u200'), 'MEMBER_USERS');
  expectReplayed(t, world);
});

t.test('what is got expires as the asset says, or as its part in exchanges does', async (t) => {
  for (const [more, days] of [
    [{}, undefined],
    [{ expiresDays: 30 }, 30],
  ] as const) {
    const world = new CoalitionWorld([['exchanging', 'beta', { ...SIDES.beta, ...more }]]);
    world.give('ann', 100);
    const time = world.time;
    const outcome = world.act('exchange', { from: 'alpha', to: 'beta', amount: 12 }, 'ann', 'x');
    const entry =
      outcome.ok && outcome.entries.find((one) => one.owner === 'ann' && one.asset === 'beta');
    const [slice] = entry ? entry.slices : [];
    if (days === undefined) t.equal(slice?.expiresAt ?? null, null, 'never');
    else t.equal(slice?.expiresAt, Math.ceil((time + days * DAY_MS) / DAY_MS) * DAY_MS);
    expectReplayed(t, world);
  }
});

t.test('a quote is charged as it was, or refused', async (t) => {
  const world = new CoalitionWorld([['exchange-rate', 'alpha.beta', rate('0.5')]]);
  world.give('ann', 5_000);
  world.give('bob', 5_000);
  const quote = world.quote(100);
  world.define('exchange-rate', 'alpha.beta', rate('0.45'));
  t.equal(world.exchange({ amount: 100 }), '100 alpha - 0 = 4500 beta');
  t.equal(world.exchange({ amount: 100, quote }), '100 alpha - 0 = 5000 beta');
  t.equal(world.exchange({ amount: 100, quote, expected: 4_500 }), 'EXCHANGE_DIFFERS');
  t.equal(world.exchange({ amount: 99, quote }), 'QUOTE_INVALID');
  t.equal(world.exchange({ to: 'gamma', amount: 100, quote }), 'QUOTE_INVALID');
  t.equal(world.exchange({ amount: 100, quote }, 'bob'), 'QUOTE_INVALID');
  const forged = `${quote.slice(0, 8)}${quote[8] === 'A' ? 'B' : 'A'}${quote.slice(9)}`;
  t.equal(world.exchange({ amount: 100, quote: forged }), 'QUOTE_INVALID');
  world.define('exchanging', 'alpha', { ...SIDES.alpha, mostEach: 99 });
  t.equal(world.exchange({ amount: 100, quote }), 'EXCHANGE_LIMIT', 'limits are those of now');
  world.define('exchanging', 'alpha', undefined);
  t.equal(world.exchange({ amount: 100, quote }), 'EXCHANGE_UNSUPPORTED');
  world.define('exchanging', 'alpha', SIDES.alpha);
  const next = world.quote(100);
  world.time += 299_999;
  t.match(world.exchange({ amount: 100, quote: next }), /= 4500 beta/);
  world.time++;
  t.equal(world.exchange({ amount: 100, quote: next }), 'QUOTE_EXPIRED');
  expectReplayed(t, world);
});

t.test('given back in parts: never more than it took, and whole at the end', async () => {
  const cases = campaign({ name: 'exchanges in parts', long: 2_000, sample: 30 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const world = new CoalitionWorld([
      ['exchanging', 'alpha', { ...SIDES.alpha, feeRate: '0.03', mostDay: 100_000 }],
      ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool' }],
    ]);
    world.give('ann', 100_000);
    world.give('#reserve:b', 10_000_000, 'beta');
    const given = 1 + random.int(1_000);
    const made = world.exchange({ amount: given }, 'ann', 'x');
    const result = world.has('ann', 'beta');
    if (result === 0) throw new Error(made);
    let left = result;
    while (left > 0) {
      const part = 1 + random.int(left);
      const before = world.has('ann');
      const back = random.chance(0.5)
        ? world.goesBack('x', part)
        : part === left
          ? world.undoes('x')
          : world.goesBack('x', part);
      left -= part;
      if (!back.startsWith(`${part} beta back`)) throw new Error(`${part}: ${back}`);
      const out = given - (world.has('ann') - 100_000 + given);
      const due = (given * left) / result;
      if (world.has('ann') < before || out < due || out > due + 2)
        throw new Error(`${out} are out of ${due}`);
    }
    const is = [
      world.has('ann'),
      world.has('ann', 'beta'),
      world.has('@fee'),
      world.has('@clearing:a'),
      world.has('@clearing:a', 'beta'),
      world.has('@clearing:b', 'beta'),
      world.has('#reserve:b', 'beta'),
    ];
    if (is.join() !== [100_000, 0, 0, 0, 0, 0, 10_000_000].join()) throw new Error(is.join());
  });
});

t.test('what is not in proportion is not given back', async (t) => {
  const world = new CoalitionWorld();
  world.give('ann', 1_000);
  world.exchange({ amount: 120 }, 'ann', 'x');
  const parts = (...amounts: number[]) => ({
    legs: amounts.flatMap((amount, leg) => (amount === 0 ? [] : [{ leg, amount }])),
  });
  t.equal(world.undoes('x', parts(60, 0)), 'EXCHANGE_INSEPARABLE');
  t.equal(world.undoes('x', parts(0, 5_000)), 'EXCHANGE_INSEPARABLE');
  t.equal(world.undoes('x', parts(61, 5_000)), 'EXCHANGE_INSEPARABLE');
  t.equal(world.undoes('x', parts(60, 5_000)), '5000 beta back for 60 alpha');
  // What was spent is not there to go back.
  world.exchange({ from: 'beta', to: 'gamma', amount: 4_000 });
  t.equal(world.goesBack('x'), 'POINTS_SHORT');
  t.equal(world.goesBack('x', 1_000), '1000 beta back for 12 alpha');
});
