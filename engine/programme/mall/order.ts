// Orders of members. Owns: their records, their numbers, and what of one is given back. Never touches: prices; who may ask.
//   mall.O1. An order is a record of its member; whatever becomes of it is judged by that record, in the commit that changes it.
//   mall.O2. The number of an order follows from its member and the id of its act, under a key that nobody else has: a retry has the same
//       one, and nobody finds another's.
//   mall.O3. What is given back is all that is not shipped, once: what the record says to be given back is never given back again.

import { AMOUNT_MAX, ORDER_KEPT_MS, RECEIVER_LENGTH_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import {
  ORDER_CANCELLED,
  ORDER_COMPLETED,
  ORDER_LETTERS,
  ORDER_NUMBER_LENGTH,
  ORDER_NUMBER_PATTERN,
  ORDER_STATES,
  type OrderState,
  type Shipment,
} from '../../protocol/order.js';
import { SEALED } from '../../protocol/personal-fields.js';
import type { CounterAdd, Effect, Json, Reads, RecordDelta, Window } from '../act.js';
import { freed } from '../coupons/claim.js';
import { givenBack, type Use } from '../coupons/wallet.js';
import { recordType, staysUnless } from '../record-type.js';
import { countedBack } from '../undone.js';
import type { Factors } from './price.js';

/** The type of a member's records, by number. */
export const ORDER = recordType(
  'order',
  staysUnless((value) => isOpen(orderOf(value))),
);

export interface Order {
  readonly goods: string;
  /** Of the definition that decided: name and picture are those of this version. */
  readonly version: number;
  readonly programme: string;
  readonly asset: string;
  readonly quantity: number;
  /** Each, in minor units. */
  readonly price: number;
  readonly factors: Factors;
  /** What a coupon has taken off all of it. */
  readonly discount: number;
  /** What the member pays: price x quantity - discount. */
  readonly total: number;
  readonly state: OrderState;
  readonly shipped: number;
  /** Pieces that were given back. */
  readonly cancelled: number;
  /** Of the act that made it, as it is logged. */
  readonly id: string;
  readonly at: number;
  /** Until when the points are held; null: they are paid at once. */
  readonly until: number | null;
  /** The act that paid what was held; null: it is not paid, or was at once. */
  readonly paidBy: string | null;
  /** What the limit has counted it in; null: there is none. */
  readonly window: Window | null;
  readonly coupon: Use | null;
  /** Sealed: whoever keeps it cannot read it. */
  readonly receiver: string | null;
  readonly shipments: readonly Shipment[];
  /** Names of the codes that it has taken (codes.ts). */
  readonly codes: readonly string[];
  /** What of the total gift cards have paid. */
  readonly cards: number;
}

/** As it is stored, by place: the names would take more than the rest. */
type Stored = readonly [
  goods: string,
  version: number,
  programme: string,
  asset: string,
  quantity: number,
  price: number,
  factors: readonly [tier: number, sale: number, stock: number],
  discount: number,
  total: number,
  state: number,
  shipped: number,
  cancelled: number,
  id: string,
  at: number,
  until: number | null,
  paidBy: string | null,
  window: readonly [from: number, until: number] | null,
  coupon: Use | null,
  receiver: string | null,
  shipments: readonly (readonly [quantity: number, at: number, tracking: string | null])[],
  codes: readonly string[],
  cards: number,
];

/** An order out of its record. */
export function orderOf(stored: unknown): Order {
  const [goods, version, programme, asset, quantity, price, factors, ...rest] = stored as Stored;
  const [discount, total, state, shipped, cancelled, id, at, until, paidBy, ...more] = rest;
  const [window, coupon, receiver, shipments, codes, cards] = more;
  const [tier, sale, stock] = factors;
  return {
    ...{ goods, version, programme, asset, quantity, price, discount, total },
    factors: { tier, sale, stock },
    state: ORDER_STATES[state] as OrderState,
    ...{ shipped, cancelled, id, at, until, paidBy },
    window: window && { from: window[0], until: window[1] },
    ...{ coupon, receiver },
    shipments: shipments.map(([quantity, at, tracking]) => ({ quantity, at, tracking })),
    ...{ codes, cards },
  };
}

export function orderIn(see: Reads, number: string): Order | undefined {
  const stored = see.record<Stored & Json>(ORDER, number);
  return stored && orderOf(stored);
}

/** The record of an order as it is from `time` on. */
export function orderRecord(number: string, one: Order, time: number): RecordDelta {
  const { factors, window, shipments } = one;
  const value: Stored = [
    one.goods,
    one.version,
    one.programme,
    one.asset,
    one.quantity,
    one.price,
    [factors.tier, factors.sale, factors.stock],
    one.discount,
    one.total,
    ORDER_STATES.indexOf(one.state),
    one.shipped,
    one.cancelled,
    one.id,
    one.at,
    one.until,
    one.paidBy,
    window && [window.from, window.until],
    one.coupon,
    one.receiver,
    shipments.map(({ quantity, at, tracking }) => [quantity, at, tracking] as const),
    one.codes,
    one.cards,
  ];
  const record = { type: ORDER, key: number, value: value as unknown as Json };
  if (isOpen(one)) return record;
  return { type: ORDER, key: number, value: record.value, expiresAt: time + ORDER_KEPT_MS };
}

/** Is anything to be done of it? */
export const isOpen = ({ state }: Order): boolean => state === 'held' || state === 'pending';

/** Pieces that are neither sent nor given back. */
export const restOf = ({ quantity, shipped, cancelled }: Order): number =>
  quantity - shipped - cancelled;

/** What so many pieces come to; what nobody could ever have comes to AMOUNT_MAX. */
export const totalOf = (price: number, quantity: number): number => {
  // Up to there a product of whole numbers is exact, and beyond it is rounded to what is beyond it, too.
  return Math.min(price * quantity, AMOUNT_MAX);
};

const LETTER_BITS = 5;
const letters = [...ORDER_LETTERS].map((letter) => letter.charCodeAt(0));
/** The number that is put together. */
const codes: number[] = new Array(ORDER_NUMBER_LENGTH).fill(0);
const FORM = new RegExp(`^${ORDER_NUMBER_PATTERN}$`);

/** The number of an order, out of the digest of what it follows from (mall.O2). */
export function orderNumber(proof: Uint8Array): string {
  let bits = 0;
  let left = 0;
  let next = 0;
  for (let n = 0; n < ORDER_NUMBER_LENGTH; n++) {
    if (left < LETTER_BITS) {
      bits = ((bits << 8) | (proof[next++] as number)) & 0xfff;
      left += 8;
    }
    left -= LETTER_BITS;
    codes[n] = letters[(bits >> left) & 31] as number;
  }
  return String.fromCharCode(...codes);
}

/** What the number follows from: owners and ids have no character that JSON escapes. */
export const numberText = (owner: string, id: string): string => `["order","${owner}","${id}"]`;

/** The number of an order, as it is sent. */
export const numberField = () =>
  json<string>(
    { type: 'string', pattern: FORM.source },
    (value) => typeof value === 'string' && FORM.test(value),
    'The number of the order.',
    'ACT_BODY_INVALID',
  );

/** Where an order goes to, as it is sent: sealed, never as it is read. */
export const receiverField = () =>
  json<string>(
    { type: 'string', pattern: SEALED.source, maxLength: RECEIVER_LENGTH_MAX },
    (value) =>
      typeof value === 'string' && value.length <= RECEIVER_LENGTH_MAX && SEALED.test(value),
    'Where it goes to, sealed for its member: `POST /v1/orders` seals it.',
    'ACT_BODY_INVALID',
  );
/** The counter of what a member has had of goods. */
export const takenOf = (goods: string): string => `g.${goods}`;

/** The legs of an order, in their order: what is logged of why says which there are. */
export type LegName = 'points' | 'card' | 'pieces' | 'uses' | 'gift';

/**
 * How much of which leg of an order's act goes with its rest: points as far as they are not what the shipped pieces cost, those that the member paid
 * first, then those of cards. Cards that were made never go back: such an order is completed.
 */
export function legsBack(
  one: Order,
  names: readonly LegName[],
  amounts: readonly number[],
): readonly { readonly leg: number; readonly amount: number }[] {
  let points = pointsBack(one);
  const paid = (most: number): number => {
    const amount = Math.min(points, most);
    points -= amount;
    return amount;
  };
  const back: Readonly<Record<LegName, (most: number) => number>> = {
    points: paid,
    card: paid,
    pieces: () => restOf(one),
    // What a coupon has taken of its campaign comes back with the coupon.
    uses: () => (one.shipped === 0 ? 1 : 0),
    gift: () => 0,
  };
  return amounts.flatMap((most, leg) => {
    const amount = back[names[leg] as LegName](most);
    return amount > 0 ? [{ leg, amount }] : [];
  });
}

/** What is given back of the points of an order, with all that is not shipped; the shipped pieces cost their share, rounded down. */
export const pointsBack = ({ total, shipped, quantity }: Order): number =>
  total - Number((BigInt(total) * BigInt(shipped)) / BigInt(quantity));

/** The act that gives back the pieces of an order whose points another act had paid. */
export const RETURN_PIECES = 'order-return-pieces';

/** What is told of an order that is completed. */
export const completedEffect = (number: string, goods: string, quantity: number): Effect => ({
  type: ORDER_COMPLETED,
  number,
  goods,
  quantity,
});

/** What changes where all that is not shipped of an order is given back: beside its points and pieces. */
export function cancelled(see: Reads, owner: string, number: string, one: Order, time: number) {
  const { goods, window, coupon } = one;
  const rest = restOf(one);
  const isWhole = one.shipped === 0;
  const counters: CounterAdd[] =
    window === null
      ? []
      : [...countedBack(see, { name: takenOf(goods), window, add: rest }, rest, time)];
  const used = coupon === null || !isWhole ? undefined : givenBack(see, [coupon], time);
  const after: Order = {
    ...one,
    state: isWhole ? 'cancelled' : one.state,
    cancelled: one.cancelled + rest,
  };
  const all = pointsBack(one);
  const cards = Math.max(0, all - (one.total - one.cards));
  const ofCoupon = isWhole ? 'couponReturned' : 'couponKept';
  const told: Effect = {
    type: ORDER_CANCELLED,
    number,
    goods,
    quantity: rest,
    points: all - cards,
    ...(cards === 0 ? {} : { cards }),
    state: after.state,
  };
  // A unit of the limit in total that the coupon's reservation had taken goes back with the coupon, as one of the order's own does.
  const by = used === undefined ? undefined : see.past(one.id)?.why['reservation'];
  return {
    records: [...(used?.records ?? []), orderRecord(number, after, time)],
    counters: [...counters, ...(used?.counters ?? [])],
    followUps: typeof by === 'string' ? [freed(owner, (coupon as Use)[0], by)] : [],
    effects: coupon === null ? [told] : [told, { type: ofCoupon, code: coupon[0] }],
  };
}
