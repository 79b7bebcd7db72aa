// What is due: holds past their deadline, pending earnings past their time, lots and records past their expiry.
// Owns: finding and applying it. Never touches: the clock; time is the block's.
//   ledger.D1. Whether something is due is decided before anything is logged: there is no empty tick.
//   ledger.D2. An account's and a page's `nextDue` are never later than what is due next; a bucket's (Pages.minDue) nor than what is to be told.
//   ledger.D3. A hold that an open act has looked at or changes is not due before that is decided.

import { AMOUNT_MAX, NEVER } from '../limits.js';
import type { Draft } from '../protocol/draft.js';
import { ENTRY, EXTRA, PENDING } from '../protocol/effects.js';
import { Name } from '../protocol/name.js';
import { AccountDraft } from './account-draft.js';
import { Flow } from './flow.js';
import type { Notices } from './notices.js';
import { F, I, type Page } from './page.js';
import { type Hold, holdKey, type StoredRecord } from './page-items.js';
import type { State } from './state.js';

const EXPIRE_OWNER = Name.of('@expire');

/** What applying what is due needs of the work under way. */
export interface DueWork {
  readonly state: State;
  readonly draft: Draft;
  /** Writes an account back, with its entry. */
  save(working: AccountDraft, type: number): void;
  defaultExpiry(asset: number): number;
  readonly notices: Notices;
  /** Notes that the tick under way let points out of a lot expire. */
  noteExpired(owner: string, asset: number, expiry: number): void;
}

/** What is due on one owner. Lots are found when it is applied: a released hold adds to them. */
export interface Due {
  readonly owner: string;
  readonly holds: readonly Hold[];
  readonly records: readonly StoredRecord[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class Settler {
  readonly #work: DueWork;
  readonly #account = new AccountDraft();
  readonly #sink = new AccountDraft();
  readonly #flow = new Flow();

  constructor(work: DueWork) {
    this.#work = work;
  }

  /** What is due on an owner; null: nothing, and then the owner's accounts know exactly when something will be. */
  dueOfOwner(page: Page, owner: string, time: number): Due | null {
    const holds: Hold[] = [];
    const records: StoredRecord[] = [];
    for (const hold of page.holds?.values() ?? []) {
      if (hold.owner === owner && hold.deadline <= time && this.#isFree(hold)) holds.push(hold);
    }
    for (const record of page.records?.of(owner) ?? [])
      if (record.expiresAt <= time) records.push(record);
    let hasLots = false;
    const name = Name.of(owner);
    for (const index of this.#places(page, name)) {
      if (this.#lotsDue(page, index, name, time)) hasLots = true;
    }
    if (holds.length === 0 && records.length === 0 && !hasLots) {
      this.#refresh(page, owner, name);
      return null;
    }
    holds.sort((a, b) => a.deadline - b.deadline || byText(a.id, b.id));
    records.sort((a, b) => byText(a.type, b.type) || byText(a.key, b.key));
    return { owner, holds, records };
  }

  /** What is due in a page, by owner's name. */
  dueOfPage(page: Page, time: number): Due[] {
    const owners = new Set<string>();
    for (let i = 0; i < page.count; i++) {
      if ((page.f64[page.f(i) + F.nextDue] as number) <= time) owners.add(page.ownerAt(i));
    }
    for (const record of page.records?.values() ?? [])
      if (record.expiresAt <= time) owners.add(record.owner);
    const found: Due[] = [];
    for (const owner of [...owners].sort(byText)) {
      const due = this.dueOfOwner(page, owner, time);
      if (due !== null) found.push(due);
    }
    return found;
  }

  /** D3. */
  #isFree({ owner, id }: Hold): boolean {
    return !this.#work.state.transits.holdsBack(owner, id);
  }

  /**
   * Applies what is due, into the record under way; of a tick of a bucket, whose page it is, also what is to be told. `page`: null: it is of
   * an owner.
   */
  settleAll(due: readonly Due[], page: Page | null, time: number): void {
    for (const one of due) this.#settle(one, time);
    if (page === null) return;
    const { notices, state } = this.#work;
    notices.tell(page);
    state.pages.refreshDue(page, notices.next(page));
  }

  /** Entries and extras go into the record under way. */
  #settle(due: Due, time: number): void {
    const { pages } = this.#work.state;
    const name = Name.of(due.owner);
    const page = pages.pageOf(name.hash);
    pages.touch(page);
    for (const hold of due.holds) this.#release(page, name, hold);
    for (const index of this.#places(page, name)) this.#expire(page, index, name, time);
    for (const record of due.records) {
      page.records?.delete(record.owner, record.type, record.key);
      const texts = [record.owner, record.type, record.key];
      this.#work.draft.effects.extra(EXTRA.record, [record.version, record.expiresAt, -1], texts);
    }
    if (due.records.length > 0) page.measure();
    this.#refresh(page, due.owner, name);
  }

  /** Places of an owner's accounts, by asset code. */
  #places(page: Page, owner: Name): number[] {
    const hash = owner.hash | 0;
    const places: number[] = [];
    for (let i = 0; i < page.count; i++) {
      if (page.i32[page.n(i) + I.hash] === hash && page.isNamed(i, owner)) places.push(i);
    }
    const { assets } = this.#work.state;
    const code = (i: number): string => assets.at(page.i32[page.n(i) + I.asset] as number).asset;
    return places.length > 1 ? places.sort((a, b) => byText(code(a), code(b))) : places;
  }

  #load(page: Page, index: number, owner: Name): AccountDraft {
    const asset = page.i32[page.n(index) + I.asset] as number;
    const { lotTracked } = this.#work.state.assets.at(asset);
    this.#account.name.setLike(owner);
    this.#account.load(asset, lotTracked, page, index);
    return this.#account;
  }

  /** `@expire` in an asset. */
  #loadSink(asset: number): AccountDraft {
    const page = this.#work.state.pages.pageOf(EXPIRE_OWNER.hash);
    this.#sink.name.setLike(EXPIRE_OWNER);
    this.#sink.load(asset, false, page, page.find(EXPIRE_OWNER, asset));
    return this.#sink;
  }

  /** Are lots of the account due, and can `@expire` take what is in them? */
  #lotsDue(page: Page, index: number, owner: Name, time: number): boolean {
    if ((page.f64[page.f(index) + F.nextDue] as number) > time) return false;
    const amount = this.#load(page, index, owner).dueAmount(time);
    return amount > 0 && this.#loadSink(this.#account.asset).creditRefusal(amount) === 0;
  }

  #release(page: Page, owner: Name, hold: Hold): void {
    const work = this.#work;
    const index = page.find(owner, hold.asset);
    const account = this.#load(page, index, owner);
    freeHeld(account, hold, this.#flow, work.defaultExpiry(hold.asset));
    page.holds?.delete(holdKey(hold.owner, hold.id));
    page.measure();
    work.save(account, ENTRY.release);
    writeHold(work, { ...hold, remaining: 0, slices: [] });
  }

  #expire(page: Page, index: number, owner: Name, time: number): void {
    if (!this.#lotsDue(page, index, owner, time)) return;
    const account = this.#account;
    const amount = account.expire(time);
    this.#sink.isTouched = true;
    for (let i = 0; i < account.sliceNumbers; i += 3)
      this.#work.noteExpired(owner.text, account.asset, account.slices[i] as number);
    this.#saveWithSink(amount);
  }

  /** `@expire` in an asset, to be looked at. */
  sink(asset: number): AccountDraft {
    return this.#loadSink(asset);
  }

  /** Writes what a command brings back to an account, and takes from `@expire`: as if that were all it does. */
  saveBroughtBack(draft: AccountDraft): void {
    const { broughtBack } = draft;
    this.#reload(draft);
    let sum = 0;
    for (let i = 0; i < broughtBack.length; i += 3) {
      const amount = broughtBack[i + 1] as number;
      this.#account.putExpired(broughtBack[i] as number, amount);
      sum += amount;
    }
    this.#saveWithSink(-sum);
  }

  /** Writes what expires again of what is held of an account: as if that were all its command does. */
  saveExpiredHeld(draft: AccountDraft): void {
    const { expiredHeld } = draft;
    this.#reload(draft);
    let sum = 0;
    for (let i = 0; i < expiredHeld.length; i += 2) {
      const amount = expiredHeld[i + 1] as number;
      this.#account.noteExpiredHeld(expiredHeld[i] as number, amount);
      sum += amount;
    }
    this.#saveWithSink(sum);
  }

  /** The account of a command under way, as it was before the command; and its `@expire`. */
  #reload({ name, asset, isTracked, page, index }: AccountDraft): void {
    this.#account.name.setLike(name);
    this.#account.load(asset, isTracked, page as Page, index);
    this.#loadSink(asset);
  }

  /** Writes an account, and `@expire`, which gets `amount` of it; below 0: gives it back. */
  #saveWithSink(amount: number): void {
    this.#sink.available += amount;
    this.#sink.earned += amount;
    this.#work.save(this.#account, ENTRY.expire);
    this.#work.save(this.#sink, ENTRY.expire);
  }

  /** Works out anew when something of an owner is due, and so of its page. */
  #refresh(page: Page, owner: string, name: Name): void {
    for (const index of this.#places(page, name)) {
      const account = this.#load(page, index, name);
      let next = account.isTracked ? account.lotDue() : NEVER;
      for (const hold of page.holds?.values() ?? []) {
        const isOwn = hold.owner === owner && hold.asset === account.asset;
        if (isOwn && hold.deadline < next && this.#isFree(hold)) next = hold.deadline;
      }
      page.f64[page.f(index) + F.nextDue] = Math.min(next, AMOUNT_MAX);
    }
    this.#work.state.pages.refreshDue(page, this.#work.notices.next(page));
  }
}

/** Gives back all that remains of a hold to its account. */
export function freeHeld(account: AccountDraft, hold: Hold, flow: Flow, looseExpiry: number): void {
  flow.clear();
  flow.loose = hold.remaining;
  for (let i = 0; i < hold.slices.length; i += 2) {
    flow.add(hold.slices[i] as number, hold.slices[i + 1] as number);
    flow.loose -= hold.slices[i + 1] as number;
  }
  account.takeHeld(hold.remaining, flow);
  account.putBack(hold.remaining, flow, looseExpiry, true);
  account.tidyLots();
}

/** A hold, a new one or one that was held back, will be due. */
export function awaitDeadline({ state }: DueWork, page: Page, index: number, hold: Hold): void {
  const place = page.f(index) + F.nextDue;
  if (hold.deadline < (page.f64[place] as number)) page.f64[place] = hold.deadline;
  state.pages.lowerDue(page, hold.deadline);
}

/** Writes what a hold is now into the record under way; remaining 0: closed. */
export function writeHold(work: DueWork, hold: Hold): void {
  const numbers = [hold.asset, hold.remaining, hold.deadline, ...hold.slices];
  const texts = [hold.owner, hold.id, ...(hold.isPending ? [PENDING] : [])];
  work.draft.effects.extra(EXTRA.hold, numbers, texts);
}
