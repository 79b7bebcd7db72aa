// Notices ahead of expiry through a whole ledger: many accounts at once, while callers go on; opened again, rebuilt, verified.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import {
  type Command,
  type Engine,
  open,
  rebuildFolder,
  verifyFolder,
} from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { wholeFeed } from './ledger.js';

const OWNERS = process.env.JIFEN_LONG === '1' ? 200_000 : 4_000;
const SHARDS = 2;

/** Owners who were told that points expire, as often as they were. */
async function toldOwners(ledger: Engine): Promise<string[]> {
  const told: string[] = [];
  for (let shard = 0; shard < SHARDS; shard++)
    for (const { items } of await wholeFeed(ledger, shard))
      for (const { notices = [] } of items)
        for (const notice of notices) if (notice.type === 'expiring') told.push(notice.owner);
  return told;
}

t.test('days of notice for points that are there, over many accounts', async (t) => {
  const folder = temporaryFolder(t);
  const options = { folder, shards: SHARDS, cacheMb: 64 };
  const first = await open(options);
  await first.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const earned = (to: string, days: number): Command => ({
    type: 'transfer',
    legs: [{ from: '@issue', to, asset: 'gold', amount: 5, expiresAt: Date.now() + days * DAY_MS }],
  });
  for (let n = 0; n < OWNERS; n += 1_000)
    await first.submitBatch(
      Array.from({ length: 1_000 }, (_, i) => earned(`u${n + i}`, (n + i) % 2 === 0 ? 20 : 90)),
    );
  await first.submit({ type: 'define-asset', asset: 'gold', scale: 0, expiryNoticeDays: 30 });
  let answered = 0;
  await until('all are told', async () => {
    // Callers go on meanwhile.
    answered += (await first.submit(earned('late', 90))).ok ? 1 : 0;
    return (await toldOwners(first)).length >= OWNERS / 2;
  });
  t.ok(answered > 0, `${answered} commands were answered meanwhile`);
  await first.submit(earned('soon', 3));
  await until('what comes later is told', async () => (await toldOwners(first)).includes('soon'));
  await first.close();
  const again = await open(options);
  await pause(2_500);
  const told = (await toldOwners(again)).sort();
  const expected = Array.from({ length: OWNERS / 2 }, (_, n) => `u${2 * n}`);
  t.same(told, [...expected, 'soon'].sort(), 'each once, also after the ledger was opened again');
  await again.close();
  t.same((await verifyFolder(folder)).problems, []);
  await rebuildFolder(folder);
  t.same((await verifyFolder(folder)).problems, [], 'rebuilt');
  const rebuilt = await open(options);
  await pause(1_500);
  t.equal((await toldOwners(rebuilt)).length, OWNERS / 2 + 1, 'and nothing is told again');
  await rebuilt.close();
});
