// Exchanges that can wait, outside. Owns: what is sent and answered about them. Never touches: what an exchange comes to, when it is carried out.

import { DECIMAL_PATTERN, SUBMISSION_STATES } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct } from './commands.js';
import { type Description, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Count,
  KnownId,
  NamedId,
  oneOf,
  refusedAs,
  Time,
  text,
  User,
} from './words.js';

const { Optional } = Type;
export const SUBMIT = callerAct('exchange-submit');
export const WITHDRAW = callerAct('exchange-withdraw');

const { 201: _, ...CHANGED } = DECIDED;
const SUBMISSION = refusedAs('ID_INVALID', NamedId, 'The id under which it was submitted.');
const AMOUNTS = { from: AssetCode, to: AssetCode, amount: Amount, fee: Count, result: Amount };

const Submission = answer('ExchangeSubmission', {
  owner: User,
  submission: NamedId,
  state: oneOf(SUBMISSION_STATES, {
    description:
      'pending: it waits for points, and what is given is held. Each other one is for ever.',
  }),
  ...AMOUNTS,
  receiver: Optional(User),
  rate: Optional(
    Type.String({
      pattern: DECIMAL_PATTERN,
      description: 'Whole points for a whole point; left out: as a quote said.',
    }),
  ),
  submittedAt: Time,
  until: Time,
  endedAt: Optional(Time),
  completedBy: Optional(KnownId),
});

const Counts = answer('PendingExchangeCounts', {
  assets: Type.Array(Type.Object({ asset: AssetCode, pending: Count, since: Time }), {
    description: 'Those alone for which some wait; `since`: the first of them.',
  }),
});

const Pending = answer('PendingExchanges', {
  exchanges: Type.Array(
    Type.Object({
      owner: User,
      submission: KnownId,
      from: AssetCode,
      ...{ amount: Amount, fee: Count, result: Amount, submittedAt: Time, until: Time },
    }),
  ),
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
});

export const submitDescription = (of: GatewayLimits): Description => ({
  tag: 'coalition',
  summary: SUBMIT.about,
  details:
    'All rules but the reserve are judged now, as those of `POST /v1/exchanges`, and fix rate, fee and amounts. Where the reserve has too little, what is given is held (the effect is `exchangePending`, with `until`) and the exchange is carried out, in the order of submission, once there are points; else it expires, and the points are back. The hold cannot be captured or released (`HOLD_KEPT`).',
  query: waiting(of),
  body: flatAct(SUBMIT, 'ExchangeSubmissionRequest'),
  takesKey: true,
  answers: DECIDED,
  refusals: actRefusals(SUBMIT),
});

export const withdrawDescription = (of: GatewayLimits): Description => ({
  tag: 'coalition',
  summary: WITHDRAW.about,
  path: { submission: SUBMISSION },
  query: waiting(of),
  body: flatAct(WITHDRAW, 'ExchangeWithdrawal', 'submission'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(WITHDRAW),
});

export const SUBMISSION_DESCRIPTIONS: Readonly<Record<'read' | 'counts' | 'list', Description>> = {
  read: {
    tag: 'coalition',
    summary: 'What became of an exchange that was submitted: its state, rate, fee and amounts.',
    details: 'Told for 90 days after it has ended.',
    path: { owner: User, submission: SUBMISSION },
    answers: { 200: { summary: 'The submission.', schema: Submission } },
    refusals: [...SHARDS, 'EXCHANGE_NOT_FOUND', 'ASSET_FORBIDDEN', 'OWNER_FORBIDDEN'],
  },
  counts: {
    tag: 'coalition',
    summary: 'How many exchanges wait for points of which assets, as of a moment ago.',
    details: 'Of assets that may be read. Over `healthPendingMax` in all, `/health` is degraded.',
    answers: { 200: { summary: 'The counts, by asset.', schema: Counts } },
    refusals: SHARDS,
  },
  list: {
    tag: 'coalition',
    summary: 'Exchanges that wait for points of an asset, the first one first.',
    details: 'Those of which both assets may be read. A page may be empty, and have a `cursor`.',
    path: { asset: AssetCode },
    query: Type.Object({
      cursor: Optional(
        text('[0-9a-z]{11}-[A-Za-z0-9_-]{16}', { description: 'From the page before.' }),
      ),
    }),
    answers: { 200: { summary: 'Those that wait.', schema: Pending } },
    refusals: [...SHARDS, 'ASSET_FORBIDDEN', 'ASSET_INVALID', 'QUERY_INVALID'],
  },
};
