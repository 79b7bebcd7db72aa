// What operators are to the rest of the gateway. Owns: the shapes of what is kept and shown of them. Never touches: how any of it is done.

import type { AuditContext, Operation } from '../../engine/index.js';
import type { Principal } from '../auth/principal.js';
import type { Seat } from '../oauth/shapes.js';

/** A set of operations that operators have. */
export interface Role {
  readonly role: string;
  readonly operations: readonly Operation[];
  /** What its holders do only where somebody else agrees (proposals); left out: nothing. */
  readonly seconded?: readonly Operation[] | undefined;
  /** For people; left out: nothing is said. */
  readonly description?: string | undefined;
  readonly builtIn: boolean;
  /** Of one that is not built in: how often it was said, from 1 on. */
  readonly version?: number | undefined;
}

/** An account of somebody who runs the ledger, without what would open anything. Times: milliseconds since 1970. */
export interface Operator {
  /** What the operator signs in with. */
  readonly operator: string;
  /** For people. */
  readonly name: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  /** How often it was said what the operator is, from 1 on. */
  readonly version: number;
  /** Is there a password? Without one the operator is still to use an invitation. */
  readonly hasPassword: boolean;
  /** Does signing in take a one-time code? */
  readonly hasCodes: boolean;
  /** Until when an invitation that nobody has used is good; left out: there is none. */
  readonly invitedUntil?: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An operator as it is kept. */
export interface StoredOperator {
  readonly name: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of this account and no other that was ever called so: what rests on another one counts for nothing. */
  readonly life: string;
  /** Raised when all that rests on what was before is to end. */
  readonly generation: number;
  /** argon2id; left out: there is none yet. */
  readonly password?: string | undefined;
  /** Its digest, and until when it is good. */
  readonly invitation?: { readonly hash: string; readonly until: number } | undefined;
  /** The secret of one-time codes, sealed, and the step of the last one that was used. */
  readonly codes?:
    | { readonly sealed: string; readonly step: number; readonly at: number }
    | undefined;
  /** A secret that is still to be confirmed by a code. */
  readonly newCodes?: { readonly sealed: string; readonly until: number } | undefined;
}

/** An issued key, by its id; the administrator's key, by its digest. */
export type KeyHolder = { readonly key: string } | { readonly administrator: string };

/** Who a session is of: an operator, as the account was then; a key. */
export type Holder =
  | { readonly operator: string; readonly life: string; readonly generation: number }
  | KeyHolder;

/** A session as it is kept. Times: milliseconds since 1970. */
export interface StoredSession {
  readonly of: Holder;
  /** The digest of its cookie. */
  readonly cookie: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** When it ends if nothing is done in it, and when however much is. */
  readonly idleUntil: number;
  readonly until: number;
  readonly address: string;
  readonly agent: string;
  /** Access tokens: their digests. */
  readonly tokens: readonly { readonly hash: string; readonly until: number }[];
}

/** What is shown of a session. */
export interface ShownSession {
  readonly session: string;
  readonly address: string;
  readonly agent: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly until: number;
}

/** Who is signed in, and what that permits. */
export interface SignedInAs {
  readonly principal: string;
  readonly name: string;
  /** All that may be done, what `admin` includes written out. */
  readonly operations: readonly Operation[];
  /** What may be done where somebody else agrees; none of `operations`. */
  readonly seconded: readonly Operation[];
  /** Of an operator; of a key: none. */
  readonly roles: readonly string[];
  /** Of keys that are restricted: to which assets, to whose points. */
  readonly assets?: readonly string[] | undefined;
  readonly owner?: string | undefined;
  /** `none`: there are none. `on`: signing in takes one. `required`: they must be set up before anything else. `key`: a key has none. */
  readonly codes: 'none' | 'on' | 'required' | 'key';
}

/** A session that is good, and who it is of. */
export interface LiveSession {
  readonly id: string;
  readonly session: StoredSession;
  readonly version: number;
  readonly principal: Principal;
  readonly as: SignedInAs;
}

/** Who asks from where. */
export interface Asked {
  readonly seat: Seat;
  /** The cookie of a browser that has signed in before; undefined: it has none. */
  readonly device?: string | undefined;
  /** As the audit trail of the ledger is told; undefined: it keeps nothing of it. */
  readonly audit?: AuditContext | undefined;
}

/** Somebody has signed in. */
export interface Opened {
  readonly as: SignedInAs;
  readonly until: number;
  /** The value of the session's cookie: here and nowhere else. */
  readonly cookie: string;
  /** The value of the browser's own cookie; undefined: it is not known from now on. */
  readonly device: string | undefined;
}

/** An invitation, told once: whoever has it sets the operator's password. */
export interface Invited {
  readonly operator: string;
  readonly invitation: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}
