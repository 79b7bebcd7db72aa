// Is a recorded history one of a ledger that does everything at one moment between its call and its return? Owns: the whole judgement.
// Never touches: clocks, sockets, the ledger.
//   J1. Every account: entries chain, and the order they are in explains every read.
//   J2. What was told is there exactly once, and nothing is there that nobody asked for (witness.ts).
//   J3. A shard's blocks: what is called after a block was seen is in a later one, and is read with that one.
//   J4. A read is of one moment for all accounts of its owner.
//   J5. Refusals have a reason (refusals.ts); an id has one outcome (results.ts).
//   J6. An offer is claimed once at a time, budgets pay what they have, acts keep to what is defined (acts.ts).

import { Acts } from './acts.js';
import { accountKey, type History, mayPass, type Read, type Seen, stepOf } from './operations.js';
import { Reasons } from './refusals.js';
import { type Result, resultsOf } from './results.js';
import { type Account, Knowledge, Witness } from './witness.js';

/** What a history was found to be. */
export interface Verdict {
  /** What is wrong, each naming account and operations; empty: it is linearizable. */
  readonly faults: readonly string[];
  readonly results: ReadonlyMap<string, Result>;
  /** Figures to see that there was something to judge. */
  readonly entries: number;
  readonly reserves: number;
  /** Reads that saw a reserve of a cross-shard transfer. */
  readonly readsOfReserves: number;
}

/** Judges a history. */
export function checkHistory(history: History): Verdict {
  return new Check(history).run();
}

class Check {
  readonly #history: History;
  readonly #faults: string[] = [];
  readonly #witness: Witness;
  readonly #knowledge = new Map<number, Knowledge>();
  readonly #reads = new Map<string, { read: Read; seen: Seen }[]>();
  #readsOfReserves = 0;

  constructor(history: History) {
    this.#history = history;
    const fault = (what: string): void => {
      this.#faults.push(what);
    };
    this.#witness = new Witness(history, resultsOf(history, fault), fault);
    for (const read of history.reads) {
      for (const seen of read.accounts) {
        const key = accountKey(read.owner, seen.asset);
        const reads = this.#reads.get(key);
        if (reads === undefined) this.#reads.set(key, [{ read, seen }]);
        else reads.push({ read, seen });
      }
    }
  }

  run(): Verdict {
    const { accounts, results } = this.#witness;
    // Where entries are not what they should be, their order explains nothing.
    if (this.#faults.length === 0) {
      this.#learn();
      this.#judgeBlocks();
      for (const read of this.#history.reads) this.#judgeRead(read);
      const acts = new Acts(this.#witness, this.#history.budgets);
      this.#faults.push(...acts.faults());
      const reasons = new Reasons(this.#witness, (shard) => this.#of(shard), acts);
      for (const result of results.values()) {
        const fault = reasons.judge(result);
        if (fault !== undefined) this.#faults.push(fault);
      }
    }
    const sum = (of: (account: Account) => number): number =>
      [...accounts.values()].reduce((total, account) => total + of(account), 0);
    return {
      faults: this.#faults,
      results,
      entries: sum(({ entries }) => entries.length),
      reserves: sum(({ entries }) => entries.filter(({ type }) => type === 'reserve').length),
      readsOfReserves: this.#readsOfReserves,
    };
  }

  #of(shard: number): Knowledge {
    let knowledge = this.#knowledge.get(shard);
    if (knowledge === undefined) {
      knowledge = new Knowledge();
      this.#knowledge.set(shard, knowledge);
    }
    return knowledge;
  }

  /** When which version of an account, and which block of a shard, was first seen. */
  #learn(): void {
    for (const account of this.#witness.accounts.values()) {
      const { entries, results, shard, key } = account;
      const seenAt: number[] = new Array(entries.length + 1).fill(Number.POSITIVE_INFINITY);
      entries.forEach(({ seq }, at) => {
        const { ret } = results[at] as Result;
        seenAt[at + 1] = ret;
        if (ret < Number.POSITIVE_INFINITY) this.#of(shard).add(ret, seq);
      });
      for (const { read, seen } of this.#reads.get(key) ?? []) {
        const entry = entries[seen.version - 1];
        if (entry === undefined) continue;
        seenAt[seen.version] = Math.min(seenAt[seen.version] as number, read.ret);
        this.#of(shard).add(read.ret, entry.seq);
      }
      for (let version = entries.length; version > 0; version--)
        seenAt[version - 1] = Math.min(seenAt[version - 1] as number, seenAt[version] as number);
      account.seenAt = seenAt;
    }
    this.#learnReserves();
    for (const knowledge of this.#knowledge.values()) knowledge.sort();
  }

  /** Who saw a transfer between shards posted anywhere knows that all that it takes was reserved before. */
  #learnReserves(): void {
    const { accounts, results } = this.#witness;
    for (const [id, { command, chain, ret, openRet }] of results) {
      // What was told to be open may have been an attempt that has never been.
      const opened = mayPass(command) ? Number.POSITIVE_INFINITY : openRet;
      let seen = ret;
      for (const [key, version] of this.#witness.placesOf(id, 'post'))
        seen = Math.min(seen, accounts.get(key)?.seenAt[version] ?? Number.POSITIVE_INFINITY);
      for (const [key, version] of this.#witness.placesOf(id, 'reserve')) {
        const account = accounts.get(key) as Account;
        const by = account.shard === chain[0] ? Math.min(seen, opened) : seen;
        if (by === Number.POSITIVE_INFINITY) continue;
        this.#of(account.shard).add(by, account.entries[version - 1]?.seq ?? 0);
      }
    }
  }

  /** J3 for entries. */
  #judgeBlocks(): void {
    for (const { key, shard, entries, results } of this.#witness.accounts.values()) {
      entries.forEach(({ seq }, at) => {
        const { call, name } = results[at] as Result;
        const known = this.#of(shard).before(call);
        if (seq <= known)
          this.#faults.push(
            `${key} entry ${at + 1} (${name}) is in block ${seq}, and block ${known} had been seen before it was called`,
          );
      });
    }
  }

  #judgeRead(read: Read): void {
    for (const seen of read.accounts) this.#judgeSeen(read, seen);
    this.#judgeOneMoment(read);
  }

  /** What a read saw is the state after that version; not too early, not too late. */
  #judgeSeen(read: Read, { asset, version, available, held }: Seen): void {
    const key = accountKey(read.owner, asset);
    const account = this.#witness.accounts.get(key);
    const what = `${key}: ${read.name} saw version ${version} (${available}, ${held} held)`;
    if (account === undefined || version > account.entries.length) {
      this.#faults.push(`${what}, which has no entry`);
      return;
    }
    const entryName = (at: number): string =>
      (account.results[at - 1] as Result | undefined)?.name ?? '';
    const least = account.upTo(this.#of(account.shard).before(read.call));
    if (version < least)
      this.#faults.push(
        `${what}, stale: entry ${least} (${entryName(least)}) had been seen, or a later block, before it was called`,
      );
    const most = account.mostBy(read.ret);
    if (version > most)
      this.#faults.push(
        `${what}, from the future: entry ${most + 1} (${entryName(most + 1)}) was called after the read had returned`,
      );
    const after = account.after(version);
    if (available !== after.available || held !== after.held)
      this.#faults.push(
        `${what}, and after that entry (${entryName(version)}) there are ${after.available}, ${after.held} held`,
      );
    if (account.reserved[version] !== 0) this.#readsOfReserves++;
  }

  /** J4: a command with entries on two accounts of one owner is in both or in neither. */
  #judgeOneMoment({ owner, accounts, name }: Read): void {
    for (const one of accounts) {
      const account = this.#witness.accounts.get(accountKey(owner, one.asset));
      if (account === undefined) continue;
      for (const other of accounts) {
        if (one === other) continue;
        const key = accountKey(owner, other.asset);
        // The last command so far that is on both: what is before it is so, too.
        for (let at = one.version; at > 0; at--) {
          const result = account.results[at - 1] as Result;
          const step = stepOf(account.entries[at - 1]?.type ?? 'transfer');
          const version = this.#witness.placesOf(result.command.id, step).get(key);
          if (version === undefined) continue;
          if (version > other.version)
            this.#faults.push(
              `${owner}: ${name} is torn: ${result.name} is in ${one.asset} (entry ${at}) and not in ${other.asset} (entry ${version}), which it saw at ${other.version}`,
            );
          break;
        }
      }
    }
  }
}
