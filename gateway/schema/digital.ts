// Codes of goods and gift cards outside. Owns: what is sent and answered about them. Never touches: codes themselves.

import { limits, TYPED_CARD_PATTERN } from '../../engine/index.js';
import { strict } from './commands.js';
import { command, type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Budget,
  Count,
  DefinitionKey,
  NewId,
  oneOf,
  Reason,
  refusedAs,
  Time,
  text,
} from './words.js';

const { Optional } = Type;

/** What is told of a code that somebody has mistyped, or that is none. */
export const MISTYPED =
  'It is no code of a card, or it is mistyped: its last character does not fit the others.';

const Goods = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The goods.');
export const CardId = text('[A-Za-z0-9_-]{22}', {
  description: 'A card, by what the ledger knows it.',
});
const CardInPath = refusedAs('CARD_NOT_FOUND', CardId, 'The card.');
export const CardCode = text(TYPED_CARD_PATTERN.slice(1, -1), {
  description:
    'The code of a card: 16 letters and digits, with or without case, spaces and dashes.',
});
const Ends = Type.Union([Time, Type.Null()], {
  description: 'When it ends, milliseconds since 1970; null: never.',
});

export const UploadBody = strict({
  codes: Type.Array(
    text('[^\\s\\p{Cc}\\p{Cs}](?:[^\\p{Cc}\\p{Cs}]*[^\\s\\p{Cc}\\p{Cs}])?', {
      maxLength: limits.CODE_BYTES_MAX,
    }),
    {
      minItems: 1,
      maxItems: limits.CODES_UPLOADED_MAX,
      description: `1 to ${limits.CODES_UPLOADED_MAX} codes, each 1 to ${limits.CODE_BYTES_MAX} bytes of UTF-8 without control characters, and without blanks before or after it.`,
    },
  ),
});

const Uploaded = answer('UploadedCodes', {
  goods: DefinitionKey,
  added: Count,
  known: Type.Integer({
    minimum: 0,
    description: 'Passed over: the goods have, or had, them already.',
  }),
  repeated: Type.Integer({ minimum: 0, description: 'Passed over: they were sent twice.' }),
});
const Counted = answer('CodeCount', {
  goods: DefinitionKey,
  free: Count,
  reserved: Count,
  given: Count,
  withdrawn: Count,
  low: Type.Boolean({ description: 'Are fewer free than `lowStock`?' }),
  lowStock: Type.Integer({ minimum: 0, description: 'Of the goods; 0: that is never said.' }),
});

export const WithdrawBody = strict({
  codes: Type.Union([Type.Literal('all'), UploadBody.properties.codes], {
    description: '`all` that nobody has; or those.',
  }),
  reason: Reason,
});
const Withdrawn = answer('WithdrawnCodes', {
  goods: DefinitionKey,
  withdrawn: Count,
  before: Type.Integer({ minimum: 0, description: 'They had been withdrawn before.' }),
  given: Type.Integer({ minimum: 0, description: 'Left as they are: an order has them.' }),
  unknown: Type.Integer({ minimum: 0, description: 'The goods never had them.' }),
});

export const withdrawDescription: Description = {
  tag: 'definitions',
  summary: 'Withdraw codes of goods that nobody has, with as many pieces of stock.',
  details:
    'A code is either given out or withdrawn, whoever comes at the same time: what an order has, or holds, is left as it is. What is withdrawn is passed over when it is uploaded again. An answer that was lost is no harm: ask for the same again.',
  path: { goods: Goods },
  body: WithdrawBody,
  answers: { 200: { summary: 'They are withdrawn.', schema: Withdrawn } },
  refusals: [
    ...SHARDS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'GOODS_WITHOUT_CODES',
    'MEMO_INVALID',
    'ACCOUNT_BUSY',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
    'AMOUNT_OVERFLOW',
    'RECORD_LIMIT',
    'PREPARED',
  ],
};

export const uploadDescription: Description = {
  tag: 'definitions',
  summary: 'Give goods that are delivered as codes more of them, with as many pieces of stock.',
  details:
    'Each code is sealed before it leaves the gateway: no log, record or backup has it in plain. What the goods have already is passed over, also what was given out; so an upload that was cut off is sent again.',
  path: { goods: Goods },
  body: UploadBody,
  answers: { 200: { summary: 'They are there.', schema: Uploaded } },
  refusals: [
    ...SHARDS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'DEFINITIONS_UNCONFIRMED',
    'GOODS_WITHOUT_CODES',
    'ACCOUNT_BUSY',
    'AMOUNT_OVERFLOW',
    'RECORD_LIMIT',
    'PREPARED',
  ],
};

export const countDescription: Description = {
  tag: 'definitions',
  summary: 'How many codes of goods nobody has, and how many were given out.',
  path: { goods: Goods },
  answers: { 200: { summary: 'They are counted.', schema: Counted } },
  refusals: [
    ...SHARDS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'DEFINITIONS_UNCONFIRMED',
    'GOODS_WITHOUT_CODES',
  ],
};

const STATE = {
  card: text('[A-Za-z0-9_-]{22}', { description: 'By what the ledger knows it.' }),
  programme: DefinitionKey,
  asset: AssetCode,
  amount: Amount,
  balance: Count,
  state: oneOf(['active', 'over'], { description: 'Over: it pays for nothing.' }),
  issuedAt: Time,
  expiresAt: Optional(Time),
};
const Card = answer('GiftCard', STATE);
const Issued = answer('IssuedCard', {
  ...STATE,
  code: Type.String({ description: 'For whoever is to have it: it is shown here alone.' }),
});

export const CardBody = strict({
  id: Optional(NewId),
  programme: DefinitionKey,
  amount: Amount,
  expiresAt: Optional(Ends),
  budget: Optional(Budget),
});
export const LookUpBody = strict({ code: CardCode });
export const ExpiryBody = strict({ expiresAt: Ends });

export const issueDescription: Description = {
  tag: 'definitions',
  summary: 'Issue a gift card of a programme, with a balance of its own.',
  details:
    'The code is 73 bits of chance. With an `id` a repeat is answered the same card and code, and without one it is another card. Its points are issued, or come out of a budget.',
  body: CardBody,
  takesKey: true,
  answers: {
    200: { summary: 'It was issued before.', schema: Issued },
    201: { summary: 'It is issued.', schema: Issued },
  },
  refusals: [
    ...command('act'),
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'CARD_EXISTS',
    'EXPIRY_PAST',
    'BUDGET_BUSY',
    'BUDGET_EXHAUSTED',
  ],
};

const CARD_REFUSALS = [...SHARDS, 'CARD_NOT_FOUND', 'ASSET_FORBIDDEN'] as const;

export const lookUpDescription: Description = {
  tag: 'programmes',
  summary: 'The gift card with this code: what is left of it, and until when.',
  details: 'The code is in the body, so that no log of addresses has it.',
  body: LookUpBody,
  answers: { 200: { summary: 'The card.', schema: Card } },
  refusals: CARD_REFUSALS,
};

export const cardDescription: Description = {
  tag: 'programmes',
  summary: 'A gift card: what is left of it, and until when.',
  path: { card: CardInPath },
  answers: { 200: { summary: 'The card.', schema: Card } },
  refusals: CARD_REFUSALS,
};

export const expiryDescription: Description = {
  tag: 'definitions',
  summary: 'Give a gift card another end; one that is over pays again until then.',
  path: { card: CardInPath },
  body: ExpiryBody,
  answers: { 200: { summary: 'It is so.', schema: Card } },
  refusals: [...command('act'), 'CARD_NOT_FOUND', 'EXPIRY_PAST'],
};
