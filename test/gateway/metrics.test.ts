// What the shards count: once, whatever crosses shards, is repeated, or is recovered.

import { join } from 'node:path';
import t from 'tap';
import { startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { gateway } from './harness.js';
import { readScrape, type Scrape, sumOf } from './scrape.js';

const leg = (from: string, to: string, amount: number, asset = 'gold') => ({
  ...{ from, to, asset, amount },
});

/** Two owners on different shards. */
function apart(shardOf: (owner: string) => number): [string, string] {
  const others = Array.from({ length: 100 }, (_, at) => `u${at}`);
  return ['u0', others.find((one) => shardOf(one) !== shardOf('u0')) as string];
}

t.test('points gained and consumed are counted once', async (t) => {
  const { ask, server } = await gateway(t, { engine: { folder: '', shards: 2 } });
  const [a, b] = apart((owner) => server.engine.shardOf(owner));
  await ask('PUT /v1/assets/gold', { scale: 0 });
  await ask('PUT /v1/assets/mile', { scale: 0 });
  const move = (id: string, kind: string | undefined, ...legs: object[]) =>
    ask('POST /v1/transfers', { id, kind, legs });
  const scrape = async (): Promise<Scrape> => readScrape((await ask('GET /metrics')).text);
  const gain = (found: Scrape, labels: Record<string, string>) =>
    sumOf(found, 'points_gain_total', labels);

  for (let i = 0; i < 5; i++) await move(`e${i}`, 'ORDER', leg('@issue', a, 100));
  // A repeat, and a refusal.
  t.equal((await move('e0', 'ORDER', leg('@issue', a, 100))).body.replayed, true);
  t.equal((await move('x', 'GIFT', leg(a, '@redeem', 10_000))).body.code, 'POINTS_SHORT');
  await move('m', 'SIGN', leg('@issue', b, 7, 'mile'));
  await move('r', undefined, leg(a, '@redeem', 30), leg(a, '@fee', 2));
  let found = await scrape();
  t.equal(gain(found, { type: 'ORDER', source: '@issue', asset: 'gold' }), 500);
  t.equal(gain(found, { asset: 'mile' }), 7);
  t.equal(gain(found, {}), 507);
  t.equal(sumOf(found, 'points_consume_total', { type: 'none', sink: '@redeem' }), 30);
  t.equal(sumOf(found, 'points_consume_total'), 32);
  t.equal(sumOf(found, 'jifen_redemptions_total', { asset: 'gold' }), 1);
  const transfers = (outcome: string, type: string) =>
    sumOf(found, 'jifen_transfers_total', { command: 'transfer', outcome, type });
  t.equal(transfers('ok', 'ORDER'), 5);
  t.equal(transfers('POINTS_SHORT', 'GIFT'), 1);
  t.equal(sumOf(found, 'exchange_duration_seconds_count'), 0);

  // Between shards: what is between users is no gain; a system owner's leg is on one of the shards.
  await move('c1', 'SHARE', leg(a, b, 40));
  await move('c2', 'MIX', leg(a, b, 5), leg('@issue', b, 11), leg(a, '@redeem', 3));
  t.equal((await move('c3', 'SHARE', leg(b, a, 9_999))).body.code, 'POINTS_SHORT');
  t.equal((await move('c1', 'SHARE', leg(a, b, 40))).body.replayed, true);
  found = await scrape();
  t.equal(gain(found, { type: 'MIX' }), 11);
  t.equal(sumOf(found, 'points_consume_total', { type: 'MIX' }), 3);
  t.equal(gain(found, {}), 518);
  t.equal(transfers('ok', 'SHARE'), 1);
  t.equal(transfers('ok', 'MIX'), 1);
  t.equal(transfers('POINTS_SHORT', 'SHARE'), 1);
  t.equal(sumOf(found, 'exchange_duration_seconds_count'), 2);

  // What is reversed goes back to where it came from.
  const reversed = `POST /v1/accounts/${a}/transfers/e1/reverse`;
  t.equal((await ask(reversed, { id: 'back' })).status, 201);
  found = await scrape();
  const undone = { type: 'REVERSE', sink: '@issue' };
  t.equal(sumOf(found, 'points_consume_total', undone), 100);
  t.equal(gain(found, {}), 518);
  t.equal(sumOf(found, 'jifen_transfers_total', { command: 'reverse', outcome: 'ok' }), 1);
});

t.test('kinds are told apart up to a bound', async (t) => {
  const { ask } = await gateway(t, { assets: ['gold'] });
  const batch = Array.from({ length: 500 }, (_, at) => ({
    ...{ id: `${at}`, kind: `K${at}`, legs: [leg('@issue', 'alice', 1)] },
  }));
  t.equal((await ask('POST /v1/transfers', batch)).status, 200);
  const found = readScrape((await ask('GET /metrics')).text);
  const lines = [...found.keys()].filter((line) => line.startsWith('points_gain_total'));
  t.ok(lines.length <= 101, `${lines.length} lines`);
  t.equal(sumOf(found, 'points_gain_total'), 500);
  t.ok(sumOf(found, 'points_gain_total', { type: 'other' }) >= 400);
});

t.test('a recovery counts nothing; disks, threads, commits and batches are told', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const serve = () => startServer({ port: 0, engine: { folder, shards: 2, cacheMb: 64 } });
  let server = await serve();
  await server.engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const legs = [leg('@issue', 'alice', 10)];
  for (let i = 0; i < 20; i++) await server.engine.submit({ type: 'transfer', id: `${i}`, legs });
  const scrape = async () => readScrape(await (await fetch(`${server.address}/metrics`)).text());
  const before = await scrape();
  await server.close();
  server = await serve();
  t.teardown(() => server.close());
  const after = await scrape();
  t.equal(sumOf(before, 'points_gain_total'), 200);
  t.equal(sumOf(after, 'points_gain_total'), 0);
  t.ok(sumOf(before, 'jifen_shard_commit_duration_seconds_count') >= 20);
  t.ok(sumOf(before, 'jifen_shard_block_commands_sum') >= 20);
  t.ok(sumOf(before, 'jifen_shard_checkpoint_lag_bytes') > 0);
  t.equal(sumOf(after, 'jifen_shard_checkpoint_lag_bytes'), 0, 'a clean stop writes a checkpoint');
  t.ok(sumOf(before, 'jifen_shard_disk_bytes', { part: 'log' }) > 0);
  t.ok(sumOf(before, 'jifen_disk_free_bytes') < sumOf(before, 'jifen_disk_size_bytes'));
  for (const thread of ['main', 'shard-0', 'shard-1'])
    t.ok(before.has(`jifen_event_loop_delay_seconds_count{thread="${thread}"}`), thread);
  const moved = sumOf(before, 'jifen_shard_last_movement_timestamp_seconds');
  t.ok(Math.abs(moved - Date.now() / 1_000) < 3_600);
});

t.test('a subscription that does not keep up is seen', async (t) => {
  const { ask, server } = await gateway(t, { assets: ['gold'] });
  let go: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const end = server.engine.subscribe(0, 1, () => held);
  t.teardown(end);
  for (let i = 0; i < 10; i++)
    await ask('POST /v1/transfers', { legs: [leg('@issue', 'alice', 1)] });
  const lag = async () =>
    sumOf(readScrape((await ask('GET /metrics')).text), 'jifen_shard_feed_lag_blocks');
  t.ok((await lag()) >= 10);
  go();
  await until('it has caught up', async () => (await lag()) === 0);
});
