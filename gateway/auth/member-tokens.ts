// Members' access tokens as requests are judged by them. Owns: the shape of what is known of one. Never touches: where they are kept (gateway/oauth/), requests.

import type { Refusal } from '../refusal.js';
import type { Principal } from './principal.js';

/** An access token that is good. */
export interface LiveToken {
  readonly principal: Principal;
  /** Milliseconds since 1970: when it ends by itself. */
  readonly until: number;
  /** Is it good now, too? For a connection that stays: as of `accessRefreshMs` ago at most. */
  isGood(): boolean;
}

/** Judges access tokens of members, and of applications for themselves. */
export interface MemberTokens {
  /** What was judged within the last `accessRefreshMs`, at once; undefined: it must be asked of the ledger. */
  known(token: string): LiveToken | undefined;
  /** Asks the ledger. `UNAUTHORIZED`: it is none, has expired or was revoked; a refusal for now where it cannot be said. */
  judge(token: string): Promise<Refusal | LiveToken>;
}
