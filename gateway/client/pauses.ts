// Pauses between attempts. Owns: how long they are. Never touches: what is attempted.

const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 5_000;
/** The longest `Retry-After` that is waited for: beyond it the next attempt is made. */
const RETRY_AFTER_MAX_MS = 60_000;

/** A pause that grows with the attempts (from 0 on), somewhere between half and all of it, so that not everybody comes back at once. */
export function pauseMs(attempt: number): number {
  return Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
}

/** What a `Retry-After` asks for: seconds, or a date. */
export function retryAfterMs(text: string | null): number {
  if (text === null || text === '') return 0;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1_000;
  return ms > 0 ? Math.min(ms, RETRY_AFTER_MAX_MS) : 0;
}
