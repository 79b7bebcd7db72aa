// The command `act`, once it is decided (acts.ts): its moves on one shard or several. Owns: its refusals after the decision. Never
// touches: what an act decides.

import type { LoggedPlan } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { homePlace } from '../protocol/home.js';
import { LEG, LEG_PLACES, PLACES } from '../protocol/layout.js';
import { reversalBy } from '../transfer/carried.js';
import { isLocal } from '../transfer/chain.js';
import { beginCross, postAll } from '../transfer/cross.js';
import { waitingRefusal } from '../transfer/follow-ups.js';
import { asked, hearOfPools } from '../transfer/pools.js';
import type { AccountDraft } from './account-draft.js';
import { decidedOf, isOfChance, refusedUnseen, takenBy } from './acts.js';
import { planRoom, postPlan } from './plan-records.js';
import { APPLIED } from './result.js';
import { reverseByAct } from './reversals.js';
import { actRisk, isByRisk } from './risk.js';
import { isChained, moveLegs } from './transfers.js';
import type { Work } from './work.js';

const { act: ACT } = PLACES;

export function act(work: Work, command: CommandView): number {
  const { bytes, start } = command;
  const refusal = decidedAndPosted(work, command);
  const isDone = refusal === APPLIED || isByRisk(refusal);
  const isDrawn = !isDone && !work.isReplaying && isPlanned(work.plan);
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
  const risk = actRisk(work, command, takenBy(work), plan);
  if (risk !== APPLIED) return risk;
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
  const isPosted = isPlain(command, plan) && postLegs(work, command, plan);
  return isPosted ? APPLIED : postAll(work, command);
}

/** Moves it nothing but legs, of which none could pay with what another one brings? */
const isPlain = (command: CommandView, { hold, takes, puts, pending }: LoggedPlan): boolean =>
  (hold ?? takes ?? puts ?? pending) === undefined && !isChained(command, ACT.legs);

/** What postAll() does of an act that moves nothing but legs on this shard, without reserving first; false: nothing is done, and it would be refused. */
function postLegs(work: Work, command: CommandView, plan: LoggedPlan): boolean {
  if (moveLegs(work, command, ACT.legs) !== APPLIED) {
    work.workingCount = 0;
    work.lotNotes.clear();
    return false;
  }
  const { shard } = work.state.places;
  for (let leg = ACT.legs, i = 0; leg < command.count; leg += LEG_PLACES, i++) {
    const payer = work.payers[i] as AccountDraft;
    if (payer.isScarce) asked(work, payer, command.number(leg + LEG.amount), shard);
  }
  // From here the command must succeed.
  work.begin();
  work.saveAll(ENTRY.act);
  if (!work.exhausted.isEmpty) hearOfPools(work, command);
  postPlan(work, command, plan);
  return true;
}
