// The operator's list of what does not agree with partners. Owns: pages of it, how something is opened and resolved. Never touches: what does not agree.

import {
  exchangeOfOperation,
  INCONSISTENCY_LISTS,
  type Inconsistency,
  type InconsistencyKind,
  inconsistencyAt,
  inconsistencyId,
  inconsistencyOwner,
  inconsistencyPage,
  type Outcome,
} from '../../engine/index.js';
import type { OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** Something that was found. Amounts in minor units. */
export interface Opening {
  readonly kind: InconsistencyKind;
  readonly partner: string;
  readonly finding: string;
  /** By what, with partner and finding, it is known. */
  readonly subject: string;
  readonly operation?: string | undefined;
  readonly asset?: string | undefined;
  readonly ours?: number | undefined;
  readonly theirs?: number | undefined;
}

const refusalOf = (outcome: Outcome): Refusal | undefined =>
  outcome.ok
    ? undefined
    : { ...outcome, id: undefined, field: outcome.field?.replace(/^body\./, '') };

/** Opens it; where it is open, nothing happens. */
export async function openInconsistency(
  { own }: OwnLedger,
  opening: Opening,
): Promise<Refusal | undefined> {
  const { partner, finding, subject, operation } = opening;
  const exchange = operation === undefined ? undefined : exchangeOfOperation(operation)?.exchange;
  const owner = inconsistencyOwner(inconsistencyId(partner, finding, subject));
  const said = Object.entries({ ...opening, exchange }).filter(([, value]) => value !== undefined);
  const body = Object.fromEntries(said);
  return refusalOf(await own.submit({ type: 'act', act: 'inconsistency-open', owner, body }));
}

/** Resolves it, for a reason that somebody says. */
export async function resolveInconsistency(
  { own }: OwnLedger,
  inconsistency: string,
  said: { readonly reason: string; readonly by: string },
): Promise<Refusal | undefined> {
  const owner = inconsistencyOwner(inconsistency);
  const body = { inconsistency, ...said };
  return refusalOf(await own.submit({ type: 'act', act: 'inconsistency-resolve', owner, body }));
}

/** One of them. */
export async function inconsistency(
  { own }: OwnLedger,
  id: string,
): Promise<Inconsistency | Refusal> {
  const found = await inconsistencyAt(own, id);
  return found ?? refuse('INCONSISTENCY_NOT_FOUND', 'inconsistency');
}

/** Which are asked for. */
export interface Asked {
  /** Those of these partners. */
  readonly partners: readonly string[];
  /** What is resolved of a day, by its number since 1970; left out: what is open. */
  readonly day?: number | undefined;
  readonly kind?: InconsistencyKind | undefined;
  readonly cursor?: string | undefined;
}

export interface InconsistencyPage {
  readonly inconsistencies: readonly Inconsistency[];
  readonly cursor?: string;
}

const PAGE = 100;
/** Lists that one page looks through at most, so that it is told soon. */
const LISTS_OF_PAGE = 256;
/** `<partner>.<list>.<key>`: behind that. */
const CURSOR = /^([a-z0-9][a-z0-9_-]{0,23})\.([0-9a-f])\.([A-Za-z0-9_-]{0,64})$/;
const HEX = 16;

/** A page of them, partner by partner; a cursor: there may be more. */
export async function inconsistencies(
  { own }: OwnLedger,
  { partners, day, kind, cursor }: Asked,
): Promise<InconsistencyPage | Refusal> {
  const begin = cursor === undefined ? FIRST : CURSOR.exec(cursor);
  if (begin === null) return refuse('CURSOR_INVALID', 'cursor', 'It is none of an answer.');
  const [, first = '', number = '0', key = ''] = begin;
  const found: Inconsistency[] = [];
  let after = key === '' ? undefined : key;
  let list = Number.parseInt(number, HEX);
  let looked = 0;
  for (const partner of [...partners].filter((one) => one >= first).sort()) {
    if (partner !== first) [list, after] = [0, undefined];
    while (list < INCONSISTENCY_LISTS) {
      if (found.length >= PAGE || looked++ >= LISTS_OF_PAGE)
        return {
          inconsistencies: found,
          cursor: `${partner}.${list.toString(HEX)}.${after ?? ''}`,
        };
      const limit = PAGE - found.length;
      const page = await inconsistencyPage(own, partner, day, { list, after, limit });
      if (isRefusal(page)) return page;
      const listed = page.filter((one) => kind === undefined || one.kind === kind);
      const all = await Promise.all(listed.map((one) => inconsistencyAt(own, one.inconsistency)));
      for (const [i, one] of all.entries())
        if (isRefusal(one)) return one;
        // What was resolved and is open again, or resolved again, stands in the list of the day still.
        else if (one !== undefined && one.resolvedAt === listed[i]?.resolvedAt) found.push(one);
      after = page.at(-1)?.key;
      if (page.length < limit) [list, after] = [list + 1, undefined];
    }
  }
  return { inconsistencies: found };
}

const FIRST = ['', '', '0', ''];
