// The acts of this release, one line each. Owns: the list. Never touches: what they do.

import type { ActCommand, Command } from '../protocol/commands.js';
import type { Problem } from '../protocol/fields.js';
import { validate } from '../protocol/validate.js';
import type { Act } from './act.js';
import { adjust } from './acts/adjust.js';
import { boardPrize } from './acts/board-prize.js';
import { cardExtend } from './acts/card-extend.js';
import { cardIssue } from './acts/card-issue.js';
import { claim } from './acts/claim.js';
import { codeAdd } from './acts/code-add.js';
import { codeWithdraw } from './acts/code-withdraw.js';
import { correctEvent } from './acts/correct-event.js';
import { correctShare } from './acts/correct-share.js';
import { couponIssue } from './acts/coupon-issue.js';
import { couponLapse } from './acts/coupon-lapse.js';
import { couponRedeem } from './acts/coupon-redeem.js';
import { couponRelease } from './acts/coupon-release.js';
import { couponReserve } from './acts/coupon-reserve.js';
import { disputeAnswer } from './acts/dispute-answer.js';
import { disputeEnd } from './acts/dispute-end.js';
import { disputeOpen } from './acts/dispute-open.js';
import { disputeReopen } from './acts/dispute-reopen.js';
import { draw } from './acts/draw.js';
import { drawWord } from './acts/draw-word.js';
import { eraseMember } from './acts/erase-member.js';
import { erasureDone } from './acts/erasure-done.js';
import { event } from './acts/event.js';
import { exchange } from './acts/exchange.js';
import { exchangeComplete } from './acts/exchange-complete.js';
import { exchangeExpire } from './acts/exchange-expire.js';
import { exchangeQuote } from './acts/exchange-quote.js';
import { exchangeReturn } from './acts/exchange-return.js';
import { exchangeSubmit } from './acts/exchange-submit.js';
import { exchangeWithdraw } from './acts/exchange-withdraw.js';
import { freezeBoard } from './acts/freeze-board.js';
import { gift } from './acts/gift.js';
import { goodsAwaited } from './acts/goods-awaited.js';
import { goodsBack } from './acts/goods-back.js';
import { goodsUnlisted } from './acts/goods-unlisted.js';
import { goodsWait } from './acts/goods-wait.js';
import { grantTier } from './acts/grant-tier.js';
import { inconsistencyOpen } from './acts/inconsistency-open.js';
import { inconsistencyResolve } from './acts/inconsistency-resolve.js';
import { merge } from './acts/merge.js';
import { mergeForward } from './acts/merge-forward.js';
import { mergeTake } from './acts/merge-take.js';
import { order } from './acts/order.js';
import { orderCancel } from './acts/order-cancel.js';
import { orderComplete } from './acts/order-complete.js';
import { orderConfirm } from './acts/order-confirm.js';
import { orderLapse } from './acts/order-lapse.js';
import { orderQuote } from './acts/order-quote.js';
import { orderReturnPieces } from './acts/order-return-pieces.js';
import { orderShip } from './acts/order-ship.js';
import { partnerAdd } from './acts/partner-add.js';
import { partnerDeduct } from './acts/partner-deduct.js';
import { partnerExchange } from './acts/partner-exchange.js';
import { partnerExchangeApprove } from './acts/partner-exchange-approve.js';
import { partnerExchangeCancel } from './acts/partner-exchange-cancel.js';
import { partnerExchangeStep } from './acts/partner-exchange-step.js';
import { partnerExchangeStuck } from './acts/partner-exchange-stuck.js';
import { partnerExchangeUser } from './acts/partner-exchange-user.js';
import { partnerExchangeVerdict } from './acts/partner-exchange-verdict.js';
import { partnerRollback } from './acts/partner-rollback.js';
import { payBoard } from './acts/pay-board.js';
import { platformJoin } from './acts/platform-join.js';
import { platformLeave } from './acts/platform-leave.js';
import { refer } from './acts/refer.js';
import { referralCode } from './acts/referral-code.js';
import { returnCorrection } from './acts/return-correction.js';
import { returnEvent } from './acts/return-event.js';
import { riskDevice } from './acts/risk-device.js';
import { riskLift } from './acts/risk-lift.js';
import { riskMark } from './acts/risk-mark.js';
import { setProfile } from './acts/set-profile.js';
import { stockLow } from './acts/stock-low.js';
import { stockRecall } from './acts/stock-recall.js';
import { stockTake } from './acts/stock-take.js';
import { takeReward } from './acts/take-reward.js';
import { transfer } from './acts/transfer.js';
import { unmerge } from './acts/unmerge.js';
import { POOL_ACTS } from './allotments.js';
import { bodyProblem } from './body.js';
import { expectCauses } from './follow-ups.js';
import { SEED_ACTS } from './seeds.js';

const LIST = [
  adjust,
  boardPrize,
  cardExtend,
  cardIssue,
  claim,
  codeAdd,
  codeWithdraw,
  correctEvent,
  correctShare,
  draw,
  drawWord,
  couponIssue,
  couponLapse,
  couponRedeem,
  couponRelease,
  couponReserve,
  disputeAnswer,
  disputeEnd,
  disputeOpen,
  disputeReopen,
  eraseMember,
  erasureDone,
  event,
  exchange,
  exchangeComplete,
  exchangeExpire,
  exchangeQuote,
  exchangeReturn,
  exchangeSubmit,
  exchangeWithdraw,
  freezeBoard,
  gift,
  goodsAwaited,
  goodsBack,
  goodsUnlisted,
  goodsWait,
  grantTier,
  inconsistencyOpen,
  inconsistencyResolve,
  merge,
  mergeForward,
  mergeTake,
  order,
  orderCancel,
  orderComplete,
  orderConfirm,
  orderLapse,
  orderQuote,
  orderReturnPieces,
  orderShip,
  partnerAdd,
  partnerDeduct,
  partnerRollback,
  partnerExchange,
  partnerExchangeApprove,
  partnerExchangeCancel,
  partnerExchangeStep,
  partnerExchangeStuck,
  partnerExchangeUser,
  partnerExchangeVerdict,
  payBoard,
  platformJoin,
  platformLeave,
  refer,
  referralCode,
  returnCorrection,
  returnEvent,
  riskDevice,
  riskLift,
  riskMark,
  setProfile,
  stockLow,
  stockRecall,
  stockTake,
  takeReward,
  transfer,
  unmerge,
] as unknown as readonly Act[];

export type { Act } from './act.js';

/** By name. */
export const ACTS: ReadonlyMap<string, Act> = new Map(LIST.map((one) => [one.name, one]));

expectCauses(ACTS);

/** Those of `#` owners, which the engine makes and nobody asks for. */
export const OWN_ACTS: ReadonlyMap<string, Act> = new Map([...POOL_ACTS, ...SEED_ACTS]);

/** Those that callers may ask for. */
export const CALLER_ACTS: ReadonlyMap<string, Act> = new Map(
  [...ACTS].filter(([, { isCausedOnly = false, by }]) => !isCausedOnly && by !== 'engine'),
);

/** As validate() of engine/protocol, for acts with the fields of their own. */
export function problemWith(command: Command, owned = false): Problem | null {
  const found = validate(command, owned);
  if (command?.type !== 'act') return found;
  if (found === null) return actProblem(command, owned);
  // What cannot be packed as a whole is told by the field that it is in, where that is wrong by itself.
  return found.field === 'body' ? (fieldProblem(command, owned) ?? found) : found;
}

function fieldProblem(command: ActCommand, owned: boolean): Problem | null {
  try {
    const found = actProblem(command, owned);
    return found?.field === 'act' ? null : found;
  } catch {
    return null;
  }
}

function actProblem({ act, body }: ActCommand, owned: boolean): Problem | null {
  const known = (owned ? ACTS : CALLER_ACTS).get(act);
  return known === undefined ? { code: 'ACT_UNKNOWN', field: 'act' } : bodyProblem(known, body);
}
