// Newer tables of time zones: what they may change, when one is said, what comes after the end, and what a ledger makes of it.

import t from 'tap';
import { dayAt, dayEnd, endOfDay } from '../../engine/ledger/calendar.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { DAY_MS, DEFINITION_LEAD_MS, NEVER, ZONE_LEAD_MS } from '../../engine/limits.js';
import { momentAt } from '../../engine/programme/day.js';
import { definitionAt, programme } from '../../engine/programme/definitions/index.js';
import { joined, ZoneTables } from '../../engine/programme/definitions/zone-tables.js';
import type { PutDefinitionCommand } from '../../engine/protocol/commands.js';
import { definitionOf } from '../../engine/protocol/outcomes.js';
import { newsOf } from '../../engine/reference/zone-book.js';
import { lastYearAt, ZoneData } from '../../engine/reference/zones.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { Random } from '../random.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 5, 1, 12);
const CLOCKS = new ZoneData(() => NOW);
const ZONES =
  'Asia/Shanghai America/New_York Europe/Berlin Pacific/Apia Africa/Casablanca Australia/Lord_Howe'.split(
    ' ',
  );
const tableOf = (zone: string) => CLOCKS.offsetsOf(zone)!;

/** A process that knows a zone by these rules. */
const knowing = (offsets: readonly number[] | undefined, rules = '2026b') => ({
  rules,
  offsetsOf: () => offsets,
});

/** A table as nobody would make it: steps of up to 26 hours, and soon. */
function wild(random: Random, near: number): number[] {
  const offsets = [0, (random.int(27) - 12) * HOUR_MS];
  for (let at = near - 10 * DAY_MS; at < near + 20 * DAY_MS; )
    offsets.push((at += (1 + random.int(6 * 24)) * HOUR_MS), (random.int(27) - 12) * HOUR_MS);
  return offsets;
}

t.test('a newer table changes no day that has begun, and every later one', async (t) => {
  const random = new Random(31);
  for (let round = 0; round < 300; round++) {
    const isWild = random.chance(0.5);
    const table = () => (isWild ? wild(random, NOW) : tableOf(random.pick(ZONES)));
    const known = new ZoneTables();
    // Two that were written down by other releases.
    const owns = [table(), table()];
    let [time, rules] = [NOW, 1];
    for (let n = 0; n < 3; n++) {
      const today = table();
      const before = owns.map((own) => known.offsetsAt('Z', own, NEVER));
      const news = newsOf('Z', owns, known, knowing(today, `r${rules++}`), time);
      if (news === undefined) continue;
      const from = news.document!['from'] as number;
      const activeFrom = time + DEFINITION_LEAD_MS;
      t.ok(from >= activeFrom + ZONE_LEAD_MS);
      const decided = { version: n + 1, number: n + 1, definedAt: time, activeFrom };
      known.add(definitionOf(news, decided));
      for (const [i, own] of owns.entries()) {
        t.same(known.offsetsAt('Z', own, activeFrom - 1), before[i], 'not before its time');
        const after = known.offsetsAt('Z', own, activeFrom);
        t.equal(known.offsetsAt('Z', own, activeFrom), after, 'made once');
        for (let look = 0; look < 40; look++) {
          const at = look === 0 ? activeFrom : activeFrom - random.int(40 * DAY_MS);
          const is = [dayAt(at, after), endOfDay(dayAt(at, after), after)];
          const was = [dayAt(at, before[i]!), endOfDay(dayAt(at, before[i]!), before[i]!)];
          if (is.join() !== was.join()) t.same(is, was, `round ${round}: the day of ${at}`);
          const later = from + random.int(40 * DAY_MS);
          if (momentAt(later, after).hour !== momentAt(later, today).hour)
            t.fail(`round ${round}: ${later} is not by the newer table`);
        }
      }
      time += random.int(20 * DAY_MS);
    }
  }
});

t.test('when something is said of a zone', async (t) => {
  const [old, today] = [tableOf('Asia/Shanghai'), tableOf('America/New_York')];
  const none = new ZoneTables();
  t.equal(newsOf('Z', [old], none, knowing(old), NOW), undefined, 'nothing is new');
  t.equal(newsOf('Z', [old], none, knowing(undefined), NOW), undefined, 'it is no longer known');
  t.equal(newsOf('Z', [], none, knowing(today), NOW), undefined, 'nobody uses it');
  const past = joined(today, NOW, old);
  t.equal(newsOf('Z', [past], none, knowing(old), NOW), undefined, 'what was is not taken back');
  const news = newsOf('Z', [old, today], none, knowing(today), NOW)!;
  t.match(news, { kind: 'zone', key: 'Z', ifVersion: 0, document: { zone: 'Z', rules: '2026b' } });
  const known = new ZoneTables();
  known.add(definitionOf(news, { version: 1, number: 1, definedAt: NOW, activeFrom: NOW }));
  t.equal(newsOf('Z', [old, today], known, knowing(today), NOW), undefined, 'it is said');
  t.equal(newsOf('Z', [old], known, knowing(old, '2026a'), NOW), undefined, 'older rules');
  t.match(newsOf('Z', [old], known, knowing(old, '2027a'), NOW), { ifVersion: 1 });
});

t.test('a table is made for a century ahead, and its last offset goes on', async (t) => {
  const year = (y: number) => Date.UTC(y, 11, 31);
  t.same(
    [2026, 2069, 2070, 2169, 2170].map((y) => lastYearAt(year(y))),
    [...[2169, 2169, 2269, 2269, 2369]],
  );
  let now = NOW;
  const data = new ZoneData(() => now);
  const old = data.offsetsOf('America/New_York')!;
  now = year(2070);
  const newer = data.offsetsOf('America/New_York')!;
  t.same(newer.slice(0, old.length), old);
  const summer = Date.UTC(2200, 6, 1, 12);
  t.match([momentAt(summer, old), momentAt(summer, newer)], [{ hour: 7 }, { hour: 8 }]);
  const day = dayAt(summer, old);
  t.equal(endOfDay(day, old) - endOfDay(day - 1, old), DAY_MS);
  t.equal(endOfDay(day, old), (day + 1) * DAY_MS + 5 * HOUR_MS, 'winter time goes on');
});

t.test(
  'in the commit: too soon is refused, expiries follow, a replay comes to the same',
  async (t) => {
    const ledger = new MemoryLedger();
    const [old, today] = [tableOf('Asia/Shanghai'), tableOf('America/New_York')];
    const zone = { zone: 'Asia/Shanghai', zoneOffsets: old };
    const one = (command: object, time: number) => ledger.apply([command as never], time)[0];
    const terms = { scale: 0, expiresAfter: 'P1D' };
    one({ type: 'define-asset', asset: 'gold', ...terms, ...zone }, NOW);
    const said = { kind: 'programme', key: 'main', document: { asset: 'gold', zone: zone.zone } };
    const put = { type: 'put-definition', state: 'active', ...said };
    t.match(one({ ...put, zoneOffsets: old }, NOW), { ok: true });
    const tables = new ZoneTables();
    const news = newsOf(zone.zone, [old], tables, knowing(today), NOW) as PutDefinitionCommand;
    const from = news.document!['from'] as number;
    const soonest = NOW + DEFINITION_LEAD_MS;
    const sooner = (ms: number) => ({ ...news, document: { ...news.document, from: ms } });
    t.match(one(sooner(soonest + ZONE_LEAD_MS - 1), NOW), { code: 'ACTIVE_FROM_TOO_SOON' });
    t.match(one({ ...news, zoneOffsets: undefined }, NOW), { code: 'ZONE_UNKNOWN' });
    t.match(one(news, NOW), { ok: true, activeFrom: soonest });
    t.match(one({ ...news, document: { ...news.document, rules: 'x' } }, NOW), {
      code: 'DEFINITION_VERSION_MISMATCH',
    });
    let n = 0;
    const earned = (time: number, more: object = {}) => {
      const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1, ...more }];
      const outcome = one({ type: 'transfer', id: `e${n++}`, legs }, time) as any;
      const [slice] = outcome.entries.find(({ owner }: any) => owner === 'ann').slices;
      return slice.expiresAt as number;
    };
    const both = joined(old, from, today);
    for (const at of [
      soonest - 1,
      soonest,
      from - DAY_MS,
      from,
      from + HOUR_MS,
      from + 9 * DAY_MS,
    ]) {
      const table = at < soonest ? old : both;
      t.equal(earned(at), endOfDay(dayAt(at, table) + 1, table), `earned at ${at - NOW}`);
      const given = from + 30 * DAY_MS + 1;
      t.equal(earned(at, { expiresAt: given }), dayEnd(given, table), `given at ${at - NOW}`);
      const known = definitionAt(ledger.state.definitions, programme, 'main', at);
      if (at >= soonest) t.same(known?.zoneOffsets, table);
    }
    const twin = MemoryLedger.replay(ledger.blocks);
    t.same(
      twin.state.definitions.zones.offsetsAt(zone.zone, old, from),
      ledger.state.definitions.zones.offsetsAt(zone.zone, old, from),
    );
    t.equal(auditFault(ledger.blocks, 0, slotMapOf(1)), undefined);
  },
);
