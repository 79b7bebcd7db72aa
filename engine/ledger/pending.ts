// Pending earnings: points that are earned, and not available before a time or a confirmation. Owns: how one begins, is confirmed, is taken
// back. Never touches: holds, which reserve what was available.
//   ledger.N1. A pending earning is kept as a hold is: its points are held, its slices are held parts of lots. It is activated as a whole;
//       parts of it go by reversals of its transfer alone, so that what is left of both is the same. Each leg of an act is one of its own.

import { NEVER } from '../limits.js';
import type { Tuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import type { Said } from '../protocol/commands.js';
import { ownerHash } from '../protocol/hash.js';
import { OP, PLACES } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { busyTransfer, planOfTuple } from '../transfer/carried.js';
import type { AccountDraft } from './account-draft.js';
import { writeHold } from './due.js';
import { holdRoom, openIn, pendingId } from './hold-parts.js';
import { releaseAll } from './holds.js';
import type { Page } from './page.js';
import { type Hold, holdKey } from './page-items.js';
import { APPLIED } from './result.js';
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

/** What is pending of an act that was posted. */
function pendingOfAct({ state }: Work, owner: string, id: string, act: Tuple): Hold[] {
  const { holds } = state.pages.pageOf(ownerHash(owner));
  const legs = planOfTuple(act)?.pending ?? [];
  return legs.flatMap(([leg]) => holds?.get(holdKey(owner, pendingId(id, leg))) ?? []);
}

export function confirmPending(work: Work, command: Said<'confirm-pending'>): number {
  const { owner, transferId } = command;
  work.settleOwner(owner, ownerHash(owner));
  const own = pendingOf(work, owner, transferId);
  if (own !== undefined) {
    releaseAll(work, [own]);
    return APPLIED;
  }
  const known = work.known.lookUp(owner, transferId);
  const op = known?.tuple[1];
  const isPosted = known?.effects.refusalNumber(known.offset) === APPLIED;
  if (known == null || !isPosted || (op !== OP.transfer && op !== OP.act))
    return REFUSALS.TRANSFER_NOT_FOUND.number;
  const { transits } = work.state;
  // It is open, or a part of it is being given back: what is pending then is known when that is decided.
  const isOpen = transits.size > 0 && transits.get(owner, transferId) !== undefined;
  if (isOpen || transits.isBusy(busyTransfer(owner, transferId)))
    return REFUSALS.ACCOUNT_BUSY.number;
  const pending = op === OP.act ? pendingOfAct(work, owner, transferId, known.tuple) : [];
  if (pending.length === 0) return REFUSALS.NOT_PENDING.number;
  releaseAll(work, pending);
  return APPLIED;
}
