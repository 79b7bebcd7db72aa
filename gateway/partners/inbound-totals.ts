// What all members have of an asset, and what a partner has added and deducted. Owns: the sums, as of a time. Never touches: who asks.
//   partners.T1. All are as of the same time, and what was asked for before it counts, also where it was booked later.
//   partners.T2. Points are counted by who has none of them: what system owners lack is out, and what a platform's reserve has is no member's. What budgets
//       have is: it is promised.

import {
  clearingOf,
  type Engine,
  type InboundOperation,
  type InboundPlace,
  inboundOperations,
  limits,
  type OperationKind,
  poolHolders,
  reserveOf,
  SYSTEM_OWNERS,
  tallyOf,
} from '../../engine/index.js';
import { documentAt, documentsUntil } from '../known-definitions.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { Totals } from './adapter.js';

const PAGE = 100;

/** All platforms that have, or had, points exchanged until a time, and those that are named. */
async function clearingOwners(
  engine: Engine,
  named: readonly string[],
  at: number,
): Promise<readonly string[] | Refusal> {
  const platforms = new Set(named);
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions('exchanging', { after, limit: PAGE });
    if (isRefusal(page)) return page;
    for (const { key } of page) {
      const said = await documentsUntil(engine, 'exchanging', key, at);
      if (isRefusal(said)) return said;
      for (const { platform } of said) platforms.add(String(platform));
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) return [...platforms].map(clearingOf);
  }
}

/** What was decided before a time, and booked from it on: shards were asked meanwhile. */
async function underWay(
  engine: Engine,
  partner: string,
  asset: string,
  until: number,
): Promise<Readonly<Record<OperationKind, number>> | Refusal> {
  const sums = { add: 0, deduct: 0 };
  const from = Math.max(0, until - limits.PREPARE_LIMIT_MS);
  for (let at: InboundPlace | undefined; ; ) {
    const page = await inboundOperations(engine.own, partner, { from, until, at, limit: PAGE });
    if (isRefusal(page)) return page;
    const done = page.operations.filter((one) => one.asset === asset && one.act !== null);
    const found = await Promise.all(done.map(({ user, act }) => engine.transfer(user, act ?? '')));
    for (const [i, booked] of found.entries()) {
      if (isRefusal(booked)) return booked;
      const { kind, amount } = done[i] as InboundOperation;
      if (booked?.outcome.ok === true && booked.time >= until) sums[kind] += amount;
    }
    if (page.next === undefined) return sums;
    at = page.next;
  }
}

/** Sums of an asset of what was before a time, which is now where it is still to come. `platforms`: those that are known here. */
export async function totalsOf(
  engine: Engine,
  partner: string,
  asset: string,
  { until, platforms }: { readonly until: number; readonly platforms: readonly string[] },
): Promise<Totals | Refusal> {
  const at = Math.max(0, Math.min(until, engine.now() + 1) - 1);
  const side = await documentAt(engine, 'exchanging', asset);
  if (isRefusal(side)) return side;
  const reserve = side === undefined ? undefined : reserveOf(String(side['platform']));
  const holders = reserve === undefined ? [] : await poolHolders(engine.own, reserve, asset);
  if (isRefusal(holders)) return holders;
  const clearing = await clearingOwners(engine, [...platforms, partner], at);
  if (isRefusal(clearing)) return clearing;
  const tallies = [tallyOf(partner, 'added'), tallyOf(partner, 'deducted')];
  const others = [...SYSTEM_OWNERS, ...clearing, ...holders];
  const found = await engine.own.balancesAt({ owners: [...tallies, ...others], asset, at });
  if (isRefusal(found)) return found;
  const [added = 0, deducted = 0, ...rest] = found.balances.map(([one]) => one?.total ?? 0);
  const late = await underWay(engine, partner, asset, at + 1);
  if (isRefusal(late)) return late;
  // Not -0.
  const total = 0 - rest.reduce((sum, one) => sum + one, 0);
  return {
    state: 'totals',
    total: total + late.add - late.deduct,
    added: added + late.add,
    deducted: deducted + late.deduct,
  };
}
