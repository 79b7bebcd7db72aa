// What of an act is given back. Owns: whether that is all of it, how much of a counter goes with it. Never touches: what acts decide.

import type { CounterAdd, Reads, Undone } from './act.js';

/** With this, is all of a leg given back? */
export const isGone = ({ amounts, now, before }: Legs, leg: number): boolean =>
  (now[leg] ?? 0) + (before[leg] ?? 0) === amounts[leg];

/** With this, is all of the act given back? */
export const isWhole = (undone: Legs): boolean =>
  undone.amounts.every((_, leg) => isGone(undone, leg));

type Legs = Pick<Undone, 'amounts' | 'now' | 'before'>;

/** So much of what was counted is given back: never more than is there, and nothing of a window that is over. */
export function countedBack(
  see: Reads,
  { name, window }: CounterAdd,
  share: number,
  time: number,
): readonly CounterAdd[] {
  const back = window.until <= time ? 0 : Math.min(share, see.counter(name, window));
  return back === 0 ? [] : [{ name, window, add: -back }];
}
