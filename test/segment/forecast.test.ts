// How fast a folder grows, and when its disk is full.

import { join } from 'node:path';
import t from 'tap';
import { open } from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { Forecast } from '../../engine/sealing/forecast.js';
import { temporaryFolder } from '../temporary.js';

const MINUTE = 60_000;

t.test('the pace of the last day, whatever was before it', async (t) => {
  const forecast = new Forecast();
  t.equal(forecast.bytesPerDay, undefined);
  let bytes = 1e9;
  for (let minute = 0; minute <= 60; minute++) forecast.measured(minute * MINUTE, (bytes += 100));
  t.equal(forecast.bytesPerDay, 144_000);
  for (let minute = 61; minute <= 61 + 3 * 1440; minute += 5)
    forecast.measured(minute * MINUTE, (bytes += 10));
  t.ok(Math.abs((forecast.bytesPerDay ?? 0) - 2_880) < 1, `${forecast.bytesPerDay}`);
  forecast.measured(0, 5);
  t.equal(forecast.bytesPerDay, undefined, 'a clock that was set back');
  for (let minute = 1; minute < 90; minute++) forecast.measured(minute * MINUTE, 5 - minute);
  t.equal(forecast.bytesPerDay, 0, 'it shrinks');
});

t.test('a ledger tells in how many days its disk is full', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const offset = new Float64Array(clockOffset);
  const folder = join(temporaryFolder(t), 'data');
  const diskOffset = new SharedArrayBuffer(8);
  const ledger = await open({ folder, shards: 1, cacheMb: 16, clockOffset, diskOffset });
  t.teardown(() => ledger.close());
  await ledger.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await ledger.sealing.look();
  t.same((await ledger.stats()).disk.daysLeft, undefined);
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  for (let batch = 0; batch < 10; batch++)
    await ledger.submitBatch(
      Array.from({ length: 1_000 }, (_, n) => ({ type: 'transfer', id: `${batch}-${n}`, legs })),
    );
  offset[0] = DAY_MS / 2;
  await ledger.sealing.look();
  const { disk } = await ledger.stats();
  const { bytesPerDay = 0, daysLeft = 0, freeBytes, freeBytesMin } = disk;
  t.ok(bytesPerDay > 2e6 && bytesPerDay < 2e7, `${bytesPerDay} a day`);
  t.equal(daysLeft, (freeBytes - freeBytesMin) / bytesPerDay);
  new Float64Array(diskOffset)[0] = -(2 ** 60);
  t.equal((await ledger.stats()).disk.daysLeft, 0);
});
