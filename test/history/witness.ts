// Each account's entries as the witness of its order, held against the commands. Owns: what an entry must say, what may be between
// entries, what was known of a shard when. Never touches: reads, refusals.

import type { ReserveEvent } from './account.js';
import {
  type AccountEntries,
  accountKey,
  changesOf,
  type History,
  isReserving,
} from './operations.js';
import type { Result } from './results.js';

/** A reserve with whose it is. */
export interface Reserve extends ReserveEvent {
  readonly id: string;
}

/** An account and its order. Position n of a list stands for the state after n entries. */
export class Account {
  readonly key: string;
  readonly owner: string;
  readonly shard: number;
  readonly entries: AccountEntries;
  /** The command of each entry. */
  readonly results: Result[] = [];
  readonly totals: number[] = [0];
  /** What holds hold, without reserves. */
  readonly inHolds: number[] = [0];
  /** The latest call among the commands of the entries so far. */
  readonly latestCalls: number[] = [Number.NEGATIVE_INFINITY];
  readonly reserves: Reserve[] = [];
  /** By version, when somebody had first seen it (or a later one). */
  seenAt: number[] = [];

  constructor(key: string, shard: number, entries: AccountEntries) {
    this.key = key;
    this.owner = key.slice(0, key.indexOf(' '));
    this.shard = shard;
    this.entries = entries;
  }

  /** What cross-shard transfers have reserved after an entry. */
  reservedAfter(version: number): number {
    const held = version === 0 ? 0 : (this.entries[version - 1]?.held ?? 0);
    return held - (this.inHolds[version] as number);
  }

  /** The number of entries in blocks up to this one. */
  upTo(seq: number): number {
    return firstWhere(this.entries.length, (at) => (this.entries[at]?.seq ?? 0) > seq);
  }

  /** The most entries that can be there at a time: none after one that nobody had asked for. */
  mostBy(time: number): number {
    return firstWhere(this.entries.length, (at) => (this.latestCalls[at + 1] as number) > time);
  }
}

/** The first of 0 .. count-1 for which it holds, and for all after it; else count. */
function firstWhere(count: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Which block of a shard somebody had been told of, by time. */
export class Knowledge {
  readonly #told: { readonly at: number; seq: number }[] = [];

  add(at: number, seq: number): void {
    this.#told.push({ at, seq });
  }

  /** After the last add. */
  sort(): void {
    this.#told.sort((a, b) => a.at - b.at);
    let seq = 0;
    for (const told of this.#told) {
      seq = Math.max(seq, told.seq);
      told.seq = seq;
    }
  }

  /** The latest block that somebody had been told of before this time. */
  before(time: number): number {
    const after = firstWhere(this.#told.length, (at) => (this.#told[at]?.at ?? 0) >= time);
    return this.#told[after - 1]?.seq ?? 0;
  }
}

/** All accounts, each entry held against its command. */
export class Witness {
  readonly accounts = new Map<string, Account>();
  readonly results: ReadonlyMap<string, Result>;
  readonly #fault: (what: string) => void;
  /** By id and account, the version. */
  readonly #places = new Map<string, Map<string, number>>();
  /** What holds have left. */
  readonly #remaining = new Map<string, number>();

  constructor(
    history: History,
    results: ReadonlyMap<string, Result>,
    fault: (what: string) => void,
  ) {
    this.results = results;
    this.#fault = fault;
    for (const [key, entries] of history.entries) {
      const account = new Account(key, history.shardOf(key.slice(0, key.indexOf(' '))), entries);
      this.accounts.set(key, account);
      for (let at = 0; at < entries.length; at++) this.#take(account, at);
    }
    for (const result of results.values()) this.#judge(result);
  }

  /** The version that a command's entry has on an account; undefined: it has none there. */
  versionOf(id: string, key: string): number | undefined {
    return this.#places.get(id)?.get(key);
  }

  /** Where a command has entries. */
  placesOf(id: string): ReadonlyMap<string, number> {
    return this.#places.get(id) ?? new Map();
  }

  #take(account: Account, at: number): void {
    const entry = account.entries[at] as AccountEntries[number];
    const place = `${account.key} entry ${at + 1}`;
    const result = this.results.get(entry.id ?? '');
    const [total = 0] = account.totals.slice(-1);
    account.totals.push(entry.available + entry.held);
    account.inHolds.push(account.inHolds[at] as number);
    if (result === undefined) {
      account.latestCalls.push(account.latestCalls[at] as number);
      this.#fault(`${place} is of ${entry.id}, which nobody asked for`);
      return;
    }
    account.results.push(result);
    account.latestCalls.push(Math.max(account.latestCalls[at] as number, result.call));
    const { name, command, state, chain } = result;
    if (entry.version !== at + 1) this.#fault(`${place} (${name}) has version ${entry.version}`);
    if (entry.shard !== account.shard) this.#fault(`${place} (${name}) is on ${entry.shard}`);
    if ((account.entries[at - 1]?.seq ?? 0) > entry.seq)
      this.#fault(`${place} (${name}) is in block ${entry.seq}, the one before it in a later one`);
    if (state !== 'posted') this.#fault(`${place} is of ${name}, which is ${state}`);
    if (total + entry.delta !== entry.available + entry.held)
      this.#fault(
        `${place} (${name}): ${total} and ${entry.delta} are not ${entry.available} and ${entry.held} held`,
      );
    if (entry.available < 0 || entry.held < 0)
      this.#fault(`${place} (${name}) leaves ${entry.available}, ${entry.held} held`);

    let remaining = 0;
    if (command.type === 'capture' || command.type === 'release')
      remaining = this.#remaining.get(`${command.owner}/${command.holdId}`) ?? 0;
    const change = changesOf(command, remaining).get(account.key);
    const places = this.#places.get(command.id) ?? new Map<string, number>();
    this.#places.set(command.id, places);
    if (change === undefined || places.has(account.key)) {
      const known = places.get(account.key);
      const why = known === undefined ? 'is not about it' : `has entry ${known} already`;
      this.#fault(`${place} is of ${name}, which ${why}`);
      return;
    }
    places.set(account.key, at + 1);
    const isLast = account.shard === chain[chain.length - 1];
    const reserves = chain.length > 1 && !isLast && isReserving(command);
    const heldDelta = reserves ? -change.pays : change.heldDelta;
    if (entry.delta !== change.delta || entry.heldDelta + 0 !== heldDelta + 0)
      this.#fault(
        `${place} (${name}) is ${entry.delta}, ${entry.heldDelta} held; it should be ${change.delta}, ${heldDelta} held`,
      );
    if (chain.length === 1 || !isReserving(command))
      account.inHolds[at + 1] = (account.inHolds[at] as number) + entry.heldDelta;
    if (command.type === 'hold') this.#remaining.set(name, command.amount);
    else if ('holdId' in command && account.owner === command.owner)
      this.#remaining.set(`${command.owner}/${command.holdId}`, remaining + entry.heldDelta);
  }

  /** Are a command's entries all there, together, and what was answered? */
  #judge(result: Result): void {
    const { command, name, state, posted, chain } = result;
    if (state === 'unresolved') this.#fault(`what became of ${name} was never told`);
    if (state !== 'posted' || posted === undefined) return;
    const places = this.placesOf(command.id);
    const blocks = new Map<number, number>();
    for (const key of changesOf(command, 0).keys()) {
      const version = places.get(key);
      const account = this.accounts.get(key);
      const entry = account?.entries[(version ?? 0) - 1];
      if (account === undefined || entry === undefined) {
        this.#fault(`${name} is posted, and has no entry on ${key}`);
        continue;
      }
      const block = blocks.get(account.shard) ?? entry.seq;
      blocks.set(account.shard, block);
      if (block !== entry.seq)
        this.#fault(`${name} is torn: ${key} is in block ${entry.seq}, others in block ${block}`);
    }
    const told = posted.entries.filter(({ owner }) => !owner.startsWith('@'));
    const here = [...places.keys()].filter((key) => this.accounts.get(key)?.shard === chain[0]);
    if (told.length !== here.length)
      this.#fault(`${name} was answered with ${told.length} entries, and has ${here.length}`);
    for (const { owner, asset, version, delta, available, held } of told) {
      const entry = this.accounts.get(accountKey(owner, asset))?.entries[version - 1];
      if (
        entry?.id !== command.id ||
        entry.delta !== delta ||
        entry.available !== available ||
        entry.held !== held ||
        entry.seq !== posted.seq
      )
        this.#fault(
          `${name} was answered with ${owner} ${asset} version ${version}: ${available}, ${held} held; the history has ` +
            `${entry?.id}: ${entry?.available}, ${entry?.held} held`,
        );
    }
  }

  /** The reserves that each account has, or may have had: once everybody's `seenAt` is known. */
  addReserves(shardOf: (owner: string) => number): void {
    for (const [id, result] of this.results) {
      const { command, chain, state, call, ret, openRet, name } = result;
      if (chain.length === 1 || state === 'absent' || state === 'unresolved') continue;
      // An entry anywhere is of a transfer that all shards before the last have reserved for.
      let seen = ret;
      for (const [key, version] of this.placesOf(id))
        seen = Math.min(seen, this.accounts.get(key)?.seenAt[version] ?? Number.POSITIVE_INFINITY);
      for (const [key, { owner, pays: amount }] of changesOf(command, 0)) {
        const shard = shardOf(owner);
        if (amount === 0 || shard === chain[chain.length - 1]) continue;
        const by = shard === chain[0] ? Math.min(seen, openRet) : seen;
        const endsAt = this.placesOf(id).get(key) ?? 0;
        const reserve = { id, name, amount, call, by, ret, endsAt };
        this.accounts.get(key)?.reserves.push(reserve);
      }
    }
  }
}
