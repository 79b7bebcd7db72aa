// What a reversal undoes of one account's entry, lot by lot. Owns: which lots points are taken out of and go back into, and the parts that
// reversals so far have undone. Never touches: which entries are undone, and what else a reversal needs.
//   ledger.U1. Parts of an entry are undone in the order of its slices: what it brought, soonest first; what it took, latest first; and
//       then what was in no lot. So the parts one after the other undo what the whole would.
//   ledger.U2. What expired out of a lot that the entry made is brought back and counts as taken back, up to what it put there.
//   ledger.U5. What went from such a lot into another (extended, or two lots became one) is followed there, once.
//   ledger.U3. What a hold has out of such a lot is taken back; the hold gets other points in its place. Pending earnings keep theirs.

import { AMOUNT_MAX, NEVER } from '../limits.js';
import { ENTRY, type EntryView } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft } from './account-draft.js';
import { writeHold } from './due.js';
import { Flow } from './flow.js';
import { brought } from './lot-notes.js';
import type { Page } from './page.js';
import type { Hold } from './page-items.js';
import type { Work } from './work.js';

/** What of an entry is undone now, and what was before: of what it brought, or of what it took. */
export interface Undone {
  readonly entry: EntryView;
  /** Minor units of what it earned and spent that never were. */
  readonly earned: number;
  readonly spent: number;
  /** The net of these, to take back or to give back: one of them is 0. */
  readonly take: number;
  readonly give: number;
  /** So much of the same was undone before. */
  readonly before: number;
  /** Beside `take`: what is taken out of what is pending. */
  readonly pending: number;
  /** Lots that are taken back, where its legs have noted them. */
  readonly made?: Slices | undefined;
}

/** Is anything of the entry undone now? Else its account has no part in it. */
export const isUndone = ({ earned, spent }: Undone): boolean => earned !== 0 || spent !== 0;

export type Slices = readonly (readonly [expiry: number, amount: number])[];

/** What an entry made of lots (`sign` 1), or used of them (-1), soonest first. */
function slicesOf(entry: EntryView, sign: 1 | -1): Slices {
  const signed = changesOf(entry).map(([expiry, amount]) => [expiry, sign * amount] as const);
  return signed.filter(([, amount]) => amount > 0);
}

/** What it changed of each lot, available and held together. */
function changesOf({ slices }: EntryView): Slices {
  const found: [number, number][] = [];
  for (let i = 0; i < slices.length; i += 3)
    found.push([slices[i] as number, (slices[i + 1] as number) + (slices[i + 2] as number)]);
  return found;
}

/** Lots that an entry brought points into. Of one that only earns, what it moved from one lot to another is no part of it. */
export function madeBy(entry: EntryView): Slices {
  return entry.spent > 0 ? slicesOf(entry, 1) : brought(changesOf(entry));
}

/** Lots that it took points out of, latest first. Not what a capture or an act released of a hold to pay what was owed. */
function used(entry: EntryView): Slices {
  const all = slicesOf(entry, -1);
  const { type, spent } = entry;
  const own = type === ENTRY.capture || type === ENTRY.act ? within(all, 0, spent) : all;
  return [...own].reverse();
}

/** Of slices one after the other what lies in [from, to). */
export function within(slices: Slices, from: number, to: number): Slices {
  const found: [number, number][] = [];
  let at = 0;
  for (const [expiry, amount] of slices) {
    const part = Math.min(at + amount, to) - Math.max(at, from);
    if (part > 0) found.push([expiry, part]);
    at += amount;
  }
  return found;
}

/** A hold that gets other slices. */
export interface HoldChange {
  readonly hold: Hold;
  readonly slices: number[];
}

/** Undoes entries. */
export class Undoing {
  readonly #work: Work;
  readonly #isInParts: boolean;

  /** `isInParts`: not by the rules of version 1. */
  constructor(work: Work, isInParts: boolean) {
    this.#work = work;
    this.#isInParts = isInParts;
  }

  /** Lots that the entry made and that are taken back now. */
  made({ entry, take, before, made: noted }: Undone): Slices {
    if (!this.#isInParts) return slicesOf(entry, 1);
    return noted ?? within(madeBy(entry), before, before + take);
  }

  /** Lots that it used and that are given back now: the latest first, for the member's sake. */
  #used({ entry, give, before }: Undone): Slices {
    return within(this.#isInParts ? used(entry) : slicesOf(entry, -1), before, before + give);
  }

  /**
   * Takes back what an entry brought, out of the lots it made first, and then the soonest; what was taken goes into the flow. Returns
   * a refusal's number or 0.
   */
  take(account: AccountDraft, undone: Undone, flow: Flow, mayOwe: boolean): number {
    const amount = undone.take;
    const sources = this.#sources(account, account.isTracked ? this.made(undone) : []);
    if (typeof sources === 'number') return sources;
    const isBound = !account.isSystem && (!mayOwe || account.isScarce);
    const isTaken = amount > account.amountBroughtBack;
    if (isBound && isTaken && account.isShort(amount)) return REFUSALS.POINTS_SHORT.number;
    if (account.available - amount < -AMOUNT_MAX)
      return REFUSALS.AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
    let rest = amount;
    flow.clear();
    for (const [expiry, part] of sources)
      rest -= account.takeFromLot(expiry, Math.min(part, rest), flow);
    account.takeAvailable(rest, flow);
    return 0;
  }

  /**
   * U2, U5: which lots the points are in that an entry made lots of; what expired is brought back. Or a refusal's number.
   */
  #sources(account: AccountDraft, made: Slices): Slices | number {
    if (!this.#isInParts) return made;
    const sources: [number, number][] = [];
    let refusal = 0;
    const planned = (expiry: number): number =>
      sources.reduce((sum, [one, part]) => (one === expiry ? sum + part : sum), 0);
    const collect = (expiry: number, amount: number): number => {
      const there = account.lot(expiry)?.available ?? 0;
      const part = Math.min(amount, there - planned(expiry));
      let rest = amount - part;
      const back = Math.min(rest, this.#expiredFrom(account, expiry));
      if (back > 0) {
        refusal ||= this.#bringBack(account, expiry, back);
        rest -= back;
      }
      sources.push([expiry, part + Math.max(0, back)]);
      for (const [to, moved] of rest > 0 ? this.#movedFrom(account, expiry) : []) {
        if (rest > 0 && moved > 0) rest -= collect(to, Math.min(rest, moved));
      }
      return amount - rest;
    };
    for (const [expiry, amount] of made) collect(expiry, amount);
    return refusal === 0 ? sources : refusal;
  }

  /** Where points of a lot have gone, soonest first: as its own points, what is over counts before what is not. */
  #movedFrom({ name, asset }: AccountDraft, expiry: number): Slices {
    const moved = [...this.#work.known.movedFrom(name.text, asset, expiry)];
    return moved.length > 1 ? moved.sort(([a], [b]) => a - b) : moved;
  }

  /** What has expired out of a lot that is over, and is not brought back, by this command or before it. */
  #expiredFrom(account: AccountDraft, expiry: number): number {
    const { known, time } = this.#work;
    if (expiry > time) return 0;
    const { name, asset } = account;
    return known.expiredFrom(name.text, asset, expiry) - account.broughtBackOf(expiry);
  }

  #bringBack(account: AccountDraft, expiry: number, amount: number): number {
    const left = this.#expiredFrom(account, expiry) - amount;
    return this.#work.bringBack(account, expiry, amount, left);
  }

  /** What an entry took, as far as it is given back now, into the flow. */
  give(undone: Undone, flow: Flow): void {
    flow.clear();
    flow.loose = undone.give;
    for (const [expiry, amount] of this.#used(undone)) {
      flow.add(expiry, amount);
      flow.loose -= amount;
    }
  }

  /**
   * What an account both paid and was paid by the original, and is the same to it: lots that it got go for those that it gave, as far
   * as they are there. Its balance stays.
   */
  swap(account: AccountDraft, { entry, earned, spent, take, give }: Undone, flow: Flow): void {
    if (!this.#isInParts || !account.isTracked || earned === 0 || spent === 0) return;
    const brings = within(slicesOf(entry, 1), take, AMOUNT_MAX);
    const gave = within(used(entry), give, AMOUNT_MAX);
    const size = Math.min(sumOf(brings), sumOf(gave));
    flow.clear();
    let taken = 0;
    for (const [expiry, amount] of within(brings, 0, size)) {
      const there = account.lot(expiry)?.available ?? 0;
      const missing = amount - Math.min(there, amount);
      const back = Math.min(missing, this.#expiredFrom(account, expiry));
      if (back > 0) this.#bringBack(account, expiry, back);
      taken += account.takeFromLot(expiry, amount, flow);
    }
    flow.clear();
    for (const [expiry, amount] of within(gave, 0, taken)) flow.add(expiry, amount);
    account.putBack(taken, flow, NEVER, true);
  }

  /**
   * U3: what was taken elsewhere (in the flow) in place of what holds have out of the entry's lots goes to those holds, and that into the
   * flow. `moves`: is told for each, from which lot to which one (NO_LOT: none).
   */
  exchange(
    account: AccountDraft,
    undone: Undone,
    flow: Flow,
    moves: (from: number, to: number, amount: number) => void,
  ): HoldChange[] {
    if (!this.#isInParts || !account.isTracked) return [];
    this.#exchangeFree(account, this.made(undone), flow);
    const holds = this.#holdsOf(account);
    const made = this.#followed(account, this.made(undone), flow, holds);
    if (holds.length === 0) return [];
    const changes = new Map<Hold, Flow>();
    for (const [expiry, amount] of made) {
      let missing = amount - flow.amountOf(expiry);
      for (const hold of holds) {
        if (missing <= 0) break;
        const slices = changes.get(hold) ?? flowOf(hold);
        const part = Math.min(missing, slices.amountOf(expiry));
        if (part === 0) continue;
        changes.set(hold, slices);
        missing -= part;
        exchangeSlices(flow, slices, made, expiry, part, moves);
      }
    }
    return [...changes].map(([hold, slices]) => ({ hold, slices: slices.pairs() }));
  }

  /**
   * What is in the entry's lots again since other points were reserved in its place (a hold gave it back) goes into the flow, and those points
   * are available instead. What of it has expired is brought back for that.
   */
  #exchangeFree(account: AccountDraft, made: Slices, flow: Flow): void {
    for (const [expiry, amount] of made) {
      const missing = amount - flow.amountOf(expiry);
      if (missing <= 0) continue;
      const back = Math.min(missing, this.#expiredFrom(account, expiry));
      if (back > 0 && this.#bringBack(account, expiry, back) !== 0) continue;
      let rest = Math.min(missing, account.lot(expiry)?.available ?? 0);
      for (const other of flow.expiries.slice(0, flow.count)) {
        const part = Math.min(rest, flow.amountOf(other) - amountIn(made, other));
        if (part <= 0) continue;
        account.exchangeHeld(expiry, other, part);
        flow.remove(other, part);
        flow.add(expiry, part);
        rest -= part;
      }
    }
  }

  /**
   * Where the points are that an entry made lots of, taken into the flow or in holds: in the lots that it made, and in those that points went
   * into from them. Notes that these have been followed.
   */
  #followed(account: AccountDraft, made: Slices, flow: Flow, holds: readonly Hold[]): Slices {
    const left = new Map<number, number>();
    for (const pairs of [flow.pairs(), ...holds.map(({ slices }) => slices)])
      for (let i = 0; i < pairs.length; i += 2)
        left.set(
          pairs[i] as number,
          (left.get(pairs[i] as number) ?? 0) + (pairs[i + 1] as number),
        );
    const found: [number, number][] = [];
    const follow = (expiry: number, amount: number): number => {
      const here = Math.min(amount, left.get(expiry) ?? 0);
      if (here > 0) left.set(expiry, (left.get(expiry) as number) - here);
      found.push([expiry, here]);
      let rest = amount - here;
      for (const [to, moved] of rest > 0 ? this.#movedFrom(account, expiry) : []) {
        const part = rest > 0 && moved > 0 ? follow(to, Math.min(rest, moved)) : 0;
        if (part > 0) account.noteMoved(expiry, to, -part);
        rest -= part;
      }
      return amount - rest;
    };
    for (const [expiry, amount] of made) {
      const missing = amount - follow(expiry, amount);
      if (missing > 0) found.push([expiry, missing]);
    }
    const sums = new Map<number, number>();
    for (const [expiry, amount] of found) sums.set(expiry, (sums.get(expiry) ?? 0) + amount);
    return [...sums].sort(([a], [b]) => a - b);
  }

  /** Open holds of an account, by id. */
  #holdsOf({ name, asset, page }: AccountDraft): Hold[] {
    const { text } = name;
    const holds = [...(page?.holds?.values() ?? [])];
    return holds
      .filter((hold) => hold.owner === text && hold.asset === asset && !hold.isPending)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** Where points are that are in no lot. */
export const NO_LOT = -1;

/** What an entry made of a lot. */
const amountIn = (made: Slices, expiry: number): number =>
  made.find(([one]) => one === expiry)?.[1] ?? 0;

const sumOf = (slices: Slices): number => slices.reduce((sum, [, amount]) => sum + amount, 0);

function flowOf(hold: Hold): Flow {
  const flow = new Flow();
  for (let i = 0; i < hold.slices.length; i += 2)
    flow.add(hold.slices[i] as number, hold.slices[i + 1] as number);
  return flow;
}

/** `amount` of a lot goes from the hold's slices into the flow, for others of the flow that are more than the entry made of them. */
function exchangeSlices(
  flow: Flow,
  slices: Flow,
  made: Slices,
  expiry: number,
  amount: number,
  moves: (from: number, to: number, amount: number) => void,
): void {
  let rest = amount;
  for (const other of flow.expiries.slice(0, flow.count)) {
    if (rest === 0) break;
    const part = Math.min(rest, flow.amountOf(other) - amountIn(made, other));
    if (part <= 0) continue;
    flow.remove(other, part);
    slices.add(other, part);
    moves(expiry, other, part);
    rest -= part;
  }
  const loose = Math.min(rest, flow.loose);
  if (loose > 0) {
    flow.loose -= loose;
    moves(expiry, NO_LOT, loose);
    rest -= loose;
  }
  flow.add(expiry, amount - rest);
  slices.remove(expiry, amount - rest);
}

/** Writes holds that have other slices. */
export function changeHolds(work: Work, page: Page, changes: readonly HoldChange[]): void {
  for (const { hold, slices } of changes) {
    hold.slices = slices;
    writeHold(work, hold);
  }
  if (changes.length > 0) page.measure();
}
