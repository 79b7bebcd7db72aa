// A member orders goods: points and pieces move together or not at all, and what limits count goes with them.
//   order.D1. What is charged is the price by block time, or that of a quote that counts: what the caller expects is compared, never taken.
//   order.D2. A limit counts what was posted, and nothing that was refused.

import {
  AMOUNT_MAX,
  CARDS_PER_ORDER_MAX,
  DIGITAL_PIECES_MAX,
  ORDER_PIECES_MAX,
} from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, optional, time, whole } from '../../protocol/fields.js';
import { ORDER_CREATED } from '../../protocol/order.js';
import { bareId } from '../../protocol/scope.js';
import { REDEEMER } from '../../protocol/syntax.js';
import {
  type ActRefusal,
  act,
  type CounterAdd,
  type Effect,
  type Json,
  type Moment,
  type Plan,
  type PlannedLeg,
  type Reads,
  type Why,
  type Window,
} from '../act.js';
import { code } from '../coupons/body.js';
import { type Claim, claimIn, claimRecord, LAPSE } from '../coupons/claim.js';
import { type Redeemed, redeemed } from '../coupons/redeem.js';
import { COUPON_REFUSALS, discountOf, type Usable, usable } from '../coupons/use.js';
import { stockOf } from '../definitions/goods.js';
import { windowAt } from '../earning/windows.js';
import { areParts, type CardPart, cardLegs, cardPuts, paidByCards } from '../mall/cards.js';
import { areNames, codeOwners, FREE_CODE, untaken } from '../mall/codes.js';
import { type Delivered, deliveryOf, isDigital, mostOf } from '../mall/delivery.js';
import {
  cancelled,
  completedEffect,
  type LegName,
  legsBack,
  numberText,
  type Order,
  orderIn,
  orderNumber,
  orderRecord,
  RETURN_PIECES,
  receiverField,
  restOf,
  takenOf,
  totalOf,
} from '../mall/order.js';
import type { Factors } from '../mall/price.js';
import { type Quote, quoteOf } from '../mall/quote.js';
import { TERMS_REFUSALS, type Terms, termsOf } from '../mall/terms.js';
import { quoteField } from '../signed-quote.js';

const NOTHING: readonly never[] = [];

export const order = act({
  name: 'order',
  version: 1,
  about:
    'A member redeems points for goods: points and pieces move together, or neither. A dry run says what it would come to.',
  body: {
    /** The key of the goods. */
    goods: id('ACT_BODY_INVALID'),
    quantity: optional(
      whole(1, ORDER_PIECES_MAX, 'ACT_BODY_INVALID', 'How many pieces. Left out: 1.'),
    ),
    expectedPrice: optional(
      whole(
        1,
        AMOUNT_MAX,
        'ACT_BODY_INVALID',
        'What a piece was said to cost, in minor units: where it costs anything else, nothing is ordered.',
      ),
    ),
    quote: optional(quoteField()),
    /** Where it goes to: sealed, as the gateway does it. */
    receiver: optional(receiverField()),
    coupon: optional(code()),
    until: optional(time('ACT_BODY_INVALID')),
    cards: optional(
      json<readonly CardPart[]>(
        {
          type: 'array',
          minItems: 1,
          maxItems: CARDS_PER_ORDER_MAX,
          items: {
            type: 'object',
            required: ['card', 'amount'],
            additionalProperties: false,
            properties: {
              card: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' },
              amount: { type: 'integer', minimum: 1, maximum: AMOUNT_MAX },
            },
          },
        },
        areParts,
        'Gift cards that pay a part of it, and how much each, in minor units; the rest the member pays. A card is named as `POST /v1/cards/look-up` tells it.',
        'ACT_BODY_INVALID',
      ),
    ),
    codes: optional(
      json<readonly string[]>(
        {
          type: 'array',
          maxItems: DIGITAL_PIECES_MAX,
          uniqueItems: true,
          items: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' },
        },
        areNames,
        'Set by the ledger, of goods that are delivered as codes: what a caller says here does not count.',
        'ACT_BODY_INVALID',
      ),
    ),
  },
  picks: {
    of: ({ goods, quantity = 1 }) =>
      (quantity as number) > DIGITAL_PIECES_MAX
        ? undefined
        : { kind: 'goods', key: goods as string, count: quantity as number },
    from: ({ delivery }, key) =>
      delivery === 'code' ? { owners: codeOwners(key), type: FREE_CODE } : undefined,
    complete: (body, codes) => ({ ...body, codes }),
  },
  unbound: ['codes'],
  causes: [LAPSE],
  takes: 'redeem',
  needs: ['redeem'],
  own: { needs: ['redeem'] },
  refusals: [
    ...TERMS_REFUSALS,
    'ORDER_QUANTITY',
    'ORDER_UNTIL_INVALID',
    'GOODS_LIMIT',
    'SOLD_OUT',
    'SECRETS_KEY_DIFFERS',
    'QUOTE_INVALID',
    'QUOTE_EXPIRED',
    'PRICE_DIFFERS',
    ...COUPON_REFUSALS.filter((one) => !TERMS_REFUSALS.includes(one)),
    'COUPON_WITHOUT_DISCOUNT',
    'CARDS_EXCEED_ORDER',
    'COUPON_NOT_ISSUED',
    'POINTS_SHORT',
    'CARD_SHORT',
    'BUDGET_SHORT',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
  ],

  decide(see, said, at) {
    const { owner, time } = at;
    const terms = termsOf(see, said.goods, at);
    if ('refusal' in terms) return terms;
    const { goods } = terms;
    const { stockAsset, payInMs = 0 } = goods.document;
    const { quantity = 1, until = null, cards = [], codes = [] } = said;
    if (quantity > mostOf(goods)) return { refusal: 'ORDER_QUANTITY' };
    // What cards pay is not held: an order is paid by them at once.
    const isHeldBadly = until !== null && (until <= time || until > time + payInMs);
    if (isHeldBadly || (until !== null && cards.length > 0))
      return { refusal: 'ORDER_UNTIL_INVALID' };
    const window = limitedIn(terms, time);
    const { limit = 0 } = goods.document;
    if (window !== null && see.counter(takenOf(goods.key), window) + quantity > limit)
      return { refusal: 'GOODS_LIMIT' };
    // Before all that costs more than a look in memory: of what is sold out there are the most orders.
    const stock = stockOf(goods.key);
    if (stockAsset !== undefined && see.isExhausted(stock, stockAsset, quantity))
      return { refusal: 'SOLD_OUT' };
    const proof = see.proof(numberText(owner, see.id));
    if (proof === undefined) return { refusal: 'SECRETS_KEY_DIFFERS' };
    const quote = said.quote === undefined ? undefined : quoted(see, said.quote, said, at);
    if (quote !== undefined && 'refusal' in quote) return quote;
    const { price, factors } = quote ?? terms;
    if (said.expectedPrice !== undefined && said.expectedPrice !== price)
      return { refusal: 'PRICE_DIFFERS' };
    const whole = totalOf(price, quantity);
    const used = said.coupon === undefined ? undefined : couponUsed(see, said.coupon, whole, at);
    if (used !== undefined && 'refusal' in used) return used;
    const total = whole - (used?.discount ?? 0);
    const byCards = paidByCards(cards);
    if (byCards > total) return { refusal: 'CARDS_EXCEED_ORDER' };
    const number = orderNumber(proof);
    const prove = (text: string): Uint8Array => see.proof(text) ?? proof;
    const of = { id: see.id, owner, number, quantity, codes, time };
    const delivery = deliveryOf(see, terms, of, prove);
    if (delivery === undefined) return { refusal: 'COUPON_NOT_ISSUED' };
    return planned({
      terms,
      id: see.id,
      owner,
      time,
      number,
      quantity,
      price,
      factors,
      whole,
      total,
      until,
      window,
      cards,
      byCards,
      codes,
      receiver: said.receiver ?? null,
      quote,
      used,
      delivery,
    });
  },

  /** Given back is what is not shipped, all of it at once; in whichever way it is asked for. */
  undo(see, undone, { owner, time }) {
    const told = undone.effects.find(({ type }) => type === ORDER_CREATED);
    const number = told?.['number'] as string;
    // What asked for it has changed the order.
    if (undone.by === RETURN_PIECES)
      return { puts: untaken(undone.puts), effects: [], why: { order: number } };
    const found = orderIn(see, number);
    if (found === undefined) return { refusal: 'ORDER_NOT_FOUND' };
    if (found.state !== 'pending' || found.until !== null || restOf(found) === 0)
      return { refusal: 'ORDER_STATE_INVALID' };
    const names = undone.why['legs'] as readonly LegName[];
    const due = legsBack(found, names, undone.amounts);
    const isDue = undone.now.every(
      (amount, leg) => amount === (due.find((one) => one.leg === leg)?.amount ?? 0),
    );
    if (!isDue) return { refusal: 'ORDER_INSEPARABLE' };
    return { ...cancelled(see, owner, number, found, time), why: { order: number } };
  },
});

/** An order that is not refused. */
interface Decided {
  readonly terms: Terms;
  /** Of the act, as it is logged. */
  readonly id: string;
  readonly owner: string;
  readonly time: number;
  readonly number: string;
  readonly quantity: number;
  readonly price: number;
  readonly factors: Factors;
  /** What all of it costs, and what of that is to be paid. */
  readonly whole: number;
  readonly total: number;
  readonly until: number | null;
  readonly window: Window | null;
  readonly cards: readonly CardPart[];
  readonly byCards: number;
  readonly codes: readonly string[];
  readonly receiver: string | null;
  readonly quote: Quote | undefined;
  readonly used: Used | undefined;
  readonly delivery: Delivered;
}

/** What moves with an order, and as what. */
function legsOf({
  terms,
  owner,
  quantity,
  total,
  until,
  cards,
  byCards,
  used,
  delivery,
}: Decided): {
  readonly legs: readonly PlannedLeg[];
  readonly names: readonly LegName[];
} {
  const { asset } = terms.programme.document;
  const { stockAsset } = terms.goods.document;
  const { uses, usesAsset } = used?.of.campaign.document ?? {};
  const to = REDEEMER;
  const legs: PlannedLeg[] = [];
  const names: LegName[] = [];
  if (until === null && total > byCards) {
    names.push('points');
    legs.push({ from: owner, to, asset, amount: total - byCards });
  }
  for (const { from, amount } of cardLegs(cards, to, asset)) {
    names.push('card');
    legs.push({ from, to, asset, amount });
  }
  if (stockAsset !== undefined) {
    names.push('pieces');
    const from = stockOf(terms.goods.key);
    legs.push({ from, to, asset: stockAsset, amount: quantity, isOptional: true });
  }
  // What its reservation has taken of the limit in total is not taken again (coupon.T1).
  if (uses !== undefined && used?.claim === undefined) {
    names.push('uses');
    legs.push({ from: uses, to, asset: usesAsset as string, amount: 1 });
  }
  for (const leg of delivery.legs) {
    names.push('gift');
    legs.push(leg);
  }
  return { legs, names };
}

/** What is logged of an order: what is undefined is left out. */
type Told = Readonly<Record<string, Json | undefined>>;

/** What an order changes. Each object is made in one piece: what is put together out of others is slow to make, and to look at. */
function planned(one: Decided): Plan {
  const { terms, time, number, quantity, price, factors, total, until, window } = one;
  const { cards, byCards, quote, used, delivery } = one;
  const { key, version, document } = terms.goods;
  const { asset } = terms.programme.document;
  const { legs, names } = legsOf(one);
  const isDone = isDigital(terms.goods) && until === null;
  const state = isDone ? 'completed' : until === null ? 'pending' : 'held';
  const discount = one.whole - total;
  const made: Order = {
    goods: key,
    version,
    programme: terms.programme.key,
    asset,
    quantity,
    price,
    factors,
    discount,
    total,
    state,
    shipped: isDone ? quantity : 0,
    cancelled: 0,
    id: one.id,
    at: time,
    until,
    paidBy: null,
    window,
    coupon: used?.use ?? null,
    receiver: one.receiver,
    shipments: NOTHING,
    codes: document.delivery === 'code' ? one.codes : NOTHING,
    cards: byCards,
  };
  const created: Told = {
    type: ORDER_CREATED,
    number,
    programme: terms.programme.key,
    goods: key,
    version,
    quantity,
    price,
    total,
    category: document.category,
    state,
    discount: discount === 0 ? undefined : discount,
    cards: byCards === 0 ? undefined : byCards,
    until: until ?? undefined,
  };
  const why: Told = {
    legs: names,
    programme: terms.programme.version,
    goods: version,
    pricing: terms.pricing?.version ?? null,
    factors: { tier: factors.tier, sale: factors.sale, stock: factors.stock },
    quoted: quote === undefined ? null : quote.version,
    coupon: used?.of.campaign.version,
    reservation: used?.claim?.[0],
  };
  const records = [orderRecord(number, made, time), ...delivery.records];
  if (used !== undefined) records.push(used.record);
  if (used?.claim !== undefined) records.push(claimRecord(used.of.of.code, null));
  const counted: readonly CounterAdd[] =
    window === null ? NOTHING : [{ name: takenOf(key), window, add: quantity }];
  const puts = [...cardPuts(cards), ...delivery.puts];
  const effects = isDone
    ? [created, completedEffect(number, key, quantity), ...delivery.effects]
    : [created];
  return {
    legs,
    hold: until !== null && total > 0 ? { asset, amount: total, deadline: until } : undefined,
    assets: [asset],
    records,
    counters: used === undefined ? counted : [...counted, ...used.counters],
    puts: used === undefined ? puts : [...used.puts, ...puts],
    effects: effects as unknown as readonly Effect[],
    why: why as Why,
  };
}

/** What a limit counts an order in; null: there is none. */
function limitedIn({ goods: { document }, programme }: Terms, time: number): Window | null {
  const { limit, span = 'ever' } = document;
  return limit === undefined ? null : windowAt(span, time, programme.zoneOffsets ?? [0, 0], 0);
}

/** What a quote says, where it counts for this order. */
function quoted(
  see: Reads,
  text: string,
  { goods, quantity = 1 }: { readonly goods: string; readonly quantity?: number | undefined },
  { owner, time }: Moment,
): ActRefusal | Quote {
  const quote = quoteOf(owner, text, (said) => see.proof(said) as Uint8Array);
  if (quote?.goods !== goods || quote.quantity !== quantity) return { refusal: 'QUOTE_INVALID' };
  return time >= quote.until ? { refusal: 'QUOTE_EXPIRED' } : quote;
}

/** A coupon that an order uses, and what it takes off. */
interface Used extends Redeemed {
  readonly of: Usable;
  readonly discount: number;
  /** What its reservation has taken of the limit in total. */
  readonly claim: Claim | undefined;
}

function couponUsed(see: Reads, typed: string, amount: number, at: Moment): ActRefusal | Used {
  const order = bareId(see.id);
  const found = usable(see, { code: typed, order, amount }, at);
  if ('refusal' in found)
    // Of the goods it would say that they are not on offer.
    return found.refusal === 'OFFER_NOT_OPEN' ? { refusal: 'COUPON_UNAVAILABLE' } : found;
  const discount = discountOf(found.campaign, amount);
  if (discount === undefined) return { refusal: 'COUPON_WITHOUT_DISCOUNT' };
  const claim = claimIn(see, found.of.code);
  return { ...redeemed(found, at.owner, order, at.time), of: found, discount, claim };
}
