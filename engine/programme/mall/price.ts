// What goods cost. Owns: the factors of a price, and their product. Never touches: who asks, what is charged.
//   mall.P1. A price is the points price times the factors of tier, sale and stock, as one exact product, rounded half up once; at least 1.
//   mall.P2. Of several sales the lowest price counts; the tier's factor is the one of the tier that the member has at that time.

import { AMOUNT_MAX, QUOTE_SECONDS_DEFAULT } from '../../limits.js';
import type { TypeOf } from '../../protocol/fields.js';
import type { goods, pricing, sale, stockLevel, tier, Versioned } from '../definitions/index.js';

export type Goods = Versioned<TypeOf<typeof goods.decides>>;
export type Pricing = Versioned<TypeOf<typeof pricing.decides>>;
export type Sale = Versioned<TypeOf<typeof sale.decides>>;
export type StockLevel = Versioned<TypeOf<typeof stockLevel.decides>>;
type Tier = Versioned<TypeOf<typeof tier.decides>>;

/** What a price is multiplied by, in percent each: 100 changes nothing. */
export interface Factors {
  readonly tier: number;
  readonly sale: number;
  readonly stock: number;
}

/** What the price of goods follows from. */
export interface Priced {
  readonly goods: Goods;
  /** Of the member; undefined: none. */
  readonly tier: Tier | undefined;
  /** Of the programme. */
  readonly sales: readonly Sale[];
  readonly pricing: Pricing | undefined;
  readonly level: StockLevel | undefined;
  /** Is the member one of this audience? */
  readonly isFor: (audience: string) => boolean;
}

const NONE = 100;
/** Of three factors in percent. */
const WHOLE = 1_000_000n;
const UNCHANGED = NONE ** 3;

/** A price with its factors, in minor units. What nobody could ever have comes to AMOUNT_MAX. */
export function priceOf(price: number, { tier, sale, stock }: Factors): number {
  const factor = tier * sale * stock;
  if (factor === UNCHANGED) return price;
  const product = BigInt(price) * BigInt(factor);
  const rounded = (2n * product + WHOLE) / (2n * WHOLE);
  if (rounded < 1n) return 1;
  return rounded > AMOUNT_MAX ? AMOUNT_MAX : Number(rounded);
}

/** Is a sale of these goods, at this time? */
export function isOnSale({ key, document }: Goods, one: Sale, time: number): boolean {
  const { from, to, goods, categories } = one.document;
  if (time < from || time >= to) return false;
  if (goods === undefined && categories === undefined) return true;
  const { category } = document;
  return (
    goods?.includes(key) === true ||
    (category !== undefined && categories?.includes(category) === true)
  );
}

/** The sale that counts: the one with the lowest price. undefined: none does. */
export function saleOf({ goods, sales, isFor }: Priced, time: number): Sale | undefined {
  let best: Sale | undefined;
  for (const one of sales) {
    const { percent, audience } = one.document;
    if (best !== undefined && percent >= best.document.percent) continue;
    if (isOnSale(goods, one, time) && (audience === undefined || isFor(audience))) best = one;
  }
  return best;
}

/** What stock changes, in percent: the lowest step that is no lower than the stock's. */
export function stockFactor(pricing: Pricing | undefined, level: StockLevel | undefined): number {
  if (level === undefined) return NONE;
  const { under } = level.document;
  return pricing?.document.stockFactors?.find((one) => one.under >= under)?.percent ?? NONE;
}

/** The step that so many pieces are below; undefined: none. */
export const stepOf = (pricing: Pricing | undefined, pieces: number): number | undefined =>
  pricing?.document.stockFactors?.find(({ under }) => pieces < under)?.under;

/** What a price is multiplied by, for one member at one time. */
export function factorsOf(priced: Priced, time: number): Factors {
  return {
    tier: priced.tier?.document.priceFactor ?? NONE,
    sale: saleOf(priced, time)?.document.percent ?? NONE,
    stock: stockFactor(priced.pricing, priced.level),
  };
}

/** How long a quote holds, in milliseconds. */
export const quoteMs = (pricing: Pricing | undefined): number =>
  (pricing?.document.quoteSeconds ?? QUOTE_SECONDS_DEFAULT) * 1_000;
