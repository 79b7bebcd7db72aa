// The naive model's state, in plain maps, and what is due on it.
// Owns: accounts, holds, records, assets, kept outcomes of one shard. Never touches: engine/ledger.
//   M3. A command changes accounts through `touch` only, so that `undo` brings all of them back.

import { NEVER } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import type {
  Asset,
  Entry,
  EntryType,
  HoldState,
  Outcome,
  OwnerRecord,
} from '../../engine/protocol/outcomes.js';
import { exceeds, ModelAccount, type Piece, sumOf } from './model-account.js';
import { ModelDefinitions } from './model-definitions.js';

/** What a command left under its id. */
export interface Kept {
  readonly command: Command;
  readonly outcome: Outcome;
  readonly time: number;
  /** How much of each leg has been reversed. */
  undone: readonly number[];
  /** Of a transfer: which lots each leg made. */
  readonly legLots: readonly (readonly Piece[])[];
}

/** An open hold. */
export interface ModelHold {
  readonly owner: string;
  readonly id: string;
  readonly asset: string;
  readonly deadline: number | undefined;
  /** Is it an earning that is pending? Its id is then the transfer's. */
  readonly isPending?: boolean;
  /** Soonest expiry first; what came out of no lot last. */
  readonly pieces: readonly Piece[];
}

/** A command, or an owner on whom something was due. */
export interface Done {
  readonly what: Command | string;
  readonly time: number;
}

/** Parts of names never hold a space. */
export function key(...names: string[]): string {
  return names.join(' ');
}

/** By code units, as the log sorts. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isSystem(owner: string): boolean {
  return owner.startsWith('@');
}

/** What an owner has of something that is kept by owner. */
export function of<T>(all: Map<string, Map<string, T>>, owner: string): Map<string, T> {
  let own = all.get(owner);
  if (own === undefined) all.set(owner, (own = new Map()));
  return own;
}

export class Books {
  readonly assets = new Map<string, Asset>();
  readonly definitions = new ModelDefinitions();
  /** By owner, then by asset. */
  readonly accounts = new Map<string, Map<string, ModelAccount>>();
  readonly kept = new Map<string, Kept>();
  /** Open ones, by owner, then by id. */
  readonly holds = new Map<string, Map<string, ModelHold>>();
  /** By owner, then by type and key. */
  readonly records = new Map<string, Map<string, OwnerRecord>>();
  recordVersion = 0;
  /** Which lots each leg of the command under way has made. */
  legLots: Piece[][] = [];
  /** Had an expiry to wait until `@expire` has room? Then it depends on who came first. */
  hasWaited = false;
  /** What was done, in order: commands, and owners on whom something was due. */
  readonly diary: Done[] = [];
  readonly #touched = new Map<ModelAccount, ReturnType<ModelAccount['figures']> | 'new'>();

  find(owner: string, asset: string): ModelAccount | undefined {
    return of(this.accounts, owner).get(asset);
  }

  /** The account, opened where there is none; gets an entry when the command is done. */
  touch(owner: string, asset: string): ModelAccount {
    let account = this.find(owner, asset);
    if (account === undefined) {
      this.open(owner, asset);
      account = this.find(owner, asset)!;
      this.#touched.set(account, 'new');
    } else if (!this.#touched.has(account)) {
      this.#touched.set(account, account.figures());
    }
    return account;
  }

  /** Entries of what expired, until somebody empties it. */
  readonly expired: Entry[] = [];

  /** An account without an entry. */
  open(owner: string, asset: string): void {
    of(this.accounts, owner).set(asset, new ModelAccount(owner, this.assets.get(asset)!));
  }

  /** One entry per account touched, in that order. */
  post(type: EntryType, time: number, command?: Command, effective = time): Entry[] {
    const entries: Entry[] = [];
    for (const account of this.#touched.keys())
      if (account.brought.length > 0) entries.push(...this.#postBrought(account, time, command));
    for (const [account, before] of this.#touched) {
      const blank = before === 'new' ? new ModelAccount(account.owner, account.asset) : before;
      const entry = account.entrySince(blank, type);
      account.entries.push({ entry, command, time, effective });
      entries.push(entry);
    }
    this.#touched.clear();
    return entries;
  }

  /** What came back from `@expire`: as if the command had done nothing else before. */
  #postBrought(account: ModelAccount, time: number, command?: Command): Entry[] {
    const amount = sumOf(account.brought);
    const sink = this.find('@expire', account.asset.asset)!;
    const entryOf = (one: ModelAccount, change: () => void): Entry => {
      const before = this.#touched.get(one) ?? one.figures();
      const after = one.figures();
      one.restore(before as ReturnType<ModelAccount['figures']>);
      const from = one.figures();
      change();
      const entry = one.entrySince(from, 'expire');
      if (this.#touched.has(one)) {
        this.#touched.set(one, one.figures());
        one.restore(after);
      }
      one.entries.push({ entry, command, time, effective: time });
      return entry;
    };
    const { brought } = account;
    const own = entryOf(account, () => account.bringBack(brought));
    const isTouched = this.#touched.has(sink);
    const back = entryOf(sink, () => sink.give(amount));
    if (isTouched) sink.give(amount);
    return [own, back];
  }

  /** Brings the accounts touched back to what they were. */
  undo(): void {
    for (const [account, before] of this.#touched) {
      if (before === 'new') of(this.accounts, account.owner).delete(account.asset.asset);
      else account.restore(before);
    }
    this.#touched.clear();
  }

  /** Applies what is due on an owner; says whether anything was. */
  settle(owner: string, time: number): boolean {
    if (isSystem(owner)) return false;
    let any = false;
    const records = of(this.records, owner);
    for (const [name, record] of records) {
      if ((record.expiresAt ?? NEVER) > time) continue;
      records.delete(name);
      any = true;
    }
    const holds = [...of(this.holds, owner).values()];
    const late = holds
      .filter((hold) => (hold.deadline ?? NEVER) <= time)
      .sort((a, b) => a.deadline! - b.deadline! || byCodeUnits(a.id, b.id));
    for (const hold of late) {
      const deadline = hold.deadline!;
      this.release(hold, hold.pieces, time, deadline);
      this.post('release', time, undefined, deadline);
      any = true;
    }
    for (const account of this.accountsOf(owner)) any = this.#expire(account, time) || any;
    if (any) this.diary.push({ what: owner, time });
    return any;
  }

  #expire(account: ModelAccount, time: number): boolean {
    const amount = account.due(time);
    if (amount === 0) return false;
    const asset = account.asset.asset;
    const sink = this.find('@expire', asset);
    const full = sink !== undefined && exceeds(Math.max(sink.available, sink.earned), amount);
    if (full) {
      this.hasWaited = true;
      return false;
    }
    const effective = Math.max(...account.overSince(time));
    this.touch(account.owner, asset).expire(time);
    const to = this.touch('@expire', asset);
    to.available += amount;
    to.earned += amount;
    this.expired.push(...this.post('expire', time, undefined, effective));
    return true;
  }

  /** Gives back these pieces of a hold. */
  release(hold: ModelHold, pieces: readonly Piece[], time: number, since = time): void {
    const account = this.touch(hold.owner, hold.asset);
    account.put(pieces, time, true, since);
    account.unreserve(pieces);
    this.shrink(hold, pieces);
  }

  /** Makes a hold smaller by these pieces, the whole of each or the first part of the last one. */
  shrink(hold: ModelHold, pieces: readonly Piece[]): HoldState {
    const rest: Piece[] = [];
    for (const { expiry, amount } of hold.pieces) {
      const gone = pieces.find((piece) => piece.expiry === expiry)?.amount ?? 0;
      if (amount > gone) rest.push({ expiry, amount: amount - gone });
    }
    const smaller: ModelHold = { ...hold, pieces: rest };
    if (rest.length === 0) of(this.holds, hold.owner).delete(hold.id);
    else of(this.holds, hold.owner).set(hold.id, smaller);
    return stateOf(smaller);
  }

  allAccounts(): ModelAccount[] {
    return [...this.accounts.values()].flatMap((accounts) => [...accounts.values()]);
  }

  recordsOf(owner: string): Iterable<OwnerRecord> {
    return of(this.records, owner).values();
  }

  /** An owner's accounts, by asset code. */
  accountsOf(owner: string): ModelAccount[] {
    return [...of(this.accounts, owner).values()].sort((a, b) =>
      byCodeUnits(a.asset.asset, b.asset.asset),
    );
  }
}

export function stateOf(hold: ModelHold): HoldState {
  const { owner, id, asset, deadline } = hold;
  const remaining = hold.pieces.reduce((sum, piece) => sum + piece.amount, 0);
  return { owner, id, asset, remaining, ...(deadline === undefined ? {} : { deadline }) };
}
