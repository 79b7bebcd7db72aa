// The accounts of legs, together. Owns: what their flags allow, whether several legs pay one, whether there is room for an earning. Never touches:
// balances.

import { LOTS_MAX } from '../limits.js';
import { FLAG } from '../protocol/effects.js';
import type { Name } from '../protocol/name.js';
import { REFUSALS, type RefusalCode } from '../protocol/refusals.js';
import { AccountDraft } from './account-draft.js';
import { goneRefusal } from './merged.js';
import type { State } from './state.js';

/** Do the flags of a leg's accounts, and what became of their owners, allow it? Returns a refusal's number or 0. */
export function flagRefusal(state: State, from: AccountDraft, to: AccountDraft): number {
  const merged = goneRefusal(state, from) || goneRefusal(state, to);
  if (merged !== 0) return merged;
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

/** What an earning of so much would be refused with, whatever is paid beside it; undefined: there is room. */
export function earningRefusal(
  { assets, pages, transits }: State,
  owner: Name,
  asset: number,
  amount: number,
): RefusalCode | undefined {
  const page = pages.pageOf(owner.hash);
  const account = new AccountDraft();
  account.name.setLike(owner);
  account.load(asset, assets.at(asset).lotTracked, page, page.find(owner, asset));
  account.expectedIn = transits.expectedBy(owner.hash, asset);
  if (account.creditRefusal(amount) !== 0) return 'AMOUNT_OVERFLOW';
  const isFull = account.isTracked && account.lotCount >= LOTS_MAX && !account.canMerge;
  return isFull ? 'LOT_LIMIT' : undefined;
}
