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
import { bareId } from '../../protocol/scope.js';
import { REDEEMER } from '../../protocol/syntax.js';
import {
  type ActRefusal,
  act,
  type CounterAdd,
  type Moment,
  type PlannedLeg,
  type Reads,
  type Window,
} from '../act.js';
import { code } from '../coupons/body.js';
import { claimIn } from '../coupons/claim.js';
import { type Redeemed, redeemed } from '../coupons/redeem.js';
import { COUPON_REFUSALS, discountOf, type Usable, usable } from '../coupons/use.js';
import { stockOf } from '../definitions/goods.js';
import { windowAt } from '../earning/windows.js';
import { areParts, type CardPart, cardLegs, cardPuts, paidByCards } from '../mall/cards.js';
import { areNames, codeOwners, FREE_CODE, untaken } from '../mall/codes.js';
import { deliveryOf, isDigital, mostOf } from '../mall/delivery.js';
import {
  CREATED,
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
import { type Quote, quoteOf } from '../mall/quote.js';
import { TERMS_REFUSALS, type Terms, termsOf } from '../mall/terms.js';
import { quoteField } from '../signed-quote.js';

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
  needs: ['redeem'],
  refusals: [
    ...TERMS_REFUSALS,
    'ORDER_QUANTITY',
    'ORDER_UNTIL_INVALID',
    'GOODS_LIMIT',
    'SECRETS_KEY_DIFFERS',
    'QUOTE_INVALID',
    'QUOTE_EXPIRED',
    'PRICE_DIFFERS',
    ...COUPON_REFUSALS.filter((one) => !TERMS_REFUSALS.includes(one)),
    'COUPON_WITHOUT_DISCOUNT',
    'CARDS_EXCEED_ORDER',
    'SOLD_OUT',
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
    const { goods, programme, pricing } = terms;
    const { stockAsset, payInMs = 0, category } = goods.document;
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
    const stock = stockOf(goods.key);
    if (stockAsset !== undefined && see.isExhausted(stock, stockAsset, quantity))
      return { refusal: 'SOLD_OUT' };
    const { asset } = programme.document;
    const number = orderNumber(proof);
    const prove = (text: string): Uint8Array => see.proof(text) ?? proof;
    const delivery = deliveryOf(terms, { owner, number, quantity, codes, time }, prove);
    const isDone = isDigital(goods) && until === null;
    const legs: PlannedLeg[] = [];
    const names: LegName[] = [];
    const add = (name: LegName, from: string, of: string, amount: number, more = {}): void => {
      names.push(name);
      legs.push({ from, to: REDEEMER, asset: of, amount, ...more });
    };
    if (until === null && total > byCards) add('points', owner, asset, total - byCards);
    for (const { from, amount } of cardLegs(cards, REDEEMER, asset))
      add('card', from, asset, amount);
    if (stockAsset !== undefined) add('pieces', stock, stockAsset, quantity, { isOptional: true });
    const { uses, usesAsset } = used?.of.campaign.document ?? {};
    if (uses !== undefined) add('uses', uses, usesAsset as string, 1);
    for (const leg of delivery.legs) {
      names.push('gift');
      legs.push(leg);
    }
    const made: Order = {
      ...{ goods: goods.key, version: goods.version, programme: programme.key, asset },
      ...{ quantity, price, factors, discount: whole - total, total },
      state: isDone ? 'completed' : until === null ? 'pending' : 'held',
      ...{
        shipped: isDone ? quantity : 0,
        cancelled: 0,
        id: see.id,
        at: time,
        until,
        paidBy: null,
        window,
      },
      coupon: used?.use ?? null,
      receiver: said.receiver ?? null,
      shipments: [],
      codes: goods.document.delivery === 'code' ? codes : [],
      cards: byCards,
    };
    const counters: CounterAdd[] =
      window === null ? [] : [{ name: takenOf(goods.key), window, add: quantity }];
    const { key, version } = goods;
    const told = { number, programme: programme.key, goods: key, version, quantity, price, total };
    return {
      legs,
      ...(until !== null && total > 0 ? { hold: { asset, amount: total, deadline: until } } : {}),
      assets: [asset],
      records: [orderRecord(number, made, time), ...(used === undefined ? [] : [used.record])],
      counters: [...counters, ...(used?.counters ?? [])],
      puts: [...(used?.puts ?? []), ...cardPuts(cards), ...delivery.puts],
      effects: [
        {
          type: CREATED,
          ...told,
          ...(category === undefined ? {} : { category }),
          state: made.state,
          ...(made.discount === 0 ? {} : { discount: made.discount }),
          ...(byCards === 0 ? {} : { cards: byCards }),
          ...(until === null ? {} : { until }),
        },
        ...(isDone ? [completedEffect(number, goods.key, quantity)] : []),
      ],
      why: {
        legs: names,
        programme: programme.version,
        goods: goods.version,
        pricing: pricing?.version ?? null,
        factors: { ...factors },
        quoted: quote === undefined ? null : quote.version,
        ...(used === undefined ? {} : { coupon: used.of.campaign.version }),
      },
    };
  },

  /** Given back is what is not shipped, all of it at once; in whichever way it is asked for. */
  undo(see, undone, { time }) {
    const told = undone.effects.find(({ type }) => type === CREATED);
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
    const { records, counters, effects } = cancelled(see, number, found, time);
    return { records, counters, effects, why: { order: number } };
  },
});

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
}

function couponUsed(see: Reads, typed: string, amount: number, at: Moment): ActRefusal | Used {
  const order = bareId(see.id);
  const found = usable(see, { code: typed, order, amount }, at);
  if ('refusal' in found)
    // Of the goods it would say that they are not on offer.
    return found.refusal === 'OFFER_NOT_OPEN' ? { refusal: 'COUPON_UNAVAILABLE' } : found;
  // What its reservation has taken of a limit in total goes back with the reservation alone.
  if (claimIn(see, found.of.code) !== undefined) return { refusal: 'COUPON_UNAVAILABLE' };
  const discount = discountOf(found.campaign, amount);
  if (discount === undefined) return { refusal: 'COUPON_WITHOUT_DISCOUNT' };
  return { ...redeemed(found, at.owner, order, at.time), of: found, discount };
}
