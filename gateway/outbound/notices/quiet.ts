// Quiet hours. Owns: when they end. Never touches: what waits for that.
//   notices.Q1. Quiet is what the clock on the wall of the zone says: over a change of the clock they are an hour longer or shorter, and never end twice.

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** From and to: `HH:MM`, the second one without it; over midnight where it is the earlier one. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

function minutesOf(text: string): number {
  const [, hours, minutes] = TIME.exec(text) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A clock of a zone; throws RangeError where there is no such zone. */
function clockOf(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
    formats.set(zone, found);
  }
  return found;
}

/** Is there such a zone here? */
export function isZone(zone: string): boolean {
  try {
    return clockOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** When the quiet hours end that a time is in, milliseconds since 1970; undefined: it is in none. */
export function quietUntil(at: number, { from, to }: QuietHours, zone: string): number | undefined {
  const clock = clockOf(zone);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const wall = (minute: number): number => minutesOf(clock.format(minute * MINUTE_MS));
  const isQuiet = (minute: number): boolean => {
    const time = wall(minute);
    return begin < end ? time >= begin && time < end : time >= begin || time < end;
  };
  let quiet = Math.floor(at / MINUTE_MS);
  if (!isQuiet(quiet)) return undefined;
  // Where the clock goes back meanwhile, it is quiet still.
  let loud = quiet;
  do {
    quiet = loud;
    loud = quiet + ((end - wall(quiet) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES);
  } while (isQuiet(loud));
  // Where it went on by an hour, that was too far.
  while (loud - quiet > 1) {
    const middle = (quiet + loud) >> 1;
    if (isQuiet(middle)) quiet = middle;
    else loud = middle;
  }
  return loud * MINUTE_MS;
}
