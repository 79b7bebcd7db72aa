// Orders, as they are kept: one of a member. Owns: the answer, out of the record. Never touches: state; what may become of it.

import type { OwnRecords } from '../api.js';
import { ORDER, orderOf } from '../programme/mall/order.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { ToldOrder } from '../protocol/order.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

/** An order of a member, by its number; undefined: there is none, or not any more. */
export async function orderByNumber(
  own: Pick<OwnRecords, 'record'>,
  owner: string,
  number: string,
): Promise<ToldOrder | Refused | undefined> {
  const found = await own.record(owner, recordTypeOf(ORDER), number);
  if (found === undefined || isRefusal(found)) return found;
  const { window: _, coupon, ...order } = orderOf(recordValueIn(found.value));
  return { number, owner, ...order, coupon: coupon?.[0] ?? null };
}
