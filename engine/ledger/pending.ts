// Pending earnings: points that are earned, and not available before a time or a confirmation. Owns: how one begins, is confirmed, is taken
// back. Never touches: holds, which reserve what was available.
//   ledger.N1. A pending earning is kept as a hold is: its points are held, its slices are held parts of lots. It is activated as a whole;
//       parts of it go by reversals of its transfer alone, so that what is left of both is the same.

import { NEVER } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { ownerHash } from '../protocol/hash.js';
import { OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft } from './account-draft.js';
import { writeHold } from './due.js';
import type { Flow } from './flow.js';
import { closeIfEmpty, holdRoom, openIn } from './hold-parts.js';
import { releaseWhole } from './holds.js';
import type { Page } from './page.js';
import { type Hold, holdKey } from './page-items.js';
import { APPLIED } from './result.js';
import type { Slices } from './undo.js';
import type { Work } from './work.js';

const { id: ID, pendingUntil: PENDING } = PLACES.transfer;

/** Has the owner room for one more? */
export const pendingRefusal = ({ state }: Work, { page, name }: AccountDraft): number =>
  holdRoom(state, page as Page, name.text);

/** What the transfer under way credited to this account is pending; returns what is left to do once the account is saved. */
export function openPending(work: Work, command: CommandView, account: AccountDraft): () => void {
  const deadline = command.expiry(PENDING) ?? NEVER;
  account.nextDue = Math.min(account.nextDue, deadline);
  const slices: number[] = [];
  for (let i = 0; i < account.sliceNumbers; i += 3) {
    const held = account.slices[i + 2] as number;
    if (held > 0) slices.push(account.slices[i] as number, held);
  }
  const pending: Hold = {
    owner: account.name.text,
    id: command.text(ID),
    asset: account.asset,
    remaining: account.held - account.heldBefore,
    deadline,
    isPending: true,
    slices,
  };
  return () => {
    openIn(account.page as Page, pending);
    writeHold(work, pending);
  };
}

/** What of a transfer is pending; undefined: nothing. */
export function pendingOf({ state }: Work, owner: string, transferId: string): Hold | undefined {
  const { holds } = state.pages.pageOf(ownerHash(owner));
  const found = holds?.get(holdKey(owner, transferId));
  return found?.isPending === true ? found : undefined;
}

/** Takes back what is pending out of its account, of the lots `made`; returns the slices that are left. */
export function takePending(
  account: AccountDraft,
  pending: Hold,
  amount: number,
  made: Slices,
  flow: Flow,
): number[] {
  if (amount > pending.remaining) throw new Error('N1: less is pending than remains');
  flow.clear();
  flow.loose = amount;
  for (const [expiry, part] of made) {
    flow.add(expiry, part);
    flow.loose -= part;
  }
  const left: number[] = [];
  for (let i = 0; i < pending.slices.length; i += 2) {
    const [expiry = 0, part = 0] = pending.slices.slice(i, i + 2);
    const rest = part - flow.amountOf(expiry);
    if (rest < 0) throw new Error('N1: less is pending in a lot than its transfer made');
    if (rest > 0) left.push(expiry, rest);
  }
  account.takeHeld(amount, flow);
  account.tidyLots();
  return left;
}

/** Notes what was taken back. */
export function shrinkPending(work: Work, pending: Hold, amount: number, left: number[]): void {
  pending.remaining -= amount;
  pending.slices = left;
  closeIfEmpty(work.state.pages.pageOf(ownerHash(pending.owner)), pending);
  writeHold(work, pending);
}

export function confirmPending(work: Work, command: Said<'confirm-pending'>): number {
  const { owner, transferId } = command;
  work.settleOwner(owner, ownerHash(owner));
  const pending = pendingOf(work, owner, transferId);
  if (pending === undefined) {
    const known = work.known.lookUp(owner, transferId);
    const isPosted =
      known?.tuple[1] === OP.transfer && known.effects.refusalNumber(known.offset) === APPLIED;
    return isPosted ? REFUSALS.NOT_PENDING.number : REFUSALS.TRANSFER_NOT_FOUND.number;
  }
  releaseWhole(work, pending);
  return APPLIED;
}
