// Who has seen personal data in clear. Owns: these records, what is one look, how many are kept. Never touches: who may see what, the data.
//   privacy.D1. A look is written down before what was asked for is told; where it cannot be, nothing is told.
//   privacy.D2. Looks of one caller at the same of a member, the same way, are one in each hour: who looks again and again fills nothing.
//   privacy.D3. Of a member so many are kept as records of an owner may be, each for `disclosureDays`; beyond that the oldest give way to the newest.

import { createHash } from 'node:crypto';
import { type Engine, limits } from '../../engine/index.js';
import type { Principal } from '../auth/principal.js';
import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** What was seen: where orders go to, how a member is reached, all that is known of it, where it is signed in, personal attributes. */
export const DISCLOSED = ['receiver', 'contact', 'export', 'sessions', 'attribute'] as const;
export type Disclosed = (typeof DISCLOSED)[number];

/** A look, as it is kept. */
export interface Disclosure {
  /** Milliseconds since 1970: the first in its hour. */
  readonly at: number;
  /** Who: of which kind, and as the ledger knows it. */
  readonly kind: Principal['kind'];
  readonly by: string;
  readonly what: Disclosed;
  /** Which route told it. */
  readonly way: string;
}

export interface DisclosurePage {
  readonly disclosures: readonly Disclosure[];
  /** For the next page. */
  readonly cursor?: string | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TYPE = 'disclosure';
/** So that the newest are first: the keys count down. */
const LAST_HOUR = 9_999_999;
const HOUR_DIGITS = 7;
const DIGEST_LETTERS = 20;
/** Looks of the last hour that are known to be written down. */
const KNOWN_MAX = 50_000;
/** Written at a time. */
const AT_ONCE = 64;
/** So many give way where there is no room. */
const GIVE_WAY = 64;

/** How keys look. */
export const DISCLOSURE_KEY = `^[0-9]{${HOUR_DIGITS}}-[0-9a-f]{${DIGEST_LETTERS}}$`;

const digestOf = (text: string, letters: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, letters);
const placeOf = (owner: string): { readonly owner: string; readonly recordType: string } => ({
  owner: `#disclosures:${digestOf(owner, 32)}`,
  recordType: TYPE,
});

/** Who looks, as the ledger knows it. */
const nameOf = ({ kind, id, principal, audited }: Principal): string =>
  audited ?? principal ?? `${kind}:${id}`;

export class Disclosures {
  readonly #days: number;
  /** Until which hour a look is known. */
  readonly #known = new Map<string, number>();

  constructor(days: number) {
    this.#days = days;
  }

  /** Writes down that somebody is about to see this of these members; a refusal where it cannot be. Of members who see their own nothing is written. */
  async note(
    ledger: Pick<Engine, 'now'> & OwnLedger,
    principal: Principal,
    of: Pick<Disclosure, 'what' | 'way'>,
    owners: Iterable<string>,
  ): Promise<Refusal | undefined> {
    if (principal.kind === 'member') return undefined;
    const at = ledger.now();
    const look: Disclosure = { at, kind: principal.kind, by: nameOf(principal), ...of };
    const all = [...new Set(owners)];
    for (let i = 0; i < all.length; i += AT_ONCE) {
      const some = all.slice(i, i + AT_ONCE);
      const came = await Promise.all(some.map((owner) => this.#noteOne(ledger, owner, look)));
      const no = came.find((one) => one !== undefined);
      if (no !== undefined) return no;
    }
    return undefined;
  }

  async #noteOne(ledger: OwnLedger, owner: string, look: Disclosure): Promise<Refusal | undefined> {
    const { at, kind, by, what, way } = look;
    const hour = Math.floor(at / HOUR_MS);
    const name = digestOf(JSON.stringify([owner, kind, by, what, way]), DIGEST_LETTERS);
    if (this.#known.get(name) === hour) return undefined;
    const key = `${String(LAST_HOUR - hour).padStart(HOUR_DIGITS, '0')}-${name}`;
    const expiresAt = at + this.#days * DAY_MS;
    const value = Buffer.from(JSON.stringify(look));
    const put = {
      type: 'put-record',
      ...placeOf(owner),
      key,
      value,
      ifVersion: 0,
      expiresAt,
    } as const;
    let outcome = await ledger.own.submit(put);
    if (!outcome.ok && outcome.code === 'RECORD_LIMIT') {
      const no = await this.#giveWay(ledger, owner);
      if (no !== undefined) return no;
      outcome = await ledger.own.submit(put);
    }
    if (!outcome.ok && outcome.code !== 'RECORD_VERSION_MISMATCH') return outcome;
    this.#known.delete(name);
    this.#known.set(name, hour);
    if (this.#known.size > KNOWN_MAX) this.#known.delete(this.#known.keys().next().value as string);
    return undefined;
  }

  /** Removes the oldest of a member. */
  async #giveWay({ own }: OwnLedger, owner: string): Promise<Refusal | undefined> {
    const place = placeOf(owner);
    const keys: string[] = [];
    for (;;) {
      const page = await own.records({ ...place, after: keys.at(-1) });
      if (isRefusal(page)) return page;
      keys.push(...page.map(({ key }) => key));
      if (page.length < limits.RECORDS_PAGE_MAX) break;
    }
    for (const key of keys.slice(-GIVE_WAY)) {
      const outcome = await own.submit({ type: 'delete-record', ...place, key });
      if (!outcome.ok && outcome.code !== 'RECORD_NOT_FOUND') return outcome;
    }
    return undefined;
  }
}

/** Looks at a member, the newest first. */
export async function disclosuresOf(
  { own }: OwnLedger,
  owner: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<DisclosurePage | Refusal> {
  if (cursor !== undefined && !new RegExp(DISCLOSURE_KEY).test(cursor))
    return refuse('CURSOR_INVALID', 'cursor');
  const page = await own.records({ ...placeOf(owner), after: cursor, limit });
  if (isRefusal(page)) return page;
  const disclosures = page.map(
    ({ value }) => JSON.parse(Buffer.from(value).toString('utf8')) as Disclosure,
  );
  return page.length < limit ? { disclosures } : { disclosures, cursor: page.at(-1)?.key };
}
