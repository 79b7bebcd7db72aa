// Day, weekday and hour of moments against Temporal, which has zones from elsewhere.

import t from 'tap';
import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../../engine/limits.js';
import { momentAt } from '../../engine/programme/day.js';
import { ZoneData } from '../../engine/reference/zones.js';
import { Random } from '../random.js';

const CLOCKS = new ZoneData();
const ZONES =
  'Asia/Shanghai UTC America/New_York Europe/Berlin Australia/Lord_Howe America/St_Johns Asia/Kathmandu Africa/Casablanca Pacific/Apia';
const MOMENTS = 6_000;
const EPOCH = Temporal.PlainDate.from('1970-01-01');

t.test('moments near changes of offset and anywhere', async (t) => {
  const random = new Random(14);
  const wrong: string[] = [];
  let backOverMidnight = 0;
  for (let i = 0; i < MOMENTS; i++) {
    const zone = random.pick(ZONES.split(' '));
    const offsets = CLOCKS.offsetsOf(zone)!;
    const changes = offsets.filter((_, at) => at % 2 === 0 && at > 0);
    const time =
      random.chance(0.5) && changes.length > 0
        ? random.pick(changes) + random.int(2 * DAY_MS) - DAY_MS
        : random.int(Date.UTC(2150, 0, 1));
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
    const { day, weekday, hour } = momentAt(time, offsets);
    const shown = EPOCH.add({ days: day });
    // Where clocks go back over midnight the day lasts on, and the clock shows an hour of the next one already.
    const isBack =
      !shown.equals(zoned.toPlainDate()) && shown.equals(zoned.toPlainDate().subtract({ days: 1 }));
    if (isBack) backOverMidnight++;
    if (!isBack && !shown.equals(zoned.toPlainDate())) wrong.push(`${zone} ${time}: ${shown}`);
    if (weekday !== shown.dayOfWeek) wrong.push(`${zone} ${time}: weekday ${weekday}`);
    if (hour !== zoned.hour) wrong.push(`${zone} ${time}: hour ${hour}, not ${zoned.hour}`);
  }
  t.same(wrong, []);
  t.ok(backOverMidnight < MOMENTS / 50, `${backOverMidnight} over midnight`);
});

t.test('the days of a week', async (t) => {
  // 2024-01-01 was a Monday.
  const monday = Date.UTC(2024, 0, 1);
  const days = Array.from({ length: 8 }, (_, n) => momentAt(monday + n * DAY_MS, [0, 0]));
  t.same(
    days.map(({ weekday }) => weekday),
    [1, 2, 3, 4, 5, 6, 7, 1],
  );
  const shanghai = CLOCKS.offsetsOf('Asia/Shanghai')!;
  t.match(momentAt(monday - 8 * 3_600_000, shanghai), { weekday: 1, hour: 0 });
  t.match(momentAt(monday - 8 * 3_600_000 - 1, shanghai), { weekday: 7, hour: 23 });
});
