// Reversal: a whole transfer or capture undone, points back into the lots they came from.
// Owns: its refusals and changes. Never touches: other commands.

import { AMOUNT_MAX } from '../limits.js';
import { OP, type Tuple } from '../protocol/codec.js';
import { ENTRY, type EntryView, EXTRA, FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { REFUSALS } from '../protocol/refusals.js';
import { APPLIED, type Ledger } from './ledger.js';
import type { Flow, Working } from './working.js';

const gained = (entry: EntryView): number => entry.earned - entry.spent;

/** The original's entries, or the refusal's number. */
function original(ledger: Ledger, owner: string, transferId: string): EntryView[] | number {
  const past = ledger.lookUp(owner, transferId);
  if (past === null || past.effects.refusalNumber(past.offset) !== 0)
    return REFUSALS.TRANSFER_NOT_FOUND.number;
  const op = past.tuple[1];
  if (op !== OP.transfer && op !== OP.capture) return REFUSALS.NOT_REVERSIBLE.number;
  if (past.effects.extras(past.offset).some((extra) => extra.tag === EXTRA.transit))
    return REFUSALS.CROSS_SHARD_UNSUPPORTED.number;
  if (ledger.isReversed(owner, transferId)) return REFUSALS.ALREADY_REVERSED.number;
  return past.effects.entries(past.offset);
}

/** Takes back what the original brought, out of the lots it made first. */
function takeBack(account: Working, entry: EntryView, flow: Flow, mayOwe: boolean): number {
  const amount = gained(entry);
  const { available, creditLimit } = account;
  if (!account.isSystem && (!mayOwe || account.isScarce)) {
    if (available < amount && amount - available > creditLimit) return REFUSALS.POINTS_SHORT.number;
  }
  if (available - amount < -AMOUNT_MAX) return REFUSALS.AMOUNT_OVERFLOW.number;
  let rest = amount;
  flow.clear();
  if (account.isTracked) {
    for (let i = 0; i < entry.slices.length; i += 3) {
      const made = (entry.slices[i + 1] as number) + (entry.slices[i + 2] as number);
      if (made > 0)
        rest -= account.takeFromLot(entry.slices[i] as number, Math.min(made, rest), flow);
    }
  }
  account.takeAvailable(rest, flow);
  return APPLIED;
}

/** Gives back what the original took, into the lots it came from. */
function giveBack(ledger: Ledger, account: Working, entry: EntryView): number {
  const amount = -gained(entry);
  if (account.available + account.held + amount > AMOUNT_MAX)
    return REFUSALS.AMOUNT_OVERFLOW.number;
  const { flow } = ledger;
  flow.clear();
  let rest = amount;
  for (let i = 0; i < entry.slices.length; i += 3) {
    const used = -((entry.slices[i + 1] as number) + (entry.slices[i + 2] as number));
    const part = Math.min(used, rest);
    if (part <= 0) continue;
    flow.add(entry.slices[i] as number, part);
    rest -= part;
  }
  flow.loose = rest;
  return account.putBack(amount, flow, ledger.defaultExpiry(account.asset), false);
}

export function reverse(ledger: Ledger, t: Tuple): number {
  const owner = t[7] as string;
  const transferId = t[8] as string;
  ledger.settleOwner(owner, ownerHash(owner));
  const entries = original(ledger, owner, transferId);
  if (typeof entries === 'number') return entries;
  for (const entry of entries) ledger.settleOwner(entry.owner, ownerHash(entry.owner));
  const accounts = entries.map((entry) => ledger.account(entry.owner, entry.asset));
  for (const account of accounts) {
    if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.number;
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as EntryView;
    const account = accounts[i] as Working;
    account.isTouched = true;
    const refusal =
      gained(entry) > 0 ? takeBack(account, entry, ledger.flow, t[9] === true) : APPLIED;
    if (refusal !== APPLIED) return refusal;
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as EntryView;
    const refusal = gained(entry) < 0 ? giveBack(ledger, accounts[i] as Working, entry) : APPLIED;
    if (refusal !== APPLIED) return refusal;
  }
  // From here the command must succeed.
  ledger.begin();
  for (let i = 0; i < entries.length; i++) {
    (accounts[i] as Working).earned -= (entries[i] as EntryView).earned;
    (accounts[i] as Working).spent -= (entries[i] as EntryView).spent;
  }
  ledger.saveAll(ENTRY.reverse);
  ledger.markReversed(owner, transferId);
  return APPLIED;
}
