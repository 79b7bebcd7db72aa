// A shard's part in a transfer or capture between shards: its legs. Owns: which accounts they are, what is reserved of them
// and out of which lots, the hold that a capture takes from. Never touches: messages.

import type { AccountDraft } from '../ledger/account-draft.js';
import { freeHeld, writeHold } from '../ledger/due.js';
import { closeIfEmpty, putIntoHold, takeFromHold } from '../ledger/hold-parts.js';
import { flagRefusal, lotsBefore } from '../ledger/leg-accounts.js';
import type { Page } from '../ledger/page.js';
import { type Hold, holdKey } from '../ledger/page-items.js';
import { postPlan } from '../ledger/plan-records.js';
import { APPLIED } from '../ledger/result.js';
import { LOTS_MAX, NEVER } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { expiryForbidden } from '../protocol/grants.js';
import { homePlace } from '../protocol/home.js';
import { LEG, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { isPoolAct, legPlace, mergesLots } from './carried.js';
import { causeFollowUps } from './follow-ups.js';
import { transitOwner } from './open/places.js';
import { Part } from './part.js';
import { asked, poolRefusal, shortage } from './pools.js';

const { condition: CONDITION } = PLACES.transfer;
const { amount: AMOUNT, asset: ASSET, expiresAt: EXPIRY, from: FROM, to: TO } = LEG;
const { capture: CAPTURE } = PLACES;

/** Places of a transfer's condition, after its owner. */
const [CONDITION_ASSET, CONDITION_AMOUNT] = [8, 9] as const;

const POINTS_SHORT = REFUSALS.POINTS_SHORT.number;

/** From this version on the last shard refuses no more than a shard that has all of it (LOT_LIMIT). */
const EXACT_VERSION = 2;

export class LegsPart extends Part {
  /** By leg: the account, or the stripe that stands for it where only the other side is here; null: neither is. */
  readonly payers: (AccountDraft | null)[] = [];
  readonly payees: (AccountDraft | null)[] = [];
  #named: AccountDraft | null = null;
  /** What a capture leaves of its hold's slices. */
  #left: number[] = [];
  /** Did the capture's posting release the rest of its hold? */
  #isReleased = false;

  begin(carried: CommandView, lots: readonly number[]): this {
    this.carried = carried;
    this.chain.plan(carried, homePlace(carried), this.work.state.places);
    this.lots.begin(this.chain.legs, lots);
    return this;
  }

  get entryType(): number {
    if (this.carried.op === OP.act) return ENTRY.act;
    return this.#isCapture ? ENTRY.capture : ENTRY.transfer;
  }

  get #isCapture(): boolean {
    return this.carried.op === OP.capture;
  }

  get #hasCondition(): boolean {
    return this.carried.op === OP.transfer && !this.carried.isNil(CONDITION);
  }

  #asset(leg: number): number {
    return this.work.state.assets.indexAt(this.carried, legPlace(this.carried, leg, ASSET));
  }

  #amount(leg: number): number {
    return this.carried.number(legPlace(this.carried, leg, AMOUNT));
  }

  get isUnderstood(): boolean {
    const { assets } = this.work.state;
    for (let leg = 0; leg < this.chain.legs; leg++) if (this.#asset(leg) < 0) return false;
    return !this.#hasCondition || assets.indexAt(this.carried, CONDITION_ASSET) >= 0;
  }

  protected find(): void {
    const { work, carried, chain, here } = this;
    const { payers, payees } = this;
    payers.length = 0;
    payees.length = 0;
    for (let leg = 0; leg < chain.legs; leg++) {
      const payerAt = chain.payerAt[leg] as number;
      const payeeAt = chain.payeeAt[leg] as number;
      const isHere = payerAt === here || payeeAt === here;
      payers.push(isHere ? this.#side(leg, FROM, payerAt) : null);
      payees.push(isHere ? this.#side(leg, TO, payeeAt) : null);
    }
    this.#named = null;
    if (chain.conditionAt !== here) return;
    const asset = work.state.assets.indexAt(carried, CONDITION_ASSET);
    this.#named = work.accountIn(carried, CONDITION, asset);
  }

  #side(leg: number, side: number, shard: number): AccountDraft {
    const { work, carried } = this;
    const asset = this.#asset(leg);
    return shard === this.here
      ? work.accountIn(carried, legPlace(carried, leg, side), asset)
      : work.accountOf(stripe(shard), asset);
  }

  reserve(): number {
    const { payers, payees } = this;
    const isOfPool = isPoolAct(this.carried) && this.chain.before(this.here) >= 0;
    const pool = isOfPool ? poolRefusal(this.work, this.carried) : APPLIED;
    if (pool !== APPLIED) return pool;
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const from = payers[leg] as AccountDraft | null;
      const to = payees[leg] as AccountDraft | null;
      const flagged = from === null || to === null ? APPLIED : flagRefusal(from, to);
      if (flagged !== APPLIED) return flagged;
    }
    if (this.#named !== null && this.#named.available < this.carried.number(CONDITION_AMOUNT))
      return REFUSALS.CONDITION_FAILED.number;
    this.clearSums();
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const refusal = this.#reserveLeg(leg);
      if (refusal !== APPLIED) return refusal;
    }
    return APPLIED;
  }

  #reserveLeg(leg: number): number {
    const payer = this.payers[leg] as AccountDraft | null;
    const payee = this.payees[leg] as AccountDraft | null;
    if (payer === null || payee === null) return APPLIED;
    const amount = this.#amount(leg);
    const refusal = this.#reserveOf(leg, payer, amount);
    if (refusal !== APPLIED) return refusal;
    if (!payer.isSystem && this.#lengthens(leg)) return expiryForbidden(this.#expiryField(leg));
    const full = payee.creditRefusal(this.getting(payee, amount));
    if (full !== APPLIED) return full;
    if (this.#isExact || !payee.isTracked || payee.lotCount < LOTS_MAX) return APPLIED;
    return this.#isEarning(leg) && payee.canMerge ? APPLIED : REFUSALS.LOT_LIMIT.number;
  }

  /** Points from a system owner, which may merge lots: the payer here, not a stripe that stands for one elsewhere. */
  #isEarning(leg: number): boolean {
    const { carried } = this;
    if (!mergesLots(carried)) return false;
    return isSystemOwner(carried.text(legPlace(carried, leg, FROM)));
  }

  /** Would what its payer gives last longer than it may, wherever its payee is? */
  #lengthens(leg: number): boolean {
    const { work, carried } = this;
    // What an act makes of points is its rule's to say.
    if (work.mayLengthen || carried.op === OP.act) return false;
    const to = carried.text(legPlace(carried, leg, TO));
    const { lotTracked } = work.state.assets.at(this.#asset(leg));
    const isTracked = lotTracked && !isSystemOwner(to);
    const expiresAt = carried.expiry(legPlace(carried, leg, EXPIRY));
    return work.lengthens({ isTracked, asset: this.#asset(leg) }, expiresAt);
  }

  #expiryField(leg: number): string {
    return this.#isCapture ? 'expiresAt' : `legs[${leg}].expiresAt`;
  }

  #reserveOf(leg: number, payer: AccountDraft, amount: number): number {
    if (payer.isSystem) return payer.systemRefusal(this.giving(payer, amount));
    const { flow } = this.work;
    flow.clear();
    const refusal = this.#isCapture ? this.#takeOfHold(payer, amount) : payer.reserve(amount, flow);
    if (refusal === APPLIED) this.lots.set(leg, flow);
    if (this.carried.op !== OP.act) return refusal;
    if (payer.isScarce) asked(this.work, payer, amount, this.chain.shards[0] as number);
    return refusal === POINTS_SHORT ? shortage(this.work, payer, amount) : refusal;
  }

  // --- the hold of a capture, on its shard -----------------------------------------------------------------

  /** Where the hold's owner is: the hold that is captured; undefined: it is used up, or this is another shard. */
  #hold(payer: AccountDraft): Hold | undefined {
    const { carried } = this;
    const key = holdKey(carried.text(CAPTURE.owner), carried.text(CAPTURE.holdId));
    return (payer.page as Page).holds?.get(key);
  }

  /** What is captured is held already. */
  #takeOfHold(payer: AccountDraft, amount: number): number {
    const refusal = payer.spendRefusal(amount);
    if (refusal !== APPLIED) return refusal;
    const hold = this.#hold(payer);
    if (hold === undefined) throw new Error('a capture of no hold');
    this.#left = takeFromHold(this.work.flow, hold, amount);
    return APPLIED;
  }

  /** The payer of a capture, where this is its shard; null: it is not, or this is no capture. */
  get #captured(): AccountDraft | null {
    const payer = this.payers[0] as AccountDraft | null;
    return this.#isCapture && payer?.isSystem === false ? payer : null;
  }

  protected opened(): void {
    const payer = this.#captured;
    const hold = payer === null ? undefined : this.#hold(payer);
    if (payer === null || hold === undefined) return;
    const page = this.work.create(payer);
    hold.remaining -= this.#amount(0);
    hold.slices = this.#left;
    closeIfEmpty(page, hold);
    writeHold(this.work, hold);
  }

  decided(isPosted: boolean): void {
    const isHome = this.chain.before(this.here) < 0;
    if (isPosted) this.#posted(isHome);
    const payer = this.#captured;
    if (payer === null) return;
    const page = this.work.create(payer);
    const hold = this.#hold(payer) ?? this.#emptied(payer);
    if (!isPosted) {
      this.lots.fill(0, this.#amount(0), this.work.flow);
      putIntoHold(page, hold, this.#amount(0), this.work.flow);
    } else if (this.#isReleased) {
      hold.remaining = 0;
      hold.slices = [];
      closeIfEmpty(page, hold);
    }
    writeHold(this.work, hold);
  }

  /** What else a transfer or an act brings about: on the home shard, and of pools. */
  #posted(isHome: boolean): void {
    const { work, carried } = this;
    if (carried.op === OP.transfer && isHome) causeFollowUps(work, carried);
    else if (carried.op === OP.act && (isHome || isPoolAct(carried)))
      postPlan(work, carried, isHome);
  }

  /** A hold that the capture had used up, as it was. */
  #emptied(payer: AccountDraft): Hold {
    const { carried } = this;
    const { owner, holdId, deadline } = CAPTURE;
    return {
      owner: carried.text(owner),
      id: carried.text(holdId),
      asset: payer.asset,
      remaining: 0,
      isPending: false,
      deadline: carried.isNil(deadline) ? NEVER : carried.number(deadline),
      slices: [],
    };
  }

  // --------------------------------------------------------------------------------------------------------

  expected(): number[] {
    const numbers: number[] = [];
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const payer = this.payers[leg] as AccountDraft | null;
      const payee = this.payees[leg] as AccountDraft | null;
      if (payer !== null) numbers.push(payer.name.hash, payer.asset, -this.#amount(leg));
      if (payee !== null) numbers.push(payee.name.hash, payee.asset, this.#amount(leg));
    }
    return numbers;
  }

  /**
   * Who posts at once knows all lots: whether there is room for them is seen when they are put there. Elsewhere, and by earlier rules, one must be
   * free when it is reserved, and in the end there is room in the latest.
   */
  get #isExact(): boolean {
    const { op, version } = this.carried;
    const isExact = op === OP.act || (op === OP.transfer && version >= EXACT_VERSION);
    return this.isLast && isExact;
  }

  post(): number {
    const { legs } = this.chain;
    if (this.#isExact) return this.#postExactly();
    for (let leg = 0; leg < legs; leg++) {
      this.#take(leg);
      this.#give(leg, true);
    }
    this.#isReleased = false;
    const payer = this.#captured;
    if (payer !== null) this.#releaseRest(payer);
    for (const one of this.payers) one?.tidyLots();
    return APPLIED;
  }

  #postExactly(): number {
    const { legs } = this.chain;
    for (let leg = 0; leg < legs; leg++) this.#take(leg);
    for (const one of this.payers) one?.tidyLots();
    for (let leg = 0; leg < legs; leg++) {
      const refusal = this.#give(leg, false);
      if (refusal !== APPLIED) return refusal;
    }
    return APPLIED;
  }

  #take(leg: number): void {
    const from = this.payers[leg] as AccountDraft | null;
    if (from === null) return;
    const amount = this.#amount(leg);
    const { flow } = this.work;
    this.lots.fill(leg, amount, flow);
    if (from.isSystem) from.available -= amount;
    else from.takeHeld(amount, flow);
    from.isTouched = true;
    from.spent += amount;
  }

  #give(leg: number, must: boolean): number {
    const { work, carried } = this;
    const to = this.payees[leg] as AccountDraft | null;
    if (to === null) return APPLIED;
    const amount = this.#amount(leg);
    this.lots.fill(leg, amount, work.flow);
    const expiresAt = carried.expiry(legPlace(carried, leg, EXPIRY));
    const isMerging = to.isTracked && this.#isEarning(leg) && (!must || to.canMerge);
    const whenFull = must ? 'latest' : 'refuse';
    const before = lotsBefore(this.payees, leg, this.chain.legs);
    const refusal = work.credit(to, amount, expiresAt, isMerging ? 'merge' : whenFull);
    if (before !== null && refusal === APPLIED) work.lotNotes.noteLeg(leg, to, before);
    return refusal;
  }

  #releaseRest(payer: AccountDraft): void {
    if (this.carried.tuple()[CAPTURE.releaseRest] !== true) return;
    const hold = this.#hold(payer);
    if (hold === undefined) return;
    freeHeld(payer, hold, this.work.flow, this.work.defaultExpiry(hold.asset));
    this.#isReleased = true;
  }

  free(): void {
    const payer = this.#captured;
    if (payer !== null) {
      // It stays held, and the hold has it again.
      payer.nextDue = Math.min(payer.nextDue, this.#emptied(payer).deadline);
      payer.isTouched = true;
      return;
    }
    const { work, lots } = this;
    const { flow } = work;
    // The other way round than reserve(): the parts of an account that came from no lot pay back what it owed first.
    for (let leg = this.chain.legs - 1; leg >= 0; leg--) {
      const account = this.payers[leg] as AccountDraft | null;
      if (account === null || account.isSystem) continue;
      const amount = this.#amount(leg);
      lots.fill(leg, amount, flow);
      account.takeHeld(amount, flow);
      account.putBack(amount, flow, work.defaultExpiry(account.asset), true);
    }
    for (const one of this.payers) one?.tidyLots();
  }
}

/** Names of stripes, made once. */
const STRIPES: Name[] = [];

function stripe(shard: number): Name {
  let name = STRIPES[shard];
  if (name === undefined) {
    name = Name.of(transitOwner(shard));
    STRIPES[shard] = name;
  }
  return name;
}
