// What an order of digital goods is delivered as: codes that are there, gift cards or coupons that are made. Owns: that it happens in the order's own commit.
// Never touches: codes in plain, but for those of cards, which follow from the order (mall.V2).
//   mall.V1. What is digital is delivered with the order, which is completed then: it can have been read, so that it is not given back. Where the
//       order is held, its codes are shown to nobody, and are free again if it ends.
//   mall.V2. The code of a card that was ordered follows from the order's number, under a key that is in no log: whoever has both can tell it again.

import { DIGITAL_PIECES_MAX, ORDER_PIECES_DEFAULT } from '../../limits.js';
import { cardCode, cardId, cardOwner } from '../../protocol/card-code.js';
import { ISSUER } from '../../protocol/syntax.js';
import type { ConditionalPut, Effect, PlannedLeg, Reads, RecordDelta } from '../act.js';
import { issuedTo } from '../coupons/issue.js';
import { cardRecord } from './cards.js';
import { taken } from './codes.js';
import type { Goods } from './price.js';
import type { Terms } from './terms.js';

const DAY_MS = 86_400_000;

/** How many pieces an order of goods may be of. */
export const mostOf = ({ document: { most, delivery } }: Goods): number =>
  most ?? (delivery === 'physical' ? ORDER_PIECES_DEFAULT : DIGITAL_PIECES_MAX);

/** Are they delivered with the order? */
export const isDigital = ({ document: { delivery } }: Goods): boolean => delivery !== 'physical';

/** A digest of a text, under a key that nobody else has. */
type Proof = (text: string) => Uint8Array;

/** The code of the n-th card of an order, from 1 on. */
export const orderedCard = (owner: string, number: string, n: number, proof: Proof): string =>
  cardCode(proof(JSON.stringify(['card of order', owner, number, n])));

/** What is delivered. */
export interface Delivered {
  /** Points that cards are made with. */
  readonly legs: readonly PlannedLeg[];
  readonly puts: readonly ConditionalPut[];
  /** Coupons in the member's wallet, and that they are there. */
  readonly records: readonly RecordDelta[];
  readonly effects: readonly Effect[];
}

const NOTHING: readonly never[] = [];

/** An order, as far as its delivery follows from it. */
interface Ordered {
  readonly id: string;
  readonly owner: string;
  readonly number: string;
  readonly quantity: number;
  /** Names of codes that were offered. */
  readonly codes: readonly string[];
  readonly time: number;
}

/** What an order is delivered as; undefined: coupons of the campaign are not issued now. */
export function deliveryOf(
  see: Reads,
  { goods, programme }: Terms,
  of: Ordered,
  proof: Proof,
): Delivered | undefined {
  const { delivery, cardAmount = 0, cardDays, coupon } = goods.document;
  const { owner, number, quantity, codes, time } = of;
  const whole = { legs: NOTHING, puts: NOTHING, records: NOTHING, effects: NOTHING };
  if (delivery === 'code') return { ...whole, puts: taken(goods.key, codes, quantity) };
  if (coupon !== undefined) {
    const all = Array.from({ length: quantity }, (_, n) =>
      issuedTo(see, coupon, { owner, id: of.id, n: `${n + 1}` }, time),
    ).filter((one) => one !== undefined);
    return all.length < quantity
      ? undefined
      : {
          legs: NOTHING,
          puts: all.map(({ put }) => put),
          records: all.map(({ record }) => record),
          effects: all.map(({ effect }) => effect),
        };
  }
  const legs: PlannedLeg[] = [];
  const puts: ConditionalPut[] = [];
  if (delivery === 'card') {
    const { asset } = programme.document;
    const until = cardDays === undefined ? null : time + cardDays * DAY_MS;
    const card = { programme: programme.key, asset, amount: cardAmount, at: time, until };
    for (let n = 1; n <= quantity; n++) {
      const to = cardOwner(cardId(orderedCard(owner, number, n, proof), proof));
      legs.push({ from: ISSUER, to, asset, amount: cardAmount });
      puts.push({ ...cardRecord(card), owner: to, expected: null, otherwise: 'BUDGET_BUSY' });
    }
  }
  return { ...whole, legs, puts };
}
