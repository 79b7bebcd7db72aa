// What is told of goods. Owns: which fields that are, for whom. Never touches: how they are found.

import type { Caller, Programme } from '../../engine/index.js';
import { audiencesOf } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { type Good, type Shopper, stateAt } from './goods.js';
import type { Mall } from './mall.js';
import type { Prices } from './prices.js';

/** A member of a programme as somebody who looks at goods; a refusal where that may not be known. */
export async function shopperOf(
  caller: Caller,
  programme: Programme,
  owner: string,
): Promise<Shopper | Refusal> {
  const { asset } = programme.document;
  const [member, balances] = await Promise.all([
    caller.member(owner, programme.key),
    caller.balance(owner, asset),
  ]);
  if (isRefusal(member)) return member;
  if (isRefusal(balances)) return balances;
  const points = balances[0] ?? { available: 0, earned: 0, held: 0 };
  const isFor = audiencesOf(programme, member, points, member.time);
  return { owner, tier: member.tier, available: points.available, isFor };
}

/** Of what an answer about goods is made. */
export interface Telling {
  readonly mall: Mall;
  readonly programme: Programme;
  readonly prices: Prices;
  readonly shopper: Shopper | undefined;
  readonly now: number;
}

/** Pieces that are left; undefined: there is no end of them, or nobody knows now. */
export async function leftOf({ mall }: Pick<Telling, 'mall'>, { key, version }: Good) {
  const { stockAsset } = version.document;
  return stockAsset === undefined ? undefined : mall.stocks.left(key, stockAsset);
}

/** Goods as they are told. */
export function shownOf(good: Good, left: number | undefined, telling: Telling): object {
  const { key, version } = good;
  const { programme, prices, shopper, now } = telling;
  const { document } = version;
  const price = prices.of(good, now);
  const { price: points, stockAsset, audience, payInMs, lowStock, ...shown } = document;
  return {
    goods: key,
    version: version.version,
    asset: programme.document.asset,
    ...shown,
    price,
    points,
    factors: prices.factors(good, now),
    state: stateAt(good, now),
    ...(left === undefined ? {} : { left }),
    ...(shopper === undefined ? {} : { affordable: shopper.available >= price }),
  };
}
