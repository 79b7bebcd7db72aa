// Accounts while one command changes them: loaded, changed here, and saved only after the line after which the
// command must succeed. Owns: the arithmetic of balances and lots. Never touches: the log, other accounts.
//   ledger.W1. A refusal leaves the pages as they were: everything until save() happens in here.
//   ledger.W2. Lots are sorted by expiry, soonest first, none empty; where an account owes, no lot has an available part.

import { AMOUNT_MAX, LOTS_MAX, NEVER } from '../limits.js';
import { Name } from '../protocol/name.js';
import { REFUSALS } from '../protocol/refusals.js';
import type { Flow } from './flow.js';
import { inLot } from './lot-notes.js';
import { type LotHeld, nearestLots } from './nearest-lots.js';
import { F, I, LOT_FIELDS, type Page } from './page.js';

const POINTS_SHORT = REFUSALS.POINTS_SHORT.number;
const AMOUNT_OVERFLOW = REFUSALS.AMOUNT_OVERFLOW.number;
/** The same of a system owner, whom callers have no power over. */
const SYSTEM_OVERFLOW = REFUSALS.AMOUNT_OVERFLOW.passing;
const LOT_LIMIT = REFUSALS.LOT_LIMIT.number;

/**
 * What becomes of points for which an account would need one lot too many: they are refused; or, of an earning, the two nearest lots become one,
 * with the later expiry of both (and where none may, they are refused); or the latest lot takes them, for what must succeed.
 */
export type WhenFull = 'refuse' | 'merge' | 'latest';

const NOTHING: number[] = [];

/** One account while a command changes it. */
export class AccountDraft {
  /** The owner's name: of the account loaded, or to be loaded next. */
  readonly name = new Name();
  asset = 0;
  page: Page | null = null;
  /** Place in the page; -1: the account does not exist yet. */
  index = -1;
  isSystem = false;
  isScarce = false;
  /** Has it lots? */
  isTracked = false;
  /** Does the command change it? */
  isTouched = false;
  available = 0;
  held = 0;
  earned = 0;
  spent = 0;
  expired = 0;
  creditLimit = 0;
  flags = 0;
  nextDue = NEVER;
  /** Lots that expired by then are the last to be spent (ledger.O4). */
  spentAt = 0;
  /** What open cross-shard transfers will bring, and what they have reserved. */
  expectedIn = 0;
  reservedOut = 0;
  /** As they were when it was loaded. */
  availableBefore = 0;
  heldBefore = 0;
  earnedBefore = 0;
  spentBefore = 0;
  expiredBefore = 0;
  lots = new Float64Array(0);
  lotCount = 0;
  lotsChanged = false;
  /** Net changes of lots: (expiry, available, held), soonest first; the first `sliceNumbers` of them count. */
  readonly slices: number[] = [];
  sliceNumbers = 0;
  /** What expired and is brought back: (expiry, amount, what stays expired out of that lot). It has an entry of its own. */
  broughtBack: number[] = NOTHING;
  /** What was brought back, is held, and expires again: (expiry, amount). It has an entry of its own. */
  expiredHeld: number[] = NOTHING;
  /** Points that went from one lot to another: (from, to, amount), and below 0 what a reversal has followed of that. */
  moved: number[] = NOTHING;

  /** Loads the account that `name` is the owner of, at `index` of the page; -1: one with nothing in it. */
  load(asset: number, tracked: boolean, page: Page, index: number): void {
    this.asset = asset;
    this.page = page;
    this.index = index;
    this.isSystem = this.name.isSystem;
    this.isScarce = this.name.isScarce;
    this.isTracked = tracked && !this.isSystem && !this.isScarce;
    this.isTouched = false;
    this.spentAt = 0;
    this.lotCount = 0;
    this.lotsChanged = false;
    this.broughtBack = NOTHING;
    this.moved = NOTHING;
    this.expiredHeld = NOTHING;
    if (index < 0) {
      this.available = 0;
      this.held = 0;
      this.earned = 0;
      this.spent = 0;
      this.expired = 0;
      this.creditLimit = 0;
      this.flags = 0;
      this.nextDue = NEVER;
    } else {
      const f = page.f(index);
      const { f64, i32 } = page;
      this.available = f64[f + F.available] as number;
      this.held = f64[f + F.held] as number;
      this.earned = f64[f + F.earned] as number;
      this.spent = f64[f + F.spent] as number;
      this.expired = f64[f + F.expired] as number;
      this.creditLimit = f64[f + F.creditLimit] as number;
      this.nextDue = f64[f + F.nextDue] as number;
      this.flags = i32[page.n(index) + I.flags] as number;
      if (this.isTracked) this.#loadLots(page, index);
    }
    this.settleBase();
  }

  #loadLots(page: Page, index: number): void {
    const count = page.i32[page.n(index) + I.lotCount] as number;
    const numbers = count * LOT_FIELDS;
    if (this.lots.length < numbers + LOT_FIELDS)
      this.lots = new Float64Array(numbers * 2 + 8 * LOT_FIELDS);
    const from = page.lotsAt + (page.i32[page.n(index) + I.lotOffset] as number);
    for (let i = 0; i < numbers; i++) this.lots[i] = page.f64[from + i] as number;
    this.lotCount = count;
  }

  /** From here on, changes count as those of the next entry. */
  settleBase(): void {
    this.availableBefore = this.available;
    this.heldBefore = this.held;
    this.earnedBefore = this.earned;
    this.spentBefore = this.spent;
    this.expiredBefore = this.expired;
    this.sliceNumbers = 0;
  }

  /** Takes `amount` of what is available; what came out of which lots is added to `flow`. Returns a refusal's number or 0. */
  debit(amount: number, flow: Flow): number {
    if (!this.isSystem && this.isShort(amount)) return POINTS_SHORT;
    const refusal = this.isSystem ? this.systemRefusal(amount) : this.spendRefusal(amount);
    if (refusal !== 0) return refusal;
    this.spent += amount;
    this.takeAvailable(amount, flow);
    return 0;
  }

  /** The part of a debit that moves: available and lots. */
  takeAvailable(amount: number, flow: Flow): void {
    this.isTouched = true;
    this.available -= amount;
    flow.loose += this.isTracked ? this.#takeLots(amount, flow) : amount;
  }

  /** Takes up to `amount` out of the lots, soonest first, of those over by `spentAt` the latest; returns what they did not cover. */
  #takeLots(amount: number, flow: Flow): number {
    let rest = amount;
    const { lots, lotCount } = this;
    let first = 0;
    while (first < lotCount && (lots[first * LOT_FIELDS] as number) <= this.spentAt) first++;
    for (let i = 0; i < lotCount && rest > 0; i++) {
      const at = (i + first < lotCount ? i + first : lotCount - 1 - i) * LOT_FIELDS;
      const available = lots[at + 1] as number;
      if (available === 0) continue;
      const taken = Math.min(available, rest);
      lots[at + 1] = available - taken;
      rest -= taken;
      this.#note(lots[at] as number, -taken, 0);
      flow.add(lots[at] as number, taken);
    }
    this.#dropEmptyLots();
    return rest;
  }

  /** Takes up to `amount` out of the available part of the lot with this expiry; returns what was taken. */
  takeFromLot(expiry: number, amount: number, flow: Flow): number {
    const at = this.#lotAt(expiry);
    if (at < 0) return 0;
    const taken = Math.min(amount, this.lots[at + 1] as number);
    if (taken === 0) return 0;
    this.isTouched = true;
    this.available -= taken;
    this.lots[at + 1] = (this.lots[at + 1] as number) - taken;
    this.#note(expiry, -taken, 0);
    flow.add(expiry, taken);
    this.#dropEmptyLots();
    return taken;
  }

  /** Brings back what expired out of a lot, to be taken out of it again by the same command. `left`: what stays expired of it. */
  bringBack(expiry: number, amount: number, left: number): void {
    this.#noteBroughtBack(expiry, amount, left);
    // The lot has all of it until the command takes it, also what pays a debt.
    this.#putExpired(expiry, amount, amount);
  }

  #noteBroughtBack(expiry: number, amount: number, left: number): void {
    const { broughtBack } = this;
    for (let i = 0; i < broughtBack.length; i += 3) {
      if (broughtBack[i] !== expiry) continue;
      broughtBack[i + 1] = (broughtBack[i + 1] as number) + amount;
      broughtBack[i + 2] = left;
      return;
    }
    this.broughtBack = [...broughtBack, expiry, amount, left];
  }

  /** What of a lot this command has brought back so far. */
  broughtBackOf(expiry: number): number {
    for (let i = 0; i < this.broughtBack.length; i += 3)
      if (this.broughtBack[i] === expiry) return this.broughtBack[i + 1] as number;
    return 0;
  }

  /** Notes what went from one lot to another. */
  noteMoved(from: number, to: number, amount: number): void {
    this.moved = [...this.moved, from, to, amount];
  }

  /** The same, as its entry says it. */
  putExpired(expiry: number, amount: number): void {
    const part = inLot(this.available, amount);
    this.#putExpired(expiry, amount, part);
    if (part > 0) this.#note(expiry, part, 0);
  }

  /** `part`: what of it goes into the lot. */
  #putExpired(expiry: number, amount: number, part: number): void {
    this.isTouched = true;
    this.lotsChanged = true;
    this.available += amount;
    this.expired -= amount;
    const at = this.#lotAt(expiry);
    if (at >= 0) this.lots[at + 1] = (this.lots[at + 1] as number) + part;
    else if (part > 0) this.#insertLot(this.#placeOf(expiry) * LOT_FIELDS, expiry, part, 0);
  }

  /** What was brought back and is held expires again: for a command that was refused after all. */
  expireHeld(expiry: number, amount: number): void {
    this.expiredHeld = [...this.expiredHeld, expiry, amount];
    this.#expireHeld(expiry, amount);
    this.heldBefore -= amount;
    this.expiredBefore += amount;
  }

  /** The same, as its entry says it. */
  noteExpiredHeld(expiry: number, amount: number): void {
    this.#expireHeld(expiry, amount);
    this.#note(expiry, 0, -amount);
    this.#dropEmptyLots();
  }

  #expireHeld(expiry: number, amount: number): void {
    const at = this.#lotAt(expiry);
    if (at < 0) throw new Error('L4: a held part is in no lot');
    this.isTouched = true;
    this.lotsChanged = true;
    this.held -= amount;
    this.expired += amount;
    this.lots[at + 2] = (this.lots[at + 2] as number) - amount;
  }

  get amountBroughtBack(): number {
    let sum = 0;
    for (let i = 1; i < this.broughtBack.length; i += 3) sum += this.broughtBack[i] as number;
    return sum;
  }

  /** It has an entry: what changes from here on is another's. */
  settleBroughtBack(): void {
    // What was owed when that entry was made went into no lot.
    let available = this.availableBefore;
    for (let i = 0; i < this.broughtBack.length; i += 3) {
      const [expiry = 0, amount = 0] = this.broughtBack.slice(i, i + 2);
      const paid = amount - inLot(available, amount);
      if (paid > 0) this.#note(expiry, paid, 0);
      available += amount;
    }
    this.expiredBefore -= this.amountBroughtBack;
    this.broughtBack = NOTHING;
  }

  /** Of `@expire`: what came to it by expiry goes back, and that has an entry of its own. */
  takeBack(amount: number): void {
    this.available -= amount;
    this.earned -= amount;
    this.earnedBefore -= amount;
  }

  /** `amount` of what is held out of one lot is out of another from here on; NO_LOT: of none. */
  moveHeld(from: number, to: number, amount: number): void {
    const at = this.#lotAt(from);
    this.lots[at + 2] = (this.lots[at + 2] as number) - amount;
    this.#note(from, 0, -amount);
    if (to >= 0) this.#putLot(to, 0, amount);
    this.#dropEmptyLots();
  }

  /** `amount` of what is available in one lot is held, and as much of what is held in another is available. */
  exchangeHeld(free: number, held: number, amount: number): void {
    for (const [expiry, sign] of [[free, 1] as const, [held, -1] as const]) {
      const at = this.#lotAt(expiry);
      this.lots[at + 1] = (this.lots[at + 1] as number) - sign * amount;
      this.lots[at + 2] = (this.lots[at + 2] as number) + sign * amount;
      this.#note(expiry, -sign * amount, sign * amount);
    }
  }

  /** Room for `amount` more, beside what is expected? Returns a refusal's number or 0. */
  creditRefusal(amount: number): number {
    const more = amount + this.expectedIn;
    const isFull =
      this.available + this.held + more > AMOUNT_MAX || this.earned + more > AMOUNT_MAX;
    return isFull ? this.#overflow : 0;
  }

  get #overflow(): number {
    return this.isSystem ? SYSTEM_OVERFLOW : AMOUNT_OVERFLOW;
  }

  /** Is `amount` more than what is available and the credit? */
  isShort(amount: number): boolean {
    return this.available < amount && amount - this.available > this.creditLimit;
  }

  /** Room for `amount` more that is spent, beside what is reserved? Returns a refusal's number or 0. */
  spendRefusal(amount: number, reserved = this.reservedOut): number {
    return this.spent + reserved + amount > AMOUNT_MAX ? this.#overflow : 0;
  }

  /** May a system owner pay this? Returns a refusal's number or 0. */
  systemRefusal(amount: number): number {
    if (this.available - this.reservedOut - amount < -AMOUNT_MAX) return SYSTEM_OVERFLOW;
    return this.spendRefusal(amount);
  }

  /** Reserves `amount` of what is available, under the rules of a debit. Returns a refusal's number or 0. */
  reserve(amount: number, flow: Flow): number {
    if (this.isShort(amount)) return POINTS_SHORT;
    if (this.held + amount > AMOUNT_MAX) return AMOUNT_OVERFLOW;
    const reserved = this.reservedOut + this.held - this.heldBefore;
    const refusal = this.spendRefusal(amount, reserved);
    if (refusal === 0) this.hold(amount, flow);
    return refusal;
  }

  /** Adds points to what is available; the flow's slices go into lots, its loose part with `looseExpiry`. Returns a refusal's number or 0. */
  putAvailable(amount: number, flow: Flow, looseExpiry: number, whenFull: WhenFull): number {
    this.isTouched = true;
    const owed = this.available < 0 ? -this.available : 0;
    this.available += amount;
    if (!this.isTracked) return 0;
    if (flow.loose > 0) {
      flow.add(looseExpiry, flow.loose);
      flow.loose = 0;
    }
    let owes = owed;
    for (let i = 0; i < flow.count; i++) {
      let part = flow.amounts[i] as number;
      const paid = Math.min(part, owes);
      owes -= paid;
      part -= paid;
      if (part === 0) continue;
      const refusal = this.#putPoints(flow.expiries[i] as number, part, 0, whenFull);
      if (refusal !== 0) return refusal;
    }
    return 0;
  }

  /**
   * Puts points back: the flow's loose part pays what the account owes first (what is left of it gets `looseExpiry`), then the
   * slices go into their lots, soonest first, paying what is still owed. `must`: where there is no room for one more lot, the
   * latest one takes it. Returns a refusal's number or 0.
   */
  putBack(amount: number, flow: Flow, looseExpiry: number, must: boolean): number {
    this.isTouched = true;
    const whenFull = must ? 'latest' : 'refuse';
    let owes = this.available < 0 ? -this.available : 0;
    this.available += amount;
    if (!this.isTracked) return 0;
    const paid = Math.min(flow.loose, owes);
    owes -= paid;
    const rest = flow.loose - paid;
    if (rest > 0 && this.#putPoints(looseExpiry, rest, 0, whenFull) !== 0) return LOT_LIMIT;
    for (let i = 0; i < flow.count; i++) {
      let part = flow.amounts[i] as number;
      const owed = Math.min(part, owes);
      owes -= owed;
      part -= owed;
      if (part > 0 && this.#putPoints(flow.expiries[i] as number, part, 0, whenFull) !== 0)
        return LOT_LIMIT;
    }
    return 0;
  }

  /** Moves `amount` from available to held; what came out of which lots is added to `flow`. */
  hold(amount: number, flow: Flow): void {
    this.takeAvailable(amount, flow);
    this.keepHeld(amount, flow);
  }

  /** Keeps as held what was taken into the flow; `amount` in all. */
  keepHeld(amount: number, flow: Flow): void {
    this.held += amount;
    for (let i = 0; i < flow.count; i++) {
      this.#putLot(flow.expiries[i] as number, 0, flow.amounts[i] as number);
    }
  }

  /** Adds points that are pending: the flow's loose part, which a system owner paid, is held in a lot with this expiry. Returns a refusal's number or 0. */
  putPending(amount: number, expiry: number, whenFull: WhenFull): number {
    this.isTouched = true;
    this.held += amount;
    if (!this.isTracked) return 0;
    return this.#putPoints(expiry, 0, amount, whenFull);
  }

  /** Takes the flow's slices out of the held part; `amount` in all, the rest of it came from no lot. */
  takeHeld(amount: number, flow: Flow): void {
    this.isTouched = true;
    this.held -= amount;
    for (let i = 0; i < flow.count; i++) {
      const expiry = flow.expiries[i] as number;
      const part = flow.amounts[i] as number;
      const at = this.#lotAt(expiry);
      if (at < 0) throw new Error('L4: a held part is in no lot');
      this.lots[at + 2] = (this.lots[at + 2] as number) - part;
      this.#note(expiry, 0, -part);
    }
  }

  /** Lots emptied by takeHeld go away: called once what is released has been put back. */
  tidyLots(): void {
    this.#dropEmptyLots();
  }

  /** What is available in lots that are past their expiry. */
  dueAmount(time: number): number {
    let due = 0;
    for (let i = 0; i < this.lotCount && (this.lots[i * LOT_FIELDS] as number) <= time; i++) {
      due += this.lots[i * LOT_FIELDS + 1] as number;
    }
    return due;
  }

  /** Expires what is available in lots past their expiry; returns how much that was. */
  expire(time: number): number {
    let due = 0;
    for (let i = 0; i < this.lotCount && (this.lots[i * LOT_FIELDS] as number) <= time; i++) {
      const available = this.lots[i * LOT_FIELDS + 1] as number;
      if (available === 0) continue;
      due += available;
      this.lots[i * LOT_FIELDS + 1] = 0;
      this.#note(this.lots[i * LOT_FIELDS] as number, -available, 0);
    }
    this.#dropEmptyLots();
    this.isTouched = true;
    this.available -= due;
    this.expired += due;
    return due;
  }

  /** The soonest expiry of anything available; NEVER: none. */
  lotDue(): number {
    for (let i = 0; i < this.lotCount; i++) {
      if ((this.lots[i * LOT_FIELDS + 1] as number) > 0) return this.lots[i * LOT_FIELDS] as number;
    }
    return NEVER;
  }

  #lotAt(expiry: number): number {
    for (let i = 0; i < this.lotCount; i++) {
      if (this.lots[i * LOT_FIELDS] === expiry) return i * LOT_FIELDS;
    }
    return -1;
  }

  /** What is in the lot with this expiry; undefined: there is none. */
  lot(expiry: number): { readonly available: number; readonly held: number } | undefined {
    const at = this.#lotAt(expiry);
    if (at < 0) return undefined;
    return { available: this.lots[at + 1] as number, held: this.lots[at + 2] as number };
  }

  /** Moves `amount` of what is available in one lot to another. Returns a refusal's number or 0. */
  moveLot(from: number, to: number, amount: number): number {
    const at = this.#lotAt(from) + 1;
    this.isTouched = true;
    this.lots[at] = (this.lots[at] as number) - amount;
    this.#note(from, -amount, 0);
    this.noteMoved(from, to, amount);
    this.#dropEmptyLots();
    return this.#putLot(to, amount, 0);
  }

  /** Adds to what is available of a lot, and held. */
  #putPoints(expiry: number, points: number, held: number, whenFull: WhenFull): number {
    const refusal = this.#putLot(expiry, points, held);
    if (refusal === 0 || whenFull === 'refuse') return refusal;
    if (whenFull === 'merge') return this.#putMerging(expiry, points, held);
    return this.#putLot(this.lots[(this.lotCount - 1) * LOT_FIELDS] as number, points, held);
  }

  /** Is there room for the lots of the flow, its loose part with `looseExpiry`? */
  hasRoomFor(flow: Flow, looseExpiry: number): boolean {
    let more = 0;
    for (let i = 0; i < flow.count; i++)
      if ((flow.amounts[i] as number) > 0 && this.#lotAt(flow.expiries[i] as number) < 0) more++;
    const isNew = this.#lotAt(looseExpiry) < 0 && flow.amountOf(looseExpiry) === 0;
    if (flow.loose > 0 && isNew) more++;
    return this.lotCount + more <= LOTS_MAX;
  }

  /** Could an earning find room where there is none for one more lot? */
  get canMerge(): boolean {
    return this.#nearest(null) !== null;
  }

  /**
   * Adds points as one lot too many: of all lots and this one, the two nearest become one, the soonest two where several are as near. The
   * later expiry wins, so that nobody loses a day by having many lots, and nobody gains more than the smallest step between them.
   */
  #putMerging(expiry: number, points: number, held: number): number {
    this.#dropEmptyLots();
    const nearest = this.lotCount < LOTS_MAX ? null : this.#nearest([expiry, held]);
    if (nearest === null) return this.#putLot(expiry, points, held);
    const [sooner, later] = nearest;
    if (sooner === expiry) return this.#putLot(later, points, 0);
    this.moveLot(sooner, later, this.lot(sooner)?.available ?? 0);
    return this.#putLot(expiry, points, held);
  }

  #nearest(added: LotHeld | null): readonly [sooner: number, later: number] | null {
    return nearestLots(this.lots.subarray(0, this.lotCount * LOT_FIELDS), added);
  }

  #putLot(expiry: number, available: number, held: number): number {
    const place = this.#placeOf(expiry);
    const { lots } = this;
    const at = place * LOT_FIELDS;
    if (place < this.lotCount && lots[at] === expiry) {
      lots[at + 1] = (lots[at + 1] as number) + available;
      lots[at + 2] = (lots[at + 2] as number) + held;
    } else {
      if (this.lotCount >= LOTS_MAX) return LOT_LIMIT;
      this.#insertLot(at, expiry, available, held);
    }
    this.#note(expiry, available, held);
    return 0;
  }

  /** Where a lot is, or would be. */
  #placeOf(expiry: number): number {
    let place = this.lotCount;
    while (place > 0 && (this.lots[(place - 1) * LOT_FIELDS] as number) >= expiry) place--;
    return place;
  }

  #insertLot(at: number, expiry: number, available: number, held: number): void {
    const end = this.lotCount * LOT_FIELDS;
    if (end + LOT_FIELDS > this.lots.length) {
      const grown = new Float64Array(this.lots.length * 2 + 8 * LOT_FIELDS);
      grown.set(this.lots);
      this.lots = grown;
    }
    this.lots.copyWithin(at + LOT_FIELDS, at, end);
    this.lots[at] = expiry;
    this.lots[at + 1] = available;
    this.lots[at + 2] = held;
    this.lotCount++;
  }

  #dropEmptyLots(): void {
    const { lots } = this;
    let kept = 0;
    for (let i = 0; i < this.lotCount; i++) {
      const at = i * LOT_FIELDS;
      if (lots[at + 1] === 0 && lots[at + 2] === 0) continue;
      if (kept !== i) lots.copyWithin(kept * LOT_FIELDS, at, at + LOT_FIELDS);
      kept++;
    }
    this.lotCount = kept;
  }

  /** Notes a change of a lot for the entry. */
  #note(expiry: number, available: number, held: number): void {
    this.lotsChanged = true;
    const { slices } = this;
    const end = this.sliceNumbers;
    let at = end;
    while (at > 0 && (slices[at - 3] as number) >= expiry) at -= 3;
    if (at < end && slices[at] === expiry) {
      slices[at + 1] = (slices[at + 1] as number) + available;
      slices[at + 2] = (slices[at + 2] as number) + held;
      return;
    }
    for (let i = end - 1; i >= at; i--) slices[i + 3] = slices[i] as number;
    slices[at] = expiry;
    slices[at + 1] = available;
    slices[at + 2] = held;
    this.sliceNumbers = end + 3;
  }
}
