// What goods of a programme cost, for all who have the same factors. Owns: prices that were worked out. Never touches: what a price is
// (engine/programme/mall/price.ts); what is charged, which the commit of an order decides.
//   shown.C1. Prices are kept as long as what they follow from: until a definition changes. Other sales are other
//       prices: one that begins or ends leads to another table.

import {
  type DefinitionVersion,
  type Factors,
  factorsOf,
  type Priced,
  priceOf,
} from '../../engine/index.js';
import type { Good } from './goods.js';

/** What prices of a programme follow from, beside the goods. */
export interface Pricing {
  readonly tier: DefinitionVersion | undefined;
  /** Those that are open, for whoever it is. */
  readonly sales: readonly DefinitionVersion[];
  readonly pricing: DefinitionVersion | undefined;
}

const ALL = (): boolean => true;

export class Prices {
  readonly #pricing: Pricing;
  readonly #levelOf: (goods: string) => DefinitionVersion | undefined;
  /** By number of goods; 0: not worked out. */
  #known = new Float64Array(1_024);

  constructor(pricing: Pricing, levelOf: (goods: string) => DefinitionVersion | undefined) {
    this.#pricing = pricing;
    this.#levelOf = levelOf;
  }

  /** The price of goods, in minor units. */
  of(good: Good, now: number): number {
    const { number, version } = good;
    if (number >= this.#known.length) {
      const more = new Float64Array(2 * number);
      more.set(this.#known);
      this.#known = more;
    }
    let price = this.#known[number] as number;
    if (price === 0) {
      price = priceOf(version.document.price, this.factors(good, now));
      this.#known[number] = price;
    }
    return price;
  }

  factors({ key, version }: Good, now: number): Factors {
    const { tier, sales, pricing } = this.#pricing;
    const level = pricing === undefined ? undefined : this.#levelOf(key);
    const priced = { goods: version, tier, sales, pricing, level, isFor: ALL };
    return factorsOf(priced as unknown as Priced, now);
  }

  /** Something has changed that the price of these goods follows from. */
  forget(number: number): void {
    this.#known[number] = 0;
  }
}
