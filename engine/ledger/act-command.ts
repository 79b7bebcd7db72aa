// The command `act`, once it is decided (acts.ts): its moves on one shard or several. Owns: its refusals after the decision. Never
// touches: what an act decides.

import type { CommandView } from '../protocol/command-view.js';
import { homePlace } from '../protocol/home.js';
import { PLACES } from '../protocol/layout.js';
import { reversalBy } from '../transfer/carried.js';
import { isLocal } from '../transfer/chain.js';
import { beginCross, postAll } from '../transfer/cross.js';
import { waitingRefusal } from '../transfer/follow-ups.js';
import { decidedOf } from './acts.js';
import { newRecords } from './plan-records.js';
import { recordRoom } from './records.js';
import { APPLIED } from './result.js';
import { reverseByAct } from './reversals.js';
import type { Work } from './work.js';

const { act: ACT } = PLACES;

export function act(work: Work, command: CommandView): number {
  const owner = command.text(ACT.owner);
  const plan = decidedOf(work, owner);
  if (typeof plan === 'number') return plan;
  const page = work.state.pages.pageOf(work.home.hash);
  const full = recordRoom(work.state, page, owner, newRecords(page, owner, plan));
  if (full !== APPLIED) return full;
  const reversal = plan.reversal && reversalBy(command.tuple());
  if (reversal !== undefined) return reverseByAct(work, reversal);
  const waiting = plan.followUps === undefined ? APPLIED : waitingRefusal(work.state, command);
  if (waiting !== APPLIED) return waiting;
  const { places } = work.state;
  return isLocal(command, homePlace(command), places, work.scratchName, plan)
    ? postAll(work, command)
    : beginCross(work, command);
}
