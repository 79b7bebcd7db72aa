// What a connection may do. Owns: the decision's shape, and what it is for whom. Never touches: sockets, keys.
//   A19. Everything that a connection does is asked of its rights; who has none, or has them no longer, is told nothing.

import type { Command, Outcome } from '../../engine/index.js';
import { directParts, isUnlimited, partProblem } from '../auth/permits.js';
import type { Principal } from '../auth/principal.js';
import type { Gate } from '../http/gate.js';
import { isRefusal, type Refusal } from '../http/problem.js';
import type { Origin } from '../logs/logs.js';

/** What somebody shows. */
export interface StreamCredentials {
  /** As the `Authorization` header has it: `Bearer <key>`; '': none. */
  readonly authorization: string;
  /** Where they come from; left out: it is not known. */
  readonly origin?: Origin | undefined;
}

/** What a connection may do. */
export interface StreamRights {
  /** Be told of the balances of this owner. */
  mayWatch(owner: string): boolean;
  /** Follow the committed feed of this shard. */
  mayFollow(shard: number): boolean;
  /** Have this command carried out. It has the names of its type's fields only; what is in them is not checked yet. */
  mayCommand(command: Command): boolean;
  /** Are the credentials good now, too? Left out: for ever. */
  isGood?(): boolean;
  /** When the connection ends (ms since 1970): they are good until then. Left out: for ever. */
  readonly until?: number;
  /** Counts commands against a rate; a refusal where they are too many. Left out: there is none. */
  take?(count: number): Refusal | undefined;
  /** Writes down what came of commands. Left out: nobody wants to know. */
  wrote?(outcomes: readonly Outcome[]): void;
}

/** What somebody with these credentials may do; undefined: they are not good. */
export type StreamAccess = (credentials: StreamCredentials) => StreamRights | undefined;

/** The longest that a timer waits. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Has `end` called when the rights end; undefined: they do not. */
export function endTimer({ until }: StreamRights, end: () => void): NodeJS.Timeout | undefined {
  if (until === undefined) return undefined;
  return setTimeout(end, Math.min(TIMER_MAX_MS, Math.max(0, until - Date.now())));
}

const EVERYTHING: StreamRights = {
  mayWatch: () => true,
  mayFollow: () => true,
  mayCommand: () => true,
};

/**
 * What a key's connection may do. A balance is watched in all assets, and the feed shows everything, records too: neither is for keys of some assets.
 * A capture, release or reversal takes what its hold or transfer took, which has to be looked up: over HTTP, for those who
 * may not do everything.
 */
export function rightsOf(principal: Principal): StreamRights {
  if (isUnlimited(principal)) return EVERYTHING;
  const { operations, assets } = principal;
  const mayRead = assets === undefined && operations.has('read');
  return {
    mayWatch: () => mayRead,
    mayFollow: () => mayRead && operations.has('admin'),
    mayCommand: (command) =>
      directParts(command)?.every((part) => partProblem(principal, part) === undefined) === true,
  };
}

const NOWHERE: Origin = { address: '', agent: '', traceparent: '' };
/** What the audit log calls commands over a connection. */
const WHAT = 'commands /v1/stream';

/** Access by the keys that the gate knows, under the limits that it keeps; what they do is written down. */
export function keyAccess(gate: Pick<Gate, 'keyClaim' | 'commands' | 'outcomes'>): StreamAccess {
  return ({ authorization, origin = NOWHERE }) => {
    const claim = gate.keyClaim(authorization);
    if (isRefusal(claim)) return undefined;
    const { principal, isGood = () => true } = claim;
    return {
      ...rightsOf(principal),
      isGood,
      take: (count) => gate.commands(principal, count),
      wrote: (outcomes) => gate.outcomes(principal, origin, WHAT, outcomes),
    };
  };
}
