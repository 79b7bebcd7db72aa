// What partners were asked for, and what does not agree with them, as it is kept. Owns: the answers, out of records. Never touches: state; who may see them.

import type { OwnRecords } from '../api.js';
import { MEMBER } from '../programme/coalition/members.js';
import type { InboundOperation } from '../programme/outside/inbound.js';
import {
  INCONSISTENCY,
  inconsistencyOwner,
  type KeptInconsistency,
  OPEN_INCONSISTENCY,
  OPEN_LISTS,
  openInconsistencies,
} from '../programme/outside/inconsistencies.js';
import {
  type KeptOperation,
  LISTED_OPERATION,
  OPERATION,
  OPERATION_KEY,
  OPERATION_LISTS,
  OPERATIONS_HOUR_MS,
  operationOwner,
  operationsOwner,
  toldOperation,
} from '../programme/outside/operations.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { isRefusal, type OwnerRecord, type Refused } from '../protocol/outcomes.js';
import type { Inconsistency, PartnerOperation } from '../protocol/outside.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;
type Listed = KeptOperation & { readonly operation: string };

const LISTED = recordTypeOf(LISTED_OPERATION);
const BY_ID = recordTypeOf(OPERATION);
const MEMBERS = recordTypeOf(MEMBER);
const KEPT = recordTypeOf(INCONSISTENCY);
const OPEN = recordTypeOf(OPEN_INCONSISTENCY);
const PAGE = 1_024;

/** Operations of a partner in [from, until), hour by hour, in no order within one; a refusal ends them. */
export async function* partnerOperations(
  own: Own,
  partner: string,
  from: number,
  until: number,
): AsyncGenerator<readonly PartnerOperation[] | Refused, void, void> {
  const last = Math.ceil(until / OPERATIONS_HOUR_MS);
  for (let hour = Math.floor(from / OPERATIONS_HOUR_MS); hour < last; hour++)
    for (let list = 0; list < OPERATION_LISTS; list++)
      for (let after: string | undefined; ; ) {
        const owner = operationsOwner(partner, hour, list);
        const page = await own.records({ owner, recordType: LISTED, after, limit: PAGE });
        if (isRefusal(page)) {
          yield page;
          return;
        }
        const all = page.map(({ value }) => toldOperation(partner, recordValueIn(value) as Listed));
        const within = all.filter(({ at }) => at >= from && at < until);
        if (within.length > 0) yield within;
        after = page.at(-1)?.key;
        if (page.length < PAGE) break;
      }
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

/** A page of what a partner has asked for. */
export interface InboundPage {
  readonly operations: readonly (InboundOperation & { readonly operation: string })[];
  /** Behind what it goes on; undefined: this is the last one. */
  readonly next: InboundPlace | undefined;
}

/** A place in the lists: an hour since 1970, a list of it, and behind which key. */
export interface InboundPlace {
  readonly hour: number;
  readonly list: number;
  readonly after?: string | undefined;
}

/** Lists that are read at a time while they have little in them, and for one page. */
const LISTS_AT_A_TIME = 32;
const LISTS_OF_PAGE = 32 * LISTS_AT_A_TIME;

/** Which part of the lists is read. */
interface InboundQuery {
  /** Milliseconds since 1970: [from, until). */
  readonly from: number;
  readonly until: number;
  /** Left out: from the beginning. */
  readonly at?: InboundPlace | undefined;
  readonly limit: number;
}

/**
 * What a partner has asked for, a page of at most `limit` from a place on, in no order within an hour. A page ends, too, where so many lists were looked
 * through.
 */
export async function inboundOperations(
  own: Own,
  partner: string,
  { from, until, at, limit }: InboundQuery,
): Promise<InboundPage | Refused> {
  const last = Math.ceil(until / OPERATIONS_HOUR_MS);
  const all: (InboundOperation & { readonly operation: string })[] = [];
  let place: InboundPlace = at ?? { hour: Math.floor(from / OPERATIONS_HOUR_MS), list: 0 };
  let isSparse = false;
  for (let looked = 0; place.hour < last; ) {
    if (looked >= LISTS_OF_PAGE) return { operations: all, next: place };
    const { hour, list, after } = place;
    const lists: number = isSparse && after === undefined ? LISTS_AT_A_TIME : 1;
    const pages: readonly (readonly OwnerRecord[] | Refused)[] = await Promise.all(
      Array.from({ length: Math.min(lists, OPERATION_LISTS - list) }, (_, n) => {
        const owner = operationsOwner(partner, hour, list + n);
        return own.records({ owner, recordType: LISTED, after, limit: PAGE });
      }),
    );
    looked += pages.length;
    isSparse = true;
    for (const page of pages) {
      if (isRefusal(page)) return page;
      isSparse &&= page.length * LISTS_AT_A_TIME <= limit;
      for (const { key, value } of page) {
        const one = recordValueIn(value) as InboundOperation & { readonly operation: string };
        if (one.direction !== 'in' || one.at < from || one.at >= until) continue;
        if (all.length === limit) return { operations: all, next: place };
        all.push(one);
        place = { hour, list: place.list, after: key };
      }
      // A list that is longer is read on; those behind it are read again.
      const rest = page.length === PAGE ? page.at(-1)?.key : undefined;
      place = rest === undefined ? behind(place) : { ...place, after: rest };
      if (rest !== undefined) break;
    }
  }
  return { operations: all, next: undefined };
}

/** The next list, or the first one of the next hour. */
const behind = ({ hour, list }: InboundPlace): InboundPlace =>
  list + 1 < OPERATION_LISTS ? { hour, list: list + 1 } : { hour: hour + 1, list: 0 };

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
