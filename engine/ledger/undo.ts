// What a reversal undoes of one account's entry, lot by lot. Owns: which lots points are taken out of and go back into, and the parts that
// reversals so far have undone. Never touches: which entries are undone, and what else a reversal needs.
//   ledger.U1. Parts of an entry are undone in the order of its slices: what it brought, soonest first; what it took, latest first; and
//       then what was in no lot. So the parts one after the other undo what the whole would.
//   ledger.U2. What expired out of a lot that the entry made is brought back and counts as taken back, up to what it put there.
//   ledger.U3. What a hold has out of such a lot is taken back; the hold gets other points in its place. Pending earnings keep theirs.

import { AMOUNT_MAX, NEVER } from '../limits.js';
import type { EntryView } from '../protocol/effects.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { AccountDraft } from './account-draft.js';
import { writeHold } from './due.js';
import { Flow } from './flow.js';
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
}

/** Is anything of the entry undone now? Else its account has no part in it. */
export const isUndone = ({ earned, spent }: Undone): boolean => earned + spent > 0;

type Slices = readonly (readonly [expiry: number, amount: number])[];

/** What an entry made of lots (`sign` 1), or used of them (-1), soonest first. */
function slicesOf({ slices }: EntryView, sign: 1 | -1): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < slices.length; i += 3) {
    const amount = sign * ((slices[i + 1] as number) + (slices[i + 2] as number));
    if (amount > 0) found.push([slices[i] as number, amount]);
  }
  return found;
}

/** Of slices one after the other what lies in [from, to). */
function within(slices: Slices, from: number, to: number): Slices {
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
  #made({ entry, take, before }: Undone): Slices {
    const made = slicesOf(entry, 1);
    return this.#isInParts ? within(made, before, before + take) : made;
  }

  /** Lots that it used and that are given back now: the latest first, for the member's sake. */
  #used({ entry, give, before }: Undone): Slices {
    const used = slicesOf(entry, -1);
    return within(this.#isInParts ? used.reverse() : used, before, before + give);
  }

  /**
   * Takes back what an entry brought, out of the lots it made first, and then the soonest; what was taken goes into the flow. Returns
   * a refusal's number or 0.
   */
  take(account: AccountDraft, undone: Undone, flow: Flow, mayOwe: boolean): number {
    const amount = undone.take;
    const made = account.isTracked ? this.#made(undone) : [];
    const refusal = this.#bringBack(account, made);
    if (refusal !== 0) return refusal;
    const isBound = !account.isSystem && (!mayOwe || account.isScarce);
    const isTaken = amount > account.amountBroughtBack;
    if (isBound && isTaken && account.isShort(amount)) return REFUSALS.POINTS_SHORT.number;
    if (account.available - amount < -AMOUNT_MAX)
      return REFUSALS.AMOUNT_OVERFLOW[account.isSystem ? 'passing' : 'number'];
    let rest = amount;
    flow.clear();
    for (const [expiry, part] of made)
      rest -= account.takeFromLot(expiry, Math.min(part, rest), flow);
    account.takeAvailable(rest, flow);
    return 0;
  }

  /** U2. */
  #bringBack(account: AccountDraft, made: Slices): number {
    if (!this.#isInParts) return 0;
    const work = this.#work;
    for (const [expiry, amount] of made) {
      if (expiry > work.time) continue;
      const expired = work.known.expiredFrom(account.name.text, account.asset, expiry);
      const part = Math.min(amount, expired);
      if (part === 0) continue;
      const refusal = work.bringBack(account, expiry, part, expired - part);
      if (refusal !== 0) return refusal;
    }
    return 0;
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
    const made = within(slicesOf(entry, 1), take, AMOUNT_MAX);
    const used = within(slicesOf(entry, -1).reverse(), give, AMOUNT_MAX);
    const size = Math.min(sumOf(made), sumOf(used));
    flow.clear();
    let taken = 0;
    for (const [expiry, amount] of within(made, 0, size))
      taken += account.takeFromLot(expiry, amount, flow);
    flow.clear();
    for (const [expiry, amount] of within(used, 0, taken)) flow.add(expiry, amount);
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
    const holds = this.#isInParts ? this.#holdsOf(account) : [];
    if (holds.length === 0) return [];
    const made = this.#made(undone);
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
  const madeOf = (one: number): number => made.find(([other]) => other === one)?.[1] ?? 0;
  let rest = amount;
  for (const other of flow.expiries.slice(0, flow.count)) {
    if (rest === 0) break;
    const part = Math.min(rest, flow.amountOf(other) - madeOf(other));
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
