// The command `act`, once it is decided (acts.ts): its moves on one shard or several. Owns: its refusals after the decision. Never
// touches: what an act decides.

import type { LoggedPlan } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { homePlace } from '../protocol/home.js';
import { LEG, LEG_PLACES, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { reversalBy } from '../transfer/carried.js';
import { isLocal } from '../transfer/chain.js';
import { beginCross, postAll } from '../transfer/cross.js';
import { waitingRefusal } from '../transfer/follow-ups.js';
import { asked, shortage } from '../transfer/pools.js';
import type { AccountDraft } from './account-draft.js';
import { decidedOf, isOfChance, refusedUnseen } from './acts.js';
import { planRoom, postPlan } from './plan-records.js';
import { APPLIED } from './result.js';
import { reverseByAct } from './reversals.js';
import { moveLeg } from './transfers.js';
import type { Work } from './work.js';

const { act: ACT } = PLACES;
const POINTS_SHORT = REFUSALS.POINTS_SHORT.number;

export function act(work: Work, command: CommandView): number {
  const { bytes, start } = command;
  const refusal = decidedAndPosted(work, command);
  const isDrawn = refusal !== APPLIED && !work.isReplaying && isPlanned(work.plan);
  return isDrawn && isOfChance(work) ? drawnAgain(work, command, bytes, start, refusal) : refusal;
}

/** Was something decided of it that is no refusal? */
const isPlanned = (plan: LoggedPlan | undefined): plan is LoggedPlan =>
  plan !== undefined && plan.refusal === undefined;

/**
 * An act of chance cannot be done as it was decided: nobody is to know what was drawn. It is decided again without what could not be given, each time
 * of one prize more; where that is not why, it is logged without what was drawn.
 */
function drawnAgain(
  work: Work,
  command: CommandView,
  bytes: Uint8Array,
  start: number,
  before: number,
): number {
  let refusal = before;
  try {
    while (refusal !== APPLIED && isPlanned(work.plan)) {
      const { optional, why } = work.plan;
      command.read(bytes, start);
      work.plan = undefined;
      work.isAllHere = false;
      work.workingCount = 0;
      if (optional === undefined) return refusedUnseen(work, work.homeOwner, refusal);
      work.tried = why;
      refusal = decidedAndPosted(work, command);
    }
    return refusal;
  } finally {
    work.tried = undefined;
  }
}

function decidedAndPosted(work: Work, command: CommandView): number {
  const owner = work.homeOwner;
  const plan = decidedOf(work, owner);
  if (typeof plan === 'number') return plan;
  const page = work.state.pages.pageOf(work.home.hash);
  const full = planRoom(work.state, page, owner, plan);
  if (full !== APPLIED) return full;
  const reversal = plan.reversal && reversalBy(command.tuple());
  if (reversal !== undefined) return reverseByAct(work, reversal);
  const waiting = plan.followUps === undefined ? APPLIED : waitingRefusal(work.state, command);
  if (waiting !== APPLIED) return waiting;
  const { places } = work.state;
  if (!work.isAllHere && !isLocal(command, homePlace(command), places, work.scratchName, plan))
    return beginCross(work, command);
  return hasOneLeg(command, plan) ? postOne(work, command, plan) : postAll(work, command);
}

/** Moves it nothing but one leg? */
const hasOneLeg = (
  { count }: CommandView,
  { hold, takes, puts, optional, pending }: LoggedPlan,
): boolean =>
  count === ACT.legs + LEG_PLACES && (hold ?? takes ?? puts ?? optional ?? pending) === undefined;

/** An act that moves one leg on this shard: what postAll() does of it. */
function postOne(work: Work, command: CommandView, plan: LoggedPlan): number {
  const refusal = moveLeg(work, command, ACT.legs);
  const payer = work.working[0] as AccountDraft;
  const amount = command.number(ACT.legs + LEG.amount);
  if (payer.isScarce) asked(work, payer, amount, work.state.places.shard);
  if (refusal === POINTS_SHORT) return shortage(work, payer, amount);
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin();
  work.saveAll(ENTRY.act);
  postPlan(work, command, plan);
  return APPLIED;
}
