// What is looked up of the whole ledger, outside: members, whatever somebody has in hand, what happened, what waits. Owns: what is asked and answered, what
// the routes say of themselves. Never touches: how it is found.

import { limits } from '../../engine/index.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { AnyTime } from './ledger-descriptions.js';
import { ToldNotice } from './notices.js';
import { LISTED_ORDER, ReceiverBody } from './orders.js';
import { AnyProblem, answer, HistoryEntry } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Change,
  Count,
  DefinitionKey,
  KnownId,
  oneOf,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

/** Characters of what is searched for. */
const SEARCH_LENGTH_MAX = 128;
/** Members whose names begin so, of one search. */
export const SEARCH_LIMIT_DEFAULT = 10;
const SEARCH_LIMIT_MAX = 100;
/** Items of one page of a member's time. */
export const TIMELINE_LIMIT_DEFAULT = 50;
const TIMELINE_LIMIT_MAX = 200;

/** What something that is found is. */
const FOUND = [
  'member',
  'system-owner',
  'user',
  'sign-in',
  'contact',
  'order',
  'coupon',
  'card',
  'referral-code',
  'event',
  'transfer',
  'hold',
  'reversal',
  'exchange',
  'act',
  'command',
  'partner-exchange',
  'definition',
  'platform',
] as const;
export type FoundType = (typeof FOUND)[number];
/** What may wait for a second person. `rate`: a definition that rates of exchange follow from. */
const APPROVALS = ['adjustment', 'partner-exchange', 'review', 'rate', 'definition'] as const;
export type ApprovalType = (typeof APPROVALS)[number];
/** What an item of a member's time is. */
const ITEMS = ['command', 'entry', 'notice'] as const;
export type ItemType = (typeof ITEMS)[number];

const moment = (description: string) => whole(0, limits.TIME_MAX_MS, { description });
const counted = (description: string) => whole(0, limits.AMOUNT_MAX, { description });
const KEY = `[A-Za-z0-9._:@/+=~-]{1,${limits.ID_LENGTH_MAX}}`;
const USERS = `[A-Za-z0-9._:-]{1,${limits.OWNER_LENGTH_MAX}}`;
const CURSOR = Optional(Type.String({ description: 'From the page before.' }));
const NEXT = Optional(Type.String({ description: 'There may be more: ask with it.' }));
const BEHIND = counted(
  'Blocks of the logs that the register has not looked at. Many: it is read for the first time, and what is told is not all yet.',
);
const page = (most: number, usual: number) =>
  Optional(whole(1, most, { description: `1 to ${most}; default ${usual}.` }));

const Account = answer('ListedAccount', {
  asset: AssetCode,
  available: Change,
  held: Count,
  frozen: Type.Boolean(),
  closed: Type.Boolean(),
});

export const membersDescription: Description = {
  tag: 'accounts',
  summary: 'All members, by name: those whose names begin so, page by page.',
  details:
    'Whoever has ever had an entry, or done something that was carried out. The register of them begins with the first question of its kind and is read from the logs: `behind`.',
  query: Type.Object({
    prefix: Optional(
      text(USERS, {
        description: 'Only those whose names begin so.',
      }),
    ),
    limit: page(limits.REGISTER_PAGE_MAX, limits.REGISTER_PAGE_DEFAULT),
    cursor: CURSOR,
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('MembersPage', {
        members: Type.Array(
          answer('ListedMember', {
            owner: User,
            since: moment('When it was first seen.'),
            accounts: Type.Array(Account, { description: 'As they are now.' }),
          }),
        ),
        asOf: Type.String({ description: 'Up to which block of each shard names are known.' }),
        behind: BEHIND,
        cursor: NEXT,
      }),
    },
  },
  refusals: [...SHARDS, 'CURSOR_INVALID', 'QUERY_INVALID'],
};

export const searchDescription: Description = {
  tag: 'accounts',
  summary: 'Whatever somebody has in hand: a name, an id, a number, a code.',
  details:
    'Looked for at once: members by name, and those whose names begin so; users of platforms (`system:user` of any system); login names; phone numbers and mail addresses that members sign in with or can be reached at; order numbers; codes of coupons, cards and referrals; ids of commands (events, transfers, exchanges), whoever’s they are; exchanges with partners; keys of definitions; platforms. What is not a name is found whole only: of codes and addresses digests are kept. Exact matches come first.',
  query: Type.Object({
    q: Type.String({
      minLength: 1,
      maxLength: SEARCH_LENGTH_MAX,
      description: 'What is searched for.',
    }),
    limit: page(SEARCH_LIMIT_MAX, SEARCH_LIMIT_DEFAULT),
  }),
  answers: {
    200: {
      summary: 'What is found.',
      schema: answer('SearchResults', {
        results: Type.Array(
          answer('SearchResult', {
            type: oneOf(FOUND),
            match: oneOf(['exact', 'prefix']),
            owner: Optional(
              Type.String({ description: 'Whose it is; of a command its home owner.' }),
            ),
            key: Optional(
              Type.String({
                description: 'By what it is asked for: an id, a number, a code, a key.',
              }),
            ),
            system: Optional(Type.String({ description: 'Of a user: where it is called so.' })),
            kind: Optional(
              Type.String({ description: 'Of a definition its kind; of a coupon its campaign.' }),
            ),
            programme: Optional(Type.String()),
            act: Optional(Type.String({ description: 'Of a command: the name of the act.' })),
            state: Optional(
              Type.String({ description: 'Of a command `ok`, `PREPARED` or why it was refused.' }),
            ),
            at: Optional(Time),
          }),
        ),
        behind: BEHIND,
      }),
    },
  },
  refusals: [...SHARDS, 'QUERY_INVALID'],
};

const Item = answer('TimelineItem', {
  type: oneOf(ITEMS, {
    description:
      '`entry`: the ledger did it by itself, an expiry for example. `notice`: the member was told something.',
  }),
  at: Time,
  shard: Optional(whole(0, limits.SHARDS_MAX - 1)),
  seq: Optional(Count),
  id: Optional(KnownId),
  isOwn: Optional(
    Type.Boolean({
      description: 'The member is its home owner: `GET /v1/accounts/{owner}/transfers/{id}`.',
    }),
  ),
  operation: Optional(Type.String({ description: 'The type of the command.' })),
  act: Optional(Type.String({ description: 'The name of the act.' })),
  body: Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'What was asked, where the member is its home owner.',
    }),
  ),
  kind: Optional(Type.String()),
  ref: Optional(Type.String()),
  memo: Optional(Type.String()),
  by: Optional(
    Type.String({ description: 'Who asked, by the credentials shown; left out: not known.' }),
  ),
  outcome: Optional(
    Type.String({ description: '`ok`; `PREPARED`: not decided yet; or why it was refused.' }),
  ),
  problem: Optional(AnyProblem),
  entries: Type.Array(HistoryEntry, { description: 'What it did to accounts of the member.' }),
  effects: Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  why: Optional(Type.Record(Type.String(), Type.Unknown())),
  remaining: Optional(counted('Minor units of it that are not reversed.')),
  notice: Optional(ToldNotice),
});

export const timelineDescription: Description = {
  tag: 'accounts',
  summary: 'What happened to a member, all of it, the newest first, with why.',
  details:
    'Entries of all accounts, what left none (an event that earned nothing, an account frozen, a tier by hand, what was refused for good), and notices. What one command did is one item. Takes `read`, too.',
  path: { owner: User },
  query: Type.Object({
    from: Optional(AnyTime),
    to: Optional(AnyTime),
    limit: page(TIMELINE_LIMIT_MAX, TIMELINE_LIMIT_DEFAULT),
    cursor: CURSOR,
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('Timeline', {
        owner: User,
        items: Type.Array(Item),
        behind: BEHIND,
        cursor: NEXT,
      }),
    },
  },
  refusals: [...SHARDS, ...OWNERS, 'CURSOR_INVALID', 'QUERY_INVALID'],
};

const Side = Type.Record(Type.String(), Type.Unknown());
const Approval = answer('Approval', {
  type: oneOf(APPROVALS),
  at: moment('Since when it waits.'),
  by: Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: 'Who proposed it, by the credentials shown; somebody else must agree.',
    }),
  ),
  until: Optional(moment('Then it counts no more.')),
  kind: Optional(Type.String({ description: 'Of a definition.' })),
  key: Optional(DefinitionKey),
  version: Optional(counted('Of the draft.')),
  active: Optional(counted('The version that decides now.')),
  document: Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'What it would say; left out: it would end.',
    }),
  ),
  owner: Optional(User),
  case: Optional(Type.String({ description: 'Of an adjustment: under what two people agree.' })),
  id: Optional(KnownId),
  correction: Optional(DefinitionKey),
  give: Optional(Count),
  take: Optional(Count),
  asset: Optional(AssetCode),
  reason: Optional(Type.String()),
  operator: Optional(Type.String()),
  review: Optional(Type.String({ description: 'Of what a mark of risk has stopped.' })),
  command: Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'What is to be reviewed.' }),
  ),
  exchange: Optional(Type.String({ description: 'Of an exchange with a partner.' })),
  source: Optional(Side),
  target: Optional(Side),
});

export const approvalsDescription: Description = {
  tag: 'operations',
  summary: 'All that waits for a second person.',
  details:
    'Adjustments (agreed to by the same `adjust` under the same `case`, withdrawn by reversing `id`), exchanges with partners (`POST /v1/partner-exchanges/{exchange}/approve`), what marks of risk have wait (`POST /v1/reviews/{review}/agree`), drafts of definitions and of what rates follow from (agreed to by saying the same as active). A page may have little in it, and a cursor.',
  query: Type.Object({ type: Optional(oneOf(APPROVALS)), cursor: CURSOR }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('Approvals', {
        approvals: Type.Array(Approval),
        behind: BEHIND,
        cursor: NEXT,
      }),
    },
  },
  refusals: [...SHARDS, 'CURSOR_INVALID', 'QUERY_INVALID'],
};

export const eventsDescription: Description = {
  tag: 'programmes',
  summary: 'Events as they were reported, of all members, the newest first.',
  details:
    'By programme, type, member or time. A page that looked at much of the logs has a `cursor`, although it may have found less than `limit`. Takes `read`, too.',
  query: Type.Object({
    programme: Optional(text(KEY, { description: 'Only of this programme.' })),
    type: Optional(text(KEY, { description: 'Only of this type.' })),
    owner: Optional(text(USERS, { description: 'Only of this member.' })),
    from: Optional(AnyTime),
    to: Optional(AnyTime),
    limit: page(limits.AUDIT_PAGE_MAX, limits.AUDIT_PAGE_DEFAULT),
    cursor: CURSOR,
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('EventsPage', {
        events: Type.Array(
          answer('ListedEvent', {
            owner: User,
            event: KnownId,
            programme: Type.String(),
            type: Type.String(),
            time: moment('When it was decided.'),
            at: moment('When it happened.'),
            outcome: Type.String({ description: '`ok`, `PREPARED`, or why it was refused.' }),
            earned: Optional(counted('Minor units that it brought its member.')),
            by: Type.String({ description: 'Who reported it, by the credentials shown.' }),
          }),
        ),
        cursor: NEXT,
      }),
    },
  },
  refusals: [...SHARDS, 'CURSOR_INVALID', 'QUERY_INVALID'],
};

const WaitingOrder = answer('WaitingOrder', {
  ...LISTED_ORDER,
  open: counted('Pieces that are neither sent nor cancelled.'),
  receiver: Optional(ReceiverBody),
});
const FULFILMENT = {
  programme: Optional(text(KEY, { description: 'Only of this programme.' })),
  goods: Optional(text(KEY, { description: 'Only of these goods.' })),
  from: Optional(AnyTime),
  to: Optional(AnyTime),
  order: Optional(oneOf(['newest', 'oldest'], { description: 'Default the oldest first.' })),
};
const NO_FULFILMENT = [
  ...SHARDS,
  'DEFINITION_NOT_FOUND',
  'CURSOR_INVALID',
  'QUERY_INVALID',
] as const;

export const FULFILMENT_DESCRIPTIONS: Readonly<Record<'page' | 'csv', Description>> = {
  page: {
    tag: 'mall',
    summary: 'Orders that wait to be sent, with where they go to: the oldest first.',
    details:
      'What is committed is seen a moment later. Who may not `adjust` sees receivers masked. A page may be short of `limit`, and have a cursor.',
    query: Type.Object({
      ...FULFILMENT,
      limit: page(limits.ORDER_PAGE_MAX, limits.ORDER_PAGE_DEFAULT),
      cursor: CURSOR,
    }),
    answers: {
      200: {
        summary: 'A page.',
        schema: answer('FulfilmentPage', {
          orders: Type.Array(WaitingOrder),
          asOf: Type.String(),
          cursor: NEXT,
        }),
      },
    },
    refusals: NO_FULFILMENT,
  },
  csv: {
    tag: 'mall',
    summary: 'The same as a file: CSV, the first 10,000.',
    details: 'Texts that a spreadsheet would take for formulas have an apostrophe before them.',
    query: Type.Object(FULFILMENT),
    answers: { 200: { summary: 'A line for each.', type: 'text/csv' } },
    refusals: NO_FULFILMENT,
  },
};

const Day = answer('CampaignDay', {
  day: Type.String({ description: 'Of the programme’s zone: `2027-01-31`.' }),
  from: moment('When it begins.'),
  points: Type.Integer({
    description: 'Minor units that rules have paid, less what was given back since.',
  }),
  cost: Type.Integer({ description: 'What of that the campaign has added.' }),
  times: counted('How often rules have paid, whatever was given back.'),
  back: Type.Integer({ description: 'What the campaign had added and was given back since.' }),
});

export const campaignCostDescription: Description = {
  tag: 'definitions',
  summary: 'What a campaign has cost so far, day by day, and what it will have by its end.',
  details:
    'What it has added to what rules paid: points and what is left of them when its factor is taken away, limits left aside; less what was given back since, which is taken off the day of its event. The forecast goes by the days that are over: their average for each that is left, more or less a standard deviation.',
  path: { campaign: DefinitionKey },
  answers: {
    200: {
      summary: 'The cost.',
      schema: answer('CampaignCost', {
        campaign: DefinitionKey,
        programme: Type.String(),
        asset: Type.String(),
        state: oneOf(['planned', 'running', 'over']),
        from: Time,
        to: Time,
        asOf: Type.String({ description: 'Up to which block of each shard.' }),
        behind: BEHIND,
        cost: Type.Integer({ description: 'Minor units, all days together.' }),
        points: Type.Integer(),
        back: Type.Integer({ description: 'Given back since: no part of `cost`.' }),
        events: counted('Events while it counted for their members.'),
        members: counted('Whose they were.'),
        days: Type.Array(Day),
        forecast: Optional(
          answer('CampaignForecast', {
            cost: Type.Integer(),
            low: Type.Integer(),
            high: Type.Integer(),
            days: counted('Whole days that it goes by.'),
            left: Type.Number({ description: 'Days that are left.' }),
          }),
        ),
      }),
    },
  },
  refusals: [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'ZONE_UNKNOWN'],
};

const Shard = answer('ShardStatus', {
  shard: whole(0, limits.SHARDS_MAX - 1),
  isHere: Type.Boolean({ description: 'Of the node that is asked; of others no more is told.' }),
  seq: Optional(counted('The last block.')),
  durableSeq: Optional(Count),
  checkpointSeq: Optional(counted('The block that the last checkpoint has.')),
  checkpointLagBytes: Optional(counted('Of the log, that a restart would replay.')),
  mailboxDepth: Optional(Count),
  mailboxMax: Optional(counted('From so many on commands are refused.')),
  openTransfers: Optional(counted('Commands between shards that are not decided.')),
  followUps: Optional(counted('What acts have caused and is not delivered yet.')),
  feedSubscriptions: Optional(Count),
  feedLagBlocks: Optional(Count),
  movedAt: Optional(moment('When points moved last; 0: never since the start.')),
  accounts: Optional(counted('In memory.')),
  cacheBytes: Optional(Count),
  commands: Optional(Count),
  blocks: Optional(Count),
  commitMsMax: Optional(Type.Number()),
  clockBehindMs: Optional(Type.Number()),
  logBytes: Optional(Count),
  stateBytes: Optional(Count),
  isConnected: Optional(Type.Boolean({ description: 'To NATS.' })),
});

export const statusDescription: Description = {
  tag: 'operations',
  summary:
    'How the ledger is: shards, log positions, checkpoints, nodes, readers of the log, backups.',
  details:
    'Of the node that is asked. What does not answer within 2 s is left out. `followers`: what reads the logs beside the shards: projections by name, webhooks and channels by their ids. How each component is judged: `GET /health`.',
  answers: {
    200: {
      summary: 'Figures.',
      schema: answer('Status', {
        at: Time,
        version: Type.String(),
        startedAt: Time,
        ready: Type.Boolean(),
        reasons: Type.Array(Type.String(), { description: 'Why it is not.' }),
        shards: Type.Array(Shard),
        disk: Optional(
          answer('DiskStatus', { bytes: Count, freeBytes: Count, freeBytesMin: Count }),
        ),
        bus: Optional(
          answer('BusStatus', {
            isConnected: Type.Boolean({ description: 'To NATS.' }),
            sent: Count,
            received: Count,
            dropped: Count,
          }),
        ),
        nodes: Type.Array(
          answer('NodeStatus', {
            node: Type.String(),
            clockAheadMs: Optional(
              Type.Number({ description: 'Left out: nothing was heard of it.' }),
            ),
          }),
          { description: 'The other nodes.' },
        ),
        followers: Type.Array(
          answer('FollowerStatus', {
            name: Type.String(),
            halted: Optional(Type.String()),
            lagBlocks: Optional(Count),
            lagMs: Optional(Type.Number()),
            positions: Optional(
              Type.Array(answer('FollowerPosition', { shard: Count, seq: Count })),
            ),
          }),
        ),
        reports: Optional(
          answer('ReportsStatus', {
            state: Type.String(),
            reason: Optional(Type.String()),
            lagBlocks: Optional(Count),
            lagMs: Optional(Type.Number()),
          }),
        ),
        backups: Type.Array(
          answer('MadeBackup', {
            to: Type.String(),
            at: Time,
            by: Optional(Type.String()),
            shards: Type.Array(Count),
            seqs: Type.Array(Count),
          }),
          { description: 'Those that a server has made, the newest first.' },
        ),
      }),
    },
  },
  refusals: [...SHARDS],
};
