// Exchanges with partners outside, outside. Owns: what is sent and answered about them. Never touches: how one goes on.

import { PARTNER_STATUSES, PARTNER_STEPS } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals, BATCHES } from './acts.js';
import { flatAct, strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { batchAnswers, batchQuery, DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import {
  Amount,
  AssetCode,
  Count,
  line,
  NAME,
  oneOf,
  PlatformId,
  REFUSED,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
export const EXCHANGE = callerAct('partner-exchange');
export const APPROVE = callerAct('partner-exchange-approve');
export const CANCEL = callerAct('partner-exchange-cancel');

const REASON_MAX = 200;
/** Exchanges of one page: of all, of a member. */
const LISTED_MAX = 1_000;
const MEMBER_PAGE_MAX = 100;
export const MEMBER_PAGE_DEFAULT = 20;
const { 201: _, ...CHANGED } = DECIDED;
export const PartnerExchangeId = text('px_[A-Za-z0-9]{1,32}', {
  [REFUSED]: 'EXCHANGE_NOT_FOUND',
  description: 'By what the exchange is known: `exchange` of the effects of what has submitted it.',
});
const PATH = { exchange: PartnerExchangeId };
const Step = oneOf(PARTNER_STEPS, {
  description: 'The step that it is at; of one that has ended: the last one.',
});

export const VERDICTS = ['done', 'not_done', 'retry'] as const;
export const VerdictBody = strict(
  {
    step: oneOf(PARTNER_STEPS, {
      description: 'The step that it is about: where it is at another one, nothing is said.',
    }),
    verdict: oneOf(VERDICTS, {
      description:
        'done: the step was done; not_done: it was not, and is not wanted any more (the partner is asked to roll it back, so that it is not done late); retry: it is asked for again.',
    }),
    reason: line(REASON_MAX, { description: `Why: 1 to ${REASON_MAX} characters.` }),
  },
  { [NAME]: 'PartnerExchangeVerdict' },
);

const Side = Type.Object({
  asset: AssetCode,
  platform: PlatformId,
  user: Optional(Type.String({ description: 'The user at the partner.' })),
  operation: Optional(
    Type.String({
      description: 'Under which id the partner is asked; left out: the points are here.',
    }),
  ),
});
const PartnerExchange = answer('PartnerExchange', {
  exchange: Type.String(),
  owner: User,
  receiver: Optional(User),
  status: oneOf(PARTNER_STATUSES, {
    description:
      '`pending_approval`: a second person decides. `retrying`: what came of the step is not known, or it cannot be done now; it is asked again. `completed`, `failed`: for ever.',
  }),
  step: Step,
  ...{ source: Side, target: Side, amount: Amount, fee: Count, result: Amount },
  ...{ submittedAt: Time, updatedAt: Time, until: Time, endedAt: Optional(Time) },
  history: Type.Array(Type.Object({ step: Step, answer: Type.String(), at: Time }), {
    description: 'What each step came to.',
  }),
  reason: Optional(Type.String({ description: 'Why it goes back, or has failed.' })),
  inconsistency: Optional(Type.String({ description: 'What does not agree, or did not.' })),
});
const MemberExchanges = answer('MemberPartnerExchanges', {
  owner: User,
  exchanges: Type.Array(PartnerExchange),
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
});
const Listed = answer('ListedPartnerExchange', {
  ...{ exchange: Type.String(), owner: User, receiver: Optional(User), submittedAt: Time },
  status: Optional(oneOf(PARTNER_STATUSES)),
  ...{ source: Optional(Side), target: Optional(Side) },
  ...{ amount: Optional(Amount), fee: Optional(Count), result: Optional(Amount) },
  ...{ updatedAt: Optional(Time), endedAt: Optional(Time), reason: Optional(Type.String()) },
  submittedBy: Optional(
    Type.String({ description: 'Who has submitted what a second person must agree to.' }),
  ),
});
const ListedExchanges = answer('PartnerExchanges', {
  exchanges: Type.Array(Listed),
  asOf: Optional(Type.String({ description: 'With `state`: up to which block of each shard.' })),
  behind: Optional(
    Type.Integer({ description: 'With `state`: blocks that were not looked at yet.' }),
  ),
  cursor: Optional(Type.String({ description: 'There may be more: ask with it.' })),
});

const EXCHANGE_BODY = flatAct(EXCHANGE, 'PartnerExchangeRequest');

export const exchangeDescription = (of: GatewayLimits): Description => ({
  tag: 'partners',
  summary: EXCHANGE.about,
  details:
    'One, an array, or lines, as transfers. Judged as `POST /v1/exchanges`; then it goes on by itself, step by step: `exchange` of `act.effects` is by what `GET /v1/partner-exchanges/{exchange}` tells how far it is. Of points that are here what is given is held, and nobody but the exchange can capture or release it (`HOLD_KEPT`). A repeat of the same id is told what was told (`replayed`).',
  query: batchQuery(of),
  body: Type.Union([EXCHANGE_BODY, Type.Array(EXCHANGE_BODY, { maxItems: of.batchItemsMax })]),
  takesKey: true,
  answers: batchAnswers,
  refusals: [...actRefusals(EXCHANGE), ...BATCHES],
});

const ofOne = (
  act: typeof APPROVE | typeof CANCEL,
  name: string,
  of: GatewayLimits,
): Description => ({
  tag: 'partners',
  summary: act.about,
  path: PATH,
  query: waiting(of),
  body: flatAct(act, name, 'exchange'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(act),
});
export const approveDescription = (of: GatewayLimits): Description =>
  ofOne(APPROVE, 'PartnerExchangeApproval', of);
export const cancelDescription = (of: GatewayLimits): Description => ({
  ...ofOne(CANCEL, 'PartnerExchangeCancel', of),
  details:
    'What was added at the target is not asked back: from `confirm_source_deduction` on it is too late.',
});

export const PARTNER_EXCHANGE_DESCRIPTIONS: Readonly<
  Record<'read' | 'list' | 'ofMember' | 'verdict', Description>
> = {
  read: {
    tag: 'partners',
    summary:
      'How far an exchange with a partner outside is: its status, step, and what each step came to.',
    details: 'Told for 400 days after it has ended.',
    path: PATH,
    answers: { 200: { summary: 'The exchange.', schema: PartnerExchange } },
    refusals: [...SHARDS, 'EXCHANGE_NOT_FOUND'],
  },
  ofMember: {
    tag: 'partners',
    summary: 'Exchanges with partners outside that a member has submitted, the newest first.',
    details: 'Told for 400 days after they have ended.',
    path: { owner: User },
    query: Type.Object({
      limit: Optional(
        whole(1, MEMBER_PAGE_MAX, {
          description: `1 to ${MEMBER_PAGE_MAX}; default ${MEMBER_PAGE_DEFAULT}.`,
        }),
      ),
      cursor: Optional(
        text('[0-9]{1,16}\\.px_[A-Za-z0-9]{1,32}', { description: 'From the page before.' }),
      ),
    }),
    answers: { 200: { summary: 'A page.', schema: MemberExchanges } },
    refusals: [...SHARDS, ...OWNERS, 'QUERY_INVALID'],
  },
  list: {
    tag: 'partners',
    summary: 'Exchanges with partners outside: those that have not ended, or those in a state.',
    details:
      'Without `state` those that are open, by their lists and ids, as they are at this moment. With it all that were ever submitted and stand so, the newest first, with what they are about, out of the register, which follows the log (`asOf`).',
    query: Type.Object({
      state: Optional(
        oneOf([...PARTNER_STATUSES, ...(['open', 'ended', 'any'] as const)], {
          description: '`ended`: completed or failed; `open`: neither.',
        }),
      ),
      partner: Optional(PlatformId),
      limit: Optional(
        whole(1, LISTED_MAX, { description: `With \`state\`: 1 to ${LISTED_MAX}; default 50.` }),
      ),
      cursor: Optional(
        text('[0-9]{1,15}\\.(?:px_[A-Za-z0-9]{1,32})?', { description: 'From the page before.' }),
      ),
    }),
    answers: { 200: { summary: 'A page.', schema: ListedExchanges } },
    refusals: [...SHARDS, 'QUERY_INVALID', 'CURSOR_INVALID'],
  },
  verdict: {
    tag: 'partners',
    summary:
      'An operator says what became of a step that nobody knows, or of which two systems say different things: the exchange goes on by that.',
    details:
      'It resolves the inconsistency that it has. Look at the partner first: what is said here is believed.',
    path: PATH,
    body: VerdictBody,
    takesKey: true,
    answers: { 200: { summary: 'The exchange.', schema: PartnerExchange } },
    refusals: [
      ...SHARDS,
      ...(['COMMAND_INVALID', 'EXCHANGE_NOT_FOUND', 'EXCHANGE_STEP_PAST'] as const),
      ...(['EXCHANGE_STATE_INVALID', 'RECORD_LIMIT', 'CHANGED_MEANWHILE', 'PREPARED'] as const),
    ],
  },
};
