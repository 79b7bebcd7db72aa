// Who serves a shard: one node at a time.

import { join } from 'node:path';
import { connect } from 'nats';
import t from 'tap';
import { Splitter } from '../../engine/bus/fragments.js';
import { pack } from '../../engine/cluster/wire.js';
import { type OpenOptions, open, readCluster } from '../../engine/index.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const ONE = readCluster(JSON.stringify({ shards: 2, nodes: { a: { shards: '0-1' } } }));

/** The same node on a folder of its own. */
const twin = (cluster: Cluster, name: string): OpenOptions => ({
  ...cluster.options('a'),
  folder: join(cluster.path, name),
});

t.test('a second one is refused while the first lives', async (t) => {
  const cluster = await Cluster.make(t, '', ONE);
  await cluster.node('a');
  await t.rejects(open(twin(cluster, 'twin')), {
    message: new RegExp(`^shard 0 is served by node a \\(host .+, process ${process.pid}\\)$`),
  });
  await t.rejects(open(twin(cluster, 'a')), /in use by this process/, 'the lock comes first');
  await cluster.stop('a');
  const second = await open(twin(cluster, 'twin'));
  await second.close();
});

t.test('of several at once exactly one', async (t) => {
  const cluster = await Cluster.make(t, '', ONE);
  for (let round = 0; round < 3; round++) {
    const names = ['x', 'y', 'z'].map((name) => `${name}${round}`);
    const all = await Promise.allSettled(names.map((name) => open(twin(cluster, name))));
    const opened = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    t.equal(opened.length, 1);
    for (const one of all)
      if (one.status === 'rejected') t.match(one.reason.message, /shard 0 is served by node a/);
    for (const engine of opened) await engine.close();
  }
});

t.test('nodes that are set up differently do not work together', async (t) => {
  const cluster = await Cluster.make(t);
  await cluster.node('a');
  const ranges = { a: { shards: '0,2' }, b: { shards: '1' }, c: { shards: '3' } };
  const description = readCluster(JSON.stringify({ shards: 4, nodes: ranges }));
  const { cluster: given, ...options } = cluster.options('b');
  await t.rejects(
    open({ ...options, cluster: { nats: cluster.nats.url, node: 'b', description } }),
    /node a is set up differently: its nodes is a 0,2; b 1,3, here it is a 0,2; b 1; c 3/,
  );
  t.ok(given);
  const other = readCluster(JSON.stringify({ shards: 4, nodes: { b: { shards: '0-3' } } }));
  const folder = cluster.folder('a');
  await cluster.stop('a');
  await t.rejects(
    open({ folder, cluster: { nats: cluster.nats.url, node: 'b', description: other } }),
    /here: \[0,2\], fixed when the folder was made; \[0,1,2,3\] was asked for/,
  );
  await t.rejects(open({ folder }), /only shards 0,2 of 4 are here/);
});

t.test('without NATS a start waits, and says why', async (t) => {
  const cluster = await Cluster.make(t, '', ONE);
  await cluster.nats.kill();
  const told: string[] = [];
  const options = cluster.options('a');
  const given = options.cluster;
  if (given === undefined) throw new Error('no cluster');
  const onWaiting = (why: string): void => {
    told.push(why);
  };
  const ending = new AbortController();
  const given1 = { ...given, onWaiting, signal: ending.signal };
  const abandoned = open({ ...options, cluster: given1 });
  setTimeout(() => ending.abort(new Error('enough')), 600);
  await t.rejects(abandoned, { message: 'enough' });
  t.match(told, [/^waiting for NATS: /]);
  const opening = open({ ...options, cluster: { ...given, onWaiting } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await cluster.nats.restart();
  const engine = await opening;
  t.ok(engine.readiness().ready);
  await engine.close();
});

t.test('a user whom NATS does not let in, or not everywhere', async (t) => {
  const users = `authorization { users: [
    { user: "a", password: "one", permissions: { publish: ">", subscribe: "jifen.node.>" } } ] }`;
  const cluster = await Cluster.make(t, users, ONE);
  const { host } = new URL(cluster.nats.url);
  const { cluster: given, ...options } = cluster.options('a');
  if (given === undefined) throw new Error('no cluster');
  const as = (nats: string) => open({ ...options, cluster: { ...given, nats } });
  await t.rejects(as(`nats://a:two@${host}`), /NATS does not let this user in/);
  await t.rejects(
    as(`nats://a:one@${host}`),
    /^NATS refuses this user: connection "jifen a" does not hear jifen\.claim: NATS refuses the subscription \(permissions of /,
  );
});

t.test('a node of another release is told of while it speaks', async (t) => {
  const cluster = await Cluster.make(t, '', ONE);
  const { cluster: given, ...options } = cluster.options('a');
  if (given === undefined) throw new Error('no cluster');
  const a = await open({ ...options, cluster: { ...given, claimMs: 400 } });
  cluster.engines.set('a', a);
  const nats = await connect({ servers: new URL(cluster.nats.url).host });
  const [part = new Uint8Array()] = new Splitter().split(new Uint8Array(9), 1_024);
  const version = part[2] ?? 0;
  part[2] = version + 1;
  nats.publish('jifen.claim', part);
  await nats.flush();
  await nats.close();
  await until('it is told', () => !a.readiness().ready);
  t.same(a.readiness().reasons, [
    `a node is of another release: its wire version is ${version + 1}, here it is ${version}`,
  ]);
  await until('it is over', () => a.readiness().ready);
});

t.test('claims that are made up', async (t) => {
  const cluster = await Cluster.make(t, '', ONE);
  const { cluster: given, ...options } = cluster.options('a');
  if (given === undefined) throw new Error('no cluster');
  const a = await open({ ...options, cluster: { ...given, claimMs: 200 } });
  cluster.engines.set('a', a);
  const nats = await connect({ servers: new URL(cluster.nats.url).host });
  const splitter = new Splitter();
  const claim = (node: string, token: string, shards: readonly number[], host = 'h') => {
    const said = pack([node, token, host, 1, shards, true, Date.now(), [], []]);
    for (const part of splitter.split(said, 60_000))
      nats.publish('jifen.claim', part, { reply: 'jifen.node.x.1.1' });
  };
  for (let n = 0; n < 2_000; n++) claim(`n${n}`, `${n}`.padStart(16, '0'), [7]);
  claim('a'.repeat(33), 'f'.repeat(16), [0]);
  claim('a', 'f'.repeat(17), [0]);
  claim('a', 'f'.repeat(16), [0], 'h'.repeat(256));
  claim('a', 'f'.repeat(16), [-1]);
  await nats.flush();
  await new Promise((next) => setTimeout(next, 400));
  t.same(a.readiness(), { ready: true, reasons: [] }, 'of no shard here, or malformed');
  t.ok(((await a.stats()).node?.clocksAheadMs.size ?? 9) === 0, 'no node of the cluster');
  t.ok(a.faults().length <= 1_000);
  await nats.close();
});
