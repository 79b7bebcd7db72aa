// What each command does in the naive model: its refusals in order, then its changes.
// Owns: the order of refusals. Never touches: engine/ledger (what is tested).

import { ASSETS_MAX, DAY_MS, HOLDS_MAX, NEVER, RECORDS_MAX } from '../../engine/limits.js';
import type * as commands from '../../engine/protocol/commands.js';
import type { Asset, Entry, Posted } from '../../engine/protocol/outcomes.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';
import { exceeds, lotExpiry, ModelRefusal, type Piece, sumOf } from './model-account.js';
import { type Books, type Kept, key, of, stateOf } from './model-books.js';

type Extra = Pick<Posted, 'hold' | 'recordVersion' | 'assetVersion'>;

/** Carries out a command; throws a ModelRefusal, whereupon the caller undoes what was touched. */
export function carryOut(books: Books, command: commands.Command, time: number): Extra {
  switch (command.type) {
    case 'transfer':
      return transfer(books, command, time);
    case 'hold':
      return hold(books, command);
    case 'capture':
      return capture(books, command, time);
    case 'release':
      return release(books, command, time);
    case 'reverse':
      return reverse(books, command, time);
    case 'set-credit-limit':
      return setCreditLimit(books, command);
    case 'put-record':
      return putRecord(books, command);
    case 'delete-record':
      return deleteRecord(books, command);
    case 'define-asset':
      return defineAsset(books, command);
    case 'extend-lots':
      return extendLots(books, command, time);
    default:
      return changeAccount(books, command);
  }
}

function transfer(books: Books, command: commands.TransferCommand, time: number): Extra {
  for (const { from, to, asset } of command.legs) {
    if (books.find(from, asset)?.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
    if (books.find(to, asset)?.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
    if (books.find(from, asset)?.frozen) throw new ModelRefusal('ACCOUNT_FROZEN');
  }
  const { condition } = command;
  if (condition !== undefined) {
    const available = books.find(condition.owner, condition.asset)?.available ?? 0;
    if (available < condition.availableAtLeast) throw new ModelRefusal('CONDITION_FAILED');
  }
  for (const leg of command.legs) {
    const from = books.touch(leg.from, leg.asset);
    const to = books.touch(leg.to, leg.asset);
    to.credit(from.debit(leg.amount), leg.expiresAt, time, from.isSystem);
  }
  return {};
}

function hold(books: Books, command: commands.HoldCommand): Extra {
  const { owner, asset, amount } = command;
  const found = books.find(owner, asset);
  if (found?.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  if (found?.frozen) throw new ModelRefusal('ACCOUNT_FROZEN');
  const account = books.touch(owner, asset);
  account.refuseShort(amount);
  if (exceeds(account.held, amount)) throw new ModelRefusal('AMOUNT_OVERFLOW');
  const holds = of(books.holds, owner);
  if (holds.size >= HOLDS_MAX) throw new ModelRefusal('HOLD_LIMIT');
  const pieces = account.reserve(amount);
  const made = { owner, id: command.id!, asset, deadline: command.deadline, pieces };
  holds.set(made.id, made);
  return { hold: stateOf(made) };
}

function openHold(books: Books, owner: string, holdId: string) {
  const kept = books.kept.get(key(owner, holdId));
  if (kept?.command.type !== 'hold' || !kept.outcome.ok) throw new ModelRefusal('HOLD_NOT_FOUND');
  const found = of(books.holds, owner).get(holdId);
  if (found === undefined) throw new ModelRefusal('HOLD_CLOSED');
  return found;
}

function capture(books: Books, command: commands.CaptureCommand, time: number): Extra {
  const open = openHold(books, command.owner, command.holdId);
  const { owner, asset } = open;
  const remaining = sumOf(open.pieces);
  const amount = command.amount ?? remaining;
  if (amount > remaining) throw new ModelRefusal('CAPTURE_EXCEEDS_HOLD');
  if (books.find(owner, asset)?.frozen) throw new ModelRefusal('ACCOUNT_FROZEN');
  if (books.find(command.to, asset)?.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  const from = books.touch(owner, asset);
  const to = books.touch(command.to, asset);
  if (exceeds(from.spent, amount)) throw new ModelRefusal('AMOUNT_OVERFLOW');
  const taken = firstPart(open.pieces, amount);
  from.unreserve(taken);
  from.spent += amount;
  to.credit(taken, command.expiresAt, time);
  // Nothing can be refused from here: holds are not brought back by `undo`.
  const smaller = books.shrink(open, taken);
  const rest = of(books.holds, owner).get(open.id);
  if (command.releaseRest !== true || rest === undefined) return { hold: smaller };
  books.release(rest, rest.pieces, time);
  return { hold: { ...smaller, remaining: 0 } };
}

/** The first `amount` of the pieces. */
function firstPart(pieces: readonly Piece[], amount: number): Piece[] {
  const part: Piece[] = [];
  let missing = amount;
  for (const piece of pieces) {
    const take = Math.min(piece.amount, missing);
    if (take > 0) part.push({ expiry: piece.expiry, amount: take });
    missing -= take;
  }
  return part;
}

function release(books: Books, command: commands.ReleaseCommand, time: number): Extra {
  const open = openHold(books, command.owner, command.holdId);
  books.release(open, open.pieces, time);
  return { hold: { ...stateOf(open), remaining: 0 } };
}

/** What a reversal is to undo, or why there is nothing. */
export function reversible(
  books: Books,
  command: commands.ReverseCommand,
): { readonly kept: Kept; readonly entries: readonly Entry[] } | RefusalCode {
  const kept = books.kept.get(key(command.owner, command.transferId));
  if (!kept?.outcome.ok) return 'TRANSFER_NOT_FOUND';
  const { type } = kept.command;
  if (type !== 'transfer' && type !== 'capture') return 'NOT_REVERSIBLE';
  // What expired with it is none of its own.
  const entries = kept.outcome.entries.filter(({ type }) => type !== 'expire');
  return kept.reversed ? 'ALREADY_REVERSED' : { kept, entries };
}

function reverse(books: Books, command: commands.ReverseCommand, time: number): Extra {
  const original = reversible(books, command);
  if (typeof original === 'string') throw new ModelRefusal(original);
  const { kept, entries } = original;
  for (const { owner, asset } of entries) {
    if (books.find(owner, asset)!.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  }
  for (const { owner, asset } of entries) books.touch(owner, asset);
  for (const { owner, asset, delta, slices } of entries) {
    if (delta <= 0) continue;
    books.touch(owner, asset).takeBack(delta, slices, command.allowDebt === true);
  }
  for (const { owner, asset, delta, slices } of entries) {
    if (delta < 0) books.touch(owner, asset).giveBack(-delta, slices, time);
  }
  for (const { owner, asset, earned, spent } of entries) {
    const account = books.touch(owner, asset);
    account.earned -= earned;
    account.spent -= spent;
  }
  kept.reversed = true;
  return {};
}

function setCreditLimit(books: Books, command: commands.CreditLimitCommand): Extra {
  const account = books.find(command.owner, command.asset);
  if (account === undefined) throw new ModelRefusal('ACCOUNT_NOT_FOUND');
  if (account.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  if (-account.available > command.creditLimit) throw new ModelRefusal('CREDIT_IN_USE');
  account.creditLimit = command.creditLimit;
  return {};
}

function changeAccount(books: Books, command: commands.AccountCommand): Extra {
  const account = books.find(command.owner, command.asset);
  if (account === undefined) {
    if (command.type !== 'open-account') throw new ModelRefusal('ACCOUNT_NOT_FOUND');
    books.open(command.owner, command.asset);
    return {};
  }
  if (command.type === 'reopen-account') {
    if (!account.closed) throw new ModelRefusal('ACCOUNT_NOT_CLOSED');
    account.closed = false;
    return {};
  }
  if (account.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  if (command.type === 'freeze-account') account.frozen = true;
  if (command.type === 'unfreeze-account') account.frozen = false;
  if (command.type === 'close-account') {
    if (account.available !== 0 || account.held !== 0) throw new ModelRefusal('ACCOUNT_NOT_EMPTY');
    account.closed = true;
  }
  return {};
}

function extendLots(books: Books, command: commands.ExtendLotsCommand, time: number): Extra {
  const { owner, asset, lotExpiresAt, expiresAt } = command;
  const found = books.find(owner, asset);
  if (found === undefined) throw new ModelRefusal('ACCOUNT_NOT_FOUND');
  if (found.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  const lot = lotExpiresAt > time ? found.lots.get(lotExpiresAt) : undefined;
  if (lot === undefined) throw new ModelRefusal('LOT_NOT_FOUND');
  const amount = command.amount ?? lot.available + lot.held;
  if (amount > lot.available + lot.held) throw new ModelRefusal('POINTS_SHORT');
  if (amount > lot.available) throw new ModelRefusal('LOT_HELD', true);
  const account = books.touch(owner, asset);
  account.moveLot(lotExpiresAt, newExpiry(books, asset, expiresAt), amount);
  account.refuseTooManyLots();
  return {};
}

/** The lot that an expiry stands for. */
export const newExpiry = (books: Books, asset: string, expiresAt: number | null): number =>
  expiresAt === null ? NEVER : lotExpiry(books.assets.get(asset)!, expiresAt);

function putRecord(books: Books, command: commands.PutRecordCommand): Extra {
  const { owner, recordType, value, expiresAt, ifVersion } = command;
  const records = of(books.records, owner);
  const name = key(recordType, command.key);
  const found = records.get(name);
  if (ifVersion !== undefined && ifVersion !== (found?.version ?? 0)) {
    throw new ModelRefusal('RECORD_VERSION_MISMATCH');
  }
  if (found === undefined && records.size >= RECORDS_MAX) throw new ModelRefusal('RECORD_LIMIT');
  books.recordVersion += 1;
  const version = books.recordVersion;
  records.set(name, { owner, recordType, key: command.key, value, version, expiresAt });
  return { recordVersion: version };
}

function deleteRecord(books: Books, command: commands.DeleteRecordCommand): Extra {
  const records = of(books.records, command.owner);
  const name = key(command.recordType, command.key);
  const found = records.get(name);
  if (found === undefined) throw new ModelRefusal('RECORD_NOT_FOUND');
  if (command.ifVersion !== undefined && command.ifVersion !== found.version) {
    throw new ModelRefusal('RECORD_VERSION_MISMATCH');
  }
  records.delete(name);
  return {};
}

/** How points expire by the calendar, as far as it is said. */
function daysOf(command: commands.DefineAssetCommand): Partial<Asset> {
  const { expiresAfter, expiresOn, zone, zoneOffsets } = command;
  const given = { expiresAfter, expiresOn, zone, zoneOffsets };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function defineAsset(books: Books, command: commands.DefineAssetCommand): Extra {
  const defined: Asset = {
    asset: command.asset,
    scale: command.scale,
    lotTracked: command.lotTracked ?? true,
    lotGranularityMs: command.lotGranularityMs ?? DAY_MS,
    defaultExpiryMs: command.defaultExpiryMs ?? 0,
    version: 1,
    ...daysOf(command),
  };
  if ((command.expiresAfter ?? command.expiresOn) !== undefined && command.zone === undefined)
    throw new ModelRefusal('ZONE_INVALID');
  const found = books.assets.get(command.asset);
  if (found === undefined) {
    if (books.assets.size >= ASSETS_MAX) throw new ModelRefusal('ASSET_LIMIT');
    books.assets.set(command.asset, defined);
    return { assetVersion: 1 };
  }
  for (const fixed of ['scale', 'lotTracked', 'lotGranularityMs'] as const) {
    if (found[fixed] !== defined[fixed]) throw new ModelRefusal('ASSET_CONFLICT');
  }
  if (JSON.stringify({ ...found, version: 1 }) === JSON.stringify(defined))
    return { assetVersion: found.version };
  const version = found.version + 1;
  const changed = { ...defined, version };
  books.assets.set(command.asset, changed);
  for (const account of books.allAccounts()) {
    if (account.asset.asset === command.asset) account.asset = changed;
  }
  return { assetVersion: version };
}
