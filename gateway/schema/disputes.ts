// Disputes between platforms outside. Owns: what is asked and answered about them. Never touches: what may be done with one.

import { DISPUTE_LINES_MAX, DISPUTE_STATES, DISPUTE_TEXT_MAX, limits } from '../../engine/index.js';
import { strict } from './commands.js';
import { command, type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Count,
  DefinitionKey,
  line,
  NAME,
  NamedId,
  NewId,
  oneOf,
  PlatformId,
  REFUSED,
  refusedAs,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
const CYCLE_MAX = 999_999;
const Words = (about: string) =>
  line(DISPUTE_TEXT_MAX, { description: `${about} 1 to ${DISPUTE_TEXT_MAX} characters.` });
/** By what disputes are known: which part of their coalition's they are, and which of that. */
const DISPUTE_ID = '(?:c[0-9]{6}|m[0-9]{6})-[0-9a-f]{20}';
export const DisputeId = text(DISPUTE_ID, {
  [REFUSED]: 'DISPUTE_NOT_FOUND',
  description: 'By what the dispute is known.',
});
const Part = {
  cycle: Optional(whole(1, CYCLE_MAX, { description: 'Of the statement of this cycle.' })),
};

export const DisputeBody = strict(
  {
    id: Optional(NewId),
    platform: Optional(PlatformId),
    ...Part,
    owner: Optional(User),
    exchange: Optional(NamedId),
    lines: Optional(
      Type.Array(
        strict({
          debtor: PlatformId,
          creditor: PlatformId,
          asset: AssetCode,
          disputed: Optional(Amount),
        }),
        { minItems: 1, maxItems: DISPUTE_LINES_MAX },
      ),
    ),
    disputed: Optional(Amount),
    reason: Words('Why.'),
  },
  { [NAME]: 'NewDispute' },
);
export const AnswerBody = strict(
  {
    agrees: Optional(
      Type.Boolean({ description: 'All that is disputed is given back at once. Left out: no.' }),
    ),
    answer: Words('What is answered.'),
    platform: Optional(PlatformId),
  },
  { [NAME]: 'DisputeAnswer' },
);
export const WithdrawalBody = strict(
  { reason: Words('Why.'), platform: Optional(PlatformId) },
  { [NAME]: 'DisputeWithdrawal' },
);
export const DecisionBody = strict({ reason: Words('Why.') }, { [NAME]: 'DisputeDecision' });
export const SettlementBody = strict(
  {
    amounts: Optional(
      Type.Array(whole(0, limits.AMOUNT_MAX), {
        minItems: 1,
        maxItems: DISPUTE_LINES_MAX,
        description:
          'How much of each line is given back, in their order. Left out: all that is disputed.',
      }),
    ),
    reason: Words('Why.'),
  },
  { [NAME]: 'DisputeSettlement' },
);

const DISPUTE = {
  dispute: Type.String({ description: 'By what it is known.' }),
  state: oneOf(DISPUTE_STATES, {
    description:
      '`open`: not answered. `answered`: not decided. `settled`, `rejected`, `withdrawn`: over.',
  }),
  by: PlatformId,
  other: PlatformId,
  cycle: Optional(Part.cycle),
  owner: Optional(User),
  exchange: Optional(Type.String()),
  lines: Type.Array(
    Type.Object({
      debtor: PlatformId,
      creditor: PlatformId,
      asset: AssetCode,
      owed: Amount,
      disputed: Amount,
      settled: Count,
    }),
  ),
  reason: Type.String(),
  answer: Optional(Type.String()),
  decision: Optional(Type.String()),
  openedAt: Time,
  answerBy: Time,
  answeredAt: Optional(Time),
  endedAt: Optional(Time),
};
const Dispute = answer('Dispute', DISPUTE);
const Disputes = answer('Disputes', {
  disputes: Type.Array(
    Type.Object({
      ...Object.fromEntries(
        Object.entries(DISPUTE).map(([name, schema]) => [
          name,
          ['dispute', 'by', 'other', 'answerBy'].includes(name) ? schema : Optional(schema),
        ]),
      ),
    }),
  ),
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
});

const COALITION = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The coalition.');
const REFUSALS = [...SHARDS, 'DEFINITION_KEY_INVALID', 'OPERATION_FORBIDDEN'] as const;
const ONE = {
  tag: 'coalition',
  path: {
    coalition: COALITION,
    dispute: DisputeId,
  },
} as const;
const CHANGE = {
  ...ONE,
  takesKey: true,
  answers: { 200: { summary: 'The dispute, as it is now.', schema: Dispute } },
  refusals: [
    ...REFUSALS,
    ...command('act'),
    'DISPUTE_NOT_FOUND',
    'DISPUTE_PARTY',
    'DISPUTE_STATE_INVALID',
    'CHANGED_MEANWHILE',
  ],
} as const satisfies Partial<Description>;

const FOR_ITSELF =
  'A platform asks for itself; a key that administers the whole ledger says for which (`platform`).';

type Name = 'open' | 'list' | 'read' | 'answer' | 'withdraw' | 'settle' | 'reject' | 'reopen';

export const DISPUTE_DESCRIPTIONS: Readonly<Record<Name, Description>> = {
  open: {
    tag: 'coalition',
    summary: 'A platform disputes lines of a closed cycle’s statement, or an exchange.',
    details:
      'Of a statement: `cycle` and `lines`, all between the same two platforms; of an exchange: `owner` and `exchange`. A platform opens it for itself; a key that administers the whole ledger says for which (`platform`). A line is disputed once, unless its dispute was withdrawn, and within `disputeDays` of the coalition (30). The other platform has `answerDays` (14) to answer.',
    path: { coalition: COALITION },
    body: DisputeBody,
    takesKey: true,
    answers: { 201: { summary: 'The dispute.', schema: Dispute } },
    refusals: [
      ...REFUSALS,
      ...command('act'),
      'DEFINITION_NOT_FOUND',
      'DEFINITIONS_UNCONFIRMED',
      'CYCLE_NOT_FOUND',
      'STATEMENT_UNSIGNED',
      'EXCHANGE_NOT_FOUND',
      'DISPUTE_LINE_UNKNOWN',
      'DISPUTE_PARTY',
      'DISPUTE_UNCLEAR',
      'DISPUTE_AMOUNT_INVALID',
      'DISPUTE_LATE',
      'DISPUTE_LINE_TAKEN',
      'RECORD_LIMIT',
      'CHANGED_MEANWHILE',
      'POSITION_AHEAD',
      'PAST_TOO_FAR',
    ],
  },
  list: {
    tag: 'coalition',
    summary: 'Disputes: of a cycle, of the exchanges of a month, or all that are not decided.',
    details: 'A platform is shown its own. A page may be empty, and have a `cursor`.',
    path: { coalition: COALITION },
    query: Type.Object({
      ...Part,
      month: Optional(
        whole(197_001, 999_912, { description: 'Of exchanges made then, UTC: 202611.' }),
      ),
      cursor: Optional(text(DISPUTE_ID, { description: 'From the page before.' })),
    }),
    answers: { 200: { summary: 'The disputes.', schema: Disputes } },
    refusals: [...REFUSALS, 'DEFINITION_NOT_FOUND', 'QUERY_INVALID'],
  },
  read: {
    ...ONE,
    summary: 'A dispute.',
    answers: CHANGE.answers,
    refusals: [...REFUSALS, 'DISPUTE_NOT_FOUND'],
  },
  answer: {
    ...CHANGE,
    summary: 'The other platform answers a dispute, and may agree to it.',
    details:
      'Where it agrees, all that is disputed goes back in the same commit: from the creditor’s `@clearing:` owner to the debtor’s. ' +
      FOR_ITSELF,
    body: AnswerBody,
    refusals: [...CHANGE.refusals, 'DISPUTE_LATE', 'DISPUTE_UNCLEAR'],
  },
  withdraw: {
    ...CHANGE,
    summary:
      'The platform that has opened a dispute withdraws it: its lines may be disputed again.',
    details: FOR_ITSELF,
    body: WithdrawalBody,
    refusals: [...CHANGE.refusals, 'DISPUTE_UNCLEAR'],
  },
  settle: {
    ...CHANGE,
    summary: 'A dispute is settled: so much of each line goes back, in the same commit.',
    details:
      'Once it is answered, or the time to answer is over. The transfer is part of the cycle that is open.',
    body: SettlementBody,
    refusals: [...CHANGE.refusals, 'DISPUTE_AMOUNT_INVALID'],
  },
  reject: { ...CHANGE, summary: 'A dispute is rejected.', body: DecisionBody },
  reopen: {
    ...CHANGE,
    summary: 'The settlement of a dispute is undone, and it is decided anew.',
    details: 'What was given back goes the other way. For settled disputes alone.',
    body: DecisionBody,
  },
};
