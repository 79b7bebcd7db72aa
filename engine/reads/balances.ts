// Balances as they are, of one owner or many. Owns: which shards are asked, the sums over stripes. Never touches: state.
//   What is asked in one turn goes to a shard in one message, however many owners (router.O2).

import type { Granted } from '../protocol/grants.js';
import { type Balance, isRefusal, type Refused } from '../protocol/outcomes.js';
import { isSystemOwner } from '../protocol/syntax.js';
import type { Router } from '../router/router.js';
import type { Answer } from '../shard/messages.js';

type BalanceAnswer = Extract<Answer, { type: 'balance' }>;

/** The balances of an owner, by asset; only in one asset where it is named. System owners: stripes summed. */
export async function balancesOf(
  router: Router,
  owner: string,
  asset: string | undefined,
  granted: Granted,
  owned = false,
): Promise<Balance[] | Refused> {
  const isStriped = typeof owner === 'string' && isSystemOwner(owner);
  const shards = isStriped ? router.lanes.map((lane) => lane.shard) : [undefined];
  const query = { type: 'balance', owner, asset } as const;
  const asked = shards.map((shard) => router.ask<'balance'>(query, shard, { granted, owned }));
  const answers = await Promise.all(asked);
  const sums = new Map<string, Balance>();
  for (const answer of answers) {
    if (isRefusal(answer)) return answer;
    const { balances } = answer as BalanceAnswer;
    if (answers.length === 1) return [...balances];
    for (const stripe of balances) {
      const sum = sums.get(stripe.asset);
      sums.set(stripe.asset, sum === undefined ? stripe : summed(sum, stripe));
    }
  }
  return [...sums.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
}

/** The same of many owners, in their order; the first refusal where there is one, `field`: `owners[2]`, or `asset`. */
export async function balancesOfAll(
  router: Router,
  owners: readonly string[],
  asset: string | undefined,
  granted: Granted,
): Promise<Balance[][] | Refused> {
  const found = await Promise.all(owners.map((owner) => balancesOf(router, owner, asset, granted)));
  for (let i = 0; i < found.length; i++) {
    const one = found[i] as Balance[] | Refused;
    if (Array.isArray(one)) continue;
    return one.field === 'owner' ? { ...one, field: `owners[${i}]` } : one;
  }
  return found as Balance[][];
}

function summed(a: Balance, b: Balance): Balance {
  return {
    ...a,
    available: a.available + b.available,
    held: a.held + b.held,
    pending: a.pending + b.pending,
    total: a.total + b.total,
    earned: a.earned + b.earned,
    spent: a.spent + b.spent,
    expired: a.expired + b.expired,
    version: a.version + b.version,
  };
}
