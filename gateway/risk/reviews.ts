// Commands that a mark of risk has somebody review before they are carried out. Owns: what is kept of them, who may review. Never touches: marks; what a
// command does.
//   risk.W1. What is carried out is what was asked for, by the grants of who asked, under its own id, with the word that it was reviewed: once, however often
//       it is agreed to, and judged in the commit like any other. A repeat by who asked finds the same review, or what came of it.
//   risk.W2. Who reviews has shown other credentials than who asked. Of two who decide at once one does: each decision is written over the version that
//       was seen.
//   risk.W4. Whose credentials have ended meanwhile (a revoked key, a disabled operator or platform) has nothing carried out.
//   risk.W3. A member has so many open reviews and no more (`riskReviewsOpenMax`).

import { createHash } from 'node:crypto';
import {
  type Command,
  type Engine,
  type Grants,
  limits,
  type Operation,
  type Outcome,
  REFUSALS,
} from '../../engine/index.js';
import { type Document, Documents, isTooLong, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { changeFile } from './files.js';

export type ReviewState = 'open' | 'agreed' | 'rejected';

/** The grants of who has asked, as they are kept. */
interface KeptGrants {
  readonly operations: readonly Operation[];
  readonly assets?: readonly string[] | undefined;
  readonly narrowed?: readonly (readonly [Operation, readonly string[]])[] | undefined;
  readonly owner?: string | undefined;
  readonly scope?: string | undefined;
  readonly principal?: string | undefined;
  /** Rules of new devices that refuse refuse what was reviewed, too. */
  readonly device?: string | undefined;
}

/** A review, as it is kept. */
export interface Review {
  readonly review: string;
  readonly owner: string;
  readonly command: Command;
  readonly grants: KeptGrants;
  /** Who has asked, by the credentials shown. */
  readonly by: string;
  /** Milliseconds since 1970; from `until` on nobody can agree to it. */
  readonly at: number;
  readonly until: number;
  readonly state: ReviewState;
  readonly second?: { readonly by: string; readonly at: number; readonly reason?: string };
  /** `ok`, or the code of a refusal; left out: it was not carried out, or what came of it is not known yet. */
  readonly outcome?: string;
}

export interface ReviewParts {
  readonly engine: Engine;
  /** Its records, as changed by who asks now. */
  readonly ledger: OwnLedger;
  /** Who agrees or rejects, by the credentials shown. */
  readonly by: string;
  readonly now: number;
  readonly keptMs: number;
  readonly timeoutMs: number | undefined;
  /** May who has asked still ask for anything? `scope`: of a platform. */
  readonly isGood: (by: string, scope: string | undefined) => Promise<Refusal | boolean>;
}

const HEX = '0123456789abcdef';
const PLACES = new Map(
  [...HEX].map((one) => [one, new Documents<Review>(`#risk-reviews:${one}`, 'review', 'review')]),
);
const placeOf = (review: string): Documents<Review> =>
  PLACES.get(review[0] ?? '') as Documents<Review>;
const ID_LENGTH = 24;
const SHAPE = /^[0-9a-f]{24}$/;
const NOT_FOUND = (): Refusal => refuse('REVIEW_NOT_FOUND', 'review');
const LONGEST = {
  by: 'x'.repeat(limits.ID_LENGTH_MAX),
  at: limits.TIME_MAX_MS,
  reason: 'x'.repeat(4 * limits.ACCOUNT_REASON_LENGTH_MAX),
};

const keptOf = ({ operations, assets, narrowed, ...who }: Grants): KeptGrants => ({
  operations: [...operations],
  ...(assets && { assets: [...assets] }),
  ...(narrowed && { narrowed: [...narrowed].map(([one, some]) => [one, [...some]] as const) }),
  ...{ owner: who.owner, scope: who.scope, principal: who.principal, device: who.device },
});

const grantsOf = ({ operations, assets, narrowed, ...who }: KeptGrants): Grants => ({
  ...who,
  operations: new Set(operations),
  assets: assets && new Set(assets),
  narrowed: narrowed && new Map(narrowed.map(([one, some]) => [one, new Set(some)])),
  isReviewed: true,
});

/** By what a review is known: whose command it is, of whom, under which id. */
const reviewOf = (scope: string | undefined, owner: string, id: string): string =>
  createHash('sha256')
    .update(JSON.stringify([scope, owner, id]))
    .digest('hex')
    .slice(0, ID_LENGTH);

const sorted = (value: object): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** Has a command reviewed that a mark has stopped; asked for again, tells of the same review. */
export async function askReview(
  engine: Engine,
  asked: {
    readonly owner: string;
    /** What the command goes by. */
    readonly id: string;
    readonly command: Command;
    readonly grants: Grants;
  },
  { openMs, keptMs, mostOpen }: { openMs: number; keptMs: number; mostOpen: number },
): Promise<Review | Refusal> {
  const { owner, id, command, grants } = asked;
  const now = engine.now();
  const review = reviewOf(grants.scope, owner, id);
  const until = now + openMs;
  const kept = keptOf(grants);
  const by = grants.principal ?? '';
  const made: Review = { review, owner, command, grants: kept, by, at: now, until, state: 'open' };
  if (isTooLong({ ...made, second: LONGEST, outcome: LONGEST.by }))
    return refuse('RISK_REVIEW', undefined, 'The command is too long to wait for a review.');
  const place = placeOf(review);
  const found = await place.get(engine, review);
  if (isRefusal(found)) return found;
  const known = found?.read();
  if (known !== undefined && (known.state !== 'open' || now < known.until)) {
    if (sorted(known.command) !== sorted(command)) return refuse('ID_REUSED', 'id');
    return known.state === 'rejected'
      ? refuse('RISK_REFUSED', undefined, 'It was reviewed and rejected.')
      : known;
  }
  const no = await changeFile(engine, owner, (file) => {
    const open = file.reviews.filter((one) => one.until > now && one.review !== review);
    return open.length >= mostOpen
      ? refuse('RISK_REVIEW', undefined, 'So many of this member wait for a review already.')
      : { ...file, reviews: [...open, { review, until }] };
  });
  if (no !== undefined) return no;
  const wrong = await place.put(engine, review, made, found?.version ?? 0, until + keptMs);
  return wrong ?? made;
}

/** One of them. */
export async function reviewAt(ledger: OwnLedger, review: string): Promise<Review | Refusal> {
  const found = await read(ledger, review);
  return isRefusal(found) ? found : found.read();
}

async function read(ledger: OwnLedger, review: string): Promise<Document<Review> | Refusal> {
  const found = SHAPE.test(review) ? await placeOf(review).get(ledger, review) : undefined;
  return found ?? NOT_FOUND();
}

/** All that are told, the oldest first: what waits longest goes first. */
export async function reviews(
  ledger: OwnLedger,
  state: ReviewState | undefined,
  owner?: string,
): Promise<readonly Review[] | Refusal> {
  const all: Review[] = [];
  for (const place of PLACES.values()) {
    const found = await place.all(ledger);
    if (isRefusal(found)) return found;
    for (const one of found) {
      const review = one.read();
      const isAsked =
        (state ?? review.state) === review.state && (owner ?? review.owner) === review.owner;
      if (isAsked) all.push(review);
    }
  }
  return all.sort((a, b) => a.at - b.at || (a.review < b.review ? -1 : 1));
}

/** What keeps somebody from deciding a review; undefined: nothing. */
function overFor(
  { state, until, by: asked }: Review,
  by: string,
  now: number,
): Refusal | undefined {
  if (by === '' || by === asked) return refuse('APPROVAL_REQUIRED', 'review');
  return state === 'open' && now < until ? undefined : refuse('PROPOSAL_OVER', 'review');
}

/** Agrees, and has it carried out; asked for again, goes on where what came of it is not known yet. */
export async function agreeToReview(parts: ReviewParts, id: string): Promise<Review | Refusal> {
  const { engine, ledger, by, now, keptMs, timeoutMs } = parts;
  const found = await read(ledger, id);
  if (isRefusal(found)) return found;
  const said = found.read();
  const isUnderWay = said.state === 'agreed' && said.outcome === undefined;
  if (said.state === 'agreed' && said.second?.by === by && !isUnderWay) return said;
  const over = isUnderWay ? undefined : overFor(said, by, now);
  if (over !== undefined) return over;
  const isGood = isUnderWay || (await parts.isGood(said.by, said.grants.scope));
  if (isRefusal(isGood)) return isGood;
  if (!isGood) return refuse('PROPOSAL_OVER', 'review', 'Who has asked for it may not any more.');
  const keptUntil = said.until + keptMs;
  let { version } = found;
  const agreed: Review = isUnderWay ? said : { ...said, state: 'agreed', second: { by, at: now } };
  if (!isUnderWay) {
    const written = await placeOf(id).write(ledger, id, agreed, version, keptUntil);
    if (isRefusal(written)) return written;
    version = written;
  }
  const outcome: Outcome = await engine
    .as(grantsOf(said.grants))
    .submit(structuredClone(said.command), { timeoutMs, audit: { principal: by } });
  if (!outcome.ok && (outcome.code === 'PREPARED' || REFUSALS[outcome.code].retry)) return agreed;
  const done: Review = { ...agreed, outcome: outcome.ok ? 'ok' : outcome.code };
  const no = await placeOf(id).put(ledger, id, done, version, keptUntil);
  // Somebody else has gone on with it meanwhile: what came of it is the same.
  if (no !== undefined && no.code !== 'CHANGED_MEANWHILE') return no;
  await closed(ledger, said);
  return done;
}

/** Rejects it: it is not carried out. */
export async function rejectReview(
  parts: ReviewParts,
  id: string,
  reason: string | undefined,
): Promise<Review | Refusal> {
  const { ledger, by, now, keptMs } = parts;
  const found = await read(ledger, id);
  if (isRefusal(found)) return found;
  const said = found.read();
  if (said.state === 'rejected' && said.second?.by === by) return said;
  const over = overFor(said, by, now);
  if (over !== undefined) return over;
  const second = { by, at: now, ...(reason !== undefined && { reason }) };
  const rejected: Review = { ...said, state: 'rejected', second };
  const no = await placeOf(id).put(ledger, id, rejected, found.version, said.until + keptMs);
  if (no !== undefined) return no;
  await closed(ledger, said);
  return rejected;
}

/** It counts no more among those that are open. */
const closed = (ledger: OwnLedger, { owner, review }: Review) =>
  changeFile(ledger, owner, (file) => ({
    ...file,
    reviews: file.reviews.filter((one) => one.review !== review),
  }));
