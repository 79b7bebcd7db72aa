// Nodes and servers that go away and come back: who asks is told so in time, and what was begun is finished.

import t from 'tap';
import type { Command, Engine } from '../../engine/index.js';
import { gateway } from '../gateway/harness.js';
import { available, leg, move, ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { Cluster } from './harness.js';

const GOLD = { type: 'define-asset', asset: 'gold', scale: 0 } as const;

/** Repeats what is not known until it is. */
async function settled(engine: Engine, commands: readonly Command[]): Promise<string[]> {
  const codes: string[] = new Array(commands.length).fill('SHARD_UNAVAILABLE');
  for (let tries = 0; tries < 60; tries++) {
    const open = codes.flatMap((code, i) =>
      code === 'SHARD_UNAVAILABLE' || code === 'PREPARED' ? [i] : [],
    );
    if (open.length === 0) return codes;
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    const outcomes = await engine.submitBatch(
      open.map((i) => commands[i] as Command),
      { timeoutMs: 2_000 },
    );
    outcomes.forEach((outcome, i) => {
      codes[open[i] as number] = outcome.ok ? 'ok' : outcome.code;
    });
  }
  return codes;
}

t.test('a node that is down, over HTTP', async (t) => {
  const cluster = await Cluster.make(t);
  let b = await cluster.node('b');
  const { server, ask } = await gateway(t, {
    engine: { ...cluster.options('a'), shards: undefined },
  });
  const a = server.engine;
  await ask('PUT /v1/assets/gold', { scale: 0 });
  const [[ann = ''] = [], [bob = ''] = []] = ownersOf(a);
  const earn = (id: string, to: string) => ({
    id,
    legs: [{ from: '@issue', to, asset: 'gold', amount: 10 }],
  });
  t.equal((await ask('POST /v1/transfers', earn('e1', bob))).status, 201);
  t.equal((await ask('POST /v1/transfers', earn('e1', ann))).status, 201);
  await cluster.stop('b');
  const took: number[] = [];
  for (let n = 0; n < 3; n++) {
    const begun = performance.now();
    const down = await ask('POST /v1/transfers', earn('e2', bob));
    t.match(down, { status: 503, body: { code: 'SHARD_UNAVAILABLE', id: 'e2', retry: true } });
    t.ok(Number(down.headers.get('retry-after')) > 0);
    took.push(performance.now() - begun);
  }
  // On a busy machine one of them may take longer.
  t.ok(Math.min(...took) < 2_000, `nobody waits for a node that is down: ${took}`);
  for (const path of [bob, `${bob}/entries?asset=gold`, `${bob}/transfers/e1`, '%40issue'])
    t.match(await ask(`GET /v1/accounts/${path}`), {
      status: 503,
      body: { code: 'SHARD_UNAVAILABLE' },
    });
  const batch = await ask('POST /v1/transfers', [earn('e3', ann), earn('e4', bob)]);
  t.match(batch, { status: 200, body: [{ status: 201 }, { code: 'SHARD_UNAVAILABLE', id: 'e4' }] });
  const gift = { id: 'g', legs: [{ from: ann, to: bob, asset: 'gold', amount: 5 }] };
  t.match(await ask('POST /v1/transfers?timeoutMs=100', gift), {
    status: 202,
    body: { state: 'prepared' },
  });
  t.equal((await ask('GET /readyz')).status, 200, 'its own shards are served');
  t.match(await ask('GET /health'), {
    status: 200,
    body: {
      status: 'degraded',
      components: {
        nodes: { status: 'degraded', detail: /cannot be reached/ },
        bus: { status: 'ok' },
      },
    },
  });
  t.ok((await ask('PUT /v1/assets/tin', { scale: 0 })).status === 200, 'assets may be defined');
  b = await cluster.node('b');
  t.same(b.assets(), a.assets(), 'and are heard of');
  await new Promise((next) => setTimeout(next, 1_100));
  t.match((await ask('GET /health')).body.components.nodes, { status: 'ok' });
  // 200: it was finished before it was asked for.
  const finished = await ask('POST /v1/transfers?timeoutMs=10000', gift);
  t.ok(finished.status === 201 || finished.status === 200);
  t.equal(await available(b, bob), 15, 'what was in flight is finished');
  t.equal((await ask('POST /v1/transfers', earn('e2', bob))).status, 201);
  await cluster.verify(t, ['b']);
});

t.test('NATS is restarted under load', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit(GOLD);
  const random = new Random(5);
  const names = ownersOf(a, 3).flat();
  const funds = names.map((name) => move(`e-${name}`, leg('@issue', name, 1_000)));
  t.ok((await a.submitBatch(funds)).every(({ ok }) => ok));
  const load = (engine: Engine, label: string) =>
    Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const commands = Array.from({ length: 40 }, (_, i) => {
          const from = random.pick(names);
          const to = random.pick(names.filter((name) => name !== from));
          return move(`${label}-${n}-${i}`, leg(from, to, 1 + random.int(9)));
        });
        await new Promise((resolve) => setTimeout(resolve, n * 100));
        return settled(engine, commands);
      }),
    );
  const loads = Promise.all([load(a, 'a'), load(b, 'b')]);
  for (const pauseMs of [150, 250]) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await cluster.nats.restart();
  }
  const codes = (await loads).flat(2);
  t.same(
    codes.filter((code) => !['ok', 'POINTS_SHORT', 'PREPARE_LATE'].includes(code)),
    [],
  );
  let sum = 0;
  for (const name of names) sum += await available(a, name);
  t.equal(sum, 1_000 * names.length);
  const without = await cluster.nats
    .kill()
    .then(() =>
      a.submit(move('x', leg('@issue', names.find((name) => a.shardOf(name) === 0) ?? '', 1))),
    );
  t.ok(without.ok, 'without NATS a node serves its own shards');
  t.ok(a.readiness().ready);
  await cluster.verify(t);
});

t.test('a transfer that was begun on one node is asked for on another', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit(GOLD);
  const [[ann = ''] = [], [bob = ''] = []] = ownersOf(a);
  await b.submit(move('e', leg('@issue', ann, 100)));
  await cluster.stop('b');
  t.match(await a.submit(move('g', leg(ann, bob, 7)), { timeoutMs: 50 }), { code: 'PREPARED' });
  const again = await cluster.node('b');
  const found = await again.submit(move('g', leg(ann, bob, 7)), { timeoutMs: 10_000 });
  t.match(found, { ok: true, id: 'g' });
  t.equal(await available(a, bob), 7);
  await cluster.verify(t);
});
