// What the routes of /api/points say of themselves. Owns: their texts, parameters and refusals. Never touches: what the
// routes do.

import type { TObject } from 'typebox';
import type { RefusalCode } from '../../../engine/index.js';
import type { GatewayLimits } from '../../limits.js';
import { actRefusals } from '../../schema/acts.js';
import { command, type Description, SHARDS } from '../../schema/description.js';
import {
  AddBody,
  BalanceQuery,
  historyQuery,
  Moved,
  MovedLater,
  PointsBalance,
  PointsHistory,
  PointsTransferBody,
  RedeemBody,
  Redeemed,
  RedeemedLater,
  RefundBody,
  Refunded,
} from '../../schema/points.js';
import { callerAct } from '../../schema/programmes.js';

const USERS: readonly RefusalCode[] = [
  ...SHARDS,
  'ASSET_INVALID',
  'COMMAND_INVALID',
  'OWNER_INVALID',
  'OWNER_RESERVED',
  'IDENTITY_INVALID',
  'IDENTITY_NOT_FOUND',
  'IDENTITY_INACTIVE',
];
const MOVEMENT: readonly RefusalCode[] = [
  ...USERS,
  ...command('transfer'),
  'IDENTITY_CONFLICT',
  'CHANGED_MEANWHILE',
];

const moved = (
  summary: string,
  body: TObject,
  [done, later]: readonly [TObject, TObject],
  refusals: readonly RefusalCode[] = [],
): Description => ({
  tag: 'points',
  summary,
  body,
  takesKey: true,
  answers: {
    200: { summary: 'Done, now or before.', schema: done },
    202: { summary: 'Not decided yet between shards: repeat it.', schema: later },
  },
  refusals: [...MOVEMENT, ...refusals],
});

export const balanceDescription: Description = {
  tag: 'points',
  summary: 'The balance of a user.',
  query: BalanceQuery,
  answers: { 200: { summary: 'The balance.', schema: PointsBalance } },
  refusals: USERS,
};

export const historyDescription = (limits: GatewayLimits): Description => ({
  tag: 'points',
  summary: 'The history of a user, newest first.',
  query: historyQuery(limits),
  answers: { 200: { summary: 'A page.', schema: PointsHistory } },
  refusals: [...USERS, 'POSITION_AHEAD'],
});

export const addDescription: Description = {
  ...moved('Points for a user.', AddBody, [Moved, MovedLater], actRefusals(callerAct('event'))),
  details:
    'Where the platform has a programme, and `business_type` is one of its types of events, it is an event: the rules say what it earns, ' +
    'for `amount` where the type has an amount.',
};
export const redeemDescription: Description = {
  ...moved(
    'A user spends points.',
    RedeemBody,
    [Redeemed, RedeemedLater],
    actRefusals(callerAct('order')),
  ),
  details:
    'Where the platform has a programme, and `reward_id` is one of its goods, a piece of it is ordered: for `amount`, or not at all.',
};
export const refundDescription: Description = {
  ...moved(
    'What a call moved is given back, the rest of it or a part, into the lots it came from.',
    RefundBody,
    [Refunded, MovedLater],
  ),
  refusals: [...USERS, ...command('reverse')],
};
export const pointsTransferDescription: Description = {
  ...moved(
    'Points from user to user.',
    PointsTransferBody,
    [Moved, MovedLater],
    ['PLATFORM_NOT_FOUND', 'PLATFORM_DISABLED', ...actRefusals(callerAct('exchange'))],
  ),
  details:
    'Where `target_platform` does not use the points, they are exchanged for its own, by the rules of `POST /v1/exchanges`.',
};
