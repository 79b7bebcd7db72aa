// The last attempts of a receiver. Owns: how many are kept, how a page of them is told. Never touches: what is sent.
//   outbound.Y1. They are in memory and of this process alone: what counts of a delivery is its lane's.

import type { Attempt } from './sending.js';

/** An attempt, as it is told. */
export interface ToldAttempt extends Pick<Attempt, 'isDelivered' | 'status' | 'reason' | 'ms'> {
  /** The how manieth of the receiver's it is, since the process began. */
  readonly number: number;
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
  /** Of its event, as the receiver is told it. */
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

export class Attempts {
  readonly #kept: ToldAttempt[] = [];
  readonly #most: number;
  #last = 0;

  /** `most`: so many are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  note(
    event: Pick<ToldAttempt, 'id' | 'type' | 'subject'>,
    { isDelivered, status, reason, ms, laterMs }: Attempt,
    at: number,
  ): void {
    // It was not tried.
    if (laterMs !== undefined) return;
    this.#kept.push({ number: ++this.#last, at, ...event, isDelivered, status, reason, ms });
    if (this.#kept.length > this.#most) this.#kept.shift();
  }

  /** The newest first; `before`: only those with a lower number. */
  page(before: number | undefined, limit: number, isFailed: boolean): readonly ToldAttempt[] {
    return this.#kept
      .filter((one) => one.number < (before ?? this.#last + 1) && !(isFailed && one.isDelivered))
      .slice(-limit)
      .reverse();
  }
}
