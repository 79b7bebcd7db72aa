// What is told of goods. Owns: which fields that are, for whom. Never touches: how they are found.

import type { Caller, Programme } from '../../engine/index.js';
import { audiencesOf } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { Catalogue } from './catalogue.js';
import { type Good, type Shopper, stateAt } from './goods.js';
import type { HotAnswers } from './hot.js';
import type { Prices } from './prices.js';
import type { Stocks } from './stocks.js';

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

/** The parts of a mall that answers follow from. */
export interface Shelf {
  readonly catalogue: Catalogue;
  readonly stocks: Stocks;
  readonly hot: HotAnswers;
}

/** Of what an answer about goods is made. */
export interface Telling {
  readonly mall: Shelf;
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

/** Goods as they are told to who is no member in particular: those that are asked for most out of what is kept. Undefined: their programme is none. */
export async function shownToAll(
  mall: Shelf,
  good: Good,
  now: number,
): Promise<string | undefined> {
  const { programme: key } = good;
  const programme = mall.catalogue.programme(key, now);
  if (programme === undefined) return undefined;
  const prices = mall.catalogue.prices(key, undefined, now);
  const left = await leftOf({ mall }, good);
  const telling: Telling = { mall, programme, prices, shopper: undefined, now };
  const parts = [good, prices, prices.of(good, now), stateAt(good, now), left];
  return mall.hot.text(good.key, parts, () => JSON.stringify(shownOf(good, left, telling)));
}
