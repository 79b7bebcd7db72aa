// Quotes: a price that holds for its time. Owns: how a quote is written, signed and read. Never touches: what goods cost.
//   mall.Q1. A quote says its price itself, and is signed with a key that is in no log: nothing is kept of it, and nobody else can make one.
//   mall.Q2. It is good for its member, its goods and its quantity, before its time by block time: then that is what is charged, whatever the
//       price is by now.

import { QUOTE_LENGTH_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import type { Factors } from './price.js';

const VERSION = 'v1';
const FORM = /^v1\.[A-Za-z0-9_-]{1,300}\.[A-Za-z0-9_-]{43}$/;

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

type Proof = (text: string) => Uint8Array;

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const signature = (owner: string, said: string, proof: Proof): string =>
  encoded(proof(JSON.stringify(['quote', VERSION, owner, said])));

/** A quote for a member, as a text. */
export function quoteText(owner: string, quote: Quote, proof: Proof): string {
  const { goods, version, quantity, price, factors, until } = quote;
  const { tier, sale, stock } = factors;
  const stored: Stored = [goods, version, quantity, price, tier, sale, stock, until];
  const said = encoded(Buffer.from(JSON.stringify(stored)));
  return `${VERSION}.${said}.${signature(owner, said, proof)}`;
}

/** What a quote of this member says; undefined: it is none, or somebody else's. */
export function quoteOf(owner: string, text: string, proof: Proof): Quote | undefined {
  const [, said = '', signed] = text.split('.');
  if (!FORM.test(text) || signature(owner, said, proof) !== signed) return undefined;
  const [goods, version, quantity, price, tier, sale, stock, until] = JSON.parse(
    Buffer.from(said, 'base64url').toString(),
  ) as Stored;
  return { goods, version, quantity, price, factors: { tier, sale, stock }, until };
}

/** A quote, as it is sent. */
export const quoteField = () =>
  json<string>(
    { type: 'string', pattern: FORM.source, maxLength: QUOTE_LENGTH_MAX },
    (value) => typeof value === 'string' && value.length <= QUOTE_LENGTH_MAX && FORM.test(value),
    'A quote, as it was given: then its price is charged, or nothing is.',
    'ACT_BODY_INVALID',
  );
