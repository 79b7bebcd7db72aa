// What acts wrote beside their moves, out of one shard's log: records, counters, what was told. Owns: that adding up.
// Never touches: state but to compare it.
//   A1. Records of an owner are written where he lives, by an act or the undo of one that is posted there, each as its plan says, once.
//   A2. A counter is what posted plans have added to it, and never more than the act allows.
//   A3. An offer is claimed once by each member, until that is undone.

import type { CounterAdd, Json } from '../../engine/programme/act.js';
import {
  COUNTER,
  type Counts,
  countIn,
  recordTypeOf,
  recordValueIn,
} from '../../engine/programme/plan.js';
import { saidIn, type Tuple, unpackTuple } from '../../engine/protocol/codec.js';
import { EXTRA, TRANSIT } from '../../engine/protocol/effects.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { homeOwnerOfTuple } from '../../engine/protocol/home.js';
import { OP, PLACES } from '../../engine/protocol/layout.js';
import { outcomeOf } from '../../engine/protocol/read-back.js';
import { planOfTuple } from '../../engine/transfer/carried.js';
import { everything, type Wish, windowOf } from '../programme/everything.js';
import { EVENT_LIMITS } from './event-work.js';
import type { HoldRecord } from './holds.js';
import type { SimShard } from './shard.js';

const nameOf = (owner: string, type: string, key: string): string => `${owner} ${type} ${key}`;

function preparedBy(prepare: Tuple): Tuple {
  const bytes = prepare[PLACES.prepare.transfer] as Uint8Array;
  return unpackTuple(bytes, 0, bytes.length);
}

export class ActBooks {
  readonly #shard: SimShard;
  /** Open acts and reversals, by owner and id. */
  readonly #open = new Map<string, Tuple>();
  readonly #records = new Map<string, Json>();
  /** What was counted, by owner, name and beginning of the window. */
  readonly #counters = new Map<string, number>();

  constructor(shard: SimShard) {
    this.#shard = shard;
  }

  #demand(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${what} on shard ${this.#shard.number}`);
  }

  add(record: HoldRecord): void {
    const { effects, offset, tuple, command } = record;
    const posted = this.#doneBy(record);
    const owner = homeOwnerOfTuple(tuple);
    const isHome = typeof owner === 'string' && this.#isHere(owner);
    const done = isHome ? posted : undefined;
    const plan = done && planOfTuple(done);
    const puts = (planOfTuple(posted)?.puts ?? []).filter((put) => this.#isHere(put.owner));
    const where = `${owner} ${tuple[2]}`;
    const extras = effects.extras(offset);
    const commands = { bytes: command, from: effects.commandOffset(offset) };
    const { assets } = this.#shard.state;
    const place = { shard: this.#shard.number, effects, assets, commands };
    const told = outcomeOf(place, offset, undefined, 0, 0, false);
    const says = JSON.stringify(told.ok ? told.act : undefined);
    const { effects: brought, why } = plan ?? {};
    const should = plan && JSON.stringify({ effects: brought, why });
    this.#demand(says === should, `${where} tells ${says}, its plan ${should},`);
    const written = extras.flatMap(({ tag, numbers, texts: [of = '', type = '', key = ''] }) =>
      tag === EXTRA.record ? [`${nameOf(of, type, key)}${numbers[2]! < 0 ? ' gone' : ''}`] : [],
    );
    const own = (plan?.records ?? []).map((one) => ({ ...one, owner }));
    const planned = [...own, ...puts].flatMap(({ owner: of, type, key, value }) => {
      const name = nameOf(of, recordTypeOf(type), key);
      if (value !== null) return [name];
      return this.#records.has(name) ? [`${name} gone`] : [];
    });
    this.#demand(
      written.join() === planned.join(),
      `A1: ${where} writes ${written}, its plan ${planned},`,
    );
    for (const { owner: of, type, key, value } of puts) {
      const name = nameOf(of, recordTypeOf(type), key);
      if (value === null) this.#records.delete(name);
      else this.#records.set(name, value);
    }
    if (done === undefined || plan === undefined) return;
    if (done[1] === OP.act) this.#limit(owner, done);
    for (const one of plan.counters ?? []) this.#count(owner, one);
    for (const { type, key, value } of plan.records ?? []) {
      const name = nameOf(owner, recordTypeOf(type), key);
      if (value === null) this.#records.delete(name);
      else this.#records.set(name, value);
    }
    for (const one of plan.counters ?? []) this.#compareCounter(owner, one);
  }

  #isHere(owner: string): boolean {
    return this.#shard.settings.slotMap[slotOf(owner)] === this.#shard.number;
  }

  /** The act or reversal that is posted here with this record. */
  #doneBy({ effects, offset, tuple }: HoldRecord): Tuple | undefined {
    const [, op, id] = tuple;
    const key = `${homeOwnerOfTuple(tuple)} ${id}`;
    const isRefused = effects.refusalNumber(offset) !== 0;
    if (op === OP.decision) {
      const opened = this.#open.get(key);
      this.#open.delete(key);
      return isRefused ? undefined : opened;
    }
    const carried = op === OP.prepare ? preparedBy(tuple) : tuple;
    if ((carried?.[1] !== OP.act && carried?.[1] !== OP.reverse) || isRefused) return undefined;
    const transit = effects.extras(offset).find(({ tag }) => tag === EXTRA.transit);
    if (transit?.numbers[0] !== TRANSIT.open) return carried;
    this.#open.set(key, carried);
    return undefined;
  }

  /** A2, A3: by what was there before. */
  #limit(owner: string, done: Tuple): void {
    const { act, body, id } = saidIn<'act'>(done);
    if (act === 'claim') {
      const { offer } = body as unknown as { readonly offer: string };
      const known = this.#records.get(nameOf(owner, recordTypeOf('claim'), offer));
      this.#demand(known === undefined, `A3: ${owner} claims ${offer} again with ${id}`);
    }
    if (act !== everything.name) return;
    const { counters } = JSON.parse((body as unknown as { readonly wish: string }).wish) as Wish;
    for (const [name, from, add, most] of counters) {
      const count = (this.#counters.get(nameOf(owner, name, `${from}`)) ?? 0) + add;
      this.#demand(count <= most, `A2: ${owner} ${id} counts ${count} of ${name}, of ${most}`);
    }
  }

  #count(owner: string, { name, window, add }: CounterAdd): void {
    const key = nameOf(owner, name, `${window.from}`);
    const count = (this.#counters.get(key) ?? 0) + add;
    const most = { 't.': EVENT_LIMITS.times, 'p.': EVENT_LIMITS.points, 'd.': 1 }[name.slice(0, 2)];
    this.#demand(count <= (most ?? count), `A2: ${owner} has ${count} of ${name}`);
    this.#counters.set(key, count);
  }

  #compareCounter(owner: string, { name, window }: CounterAdd): void {
    const kept = this.#records.get(nameOf(owner, recordTypeOf(COUNTER), name)) ?? [];
    const is = countIn(kept as unknown as Counts, windowOf(window.from));
    const should = this.#counters.get(nameOf(owner, name, `${window.from}`));
    this.#demand(is === should, `A2: counter ${name} of ${owner} is ${is}, was counted ${should},`);
  }

  /** Throws where the state says otherwise. */
  compare(): void {
    const { pages } = this.#shard.state;
    const left = new Map(this.#records);
    for (let bucket = 0; bucket < pages.shape.buckets; bucket++) {
      for (const { owner, type, key, value } of pages.page(bucket).records?.values() ?? []) {
        const name = nameOf(owner, type, key);
        const [is, should] = [recordValueIn(value), left.get(name)].map((one) =>
          JSON.stringify(one),
        );
        this.#demand(is === should, `A1: record ${name} is ${is}, by its log ${should},`);
        left.delete(name);
      }
    }
    this.#demand(left.size === 0, `A1: records ${[...left.keys()]} are gone`);
  }
}
