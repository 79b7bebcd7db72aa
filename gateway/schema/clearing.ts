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
const FrozenStatement = answer('FrozenStatement', { ...STATEMENT, cycle: CYCLE.cycle });
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

const Kid = Type.String({ description: 'The id of the key.' });
const NewKey = answer('StatementKey', { kid: Kid });
const KeySet = answer('KeySet', {
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('OKP'),
      crv: Type.Literal('Ed25519'),
      use: Type.Literal('sig'),
      alg: Type.Literal('EdDSA'),
      kid: Kid,
      x: Type.String({ description: 'The public key, base64url.' }),
    }),
    { description: 'The newest one first; older ones stay, for what they have signed.' },
  ),
});

type Name = 'statement' | 'csv' | 'close' | 'cycles' | 'cycle' | 'rotate' | 'keys';

/** The statement of a closed cycle in a form, and its signature. */
export const formDescriptions = (
  form: 'json' | 'csv',
): { readonly told: Description; readonly signature: Description } => {
  const of = { ...OF_CYCLE, refusals: [...OF_CYCLE.refusals, 'STATEMENT_UNSIGNED'] } as const;
  const type = form === 'json' ? 'application/json' : 'text/csv';
  const schema = form === 'json' ? { schema: FrozenStatement } : { type };
  return {
    told: {
      ...of,
      summary: `The statement of a closed cycle as ${form.toUpperCase()}: the same bytes for ever.`,
      details: 'They were written down and signed when the cycle was closed.',
      answers: { 200: { summary: 'The bytes that are signed.', ...schema } },
    },
    signature: {
      ...of,
      summary: `The signature of the statement as ${form.toUpperCase()}.`,
      details:
        'A detached JWS (RFC 7515, appendix F) of exactly these bytes, Ed25519: `<head>..<signature>`. The head has the coalition, the cycle, the content type and the key, which is among those of `/.well-known/jwks.json`. `jifen clearing verify` checks it without a server.',
      answers: { 200: { summary: 'The signature.', type: 'application/jose' } },
    },
  };
};

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
      'It is cut first; then a transfer of kind `CLEARING` for each debt makes it zero; then its statement is frozen and signed, and the platforms settle by it. Disputes hold nothing up: what is settled of one is a transfer in the cycle that is open then. Asked for again while it is `closing`, it goes on; afterwards it closes the next one.',
    path: WHAT.path,
    body: NoBody,
    answers: { 200: { summary: 'The cycle, with its statement.', schema: CycleStatement } },
    refusals: [
      ...WHAT.refusals,
      ...command('transfer'),
      'CHANGED_MEANWHILE',
      'RECORD_LIMIT',
      'SECRETS_KEY_DIFFERS',
    ],
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
  rotate: {
    tag: 'coalition',
    summary: 'Make another key, which signs the statements of cycles that are closed from now on.',
    details:
      'What older keys have signed stays good. The first key is made when the first cycle is closed.',
    body: NoBody,
    answers: { 201: { summary: 'Its id.', schema: NewKey } },
    refusals: [...SHARDS, 'CHANGED_MEANWHILE', 'RECORD_LIMIT', 'SECRETS_KEY_DIFFERS'],
  },
  keys: {
    tag: 'coalition',
    summary: 'The public keys that statements are signed with, as a JSON Web Key Set.',
    answers: { 200: { summary: 'The keys.', schema: KeySet } },
    refusals: [...SHARDS, 'CLOSING'],
  },
};
