// Members who were merged into others, as commands meet them. Owns: that nothing is done for who was merged, and that what acts have caused for that one
// comes to the other. Never touches: what a merge takes over.
//   merging.L1. Who was merged is refused in the commit (MEMBER_MERGED), as home owner and on either side of a leg. Who is being merged between shards is
//       busy as home owner, and in a leg counts as merged. What was carried out before is told again.
//       Nor does a reversal give anything to who was merged, or take of it: but what the ledger itself undoes, and what goes back with its home owner.
//   merging.L2. What acts have caused for who was merged (a referrer's share, a prize) is decided as ever, and paid to who has the points now.

import type { ActRefusal, Plan, PlannedLeg } from '../programme/act.js';
import { MERGED, MERGED_KEY, type Merged, UNMERGE } from '../programme/merging.js';
import { recordTypeOf } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isFollowUp } from '../transfer/follow-ups.js';
import type { AccountDraft } from './account-draft.js';
import type { Page } from './page.js';
import { APPLIED } from './result.js';
import type { State } from './state.js';
import type { Work } from './work.js';

const TYPE = recordTypeOf(MERGED);
const { act: ACT } = PLACES.act;

/** Who has the points of an owner who was merged; undefined: the owner was not. */
const ownerNow = ({ records }: Page, owner: string): string | undefined =>
  records?.mayHaveMerged === true
    ? (records.said(owner, TYPE, MERGED_KEY) as Merged | undefined)?.now
    : undefined;

/** Was an account's owner merged, or is it about to be? Returns a refusal's number or 0. */
export function goneRefusal({ transits }: State, { isSystem, page, name }: AccountDraft): number {
  if (isSystem || (page?.records?.mayHaveMerged !== true && !transits.hasMerges)) return APPLIED;
  const isGone = transits.isMerging(name.text) || ownerNow(page as Page, name.text) !== undefined;
  return isGone ? REFUSALS.MEMBER_MERGED.passing : APPLIED;
}

/** The same of an account that a reversal changes: its home owner was judged before, and what acts had caused is undone where it is. */
export function goneSince(
  state: State,
  account: AccountDraft,
  owner: string,
  command: CommandView,
): number {
  const isElsewhere = account.name.text !== owner && !isFollowUp(command);
  return isElsewhere ? goneRefusal(state, account) : APPLIED;
}

/** Was the home owner of a command merged, or is it about to be? What the ledger itself asks for goes on, and what parts them. */
export function homeRefusal(work: Work, command: CommandView): number {
  const { home, state } = work;
  if (home.isSystem) return APPLIED;
  const page = state.pages.pageOf(home.hash);
  if (page.records?.mayHaveMerged !== true && !state.transits.hasMerges) return APPLIED;
  const { homeOwner } = work;
  if (state.transits.isMerging(homeOwner)) return REFUSALS.ACCOUNT_BUSY.number;
  if (ownerNow(page, homeOwner) === undefined || isFollowUp(command)) return APPLIED;
  if (command.op !== OP.act) return REFUSALS.MEMBER_MERGED.passing;
  const name = command.text(ACT);
  const isOurs = name === UNMERGE || work.acts.get(name)?.by === 'engine';
  return isOurs ? APPLIED : REFUSALS.MEMBER_MERGED.passing;
}

/** What was decided of an act that another one has caused: what it pays to its owner, who was merged, is paid to who has the points now, and at once. */
export function followed(work: Work, owner: string, decided: ActRefusal | Plan): ActRefusal | Plan {
  if ('refusal' in decided || decided.legs.length === 0 || !isFollowUp(work.command))
    return decided;
  const now = ownerNow(work.state.pages.pageOf(work.home.hash), owner);
  if (now === undefined) return decided;
  const paid = ({ pendingUntil: _, ...leg }: PlannedLeg): PlannedLeg => ({ ...leg, to: now });
  return { ...decided, legs: decided.legs.map((leg) => (leg.to === owner ? paid(leg) : leg)) };
}
