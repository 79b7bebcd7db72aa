// What a partner outside is asked, in whatever way: one adapter for each way. Owns: these shapes, what each answer means. Never touches: when it is asked.
//   partners.A1. An operation is known by its id, for ever: asked again it is not done again, and the answer is the first one's. Another operation under the
//       same id is refused as such, and changes nothing.
//   partners.A2. `refused` is final: it was not done, and under this id never will be. Whatever is not known to be final is `unknown`.
//   partners.A3. A rollback is final, too. Of an id that was never seen it is a durable tombstone: an operation that comes later under it is `void`.
//   partners.A4. An adapter throws nothing, keeps to the signal's time, and tells what the partner says as it is said: who asks judges it.

import type { OperationKind, OperationState } from '../../engine/index.js';

/** What is to be done at the partner. */
export interface PartnerCall {
  readonly operation: string;
  readonly kind: OperationKind;
  /** As the partner names him. */
  readonly user: string;
  /** The partner's points, by their asset here. */
  readonly asset: string;
  /** Minor units. */
  readonly amount: number;
}

/** What is not known: no connection, no answer in time, an answer that cannot be read, 5xx, 401, 403, 429; or it was not asked. */
export interface Unknown {
  readonly state: 'unknown';
  /**
   * In a word: `TIMEOUT`, `ABORTED` (by the signal), `STATUS`, `ANSWER_INVALID`, `ANSWER_TOO_LARGE`,
   * `ID_REUSED` (there is another operation under the id: its look-up says which), `ADDRESS_FORBIDDEN`, or the connection's (`ECONNREFUSED`).
   * Where it was not asked: `MAINTENANCE`, `DOWN`, `BUSY`, `TOKEN_UNREADABLE`, `NO_PARTNER`.
   */
  readonly why: string;
  readonly status?: number | undefined;
  /** It is not to be asked again before so many milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** What the partner says of an operation; `absent`: it has not seen it, which may be true no longer a moment later. */
export interface Told {
  readonly state: OperationState | 'absent';
  /** As the partner has it: what is told of another operation than was asked for is a contradiction. Left out: it is absent, or void. */
  readonly kind?: OperationKind | undefined;
  readonly user?: string | undefined;
  readonly asset?: string | undefined;
  readonly amount?: number | undefined;
  /** Milliseconds since 1970. */
  readonly at?: number | undefined;
  /** Why it is refused: e.g. `USER_UNKNOWN`, `POINTS_SHORT`; of a rollback: why it stands. */
  readonly code?: string | undefined;
  /** It was answered before. */
  readonly idempotent?: boolean | undefined;
}
export type PartnerAnswer = Told | Unknown;

/** An operation in a list. */
export interface ListedOperation {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly user: string;
  readonly asset: string;
  readonly amount: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Operations of a period, a page of them. */
export interface OperationsPage {
  readonly state: 'page';
  readonly operations: readonly ListedOperation[];
  /** Left out: it is the last one. */
  readonly next?: string | undefined;
}

/** What the partner has of an asset, in minor units, as of a time. */
export interface Totals {
  readonly state: 'totals';
  /** All of its members' points. */
  readonly total: number;
  /** Of them: what this ledger's operations have added and deducted, those that were rolled back left out. */
  readonly added: number;
  readonly deducted: number;
}

export interface PartnerUser {
  readonly state: 'user';
  /** As the partner names him. */
  readonly user: string;
}

/** Somebody whom the partner is to know. */
export interface NewUser {
  /** One key, one user, however often he is asked for. */
  readonly key: string;
  /** `<name>_from_<source>`. */
  readonly name: string;
  readonly email?: string | undefined;
  readonly sourceSystem: string;
  readonly sourceUser: string;
}

export interface PartnerAdapter {
  /** Adds points to a user, or takes them from one. */
  carryOut(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer>;
  /** Undoes an operation, or sees to it that it is never done: `rolled_back`, `void`, `refused` (it was not done). `completed` with a code: it stands. */
  rollBack(call: PartnerCall, signal: AbortSignal): Promise<PartnerAnswer>;
  /** What became of an operation. */
  operation(id: string, signal: AbortSignal): Promise<PartnerAnswer>;
  /** Operations that this ledger has asked for in [from, until), milliseconds since 1970, in all states, in the partner's order. */
  operations(
    from: number,
    until: number,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<OperationsPage | Unknown>;
  /** Is there such a user? */
  user(
    user: string,
    signal: AbortSignal,
  ): Promise<PartnerUser | { readonly state: 'absent' } | Unknown>;
  createUser(user: NewUser, signal: AbortSignal): Promise<PartnerUser | Told | Unknown>;
  /** As of a time, milliseconds since 1970. */
  totals(asset: string, until: number, signal: AbortSignal): Promise<Totals | Unknown>;
  health(signal: AbortSignal): Promise<{ readonly state: 'well' } | Unknown>;
  close(): void;
}
