// A shard's part in a transfer, capture or act: its legs. Owns: which accounts they are, what is reserved of them and out of which lots.
// Never touches: messages; holds (holds-part.ts).

import type { AccountDraft } from '../ledger/account-draft.js';
import { flagRefusal, lotsBefore } from '../ledger/leg-accounts.js';
import { postPlan } from '../ledger/plan-records.js';
import { APPLIED } from '../ledger/result.js';
import { payerRisk } from '../ledger/risk.js';
import type { Work } from '../ledger/work.js';
import { LOTS_MAX } from '../limits.js';
import type { CommandView } from '../protocol/command-view.js';
import { ENTRY } from '../protocol/effects.js';
import { expiryForbidden } from '../protocol/grants.js';
import { homePlace } from '../protocol/home.js';
import { LEG, OP, PLACES } from '../protocol/layout.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { legPlace, mergesLots } from './carried.js';
import { causeFollowUps } from './follow-ups.js';
import { HoldsPart } from './holds-part.js';
import { transitOwner } from './open/places.js';
import { Part } from './part.js';
import { PendingPart } from './pending-part.js';
import { asked, hearOfPools, shortage } from './pools.js';

const { condition: CONDITION } = PLACES.transfer;
const { amount: AMOUNT, asset: ASSET, expiresAt: EXPIRY, from: FROM, to: TO } = LEG;
/** Places of a transfer's condition, after its owner. */
const [CONDITION_ASSET, CONDITION_AMOUNT] = [8, 9] as const;

const POINTS_SHORT = REFUSALS.POINTS_SHORT.number;
const EXHAUSTED = REFUSALS.BUDGET_EXHAUSTED.number;
const BUDGET_SHORT = REFUSALS.BUDGET_SHORT.number;

/** From this version on the last shard refuses no more than a shard that has all of it (LOT_LIMIT). */
const EXACT_VERSION = 2;

export class LegsPart extends Part {
  /** By leg: the account, or the stripe that stands for it where only the other side is here; null: neither is. */
  readonly payers: (AccountDraft | null)[] = [];
  readonly payees: (AccountDraft | null)[] = [];
  #named: AccountDraft | null = null;
  readonly #holds: HoldsPart;
  readonly #pending: PendingPart;
  readonly #amountOf = (leg: number): number => this.#amount(leg);

  constructor(work: Work) {
    super(work);
    this.#holds = new HoldsPart(work);
    this.#pending = new PendingPart(work);
  }

  begin(carried: CommandView, lots: readonly number[]): this {
    const home = homePlace(carried);
    const plan = this.planOf(carried);
    this.carried = carried;
    this.chain.plan(carried, home, this.work.state.places, plan);
    this.#holds.begin(carried, plan, home, this.#isHome);
    this.#pending.begin(carried, plan, home, this.#isHome);
    this.puts.begin(plan);
    this.lots.begin(this.chain.lots, lots);
    return this;
  }

  get #isHome(): boolean {
    return this.chain.before(this.here) < 0;
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
    // Setting a length costs as much as a leg.
    while (payers.length > 0) payers.pop();
    while (payees.length > 0) payees.pop();
    for (let leg = 0; leg < chain.legs; leg++) {
      const payerAt = chain.payerAt[leg] as number;
      const payeeAt = chain.payeeAt[leg] as number;
      const isHere = payerAt === here || payeeAt === here;
      payers.push(isHere ? this.#side(leg, FROM, payerAt) : null);
      payees.push(isHere ? this.#side(leg, TO, payeeAt) : null);
    }
    this.#holds.find(payers);
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
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const from = payers[leg] as AccountDraft | null;
      const to = payees[leg] as AccountDraft | null;
      if (from === null || to === null) continue;
      const flagged = flagRefusal(this.work.state, from, to) || this.#riskOf(from);
      if (flagged !== APPLIED) return flagged;
    }
    if (this.#named !== null && this.#named.available < this.carried.number(CONDITION_AMOUNT))
      return REFUSALS.CONDITION_FAILED.number;
    this.clearSums();
    for (let leg = 0; leg < this.chain.legs; leg++) {
      const refusal = this.#reserveLeg(leg);
      if (refusal !== APPLIED) return refusal;
    }
    return (
      this.#holds.reserve(this.lots, this.chain.legs) ||
      this.#pending.reserve() ||
      this.puts.reserve()
    );
  }

  #riskOf(payer: AccountDraft): number {
    return this.carried.op === OP.transfer ? payerRisk(this.work, this.carried, payer) : APPLIED;
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
    const refusal = this.#holds.pays(leg)
      ? this.#holds.take(leg, payer, amount, this.giving(payer, amount))
      : payer.reserve(amount, flow);
    if (refusal === APPLIED) this.lots.set(leg, flow);
    if (this.carried.op !== OP.act) return refusal;
    if (payer.isScarce) asked(this.work, payer, amount, this.chain.shards[0] as number);
    if (refusal !== POINTS_SHORT) return refusal;
    const short = shortage(this.work, payer, amount);
    if (short !== EXHAUSTED || !this.#canDoWithout(payer)) return short;
    this.lots.short([leg, payer.available]);
    this.#tell(payer);
    return BUDGET_SHORT;
  }

  /** The home shard will believe for a while that the pool is exhausted (P6). */
  #tell({ name, asset }: AccountDraft): void {
    const { isReplaying, state, told, time } = this.work;
    const home = this.chain.shards[0] as number;
    if (isReplaying || home === this.here) return;
    told.note(name.text, state.assets.at(asset).asset, home, time);
  }

  /** Does an optional leg take from it? */
  #canDoWithout(payer: AccountDraft): boolean {
    const { optional = [] } = this.chain.decided ?? {};
    return optional.some((leg) => this.payers[leg] === payer);
  }

  protected opened(): void {
    this.#holds.opened();
  }

  decided(isPosted: boolean): void {
    if (isPosted && !this.work.exhausted.isEmpty) hearOfPools(this.work, this.carried);
    if (isPosted && this.#isHome) this.#posted();
    if (isPosted) {
      this.puts.post();
      this.#pending.posted();
    }
    this.#holds.decided(isPosted, !this.isLast, this.lots, this.chain.legs, this.#amountOf);
  }

  /** On the home shard: what else a transfer or an act brings about. */
  #posted(): void {
    const { work, carried } = this;
    if (carried.op === OP.transfer) causeFollowUps(work, carried);
    else postPlan(work, carried, this.chain.decided);
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
    return [...numbers, ...this.#holds.expected()];
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
    this.#holds.release();
    for (const one of this.payers) one?.tidyLots();
    return APPLIED;
  }

  #postExactly(): number {
    const { legs } = this.chain;
    for (let leg = 0; leg < legs; leg++) this.#take(leg);
    this.#holds.release();
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
    const place = isMerging ? 'merge' : whenFull;
    const refusal = this.#pending.has(leg)
      ? this.#pending.credit(leg, to, amount, expiresAt, place)
      : work.credit(to, amount, expiresAt, place);
    if (before !== null && refusal === APPLIED) work.lotNotes.noteLeg(leg, to, before);
    return refusal;
  }

  free(): void {
    this.#holds.free(this.lots, this.chain.legs);
    const { work, lots } = this;
    const { flow } = work;
    // The other way round than reserve(): the parts of an account that came from no lot pay back what it owed first.
    for (let leg = this.chain.legs - 1; leg >= 0; leg--) {
      const account = this.payers[leg] as AccountDraft | null;
      if (account === null || account.isSystem || this.#holds.pays(leg)) continue;
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
