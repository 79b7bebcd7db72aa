// Goods of the mall: what they cost, who may have them, what is left of them; and what is shown of them.

import {
  AMOUNT_MAX,
  DIGITAL_PIECES_MAX,
  GOODS_LISTED_MAX,
  IMAGE_URL_LENGTH_MAX,
  LOW_CODES_DEFAULT,
  ORDER_PIECES_DEFAULT,
  ORDER_PIECES_MAX,
} from '../../limits.js';
import { json, oneOf, words } from '../../protocol/definition-fields.js';
import { amount, asset, id, optional, time, whole } from '../../protocol/fields.js';
import { isItem } from '../../protocol/syntax.js';
import { couponProblem } from './coupon-problem.js';
import { kind } from './kind.js';
import { keys } from './lists.js';
import { WORDS } from './programme.js';
import { SPANS } from './rule.js';
import { AUDIENCE, audienceProblem, timesProblem } from './validity.js';

export const DELIVERIES = ['physical', 'code', 'card', 'coupon'] as const;
/** How long an order may be held until it is paid elsewhere: a month. */
const PAY_IN_MS_MAX = 31 * 86_400_000;
/** Tiers of a programme that goods may be for. */
const TIERS_MAX = 32;
const NOTE_LENGTH_MAX = 100;
const CARD_DAYS_MAX = 3_660;

/** Who has the pieces of goods. */
export const stockOf = (goods: string): string => `#item:${goods}`;

function isImage(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > IMAGE_URL_LENGTH_MAX) return false;
  if (!/^https:\/\/[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { username, password, hostname } = new URL(value);
  return username === '' && password === '' && hostname !== '';
}

export const goods = kind({
  name: 'goods',
  isMany: true,
  about: 'Goods that members redeem points for. Their stock is the pool `#item:<key>`.',
  decides: {
    programme: id('DEFINITION_INVALID'),
    /** What a piece costs, in minor units of the programme's asset, before any factor. */
    price: amount(),
    category: optional(id('DEFINITION_INVALID')),
    delivery: oneOf(
      DELIVERIES,
      'physical: it is sent. code: a code is given out. card: a gift card with a balance of its own. coupon: a coupon of a campaign.',
    ),
    /** The asset that its pieces are counted in, a minor unit each. Left out: there is no end of it. */
    stockAsset: optional(asset()),
    /** Of gift cards: what each is worth, in minor units of the programme's asset. */
    cardAmount: optional(amount()),
    cardDays: optional(
      whole(
        1,
        CARD_DAYS_MAX,
        'DEFINITION_INVALID',
        'For how many days a card pays. Left out: for ever.',
      ),
    ),
    /** Of goods that are coupons: of which campaign. */
    coupon: optional(id('DEFINITION_INVALID')),
    limit: optional(
      whole(1, AMOUNT_MAX, 'DEFINITION_INVALID', 'How many pieces a member may have in a span.'),
    ),
    span: optional(
      oneOf(SPANS, 'In what the limit counts, in the zone of the programme. Left out: ever.'),
    ),
    most: optional(
      whole(
        1,
        ORDER_PIECES_MAX,
        'DEFINITION_INVALID',
        `How many pieces an order may be of. Left out: ${ORDER_PIECES_DEFAULT}.`,
      ),
    ),
    from: optional(time('DEFINITION_INVALID')),
    to: optional(time('DEFINITION_INVALID')),
    tiers: keys(TIERS_MAX, 'The tiers whose members may see and have it. Left out: all.'),
    audience: AUDIENCE,
    payInMs: optional(
      whole(
        1_000,
        PAY_IN_MS_MAX,
        'DEFINITION_INVALID',
        'How long an order may be held until it is paid elsewhere, in milliseconds. Left out: it may not.',
      ),
    ),
  },
  shows: {
    ...WORDS,
    image: optional(
      json<string>(
        { type: 'string', format: 'uri', pattern: '^https://', maxLength: IMAGE_URL_LENGTH_MAX },
        isImage,
        'The address of a picture: https, without credentials.',
      ),
    ),
    lowStock: optional(
      whole(
        0,
        AMOUNT_MAX,
        'DEFINITION_INVALID',
        `Fewer pieces than this are few: it is told (\`stock.low\`). 0: never. Left out: ${LOW_CODES_DEFAULT} of codes, and else never.`,
      ),
    ),
    money: optional(
      words(NOTE_LENGTH_MAX, 'What is to be paid beside the points: a note for the platform.'),
    ),
  },
  check: (document, key, known) => {
    const { span, limit } = document;
    if (!isItem(stockOf(key)))
      return {
        field: '',
        detail: `${stockOf(key)} cannot be a stock: the key is at most 53 of A-Z a-z 0-9 . _ : -`,
      };
    if (span !== undefined && limit === undefined)
      return { field: 'span', detail: 'span goes with limit.' };
    const before = known('goods', key);
    if (before !== undefined && before !== 'unknown') {
      if (before['programme'] !== document.programme)
        return {
          field: 'programme',
          detail: 'Orders that are out are in its points: it cannot change.',
        };
      if (before['delivery'] !== document.delivery)
        return {
          field: 'delivery',
          detail: 'Orders that are out are delivered so: it cannot change.',
        };
    }
    return (
      digitalProblem(document) ??
      couponProblem({ coupon: document.coupon }, known) ??
      timesProblem(document) ??
      audienceProblem(document, known)
    );
  },
});

/** What is wrong with how they are delivered, if anything. */
function digitalProblem(document: {
  readonly delivery: (typeof DELIVERIES)[number];
  readonly stockAsset?: string | undefined;
  readonly most?: number | undefined;
  readonly payInMs?: number | undefined;
  readonly cardAmount?: number | undefined;
  readonly cardDays?: number | undefined;
  readonly coupon?: string | undefined;
}) {
  const { delivery, stockAsset, most = 0, payInMs, cardAmount, cardDays, coupon } = document;
  const wrong = (field: string, detail: string) => ({ field, detail });
  if (delivery === 'code' && stockAsset === undefined)
    return wrong('stockAsset', 'Codes are counted: they take a stockAsset.');
  if (delivery !== 'physical' && most > DIGITAL_PIECES_MAX)
    return wrong('most', `An order has at most ${DIGITAL_PIECES_MAX} codes, cards or coupons.`);
  if ((delivery === 'card') !== (cardAmount !== undefined))
    return wrong('cardAmount', 'cardAmount is of gift cards, which must say it.');
  if (cardDays !== undefined && delivery !== 'card')
    return wrong('cardDays', 'cardDays is of gift cards.');
  if ((delivery === 'coupon') !== (coupon !== undefined))
    return wrong('coupon', 'coupon is of goods that are coupons, which must say it.');
  if (payInMs !== undefined && (delivery === 'card' || delivery === 'coupon'))
    return wrong('payInMs', 'Gift cards and coupons are made with the order: it cannot be held.');
  return null;
}

/** Goods and categories that something may be restricted to. */
export const listed = (what: string) => keys(GOODS_LISTED_MAX, what);
