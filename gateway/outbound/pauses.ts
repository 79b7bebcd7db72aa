// Growing pauses between attempts. Owns: how long they are. Never touches: what is tried.

/** Each pause is so many times the last one. */
const GROWTH = 3;
/** By how much a pause may be longer, so that many do not end at once. */
const SPREAD = 0.2;

/** The pause after the n-th attempt that failed, n from 1 on. */
export function pauseAfter(
  failures: number,
  first: number,
  most: number,
  chance: () => number = Math.random,
): number {
  const pause = Math.min(most, first * GROWTH ** Math.min(failures - 1, 40));
  return Math.round(pause * (1 + SPREAD * chance()));
}
