// On what terms a member may have goods now. Owns: may the member have them, and what they cost. Never touches: limits, stock, orders.
//   mall.D1. What decides of goods is looked up once while the same definitions decide, and is what a look at this block time would say.

import type { RefusalCode } from '../../protocol/refusals.js';
import type { AccountView, ActRefusal, Moment, Reads } from '../act.js';
import { goods, pricing, programme, sale, stockLevel } from '../definitions/index.js';
import { isInAudience } from '../earning/figures.js';
import { memberIn, type Programme, type Tier, tierAt, tiersIn } from '../earning/member.js';
import {
  type Factors,
  factorsOf,
  type Goods,
  type Pricing,
  priceOf,
  type Sale,
  type StockLevel,
} from './price.js';

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

/** The definitions that decide of goods, whoever asks for them. */
interface Offer {
  readonly goods: Goods;
  readonly programme: Programme;
  /** Lowest first. */
  readonly tiers: readonly Tier[];
  readonly sales: readonly Sale[];
  readonly pricing: Pricing | undefined;
  readonly level: StockLevel | undefined;
}

/** Offers that are remembered: more goods than are asked for all the time. */
const OFFERS_MAX = 4_096;
const noOffers = (): Map<string, Offer> => new Map();

/** undefined: there are no such goods, or not any more. */
function offerOf(see: Reads, key: string): Offer | undefined {
  const offers = see.deciding.remembered(noOffers);
  const known = offers.get(key);
  if (known !== undefined) return known;
  const found = see.definition(goods, key);
  const of = found && see.definition(programme, found.document.programme);
  if (found === undefined || of === undefined) return undefined;
  const offer: Offer = {
    goods: found,
    programme: of,
    tiers: tiersIn(see, of.key),
    sales: see.definitions(sale, of.key),
    pricing: see.definition(pricing, of.key),
    level: see.definition(stockLevel, key),
  };
  if (offers.size >= OFFERS_MAX) offers.clear();
  offers.set(key, offer);
  return offer;
}

/** On what terms the member may have them. */
export function termsOf(see: Reads, key: string, { time }: Moment): ActRefusal | Terms {
  const offer = offerOf(see, key);
  if (offer === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
  const { goods: found, programme: of, pricing: how, sales, level } = offer;
  const { price, from = 0, to, tiers, audience } = found.document;
  if (time < from || (to !== undefined && time >= to)) return { refusal: 'OFFER_NOT_OPEN' };
  const account = see.account(of.document.asset);
  if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
  const tier = tierAt(memberIn(see, of.key), of, offer.tiers, time);
  const isFor = (condition: string): boolean => isInAudience(see, of, account, condition, time);
  const isOfTier = tiers === undefined || (tier !== undefined && tiers.includes(tier.key));
  if (!isOfTier || (audience !== undefined && !isFor(audience))) return { refusal: 'NOT_ELIGIBLE' };
  const factors = factorsOf({ goods: found, tier, sales, pricing: how, level, isFor }, time);
  return {
    goods: found,
    programme: of,
    account,
    pricing: how,
    factors,
    price: priceOf(price, factors),
  };
}
