// Pages compared with the books, account by account. Owns: what of a page must agree, and what may differ (its layout).
// Never touches: where the page comes from: the stored state, or the log replayed by the rules.

import { F, I, tagOf } from '../ledger/page.js';
import { BUCKET_TARGET, NO_SOURCE, Pages, type PagesShape } from '../ledger/pages.js';
import { NEVER } from '../limits.js';
import { ownerHash } from '../protocol/hash.js';
import { type Books, ROW } from './books.js';
import { nextNotice } from './notice-check.js';
import { PageView, type StoredHold, type StoredOwnerRecord } from './page-view.js';

const FIELDS: readonly (readonly [number, number, string])[] = [
  [F.available, ROW.available, 'available'],
  [F.held, ROW.held, 'held'],
  [F.earned, ROW.earned, 'earned'],
  [F.spent, ROW.spent, 'spent'],
  [F.expired, ROW.expired, 'expired'],
  [F.creditLimit, ROW.creditLimit, 'credit limit'],
  [F.version, ROW.version, 'version'],
  [F.headSeq, ROW.headSeq, 'block of the last entry'],
  [F.skip1Seq, ROW.skips, 'block of the last entry of 64'],
  [F.skip2Seq, ROW.skips + 2, 'block of the last entry of 4,096'],
  [F.skip3Seq, ROW.skips + 4, 'block of the last entry of 262,144'],
];
const WORDS: readonly (readonly [number, number, string])[] = [
  [I.flags, ROW.flags, 'flags'],
  [I.headOffset, ROW.headOffset, 'place of the last entry'],
  [I.skip1Offset, ROW.skips + 1, 'place of the last entry of 64'],
  [I.skip2Offset, ROW.skips + 3, 'place of the last entry of 4,096'],
  [I.skip3Offset, ROW.skips + 5, 'place of the last entry of 262,144'],
];

/** Thrown where a page and the books differ. */
export class Differs extends Error {}

function differs(what: string): never {
  throw new Differs(what);
}

/** All pages of one state, one after the other. */
export class PageCompare {
  readonly #books: Books;
  readonly #pages: Pages;
  #accounts = 0;
  #holds = 0;
  #records = 0;

  constructor(books: Books, shape: PagesShape) {
    this.#books = books;
    const { buckets, accounts } = shape;
    const should = Math.max(1, Math.ceil(books.count / BUCKET_TARGET));
    if (accounts !== books.count || buckets !== should) {
      differs(
        `has ${accounts} accounts in ${buckets} buckets, and the log makes ${books.count} in ${should}`,
      );
    }
    this.#pages = new Pages(NO_SOURCE, shape, new Float64Array(0));
  }

  /** Compares the page of a bucket. `due`: nothing in it is due before that, as somebody says. */
  add(bucket: number, bytes: Uint8Array, due: number): void {
    let page: PageView;
    try {
      page = new PageView(bytes);
    } catch (error) {
      differs(`page ${bucket}: ${(error as Error).message}`);
    }
    if (page.bucket !== bucket) differs(`page ${bucket} says that it is ${page.bucket}`);
    const seen = new Set<number | string>();
    const dueOf = new Map<number, number>();
    let soonest = NEVER;
    let telling = NEVER;
    for (const hold of page.holds) {
      const account = this.#hold(bucket, hold);
      once(seen, `hold ${hold.owner} ${hold.id}`);
      dueOf.set(account, Math.min(dueOf.get(account) ?? NEVER, hold.deadline));
    }
    for (const record of page.records) {
      this.#record(bucket, record);
      once(seen, `record ${record.owner} ${record.type} ${record.key}`);
      soonest = Math.min(soonest, record.expiresAt);
    }
    for (let index = 0; index < page.count; index++) {
      const account = this.#account(page, bucket, index);
      once(seen, account);
      const accountDue = Math.min(dueOf.get(account) ?? NEVER, lotDue(this.#books.lots[account]));
      if (page.due(index) > accountDue)
        differs(`page ${bucket}: ${this.#books.say(account)} is due earlier than it says`);
      soonest = Math.min(soonest, accountDue);
      telling = Math.min(
        telling,
        this.#notice(account, page.told.get(page.i(index, I.asset)) ?? 0),
      );
    }
    if (page.nextDue > soonest || due > Math.min(soonest, telling))
      differs(`page ${bucket}: something in it is due earlier than it says`);
    this.#accounts += page.count;
    this.#holds += page.holds.length;
    this.#records += page.records.length;
  }

  /** After all pages: is there as much in them as in the books? */
  end(): void {
    const { count, holds, records } = this.#books;
    for (const [what, is, should] of [
      ['accounts', this.#accounts, count],
      ['holds', this.#holds, holds.size],
      ['records', this.#records, records.size],
    ] as const) {
      if (is !== should) differs(`has ${is} ${what}, and the log makes ${should}`);
    }
  }

  /** When the account's next notice is. */
  #notice(account: number, until: number): number {
    try {
      return nextNotice(this.#books, account, until);
    } catch (error) {
      return differs(`${this.#books.say(account)}: ${(error as Error).message}`);
    }
  }

  #inBucket(bucket: number, owner: string): number {
    const hash = ownerHash(owner);
    if (this.#pages.bucketOf(hash) !== bucket) {
      differs(`page ${bucket}: ${owner} belongs into page ${this.#pages.bucketOf(hash)}`);
    }
    return hash;
  }

  #account(page: PageView, bucket: number, index: number): number {
    const books = this.#books;
    const owner = page.owner(index);
    const asset = page.i(index, I.asset);
    const account = books.find(owner, asset);
    if (account < 0)
      differs(`page ${bucket}: ${owner} in asset ${asset}, of whom the log knows nothing`);
    const hash = this.#inBucket(bucket, owner);
    if (page.i(index, I.hash) !== (hash | 0) || page.tag(index) !== tagOf(hash, asset)) {
      differs(`page ${bucket}: ${books.say(account)} would not be found`);
    }
    for (const [field, row, what] of FIELDS)
      this.#same(account, what, page.f(index, field), books.get(account, row));
    for (const [field, row, what] of WORDS)
      this.#same(account, what, page.i(index, field), books.get(account, row));
    const [is, should] = [Array.from(page.lots(index)).join(), (books.lots[account] ?? []).join()];
    if (is !== should) differs(`${books.say(account)} has lots ${is}, and the log makes ${should}`);
    return account;
  }

  #same(account: number, what: string, is: number, should: number): void {
    if (is !== should)
      differs(`${this.#books.say(account)} has ${what} ${is}, and the log makes ${should}`);
  }

  /** The number of the hold's account. */
  #hold(bucket: number, hold: StoredHold): number {
    this.#inBucket(bucket, hold.owner);
    const known = this.#books.hold(hold.owner, hold.id);
    const text = ({ owner, id, asset, remaining, deadline, slices, ...how }: StoredHold): string =>
      JSON.stringify([owner, id, asset, remaining, deadline, slices, how.isPending]);
    if (known === undefined || text(known) !== text(hold)) {
      differs(
        `page ${bucket} has hold ${text(hold)}, and the log makes ${known === undefined ? 'none' : text(known)}`,
      );
    }
    return this.#books.find(hold.owner, hold.asset);
  }

  #record(bucket: number, record: StoredOwnerRecord): void {
    this.#inBucket(bucket, record.owner);
    const { owner, type, key, version, expiresAt } = record;
    const known = this.#books.record(owner, type, key);
    if (
      known === undefined ||
      known.version !== version ||
      known.expiresAt !== expiresAt ||
      Buffer.compare(known.value, record.value) !== 0
    ) {
      differs(`page ${bucket}: record ${type} ${key} of ${owner} is not what the log makes it`);
    }
  }
}

function once(seen: Set<number | string>, what: number | string): void {
  if (seen.has(what))
    differs(`something is in a page twice: ${typeof what === 'number' ? 'an account' : what}`);
  seen.add(what);
}

/** When something available expires at the soonest. */
function lotDue(lots: readonly number[] | undefined): number {
  for (let i = 0; lots !== undefined && i < lots.length; i += 3)
    if ((lots[i + 1] as number) > 0) return lots[i] as number;
  return NEVER;
}
