// The command `act`, once it is decided (acts.ts): its moves on one shard or several. Owns: its refusals after the decision. Never
// touches: what an act decides.

import type { Said } from '../protocol/commands.js';
import { ownerHash } from '../protocol/hash.js';
import { homePlace } from '../protocol/home.js';
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

export function act(work: Work, said: Said<'act'>): number {
  const plan = decidedOf(work, said);
  if (typeof plan === 'number') return plan;
  const { command } = work;
  const page = work.state.pages.pageOf(ownerHash(said.owner));
  const full = recordRoom(work.state, page, said.owner, newRecords(page, said.owner, plan));
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
