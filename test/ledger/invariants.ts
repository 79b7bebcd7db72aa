// The invariants of the design (L1-L4), recomputed from balances and entries as they are read.
// Owns: the sums. Never touches: how anything came about.

import type { Balance, Entry, HistoryEntry } from '../../engine/protocol/outcomes.js';
import { exceeds } from './model-account.js';

/** L1: per asset, the books of a shard sum to zero. */
export function sumsProblem(balances: Iterable<Balance>): string | undefined {
  const sums = new Map<string, bigint>();
  for (const { asset, available, held } of balances) {
    sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(available) + BigInt(held));
  }
  for (const [asset, sum] of sums) if (sum !== 0n) return `L1: ${asset} sums to ${sum}`;
  return undefined;
}

/** L2 and L4, the counters, and the range of every figure, of one account. */
export function balanceProblem(balance: Balance, lotTracked: boolean): string | undefined {
  const { owner, asset, available, held, total, earned, spent, expired, lots } = balance;
  const where = `${owner} ${asset}`;
  const figures = [available, held, total, earned, spent, expired, balance.version];
  if (!figures.every(Number.isSafeInteger)) return `range: ${where} ${figures}`;
  if (held < 0) return `L2: ${where} holds ${held}`;
  if (Math.min(earned, spent, expired) < 0) return `counters: ${where} below 0`;
  if (BigInt(total) !== BigInt(available) + BigInt(held)) return `total: ${where} ${total}`;
  const explained = BigInt(earned) - BigInt(spent) - BigInt(expired);
  if (BigInt(total) !== explained) return `counters: ${where} ${total} is not ${explained}`;

  if (owner.startsWith('#') && available < 0) return `L2: ${where} owes ${-available}`;
  const hasLots = lotTracked && !owner.startsWith('@') && !owner.startsWith('#');
  if (!hasLots) return lots.length === 0 ? undefined : `lots: ${where} has some`;
  let lotAvailable = 0;
  let lotHeld = 0;
  let last = -1;
  for (const lot of lots) {
    const expiry = lot.expiresAt ?? Number.MAX_SAFE_INTEGER;
    if (expiry <= last) return `lots: ${where} out of order`;
    if (lot.available < 0 || lot.held < 0 || lot.available + lot.held <= 0) {
      return `lots: ${where} has one with ${lot.available} and ${lot.held}`;
    }
    last = expiry;
    lotAvailable += lot.available;
    lotHeld += lot.held;
  }
  if (lotAvailable !== Math.max(0, available)) return `L4: ${where} lots ${lotAvailable}`;
  if (lotHeld > held) return `L4: ${where} lots hold ${lotHeld} of ${held}`;
  return pendingProblem(balance);
}

/** N1: what is pending is of what is held, lot by lot; and where there are lots, all of it is in them. */
function pendingProblem({ owner, asset, held, pending, lots }: Balance): string | undefined {
  let sum = 0;
  for (const lot of lots) {
    if ((lot.pending ?? 0) > lot.held) return `N1: ${owner} ${asset} has more pending than held`;
    sum += lot.pending ?? 0;
  }
  return sum === pending && pending <= held ? undefined : `N1: ${owner} ${asset} ${pending}`;
}

/** L2 of the change: only a reversal lets what is available sink below the limit. */
export function limitProblem(entry: Entry, creditLimit: number): string | undefined {
  if (entry.owner.startsWith('@') || entry.type === 'reverse') return undefined;
  const before = entry.available - (entry.delta - entry.heldDelta);
  const floor = Math.min(before, -creditLimit);
  if (entry.available >= floor) return undefined;
  return `L2: ${entry.owner} ${entry.asset} at ${entry.available}, limit ${creditLimit}`;
}

/** L3: each entry goes on from the one before, and all of them together are the balance. */
export function historyProblem(
  balance: Balance,
  history: readonly HistoryEntry[],
): string | undefined {
  const where = `L3: ${balance.owner} ${balance.asset}`;
  const sum = { available: 0, held: 0, earned: 0, spent: 0, expired: 0 };
  const lots = new Map<number | null, { available: number; held: number }>();
  let version = 0;
  let time = 0;
  for (const entry of history) {
    version += 1;
    if (entry.version !== version) return `${where} entry ${version} says ${entry.version}`;
    if (entry.time < time) return `${where} goes back in time at ${version}`;
    time = entry.time;
    sum.available += entry.delta - entry.heldDelta;
    sum.held += entry.heldDelta;
    sum.earned += entry.earned;
    sum.spent += entry.spent;
    sum.expired += entry.expired;
    if (entry.available !== sum.available || entry.held !== sum.held) {
      return `${where} entry ${version} leaves ${entry.available}, ${entry.held}`;
    }
    for (const { expiresAt, available, held } of entry.slices) {
      const lot = lots.get(expiresAt) ?? { available: 0, held: 0 };
      lots.set(expiresAt, { available: lot.available + available, held: lot.held + held });
    }
  }
  if (balance.version !== version) return `${where} has ${version} entries of ${balance.version}`;
  for (const name of ['available', 'held', 'earned', 'spent', 'expired'] as const) {
    if (balance[name] !== sum[name]) return `${where} ${name} ${balance[name]}, not ${sum[name]}`;
  }
  const left = [...lots].filter(([, lot]) => lot.available !== 0 || lot.held !== 0);
  if (left.length !== balance.lots.length) return `${where} explains ${left.length} lots`;
  for (const { expiresAt, available, held } of balance.lots) {
    const lot = lots.get(expiresAt);
    if (lot?.available !== available || lot.held !== held) return `${where} lot ${expiresAt}`;
  }
  return exceeds(balance.earned) ? `${where} earned` : undefined;
}
