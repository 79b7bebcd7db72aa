// A quote of an exchange. Owns: what it says. Never touches: rates; how it is signed (programme.Q1).
//   coalition.Q1. It is good for its member, its assets and its amount, before its time by block time: then the member gets what it says, whatever the
//       rate and the fee are by now. Limits, reserve and members are judged when it is used.

import { type Proof, readQuote, signedQuote } from '../signed-quote.js';

const OF = 'exchange';

export interface ExchangeQuote {
  readonly from: string;
  readonly to: string;
  /** Minor units. */
  readonly amount: number;
  readonly fee: number;
  readonly result: number;
  /** It counts before this time. */
  readonly until: number;
}

type Stored = readonly [
  from: string,
  to: string,
  amount: number,
  fee: number,
  result: number,
  until: number,
];

export function quoteText(owner: string, quote: ExchangeQuote, proof: Proof): string {
  const { from, to, amount, fee, result, until } = quote;
  const stored: Stored = [from, to, amount, fee, result, until];
  return signedQuote(OF, owner, stored, proof);
}

/** What a quote of this member says; undefined: it is none, or somebody else's. */
export function quoteOf(owner: string, text: string, proof: Proof): ExchangeQuote | undefined {
  const stored = readQuote<Stored>(OF, owner, text, proof);
  if (stored === undefined) return undefined;
  const [from, to, amount, fee, result, until] = stored;
  return { from, to, amount, fee, result, until };
}
