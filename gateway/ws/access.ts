// What a connection may do. Owns: the decision's shape, and what it is for whom. Never touches: sockets, keys.
//   ws.A19. Everything that a connection does is asked of its rights; who has none, or has them no longer, is told nothing.

import { type AuditContext, type Grants, OPERATIONS } from '../../engine/index.js';
import type { Credentials } from '../auth/authenticator.js';
import { placeProblem } from '../auth/member-place.js';
import { readProblem } from '../auth/permits.js';
import { membersToo, type Principal } from '../auth/principal.js';
import type { Tellable } from '../encoding/outcome-json.js';
import type { Gate } from '../http/server/gate.js';
import type { Origin } from '../logs/origin.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { UserCounts } from '../submission.js';

/** What somebody shows. */
export interface StreamCredentials extends Credentials {
  /** Where they come from; left out: it is not known. */
  readonly origin?: Origin | undefined;
}

/** Balances that somebody wants to be told of. */
export interface Watched {
  readonly owner: string;
  readonly asset?: string | undefined;
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

/** What a connection may do. */
export interface StreamRights {
  /** What its commands are judged by, and the assets whose balances are told. */
  readonly grants: Grants;
  /** What keeps it from being told of balances, if anything does. */
  watchProblem(watched: Watched): Refusal | undefined;
  /** Follow the committed feed of this shard. */
  mayFollow(shard: number): boolean;
  /** Where its commands come from, as the ledger keeps it; undefined: it does not. */
  readonly audit?: AuditContext | undefined;
  /** Counts commands against the limits of their users. They have the names of their types' fields only; what is in them is not checked yet. */
  readonly counts: UserCounts | undefined;
  /** Are the credentials good now, too? Left out: for ever. */
  isGood?(): boolean;
  /** When the connection ends (ms since 1970): they are good until then. Left out: for ever. */
  readonly until?: number | undefined;
  /** Counts commands against a rate; a refusal where they are too many. Left out: there is none. */
  take?(count: number): Refusal | undefined;
  /** Writes down what came of commands that the ledger does not tell of. Left out: nobody wants to know. */
  wrote?(outcomes: Tellable): void;
}

type Judged = Refusal | StreamRights;
/** Judges credentials that take time, and uses up a signature. Called once, or never. */
export type LateRights = () => Promise<Judged>;

/** What somebody with these credentials may do, or why they are not good. At once where nothing has to be waited for. */
export type StreamAccess = (credentials: StreamCredentials) => LateRights | Judged;

/** What a route of streams takes: what it may be used for is asked of the rights. */
export const STREAM_ACCESS = membersToo(...OPERATIONS);

/** Is anything shown? */
export const isShown = ({ authorization, token, platformId, signature }: Credentials): boolean =>
  authorization !== '' || token !== '' || platformId !== '' || signature !== '';

/** The longest that a timer waits. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Has `end` called when the rights end; undefined: they do not, or not within the longest that a timer waits. */
export function endTimer({ until }: StreamRights, end: () => void): NodeJS.Timeout | undefined {
  const ms = until === undefined ? Number.POSITIVE_INFINITY : Math.max(0, until - Date.now());
  return ms > TIMER_MAX_MS ? undefined : setTimeout(end, ms);
}

/**
 * What somebody's connection may do: as over HTTP. The feed of a shard shows everything, records too: it is for nobody who is
 * restricted to assets.
 */
function rightsOf(principal: Principal, gate: Pick<Gate, 'users'>): StreamRights {
  const { operations, assets, narrowed, owner } = principal;
  const isWhole = assets === undefined && narrowed === undefined && owner === undefined;
  return {
    grants: principal,
    watchProblem: (watched) => watchProblem(principal, watched),
    mayFollow: () => isWhole && operations.has('read') && operations.has('admin'),
    counts: gate.users(principal),
  };
}

// A version is something of a balance, too.
function watchProblem(
  principal: Principal,
  { owner, asset, versions = {} }: Watched,
): Refusal | undefined {
  if (!principal.operations.has('read'))
    return refuse(
      'OPERATION_FORBIDDEN',
      'owner',
      'To watch balances takes the permission to read.',
    );
  if (principal.owner !== undefined && principal.owner !== owner)
    return refuse('OWNER_FORBIDDEN', 'owner');
  const named = asset === undefined ? undefined : readProblem(principal, asset, 'asset');
  if (named !== undefined) return named;
  for (const known of Object.keys(versions)) {
    const problem = readProblem(principal, known, 'versions');
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const NOWHERE: Origin = {
  ...{ address: '', agent: '', traceparent: '' },
  ...{ device: '', memberDevice: '', memberAddress: '', secondFactor: '' },
};
const NO_BYTES = new Uint8Array(0);
/** What the audit log calls commands over a connection. */
const WHAT = 'commands /v1/stream';

/** Access by the credentials that the gate knows, under the limits that it keeps; what is done with them is written down. */
export function gateAccess(
  gate: Pick<Gate, 'claim' | 'commands' | 'context' | 'outcomes' | 'users'>,
): StreamAccess {
  return (credentials) => {
    const claim = gate.claim(STREAM_ACCESS, credentials);
    if (isRefusal(claim)) return claim;
    const { isGood, use } = claim;
    const { origin = NOWHERE } = credentials;
    const misplaced = placeProblem(origin);
    if (misplaced !== undefined) return misplaced;
    const rights = (): StreamRights => {
      // Whose a token is, is known once it is proved.
      const { principal } = claim;
      return {
        ...rightsOf(principal, gate),
        isGood: isGood ?? (() => true),
        until: claim.until?.(),
        take: (count) => gate.commands(principal, count),
        audit: gate.context(origin, principal),
        wrote: (outcomes) => gate.outcomes(principal, origin, WHAT, outcomes),
      };
    };
    const wrong = claim.proof?.(NO_BYTES);
    if (isRefusal(wrong)) return wrong;
    if (wrong === undefined && use === undefined) return rights();
    // Where there is no room for another connection, nobody waits for it.
    wrong?.catch(() => {});
    return () => proved(wrong, use, rights);
  };
}

async function proved(
  wrong: Promise<Refusal | undefined> | undefined,
  use: (() => Promise<Refusal | undefined>) | undefined,
  rights: () => StreamRights,
): Promise<Judged> {
  return (await wrong) ?? (await use?.()) ?? rights();
}
