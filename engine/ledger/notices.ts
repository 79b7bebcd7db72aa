// What is told ahead of expiry: so many days before, or when points come later. Owns: which lots have been told. Never touches: balances;
// what is told of them.
//   ledger.K1. By page and asset it is known up to which expiry all lots have been told. A tick of the bucket tells what expires after that
//       and, by the days of the asset, soon enough, and moves that on.
//   ledger.K2. A lot that comes below it is told by the record that makes it. So a lot is told once as long as there is something in it.
//   ledger.K3. What is past its expiry is not told any more; what is of an asset without notices, never. Where the days become fewer, what was told
//       stays told, and what comes within that span is told when it comes.

import { NEVER } from '../limits.js';
import type { Draft } from '../protocol/draft.js';
import { EXTRA } from '../protocol/effects.js';
import { Name } from '../protocol/name.js';
import type { AccountDraft } from './account-draft.js';
import { I, LOT_FIELDS, type Page } from './page.js';
import type { State } from './state.js';

/** What notices need of the work under way. */
interface NoticeWork {
  readonly state: State;
  readonly draft: Draft;
  readonly time: number;
}

/** Lots of an account that the record under way has made and tells. */
interface Made {
  readonly owner: string;
  readonly asset: number;
  readonly expiries: number[];
}

const byOwner = (a: Made, b: Made): number =>
  a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.asset - b.asset;

export class Notices {
  readonly #work: NoticeWork;
  readonly #made: Made[] = [];

  constructor(work: NoticeWork) {
    this.#work = work;
  }

  /** Nothing of a record that was given up is told. */
  clear(): void {
    if (this.#made.length > 0) this.#made.length = 0;
  }

  /** The record under way has changed lots of an account, by the slices of its next entry. */
  changed(account: AccountDraft, page: Page): void {
    const { state, time } = this.#work;
    const { asset, name, slices, sliceNumbers } = account;
    const ahead = state.assets.noticeMs[asset] as number;
    const told = page.told?.get(asset) ?? 0;
    for (let i = 0; i < sliceNumbers; i += 3) {
      const expiry = slices[i] as number;
      const more = (slices[i + 1] as number) + (slices[i + 2] as number);
      if (more <= 0 || expiry === NEVER) continue;
      if (expiry > told) state.pages.lowerTelling(page, expiry - ahead);
      else if (expiry > time && this.isNew(account, expiry, more))
        this.#made.push({ owner: name.text, asset, expiries: [expiry] });
    }
  }

  /** Is so much all that there is in a lot of the account: was it not there before? */
  isNew(account: AccountDraft, expiry: number, more: number): boolean {
    const { available = 0, held = 0 } = account.lot(expiry) ?? {};
    return available + held === more;
  }

  /** When the next tick of a page's bucket has something to tell; NEVER: nothing. */
  next(page: Page): number {
    const { state, time } = this.#work;
    let next = NEVER;
    for (let index = 0; index < page.count; index++) {
      const asset = page.i32[page.n(index) + I.asset] as number;
      const ahead = state.assets.noticeMs[asset] as number;
      if (ahead === 0) continue;
      const from = Math.max(time, page.told?.get(asset) ?? 0);
      const first = lotAfter(page, index, from);
      if (first !== NEVER && first - ahead < next) next = first - ahead;
    }
    return next;
  }

  /** In a tick of a page's bucket: tells what is to be told now. */
  tell(page: Page): void {
    const { state, time } = this.#work;
    if (this.next(page) > time) return;
    state.pages.touch(page);
    const found: Made[] = [];
    for (let index = 0; index < page.count; index++) {
      const asset = page.i32[page.n(index) + I.asset] as number;
      const until = time + (state.assets.noticeMs[asset] as number);
      let expiry = lotAfter(page, index, Math.max(time, page.told?.get(asset) ?? 0));
      if (expiry > until) continue;
      const expiries: number[] = [];
      for (; expiry <= until; expiry = lotAfter(page, index, expiry)) expiries.push(expiry);
      found.push({ owner: page.ownerAt(index), asset, expiries });
    }
    for (const one of found.sort(byOwner)) this.#write(page, one);
    page.told ??= new Map();
    for (const { asset } of found)
      page.told.set(
        asset,
        Math.max(page.told.get(asset) ?? 0, time + (state.assets.noticeMs[asset] as number)),
      );
  }

  /** Before the record under way ends: tells the lots that it has made, as they are now. */
  end(): void {
    if (this.#made.length === 0) return;
    for (const one of joined(this.#made.splice(0)))
      this.#write(this.#work.state.pages.pageOf(Name.of(one.owner).hash), one);
  }

  #write(page: Page, { owner, asset, expiries }: Made): void {
    const index = page.find(Name.of(owner), asset);
    const n = page.n(index);
    const at = page.lotsAt + (page.i32[n + I.lotOffset] as number);
    const numbers = [asset];
    for (let lot = 0; lot < (page.i32[n + I.lotCount] as number); lot++) {
      const [expiry = 0, available = 0, held = 0] = page.f64.subarray(
        at + lot * LOT_FIELDS,
        at + (lot + 1) * LOT_FIELDS,
      );
      if (expiries.includes(expiry)) numbers.push(expiry, available, held);
    }
    if (numbers.length > 1) this.#work.draft.effects.extra(EXTRA.expiring, numbers, [owner]);
  }
}

/** The expiry of the first lot of an account that expires after `from`; NEVER: there is none that expires. */
function lotAfter(page: Page, index: number, from: number): number {
  const n = page.n(index);
  const at = page.lotsAt + (page.i32[n + I.lotOffset] as number);
  const end = at + (page.i32[n + I.lotCount] as number) * LOT_FIELDS;
  for (let lot = at; lot < end; lot += LOT_FIELDS)
    if ((page.f64[lot] as number) > from) return page.f64[lot] as number;
  return NEVER;
}

/** Each account once, with each lot once. */
function joined(made: readonly Made[]): Made[] {
  const accounts = new Map<string, Made>();
  for (const one of made) {
    const key = `${one.asset} ${one.owner}`;
    const known = accounts.get(key);
    if (known === undefined) accounts.set(key, one);
    else known.expiries.push(...one.expiries);
  }
  return [...accounts.values()];
}
