// A test act that does whatever its body says a plan can, and the naive model of it. Owns: both. Never touches: the ledger.

import type {
  Act,
  ConditionalPut,
  CounterAdd,
  Json,
  PlannedHold,
  PlannedReversal,
  Reads,
  Undone,
} from '../../engine/programme/act.js';
import { act } from '../../engine/programme/act.js';
import { recordType, STAYS } from '../../engine/programme/record-type.js';
import { words } from '../../engine/protocol/definition-fields.js';

/** What a body says, as JSON. */
export interface Wish {
  readonly legs: readonly {
    readonly from: string;
    readonly to: string;
    readonly amount: number;
    readonly holdId?: string;
    readonly expiresAt?: number | null | undefined;
    /** Paid by a pool, and left out where that is exhausted. */
    readonly optional?: boolean;
    /** Then what is left of it is paid. */
    readonly less?: boolean;
    /** Until when the points are pending; null: until they are confirmed. */
    readonly pending?: number | null;
  }[];
  /** Records of `#` owners: what each must be, and will be; null: none. */
  readonly puts?: readonly (readonly [
    owner: string,
    expected: number | null,
    value: number | null,
  ])[];
  /** Of all of it; left out: ASSET. */
  readonly asset?: string;
  /** Holds that are looked at, and left as they are. */
  readonly looks?: readonly string[];
  readonly hold?: number;
  /** When that ends by itself, milliseconds since 1970. */
  readonly until?: number;
  readonly releases?: readonly string[];
  /** So much of each leg of an earlier act is given back; undefined: all that remains. */
  readonly reversal?: { readonly id: string; readonly parts?: readonly number[] | undefined };
  /** Records that are set to a number; null: they go. */
  readonly records: readonly (readonly [key: string, value: number | null])[];
  /** How much is added to which counter, in which window, and how much there may be. */
  readonly counters: readonly (readonly [name: string, from: number, add: number, most: number])[];
}

export const ASSET = 'points';
export const SET = recordType('set', STAYS);
/** Windows are of one day, and are kept for ten. */
const [DAY, KEPT] = [86_400_000, 10];

export const windowOf = (from: number) => ({ from, until: from + KEPT * DAY });

/** The legs that are paid, which of all they are, and those whose pools are exhausted. */
function paidOf(see: Reads, legs: Wish['legs'], asset: string) {
  const sums = new Map<string, number>();
  const payable = ({ from, amount, optional, less }: Wish['legs'][number]): number => {
    const before = sums.get(from) ?? 0;
    let pays = amount;
    if (optional === true && see.isExhausted(from, asset, before + amount))
      pays = less === true ? Math.min(amount, Math.max(0, see.left(from, asset) - before)) : 0;
    sums.set(from, before + pays);
    return pays;
  };
  const amounts = legs.map(payable);
  const dropped = legs.flatMap(({ less }, n) => (amounts[n] === 0 && !less ? [n] : []));
  const planned = legs.flatMap(({ optional, less: _, pending, ...leg }, n) => {
    const pays = amounts[n] as number;
    if (pays === 0) return [];
    const paid = { ...leg, amount: pays, asset };
    const until = pending === undefined ? {} : { pendingUntil: pending };
    return [optional === true ? { ...paid, ...until, isOptional: true } : { ...paid, ...until }];
  });
  return { planned, dropped };
}

/** So much of a counter is taken back when so much of the points is, in parts that sum up to the whole. */
export function backOf(add: number, undone: Pick<Undone, 'amounts' | 'now' | 'before'>): number {
  const sum = (parts: readonly number[]): number => parts.reduce((all, one) => all + one, 0);
  const [total, now, before] = [sum(undone.amounts), sum(undone.now), sum(undone.before)];
  if (total === 0) return add;
  const until = (part: number): number => Math.floor((add * part) / total);
  return until(before + now) - until(before);
}

const heldBy = (asset: string, amount: number, deadline: number | undefined): PlannedHold =>
  deadline === undefined ? { asset, amount } : { asset, amount, deadline };

function reversalOf({ id, parts }: NonNullable<Wish['reversal']>): PlannedReversal {
  if (parts === undefined) return { transferId: id };
  const legs = parts.flatMap((amount, leg) => (amount > 0 ? [{ leg, amount }] : []));
  return { transferId: id, legs };
}

const putOf = ([owner, expected, value]: NonNullable<Wish['puts']>[number]): ConditionalPut => {
  return { owner, type: SET, key: 'put', expected, value, otherwise: 'NOT_ELIGIBLE' };
};

export const everything: Act = act({
  name: 'everything',
  version: 3,
  about: 'Does what it is told.',
  body: { wish: words(2_000) },
  needs: ['admin'],
  refusals: ['NOT_ELIGIBLE'],
  decide(see, { wish }) {
    const { legs, records, counters, puts, hold, ...more } = JSON.parse(wish) as Wish;
    const { looks = [], releases, reversal, asset = ASSET, until } = more;
    for (const holdId of looks) see.hold(holdId);
    // What is looked at leaves no trace in what is posted.
    const before = see.account(asset)?.available ?? 0;
    for (const [name, from, add, most] of counters)
      if (see.counter(name, windowOf(from)) + add > most) return { refusal: 'NOT_ELIGIBLE' };
    const { planned, dropped } = paidOf(see, legs, asset);
    return {
      legs: planned,
      ...(puts === undefined ? {} : { puts: puts.map(putOf) }),
      ...(hold === undefined ? {} : { hold: heldBy(asset, hold, until) }),
      ...(releases === undefined ? {} : { releases }),
      ...(reversal === undefined ? {} : { reversal: reversalOf(reversal) }),
      records: records.map(([key, value]) => ({ type: SET, key, value })),
      counters: counters.map(([name, from, add]) => ({ name, window: windowOf(from), add })),
      effects: [{ type: 'done', of: records.map(([key]) => key) }],
      why: { wish, before, dropped, text: 'naïve — 积分' },
    };
  },
  undo(see: Reads, undone) {
    const { wish } = undone.body as { readonly wish: string };
    const { records, puts = [] } = JSON.parse(wish) as Wish;
    const back = undone.counters.map(
      ({ name, window, add }): CounterAdd => ({ name, window, add: -backOf(add, undone) }),
    );
    const gone = records.filter(([key]) => see.record<Json>(SET, key) !== undefined);
    const isWhole = undone.amounts.every(
      (amount, leg) => amount === (undone.now[leg] ?? 0) + (undone.before[leg] ?? 0),
    );
    return {
      records: isWhole ? gone.map(([key]) => ({ type: SET, key, value: null })) : [],
      puts: isWhole ? puts.map(([owner, was, is]) => putOf([owner, is, was])) : [],
      counters: back.filter(({ add }) => add !== 0),
      effects: [{ type: 'undone' }],
      why: {},
    };
  },
}) as unknown as Act;

export const ACTS: ReadonlyMap<string, Act> = new Map([[everything.name, everything]]);

/** Stands for what is pending, while it is given back. */
const HELD = '@held';

interface Done {
  readonly owner: string;
  readonly wish: Wish;
  readonly undone: number[];
  /** Of each leg, what is pending and until when; undefined: nothing. */
  readonly pending: ({ amount: number; readonly until: number | null } | undefined)[];
  /** Of one that moves no points. */
  isOver: boolean;
}

/** What should be, in plain maps. */
export class Model {
  readonly points = new Map<string, number>();
  readonly records = new Map<string, number>();
  readonly counters = new Map<string, number>();
  readonly done = new Map<string, Done>();
  readonly puts = new Map<string, number>();
  /** What is open of each hold, by owner and id. */
  readonly holds = new Map<string, Map<string, number>>();

  holdsOf(owner: string): Map<string, number> {
    const known = this.holds.get(owner) ?? new Map<string, number>();
    this.holds.set(owner, known);
    return known;
  }

  heldOf(owner: string): number {
    const all = [...this.holdsOf(owner).values(), ...this.pendingOf(owner).values()];
    return all.reduce((sum, one) => sum + one, 0);
  }

  /** What is pending of an owner, by act and leg. */
  pendingOf(owner: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const [id, one] of this.done)
      if (one.owner === owner)
        for (const [leg, pending] of one.pending.entries())
          if (pending !== undefined && pending.amount > 0)
            found.set(`${id}#${leg}`, pending.amount);
    return found;
  }

  /** What was pending until then is available. */
  mature(time: number): void {
    for (const one of this.done.values())
      this.#activate(one, (until) => until !== null && until <= time);
  }

  confirm(id: string): boolean {
    const one = this.done.get(id);
    return one !== undefined && this.#activate(one, () => true) > 0;
  }

  #activate({ owner, pending }: Done, isOver: (until: number | null) => boolean): number {
    let sum = 0;
    for (const [leg, one] of pending.entries()) {
      if (one === undefined || !isOver(one.until)) continue;
      this.points.set(owner, this.of(owner) + one.amount);
      sum += one.amount;
      pending[leg] = undefined;
    }
    return sum;
  }

  of(owner: string): number {
    return this.points.get(owner) ?? 0;
  }

  #move(from: string, to: string, amount: number): void {
    this.points.set(from, this.of(from) - amount);
    this.points.set(to, this.of(to) + amount);
  }

  fund(to: string, amount: number): void {
    this.#move('@issue', to, amount);
  }

  /** Would this be posted? What a leg brings is no other leg's to pay with. */
  #canPay(owner: string, { legs, hold = 0, releases = [] }: Wish): boolean {
    const pays = new Map([[owner, hold]]);
    const holds = new Map(this.holdsOf(owner));
    for (const { from, amount, holdId } of legs) {
      if (holdId === undefined) pays.set(from, (pays.get(from) ?? 0) + amount);
      else holds.set(holdId, (holds.get(holdId) ?? 0) - amount);
    }
    if (releases.some((id) => !holds.has(id)) || [...holds.values()].some((left) => left < 0))
      return false;
    return [...pays].every(([from, sum]) => from.startsWith('@') || this.of(from) >= sum);
  }

  act(owner: string, id: string, wish: Wish): boolean {
    for (const [name, from, add, most] of wish.counters)
      if ((this.counters.get(`${owner} ${name} ${from}`) ?? 0) + add > most) return false;
    if (!this.#canPay(owner, wish) || !this.#isAsExpected(wish, false)) return false;
    const { reversal } = wish;
    if (reversal && this.done.get(reversal.id)?.owner !== owner) return false;
    if (reversal && !this.undo(reversal.id, reversal.parts)) return false;
    this.#moveAll(owner, id, wish);
    this.#put(wish, false);
    for (const [key, value] of wish.records) {
      if (value === null) this.records.delete(`${owner} ${key}`);
      else this.records.set(`${owner} ${key}`, value);
    }
    for (const [name, from, add] of wish.counters) this.#count(owner, name, from, add);
    const undone = wish.legs.map(() => 0);
    const pending = wish.legs.map(({ amount, pending: until }) => {
      if (until === undefined) return undefined;
      this.points.set(owner, this.of(owner) - amount);
      return { amount, until };
    });
    this.done.set(id, { owner, wish, undone, pending, isOver: false });
    return true;
  }

  #isAsExpected({ puts = [] }: Wish, isUndo: boolean): boolean {
    return puts.every(([owner, was, is]) => (this.puts.get(owner) ?? null) === (isUndo ? is : was));
  }

  #put({ puts = [] }: Wish, isUndo: boolean): void {
    for (const [owner, was, is] of puts) {
      const value = isUndo ? was : is;
      if (value === null) this.puts.delete(owner);
      else this.puts.set(owner, value);
    }
  }

  #moveAll(owner: string, id: string, { legs, hold, releases = [] }: Wish): void {
    const holds = this.holdsOf(owner);
    for (const { from, to, amount, holdId } of legs) {
      if (holdId === undefined) this.#move(from, to, amount);
      else {
        holds.set(holdId, (holds.get(holdId) ?? 0) - amount);
        this.points.set(to, this.of(to) + amount);
      }
    }
    for (const one of releases) {
      this.points.set(owner, this.of(owner) + (holds.get(one) ?? 0));
      holds.delete(one);
    }
    for (const [one, left] of holds) if (left === 0) holds.delete(one);
    if (hold === undefined) return;
    this.points.set(owner, this.of(owner) - hold);
    holds.set(id, hold);
  }

  #count(owner: string, name: string, from: number, add: number): void {
    const key = `${owner} ${name} ${from}`;
    const count = (this.counters.get(key) ?? 0) + add;
    if (count === 0) this.counters.delete(key);
    else this.counters.set(key, count);
  }

  /** Parts of each leg; undefined: all that remains. */
  undo(id: string, parts: readonly number[] | undefined): boolean {
    const done = this.done.get(id);
    if (done === undefined || done.isOver || done.wish.reversal) return false;
    const { owner, wish, undone: before } = done;
    const amounts = wish.legs.map(({ amount }) => amount);
    const remaining = amounts.map((amount, leg) => amount - before[leg]!);
    const now = parts ?? remaining;
    if (amounts.length > 0 && remaining.every((left) => left === 0)) return false;
    if (now.some((part, leg) => part > remaining[leg]!)) return false;
    const isAll = amounts.every((amount, leg) => amount === before[leg]! + now[leg]!);
    if (isAll && !this.#isAsExpected(wish, true)) return false;
    const back = wish.legs.map(({ from, to }, leg) => ({ from: to, to: from, amount: now[leg]! }));
    // What is pending still goes out of that.
    for (const [leg, amount] of now.entries())
      if (done.pending[leg] !== undefined && amount > 0)
        back.push({ from: HELD, to: owner, amount });
    const net = new Map<string, number>();
    for (const { from, to, amount } of back) {
      net.set(from, (net.get(from) ?? 0) - amount);
      net.set(to, (net.get(to) ?? 0) + amount);
    }
    for (const [name, sum] of net)
      if (!name.startsWith('@') && sum < 0 && this.of(name) + sum < 0) return false;
    for (const { from, to, amount } of back) this.#move(from, to, amount);
    this.points.delete(HELD);
    for (const [leg, amount] of now.entries()) {
      const pending = done.pending[leg];
      if (pending !== undefined) pending.amount -= amount;
    }
    for (const [name, from, add] of wish.counters)
      this.#count(owner, name, from, -backOf(add, { amounts, now, before }));
    now.forEach((part, leg) => {
      before[leg]! += part;
    });
    if (!isAll) return true;
    done.isOver = true;
    for (const [key] of wish.records) this.records.delete(`${owner} ${key}`);
    this.#put(wish, true);
    return true;
  }
}
