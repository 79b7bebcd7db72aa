// Balances on shards of other nodes as they change: each version exactly once, in order, whatever happens on the way.

import { connect } from 'nats';
import t from 'tap';
import { Splitter } from '../../engine/bus/fragments.js';
import { pack, unpackChanged } from '../../engine/cluster/wire.js';
import type { BalanceEvent, Command, Engine } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { leg, move, ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { Watcher } from '../streams/watcher.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const cases = campaign({ name: 'balances on other nodes', long: 20, sample: 1 });
t.test('watched from the other node, over restarts of it and of the way between', async (t) => {
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const cluster = await Cluster.make(t);
    let [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
    await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
    const names = ownersOf(a, 3).flat();
    // Owners of both nodes, all watched from the first.
    const watchers = [...names, ...names].map((name) => new Watcher(name));
    for (const watcher of watchers.slice(0, names.length)) watcher.begin(a);
    let number = 0;
    const work = async (engine: Engine, batches: number) => {
      for (let batch = 0; batch < batches; batch++) {
        const commands = Array.from({ length: 20 }, (): Command => {
          const [from, to] = random.shuffle(names.slice()) as [string, string];
          const id = `c${number++}`;
          return random.chance(0.5) ? move(id, leg('@issue', to, 9)) : move(id, leg(from, to, 1));
        });
        await engine.submitBatch(commands, { timeoutMs: 20_000 });
      }
    };
    await work(a, 5);
    for (const watcher of watchers.slice(names.length)) watcher.begin(a);
    await work(b, 5);
    await cluster.nats.kill();
    // On its own shards each node goes on; nobody is told of them.
    const own = ownersOf(b, 3)[1] as string[];
    await b.submitBatch(own.map((name) => move(`alone-${name}`, leg('@issue', name, 1))));
    await cluster.nats.restart();
    await until('the nodes to meet again', () => b.readiness().ready);
    await work(a, 5);
    await cluster.stop('b');
    b = await cluster.node('b');
    await work(b, 5);
    await work(a, 1);
    for (const watcher of watchers) await watcher.isCurrent(b);
    for (const watcher of watchers) t.same(await watcher.check(a), [], `seed ${seed}`);
    for (const watcher of watchers) watcher.end();
    await cluster.close();
  });
});

t.test(
  'what is refused there is refused here, and a node that is away is waited for',
  async (t) => {
    const cluster = await Cluster.make(t);
    const [a] = await Promise.all([cluster.node('a'), cluster.node('b')]);
    await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
    const [far] = ownersOf(a)[1] as [string];
    const ended = new Promise<BalanceEvent>((resolve) => {
      a.watchBalances(far, resolve, { versions: { gold: 7 } });
    });
    t.match(await ended, { type: 'ended', refusal: { code: 'POSITION_AHEAD' } });
    await cluster.stop('b');
    const told: BalanceEvent[] = [];
    a.watchBalances(far, (event) => void told.push(event));
    const b = await cluster.node('b');
    await until('the balances', () => told.length > 0);
    t.match(told, [{ type: 'balances', balances: [] }]);
    await b.submit(move('1', leg('@issue', far, 5)));
    await until('the change', () => told.length > 1);
    t.match(told[1], { type: 'entries', entries: [{ id: '1', version: 1, available: 5 }] });
  },
);

t.test('what no node asks or tells changes nothing', async (t) => {
  const cluster = await Cluster.make(t);
  const [a] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [[near], [far]] = ownersOf(a) as [[string], [string]];
  const nats = await connect({ servers: new URL(cluster.nats.url).host });
  t.teardown(() => nats.close());
  let told = 0;
  nats.subscribe('jifen.node.*.5.changed', { callback: () => told++ });
  const good = { node: 'b', session: 5, owners: [near] };
  const asked: readonly unknown[] = [
    { ...good, node: 'c' },
    { ...good, node: 'a.>' },
    { ...good, node: 7 },
    { ...good, session: 'x' },
    { ...good, session: 1.5 },
    { ...good, owners: far },
    { ...good, owners: [far] },
    { ...good, owners: ['@issue'] },
    { ...good, owners: [null] },
    { ...good, owners: new Array(1_001).fill(near) },
    {},
  ];
  // Not framed as messages between nodes are, and then as they are.
  const splitter = new Splitter();
  for (const one of asked)
    for (const part of [pack(['watch', one]), ...splitter.split(pack(['watch', one]), 60_000)])
      nats.publish('jifen.reads.0', part, { reply: 'jifen.node.b.5.1' });
  await nats.flush();
  const earned = await a.submit(move('1', leg('@issue', near, 5)));
  t.ok(earned.ok);
  // A read behind all of them is answered.
  const page = await a.entries({ owner: near, asset: 'gold' });
  t.ok(page.ok && page.entries.length === 1);
  t.equal(told, 0);

  const entry = page.ok ? page.entries[0] : undefined;
  t.ok(unpackChanged(pack([0, [entry]])));
  const wrong: readonly unknown[] = [
    null,
    [0],
    [-1, [entry]],
    [0, entry],
    [0, [null]],
    [0, [{ ...entry, owner: 5 }]],
    [0, [{ ...entry, version: 0 }]],
    [0, [{ ...entry, available: '5' }]],
    [0, [entry, { ...entry, owner: far }]],
  ];
  for (const one of wrong) t.equal(unpackChanged(pack(one)), undefined);
});
