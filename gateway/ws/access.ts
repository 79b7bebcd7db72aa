// What a connection may do. Owns: the decision's shape, and what it is for whom. Never touches: sockets, keys.
//   A17. Everything that a connection does is asked of its rights; who has none is told nothing.

import type { Command } from '../../engine/index.js';
import type { Claim } from '../auth/authenticator.js';
import { directParts, isUnlimited, partProblem } from '../auth/permits.js';
import type { Principal } from '../auth/principal.js';
import { isRefusal, type Refusal } from '../http/problem.js';

/** What somebody shows. */
export interface StreamCredentials {
  /** As the `Authorization` header has it: `Bearer <key>`; '': none. */
  readonly authorization: string;
}

/** What a connection may do. */
export interface StreamRights {
  /** Be told of the balances of this owner. */
  mayWatch(owner: string): boolean;
  /** Follow the committed feed of this shard. */
  mayFollow(shard: number): boolean;
  /** Have this command carried out. It has the names of its type's fields only; what is in them is not checked yet. */
  mayCommand(command: Command): boolean;
}

/** What somebody with these credentials may do; undefined: they are not good. */
export type StreamAccess = (credentials: StreamCredentials) => StreamRights | undefined;

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

/** Access by the keys that `claimOf` knows. */
export function keyAccess(claimOf: (authorization: string) => Refusal | Claim): StreamAccess {
  return ({ authorization }) => {
    const claim = claimOf(authorization);
    return isRefusal(claim) ? undefined : rightsOf(claim.principal);
  };
}
