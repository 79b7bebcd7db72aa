// Accounts recomputed in turn. Owns: which account is next, where a turn is. Never touches: how an account is recomputed, how fast.
//   recount.T1. Accounts are found in the log: each has one entry of version 1. So a turn has every account with an entry, whatever the state knows.
//   recount.T2. What does not agree is asked for and recomputed a second time before it is said: what moves meanwhile raises nothing.
//   recount.T3. Where a turn is, is kept: a restart goes on from there. Where the log is a shorter one, it begins anew.

import { RECOUNT_AT_ONCE } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { RECORD_HEAD } from '../protocol/effects.js';
import { TRANSIT_STRIPES } from '../transfer/open/places.js';
import type { Account, Problem, Told, Turn, TurnFigures } from './messages.js';
import { negative, recomputed } from './walk.js';

/** The log of a shard, as far as it is needed. */
export interface RecountedLog {
  headSeq(): number;
  read(seq: number): Uint8Array | undefined;
}

/** Where a turn is, as it is kept. */
export interface Standing {
  readonly turn: Turn;
  readonly last?: (Turn & { readonly ended: number }) | undefined;
  /** Of each shard the next block, and the last one of this turn. */
  readonly shards: Readonly<Record<number, { readonly next: number; readonly to: number }>>;
}

export interface TurnsParts {
  readonly logs: ReadonlyMap<number, RecountedLog>;
  /** What shards answer; null: not now; false: it cannot be asked. */
  readonly ask: (accounts: readonly Account[]) => Promise<readonly (Told | null | false)[]>;
  readonly looked: (account: Account, problems: readonly Problem[]) => void;
  /** Waits; resolves sooner where there are suspects. */
  readonly rest: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly standing: Standing | undefined;
}

/** Bytes of the log that cost as much as an entry. */
const BYTES_PER_ENTRY = 4_096;
/** How often an account is asked for that cannot be answered now, and how long it is waited between. */
const TRIES = 5;
const RETRY_MS = 1_000;
/** Between the two looks at what does not agree. */
const AGAIN_MS = 50;
/** Blocks that are kept: entries of one account are often in one. */
const BLOCKS_KEPT = 4;

export class Turns {
  readonly #parts: TurnsParts;
  readonly #suspects = new Map<string, Account>();
  readonly #blocks = new Map<string, BlockView>();
  readonly #places: Record<number, { next: number; to: number }> = {};
  #began: number;
  #accounts = 0;
  #entries = 0;
  #last: Standing['last'];
  /** What was read since the last rest. */
  #cost = 0;
  #isClosed = false;

  constructor(parts: TurnsParts) {
    const { standing, logs, now } = parts;
    this.#parts = parts;
    this.#began = now();
    this.#last = standing?.last;
    const isSame =
      standing !== undefined &&
      [...logs].every(([shard, log]) => {
        const place = standing.shards[shard];
        return place !== undefined && place.next <= log.headSeq() + 1 && place.to <= log.headSeq();
      });
    if (!isSame) {
      this.#begin();
      return;
    }
    const { began, accounts, entries } = standing.turn;
    this.#began = began;
    this.#accounts = accounts;
    this.#entries = entries;
    for (const shard of logs.keys()) this.#places[shard] = { ...placeIn(standing, shard) };
  }

  get standing(): Standing {
    const turn = { began: this.#began, accounts: this.#accounts, entries: this.#entries };
    return { turn, last: this.#last, shards: structuredClone(this.#places) };
  }

  get figures(): TurnFigures {
    const places = Object.values(this.#places);
    const sum = (of: (one: { next: number; to: number }) => number): number =>
      places.reduce((all, one) => all + of(one), 0);
    return {
      ...this.standing.turn,
      blocks: sum(({ next, to }) => Math.min(next - 1, to)),
      blocksTo: sum(({ to }) => to),
      last: this.#last,
    };
  }

  /** Looks at these before all others. */
  suspect(accounts: readonly Account[]): void {
    for (const one of accounts) this.#suspects.set(nameOf(one), one);
  }

  get hasSuspects(): boolean {
    return this.#suspects.size > 0;
  }

  close(): void {
    this.#isClosed = true;
  }

  #begin(): void {
    this.#began = this.#parts.now();
    this.#accounts = 0;
    this.#entries = 0;
    for (const [shard, log] of this.#parts.logs)
      this.#places[shard] = { next: 1, to: log.headSeq() };
  }

  /** Goes on until it is closed; yields what was read since the last time, counted in entries. `pauseMs`: between two turns. */
  async *run(pauseMs: number): AsyncGenerator<number, void> {
    while (!this.#isClosed) {
      for (const shard of this.#parts.logs.keys()) yield* this.#shard(shard);
      if (this.#isClosed) return;
      this.#last = { ...this.standing.turn, ended: this.#parts.now() };
      yield this.#spent();
      const until = performance.now() + pauseMs;
      for (let left = pauseMs; left > 0 && !this.#isClosed; left = until - performance.now()) {
        yield* this.#suspected();
        if (!this.#isClosed) await this.#parts.rest(left);
      }
      if (!this.#isClosed) this.#begin();
    }
  }

  async *#shard(shard: number): AsyncGenerator<number, void> {
    const place = this.#places[shard] as { next: number; to: number };
    while (place.next <= place.to && !this.#isClosed) {
      yield* this.#suspected();
      const found = this.#newIn(this.#block(shard, place.next), shard);
      for (let at = 0; at < found.length; at += RECOUNT_AT_ONCE) {
        yield* this.#look(found.slice(at, at + RECOUNT_AT_ONCE), false);
        if (this.#isClosed) return;
      }
      place.next++;
      if (this.#cost > RECOUNT_AT_ONCE) yield this.#spent();
    }
  }

  #spent(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return cost;
  }

  #block(shard: number, seq: number): BlockView {
    const name = `${shard} ${seq}`;
    const known = this.#blocks.get(name);
    if (known !== undefined) return known;
    const bytes = this.#parts.logs.get(shard)?.read(seq);
    if (bytes === undefined) throw new Error(`shard ${shard}: block ${seq} is missing`);
    this.#cost += bytes.length / BYTES_PER_ENTRY;
    const block = new BlockView(bytes);
    if (this.#blocks.size >= BLOCKS_KEPT) {
      const [oldest] = this.#blocks.keys();
      this.#blocks.delete(oldest as string);
    }
    this.#blocks.set(name, block);
    return block;
  }

  /** T1: accounts that begin in a block. */
  #newIn({ effects }: BlockView, shard: number): Account[] {
    const found: Account[] = [];
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      let entry = at + RECORD_HEAD;
      for (let i = effects.entryCount(at); i > 0; i--) {
        if (effects.entryVersion(entry) === 1) {
          const { owner, asset } = effects.entry(entry);
          // What is between two shards nobody asks a shard for: `verify` compares it.
          if (!owner.startsWith(TRANSIT_STRIPES)) found.push({ shard, owner, asset });
        }
        entry += effects.entryLength(entry);
      }
    }
    return found;
  }

  async *#suspected(): AsyncGenerator<number, void> {
    while (this.#suspects.size > 0 && !this.#isClosed) {
      const some = [...this.#suspects.values()].slice(0, RECOUNT_AT_ONCE);
      for (const one of some) this.#suspects.delete(nameOf(one));
      yield* this.#look(some, true);
    }
  }

  /** Looks at some accounts. `isSuspected`: it is said of each. */
  async *#look(accounts: readonly Account[], isSuspected: boolean): AsyncGenerator<number, void> {
    let left = accounts;
    for (let tries = TRIES; left.length > 0 && tries > 0 && !this.#isClosed; tries--) {
      const answers = await this.#parts.ask(left);
      const later: Account[] = [];
      for (const [i, account] of left.entries()) {
        const told = answers[i] ?? null;
        if (this.#isClosed) return;
        if (told === null) later.push(account);
        else yield* this.#lookAt(account, told, isSuspected);
      }
      left = later;
      if (left.length > 0) await this.#parts.rest(RETRY_MS);
    }
  }

  async *#lookAt(
    account: Account,
    told: Told | false,
    isSuspected: boolean,
  ): AsyncGenerator<number, void> {
    let problems = told === false ? [] : yield* this.#problems(account, told);
    if (problems.length > 0) {
      await this.#parts.rest(AGAIN_MS);
      const [again = null] = await this.#parts.ask([account]);
      // What cannot be asked now is as it was, until it is looked at again.
      if (again === null || this.#isClosed) return;
      problems = again === false ? [] : yield* this.#problems(account, again);
    }
    if (!isSuspected) this.#accounts++;
    if (isSuspected || problems.length > 0) this.#parts.looked(account, problems);
  }

  async *#problems(account: Account, told: Told): AsyncGenerator<number, Problem[]> {
    const read = (seq: number): BlockView => this.#block(account.shard, seq);
    const walk = recomputed(read, account, told);
    let step = walk.next();
    while (step.done !== true) {
      this.#entries += step.value;
      this.#cost += step.value;
      yield this.#spent();
      // What was found so far is of no use to anybody.
      if (this.#isClosed) return [];
      step = walk.next();
    }
    const owes = negative(account, told);
    return [
      ...(step.value === undefined ? [] : [{ kind: 'mismatch' as const, what: step.value }]),
      ...(owes === undefined ? [] : [owes]),
    ];
  }
}

const nameOf = ({ shard, owner, asset }: Account): string => `${shard} ${owner} ${asset}`;

const placeIn = ({ shards }: Standing, shard: number) =>
  shards[shard] as { next: number; to: number };
