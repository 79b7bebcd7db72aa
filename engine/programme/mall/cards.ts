// Gift cards: owners with a balance of their own, `#card:<digest of the code>`. Owns: what is kept of a card, and how an order is paid by cards. Never
// touches: codes, which no shard is told.
//   mall.G1. What a card has left is judged by its own shard, in the commit of the order: nobody else knows, and it is never lent.
//   mall.G2. What a card pays is said by who asks, to the minor unit; the rest of the order the member pays. So it is the same at a repeat.
//   mall.G3. Whether a card is over is judged there, too, by the time of that block. What comes back to one that is over lies there, and pays for
//       nothing until an operator gives the card another end.

import { CARDS_PER_ORDER_MAX } from '../../limits.js';
import { cardOwner, isCardId } from '../../protocol/card-code.js';
import { isObject } from '../../protocol/fields.js';
import { isAmount } from '../../protocol/syntax.js';
import type { ConditionalPut, Json, PlannedLeg, Reads, RecordDelta } from '../act.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';

/** The type of the one record of a card, its key, and the effect that tells of it. */
export const CARD = recordType('card', NOT_OF_MEMBERS);

/** What is kept of a card. */
export interface Card {
  readonly programme: string;
  readonly asset: string;
  /** What it had at first, in minor units. */
  readonly amount: number;
  /** When it was issued, and when it ends; null: never. */
  readonly at: number;
  readonly until: number | null;
}

export const cardIn = (see: Reads): Card | undefined =>
  see.record<Json>(CARD, CARD) as Card | undefined;

export const cardRecord = (card: Card): RecordDelta => ({
  type: CARD,
  key: CARD,
  value: card as unknown as Json,
});

/** What a card pays of an order, in minor units. */
export interface CardPart {
  readonly card: string;
  readonly amount: number;
}

const isPart = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  isCardId(value['card']) &&
  isAmount(value['amount']);

/** Are these parts of an order that cards pay? */
export const areParts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= CARDS_PER_ORDER_MAX &&
  value.every(isPart);

/** What all cards pay together. */
export const paidByCards = (parts: readonly CardPart[]): number =>
  parts.reduce((sum, { amount }) => sum + amount, 0);

/** None of them may be over. */
export const cardPuts = (parts: readonly CardPart[]): readonly ConditionalPut[] =>
  [...new Set(parts.map(({ card }) => card))].map((card) => ({
    owner: cardOwner(card),
    type: CARD,
    key: CARD,
    expected: null,
    value: null,
    mustCount: true,
    otherwise: 'CARD_SHORT',
  }));

/** What each of them pays. */
export const cardLegs = (
  parts: readonly CardPart[],
  to: string,
  asset: string,
): readonly PlannedLeg[] =>
  parts.map(({ card, amount }) => ({ from: cardOwner(card), to, asset, amount }));
