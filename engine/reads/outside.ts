// What partners were asked for, and what does not agree with them, as it is kept. Owns: the answers, out of records. Never touches: state; who may see them.

import type { OwnRecords } from '../api.js';
import { PLATFORM_MEMBER } from '../programme/coalition/members.js';
import { isOfPlatform, MEMBER } from '../programme/earning/member.js';
import type { InboundOperation } from '../programme/outside/inbound.js';
import {
  INCONSISTENCY,
  inconsistencyId,
  inconsistencyOwner,
  type KeptInconsistency,
  OPEN_INCONSISTENCY,
  OPEN_LISTS,
  openInconsistencies,
  RESOLVED_INCONSISTENCY,
  resolvedInconsistencies,
} from '../programme/outside/inconsistencies.js';
import {
  inboundKeyAt,
  type KeptOperation,
  LISTED_OPERATION,
  OPERATION,
  OPERATION_KEY,
  OPERATION_LISTS,
  OPERATIONS_HOUR_MS,
  operationKey,
  operationListOwner,
  operationOwner,
  operationsOwner,
  toldOperation,
} from '../programme/outside/operations.js';
import {
  EXCHANGE_OWNER,
  exchangeOfOperation,
  exchangeOwner,
  exchangingList,
  exchangingOwner,
  isEnded,
  type KeptExchange,
  type ListedExchange,
  OPEN_EXCHANGE,
  OWNER_KEY,
  PARTNER_EXCHANGE,
  toldExchange,
} from '../programme/outside/process.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';
import type { Inconsistency, PartnerExchange, PartnerOperation } from '../protocol/outside.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;
type Listed = KeptOperation & { readonly operation: string };

const LISTED = recordTypeOf(LISTED_OPERATION);
const BY_ID = recordTypeOf(OPERATION);
const [MEMBERS, EARLIER] = [recordTypeOf(PLATFORM_MEMBER), recordTypeOf(MEMBER)];
const KEPT = recordTypeOf(INCONSISTENCY);
const OPEN = recordTypeOf(OPEN_INCONSISTENCY);
const EXCHANGE = recordTypeOf(PARTNER_EXCHANGE);
const OWNER = recordTypeOf(EXCHANGE_OWNER);
const OPEN_LISTED = recordTypeOf(OPEN_EXCHANGE);
const RESOLVED = recordTypeOf(RESOLVED_INCONSISTENCY);
const PAGE = 1_024;

export {
  EXCHANGING_LISTS,
  exchangeIdOf as partnerExchangeId,
} from '../programme/outside/process.js';

/** Who keeps which exchanges are open that are in a list, from 0 on. */
export const partnerExchangesOwner = exchangingOwner;
/** The list that an exchange is in while it is open. */
export const partnerExchangeList = exchangingList;

/** An exchange with a partner outside; undefined: there is none, or it ended long ago. */
export async function partnerExchangeAt(
  own: Own,
  exchange: string,
): Promise<PartnerExchange | undefined | Refused> {
  const found = await keptExchange(own, exchange);
  if (found === undefined || isRefusal(found)) return found;
  return toldExchange(exchange, found.owner, found.kept);
}

async function keptExchange(
  own: Own,
  exchange: string,
): Promise<{ readonly owner: string; readonly kept: KeptExchange } | undefined | Refused> {
  const of = await own.record(exchangeOwner(exchange), OWNER, OWNER_KEY);
  if (of === undefined || isRefusal(of)) return of;
  const owner = recordValueIn(of.value) as string;
  const found = await own.record(owner, EXCHANGE, exchange);
  if (found === undefined || isRefusal(found)) return found;
  return { owner, kept: recordValueIn(found.value) as KeptExchange };
}

/** Those of a member who gives, the newest first: all that are kept, RECORDS_MAX at most. */
export async function partnerExchangesOf(
  own: Own,
  owner: string,
): Promise<readonly PartnerExchange[] | Refused> {
  const all: PartnerExchange[] = [];
  for (let after: string | undefined; ; ) {
    const page = await own.records({ owner, recordType: EXCHANGE, after, limit: PAGE });
    if (isRefusal(page)) return page;
    for (const { key, value } of page)
      all.push(toldExchange(key, owner, recordValueIn(value) as KeptExchange));
    after = page.at(-1)?.key;
    if (page.length < PAGE) break;
  }
  return all.sort((a, b) => b.submittedAt - a.submittedAt || (a.exchange < b.exchange ? -1 : 1));
}

/** One that is open. */
export interface OpenPartnerExchange {
  readonly exchange: string;
  /** Who gives: whose acts are about it. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
}

/** Exchanges that are open in a list, by their ids, a page of them; fewer than `limit`: there are no more. */
export async function openPartnerExchanges(
  own: Own,
  list: number,
  { after, limit = PAGE }: { readonly after?: string | undefined; readonly limit?: number } = {},
): Promise<readonly OpenPartnerExchange[] | Refused> {
  const owner = exchangingOwner(list);
  const page = await own.records({ owner, recordType: OPEN_LISTED, after, limit });
  if (isRefusal(page)) return page;
  return page.map(({ key, value }) => ({
    ...(recordValueIn(value) as ListedExchange),
    exchange: key,
  }));
}

/** Lists that are read at once: most are empty, and each read takes its way to a shard. */
const LISTS_AT_ONCE = 32;

/** Operations of a partner in [from, until), hour by hour, in no order within one; a refusal ends them. */
export async function* partnerOperations(
  own: Own,
  partner: string,
  from: number,
  until: number,
): AsyncGenerator<readonly PartnerOperation[] | Refused, void, void> {
  const last = Math.ceil(until / OPERATIONS_HOUR_MS);
  const read = (hour: number, list: number, after?: string) =>
    own.records({
      ...{ owner: operationsOwner(partner, hour, list), recordType: LISTED, after, limit: PAGE },
    });
  for (let hour = Math.floor(from / OPERATIONS_HOUR_MS); hour < last; hour++)
    for (let first = 0; first < OPERATION_LISTS; first += LISTS_AT_ONCE) {
      const lists = Array.from({ length: LISTS_AT_ONCE }, (_, i) => first + i);
      const pages = await Promise.all(lists.map((list) => read(hour, list)));
      for (const [i, begin] of pages.entries())
        for (let page = begin; ; ) {
          if (isRefusal(page)) {
            yield page;
            return;
          }
          const all = page.map(({ value }) =>
            toldOperation(partner, recordValueIn(value) as Listed),
          );
          const within = all.filter(({ at }) => at >= from && at < until);
          if (within.length > 0) yield within;
          if (page.length < PAGE) break;
          page = await read(hour, first + i, page.at(-1)?.key);
        }
    }
}

/**
 * What a partner was asked for under an id, as it is now; undefined: nothing is known of it. `pending` as long as its exchange is under way, whatever was
 * answered so far. `at`: where the time of its list is known.
 */
export async function askedOperation(
  own: Own,
  partner: string,
  operation: string,
  at?: number,
): Promise<PartnerOperation | undefined | Refused> {
  const of = exchangeOfOperation(operation);
  const exchange = of && (await keptExchange(own, of.exchange));
  if (exchange !== undefined && isRefusal(exchange)) return exchange;
  const side = of && exchange?.kept[of.side];
  const time = at ?? (side?.platform === partner && side.state !== null ? side.at : null);
  if (time === null) return undefined;
  const owner = operationListOwner(partner, operation, time);
  const found = await own.record(owner, LISTED, operationKey(operation, 'out'));
  if (found === undefined || isRefusal(found)) return found;
  const told = toldOperation(partner, recordValueIn(found.value) as Listed);
  const isOpen = exchange !== undefined && !isEnded(exchange.kept);
  return isOpen ? { ...told, state: 'pending' } : told;
}

/** What a partner has asked for under an id; undefined: it has not. */
export async function inboundOperation(
  own: Own,
  partner: string,
  operation: string,
): Promise<InboundOperation | undefined | Refused> {
  const found = await own.record(operationOwner(partner, operation), BY_ID, OPERATION_KEY);
  if (found === undefined || isRefusal(found)) return found;
  return recordValueIn(found.value) as InboundOperation;
}

type Inbound = InboundOperation & { readonly operation: string };

/** A page of what a partner has asked for. */
export interface InboundPage {
  readonly operations: readonly Inbound[];
  /** Where it goes on; undefined: this is the last one. */
  readonly next: InboundPlace | undefined;
}

/** A place among what a partner has asked for: of an hour since 1970, behind a key. */
export interface InboundPlace {
  readonly hour: number;
  readonly after: string;
}

/** Which part of the lists is read. */
interface InboundQuery {
  /** Milliseconds since 1970: [from, until). */
  readonly from: number;
  readonly until: number;
  /** Left out: from the beginning. */
  readonly at?: InboundPlace | undefined;
  readonly limit: number;
}

/** Lists that are read at a time; hours that are looked through for one page. */
const LISTS_AT_A_TIME = 32;
const HOURS_OF_PAGE = 4;
/** Of each list of an hour so many of a page are read at a time, and this part of it. */
const LEAST_OF_LIST = 8;
const PART_OF_LIST = 64;

/**
 * What a partner has asked for, the oldest first, a page of at most `limit` from a place on. A page ends, too, where so many hours were looked through: it
 * may be empty.
 */
export async function inboundOperations(
  own: Own,
  partner: string,
  { from, until, at, limit }: InboundQuery,
): Promise<InboundPage | Refused> {
  const all: Inbound[] = [];
  const end = inboundKeyAt(until);
  const first = Math.floor(from / OPERATIONS_HOUR_MS);
  const last = Math.ceil(until / OPERATIONS_HOUR_MS);
  let place: InboundPlace = at ?? { hour: first, after: inboundKeyAt(from) };
  for (const ends = place.hour + HOURS_OF_PAGE; place.hour < last; ) {
    if (place.hour === ends) return { operations: all, next: place };
    const found = await ofHour(own, partner, place, end, limit - all.length);
    if (isRefusal(found)) return found;
    for (const [key, one] of found.operations) {
      if (all.length === limit) return { operations: all, next: place };
      all.push(one);
      place = { ...place, after: key };
    }
    if (found.isAll) place = { hour: place.hour + 1, after: place.after };
    else if (found.operations.length === 0) place = { ...place, after: found.behind };
  }
  return { operations: all, next: undefined };
}

/** Those of an hour behind a key and before another one, in their order: as many as are certain to have nothing between them. */
async function ofHour(
  own: Own,
  partner: string,
  { hour, after }: InboundPlace,
  end: string,
  wanted: number,
) {
  const limit = Math.max(LEAST_OF_LIST, Math.ceil(wanted / PART_OF_LIST));
  const found: [string, Inbound][] = [];
  let behind = end;
  let isAll = true;
  for (let from = 0; from < OPERATION_LISTS; from += LISTS_AT_A_TIME) {
    const pages = await Promise.all(
      Array.from({ length: LISTS_AT_A_TIME }, (_, n) => {
        const owner = operationsOwner(partner, hour, from + n);
        return own.records({ owner, recordType: LISTED, after, limit });
      }),
    );
    for (const page of pages) {
      if (isRefusal(page)) return page;
      for (const { key, value } of page)
        if (key < end) found.push([key, recordValueIn(value) as Inbound]);
      const lastKey = page.length === limit ? page.at(-1)?.key : undefined;
      if (lastKey === undefined || lastKey >= end) continue;
      // What its list has behind this is not known yet.
      isAll = false;
      if (lastKey < behind) behind = lastKey;
    }
  }
  const operations = found
    .filter(([key]) => key <= behind)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return { operations, isAll, behind };
}

/** Is somebody one of the users of one of these platforms? */
export async function isUserOf(
  own: Own,
  owner: string,
  platforms: readonly string[],
): Promise<boolean | Refused> {
  for (const platform of platforms) {
    const found = await own.record(owner, MEMBERS, platform);
    if (isRefusal(found)) return found;
    if (found !== undefined) return true;
    const earlier = await own.record(owner, EARLIER, platform);
    if (isRefusal(earlier)) return earlier;
    if (earlier !== undefined && isOfPlatform(recordValueIn(earlier.value))) return true;
  }
  return false;
}

/** An inconsistency; undefined: there is none. */
export async function inconsistencyAt(
  own: Own,
  id: string,
): Promise<Inconsistency | undefined | Refused> {
  const found = await own.record(inconsistencyOwner(id), KEPT, id);
  if (found === undefined || isRefusal(found)) return found;
  const { kind, state, partner, finding, openedAt, ...some } = recordValueIn(
    found.value,
  ) as KeptInconsistency;
  return {
    ...{ inconsistency: id, kind, state, partner, finding, openedAt },
    ...Object.fromEntries(Object.entries(some).filter(([, value]) => value !== null)),
  };
}

/** Ids of what is open with a partner. */
export async function openInconsistenciesOf(
  own: Own,
  partner: string,
): Promise<readonly string[] | Refused> {
  const all: string[] = [];
  for (let list = 0; list < OPEN_LISTS; list++)
    for (let after: string | undefined; ; ) {
      const owner = openInconsistencies(partner, list);
      const page = await own.records({ owner, recordType: OPEN, after, limit: PAGE });
      if (isRefusal(page)) return page;
      all.push(...page.map(({ key }) => key));
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
  return all;
}

/** A page of what is open with a partner, or was resolved on a day (its number since 1970), behind a place. */
export async function inconsistencyPage(
  own: Own,
  partner: string,
  day: number | undefined,
  { list, after, limit }: InconsistencyPlace,
): Promise<readonly ListedInconsistency[] | Refused> {
  const owner =
    day === undefined
      ? openInconsistencies(partner, list)
      : resolvedInconsistencies(partner, day, list);
  const recordType = day === undefined ? OPEN : RESOLVED;
  const page = await own.records({ owner, recordType, after, limit });
  if (isRefusal(page)) return page;
  return page.map(({ key, value }) => {
    const { kind, resolvedAt } = recordValueIn(value) as Pick<
      KeptInconsistency,
      'kind' | 'resolvedAt'
    >;
    const inconsistency = day === undefined ? key : key.slice(key.indexOf('-') + 1);
    return { key, inconsistency, kind, ...(day === undefined ? {} : { resolvedAt }) };
  });
}

/** Where a page begins: in which of the lists, behind which key. */
export interface InconsistencyPlace {
  readonly list: number;
  readonly after: string | undefined;
  readonly limit: number;
}

/** What a list says of one. */
export interface ListedInconsistency {
  readonly key: string;
  readonly inconsistency: string;
  readonly kind: KeptInconsistency['kind'];
  readonly resolvedAt?: number | null;
}

export {
  exchangeOfOperation,
  inconsistencyId,
  inconsistencyOwner,
  OPEN_LISTS as INCONSISTENCY_LISTS,
};
