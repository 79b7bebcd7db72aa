// Reversal: a transfer or capture undone, the rest of it or a part, points back into the lots they came from.
// Owns: what of the original is undone, its refusals and changes. Never touches: other commands.

import { AMOUNT_MAX } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { ENTRY, EXTRA, FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { OP } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { busyTransfer, planIn } from '../transfer/carried.js';
import { beginCross } from '../transfer/cross.js';
import type { AccountDraft } from './account-draft.js';
import { decideUndo } from './acts.js';
import { givenBackTo } from './allotting.js';
import type { Page } from './page.js';
import type { Hold } from './page-items.js';
import { pendingOf, shrinkPending, takePending } from './pending.js';
import { postPlan } from './plan-records.js';
import { APPLIED } from './result.js';
import { movedLegs, noteOf, partsOf, undoneOf } from './reversal-parts.js';
import type { PastRecord } from './state.js';
import { changeHolds, type HoldChange, isUndone, Undoing, type Undone } from './undo.js';
import type { Work } from './work.js';

const { AMOUNT_OVERFLOW } = REFUSALS;

/** The original's record, or the refusal's number. */
function original(work: Work, owner: string, transferId: string): PastRecord | number {
  const past = work.known.lookUp(owner, transferId);
  if (past === null || past.effects.refusalNumber(past.offset) !== 0)
    return REFUSALS.TRANSFER_NOT_FOUND.number;
  const op = past.tuple[1];
  if (op !== OP.transfer && op !== OP.capture && op !== OP.act)
    return REFUSALS.NOT_REVERSIBLE.number;
  const { transits } = work.state;
  const isOpen = transits.size > 0 && transits.get(owner, transferId) !== undefined;
  if (isOpen || transits.isBusy(busyTransfer(owner, transferId)))
    return REFUSALS.ACCOUNT_BUSY.number;
  return past;
}

const isBetweenShards = ({ effects, offset }: PastRecord): boolean =>
  effects.hasExtras(offset) && effects.extras(offset).some((extra) => extra.tag === EXTRA.transit);

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
  const { owner, transferId, allowDebt = false } = command;
  work.settleOwner(owner, ownerHash(owner));
  const past = original(work, owner, transferId);
  if (typeof past === 'number') return past;
  const entries = past.effects.entries(past.offset);
  const view = new CommandView();
  view.read(past.command, 0);
  const legs = movedLegs(work, view, entries);
  const amounts = legs.map(({ amount }) => amount);
  const parts = partsOf(work, command, work.command.version, amounts);
  if (typeof parts === 'number') return parts;
  const decided = decideUndo(work, past, legs, parts);
  if (decided !== APPLIED) return decided;
  const { homeward } = work.plan ?? planIn(work.command) ?? {};
  if (homeward !== undefined || isBetweenShards(past)) return beginCross(work, work.command);
  const undone = undoneOf(past, entries, legs, parts);
  if (typeof undone === 'number') return undone;
  for (const entry of entries) work.settleOwner(entry.owner, ownerHash(entry.owner));
  const { places } = work.state;
  const accounts = entries.map(({ owner: of, asset }) =>
    work.account(givenBackTo(of, places) ?? of, asset),
  );
  for (const [i, account] of accounts.entries()) {
    if (isUndone(undone[i] as Undone) && (account.flags & FLAG.closed) !== 0)
      return REFUSALS.ACCOUNT_CLOSED.passing;
  }
  const undoing = new Undoing(work, parts.isInParts);
  const changes = new Map<AccountDraft, HoldChange[]>();
  const pending = pendingOf(work, owner, transferId);
  let shrinks: [pending: Hold, amount: number, left: number[]] | null = null;
  for (const [i, one] of undone.entries()) {
    if (!isUndone(one)) continue;
    const account = accounts[i] as AccountDraft;
    account.isTouched = true;
    if (one.take === 0) continue;
    const { flow } = work;
    if (pending !== undefined && account.name.text === owner) {
      shrinks = [
        pending,
        one.take,
        takePending(account, pending, one.take, undoing.made(one), flow),
      ];
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
  // From here the command must succeed.
  work.begin();
  for (const [i, one] of undone.entries()) {
    (accounts[i] as AccountDraft).earned -= one.earned;
    (accounts[i] as AccountDraft).spent -= one.spent;
  }
  work.saveAll(ENTRY.reverse);
  if (shrinks !== null) shrinkPending(work, ...shrinks);
  for (const [account, moved] of changes) changeHolds(work, account.page as Page, moved);
  postPlan(work, work.command, true);
  work.markReversed(owner, transferId, noteOf(parts));
  return APPLIED;
}
