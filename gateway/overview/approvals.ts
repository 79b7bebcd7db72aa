// All that waits for a second person. Owns: what that is, in which order it is told, how far a page looks. Never touches: whether anybody may agree, which
// the commit judges.
//   overview.W1. A page looks at so many definitions and no more: one that has found little has a cursor, too.

import {
  DEFINITION_KINDS,
  type DefinitionVersion,
  type Engine,
  EXCHANGING_LISTS,
  openPartnerExchanges,
  type PartnerExchange,
  type Proposal,
  partnerExchangeAt,
} from '../../engine/index.js';
import { OF_RATES } from '../clearing/waiting-rates.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { type Review, reviews } from '../risk/reviews.js';
import type { ApprovalType } from '../schema/overview.js';

/** A definition whose newest version is a draft. */
interface WaitingDefinition {
  readonly type: 'rate' | 'definition';
  readonly kind: string;
  readonly key: string;
  readonly version: number;
  /** When it was said, milliseconds since 1970. */
  readonly at: number;
  readonly by?: string | undefined;
  readonly document?: DefinitionVersion['document'] | undefined;
  /** The version that decides now; undefined: none does. */
  readonly active?: number | undefined;
}

/** Something that waits. */
export type Approval =
  | WaitingDefinition
  | ({ readonly type: 'adjustment' } & Proposal)
  | ({ readonly type: 'review' } & Pick<
      Review,
      'review' | 'owner' | 'command' | 'by' | 'at' | 'until'
    >)
  | ({ readonly type: 'partner-exchange'; readonly at: number; readonly by?: string } & Pick<
      PartnerExchange,
      'exchange' | 'owner' | 'until' | 'source' | 'target'
    >);

export interface Approvals {
  readonly approvals: readonly Approval[];
  /** Where the next page goes on; undefined: it is all. */
  readonly cursor?: string | undefined;
  /** Blocks that the register has not looked at. */
  readonly behind: number;
}

/** Definitions of one read, and that one page looks at. */
const PAGE = 100;
const LOOKS = 2_000;
/** Exchanges that are open and looked at. */
const EXCHANGES_MAX = 2_000;
/** Of kinds of which there are very many the last are looked at last. */
const KINDS = [...DEFINITION_KINDS]
  .filter(({ by }) => by === undefined)
  .sort((one, other) => Number(one.isMany === true) - Number(other.isMany === true))
  .map(({ name }) => name);

/** A page of what waits: corrections of balances and exchanges first, then definitions by kind and key. */
export async function waitingApprovals(
  engine: Engine,
  type: ApprovalType | undefined,
  cursor: string | undefined,
): Promise<Approvals | Refusal> {
  const place = cursor === undefined ? undefined : placeIn(cursor);
  if (place === null) return refuse('CURSOR_INVALID', 'cursor');
  const first: Approval[] = [];
  let behind = 0;
  if (place === undefined && (type ?? 'adjustment') === 'adjustment') {
    const found = await engine.register.proposals(engine.now());
    if (isRefusal(found)) return found;
    behind = found.behind;
    first.push(...found.proposals.map((one) => ({ type: 'adjustment' as const, ...one })));
  }
  if (place === undefined && (type ?? 'partner-exchange') === 'partner-exchange') {
    const found = await waitingExchanges(engine);
    if (isRefusal(found)) return found;
    first.push(...found);
  }
  if (place === undefined && (type ?? 'review') === 'review') {
    const found = await waitingReviews(engine);
    if (isRefusal(found)) return found;
    first.push(...found);
  }
  const isOfDefinitions = type === undefined || type === 'rate' || type === 'definition';
  if (!isOfDefinitions) return { approvals: first, behind };
  const rest = await drafts(engine, type, place);
  if (isRefusal(rest)) return rest;
  return { approvals: [...first, ...rest.approvals], cursor: rest.cursor, behind };
}

async function waitingReviews(engine: Engine): Promise<readonly Approval[] | Refusal> {
  const found = await reviews(engine, 'open');
  if (isRefusal(found)) return found;
  const now = engine.now();
  return found.flatMap(({ review, owner, command, by, at, until }) =>
    until > now ? [{ type: 'review' as const, review, owner, command, by, at, until }] : [],
  );
}

async function waitingExchanges(engine: Engine): Promise<readonly Approval[] | Refusal> {
  const waiting: Approval[] = [];
  const now = engine.now();
  let looks = 0;
  for (let list = 0; list < EXCHANGING_LISTS; list++)
    for (let after: string | undefined; looks < EXCHANGES_MAX; ) {
      const page = await openPartnerExchanges(engine.own, list, { after, limit: PAGE });
      if (isRefusal(page)) return page;
      for (const { exchange: id } of page) {
        const one = await partnerExchangeAt(engine.own, id);
        if (isRefusal(one)) return one;
        if (one?.status !== 'pending_approval' || one.until <= now) continue;
        const { exchange, owner, until, source, target, submittedAt: at } = one;
        waiting.push({ type: 'partner-exchange', at, exchange, owner, until, source, target });
      }
      looks += page.length;
      after = page.at(-1)?.exchange;
      if (page.length < PAGE) break;
    }
  return waiting;
}

interface DefinitionPlace {
  readonly kind: string;
  readonly key: string | undefined;
}

async function drafts(
  engine: Engine,
  type: ApprovalType | undefined,
  from: DefinitionPlace | undefined,
): Promise<Refusal | { approvals: readonly Approval[]; cursor?: string | undefined }> {
  const approvals: Approval[] = [];
  let looks = 0;
  const begin = from === undefined ? 0 : KINDS.indexOf(from.kind);
  for (const kind of KINDS.slice(begin)) {
    const of = (OF_RATES as readonly string[]).includes(kind) ? 'rate' : 'definition';
    if (type !== undefined && type !== of) continue;
    for (let after = kind === from?.kind ? from.key : undefined; ; ) {
      if (looks >= LOOKS) return { approvals, cursor: cursorOf({ kind, key: after }) };
      const page = await engine.definitions(kind, { after, limit: PAGE });
      if (isRefusal(page)) return page;
      for (const { key, versions, active } of page) {
        const newest = versions.at(-1);
        if (newest?.state !== 'draft') continue;
        const { version, definedAt: at, by, document } = newest;
        approvals.push({ type: of, kind, key, version, at, by, document, active });
      }
      looks += page.length;
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
  }
  return { approvals };
}

const cursorOf = (place: DefinitionPlace): string =>
  Buffer.from(JSON.stringify([place.kind, place.key ?? ''])).toString('base64url');

/** Where a page ended; null: the cursor says nothing of the kind. */
function placeIn(cursor: string): DefinitionPlace | null {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(said) || said.length !== 2) return null;
  const [kind, key] = said as readonly unknown[];
  if (typeof kind !== 'string' || typeof key !== 'string' || !KINDS.includes(kind)) return null;
  return { kind, key: key === '' ? undefined : key };
}
