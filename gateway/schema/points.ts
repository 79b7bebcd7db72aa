// The stable platform API, /api/points. Owns: its parameters, bodies and answers. Never touches: what they mean.

import type { Static } from 'typebox';
import { limits as engineLimits } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { strict } from './commands.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AnyUser,
  AssetCode,
  Change,
  Count,
  Kind,
  Memo,
  MISSED,
  NAME,
  oneOf,
  PlatformId,
  REFUSED,
  Reference,
  refusedAs,
  Time,
  whole,
} from './words.js';

const { Optional } = Type;

const asset = Optional(refusedAs('ASSET_INVALID', AssetCode, 'Default: the platform’s own.'));
const user_id = refusedAs('IDENTITY_INVALID', AnyUser, 'Whose points.');
/** A parameter that is at fault is refused as a field is, but for pages. */
const QUERY = { [REFUSED]: 'COMMAND_INVALID' } as const;
const user_id_type = Optional(
  oneOf(['global', 'platform'], {
    description: 'global: the owner of the accounts; platform: the platform’s own name.',
  }),
);

export const BalanceQuery = Type.Object({ user_id, user_id_type, asset }, QUERY);
export const historyQuery = ({ historyPageMax, historyEntriesMax }: GatewayLimits) =>
  Type.Object(
    {
      user_id,
      user_id_type,
      asset,
      page: Optional(
        whole(1, historyEntriesMax, {
          [REFUSED]: 'QUERY_INVALID',
          description: `Begins with 1 and reaches ${historyEntriesMax} entries back.`,
        }),
      ),
      per_page: Optional(
        whole(1, historyPageMax, {
          [REFUSED]: 'QUERY_INVALID',
          description: `From 1 to ${historyPageMax}; default 20.`,
        }),
      ),
      as_of: Optional(
        whole(0, engineLimits.AMOUNT_MAX, {
          [REFUSED]: 'QUERY_INVALID',
          description:
            'The `total` of the first page: pages are counted from there back, so each tells the same entries, whatever has come since. Default: how many there are now.',
        }),
      ),
    },
    QUERY,
  );

const COMMON = {
  amount: whole(1, engineLimits.AMOUNT_MAX, {
    [REFUSED]: 'AMOUNT_INVALID',
    [MISSED]: 'AMOUNT_INVALID',
    description: 'Minor units.',
  }),
  asset,
  transaction_id: Optional(refusedAs('ID_INVALID', Reference, 'The idempotency key.')),
  user_id_type,
  remark: Optional(Type.Unsafe<string>({ ...Memo, [NAME]: undefined, [REFUSED]: 'MEMO_INVALID' })),
};
export const AddBody = strict(
  {
    user_id,
    business_type: Optional(refusedAs('KIND_INVALID', Kind, 'What kind of business it is.')),
    business_id: Optional(refusedAs('REF_INVALID', Reference, 'Which one.')),
    ...COMMON,
  },
  { [NAME]: 'PointsAdd' },
);
/** What all bodies have. */
export type PointsFields = Pick<
  Static<typeof AddBody>,
  'amount' | 'asset' | 'transaction_id' | 'remark'
>;
export const RedeemBody = strict(
  { user_id, reward_id: refusedAs('REF_INVALID', Reference, 'What is redeemed.'), ...COMMON },
  { [NAME]: 'PointsRedeem' },
);
export const RefundBody = strict(
  {
    user_id,
    original_transaction_id: refusedAs(
      'ID_INVALID',
      Reference,
      'The transaction_id (or redemption_id) of what is given back.',
    ),
    transaction_id: COMMON.transaction_id,
    amount: Optional(
      Type.Unsafe<number>({
        ...COMMON.amount,
        description: 'Minor units; left out: all that remains of it.',
      }),
    ),
    user_id_type,
    remark: COMMON.remark,
  },
  { [NAME]: 'PointsRefund' },
);
export const PointsTransferBody = strict(
  {
    from_user_id: user_id,
    to_user_id: user_id,
    target_platform: Optional(PlatformId),
    ...COMMON,
  },
  { [NAME]: 'PointsTransfer' },
);

export const PointsBalance = answer('PointsBalance', {
  user_id: AnyUser,
  platform_id: PlatformId,
  asset: AssetCode,
  balance: Change,
  held: Count,
  timestamp: Time,
});
const HistoryLine = answer('PointsHistoryLine', {
  transaction_id: Optional(Type.String()),
  type: whole(0, 3, { description: '1 earned, 2 spent, 3 expired, 0 held or released.' }),
  amount: Change,
  balance: Change,
  held: Count,
  business_type: Optional(Kind),
  business_id: Optional(Reference),
  remark: Optional(Memo),
  timestamp: Time,
});
export const PointsHistory = answer('PointsHistory', {
  user_id: AnyUser,
  platform_id: PlatformId,
  asset: AssetCode,
  page: Count,
  per_page: Count,
  total: whole(0, engineLimits.AMOUNT_MAX, {
    description: 'How many entries there are; `as_of` where that is given.',
  }),
  history: Type.Array(HistoryLine, { maxItems: engineLimits.ENTRIES_PAGE_MAX }),
});
const MOVED = {
  success: Type.Literal(true),
  balance: Optional(Change),
  replayed: Type.Boolean(),
  timestamp: Time,
};
const PENDING = { success: Type.Literal(false), state: Type.Literal('prepared') };
const GOT = 'Of an exchange: ';
export const Moved = answer('PointsMoved', {
  transaction_id: Type.String(),
  ...MOVED,
  received_asset: Optional(Type.String({ description: `${GOT}the asset of what was got.` })),
  received: Optional(
    whole(0, engineLimits.AMOUNT_MAX, { description: `${GOT}what was got, in its minor units.` }),
  ),
  fee: Optional(
    whole(0, engineLimits.AMOUNT_MAX, { description: `${GOT}what of \`amount\` was the fee.` }),
  ),
});
export const Redeemed = answer('PointsRedeemed', {
  redemption_id: Type.String(),
  order: Type.Optional(Type.String({ description: 'Of goods: the number of the order.' })),
  ...MOVED,
});
export const Refunded = answer('PointsRefunded', {
  transaction_id: Type.String(),
  ...MOVED,
  remaining: whole(0, engineLimits.AMOUNT_MAX, {
    description: 'Minor units of the original that are not given back.',
  }),
});
export const MovedLater = answer('PointsMovedLater', { transaction_id: Type.String(), ...PENDING });
export const RedeemedLater = answer('PointsRedeemedLater', {
  redemption_id: Type.String(),
  ...PENDING,
});
