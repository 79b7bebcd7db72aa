// A partner's operations and totals against those of this ledger. Owns: what is read in which order, what is asked again. Never touches: what becomes of
// a finding.
//   reconciling.C1. What does not look alike in two lists is looked at again, by its id, before it is found: neither list is of one moment, and two clocks
//       differ. What cannot be asked for then is not known, which is no finding.
//   reconciling.C2. Totals are compared like with like: what operations of this ledger have added and deducted there in the period, by the partner's times;
//       before and after the lists the partner must say the same, or they are not known. Its whole total is told, and compared with nothing.
//   reconciling.C3. It writes nothing but its scratch file, so that it is begun again after a crash.

import { isRefusal, type PartnerOperation, type Refused } from '../../../engine/index.js';
import type { PartnerAdapter, Told } from '../adapter.js';
import {
  type Entry,
  type Found,
  findingsOf,
  type Group,
  isLookedAtAgain,
  moved,
  verdictOf,
} from './judging.js';
import { answered, type ListingLimits, listed, type Span } from './listing.js';
import { Scratch } from './scratch.js';
import { AssetSums, type ComparedTotals, comparedTotals, readTotals } from './totals.js';

export interface ComparingLimits extends ListingLimits {
  /** By how much what is read of both lists is longer than the period, at each end. */
  readonly reconcileSlackMs: number;
  /** Findings of one run. */
  readonly reconcileFindingsMax: number;
}

/** The operations here. */
export interface OursList {
  /** What the partner was asked for in a span, by the time here, in any order. */
  list(span: Span): AsyncIterable<readonly PartnerOperation[] | Refused>;
  /** One of them as it is now; `pending` as long as its exchange is under way. `at`: where its time here is known. */
  find(operation: string, at?: number): Promise<PartnerOperation | undefined | Refused>;
}

/** What is compared. */
export interface Comparing extends Span {
  /** What is younger is not judged. */
  readonly settled: number;
  readonly assets: readonly string[];
  readonly adapter: Pick<PartnerAdapter, 'operation' | 'operations' | 'totals'>;
  readonly ours: OursList;
  /** Where the scratch file is. */
  readonly folder: string;
  readonly limits: ComparingLimits;
  readonly ending: AbortSignal;
}

/** How far it is. */
export interface Counts {
  /** In the lists, and pages of the partner's. */
  ours: number;
  theirs: number;
  pages: number;
  /** Of the period. */
  judged: number;
  young: number;
  pending: number;
  /** Could not be asked for again. */
  unknown: number;
  /** Entries that stand on two pages of the partner's. */
  repeated: number;
  /** Findings beyond those that one run may have. */
  beyond: number;
}

export const noCounts = (): Counts => ({
  ...{ ours: 0, theirs: 0, pages: 0, judged: 0, young: 0, pending: 0 },
  ...{ unknown: 0, repeated: 0, beyond: 0 },
});

/** Who is told while it goes on. */
export interface Listener {
  /** What was found; what it returns is waited for. */
  found(found: Found): Promise<void> | undefined;
  /** It was looked at whole: what is not found of this operation by now is not there. */
  judged(operation: string): void;
  readonly counts: Counts;
}

/** What it came to; `why`: the lists are not known, in a word, and nothing was found. */
export interface Compared {
  readonly why?: string | undefined;
  readonly totals: readonly ComparedTotals[];
}

/** Questions that are asked at once. */
const ASKED_AT_ONCE = 8;
/** Those in a row without an answer, after which no more are asked. */
const UNANSWERED_MAX = 16;

const entryOf = ({ kind, state, user, asset, amount, at }: Entry): Entry => ({
  ...{ kind, state, user, asset, amount, at },
});

export const compare = (comparing: Comparing, listener: Listener): Promise<Compared> =>
  new Comparison(comparing, listener).run();

class Comparison {
  readonly #what: Comparing;
  readonly #tell: Listener;
  /** What of the period is old enough for totals. */
  readonly #summed: Span;
  readonly #sums: AssetSums;
  /** What is looked at again, by its id. */
  readonly #again: Group[] = [];
  #found = 0;

  constructor(what: Comparing, listener: Listener) {
    this.#what = what;
    this.#tell = listener;
    const { from, until, settled } = what;
    this.#summed = { from, until: Math.max(from, Math.min(until, settled)) };
    this.#sums = new AssetSums(this.#summed);
  }

  async run(): Promise<Compared> {
    const before = await this.#totals();
    const scratch = await Scratch.open(this.#what.folder);
    try {
      const why = (await this.#readTheirs(scratch)) ?? (await this.#readOurs(scratch));
      if (why !== undefined) return { why, totals: this.#compared(before, before, why) };
      for await (const groups of scratch.groups()) {
        if (this.#what.ending.aborted) return { why: 'ABORTED', totals: [] };
        for (const group of groups) await this.#lookAt(group);
      }
      this.#tell.counts.repeated = scratch.repeated;
    } finally {
      await scratch.close();
    }
    await this.#lookAgain();
    return { totals: this.#compared(before, await this.#totals()) };
  }

  #totals(): ReturnType<typeof readTotals> {
    const { adapter, assets, limits, ending } = this.#what;
    return readTotals(adapter, assets, this.#summed, limits, ending);
  }

  #compared(
    before: Awaited<ReturnType<typeof readTotals>>,
    after: typeof before,
    why?: string,
  ): ComparedTotals[] {
    const all = comparedTotals(this.#sums, this.#summed.until, before, after);
    if (why === undefined && this.#tell.counts.unknown + this.#tell.counts.beyond === 0) return all;
    // Sums that lack something are compared with nothing.
    return all.map((one) => ({
      ...one,
      state: 'unknown',
      why: one.why ?? why ?? 'NOT_ASKED_AGAIN',
    }));
  }

  /** A span with some more at both ends. */
  #wider({ from, until }: Span): Span {
    const { reconcileSlackMs } = this.#what.limits;
    return { from: Math.max(0, from - reconcileSlackMs), until: until + reconcileSlackMs };
  }

  async #readTheirs(scratch: Scratch): Promise<string | undefined> {
    const { adapter, limits, ending } = this.#what;
    const { counts } = this.#tell;
    for await (const one of listed(adapter, this.#wider(this.#what), limits, ending)) {
      if ('why' in one) return one.why;
      counts.pages++;
      counts.theirs += one.operations.length;
      for (const { operation, ...entry } of one.operations) {
        const full = scratch.theirs(one.page, operation, entryOf(entry));
        if (full !== undefined) await full;
      }
    }
    return undefined;
  }

  async #readOurs(scratch: Scratch): Promise<string | undefined> {
    const { ours, ending } = this.#what;
    for await (const page of ours.list(this.#wider(this.#what))) {
      if (isRefusal(page)) return page.code;
      if (ending.aborted) return 'ABORTED';
      this.#tell.counts.ours += page.length;
      for (const one of page) {
        const full = scratch.ours(one.operation, entryOf(one));
        if (full !== undefined) await full;
      }
    }
    return undefined;
  }

  async #lookAt(group: Group): Promise<void> {
    const { counts } = this.#tell;
    const verdict = verdictOf(group, this.#what);
    if (verdict === 'young' || verdict === 'pending') counts[verdict]++;
    if (verdict !== 'judged') return this.#sums.add(moved(group));
    counts.judged++;
    const all = findingsOf(group);
    if (!all.some(isLookedAtAgain)) {
      this.#sums.add(moved(group));
      for (const one of all) await this.#finds(one);
      this.#tell.judged(group.operation);
    } else if (this.#again.length < this.#what.limits.reconcileFindingsMax) this.#again.push(group);
    else counts.beyond += all.length;
  }

  async #finds(found: Found): Promise<void> {
    if (this.#found >= this.#what.limits.reconcileFindingsMax) this.#tell.counts.beyond++;
    else {
      this.#found++;
      await this.#tell.found(found);
    }
  }

  async #lookAgain(): Promise<void> {
    let next = 0;
    let unanswered = 0;
    const { counts } = this.#tell;
    const goOn = async (): Promise<void> => {
      for (let group = this.#again[next++]; group !== undefined; group = this.#again[next++]) {
        // Who does not answer is not asked a thousand times.
        const verdict = unanswered < UNANSWERED_MAX ? await this.#verdictNow(group) : 'unknown';
        unanswered = verdict === 'unknown' ? unanswered + 1 : 0;
        if (verdict === 'judged') continue;
        counts.judged--;
        counts[verdict]++;
      }
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, goOn));
  }

  /** Looks at an operation on both sides now. */
  async #verdictNow(group: Group): Promise<'judged' | 'pending' | 'unknown'> {
    const { ours, adapter, limits, ending } = this.#what;
    const { operation } = group;
    const here = await ours.find(operation, group.ours?.at);
    if (isRefusal(here)) return 'unknown';
    let now: Group = { ...group, ours: here === undefined ? group.ours : entryOf(here) };
    if (here?.state === 'pending') {
      this.#sums.add(moved(now));
      return 'pending';
    }
    if (group.ours !== undefined) {
      const told = await answered((signal) => adapter.operation(operation, signal), limits, ending);
      if (told.state === 'unknown') return 'unknown';
      if (told.state !== 'absent') now = { ...now, ...thereNow(now, told as Told) };
    }
    this.#sums.add(moved(now));
    // What the partner alone has lies in another period here, where it is known here: that one judges it.
    const isOurs = group.ours !== undefined || here === undefined;
    if (isOurs) for (const one of findingsOf(now)) await this.#finds(one);
    this.#tell.judged(operation);
    return 'judged';
  }
}

/** What there is now of one that the partner was asked for by its id. Its list stays what it has listed, but for the state. */
function thereNow({ ours, theirs }: Group, told: Told): Pick<Group, 'theirs' | 'states'> {
  const { kind, user, asset, amount, at, state } = told;
  const [first] = theirs;
  const known = first ?? ours;
  if (known === undefined) return { theirs, states: [] };
  const now = { ...known, state: state as Entry['state'] };
  if (first !== undefined) return { theirs: [now, ...theirs.slice(1)], states: [] };
  const said = { kind, user, asset, amount, at };
  const some = Object.entries(said).filter(([, value]) => value !== undefined);
  return { theirs: [{ ...now, ...Object.fromEntries(some) }], states: [] };
}
