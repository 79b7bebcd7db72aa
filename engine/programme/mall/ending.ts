// Orders that are held, or were: how they end. Owns: what is given back of them, by which act. Never touches: whether they may end.
//   mall.E1. The pieces of such an order were taken by its own act, its points by another one or by none: so the pieces come back by an act of
//       their own, caused in the commit that ends the order, and once.

import type { FollowUp, Reads } from '../act.js';
import { cancelled, type LegName, legsBack, type Order, RETURN_PIECES } from './order.js';

/** What changes where an order ends whose points are held, or were paid by another act. */
export function ended(see: Reads, owner: string, number: string, one: Order, time: number) {
  const past = see.past(one.id);
  const names = (past?.why['legs'] ?? []) as readonly LegName[];
  const legs = legsBack(one, names, past?.amounts ?? []);
  const back: FollowUp = {
    owner,
    act: RETURN_PIECES,
    body: { order: one.id, legs: legs.map(({ leg, amount }) => ({ leg, amount })) },
  };
  const { followUps, ...changes } = cancelled(see, owner, number, one, time);
  return { ...changes, followUps: legs.length === 0 ? followUps : [back, ...followUps] };
}
