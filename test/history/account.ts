// Is there one order of everything that happened to an account which explains all that was seen of it? Owns: the search for it.
// Never touches: commands, other accounts.
//
// The versions give the order of entries. What has no entry has to be placed between them: reads (their version says between
// which two), and the reserves of cross-shard transfers with their ends. An order is one in time when no event's `ret`
// comes before the `call` of an event ahead of it; so the search carries along the latest `call` so far, and nothing else of time.
//   K1. Reserves count as spent: what a read or an entry says is held beyond holds is the sum of the reserves open then.
//   K2. All choices that explain what was seen so far are carried along, so a wrong guess can never reject a good history.

/** An event of an entry. */
export interface EntryEvent {
  readonly name: string;
  readonly call: number;
  readonly ret: number;
  /** Of all cross-shard transfers together, after it. */
  readonly reservedAfter: number;
}

/** A reserve: opened between `call` and `by`, ended by the entry `endsAt`, or (0: refused) before `ret`, if there was one at all. */
export interface ReserveEvent {
  readonly name: string;
  readonly amount: number;
  readonly call: number;
  readonly by: number;
  readonly ret: number;
  readonly endsAt: number;
}

/** A read after entry `version`. */
export interface ReadEvent {
  readonly name: string;
  readonly call: number;
  readonly ret: number;
  readonly version: number;
  readonly reserved: number;
}

/** An account's events. Entry n is `entries[n - 1]`. */
export interface AccountEvents {
  readonly entries: readonly EntryEvent[];
  readonly reserves: readonly ReserveEvent[];
  readonly reads: readonly ReadEvent[];
}

/** Choices carried along beyond which the search gives up (and says so). */
const STATES_MAX = 20_000;
/** Combinations of one step beyond which it gives up. */
const STEPS_MAX = 2_000_000;

/** One explanation of what was seen so far. */
interface State {
  /** The latest call among all events so far. */
  readonly latest: number;
  /** Numbers of reserves, ascending. */
  readonly open: readonly number[];
  /** Those of refused transfers that have been given back. */
  readonly freed: readonly number[];
  readonly sum: number;
}

/** What happens at one moment: an entry or a read. */
interface Moment {
  readonly call: number;
  /** By when it must have happened, so that what is known to come after it can. */
  readonly ret: number;
  /** What is reserved at that moment. */
  readonly reserved: number;
  /** The reserve that must be open then, and ends; -1: none. */
  readonly ends: number;
  /** The number of entries then. */
  readonly version: number;
}

/** Not enough memory or time to tell. */
export class Undecided extends Error {}

class Search {
  readonly #events: AccountEvents;
  /** Reserves by call; sorted once, so that each moment looks at those that had begun. */
  readonly #byCall: readonly number[];
  readonly #endsAt = new Map<number, number>();
  /** All in byCall before it are over for every state. */
  #from = 0;
  #steps = 0;

  constructor(events: AccountEvents) {
    this.#events = events;
    const { reserves } = events;
    this.#byCall = reserves
      .map((_, at) => at)
      .sort((a, b) => (reserves[a]?.call ?? 0) - (reserves[b]?.call ?? 0));
    reserves.forEach(({ endsAt }, at) => {
      if (endsAt > 0) this.#endsAt.set(endsAt, at);
    });
  }

  /** What cannot be explained; undefined: all can. */
  run(): string | undefined {
    const { entries, reads } = this.#events;
    const gaps = new Map<number, ReadEvent[]>();
    for (const read of reads) {
      if (read.version > entries.length)
        return `${read.name} saw version ${read.version}, and there are ${entries.length} entries`;
      const gap = gaps.get(read.version);
      if (gap === undefined) gaps.set(read.version, [read]);
      else gap.push(read);
    }
    const due = deadlines(entries, gaps);
    let states: State[] = [{ latest: Number.NEGATIVE_INFINITY, open: [], freed: [], sum: 0 }];
    for (let version = 0; version <= entries.length; version++) {
      if (version > 0) {
        const { call, name, reservedAfter } = entries[version - 1] as EntryEvent;
        const ends = this.#endsAt.get(version) ?? -1;
        const amount = ends < 0 ? 0 : (this.#events.reserves[ends]?.amount ?? 0);
        const ret = due[version - 1] as number;
        const moment = { call, ret, reserved: reservedAfter + amount, ends, version: version - 1 };
        states = this.#step(states, moment);
        if (states.length === 0)
          return `entry ${version} (${name}) cannot come after what was seen before it, with ${reservedAfter} reserved after it`;
      }
      const gap = gaps.get(version);
      if (gap === undefined) continue;
      const before = states;
      states = this.#readsIn(states, gap, due[version] ?? Number.POSITIVE_INFINITY);
      if (states.length === 0) return this.#blame(before, gap);
    }
    return undefined;
  }

  /** The reads of one gap in any order that time allows. */
  #readsIn(states: State[], gap: readonly ReadEvent[], due: number): State[] {
    const reads = [...gap].sort((a, b) => a.call - b.call || a.ret - b.ret);
    let wave: Wave = new Map([['', { placed: [], states }]]);
    for (let count = 0; count < reads.length; count++) {
      const next: Wave = new Map();
      for (const { placed, states } of wave.values()) {
        const left = reads.map((_, at) => at).filter((at) => !placed.includes(at));
        // Where the read that was called first is explained by every state as it is, it may as well come first: whatever the
        // others wait for, they wait at least until its call.
        const first = reads[left[0] as number] as ReadEvent;
        const plain = this.#step(states, momentOf(first, due), true);
        if (plain.length === states.length) {
          add(next, [...placed, left[0] as number], plain);
          continue;
        }
        // A read that returned before another was called comes before it.
        const soonest = Math.min(...left.map((at) => reads[at]?.ret ?? 0));
        const seen = new Set<string>();
        for (const at of left) {
          const { call, ret, reserved } = reads[at] as ReadEvent;
          if (call > soonest) break;
          // Of reads that are the same in all that matters, one order is enough.
          const kind = `${call} ${ret} ${reserved}`;
          if (seen.has(kind)) continue;
          seen.add(kind);
          const after = this.#step(states, momentOf(reads[at] as ReadEvent, due));
          if (after.length > 0) add(next, [...placed, at], after);
        }
      }
      if (next.size > STATES_MAX) throw new Undecided(`${next.size} orders of reads`);
      wave = next;
    }
    return [...wave.values()].flatMap(({ states }) => states);
  }

  /** Names the reads of a gap that cannot be explained: one alone where there is such a one. */
  #blame(before: State[], gap: readonly ReadEvent[]): string {
    const told = ({ name, reserved, version }: ReadEvent): string =>
      `${name} saw ${reserved} reserved after entry ${version}`;
    const alone = gap.find(
      (read) => this.#step(before, momentOf(read, Number.POSITIVE_INFINITY)).length === 0,
    );
    const which = alone === undefined ? gap.map(told).join('; ') : told(alone);
    return `no order explains it: ${which}`;
  }

  /** Every way to come from these states to a moment; `plain`: only with no reserve opening or ending on the way. */
  #step(states: readonly State[], moment: Moment, plain = false): State[] {
    const found: State[] = [];
    const earliest = Math.min(...states.map(({ latest }) => latest), moment.call);
    while (this.#from < this.#byCall.length && this.#isOver(earliest, moment.version)) this.#from++;
    for (const state of states) {
      if (state.latest <= moment.ret) this.#ways(state, moment, plain, found);
    }
    const all = distinct(found);
    if (all.length > STATES_MAX) throw new Undecided(`${all.length} explanations at once`);
    return all;
  }

  /** Can the first reserve in byCall neither open nor end any more? */
  #isOver(earliest: number, version: number): boolean {
    const reserve = this.#events.reserves[this.#byCall[this.#from] as number] as ReserveEvent;
    return reserve.endsAt > 0 ? reserve.endsAt <= version : reserve.ret < earliest;
  }

  #ways(state: State, moment: Moment, plain: boolean, found: State[]): void {
    const { reserves } = this.#events;
    /** Each may or may not change: a reserve opens, or one of a refused transfer is given back. */
    const mayOpen: number[] = [];
    const mayFree = state.open.filter(
      (at) =>
        (reserves[at] as ReserveEvent).endsAt === 0 && state.latest <= (reserves[at]?.ret ?? 0),
    );
    for (let i = this.#from; i < this.#byCall.length; i++) {
      const at = this.#byCall[i] as number;
      const { call, by, ret, endsAt } = reserves[at] as ReserveEvent;
      if (call > moment.ret) break;
      if (endsAt > 0 ? endsAt <= moment.version : ret < state.latest) continue;
      if (by < state.latest || state.open.includes(at) || state.freed.includes(at)) continue;
      mayOpen.push(at);
    }
    if (plain) {
      const after = this.#after(state, moment, [], mayOpen, mayFree);
      if (after !== undefined && moment.reserved === state.sum) found.push(after);
      return;
    }
    const choices = [...mayFree, ...mayOpen].map((at) => ({
      at,
      amount: mayFree.includes(at) ? -(reserves[at]?.amount ?? 0) : (reserves[at]?.amount ?? 0),
    }));
    // What the rest can still add and take, so that hopeless branches end at once.
    const up: number[] = [0];
    const down: number[] = [0];
    for (let i = choices.length - 1; i >= 0; i--) {
      const { amount } = choices[i] as { amount: number };
      up.unshift((up[0] as number) + Math.max(0, amount));
      down.unshift((down[0] as number) + Math.min(0, amount));
    }
    const chosen: number[] = [];
    const search = (at: number, missing: number): void => {
      if (++this.#steps > STEPS_MAX) throw new Undecided(`${STEPS_MAX} combinations`);
      if (missing > (up[at] as number) || missing < (down[at] as number)) return;
      if (at === choices.length) {
        const after = this.#after(state, moment, chosen, mayOpen, mayFree);
        if (after !== undefined) found.push(after);
        return;
      }
      search(at + 1, missing);
      const choice = choices[at] as { at: number; amount: number };
      chosen.push(choice.at);
      search(at + 1, missing - choice.amount);
      chosen.pop();
    };
    this.#steps = 0;
    search(0, moment.reserved - state.sum);
  }

  /** The state after a moment, where these reserves opened or ended just before it; undefined: time forbids it. */
  #after(
    state: State,
    moment: Moment,
    chosen: readonly number[],
    mayOpen: readonly number[],
    mayFree: readonly number[],
  ): State | undefined {
    const { reserves } = this.#events;
    let latest = Math.max(state.latest, moment.call);
    for (const at of chosen) latest = Math.max(latest, (reserves[at] as ReserveEvent).call);
    if (latest > moment.ret) return undefined;
    const isChosen = (at: number): boolean => chosen.includes(at);
    // Whoever had to be open by now is, and whoever had to end by now has.
    for (const at of mayOpen) {
      const { endsAt, by } = reserves[at] as ReserveEvent;
      if (endsAt > 0 && by < latest && !isChosen(at)) return undefined;
    }
    const open = state.open.filter((at) => !(isChosen(at) && mayFree.includes(at)));
    for (const at of chosen) if (mayOpen.includes(at)) open.push(at);
    for (const at of open) {
      const { endsAt, ret } = reserves[at] as ReserveEvent;
      if (endsAt === 0 && ret < latest) return undefined;
    }
    if (moment.ends >= 0 && !open.includes(moment.ends)) return undefined;
    const amount = moment.ends < 0 ? 0 : (reserves[moment.ends]?.amount ?? 0);
    const freed = [...state.freed, ...chosen.filter((at) => mayFree.includes(at))].filter(
      (at) => (reserves[at]?.ret ?? 0) >= latest,
    );
    return {
      latest,
      open: open.filter((at) => at !== moment.ends).sort((a, b) => a - b),
      freed: freed.sort((a, b) => a - b),
      sum: moment.reserved - amount,
    };
  }
}

/** By which reads of a gap have been placed: how that can be. */
type Wave = Map<string, { placed: readonly number[]; states: State[] }>;

function add(wave: Wave, places: readonly number[], states: State[]): void {
  const placed = [...places].sort((a, b) => a - b);
  const key = placed.join();
  const known = wave.get(key);
  if (known === undefined) wave.set(key, { placed, states });
  else known.states = distinct([...known.states, ...states]);
}

function momentOf({ call, ret, reserved, version }: ReadEvent, due: number): Moment {
  return { call, ret: Math.min(ret, due), reserved, ends: -1, version };
}

/** One state of each kind: the one that leaves the most time. */
function distinct(states: readonly State[]): State[] {
  const kept = new Map<string, State>();
  for (const state of states) {
    const key = `${state.open.join()}|${state.freed.join()}`;
    const known = kept.get(key);
    if (known === undefined || state.latest < known.latest) kept.set(key, state);
  }
  return [...kept.values()];
}

/** By when each entry must have happened, so that those after it (and the reads between) can have. */
function deadlines(
  entries: readonly EntryEvent[],
  gaps: ReadonlyMap<number, readonly ReadEvent[]>,
): number[] {
  const due: number[] = new Array(entries.length);
  let soonest = Number.POSITIVE_INFINITY;
  for (let version = entries.length; version > 0; version--) {
    for (const { ret } of gaps.get(version) ?? []) soonest = Math.min(soonest, ret);
    soonest = Math.min(soonest, (entries[version - 1] as EntryEvent).ret);
    due[version - 1] = soonest;
  }
  return due;
}

/** Returns what no order in time explains; undefined: there is one. Throws Undecided where that is too hard to tell. */
export function accountFault(events: AccountEvents): string | undefined {
  return new Search(events).run();
}
