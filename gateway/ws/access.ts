// What a connection may do. Owns: the decision's shape, and what it is for whom. Never touches: sockets, keys.
//   A19. Everything that a connection does is asked of its rights; who has none, or has them no longer, is told nothing.

import type { Command, Engine, Outcome } from '../../engine/index.js';
import type { Credentials } from '../auth/authenticator.js';
import {
  commandProblem,
  directParts,
  isUnlimited,
  problemOfParts,
  readProblem,
  usersOf,
} from '../auth/permits.js';
import { either, OPERATIONS, type Principal } from '../auth/principal.js';
import type { Gate } from '../http/gate.js';
import { isRefusal, type Refusal, refuse } from '../http/problem.js';
import type { Origin } from '../logs/logs.js';

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
  /** The assets whose balances are told; left out: all. */
  readonly assets?: ReadonlySet<string> | undefined;
  /** What keeps it from being told of balances, if anything does. */
  watchProblem(watched: Watched): Refusal | undefined;
  /** Follow the committed feed of this shard. */
  mayFollow(shard: number): boolean;
  /**
   * What keeps this command from being carried out, if anything does. It has the names of its type's fields only; what is in
   * them is not checked yet.
   */
  hindrance(
    engine: Engine,
    command: Command,
    dryRun: boolean,
  ): Promise<Refusal | undefined> | Refusal | undefined;
  /** Are the credentials good now, too? Left out: for ever. */
  isGood?(): boolean;
  /** When the connection ends (ms since 1970): they are good until then. Left out: for ever. */
  readonly until?: number | undefined;
  /** Counts commands against a rate; a refusal where they are too many. Left out: there is none. */
  take?(count: number): Refusal | undefined;
  /** Writes down what came of commands. Left out: nobody wants to know. */
  wrote?(outcomes: readonly Outcome[]): void;
}

type Judged = Refusal | StreamRights;

/** What somebody with these credentials may do, or why they are not good. At once where nothing has to be waited for. */
export type StreamAccess = (credentials: StreamCredentials) => Promise<Judged> | Judged;

/** What a route of streams takes: what it may be used for is asked of the rights. */
export const STREAM_ACCESS = either(...OPERATIONS);

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

const EVERYTHING = {
  watchProblem: () => undefined,
  mayFollow: () => true,
  hindrance: () => undefined,
} as const satisfies StreamRights;

/**
 * What somebody's connection may do: as over HTTP. The feed of a shard shows everything, records too: it is for nobody who is
 * restricted to assets.
 */
export function rightsOf(principal: Principal, limiter: Pick<Gate, 'user'>): StreamRights {
  if (isUnlimited(principal)) return EVERYTHING;
  const { operations, assets } = principal;
  const limited = (command: Command, dryRun: boolean): Refusal | undefined =>
    // What is only tried is nothing that a user does.
    dryRun ? undefined : limiter.user(principal, usersOf(command));
  return {
    assets,
    watchProblem: (watched) => watchProblem(principal, watched),
    mayFollow: () => assets === undefined && operations.has('read') && operations.has('admin'),
    hindrance: (engine, command, dryRun) => {
      const parts = directParts(command);
      if (parts !== undefined) return problemOfParts(principal, parts) ?? limited(command, dryRun);
      // What cannot be looked up is malformed: the engine refuses it.
      const { owner, ...named } = command as unknown as Record<string, unknown>;
      if (![owner, named.holdId ?? named.transferId].every((name) => typeof name === 'string'))
        return undefined;
      return commandProblem(engine, principal, command).then(
        (problem) => problem ?? limited(command, dryRun),
      );
    },
  };
}

// A version is something of a balance, too.
function watchProblem(
  principal: Principal,
  { asset, versions = {} }: Watched,
): Refusal | undefined {
  if (!principal.operations.has('read'))
    return refuse(
      'OPERATION_FORBIDDEN',
      'owner',
      'To watch balances takes the permission to read.',
    );
  const named = asset === undefined ? undefined : readProblem(principal, asset, 'asset');
  if (named !== undefined) return named;
  for (const known of Object.keys(versions)) {
    const problem = readProblem(principal, known, 'versions');
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const NOWHERE: Origin = { address: '', agent: '', traceparent: '' };
const NO_BYTES = new Uint8Array(0);
/** What the audit log calls commands over a connection. */
const WHAT = 'commands /v1/stream';

/** Access by the credentials that the gate knows, under the limits that it keeps; what is done with them is written down. */
export function gateAccess(
  gate: Pick<Gate, 'claim' | 'commands' | 'outcomes' | 'user'>,
): StreamAccess {
  return (credentials) => {
    const claim = gate.claim(STREAM_ACCESS, credentials);
    if (isRefusal(claim)) return claim;
    const { principal, isGood, use } = claim;
    const { origin = NOWHERE } = credentials;
    const rights = (): StreamRights => ({
      ...rightsOf(principal, gate),
      isGood: isGood ?? (() => true),
      until: claim.until?.(),
      take: (count) => gate.commands(principal, count),
      wrote: (outcomes) => gate.outcomes(principal, origin, WHAT, outcomes),
    });
    const wrong = claim.proof?.(NO_BYTES);
    if (wrong === undefined && use === undefined) return rights();
    if (wrong !== undefined && !(wrong instanceof Promise)) return wrong;
    return proved(wrong, use, rights);
  };
}

async function proved(
  wrong: Promise<Refusal | undefined> | undefined,
  use: (() => Promise<Refusal | undefined>) | undefined,
  rights: () => StreamRights,
): Promise<Judged> {
  return (await wrong) ?? (await use?.()) ?? rights();
}
