// What all members have of an asset, and what a partner has added and deducted. Owns: the sums, as of a time. Never touches: who asks.
//   partners.T1. All are as of the same time and the same position of the log.
//   partners.T2. Points are counted by who has none of them: what system owners lack is out, and what a platform's reserve has is no member's. What budgets
//       have is: it is promised.

import {
  clearingOf,
  type Engine,
  poolHolders,
  reserveOf,
  SYSTEM_OWNERS,
  tallyOf,
} from '../../engine/index.js';
import { documentAt } from '../known-definitions.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { Totals } from './adapter.js';

/** Sums of an asset as of a time, which is now where it is still to come. `platforms`: all there are. */
export async function totalsOf(
  engine: Engine,
  partner: string,
  asset: string,
  { at, platforms }: { readonly at: number; readonly platforms: readonly string[] },
): Promise<Totals | Refusal> {
  const side = await documentAt(engine, 'exchanging', asset);
  if (isRefusal(side)) return side;
  const reserve = side === undefined ? undefined : reserveOf(String(side['platform']));
  const holders = reserve === undefined ? [] : await poolHolders(engine.own, reserve, asset);
  if (isRefusal(holders)) return holders;
  const tallies = [tallyOf(partner, 'added'), tallyOf(partner, 'deducted')];
  const others = [...SYSTEM_OWNERS, ...platforms.map(clearingOf), ...holders];
  const found = await engine.own.balancesAt({ owners: [...tallies, ...others], asset, at });
  if (isRefusal(found)) return found;
  const [added = 0, deducted = 0, ...rest] = found.balances.map(([one]) => one?.total ?? 0);
  const total = 0 - rest.reduce((sum, one) => sum + one, 0);
  return { state: 'totals', total, added, deducted };
}
