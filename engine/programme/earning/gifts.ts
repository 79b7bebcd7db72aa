// What a member has given to others today. Owns: its counters, and what is told of them beside the limits. Never touches: whether one more may be given.

import type { TypeOf } from '../../protocol/fields.js';
import type { GiftState } from '../../protocol/member.js';
import type { Reads, Window } from '../act.js';
import type { gifting } from '../definitions/index.js';

type Limits = TypeOf<typeof gifting.decides>;

/** The counters of a programme: points given, and how often. */
export const giftPoints = (programme: string): string => `gift-points.${programme}`;
export const giftTimes = (programme: string): string => `gift-times.${programme}`;

/** What limits count of a day: what has no limit is not counted, and 0. */
export function givenIn(see: Reads, programme: string, limits: Limits, day: Window) {
  const { mostPoints, mostTimes } = limits;
  return {
    points: mostPoints === undefined ? 0 : see.counter(giftPoints(programme), day),
    times: mostTimes === undefined ? 0 : see.counter(giftTimes(programme), day),
  };
}

/** What a member may give, and what is used up of that. */
export function giftState(see: Reads, programme: string, limits: Limits, day: Window): GiftState {
  const { mostEach, mostPoints, mostTimes } = limits;
  return {
    ...givenIn(see, programme, limits, day),
    ...(mostEach === undefined ? {} : { mostEach }),
    ...(mostPoints === undefined ? {} : { mostPoints }),
    ...(mostTimes === undefined ? {} : { mostTimes }),
    until: day.until,
  };
}
