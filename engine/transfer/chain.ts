// Which shards a transfer touches, and in which order. Owns: the chain. Never touches: state; every shard comes to the same.

import { LEGS_MAX } from '../limits.js';
import type { LoggedPlan } from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { ownerHash } from '../protocol/hash.js';
import { LEG, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { legPlace, legsIn, planIn } from './carried.js';
import type { Places } from './open/places.js';

const { condition: CONDITION } = PLACES.transfer;
const { from: FROM, to: TO } = LEG;

/** The chain of one transfer; used again for the next. */
export class Chain {
  /** Shards, in order. */
  readonly shards: number[] = [];
  legs = 0;
  /** Of an act: what it has decided. */
  decided: LoggedPlan | undefined;
  /** The shards of each leg's payer and payee. */
  readonly payerAt = new Int32Array(LEGS_MAX);
  readonly payeeAt = new Int32Array(LEGS_MAX);
  /** Where the condition's owner is; -1: there is no condition. */
  conditionAt = -1;
  /** Shards of scarce owners: last, so that the last of them never reserves what many wait for. */
  readonly #scarceAt: number[] = [];
  readonly #from = new Name();
  readonly #to = new Name();

  /** Of a transfer, a capture or an act. `home`: the place of its home owner; `decided`: of an act, what it has decided. */
  plan(
    transfer: CommandView,
    home: number,
    places: Places,
    decided: LoggedPlan | undefined = planIn(transfer),
  ): void {
    this.decided = decided;
    const from = this.#from;
    const to = this.#to;
    transfer.name(home, from);
    const first = places.shardOf(from.hash);
    this.legs = legsIn(transfer);
    while (this.#scarceAt.length > 0) this.#scarceAt.pop();
    for (let leg = 0; leg < this.legs; leg++) {
      transfer.name(legPlace(transfer, leg, FROM), from);
      transfer.name(legPlace(transfer, leg, TO), to);
      const fromAt = from.isSystem ? -1 : places.shardOf(from.hash);
      const toAt = to.isSystem ? -1 : places.shardOf(to.hash);
      if (from.isScarce) this.#scarceAt.push(fromAt);
      if (to.isScarce) this.#scarceAt.push(toAt);
      const payer = fromAt >= 0 ? fromAt : toAt >= 0 ? toAt : first;
      const payee = toAt >= 0 ? toAt : payer;
      this.payerAt[leg] = payer;
      this.payeeAt[leg] = payee;
    }
    if (decided?.puts !== undefined)
      for (const { owner } of decided.puts) this.#scarceAt.push(places.shardOf(ownerHash(owner)));
    this.conditionAt = -1;
    if (transfer.op === OP.transfer && !transfer.isNil(CONDITION)) {
      transfer.name(CONDITION, from);
      this.conditionAt = places.shardOf(from.hash);
    }
    const { shards, legs } = this;
    while (shards.length > 0) shards.pop();
    shards.push(first);
    if (this.conditionAt >= 0) this.#early(this.conditionAt, 1);
    for (let leg = 0; leg < legs; leg++) this.#early(this.payerAt[leg] as number, 1);
    const paid = shards.length;
    for (let leg = 0; leg < legs; leg++) this.#early(this.payeeAt[leg] as number, paid);
    const last = shards.length;
    for (let i = 0; i < this.#scarceAt.length; i++) this.#insert(this.#scarceAt[i] as number, last);
  }

  /** Adds a shard before those of scarce owners, unless it is one of them. */
  #early(shard: number, from: number): void {
    if (!this.#scarceAt.includes(shard)) this.#insert(shard, from);
  }

  /** Adds a shard that is not in it yet, by number among those from `from` on. */
  #insert(shard: number, from: number): void {
    const { shards } = this;
    for (let i = 0; i < shards.length; i++) if (shards[i] === shard) return;
    let at = shards.length;
    shards.push(shard);
    for (; at > from && (shards[at - 1] as number) > shard; at--)
      shards[at] = shards[at - 1] as number;
    shards[at] = shard;
  }

  /** How many lists of lots go along: of each leg, and of what an act holds. */
  get lots(): number {
    return this.legs + (this.decided?.hold === undefined ? 0 : 1);
  }

  /** The shard before this one; -1: it is the first. */
  before(shard: number): number {
    return this.shards[this.shards.indexOf(shard) - 1] ?? -1;
  }

  /** The shard after this one; -1: it is the last. */
  after(shard: number): number {
    return this.shards[this.shards.indexOf(shard) + 1] ?? -1;
  }
}

/** Is everything of the transfer on one shard? `decided`: of an act, what it has decided. */
export function isLocal(
  transfer: CommandView,
  home: number,
  places: Places,
  name: Name,
  decided?: LoggedPlan,
): boolean {
  if (places.shards === 1) return true;
  transfer.name(home, name);
  const here = places.shardOf(name.hash);
  for (const { owner } of decided?.puts ?? [])
    if (places.shardOf(ownerHash(owner)) !== here) return false;
  const legs = legsIn(transfer);
  for (let leg = 0; leg < legs; leg++) {
    const from = legPlace(transfer, leg, FROM);
    for (let place = from; place <= from + TO; place++) {
      if (place === home) continue;
      transfer.name(place, name);
      if (!name.isSystem && places.shardOf(name.hash) !== here) return false;
    }
  }
  if (transfer.op !== OP.transfer || transfer.isNil(CONDITION)) return true;
  transfer.name(CONDITION, name);
  return places.shardOf(name.hash) === here;
}
