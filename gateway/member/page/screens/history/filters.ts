// What of a history is asked for. Owns: filters as parameters of the API, days in a zone. Never touches: how they are shown.

export const FILTERS = [
  'all',
  'event',
  'order',
  'gift',
  'exchange',
  'draw',
  'claim',
  'expiry',
] as const;
export type Filter = (typeof FILTERS)[number];

/** The name of an act, or the kind that expiry has. */
export function filterQuery(filter: Filter): { readonly act?: string; readonly kind?: string } {
  if (filter === 'all') return {};
  return filter === 'expiry' ? { kind: 'EXPIRE' } : { act: filter };
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

/** Where a day begins in a zone; undefined: it is none. */
export function dayStart(day: string | undefined, zone: string): number | undefined {
  const parts = DAY.exec(day ?? '');
  if (parts === null) return undefined;
  const utc = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  if (Number.isNaN(utc)) return undefined;
  // Twice: the zone's distance from UTC may be another one there.
  const once = utc - offsetMs(utc, zone);
  return utc - offsetMs(once, zone);
}

/** From the beginning of the first day to the end of the last. */
export function dayBounds(
  from: string | undefined,
  to: string | undefined,
  zone: string,
): { readonly from?: number; readonly to?: number } {
  const first = dayStart(from, zone);
  const last = dayStart(to, zone);
  // The end is where the next day begins, which need not be 24 hours later.
  const end = last === undefined ? undefined : dayStart(dayOf(last + 1.5 * DAY_MS, zone), zone);
  return {
    ...(first !== undefined && { from: first }),
    ...(end !== undefined && { to: end }),
  };
}

function partsOf(ms: number, zone: string): Readonly<Record<string, number>> {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(zone !== '' && { timeZone: zone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const found: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) found[type] = Number(value);
  return found;
}

function offsetMs(ms: number, zone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsOf(ms, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
}

function dayOf(ms: number, zone: string): string {
  const { year = 0, month = 1, day = 1 } = partsOf(ms, zone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
