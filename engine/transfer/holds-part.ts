// What a command does with holds of its home owner, on his shard: takes from them, lets the rest of them go, makes one. Owns: those holds,
// from when it is open until it is decided. Never touches: legs.

import type { AccountDraft } from '../ledger/account-draft.js';
import { awaitDeadline, freeHeld, writeHold } from '../ledger/due.js';
import { closeIfEmpty, holdRoom, openIn, putIntoHold, takeFromHold } from '../ledger/hold-parts.js';
import type { Page } from '../ledger/page.js';
import { type Hold, holdKey } from '../ledger/page-items.js';
import { APPLIED } from '../ledger/result.js';
import type { Work } from '../ledger/work.js';
import { NEVER } from '../limits.js';
import {
  HOLD,
  type LoggedPlan,
  type Moves,
  type RecordName,
  type Take,
} from '../programme/plan.js';
import type { CommandView } from '../protocol/command-view.js';
import { FLAG } from '../protocol/effects.js';
import { ownerHash } from '../protocol/hash.js';
import { OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { LegLots } from './lots.js';

const { capture: CAPTURE } = PLACES;
const NO_MOVES: Partial<LoggedPlan> = {};
const NO_TAKES: readonly Take[] = [];

/** What a command does beside its legs: a capture takes its one leg out of a hold. */
function movesOf(carried: CommandView): Moves {
  if (carried.op !== OP.capture) return NO_MOVES;
  const isReleased = carried.tuple()[CAPTURE.releaseRest] === true;
  const deadline = carried.isNil(CAPTURE.deadline) ? null : carried.number(CAPTURE.deadline);
  return { takes: [{ holdId: carried.text(CAPTURE.holdId), legs: [0], isReleased, deadline }] };
}

export class HoldsPart {
  readonly #work: Work;
  #moves = NO_MOVES;
  #takes = NO_TAKES;
  #owner = '';
  #id = '';
  /** The account of each take; null: its hold is gone, and nothing was taken of it. */
  readonly #accounts: (AccountDraft | null)[] = [];
  #maker: AccountDraft | null = null;
  /** What is taken of each hold, and the slices that leaves. */
  readonly #taken: number[] = [];
  readonly #left: (number[] | undefined)[] = [];
  /** Which holds go, with all that is left of them. */
  readonly #freed: boolean[] = [];

  constructor(work: Work) {
    this.#work = work;
  }

  /** `plan`: of an act; `home`: the place of its home owner; `isHome`: elsewhere it has no holds. */
  begin(carried: CommandView, plan: LoggedPlan | undefined, home: number, isHome: boolean): void {
    this.#moves = isHome ? (plan ?? movesOf(carried)) : NO_MOVES;
    this.#takes = this.#moves.takes ?? NO_TAKES;
    if (this.#takes === NO_TAKES && this.#moves.hold === undefined) return;
    this.#owner = carried.text(home);
    this.#id = carried.text(CAPTURE.id);
    this.#taken.length = 0;
    this.#left.length = 0;
    this.#freed.length = 0;
  }

  /** Loads the accounts; those of takes with legs are their payers'. */
  find(payers: readonly (AccountDraft | null)[]): void {
    const work = this.#work;
    this.#takes.forEach(({ legs: [leg], holdId }, n) => {
      const hold = this.#hold(holdId);
      const own = hold === undefined ? null : work.account(this.#owner, hold.asset);
      this.#accounts[n] = leg === undefined ? own : (payers[leg] as AccountDraft);
    });
    const { hold } = this.#moves;
    const asset = hold === undefined ? -1 : work.state.assets.indexOf(hold.asset);
    this.#maker = asset < 0 ? null : work.account(this.#owner, asset);
  }

  #hold(holdId: string): Hold | undefined {
    return openHold(this.#work, this.#owner, holdId);
  }

  /** Is this leg paid out of a hold? */
  pays(leg: number): boolean {
    return this.#takeOf(leg) >= 0;
  }

  #takeOf(leg: number): number {
    if (this.#takes.length === 0) return -1;
    return this.#takes.findIndex(({ legs }) => legs.includes(leg));
  }

  /** What a leg is paid with, which is held already, goes into the flow. `spent`: all that its account gives so far. */
  take(leg: number, payer: AccountDraft, amount: number, spent: number): number {
    const refusal = payer.spendRefusal(spent);
    if (refusal !== APPLIED) return refusal;
    const n = this.#takeOf(leg);
    const hold = this.#hold((this.#takes[n] as Take).holdId);
    if (hold === undefined) throw new Error('a capture of no hold');
    const slices = this.#left[n] ?? hold.slices;
    this.#left[n] = takeFromHold(this.#work.flow, { ...hold, slices }, amount);
    this.#taken[n] = (this.#taken[n] ?? 0) + amount;
    return APPLIED;
  }

  /** Reserves what is to be held. `place`: where its lots are noted. Returns a refusal's number or 0. */
  reserve(lots: LegLots, place: number): number {
    const maker = this.#maker;
    const { hold } = this.#moves;
    if (maker === null || hold === undefined) return APPLIED;
    if ((maker.flags & FLAG.closed) !== 0) return REFUSALS.ACCOUNT_CLOSED.passing;
    if ((maker.flags & FLAG.frozen) !== 0) return REFUSALS.ACCOUNT_FROZEN.passing;
    const full = holdRoom(this.#work.state, maker.page as Page, this.#owner);
    if (full !== APPLIED) return full;
    const { flow } = this.#work;
    flow.clear();
    const refusal = maker.reserve(hold.amount, flow);
    if (refusal === APPLIED) lots.set(place, flow);
    return refusal;
  }

  /** What it reserves beside the legs, as Transit.expected. */
  expected(): number[] {
    const maker = this.#maker;
    const { hold } = this.#moves;
    return maker === null || hold === undefined ? [] : [maker.name.hash, maker.asset, -hold.amount];
  }

  /** After the line: what is taken is the command's from here on. */
  opened(): void {
    this.#takeOut((hold, account) => this.#written(account, hold));
  }

  #takeOut(then: (hold: Hold, account: AccountDraft) => void): void {
    this.#takes.forEach(({ legs, holdId }, n) => {
      if (legs.length === 0) return;
      const hold = this.#hold(holdId) as Hold;
      hold.remaining -= this.#taken[n] as number;
      hold.slices = this.#left[n] as number[];
      then(hold, this.#accounts[n] as AccountDraft);
    });
  }

  /** What is left of holds that end is available again, in the loaded accounts alone. */
  release(): void {
    const work = this.#work;
    this.#takes.forEach(({ holdId, isReleased }, n) => {
      const hold = this.#hold(holdId);
      this.#freed[n] = isReleased && hold !== undefined;
      const account = this.#accounts[n] as AccountDraft | null;
      if (!isReleased || hold === undefined || account === null) return;
      // What is taken of it now, and not since it is open, it still has.
      const remaining = hold.remaining - (this.#taken[n] ?? 0);
      const left = { ...hold, remaining, slices: this.#left[n] ?? hold.slices };
      freeHeld(account, left, work.flow, work.defaultExpiry(hold.asset));
    });
  }

  /** Gives back what was reserved, in the loaded accounts alone: what was taken stays held, and its hold has it again. */
  free(lots: LegLots, place: number): void {
    const work = this.#work;
    const maker = this.#maker;
    const { hold } = this.#moves;
    if (maker !== null && hold !== undefined) {
      lots.fill(place, hold.amount, work.flow);
      maker.takeHeld(hold.amount, work.flow);
      maker.putBack(hold.amount, work.flow, work.defaultExpiry(maker.asset), true);
      maker.tidyLots();
    }
    this.#takes.forEach(({ legs, deadline }, n) => {
      const account = this.#accounts[n] as AccountDraft;
      if (legs.length === 0) return;
      account.nextDue = Math.min(account.nextDue, deadline ?? NEVER);
      account.isTouched = true;
    });
  }

  /** After the line. `wasOpen`: what was taken has been since then. */
  decided(
    isPosted: boolean,
    wasOpen: boolean,
    lots: LegLots,
    place: number,
    amountOf: (leg: number) => number,
  ): void {
    if (!wasOpen) this.#takeOut(() => {});
    this.#takes.forEach((take, n) => {
      const account = this.#accounts[n] as AccountDraft | null;
      const known = this.#hold(take.holdId);
      if (account === null || (take.legs.length === 0 && known === undefined)) return;
      const hold = known ?? this.#emptied(take, account);
      if (!isPosted) this.#putBack(take, account, hold, lots, amountOf);
      else if (this.#freed[n] === true) {
        hold.remaining = 0;
        hold.slices = [];
      }
      if (take.legs.length > 0 || isPosted) this.#written(account, hold);
    });
    if (isPosted) this.#make(lots, place);
    if (wasOpen) letGo(this.#work, this.#moves.names);
  }

  #putBack(
    { legs }: Take,
    account: AccountDraft,
    hold: Hold,
    lots: LegLots,
    amountOf: (leg: number) => number,
  ): void {
    const page = this.#work.create(account);
    for (const leg of [...legs].reverse()) {
      lots.fill(leg, amountOf(leg), this.#work.flow);
      putIntoHold(page, hold, amountOf(leg), this.#work.flow);
    }
  }

  #written(account: AccountDraft, hold: Hold): void {
    closeIfEmpty(this.#work.create(account), hold);
    writeHold(this.#work, hold);
  }

  /** A hold that was used up, as it was. */
  #emptied({ holdId, deadline }: Take, { asset }: AccountDraft): Hold {
    const [remaining, isPending, slices] = [0, false, []];
    const hold = { owner: this.#owner, id: holdId, asset, remaining, isPending, slices };
    return { ...hold, deadline: deadline ?? NEVER };
  }

  /** What is held already becomes a hold. */
  #make(lots: LegLots, place: number): void {
    const maker = this.#maker;
    const { hold } = this.#moves;
    if (maker === null || hold === undefined) return;
    const work = this.#work;
    const { amount, deadline = NEVER } = hold;
    lots.fill(place, amount, work.flow);
    const page = work.create(maker);
    const slices = work.flow.pairs();
    const [owner, id, asset] = [this.#owner, this.#id, maker.asset];
    const made = { owner, id, asset, remaining: amount, deadline, isPending: false, slices };
    openIn(page, made);
    awaitDeadline(work, page, maker.index, made);
    writeHold(work, made);
  }
}

const openHold = ({ state }: Work, owner: string, holdId: string): Hold | undefined =>
  state.pages.pageOf(ownerHash(owner)).holds?.get(holdKey(owner, holdId));

/** On the home shard, an act is decided that was open: the holds that it had looked at are due again (ledger.D3). */
export function letGo(work: Work, names: readonly RecordName[] = []): void {
  const owner = work.homeOwner;
  for (const [type, id] of names) {
    const hold = type === HOLD ? openHold(work, owner, id) : undefined;
    if (hold === undefined) continue;
    const name = Name.of(owner);
    const page = work.state.pages.pageOf(name.hash);
    awaitDeadline(work, page, page.find(name, hold.asset), hold);
  }
}
