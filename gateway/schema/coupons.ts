// Coupons outside. Owns: what is sent and answered about them. Never touches: what a coupon is worth, which acts decide.

import { COUPON_CODES_MAX, limits } from '../../engine/index.js';
import { strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Count, DefinitionKey, oneOf, refusedAs, Time, text, User, whole } from './words.js';

const { Optional } = Type;

/** What is told of a code that somebody has mistyped. */
export const MISTYPED = 'The code is mistyped: its last character does not fit the others.';

/** Coupons of one page. */
export const COUPON_PAGE_MAX = 200;
export const COUPON_PAGE_DEFAULT = 50;
/** Codes of one answer in lines. */
export const CODE_LINES_MAX = 100_000;
export const CODE_LINES_DEFAULT = 10_000;

const Campaign = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The campaign of coupons.');
const Programme = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The programme.');
const Typed = text('(?:[A-Za-z0-9][ -]?){3,20}', {
  description: 'A code, with or without case, spaces and dashes.',
});
const State = oneOf(['available', 'reserved', 'used', 'expired']);
const Code = Type.String({ description: 'As it is kept: upper case, without spaces and dashes.' });

const MemberCoupon = answer('MemberCoupon', {
  code: Code,
  campaign: DefinitionKey,
  programme: DefinitionKey,
  state: State,
  uses: Count,
  issuedAt: Optional(Time),
  expiresAt: Optional(Time),
  order: Optional(Type.String({ description: 'Reserved for, or used in.' })),
  reservedUntil: Optional(Time),
});
const Worth = (description: string) => Optional(whole(1, limits.AMOUNT_MAX, { description }));
const CampaignWords = answer('CouponCampaign', {
  campaign: DefinitionKey,
  name: Optional(Type.String()),
  description: Optional(Type.String()),
  percent: Worth('A discount in percent of the order, rounded down.'),
  amount: Worth('A discount in minor units.'),
  most: Worth('The most that a discount in percent comes to.'),
  minimum: Worth('Only for orders of at least so many minor units.'),
  points: Worth('Points that are credited instead.'),
});
const CouponPage = answer('CouponPage', {
  coupons: Type.Array(MemberCoupon),
  campaigns: Type.Array(CampaignWords, { description: 'Those that the coupons are of.' }),
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
});
const CodeState = answer('CodeState', {
  code: Code,
  campaign: DefinitionKey,
  form: oneOf(['shared', 'numbered', 'drawn'], {
    description: 'Shared: for many. Numbered: one of those generated. Drawn: made when issued.',
  }),
  number: Optional(Count),
  state: oneOf(['free', 'gone', 'available', 'reserved', 'used', 'expired'], {
    description: 'Free: nobody’s. Gone: its owner has it no more. Else what its owner has of it.',
  }),
  owner: Optional(User),
  expiresAt: Optional(Time),
  order: Optional(Type.String()),
  reservedUntil: Optional(Time),
});
const Generated = answer('GeneratedCodes', {
  campaign: DefinitionKey,
  count: Count,
  definitionVersion: Count,
  activeFrom: Time,
});

export const GenerateBody = strict({
  count: whole(1, COUPON_CODES_MAX, {
    description: 'How many numbered codes the campaign has at least: 0 to count - 1.',
  }),
});

export const walletDescription: Description = {
  tag: 'programmes',
  summary: 'The coupons of a member: those that can be used, are reserved, were used or expired.',
  details:
    'What was used or has expired is shown for 400 days. A page may be short of `limit`, and have a cursor.',
  path: { owner: User },
  query: Type.Object({
    programme: Programme,
    state: Optional(State),
    limit: Optional(
      whole(1, COUPON_PAGE_MAX, {
        description: `1 to ${COUPON_PAGE_MAX}; default ${COUPON_PAGE_DEFAULT}.`,
      }),
    ),
    cursor: Optional(text('[A-Z0-9]{3,40}', { description: 'From the page before.' })),
  }),
  answers: { 200: { summary: 'A page.', schema: CouponPage } },
  refusals: [
    ...SHARDS,
    ...OWNERS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'DEFINITIONS_UNCONFIRMED',
  ],
};

export const codeDescription: Description = {
  tag: 'programmes',
  summary: 'A code of a coupon: of which campaign it is, whose, and what became of it.',
  details: 'Whether a member can use it, a dry run of `coupon-redeem` says.',
  path: { code: Typed },
  answers: { 200: { summary: 'The code.', schema: CodeState } },
  refusals: [...SHARDS, 'COUPON_UNAVAILABLE'],
};

export const generateDescription: Description = {
  tag: 'definitions',
  summary: 'See to it that a campaign of single coupons has so many numbered codes.',
  details:
    'One that has more keeps them. Ten million take no longer than ten: a code proves itself, and nothing is kept of it until it is used. They can be used from `activeFrom` on.',
  path: { coupon: Campaign },
  body: GenerateBody,
  answers: { 200: { summary: 'It is so.', schema: Generated } },
  refusals: [
    ...SHARDS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'DEFINITION_INVALID',
    'DEFINITION_LIMIT',
    'DEFINITION_RETIRED',
    'CHANGED_MEANWHILE',
  ],
};

export const codesDescription: Description = {
  tag: 'definitions',
  summary: 'The numbered codes of a campaign, in lines, from a number on.',
  details:
    'Each line is `{"number": 0, "code": "..."}`. Codes are secrets: whoever has one can use it.',
  path: { coupon: Campaign },
  query: Type.Object({
    from: Optional(whole(0, COUPON_CODES_MAX, { description: 'The first number; default 0.' })),
    limit: Optional(
      whole(1, CODE_LINES_MAX, {
        description: `Lines at most, up to ${CODE_LINES_MAX}; default ${CODE_LINES_DEFAULT}. Go on from the next number.`,
      }),
    ),
  }),
  answers: { 200: { summary: 'A line of JSON for each code.', type: 'application/x-ndjson' } },
  refusals: [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'CONNECTIONS_LIMIT'],
};
