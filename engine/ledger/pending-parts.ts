// Parts of what is pending, taken back. Owns: a pending earning's amount and slices (ledger.N1). Never touches: what else a reversal takes.

import { ownerHash } from '../protocol/hash.js';
import type { AccountDraft } from './account-draft.js';
import { writeHold } from './due.js';
import type { Flow } from './flow.js';
import { closeIfEmpty } from './hold-parts.js';
import type { Hold } from './page-items.js';
import type { PendingBack } from './reversal-parts.js';
import { type Slices, within } from './undo.js';
import type { Work } from './work.js';

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

/** The same of what a leg of an act has pending: the soonest of its lots first. */
export function takePendingLeg(
  account: AccountDraft,
  { hold, amount }: PendingBack,
  flow: Flow,
): number[] {
  const slices: [number, number][] = [];
  for (let i = 0; i < hold.slices.length; i += 2)
    slices.push([hold.slices[i] as number, hold.slices[i + 1] as number]);
  return takePending(account, hold, amount, within(slices, 0, amount), flow);
}

/** Notes what was taken back. */
export function shrinkPending(work: Work, pending: Hold, amount: number, left: number[]): void {
  pending.remaining -= amount;
  pending.slices = left;
  closeIfEmpty(work.state.pages.pageOf(ownerHash(pending.owner)), pending);
  writeHold(work, pending);
}
