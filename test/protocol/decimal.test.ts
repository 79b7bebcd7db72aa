// Fractions of amounts: the quick way without big integers comes to the same as the exact one.

import fc from 'fast-check';
import t from 'tap';
import { AMOUNT_MAX } from '../../engine/limits.js';
import { down, downTimes, times, up, upTimes } from '../../engine/protocol/decimal.js';

t.test(
  'a fraction of an amount is exact, and what is beyond all amounts is beyond them',
  async (t) => {
    const any = fc.oneof(
      fc.bigInt(1n, 1_000n),
      fc.bigInt(1n, 10n ** 18n),
      fc.bigInt(1n, 10n ** 40n),
      fc.constantFrom(10n ** 9n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n),
    );
    const amounts = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.maxSafeNat());
    const isSame = (exact: bigint, is: number): boolean =>
      exact <= BigInt(AMOUNT_MAX) ? BigInt(is) === exact : is > AMOUNT_MAX;
    fc.assert(
      fc.property(fc.oneof(fc.constant(0n), any), any, amounts, (over, under, amount) => {
        const exact = times({ over, under }, { over: BigInt(amount), under: 1n });
        return (
          isSame(down(exact), downTimes({ over, under }, amount)) &&
          isSame(up(exact), upTimes({ over, under }, amount))
        );
      }),
      { numRuns: 5_000 },
    );
    t.equal(upTimes({ over: 1n, under: 100n }, 101), 2);
  },
);
