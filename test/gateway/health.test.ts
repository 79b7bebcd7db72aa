// How each component is: what makes a warning, what is degraded, what is down. Real ledgers, with limits that they are beyond.

import t from 'tap';
import { type OpenOptions, open } from '../../engine/index.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import { until } from '../until.js';
import { type Answered, gateway } from './harness.js';

const legs = [{ from: '@issue', to: 'alice', asset: 'gold', amount: 1 }];

async function health(
  t: Parameters<typeof gateway>[0],
  limits: Partial<GatewayLimits>,
  openEngine = open,
): Promise<Answered> {
  const { ask } = await gateway(t, { limits, openEngine, assets: ['gold'] });
  await ask('POST /v1/transfers', { legs });
  return ask('GET /health');
}

t.test('all is well', async (t) => {
  const { status, body, headers } = await health(t, {});
  t.equal(status, 200);
  t.match(headers.get('content-type'), /json/);
  const names = ['store', 'shards', 'checkpoints', 'clearing', 'feeds', 'transfers', 'clock'];
  t.same(
    Object.keys(body.components).sort(),
    names.toSorted(),
    'no others where there is one node',
  );
  for (const name of names) t.same(body.components[name], { status: 'ok' }, name);
  t.same({ ...body, components: undefined }, { status: 'ok', components: undefined });
});

t.test('the worst counts', async (t) => {
  const quiet = await health(t, { healthQuietMs: -1 });
  t.match(quiet, { status: 200, body: { status: 'warning', detail: /No points have moved/ } });
  t.match(quiet.body.components, { transfers: { status: 'warning' }, store: { status: 'ok' } });
  const full = await health(t, { healthQuietMs: -1, healthDiskBytesMin: 2 ** 53 });
  t.match(full, { status: 200, body: { status: 'degraded', detail: /MiB of disk are free/ } });
  t.match(full.body.components, {
    transfers: { status: 'warning' },
    store: { status: 'degraded' },
  });
  const waiting = await health(t, { healthOpenMax: -1 });
  t.match(waiting.body.components.clearing, { status: 'degraded', detail: /^0 commands/ });
  // A ledger that never says its figures.
  const openEngine = async (options: OpenOptions) =>
    Object.assign(await open(options), { stats: () => new Promise(() => {}) });
  const late = await health(t, { healthAnswerMs: 0 }, openEngine);
  t.match(late, { status: 200, body: { components: { shards: { status: 'degraded' } } } });
});

t.test('a clock that has jumped is down, and says nothing of the place', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const { ask, server, folder } = await gateway(t, {
    engine: { folder: '', clockOffset },
    assets: ['gold'],
  });
  new Float64Array(clockOffset)[0] = 3_600_000;
  t.match(await ask('POST /v1/transfers', { legs }), { body: { code: 'CLOCK_JUMP' } });
  const found = await fetch(`${server.address}/health`);
  t.equal(found.status, 503);
  const text = await found.text();
  t.match(JSON.parse(text), { status: 'down', components: { clock: { status: 'down' } } });
  t.notOk(text.includes(folder) || text.includes('127.0.0.1'));
  t.equal((await fetch(`${server.address}/healthz`)).status, 200, 'it is alive');
  t.equal((await fetch(`${server.address}/readyz`)).status, 503);
  await ask('POST /v1/admin/accept-clock');
  t.equal((await fetch(`${server.address}/health`)).status, 200);
});

t.test('a clock that was set back is told, with how far', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const { ask, server } = await gateway(t, { engine });
  await ask('PUT /v1/assets/gold', { scale: 0 });
  await ask('POST /v1/transfers', { legs });
  const clock = async () =>
    ((await (await fetch(`${server.address}/health`)).json()) as any).components.clock;
  t.same(await clock(), { status: 'ok' });
  new Float64Array(clockOffset)[0] = -600_000;
  const hold = { owner: 'alice', asset: 'gold', amount: 1, deadline: Date.now() + 50 };
  t.match(await ask('POST /v1/holds', { id: 'H', ...hold }), { status: 201 }, 'commands go on');
  await new Promise((next) => setTimeout(next, 1_100));
  t.match(await ask('GET /v1/accounts/alice/holds/H'), { body: { remaining: 1 } }, 'it stands');
  const behind = await clock();
  t.match(behind, { status: 'warning', detail: /^shard 0: the clock is \d+ ms behind the last/ });
  const ms = Number(/(\d+) ms/.exec(behind.detail)?.[1]);
  t.ok(ms > 590_000 && ms <= 600_000, `${ms}`);
  const figure = /^jifen_shard_clock_behind_seconds\{shard="0"\} (\S+)$/m;
  t.ok(Number(figure.exec((await ask('GET /metrics')).text)?.[1]) > 590);
  new Float64Array(clockOffset)[0] = 0;
  await until('it is over', async () => (await clock()).status === 'ok');
  t.match(await ask('GET /v1/accounts/alice/holds/H'), { body: { remaining: 0 } });
});

t.test('what accepting the clock answers is how it is then', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const { ask, server } = await gateway(t, {
    engine: { folder: '', shards: 4, clockOffset },
    assets: ['gold'],
  });
  for (let jump = 1; jump <= 15; jump++) {
    new Float64Array(clockOffset)[0] = jump * 3_600_000;
    await until('not ready', async () => {
      await ask('POST /v1/transfers', { legs });
      return (await fetch(`${server.address}/readyz`)).status === 503;
    });
    t.match(await ask('POST /v1/admin/accept-clock'), { status: 200, body: { ready: true } });
    t.equal((await fetch(`${server.address}/readyz`)).status, 200);
  }
});
