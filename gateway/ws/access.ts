// What a connection may do. Owns: the decision's shape, and what it is for the administrator. Never touches: sockets, keys.
//   A4. Everything that a connection does is asked of its rights; who has none is told nothing.

import type { Command } from '../../engine/index.js';

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

/** Everything to who has the administrator's key. */
export function administratorAccess(authorized: (authorization: string) => boolean): StreamAccess {
  return ({ authorization }) => (authorized(authorization) ? EVERYTHING : undefined);
}
