// Reversal: a whole transfer or capture undone, points back into the lots they came from.
// Owns: its refusals and changes. Never touches: other commands.

import { AMOUNT_MAX } from '../limits.js';
import type { Said } from '../protocol/commands.js';
import { ENTRY, type EntryView, EXTRA, FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { OP } from '../protocol/layout.js';
import { REFUSALS } from '../protocol/refusals.js';
import { busyTransfer } from '../transfer/carried.js';
import { beginCross } from '../transfer/cross.js';
import type { AccountDraft } from './account-draft.js';
import { APPLIED } from './result.js';
import type { PastRecord } from './state.js';
import { gained, giveBackFlow, takeBack } from './undo.js';
import type { Work } from './work.js';

const { AMOUNT_OVERFLOW } = REFUSALS;

/** The original's record, or the refusal's number. */
function original(work: Work, owner: string, transferId: string): PastRecord | number {
  const past = work.known.lookUp(owner, transferId);
  if (past === null || past.effects.refusalNumber(past.offset) !== 0)
    return REFUSALS.TRANSFER_NOT_FOUND.number;
  const op = past.tuple[1];
  if (op !== OP.transfer && op !== OP.capture) return REFUSALS.NOT_REVERSIBLE.number;
  const { transits } = work.state;
  const isOpen = transits.size > 0 && transits.get(owner, transferId) !== undefined;
  if (isOpen || transits.isBusy(busyTransfer(owner, transferId)))
    return REFUSALS.ACCOUNT_BUSY.number;
  return work.known.isReversed(owner, transferId) ? REFUSALS.ALREADY_REVERSED.number : past;
}

const isBetweenShards = ({ effects, offset }: PastRecord): boolean =>
  effects.hasExtras(offset) && effects.extras(offset).some((extra) => extra.tag === EXTRA.transit);

/** Gives back what the original took, into the lots it came from. */
function giveBack(work: Work, account: AccountDraft, entry: EntryView): number {
  const amount = -gained(entry);
  if (account.available + account.held + account.expectedIn + amount > AMOUNT_MAX)
    return AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
  const { flow } = work;
  giveBackFlow(entry, flow);
  return account.putBack(amount, flow, work.defaultExpiry(account.asset), false);
}

export function reverse(work: Work, command: Said<'reverse'>): number {
  const { owner, transferId, allowDebt = false } = command;
  work.settleOwner(owner, ownerHash(owner));
  const past = original(work, owner, transferId);
  if (typeof past === 'number') return past;
  if (isBetweenShards(past)) return beginCross(work, work.command);
  const entries = past.effects.entries(past.offset);
  for (const entry of entries) work.settleOwner(entry.owner, ownerHash(entry.owner));
  const accounts = entries.map((entry) => work.account(entry.owner, entry.asset));
  for (const account of accounts) {
    if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as EntryView;
    const account = accounts[i] as AccountDraft;
    account.isTouched = true;
    const refusal = gained(entry) > 0 ? takeBack(account, entry, work.flow, allowDebt) : APPLIED;
    if (refusal !== APPLIED) return refusal;
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as EntryView;
    const refusal =
      gained(entry) < 0 ? giveBack(work, accounts[i] as AccountDraft, entry) : APPLIED;
    if (refusal !== APPLIED) return refusal;
  }
  // From here the command must succeed.
  work.begin();
  for (let i = 0; i < entries.length; i++) {
    (accounts[i] as AccountDraft).earned -= (entries[i] as EntryView).earned;
    (accounts[i] as AccountDraft).spent -= (entries[i] as EntryView).spent;
  }
  work.saveAll(ENTRY.reverse);
  work.markReversed(owner, transferId);
  return APPLIED;
}
