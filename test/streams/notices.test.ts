// Notices through a whole ledger: ahead of expiry over many accounts at once, while callers go on, opened again, rebuilt, verified; of a campaign.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import {
  type CampaignMembersNotice,
  type Command,
  type Engine,
  type Notice,
  open,
  rebuildFolder,
  sampleProgramme,
  verifyFolder,
} from '../../engine/index.js';
import { DAY_MS, DEFINITION_LEAD_MS } from '../../engine/limits.js';
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

t.test('a campaign begins and ends, with members on two shards', async (t) => {
  const ledger = await open({ folder: temporaryFolder(t), shards: SHARDS, cacheMb: 64 });
  await ledger.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const from = Date.now() + DEFINITION_LEAD_MS + 1_000;
  const span = { from, to: from + 6_000 };
  for (const { kind, key, document } of [
    ...sampleProgramme('shop', 'points', 'Asia/Shanghai'),
    { kind: 'campaign', key: 'shop.x', document: { programme: 'shop', multiplier: 200, ...span } },
  ])
    await ledger.submit({ type: 'put-definition', kind, key, state: 'active', document });
  const body = { programme: 'shop', type: 'CONSUME', attributes: { amount: 5 } };
  const told = async (shard: number): Promise<Notice[]> =>
    (await wholeFeed(ledger, shard)).flatMap(({ items }) =>
      items.flatMap(({ notices = [] }) => notices),
    );
  await until('it begins', async () => (await told(0)).length > 0);
  const owners = ['ann', 'bob', 'cat', 'dan', 'eve'];
  for (const owner of [...owners, ...owners])
    t.match(await ledger.submit({ type: 'act', act: 'event', owner, body }), {
      act: { effects: [{ type: 'earn', amount: 10 }] },
    });
  const of = { campaign: 'shop.x', version: 1 };
  await until('it ends', async () => (await told(0)).length > 1 && (await told(1)).length > 0);
  const [started, ended, first] = await told(0);
  t.same(
    [started, ended],
    [
      { type: 'campaign-started', ...of },
      { type: 'campaign-ended', ...of },
    ],
  );
  const [other] = await told(1);
  const members = [first, other].map((one) => (one as CampaignMembersNotice).members);
  t.equal(
    members.reduce((sum, one) => sum + one, 0),
    owners.length,
    `members ${members}`,
  );
  await ledger.close();
});
