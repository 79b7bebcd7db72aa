// A naive, obviously right model of one shard: what engine/ledger/README.md says, and nothing else.
// Owns: the order in which a command is looked at. Never touches: engine/ledger (what is tested).
//   M4. A command that is refused changes nothing but what was due.
//   M5. An outcome that is final is kept under (home owner, id) for ever.

import { BACKDATE_MAX_MS, NEVER, SLOTS } from '../../engine/limits.js';
import {
  type Business,
  type Command,
  type HoldCommand,
  isReference,
  type TransferCommand,
} from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import {
  type Asset,
  type Balance,
  type EntryType,
  type HistoryEntry,
  type HoldState,
  type Lot,
  type Outcome,
  type OwnerRecord,
  type PastBalance,
  refused,
  type TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { FIRST_PASSING } from '../../engine/protocol/refusal.js';
import { REFUSALS, type RefusalCode } from '../../engine/protocol/refusals.js';
import {
  earnedExpiry,
  type ModelAccount,
  ModelRefusal,
  type Piece,
  type Posting,
  sumOf,
} from './model-account.js';
import { Books, byCodeUnits, isSystem, key, type ModelHold, of, stateOf } from './model-books.js';
import { carryOut, newExpiry, reversible } from './model-commands.js';

/** A refusal before the command is looked at: with the field at fault. */
type Fault = readonly [code: RefusalCode, field: string];

/** Which owners a tick serves. */
export interface Scope {
  readonly bits: number;
  readonly value: number;
}

export class Model {
  readonly books = new Books();
  /** Was the last refusal of a passing state? */
  #isPassing = false;
  #past: { readonly at: number; readonly books: Books } | undefined;

  /** Block time must never go back from call to call. */
  apply(submitted: Command, time: number): Outcome {
    const command = completed(submitted);
    const id = 'id' in command ? command.id : undefined;
    const place = key(homeOwner(command), id ?? '');
    if (command.type === 'transfer' && command.owner === undefined && parties(command).length > 1)
      return refused('OWNER_REQUIRED', 'owner', id);
    const kept = id === undefined ? undefined : this.books.kept.get(place);
    if (kept !== undefined) {
      if (saidBy(this.#rounded(kept.command)) !== saidBy(this.#rounded(command)))
        return refused('ID_REUSED', 'id', id);
      return { ...kept.outcome, replayed: true };
    }
    const fault = this.#fault(command, time);
    if (fault !== undefined) return refused(fault[0], fault[1], id);

    this.books.diary.push({ what: command, time });
    const owners = this.#ownersOf(command);
    const touched = this.#touchedBy(command, owners);
    for (const owner of owners) this.books.settle(owner, time);
    this.#isPassing = false;
    const done = this.#carryOut(command, id, time);
    this.books.expired.length = 0;
    for (const owner of touched) this.books.settle(owner, time);
    const { expired } = this.books;
    const outcome = done.ok ? { ...done, entries: [...done.entries, ...expired] } : done;
    if (id !== undefined && !this.#isPassing)
      this.books.kept.set(place, {
        command,
        outcome,
        time,
        undone: [],
        legLots: this.books.legLots,
      });
    return outcome;
  }

  #carryOut(command: Command, id: string | undefined, time: number): Outcome {
    try {
      this.books.legLots = [];
      const extra = carryOut(this.books, command, time);
      const types: Partial<Record<Command['type'], EntryType>> = {
        'extend-lots': 'extend',
        'confirm-pending': 'release',
      };
      const type = types[command.type] ?? (command.type as 'transfer');
      const occurredAt = command.type === 'transfer' ? command.occurredAt : undefined;
      const entries = this.books.post(type, time, command, occurredAt);
      const posted = { ok: true, id, shard: 0, seq: 0, time, replayed: false, entries } as const;
      return { ...posted, occurredAt, ...extra };
    } catch (refusal) {
      if (!(refusal instanceof ModelRefusal)) throw refusal;
      this.books.undo();
      this.#isPassing = refusal.isPassing;
      const outcome = refused(refusal.code, undefined, id);
      const mayBeKept = REFUSALS[refusal.code].number < FIRST_PASSING;
      return refusal.isPassing && mayBeKept ? { ...outcome, passing: true } : outcome;
    }
  }

  /** With the expiries that lots of it would have: a retry that works them out anew says the same. */
  #rounded(command: Command): Command {
    const { books } = this;
    const lot = (asset: string | undefined, at: number | null | undefined) =>
      typeof at === 'number' && asset !== undefined && books.assets.has(asset)
        ? newExpiry(books, asset, at)
        : at;
    if (command.type === 'transfer') {
      const legs = command.legs.map((leg) => ({
        ...leg,
        expiresAt: lot(leg.asset, leg.expiresAt),
      }));
      return { ...command, legs };
    }
    if (command.type === 'extend-lots')
      return { ...command, expiresAt: lot(command.asset, command.expiresAt) ?? null };
    if (command.type !== 'capture') return command;
    const hold = books.kept.get(key(command.owner, command.holdId));
    const isHold = hold?.command.type === 'hold' && hold.outcome.ok;
    const asset = isHold ? (hold.command as HoldCommand).asset : undefined;
    return { ...command, expiresAt: lot(asset, command.expiresAt) };
  }

  /** What may come right later without the command being another: an unknown asset, a time gone by. */
  #fault(command: Command, time: number): Fault | undefined {
    const faults: Fault[] = [];
    const asset = (code: string | undefined, field: string) => {
      if (code !== undefined && !this.books.assets.has(code)) faults.push(['ASSET_UNKNOWN', field]);
    };
    const future = (at: number | null | undefined, field: string, code: RefusalCode) => {
      if (typeof at === 'number' && at <= time) faults.push([code, field]);
    };
    if (command.type === 'transfer') {
      for (const [n, leg] of command.legs.entries()) asset(leg.asset, `legs[${n}].asset`);
      asset(command.condition?.asset, 'condition.asset');
      for (const [n, leg] of command.legs.entries()) {
        future(leg.expiresAt, `legs[${n}].expiresAt`, 'EXPIRY_PAST');
      }
      const { occurredAt = time } = command;
      if (occurredAt > time) faults.push(['OCCURRED_FUTURE', 'occurredAt']);
      if (occurredAt < time - BACKDATE_MAX_MS) faults.push(['OCCURRED_TOO_EARLY', 'occurredAt']);
      const { pendingUntil: until } = command;
      future(until, 'pendingUntil', 'PENDING_PAST');
      for (const { asset: code, expiresAt } of typeof until === 'number' ? command.legs : []) {
        const asset = this.books.assets.get(code);
        if (asset?.lotTracked && earnedExpiry(asset, expiresAt, time) <= until!)
          faults.push(['PENDING_EXPIRES', 'pendingUntil']);
      }
    } else if (!isReference(command)) {
      if ('asset' in command) asset(command.asset, 'asset');
      if ('expiresAt' in command) future(command.expiresAt, 'expiresAt', 'EXPIRY_PAST');
      if (command.type === 'extend-lots' && this.books.assets.has(command.asset)) {
        const expiry = newExpiry(this.books, command.asset, command.expiresAt);
        if (expiry <= command.lotExpiresAt) faults.push(['EXPIRY_NOT_LATER', 'expiresAt']);
      }
      if ('deadline' in command) future(command.deadline, 'deadline', 'DEADLINE_PAST');
    }
    return faults[0];
  }

  /** Whom the command touches, in the order in which it names them. */
  #ownersOf(command: Command): Set<string> {
    if (isReference(command)) return new Set();
    if (command.type === 'transfer') {
      const owners = command.legs.flatMap((leg) => [leg.from, leg.to]);
      if (command.condition !== undefined) owners.push(command.condition.owner);
      return new Set(owners);
    }
    const owners = new Set([command.owner]);
    if (command.type === 'capture') owners.add(command.to);
    if (command.type === 'reverse') {
      const original = reversible(this.books, command);
      if (typeof original === 'string') return owners;
      for (const entry of original.entries) owners.add(entry.owner);
    }
    return owners;
  }

  /** Whose accounts it changes, in that order: of a reversal, those of the original, whoever its home owner is. */
  #touchedBy(command: Command, owners: Set<string>): Set<string> {
    const original = command.type === 'reverse' ? reversible(this.books, command) : 'none';
    if (typeof original === 'string') return owners;
    return new Set(original.entries.map(({ owner }) => owner));
  }

  /** What is due on the owners whose bucket hash has `value` in its low `bits` bits, by name. */
  tick({ bits, value }: Scope, time: number): void {
    for (const owner of this.owners()) {
      const bucketHash = Math.floor(ownerHash(owner) / SLOTS);
      if (bucketHash % 2 ** bits === value) this.books.settle(owner, time);
    }
  }

  /** All owners that have an account, a hold or a record. */
  owners(): string[] {
    const { accounts, records } = this.books;
    const known = [...accounts, ...records].filter(([, own]) => own.size > 0);
    return [...new Set(known.map(([owner]) => owner))].sort(byCodeUnits);
  }

  assets(): Asset[] {
    return [...this.books.assets.values()].sort((a, b) => byCodeUnits(a.asset, b.asset));
  }

  // Reads. Like the shard, they apply what is due on the owner first.

  /** All assets of an owner, by asset code. */
  balances(owner: string, time: number): Balance[] {
    this.books.settle(owner, time);
    const holds = [...of(this.books.holds, owner).values()].filter(({ isPending }) => isPending);
    return this.books
      .accountsOf(owner)
      .map((account) => balanceOf(account, pendingIn(account, holds)));
  }

  hold(owner: string, id: string, time: number): HoldState | undefined {
    this.books.settle(owner, time);
    const hold = of(this.books.holds, owner).get(id);
    return hold === undefined || hold.isPending ? undefined : stateOf(hold);
  }

  record(owner: string, recordType: string, name: string, time: number): OwnerRecord | undefined {
    this.books.settle(owner, time);
    return of(this.books.records, owner).get(key(recordType, name));
  }

  transfer(owner: string, id: string): TransferRecord | undefined {
    const kept = this.books.kept.get(key(owner, id));
    if (kept === undefined) return undefined;
    const { command, outcome, time } = kept;
    return { command, outcome, time };
  }

  /** The whole history of an account, oldest first. */
  entries(owner: string, asset: string, time: number): readonly HistoryEntry[] {
    this.books.settle(owner, time);
    return (this.books.find(owner, asset)?.entries ?? []).map(historyOf);
  }

  /** What a user would have been told at that time; of a system owner what was booked by then. */
  balanceAt(owner: string, asset: string, at: number, time: number): PastBalance {
    this.books.settle(owner, time);
    const all = this.books.find(owner, asset)?.entries ?? [];
    const last = all.findLast((posting) => posting.time <= at)?.entry;
    const told = isSystem(owner) ? last : this.#asOf(at).find(owner, asset);
    let { available, held } = told ?? { available: 0, held: 0 };
    for (const { entry, command, time: booked } of isSystem(owner) ? [] : all) {
      const isBackdated = command?.type === 'transfer' && command.occurredAt !== undefined;
      if (!isBackdated || booked <= at || command.occurredAt! > at) continue;
      available += entry.delta - entry.heldDelta;
      held += entry.heldDelta;
    }
    const version = last?.version ?? 0;
    return { owner, asset, at, available, held, total: available + held, version };
  }

  /** The books as they were at a time: all that was done up to it is done again, and what is due then. */
  #asOf(at: number): Books {
    if (this.#past?.at !== at) {
      const model = new Model();
      for (const { what, time } of this.books.diary) {
        if (time > at) break;
        if (typeof what === 'string') model.books.settle(what, time);
        else model.apply(what, time);
      }
      for (const owner of model.owners()) model.books.settle(owner, at);
      this.#past = { at, books: model.books };
    }
    return this.#past.books;
  }
}

/** With the id that `kind:ref` stands for, where it has none of its own. */
export function completed(command: Command): Command {
  if (isReference(command) || !('kind' in command) || command.id !== undefined) return command;
  if (command.kind === undefined || command.ref === undefined) return command;
  return { ...command, id: `${command.kind}:${command.ref}` };
}

/** Whose ids a command's id is one of. */
export function homeOwner(command: Command): string {
  if (isReference(command)) return '';
  if (command.type !== 'transfer') return command.owner;
  return command.owner ?? parties(command)[0]!;
}

/** The users who pay; where none does, the users who receive; where there is no user, who pays. */
function parties({ legs }: TransferCommand): string[] {
  const payers = legs.map(({ from }) => from);
  const payees = legs.map(({ to }) => to);
  const users = [payers, payees].map((owners) => owners.filter((owner) => !isSystem(owner)));
  return [...new Set(users.find((some) => some.length > 0) ?? payers)];
}

/** What a command's id binds: not whose id it is. */
const saidBy = (command: Command): string => canonical({ ...command, owner: homeOwner(command) });

/** The same text for the same command, however it is written. */
export function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([name, field]) => field !== undefined && !isDefault(name, field))
    .sort(([a], [b]) => byCodeUnits(a, b));
  return `{${fields.map(([name, field]) => `${name}:${canonical(field)}`).join(',')}}`;
}

function isDefault(name: string, field: unknown): boolean {
  return field === false && (name === 'allowDebt' || name === 'releaseRest');
}

function historyOf({ entry, command, time, effective }: Posting): HistoryEntry {
  const business = (command ?? {}) as Business;
  const { id, ref, memo, metadata } = business;
  // What expired and is brought back is no business of the command's.
  const kind = entry.type === 'expire' ? undefined : business.kind;
  const booked = { time, effective, shard: 0, seq: 0 };
  return Object.assign({ id, kind, ref, memo, metadata, ...booked }, entry);
}

/** What of an account is pending. */
const pendingIn = ({ asset }: ModelAccount, holds: readonly ModelHold[]): Piece[] =>
  holds.filter((one) => one.asset === asset.asset).flatMap(({ pieces }) => pieces);

function balanceOf(account: ModelAccount, pieces: readonly Piece[]): Balance {
  const { owner, available, held, earned, spent, expired, creditLimit } = account;
  const { frozen, closed } = account;
  const lots = [...account.lots]
    .sort(([a], [b]) => a - b)
    .map(([expiry, { available, held }]): Lot => {
      const pending = sumOf(pieces.filter((piece) => piece.expiry === expiry));
      const lot = { expiresAt: expiry === NEVER ? null : expiry, available, held };
      return pending === 0 ? lot : { ...lot, pending };
    });
  const pending = sumOf(pieces);
  const figures = { available, held, pending, total: available + held, earned, spent, expired };
  const version = account.entries.length;
  const asset = account.asset.asset;
  return { owner, asset, ...figures, version, creditLimit, frozen, closed, lots };
}
