// What members are told of what there is for them, and of themselves. Owns: what it looks like. Never touches: what there is.

import { limits } from '../../engine/index.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Count,
  DefinitionKey,
  NewUser,
  oneOf,
  PlatformId,
  Time,
  User,
  whole,
  Zone,
} from './words.js';

const { Optional } = Type;
const Words = {
  name: Optional(Type.String({ description: 'What it is called.' })),
  description: Optional(Type.String({ description: 'What is told of it.' })),
};
const Amount = whole(0, limits.AMOUNT_MAX, { description: 'Minor units.' });
const OwnPlatform = answer('OwnPlatform', {
  platform: PlatformId,
  name: Type.String(),
  assets: Type.Array(AssetCode, { description: 'The first is its own.' }),
});
const OwnAsset = answer('OwnAsset', {
  asset: AssetCode,
  scale: whole(0, limits.SCALE_MAX, { description: 'Digits after the point.' }),
  platform: Optional(PlatformId),
  coalition: Optional(
    Type.String({ description: 'In which its points are exchanged: `GET /v1/exchange-rates`.' }),
  ),
});
const OwnEvent = answer('OwnEvent', {
  type: Type.String({ description: 'Reported by `POST /v1/events` with `own: true`.' }),
  perDay: whole(1, limits.OWN_EVENTS_MAX, { description: 'How often in a day.' }),
  attributes: Type.Record(Type.String(), oneOf(['integer', 'text', 'boolean', 'list']), {
    description: 'What the member may say of it.',
  }),
  ...Words,
});
const OwnLottery = answer('OwnLottery', {
  lottery: DefinitionKey,
  ...Words,
  cost: Amount,
  from: Optional(Time),
  to: Optional(Time),
  cooldownSeconds: Optional(Count),
  dailyLimit: Optional(Count),
  prizes: Type.Array(
    Type.Object({
      prize: Type.String(),
      name: Words.name,
      weight: whole(1, limits.AMOUNT_MAX, { description: 'Of all weights together.' }),
    }),
  ),
});
const OwnProgramme = answer('OwnProgramme', {
  programme: DefinitionKey,
  asset: AssetCode,
  zone: Zone,
  ...Words,
  platform: Optional(PlatformId),
  hasGoods: Type.Boolean(),
  events: Type.Array(OwnEvent, { description: 'What a member may report of itself.' }),
  signIn: Optional(
    Type.Object(
      { type: Type.String(), task: Optional(DefinitionKey) },
      { description: 'The event of the sign-in of a day, and the task that counts days in a row.' },
    ),
  ),
  lotteries: Type.Array(OwnLottery),
  boards: Type.Array(
    Type.Object({
      board: DefinitionKey,
      counts: Optional(Type.String()),
      period: Type.String(),
      ...Words,
    }),
  ),
  tiers: Type.Array(Type.Object({ tier: DefinitionKey, from: Amount, ...Words })),
  tasks: Type.Array(
    Type.Object({
      task: DefinitionKey,
      event: Type.String(),
      span: Optional(Type.String()),
      steps: Optional(
        Type.Array(Type.Array(Count), { description: 'From how many days in a row on, how much.' }),
      ),
      badge: Optional(Type.Boolean()),
      ...Words,
    }),
  ),
  offers: Type.Array(
    Type.Object({
      offer: DefinitionKey,
      points: Amount,
      from: Optional(Time),
      to: Optional(Time),
      ...Words,
    }),
  ),
  gifting: Optional(
    Type.Object({
      mostPoints: Optional(Amount),
      mostTimes: Optional(Count),
      mostEach: Optional(Amount),
    }),
  ),
  referral: Optional(
    Type.Object({
      referrer: Optional(Amount),
      newcomer: Optional(Amount),
      newDays: Optional(Count),
    }),
  ),
});

export const OWN_DESCRIPTIONS = {
  programmes: {
    tag: 'programmes',
    summary:
      'What there is for a member: programmes, their lotteries, boards, offers, what it may report itself.',
    details:
      'Of those assets that the caller may read, as it is now, or was 2 seconds ago. Where the member stands: `GET /v1/members/{owner}`.',
    path: { owner: NewUser },
    answers: {
      200: {
        summary: 'What there is.',
        schema: answer('OwnProgrammes', {
          owner: User,
          platforms: Type.Array(OwnPlatform),
          assets: Type.Array(OwnAsset),
          programmes: Type.Array(OwnProgramme),
        }),
      },
    },
    refusals: [...SHARDS, ...OWNERS],
  },
  profile: {
    tag: 'signing in',
    summary: 'Who the member is whose access token this is, and its points by platform.',
    details: 'It takes the scope `profile`, and nothing else.',
    answers: {
      200: {
        summary: 'The member.',
        schema: answer('UserProfile', {
          user_id: User,
          point_accounts: Type.Record(
            Type.String(),
            whole(-limits.AMOUNT_MAX, limits.AMOUNT_MAX, {
              description: 'What is available of the platform’s own points, in minor units.',
            }),
          ),
        }),
      },
    },
    refusals: [...SHARDS],
  },
  export: {
    tag: 'programmes',
    summary:
      'All that is kept of a member, in lines: for the member itself, and for who administers all.',
    details:
      'Lines of JSON, each with its `type`, and under that name what it tells: `member`, `account`, `entry`, `standing` (one a programme), `coupon`, `order`, `contact` (with the `platform` that was told), `notice`, `sign-in`, `identity`, `grant` (sessions and applications), and `end`. One that could not be ended has a problem as its last line.',
    path: { owner: NewUser },
    answers: { 200: { summary: 'The lines.', type: 'application/x-ndjson' } },
    refusals: [...SHARDS, ...OWNERS, 'CONNECTIONS_LIMIT'],
  },
} as const satisfies Readonly<Record<string, Description>>;
