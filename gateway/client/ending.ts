// How long a call may take. Owns: its signal and its time. Never touches: what is asked.
//   client.K7. Nothing of a call stays behind when it is over: no timer, no listener on the caller's signal.

import type { FailureReason } from './errors.js';

/** How long the caller waits. What became of a command that is given up is told by ClientError.isOutcomeUnknown. */
export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal | undefined;
  /** How long the whole call may take, with all its attempts and the pauses between them. Default: no limit of its own. */
  readonly timeoutMs?: number | undefined;
}

/** Why a call is given up. */
export interface GivenUp {
  readonly reason: Extract<FailureReason, 'timeout' | 'aborted'>;
  readonly message: string;
  readonly cause?: unknown;
}

/** The longest that a timer can wait: a longer one ends at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Throws where a time is none. */
export function checkTime(name: string, value: number | undefined): void {
  if (value === undefined) return;
  if (!(Number.isFinite(value) && value > 0 && value <= TIMER_MAX_MS))
    throw new RangeError(`${name} is a number of milliseconds from 1 to ${TIMER_MAX_MS}`);
}

/** Throws where the options are none. */
export function checkCall({ signal, timeoutMs }: CallOptions): void {
  checkTime('timeoutMs', timeoutMs);
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw new TypeError('signal is an AbortSignal');
}

const aborted = ({ reason }: AbortSignal): GivenUp => ({
  reason: 'aborted',
  message: 'the call was aborted',
  cause: reason,
});

/** Watches a call's time and signal, which were checked: `give` is told at most once, at once where the signal has spoken. Returns what ends it. */
export function watchEnd(
  { signal, timeoutMs }: CallOptions,
  give: (up: GivenUp) => void,
): () => void {
  if (signal === undefined && timeoutMs === undefined) return () => {};
  if (signal?.aborted === true) {
    give(aborted(signal));
    return () => {};
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = (): void => finish(aborted(signal as AbortSignal));
  const end = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  const finish = (up: GivenUp): void => {
    end();
    give(up);
  };
  signal?.addEventListener('abort', onAbort);
  if (timeoutMs !== undefined)
    timer = setTimeout(
      () => finish({ reason: 'timeout', message: `no outcome within ${timeoutMs} ms` }),
      timeoutMs,
    );
  return end;
}
