// On what terms a member may have goods now. Owns: may the member have them, and what they cost. Never touches: limits, stock, orders.

import type { RefusalCode } from '../../protocol/refusals.js';
import type { AccountView, ActRefusal, Moment, Reads } from '../act.js';
import { goods, pricing, programme, sale, stockLevel } from '../definitions/index.js';
import { isInAudience } from '../earning/figures.js';
import { memberIn, type Programme, tierAt, tiersIn } from '../earning/member.js';
import { type Factors, factorsOf, type Goods, type Pricing, priceOf } from './price.js';

/** What these terms may be refused with, in the order in which it is looked at. */
export const TERMS_REFUSALS: readonly RefusalCode[] = [
  'DEFINITION_NOT_FOUND',
  'OFFER_NOT_OPEN',
  'ASSET_UNKNOWN',
  'NOT_ELIGIBLE',
];

export interface Terms {
  readonly goods: Goods;
  readonly programme: Programme;
  readonly account: AccountView;
  readonly pricing: Pricing | undefined;
  readonly factors: Factors;
  /** What a piece costs the member now, in minor units. */
  readonly price: number;
}

/** On what terms the member may have them. */
export function termsOf(see: Reads, key: string, { time }: Moment): ActRefusal | Terms {
  const found = see.definition(goods, key);
  const of = found && see.definition(programme, found.document.programme);
  if (found === undefined || of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
  const { price, from = 0, to, tiers, audience } = found.document;
  if (time < from || (to !== undefined && time >= to)) return { refusal: 'OFFER_NOT_OPEN' };
  const account = see.account(of.document.asset);
  if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
  const tier = tierAt(memberIn(see, of.key), of, tiersIn(see, of.key), time);
  const isFor = (condition: string): boolean => isInAudience(see, of, account, condition, time);
  const isOfTier = tiers === undefined || (tier !== undefined && tiers.includes(tier.key));
  if (!isOfTier || (audience !== undefined && !isFor(audience))) return { refusal: 'NOT_ELIGIBLE' };
  const how = see.definition(pricing, of.key);
  const priced = {
    goods: found,
    tier,
    sales: see.definitions(sale, of.key),
    pricing: how,
    level: see.definition(stockLevel, key),
    isFor,
  };
  const factors = factorsOf(priced, time);
  return {
    goods: found,
    programme: of,
    account,
    pricing: how,
    factors,
    price: priceOf(price, factors),
  };
}
