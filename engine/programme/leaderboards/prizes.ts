// Prizes of a leaderboard. Owns: who gets how much. Never touches: scores, payments.
//   leaderboards.Z1. All prizes together are no more than those of the places, however many share a rank.

import { BOARD_PLACES_MAX } from '../../limits.js';
import type { Prizes } from '../definitions/leaderboard.js';

/** A member, in the order of a board. */
export interface Placed {
  readonly owner: string;
  readonly score: number;
}

/** Who gets a prize. */
export interface Winner extends Placed {
  /** Equal scores have equal ranks: 1, 2, 2, 4. */
  readonly rank: number;
  /** Minor units. */
  readonly points: number;
}

/** The last place that has a prize; 0: there are none. */
export const lastPlace = (prizes: Prizes = []): number => prizes.at(-1)?.[1] ?? 0;

/** How many members, from the first on, say who gets what. */
export const placesToKnow = (prizes: Prizes = []): number =>
  prizes.length === 0 ? 0 : lastPlace(prizes) + BOARD_PLACES_MAX;

const pointsOf = (prizes: Prizes, place: number): number =>
  prizes.find(([from, to]) => place >= from && place <= to)?.[2] ?? 0;

/**
 * Who gets what, in the order of the board. Who share a rank share what the places get that they fill, rounded down; where they are more
 * than BOARD_PLACES_MAX, each place's prize goes to who is there in the order. `first`: the first members, placesToKnow() of them
 * where there are so many.
 */
export function winnersOf(prizes: Prizes, first: readonly Placed[]): Winner[] {
  const winners: Winner[] = [];
  const last = lastPlace(prizes);
  for (let from = 0; from < Math.min(first.length, last); ) {
    const { score } = first[from] as Placed;
    let to = from + 1;
    while (first[to]?.score === score) to++;
    const isShared = to - from > 1 && to - from <= BOARD_PLACES_MAX;
    let pool = 0;
    for (let i = from; i < Math.min(to, last); i++) pool += pointsOf(prizes, i + 1);
    for (let i = from; i < to; i++) {
      const points = isShared ? Math.floor(pool / (to - from)) : pointsOf(prizes, i + 1);
      if (points > 0) winners.push({ ...(first[i] as Placed), rank: from + 1, points });
    }
    from = to;
  }
  return winners;
}
