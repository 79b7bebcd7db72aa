// Times as they are typed: date and time of day in a zone. Owns: to milliseconds and back. Never touches: which zone.

/** A zone, or UTC where this browser does not know it (yet): times are typed in what is said beside them. */
export function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

/** Which parts there are of a time in a zone. */
function partsOf(ms: number, zone: string): Readonly<Record<string, string>> {
  const parts = formatOf(zone).formatToParts(ms);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const options: Intl.DateTimeFormatOptions = {
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  };
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: knownZone(zone) });
  formats.set(zone, made);
  return made;
}

/** The zone of this browser. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `2026-11-30T08:15`, with seconds and milliseconds only where there are any. As a field `datetime-local` takes it. */
export function zonedText(ms: number, zone: string): string {
  const { year = '', month, day, hour, minute, second } = partsOf(ms, zone);
  const text = `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
  const inMinute = ((ms % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
  if (inMinute === 0) return text;
  const inSecond = inMinute % SECOND_MS;
  return inSecond === 0
    ? `${text}:${second}`
    : `${text}:${second}.${String(inSecond).padStart(3, '0')}`;
}

/** How far a zone's clocks are before UTC at a time. */
function offsetAt(ms: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(ms, zone);
  const there = Date.UTC(
    +`${year}`,
    +`${month}` - 1,
    +`${day}`,
    +`${hour}`,
    +`${minute}`,
    +`${second}`,
  );
  return there - Math.floor(ms / SECOND_MS) * SECOND_MS;
}

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/;

/** The time at which clocks of a zone show this, the first one where they show it twice; undefined: they never do, or it is no time. */
export function msOf(text: string, zone: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  const shown = Date.parse(`${text}Z`);
  // A day that the month has not is read as one of the next month.
  if (Number.isNaN(shown) || new Date(shown).toISOString().slice(0, 16) !== text.slice(0, 16))
    return undefined;
  // Clocks are less than a day off: the offset is that of a day before, or of a day after.
  const found = [shown - DAY_MS, shown + DAY_MS]
    .map((near) => shown - offsetAt(near, zone))
    .filter((ms) => ms >= 0 && Date.parse(`${zonedText(ms, zone)}Z`) === shown);
  return found.length === 0 ? undefined : Math.min(...found);
}
