// Quotes: a price that holds for its time. Owns: what one says. Never touches: what goods cost; how it is signed.
//   mall.Q1. A quote says its price itself, and is signed (programme.Q1).
//   mall.Q2. It is good for its member, its goods and its quantity, before its time by block time: then that is what is charged, whatever the
//       price is by now.

import { type Proof, readQuote, signedQuote } from '../signed-quote.js';
import type { Factors } from './price.js';

const OF = 'quote';

/** What a quote says. */
export interface Quote {
  readonly goods: string;
  /** Of the definition that was quoted. */
  readonly version: number;
  readonly quantity: number;
  /** Each, in minor units. */
  readonly price: number;
  readonly factors: Factors;
  /** It counts before this time. */
  readonly until: number;
}

type Stored = readonly [
  goods: string,
  version: number,
  quantity: number,
  price: number,
  tier: number,
  sale: number,
  stock: number,
  until: number,
];

/** A quote for a member, as a text. */
export function quoteText(owner: string, quote: Quote, proof: Proof): string {
  const { goods, version, quantity, price, factors, until } = quote;
  const { tier, sale, stock } = factors;
  const stored: Stored = [goods, version, quantity, price, tier, sale, stock, until];
  return signedQuote(OF, owner, stored, proof);
}

/** What a quote of this member says; undefined: it is none, or somebody else's. */
export function quoteOf(owner: string, text: string, proof: Proof): Quote | undefined {
  const stored = readQuote<Stored>(OF, owner, text, proof);
  if (stored === undefined) return undefined;
  const [goods, version, quantity, price, tier, sale, stock, until] = stored;
  return { goods, version, quantity, price, factors: { tier, sale, stock }, until };
}
