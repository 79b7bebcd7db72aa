// One account of the naive model: balance, lots, and the arithmetic of putting points in and out.
// Owns: an account's figures. Never touches: engine/ledger (what is tested), other accounts.
//   M1. Written to be seen to be right: loops over sorted lots, no index, no cleverness.
//   M2. Sums that may leave the safe integers are compared in BigInt.

import { Temporal } from 'temporal-polyfill';
import { AMOUNT_MAX, DAY_MS, LOTS_MAX, NEVER } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { Asset, Entry, EntryType, Slice } from '../../engine/protocol/outcomes.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';

/** Points on their way, with the expiry they have; none: they came out of no lot. */
export interface Piece {
  readonly expiry: number | undefined;
  readonly amount: number;
}

/** Thrown inside the model where a command is refused: whoever catches it restores what was changed. */
export class ModelRefusal {
  readonly code: RefusalCode;
  /** Is it of a state that callers neither make nor end? Then it is not kept. */
  readonly isPassing: boolean;

  constructor(code: RefusalCode, isOfSystem = false) {
    this.code = code;
    this.isPassing = isOfSystem || code === 'ACCOUNT_FROZEN' || code === 'ACCOUNT_CLOSED';
  }
}

/** Is the exact sum of the figures more than the largest amount? */
export function exceeds(...figures: number[]): boolean {
  let sum = 0n;
  for (const figure of figures) sum += BigInt(figure);
  return sum > BigInt(AMOUNT_MAX);
}

const inZone = (time: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);

const dayEnd = (day: Temporal.PlainDate, zone: string): number =>
  day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;

/** Rounded up to the asset's granularity. */
export function lotExpiry(asset: Asset, at: number): number {
  if (asset.zone !== undefined && asset.lotGranularityMs === DAY_MS)
    return dayEnd(inZone(at - 1, asset.zone).toPlainDate(), asset.zone);
  const granularity = asset.lotGranularityMs;
  return Math.ceil(at / granularity) * granularity;
}

/** When points of this asset expire that are credited now and bring no expiry along. */
function defaultExpiry(asset: Asset, time: number): number {
  const { expiresAfter, expiresOn, zone } = asset;
  if (zone !== undefined && (expiresAfter !== undefined || expiresOn !== undefined)) {
    let day = inZone(time, zone).toPlainDate();
    if (expiresAfter !== undefined) day = day.add(Temporal.Duration.from(expiresAfter));
    if (expiresOn !== undefined) {
      const on = Temporal.PlainMonthDay.from(expiresOn);
      const first = on.toPlainDate({ year: day.year });
      const isPast = Temporal.PlainDate.compare(first, day) < 0;
      day = isPast ? on.toPlainDate({ year: day.year + 1 }) : first;
    }
    return dayEnd(day, zone);
  }
  return asset.defaultExpiryMs === 0 ? NEVER : lotExpiry(asset, time + asset.defaultExpiryMs);
}

/** When points of a system owner expire. */
export function earnedExpiry(asset: Asset, at: number | null | undefined, time: number): number {
  if (at === undefined) return defaultExpiry(asset, time);
  return at === null ? NEVER : lotExpiry(asset, at);
}

/** Sum of the pieces. */
export function sumOf(pieces: readonly Piece[]): number {
  let sum = 0;
  for (const piece of pieces) sum += piece.amount;
  return sum;
}

/** An entry, and what made it; no command: the ledger by itself. */
export interface Posting {
  readonly entry: Entry;
  readonly command: Command | undefined;
  readonly time: number;
  /** When it took effect. */
  readonly effective: number;
}

interface Lot {
  available: number;
  held: number;
  /** When points were last put into its available part. */
  since: number;
}

/** What a reversal looks for, and what it has found. */
interface Search {
  readonly time: number;
  readonly found: Piece[];
  readonly missing: Piece[];
  /** What holds have of a lot. */
  readonly heldIn: (expiry: number) => number;
}

interface Figures {
  readonly available: number;
  readonly held: number;
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly lots: ReadonlyMap<number, Readonly<Lot>>;
  readonly expiredFrom: ReadonlyMap<number, number>;
  readonly movedFrom: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

export class ModelAccount {
  readonly owner: string;
  asset: Asset;
  available = 0;
  held = 0;
  earned = 0;
  spent = 0;
  expired = 0;
  creditLimit = 0;
  frozen = false;
  closed = false;
  lots = new Map<number, Lot>();
  /** What has expired out of which lot and was not brought back. */
  expiredFrom = new Map<number, number>();
  /** Where points of a lot have gone and no reversal has followed them. */
  movedFrom = new Map<number, Map<number, number>>();
  /** What the command under way brings back of that. */
  brought: Piece[] = [];
  readonly entries: Posting[] = [];

  constructor(owner: string, asset: Asset) {
    this.owner = owner;
    this.asset = asset;
  }

  get isSystem(): boolean {
    return this.owner.startsWith('@');
  }

  get hasLots(): boolean {
    return this.asset.lotTracked && !this.isSystem;
  }

  /** The figures as they are now, to compare with or to go back to. */
  figures(): Figures {
    const lots = new Map([...this.lots].map(([expiry, lot]) => [expiry, { ...lot }] as const));
    const { available, held, earned, spent, expired } = this;
    const expiredFrom = new Map(this.expiredFrom);
    const movedFrom = new Map([...this.movedFrom].map(([from, to]) => [from, new Map(to)]));
    return { available, held, earned, spent, expired, lots, expiredFrom, movedFrom };
  }

  restore(before: Figures): void {
    Object.assign(this, before);
    this.brought = [];
  }

  /** Pays, for a transfer. What no lot covers is owed. */
  debit(amount: number): Piece[] {
    if (this.isSystem) this.#refuseBelowRange(amount);
    else this.refuseShort(amount);
    if (exceeds(this.spent, amount)) throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    this.spent += amount;
    return this.takeSoonest(amount);
  }

  /** Receives, for a transfer or a capture. */
  credit(
    pieces: readonly Piece[],
    expiresAt: number | null | undefined,
    time: number,
    isEarning = false,
  ): void {
    const amount = sumOf(pieces);
    if (exceeds(this.available, this.held, amount) || exceeds(this.earned, amount)) {
      throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    }
    this.earned += amount;
    const dated = pieces.map(({ expiry, amount }): Piece => {
      if (expiresAt === null) return { expiry: NEVER, amount };
      if (expiresAt !== undefined) return { expiry: lotExpiry(this.asset, expiresAt), amount };
      return { expiry: expiry ?? defaultExpiry(this.asset, time), amount };
    });
    this.put(dated, time);
    if (isEarning && this.lots.size > LOTS_MAX) this.#mergeNearest(dated[0]?.expiry);
    this.refuseTooManyLots();
  }

  /** Receives what a system owner pays, to be pending. Returns which lots it is held in. */
  creditPending(amount: number, expiresAt: number | null | undefined, time: number): Piece {
    if (exceeds(this.available, this.held, amount) || exceeds(this.earned, amount))
      throw new ModelRefusal('AMOUNT_OVERFLOW');
    this.earned += amount;
    this.held += amount;
    if (!this.hasLots) return { expiry: undefined, amount };
    const expiry = earnedExpiry(this.asset, expiresAt, time);
    this.#lot(expiry).held += amount;
    if (this.lots.size > LOTS_MAX) this.#mergeNearest(expiry);
    this.refuseTooManyLots();
    return { expiry, amount };
  }

  /** The two nearest lots become one, with the later expiry: not what is held, and not into what never expires. */
  #mergeNearest(added: number | undefined): void {
    const expiries = this.#expiries();
    const steps = expiries
      .slice(1)
      .map((later, i) => ({ sooner: expiries[i]!, later }))
      .filter(({ sooner, later }) => this.lots.get(sooner)!.held === 0 && later !== NEVER)
      .sort((a, b) => a.later - a.sooner - (b.later - b.sooner));
    const nearest = steps[0];
    if (nearest === undefined) return;
    const { sooner, later } = nearest;
    const amount = this.lots.get(sooner)!.available;
    this.#takeFrom(sooner, amount);
    this.#lot(later).available += amount;
    // The new points were never in a lot of their own.
    if (sooner !== added) this.#noteMoved(sooner, later, amount);
  }

  /** What is available in one lot gets the expiry of another. */
  moveLot(from: number, to: number, amount: number): void {
    this.#takeFrom(from, amount);
    this.#lot(to).available += amount;
    this.#noteMoved(from, to, amount);
  }

  #noteMoved(from: number, to: number, amount: number): void {
    const gone = this.movedFrom.get(from) ?? new Map<number, number>();
    this.movedFrom.set(from, gone.set(to, (gone.get(to) ?? 0) + amount));
  }

  /** Sets apart what one of several legs takes; `all`: with what the legs before it take, of which `amount` is the last. */
  setApart(amount: number, all: readonly number[]): Piece[] {
    if (this.isSystem) {
      if (exceeds(-this.available, ...all))
        throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    } else {
      this.refuseShort(amount);
      if (exceeds(this.held, amount)) throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    }
    if (exceeds(this.spent, ...all)) throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    return this.isSystem ? [{ expiry: undefined, amount }] : this.reserve(amount);
  }

  /** Pays what was set apart. */
  payApart(pieces: readonly Piece[], amount: number): void {
    if (this.isSystem) this.available -= amount;
    else this.unreserve(pieces);
    this.spent += amount;
  }

  /** Room for all of these? What is set apart is still here. */
  refuseOverfull(all: readonly number[]): void {
    if (exceeds(this.available, this.held, ...all) || exceeds(this.earned, ...all))
      throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
  }

  refuseShort(amount: number): void {
    if (this.available + this.creditLimit < amount) throw new ModelRefusal('POINTS_SHORT');
  }

  #refuseBelowRange(amount: number): void {
    if (exceeds(-this.available, amount)) throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
  }

  refuseTooManyLots(): void {
    if (this.lots.size > LOTS_MAX) throw new ModelRefusal('LOT_LIMIT');
  }

  /** Takes available points, the soonest-expiring first. */
  takeSoonest(amount: number): Piece[] {
    const taken: Piece[] = [];
    let missing = amount;
    for (const expiry of this.#expiries()) {
      const part = this.#takeFrom(expiry, missing);
      if (part > 0) taken.push({ expiry, amount: part });
      missing -= part;
    }
    if (missing > 0) taken.push({ expiry: undefined, amount: missing });
    this.available -= amount;
    return taken;
  }

  /**
   * Puts points in: what is owed is paid first, in the order given by `inOrder`. Where too many lots cannot
   * be refused (`noRefusal`), points that came out of no lot join the latest one.
   */
  put(pieces: readonly Piece[], time: number, noRefusal = false, since = time): void {
    let owed = Math.max(0, -this.available);
    for (const { expiry, amount } of inOrder(pieces)) {
      const pays = Math.min(owed, amount);
      owed -= pays;
      if (this.hasLots && amount > pays) {
        const into = expiry ?? this.#lotOfLoose(time, noRefusal);
        const lot = this.#lot(into);
        lot.available += amount - pays;
        lot.since = Math.max(lot.since, since);
      }
      this.available += amount;
    }
  }

  /** When what is available in each lot past its expiry was over. */
  overSince(time: number): number[] {
    const over = [...this.lots].filter(([expiry, lot]) => expiry <= time && lot.available > 0);
    return over.map(([expiry, { since }]) => Math.max(expiry, since));
  }

  /** Reserves points, the soonest-expiring first. */
  reserve(amount: number): Piece[] {
    const pieces = this.takeSoonest(amount);
    this.held += amount;
    if (this.hasLots) {
      for (const { expiry, amount } of pieces) {
        if (expiry !== undefined) this.#lot(expiry).held += amount;
      }
    }
    return pieces;
  }

  /** Takes points out of what is held: these pieces. */
  unreserve(pieces: readonly Piece[]): void {
    this.held -= sumOf(pieces);
    for (const { expiry, amount } of pieces) {
      if (expiry === undefined) continue;
      this.#lot(expiry).held -= amount;
      this.#dropIfEmpty(expiry);
    }
  }

  /** Brings back what expired out of these lots; what is owed has no lot, but until a command takes it (`toBeTaken`). */
  bringBack(pieces: readonly Piece[], toBeTaken = false): void {
    for (const { expiry = NEVER, amount } of pieces) {
      const owed = toBeTaken ? 0 : Math.max(0, -this.available);
      this.available += amount;
      this.expired -= amount;
      this.expiredFrom.set(expiry, this.expiredFrom.get(expiry)! - amount);
      if (amount > owed) this.#lot(expiry).available += amount - owed;
    }
  }

  /**
   * Undoes (a part of) a credit that went into the lots `made`: what expired out of these is brought back, then it is taken out of them,
   * then out of the soonest-expiring. Returns what was missing in which of them, and what was taken in its place.
   */
  takeBack(
    amount: number,
    made: readonly Piece[],
    allowDebt: boolean,
    time: number,
    heldIn: (expiry: number) => number,
  ): { readonly missing: Piece[]; readonly instead: Piece[] } {
    const isThere = this.hasLots ? made : [];
    const found: Piece[] = [];
    const missing: Piece[] = [];
    for (const { expiry, amount: wanted } of isThere) {
      const part = wanted - this.#collect(expiry!, wanted, { time, found, missing, heldIn });
      if (part > 0) missing.push({ expiry, amount: part });
    }
    this.bringBack(this.brought, true);
    if (this.isSystem || allowDebt) this.#refuseBelowRange(amount);
    else if (amount > sumOf(this.brought)) this.refuseShort(amount);
    for (const { expiry, amount: part } of found) this.available -= this.#takeFrom(expiry!, part);
    return { missing, instead: this.takeSoonest(amount - sumOf(found)) };
  }

  /**
   * Looks for points of a lot: there, among what expired out of it, and wherever they went from it, in holds too. Returns how many
   * there are.
   */
  #collect(expiry: number, wanted: number, search: Search): number {
    const { time, found, missing, heldIn } = search;
    const has = (pieces: readonly Piece[]): number =>
      sumOf(pieces.filter((piece) => piece.expiry === expiry));
    const back = has(this.brought);
    const there = (this.lots.get(expiry)?.available ?? 0) + back - has(found);
    const alive = Math.min(wanted, there);
    const over = expiry > time ? 0 : (this.expiredFrom.get(expiry) ?? 0) - back;
    const revived = Math.min(wanted - alive, over);
    if (revived > 0) this.brought = added(this.brought, { expiry, amount: revived });
    if (alive + revived > 0) found.push({ expiry, amount: alive + revived });
    let rest = wanted - alive - revived;
    for (const [to, gone] of [...(this.movedFrom.get(expiry) ?? [])].sort(([a], [b]) => a - b)) {
      const sought = Math.min(rest, gone);
      let part = this.#collect(to, sought, search);
      const held = heldIn(to) - sumOf(missing.filter((piece) => piece.expiry === to));
      const inHolds = Math.min(sought - part, Math.max(0, held));
      if (inHolds > 0) missing.push({ expiry: to, amount: inHolds });
      part += inHolds;
      this.#noteMoved(expiry, to, -part);
      rest -= part;
    }
    return wanted - rest;
  }

  /** Of `@expire`: what came to it by expiry goes back. */
  give(amount: number): void {
    this.available -= amount;
    this.earned -= amount;
  }

  /** What is held out of one lot is held out of another from here on. */
  moveHeld(from: number, to: number | undefined, amount: number): void {
    this.#lot(from).held -= amount;
    this.#dropIfEmpty(from);
    if (to !== undefined) this.#lot(to).held += amount;
  }

  /** Undoes (a part of) a debit: these pieces, back into the lots that they came out of. */
  giveBack(pieces: readonly Piece[], time: number): void {
    const amount = sumOf(pieces);
    if (exceeds(this.available, this.held, amount))
      throw new ModelRefusal('AMOUNT_OVERFLOW', this.isSystem);
    this.put(pieces, time);
    this.refuseTooManyLots();
  }

  /** Lots that a command brought and the ones that it used go the other way, as far as they are there. */
  swap(made: readonly Piece[], used: readonly Piece[], time: number): void {
    if (!this.hasLots) return;
    let taken = 0;
    for (const { expiry, amount } of made) {
      const there = this.lots.get(expiry!)?.available ?? 0;
      const over = expiry! > time ? 0 : (this.expiredFrom.get(expiry!) ?? 0);
      const revived = Math.min(Math.max(0, amount - there), over);
      if (revived > 0) {
        this.brought = added(this.brought, { expiry, amount: revived });
        this.bringBack([{ expiry, amount: revived }], true);
      }
      const part = this.#takeFrom(expiry!, amount);
      this.available -= part;
      taken += part;
    }
    this.put(firstOf(used, taken), time, true);
  }

  /** Points that are available and past their expiry. */
  due(time: number): number {
    let sum = 0;
    for (const [expiry, lot] of this.lots) if (expiry <= time) sum += lot.available;
    return sum;
  }

  /** Takes out what is past its expiry. */
  expire(time: number): number {
    const amount = this.due(time);
    for (const expiry of this.#expiries()) {
      if (expiry > time) continue;
      const part = this.#takeFrom(expiry, AMOUNT_MAX);
      this.expiredFrom.set(expiry, (this.expiredFrom.get(expiry) ?? 0) + part);
    }
    this.available -= amount;
    this.expired += amount;
    return amount;
  }

  /** The next entry: how the account differs from what it was. */
  entrySince(before: Figures, type: EntryType): Entry {
    const slices: Slice[] = [];
    const expiries = new Set([...before.lots.keys(), ...this.lots.keys()]);
    for (const expiry of [...expiries].sort((a, b) => a - b)) {
      const was = before.lots.get(expiry) ?? { available: 0, held: 0, since: 0 };
      const is = this.lots.get(expiry) ?? { available: 0, held: 0, since: 0 };
      const available = is.available - was.available;
      const held = is.held - was.held;
      if (available === 0 && held === 0) continue;
      slices.push({ expiresAt: expiry === NEVER ? null : expiry, available, held });
    }
    const heldDelta = this.held - before.held;
    return {
      owner: this.owner,
      asset: this.asset.asset,
      version: this.entries.length + 1,
      type,
      delta: this.available - before.available + heldDelta,
      heldDelta,
      earned: this.earned - before.earned,
      spent: this.spent - before.spent,
      expired: this.expired - before.expired,
      available: this.available,
      held: this.held,
      slices,
    };
  }

  #lotOfLoose(time: number, noRefusal: boolean): number {
    const expiry = defaultExpiry(this.asset, time);
    const full = this.lots.size >= LOTS_MAX && !this.lots.has(expiry);
    return full && noRefusal ? Math.max(...this.lots.keys()) : expiry;
  }

  #expiries(): number[] {
    return [...this.lots.keys()].sort((a, b) => a - b);
  }

  #lot(expiry: number): Lot {
    let lot = this.lots.get(expiry);
    if (lot === undefined) this.lots.set(expiry, (lot = { available: 0, held: 0, since: 0 }));
    return lot;
  }

  #takeFrom(expiry: number, atMost: number): number {
    const lot = this.lots.get(expiry);
    if (lot === undefined) return 0;
    const part = Math.min(lot.available, atMost);
    lot.available -= part;
    this.#dropIfEmpty(expiry);
    return part;
  }

  #dropIfEmpty(expiry: number): void {
    const lot = this.lots.get(expiry);
    if (lot?.available === 0 && lot.held === 0) this.lots.delete(expiry);
  }
}

/** The pieces with one more, those of one lot together. */
function added(pieces: readonly Piece[], { expiry, amount }: Piece): Piece[] {
  const known = pieces.find((piece) => piece.expiry === expiry);
  if (known === undefined) return [...pieces, { expiry, amount }];
  return pieces.map((one) => (one === known ? { expiry, amount: one.amount + amount } : one));
}

// What came out of no lot goes first, for it was what the account owed; then the soonest-expiring.
function inOrder(pieces: readonly Piece[]): Piece[] {
  return [...pieces].sort((a, b) => (a.expiry ?? 0) - (b.expiry ?? 0));
}

/** The first `amount` of pieces one after the other. */
export function firstOf(pieces: readonly Piece[], amount: number): Piece[] {
  return between(pieces, 0, amount);
}

/** Of pieces one after the other what lies in [from, to). */
export function between(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const { expiry, amount } of pieces) {
    const part = Math.min(at + amount, to) - Math.max(at, from);
    if (part > 0) found.push({ expiry, amount: part });
    at += amount;
  }
  return found;
}
