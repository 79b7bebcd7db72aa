// Days, dates and zones against Temporal, which has them from elsewhere: for dates drawn from 1970 up to limits.ZONE_LAST_YEAR.

import t from 'tap';
import { Temporal } from 'temporal-polyfill';
import { Calendar, dayAt, dayEnd, lastDay } from '../../engine/ledger/calendar.js';
import { DAY_MS, ZONE_CHANGES_MAX, ZONE_LAST_YEAR } from '../../engine/limits.js';
import { ZoneTables } from '../../engine/programme/definitions/zone-tables.js';
import type { Asset } from '../../engine/protocol/outcomes.js';
import { ZoneData } from '../../engine/reference/zones.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const CLOCKS = new ZoneData();
const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Havana',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Asia/Beirut',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];
const END_MS = Date.UTC(ZONE_LAST_YEAR, 11, 1);
const EPOCH = Temporal.PlainDate.from('1970-01-01');

const offsetsOf = (zone: string): readonly number[] => {
  const found = CLOCKS.offsetsOf(zone);
  if (found === undefined) throw new Error(`no zone ${zone}`);
  return found;
};

const assetOf = (zone: string, expiresAfter?: string, expiresOn?: string): Asset => ({
  ...{ asset: 'p', scale: 0, lotTracked: true, lotGranularityMs: DAY_MS, defaultExpiryMs: 0 },
  ...{ version: 1, expiresAfter, expiresOn, zone, zoneOffsets: offsetsOf(zone) },
});

/** The first moment after which the day does not come back: mostly Temporal's start of the next one. */
function afterDay(day: Temporal.PlainDate, zone: string): number {
  const next = day.add({ days: 1 });
  const start = next.toZonedDateTime(zone);
  const later = next.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'later' });
  const isBack = later.subtract({ milliseconds: 1 }).toPlainDate().equals(day);
  const isMidnight = later.toPlainDateTime().equals(next.toPlainDateTime());
  return (isBack && isMidnight ? later : start).epochMilliseconds;
}

/** The first day that has not ended. */
function dayOf(time: number, zone: string): Temporal.PlainDate {
  const day = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone).toPlainDate();
  const before = day.subtract({ days: 1 });
  return afterDay(before, zone) > time ? before : day;
}

function lastDayOf(earned: Temporal.PlainDate, after?: string, on?: string): Temporal.PlainDate {
  const day = after === undefined ? earned : earned.add(Temporal.Duration.from(after));
  if (on === undefined) return day;
  const date = Temporal.PlainMonthDay.from(on);
  const [first, second] = [0, 1].map((n) => date.toPlainDate({ year: day.year + n }));
  return Temporal.PlainDate.compare(first!, day) < 0 ? second! : first!;
}

/** Near midnights, month ends and changes of offset more often than not. */
function time(random: Random, offsets: readonly number[]): number {
  const any = random.int(END_MS);
  const near = random.pick([0, 0, 1, 2]);
  if (near === 0) return any;
  const changes = offsets.filter((_, i) => i % 2 === 0 && i > 0);
  if (near === 1 && changes.length > 0)
    return Math.min(END_MS, random.pick(changes) + random.int(2 * DAY_MS) - DAY_MS);
  const date = new Date(any);
  const monthEnd = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return Math.max(0, monthEnd + random.int(2 * DAY_MS) - DAY_MS);
}

function period(random: Random): string | undefined {
  switch (random.int(4)) {
    case 0:
      return undefined;
    case 1:
      return `P${1 + random.int(800)}D`;
    case 2:
      return `P${1 + random.int(36)}M`;
    default:
      return `P${1 + random.int(5)}Y`;
  }
}

const DATES = ['12-31', '02-29', '02-28', '06-30', '01-01', '03-31'];
const shown = (day: Temporal.PlainDate): number => EPOCH.until(day).days;

/** What is wrong with what is drawn from this seed. */
function wrong(random: Random, calendar: Calendar): string | undefined {
  const zone = random.pick(ZONES);
  const offsets = offsetsOf(zone);
  const at = time(random, offsets);
  const [after, on] = [period(random), random.chance(0.5) ? random.pick(DATES) : undefined];
  const text = `${zone} ${at} ${after ?? ''} ${on ?? ''}`;
  const day = dayOf(at, zone);
  if (dayAt(at, offsets) !== shown(day)) return `${text}: day ${dayAt(at, offsets)}`;
  const end = dayEnd(at, offsets);
  if (end !== afterDay(at === 0 ? day : dayOf(at - 1, zone), zone) && at > 0)
    return `${text}: rounded up to ${end}`;
  const asset = assetOf(zone, after, on);
  const last = lastDayOf(day, after, on);
  if (lastDay(shown(day), asset) !== shown(last)) return `${text}: last day`;
  if (after === undefined && on === undefined) return undefined;
  if (last.year > ZONE_LAST_YEAR - 1) return undefined;
  const should = afterDay(last, zone);
  // The same again, out of what is known of this day.
  for (const moment of [at, at, end - 1])
    if (dayOf(moment, zone).equals(day) && calendar.expiry(asset, 0, moment) !== should)
      return `${text}: ${calendar.expiry(asset, 0, moment)} instead of ${should}`;
  return undefined;
}

t.test('expiries by the calendar are Temporal’s', async (t) => {
  const cases = campaign({ name: 'dates', long: 100_000, sample: 2_500 });
  const calendar = new Calendar({ definitions: { zones: new ZoneTables() } });
  const problems: string[] = [];
  await cases.run((seed) => {
    const problem = wrong(new Random(seed), calendar);
    if (problem !== undefined) problems.push(`seed ${seed}: ${problem}`);
  });
  t.same(problems.slice(0, 5), []);
});

t.test('the days that people ask about', async (t) => {
  const cases = [
    ['2028-02-29', 'P1Y', undefined, '2029-02-28'],
    ['2028-02-29', 'P4Y', undefined, '2032-02-29'],
    ['2027-01-31', 'P1M', undefined, '2027-02-28'],
    ['2028-01-31', 'P1M', undefined, '2028-02-29'],
    ['2026-08-31', 'P18M', undefined, '2028-02-29'],
    ['2026-11-28', 'P12M', undefined, '2027-11-28'],
    ['2026-11-28', undefined, '12-31', '2026-12-31'],
    ['2026-12-31', undefined, '12-31', '2026-12-31'],
    ['2027-01-01', undefined, '12-31', '2027-12-31'],
    ['2026-01-01', 'P1Y', '12-31', '2027-12-31'],
    ['2026-12-31', 'P1Y', '12-31', '2027-12-31'],
    ['2027-03-01', undefined, '02-29', '2028-02-29'],
    ['2026-03-01', undefined, '02-29', '2027-02-28'],
    ['2027-02-28', undefined, '02-29', '2027-02-28'],
    ['2099-12-31', 'P2M', undefined, '2100-02-28'],
  ] as const;
  for (const [earned, after, on, last] of cases) {
    const day = lastDay(shown(Temporal.PlainDate.from(earned)), assetOf('UTC', after, on));
    t.equal(EPOCH.add({ days: day }).toString(), last, `${earned} ${after ?? ''} ${on ?? ''}`);
  }
});

t.test('clocks that change over the end of a day', async (t) => {
  const end = (zone: string, date: string) => {
    const noon = Temporal.PlainDate.from(date).toZonedDateTime({
      timeZone: zone,
      plainTime: '12:00',
    });
    return new Date(dayEnd(noon.epochMilliseconds, offsetsOf(zone))).toISOString();
  };
  t.equal(end('Asia/Shanghai', '2026-12-31'), '2026-12-31T16:00:00.000Z');
  t.equal(end('America/New_York', '2027-03-14'), '2027-03-15T04:00:00.000Z', 'a day of 23 hours');
  t.equal(end('America/New_York', '2027-11-07'), '2027-11-08T05:00:00.000Z', 'a day of 25 hours');
  t.equal(end('America/Sao_Paulo', '2018-11-03'), '2018-11-04T03:00:00.000Z', 'no midnight');
  t.equal(end('America/St_Johns', '2010-11-06'), '2010-11-07T03:30:00.000Z', 'two midnights');
  t.equal(end('Pacific/Apia', '2011-12-29'), '2011-12-30T10:00:00.000Z', 'the 30th was left out');
});

t.test('zones', async (t) => {
  for (const none of ['', 'Asia/Nowhere', 'x y', '../etc'])
    t.equal(CLOCKS.offsetsOf(none), undefined, `"${none}"`);
  const shanghai = offsetsOf('Asia/Shanghai');
  t.same(shanghai.slice(0, 2), [0, 8 * 3_600_000]);
  t.equal(shanghai.at(-1), 8 * 3_600_000);
  for (const zone of ZONES) {
    const offsets = offsetsOf(zone);
    t.ok(offsets.length < 2 * ZONE_CHANGES_MAX, `${zone}: ${offsets.length / 2} offsets`);
    const random = new Random(7);
    for (let n = 0; n < 500; n++) {
      const at = random.int(END_MS);
      const segment = offsets.findLastIndex((from, i) => i % 2 === 0 && from <= at);
      const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
      const minutes = Math.round(zoned.offsetNanoseconds / 60e9);
      if (offsets[segment + 1] !== minutes * 60_000) t.fail(`${zone} at ${at}`);
    }
  }
});

t.test('a zone that changes its offset twice within a week', (t) => {
  const offsets = CLOCKS.offsetsOf('Asia/Gaza')!;
  const known = (time: number): number => {
    let offset = 0;
    for (let i = 0; i < offsets.length && offsets[i]! <= time; i += 2) offset = offsets[i + 1]!;
    return offset;
  };
  for (let time = Date.UTC(2040, 8, 1); time < Date.UTC(2041, 0, 1); time += DAY_MS / 2) {
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO('Asia/Gaza');
    if (known(time) !== zoned.offsetNanoseconds / 1e6) t.fail(new Date(time).toISOString());
  }
  t.pass('as Temporal has it');
  t.end();
});
