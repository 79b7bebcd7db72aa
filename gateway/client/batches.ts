// Batches without an answer. Owns: which of them the server has, in which order they go, when one is given up. Never touches:
// sockets, what is in a batch.
//   client.K3. A batch that was not answered is sent again, its commands with the ids they had: none is carried out twice.
//   client.K5. A batch on which the connection is lost again and again is given up, and its neighbours are not: from its second loss on
//       a batch is sent alone, in its turn.

import type { Command } from '../../engine/protocol/commands.js';
import type { MessageLimits } from '../message-limits.js';
import { ClientError, type FailureReason, refusal } from './errors.js';
import { bytesIn } from './socket.js';

/** Batches that the server has at once; the others wait here. */
const SENT_MAX = 32;
/** Bytes of them, beyond which no other one is sent: what is in a socket's own queue can neither be counted nor taken back. */
const SENT_BYTES_MAX = 16 * 1024 * 1024;
/** Losses of the connection after which a batch is sent alone. */
const SUSPECT_LOSSES = 2;
/** Close codes that say that a message was at fault. */
const MESSAGE_AT_FAULT: ReadonlySet<number> = new Set([1003, 1007, 1009]);

/** A batch as it is handed in. */
export interface Submitted {
  readonly id: number;
  readonly message: string | Uint8Array;
  /** Commands in it. */
  readonly count: number;
  /** What may be carried out, and is told with errors; none of a dry run. */
  readonly commands: readonly Command[];
  readonly resolve: (outcomes: readonly unknown[]) => void;
  readonly reject: (error: ClientError) => void;
}

class Batch {
  readonly submitted: Submitted;
  readonly bytes: number;
  /** The server has it. */
  isSent = false;
  /** Nobody waits for it any more; it counts as long as the server has it. */
  isGivenUp = false;
  isSuspect = false;
  /** Connections that ended while the server had it. */
  losses = 0;

  constructor(submitted: Submitted) {
    this.submitted = submitted;
    this.bytes = bytesIn(submitted.message);
  }

  get isOutcomeUnknown(): boolean {
    return this.submitted.commands.length > 0 && (this.isSent || this.losses > 0);
  }
}

/** What batches need. */
export interface BatchSettings {
  /** Bytes of batches without an answer, beyond which no more are taken. */
  readonly queueBytesMax: number;
  /** Connections that may be lost on a batch. */
  readonly attempts: number;
  /** Batches began to wait for answers, or none does any more. */
  readonly onBusy: (isBusy: boolean) => void;
}

export class Batches {
  readonly #settings: BatchSettings;
  /** In the order in which they were given. */
  readonly #all = new Map<number, Batch>();
  #bytes = 0;
  #sent = 0;
  #sentBytes = 0;
  #waitedFor = 0;

  constructor(settings: BatchSettings) {
    this.#settings = settings;
  }

  get sent(): number {
    return this.#sent;
  }

  has(id: unknown): boolean {
    return this.#all.has(id as number);
  }

  /** Takes a batch. Throws ClientError where too much waits. */
  add(submitted: Submitted): void {
    const batch = new Batch(submitted);
    const { queueBytesMax, onBusy } = this.#settings;
    if (this.#bytes > 0 && this.#bytes + batch.bytes > queueBytesMax) {
      const detail = `More than queueBytesMax (${queueBytesMax}) bytes of batches wait for their outcomes.`;
      throw refusal('STREAM_LIMIT', 'commands', detail, submitted.commands);
    }
    this.#all.set(submitted.id, batch);
    this.#bytes += batch.bytes;
    if (++this.#waitedFor === 1) onBusy(true);
  }

  /** Sends what may be sent; what is too large for the server is refused instead. */
  send(limits: MessageLimits, send: (message: string | Uint8Array) => void): void {
    for (const batch of this.#all.values()) {
      if (batch.isSent) continue;
      const { message, reject } = batch.submitted;
      const problem = sizeProblem(batch, limits);
      if (problem !== undefined) {
        this.#remove(batch);
        reject(problem);
        continue;
      }
      if (this.#sent > 0 && !this.#mayJoin(batch)) return;
      batch.isSent = true;
      this.#sent++;
      this.#sentBytes += batch.bytes;
      send(message);
    }
  }

  // May the server have it beside what it has?
  #mayJoin(batch: Batch): boolean {
    if (this.#sent >= SENT_MAX || this.#sentBytes + batch.bytes > SENT_BYTES_MAX) return false;
    if (batch.isSuspect) return false;
    for (const other of this.#all.values()) {
      if (!other.isSent) return true;
      if (other.isSuspect) return false;
    }
    return true;
  }

  /** The server has answered it. */
  answered(id: unknown, outcomes: readonly unknown[]): void {
    this.#over(id)?.resolve(outcomes);
  }

  refused(id: unknown, error: (commands: readonly Command[]) => ClientError): void {
    const over = this.#over(id);
    over?.reject(error(over.commands));
  }

  /** The server has not taken it, and is about to stop: it is sent to the next one. */
  putBack(id: unknown): void {
    const batch = this.#all.get(id as number);
    if (batch?.isGivenUp === true) this.#remove(batch);
    else if (batch !== undefined) this.#unsend(batch);
  }

  /** Nobody waits for it any more. */
  giveUp(id: number, reason: FailureReason, message: string, cause?: unknown): void {
    const batch = this.#all.get(id);
    if (batch === undefined || batch.isGivenUp) return;
    const { isOutcomeUnknown, submitted } = batch;
    const { commands, reject } = submitted;
    if (batch.isSent) {
      batch.isGivenUp = true;
      this.#isWaitedForNoMore();
    } else this.#remove(batch);
    reject(new ClientError(message, { reason, isOutcomeUnknown, commands, cause }));
  }

  /** The connection is lost, with everything that the server had. */
  lost(code: number): void {
    const lost = [...this.#all.values()].filter(({ isSent }) => isSent);
    const isAtFault = MESSAGE_AT_FAULT.has(code);
    for (const batch of lost) {
      batch.losses++;
      if (isAtFault || batch.losses >= SUSPECT_LOSSES) batch.isSuspect = true;
      this.#unsend(batch);
      if (batch.isGivenUp) this.#remove(batch);
      else if (isAtFault && lost.length === 1) this.#unreadable(batch, code);
      else if (batch.losses >= this.#settings.attempts) this.#unreachable(batch, code);
    }
  }

  #unreadable(batch: Batch, code: number): void {
    this.#remove(batch);
    const { commands, reject } = batch.submitted;
    const detail = `The server closed the connection on this batch (${code}): it cannot read it.`;
    reject(refusal('MESSAGE_INVALID', 'commands', detail, commands));
  }

  #unreachable(batch: Batch, code: number): void {
    const { isOutcomeUnknown, losses, submitted } = batch;
    this.#remove(batch);
    const { commands, reject } = submitted;
    const message = `the connection was lost ${losses} times on this batch, without an answer (${code})`;
    reject(new ClientError(message, { reason: 'unreachable', isOutcomeUnknown, commands }));
  }

  /** The stream has ended. */
  end(error: (commands: readonly Command[], isOutcomeUnknown: boolean) => ClientError): void {
    for (const batch of [...this.#all.values()]) {
      const { isOutcomeUnknown, isGivenUp, submitted } = batch;
      this.#remove(batch);
      if (!isGivenUp) submitted.reject(error(submitted.commands, isOutcomeUnknown));
    }
  }

  #over(id: unknown): Submitted | undefined {
    const batch = this.#all.get(id as number);
    if (batch === undefined) return undefined;
    this.#remove(batch);
    return batch.isGivenUp ? undefined : batch.submitted;
  }

  #unsend(batch: Batch): void {
    if (!batch.isSent) return;
    batch.isSent = false;
    this.#sent--;
    this.#sentBytes -= batch.bytes;
  }

  #remove(batch: Batch): void {
    this.#unsend(batch);
    this.#all.delete(batch.submitted.id);
    this.#bytes -= batch.bytes;
    if (!batch.isGivenUp) this.#isWaitedForNoMore();
  }

  #isWaitedForNoMore(): void {
    if (--this.#waitedFor === 0) this.#settings.onBusy(false);
  }
}

function sizeProblem(
  { bytes, submitted }: Batch,
  { streamMessageBytesMax, batchItemsMax }: MessageLimits,
): ClientError | undefined {
  const { count, commands } = submitted;
  if (count > batchItemsMax) {
    const detail = `The batch has ${count} commands; the server takes ${batchItemsMax}.`;
    return refusal('BATCH_TOO_LARGE', 'commands', detail, commands);
  }
  if (bytes <= streamMessageBytesMax) return undefined;
  const detail = `The batch is a message of ${bytes} bytes; the server takes ${streamMessageBytesMax}.`;
  return refusal('BATCH_TOO_LARGE', 'commands', detail, commands);
}
