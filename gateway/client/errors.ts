// What the client throws. Owns: the error, and refusals that the client gives itself. Never touches: requests.

import type { Command } from '../../engine/protocol/commands.js';
import { type Refused, refused } from '../../engine/protocol/outcomes.js';
import type { RefusalCode } from '../../engine/protocol/refusals.js';

/** Why a call has no result:
 * - `refused`: the ledger, or the client in its place, said no: see `refusal`;
 * - `unsendable`: something in it cannot be read or encoded; nothing was sent;
 * - `unreachable`: no answer of the ledger, as often as it was tried;
 * - `timeout`: the call's `timeoutMs` was over;
 * - `aborted`: the call's `signal` said so;
 * - `closed`: the client, or its stream, has ended. */
export type FailureReason =
  | 'refused'
  | 'unsendable'
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'closed';

/** What is known of a call that has no result. */
export interface Failure {
  readonly reason: FailureReason;
  readonly refusal?: Refused | undefined;
  readonly isOutcomeUnknown?: boolean | undefined;
  readonly commands?: readonly Command[] | undefined;
  readonly packed?: Uint8Array | undefined;
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** Something was refused, could not be asked, or was given up. */
export class ClientError extends Error {
  readonly reason: FailureReason;
  /** What the ledger said, or the client in its place; undefined: it was not reached. */
  readonly refusal: Refused | undefined;
  /**
   * True: some of the call's commands may have been carried out, or may be yet. Submit `commands` again, with the
   * same options, to know: they have the ids they were sent with, so nothing is done twice. False: none was carried out.
   */
  readonly isOutcomeUnknown: boolean;
  /** The call's commands with the ids they were sent with; none where the call is a read or a dry run. */
  readonly commands: readonly Command[];
  /** Of a packed batch, instead of `commands`: its bytes, for submitPacked(). */
  readonly packed: Uint8Array | undefined;
  /** HTTP status of the last answer, also where it was not the ledger's; undefined: there was none. */
  readonly status: number | undefined;

  constructor(message: string, failure: Failure) {
    super(message, { cause: failure.cause });
    this.name = 'ClientError';
    this.reason = failure.reason;
    this.refusal = failure.refusal;
    this.isOutcomeUnknown = failure.isOutcomeUnknown ?? false;
    this.commands = failure.commands ?? [];
    this.packed = failure.packed;
    this.status = failure.status ?? failure.refusal?.status;
  }
}

/** The same, of a packed batch. */
export function carrying(error: unknown, packed: Uint8Array): unknown {
  if (!(error instanceof ClientError)) return error;
  const { reason, refusal, isOutcomeUnknown, status, cause } = error;
  return new ClientError(error.message, {
    reason,
    refusal,
    isOutcomeUnknown,
    packed,
    status,
    cause,
  });
}

/** A refusal that the client gives before anything is sent. `detail` says it of this call. */
export function refusedHere(
  code: RefusalCode,
  field: string | undefined,
  detail: string,
  id?: string,
): Refused {
  return { ...refused(code, field, id), message: detail };
}

/** A call that the client refuses as a whole. */
export function refusal(
  code: RefusalCode,
  field: string,
  detail: string,
  commands?: readonly Command[],
): ClientError {
  return new ClientError(`${code}: ${detail}`, {
    reason: 'refused',
    refusal: refusedHere(code, field, detail),
    commands,
  });
}

/** Something that was thrown, in a few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== ''
    ? `${error.message} (${cause.message})`
    : error.message;
}
