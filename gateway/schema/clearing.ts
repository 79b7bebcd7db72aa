// The clearing of a coalition outside. Owns: what is asked and answered about it. Never touches: netting.

import type { Description } from './description.js';
import { SHARDS } from './description.js';
import { AnyAsOf, AnyTime } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Amount, AsOf, AssetCode, DefinitionKey, PlatformId, refusedAs, Time } from './words.js';

const { Optional } = Type;
const Value = Type.String({ description: 'Units of the currency, exact, as a text.' });
const Statement = answer('ClearingStatement', {
  coalition: DefinitionKey,
  currency: Type.String(),
  from: Optional(Time),
  at: Time,
  asOf: AsOf,
  debts: Type.Array(
    Type.Object({
      debtor: PlatformId,
      creditor: PlatformId,
      asset: AssetCode,
      amount: Amount,
      value: Value,
    }),
    { description: 'What each platform owes another one, in points of one asset.' },
  ),
  positions: Type.Array(
    Type.Object({ platform: PlatformId, owed: Value, owes: Value, net: Value }),
    { description: 'What each is owed less what it owes; they sum to zero.' },
  ),
  settlements: Type.Array(Type.Object({ from: PlatformId, to: PlatformId, value: Value }), {
    description: 'Who would pay whom, so that nothing is owed any more: fewer than platforms.',
  }),
});

const WHAT = {
  tag: 'coalition',
  path: { coalition: refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The coalition.') },
  query: Type.Object({
    from: Optional(AnyTime),
    at: Optional(AnyTime),
    asOf: Optional(AnyAsOf),
  }),
  refusals: [
    ...SHARDS,
    'DEFINITION_KEY_INVALID',
    'DEFINITION_NOT_FOUND',
    'POSITION_AHEAD',
    'PAST_TOO_FAR',
    'QUERY_INVALID',
  ],
} as const;

export const CLEARING_DESCRIPTIONS: Readonly<Record<'statement' | 'csv', Description>> = {
  statement: {
    ...WHAT,
    summary: 'What the platforms of a coalition owe each other, net, and who would pay whom.',
    details:
      'Of all that was exchanged up to `at`, or between `from` and `at`: a cycle. With the same times and `asOf` the amounts are the same for ever; values are by what decided at `at`. Nothing is posted.',
    answers: { 200: { summary: 'The statement.', schema: Statement } },
  },
  csv: {
    ...WHAT,
    summary: 'The same as CSV.',
    details: 'Lines of `debt`, `net` and `settlement`, under a head.',
    answers: { 200: { summary: 'The statement.', type: 'text/csv' } },
  },
};
