// The accounts of legs, together. Owns: what their flags allow, whether several legs pay one. Never touches: balances.

import { FLAG } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft } from './account-draft.js';

/** Do the flags of a leg's accounts allow it? Returns a refusal's number or 0. */
export function flagRefusal(from: AccountDraft, to: AccountDraft): number {
  if (((from.flags | to.flags) & (FLAG.closed | FLAG.frozen)) === 0) return 0;
  if ((from.flags & FLAG.closed) !== 0 || (to.flags & FLAG.closed) !== 0)
    return REFUSALS.ACCOUNT_CLOSED.passing;
  return (from.flags & FLAG.frozen) !== 0 ? REFUSALS.ACCOUNT_FROZEN.passing : 0;
}

/** The changes of lots, so far, of the account that a leg pays, where others of so many legs pay it, too; null: none does, or it has no lots. */
export function lotsBefore(
  payees: readonly (AccountDraft | null)[],
  leg: number,
  legs: number,
): number[] | null {
  const to = payees[leg] as AccountDraft;
  if (!to.isTracked) return null;
  for (let other = 0; other < legs; other++)
    if (other !== leg && payees[other] === to) return to.slices.slice(0, to.sliceNumbers);
  return null;
}
