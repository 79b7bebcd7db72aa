// A node that comes back with an older copy of its folder: refused until an operator says how to go on (Q4).

import { cpSync, rmSync } from 'node:fs';
import t from 'tap';
import { open } from '../../engine/index.js';
import { available, leg, move, ownersOf } from '../movements.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

t.test('an older copy', async (t) => {
  const cluster = await Cluster.make(t);
  let [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [[ann = ''] = [], [bob = ''] = [], [cat = ''] = [], [dan = ''] = []] = ownersOf(a);
  for (const name of [ann, bob, cat, dan]) await a.submit(move('e', leg('@issue', name, 100)));
  for (const to of [bob, dan]) await a.submit(move(`first-${to}`, leg(ann, to, 1)));
  await cluster.stop('b');
  const [now, then] = [cluster.folder('b'), cluster.folder('copy')];
  cpSync(now, then, { recursive: true });
  b = await cluster.node('b');
  t.ok(b.readiness().ready, 'the same folder is the same shard');
  for (const to of [bob, dan])
    t.ok((await a.submit(move(`second-${to}`, leg(ann, to, 1)), { timeoutMs: 10_000 })).ok);
  await cluster.stop('b');
  rmSync(now, { recursive: true });
  cpSync(then, now, { recursive: true });

  b = await cluster.node('b');
  t.match(b.readiness().reasons.toSorted(), [
    /^shard 1: rolled back behind what was seen by shard \d \(block \d+\)/,
    /^shard 3: rolled back/,
  ]);
  for (const engine of [a, b]) {
    t.match(await engine.submit(move('x', leg('@issue', bob, 1))), { code: 'SHARD_ROLLED_BACK' });
    t.match(await engine.balance(dan), { code: 'SHARD_ROLLED_BACK', status: 503 });
    t.ok((await engine.submit(move('y', leg('@issue', cat, 1)))).ok, 'others go on');
  }
  t.match(await a.submit(move('third', leg(ann, bob, 1)), { timeoutMs: 300 }), {
    code: 'PREPARED',
  });

  await cluster.stop('a');
  const { cluster: given, ...options } = cluster.options('a');
  if (given === undefined) throw new Error('no cluster');
  a = await open({ ...options, cluster: { ...given, acceptRolledBack: [1, 3] } });
  cluster.engines.set('a', a);
  await until('b is ready', () => b.readiness().ready);
  t.ok((await b.submit(move('x', leg('@issue', bob, 1)))).ok);
  const third = await a.submit(move('third', leg(ann, bob, 1)), { timeoutMs: 10_000 });
  t.ok(third.ok || third.code === 'PREPARE_LATE', 'what was open is decided');
  t.ok((await a.submit(move('fourth', leg(ann, dan, 1)), { timeoutMs: 10_000 })).ok);
  t.equal(await available(b, ann), 94 + (third.ok ? 0 : 1));
  await cluster.verify(t);
});
