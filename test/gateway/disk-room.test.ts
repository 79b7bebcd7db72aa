// A disk that is nearly full: commands are refused by name while it is, reads go on, and commands go on when there is room again.

import { join } from 'node:path';
import t from 'tap';
import { type Command, limits, open, verifyFolder } from '../../engine/index.js';
import { DISK_LOOK_MS } from '../../engine/limits.js';
import { GATEWAY_LIMITS, gatewayLimits } from '../../gateway/limits.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { gateway } from './harness.js';
import { Talk } from './talk.js';

const TERABYTES = -(2 ** 50);
const earn = (id: string, to = 'ann') => ({
  id,
  legs: [{ from: '@issue', to, asset: 'gold', amount: 10 }],
});
const LATER = { status: 503, body: { code: 'DISK_FULL', retry: true } };

t.test('commands are refused while there is too little room, and go on with it', async (t) => {
  t.equal(GATEWAY_LIMITS.diskFreeBytesMin, limits.DISK_FREE_BYTES_MIN);
  t.ok(gatewayLimits().healthDiskBytesMin > limits.DISK_FREE_BYTES_MIN, 'it is told before');
  const diskOffset = new SharedArrayBuffer(8);
  const free = new Float64Array(diskOffset);
  const server = await gateway(t, { engine: { folder: '', shards: 2, diskOffset, tickMs: 20 } });
  const { ask } = server;
  await ask('PUT /v1/assets/gold', { scale: 0 });
  await ask('POST /v1/transfers', earn('A'));
  const shop = await caller(server, 'shop');
  const deadline = Date.now() + DISK_LOOK_MS + 200;
  const hold = { owner: 'ann', asset: 'gold', amount: 1 };
  t.match(await ask('POST /v1/holds', { id: 'H', ...hold, deadline }), { status: 201 });

  free[0] = TERABYTES;
  // Each shard looks for itself.
  for (const owner of ['ann', 'bob', 'cat', 'dan', 'eve'])
    await until('it is noticed', async () => {
      const { status } = await ask('POST /v1/holds', { ...hold, owner });
      return status === 503;
    });
  const refused = await ask('POST /v1/transfers', earn('B'));
  t.match(refused, LATER);
  t.equal(refused.headers.get('Retry-After'), '1');
  t.match((await ask('POST /v1/transfers', [earn('B'), earn('C')])).body, [LATER.body, LATER.body]);
  t.match(await ask('POST /v1/transfers?atomic=true', [earn('B', 'bob')]), {
    status: 200,
    body: [LATER.body],
  });
  t.match(await ask('POST /v1/transfers?dryRun=true', earn('B')), LATER);
  t.match(await ask('PUT /v1/assets/tin', { scale: 0 }), LATER);
  t.match(await ask('POST /v1/keys', { name: 'k', operations: ['read'] }), LATER);
  t.match(await ask('POST /v1/platforms/shop/disable'), LATER);
  t.match(await shop.ask('POST /api/points/add', { user_id: 'ann', amount: 1 }), LATER);
  const talk = await Talk.open(server.port, server.key);
  t.teardown(() => talk.close());
  await talk.nextOf('ready');
  const commands = [{ type: 'transfer', ...earn('B') }];
  t.match(await talk.ask({ type: 'commands', id: 1, commands }), { outcomes: [LATER.body] });

  t.match(await ask('GET /v1/accounts/ann'), { body: { accounts: [{ total: 10 }] } });
  t.match(await ask('GET /v1/accounts/ann/entries?asset=gold'), { status: 200 });
  t.match(await ask('GET /v1/accounts/ann/transfers/A'), { body: { state: 'posted' } });
  t.equal((await ask('GET /readyz')).status, 200, 'reads are served');
  const store = async () => (await ask('GET /health')).body.components.store;
  await until('it is told', async () => /commands are refused/.test((await store()).detail ?? ''));
  t.match(await store(), { status: 'degraded' });
  const { text } = await ask('GET /metrics');
  t.match(text, /^jifen_disk_free_min_bytes 268435456$/m);

  free[0] = 0;
  await until(
    'there is room',
    async () => (await ask('POST /v1/transfers', earn('D'))).status < 300,
  );
  t.match(await ask('POST /v1/transfers', earn('B')), { status: 201 }, 'its id was not used');
  await until('what was due', async () => {
    const { body } = await ask('GET /v1/accounts/ann/holds/H');
    return body.remaining === 0;
  });
});

t.test('transfers between shards that had begun end, and none begins', async (t) => {
  const diskOffset = new SharedArrayBuffer(8);
  const free = new Float64Array(diskOffset);
  const folder = join(temporaryFolder(t), 'data');
  const engine = await open({ folder, shards: 4, cacheMb: 64, diskOffset });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const users = Array.from({ length: 40 }, (_, n) => `user-${n}`);
  const legs = users.map((to) => ({ from: '@issue', to, asset: 'gold', amount: 1_000 }));
  for (const leg of legs) await engine.submit({ type: 'transfer', legs: [leg] });
  const move = (n: number): Command => ({
    type: 'transfer',
    id: `M${n}`,
    legs: [
      {
        from: users[n % 40] as string,
        to: users[(n * 7 + 1) % 40] as string,
        asset: 'gold',
        amount: 1,
      },
    ],
  });
  const before = engine.submitBatch(Array.from({ length: 4_000 }, (_, n) => move(n)));
  free[0] = TERABYTES;
  const isShort = async () => {
    const outcome = await engine.submit(move(9_999));
    return !outcome.ok && outcome.code === 'DISK_FULL';
  };
  await until('it is noticed', isShort);
  const codes = new Set((await before).map((outcome) => (outcome.ok ? 'ok' : outcome.code)));
  for (const code of codes)
    t.ok(['ok', 'DISK_FULL', 'PREPARED', 'SAME_ACCOUNT'].includes(code), code);
  free[0] = 0;
  await until('all are decided', async () => {
    const { shards } = await engine.stats();
    return shards.every(({ openTransfers }) => openTransfers === 0);
  });
  const balances = await Promise.all(users.map((user) => engine.balance(user, 'gold')));
  const sum = balances.flat().reduce((all, one) => all + ('total' in one ? one.total : 0), 0);
  t.equal(sum, 40_000);
  free[0] = TERABYTES;
  await until('it is noticed', isShort);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, [], 'stopped without room for a checkpoint');
  const again = await open({ folder, cacheMb: 64, diskOffset });
  t.match(await again.submit(move(1)), { code: 'DISK_FULL' }, 'from the first command on');
  free[0] = 0;
  await until('there is room', async () => (await again.submit(move(10_001))).ok);
  await again.close();
  const unlooked = await open({ folder, cacheMb: 64, diskOffset, diskFreeBytesMin: 0 });
  free[0] = TERABYTES;
  t.match(await unlooked.submit(move(10_002)), { ok: true });
  await unlooked.close();
  await t.rejects(open({ folder, diskFreeBytesMin: -1 }), /diskFreeBytesMin/);
  await t.rejects(open({ folder, diskFreeBytesMin: Number.NaN }), RangeError);
});
