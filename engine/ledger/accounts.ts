// Opening, freezing, closing, reopening, credit limits. Owns: their refusals and changes. Never touches: other commands.

import type { AccountCommand, Said } from '../protocol/commands.js';
import { EXTRA, FLAG } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft } from './account-draft.js';
import { F, I } from './page.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

type Account = Pick<AccountCommand, 'owner' | 'asset'>;

/** The account a command names, with what was due applied; null: the asset is unknown. */
function named(work: Work, { owner, asset: code }: Account): AccountDraft | null {
  const asset = work.state.assets.indexOf(code);
  if (asset < 0) return null;
  work.account(owner, asset);
  work.settle();
  return work.account(owner, asset);
}

/** Writes flags and limit, which have no entry. */
function saveFlags(work: Work, account: AccountDraft): void {
  const page = work.create(account);
  page.i32[page.n(account.index) + I.flags] = account.flags;
  page.f64[page.f(account.index) + F.creditLimit] = account.creditLimit;
  const numbers = [account.asset, account.flags, account.creditLimit];
  work.draft.effects.extra(EXTRA.account, numbers, [account.name.text]);
}

/** The refusals that freezing, closing and limits share. */
function refusalOf(account: AccountDraft): number {
  if (account.index < 0) return REFUSALS.ACCOUNT_NOT_FOUND.number;
  return (account.flags & FLAG.closed) !== 0 ? REFUSALS.ACCOUNT_CLOSED.passing : APPLIED;
}

export function openAccount(work: Work, command: AccountCommand): number {
  const account = named(work, command);
  if (account === null) return REFUSALS.ASSET_UNKNOWN.number;
  if ((account.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
  // From here the command must succeed.
  work.begin();
  saveFlags(work, account);
  return APPLIED;
}

export function flagAccount(work: Work, command: AccountCommand): number {
  const account = named(work, command);
  if (account === null) return REFUSALS.ASSET_UNKNOWN.number;
  const refusal = refusalOf(account);
  if (refusal !== APPLIED) return refusal;
  // From here the command must succeed.
  work.begin();
  if (command.type === 'freeze-account') account.flags |= FLAG.frozen;
  else account.flags &= ~FLAG.frozen;
  saveFlags(work, account);
  return APPLIED;
}

export function closeAccount(work: Work, command: AccountCommand): number {
  const account = named(work, command);
  if (account === null) return REFUSALS.ASSET_UNKNOWN.number;
  const refusal = refusalOf(account);
  if (refusal !== APPLIED) return refusal;
  const { transits } = work.state;
  const { hash } = account.name;
  if (transits.expectedBy(hash, account.asset) > 0 || transits.reservedBy(hash, account.asset) > 0)
    return REFUSALS.ACCOUNT_BUSY.number;
  if (account.available !== 0 || account.held !== 0) return REFUSALS.ACCOUNT_NOT_EMPTY.number;
  // From here the command must succeed.
  work.begin();
  account.flags |= FLAG.closed;
  saveFlags(work, account);
  return APPLIED;
}

export function reopenAccount(work: Work, command: Said<'reopen-account'>): number {
  const account = named(work, command);
  if (account === null) return REFUSALS.ASSET_UNKNOWN.number;
  if (account.index < 0) return REFUSALS.ACCOUNT_NOT_FOUND.number;
  if ((account.flags & FLAG.closed) === 0) return REFUSALS.ACCOUNT_NOT_CLOSED.number;
  // From here the command must succeed.
  work.begin();
  account.flags &= ~FLAG.closed;
  saveFlags(work, account);
  return APPLIED;
}

export function setCreditLimit(work: Work, command: Said<'set-credit-limit'>): number {
  const account = named(work, command);
  if (account === null) return REFUSALS.ASSET_UNKNOWN.number;
  const refusal = refusalOf(account);
  if (refusal !== APPLIED) return refusal;
  const limit = command.creditLimit;
  if (-account.available > limit) return REFUSALS.CREDIT_IN_USE.number;
  // From here the command must succeed.
  work.begin();
  account.creditLimit = limit;
  saveFlags(work, account);
  return APPLIED;
}
