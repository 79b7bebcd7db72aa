// Extending lots: points of one lot get a later expiry. Owns: its refusals and changes. Never touches: balances, other commands.
//   ledger.E1. Held points stay in their lot: holds and open transfers know them by its expiry.

import type { Said } from '../protocol/commands.js';
import { ENTRY, FLAG } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

export function extendLots(work: Work, command: Said<'extend-lots'>): number {
  const { owner, lotExpiresAt, expiresAt } = command;
  const asset = work.state.assets.indexOf(command.asset);
  if (asset < 0) return REFUSALS.ASSET_UNKNOWN.number;
  if (expiresAt !== null && expiresAt <= work.time) return REFUSALS.EXPIRY_PAST.number;
  const expiry = work.roundExpiry(expiresAt, asset);
  if (expiry <= lotExpiresAt) return REFUSALS.EXPIRY_NOT_LATER.number;
  work.account(owner, asset);
  work.settle();
  const account = work.account(owner, asset);
  if (account.index < 0) return REFUSALS.ACCOUNT_NOT_FOUND.number;
  if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  const lot = lotExpiresAt <= work.time ? undefined : account.lot(lotExpiresAt);
  if (lot === undefined) return REFUSALS.LOT_NOT_FOUND.number;
  const { available, held } = lot;
  const { amount = available + held } = command;
  if (amount > available + held) return REFUSALS.POINTS_SHORT.number;
  if (amount > available) return REFUSALS.LOT_HELD.number;
  const refusal = account.moveLot(lotExpiresAt, expiry, amount);
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin();
  work.save(account, ENTRY.extend);
  return APPLIED;
}
