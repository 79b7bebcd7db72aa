// Histories made by hand: what a right ledger would have done, to be left as it is or spoilt. Owns: a ledger of a few lines, told step
// by step. Never touches: the engine.

import type { Entry, Leg, TransferCommand } from '../../engine/index.js';
import {
  type AccountEntries,
  type Answer,
  type Asked,
  accountKey,
  type Budget,
  type Change,
  chainOf,
  changesOf,
  effectsOf,
  type History,
  isSystem,
  movedBy,
  type Operation,
  type Read,
  stepOf,
  undoneAct,
} from './operations.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type StoryEntry = Writable<AccountEntries[number]>;

/** A history while it is told; everything in it may be changed afterwards. */
export class Story {
  readonly operations: Operation[] = [];
  readonly reads: Writable<Read>[] = [];
  readonly entries = new Map<string, StoryEntry[]>();
  readonly budgets = new Map<string, Writable<Budget>>();
  readonly shards: Readonly<Record<string, number>>;
  readonly #state = new Map<string, { available: number; held: number }>();
  readonly #posted = new Map<string, Entry[]>();
  /** What remains of acts that were undone in parts. */
  readonly #left = new Map<string, number>();
  #seq = 0;

  constructor(shards: Readonly<Record<string, number>>) {
    this.shards = shards;
  }

  get history(): History {
    const shardOf = (owner: string): number => this.shards[owner] ?? 0;
    const { operations, reads, entries } = this;
    return { operations, reads, entries, budgets: this.budgets, shardOf, kills: [] };
  }

  /** `ann>bob 5, ann>cat 7`: legs of asset p; `ann>bob 5 q`: of q. */
  static transfer(id: string, text: string, condition?: TransferCommand['condition']): Asked {
    const legs = text.split(', ').map((leg): Leg => {
      const [way = '', amount = '', asset = 'p'] = leg.split(' ');
      const [from = '', to = ''] = way.split('>');
      return { from, to, asset, amount: Number(amount) };
    });
    return { type: 'transfer', id, legs, condition };
  }

  account(owner: string, asset: string): { available: number; held: number } {
    const key = accountKey(owner, asset);
    const account = this.#state.get(key) ?? { available: 0, held: 0 };
    this.#state.set(key, account);
    return account;
  }

  #enter(
    id: string,
    owner: string,
    asset: string,
    delta: number,
    heldDelta: number,
    seq: number,
    type: Entry['type'] = 'transfer',
  ): void {
    if (isSystem(owner)) return;
    const account = this.account(owner, asset);
    account.held += heldDelta;
    account.available += delta - heldDelta;
    const key = accountKey(owner, asset);
    const entries = this.entries.get(key) ?? [];
    this.entries.set(key, entries);
    const shard = this.shards[owner] ?? 0;
    const version = entries.length + 1;
    const entry = { id, type, version, delta, heldDelta, ...account, shard, seq };
    entries.push(entry);
    if (stepOf(type) !== 'post') return;
    const posted = this.#posted.get(id) ?? [];
    this.#posted.set(id, posted);
    posted.push({
      ...entry,
      owner,
      asset,
      earned: 0,
      spent: 0,
      expired: 0,
      slices: [],
    });
  }

  /** A transfer on one shard, or as one. */
  post(id: string, text: string, call: number, ret: number): this {
    const command = Story.transfer(id, text);
    this.apply(command);
    return this.told(command, call, ret);
  }

  /** What a transfer does, at one moment. */
  apply(command: Asked, reserved = false): this {
    if (command.type !== 'transfer') throw new Error('a transfer is wanted');
    const seq = ++this.#seq;
    const chain = chainOf(command, (owner) => this.shards[owner] ?? 0);
    const sums = new Map<string, { owner: string; asset: string; delta: number; held: number }>();
    const add = (owner: string, asset: string, delta: number): void => {
      const key = accountKey(owner, asset);
      const sum = sums.get(key) ?? { owner, asset, delta: 0, held: 0 };
      sums.set(key, sum);
      sum.delta += delta;
      if (delta < 0 && reserved && this.shards[owner] !== chain.at(-1)) sum.held += delta;
    };
    for (const { from, to, asset, amount } of command.legs) {
      add(from, asset, -amount);
      add(to, asset, amount);
    }
    for (const { owner, asset, delta, held } of sums.values())
      this.#enter(command.id, owner, asset, delta, held, seq);
    return this;
  }

  #changes(command: Asked): Change[] {
    const act = undoneAct(command);
    const remaining = act === undefined ? 0 : (this.#left.get(act.id) ?? movedBy(act));
    return [...changesOf(command, remaining).values()];
  }

  /** What a transfer, or the undo of an act, between shards reserves on its payers; `sign` -1: it is freed. */
  reserve(command: Asked, sign = 1): this {
    const seq = ++this.#seq;
    const type = sign > 0 ? 'reserve' : 'free';
    if (command.type === 'reverse')
      for (const { owner, asset, pays } of this.#changes(command))
        this.#enter(command.id, owner, asset, 0, sign * pays, seq, type);
    if (command.type !== 'transfer') return this;
    const chain = chainOf(command, (owner) => this.shards[owner] ?? 0);
    for (const { from, asset, amount } of command.legs) {
      if (isSystem(from) || this.shards[from] === chain.at(-1)) continue;
      this.#enter(command.id, from, asset, 0, sign * amount, seq, type);
    }
    return this;
  }

  /** A reversal, on one shard or `reserved` before. */
  undo(command: Asked, call: number, ret: number, reserved = false): this {
    const seq = ++this.#seq;
    const act = undoneAct(command);
    for (const { owner, asset, delta, pays } of this.#changes(command)) {
      this.#enter(command.id, owner, asset, delta, reserved ? -pays : 0, seq);
      if (act === undefined) continue;
      this.#left.set(act.id, (this.#left.get(act.id) ?? movedBy(act)) - Math.abs(delta));
      if (act.act === 'claim') this.#pay(act.offer.budget, asset, delta);
    }
    return this.told(command, call, ret);
  }

  #pay(budget: string, asset: string, amount: number): void {
    const state = this.budgets.get(accountKey(budget, asset));
    if (state !== undefined) state.left -= amount;
  }

  /** A budget that was given so much of p. */
  budget(owner: string, funded: number): this {
    this.budgets.set(accountKey(owner, 'p'), { funded, left: funded });
    return this;
  }

  /** An act. */
  act(command: Asked, call: number, ret: number): this {
    const seq = ++this.#seq;
    for (const { owner, asset, delta } of this.#changes(command)) {
      this.#enter(command.id, owner, asset, delta, 0, seq);
      if (command.type === 'act' && command.act === 'claim')
        this.#pay(command.offer.budget, asset, delta);
    }
    return this.told(command, call, ret);
  }

  /** An event that is posted and earns nothing. */
  nothing(command: Asked, call: number, ret: number): this {
    const shard = this.shards['owner' in command ? String(command.owner) : ''] ?? 0;
    const answer = { state: 'posted', replayed: false, shard, seq: ++this.#seq } as const;
    const told = { ...answer, entries: [], effects: [] };
    return this.attempt(command, { call, ret, isLookUp: false, answer: told });
  }

  /** A hold, or (below 0) what takes from one. */
  hold(command: Asked, call: number, ret: number): this {
    const seq = ++this.#seq;
    if (command.type === 'hold')
      this.#enter(command.id, command.owner, command.asset, 0, command.amount, seq);
    else if (command.type === 'capture') {
      const { id, owner, asset, amount, to } = command;
      const [hold] = this.operations.filter((one) => one.command.id === command.holdId);
      const all = hold?.command.type === 'hold' ? hold.command.amount : 0;
      this.#enter(id, owner, asset, -amount, command.releaseRest ? -all : -amount, seq);
      this.#enter(id, to, asset, amount, 0, seq);
    }
    return this.told(command, call, ret);
  }

  /** The answer to a command that has done what it does. */
  told(command: Asked, call: number, ret: number, state: Answer['state'] = 'posted'): this {
    const home = chainOf(command, (owner) => this.shards[owner] ?? 0)[0] ?? 0;
    const entries = (this.#posted.get(command.id) ?? []).filter(
      ({ owner }) => this.shards[owner] === home,
    );
    const of =
      entries[0] === undefined ? undefined : accountKey(entries[0].owner, entries[0].asset);
    const seq =
      this.entries
        .get(of ?? '')
        ?.find(({ id, type }) => id === command.id && stepOf(type) === 'post')?.seq ?? 0;
    const act = undoneAct(command);
    const effects = effectsOf(command, act !== undefined && this.#left.get(act.id) === 0);
    const answer: Answer =
      state === 'posted'
        ? { state, replayed: false, shard: home, seq, entries, effects }
        : state === 'refused'
          ? { state, replayed: false, code: 'POINTS_SHORT' }
          : { state };
    return this.attempt(command, { call, ret, isLookUp: state === 'absent', answer });
  }

  attempt(command: Asked, attempt: Operation['attempts'][number]): this {
    const known = this.operations.find((one) => one.command.id === command.id);
    if (known === undefined) this.operations.push({ command, attempts: [attempt] });
    else known.attempts.push(attempt);
    return this;
  }

  refuse(command: Asked, code: string, call: number, ret: number): this {
    const answer = { state: 'refused', replayed: false, code } as const;
    return this.attempt(command, { call, ret, isLookUp: false, answer });
  }

  /** All accounts of an owner as they are now. */
  read(name: string, owner: string, call: number, ret: number): this {
    const accounts = [...this.#state]
      .filter(([key]) => key.startsWith(`${owner} `))
      .map(([key, { available, held }]) => {
        const asset = key.slice(owner.length + 1);
        return { asset, available, held, version: this.entries.get(key)?.length ?? 0 };
      });
    this.reads.push({ name, owner, call, ret, accounts });
    return this;
  }
}
