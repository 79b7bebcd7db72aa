// Each account's entries as the witness of its order, held against the commands. Owns: what an entry must say, that entries chain, what
// was known of a shard when. Never touches: reads, refusals.

import {
  type AccountEntries,
  accountKey,
  type Change,
  changesOf,
  earnedNothing,
  type History,
  isReserving,
  isSystem,
  mayPass,
  movedBy,
  type Step,
  stepOf,
  undoneAct,
} from './operations.js';
import type { Result } from './results.js';

/** An account and its order. Position n of a list stands for the state after n entries. */
export class Account {
  readonly key: string;
  readonly owner: string;
  readonly shard: number;
  readonly entries: AccountEntries;
  /** The command of each entry. */
  readonly results: Result[] = [];
  /** What transfers between shards have reserved. */
  readonly reserved: number[] = [0];
  /** The latest call among the commands of the entries so far. */
  readonly latestCalls: number[] = [Number.NEGATIVE_INFINITY];
  /** By version, when somebody had first seen it (or a later one). */
  seenAt: number[] = [];

  constructor(key: string, shard: number, entries: AccountEntries) {
    this.key = key;
    this.owner = key.slice(0, key.indexOf(' '));
    this.shard = shard;
    this.entries = entries;
  }

  /** What there is after so many entries. */
  after(version: number): { readonly available: number; readonly held: number } {
    return this.entries[version - 1] ?? { available: 0, held: 0 };
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

/** By account, the version. */
type Places = Map<string, number>;

/** Where a command's entries are, by what they do. */
type Steps = Readonly<Record<Step, Places>>;

const NOWHERE: Steps = { reserve: new Map(), post: new Map(), free: new Map() };

/** All accounts, each entry held against its command. */
export class Witness {
  readonly accounts = new Map<string, Account>();
  readonly results: ReadonlyMap<string, Result>;
  readonly #fault: (what: string) => void;
  readonly #steps = new Map<string, Steps>();
  /** What holds have left, and by id what acts have that are undone. */
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

  /** Where a command has entries that do this, by account. */
  placesOf(id: string, step: Step): ReadonlyMap<string, number> {
    return (this.#steps.get(id) ?? NOWHERE)[step];
  }

  #take(account: Account, at: number): void {
    const entry = account.entries[at] as AccountEntries[number];
    const place = `${account.key} entry ${at + 1}`;
    const result = this.results.get(entry.id ?? '');
    account.reserved.push(account.reserved[at] as number);
    if (result === undefined) {
      account.latestCalls.push(account.latestCalls[at] as number);
      this.#fault(`${place} is of ${entry.id}, which nobody asked for`);
      return;
    }
    account.results.push(result);
    account.latestCalls.push(Math.max(account.latestCalls[at] as number, result.call));
    const { name } = result;
    if (entry.version !== at + 1) this.#fault(`${place} (${name}) has version ${entry.version}`);
    if (entry.shard !== account.shard) this.#fault(`${place} (${name}) is on ${entry.shard}`);
    if ((account.entries[at - 1]?.seq ?? 0) > entry.seq)
      this.#fault(`${place} (${name}) is in block ${entry.seq}, the one before it in a later one`);
    const before = account.after(at);
    const held = before.held + entry.heldDelta;
    const available = before.available + entry.delta - entry.heldDelta;
    if (held !== entry.held || available !== entry.available)
      this.#fault(
        `${place} (${name}): ${available} and ${held} held are not ${entry.available} and ${entry.held} held`,
      );
    if (entry.available < 0 || entry.held < 0)
      this.#fault(`${place} (${name}) leaves ${entry.available}, ${entry.held} held`);
    this.#step(account, at, result);
  }

  /** Is the entry what its command does there, once? */
  #step(account: Account, at: number, result: Result): void {
    const entry = account.entries[at] as AccountEntries[number];
    const place = `${account.key} entry ${at + 1}`;
    const { name, command, state } = result;
    const step = stepOf(entry.type);
    const should = step === 'free' ? 'refused' : step === 'post' ? 'posted' : state;
    const isForNow = step !== 'post' && mayPass(command);
    if (!isForNow && (state !== should || (state !== 'posted' && state !== 'refused')))
      this.#fault(`${place} is of ${name}, which is ${state}`);
    let remaining = 0;
    if (command.type === 'capture' || command.type === 'release')
      remaining = this.#remaining.get(`${command.owner}/${command.holdId}`) ?? 0;
    const act = undoneAct(command);
    if (act !== undefined) remaining = this.#remaining.get(act.id) ?? movedBy(act);
    const change = changesOf(command, remaining).get(account.key);
    const steps = this.#steps.get(command.id) ?? {
      reserve: new Map(),
      post: new Map(),
      free: new Map(),
    };
    this.#steps.set(command.id, steps);
    const reserves = change !== undefined && this.#reserves(account, result, change);
    if (change === undefined || steps[step].has(account.key) || (step !== 'post' && !reserves)) {
      const known = steps[step].get(account.key);
      const why = known === undefined ? 'is not about it' : `has entry ${known} already`;
      this.#fault(`${place} is of ${name}, which ${why}`);
      return;
    }
    steps[step].set(account.key, at + 1);
    if (step !== 'reserve' && reserves && !steps.reserve.has(account.key))
      this.#fault(`${place} is of ${name}, which has reserved nothing there`);
    const delta = step === 'post' ? change.delta : 0;
    const sign = step === 'reserve' ? 1 : -1;
    const heldDelta = reserves ? sign * change.pays : change.heldDelta;
    if (entry.delta !== delta || entry.heldDelta + 0 !== heldDelta + 0)
      this.#fault(
        `${place} (${name}) is ${entry.delta}, ${entry.heldDelta} held; it should be ${delta}, ${heldDelta} held`,
      );
    if (reserves) account.reserved[at + 1] = (account.reserved[at] as number) + entry.heldDelta;
    if (step === 'free' && mayPass(command)) {
      // It has never been: the same id may be reserved again.
      steps.reserve.delete(account.key);
      steps.free.delete(account.key);
    }
    if (command.type === 'hold') this.#remaining.set(name, command.amount);
    else if (act !== undefined && step === 'post')
      this.#remaining.set(act.id, remaining - Math.abs(entry.delta));
    else if ('holdId' in command && account.owner === command.owner)
      this.#remaining.set(`${command.owner}/${command.holdId}`, remaining + entry.heldDelta);
  }

  /** Does the command reserve what the account pays, before it is decided? */
  #reserves({ shard }: Account, { command, chain }: Result, { pays }: Change): boolean {
    const isLast = shard === chain[chain.length - 1];
    return chain.length > 1 && !isLast && isReserving(command) && pays > 0;
  }

  /** Are a command's entries all there, together, and what was answered? */
  #judge(result: Result): void {
    const { command, name, state, posted, chain } = result;
    if (state === 'unresolved') this.#fault(`what became of ${name} was never told`);
    if (state !== 'posted') {
      for (const key of this.placesOf(command.id, 'reserve').keys())
        if (!this.placesOf(command.id, 'free').has(key))
          this.#fault(`${name} is ${state}, and its reserve on ${key} stays`);
    }
    if (state !== 'posted' || posted === undefined) return;
    const places = this.placesOf(command.id, 'post');
    const blocks = new Map<number, number>();
    const isNothing = earnedNothing(command, posted);
    if (isNothing && places.size > 0)
      this.#fault(`${name} tells that it earned nothing, and has an entry`);
    for (const key of isNothing ? [] : changesOf(command, 0).keys()) {
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
    const told = posted.entries.filter(({ owner }) => !isSystem(owner));
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
}
