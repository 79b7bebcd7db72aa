// Marks of risk outside, and reviews of what they stop. Owns: what is sent and answered about them. Never touches: what a mark stops, who may review.

import { limits, RISK_ACTIONS, RISK_KINDS, RISK_STATES } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct, strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Id,
  line,
  NAME,
  oneOf,
  REFUSED,
  Time,
  TimeText,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

export const MARK = callerAct('risk-mark');
export const LIFT = callerAct('risk-lift');

/** Of what is changed: nothing is made. */
const { 201: _, ...CHANGED } = DECIDED;
const CURSOR = Optional(Type.String({ description: 'From the page before.' }));
const NEXT = Optional(Type.String({ description: 'There may be more: ask with it.' }));
const COUNT = whole(0, limits.AMOUNT_MAX);
const MARK_PATH = {
  owner: User,
  mark: text(`(?!\\.{1,2}$)[A-Za-z0-9._:@/+=~-]{1,${limits.ID_LENGTH_MAX}}`, {
    [REFUSED]: 'ACT_BODY_INVALID',
    description: 'The name of the mark: the key of its rule, or what an operator calls it.',
  }),
};
const REASON = text('[A-Z][A-Z0-9_]{0,31}', { description: 'Why, as a word: `IP_MULTI_ACCOUNT`.' });
const Principal = Type.String({ description: 'By the credentials shown.' });

const MARKED = {
  mark: Id,
  reason: Type.String(),
  action: oneOf(RISK_ACTIONS, { description: 'What it does; `mark` stops nothing.' }),
  at: Time,
  seen: Time,
  until: Type.Union([Time, Type.Null()], { description: 'Null: until it is lifted.' }),
  by: Type.String({ description: 'Who says it, by the credentials shown; `engine`: a rule.' }),
  count: whole(1, limits.AMOUNT_MAX, { description: 'How often it was said.' }),
  version: Optional(COUNT),
  score: Optional(whole(0, 1_000, { description: 'How great the risk is, of 1,000.' })),
  evidence: Optional(Type.String({ description: 'What was seen: figures and digests.' })),
  kinds: Optional(
    Type.Array(oneOf(RISK_KINDS), { description: 'What it stops; left out: all kinds.' }),
  ),
  asset: Optional(AssetCode),
  over: Optional(COUNT),
};
const RiskMark = answer('RiskMark', MARKED);
const MarkedMember = answer('MarkedMember', {
  owner: User,
  ...MARKED,
  state: oneOf(RISK_STATES, {
    description:
      '`lifted`: somebody has lifted it, or a stronger one has taken its place; `ended`: its end has come.',
  }),
  liftedAt: Optional(Time),
});
const Review = answer('RiskReview', {
  review: Type.String(),
  owner: User,
  command: Type.Record(Type.String(), Type.Unknown(), { description: 'What was asked for.' }),
  by: Type.String({ description: 'Who asked, by the credentials shown.' }),
  at: Time,
  until: Time,
  state: oneOf(['open', 'agreed', 'rejected']),
  second: Optional(
    Type.Object(
      { by: Principal, at: Time, reason: Optional(Type.String()) },
      { description: 'Who has agreed to it, or rejected it.' },
    ),
  ),
  outcome: Optional(
    Type.String({
      description:
        '`ok`, or the code of a refusal. Left out: it was not carried out, or what came of it is not known yet: agree again.',
    }),
  ),
});
const Stopped = answer('StoppedCommand', {
  at: Time,
  code: Type.String(),
  what: Type.String({ description: 'The type of the command, or the name of the act.' }),
  id: Optional(Type.String()),
});

export const risksDescription: Description = {
  tag: 'operations',
  summary: 'Marks of risk on members, by member and name.',
  details:
    'Those that count, where `state` does not say otherwise. A mark is limited to `kinds` of what takes points, to an `asset`, and to more than `over` minor units. `behind`: blocks that were not looked at yet.',
  query: Type.Object({
    state: Optional(oneOf(RISK_STATES)),
    reason: Optional(REASON),
    action: Optional(oneOf(RISK_ACTIONS)),
    limit: Optional(whole(1, limits.REGISTER_PAGE_MAX)),
    cursor: CURSOR,
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('MarkedMembers', {
        risks: Type.Array(MarkedMember),
        asOf: Type.String(),
        behind: COUNT,
        cursor: NEXT,
      }),
    },
  },
  refusals: [...SHARDS, 'CURSOR_INVALID', 'QUERY_INVALID'],
};

export const memberRisksDescription: Description = {
  tag: 'accounts',
  summary: 'Marks of risk on a member, what they have stopped, and devices that are known of it.',
  path: { owner: User },
  answers: {
    200: {
      summary: 'What is known.',
      schema: answer('MemberRisks', {
        owner: User,
        marks: Type.Array(RiskMark, { description: 'Those that count.' }),
        quiet: Type.Record(Type.String(), Time, {
          description: 'Rules that do not mark this member again before a time.',
        }),
        devices: Type.Array(Type.Object({ device: Type.String(), first: COUNT, last: Time }), {
          description:
            'Keyed digests of devices that have acted for the member, and when first (0: the first of all) and last.',
        }),
        stopped: whole(0, limits.AMOUNT_MAX, {
          description: 'How often marks have stopped something, since `since`.',
        }),
        since: Optional(Time),
        last: Type.Array(Stopped, { description: 'What was stopped last, the newest first.' }),
        reviews: Type.Array(Review, { description: 'What waits for a review.' }),
      }),
    },
  },
  refusals: [...SHARDS, ...OWNERS],
};

export const markDescription = (of: GatewayLimits): Description => ({
  tag: 'accounts',
  summary: 'Mark a member as a risk, or renew the mark of this name.',
  details:
    'What takes points of the member, or gives goods for them, is refused from then on (`RISK_REFUSED`), waits for a review (202, `GET /v1/reviews`), or takes a second factor (`SECOND_FACTOR_REQUIRED`: a platform says with `Jifen-Second-Factor: proved` that the member has proved one; a member proves it by a one-time code, `POST /v1/members/{owner}/second-factor/proof`). A dry run tells the same.',
  path: MARK_PATH,
  query: waiting(of),
  body: flatAct(MARK, 'NewRiskMark', 'owner', 'mark'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(MARK),
});

export const liftDescription = (of: GatewayLimits): Description => ({
  tag: 'accounts',
  summary: 'Lift a mark of risk.',
  details: 'With `quietUntil` its rule does not mark the member again before that time.',
  path: MARK_PATH,
  query: Type.Object({
    ...waiting(of).properties,
    reason: line(limits.RISK_REASON_LENGTH_MAX, { description: 'Why, for whoever asks later.' }),
    quietUntil: Optional(TimeText as never as ReturnType<typeof text>),
  }),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(LIFT),
});

const REVIEW_PATH = {
  review: text('[0-9a-f]{24}', {
    [REFUSED]: 'REVIEW_NOT_FOUND',
    description: 'By what the review is known.',
  }),
};
const REVIEW_REFUSALS = [...SHARDS, 'REVIEW_NOT_FOUND'] as const;

export const reviewsDescription: Description = {
  tag: 'operations',
  summary: 'What marks of risk have wait for a review, what waits longest first.',
  query: Type.Object({
    state: Optional(oneOf(['open', 'agreed', 'rejected'])),
    owner: Optional(User),
  }),
  answers: {
    200: {
      summary: 'The reviews.',
      schema: answer('RiskReviews', { reviews: Type.Array(Review) }),
    },
  },
  refusals: SHARDS,
};
export const reviewDescription: Description = {
  tag: 'operations',
  summary: 'A review of what a mark of risk has stopped.',
  details: 'For who asked, too.',
  path: REVIEW_PATH,
  answers: { 200: { summary: 'The review.', schema: Review } },
  refusals: REVIEW_REFUSALS,
};
export const agreeDescription: Description = {
  tag: 'operations',
  summary: 'Agree to what waits for a review: it is carried out.',
  details:
    'Under its own id and by the permissions of who asked, once, judged like any command; a mark that refuses refuses it. Who agrees must have shown other credentials than who asked (`APPROVAL_REQUIRED`). Asked for again, what is not through goes on.',
  path: REVIEW_PATH,
  answers: { 200: { summary: 'What came of it.', schema: Review } },
  refusals: [...REVIEW_REFUSALS, 'APPROVAL_REQUIRED', 'PROPOSAL_OVER', 'CHANGED_MEANWHILE'],
};
export const ReviewRejection = strict(
  {
    reason: Optional(
      line(limits.ACCOUNT_REASON_LENGTH_MAX, { description: 'Why, for whoever asks later.' }),
    ),
  },
  { [NAME]: 'ReviewRejection' },
);
export const rejectDescription: Description = {
  tag: 'operations',
  summary: 'Reject what waits for a review: it is not carried out.',
  path: REVIEW_PATH,
  body: ReviewRejection,
  answers: { 200: { summary: 'It was rejected.', schema: Review } },
  refusals: [...REVIEW_REFUSALS, 'APPROVAL_REQUIRED', 'PROPOSAL_OVER', 'CHANGED_MEANWHILE'],
};
