// Where the points of a pool (a `#` owner) are paid and given back. Owns: which legs of an act are paid by the allotment on its shard, and what of
// an undo goes home. Never touches: loans (engine/transfer/pools.ts).
//   ledger.B1. An allotment keeps its last point until it gives everything back: so what is out can always be given back by a transfer.
//   ledger.B2. What is given back goes home, to the pool, whoever of its allotments had paid it.

import type { PlannedLeg } from '../programme/act.js';
import type { Homeward } from '../programme/plan.js';
import { allotmentOf, isAllotment, poolOf } from '../protocol/allotment.js';
import { CommandView } from '../protocol/command-view.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
import { Name } from '../protocol/name.js';
import { isScarceOwner } from '../protocol/syntax.js';
import { Chain } from '../transfer/chain.js';
import type { Places } from '../transfer/open/places.js';
import { mayComeBack } from '../transfer/pools.js';
import { F } from './page.js';
import type { ToUndo } from './reversal-parts.js';
import type { State } from './state.js';
import type { Work } from './work.js';

/** The owner who was looked for last, and the hash: most often the next one, too. */
let lastOwner = '';
let lastHash = ownerHash('');

/** Does an owner live on this shard? */
export function isHere(owner: string, places: Places): boolean {
  if (owner !== lastOwner) {
    lastOwner = owner;
    lastHash = ownerHash(owner);
  }
  return places.shardOf(lastHash) === places.shard;
}

/** Who may pay for a pool on this shard: itself, or its allotment here; without an owner, nobody. */
interface Payer {
  readonly pool: string;
  readonly places: Places;
  readonly owner: string | undefined;
  readonly name: Name;
}

/** The one that was looked for last: of a hot pool, the next one, too. */
let lastPayer: Payer | undefined;

function payerHere(pool: string, places: Places): Payer {
  if (lastPayer?.pool === pool && lastPayer.places === places) return lastPayer;
  const asked = isHere(pool, places) ? pool : allotmentOf(pool, places.shard);
  const owner = asked !== undefined && isHere(asked, places) ? asked : undefined;
  lastPayer = { pool, places, owner, name: Name.of(owner ?? '') };
  return lastPayer;
}

/** What this shard can pay at once of a pool. */
export function payableHere({ places, assets, pages }: State, pool: string, asset: string): number {
  const { owner, name } = payerHere(pool, places);
  const index = assets.indexOf(asset);
  if (owner === undefined || index < 0) return 0;
  const page = pages.pageOf(name.hash);
  const place = page.find(name, index);
  if (place < 0) return 0;
  const available = page.f64[page.f(place) + F.available] as number;
  return owner === pool ? available : Math.max(0, available - 1);
}

/** Will a pool not pay so much, as far as this shard knows? */
export function isExhaustedHere(work: Work, pool: string, asset: string, amount: number): boolean {
  const { state, time, exhausted, home } = work;
  const { assets, places } = state;
  const index = assets.indexOf(asset);
  if (index < 0 || payableHere(state, pool, asset) >= amount) return false;
  if (!isHere(pool, places)) return exhausted.has(pool, asset, amount, time, home.hash);
  return !isAllotment(pool) && !mayComeBack(state, Name.of(pool), index);
}

/** What a pool has left that will not pay what was asked for, as far as this shard knows. */
export function leftHere({ state, time, exhausted }: Work, pool: string, asset: string): number {
  const payable = payableHere(state, pool, asset);
  return isHere(pool, state.places)
    ? payable
    : Math.max(payable, exhausted.left(pool, asset, time));
}

/** As `Reads.supply`: what a pool here cannot pay at once, it does not pay. */
export function supplyOf(
  work: Work,
  pool: string,
  asset: string,
  amount: number,
): 'here' | 'elsewhere' | 'none' {
  if (payableHere(work.state, pool, asset) >= amount) return 'here';
  const isNone = isHere(pool, work.state.places) || isExhaustedHere(work, pool, asset, amount);
  return isNone ? 'none' : 'elsewhere';
}

/** Is it a pool on another shard? */
const isElsewhere = (owner: string, places: Places): boolean =>
  isScarceOwner(owner) && !isHere(owner, places) && !isAllotment(owner);

/** Legs as they are posted: those of a pool on another shard are paid by its allotment here where that has enough. */
export function compiled({ state }: Work, legs: readonly PlannedLeg[]): readonly PlannedLeg[] {
  const { places } = state;
  if (places.shards === 1) return legs;
  for (const { from } of legs) if (isElsewhere(from, places)) return paidHere(state, legs);
  return legs;
}

function paidHere(state: State, legs: readonly PlannedLeg[]): readonly PlannedLeg[] {
  const { places } = state;
  const paid: PlannedLeg[] = [];
  for (let i = 0; i < legs.length; i++) {
    const leg = legs[i] as PlannedLeg;
    const { from, asset, amount } = leg;
    const payer = isElsewhere(from, places) ? payerHere(from, places).owner : undefined;
    let left = payer === undefined ? 0 : payableHere(state, from, asset);
    // What it pays of those before.
    for (const one of paid) if (one.from === payer && one.asset === asset) left -= one.amount;
    if (payer === undefined || left < amount) paid.push(leg);
    else paid.push({ ...leg, from: payer });
  }
  return paid;
}

/** To whom goes what an undo gives back to this owner on this shard: a pool elsewhere is credited there (ledger.B2). */
export const givenBackTo = (owner: string, places: Places): string | undefined =>
  isAllotment(owner) && !isHere(poolOf(owner), places) ? undefined : poolOf(owner);

/** What is to be undone that goes to pools on other shards; undefined: nothing. */
export function homewardOf({ state }: Work, { past, legs, parts }: ToUndo): Homeward | undefined {
  const { places, assets } = state;
  const back = legs.flatMap(({ from, asset }, leg) => {
    const amount = parts.now[leg] ?? 0;
    if (amount === 0 || givenBackTo(from, places) !== undefined) return [];
    return [{ pool: poolOf(from), asset: assets.at(asset).asset, amount }];
  });
  if (back.length === 0) return undefined;
  const original = new CommandView();
  original.read(past.command, 0);
  const chain = new Chain();
  chain.plan(original, homePlace(original), places);
  const homes = back.map(({ pool }) => places.shardOf(ownerHash(pool))).sort((a, b) => a - b);
  return { shards: [...new Set([...chain.shards, ...homes])], legs: back };
}
