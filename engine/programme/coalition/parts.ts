// What of an exchange is given back. Owns: how its legs go together. Never touches: who asks.
//   coalition.P1. Of each leg so much is back, at any time, as the part that is back of what was got, rounded down; of all, all.

/** What each leg of an exchange is. */
export type LegName = 'paid' | 'fee' | 'got' | 'reserve';

/** By which the parts go. */
export const GOT = 'got';

/** What of each leg goes back with so much of what was got; `before`: what of that is back already. */
export function shares(
  amounts: readonly number[],
  got: number,
  before: number,
  now: number,
): readonly number[] {
  const whole = BigInt(amounts[got] as number);
  const backOf = (amount: number, of: number): number =>
    Number((BigInt(amount) * BigInt(of)) / whole);
  return amounts.map((amount) => backOf(amount, before + now) - backOf(amount, before));
}
