// Newer tables of zones over nodes and starts: a ledger that runs for decades, and one that is started with newer rules.

import t from 'tap';
import { type Command, type Engine, type Outcome, open, verifyFolder } from '../../engine/index.js';
import { dayAt, endOfDay } from '../../engine/ledger/calendar.js';
import { DAY_MS } from '../../engine/limits.js';
import { ZoneData } from '../../engine/reference/zones.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const ZONE = 'America/New_York';
const programme: Command = {
  ...{ type: 'put-definition', id: 'main', kind: 'programme', key: 'main', state: 'active' },
  document: { asset: 'gold', zone: ZONE },
};
const gold = { type: 'define-asset', asset: 'gold', scale: 0, zone: ZONE } as const;
const earn = (id: string): Command => ({
  ...{ type: 'transfer', id },
  legs: [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }],
});

/** The outcome, once there is one: nodes that were long at something else are asked again, as by any caller. */
const settled = (engine: Engine, command: Command): Promise<Outcome> =>
  until(command.type, async () => {
    const outcome = await engine.submit(command);
    return (outcome.ok || !outcome.retry) && outcome;
  });
const tableOf = async (engine: Engine) => {
  const found = await engine.definition('zone', ZONE);
  return found !== undefined && 'versions' in found ? found.versions : [];
};
const said = (engine: Engine, version: number) =>
  until(`table ${version}`, async () => (await tableOf(engine)).length >= version, 20_000);
const haveAlike = (engines: readonly Engine[], count: number) =>
  until(`${count} definitions`, async () => {
    const all = await Promise.all(engines.map((one) => one.stats()));
    return all.every(({ shards }) => shards.every(({ definitions }) => definitions === count));
  });
/** When what an outcome gave expires. */
const expiryIn = (outcome: Outcome): number => {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.entries.find(({ owner }) => owner === 'ann')?.slices[0]?.expiresAt as number;
};

t.test('a ledger on two nodes that runs for decades has tables for a century ahead', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const node = async (name: string) => {
    const engine = await open({ ...cluster.options(name), clockOffset, acceptClock: true });
    cluster.engines.set(name, engine);
    return engine;
  };
  const both = () => Promise.all([node('a'), node('b')]);
  let engines = await both();
  t.match(await settled(engines[1], { ...gold, expiresAfter: 'P99Y' }), { ok: true });
  t.match(await settled(engines[1], programme), { ok: true });
  await haveAlike(engines, 1);
  await cluster.close();
  clock[0] = Date.UTC(2100, 6, 1, 16) - Date.now();
  engines = await both();
  await said(engines[0], 1);
  await haveAlike(engines, 2);
  const { zoneOffsets = [], activeFrom } = (await tableOf(engines[1])).at(-1)!;
  t.ok(zoneOffsets.at(-2)! > Date.UTC(2200, 0, 1), 'a century ahead');
  clock[0] += 60_000;
  await Promise.all(engines.map((one) => one.acceptClock()));
  const outcome = await settled(engines[1], earn('E1'));
  t.ok(outcome.ok && outcome.time > activeFrom);
  const day = new Date(expiryIn(outcome)).toISOString();
  t.equal(day, '2199-07-02T04:00:00.000Z', 'summer time, 99 years on');
  await cluster.verify(t);
});

t.test('a process with newer rules', async (t) => {
  const { DateTimeFormat } = Intl;
  t.teardown(() => {
    Intl.DateTimeFormat = DateTimeFormat;
  });
  // Rules by which the zone was as London.
  Intl.DateTimeFormat = class extends DateTimeFormat {
    constructor(locale: string, options: Intl.DateTimeFormatOptions) {
      const { timeZone } = options;
      super(locale, { ...options, timeZone: timeZone === ZONE ? 'Europe/London' : timeZone });
    }
  } as never;
  const clockOffset = new SharedArrayBuffer(8);
  const options = { folder: temporaryFolder(t), shards: 3, cacheMb: 64, clockOffset };
  const old = new ZoneData().offsetsOf(ZONE)!;
  let engine = await open(options);
  t.match(await settled(engine, { ...gold, expiresAfter: 'P2D' }), { ok: true });
  t.match(await settled(engine, programme), { ok: true });
  t.same(await tableOf(engine), []);
  await engine.close();

  Intl.DateTimeFormat = DateTimeFormat;
  const today = new ZoneData().offsetsOf(ZONE)!;
  t.notSame(today, old);
  engine = await open(options);
  await said(engine, 1);
  const [version] = await tableOf(engine);
  t.match(version, { version: 1, document: { zone: ZONE }, state: 'active' });
  t.match(await settled(engine, { ...programme, kind: 'zone' } as Command), {
    code: 'DEFINITION_KIND_UNKNOWN',
    field: 'kind',
  });
  t.match(await settled(engine, { ...gold, expiresAfter: 'P2D' }), { ok: true, assetVersion: 1 });
  const before = await settled(engine, earn('E1'));
  const after = (table: readonly number[], at: number) => endOfDay(dayAt(at, table) + 2, table);
  t.ok(before.ok);
  t.equal(expiryIn(before), after(old, before.ok ? before.time : 0), 'what has begun is as it was');
  new Float64Array(clockOffset)[0] = 10 * DAY_MS;
  await engine.acceptClock();
  const later = await settled(engine, earn('E2'));
  t.ok(later.ok);
  t.equal(expiryIn(later), after(today, later.ok ? later.time : 0), 'and then as it is known now');
  await engine.close();
  engine = await open(options);
  t.match(await settled(engine, earn('E2')), { ok: true, replayed: true });
  t.equal((await tableOf(engine)).length, 1, 'said once');
  await engine.close();
  t.same((await verifyFolder(options.folder)).problems, []);
});
