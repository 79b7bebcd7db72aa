// Whole points: multipliers and units with one rounding, shares that sum to the whole. Owns: the arithmetic.
//   earning.N1. What is multiplied is rounded once, from the exact product, as named.
//   earning.N2. Shares of a whole sum to it: each is rounded down, and the last one gets what is left.

import { AMOUNT_MAX } from '../../limits.js';
import type { Rounding } from '../definitions/rule.js';

/** a / b in whole numbers; both from 0 on, b from 1 on. */
export function divided(a: bigint, b: bigint, rounding: Rounding): bigint {
  const whole = a / b;
  const rest = a - whole * b;
  if (rest === 0n || rounding === 'down') return whole;
  return rounding === 'up' || rest * 2n >= b ? whole + 1n : whole;
}

/** The product of some numbers over the product of others; null: it is more than there may be of points. */
export function pointsOf(
  over: readonly number[],
  under: readonly number[],
  rounding: Rounding,
): number | null {
  let product = 1;
  for (const one of over) product *= one;
  let divisor = 1;
  for (const one of under) divisor *= one;
  if (product <= Number.MAX_SAFE_INTEGER && divisor <= Number.MAX_SAFE_INTEGER / 2) {
    const rest = product % divisor;
    const whole = (product - rest) / divisor;
    const isUp = rest > 0 && (rounding === 'up' || (rounding === 'half-up' && rest * 2 >= divisor));
    return whole + (isUp ? 1 : 0);
  }
  const exact = (numbers: readonly number[]): bigint =>
    numbers.reduce((all, one) => all * BigInt(one), 1n);
  const points = divided(exact(over), exact(under), rounding);
  return points > BigInt(AMOUNT_MAX) ? null : Number(points);
}

/** What of a whole belongs to `part` of `of`, rounded down. */
export const shareOf = (whole: number, part: number | bigint, of: number | bigint): number =>
  Number((BigInt(whole) * BigInt(part)) / BigInt(of));

/** A whole in shares by these weights, of which at least one is not 0. */
export function sharesOf(whole: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const last = weights.findLastIndex((weight) => weight !== 0);
  let left = whole;
  return weights.map((weight, i) => {
    const share = i >= last ? left : shareOf(whole, weight, all);
    left -= share;
    return share;
  });
}
