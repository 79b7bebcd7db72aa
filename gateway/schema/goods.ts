// Goods of the mall outside. Owns: what they look like, and what their routes say of themselves. Never touches: which goods there are.

import { limits } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import { AssetCode, Count, DefinitionKey, oneOf, refusedAs, Time, User, whole } from './words.js';

const { Optional } = Type;

/** Goods of one page. */
export const GOODS_PAGE_MAX = 100;
export const GOODS_PAGE_DEFAULT = 20;
/** Characters of what is searched for. */
export const QUESTION_LENGTH_MAX = 100;
const CURSOR_LENGTH_MAX = 300;

const SORTS = ['relevance', 'newest', 'price', '-price', 'goods'] as const;

const Programme = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The programme.');
const GoodsKey = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The goods.');
const Category = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'A category.');
const Points = whole(0, limits.AMOUNT_MAX, { description: 'Minor units.' });
const Percent = whole(1, limits.AMOUNT_MAX, { description: 'In percent: 100 changes nothing.' });
const ForOwner = refusedAs(
  'OWNER_INVALID',
  User,
  'A member: what he may see, at his prices. Left out: all goods, at the prices of who has no tier.',
);

/** Goods as they are shown. */
const SHOWN = {
  goods: DefinitionKey,
  version: whole(1, limits.AMOUNT_MAX, { description: 'Of their definition.' }),
  programme: DefinitionKey,
  asset: AssetCode,
  name: Optional(Type.String()),
  description: Optional(Type.String()),
  image: Optional(Type.String({ description: 'The address of a picture.' })),
  money: Optional(Type.String({ description: 'What is to be paid beside the points: a note.' })),
  category: Optional(DefinitionKey),
  delivery: Type.String({ description: '`physical`, `code`, `card` or `coupon`.' }),
  price: whole(1, limits.AMOUNT_MAX, {
    description: 'Of a piece, now, in minor units: `points` times the factors.',
  }),
  points: whole(1, limits.AMOUNT_MAX, { description: 'Of a piece, before any factor.' }),
  factors: Type.Object({ tier: Percent, sale: Percent, stock: Percent }),
  limit: Optional(Count),
  span: Optional(Type.String({ description: 'In what a member may have `limit` pieces.' })),
  most: Optional(whole(1, limits.AMOUNT_MAX, { description: 'Pieces of one order at most.' })),
  from: Optional(Time),
  to: Optional(Time),
  tiers: Optional(Type.Array(DefinitionKey)),
  state: oneOf(['coming', 'open', 'over']),
  left: Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Pieces that were left a moment ago; absent: there is no end of them, or it is not known now.',
    }),
  ),
  affordable: Optional(Type.Boolean({ description: 'Has the member the points for a piece?' })),
};
const Goods = answer('Goods', SHOWN);

const READ = [
  ...SHARDS,
  ...OWNERS,
  'DEFINITION_KEY_INVALID',
  'DEFINITION_NOT_FOUND',
  'DEFINITIONS_UNCONFIRMED',
  'ASSET_INVALID',
  'SYSTEM_OWNER',
] as const;

const TO_LOOK_AT =
  'What is told is as of a moment ago: only the commit of an order says whether it can be had, and at what price.';

/** What the documents say of the routes of goods. */
export const GOODS_DESCRIPTIONS: Readonly<
  Record<'page' | 'one' | 'options' | 'recommendations', Description>
> = {
  page: {
    tag: 'mall',
    summary: 'Goods of a programme that can be had now: searched, filtered, sorted.',
    details: `${TO_LOOK_AT} A name is found by every part of it that is Chinese, by words and by how words begin; all that is asked for must be in the name, the category or the key.`,
    query: Type.Object({
      programme: Programme,
      q: Optional(
        Type.String({
          minLength: 1,
          maxLength: QUESTION_LENGTH_MAX,
          description: `What to search for, 1 to ${QUESTION_LENGTH_MAX} characters.`,
        }),
      ),
      category: Optional(Category),
      priceMin: Optional(Points),
      priceMax: Optional(Points),
      owner: Optional(ForOwner),
      affordable: Optional(
        oneOf(['true', 'false'], {
          description: 'Only what the member, `owner`, has the points for. Default: false.',
        }),
      ),
      categories: Optional(
        oneOf(['true', 'false'], {
          description:
            'Say, too, how many fit of each category, whichever is asked for. Default: false.',
        }),
      ),
      sort: Optional(
        oneOf(SORTS, {
          description: 'Default: `relevance` with `q`, else `newest` (by when it was said last).',
        }),
      ),
      limit: Optional(
        whole(1, GOODS_PAGE_MAX, {
          description: `1 to ${GOODS_PAGE_MAX}; default ${GOODS_PAGE_DEFAULT}.`,
        }),
      ),
      cursor: Optional(
        Type.String({ maxLength: CURSOR_LENGTH_MAX, description: 'From the page before.' }),
      ),
    }),
    answers: {
      200: {
        summary: 'A page.',
        schema: answer('GoodsPage', {
          programme: DefinitionKey,
          asset: AssetCode,
          total: Count,
          goods: Type.Array(Goods),
          categories: Optional(Type.Array(Type.Object({ category: DefinitionKey, goods: Count }))),
          cursor: Optional(Type.String({ description: 'Pass it to get the next page.' })),
        }),
      },
    },
    refusals: [...READ, 'CURSOR_INVALID'],
  },
  one: {
    tag: 'mall',
    summary: 'Goods by their key, whether or not they can be had now.',
    details: TO_LOOK_AT,
    path: { goods: GoodsKey },
    query: Type.Object({ owner: Optional(ForOwner) }),
    answers: { 200: { summary: 'The goods.', schema: Goods } },
    refusals: READ,
  },
  options: {
    tag: 'mall',
    summary: 'What a member could redeem points for, the cheapest first, and what is lacking.',
    details: TO_LOOK_AT,
    path: { owner: User },
    query: Type.Object({
      programme: Programme,
      goods: Optional(
        refusedAs(
          'DEFINITION_KEY_INVALID',
          DefinitionKey,
          'Only these: refused where there are none, or where points are lacking.',
        ),
      ),
      limit: Optional(
        whole(1, GOODS_PAGE_MAX, {
          description: `1 to ${GOODS_PAGE_MAX}; default ${GOODS_PAGE_DEFAULT}.`,
        }),
      ),
    }),
    answers: {
      200: {
        summary: 'The options.',
        schema: answer('RedemptionOptions', {
          owner: User,
          programme: DefinitionKey,
          asset: AssetCode,
          available: whole(-limits.AMOUNT_MAX, limits.AMOUNT_MAX),
          options: Type.Array(
            answer('RedemptionOption', {
              goods: DefinitionKey,
              name: Optional(Type.String()),
              price: whole(1, limits.AMOUNT_MAX),
              affordable: Type.Boolean(),
              lacks: Optional(whole(1, limits.AMOUNT_MAX, { description: 'Points, minor units.' })),
              left: Optional(Count),
            }),
          ),
        }),
      },
    },
    refusals: [...READ, 'NO_GOODS', 'POINTS_SHORT'],
  },
  recommendations: {
    tag: 'mall',
    summary: 'What members with like orders have taken, and this one has not: with why.',
    details:
      'By the last 10,000 orders of the programme, as of `at`, a minute ago or so. Goods that several members took beside those of the member come first, the likest first; after them what most take. Goods that are sold out, or that the member may not see, are left out.',
    path: { owner: User },
    query: Type.Object({
      programme: Programme,
      category: Optional(Category),
      affordable: Optional(
        oneOf(['true', 'false'], {
          description: 'Only what he has the points for. Default: false.',
        }),
      ),
      limit: Optional(
        whole(1, GOODS_PAGE_MAX, {
          description: `1 to ${GOODS_PAGE_MAX}; default ${GOODS_PAGE_DEFAULT}.`,
        }),
      ),
    }),
    answers: {
      200: {
        summary: 'The goods, the first ones first.',
        schema: answer('Recommendations', {
          owner: User,
          programme: DefinitionKey,
          asset: AssetCode,
          at: Time,
          asOf: Type.String({ description: 'Up to which block of each shard it counts.' }),
          orders: Count,
          goods: Type.Array(
            answer('RecommendedGoods', {
              ...SHOWN,
              members: whole(0, limits.AMOUNT_MAX, {
                description: 'How many have taken them lately.',
              }),
              because: Type.Array(Type.Object({ goods: DefinitionKey, members: Count }), {
                description:
                  'Which of the member’s own goods how many of them took as well; none: it is for nothing but that many take it.',
              }),
            }),
          ),
        }),
      },
    },
    refusals: READ,
  },
};

export const WAIT = callerAct('goods-wait');

export const waitDescription = (of: GatewayLimits): Description => ({
  tag: 'mall',
  summary: 'A member asks to be told, once, when there are pieces of goods.',
  details:
    'The feed tells it: an act `goods-back` of the member, whose effect is `goodsBack`, within seconds. Withdrawn by reversing it; over after 90 days.',
  path: { goods: GoodsKey },
  query: waiting(of),
  body: flatAct(WAIT, 'WaitRequest', 'goods'),
  takesKey: true,
  answers: DECIDED,
  refusals: actRefusals(WAIT),
});
