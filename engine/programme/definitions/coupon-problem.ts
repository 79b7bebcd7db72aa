// What a definition says that names a campaign of coupons. Owns: that there is one, and what does not go with it.

import type { Known } from './kind.js';

/** What is wrong with a rule or a task that brings a coupon; null: nothing, or it brings none. */
export function couponProblem(
  document: {
    readonly coupon?: string | undefined;
    readonly budget?: string | undefined;
    readonly pendingDays?: number | undefined;
    readonly pendingToConfirm?: boolean | undefined;
  },
  known: Known,
): { field: string; detail: string } | null {
  const { coupon, budget, pendingDays, pendingToConfirm = false } = document;
  if (coupon === undefined) return null;
  if ((budget ?? pendingDays) !== undefined || pendingToConfirm)
    return { field: 'coupon', detail: 'A coupon is neither paid by a budget nor pending.' };
  return known('coupon', coupon) === undefined
    ? { field: 'coupon', detail: `there is no coupon ${coupon}.` }
    : null;
}
