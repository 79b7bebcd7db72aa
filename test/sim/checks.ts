// What must hold of the states of simulated shards: after every block, and when all has come to rest.
// Owns: the sums over pages. Never touches: logs (see history.ts).

import { canonicalState } from '../../engine/ledger/digest.js';
import { balanceAt } from '../../engine/ledger/reads.js';
import type { State } from '../../engine/ledger/state.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { Balance } from '../../engine/protocol/outcomes.js';
import { balanceProblem } from '../ledger/invariants.js';
import { ToldLots } from '../ledger/told-lots.js';
import { Outside, sameLines } from './outside.js';
import type { SimShard } from './shard.js';

const STRIPE = '@transit:';

/** All accounts of a shard. */
export function* balancesIn(state: State): IterableIterator<Balance> {
  const { pages } = state;
  for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
    const page = pages.page(bucket);
    for (let i = 0; i < page.count; i++) yield balanceAt(state, page, i);
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** L1, L4, and every figure in its range: after every block. L2 is in the logs (books.ts): a reversal may make an account owe. */
export function checkBlock({ state, number: shard }: SimShard): void {
  const sums = new Map<string, bigint>();
  for (const balance of balancesIn(state)) {
    const { asset, available, held } = balance;
    const { lotTracked } = state.assets.at(state.assets.indexOf(asset));
    const problem = balanceProblem(balance, lotTracked);
    demand(problem === undefined, `shard ${shard}: ${problem}`);
    sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(available) + BigInt(held));
  }
  for (const [asset, sum] of sums)
    demand(sum === 0n, `L1: ${asset} of shard ${shard} sums to ${sum}`);
}

/** When all has come to rest. */
export async function checkEnd(shards: readonly SimShard[]): Promise<void> {
  for (const shard of shards) {
    checkReserves(shard);
    checkTold(shard);
    await checkReplay(shard);
  }
  checkStripes(shards);
  checkWhole(shards);
}

/** X3: nothing is open, so what is held is held by holds; nothing is expected. */
function checkReserves({ state, number: shard }: SimShard): void {
  const { transits, followUps, assets } = state;
  demand(followUps.size === 0, `shard ${shard} has ${followUps.size} follow-ups that nobody had`);
  demand(transits.size === 0, `shard ${shard} has ${transits.size} open transfers`);
  const holds = new Map<string, number>();
  for (let bucket = 0; bucket < state.pages.shape.buckets; bucket++) {
    for (const { owner, asset, remaining } of state.pages.page(bucket).holds?.values() ?? []) {
      const account = `${owner} ${assets.at(asset).asset}`;
      holds.set(account, (holds.get(account) ?? 0) + remaining);
    }
  }
  for (const { owner, asset, held, available, closed, lots } of balancesIn(state)) {
    const account = `${owner} ${asset}`;
    const open = holds.get(account) ?? 0;
    demand(held === open, `X3: ${account} holds ${held} for holds of ${open} on shard ${shard}`);
    demand(!closed || (available === 0 && held === 0), `${account} is closed with ${available}`);
    const lotHeld = lots.reduce((sum, lot) => sum + lot.held, 0);
    demand(lotHeld <= held, `L4: lots of ${account} hold ${lotHeld} of ${held}`);
    const number = assets.indexOf(asset);
    const expected = transits.expectedBy(ownerHash(owner), number);
    demand(expected === 0, `${account} quiet expects ${expected} on shard ${shard}`);
  }
}

/** ledger.K1, ledger.K2: each lot was told once, and none is left out. */
function checkTold({ blocks, state }: SimShard): void {
  const told = new ToldLots();
  for (const block of blocks) told.add(block, state.assets.list);
  told.complete(blocks.at(-1)?.header.time ?? 0);
}

/** L6: each state is the one that its log alone gives. */
async function checkReplay(shard: SimShard): Promise<void> {
  const quiet = new Outside();
  const copy = shard.twin(quiet);
  copy.start();
  while (!copy.isUp) await quiet.queue.runUntil(quiet.now + 1);
  const twin = copy.state;
  sameLines(canonicalState(twin), canonicalState(shard.state), shard.number);
  demand(twin.recordVersion === shard.state.recordVersion, 'L6: record version');
  demand(twin.transits.size === 0, `L6: shard ${shard.number} replayed has open transfers`);
}

/** What went from P to Q stands on both with opposite signs. */
function checkStripes(shards: readonly SimShard[]): void {
  const stripes = new Map<string, bigint>();
  for (const shard of shards) {
    for (const { owner, asset, available } of balancesIn(shard.state)) {
      if (!owner.startsWith(STRIPE)) continue;
      const peer = Number(owner.slice(STRIPE.length));
      const isPeer = peer !== shard.number && peer < shards.length;
      demand(isPeer, `shard ${shard.number} has a stripe ${owner}`);
      const pair = `${[shard.number, peer].sort((a, b) => a - b).join('-')} ${asset}`;
      stripes.set(pair, (stripes.get(pair) ?? 0n) + BigInt(available));
    }
  }
  for (const [pair, sum] of stripes)
    demand(sum === 0n, `L1: stripes ${pair} leave ${sum} in between`);
}

/** All users and system owners together. */
function checkWhole(shards: readonly SimShard[]): void {
  const sums = new Map<string, bigint>();
  for (const { state } of shards) {
    for (const { owner, asset, available, held } of balancesIn(state)) {
      if (owner.startsWith(STRIPE)) continue;
      sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(available) + BigInt(held));
    }
  }
  for (const [asset, sum] of sums) demand(sum === 0n, `L1: all of ${asset} sums to ${sum}`);
}
