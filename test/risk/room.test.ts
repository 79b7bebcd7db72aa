// Ten million members within the windows of all rules of the sample (JIFEN_LONG; else fewer, with less room): what is kept stays bounded, frauds among
// them are found, and nobody else.

import t from 'tap';
import { Watch } from '../../engine/risk/watch.js';
import { Random } from '../random.js';
import { BEGAN, DAY, definitionsOf, HOUR, SAMPLE_RULES } from './month.js';

const isLong = process.env['JIFEN_LONG'] === '1';
const MEMBERS = isLong ? 10_000_000 : 100_000;
/** As the limits have it, and as much less as there are fewer members. */
const ROOM = isLong ? undefined : { counts: 4_096, cells: 16_384, groups: 512, sketches: 4 };
const TABLES_MAX = isLong ? 300_000_000 : 3_000_000;
const FARMS = 20;

t.test(`${MEMBERS} members`, async (t) => {
  const random = new Random(1);
  const watch = new Watch({
    ...{ definitions: definitionsOf('risk-rule', SAMPLE_RULES), assets: ['points'], from: BEGAN },
    ...{ again: () => undefined, evidenceKey: new Uint8Array(32), room: ROOM },
  });
  const found = new Map<string, Set<string>>();
  const began = process.cpuUsage();
  // All within one hour: every window has all of them.
  const timeOf = (n: number): number => BEGAN + 10 * DAY + Math.floor((n / MEMBERS) * 0.9 * HOUR);
  let seen = 0;
  const see = (owner: string, n: number, network: string, device: string, earned: number): void => {
    const time = timeOf(n);
    const about = { owner, asset: 0, referrer: undefined, time, where: n + 1 };
    watch.see({ ...about, kind: undefined, network: '', device: '', earned, spent: 0 }, false);
    watch.see({ ...about, kind: 'event', network, device, earned: 0, spent: 0 }, false);
    seen += 2;
    for (const one of watch.found())
      found.set(one.owner, (found.get(one.owner) ?? new Set()).add(one.body.reason));
  };
  const frauds = new Set<string>();
  for (let n = 0; n < MEMBERS; n++) {
    // Every fifth address has two members.
    see(`m${n}`, n, `home${n - (n % 5 === 1 ? 1 : 0)}`, `phone${n}`, 10);
    if (n % Math.floor(MEMBERS / 4_000) !== 0) continue;
    const farm = random.int(FARMS);
    const farmer = `farmer${farm}.${random.int(12)}`;
    see(farmer, n, `farm${farm}`, `own${farmer}`, 10);
    frauds.add(farmer);
    const robot = `robot${random.int(12)}`;
    see(robot, n, `net${robot}`, `d${robot}`, 1);
    frauds.add(robot);
    const earner = `earner${random.int(10)}`;
    see(earner, n, `net${earner}`, `d${earner}`, 1_000);
    frauds.add(earner);
  }
  const { user, system } = process.cpuUsage(began);
  const perSighting = (user + system) / seen;
  const tables = watch.bytes;
  const { heapUsed } = process.memoryUsage();
  const missed = [...frauds].filter((one) => !found.has(one));
  const alarms = [...found.keys()].filter((one) => !frauds.has(one));
  t.comment(
    `${seen} sightings, ${perSighting.toFixed(1)} us of processor time each; tables ${Math.round(tables / 1e6)} MB, ${watch.sets} sets, ` +
      `heap ${Math.round(heapUsed / 1e6)} MB, ${watch.forgotten} forgotten; ${missed.length} of ${frauds.size} missed, ${alarms.length} false alarms`,
  );
  t.ok(tables <= TABLES_MAX, `${tables} bytes of tables`);
  t.ok(missed.length <= 0.1 * frauds.size, `missed: ${missed.slice(0, 9)}`);
  t.equal(alarms.length, 0, `false alarms: ${alarms.slice(0, 9)}`);
});
