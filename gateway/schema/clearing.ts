// The clearing of a coalition outside. Owns: what is asked and answered about it. Never touches: netting.

import { limits } from '../../engine/index.js';
import { NoBody } from './access.js';
import { command, type Description, SHARDS } from './description.js';
import { AnyAsOf, AnyTime } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AsOf,
  AssetCode,
  DefinitionKey,
  oneOf,
  PlatformId,
  REFUSED,
  refusedAs,
  Time,
  text,
  whole,
} from './words.js';

const { Optional } = Type;
const Value = Type.String({ description: 'Units of the currency, exact, as a text.' });
const STATEMENT = {
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
};
const Statement = answer('ClearingStatement', STATEMENT);
const CYCLE = {
  cycle: whole(1, limits.RECORDS_MAX, { description: 'Its number.' }),
  state: oneOf(['closing', 'closed'], {
    description: 'closing: cut, and not all of its debts are netted: close it again.',
  }),
  closedAt: Type.Union([Time, Type.Null()]),
  by: Type.Union([Type.String(), Type.Null()], { description: 'Who has cut it.' }),
};
const CycleStatement = answer('CycleStatement', { ...STATEMENT, ...CYCLE });
const Cycles = answer('ClearingCycles', {
  coalition: DefinitionKey,
  cycles: Type.Array(Type.Object({ ...CYCLE, at: Time, asOf: AsOf })),
});
const CSV = { 200: { summary: 'The statement.', type: 'text/csv' } } as const;

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

const OF_CYCLE = {
  tag: 'coalition',
  path: {
    coalition: WHAT.path.coalition,
    cycle: text('[1-9][0-9]{0,5}', {
      [REFUSED]: 'CYCLE_NOT_FOUND',
      description: 'The number of the cycle.',
    }),
  },
  refusals: [...WHAT.refusals, 'CYCLE_NOT_FOUND'],
} as const;

type Name = 'statement' | 'csv' | 'close' | 'cycles' | 'cycle' | 'cycleCsv';

export const CLEARING_DESCRIPTIONS: Readonly<Record<Name, Description>> = {
  statement: {
    ...WHAT,
    summary: 'What the platforms of a coalition owe each other, net, and who would pay whom.',
    details:
      'Of all that was exchanged up to `at` and is not netted, or has come up between `from` and `at`. With the same times and `asOf` it is the same for ever. Nothing is posted.',
    answers: { 200: { summary: 'The statement.', schema: Statement } },
  },
  csv: {
    ...WHAT,
    summary: 'The same as CSV.',
    details: 'Lines of `debt`, `net` and `settlement`, under a head.',
    answers: CSV,
  },
  close: {
    tag: 'coalition',
    summary:
      'Close the cycle that is open: all that is owed now is netted in the ledger, and its statement stays as it is for ever.',
    details:
      'It is cut first; then a transfer of kind `CLEARING` for each debt makes it zero, and the platforms settle by the statement. Asked for again while it is `closing`, it goes on; afterwards it closes the next one.',
    path: WHAT.path,
    body: NoBody,
    answers: { 200: { summary: 'The cycle, with its statement.', schema: CycleStatement } },
    refusals: [...WHAT.refusals, ...command('transfer'), 'CHANGED_MEANWHILE', 'RECORD_LIMIT'],
  },
  cycles: {
    tag: 'coalition',
    summary: 'The cycles of a coalition, the first one first.',
    path: WHAT.path,
    answers: { 200: { summary: 'The cycles.', schema: Cycles } },
    refusals: [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND'],
  },
  cycle: {
    ...OF_CYCLE,
    summary: 'A cycle with its statement, which stays as it is for ever.',
    answers: { 200: { summary: 'The cycle.', schema: CycleStatement } },
  },
  cycleCsv: { ...OF_CYCLE, summary: 'The statement of a cycle as CSV.', answers: CSV },
};
