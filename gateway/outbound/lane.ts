// A receiver on one shard: what it is to be told next. Owns: its cursor, its window, its exceptions. Never touches: connections, other receivers.
//   outbound.L1. Of a subject one event is under way at a time, and the next one only after it was delivered or given up.
//   outbound.L2. The cursor is behind what is delivered or an exception, never behind anything else.
//   outbound.L3. Window, exceptions and dead letters are bounded: where one of them is full, nothing more is read until there is room.
//   outbound.L4. What was given up is told with every later event of its subject, until it is delivered, or dropped and told once.

import { type EventHead, type Gap, type Place, sequenceOf } from './event.js';
import { pauseAfter } from './pauses.js';
import type { Exception, LaneName, Progress } from './progress.js';
import type { Attempt } from './sending.js';
import { type EventSource, firstFrom } from './source.js';

export interface LaneLimits {
  readonly webhookWindow: number;
  readonly webhookExceptionsMax: number;
  readonly webhookDeadMax: number;
  readonly webhookRetryMs: number;
  readonly webhookPauseMs: number;
  readonly webhookPauseMsMax: number;
}

export interface LaneParts {
  readonly name: LaneName;
  readonly source: EventSource;
  readonly progress: Progress;
  readonly limits: LaneLimits;
  /** Is the receiver to be told of it? */
  readonly wants: (event: EventHead) => boolean;
  /** Which events are told one after the other; left out: those of a subject. */
  readonly subjectOf?: ((event: EventHead) => string) | undefined;
}

/** An event on its way to a receiver. */
export interface Delivery extends Place {
  readonly subject: string;
  readonly type: string;
  readonly hash: string;
  attempts: number;
  failedAt: number | undefined;
  nextAt: number | undefined;
  /** What the last attempt came to. */
  reason: string | undefined;
  status: number | undefined;
  isException: boolean;
  /** It stands among those to be sent, or is being sent. */
  isTaken: boolean;
  isSending: boolean;
  isDone: boolean;
}

/** A dead letter, as it is kept. */
export type DeadLetter = Exception & { readonly state: 'dead' | 'dropped' };

const ORDER = (one: Place, other: Place): number => one.seq - other.seq || one.n - other.n;
/** Events that are looked at in one go. */
const STEP_EVENTS = 2_000;

export class Lane {
  readonly #parts: LaneParts;
  readonly #epoch: number;
  /** In their order; the first one is not done. */
  #window: Delivery[] = [];
  #next: Place;
  #stored: Place | undefined;
  readonly #exceptions = new Map<string, Delivery>();
  readonly #letters = new Map<string, DeadLetter>();
  /** The same by subject, in their order. */
  readonly #lettersOf = new Map<string, DeadLetter[]>();
  /** By subject, in their order: the first one is the next to be delivered. */
  readonly #subjects = new Map<string, Delivery[]>();
  /** Subjects whose first one has failed. */
  readonly #failing = new Set<string>();
  /** To be sent now: what is in the window; exceptions, which take every second turn, so that neither waits for all of the other. */
  #ready: Delivery[] = [];
  #again: Delivery[] = [];
  #isAgain = false;
  #dead = 0;

  constructor(parts: LaneParts, begin: Place, epoch: number) {
    this.#parts = parts;
    this.#epoch = epoch;
    this.#next = begin;
    for (const exception of parts.progress.exceptions(parts.name)) {
      if (exception.state === 'waiting') this.#enqueue(deliveryOf(exception));
      else this.#keepLetter(exception as DeadLetter);
    }
    this.#failing.clear();
    for (const [subject, [first]] of this.#subjects) {
      if (first?.nextAt === undefined) this.#makeReady(first);
      else this.#failing.add(subject);
    }
  }

  get shard(): number {
    return this.#parts.name.shard;
  }

  /** Up to where everything is delivered or an exception. */
  get cursor(): Place {
    return this.#window[0] ?? this.#next;
  }

  get waiting(): number {
    return this.#exceptions.size;
  }

  get dead(): number {
    return this.#dead;
  }

  get isFull(): boolean {
    const { webhookExceptionsMax, webhookDeadMax } = this.#parts.limits;
    return this.#exceptions.size >= webhookExceptionsMax || this.#dead >= webhookDeadMax;
  }

  // --- what comes next --------------------------------------------------------------------------------------------

  /** Reads ahead, some of it; true: there is more to be read at once. */
  fill(): boolean {
    const { source, wants } = this.#parts;
    let left = STEP_EVENTS;
    while (left > 0) {
      if (!this.#hasRoom) return false;
      const { seq, n } = this.#next;
      const events = source.heads(this.shard, seq);
      if (events === undefined) return false;
      let at = firstFrom(events, n);
      for (; at < events.length && left > 0 && this.#hasRoom; at++, left--) {
        const event = events[at] as EventHead;
        if (wants(event) && !this.#isKnown(event)) this.#take(event);
      }
      left--;
      const next = events[at];
      this.#next = next === undefined ? { seq: seq + 1, n: 0 } : { seq, n: next.n };
    }
    return true;
  }

  get #hasRoom(): boolean {
    return this.#window.length < this.#parts.limits.webhookWindow && !this.isFull;
  }

  /** Was it an exception before this lane began? Then it is one still, or was delivered: what is behind the cursor may be. */
  #isKnown(event: EventHead): boolean {
    const key = sequenceOf(event);
    return this.#exceptions.has(key) || this.#letters.has(key);
  }

  #take(event: EventHead): void {
    const { seq, n, type, hash } = event;
    const subject = this.#parts.subjectOf?.(event) ?? event.subject;
    const delivery: Delivery = {
      seq,
      n,
      subject,
      type,
      hash,
      attempts: 0,
      failedAt: undefined,
      nextAt: undefined,
      reason: undefined,
      status: undefined,
      isException: false,
      isTaken: false,
      isSending: false,
      isDone: false,
    };
    this.#enqueue(delivery);
    const [first] = this.#subjects.get(subject) as Delivery[];
    if (first?.isException === true) this.#except(delivery);
    else this.#window.push(delivery);
    if (first === delivery) this.#makeReady(delivery);
  }

  #enqueue(delivery: Delivery): void {
    const { subject, isException } = delivery;
    const queue = this.#subjects.get(subject);
    if (queue === undefined) this.#subjects.set(subject, [delivery]);
    else queue.push(delivery);
    if (isException) this.#exceptions.set(sequenceOf(delivery), delivery);
  }

  #makeReady(delivery: Delivery | undefined): void {
    if (delivery === undefined || delivery.isTaken) return;
    delivery.isTaken = true;
    if (delivery.isException) this.#again.push(delivery);
    else this.#ready.push(delivery);
  }

  /** The next one to be sent now; undefined: there is none. */
  take(): Delivery | undefined {
    this.#isAgain = !this.#isAgain;
    const [first, second] = this.#isAgain ? [this.#again, this.#ready] : [this.#ready, this.#again];
    const delivery = first.shift() ?? second.shift();
    if (delivery !== undefined) delivery.isSending = true;
    return delivery;
  }

  get hasReady(): boolean {
    return this.#ready.length > 0 || this.#again.length > 0;
  }

  /** Has what is due tried again, and gives up what has failed for too long. */
  sweep(now: number): void {
    const { webhookRetryMs } = this.#parts.limits;
    for (const subject of [...this.#failing]) {
      const [first] = this.#subjects.get(subject) ?? [];
      if (first === undefined || first.isSending) continue;
      const { failedAt = now, nextAt = now } = first;
      if (now - failedAt < webhookRetryMs) {
        if (nextAt <= now) this.#makeReady(first);
        continue;
      }
      if (first.isTaken) this.#again = this.#again.filter((one) => one !== first);
      this.#giveUp(first, now);
    }
  }

  /** Has all that waits tried again now. */
  hurry(): void {
    for (const subject of this.#failing) {
      const [first] = this.#subjects.get(subject) ?? [];
      if (first !== undefined) first.nextAt = undefined;
    }
  }

  // --- what came of it --------------------------------------------------------------------------------------------

  /** It was delivered, or is not to be told any more. */
  settle(delivery: Delivery): void {
    delivery.isDone = true;
    this.#leave(delivery);
    for (const letter of this.#lettersBefore(delivery))
      if (letter.state === 'dropped') this.#forgetLetter(letter);
  }

  failed(delivery: Delivery, attempt: Attempt, now: number): void {
    const { webhookRetryMs, webhookPauseMs, webhookPauseMsMax } = this.#parts.limits;
    delivery.isTaken = false;
    delivery.isSending = false;
    if (attempt.laterMs === undefined) {
      delivery.attempts++;
      delivery.failedAt ??= now;
      delivery.reason = attempt.reason;
      delivery.status = attempt.status;
      if (attempt.isFinal === true || now - delivery.failedAt >= webhookRetryMs) {
        this.#giveUp(delivery, now);
        return;
      }
    }
    const pause = pauseAfter(delivery.attempts, webhookPauseMs, webhookPauseMsMax);
    const wanted = Math.min(attempt.retryAfterMs ?? 0, webhookPauseMsMax);
    delivery.nextAt = now + (attempt.laterMs ?? Math.max(pause, wanted));
    this.#failing.add(delivery.subject);
    for (const behind of this.#subjects.get(delivery.subject) ?? [])
      if (!behind.isException) this.#except(behind);
    this.#storeWaiting(delivery);
    this.#trim();
  }

  /** It is an exception from now on: the cursor may pass it. */
  #except(delivery: Delivery): void {
    delivery.isException = true;
    this.#exceptions.set(sequenceOf(delivery), delivery);
    this.#storeWaiting(delivery);
  }

  #storeWaiting(delivery: Delivery): void {
    const { progress, name } = this.#parts;
    progress.putException(name, exceptionOf(delivery, 'waiting'));
  }

  #giveUp(delivery: Delivery, now: number): void {
    delivery.isDone = true;
    this.#exceptions.delete(sequenceOf(delivery));
    delivery.isException = false;
    this.#storeLetter({ ...exceptionOf(delivery, 'dead'), deadAt: now } as DeadLetter);
    this.#leave(delivery);
  }

  /** It stands in nobody's way any more. */
  #leave(delivery: Delivery): void {
    const { progress, name } = this.#parts;
    const { subject } = delivery;
    const queue = this.#subjects.get(subject) as Delivery[];
    queue.shift();
    this.#failing.delete(subject);
    if (delivery.isException) {
      this.#exceptions.delete(sequenceOf(delivery));
      progress.removeException(name, delivery);
    }
    if (queue.length === 0) this.#subjects.delete(subject);
    else this.#makeReady(queue[0]);
    this.#trim();
  }

  #trim(): void {
    const first = this.#window.findIndex(({ isDone, isException }) => !isDone && !isException);
    if (first < 0) this.#window = [];
    else if (first > 0) this.#window = this.#window.slice(first);
  }

  /** Stores how far it is, where it has come further. */
  flush(): void {
    const { progress, name, source } = this.#parts;
    const { seq, n } = this.cursor;
    if (this.#stored !== undefined && ORDER(this.#stored, { seq, n }) === 0) return;
    const hash = source.hash(this.shard, seq - 1);
    if (hash === undefined) return;
    this.#stored = { seq, n };
    progress.putCursor(name, { seq, n, hash, epoch: this.#epoch });
  }

  // --- what was given up ------------------------------------------------------------------------------------------

  /** Keeps a letter, in the place of what was kept of it before. */
  #keepLetter(letter: DeadLetter): void {
    this.#removeLetter(letter);
    this.#letters.set(sequenceOf(letter), letter);
    const all = [...(this.#lettersOf.get(letter.subject) ?? []), letter].sort(ORDER);
    this.#lettersOf.set(letter.subject, all);
    if (letter.state === 'dead') this.#dead++;
  }

  #removeLetter(letter: DeadLetter): void {
    const key = sequenceOf(letter);
    const before = this.#letters.get(key);
    if (before === undefined) return;
    this.#letters.delete(key);
    if (before.state === 'dead') this.#dead--;
    const rest = (this.#lettersOf.get(letter.subject) ?? []).filter((one) => one !== before);
    if (rest.length === 0) this.#lettersOf.delete(letter.subject);
    else this.#lettersOf.set(letter.subject, rest);
  }

  #forgetLetter(letter: DeadLetter): void {
    this.#removeLetter(letter);
    this.#parts.progress.removeException(this.#parts.name, letter);
  }

  #storeLetter(letter: DeadLetter): void {
    this.#keepLetter(letter);
    this.#parts.progress.putException(this.#parts.name, letter);
  }

  #lettersBefore(delivery: Place & { readonly subject: string }): readonly DeadLetter[] {
    const all = this.#lettersOf.get(delivery.subject) ?? [];
    return all.filter((letter) => ORDER(letter, delivery) < 0);
  }

  /** What of its subject was not delivered before an event. */
  gapBefore(delivery: Place & { readonly subject: string }): Gap | undefined {
    const before = this.#lettersBefore(delivery);
    const last = before.at(-1);
    return last && { count: before.length, sequence: sequenceOf(last) };
  }

  /** In their order; `after`: only those behind this place. */
  letters(after: Place | undefined): DeadLetter[] {
    const all = [...this.#letters.values()].filter(({ state }) => state === 'dead');
    all.sort(ORDER);
    return after === undefined ? all : all.filter((letter) => ORDER(letter, after) > 0);
  }

  letter(place: Place): DeadLetter | undefined {
    const found = this.#letters.get(sequenceOf(place));
    return found?.state === 'dead' ? found : undefined;
  }

  /** Somebody had it tried again. */
  retried(letter: DeadLetter, attempt: Attempt): void {
    const { isDelivered, reason, status } = attempt;
    if (this.letter(letter) === undefined) return;
    if (isDelivered) this.#forgetLetter(letter);
    else this.#storeLetter({ ...letter, attempts: letter.attempts + 1, reason, status });
  }

  /** Nobody wants it any more: told once with the next event of its subject, and forgotten. */
  drop(letter: DeadLetter): void {
    this.#storeLetter({ ...letter, state: 'dropped' });
  }
}

function deliveryOf(exception: Exception): Delivery {
  const { seq, n, subject, type, hash, attempts, failedAt, nextAt, reason, status } = exception;
  return {
    ...{ seq, n, subject, type, hash, attempts, failedAt, nextAt, reason, status },
    ...{ isException: true, isTaken: false, isSending: false, isDone: false },
  };
}

function exceptionOf(delivery: Delivery, state: Exception['state']): Exception {
  const { seq, n, subject, type, hash, attempts, failedAt, nextAt, reason, status } = delivery;
  return { seq, n, subject, type, hash, state, attempts, failedAt, nextAt, reason, status };
}
