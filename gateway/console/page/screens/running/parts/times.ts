// Times as fields of a form have them. Owns: how they are read and written, in the browser's zone.

const MINUTE_MS = 60_000;

/** A time for a field `datetime-local`: `2026-11-23T08:00`. */
export function localText(ms: number): string {
  const minute = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  return new Date(minute - new Date(minute).getTimezoneOffset() * MINUTE_MS)
    .toISOString()
    .slice(0, 16);
}

/** What such a field says, in milliseconds since 1970; NaN: nothing. */
export const msOf = (text: string): number => new Date(text).getTime();
