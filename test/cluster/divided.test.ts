// A folder's shards are divided between two nodes: each has a copy of its part, and nobody takes them for others.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { backupFolder, open, readCluster } from '../../engine/index.js';
import { available, leg, move, ownersOf } from '../movements.js';
import { Cluster } from './harness.js';

const BOTH = readCluster(
  JSON.stringify({ shards: 4, nodes: { a: { shards: '0-1' }, b: { shards: '2-3' } } }),
);
const THREE = readCluster(
  JSON.stringify({
    shards: 4,
    nodes: { a: { shards: '0-1' }, b: { shards: '3' }, c: { shards: '2' } },
  }),
);

t.test('one folder becomes two nodes, one of them two again', async (t) => {
  const cluster = await Cluster.make(t, '', BOTH);
  const whole = cluster.folder('whole');
  const alone = await open({ folder: whole, shards: 4, cacheMb: 64 });
  await alone.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const names = ownersOf(alone).flat();
  for (const name of names) t.ok((await alone.submit(move('e', leg('@issue', name, 10)))).ok);
  await t.rejects(backupFolder(whole, cluster.folder('a'), [0]), /in use/, 'while it is served');
  await alone.close();

  await t.rejects(backupFolder(whole, cluster.folder('a'), [1, 4]), /shard 4 is not in this/);
  t.match(await backupFolder(whole, cluster.folder('a'), [0, 1]), { shards: [0, 1] });
  t.match(await backupFolder(whole, cluster.folder('b'), [2, 3]), { shards: [2, 3] });
  const giveRound = async (t: Test, id: string) => {
    const [engine] = cluster.engines.values();
    for (const [i, from] of names.entries()) {
      const to = names[(i + 1) % names.length] as string;
      const moved = await engine?.submit(move(id, leg(from, to, 1)), { timeoutMs: 10_000 });
      t.match(moved, { ok: true });
    }
    for (const node of cluster.engines.values()) {
      t.same(node.faults(), []);
      for (const name of names) t.equal(await available(node, name), 10);
    }
  };
  await cluster.node('a');
  await cluster.node('b');
  await giveRound(t, 'first');
  await cluster.stop('b');

  // Node a has seen all of both shards, so it would notice less of them, or others.
  const before = cluster.folder('b-before');
  await backupFolder(cluster.folder('b'), before);
  await backupFolder(before, cluster.folder('c'), [2]);
  await backupFolder(before, cluster.folder('b-after'), [3]);
  await cluster.close();
  const options = (node: string, folder: string) => ({
    ...cluster.options(node),
    folder: cluster.folder(folder),
    cluster: { nats: cluster.nats.url, node, description: THREE },
  });
  await t.rejects(open(options('b', 'b')), /here: \[2,3\], fixed when the folder was made; \[3\]/);
  for (const [node, folder] of [
    ['a', 'a'],
    ['b', 'b-after'],
    ['c', 'c'],
  ] as const)
    cluster.engines.set(node, await open(options(node, folder)));
  await giveRound(t, 'second');
  await cluster.verify(t, ['a', 'b-after', 'c']);
});

t.test('the description of a part is checked like any other', async (t) => {
  const cluster = await Cluster.make(t, '', BOTH);
  const whole = cluster.folder('whole');
  await (await open({ folder: whole, shards: 4, cacheMb: 64 })).close();
  await backupFolder(whole, cluster.folder('a'), [0, 1]);
  const file = join(cluster.folder('a'), 'folder.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"here":[0,1]', '"here":[0,2]'));
  await t.rejects(open({ folder: cluster.folder('a') }), /crc: does not match/);
});
