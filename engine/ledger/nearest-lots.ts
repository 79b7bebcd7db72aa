// Which two lots become one where an account has one too many. Owns: that rule. Never touches: accounts.

import { NEVER } from '../limits.js';
import { LOT_FIELDS } from './page.js';

/** A lot, and what of it is held. */
export type LotHeld = readonly [expiry: number, held: number];

/**
 * The expiries of the two nearest lots that may become one, the soonest two where several are as near; null: there are none. A lot with a
 * held part stays, for holds know it by its expiry, and nothing becomes such as never expires. `lots`: as an account has them;
 * `added`: one more.
 */
export function nearestLots(
  lots: Float64Array,
  added: LotHeld | null,
): readonly [sooner: number, later: number] | null {
  const all: LotHeld[] = added === null ? [] : [added];
  for (let at = 0; at < lots.length; at += LOT_FIELDS)
    all.push([lots[at] as number, lots[at + 2] as number]);
  all.sort(([a], [b]) => a - b);
  let nearest: readonly [number, number] | null = null;
  for (let i = 1; i < all.length; i++) {
    const [[sooner, held], [later]] = [all[i - 1], all[i]] as [LotHeld, LotHeld];
    if (held > 0 || later === NEVER) continue;
    if (nearest === null || later - sooner < nearest[1] - nearest[0]) nearest = [sooner, later];
  }
  return nearest;
}
