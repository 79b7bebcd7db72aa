// How far an order is, and what a coupon is worth, as members are told it. Owns: which words are for what. Never touches: the words; what may be done, which the commit says.

export interface OrderLike {
  readonly state: 'held' | 'pending' | 'completed' | 'cancelled';
  readonly quantity: number;
  readonly shipped: number;
  readonly cancelled: number;
}

export type Stage = 'held' | 'pending' | 'shipping' | 'shipped' | 'completed' | 'cancelled';

/** One that is pending is told by what of it is on its way. */
export function stageOf({ state, quantity, shipped, cancelled }: OrderLike): Stage {
  if (state !== 'pending' || shipped === 0) return state;
  return shipped + cancelled >= quantity ? 'shipped' : 'shipping';
}

/** Is there something left of it that was not sent, and may come back? */
export const mayCancel = ({ state, quantity, shipped, cancelled }: OrderLike): boolean =>
  (state === 'held' || state === 'pending') && quantity - shipped - cancelled > 0;

/** How a stage is coloured: what is done, what is under way, what is over. */
export const TONES: Readonly<Record<Stage, 'good' | 'plain' | 'warn'>> = {
  held: 'warn',
  pending: 'plain',
  shipping: 'plain',
  shipped: 'plain',
  completed: 'good',
  cancelled: 'warn',
};

/** What a campaign of coupons takes off, or gives: amounts in minor units. */
export interface Worth {
  readonly percent?: number | undefined;
  readonly amount?: number | undefined;
  readonly most?: number | undefined;
  readonly minimum?: number | undefined;
  readonly points?: number | undefined;
}

/** Does such a coupon take something off an order of so much? */
export const helps = (worth: Worth | undefined, whole: number): boolean =>
  worth !== undefined && worth.points === undefined && whole >= (worth.minimum ?? 0);
