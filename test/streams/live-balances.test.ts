// Balances as they change: every version of an account once, in order, whatever is missed in between.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import type { BalanceEvent, WatchOptions } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { anyCommand, openLedger } from './ledger.js';
import { Watcher } from './watcher.js';

const cases = campaign({ name: 'live balances', long: 200, sample: 1 });
t.test('every version exactly once, in order, over interruptions and a restart', async (t) => {
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const folder = temporaryFolder(t);
    let ledger = await openLedger(folder);
    const watchers = Array.from({ length: 40 }, () => new Watcher(`u${random.int(25)}`));
    let number = 0;
    const away = new Set<Watcher>(watchers);
    const work = async (batches: number) => {
      for (let batch = 0; batch < batches; batch++) {
        const commands = Array.from({ length: 1 + random.int(80) }, () =>
          anyCommand(random, 25, `c${number++}`),
        );
        const done = ledger.submitBatch(commands);
        for (const watcher of watchers) {
          if (away.has(watcher) && random.chance(0.3)) {
            away.delete(watcher);
            watcher.begin(ledger);
          } else if (!away.has(watcher) && random.chance(0.1)) {
            away.add(watcher);
            watcher.end();
          }
        }
        if (random.chance(0.7)) await done;
      }
    };
    await work(30);
    await ledger.close();
    for (const watcher of watchers) {
      watcher.end();
      away.add(watcher);
    }
    ledger = await openLedger(folder);
    await work(20);
    for (const watcher of away) watcher.begin(ledger);
    for (const watcher of watchers) await watcher.isCurrent(ledger);
    for (const watcher of watchers) t.same(await watcher.check(ledger), [], `seed ${seed}`);
    await ledger.close();
  });
});

t.test('one account that changes faster than what was missed is read', async (t) => {
  const ledger = await openLedger(temporaryFolder(t), { shards: 1 });
  const earn = (id: string) =>
    ({
      type: 'transfer',
      id,
      legs: [{ from: '@issue', to: 'busy', asset: 'gold', amount: 1 }],
    }) as const;
  const batch = (n: number) =>
    ledger.submitBatch(Array.from({ length: 1000 }, (_, i) => earn(`${n}.${i}`)));
  for (let n = 0; n < 5; n++) await batch(n);
  let version = 0;
  let wrong = 0;
  const done = new Promise<void>((resolve) => {
    ledger.watchBalances(
      'busy',
      async (event) => {
        if (event.type === 'entries')
          for (const entry of event.entries) {
            if (entry.version !== ++version) wrong++;
            if (version === 20_000) resolve();
          }
        if (event.type !== 'balances') await pause(10);
      },
      { versions: {} },
    );
  });
  for (let n = 5; n < 20; n++) await batch(n);
  await done;
  t.equal(wrong, 0);
  await ledger.close();
});

t.test('one asset only, and what is refused', async (t) => {
  const ledger = await openLedger(temporaryFolder(t), { shards: 1 });
  const legs = ['points', 'gold'].map((asset) => ({ from: '@issue', to: 'a', asset, amount: 5 }));
  await ledger.submit({ type: 'transfer', id: '1', legs });
  const told: BalanceEvent[] = [];
  ledger.watchBalances('a', (event) => void told.push(event), { asset: 'gold', versions: {} });
  await until('the balances', () => told.length === 2);
  await ledger.submit({ type: 'transfer', id: '2', legs });
  await until('the change', () => told.length === 3);
  t.match(told, [
    { type: 'entries', entries: [{ asset: 'gold', version: 1, id: '1' }] },
    { type: 'balances', balances: [{ asset: 'gold', version: 1 }] },
    { type: 'entries', entries: [{ asset: 'gold', version: 2, id: '2' }] },
  ]);
  const refusals: readonly [string, WatchOptions, string, string][] = [
    ['@issue', {}, 'SYSTEM_OWNER', 'owner'],
    ['#item:1', {}, 'OWNER_RESERVED', 'owner'],
    ['a b', {}, 'OWNER_INVALID', 'owner'],
    [5 as unknown as string, {}, 'OWNER_INVALID', 'owner'],
    ['a', { asset: 'A' }, 'ASSET_INVALID', 'asset'],
    ['a', { versions: { A: 1 } }, 'ASSET_INVALID', 'versions'],
    ['a', { versions: { gold: -1 } }, 'VERSION_INVALID', 'versions.gold'],
    ['a', { versions: { gold: 3 } }, 'POSITION_AHEAD', 'versions.gold'],
    ['nobody', { versions: { gold: 1 } }, 'POSITION_AHEAD', 'versions.gold'],
  ];
  for (const [owner, options, code, field] of refusals) {
    const event = await new Promise<BalanceEvent>((resolve) => {
      ledger.watchBalances(owner, resolve, options);
    });
    t.match(event, { type: 'ended', refusal: { code, field } });
  }
  const ended = new Promise<BalanceEvent>((resolve) => {
    ledger.watchBalances('a', (event) => {
      if (event.type === 'ended') resolve(event);
    });
  });
  await ledger.close();
  t.match(await ended, { type: 'ended', refusal: { code: 'CLOSING' } });
});
