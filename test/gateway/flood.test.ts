// Refused requests that flood the logs: every one is counted, few are written.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FLOOD_SAMPLE } from '../../gateway/limits.js';
import { Flood } from '../../gateway/logs/flood.js';
import { temporaryFolder } from '../temporary.js';
import { operator } from './callers.js';
import { gateway } from './harness.js';

t.test('a rate is written whole, then every hundredth; nothing is uncounted', async (t) => {
  let now = 0;
  const told: [string, number][] = [];
  const flood = new Flood(
    { limit: 10, seconds: 60 },
    (...one) => told.push(one),
    () => now,
  );
  const written = Array.from({ length: 1_050 }, () => flood.take('a'));
  const lines = written.filter((one) => one !== undefined);
  t.equal(lines.length, 10 + 10);
  t.equal(flood.take('b'), 0, 'others have their own');
  const counted = (): number =>
    lines.reduce((sum, leftOut) => sum + 1 + leftOut, 0) + told.reduce((sum, [, n]) => sum + n, 0);
  t.equal(counted(), 1_050 - 40, 'those before the last line');
  t.equal(written[10 + FLOOD_SAMPLE - 1], FLOOD_SAMPLE - 1);
  now = 60_000;
  t.equal(flood.take('a'), 40, 'a new time begins, and what was left out is told');
  t.strictSame(told, []);
  for (let n = 0; n < 20; n++) flood.take('a');
  flood.close();
  t.strictSame(told, [['a', 11]]);
});

t.test('the audit log of somebody who is refused again and again', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await gateway(t, {
    logs: { folder },
    limits: { refusalLinesRate: { limit: 5, seconds: 3_600 } },
    assets: ['gold'],
  });
  const narrow = await operator(server, ['read']);
  const asked = 250;
  for (let n = 0; n < asked; n++) {
    const answer = await server.ask('POST /v1/transfers', { id: `T${n}`, legs: [] }, narrow);
    t.equal(answer.status >= 400, true);
  }
  const leg = { from: '@issue', to: 'ann', asset: 'gold', amount: 5 };
  for (let n = 0; n < 20; n++) await server.ask('POST /v1/transfers', { id: `G${n}`, legs: [leg] });
  await server.server.close();
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('audit-'));
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line));
  const refused = all.filter(({ who }) => String(who).startsWith('key:'));
  t.equal(refused.filter(({ what }) => what === 'POST /v1/transfers').length, 5 + 2);
  const leftOut = refused.map((one) => one.details?.leftOut ?? one.leftOut ?? 0);
  t.equal(
    leftOut.reduce((sum, n) => sum + n, 0),
    asked - 7,
    'and how many were left out',
  );
  t.equal(all.filter(({ what, who }) => what === 'transfer' && who === 'administrator').length, 20);
});
