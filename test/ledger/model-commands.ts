// What each command does in the naive model: its refusals in order, then its changes.
// Owns: the order of refusals. Never touches: engine/ledger (what is tested).

import { ASSETS_MAX, DAY_MS, HOLDS_MAX, NEVER, RECORDS_MAX } from '../../engine/limits.js';
import type * as commands from '../../engine/protocol/commands.js';
import type { Asset, Entry, Posted } from '../../engine/protocol/outcomes.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';
import {
  between,
  exceeds,
  firstOf,
  lotExpiry,
  type ModelAccount,
  ModelRefusal,
  type Piece,
  sumOf,
} from './model-account.js';
import {
  type Books,
  byCodeUnits,
  type Kept,
  key,
  type ModelHold,
  of,
  stateOf,
} from './model-books.js';

type Extra = Pick<
  Posted,
  | 'hold'
  | 'recordVersion'
  | 'assetVersion'
  | 'definitionVersion'
  | 'activeFrom'
  | 'remaining'
  | 'remainingLegs'
>;

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
    case 'put-definition':
      return books.definitions.put(command, time);
    case 'extend-lots':
      return extendLots(books, command, time);
    case 'confirm-pending':
      return confirm(books, command, time);
    case 'act':
      throw new Error('the model has no acts');
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
  const legs = command.legs.map((leg) => {
    const from = books.touch(leg.from, leg.asset);
    return { ...leg, from, to: books.touch(leg.to, leg.asset) };
  });
  if (command.pendingUntil !== undefined) {
    const pending: Piece[] = [];
    for (const { from, to, amount, expiresAt } of legs) {
      from.debit(amount);
      const made = madeBy(to, () =>
        change(pending, ...placeOf(to.creditPending(amount, expiresAt, time))),
      );
      books.legLots.push(made);
    }
    return beginPending(books, command, pending);
  }
  if (!command.legs.some(({ from }) => command.legs.some(({ to }) => to === from))) {
    books.legLots = legs.map(({ from, to, amount, expiresAt }) =>
      madeBy(to, () => to.credit(from.debit(amount), expiresAt, time, from.isSystem)),
    );
    return {};
  }
  // Everything is set apart before anything is paid: what a leg brings is no other leg's to pay with.
  const gives = new Map<ModelAccount, number[]>();
  const gets = new Map<ModelAccount, number[]>();
  const pieces = legs.map(({ from, to, amount }) => {
    const given = added(gives, from, amount);
    const apart = from.setApart(amount, given);
    to.refuseOverfull(added(gets, to, amount));
    return apart;
  });
  legs.forEach(({ from, amount }, n) => {
    from.payApart(pieces[n]!, amount);
  });
  books.legLots = legs.map(({ from, to, expiresAt }, n) =>
    madeBy(to, () => to.credit(pieces[n]!, expiresAt, time, from.isSystem)),
  );
  return {};
}

/** What lots have more after something. Points that went from one lot into another are no part of it. */
function madeBy(account: ModelAccount, change: () => void): Piece[] {
  const before = account.figures();
  change();
  return brought(account.entrySince(before, 'transfer'));
}

/** What an entry that only earns put into lots; what it moved from a lot into a later one is no part of it. */
function brought({ slices }: Entry): Piece[] {
  const found: Piece[] = [];
  let moved = 0;
  for (const { expiresAt, available, held } of slices) {
    const more = available + held;
    const part = Math.min(Math.max(0, more), moved);
    moved -= more < 0 ? more : part;
    if (more > part) found.push({ expiry: expiresAt ?? NEVER, amount: more - part });
  }
  return found;
}

/** What of a transfer is pending, kept as a hold is. */
function beginPending(
  books: Books,
  { id, legs, pendingUntil }: commands.TransferCommand,
  pending: Piece[],
): Extra {
  const [{ to: owner, asset } = { to: '', asset: '' }] = legs;
  const holds = of(books.holds, owner);
  if (holds.size >= HOLDS_MAX) throw new ModelRefusal('HOLD_LIMIT');
  const deadline = pendingUntil ?? undefined;
  const pieces = pending.sort((a, b) => (a.expiry ?? Infinity) - (b.expiry ?? Infinity));
  holds.set(id!, { owner, id: id!, asset, deadline, isPending: true, pieces });
  return {};
}

const placeOf = ({ expiry, amount }: Piece) => [expiry, amount] as const;

function confirm(books: Books, command: commands.ConfirmPendingCommand, time: number): Extra {
  const kept = books.kept.get(key(command.owner, command.transferId));
  const isPosted = kept?.outcome.ok && kept.command.type === 'transfer';
  if (!isPosted) throw new ModelRefusal('TRANSFER_NOT_FOUND');
  const pending = of(books.holds, command.owner).get(command.transferId);
  if (pending === undefined) throw new ModelRefusal('NOT_PENDING');
  books.release(pending, pending.pieces, time);
  return {};
}

/** All amounts of an account so far, this one included. */
function added(all: Map<ModelAccount, number[]>, account: ModelAccount, amount: number): number[] {
  const some = [...(all.get(account) ?? []), amount];
  all.set(account, some);
  return some;
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
  const taken = firstOf(open.pieces, amount);
  from.spent += amount;
  to.credit(taken, command.expiresAt, time);
  // Nothing can be refused from here: holds are not brought back by `undo`.
  const smaller = books.shrink(open, taken);
  const rest = of(books.holds, owner).get(open.id);
  const isReleased = command.releaseRest === true && rest !== undefined;
  // Lots that this empties are there until what is released has been put back.
  if (isReleased) books.release(rest, rest.pieces, time);
  from.unreserve(taken);
  return { hold: isReleased ? { ...smaller, remaining: 0 } : smaller };
}

function release(books: Books, command: commands.ReleaseCommand, time: number): Extra {
  const open = openHold(books, command.owner, command.holdId);
  books.release(open, open.pieces, time);
  return { hold: { ...stateOf(open), remaining: 0 } };
}

/** What a reversal is to undo: of each leg so much now, and before. */
interface Reversible {
  readonly kept: Kept;
  readonly entries: readonly Entry[];
  readonly legs: readonly commands.Leg[];
  readonly now: readonly number[];
  readonly before: readonly number[];
}

/** What a reversal is to undo, or why there is nothing. */
export function reversible(
  books: Books,
  command: commands.ReverseCommand,
): Reversible | RefusalCode {
  const kept = books.kept.get(key(command.owner, command.transferId));
  if (!kept?.outcome.ok) return 'TRANSFER_NOT_FOUND';
  const original = kept.command;
  if (original.type !== 'transfer' && original.type !== 'capture') return 'NOT_REVERSIBLE';
  // What expired with it is none of its own.
  const entries = kept.outcome.entries.filter(({ type }) => type !== 'expire');
  const legs = original.type === 'transfer' ? original.legs : [capturedLeg(original, entries)];
  const before = legs.map((_, n) => kept.undone[n] ?? 0);
  const remaining = legs.map(({ amount }, n) => amount - before[n]!);
  if (remaining.every((left) => left === 0)) return 'ALREADY_REVERSED';
  let now = remaining;
  if (command.amount !== undefined) {
    if (legs.length > 1) return 'LEGS_REQUIRED';
    now = [command.amount];
  } else if (command.legs !== undefined) {
    if (command.legs.some(({ leg }) => leg >= legs.length)) return 'LEG_NOT_FOUND';
    now = legs.map((_, n) => command.legs!.find(({ leg }) => leg === n)?.amount ?? 0);
  }
  if (now.some((part, n) => part > remaining[n]!)) return 'REVERSAL_EXCEEDS_REMAINING';
  for (const { owner, asset, earned, spent } of entries) {
    const part = movedBy(legs, now, owner, asset);
    const isWhole = part.earned === earned && part.spent === spent;
    if (
      !owner.startsWith('@') &&
      earned > 0 &&
      spent > 0 &&
      !isWhole &&
      part.earned + part.spent > 0
    )
      return 'LEGS_INSEPARABLE';
  }
  return { kept, entries, legs, now, before };
}

/** What a capture moved. */
function capturedLeg(capture: commands.CaptureCommand, entries: readonly Entry[]): commands.Leg {
  const { asset, spent } = entries.find(({ owner }) => owner === capture.owner)!;
  return { from: capture.owner, to: capture.to, asset, amount: spent };
}

/** What an account got and gave by so much of each leg. */
function movedBy(
  legs: readonly commands.Leg[],
  parts: readonly number[],
  owner: string,
  asset: string,
): { readonly earned: number; readonly spent: number } {
  let [earned, spent] = [0, 0];
  for (const [n, leg] of legs.entries()) {
    if (leg.asset !== asset) continue;
    if (leg.to === owner) earned += parts[n]!;
    if (leg.from === owner) spent += parts[n]!;
  }
  return { earned, spent };
}

/** What an entry put into lots (1), or took out of them (-1). */
function piecesOf(entry: Entry, sign: 1 | -1): Piece[] {
  return entry.slices
    .map(({ expiresAt, available, held }) => ({
      expiry: expiresAt ?? NEVER,
      amount: sign * (available + held),
    }))
    .filter(({ amount }) => amount > 0);
}

function reverse(books: Books, command: commands.ReverseCommand, time: number): Extra {
  const original = reversible(books, command);
  if (typeof original === 'string') throw new ModelRefusal(original);
  const { kept, entries, legs, now, before } = original;
  const undone = entries
    .map((entry) => {
      const { owner, asset } = entry;
      const part = movedBy(legs, now, owner, asset);
      const done = movedBy(legs, before, owner, asset);
      const isBoth = !owner.startsWith('@') && entry.earned > 0 && entry.spent > 0;
      const from = isBoth ? 0 : done.earned + done.spent;
      return { entry, part, from, isBoth, net: part.earned - part.spent };
    })
    .filter(({ part }) => part.earned + part.spent > 0);
  for (const { entry } of undone) {
    if (books.find(entry.owner, entry.asset)!.closed) throw new ModelRefusal('ACCOUNT_CLOSED');
  }
  for (const { entry } of undone) books.touch(entry.owner, entry.asset);
  const holds: (() => void)[] = [];
  for (const { entry, net, from } of undone) {
    if (net <= 0) continue;
    const account = books.touch(entry.owner, entry.asset);
    const paying = legs.flatMap(({ to, asset }, n) =>
      to === entry.owner && asset === entry.asset ? [n] : [],
    );
    const made =
      entry.spent === 0 && paying.length > 1
        ? paying.flatMap((n) => between(kept.legLots[n]!, before[n]!, before[n]! + now[n]!))
        : between(entry.spent === 0 ? brought(entry) : piecesOf(entry, 1), from, from + net);
    const pending = of(books.holds, entry.owner).get(command.transferId);
    if (pending?.isPending && entry.owner === command.owner) {
      const loose = net - sumOf(made);
      const back: Piece[] = [];
      for (const one of made) change(back, ...placeOf(one));
      if (loose > 0) back.push({ expiry: undefined, amount: loose });
      account.unreserve(back);
      holds.push(() => books.shrink(pending, back));
      continue;
    }
    const taken = account.takeBack(net, made, command.allowDebt === true, time, (expiry) =>
      heldIn(books, account, expiry),
    );
    holds.push(...exchange(books, account, taken.missing, taken.instead));
  }
  for (const { entry, part, from, net, isBoth } of undone) {
    const account = books.touch(entry.owner, entry.asset);
    const all = piecesOf(entry, -1);
    const used = (entry.type === 'capture' ? firstOf(all, entry.spent) : all).reverse();
    if (net < 0) {
      const pieces = between(used, from, from - net);
      const loose = -net - sumOf(pieces);
      account.giveBack(
        loose > 0 ? [...pieces, { expiry: undefined, amount: loose }] : pieces,
        time,
      );
    }
    if (isBoth) {
      const made = between(piecesOf(entry, 1), Math.max(0, net), part.earned);
      const given = between(used, Math.max(0, -net), part.spent);
      const size = Math.min(sumOf(made), sumOf(given));
      account.swap(firstOf(made, size), given, time);
    }
  }
  for (const { entry, part } of undone) {
    const account = books.touch(entry.owner, entry.asset);
    account.earned -= part.earned;
    account.spent -= part.spent;
  }
  for (const change of holds) change();
  kept.undone = now.map((part, n) => part + before[n]!);
  const remainingLegs = legs.map(({ amount }, n) => amount - kept.undone[n]!);
  const remaining = remainingLegs.reduce((sum, left) => sum + left, 0);
  return legs.length > 1 ? { remaining, remainingLegs } : { remaining };
}

/** What holds of an account have of a lot. */
function heldIn(books: Books, { owner, asset }: ModelAccount, expiry: number): number {
  const own = [...of(books.holds, owner).values()];
  const pieces = own
    .filter((one) => one.asset === asset.asset && !one.isPending)
    .flatMap((one) => one.pieces);
  return sumOf(pieces.filter((piece) => piece.expiry === expiry));
}

/**
 * What holds have out of lots that are taken back, they give up for what was taken elsewhere instead. Returns how the holds change, once nothing
 * can be refused any more.
 */
function exchange(
  books: Books,
  account: ModelAccount,
  missing: readonly Piece[],
  instead: readonly Piece[],
): (() => void)[] {
  const own = of(books.holds, account.owner);
  const holds = [...own.values()]
    .filter(({ asset, isPending }) => asset === account.asset.asset && !isPending)
    .sort((a, b) => byCodeUnits(a.id, b.id));
  const pieces = new Map(holds.map((hold): [ModelHold, Piece[]] => [hold, [...hold.pieces]]));
  const left = instead.map((piece) => ({ ...piece }));
  for (const { expiry, amount } of missing) {
    let rest = amount;
    for (const hold of holds) {
      const has = pieces.get(hold)!;
      for (const other of left) {
        const part = Math.min(
          rest,
          has.find((one) => one.expiry === expiry)?.amount ?? 0,
          other.amount,
        );
        if (part === 0) continue;
        rest -= part;
        other.amount -= part;
        account.moveHeld(expiry!, other.expiry, part);
        change(has, expiry, -part);
        change(has, other.expiry, part);
      }
    }
  }
  return holds.map((hold) => () => {
    const changed = pieces.get(hold)!.filter(({ amount }) => amount > 0);
    const sorted = changed.sort((a, b) => (a.expiry ?? Infinity) - (b.expiry ?? Infinity));
    own.set(hold.id, { ...hold, pieces: sorted });
  });
}

function change(pieces: Piece[], expiry: number | undefined, by: number): void {
  const at = pieces.findIndex((piece) => piece.expiry === expiry);
  if (at < 0) pieces.push({ expiry, amount: by });
  else pieces[at] = { expiry, amount: pieces[at]!.amount + by };
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
    ...(command.expiryNoticeDays ? { expiryNoticeDays: command.expiryNoticeDays } : {}),
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
