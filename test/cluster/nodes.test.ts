// Two nodes over a real nats-server: every node serves every owner, whichever node has it.

import t from 'tap';
import type { Command } from '../../engine/index.js';
import { available, leg, move, ownersOf, said } from '../movements.js';
import { Random } from '../random.js';
import { Cluster } from './harness.js';

t.test('every node serves every owner', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  t.same([a.shards, a.shardsHere, b.shardsHere], [4, [0, 2], [1, 3]]);
  const gold = { type: 'define-asset', asset: 'gold', scale: 0 } as const;
  t.ok((await b.submit(gold)).ok, 'an asset through the node that has not the first shard');
  const tin = { type: 'define-asset', asset: 'tin', scale: 2, lotTracked: false } as const;
  t.ok((await a.submit(tin)).ok, 'and through the one that has');
  t.same(a.assets(), b.assets());
  const names = ownersOf(a).flat();
  for (const [i, name] of names.entries()) {
    const through = i % 2 === 0 ? b : a;
    const earned = await through.submit(move(`earn-${name}`, leg('@issue', name, 100)));
    t.equal(said(earned), `${name} 100 100`);
  }
  for (const from of names)
    for (const to of names) {
      if (from === to) continue;
      const moved = await a.submit(move(`${from}-${to}`, leg(from, to, 1)), { timeoutMs: 10_000 });
      t.ok(moved.ok, `${from} to ${to}: ${moved.ok ? '' : moved.code}`);
      const again = await b.submit(move(`${from}-${to}`, leg(from, to, 1)));
      t.ok(again.ok && again.replayed);
      t.equal(said(again), said(moved));
    }
  const [ann = '', bob = ''] = names;
  for (const engine of [a, b]) {
    const more = engine === a ? 0 : 2;
    for (const name of names) t.equal(await available(engine, name), 100);
    t.equal(await available(engine, '@issue'), -400, 'stripes of all shards');
    t.match(await engine.submit(move('much', leg(bob, ann, 101))), { code: 'POINTS_SHORT' });
    t.match(await engine.submit(move(`${ann}-${bob}`, leg(ann, bob, 2))), { code: 'ID_REUSED' });
    for (const name of names) {
      const page = await engine.entries({ owner: name, asset: 'gold', limit: 3 });
      // What came in, three payments with a reserve each, three that were got; on a busy machine reserves that were given back, too.
      const version = (page.ok && page.entries[0]?.version) || 0;
      const again = version - 10 - (name === ann ? more : 0);
      t.ok(page.ok && page.entries.length === 3 && again >= 0 && again % 2 === 0, `${again} more`);
      const next = await engine.entries({
        owner: name,
        asset: 'gold',
        limit: 100,
        cursor: page.ok ? page.cursor : undefined,
      });
      t.ok(
        next.ok &&
          next.entries.length === version - 3 &&
          next.entries.at(-1)?.id === `earn-${name}`,
      );
      t.match(await engine.transfer(name, `earn-${name}`), { outcome: { ok: true } });
      t.equal(await engine.transfer(name, 'none'), undefined);
      t.match(await engine.balanceAt(name, 'gold', Date.now()), { available: 100, version });
    }
    t.match(await engine.entries({ owner: bob, asset: 'gold', limit: 0 }), {
      code: 'QUERY_INVALID',
    });
    t.match(await engine.balanceAt('@issue', 'gold', Date.now()), { available: -400 });
    t.match(await engine.entries({ owner: '@issue', asset: 'gold', shard: 3 }), { ok: true });
    const key = `key-${engine.shardsHere[0]}`;
    const value = new Uint8Array([1, 2, 3]);
    const put = {
      type: 'put-record',
      id: key,
      owner: bob,
      recordType: 'order',
      key,
      value,
    } as const;
    t.match(await engine.submit(put), { ok: true });
    t.match(await engine.record(bob, 'order', key), { value });
    const hold = { type: 'hold', id: key, owner: ann, asset: 'gold', amount: 5 } as const;
    t.ok((await engine.submit(hold)).ok);
    t.match(await engine.hold(ann, key), { remaining: 5 });
    await engine.submit({ type: 'release', id: `r-${key}`, owner: ann, holdId: key });
    t.equal(await engine.hold(ann, key), undefined);
  }
  t.throws(() => a.subscribe(1, 1, () => {}), {
    name: 'RangeError',
    message: 'shard 1 is served by node b: subscribe there',
  });
  const stats = await a.stats();
  t.match(stats.node, { connected: 1 });
  t.same(
    stats.shards.map(({ shard, bus }) => [shard, bus.connected, bus.dropped]),
    [
      [0, 1, 0],
      [2, 1, 0],
    ],
  );
  await cluster.verify(t);
});

t.test('batches of everything through both nodes, and a restart of each', async (t) => {
  const cluster = await Cluster.make(t, 'max_payload: 65536');
  let [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const random = new Random(11);
  const names = ownersOf(a, 4).flat();
  const memo = 'm'.repeat(200);
  await a.submitBatch(names.map((name) => move(`e-${name}`, leg('@issue', name, 1_000))));
  const sent: Command[] = [];
  for (let round = 0; round < 3; round++) {
    const commands = Array.from({ length: 1_000 }, (_, i): Command => {
      const from = random.pick(names);
      const to = random.pick(names.filter((name) => name !== from));
      const id = `${round}-${i}`;
      return { type: 'transfer', id, memo, legs: [leg(from, to, 1 + random.int(5))] };
    });
    sent.push(...commands);
    const half = commands.length / 2;
    const outcomes = await Promise.all([
      a.submitBatch(commands.slice(0, half), { timeoutMs: 20_000 }),
      b.submitBatch(commands.slice(half), { timeoutMs: 20_000 }),
    ]);
    for (const outcome of outcomes.flat())
      if (!outcome.ok && outcome.code !== 'POINTS_SHORT') t.fail(`${outcome.id}: ${outcome.code}`);
    await cluster.stop(round % 2 === 0 ? 'b' : 'a');
    if (round % 2 === 0) b = await cluster.node('b');
    else a = await cluster.node('a');
  }
  const again = await a.submitBatch(sent, { timeoutMs: 20_000 });
  t.ok(
    again.every((outcome) => outcome.replayed),
    'every id is known',
  );
  let sum = 0;
  for (const name of names) sum += await available(b, name);
  t.equal(sum, 1_000 * names.length);
  await cluster.verify(t);
});
