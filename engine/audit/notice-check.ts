// What records say of lots that will expire, ahead of it. Owns: that each lot is told once, as it is. Never touches: when ticks come.
//   audit.E1. Told is what is there, is not over, and expires soon enough by its asset; and no lot a second time.
//   audit.E2. Of a page, what expires by the time that it says has been told, and nothing else.

import { DAY_MS, NEVER } from '../limits.js';
import type { Books } from './books.js';
import { broken } from './broken.js';

/** Where a lot is among (expiry, available, held); -1: it is not. */
const placeOf = (lots: readonly number[], expiry: number): number =>
  lots.findIndex((one, place) => place % 3 === 0 && one === expiry);

export class NoticeCheck {
  readonly #books: Books;

  constructor(books: Books) {
    this.#books = books;
  }

  /** E1. */
  said(numbers: readonly number[], owner: string): void {
    const books = this.#books;
    const [asset = -1, ...told] = numbers;
    const account = books.find(owner, asset);
    if (account < 0) broken(`tells of lots of ${owner}, who has none`);
    const lots = books.lots[account] ?? [];
    const days = books.assets[asset]?.expiryNoticeDays ?? 0;
    for (let at = 0; at < told.length; at += 3) {
      const [expiry = 0, available, held] = told.slice(at, at + 3);
      const what = `${books.say(account)}: the lot of ${expiry}`;
      const lot = placeOf(lots, expiry);
      if (lot < 0 || lots[lot + 1] !== available || lots[lot + 2] !== held)
        broken(`E1: ${what} is told with ${available} and ${held} held`);
      const isSoon = expiry <= books.time + days * DAY_MS || books.lessened.has(asset);
      if (!isSoon || days === 0 || expiry <= books.time)
        broken(`E1: ${what} is told at ${books.time}, with ${days} days`);
      const known = books.told[account] ?? [];
      if (known.includes(expiry)) broken(`E1: ${what} is told a second time`);
      books.told[account] = [...known, expiry];
    }
  }
}

/** What of an account's lots have been told are those that are left, where they are told of. */
export function forgetGone(books: Books, account: number): void {
  const lots = books.lots[account] ?? [];
  const left = books.told[account]?.filter((expiry) => placeOf(lots, expiry) >= 0);
  books.told[account] = left === undefined || left.length === 0 ? undefined : left;
}

/**
 * E2, of an account in a page that has told up to `until`. Returns when a tick must look at it at the latest: the first moment at which one of its
 * lots is to be told; NEVER: none is. Throws what is wrong.
 */
export function nextNotice(books: Books, account: number, until: number): number {
  const asset = books.assetOf[account] as number;
  const days = books.assets[asset]?.expiryNoticeDays ?? 0;
  const told = books.told[account] ?? [];
  const lots = books.lots[account] ?? [];
  for (let at = 0; at < lots.length; at += 3) {
    const expiry = lots[at] as number;
    if (expiry <= books.time || expiry === NEVER) continue;
    const isTold = told.includes(expiry);
    if (expiry > until && isTold) throw new Error(`E2: the lot of ${expiry} was told too early`);
    if (expiry <= until && !isTold && !books.lessened.has(asset))
      throw new Error(`E2: the lot of ${expiry} was not told`);
    if (expiry > until) return days === 0 ? NEVER : expiry - days * DAY_MS;
  }
  return NEVER;
}
