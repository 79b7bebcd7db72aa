// Reversal: a transfer or capture undone, the rest of it or a part, points back into the lots they came from.
// Owns: what of the original is undone, its refusals and changes. Never touches: other commands.
//   ledger.U6. What undoes a follow-up of an act never comes before it: where the follow-up is not known yet, its id is taken, and it is refused
//       when it comes; a part of it waits for it.

import { AMOUNT_MAX } from '../limits.js';
import { packTuple, saidIn, type Tuple } from '../protocol/codec.js';
import { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { ENTRY, EXTRA, FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import { planIn } from '../transfer/carried.js';
import { beginCross } from '../transfer/cross.js';
import { isFollowUp, waitingRefusal } from '../transfer/follow-ups.js';
import { PutsPart } from '../transfer/puts-part.js';
import type { AccountDraft } from './account-draft.js';
import { decideUndo } from './acts.js';
import { givenBackTo } from './allotting.js';
import { goneSince } from './merged.js';
import type { Page } from './page.js';
import type { Hold } from './page-items.js';
import { pendingOf } from './pending.js';
import { shrinkPending, takePending, takePendingLeg } from './pending-parts.js';
import { postPlan } from './plan-records.js';
import { APPLIED } from './result.js';
import { noteOf, pendingBack, type ToUndo, toUndo, undoneOf } from './reversal-parts.js';
import type { PastRecord } from './state.js';
import { changeHolds, type HoldChange, isUndone, Undoing, type Undone } from './undo.js';
import type { Work } from './work.js';

const { AMOUNT_OVERFLOW } = REFUSALS;

/** U6: of a follow-up that is not known yet, or was refused. Returns a refusal's number or 0; undefined: it has been posted, or is open. */
function undoneAhead(work: Work, { owner, transferId, legs }: Said<'reverse'>): number | undefined {
  const past = work.known.lookUp(owner, transferId);
  if (past !== null && past.effects.refusalNumber(past.offset) === 0) return undefined;
  if (past === null && legs !== undefined) return REFUSALS.ACCOUNT_BUSY.number;
  // From here the command must succeed.
  work.begin();
  work.markReversed(owner, transferId, []);
  return APPLIED;
}

const isBetweenShards = ({ effects, offset }: PastRecord): boolean =>
  effects.hasExtra(offset, EXTRA.transit);

/** Gives back what the original took, into the lots it came from. */
function giveBack(work: Work, undoing: Undoing, account: AccountDraft, undone: Undone): number {
  const { give } = undone;
  if (account.available + account.held + account.expectedIn + give > AMOUNT_MAX)
    return AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
  const { flow } = work;
  undoing.give(undone, flow);
  return account.putBack(give, flow, work.defaultExpiry(account.asset), false);
}

export function reverse(work: Work, command: Said<'reverse'>): number {
  const { owner } = command;
  work.settleOwner(owner, ownerHash(owner));
  const ahead = isFollowUp(work.command) ? undoneAhead(work, command) : undefined;
  if (ahead !== undefined) return ahead;
  const found = toUndo(work, command, work.command.version);
  if (typeof found === 'number') return found;
  return decideUndo(work, found) || giveAllBack(work, command, work.command, found);
}

/** An act gives back what its plan says. */
export function reverseByAct(work: Work, reversal: Tuple): number {
  const carried = new CommandView();
  carried.read(packTuple(reversal), 0);
  const said = saidIn<'reverse'>(reversal);
  const found = toUndo(work, said, carried.version);
  if (typeof found === 'number') return found;
  return waitingRefusal(work.state, carried) || giveAllBack(work, said, carried, found);
}

/** Gives back what is to be undone; `carried`: the reversal, as other shards know it. */
function giveAllBack(
  work: Work,
  { owner, transferId, allowDebt = false }: Said<'reverse'>,
  carried: CommandView,
  { past, entries, legs, parts }: ToUndo,
): number {
  const plan = work.plan ?? planIn(carried);
  if (plan?.homeward !== undefined || isBetweenShards(past)) return beginCross(work, carried);
  const puts = new PutsPart(work);
  puts.begin(plan);
  for (const entry of entries) work.settleOwner(entry.owner, ownerHash(entry.owner));
  const earnings = pendingBack(work, { owner, transferId }, past, parts);
  const undone = undoneOf(past, entries, legs, parts, earnings);
  if (typeof undone === 'number') return undone;
  const { places } = work.state;
  const accounts = entries.map(({ owner: of, asset }) =>
    work.account(givenBackTo(of, places) ?? of, asset),
  );
  for (const [i, account] of accounts.entries()) {
    if (!isUndone(undone[i] as Undone)) continue;
    const gone = goneSince(work.state, account, owner, carried);
    if (gone !== APPLIED) return gone;
    if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  }
  const undoing = new Undoing(work, parts.isInParts);
  const changes = new Map<AccountDraft, HoldChange[]>();
  const pending = pendingOf(work, owner, transferId);
  const shrinks: [pending: Hold, amount: number, left: number[]][] = [];
  for (const [i, one] of undone.entries()) {
    if (!isUndone(one)) continue;
    const account = accounts[i] as AccountDraft;
    account.isTouched = true;
    const { flow } = work;
    if (one.pending > 0)
      for (const earning of earnings)
        if (earning.hold.asset === account.asset)
          shrinks.push([earning.hold, earning.amount, takePendingLeg(account, earning, flow)]);
    if (one.take === 0) continue;
    if (pending !== undefined && account.name.text === owner) {
      const left = takePending(account, pending, one.take, undoing.made(one), flow);
      shrinks.push([pending, one.take, left]);
      continue;
    }
    const refusal = undoing.take(account, one, flow, allowDebt);
    if (refusal !== APPLIED) return refusal;
    const moved = undoing.exchange(account, one, flow, (...move) => account.moveHeld(...move));
    if (moved.length > 0) changes.set(account, moved);
  }
  for (const [i, one] of undone.entries()) {
    const account = accounts[i] as AccountDraft;
    const refusal = one.give > 0 ? giveBack(work, undoing, account, one) : APPLIED;
    if (refusal !== APPLIED) return refusal;
    undoing.swap(account, one, work.flow);
  }
  const unexpected = puts.reserve();
  if (unexpected !== APPLIED) return unexpected;
  // From here the command must succeed.
  work.begin();
  for (const [i, one] of undone.entries()) {
    (accounts[i] as AccountDraft).earned -= one.earned;
    (accounts[i] as AccountDraft).spent -= one.spent;
  }
  work.saveAll(ENTRY.reverse);
  for (const shrink of shrinks) shrinkPending(work, ...shrink);
  for (const [account, moved] of changes) changeHolds(work, account.page as Page, moved);
  postPlan(work, carried, plan);
  puts.post();
  work.markReversed(owner, transferId, noteOf(parts));
  return APPLIED;
}
