// Events and members of a programme outside. Owns: what is sent and answered about them. Never touches: what an event earns.

import { type Act, CALLER_ACTS, limits } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals, BATCHES } from './acts.js';
import { flatAct } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { batchAnswers, batchQuery, DECIDED, waiting } from './ledger-descriptions.js';
import { AnyProblem, answer, REMAINING } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Count,
  DefinitionKey,
  KnownId,
  NewId,
  oneOf,
  refusedAs,
  Time,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

/** An act by its name: one that callers may ask for. */
export function callerAct(name: string): Act {
  const act = CALLER_ACTS.get(name);
  if (act === undefined) throw new Error(`there is no act ${name}`);
  return act;
}

const EVENT = callerAct('event');
const RETURN = callerAct('return-event');
const PROFILE = callerAct('set-profile');
const TIER = callerAct('grant-tier');

const Key = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The programme.');
const Things = Type.Record(Type.String(), Type.Unknown());
const Amount = whole(0, limits.AMOUNT_MAX, { description: 'Minor units.' });
const Tier = Type.Union([DefinitionKey, Type.Null()]);
const Span = oneOf(['day', 'week', 'month', 'year', 'ever']);

const TaskState = answer('TaskState', {
  task: DefinitionKey,
  event: Type.String({ description: 'The type of events.' }),
  span: Span,
  isDone: Type.Boolean(),
  done: Count,
  need: Count,
  reward: Amount,
  days: Optional(
    whole(0, limits.AMOUNT_MAX, { description: 'Days in a row, up to today or yesterday.' }),
  ),
});
const RuleCount = answer('RuleCount', {
  rule: DefinitionKey,
  event: Type.String(),
  span: Span,
  times: Optional(Count),
  limitTimes: Optional(Count),
  points: Optional(Amount),
  limitPoints: Optional(Amount),
});
const CampaignState = answer('CampaignState', {
  campaign: DefinitionKey,
  multiplier: whole(1, limits.AMOUNT_MAX, { description: 'Percent.' }),
  to: Time,
  taken: Count,
});
const Gifts = answer('GiftState', {
  points: whole(0, limits.AMOUNT_MAX, { description: 'Given today, where there is a limit.' }),
  times: whole(0, limits.AMOUNT_MAX, { description: 'Likewise, how often.' }),
  mostEach: Optional(Amount),
  mostPoints: Optional(Amount),
  mostTimes: Optional(Count),
  until: whole(0, limits.TIME_MAX_MS, { description: 'When the next day begins.' }),
});
const Goal = answer('Goal', {
  goal: oneOf(['tier', 'task', 'days']),
  key: DefinitionKey,
  points: Optional(
    whole(0, limits.AMOUNT_MAX, { description: 'A tier: so much more of what counts for tiers.' }),
  ),
  event: Optional(Type.String({ description: 'A task: by events of this type.' })),
  events: Optional(whole(1, limits.AMOUNT_MAX, { description: 'So many of them.' })),
  of: Optional(Type.String({ description: 'The attribute of them that is summed.' })),
  amount: Optional(whole(1, limits.AMOUNT_MAX, { description: 'So much of it.' })),
  days: Optional(whole(1, limits.AMOUNT_MAX, { description: 'One on so many days in a row.' })),
  reward: Optional(Amount),
  badge: Optional(Type.Boolean({ description: 'It gives a badge, too.' })),
  until: Optional(whole(0, limits.TIME_MAX_MS, { description: 'Before then.' })),
});
const MemberState = answer('MemberState', {
  owner: User,
  programme: DefinitionKey,
  asset: AssetCode,
  time: Time,
  mergedInto: Optional(User),
  tier: Tier,
  progress: whole(0, limits.AMOUNT_MAX, { description: 'What counts for tiers, in minor units.' }),
  next: Tier,
  needed: whole(0, limits.AMOUNT_MAX, { description: 'What is lacking for the next tier.' }),
  percent: whole(0, 100),
  granted: Optional(
    Type.Object(
      { tier: DefinitionKey, until: Type.Union([Time, Type.Null()]) },
      { description: 'A tier by hand; until null: for ever.' },
    ),
  ),
  tiers: Type.Array(Type.Object({ from: Time, tier: Type.String() }), {
    description: 'Changes of tier, the newest last.',
  }),
  profile: Things,
  tasks: Type.Array(TaskState),
  counts: Type.Array(RuleCount, { description: 'Limits of rules of which something is used up.' }),
  campaigns: Type.Array(CampaignState, { description: 'Those that are on.' }),
  gifts: Optional(Gifts),
  badges: Type.Array(answer('Badge', { task: DefinitionKey, times: Count }), {
    description: 'By task, how often it was done; of tasks that are no more, too.',
  }),
  goals: Type.Array(Goal, {
    description: 'What is next: what is lacking for the next tier, each task and step of days.',
  }),
});

const EVENT_FIELDS = {
  owner: User,
  event: KnownId,
  programme: DefinitionKey,
  type: Type.String(),
};
const EventRecord = answer('EventRecord', {
  ...EVENT_FIELDS,
  state: oneOf(['posted', 'refused', 'prepared']),
  time: whole(0, limits.TIME_MAX_MS, { description: 'When it was decided.' }),
  at: whole(0, limits.TIME_MAX_MS, { description: 'When it happened.' }),
  attributes: Things,
  lines: Optional(Type.Array(Things)),
  earned: Amount,
  effects: Type.Array(Things, { description: 'What was done, each with its `type`.' }),
  why: Things,
  ...REMAINING,
  problem: Optional(AnyProblem),
});
const Explanation = answer('Explanation', {
  ...EVENT_FIELDS,
  lang: oneOf(['zh', 'en']),
  earned: Amount,
  lines: Type.Array(Type.String(), { description: 'The same in words.' }),
  decided: Type.Array(
    answer('DecidedBy', {
      kind: oneOf(['rule', 'task', 'tier', 'campaign']),
      key: DefinitionKey,
      version: Count,
      name: Optional(Type.String()),
      left: Optional(
        Type.Object(
          { limit: Optional(Amount), budget: Optional(Amount) },
          {
            description:
              'What was left of what limited it, in minor units: of its limit (0: it was reached), of its budget.',
          },
        ),
      ),
    }),
    { description: 'The definitions that decided, with their names where they have some.' },
  ),
  why: Things,
});

const ReferralCode = answer('ReferralCode', {
  programme: DefinitionKey,
  code: Type.String({ description: 'In capitals.' }),
  owner: User,
  since: whole(0, limits.TIME_MAX_MS, { description: 'Since when the owner is a member.' }),
  until: whole(0, limits.TIME_MAX_MS, { description: 'Until when it can be used.' }),
  referredBy: Type.Union([User, Type.Null()]),
});

/** Of what is changed: nothing is made. */
const { 201: _, ...CHANGED } = DECIDED;
const OF_OWNER = { owner: User };
const OF_EVENT = { owner: User, event: KnownId };
const IN_PROGRAMME = Type.Object({ programme: Key });
const READ = [...SHARDS, ...OWNERS] as const;

/** Bodies of the routes. */
const EventBody = flatAct(EVENT, 'MemberEvent');

export const eventsDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Report what members did: what each event earns, the rules decide in the commit.',
  details:
    'One, an array, or lines, as transfers. The answer says what was done (`act.effects`) and why; a dry run says what would be.',
  query: batchQuery(of),
  body: Type.Union([EventBody, Type.Array(EventBody, { maxItems: of.batchItemsMax })]),
  takesKey: true,
  answers: batchAnswers,
  refusals: [...actRefusals(EVENT), ...BATCHES],
});

export const returnDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'A member gives back what an event was about: by line, quantity or amount, or all.',
  path: { event: refusedAs('ACT_BODY_INVALID', NewId, 'The id of the event.') },
  query: waiting(of),
  body: flatAct(RETURN, 'EventReturn', 'event'),
  takesKey: true,
  answers: DECIDED,
  refusals: actRefusals(RETURN),
});

export const memberDescription: Description = {
  tag: 'programmes',
  summary: 'A member of a programme: tier and progress, profile, tasks of now, what limits count.',
  details: 'A user who has done nothing yet is one, too.',
  path: OF_OWNER,
  query: IN_PROGRAMME,
  answers: { 200: { summary: 'The member.', schema: MemberState } },
  refusals: [...READ, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'DEFINITIONS_UNCONFIRMED'],
};

export const referralCodeDescription: Description = {
  tag: 'programmes',
  summary: 'What a referral code says: whose it is, until when it can be used.',
  details:
    'Who uses it (`POST /v1/acts/refer`) need not know this: the code is enough, in capitals or small letters.',
  path: {
    code: Type.String({ pattern: '^[A-HJ-NP-Za-hj-np-z2-9]{6}$', description: 'The code.' }),
  },
  query: IN_PROGRAMME,
  answers: { 200: { summary: 'The code.', schema: ReferralCode } },
  refusals: [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'REFERRAL_CODE_UNKNOWN'],
};

export const profileDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Say what is known of a member; what is not named stays as it is.',
  path: OF_OWNER,
  query: waiting(of),
  body: flatAct(PROFILE, 'MemberProfile', 'owner'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(PROFILE),
});

export const tierDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Give a member a tier by hand, for a time.',
  path: OF_OWNER,
  query: waiting(of),
  body: flatAct(TIER, 'MemberTier', 'owner'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(TIER),
});

export const noTierDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Take back the tier that a member was given by hand.',
  path: OF_OWNER,
  query: Type.Object({ ...waiting(of).properties, ...IN_PROGRAMME.properties }),
  answers: CHANGED,
  refusals: [...actRefusals(TIER), 'DEFINITION_KEY_INVALID'],
});

export const eventDescription: Description = {
  tag: 'programmes',
  summary: 'An event of a member: what it earned, and why.',
  path: OF_EVENT,
  answers: { 200: { summary: 'The event.', schema: EventRecord } },
  refusals: [...READ, 'ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID', 'EVENT_NOT_FOUND'],
};

export const whyDescription: Description = {
  tag: 'programmes',
  summary: 'Why an event earned what it did, in words.',
  details:
    'Made from what was logged with the decision: for ever the same. `Accept: text/plain` gets the words alone.',
  path: OF_EVENT,
  query: Type.Object({
    lang: Optional(oneOf(['zh', 'en'], { description: 'The language; default: en.' })),
  }),
  answers: { 200: { summary: 'Why.', schema: Explanation } },
  refusals: [...READ, 'ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID', 'EVENT_NOT_FOUND'],
};
