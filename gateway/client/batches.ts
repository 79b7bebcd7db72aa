// Batches and single commands without an answer. Owns: which of them the server has, in which order they go, which of them share a
// message, when one is given up. Never touches: sockets, what is in a batch.
//   client.K3. A batch that was not answered is sent again, its commands with the ids they had: none is carried out twice.
//   client.K5. A batch on which the connection is lost again and again is given up, and its neighbours are not: from its second loss on
//       a batch is sent alone, in its turn.
//   client.K12. Single commands that wait at the same time share a message, in their order. Each has its own outcome and its own end: what
//       is refused or lost with a message is told of a command only where it was alone in it.

import type { Command } from '../../engine/protocol/commands.js';
import type { OutcomesInBytes } from '../../engine/protocol/packed-outcomes.js';
import type { MessageLimits } from '../message-limits.js';
import { ClientError, type FailureReason, refusal } from './errors.js';
import { AROUND_BYTES, type Gathering, joined, KEPT_BYTES } from './gathering.js';
import { unsendable } from './ids.js';
import { bytesIn, type Codec } from './socket.js';

/** Messages that the server has at once; the other batches wait here. */
const SENT_MAX = 32;
/** Bytes of them, beyond which no other one is sent: what is in a socket's own queue can neither be counted nor taken back. */
const SENT_BYTES_MAX = 16 * 1024 * 1024;
/** Losses of the connection after which a batch is sent alone. */
const SUSPECT_LOSSES = 2;
/** Close codes that say that a message was at fault. */
const MESSAGE_AT_FAULT: ReadonlySet<number> = new Set([1003, 1007, 1009]);

/** How a single command is carried out: those that share a message are carried out alike. */
export interface Single {
  readonly decisionMs: number | undefined;
}

/** A batch as it is handed in. */
export interface Submitted {
  readonly id: number;
  /** The message; of a single command, the command alone. */
  readonly encoded: string | Uint8Array;
  /** A command that may share a message; undefined: a batch, which is a message of its own. */
  readonly single?: Single | undefined;
  /** Commands in it. */
  readonly count: number;
  /** What may be carried out, and is told with errors; none of a dry run, nor of a packed batch. */
  readonly commands: readonly Command[];
  /** Is it a packed batch? */
  readonly isPacked?: boolean | undefined;
  readonly resolve: (outcomes: readonly unknown[] | OutcomesInBytes) => void;
  readonly reject: (error: ClientError) => void;
}

/** May something of it be carried out? */
export const mayBeDone = ({ commands, isPacked }: Submitted): boolean =>
  commands.length > 0 || isPacked === true;

/** Why a call is given up. */
export interface Surrender {
  readonly reason: FailureReason;
  readonly message: string;
  readonly cause?: unknown;
}

export class Batch {
  readonly submitted: Submitted;
  /** Of its message, or of its command in a message. */
  readonly bytes: number;
  /** What it counts while it waits. */
  readonly keptBytes: number;
  /** The server has it. */
  isSent = false;
  /** Nobody waits for it any more; it counts as long as the server has it. */
  isGivenUp = false;
  /** It has an outcome, or will have none. */
  isOver = false;
  isSuspect = false;
  /** It shares no message any more: one that it shared was refused as a whole. */
  isSeparate = false;
  /** Connections that ended while the server had it. */
  losses = 0;
  /** Lets go of what may give it up. */
  forgetEnd: (() => void) | undefined = undefined;

  constructor(submitted: Submitted) {
    this.submitted = submitted;
    const { encoded, single } = submitted;
    const bytes = bytesIn(encoded);
    // In JSON a comma comes behind it.
    this.bytes = single === undefined ? bytes : bytes + 1;
    this.keptBytes = single === undefined ? bytes : bytes + KEPT_BYTES;
  }

  get isOutcomeUnknown(): boolean {
    return mayBeDone(this.submitted) && (this.isSent || this.losses > 0);
  }

  get mayShare(): boolean {
    return this.submitted.single !== undefined && !this.isSuspect && !this.isSeparate;
  }
}

/** What the server has: a batch, or single commands. Its id is the first one's. */
interface Sent {
  readonly batches: readonly Batch[];
  readonly bytes: number;
  readonly isShared: boolean;
}

/** What batches need. */
export interface BatchSettings extends Gathering {
  /** Bytes of batches without an answer, beyond which no more are taken. */
  readonly queueBytesMax: number;
  /** Connections that may be lost on a batch. */
  readonly attempts: number;
  readonly codec: Codec;
  /** Batches began to wait for answers, or none does any more. */
  readonly onBusy: (isBusy: boolean) => void;
}

export class Batches {
  readonly #settings: BatchSettings;
  /** In the order in which they were given. */
  #waiting = new Map<number, Batch>();
  /** By the message's id. */
  readonly #sent = new Map<number, Sent>();
  #bytes = 0;
  #sentBytes = 0;
  #sharedSent = 0;
  #waitedFor = 0;

  constructor(settings: BatchSettings) {
    this.#settings = settings;
  }

  /** Messages that the server has. */
  get sent(): number {
    return this.#sent.size;
  }

  /** Is it a message that the server has? */
  has(id: unknown): boolean {
    return this.#sent.has(id as number);
  }

  /** Takes a batch. Throws ClientError where too much waits. */
  add(submitted: Submitted): Batch {
    const batch = new Batch(submitted);
    const { queueBytesMax, onBusy } = this.#settings;
    if (this.#bytes > 0 && this.#bytes + batch.keptBytes > queueBytesMax) {
      const detail = `More than queueBytesMax (${queueBytesMax}) bytes of batches wait for their outcomes.`;
      throw refusal('STREAM_LIMIT', 'commands', detail, submitted.commands);
    }
    this.#waiting.set(submitted.id, batch);
    this.#bytes += batch.keptBytes;
    if (++this.#waitedFor === 1) onBusy(true);
    return batch;
  }

  /** Sends what may be sent; what is too large for the server is refused instead. */
  send(limits: MessageLimits, send: (message: string | Uint8Array) => void): void {
    for (;;) {
      const { value: first } = this.#waiting.values().next();
      if (first === undefined) return;
      const problem = sizeProblem(first, limits);
      if (problem !== undefined) {
        this.#reject(first, problem);
        continue;
      }
      if (this.#sent.size > 0 && !this.#mayJoin(first)) return;
      const message = first.mayShare ? this.#gathered(first, limits) : alone(first);
      if (this.#sent.size > 0 && this.#sentBytes + message.bytes > SENT_BYTES_MAX) return;
      let encoded: string | Uint8Array;
      try {
        encoded = this.#encoded(message);
      } catch (error) {
        this.#unencoded(message, error);
        continue;
      }
      this.#isSent(message);
      send(encoded);
    }
  }

  // May the server have it beside what it has?
  #mayJoin(batch: Batch): boolean {
    if (this.#sent.size >= SENT_MAX || batch.isSuspect) return false;
    if (batch.mayShare && this.#sharedSent >= this.#settings.gatheredMessagesMax) return false;
    const { value: other } = this.#sent.values().next();
    return other?.batches[0]?.isSuspect !== true;
  }

  // The first of those that wait, and what may share its message.
  #gathered(first: Batch, { batchItemsMax, streamMessageBytesMax }: MessageLimits): Sent {
    const { gatheredCommandsMax, gatheredBytesMax } = this.#settings;
    const most = Math.min(gatheredCommandsMax, batchItemsMax);
    const mostBytes = Math.min(gatheredBytesMax, streamMessageBytesMax);
    const batches: Batch[] = [];
    let bytes = AROUND_BYTES;
    for (const batch of this.#waiting.values()) {
      if (!batch.mayShare || !isAlike(batch, first)) break;
      if (batches.length > 0 && (batches.length >= most || bytes + batch.bytes > mostBytes)) break;
      batches.push(batch);
      bytes += batch.bytes;
    }
    return { batches, bytes, isShared: true };
  }

  #encoded({ batches }: Sent): string | Uint8Array {
    const [{ submitted }] = batches as [Batch];
    const { id, single, encoded } = submitted;
    if (single === undefined) return encoded;
    const commands = batches.map((batch) => batch.submitted.encoded);
    return joined(this.#settings.codec, { id, timeoutMs: single.decisionMs }, commands);
  }

  #isSent(message: Sent): void {
    const [first] = message.batches as [Batch];
    this.#sent.set(first.submitted.id, message);
    this.#sentBytes += message.bytes;
    if (message.isShared) this.#sharedSent++;
    for (const batch of message.batches) {
      batch.isSent = true;
      this.#waiting.delete(batch.submitted.id);
    }
  }

  /** The server has answered a message. Throws where it has not an outcome for each command. */
  answered(id: unknown, outcomes: readonly unknown[] | OutcomesInBytes): void {
    const batches = this.#sent.get(id as number)?.batches ?? [];
    const count = batches.reduce((sum, { submitted }) => sum + submitted.count, 0);
    if (batches.length > 0 && count !== outcomes.length)
      throw new TypeError(`${count} commands have ${outcomes.length} outcomes`);
    this.#isOver(id);
    let at = 0;
    for (const batch of batches) {
      const { count, resolve } = batch.submitted;
      const own =
        Array.isArray(outcomes) && batches.length > 1 ? outcomes.slice(at, at + count) : outcomes;
      at += count;
      this.#forget(batch);
      if (!batch.isGivenUp) resolve(own);
    }
  }

  /** The server has refused a message: whoever shared it is sent again, each by itself. */
  refused(id: unknown, error: (submitted: Submitted) => ClientError): void {
    const batches = this.#isOver(id);
    if (batches.length > 1) {
      for (const batch of batches) batch.isSeparate = true;
      this.#putBack(batches);
      return;
    }
    for (const batch of batches) this.#reject(batch, error(batch.submitted));
  }

  /** The server has not taken a message, and is about to stop: it is sent to the next one. */
  putBack(id: unknown): void {
    this.#putBack(this.#isOver(id));
  }

  /** Nobody waits for it any more. */
  giveUp(batch: Batch, { reason, message, cause }: Surrender): void {
    const { isOver, isGivenUp, isOutcomeUnknown, submitted } = batch;
    if (isOver || isGivenUp) return;
    const { commands, reject } = submitted;
    const error = new ClientError(message, { reason, isOutcomeUnknown, commands, cause });
    if (batch.isSent) {
      batch.isGivenUp = true;
      this.#isWaitedForNoMore();
      reject(error);
    } else this.#reject(batch, error);
  }

  /** The connection is lost, with everything that the server had. */
  lost(code: number): void {
    const lost = [...this.#sent.keys()].flatMap((id) => this.#isOver(id));
    const isAtFault = MESSAGE_AT_FAULT.has(code);
    for (const batch of lost) {
      batch.losses++;
      if (isAtFault || batch.losses >= SUSPECT_LOSSES) batch.isSuspect = true;
    }
    this.#putBack(lost);
    for (const batch of lost) {
      if (batch.isGivenUp) continue;
      if (isAtFault && lost.length === 1) this.#unreadable(batch, code);
      else if (batch.losses >= this.#settings.attempts) this.#unreachable(batch, code);
    }
  }

  #unreadable(batch: Batch, code: number): void {
    const detail = `The server closed the connection on this batch (${code}): it cannot read it.`;
    const { commands } = batch.submitted;
    this.#reject(batch, refusal('MESSAGE_INVALID', 'commands', detail, commands));
  }

  #unreachable(batch: Batch, code: number): void {
    const { isOutcomeUnknown, losses, submitted } = batch;
    const { commands } = submitted;
    const message = `the connection was lost ${losses} times on this batch, without an answer (${code})`;
    const failure = { reason: 'unreachable', isOutcomeUnknown, commands } as const;
    this.#reject(batch, new ClientError(message, failure));
  }

  #unencoded({ batches }: Sent, error: unknown): void {
    for (const batch of batches)
      this.#reject(batch, unsendable(error, '', batch.submitted.commands));
  }

  /** The stream has ended. */
  end(error: (commands: readonly Command[], isOutcomeUnknown: boolean) => ClientError): void {
    const sent = [...this.#sent.keys()].flatMap((id) => this.#isOver(id));
    for (const batch of [...sent, ...this.#waiting.values()])
      this.#reject(batch, error(batch.submitted.commands, batch.isOutcomeUnknown));
  }

  /** The server has a message no more. Returns what was in it. */
  #isOver(id: unknown): readonly Batch[] {
    const message = this.#sent.get(id as number);
    if (message === undefined) return [];
    this.#sent.delete(id as number);
    this.#sentBytes -= message.bytes;
    if (message.isShared) this.#sharedSent--;
    return message.batches;
  }

  /** To be sent again, before what was submitted after it. Nobody's is forgotten. */
  #putBack(batches: readonly Batch[]): void {
    const back: Batch[] = [];
    for (const batch of batches) {
      batch.isSent = false;
      if (batch.isGivenUp) this.#forget(batch);
      else back.push(batch);
    }
    const all = [...back, ...this.#waiting.values()];
    all.sort((one, other) => one.submitted.id - other.submitted.id);
    this.#waiting = new Map(all.map((batch) => [batch.submitted.id, batch]));
  }

  #reject(batch: Batch, error: ClientError): void {
    const { isGivenUp, submitted } = batch;
    this.#forget(batch);
    if (!isGivenUp) submitted.reject(error);
  }

  #forget(batch: Batch): void {
    batch.isOver = true;
    batch.forgetEnd?.();
    batch.isSent = false;
    this.#waiting.delete(batch.submitted.id);
    this.#bytes -= batch.keptBytes;
    if (!batch.isGivenUp) this.#isWaitedForNoMore();
  }

  #isWaitedForNoMore(): void {
    if (--this.#waitedFor === 0) this.#settings.onBusy(false);
  }
}

const alone = (batch: Batch): Sent => ({ batches: [batch], bytes: batch.bytes, isShared: false });

const isAlike = ({ submitted: one }: Batch, { submitted: other }: Batch): boolean =>
  one.single?.decisionMs === other.single?.decisionMs;

function sizeProblem(
  { bytes, submitted }: Batch,
  { streamMessageBytesMax, batchItemsMax }: MessageLimits,
): ClientError | undefined {
  const { count, commands, single } = submitted;
  if (count > batchItemsMax) {
    const detail = `The batch has ${count} commands; the server takes ${batchItemsMax}.`;
    return refusal('BATCH_TOO_LARGE', 'commands', detail, commands);
  }
  const whole = single === undefined ? bytes : bytes + AROUND_BYTES;
  if (whole <= streamMessageBytesMax) return undefined;
  const detail = `The batch is a message of ${whole} bytes; the server takes ${streamMessageBytesMax}.`;
  return refusal('BATCH_TOO_LARGE', 'commands', detail, commands);
}
